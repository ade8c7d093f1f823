# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from odoo import models

from ..orm import nested
from ..orm.aggregate import aggregate
from ..orm.choice import default_fields, detail_fields
from ..orm.columns import compact_json, needed_fields
from ..orm.domain import checked_domain
from ..orm.errors import ToolError
from ..orm.find import find, readable_common_models
from ..orm.formats import COMPACT, CSV, JSON, Format, as_details, as_table, is_typed
from ..orm.lookup import existing
from ..orm.metadata import metadata_column
from ..orm.order import checked_order, own_order
from ..orm.sheet import Sheet
from ..protocol.content import ToolResult
from .answer import answer, rows_room
from .arguments import Archived, Companies, Cursor, Domain, Ids, Language, Model, Schema, Zone
from .declare import tool
from .page import Page

COUNTED = 10000
"""Counts stop here: counting millions of rows is what a list does not need."""


class ToolsetRead(models.AbstractModel):
    _name = "mcp_native.toolset.read"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Read Records"
    _toolset = "records"

    @tool(title="Find records", read_only=True, destructive=False, idempotent=True, open_world=False)
    def find_records(
        self,
        text: Annotated[str, Schema(minLength=1, maxLength=200)],
        model: Model | None = None,
        limit: Annotated[int, Schema(minimum=1, maximum=50)] = 10,
        archived: Archived = False,
    ) -> str:
        """Turn a name, e-mail, phone number or reference into ids. Tolerant of misspelt words.

        :param model: else the common ones
        """
        names = [model] if model else readable_common_models(self.env)
        limit = self._rows(limit)
        answer, found = find([self._model(name, archived=archived) for name in names], text, limit)
        if len(found) == 1:
            self._note(found[0]._name, found[0].ids)
        elif not model:  # ids of several models are no list that the log, or a step of a batch, could name
            self._call().facts.pop("model", None)
            self._note_rows(sum(map(len, found)))
        return answer

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
        format: Format | None = None,
        companies: Companies | None = None,
        lang: Language | None = None,
        tz: Zone | None = None,
    ) -> str | ToolResult:
        """List records that match a domain. For totals use aggregate_records, for names find_records.

        :param domain: e.g. [["name","ilike","acme"]]
        :param fields: also partner_id.city; chosen for you when left out
        :param order: e.g. "amount_total desc, id"
        """
        records = self._model(model, archived=archived, companies=companies, lang=lang, tz=tz)
        checked = checked_domain(records, domain or [])
        order = checked_order(records, order) or own_order(records)
        limit = self._rows(limit)
        tree = nested.parsed(fields or default_fields(records))
        plan = nested.planned(records, tree, full=format == JSON, full_lines=format == JSON)
        page = Page.of(cursor, limit, model, domain, order, archived, companies)
        wanted = needed_fields(records, plan.infos, plan.infos)
        found = records.search_fetch(checked, wanted, page.start, limit + 1, order)
        if not found and not is_typed(format):
            self._note_rows(0)
            return self._nothing(records)
        sheet = self._sheet(found[:limit], plan)
        written = as_table(sheet, format or COMPACT, rows_room())
        self._note(ids=sheet.ids[: written.count])
        total = self._total(records, checked, page, len(found))
        head = self._head(records, page, written.count, total)
        return answer(format, [head], written, page.more_than(written.count, len(found)))

    @tool(title="Read records", read_only=True, destructive=False, idempotent=True, open_world=False)
    def read_records(
        self,
        model: Model,
        ids: Annotated[Ids, Schema(maxItems=100)],
        fields: list[str | dict[str, Any]] | None = None,
        metadata: bool = False,
        format: Format | None = None,
        companies: Companies | None = None,
        lang: Language | None = None,
        tz: Zone | None = None,
    ) -> str | ToolResult:
        """Show records by id with all that matters, archived ones too; related records in the same call.

        :param fields: only these, e.g. ["name",{"order_line":["product_id","price_subtotal"]}]
        :param metadata: who, when, XML ids
        """
        records = self._model(model, companies=companies, lang=lang, tz=tz)
        if len(set(ids)) > self._rows(len(ids)):
            raise ToolError(f"Your profile allows {self._rows(len(ids))} records in one answer, not {len(ids)}.")
        tree = nested.parsed(fields) if fields else nested.parsed(detail_fields(records))
        plan = nested.planned(records, tree, full=format != CSV, full_lines=format == JSON)
        records = existing(records, ids, plan.infos)
        self._note(ids=ids)
        sheet = self._sheet(records, plan)
        if metadata:
            sheet = replace(sheet, columns=[*sheet.columns, metadata_column(records)])
        written = as_details(sheet, format or COMPACT, rows_room())
        return answer(format, [], written, _others(records.ids[written.count :]))

    @tool(
        title="Count records", read_only=True, destructive=False, idempotent=True, open_world=False, listed=False
    )  # aggregate_records counts, too
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
        having: list[Any] | None = None,
        order: str | None = None,
        limit: Annotated[int, Schema(minimum=1, maximum=500)] = 50,
        cursor: Cursor | None = None,
        archived: Archived = False,
        format: Format | None = None,
        companies: Companies | None = None,
        lang: Language | None = None,
        tz: Zone | None = None,
    ) -> str | ToolResult:
        """Totals, counts, averages by group. Use it for every "how many" and "how much".

        :param group_by: dates take :day :week :month :quarter :year, e.g. ["stage_id","date:month"]
        :param measures: field:sum, avg, min, max, count or count_distinct; __count always comes along
        :param having: e.g. [["__count",">",3]]
        :param order: e.g. "amount:sum desc"
        """
        records = self._model(model, archived=archived, companies=companies, lang=lang, tz=tz)
        checked = checked_domain(records, domain or [])
        limit = self._rows(limit)
        page = Page.of(cursor, limit, model, domain, group_by, measures, having, order, archived, companies)
        found = aggregate(records, checked, group_by or [], measures or [], having, order, limit + 1, page.start)
        nothing = [] if len(found.sheet) else [f"No {model} matches."]
        if nothing and not is_typed(format):
            self._note_rows(0)
            return nothing[0]
        written = as_table(found.sheet.at(range(min(limit, len(found.sheet)))), format or COMPACT, rows_room())
        self._note_rows(written.count)
        notes = [] if is_typed(format) else found.notes
        return answer(format, nothing, written, [*notes, *page.more_than(written.count, len(found.sheet))])

    def _sheet(self, records: models.BaseModel, plan: nested.Plan) -> Sheet:
        """Return records as a plan says, with as many lines as the profile has rows left."""
        budget = nested.Budget(self._rows(nested.ALL_LINES + len(records)) - len(records))
        sheet = nested.read(records, plan, budget)
        self._note_rows(budget.taken)
        return sheet

    def _note_rows(self, count: int) -> None:
        """Tell the limits about rows that are no records of ``_note``."""
        facts = self._call().facts
        facts["rows"] = facts.get("rows", 0) + count

    def _head(self, records: models.BaseModel, page: Page, count: int, total: int) -> str:
        if not count:
            return self._nothing(records)
        return f"{records._name}: {page.start + 1}-{page.start + count} of {_bounded_count(total)}"

    def _nothing(self, records: models.BaseModel) -> str:
        hint = " Archived ones are left out." if self._hides_archived(records) else ""
        return f"No {records._name} matches.{hint}"

    def _total(self, records: models.BaseModel, domain: list, page: Page, found: int) -> int:
        if found <= page.limit:
            return page.start + found
        return records.search_count(domain, limit=COUNTED + 1)

    def _hides_archived(self, records: models.BaseModel) -> bool:
        return bool(records._active_name) and records.env.context.get("active_test", True)


def _others(ids: list[int]) -> list[str]:
    """Return the line that tells how to read the records that had no room."""
    return [f"More: {len(ids)} records had no room; read them with ids={compact_json(ids)}"] if ids else []


def _bounded_count(count: int) -> str:
    return f"{COUNTED:,}+" if count > COUNTED else str(count)
