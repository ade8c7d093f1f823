# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Check results against the protocol's own types: lines of [method, version, result] on stdin; prints what is wrong."""

from __future__ import annotations

import json
import sys

from mcp_types.methods import validate_server_result

for line in sys.stdin:
    method, version, result = json.loads(line)
    try:
        validate_server_result(method, version, result)
    except (KeyError, ValueError) as error:  # pydantic's is a ValueError
        print(f"{method} {version}: {error}\n  {json.dumps(result)[:2000]}")
