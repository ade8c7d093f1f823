# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers over many records, grouped: one behaviour on 17.0, 18.0 and 19.0.

``_read_group`` has the same signature on all series. What differs is settled here: many2one groups are ordered as
their model orders records whether or not an order is given, a number that was never set counts as 0, and fields are
checked before PostgreSQL sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from odoo.models import BaseModel

from ..compat import AGGREGATOR, has_model_access
from . import dates, narrowing
from .column import Column
from .columns import visible_currency_field
from .errors import ToolError
from .having import checked_having
from .lookup import field_infos, nearest
from .order import check_sorting_by, has_open_order
from .render import CELL_LIMIT, one_line
from .rules import DENY, READ
from .sheet import Sheet
from .totals import COUNT, COUNTS, NUMBERS, TIMES, group_column, measure_column, notes, relation

GRANULARITIES = ("hour", "day", "week", "month", "quarter", "year")
FUNCTIONS = ("sum", "avg", "min", "max", "count", "count_distinct")

_NOT_COUNTED = frozenset(
    {"one2many", "many2many", "binary", "image", "json", "serialized", "properties", "properties_definition"}
)
_NOT_GROUPED = _NOT_COUNTED - {"many2many"} | {"html", "text"}
_ATTRIBUTES = ("type", "string", "relation", "selection")
_SPEC = re.compile(r"\s*(?P<field>[\w.]+)(?::(?P<detail>\w+))?\s*")
_ORDER = re.compile(r"\s*(?P<term>[\w:.]+)(?:\s+(?P<direction>asc|desc))?\s*", re.IGNORECASE)
_SUGGESTED = 12


@dataclass(frozen=True)
class Aggregate:
    """The answer: a column for each group and measure, and what must be known to read them."""

    sheet: Sheet
    notes: list[str] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        return [col.name for col in self.sheet.flat]

    @property
    def rows(self) -> list[list[str]]:
        """The texts, ready for a table."""
        texts = [[one_line(cell, CELL_LIMIT) for cell in col.cells] for col in self.sheet.flat]
        return [list(row) for row in zip(*texts, strict=True)]


@dataclass(frozen=True)
class Group:
    """One entry of ``group_by``, checked."""

    spec: str
    field: str
    info: dict[str, Any]
    granularity: str = ""


@dataclass(frozen=True)
class Measure:
    """One entry of ``measures``, checked.

    A number that was never set is NULL in the database or 0, depending on series and field; for the ORM it is 0. So
    every record counts, also in averages.
    """

    spec: str
    field: str
    function: str
    info: dict[str, Any]
    currency_field: str = ""
    """The stored field that tells the currency, when the values are money: of a currency, or of a company."""

    @property
    def is_number(self) -> bool:
        return self.info["type"] in NUMBERS

    @property
    def sql(self) -> str:
        """What stands for this measure in ``having`` and ``order``."""
        return COUNT if self.is_number and self.function == "count" else self.spec

    @property
    def needs(self) -> list[str]:
        """What must be asked of ``_read_group`` to know this measure."""
        needs = [self.sql]
        if self.is_number and self.function == "avg":
            needs.append(f"{self.field}:sum")
        if self.is_number and self.function in ("min", "max"):
            needs.append(f"{self.field}:count")
        if self.currency_field:
            needs += [f"{self.currency_field}:min", f"{self.currency_field}:max"]
        return needs


