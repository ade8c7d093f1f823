# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json

from werkzeug.exceptions import MethodNotAllowed, NotFound

from odoo import http
from odoo.http import request

from ..models import settings
from ..models.refusals import METADATA_PATH

READING = ("GET", "HEAD", "OPTIONS")


class WellKnownController(http.Controller):
    """What clients read before they have a token."""

    @http.route(
        [METADATA_PATH, *(METADATA_PATH + path for path in settings.PATHS)],
        type="mcp_native_public",
        auth="none",
        cors="*",
        csrf=False,
        save_session=False,
        readonly=True,
    )
    def protected_resource(self) -> http.Response:
        """Return the metadata of the protected resource (RFC 9728, section 2) for the path that was asked for."""
        httprequest = request.httprequest
        if httprequest.method not in READING:
            raise MethodNotAllowed(READING)
        if not request.db:
            raise NotFound()
        path = httprequest.path[len(METADATA_PATH) :].rstrip("/") or settings.path(request.env)
        if not settings.served(request.env, path):
            raise NotFound()
        document = {
            "resource": settings.base_url(request.env) + path,
            "bearer_methods_supported": ["header"],
            "resource_name": "Odoo",
        }
        return http.Response(json.dumps(document), content_type="application/json")
