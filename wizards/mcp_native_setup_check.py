# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from dataclasses import asdict
from typing import Any

from odoo import _, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.http import request

from ..models import settings
from ..setup_check import (
    ADVICE,
    OK,
    PROBLEM,
    AddressChecks,
    AnswerChecks,
    Checks,
    Finding,
    OutboundChecks,
    ServerChecks,
    Site,
    Visit,
    host_of,
    look,
    questions,
)

WORST_FIRST = (PROBLEM, ADVICE, OK)


class McpNativeSetupCheck(models.TransientModel):
    """Looks at what commonly keeps assistants from connecting, and says how to mend it."""

    _name = "mcp_native.setup.check"
    _description = "Check of the MCP Set-Up"

    line_ids = fields.One2many("mcp_native.setup.check.line", "check_id", readonly=True)
    report = fields.Html(compute="_compute_report", sanitize=False)  # made by our own template, which escapes

    @api.depends("line_ids")
    def _compute_report(self) -> None:
        for check in self:
            states = check.line_ids.mapped("state")
            values = {"lines": check.line_ids, **{state: states.count(state) for state in WORST_FIRST}}
            check.report = self.env["ir.qweb"]._render("mcp_native.setup_check_report", values)

    @api.model
    def action_open(self) -> dict[str, Any]:
        """Check everything and show what was found.

        :raise AccessError: the user is no administrator
        """
        return self.create({}).action_check()

    def action_check(self) -> dict[str, Any]:
        """Check everything again and show what was found.

        :raise AccessError: the user is no administrator
        """
        return self._check_and_show(self._checks())

    def action_check_internet(self) -> dict[str, Any]:
        """Check everything again, and whether this server reaches the internet, which asks a foreign host.

        :raise AccessError: the user is no administrator
        """
        return self._check_and_show([*self._checks(), OutboundChecks])

    def _check_and_show(self, checks: list[type[Checks]]) -> dict[str, Any]:
        self._check_administrator()
        self._show(self._findings(checks))
        return {
            "type": "ir.actions.act_window",
            "name": _("Check My Set-Up"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_administrator(self) -> None:
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(_("Only administrators can check the set-up."))

    def _show(self, findings: list[Finding]) -> None:
        lines = [asdict(finding) for finding in sorted(findings, key=lambda found: WORST_FIRST.index(found.state))]
        self.line_ids = [Command.clear(), *(Command.create(line) for line in lines)]

    def _findings(self, checks: list[type[Checks]]) -> list[Finding]:
        """Return what every check found, in the order in which things are best mended."""
        host = host_of(settings.base_url(self.env))
        outside = look(questions(self.env), host, self._patience())
        site = Site(self.env, outside, self._visit())
        return [finding for kind in checks for finding in kind(site).findings()]

    # -- seams

    @api.model
    def _checks(self) -> list[type[Checks]]:
        """Return the classes of the checks; another addon may add its own."""
        return [AddressChecks, ServerChecks, AnswerChecks]

    @api.model
    def _patience(self) -> float:
        """Return for how many seconds an answer is waited for."""
        return 5.0

    @api.model
    def _visit(self) -> Visit | None:
        """Return how the administrator came, None outside of requests."""
        if not request:
            return None
        httprequest = request.httprequest
        return Visit(httprequest.host_url.rstrip("/"), httprequest.headers)


class McpNativeSetupCheckLine(models.TransientModel):
    _name = "mcp_native.setup.check.line"
    _description = "Line of the Check of the MCP Set-Up"
    _order = "id"
    _rec_name = "subject"

    check_id = fields.Many2one("mcp_native.setup.check", required=True, ondelete="cascade")
    state = fields.Selection(
        [(OK, "All right"), (ADVICE, "Advice"), (PROBLEM, "Problem")], required=True, readonly=True
    )
    subject = fields.Char("Checked", required=True, readonly=True)
    found = fields.Text(required=True, readonly=True)
    steps = fields.Json("How to Mend It", readonly=True)  # a list of {"text", "code"}
