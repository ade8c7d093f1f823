# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self) -> dict[str, Any]:
        """Tell the web client whether this user may connect assistants, for the entry in the user's menu."""
        return {**super().session_info(), "mcp_native_user": self.env.user.has_group("mcp_native.group_user")}
