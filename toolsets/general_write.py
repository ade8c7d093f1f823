# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from odoo import models

from ..orm import access, archiving, copying
from ..orm.errors import ToolError
from ..orm.lookup import existing
from ..orm.narrowing import unnarrowed
from ..orm.render import named
from ..orm.values import checked_values, lines, touched
from .arguments import Companies, Ids, Language, Model, Schema, Values, Zone
from .declare import tool


class ToolsetWrite(models.AbstractModel):
    _name = "mcp_native.toolset.write"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Write Records"
    _toolset = "records"

    @tool(
        title="Create records", read_only=False, destructive=False, idempotent=False, open_world=False, progress=True
    )
    def create_records(
        self,
        model: Model,
        values: Annotated[list[Values], Schema(minItems=1, maxItems=1000)],
        companies: Companies | None = None,
        lang: Language | None = None,
        tz: Zone | None = None,
    ) -> str:
        """Create one or many records, all or none. Fields left out get Odoo's defaults.

        :param values: e.g. [{"name":"Acme"}]; related records by id or exact name; x2many as ids or commands; HTML as
            Markdown; dates ISO
        """
        records = self._model(model, companies=companies, lang=lang, tz=tz)
        access.check(records, "create")
        checked = [
            _at(position, len(values), checked_values, records, item, creating=True)
            for position, item in enumerate(values)
        ]
        count = len(checked) + sum(lines(records, item) for item in checked)
        self._intend("create", records, touched=_touched(records, checked, creating=True), count=count)
        with unnarrowed():
            created = records.browse().union(*[records.create(chunk) for chunk in self._chunks(checked)])
        access.check_left(created, "Created")
        self._note(ids=created.ids)
        return f"Created {len(created)} {model}: {named(created)}"

    @tool(
        title="Update records", read_only=False, destructive=True, idempotent=True, open_world=False, progress=True
    )
    def update_records(
        self,
        model: Model,
        ids: Ids,
        values: Values | list[Values],
        companies: Companies | None = None,
        lang: Language | None = None,
        tz: Zone | None = None,
    ) -> str:
        """Change fields of records, all or none.

        :param values: for all, e.g. {"city":"Ghent"}, or one object per id
        """
        records = existing(self._model(model, companies=companies, lang=lang, tz=tz), ids)
        self._note(ids=ids)
        access.check(records, "write")
        if isinstance(values, dict):
            self._write_alike(records, values)
        else:
            self._write_each(records, values)
        access.check_left(records, "Changed")
        return f"Updated {len(records)} {model}: {named(records)}"

    @tool(
        title="Delete records", read_only=False, destructive=True, idempotent=True, open_world=False, progress=True
    )
    def delete_records(self, model: Model, ids: Ids) -> str:
        """Delete records for good, all or none. Rather archive_records."""
        records = existing(self._model(model), ids)
        self._note(ids=ids)
        access.check(records, "unlink")
        names = named(records)
        self._intend("unlink", records)
        with unnarrowed():
            for chunk in self._chunks(records):
                chunk.unlink()
        return f"Deleted {len(ids)} {model}: {names}"

    @tool(title="Copy records", read_only=False, destructive=False, idempotent=False, open_world=False, progress=True)
    def copy_records(
        self,
        model: Model,
        ids: Ids,
        values: Values | None = None,
        companies: Companies | None = None,
        lang: Language | None = None,
    ) -> str:
        """Duplicate records with their lines; values tell what differs in the copies."""
        records = existing(self._model(model, companies=companies, lang=lang), ids)
        access.check(records, "create")
        checked = checked_values(records.browse(), values or {}, creating=True)
        count = len(records) * (1 + lines(records.browse(), checked)) + copying.lines(records, checked)
        along = _touched(records, [checked], creating=True) | copying.touched(records, checked)
        self._intend("create", records, touched=along, count=count)
        copies = records.browse().union(*[copying.copied(chunk, checked) for chunk in self._chunks(records)])
        access.check_left(copies, "Created")
        self._note(ids=copies.ids)
        return f"Copied {len(records)} {model}, in the order of ids: {named(copies)}"

    @tool(title="Archive records", read_only=False, destructive=False, idempotent=True, open_world=False)
    def archive_records(self, model: Model, ids: Ids, restore: bool = False) -> str:
        """Hide records without deleting them, or restore archived ones."""
        records = existing(self._model(model), ids)
        self._note(ids=ids)
        access.check(records, "write")
        changing = archiving.others(records, active=restore)
        self._intend("write", changing, touched=touched(records, {records._active_name: restore}))
        result = archiving.archive(changing, active=restore)
        access.check_left(changing, "Changed")
        return archiving.told(records, changing, active=restore, result=result)

    def _write_alike(self, records: models.BaseModel, values: Values) -> None:
        checked = checked_values(records, values, creating=False)
        count = len(records) + sum(lines(record, checked, record) for record in records)
        self._intend("write", records, touched=_touched(records, [checked]), count=count)
        with unnarrowed():
            for chunk in self._chunks(records):
                chunk.write(checked)

    def _write_each(self, records: models.BaseModel, values: list[Values]) -> None:
        if len(values) != len(records):
            raise ToolError(f"values: {len(values)} objects for {len(records)} ids; give one object, or one per id.")
        checked = [
            _at(position, len(values), checked_values, record, item, creating=False)
            for position, (record, item) in enumerate(zip(records, values, strict=True))
        ]
        count = len(records) + sum(lines(record, item, record) for record, item in zip(records, checked, strict=True))
        self._intend("write", records, touched=_touched(records, checked), count=count)
        with unnarrowed():
            for chunk in self._chunks(list(zip(records, checked, strict=True))):
                for record, item in chunk:
                    record.write(item)


def _touched(
    model: models.BaseModel, checked: Iterable[Values], *, creating: bool = False
) -> set[tuple[str, str]]:
    """Return which operations on other models the values make."""
    return set().union(*(touched(model, item, creating=creating) for item in checked))


def _at(position: int, count: int, check, *arguments, **keywords):  # noqa: ANN001, ANN002, ANN003, ANN202
    """Run a check of one object out of several; an error says which one it was."""
    try:
        return check(*arguments, **keywords)
    except ToolError as error:
        if count == 1:
            raise
        raise ToolError(f"values[{position}]: {error}") from error
