# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Links to files hold their token in the path, and the server's log has a line with the path of each request."""

from __future__ import annotations

import logging
import re
from typing import Any

_TOKEN = re.compile(r"(mcpl_)[A-Za-z0-9_%-]+")


class WithoutTokens(logging.Filter):
    """Takes the tokens of links out of what is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _without(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_without, record.args))
        return True


def _without(value: Any) -> Any:
    return _TOKEN.sub(r"\1…", value) if isinstance(value, str) and "mcpl_" in value else value


logging.getLogger("werkzeug").addFilter(WithoutTokens())
