# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Our own routing types, so that every failure, also one before the endpoint, leaves as JSON-RPC with CORS headers.

The call graph of a request, for all series::

    ir.http._authenticate      -> _auth_method_mcp_native      401, 403, 404
    ir.http._pre_dispatch      -> McpDispatcher.pre_dispatch   headers; the answer to OPTIONS
    McpDispatcher.dispatch     -> the controller               413
    ir.http._post_dispatch     -> Dispatcher.post_dispatch
    any exception              -> McpDispatcher.handle_error   after Odoo has given up replaying
"""

from __future__ import annotations

import json
import logging
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg2
from psycopg2.errorcodes import DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE, SERIALIZATION_FAILURE
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge

from odoo import http
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request

from ..models.refusals import InsufficientScope, OAuthRefusal, Unauthenticated
from ..protocol import InternalError, InvalidRequest, McpError
from .call_log import log_death
from .origins import set_cors

_logger = logging.getLogger(__name__)

BODY_LIMIT = 4 * 2**20
"""Bytes of a request body; the limit of the protocol's own SDKs."""

OAUTH_BODY_LIMIT = 64 * 1024
"""Bytes of a request to the authorization server."""

CONFLICTS = frozenset({SERIALIZATION_FAILURE, DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE})
"""What Odoo replays, until it gives up."""


class Asked(NamedTuple):
    """What a request's body says before anyone has checked it."""

    id: str | int | float | None = None
    method: str = ""
    tool: str = ""


class McpDispatcher(http.Dispatcher):
    """Gives the body to the endpoint as it came, and turns every exception into a JSON-RPC error."""

    routing_type = "mcp_native"

    @classmethod
    def is_compatible_with(cls, request: http.Request) -> bool:
        return True  # whatever the content type: the endpoint judges

    def pre_dispatch(self, rule: Any, args: dict[str, Any]) -> None:
        self.request.params = {}  # post_dispatch of other modules reads it
        if self.request.httprequest.method == "OPTIONS":
            self._check_preflight()
        try:
            return super().pre_dispatch(rule, args)  # ends an OPTIONS by raising a 204
        finally:
            self._set_headers(self.request.future_response.headers)

    def dispatch(self, endpoint: Any, args: dict[str, Any]) -> http.Response:
        self.request.params = dict(args, body=read_body(self.request.httprequest, BODY_LIMIT))
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc: Exception) -> http.Response:
        """Return the JSON-RPC error of any exception; never a traceback.

        With the id of the request where there is one, because a client waits for it, and as HTTP 200 then, as the
        protocol's own SDKs do.
        """
        asked = asked_for(getattr(self.request, "params", {}).get("body", b""))
        status, error = self._failure(exc)
        message = {"jsonrpc": "2.0", "error": error.to_wire()}
        if asked.id is not None:
            message["id"] = asked.id
            status = status if isinstance(exc, HTTPException) else 200
        response = self.request.make_json_response(message, status=status)
        if isinstance(exc, (Unauthenticated, InsufficientScope)):
            response.headers.set("WWW-Authenticate", exc.challenge)
        if isinstance(exc, HTTPException):
            self._copy_own(exc, response.headers)
        response.headers.set("Cache-Control", "no-store")
        self._set_headers(response.headers)
        self._log_death(asked, exc)
        return response

    # -- seams for the dispatcher of public documents

    def _check_preflight(self) -> None:
        self.request.registry["ir.http"]._mcp_native_check_site()

    def _origin(self) -> str | None:
        return getattr(self.request, "mcp_origin", None)

    # -- inner parts

    def _set_headers(self, headers: Headers) -> None:
        headers.set("X-Request-Id", request_id())
        set_cors(headers, self._origin())

    @staticmethod
    def _copy_own(exc: HTTPException, headers: Headers) -> None:
        for name, value in exc.get_headers():
            if name in ("Allow", "Retry-After"):
                headers.set(name, value)

    @staticmethod
    def _failure(exc: Exception) -> tuple[int, McpError]:
        """Return the HTTP status and the error of an exception: the one table of failures outside the protocol.

        In English: asking for the user's language could need the cursor, which a failure may have left unusable.
        """
        if isinstance(exc, HTTPException):
            kind = InvalidRequest if exc.code < 500 else InternalError
            return exc.code, kind(exc.description)
        if isinstance(exc, UserError) and not isinstance(exc, AccessDenied):
            return 400, InvalidRequest(str(exc))
        if isinstance(exc, psycopg2.OperationalError) and exc.pgcode in CONFLICTS:
            return 503, InternalError("The database was too busy; nothing was changed. Try again.")
        _logger.error("MCP request failed, reference %s: %s", request_id(), type(exc).__name__)
        return 500, InternalError(f"Internal error, reference {request_id()}. The server's log has the details.")

    def _log_death(self, asked: Asked, exc: Exception) -> None:
        principal = getattr(self.request, "mcp_principal", None)
        if principal is None:
            return  # nobody's: the server's log has a line
        httprequest = self.request.httprequest
        log_death(
            self.request.registry,
            principal,
            httprequest.remote_addr,
            request_id(),
            method=asked.method,
            tool=asked.tool,
            error_class=type(exc).__name__,
            request_size=httprequest.content_length or 0,
            throttle=getattr(self.request, "mcp_throttle", None),
        )


