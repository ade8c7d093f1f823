# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ``aggregate`` found, as columns: groups by name or period, measures with their currency."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytz

from odoo.models import BaseModel

from . import dates
from .column import MONEY, NAMED, NO_ACCESS, Column
from .columns import money, number, rounded, typed_money
from .columns_linked import link
from .names import closed_ids, labelled, readable_names

if TYPE_CHECKING:
    from .aggregate import Group, Measure

COUNT = "__count"
NONE = "(none)"
MIXED = "(several currencies)"
COUNTS = ("count", "count_distinct")
NUMBERS = frozenset({"integer", "float", "monetary"})
TIMES = frozenset({"date", "datetime"})


def group_column(model: BaseModel, group: Group, values: list[Any]) -> Column:
    """Return what the rows are grouped by.

    :param values: as ``_read_group`` gives them
    """
    kind = group.info["type"]
    if kind in ("many2one", "many2many"):
        return _linked_column(group, values, model.env[group.info["relation"]])
    labels = dict(group.info.get("selection") or ())
    write: Callable[[Any], str] = {
        "boolean": lambda value: "yes" if value else "no",
        "selection": lambda value: str(labels.get(value, value)) if value else NONE,
        **dict.fromkeys(TIMES, lambda value: bucket(value, group.granularity) if value else NONE),
        **dict.fromkeys(NUMBERS, lambda value: NONE if value is False or value is None else number(value)),
    }.get(kind, lambda value: str(value) if value else NONE)
    typed: Callable[[Any], Any] = {
        "boolean": bool,
        **dict.fromkeys(TIMES, lambda value: bucket(value, group.granularity) if value else None),
        **dict.fromkeys(NUMBERS, lambda value: None if value is False else value),
    }.get(kind, lambda value: value or None)
    return Column(group.spec, kind, [getattr(value, "id", value) for value in values], write, typed)


def _linked_column(group: Group, values: list[BaseModel], comodel: BaseModel) -> Column:
    ids = [value.id for value in values if value]
    names, closed = readable_names(comodel, ids), closed_ids(comodel, ids)
    return Column(
        group.spec,
        "many2one",
        [NO_ACCESS if value.id in closed else value.id for value in values],
        lambda record_id: labelled(record_id, names) if record_id else NONE,
        lambda record_id: link(record_id, names) if record_id else None,
        parts=NAMED,
    )


def bucket(start: date, granularity: str) -> str:
    """Return a period by its first day: ``2026``, ``2026-Q4``, ``2026-11``, ``2026-W47``, ``2026-11-21``, ``… 14:00``.

    Weeks begin as the user's language says. Only those that begin on a Monday have an ISO number; others are named by
    their first day.
    """
    if granularity == "year":
        return f"{start:%Y}"
    if granularity == "quarter":
        return f"{start:%Y}-Q{(start.month + 2) // 3}"
    if granularity == "month":
        return f"{start:%Y-%m}"
    if granularity == "week":
        year, week, weekday = start.isocalendar()
        return f"{year}-W{week:02}" if weekday == 1 else f"week from {start:%Y-%m-%d}"
    return f"{start:%Y-%m-%d %H:%M}" if granularity == "hour" else f"{start:%Y-%m-%d}"


def measure_column(model: BaseModel, measure: Measure, totals: list[dict[str, Any]]) -> Column:
    """Return what was measured.

    :param totals: for each row, what ``_read_group`` gives for all that the measures need
    """
    found = list(zip((_total(measure, total) for total in totals), _currencies(model, measure, totals), strict=True))
    is_money = measure.info["type"] == "monetary" and measure.function not in COUNTS
    return Column(
        measure.spec,
        "monetary" if is_money else measure.info["type"] if measure.is_number else "char",
        found,
        lambda pair: _total_text(model, measure, *pair),
        lambda pair: _typed_money(*pair) if is_money else _typed_total(model, measure, pair[0]),
        parts=MONEY if is_money else (),
    )


def _currencies(model: BaseModel, measure: Measure, totals: list[dict[str, Any]]) -> list[Any]:
    """Return for each group the currency of its amounts, ``MIXED``, or nothing where there is no currency."""
    source = measure.currency_field
    if not source:
        return [None] * len(totals)
    ends = [(total[f"{source}:min"], total[f"{source}:max"]) for total in totals]
    if relation(model, source) != "res.company":
        return [MIXED if low != high else model.env["res.currency"].browse(low or ()) for low, high in ends]
    model.env.companies.fetch(["currency_id"])  # a company has some hundred columns
    shared = model.env.companies.currency_id
    if len(shared) == 1:
        return [shared] * len(totals)
    companies = model.env["res.company"]
    return [MIXED if low != high else companies.browse(low or model.env.company.id).currency_id for low, high in ends]


def _total_text(model: BaseModel, measure: Measure, value: Any, currency: Any) -> str:
    if isinstance(value, date | datetime):
        return dates.to_user(value, model.env)
    if measure.function in COUNTS:
        return str(value or 0)
    if not measure.is_number:
        return NONE
    if measure.info["type"] == "monetary":
        return MIXED if currency is MIXED else money(value, currency)
    return number(value, _digits(model, measure))


def _typed_money(value: float | None, currency: Any) -> dict[str, Any]:
    return {"amount": None, "currency": MIXED} if currency is MIXED else typed_money(value, currency)


def _typed_total(model: BaseModel, measure: Measure, value: Any) -> Any:
    if isinstance(value, datetime):
        return dates.with_offset(value, pytz.timezone(dates.zone(model.env)))
    if isinstance(value, date):
        return value.isoformat()
    if measure.function in COUNTS:
        return value or 0
    return rounded(value, _digits(model, measure)) if measure.is_number else None


def _digits(model: BaseModel, measure: Measure) -> int | None:
    """Return how many decimals a total is written with, ``None`` for as many as it has."""
    if measure.info["type"] != "float" or measure.function == "avg":
        return None
    digits = model._fields[measure.field].get_digits(model.env)
    return digits[1] if digits else None


def _total(measure: Measure, total: dict[str, Any]) -> Any:
    """Return the value of a measure in one group, numbers that were never set counted as 0."""
    value = total[measure.sql]
    if not measure.is_number or measure.function in COUNTS:
        return value
    if measure.function == "avg":
        return (total[f"{measure.field}:sum"] or 0) / total[COUNT] if total[COUNT] else 0
    if measure.function in ("min", "max") and total[f"{measure.field}:count"] < total[COUNT]:
        return {"min": min, "max": max}[measure.function](value or 0, 0)
    return value or 0


def notes(
    model: BaseModel, groups: list[Group], measures: list[Measure], totals: list[dict[str, Any]]
) -> list[str]:
    """Return what must be known to read the columns."""
    found = []
    if any(entry.info["type"] == "datetime" for entry in [*groups, *measures]):
        found.append(f"(times in {dates.zone(model.env)})")
    for measure in measures:
        if any(currency is MIXED for currency in _currencies(model, measure, totals)):
            found.append(f"({measure.spec}: add {measure.currency_field} to group_by to total each currency)")
    if any(group.info["type"] == "many2many" for group in groups):
        found.append("(a record is counted in each of its groups)")
    return found


def relation(model: BaseModel, name: str) -> str | None:
    """Return the model that a field leads to, if the user may see it."""
    return model.fields_get([name], ["relation"]).get(name, {}).get("relation")
