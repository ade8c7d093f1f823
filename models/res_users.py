# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import models

from . import settings


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals: dict[str, Any]) -> bool:
        result = super().write(vals)
        if "active" in vals and not vals["active"]:
            self._mcp_native_end_grants("archived")
        return result

    def _set_password(self) -> Any:
        result = super()._set_password()
        if settings.oauth_end_on_password(self.env):
            self._mcp_native_end_grants("password")
        return result

    def _action_revoke_all_devices(self) -> Any:
        """End the assistants too, when a user logs out from all devices (18.0 on; 17.0 sets the password for it)."""
        result = super()._action_revoke_all_devices()
        self._mcp_native_end_grants("devices")
        return result

    def _mcp_native_may_connect(self) -> bool:
        """Whether assistants of this user may use the server at all."""
        return self.has_group("mcp_native.group_user") and self.has_group("base.group_user")

    def _mcp_native_end_grants(self, reason: str) -> None:
        """End what assistants were granted by these users."""
        self.env["mcp_native.oauth.grant"].sudo().search([("user_id", "in", self.ids), ("ended", "=", False)])._end(
            reason
        )
