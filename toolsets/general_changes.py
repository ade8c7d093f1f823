# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Annotated, Any

from odoo import models

from ..models.principal import Principal
from ..orm import dates
from ..orm.diff import change_lines, diff
from ..orm.errors import ToolError
from ..orm.narrowing import unnarrowed
from ..orm.undo import reversed_operations
from .arguments import Cursor, Id, Model, Schema
from .declare import tool
from .page import Page

LIMIT = 20
Since = Annotated[str, Schema(description="ISO time")]


class ToolsetChanges(models.AbstractModel):
    _name = "mcp_native.toolset.changes"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Changes and Undo"
    _toolset = "control"

    @tool(title="List changes", read_only=True, destructive=False, idempotent=True, open_world=False)
    def list_changes(
        self,
        model: Model | None = None,
        ids: list[Id] | None = None,
        since: Since | None = None,
        cursor: Cursor | None = None,
    ) -> str:
        """List what assistants changed for this user, newest first, for undo_changes."""
        domain: list[Any] = [("user_id", "=", self.env.uid)]
        if model:
            domain.append(("model", "=", self._model(model)._name))
        if ids:
            domain.append(("res_id", "in", ids))
        if since:
            domain.append(("date", ">=", dates.from_user(since, self.env, "datetime")))
        page = Page.of(cursor, LIMIT, "changes", domain)
        rows = self._found(domain, offset=page.start, limit=LIMIT + 1)
        texts = change_lines(self.env, rows[:LIMIT]._changes(self._principal()))
        lines = [f"{self._head(row)}|{text}" for row, text in zip(rows, texts, strict=False) if text]
        return "\n".join([*lines, *page.more(len(rows) > LIMIT)]) or "No changes."

    @tool(title="Undo changes", read_only=False, destructive=True, idempotent=True, open_world=False)
    def undo_changes(
        self,
        changes: Annotated[list[Id], Schema(maxItems=1000)] | None = None,
        call: str | None = None,
        since: Since | None = None,
    ) -> str:
        """Undo changes, all or none. Refused where a value was changed after. Give one of:

        :param changes: numbers from list_changes
        :param call: all of one call
        :param since: all of this connection since then
        """
        rows = self._chosen(changes, call, since)
        found = rows._undoable()
        self._note("mcp_native.change", found.ids)
        principal = self._principal()
        made = found._changes(principal)
        for operation, model, ids in reversed_operations(made):
            records = self.env[model].browse() if operation == "create" else self.env[model].browse(ids).exists()
            self._intend(operation, records, count=len(ids))
        text = diff(self.env, made, limit=2000)
        notes = found._undo(principal)
        return "\n".join([f"Undone {len(found)}. What had been done:", text, *notes])

    def _found(self, domain: list[Any], **options: Any) -> models.BaseModel:
        """Return rows, fetched: no tool reads them as records, because they hold what other connections may see."""
        with unnarrowed():
            rows = self.env["mcp_native.change"].search(domain, **options)
            rows.mapped("can_undo")
            return rows

    def _principal(self) -> Principal | None:
        return self._call().facts.get("principal")

    def _chosen(self, changes: list[int] | None, call: str | None, since: str | None) -> models.BaseModel:
        if sum(map(bool, (changes, call, since))) != 1:
            raise ToolError("Give one of: changes, call, since.")
        own = [("user_id", "=", self.env.uid)]
        if changes:
            found = self._found([*own, ("id", "in", changes)])
            if missing := sorted(set(changes) - set(found.ids)):
                raise ToolError(f"There are no changes {missing} of this user. list_changes shows them.")
            return found
        if call:
            return self._found([*own, ("request_id", "=", call), ("direct", "=", True)])
        start = ("date", ">=", dates.from_user(since, self.env, "datetime"))
        return self._found([*own, *self._connection(), start, ("direct", "=", True), ("state", "=", "done")])

    def _connection(self) -> list[Any]:
        """Return a domain's leaves for the changes of the connection at hand."""
        principal = self._principal()
        if principal is None:
            raise ToolError("Give the numbers of changes, or a call: which connection this is cannot be told.")
        return [("kind", "=", principal.kind), ("credential_id", "=", principal.credential_id)]

    def _head(self, row: models.BaseModel) -> str:
        """Return what stands before a change: its number, its call, when and by which tool."""
        state = " (undone)" if row.state == "undone" else "" if row.direct else " (by Odoo itself)"
        return f"{row.id}|call {row.request_id}|{dates.to_user(row.date, self.env)}|{row.tool}{state}"
