# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Columns that lead to other records: their names and ids, as far as the user may know them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from odoo import api
from odoo.models import BaseModel

from . import narrowing
from .column import NAMED, NO_ACCESS, REFERENCE, Column, Source
from .names import closed_ids, labelled, linked_names, listed, readable_names
from .order import has_open_order
from .rules import DENY, READ

_NAMES_SHORT, _NAMES_FULL = 5, 20
LISTED = 40
"""Links of one record that a typed value holds."""


def many2one(source: Source) -> Column:
    values = source.values()
    pairs = zip(source.records, values, strict=True)
    # One record for each name: Odoo makes a name afresh for every record that links to it.
    linked = {value.id: record.id for record, value in pairs if value and value is not NO_ACCESS}
    closed = closed_ids(source.comodel, linked)
    names = linked_names(source.records.browse(linked.values()), source.name)
    found = [NO_ACCESS if value is NO_ACCESS or value.id in closed else value.id for value in values]
    return source.column(
        found,
        lambda record_id: labelled(record_id, names) if record_id else "",
        lambda record_id: link(record_id, names) if record_id else None,
        parts=NAMED,
    )


def link(record_id: int, names: dict[int, str]) -> dict[str, Any]:
    """Return a linked record as JSON holds it; a name that is not for this user is null."""
    return {"id": record_id, "name": names.get(record_id) or None}


def many(source: Source) -> Column:
    shown = _NAMES_FULL if source.full else _NAMES_SHORT
    found = [value if value is NO_ACCESS else _open_ids(value) for value in source.values()]

    @cache
    def names(count: int) -> dict[int, str]:
        wanted = [record_id for ids in found if ids is not NO_ACCESS for record_id in ids[:count]]
        return readable_names(source.comodel, wanted)

    return source.column(
        found,
        lambda ids: listed(ids, names(shown), shown),
        lambda ids: [link(record_id, names(LISTED)) for record_id in ids[:LISTED]],
        parts=NAMED,
    )


def _open_ids(records: BaseModel) -> list[int] | str:
    """Return the ids of linked records without those that the profile hides."""
    if narrowing.decision(records._name, READ) == DENY:
        return NO_ACCESS if records else []
    closed = closed_ids(records, records.ids)
    ids = [record_id for record_id in records.ids if record_id not in closed]
    return ids if has_open_order(records) else sorted(ids)


def reference(source: Source) -> Column:
    values = source.values()
    wanted: dict[str, list[int]] = {}
    for value in values:
        if value and value is not NO_ACCESS:
            wanted.setdefault(value._name, []).append(value.id)
    env = source.records.env
    names = {model: readable_names(env[model], ids) for model, ids in wanted.items()}
    closed = {model: closed_ids(env[model], ids) for model, ids in wanted.items()}

    def found(value: Any) -> Any:
        return NO_ACCESS if value and value is not NO_ACCESS and value.id in closed[value._name] else value

    return source.column(
        [found(value) for value in values],
        lambda value: f"{labelled(value.id, names[value._name])} ({value._name})" if value else "",
        lambda value: {"model": value._name, **link(value.id, names[value._name])} if value else None,
        parts=REFERENCE,
    )


def reference_id(source: Source) -> Column:
    """Return ids of records of the model that another field names."""
    found = source.values()
    named = source.records._fields[source.name].model_field
    if named and narrowing.current() is not None:
        models = Source(source.records, named, {"type": "char"}, full=False).values()
        pairs = zip(found, models, strict=True)
        found = [NO_ACCESS if item and _is_closed(source, model, item) else item for item, model in pairs]
    return source.column(found, lambda item: str(item) if item else "", lambda item: item or None)


def _is_closed(source: Source, model: Any, item: Any) -> bool:
    env = source.records.env
    return NO_ACCESS in (item, model) or (model in env and bool(closed_ids(env[model], [item])))


def properties(source: Source) -> Column:
    rows = {values["id"]: values[source.name] for values in source.records.read([source.name])}
    found = [_pairs(source.records.env, rows.get(record.id) or ()) for record in source.records]
    return source.column(found, lambda pairs: "; ".join(f"{label}: {text}" for label, text in pairs), _by_label)


def _by_label(pairs: list[tuple[str, str]]) -> dict[str, str] | None:
    return dict(pairs) or None


def _pairs(env: api.Environment, entries: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return label and text of the properties that have a value, as ``read()`` describes them."""
    texts = [(entry.get("string") or entry.get("name"), _property(env, entry)) for entry in entries]
    return [(label, text) for label, text in texts if text]


def _property(env: api.Environment, entry: dict[str, Any]) -> str:
    value, kind = entry.get("value"), entry.get("type")
    if kind == "boolean":
        return "yes" if value else "no"
    if not value and kind not in ("integer", "float"):
        return ""
    if kind == "selection":
        return str(dict(entry.get("selection") or ()).get(value, value))
    if kind == "tags":
        labels = {tag[0]: tag[1] for tag in entry.get("tags") or ()}
        return ", ".join(str(labels.get(tag, tag)) for tag in value)
    if kind in ("many2one", "many2many"):
        return _property_links(env, entry, [value] if kind == "many2one" else value)
    return str(value)


def _property_links(env: api.Environment, entry: dict[str, Any], pairs: list[Any]) -> str:
    names = {pair[0]: pair[1] or "" for pair in pairs}
    comodel = env[entry["comodel"]] if entry.get("comodel") in env else None
    if comodel is not None and narrowing.current() is not None:
        closed = closed_ids(comodel, names)
        known = readable_names(comodel, names)
        names = {record_id: known.get(record_id, "") for record_id in names if record_id not in closed}
    return ", ".join(labelled(record_id, names) for record_id in names) or NO_ACCESS
