# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import models

from .completion import Context
from .declare import prompt
from .facts import Facts, can_tell

LEAD = "crm.lead"
COLUMNS = ("name", "partner_id", "stage_id", "expected_revenue", "probability", "date_deadline", "user_id")
BY_REVENUE = "expected_revenue desc, id"
STUCK = -30
"""Days in the same stage, from which an opportunity counts as stuck."""


class ToolsetPromptsCrm(models.AbstractModel):
    _name = "mcp_native.toolset.prompts.crm"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: CRM"

    def _is_available(self) -> bool:
        return can_tell(self, LEAD)

    @prompt(title="Pipeline review", completions={"team": "_complete_team", "salesperson": "_complete_salesperson"})
    def pipeline_review(self, team: str | None = None, salesperson: str | None = None) -> str:
        """Where the sales pipeline stands, what is stuck and what to do next.

        :param team: a sales team, by name or id; all that you see without it
        :param salesperson: a user, by name or id
        """
        mine: list = []
        if team:
            mine.append(["team_id", "=", self._pointed("crm.team", team).id])
        if salesperson:
            mine.append(["user_id", "=", self._pointed("res.users", salesperson).id])
        opened = [*mine, ["type", "=", "opportunity"], ["stage_id.is_won", "=", False]]
        facts = Facts(self)
        measures = ["expected_revenue:sum", "probability:avg"]
        facts.totals("Open opportunities by stage", LEAD, opened, measures, ["stage_id"])
        if not salesperson:
            facts.totals("By salesperson", LEAD, opened, measures, ["user_id"], "expected_revenue:sum desc", 6)
        late = [*opened, ["date_deadline", "<", facts.day()]]
        facts.rows("Should have been closed by now", LEAD, late, COLUMNS, BY_REVENUE)
        facts.rows("Without a next activity", LEAD, [*opened, ["activity_ids", "=", False]], COLUMNS, BY_REVENUE)
        stuck = [*opened, ["date_last_stage_update", "<", facts.day(STUCK)]]
        facts.rows("In the same stage for 30 days", LEAD, stuck, COLUMNS, BY_REVENUE, 6)
        month = [*mine, ["type", "=", "opportunity"], ["date_closed", ">=", facts.today.replace(day=1).isoformat()]]
        ended = {
            "won": [*month, ["stage_id.is_won", "=", True]],
            "lost": [*month, ["active", "=", False], ["probability", "=", 0]],
        }
        facts.compared("Ended this month", LEAD, ended, ["expected_revenue:sum"])
        return facts.prompt(
            "Review the sales pipeline with me: is it healthy, what is at risk, what should be done this week?",
            "Judge how it is spread over the stages, and how much of the revenue expected is realistic.",
            "Name the opportunities at risk, the largest first, with what you find in their messages if it helps.",
            "Suggest next activities: for whom, what, until when. I say which of them you plan.",
        )

    def _brief(self, facts: Facts) -> None:
        opened = [["user_id", "=", self.env.uid], ["stage_id.is_won", "=", False]]
        late = [*opened, ["date_deadline", "<=", facts.day()]]
        facts.rows("My opportunities that should close by today", LEAD, late, COLUMNS[:6], BY_REVENUE, 5)
        fresh = [["user_id", "in", [False, self.env.uid]], ["create_date", ">=", facts.day(-1)]]
        facts.rows("New leads since yesterday", LEAD, fresh, ["name", "partner_name", "email_from"], "id desc", 5)

    def _complete_team(self, beginning: str, context: Context) -> list[str]:
        return self._completed("crm.team", beginning)

    def _complete_salesperson(self, beginning: str, context: Context) -> list[str]:
        return self._completed("res.users", beginning)
