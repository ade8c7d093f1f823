# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import models

from .completion import Context
from .declare import prompt
from .facts import Facts, can_tell

TASK, PROJECT, MILESTONE = "project.task", "project.project", "project.milestone"
COLUMNS = ("name", "project_id", "stage_id", "date_deadline", "user_ids", "priority")
OPEN = ["state", "not in", ["1_done", "1_canceled"]]
ASLEEP = -14
"""Days without a change, from which a task may be forgotten."""


class ToolsetPromptsProject(models.AbstractModel):
    _name = "mcp_native.toolset.prompts.project"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Project"

    def _is_available(self) -> bool:
        return can_tell(self, TASK, PROJECT)

    @prompt(title="Project status", completions={"project": "_complete_project"})
    def project_status(self, project: str | None = None) -> str:
        """Where projects stand: late, unassigned and forgotten tasks, milestones, and what to do.

        :param project: a project, by name or id; all without it
        """
        facts = Facts(self)
        own = [["project_id", "!=", False]]
        if project:
            found = self._pointed(PROJECT, project)
            own = [["project_id", "=", found.id]]
            columns = ["name", "user_id", "partner_id", "date_start", "date", "last_update_status"]
            facts.record("The project", PROJECT, found.id, columns)
        opened = [*own, OPEN]
        facts.totals("Open tasks", TASK, opened, [], ["stage_id"] if project else ["project_id"], "__count desc", 10)
        late = [*opened, ["date_deadline", "<", facts.day()]]
        facts.rows("Late", TASK, late, COLUMNS, "date_deadline, id", 10)
        facts.rows("Nobody's", TASK, [*opened, ["user_ids", "=", False]], COLUMNS, "priority desc, id", 6)
        waiting = [*opened, ["state", "=", "04_waiting_normal"]]
        facts.rows("Wait for other tasks", TASK, waiting, COLUMNS, "date_deadline, id", 5)
        asleep = [*opened, ["write_date", "<", facts.day(ASLEEP)]]
        facts.rows("Not touched for two weeks", TASK, asleep, COLUMNS, "write_date, id", 6)
        if can_tell(self, MILESTONE):
            coming = [*own, ["is_reached", "=", False], ["deadline", "<=", facts.day(14)]]
            columns = ["name", "project_id", "deadline"]
            facts.rows("Milestones, late or within two weeks", MILESTONE, coming, columns, "deadline, id", 6)
        return facts.prompt(
            "Tell me how the project stands." if project else "Tell me how our projects stand.",
            "Judge each: on track, at risk, off track, and why.",
            "Name the tasks that decide it, and read their messages where you need to know why they are late.",
            "Suggest what to do: who takes what, what moves, what is dropped.",
            "Draft a status update of at most twelve lines that could be sent to the customer.",
        )

    def _brief(self, facts: Facts) -> None:
        mine = [OPEN, ["user_ids", "in", [self.env.uid]], ["date_deadline", "<=", facts.day()]]
        facts.rows("My tasks, late or due today", TASK, mine, COLUMNS[:4], "date_deadline, id", 8)

    def _complete_project(self, beginning: str, context: Context) -> list[str]:
        return self._completed(PROJECT, beginning)
