# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import api, fields, models


class McpNativeConnectionProfile(models.TransientModel):
    """Asks a manager which profile some connections get."""

    _name = "mcp_native.connection.profile"
    _description = "Profile of Connected Assistants"

    # The list of connections is a query: no table could refer to its rows.
    connection_ids = fields.Json(default=lambda self: self.env.context.get("active_ids", []))
    names = fields.Char("Assistants", compute="_compute_names")
    profile_id = fields.Many2one("mcp_native.profile")
    note = fields.Text(compute="_compute_note")

    @api.depends("connection_ids")
    def _compute_names(self) -> None:
        for wizard in self:
            wizard.names = self.env["mcp_native.connection"].browse(wizard.connection_ids or [])._told_names()

    @api.depends("profile_id", "connection_ids")
    def _compute_note(self) -> None:
        for wizard in self:
            connection = self.env["mcp_native.connection"].browse((wizard.connection_ids or [])[:1])
            if wizard.profile_id or not connection:
                wizard.note = wizard.profile_id.note
            else:
                told = self.env["mcp_native.profile"]._told(connection.user_id.id)
                wizard.note = ". ".join(filter(None, told))

    def action_save(self) -> None:
        """Give the connections the profile; from their next call on it holds."""
        self.env["mcp_native.connection"].browse(self.connection_ids or []).write({"profile_id": self.profile_id.id})
