# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import NamedTuple

from odoo import api, models

from ..compat import group_ids, report_groups
from ..orm.lookup import is_readable

PRINTED = ("qweb-pdf", "qweb-html", "qweb-text")


class Report(NamedTuple):
    """A report that a user may print.

    :param name: its technical name
    :param label: what people call it, in the language of the environment
    :param kind: one of ``PRINTED``
    """

    name: str
    label: str
    model: str
    kind: str


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _mcp_native_named(self, text: str) -> list[Report]:
        """Return the reports that a text names and the user may print: by technical name, XML id, label or model.

        Users may not read the reports themselves: Odoo, too, looks them up beyond their rights.
        """
        domain = ["|", "|", ("report_name", "=", text), ("model", "=", text), ("name", "=ilike", _literal(text))]
        found = self.sudo().search([("report_type", "in", PRINTED), *domain], order="name, id")
        if "." in text and not found:
            record = self.sudo().env.ref(text, raise_if_not_found=False)
            found = record if record and record._name == self._name else found
        return self._mcp_native_printable(found)

    @api.model
    def _mcp_native_of_model(self, model: str) -> list[Report]:
        """Return the reports of a model that the user may print, by their labels."""
        return self._mcp_native_printable(self.sudo().search([("model", "=", model)], order="name, id"))

    @api.model
    def _mcp_native_printable(self, reports: IrActionsReport) -> list[Report]:
        held = group_ids(self.env.user)
        return [
            Report(report.report_name, report.name, report.model, report.report_type)
            for report in reports
            if report.report_type in PRINTED
            and report.model in self.env
            and is_readable(self.env[report.model])
            and (not report_groups(report) or held & set(report_groups(report).ids))
        ]


def _literal(text: str) -> str:
    """Return a text for ``=ilike`` that stands for itself only."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
