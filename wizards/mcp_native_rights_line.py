# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import _, api, fields, models

from ..orm.rules import ALLOW, APPROVE, CONFIRM, DENY
from .effective import NO_RIGHT


class McpNativeRightsLine(models.TransientModel):
    """What an assistant may do with the records of one model."""

    _name = "mcp_native.rights.line"
    _description = "Rights of an Assistant on a Model"
    _order = "name, model"

    rights_id = fields.Many2one("mcp_native.rights", required=True, readonly=True, index=True, ondelete="cascade")
    name = fields.Char(readonly=True)
    model = fields.Char("Technical Name", readonly=True)
    read_decision = fields.Selection("_said", "Read", readonly=True)
    create_decision = fields.Selection("_said", "Create", readonly=True)
    write_decision = fields.Selection("_said", "Change", readonly=True)
    unlink_decision = fields.Selection("_said", "Delete", readonly=True)
    call_decision = fields.Selection("_said", "Methods", readonly=True)
    methods = fields.Char("Only These Methods", readonly=True)
    hidden = fields.Char("Hidden Fields", readonly=True)
    readonly = fields.Char("Read-only Fields", readonly=True)
    domain = fields.Char("Only Records", readonly=True)

    @api.model
    def _said(self) -> list[tuple[str, str]]:
        return [
            (ALLOW, _("Allowed")),
            (CONFIRM, _("Confirm")),
            (APPROVE, _("Approve")),
            (DENY, _("Denied")),
            (NO_RIGHT, _("No right")),
        ]
