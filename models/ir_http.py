# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import logging
import re
import threading

from werkzeug.exceptions import Forbidden, NotFound

from odoo import api, models
from odoo.exceptions import AccessDenied
from odoo.http import request

from ..oauth import tokens
from . import failures, settings
from .mcp_native_principal import ADDRESS
from .principal import Principal
from .refusals import Unauthenticated, challenge

_logger = logging.getLogger(__name__)

# RFC 6750, section 2.1: b64token. Anything else, NUL included, never reaches the database.
_BEARER = re.compile(r"Bearer +([A-Za-z0-9._~+/-]{1,4096}=*)", re.IGNORECASE)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _auth_method_mcp_native(cls) -> None:
        """Authenticate a call by its bearer token alone; cookies count for nothing.

        Sets ``request.env`` to the user's and ``request.mcp_principal``.

        :raise NotFound: the server is off, or is not at this path
        :raise Forbidden: a page of a foreign origin asks, the user may not use the server, or their profile not from
            there or not now
        :raise Unauthenticated: no valid token
        :raise RateLimited: no valid token, and too many of that kind from the same address
        """
        request.session.can_save = False
        request.env = api.Environment(request.env.cr, None, {})
        cls._mcp_native_check_site()
        principal = cls._mcp_native_principal()
        user = request.env["res.users"].with_user(principal.uid).browse(principal.uid)
        if not user._mcp_native_may_connect():
            _logger.info("MCP refused to user %s from %s: not in the group", principal.uid, cls._mcp_native_address())
            raise Forbidden("This user may not use the MCP server. An administrator can give them the right.")
        request.mcp_principal = principal  # who they are is proven: a refusal goes into the access log
        request.env["mcp_native.profile"]._admission(principal, cls._mcp_native_address())
        request.update_env(user=principal.uid, context=dict(user.context_get()))

    @classmethod
    def _mcp_native_check_site(cls) -> None:
        """Refuse what is refused to everyone, with or without a token.

        Notes in ``request.mcp_origin`` the origin that may read the answer.
        """
        httprequest = request.httprequest
        if not settings.served(request.env, httprequest.path):
            raise NotFound("There is no MCP server here.")
        origin = httprequest.headers.get("Origin")
        if origin is None:
            return
        if not settings.origin_allowed(request.env, origin):
            _logger.info("MCP refused to the origin %r from %s", origin[:200], cls._mcp_native_address())
            raise Forbidden("Web pages of this origin may not use the MCP server.")
        request.mcp_origin = origin

    @classmethod
    def _mcp_native_principal(cls) -> Principal:
        header = request.httprequest.headers.get("Authorization")
        if not header:
            raise Unauthenticated("A bearer token is needed.", challenge(request.env, request.httprequest.path))
        found = _BEARER.fullmatch(header.strip())
        address = cls._mcp_native_address()
        try:
            if not found:
                raise AccessDenied()
            resource = settings.base_url(request.env) + request.httprequest.path
            principals = request.env["mcp_native.principal"].with_context(**{ADDRESS: address})
            return principals._from_token(found[1], resource)
        except AccessDenied:
            token = found[1] if found else ""
            if not tokens.is_token(token, tokens.ACCESS):
                failures.note(request.env, address, token)
            text = "The token is not valid, has ended, or was revoked."
            _logger.info("MCP refused to a token from %s", address)
            parameters = {"error": "invalid_token", "error_description": text}
            raise Unauthenticated(text, challenge(request.env, request.httprequest.path, **parameters)) from None

    @classmethod
    def _mcp_native_address(cls) -> str:
        return request.httprequest.remote_addr

    @api.model
    def _mcp_native_rival(self, path: str) -> str | bool:
        """Return the name of another module that answers at a path of ours, False where we do.

        Of several modules with one path Odoo serves one, and tells nobody. Outside of requests there may be no routing
        map, which Odoo builds for the database that the thread is serving: then nothing is known.
        """
        if not getattr(threading.current_thread(), "dbname", None):
            return False
        rule, _args = self.routing_map().bind("localhost").match(path, method="POST", return_rule=True)
        module = getattr(rule.endpoint, "func", rule.endpoint).__module__
        name = module.removeprefix("odoo.addons.").partition(".")[0]
        return name != "mcp_native" and name
