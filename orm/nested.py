# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fields of records and of the records that they lead to, read in one go and within bounds.

Every level asks for its fields as the first does: what the user or the profile may not see does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from odoo.models import BaseModel

from .column import NO_ACCESS, TO_MANY, Column
from .columns import column
from .errors import ToolError
from .lookup import field_infos, is_readable, visible_ids
from .scalars import shown
from .sheet import Infos, Lines, Linked, Sheet, fetch

DEPTH = 3
"""Levels of related records."""
LINES, ALL_LINES = 40, 400
"""Lines of one record, and of all together."""
NEXT = 100
"""Ids that are named for the next call."""
SHOWN = ("type", "relation", "selection")
"""What showing a value needs to know of its field."""

_EXAMPLE = '["name", {"order_line": ["product_id", "price_subtotal"]}]'

Tree = dict[str, "Tree"]
"""Names of fields, each with those of the records that it leads to; empty for the field itself."""


def parsed(fields: Any) -> Tree:
    """Return the tree of fields that an assistant asked for.

    :param fields: names, dotted paths, and objects such as ``{"order_line": ["product_id"]}`` or ``{"name": true}``, in
        lists or alone
    :raise ToolError: another form, or more levels than ``DEPTH``
    """
    tree: Tree = {}
    _add(tree, fields, ())
    return tree


def _add(tree: Tree, fields: Any, path: tuple[str, ...]) -> None:
    if isinstance(fields, str):
        _node(tree, fields, path)
    elif isinstance(fields, Mapping):
        for name, inner in fields.items():
            if inner is not False:
                node = _node(tree, name, path)
                if inner is not True and inner is not None:
                    _add(node, inner, (*path, *str(name).split(".")))
    elif isinstance(fields, list | tuple):
        for item in fields:
            _add(tree, item, path)
    else:
        raise ToolError(f"fields: {shown(fields)} is no name of a field. Example: {_EXAMPLE}.")


def _node(tree: Tree, name: Any, path: tuple[str, ...]) -> Tree:
    """Return the place of a name or dotted path in the tree, made where it is not there."""
    steps = name.split(".") if isinstance(name, str) else []
    if not all(steps) or not steps:
        raise ToolError(f"fields: {shown(name)} is no name of a field. Example: {_EXAMPLE}.")
    if len(path) + len(steps) > DEPTH + 1:
        raise ToolError(
            f"fields: {'.'.join([*path, *steps])} is too deep: fields of related records go {DEPTH} levels down. "
            "Read those records with a call of their own."
        )
    for step in steps:
        tree = tree.setdefault(step, {})
    return tree


@dataclass(frozen=True)
class Plan:
    """Fields of a model, checked, each with those of the records that it leads to.

    :param infos: entries of ``fields_get()``, in the order of the answer
    :param inner: the plans of what fields lead to, by their names
    :param full: see ``columns.column``
    """

    infos: Infos
    inner: Mapping[str, Plan]
    full: bool


def planned(model: BaseModel, tree: Tree, *, full: bool, full_lines: bool) -> Plan:
    """Return a tree as the plan of an answer; nothing is read yet.

    :param full: see ``columns.column``; ``full_lines`` is that of lines
    :raise ToolError: a field that is unknown, hidden, or leads to nothing that the user may read
    """
    infos = field_infos(model, tree, SHOWN)
    inner = {}
    for name, below in tree.items():
        if below:
            comodel, own = _comodel(model, name, infos[name]), infos[name]["type"] in TO_MANY
            inner[name] = planned(comodel, below, full=full_lines if own else full, full_lines=full_lines)
    return Plan(infos, inner, full)


def _comodel(model: BaseModel, name: str, info: dict[str, Any]) -> BaseModel:
    """Return the model that a field leads to, when the user may read it."""
    if info["type"] not in (*TO_MANY, "many2one"):
        raise ToolError(f"{name} of {model._name} is of type {info['type']}: it leads to no fields of other records.")
    comodel = model.env[model._fields[name].comodel_name]
    if not is_readable(comodel):
        raise ToolError(f"{name} of {model._name} leads to records that you may not read. Ask for {name} alone.")
    return comodel


class Budget:
    """How many lines an answer still has room for.

    :param lines: of all records together
    """

    def __init__(self, lines: int = ALL_LINES) -> None:
        self._left = lines
        self.taken = 0

    def take(self, ids: list[int]) -> list[int]:
        """Return those lines of one record that are shown."""
        taken = ids[: min(LINES, self._left)]
        self._left -= len(taken)
        self.taken += len(taken)
        return taken


def read(records: BaseModel, plan: Plan, budget: Budget) -> Sheet:
    """Return records as a plan says.

    :param records: records that this user may read
    :raise ToolError: a computed field fails, with its name
    """
    names = [name for name in plan.infos if name != "id"]
    fetch(records, names, plan.infos)
    return Sheet(records.browse(), records.ids, [_column(records, name, plan, budget) for name in names])


def _column(records: BaseModel, name: str, plan: Plan, budget: Budget) -> Column | Lines | Linked:
    col = column(records, name, plan.infos[name], full=plan.full)
    if name not in plan.inner:
        return col
    comodel = records.env[records._fields[name].comodel_name]
    if col.type in TO_MANY:
        return _lines(records, col, comodel, plan.inner[name], budget)
    return _linked(col, comodel, plan.inner[name], budget)


def _linked(col: Column, comodel: BaseModel, plan: Plan, budget: Budget) -> Linked:
    ids = sorted(visible_ids(comodel, [found for found in col.found if found and found is not NO_ACCESS]))
    rows = {record_id: row for row, record_id in enumerate(ids)}
    return Linked(col, read(comodel.browse(ids), plan, budget), [rows.get(found) for found in col.found])


def _lines(records: BaseModel, col: Column, comodel: BaseModel, plan: Plan, budget: Budget) -> Lines:
    seen = visible_ids(comodel, [one for ids in col.found if ids is not NO_ACCESS for one in ids])
    left = [ids if ids is NO_ACCESS else [one for one in ids if one in seen] for ids in col.found]
    taken = [ids if ids is NO_ACCESS else budget.take(ids) for ids in left]
    chosen = list(dict.fromkeys(one for ids in taken if ids is not NO_ACCESS for one in ids))
    rows = {record_id: row for row, record_id in enumerate(chosen)}
    found = [ids if ids is NO_ACCESS else [rows[one] for one in ids] for ids in taken]
    missing = [ids[len(some) :] for ids, some in zip(left, taken, strict=True)]
    rest = [_rest(record, col.name, comodel, ids) for record, ids in zip(records, missing, strict=True)]
    return Lines(col.name, read(comodel.browse(chosen), plan, budget), found, [*map(len, missing)], rest)


def _rest(record: BaseModel, name: str, comodel: BaseModel, missing: list[int]) -> str:
    """Return how to get the lines of a record that are left out, empty for none."""
    if not missing:
        return ""
    inverse = getattr(record._fields[name], "inverse_name", None)
    if inverse and comodel.fields_get([inverse], ["type"]).get(inverse, {}).get("type") == "many2one":
        return f'search_records {comodel._name} domain=[["{inverse}","=",{record.id}]]'
    listed = ",".join(map(str, missing[:NEXT]))
    return f"read_records {comodel._name} ids=[{listed}{',…' if len(missing) > NEXT else ''}]"
