# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import fields, models


class McpNativeProfileLimit(models.Model):
    """How much of something a profile allows in a time."""

    _name = "mcp_native.profile.limit"
    _inherit = "mcp_native.profile.mixin"
    _description = "MCP Profile Limit"
    _order = "profile_id, measure, scope, period"

    profile_id = fields.Many2one("mcp_native.profile", required=True, index=True, ondelete="cascade")
    measure = fields.Selection(
        [("calls", "Calls"), ("writes", "Changing calls"), ("rows", "Rows read")], "What", required=True
    )
    scope = fields.Selection(
        [
            ("credential", "Each connection"),
            ("user", "Each user, all connections together"),
            ("profile", "All who have the profile, together"),
        ],
        "Counted For",
        required=True,
        default="credential",
    )
    period = fields.Selection(
        [("60", "a minute"), ("3600", "an hour"), ("86400", "a day")], "In", required=True, default="60"
    )
    amount = fields.Integer("At Most", required=True)
    burst = fields.Integer(help="How many may come at once; 0: as many as the amount.")
