# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors of the wire, and the one table that turns their codes into HTTP statuses.

Anything that is not an ``McpError`` is no answer to a client: it passes through this package untouched.
"""

from __future__ import annotations

from typing import Any

from .versions import SUPPORTED

HTTP_STATUS = {
    -32700: 400,
    -32600: 400,
    -32602: 400,
    -32603: 200,
    -32601: 404,
    -32020: 400,
    -32021: 400,
    -32022: 400,
}
"""Code -> HTTP status under 2026-07-28 (basic/transports). A code that is not listed travels with 200."""

LEGACY_HTTP_STATUS = {-32700: 400, -32600: 400, -32022: 400}
"""The same for legacy revisions, where only what is no well-formed request fails as HTTP."""


def http_status(code: int, modern: bool) -> int:
    """Return the HTTP status of a reply that carries the error ``code``."""
    return (HTTP_STATUS if modern else LEGACY_HTTP_STATUS).get(code, 200)


class McpError(Exception):
    """A JSON-RPC error for the client.

    :param code: a code of the specification, or one's own outside -32768…-32000
    :param message: one sentence, shown to people and models
    :param data: further members for programs
    """

    code: int = -32603

    def __init__(self, code: int, message: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def to_wire(self, modern: bool = True) -> dict[str, Any]:
        """Return the ``error`` object, as the era of the client wants it."""
        error: dict[str, Any] = {"code": self.wire_code(modern), "message": self.message}
        if self.data is not None:
            error["data"] = self.data
        return error

    def wire_code(self, modern: bool = True) -> int:
        """Return the code that this era uses."""
        return self.code


class _CodedError(McpError):
    """An error whose class says its code."""

    text = "Internal error"

    def __init__(self, message: str | None = None, data: dict[str, Any] | None = None) -> None:
        super().__init__(type(self).code, message or self.text, data)


class ParseError(_CodedError):
    """The body is no JSON text (JSON-RPC 2.0, section 5.1)."""

    code = -32700
    text = "Parse error"


class InvalidRequest(_CodedError):
    """The JSON is no request object (JSON-RPC 2.0, section 5.1)."""

    code = -32600
    text = "Invalid request"


class MethodNotFound(_CodedError):
    """The method does not exist in the revision of the client."""

    code = -32601
    text = "Method not found"


class InvalidParams(_CodedError):
    """The method exists, its params are wrong: also an unknown tool, prompt or cursor."""

    code = -32602
    text = "Invalid params"


class InternalError(_CodedError):
    """The server failed. The message carries a reference number at most, never the reason."""

    code = -32603
    text = "Internal error"


class HeaderMismatch(_CodedError):
    """A header is missing, malformed, duplicated or says something else than the body (2026-07-28)."""

    code = -32020
    text = "Headers do not match the request"


class MissingCapability(McpError):
    """The answer needs a capability that the client did not declare on this request (2026-07-28).

    :param required: a ClientCapabilities object, such as ``{"elicitation": {}}``
    """

    code = -32021

    def __init__(self, required: dict[str, Any], message: str | None = None) -> None:
        text = message or f"The client must declare: {', '.join(sorted(required))}"
        super().__init__(type(self).code, text, {"requiredCapabilities": required})


class UnsupportedVersion(McpError):
    """The client asks for a revision that this server does not speak (2026-07-28)."""

    code = -32022

    def __init__(self, requested: str) -> None:
        data = {"supported": list(SUPPORTED), "requested": requested}
        super().__init__(type(self).code, "Unsupported protocol version", data)


class ResourceNotFound(McpError):
    """There is no resource of this address, or none that this user may read."""

    code = -32602
    legacy_code = -32002

    def __init__(self, uri: str, message: str | None = None) -> None:
        super().__init__(type(self).code, message or "Resource not found", {"uri": uri})

    def wire_code(self, modern: bool = True) -> int:
        """2026-07-28 forbids -32002, the revisions before it want it."""
        return self.code if modern else self.legacy_code
