# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from odoo import api, fields, models

GRACE = timedelta(seconds=120)
"""How long a used refresh token is answered with its successors again: some clients refresh from two places at once."""

MOST_ACCESS, MOST_USED = 10, 100
"""How many access tokens and used refresh tokens one login of a client can have; the oldest go."""


class LiveToken(NamedTuple):
    """An access token that is good, with what it stands for."""

    grant_id: int
    uid: int
    client_name: str
    client_kind: str
    scopes: str
    resource: str
    expires: datetime


class McpNativeOauthToken(models.Model):
    """An access or a refresh token, as a digest.

    Nobody has access to it; the authorization server alone reads and writes it. A used refresh token is kept until it
    would have ended, so that a second use is noticed.
    """

    _name = "mcp_native.oauth.token"
    _description = "MCP Token"
    _log_access = False
    _rec_name = "family"

    kind = fields.Selection([("access", "Access"), ("refresh", "Refresh")], required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    grant_id = fields.Many2one("mcp_native.oauth.grant", required=True, readonly=True, index=True, ondelete="cascade")
    family = fields.Char(required=True, readonly=True, index=True)
    scopes = fields.Char(required=True, readonly=True)
    resource = fields.Char(required=True, readonly=True)
    expires = fields.Datetime(required=True, readonly=True, index=True)
    used = fields.Datetime(readonly=True, help="When a refresh token was exchanged for the next one.")
    seed = fields.Char(readonly=True, help="What its successors are derived with, besides the token itself.")

    def init(self) -> None:
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS mcp_native_oauth_token_digest_uniq ON mcp_native_oauth_token (digest)"
        )

    @api.model
    def _live(self, digest: str) -> LiveToken | None:
        """Return the access token of a digest, if it, its grant, its client and its user are all good.

        Read from the database at each call, never remembered: what was ended is ended for every worker.
        """
        self.env.cr.execute(
            """
            SELECT access.grant_id, decision.user_id, client.name, client.kind, access.scopes, decision.scopes,
                   access.resource, access.expires
              FROM mcp_native_oauth_token access
              JOIN mcp_native_oauth_grant decision ON decision.id = access.grant_id AND decision.ended IS NULL
              JOIN mcp_native_oauth_client client ON client.id = decision.client_id AND client.active
              JOIN res_users owner ON owner.id = decision.user_id AND owner.active
             WHERE access.digest = %s AND access.kind = 'access' AND access.expires > %s
            """,
            [digest, fields.Datetime.now()],
        )
        row = self.env.cr.fetchone()
        if not row:
            return None
        grant_id, uid, client_name, client_kind, scopes, decided, resource, expires = row
        kept = " ".join(scope for scope in scopes.split() if scope in decided.split())
        return LiveToken(grant_id, uid, client_name, client_kind, kept, resource, expires)

    @api.model
    def _trim(self, family: str) -> None:
        """Bound what one login of a client holds, however often it refreshes."""
        self._forget_seeds([("family", "=", family)])
        for domain, most in (([("kind", "=", "access")], MOST_ACCESS), ([("used", "!=", False)], MOST_USED)):
            self.search([("family", "=", family), *domain], order="id desc", offset=most).unlink()

    @api.model
    def _forget_seeds(self, domain: list[Any]) -> None:
        """Forget what the successors of refresh tokens were derived with, once these are not given out again."""
        late = fields.Datetime.now() - GRACE
        self.search([*domain, ("used", "<", late), ("seed", "!=", False)]).write({"seed": False})

    @api.autovacuum
    def _gc_ended(self) -> None:
        self.search([("expires", "<", fields.Datetime.now())]).unlink()
        self._forget_seeds([])
