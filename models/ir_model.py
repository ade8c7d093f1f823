# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import api, models

TOOLSET_NAMES = "mcp_native_toolset_names"
"""The key of a context in which toolsets are called by what they are for."""


class IrModel(models.Model):
    _inherit = "ir.model"

    @api.depends_context(TOOLSET_NAMES)
    def _compute_display_name(self) -> None:
        result = super()._compute_display_name()
        if self.env.context.get(TOOLSET_NAMES):
            for model in self:
                model.display_name = _own_part(model.display_name)
        return result

    @api.model
    def _mcp_native_toolset_name(self, model: str) -> str:
        """Return what a toolset is for: ``Read Records`` of the model ``MCP Toolset: Read Records``."""
        return _own_part(self._get(model).name or model)


def _own_part(name: str) -> str:
    """Return a model's name without the words that all toolsets begin with, in whatever language."""
    _head, colon, own = (name or "").partition(": ")
    return own if colon else (name or "").removeprefix("MCP ")
