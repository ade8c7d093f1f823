# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections.abc import Collection

from odoo import api, fields, models

API_KEY = "api_key"
GRANT = "oauth_grant"


class McpNativeProfileCredential(models.Model):
    """The profile that a manager gave one connection.

    Keys are rows of Odoo's own table, to which nothing can be added: kind and id say which one is meant.
    """

    _name = "mcp_native.profile.credential"
    _inherit = "mcp_native.profile.mixin"
    _description = "MCP Profile of a Connection"
    _rec_name = "profile_id"

    kind = fields.Selection([(API_KEY, "Key"), (GRANT, "Login")], required=True, readonly=True)
    credential_id = fields.Integer(required=True, readonly=True)
    profile_id = fields.Many2one("mcp_native.profile", required=True, index=True, ondelete="cascade")

    def init(self) -> None:
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS mcp_native_profile_credential_uniq
                ON mcp_native_profile_credential (kind, credential_id)
            """
        )

    @api.model
    def _assign(self, kind: str, ids: Collection[int], profile: models.BaseModel) -> None:
        """Give credentials of one kind a profile, or none of their own for an empty recordset."""
        rows = self.search([("kind", "=", kind), ("credential_id", "in", list(ids))])
        if not profile:
            rows.unlink()
            return
        rows.write({"profile_id": profile.id})
        new = sorted(set(ids) - set(rows.mapped("credential_id")))
        self.create([{"kind": kind, "credential_id": number, "profile_id": profile.id} for number in new])

    @api.model
    def _credentials_ended(self, kind: str, ids: Collection[int]) -> None:
        """Forget the profiles of credentials that are no more."""
        self.search([("kind", "=", kind), ("credential_id", "in", list(ids))]).unlink()

    @api.autovacuum
    def _gc_ended(self) -> None:
        """Forget those of keys that were deleted behind the ORM: with their user, or because they had expired."""
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT id FROM mcp_native_profile_credential chosen
             WHERE kind = 'api_key' AND NOT EXISTS (SELECT FROM res_users_apikeys WHERE id = chosen.credential_id)
                OR kind = 'oauth_grant' AND NOT EXISTS (
                   SELECT FROM mcp_native_oauth_grant WHERE id = chosen.credential_id AND ended IS NULL)
            """
        )
        self.browse(row for (row,) in self.env.cr.fetchall()).unlink()
