# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models

LIFETIME = timedelta(seconds=60)
KEPT = timedelta(days=1)
"""How long a code is kept after its end, so that a second use is noticed."""


class McpNativeOauthCode(models.Model):
    """An authorization code: what a client exchanges for tokens, once, within a minute (RFC 6749, section 4.1.2).

    Nobody has access to it; the authorization server alone reads and writes it.
    """

    _name = "mcp_native.oauth.code"
    _description = "MCP Authorization Code"
    _log_access = False
    _rec_name = "family"

    digest = fields.Char(required=True, readonly=True)
    grant_id = fields.Many2one("mcp_native.oauth.grant", required=True, readonly=True, index=True, ondelete="cascade")
    family = fields.Char(required=True, readonly=True)
    scopes = fields.Char(required=True, readonly=True)
    resource = fields.Char(required=True, readonly=True)
    redirect_uri = fields.Char(required=True, readonly=True)
    challenge = fields.Char(required=True, readonly=True)
    expires = fields.Datetime(required=True, readonly=True, index=True)
    used = fields.Datetime(readonly=True)

    def init(self) -> None:
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS mcp_native_oauth_code_digest_uniq ON mcp_native_oauth_code (digest)"
        )

    @api.autovacuum
    def _gc_ended(self) -> None:
        self.search([("expires", "<", fields.Datetime.now() - KEPT)]).unlink()
