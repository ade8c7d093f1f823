# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pages of lists. Cursors are opaque to the client (server/utilities/pagination)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from .errors import InvalidParams

PAGE_SIZE = 200


def page(items: list[Any], params: dict[str, Any], method: str) -> tuple[list[Any], str | None]:
    """Return the page that ``params`` ask for, and the cursor of the next one if there is one.

    :raise InvalidParams: a cursor that this list never gave, or whose place the list no longer has
    """
    cursor = params.get("cursor")
    start = 0 if cursor is None else _start(cursor, method)
    if start and start >= len(items):
        raise InvalidParams("The list has become shorter; start again without a cursor")
    stop = start + PAGE_SIZE
    return items[start:stop], _cursor(method, stop) if stop < len(items) else None


def _cursor(method: str, start: int) -> str:
    return base64.urlsafe_b64encode(f"{method}:{start}".encode()).decode()


def _start(cursor: Any, method: str) -> int:
    """Return the place a cursor stands for; only the exact text of ``_cursor`` is one."""
    if isinstance(cursor, str):
        try:
            place = base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix(f"{method}:")
        except (binascii.Error, UnicodeError):
            place = ""
        if place.isdecimal() and place.isascii() and len(place) < 10:
            start = int(place)
            if start and start % PAGE_SIZE == 0 and cursor == _cursor(method, start):
                return start
    raise InvalidParams("Invalid cursor")
