# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What code that was written for assistants leaves as its result, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odoo import api
from odoo.models import BaseModel

from .columns import compact_json
from .render import escaped
from .results import method_result, plain


def answer(env: api.Environment, result: Any, called: BaseModel | None = None, *, rows: int) -> str:
    """Return a result as ``method_result`` does, but a list of dictionaries as a table.

    :param rows: the most lines of a table
    """
    if not (isinstance(result, list | tuple) and result and all(isinstance(row, Mapping) for row in result)):
        return method_result(env, result, called)
    found = plain(env, list(result[:rows]), called)
    names = list(dict.fromkeys(name for row in found for name in row))
    lines = ["|".join(map(escaped, names)), *("|".join(_cell(row.get(name)) for name in names) for row in found)]
    if len(result) > rows:
        lines.append(f"… and {len(result) - rows:,} more rows. Ask for fewer.")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None or value is False:
        return ""
    return escaped(value if isinstance(value, str) else compact_json(value))
