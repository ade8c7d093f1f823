# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import api, models
from odoo.exceptions import AccessError

from ..orm import narrowing
from ..orm.rules import DENY


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    @api.model
    def check(self, model: str, mode: str = "read", raise_exception: bool = True) -> bool:
        """Deny what the profile of the assistant's call denies, before Odoo's own rights are asked.

        Here, and not in what these rights are computed from: that is cached, for all that a user does.
        """
        if narrowing.current() is None or self.env.su or narrowing.decision(model, mode) != DENY:
            return super().check(model, mode, raise_exception)
        if raise_exception:
            raise AccessError(narrowing.refused(model, mode))
        return False

    def _make_access_error(self, model: str, mode: str) -> AccessError:
        """Name the layer that refused. From 18.0 on."""
        if not self.env.su and narrowing.decision(model, mode) == DENY:
            return AccessError(narrowing.refused(model, mode))
        return super()._make_access_error(model, mode)
