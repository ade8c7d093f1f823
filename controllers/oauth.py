# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.exceptions import MethodNotAllowed, NotFound

from odoo import http
from odoo.http import request

from ..models import settings
from ..models.refusals import OAuthRefusal
from ..oauth.server import Answer, AuthorizationServer

OPTIONS: dict[str, Any] = {
    "type": "mcp_native_oauth",
    "auth": "none",
    "cors": "*",
    "csrf": False,
    "save_session": False,
    "readonly": False,
}
FORM = "application/x-www-form-urlencoded"


class OAuthController(http.Controller):
    """The endpoints of the authorization server that clients call."""

    @http.route("/oauth/token", **OPTIONS)
    def token(self, body: bytes) -> http.Response:
        """Exchange a code or a refresh token for new tokens (RFC 6749, section 3.2)."""
        return _answered(AuthorizationServer.token, body)

    @http.route("/oauth/revoke", **OPTIONS)
    def revoke(self, body: bytes) -> http.Response:
        """End a token (RFC 7009)."""
        return _answered(AuthorizationServer.revoke, body)


def _answered(endpoint: Callable[[AuthorizationServer, str, str, Mapping[str, str]], Answer], body: bytes) -> Any:
    httprequest = request.httprequest
    if not settings.oauth(request.env):
        raise NotFound("Clients cannot log in here.")
    if httprequest.method != "POST":
        raise MethodNotAllowed(["POST", "OPTIONS"])
    if httprequest.mimetype != FORM:
        raise OAuthRefusal(400, "invalid_request", f"The body must be {FORM}.")
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError:
        raise OAuthRefusal(400, "invalid_request", "The body is not form-encoded.") from None
    query = httprequest.query_string.decode("latin-1")
    uri = settings.base_url(request.env) + httprequest.path + (f"?{query}" if query else "")
    status, headers, content = endpoint(AuthorizationServer(request.env), uri, text, httprequest.headers)
    response = http.Response(content, status, headers)
    if content:
        response.headers["Content-Type"] = "application/json"
    return response
