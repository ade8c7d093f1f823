# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The CORS headers of answers. Which origins are allowed is a setting."""

from __future__ import annotations

from werkzeug.datastructures import Headers

METHODS = "GET, POST, DELETE, OPTIONS"
REQUEST_HEADERS = (
    "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID"
)
RESPONSE_HEADERS = "WWW-Authenticate, Mcp-Session-Id, X-Request-Id"
MAX_AGE = "86400"


def set_cors(headers: Headers, origin: str | None) -> None:
    """Let pages of ``origin`` read an answer, or any page for ``*``, or none.

    Whatever CORS headers were there are replaced.
    """
    for name in [name for name, _value in headers if name.lower().startswith("access-control-")]:
        headers.remove(name)
    if origin != "*":
        headers.set("Vary", "Origin")
    if not origin:
        return
    headers.set("Access-Control-Allow-Origin", origin)
    headers.set("Access-Control-Allow-Methods", METHODS)
    headers.set("Access-Control-Allow-Headers", REQUEST_HEADERS)
    headers.set("Access-Control-Expose-Headers", RESPONSE_HEADERS)
    headers.set("Access-Control-Max-Age", MAX_AGE)
