# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import fields, models


class McpNativeProfileCredential(models.Model):
    """The profile that a manager gave one connection.

    Keys are rows of Odoo's own table, to which nothing can be added: kind and id say which one is meant.
    """

    _name = "mcp_native.profile.credential"
    _inherit = "mcp_native.profile.mixin"
    _description = "MCP Profile of a Connection"
    _rec_name = "profile_id"

    kind = fields.Selection([("api_key", "Key"), ("oauth_grant", "Login")], required=True, readonly=True)
    credential_id = fields.Integer(required=True, readonly=True)
    profile_id = fields.Many2one("mcp_native.profile", required=True, index=True, ondelete="cascade")

    def init(self) -> None:
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS mcp_native_profile_credential_uniq
                ON mcp_native_profile_credential (kind, credential_id)
            """
        )
