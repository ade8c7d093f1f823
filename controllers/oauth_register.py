# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json

from werkzeug.exceptions import MethodNotAllowed, NotFound

from odoo import http
from odoo.http import request

from ..models import settings
from ..models.mcp_native_oauth_registration import TooManyRegistrations
from ..models.refusals import OAuthRefusal
from ..oauth.client_metadata import BadMetadata
from .oauth import OPTIONS


class OAuthRegisterController(http.Controller):
    """The endpoint where clients register themselves."""

    @http.route("/oauth/register", **OPTIONS)
    def register(self, body: bytes) -> http.Response:
        """Register a client (RFC 7591, section 3).

        :raise OAuthRefusal: it cannot be registered, or not now
        """
        if not settings.oauth_registration(request.env):
            raise NotFound("Clients cannot register here.")
        if request.httprequest.method != "POST":
            raise MethodNotAllowed(["POST", "OPTIONS"])
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            raise OAuthRefusal(400, "invalid_client_metadata", "The body must be JSON.") from None
        try:
            answer = request.env["mcp_native.oauth.client"]._register_client(
                data, request.httprequest.remote_addr or ""
            )
        except BadMetadata as refusal:
            raise OAuthRefusal(400, refusal.error, str(refusal)) from refusal
        except TooManyRegistrations as refusal:
            headers = {"Retry-After": str(refusal.retry_after)}
            raise OAuthRefusal(429, "temporarily_unavailable", str(refusal), headers) from refusal
        return request.make_json_response(answer, status=201)
