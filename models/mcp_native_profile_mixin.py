# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import api, models


class McpNativeProfileMixin(models.AbstractModel):
    """Makes every worker read the profiles afresh when a part of one changes."""

    _name = "mcp_native.profile.mixin"
    _description = "MCP Profile Part"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> models.BaseModel:
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals: dict[str, Any]) -> bool:
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self) -> bool:
        self.env.registry.clear_cache()
        return super().unlink()
