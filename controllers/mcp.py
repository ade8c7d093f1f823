# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
from typing import Any

from werkzeug.exceptions import BadRequest

from odoo import api, http
from odoo.http import request

from ..compat import before_dispatch
from ..models import settings
from ..models.limits import Throttle
from ..models.refusals import insufficient_scope
from ..orm.errors import ToolError
from ..protocol import Endpoint, HttpReply, HttpRequest
from ..toolsets.service import McpService, WriteScopeNeeded
from .call_log import CallLog
from .dispatcher import read_body, request_id

PEEKED = 64 * 1024
"""Bytes up to which a body is read before authentication, to choose the cursor."""


class McpController(http.Controller):
    """The endpoint. What a request means is the protocol's business."""

    def _reads_only(self, *_args: Any) -> bool:
        """Whether a request may run on a read-only cursor, so that a replica can serve it (18.0 on).

        Asked before authentication: only a small body is looked at, and a wrong answer costs a replay at most.
        """
        httprequest = request.httprequest
        if httprequest.method != "POST" or "Authorization" not in httprequest.headers:
            return True
        if not 0 < (httprequest.content_length or 0) <= PEEKED:
            return False
        try:
            content = json.loads(read_body(httprequest, PEEKED))
        except (ValueError, RecursionError):
            return True
        messages = content if isinstance(content, list) else [content]
        with before_dispatch(request.env) as env:
            return all(self._message_reads(env, message) for message in messages)

    @staticmethod
    def _message_reads(env: api.Environment, message: Any) -> bool:
        if not isinstance(message, dict) or message.get("method") != "tools/call":
            return True
        params = message.get("params")
        name = params.get("name") if isinstance(params, dict) else None
        return isinstance(name, str) and env["mcp_native.toolset"]._is_read_only(name)

    @http.route(
        ["/mcp", "/mcp/", "/mcp_native", "/mcp_native/"],
        type="mcp_native",
        auth="mcp_native",
        cors=True,  # a preflight comes without authentication; the dispatcher sets the headers
        csrf=False,
        save_session=False,
        readonly=_reads_only,
    )
    def mcp(self, body: bytes) -> http.Response:
        """Answer one HTTP request, of any method."""
        env, principal, httprequest = request.env, request.mcp_principal, request.httprequest
        user_agent = httprequest.headers.get("User-Agent", "")
        throttle = request_throttle()
        log = CallLog(env, principal, httprequest.remote_addr, request_id(), user_agent, throttle)
        service = McpService(env, principal, request_id(), throttle, _toolsets(env))
        endpoint = Endpoint(service, state_key=settings.state_key(env), observe=log.observe, reference=request_id())
        try:
            reply = endpoint.answer(HttpRequest(httprequest.method, list(httprequest.headers.items()), body))
        except WriteScopeNeeded as refusal:
            raise insufficient_scope(env, httprequest.path, str(refusal)) from refusal
        log.hand_over()
        return _response(reply)


def _toolsets(env: api.Environment) -> frozenset[str] | None:
    """Return the groups of tools that the address names.

    :raise BadRequest: there is no such group
    """
    try:
        return env["mcp_native.toolset"]._chosen_groups(request.httprequest.args.getlist("toolsets"))
    except ToolError as error:
        raise BadRequest(str(error)) from error


def request_throttle() -> Throttle:
    """Return what counts the calls of this request, the same one when Odoo replays it."""
    if not hasattr(request, "mcp_throttle"):
        profile_id = request.env["mcp_native.profile"]._rules_for(request.mcp_principal).profile_id
        limits = request.env["mcp_native.counter"]._limits(profile_id)
        request.mcp_throttle = Throttle(request.env.registry, request.mcp_principal, limits)
    return request.mcp_throttle.restart()


def _response(reply: HttpReply) -> http.Response:
    """Return a reply as Odoo's response. A stream runs after the request: nothing in it may touch ``request``."""
    if reply.stream is not None:
        return http.Response(reply.stream, reply.status, list(reply.headers.items()), direct_passthrough=True)
    response = http.Response(reply.body, reply.status, list(reply.headers.items()))
    response.headers.setdefault("Cache-Control", "no-store")
    if not reply.body:
        response.headers.remove("Content-Type")
    return response
