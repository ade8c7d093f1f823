# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cursors: where the next page of a search begins.

A cursor is not secret and gives no right: the search behind it is checked again. It only refuses to be used with
another query, which would silently skip records.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from .errors import ToolError

_DIGEST_SIZE = 6


def digest(*query: Any) -> str:
    """Return a short digest of what makes a query: model, domain, order… in JSON values."""
    text = json.dumps(query, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).digest()[:_DIGEST_SIZE].hex()


def encode(offset: int, query_digest: str) -> str:
    """Return the cursor of the page that begins at ``offset`` of the query."""
    return base64.urlsafe_b64encode(f"{offset}.{query_digest}".encode()).decode().rstrip("=")


def decode(cursor: str, query_digest: str) -> int:
    """Return the offset in a cursor.

    :raise ToolError: not a cursor of ours, or one of another query
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        offset, found = text.split(".")
        position = int(offset)
    except (AttributeError, TypeError, ValueError) as error:
        raise ToolError(f"{cursor!r} is not a cursor. Take it from the previous answer, unchanged.") from error
    if found != query_digest or position < 0:
        raise ToolError(
            "This cursor belongs to another query. Repeat the call with the same model, domain, fields and order, "
            "or without a cursor to begin again."
        )
    return position
