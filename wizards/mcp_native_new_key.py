# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import _, api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.base.models.res_users import check_identity

from ..models import settings

FOR_EVER = "0"


class McpNativeNewKey(models.TransientModel):
    """Asks for name and duration of a key that opens the MCP server and nothing else."""

    _name = "mcp_native.new.key"
    _description = "New MCP Key"

    name = fields.Char(required=True, help="What the key is for, as your keys and the log show it.")
    duration = fields.Selection("_selection_duration", required=True, default=lambda self: self._default_duration())
    has_expiry = fields.Boolean(default=lambda self: self.env["res.users.apikeys"]._mcp_native_has_expiry())

    @api.model
    def _selection_duration(self) -> list[tuple[str, str]]:
        """Return the durations Odoo grants to this user. On 17.0 keys have no end."""
        if not self.env["res.users.apikeys"]._mcp_native_has_expiry():
            return [(FOR_EVER, _("Until it is deleted"))]
        granted = self.env["res.users.apikeys.description"]._selection_duration()
        return [(days, label) for days, label in granted if int(days) >= 0]  # -1 asks for a date

    @api.model
    def _default_duration(self) -> str:
        """Return the longest duration that ends."""
        return max((days for days, _label in self._selection_duration()), key=int)

    @check_identity
    def action_make_key(self) -> dict[str, Any]:
        """Make the key and show it, once.

        :raise AccessError: the user may not use the server, so the key would open nothing
        """
        if not self.env.user.has_group("mcp_native.group_user"):
            raise AccessError(_("Only users of the MCP server can make a key for it."))
        wizard = self.sudo()
        days = int(wizard.duration) or None
        key = self.env["res.users.apikeys"]._mcp_native_generate(wizard.name, days)
        wizard.unlink()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mcp_native.new.key.show",
            "name": _("MCP Key Ready"),
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key, "default_url": settings.url(self.env)},
        }


class McpNativeNewKeyShow(models.AbstractModel):
    """Shows a new key. Abstract: the key is in the page only, never stored in clear."""

    _name = "mcp_native.new.key.show"
    _description = "Show a New MCP Key"

    id = fields.Id()  # the page asks for it when it fills in the defaults
    key = fields.Char(readonly=True)
    url = fields.Char("Address", readonly=True)
