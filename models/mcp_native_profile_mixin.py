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
        records = super().create(vals_list)
        self._forget_profiles()
        return records

    def write(self, vals: dict[str, Any]) -> bool:
        result = super().write(vals)
        self._forget_profiles()
        return result

    def unlink(self) -> bool:
        result = super().unlink()
        self._forget_profiles()
        return result

    @api.model
    def _forget_profiles(self) -> None:
        """Make every worker forget what profiles say.

        Twice: at once, for the rest of this transaction, and after its end, for calls in this process that read the
        old state meanwhile. Odoo tells the other processes.
        """
        registry = self.env.registry
        registry.clear_cache()
        self.env.cr.postcommit.add(registry.clear_cache)
