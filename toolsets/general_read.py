# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Annotated

from odoo import models

from ..orm.aggregate import aggregate
from ..orm.choice import default_fields, detail_fields
from ..orm.domain import checked_domain
from ..orm.errors import ToolError
from ..orm.find import find, readable_common_models
from ..orm.lookup import existing, field_infos
from ..orm.order import checked_order, own_order
from ..orm.render import details, needed_fields, table
from .arguments import Archived, Companies, Cursor, Domain, Ids, Language, Model, Schema, Zone
from .declare import tool
from .page import Page

COUNTED = 10000
"""Counts stop here: counting millions of rows is what a list does not need."""

SHOWN = ("type", "relation", "selection")
"""What showing a value needs to know of its field."""


class ToolsetRead(models.AbstractModel):
    _name = "mcp_native.toolset.read"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Read Records"
    _toolset = "records"

    @tool(title="Find records by name", read_only=True, destructive=False, idempotent=True, open_world=False)
    def find_records(
        self,
        text: Annotated[str, Schema(minLength=1, maxLength=200)],
        model: Model | None = None,
        limit: Annotated[int, Schema(minimum=1, maximum=50)] = 10,
        archived: Archived = False,
    ) -> str:
        """Turn a name, e-mail, phone number or reference into record ids. Tolerant of missing or misspelt words.

        :param text: what a person would type
        :param model: technical name; without it the common ones are looked through
        """
        names = [model] if model else readable_common_models(self.env)
        limit = self._rows(limit)
        return find([self._model(name, archived=archived) for name in names], text, limit)

    @tool(title="Search records", read_only=True, destructive=False, idempotent=True, open_world=False)
    def search_records(
        self,
        model: Model,
        domain: Domain | None = None,
        fields: list[str] | None = None,
        order: str | None = None,
        limit: Annotated[int, Schema(minimum=1, maximum=200)] = 25,
        cursor: Cursor | None = None,
        archived: Archived = False,
        companies: Companies | None = None,
        lang: Language | None = None,
        tz: Zone | None = None,
    ) -> str:
        """List the records that match a domain, as a table. For totals use aggregate_records, for names find_records.

        :param fields: columns; chosen for you when left out
        :param order: e.g. "amount_total desc, id"
        """
        records = self._model(model, archived=archived, companies=companies, lang=lang, tz=tz)
        checked = checked_domain(records, domain or [])
        order = checked_order(records, order) or own_order(records)
        limit = self._rows(limit)
        names = fields or default_fields(records)
        infos = field_infos(records, names, SHOWN)
        page = Page.of(cursor, limit, model, domain, order, archived, companies)
        wanted = needed_fields(records, names, infos)
        found = records.search_fetch(checked, wanted, page.start, limit + 1, order)
        shown = found[:limit]
        self._note(ids=shown.ids)
        if not shown:
            return f"No {model} matches." + (" Archived ones are left out." if self._hides_archived(records) else "")
        total = self._total(records, checked, page, len(found))
        head = f"{model}: {page.start + 1}-{page.start + len(shown)} of {_bounded_count(total)}"
        return "\n".join([head, table(shown, names, infos), *page.more(len(found) > limit)])

    @tool(title="Read records", read_only=True, destructive=False, idempotent=True, open_world=False)
    def read_records(
        self,
        model: Model,
        ids: Annotated[Ids, Schema(maxItems=100)],
        fields: list[str] | None = None,
        companies: Companies | None = None,
        lang: Language | None = None,
        tz: Zone | None = None,
    ) -> str:
        """Show records by id with all that matters, archived ones too. Long texts are shown whole.

        :param fields: only these; otherwise every field that is filled in
        """
        records = self._model(model, companies=companies, lang=lang, tz=tz)
        if len(set(ids)) > self._rows(len(ids)):
            raise ToolError(f"Your profile allows {self._rows(len(ids))} records in one answer, not {len(ids)}.")
        names = fields or detail_fields(records)
        infos = field_infos(records, names, SHOWN)
        records = existing(records, ids, names)
        self._note(ids=ids)
        return details(records, names, infos)

    @tool(title="Count records", read_only=True, destructive=False, idempotent=True, open_world=False)
    def count_records(
        self,
        model: Model,
        domain: Domain | None = None,
        archived: Archived = False,
        companies: Companies | None = None,
    ) -> str:
        """Count the records that match a domain, exactly."""
        records = self._model(model, archived=archived, companies=companies)
        count = records.search_count(checked_domain(records, domain or []))
        return f"{count} {model}" + (" (archived left out)" if self._hides_archived(records) else "")

    @tool(title="Aggregate records", read_only=True, destructive=False, idempotent=True, open_world=False)
    def aggregate_records(
        self,
        model: Model,
        group_by: list[str] | None = None,
        measures: list[str] | None = None,
        domain: Domain | None = None,
        having: list | None = None,
        order: str | None = None,
        limit: Annotated[int, Schema(minimum=1, maximum=500)] = 50,
        cursor: Cursor | None = None,
        archived: Archived = False,
        companies: Companies | None = None,
        lang: Language | None = None,
        tz: Zone | None = None,
    ) -> str:
        """Totals, counts, averages by group, computed in the database. Use it for every "how many" and "how much".

        :param group_by: fields; dates take :hour :day :week :month :quarter :year, e.g. ["stage_id","date:month"]
        :param measures: field:sum, avg, min, max, count or count_distinct, e.g. ["expected_revenue:sum"]; the number
            of records (__count) always comes along
        :param having: keep groups by measures, e.g. [["__count",">",3]]
        :param order: a group or measure, e.g. "expected_revenue:sum desc"
        """
        records = self._model(model, archived=archived, companies=companies, lang=lang, tz=tz)
        checked = checked_domain(records, domain or [])
        limit = self._rows(limit)
        page = Page.of(cursor, limit, model, domain, group_by, measures, having, order, archived, companies)
        found = aggregate(records, checked, group_by or [], measures or [], having, order, limit + 1, page.start)
        shown = found.rows[:limit]
        self._call().facts["rows"] = len(shown)
        if not shown:
            return f"No {model} matches."
        lines = ["|".join(row) for row in shown]
        more = page.more(len(found.rows) > limit)
        return "\n".join(["|".join(found.columns), *lines, *found.notes, *more])

    def _total(self, records: models.BaseModel, domain: list, page: Page, found: int) -> int:
        if found <= page.limit:
            return page.start + found
        return records.search_count(domain, limit=COUNTED + 1)

    def _hides_archived(self, records: models.BaseModel) -> bool:
        return bool(records._active_name) and records.env.context.get("active_test", True)


def _bounded_count(count: int) -> str:
    return f"{COUNTED:,}+" if count > COUNTED else str(count)
