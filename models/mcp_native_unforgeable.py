# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import _, api, models
from odoo.exceptions import AccessError

EDIT_SENTINEL = object()
"""Its presence in the context under EDIT_KEY proves that code of this process asks: no client can send it."""
EDIT_KEY = "mcp_native_log_edit"


class McpNativeUnforgeable(models.AbstractModel):
    """Rows that nobody makes, changes or deletes, administrators and the superuser included.

    Only code of this module does, with the sentinel in its context or by SQL.
    """

    _name = "mcp_native.unforgeable"
    _description = "MCP Rows Nobody May Forge"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> models.BaseModel:
        self._check_editable()
        return super().create(vals_list)

    def write(self, vals: dict[str, Any]) -> bool:
        self._check_editable()
        return super().write(vals)

    def unlink(self) -> bool:
        self._check_editable()
        return super().unlink()

    def _check_editable(self) -> None:
        if self.env.context.get(EDIT_KEY) is not EDIT_SENTINEL:
            raise AccessError(self._refusal())

    def _refusal(self) -> str:
        """Return why an edit is refused. For overriding."""
        return _("Nobody may change these rows.")
