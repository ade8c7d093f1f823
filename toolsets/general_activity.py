# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any, Literal

from odoo import models

from ..orm import access, activities, chatter, dates, origin, richtext
from ..orm.errors import ToolError
from ..orm.lookup import existing
from ..orm.names import name_of
from ..orm.narrowing import unnarrowed
from ..orm.scalars import choice, located
from ..orm.values import record_id
from .arguments import Cursor, Id, Model
from .declare import tool
from .page import Page

LIMIT = 50


class ToolsetActivity(models.AbstractModel):
    _name = "mcp_native.toolset.activity"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Activities"
    _toolset = "messages"

    @tool(title="List activities", read_only=True, destructive=False, idempotent=True, open_world=False)
    def list_activities(
        self,
        scope: Literal["mine", "overdue", "record"] | None = None,
        model: Model | None = None,
        id: Id | None = None,
        cursor: Cursor | None = None,
    ) -> str:
        """List planned activities: the user's, those overdue, or a record's."""
        scope = scope or ("record" if model and id else "mine")
        domain = self._domain(scope, model, id)
        limit = self._rows(LIMIT)
        page = Page.of(cursor, limit, "activities", scope, model, id)
        rows = self.env["mail.activity"]
        found = rows.search(domain, offset=page.start, limit=limit + 1, order="date_deadline, id")
        shown = found[:limit]
        if not shown:
            return "No activities."
        self._note("mail.activity", shown.ids)
        head = f"Activities {page.start + 1}-{page.start + len(shown)}; today is {dates.today(self.env)}"
        return "\n".join([head, activities.listed(shown), *page.more(len(found) > limit)])

    @tool(title="Schedule activity", read_only=False, destructive=False, idempotent=False, open_world=False)
    def schedule_activity(
        self,
        model: Model,
        ids: list[Id],
        summary: str,
        due: str,
        user: Id | str | None = None,
        type: Id | str | None = None,
        note: str | None = None,
    ) -> str:
        """Plan a to-do, call or meeting on records, for the user or another."""
        records = self._model(model)
        chatter.check_thread(records, "activity_ids", "activities")
        records = self._chosen(records, ids)
        planned = self.env["mail.activity"]
        values = {
            "res_model_id": self._model_id(model),
            "summary": summary,
            "date_deadline": self._day(due),
            "user_id": self._user(user) if user else self.env.uid,
            "note": richtext.as_html(note) if note else False,
            "activity_type_id": self._type(model, type) if type else self._default_type(model),
        }
        access.check(planned, "create")
        self._intend("create", planned, count=len(records))
        with unnarrowed():
            planned = planned.create([{**values, "res_id": record.id} for record in records])
        return f"Planned for {values['date_deadline']}: {activities.named(planned)}"

    @tool(title="Complete activity", read_only=False, destructive=True, idempotent=True, open_world=False)
    def complete_activity(self, ids: list[Id], feedback: str | None = None, cancel: bool = False) -> str:
        """Mark activities as done, as the chatter then tells, or cancel them."""
        found = self._chosen(self._model("mail.activity"), ids)
        operation = "unlink" if cancel else "write"
        access.check(found, operation)
        names = activities.named(found)
        pending = found.filtered(found._active_name) if found._active_name else found  # 18.0 on keep what is done
        if not (pending or cancel):
            return f"Done already: {names}"
        self._intend(operation, found, touched=[] if cancel else [("mail.message", "create")])
        with unnarrowed(), origin.meaning("mail.activity", "mail.message"):
            if cancel:
                found.unlink()
                return f"Cancelled: {names}"
            _messages, following = pending._action_done(feedback=feedback or False)
        done = f"Done: {names}"
        return f"{done}\nNext, as planned for this type: {activities.named(following)}" if following else done

    def _domain(self, scope: str, model: str | None, record: int | None) -> list[Any]:
        """Return the domain of a list of activities.

        :raise ToolError: a record is asked for and not named, or there is none
        """
        domain: list[Any] = [] if scope == "record" else [("user_id", "=", self.env.uid)]
        if scope == "overdue":
            domain.append(("date_deadline", "<", dates.today(self.env)))
        if scope == "record" and not (model and record):
            raise ToolError('scope "record" needs model and id.')
        if model:
            domain.append(("res_model", "=", self._model(model)._name))
        if model and record:
            domain.append(("res_id", "=", existing(self.env[model], [record]).id))
        return domain

    def _day(self, due: str) -> str:
        with located("due"):
            return dates.from_user(due, self.env, "date")

    def _chosen(self, records: models.BaseModel, ids: list[int]) -> models.BaseModel:
        """Return the records with these ids, and note them.

        :raise ToolError: none are given, or one is not there
        """
        if not ids:
            raise ToolError("ids: give at least one id.")
        self._note(ids=ids)
        return existing(records, ids)

    def _user(self, given: int | str) -> int:
        with located("user"):
            return record_id(self.env["res.users"], given)

    def _type(self, model: str, given: int | str) -> int:
        types = self.env["mail.activity.type"].search([("res_model", "in", (False, model))])
        with located("type"):
            return choice(given, [(one.id, name_of(one)) for one in types])

    def _default_type(self, model: str) -> int | bool:
        """Return the type that Odoo proposes for records of a model."""
        defaults = self.env["mail.activity"].with_context(default_res_model=model).default_get(["activity_type_id"])
        return defaults.get("activity_type_id", False)

    def _model_id(self, model: str) -> int:
        with unnarrowed():
            return self.env["ir.model"]._get_id(model)
