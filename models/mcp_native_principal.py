# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import hashlib
import re
import time
from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import AccessDenied

from odoo.addons.base.models.res_users import INDEX_SIZE, KEY_CRYPT_CONTEXT

from . import settings
from .principal import READ_SCOPE, WRITE_SCOPE, Principal

SCOPE = "mcp_native"
"""The scope of API keys that open this server and nothing else."""

REVERIFIED_EVERY = 600
"""Seconds after which a remembered key is verified afresh, whatever the caches say."""

_API_KEY = re.compile(r"[0-9a-f]{16,128}")


class VerifiedKey(NamedTuple):
    """What is remembered of an API key: nothing that would help to guess it."""

    uid: int
    key_id: int
    name: str
    scope: str | None
    expires: datetime | None


class McpNativePrincipal(models.AbstractModel):
    """Turns a bearer token into the principal of a call."""

    _name = "mcp_native.principal"
    _description = "MCP Principal"

    @api.model
    def _from_token(self, token: str) -> Principal:
        """Return who a bearer token stands for. For overriding, by other kinds of tokens.

        :raise AccessDenied: it stands for nobody (any more)
        """
        if not _API_KEY.fullmatch(token):
            raise AccessDenied()
        digest = hashlib.sha256(token.encode()).hexdigest()
        key = self._verified_key(digest, int(time.time() / REVERIFIED_EVERY), token)
        if key.expires and key.expires <= fields.Datetime.now():
            raise AccessDenied()
        if key.scope is None and not settings.global_keys(self.env):
            raise AccessDenied()
        return Principal(
            uid=key.uid,
            kind="api_key",
            credential_id=key.key_id,
            credential_name=key.name,
            scopes=frozenset({READ_SCOPE, WRITE_SCOPE}),
            expires=key.expires,
        )

    @api.model
    @tools.ormcache("digest", "period")
    def _verified_key(self, digest: str, period: int, token: str) -> VerifiedKey:
        """Return the API key of a token, verified by Odoo's own check and remembered by digest.

        Only successes are remembered, because failures raise: strangers cannot fill the cache. It is forgotten when
        a key, a user or a user's groups change, and when ``period`` does: a revocation that commits at the very
        moment of a verification could otherwise be missed.

        :raise AccessDenied: no key of a scope that counts here, or its user is archived
        """
        uid = self.env["res.users.apikeys"]._check_credentials(scope=SCOPE, key=token)
        if not uid:
            raise AccessDenied()
        for row in self._candidates(token, uid):
            if KEY_CRYPT_CONTEXT.verify(token, row["key"]):
                return VerifiedKey(uid, row["id"], row["name"], row["scope"], row["expires"])
        raise AccessDenied()

    @api.model
    def _candidates(self, token: str, uid: int) -> list[dict[str, object]]:
        """Return the stored keys of a user that may be the token's: its digits at the beginning, a scope that counts.

        17.0 has no column for an expiry.
        """
        expires = "expiration_date" if "expiration_date" in self.env["res.users.apikeys"]._fields else "NULL::timestamp"
        self.env.cr.execute(
            f"""
            SELECT id, name, scope, key, {expires} AS expires
              FROM res_users_apikeys
             WHERE index = %s AND user_id = %s AND (scope IS NULL OR scope = %s)
            """,
            [token[:INDEX_SIZE], uid, SCOPE],
        )
        return self.env.cr.dictfetchall()
