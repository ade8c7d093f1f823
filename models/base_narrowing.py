# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections.abc import Collection
from typing import Any

from odoo import api, models

from ..compat import evaluable
from ..orm import narrowing


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def fields_get(
        self, allfields: Collection[str] | None = None, attributes: Collection[str] | None = None
    ) -> dict[str, dict[str, Any]]:
        """Leave out what the profile of the assistant's call hides, and say what it makes read-only."""
        infos = super().fields_get(allfields, attributes)
        if narrowing.current() is None or self.env.su:
            return infos
        hidden, fixed = narrowing.hidden_fields(self), narrowing.readonly_fields(self)
        return {
            name: {**info, "readonly": True} if name in fixed and "readonly" in info else info
            for name, info in infos.items()
            if name not in hidden
        }

    def filtered_domain(self, domain: Any) -> models.BaseModel:
        """Understand the queries in the domains of a profile, which Odoo's checks evaluate in Python too."""
        return super().filtered_domain(domain if narrowing.current() is None else evaluable(domain))
