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

from ..oauth import resources, tokens
from . import failures, settings
from .principal import READ_SCOPE, SCOPES, Principal

SCOPE = "mcp_native"
"""The scope of API keys that open this server and nothing else."""

READ_ONLY_SCOPE = "mcp_native_read"
"""The scope of those that open it for reading only."""

READS = frozenset({READ_SCOPE})
READS_AND_WRITES = frozenset(SCOPES)

REVERIFIED_EVERY = 600
"""Seconds after which a remembered key is verified afresh, whatever the caches say."""

ADDRESS = "mcp_native_address"
"""The key of the context that says where a request came from."""

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
    def _from_token(self, token: str, resource: str) -> Principal:
        """Return who a bearer token stands for. For overriding, by other kinds of tokens.

        :param resource: the address that it opens here
        :raise AccessDenied: it stands for nobody (any more), or is for something else
        """
        if tokens.is_token(token, tokens.ACCESS):
            return self._from_access_token(token, resource)
        if _API_KEY.fullmatch(token):
            return self._from_api_key(token)
        raise AccessDenied()

    @api.model
    def _from_access_token(self, token: str, resource: str) -> Principal:
        live = settings.oauth(self.env) and self.env["mcp_native.oauth.token"]._live(tokens.digest(token))
        if not live or not resources.same(live.resource, resource):
            raise AccessDenied()
        if live.client_kind == "document" and not settings.oauth_documents(self.env):
            raise AccessDenied()
        return Principal(
            uid=live.uid,
            kind="oauth_grant",
            credential_id=live.grant_id,
            credential_name=live.client_name,
            scopes=frozenset(live.scopes.split()),
            expires=live.expires,
        )

    @api.model
    def _from_api_key(self, token: str) -> Principal:
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
            scopes=READS if key.scope == READ_ONLY_SCOPE else READS_AND_WRITES,
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
        :raise RateLimited: too many wrong ones with the same first digits came from the same address
        """
        address = self.env.context.get(ADDRESS)
        if address:
            failures.check_beginning(self.env, address, token)
        keys = self.env["res.users.apikeys"]
        found = (keys._check_credentials(scope=scope, key=token) for scope in (SCOPE, READ_ONLY_SCOPE))
        uid = next(filter(None, found), None)
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
             WHERE index = %s AND user_id = %s AND (scope IS NULL OR scope IN %s)
            """,
            [token[:INDEX_SIZE], uid, (SCOPE, READ_ONLY_SCOPE)],
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _of_credential(self, uid: int, kind: str, credential_id: int) -> Principal:
        """Return the principal of a credential as it is now, without its token. For overriding, as ``_from_token``.

        For what a person allowed after the call: the credential proved itself then, and must not have ended since.

        :raise AccessDenied: it has ended, or is not of this user
        """
        if kind == "oauth_grant":
            return self._of_grant(uid, credential_id)
        if kind == "api_key":
            return self._of_key(uid, credential_id)
        raise AccessDenied()

    @api.model
    def _of_grant(self, uid: int, grant_id: int) -> Principal:
        grant = self.env["mcp_native.oauth.grant"].sudo().browse(grant_id).exists()
        client = grant.client_id
        if grant.user_id.id != uid or grant.ended or not client.active or not settings.oauth(self.env):
            raise AccessDenied()
        if client.kind == "document" and not settings.oauth_documents(self.env):
            raise AccessDenied()
        return Principal(uid, "oauth_grant", grant.id, client.name, frozenset(grant.scopes.split()))

    @api.model
    def _of_key(self, uid: int, key_id: int) -> Principal:
        expires = "expiration_date" if "expiration_date" in self.env["res.users.apikeys"]._fields else "NULL::timestamp"
        self.env.cr.execute(
            f"""
            SELECT name, scope, {expires}
              FROM res_users_apikeys
             WHERE id = %s AND user_id = %s AND (scope IS NULL OR scope IN %s)
            """,
            [key_id, uid, (SCOPE, READ_ONLY_SCOPE)],
        )
        name, scope, ends = self.env.cr.fetchone() or (None, None, None)
        is_over = ends and ends <= fields.Datetime.now()
        if name is None or is_over or (scope is None and not settings.global_keys(self.env)):
            raise AccessDenied()
        return Principal(uid, "api_key", key_id, name, READS if scope == READ_ONLY_SCOPE else READS_AND_WRITES, ends)
