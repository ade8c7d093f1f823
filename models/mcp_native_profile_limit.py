# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError


class McpNativeProfileLimit(models.Model):
    """How much of something a profile allows in a time."""

    _name = "mcp_native.profile.limit"
    _inherit = "mcp_native.profile.mixin"
    _description = "MCP Profile Limit"
    _order = "profile_id, measure, scope, period"

    profile_id = fields.Many2one("mcp_native.profile", required=True, index=True, ondelete="cascade")
    measure = fields.Selection(
        [("calls", "Calls"), ("writes", "Changing calls"), ("rows", "Rows read")],
        "What",
        required=True,
        default="calls",
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
    burst = fields.Integer("At Once", help="How many may come at once; 0: as many as the amount.")

    @api.constrains("amount", "burst")
    def _check_amounts(self) -> None:
        for limit in self:
            if limit.amount < 1:
                raise ValidationError(_("A limit must allow at least one."))
            if not 0 <= limit.burst <= limit.amount:
                raise ValidationError(_("At once no more can come than the limit allows."))

    @api.depends("measure", "scope", "period", "amount", "burst")
    @api.depends_context("lang")
    def _compute_display_name(self) -> None:
        labels = {
            name: dict(self._fields[name]._description_selection(self.env)) for name in ("measure", "scope", "period")
        }
        for limit in self:
            measure, period = (labels[name].get(limit[name], "") for name in ("measure", "period"))
            amount = f"{limit.amount:,}"
            text = _("%(measure)s: %(amount)s %(period)s", measure=measure, amount=amount, period=period)
            scope = labels["scope"].get(limit.scope, "")
            burst = _(", at most %s at once", limit.burst) if limit.burst else ""
            limit.display_name = f"{text}{burst} ({scope})"
