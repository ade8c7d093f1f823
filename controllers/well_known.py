# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
from typing import Any

from werkzeug.exceptions import MethodNotAllowed, NotFound

from odoo import http
from odoo.http import request

from ..models import settings
from ..models.principal import SCOPES
from ..models.refusals import METADATA_PATH
from ..oauth import metadata

READING = ("GET", "HEAD", "OPTIONS")
SERVER_METADATA_PATHS = ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")
"""Of RFC 8414, section 3, and the name that clients try last."""

OPTIONS: dict[str, Any] = {
    "type": "mcp_native_public",
    "auth": "none",
    "cors": "*",
    "csrf": False,
    "save_session": False,
    "readonly": True,
}


class WellKnownController(http.Controller):
    """What clients read before they have a token."""

    @http.route([METADATA_PATH, *(METADATA_PATH + path for path in settings.PATHS)], **OPTIONS)
    def protected_resource(self) -> http.Response:
        """Return the metadata of the protected resource (RFC 9728, section 2) for the path that was asked for."""
        env = _reading_env()
        path = request.httprequest.path[len(METADATA_PATH) :].rstrip("/") or settings.path(env)
        if not settings.served(env, path):
            raise NotFound()
        document = metadata.protected_resource(settings.base_url(env), path, SCOPES, oauth=settings.oauth(env))
        return http.Response(json.dumps(document), content_type="application/json")

    @http.route([path + end for path in SERVER_METADATA_PATHS for end in ("", *settings.PATHS)], **OPTIONS)
    def authorization_server(self) -> http.Response:
        """Return the metadata of the authorization server, the same at every path that clients try."""
        env = _reading_env()
        if not settings.oauth(env):
            raise NotFound()
        document = metadata.authorization_server(
            settings.base_url(env),
            SCOPES,
            registration=settings.oauth_registration(env),
            documents=settings.oauth_documents(env),
        )
        return http.Response(json.dumps(document), content_type="application/json")


def _reading_env() -> Any:
    """Return the environment of a request that may read.

    :raise MethodNotAllowed: it does something else
    :raise NotFound: the host name selects no database
    """
    if request.httprequest.method not in READING:
        raise MethodNotAllowed(READING)
    if not request.db:
        raise NotFound()
    return request.env