class PublicDispatcher(McpDispatcher):
    """For documents that any web page may read, before anyone has logged in."""

    routing_type = "mcp_native_public"

    def dispatch(self, endpoint: Any, args: dict[str, Any]) -> http.Response:
        self.request.params = dict(args)
        if self.request.db:
            return self.request.registry["ir.http"]._dispatch(endpoint)
        return endpoint(**self.request.params)

    def _check_preflight(self) -> None:
        pass

    def _origin(self) -> str | None:
        return "*"


class OAuthDispatcher(PublicDispatcher):
    """For the endpoints of the authorization server that clients call: JSON only, errors too, never stored.

    The names of errors are those of RFC 6749, section 5.2; what broke on our side is ``server_error``.
    """

    routing_type = "mcp_native_oauth"

    def dispatch(self, endpoint: Any, args: dict[str, Any]) -> http.Response:
        if not self.request.db:
            raise NotFound("There is no database here.")
        self.request.params = dict(args, body=read_body(self.request.httprequest, OAUTH_BODY_LIMIT))
        response = self.request.registry["ir.http"]._dispatch(endpoint)
        self._forbid_storing(response.headers)
        return response

    def handle_error(self, exc: Exception) -> http.Response:
        """Return the error object of any exception; never a page, because clients parse the answer."""
        status, error, description = self._oauth_failure(exc)
        answer = {"error": error, "error_description": description}
        response = self.request.make_json_response(answer, status=status)
        if isinstance(exc, OAuthRefusal):
            response.headers.update(exc.headers)
        elif isinstance(exc, HTTPException):
            self._copy_own(exc, response.headers)
        self._forbid_storing(response.headers)
        self._set_headers(response.headers)
        return response

    def _oauth_failure(self, exc: Exception) -> tuple[int, str, str]:
        if isinstance(exc, OAuthRefusal):
            return exc.code, exc.error, exc.description
        status, error = self._failure(exc)
        if status == 503:
            return status, "temporarily_unavailable", error.message
        return status, "server_error" if status >= 500 else "invalid_request", error.message

    @staticmethod
    def _forbid_storing(headers: Headers) -> None:
        headers.set("Cache-Control", "no-store")
        headers.set("Pragma", "no-cache")


def request_id() -> str:
    """Return what the client can quote of this request: it is in ``X-Request-Id``, the access log and the server's."""
    if not hasattr(request, "mcp_request_id"):
        request.mcp_request_id = uuid4().hex[:16]
    return request.mcp_request_id


def read_body(httprequest: Any, limit: int) -> bytes:
    """Return the body of a request, which stays readable when Odoo replays the request.

    :raise RequestEntityTooLarge: it is longer than ``limit``, whether it said so or came in chunks
    """
    if (httprequest.content_length or 0) > limit:
        raise RequestEntityTooLarge()
    httprequest.max_content_length = limit + 1  # Werkzeug 3 cuts a chunked body here
    data = httprequest.get_data()
    if len(data) > limit:
        raise RequestEntityTooLarge()
    return data


def asked_for(body: bytes) -> Asked:
    """Return what a body asks for, as far as it can be told; a batch asks for nothing in particular."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return Asked()
    if not isinstance(message, dict):
        return Asked()
    params = message.get("params")
    tool = params.get("name") if isinstance(params, dict) and message.get("method") == "tools/call" else ""
    known_id = message.get("id") if isinstance(message.get("id"), (str, int, float)) else None
    return Asked(known_id, str(message.get("method") or ""), str(tool or ""))
