# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import api, models
from odoo.tools.query import Query

from ..compat import both_domains
from ..orm import narrowing


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name: str, mode: str = "read") -> Any:
        """Add what the profile of the assistant's call says about records.

        Odoo's own part runs unnarrowed: it is cached for the user, and asks this method for the models that a model
        delegates to.
        """
        if narrowing.current() is None or self.env.su:
            return super()._compute_domain(model_name, mode)
        narrowed = narrowing.record_domain(self.env[model_name], mode)
        with narrowing.unnarrowed():
            domain = super()._compute_domain(model_name, mode)
        return both_domains(domain, narrowed) if narrowed else domain

    @api.model
    def _mcp_native_matching(self, model_name: str, domain: list) -> Query:
        """Return a query of all records that match a domain of a profile, archived ones too.

        Beyond the user's own rights, because it is only ever a part of a condition on what the user may read.
        """
        with narrowing.unnarrowed():
            return self.env[model_name].sudo().with_context(active_test=False)._search(domain)
