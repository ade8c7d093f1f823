# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import api, fields, models

from ..orm.rules import ALLOW, DENY, OPERATIONS, ModelRule


class McpNativeProfileRule(models.Model):
    """What a profile says about some models, beside or against what it says of all."""

    _name = "mcp_native.profile.rule"
    _inherit = "mcp_native.profile.mixin"
    _description = "MCP Profile Rule"
    _order = "pattern, id"
    _rec_name = "pattern"

    profile_id = fields.Many2one("mcp_native.profile", required=True, index=True, ondelete="cascade")
    pattern = fields.Char("Model", required=True, help="A technical name (sale.order) or a pattern (sale.*).")
    read_decision = fields.Selection([(ALLOW, "Allow"), (DENY, "Deny")], "Read")
    create_decision = fields.Selection("_decisions", "Create")
    write_decision = fields.Selection("_decisions", "Change")
    unlink_decision = fields.Selection("_decisions", "Delete")
    call_decision = fields.Selection("_decisions", "Run Methods")
    methods = fields.Char("Only These Methods", help="Names of methods with blanks between them. Empty: all methods.")
    hidden_fields = fields.Char(help="Technical names with blanks between them: they do not exist for the assistant.")
    readonly_fields = fields.Char("Read-only Fields", help="Technical names with blanks between them.")
    shown_fields = fields.Char(help="Fields to show although their names sound like secrets.")
    domain = fields.Char("Only Records", help="A domain, as in a record rule: user, time and company_ids can be used.")

    @api.model
    def _decisions(self) -> list[tuple[str, str]]:
        return self.env["mcp_native.profile"]._decisions()

    def _rule(self) -> ModelRule:
        self.ensure_one()
        said = {operation: self[f"{operation}_decision"] for operation in OPERATIONS}
        return ModelRule(
            pattern=self.pattern.strip(),
            decisions={operation: decision for operation, decision in said.items() if decision},
            methods=frozenset(self.methods.split()) if self.methods else None,
            hidden=frozenset((self.hidden_fields or "").split()),
            readonly=frozenset((self.readonly_fields or "").split()),
            shown=frozenset((self.shown_fields or "").split()),
            domain=(self.domain or "").strip(),
        )
