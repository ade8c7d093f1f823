# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import _, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_datetime

from ..models.log_chain import GENESIS, Finding, Report


class McpNativeLogCheck(models.TransientModel):
    """Says whether the access log is as it was sealed."""

    _name = "mcp_native.log.check"
    _description = "Check of the MCP Access Log"

    state = fields.Selection([("whole", "Whole"), ("broken", "Not whole"), ("empty", "Nothing sealed")], readonly=True)
    summary = fields.Text(readonly=True)
    findings = fields.Text(readonly=True)
    head = fields.Char("Last Hash", readonly=True)
    known_hash = fields.Char(
        "Hash Noted Earlier",
        help="A hash that was noted outside of this database. If it is not among the seals, these were made again.",
    )

    def action_check(self) -> dict[str, Any]:
        """Compare the log with its seals, and show what was found.

        :raise AccessError: the user is no manager
        """
        if not self.env.user.has_group("mcp_native.group_manager"):
            raise AccessError(_("Only managers can check the access log."))
        wizard = self or self.create({})
        wizard._show(self.env["mcp_native.log.seal"]._check(wizard.known_hash or ""))
        return {
            "type": "ir.actions.act_window",
            "name": _("Check of the Access Log"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_seal(self) -> dict[str, Any]:
        """Seal the rows that are older than a minute, then check.

        :raise AccessError: the user is no manager
        """
        if self.env.user.has_group("mcp_native.group_manager"):
            self.env["mcp_native.log.seal"]._seal_rows()
        return self.action_check()

    def _answer(self, known_hash: str = "") -> tuple[bool, str]:
        """Return whether the log is whole, and what was found as text, for the command."""
        report = self.env["mcp_native.log.seal"]._check(known_hash)
        verdict = {
            "whole": _("The log is whole."),
            "broken": _("The log is not whole."),
            "empty": _("Nothing is sealed: there is nothing to compare the log with."),
        }
        lines = [verdict[_state(report)]]
        lines += [*self._sentences(report), *self._summary(report)]
        if report.head != GENESIS:
            lines.append(_("Last hash: %s", report.head))
        return not report.problems, "\n".join(lines)

    def _show(self, report: Report) -> None:
        self.write(
            {
                "state": _state(report),
                "summary": "\n".join(self._summary(report)),
                "findings": "\n".join(self._sentences(report)),
                "head": "" if report.head == GENESIS else report.head,
            }
        )

    def _sentences(self, report: Report) -> list[str]:
        lines = [self._sentence(finding) for finding in report.findings]
        if report.problems > len(lines):
            lines.append(_("… and %s more.", report.problems - len(lines)))
        return lines

    def _summary(self, report: Report) -> list[str]:
        lines = [_("Rows compared: %(rows)s. Seals compared: %(seals)s.", rows=report.rows, seals=report.seals)]
        if report.deleted:
            until = format_datetime(self.env, report.deleted_until[:19].replace("T", " "))
            facts = {"rows": report.deleted, "date": until}
            lines.append(_("Rows deleted by the retention: %(rows)s, up to %(date)s.", **facts))
        if report.unsealed:
            since = format_datetime(self.env, report.unsealed_since) if report.unsealed_since else ""
            lines.append(_("Rows not sealed yet: %(rows)s, from %(date)s on.", rows=report.unsealed, date=since))
        return lines

    def _sentence(self, finding: Finding) -> str:
        """Return what a finding means, in the user's language."""
        facts = {"id": finding.id, "count": finding.count}
        if finding.kind == "missing" and finding.count > 1:
            return _("%(count)s rows are missing, from row %(id)s on.", **facts)
        return {
            "altered": _("Row %(id)s was altered.", **facts),
            "missing": _("Row %(id)s is missing.", **facts),
            "added": _("Row %(id)s was added.", **facts),
            "seal_altered": _("Seal %(id)s was altered; its %(count)s rows cannot be verified.", **facts),
            "seal_missing": _("A seal before seal %(id)s is missing, or was made again.", **facts),
            "unsealed_rows": _("%(count)s rows before seal %(id)s are in no seal.", **facts),
            "not_deleted": _("%(count)s rows of seal %(id)s are there, although the retention deleted them.", **facts),
            "unknown_hash": _("The hash noted earlier is in no seal: the seals were made again."),
        }[finding.kind]


def _state(report: Report) -> str:
    if report.problems:
        return "broken"
    return "whole" if report.seals else "empty"
