# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import fields, models


class McpNativeApprovalRefusal(models.TransientModel):
    """Asks why approvals are refused: the assistant is told."""

    _name = "mcp_native.approval.refusal"
    _description = "Refuse What an Assistant Asks For"

    approval_ids = fields.Many2many(
        "mcp_native.approval",
        "mcp_native_approval_refusal_rel",
        "refusal_id",
        "approval_id",
        string="Approvals",
        required=True,
    )
    reason = fields.Text("Why Not", required=True, help="The assistant is told, and can ask for something better.")

    def action_refuse(self) -> dict[str, str]:
        """Refuse them, and close the page."""
        for wizard in self:
            wizard.approval_ids._refuse(wizard.reason)
        return {"type": "ir.actions.act_window_close"}
