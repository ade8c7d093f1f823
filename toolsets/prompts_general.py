# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import models

from ..orm.choice import important_fields
from ..orm.lookup import field_infos, is_readable
from ..orm.render import one_line
from .declare import PromptDeclaration, ToolDeclaration, prompt
from .facts import Facts, can_tell

IDENTIFYING = ("email", "vat", "phone", "barcode", "default_code", "ref", "name")
"""Fields that two records seldom share on purpose."""

CHECKED_TYPES = frozenset({"char", "many2one", "selection", "date", "datetime", "text", "html"})
CHECKED_FIELDS = 12
SAME = 3
"""Fields of which repeated values are shown."""

MESSAGES = "mcp_native.toolset.message"

OLD = -730
"""Days since the last change, from which a record may be out of date."""


class McpNativeToolset(models.AbstractModel):
    _inherit = "mcp_native.toolset"

    def _brief(self, facts: Facts) -> None:
        """Tell what the user should know of these records today: a part of the daily briefing. For overriding."""


class ToolsetPrompts(models.AbstractModel):
    _name = "mcp_native.toolset.prompts"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Prompts"
    _toolset = "prompts"

    def _is_available(self) -> bool:
        return can_tell(self)

    @prompt(title="My day")
    def daily_briefing(self) -> str:
        """What is due today and late, in all apps."""
        facts = Facts(self)
        offered = {item.model for item in self._offered(PromptDeclaration)}
        for name in sorted(offered & {*self.env.registry.descendants(["mcp_native.toolset"], "_inherit")}):
            self.env[name]._brief(facts)
        return facts.prompt(
            "Brief me for my day: what is late, what is due today, what I should do first.",
            "Put late and costly things first; leave out what needs nothing from me.",
            "For each, say in a line what it is, why it matters today, and the next step that you suggest.",
            "End with the three things to do first.",
        )

    def _brief(self, facts: Facts) -> None:
        mine = [["user_id", "=", self.env.uid]]
        columns = ["date_deadline", "summary", "activity_type_id", "res_model", "res_id", "res_name"]
        if is_readable(self.env["mail.activity"]):
            due = [*mine, ["date_deadline", "<=", facts.day()]]
            facts.rows("My activities, late or due today", "mail.activity", due, columns, "date_deadline, id", 12)
        if "calendar.event" in self.env and is_readable(self.env["calendar.event"]):
            meetings = [["partner_ids", "in", self.env.user.partner_id.ids], ["start", "<=", facts.day()]]
            meetings.append(["stop", ">=", facts.day()])
            facts.rows("My meetings today", "calendar.event", meetings, ["start", "stop", "name", "location"], "start")

    @prompt(title="Data quality", completions={"model": "_complete_model"})
    def data_quality(self, model: str) -> str:
        """Gaps, repetitions and old entries in the records of a model.

        :param model: technical name, such as res.partner
        """
        records = self._model(model)
        facts = Facts(self)
        facts.totals("All records", model, [])
        names = self._checked_fields(records)
        facts.compared(
            "Records without a value", model, {one_line(name, 60): [[name, "=", False]] for name in names}
        )
        for name in [name for name in IDENTIFYING if name in names][:SAME]:
            title = f"Several records with the same {name}"
            filled = [[name, "!=", False]]
            facts.totals(title, model, filled, by=[name], having=[["__count", ">", 1]], order="__count desc", limit=5)
        facts.compared("Not changed for two years", model, {"records": [["write_date", "<", facts.day(OLD)]]})
        return facts.prompt(
            f"Check the quality of the data in {model}, and help me to improve it.",
            "Say which gaps and repetitions harm daily work, and which do not matter.",
            "Look at some of the records behind the worst three, to see what causes them.",
            "Suggest how to correct them: which records, which values, in which order. Suggest what to ask for when "
            "records are made.",
        )

    def _checked_fields(self, records: models.BaseModel) -> list[str]:
        """Return the fields of which gaps are looked for: stored, of a kind that can be empty, those that matter."""
        infos = field_infos(records, None, ("type", "store", "searchable"))
        usable = [
            name
            for name in important_fields(records, infos)
            if infos[name]["type"] in CHECKED_TYPES and infos[name]["store"] and infos[name]["searchable"]
        ]
        first = [name for name in IDENTIFYING if name in usable[: 4 * CHECKED_FIELDS]]
        return list(dict.fromkeys([*first, *usable]))[:CHECKED_FIELDS]

    @prompt(title="About a record", completions={"model": "_complete_model", "id": "_complete_id"})
    def record_summary(self, model: str, id: str) -> str:
        """What matters about one record now, and what to do next.

        :param model: technical name, such as sale.order
        :param id: its id, or a part of its name
        """
        record = self._pointed(model, id)
        facts = Facts(self)
        facts.record(f"{model} {record.id}", model, record.id)
        there = record.fields_get(["activity_ids", "message_ids"], ["type"])
        if "activity_ids" in there:
            about = [["res_model", "=", model], ["res_id", "=", record.id]]
            columns = ["date_deadline", "summary", "user_id"]
            facts.rows("Activities", "mail.activity", about, columns, "date_deadline")
        if "message_ids" in there and MESSAGES in {item.model for item in self._offered(ToolDeclaration)}:
            facts.tell("Messages", lambda: self.env[MESSAGES].read_messages(model, record.id, 5))
        return facts.prompt(
            f"Tell me what I need to know about {model} {record.id} before I work on it.",
            "Read what belongs to it where it matters: lines, older messages, documents of the same partner.",
            "Summarise in at most ten lines: what it is, where it stands, who waits for whom, what is unusual.",
            "Suggest the next step.",
        )
