# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The wire of the Model Context Protocol: pure Python, without Odoo and without any web framework.

``Endpoint`` turns an ``HttpRequest`` into an ``HttpReply`` and asks a ``Service`` for everything that is not the
protocol's. Five revisions are served on one address: 2026-07-28, which is stateless, and the four before it, which open
with ``initialize`` and are served without sessions all the same.
"""

from __future__ import annotations

from .arguments import ArgumentError, check
from .call import Call, Cancelled
from .content import (
    InputRequired,
    ToolResult,
    audio,
    contents,
    elicit,
    embedded,
    image,
    list_roots,
    resource_link,
    sample,
    text,
)
from .endpoint import Endpoint
from .errors import (
    HeaderMismatch,
    InternalError,
    InvalidParams,
    InvalidRequest,
    McpError,
    MethodNotFound,
    MissingCapability,
    ParseError,
    ResourceNotFound,
    UnsupportedVersion,
)
from .exchange import Outcome
from .http import HttpReply, HttpRequest
from .service import Service
from .tool_schema import describe, input_schema
from .versions import LEGACY, MODERN, SUPPORTED

__all__ = [
    "LEGACY",
    "MODERN",
    "SUPPORTED",
    "ArgumentError",
    "Call",
    "Cancelled",
    "Endpoint",
    "HeaderMismatch",
    "HttpReply",
    "HttpRequest",
    "InputRequired",
    "InternalError",
    "InvalidParams",
    "InvalidRequest",
    "McpError",
    "MethodNotFound",
    "MissingCapability",
    "Outcome",
    "ParseError",
    "ResourceNotFound",
    "Service",
    "ToolResult",
    "UnsupportedVersion",
    "audio",
    "check",
    "contents",
    "describe",
    "elicit",
    "embedded",
    "image",
    "input_schema",
    "list_roots",
    "resource_link",
    "sample",
    "text",
]