def aggregate(
    model: BaseModel,
    domain: list,
    group_by: Sequence[str],
    measures: Sequence[str],
    having: list | str | None = None,
    order: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Aggregate:
    """Return totals by group; the number of records is always the last column.

    :param domain: for Odoo, checked
    :param group_by: ``field``, or ``field:granularity`` for dates (month when left out)
    :param measures: ``field:function``
    :param having: a domain over measures: ``[["amount_total:sum", ">", 1000]]``; compares what the database holds
    :param order: groups and measures with ``asc`` or ``desc``; without it, as the groups sort by themselves
    :raise ToolError: a field that is unknown, hidden, not stored or of the wrong type; a bad function, having or order
    """
    groups = _unique(_group(model, spec) for spec in group_by)
    wanted = _unique(_measure(model, spec) for spec in measures if spec not in (COUNT, "count", "id:count"))
    asked = list(dict.fromkeys([COUNT, *(need for measure in wanted for need in measure.needs)]))
    found = model.with_context(tz=dates.zone(model.env))._read_group(
        domain,
        [group.spec for group in groups],
        asked,
        having=checked_having(having, lambda spec: _compared(model, spec), model.env),
        offset=offset,
        limit=limit,
        order=_order(model, order, groups, wanted),
    )
    keys = [row[: len(groups)] for row in found]
    totals = [dict(zip(asked, row[len(groups) :], strict=True)) for row in found]
    columns = [group_column(model, group, [key[place] for key in keys]) for place, group in enumerate(groups)]
    columns += [measure_column(model, measure, totals) for measure in wanted]
    columns.append(Column(COUNT, "integer", [total[COUNT] for total in totals], str, int))
    return Aggregate(Sheet(model.browse(), None, columns), notes(model, groups, wanted, totals))


def _unique(entries: Iterable[Any]) -> list[Any]:
    return list({entry.spec: entry for entry in entries}.values())


# What may be grouped and measured


def _group(model: BaseModel, spec: str) -> Group:
    name, granularity = _parsed(model, spec, "group_by")
    info = _stored_info(model, name, "grouped by")
    if info["type"] in _NOT_GROUPED:
        raise ToolError(f"{model._name} cannot be grouped by {name}, which is of type {info['type']}.")
    if info["type"] in ("many2one", "many2many") and narrowing.decision(info["relation"], READ) == DENY:
        raise ToolError(f"{model._name} cannot be grouped by {name}: you may not read what it points to.")
    if info["type"] not in TIMES:
        if granularity:
            raise ToolError(f"{name} is of type {info['type']}: only dates take :{granularity}. Write {name!r}.")
        return Group(name, name, info)
    granularity = granularity or "month"
    if granularity not in GRANULARITIES:
        raise ToolError(f"{spec!r}: a date is grouped by {_choices(GRANULARITIES)}, e.g. {name}:month.")
    return Group(f"{name}:{granularity}", name, info, granularity)


def _measure(model: BaseModel, spec: str) -> Measure:
    name, function = _parsed(model, spec, "measures")
    info = _stored_info(model, name, "measured")
    function = function or _own_function(model, name, info)
    if function not in FUNCTIONS:
        near = nearest(function, FUNCTIONS, 1)
        hint = f" Nearest: {name}:{near[0]}." if near else ""
        raise ToolError(f"{spec!r}: functions are {_choices(FUNCTIONS)}.{hint}")
    _check_type(model, name, function, info["type"])
    measure = Measure(f"{name}:{function}", name, function, info)
    if info["type"] != "monetary" or function in COUNTS:
        return measure
    return replace(measure, currency_field=_currency_source(model, name))


def _currency_source(model: BaseModel, name: str) -> str:
    """Return the stored field that tells the currency of an amount; of a company's currency, the company's field."""
    currency_field = visible_currency_field(model, name)
    if not currency_field or is_stored(model, currency_field):
        return currency_field or ""
    if not has_model_access(model.env["res.company"], "read"):
        return ""
    path = (model._fields[currency_field].related or "company_id").split(".")
    of_company = relation(model, path[0]) == "res.company" and ("company" in currency_field or len(path) == 2)
    return path[0] if of_company and is_stored(model, path[0]) else ""


def _parsed(model: BaseModel, spec: str, argument: str) -> tuple[str, str]:
    """Return name and detail of ``name:detail``; relations cannot be followed."""
    match = _SPEC.fullmatch(spec) if isinstance(spec, str) else None
    if not match:
        example = '["stage_id", "create_date:month"]' if argument == "group_by" else '["amount_total:sum"]'
        raise ToolError(f"{spec!r} is not an entry of {argument}. It is a list of texts such as {example}.")
    name, detail = match["field"], match["detail"] or ""
    if "." in name:
        first, last = name.split(".")[0], name.split(".")[-1]
        field_infos(model, [first], _ATTRIBUTES)
        own = f", or {last} of {model._name} itself" if last in model.fields_get([last], ["type"]) else ""
        raise ToolError(f"{argument} cannot follow a relation: {name!r}. Use {first}{own}.")
    return name, detail.lower()


def _stored_info(model: BaseModel, name: str, done: str) -> dict[str, Any]:
    info = field_infos(model, [name], _ATTRIBUTES)[name]
    if narrowing.guard(model, name):
        raise ToolError(f"{name} of {model._name} is made of records that are not all for you: it cannot be {done}.")
    if not is_stored(model, name):
        raise ToolError(
            f"{name} of {model._name} is computed when it is read, so it cannot be {done}. "
            f"describe_model tells which fields are stored."
        )
    return info


def is_stored(model: BaseModel, name: str) -> bool:
    """Whether the database holds a column (or relation) of the field on every series, inherited ones included."""
    own = model._fields[name]
    while own.inherited:
        own = own.related_field
    return bool(own.store) and not own.company_dependent


def _own_function(model: BaseModel, name: str, info: dict[str, Any]) -> str:
    """Return the function of a measure that names none: the field's own, where it is a number."""
    if info["type"] not in NUMBERS:
        raise ToolError(f"{name!r}: say which function, e.g. {name}:count_distinct. There are {_choices(FUNCTIONS)}.")
    own = model.fields_get([name], [AGGREGATOR])[name].get(AGGREGATOR)
    return own if own in FUNCTIONS else "sum"


def _check_type(model: BaseModel, name: str, function: str, kind: str) -> None:
    allowed = {"sum": NUMBERS, "avg": NUMBERS, "min": NUMBERS | TIMES, "max": NUMBERS | TIMES}.get(function)
    if allowed is None:
        if kind in _NOT_COUNTED:
            raise ToolError(f"{name} of {model._name} is of type {kind} and cannot be counted by {function}.")
    elif kind not in allowed:
        infos = model.fields_get(attributes=["type"])
        fitting = [field for field, info in infos.items() if info["type"] in allowed and is_stored(model, field)]
        shown = ", ".join(sorted(set(fitting) - {"id", "sequence", "color"})[:_SUGGESTED])
        raise ToolError(
            f"{function} needs numbers{'' if allowed == NUMBERS else ' or dates'}; {name} of {model._name} is of type "
            f"{kind}. Fields that fit: {shown or 'none'}. To count its values use {name}:count_distinct."
        )


def _compared(model: BaseModel, spec: Any) -> tuple[str, str]:
    """Return, for the left side of ``having``, what Odoo compares and the type of the right side."""
    if spec in (COUNT, "count"):
        return COUNT, "integer"
    measure = _measure(model, spec)
    kind = "integer" if measure.function in COUNTS else measure.info["type"]
    return measure.sql, kind


def _order(model: BaseModel, order: str | None, groups: list[Group], measures: list[Measure]) -> str | None:
    """Return an order over all groups, so that pages neither repeat nor skip; nothing comes last in both directions.

    Groups of records sort as these do in their model. Where that tells what is hidden, it cannot be asked for, and the
    oldest record of a group decides.
    """
    if not groups:
        return None
    terms = {group.spec: group.spec for group in groups} | {measure.spec: measure.sql for measure in measures}
    terms[COUNT] = COUNT
    short = {entry.field: terms[entry.spec] for entry in [*measures, *groups]}
    chosen: dict[str, str] = {}
    for part in (order or "").split(","):
        if not part.strip():
            continue
        match = _ORDER.fullmatch(part)
        term = match and (terms.get(match["term"]) or short.get(match["term"]))
        if not term:
            raise ToolError(f"Cannot order by {part.strip()!r}. Order by {_choices(terms)}, each asc or desc.")
        if group := next((group for group in groups if group.spec == term), None):
            check_sorting_by(model, group.field)
        chosen.setdefault(term, (match["direction"] or "asc").lower())
    for group in groups:
        chosen.setdefault(group.spec if _tells_nothing(model, group) else "id:min", "asc")
    return ", ".join(f"{term} {direction} nulls last" for term, direction in chosen.items())


def _tells_nothing(model: BaseModel, group: Group) -> bool:
    if group.info["type"] not in ("many2one", "many2many"):
        return True
    comodel = model.env[group.info["relation"]]
    return not narrowing.is_limited(comodel) and has_open_order(comodel)


def _choices(names: Iterable[str]) -> str:
    return ", ".join(names)
