# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names of related records, many at once, and only those that the user may read.

Odoo itself shows the name of a linked record whatever its access rules say. Here a name is shown when the user could
open the record; otherwise only its id, and where the profile hides the record, nothing of it. A name that is made of
hidden fields is not shown, and found by none of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from odoo.exceptions import AccessError, MissingError
from odoo.models import BaseModel

from ..compat import has_model_access, name_condition, name_is_searchable, own_name_search, read_format, readable_part
from . import narrowing, technical
from .order import has_open_order, own_order

_TEXTS = ("char", "text", "selection")


def name_field(model: BaseModel) -> str | None:
    """Return the field that names records here: where ``display_name`` is hidden, the one it is made of, or none."""
    hidden = narrowing.hidden_fields(model)
    if "display_name" not in hidden:
        return "display_name"
    candidates = filter(None, (model._rec_name, "complete_name", "name"))
    return next((name for name in candidates if name not in hidden and _names_it(model, name)), None)


def _names_it(model: BaseModel, name: str) -> bool:
    field = model._fields.get(name)
    return field is not None and field.type in _TEXTS


def linked_names(records: BaseModel, field: str) -> dict[int, str]:
    """Return the names of what a many2one of ``records`` links to, those that the user may read.

    The names are what Odoo's own ``read()`` gives; the rules of the linked model cost one query where it has any.
    """
    model = records.env[records._fields[field].comodel_name]
    if name_field(model) != "display_name":
        return readable_names(model, [record[field].id for record in records if record[field]])
    pairs = [row[field] for row in read_format(records, [field]) if row.get(field)]
    readable = readable_ids(model, [pair[0] for pair in pairs])
    readable -= narrowing.guarded_ids(model.browse(readable), "display_name")
    return {record_id: name for record_id, name in pairs if record_id in readable}


def readable_names(model: BaseModel, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of those records the user may read, archived ones included, however many in a few queries."""
    records = model.browse(sorted(readable_ids(model, ids)))
    field = name_field(model)
    if field:
        records -= records.browse(narrowing.guarded_ids(records, field))
    try:
        return {record.id: _name(record, field) for record in records}
    except (AccessError, MissingError):
        return {record.id: name_of(record) for record in records}


def closed_ids(model: BaseModel, ids: Iterable[int]) -> set[int]:
    """Return those ids of which nothing may be shown, not even that they are there: what the profile leaves out."""
    wanted = set(ids)
    return wanted - readable_ids(model, wanted) if wanted and narrowing.is_limited(model) else set()


def readable_ids(model: BaseModel, ids: Iterable[int]) -> set[int]:
    """Return the ids of those records that the user may read, archived ones included."""
    wanted = sorted(set(ids))
    if not wanted:
        return set()
    if has_model_access(model, "read"):
        return set(readable_part(model.browse(wanted)).ids)
    try:
        # Some models without a read right still answer a search with what is public: employees
        return set(model.with_context(active_test=False).search([("id", "in", wanted)], order="id").ids)
    except AccessError:
        return set()


def name_of(record: BaseModel) -> str:
    """Return the name of one record, or nothing when it is made of what the user may not read."""
    field = name_field(record)
    try:
        return "" if field and narrowing.guarded_ids(record, field) else _name(record, field)
    except (AccessError, MissingError):
        return ""


def _name(record: BaseModel, field: str | None) -> str:
    return str(record[field] or "") if field else ""


def labelled(record_id: int, names: dict[int, str]) -> str:
    """Return ``Name #id``, or ``#id`` of a record whose name is not for this user."""
    name = names.get(record_id)
    return f"{name} #{record_id}" if name else f"#{record_id}"


def listed(ids: Sequence[int], names: dict[int, str], shown: int) -> str:
    """Return the first ``shown`` records by name and id, and how many there are when there are more."""
    text = ", ".join(labelled(record_id, names) for record_id in ids[:shown])
    return f"{text}, … ({len(ids)})" if len(ids) > shown else text


# Looking for records by name


def can_search_names(model: BaseModel) -> bool:
    """Whether records are found by their name here."""
    fields = _searched(model)
    return name_is_searchable(model) if fields is None else bool(fields)


def by_name(model: BaseModel, name: str, operator: str, limit: int) -> BaseModel:
    """Return the records that Odoo's name search finds; by visible fields alone where it would use hidden ones."""
    fields = _searched(model)
    if fields is None:
        # Positional: the second argument is called args until 18.0 and domain from 19.0 on.
        guard = narrowing.guard(model, "display_name")
        return model.browse(found[0] for found in model.name_search(name, guard, operator, limit))
    if not fields:
        return model.browse()
    return model.search(_any_of(model, fields, operator, name), limit=limit, order=own_order(model))


def condition(model: BaseModel, operator: str, name: str, negative: bool) -> tuple:
    """Return a domain's leaf for records by their name (``operator`` positive), or for all others (``negative``)."""
    fields = _searched(model)
    if fields is None:
        leaf = name_condition(model, operator, name, negative)
        if not (guard := narrowing.guard(model, "display_name")):
            return leaf
        positive = name_condition(model, operator, name, False)
        found = model.with_context(active_test=False)._search([positive, *guard])
        return ("id", "not in" if negative else "in", found)
    everything = model.with_context(active_test=False)
    found = everything._search(_any_of(model, fields, operator, name)) if fields else []
    return ("id", "not in" if negative else "in", found)


def _any_of(model: BaseModel, fields: Collection[str], operator: str, name: str) -> list:
    terms: list = ["|"] * (len(fields) - 1)
    for field in fields:
        guard = narrowing.guard(model, field)
        terms += [*["&"] * (len(guard) // 3), (field, operator, name), *guard]  # a guard is of three tokens each
    return terms


def _searched(model: BaseModel) -> list[str] | None:
    """Return the fields to look for names in, or ``None`` where Odoo's own name search gives nothing hidden away."""
    hidden = narrowing.hidden_fields(model)
    if not hidden:
        return None
    own = [path for path in model._rec_names_search or [model._rec_name] if path]
    visible = [path for path in own if _is_visible(model, path)]
    by_rule = any(not technical.sounds_secret(field) for field in hidden)
    if len(visible) == len(own) and has_open_order(model) and not (by_rule and own_name_search(model)):
        return None
    return [path for path in visible if "." not in path and _is_text(model, path)]


def _is_visible(model: BaseModel, path: str) -> bool:
    for name in path.split("."):
        if name in narrowing.hidden_fields(model):
            return False
        comodel = model._fields[name].comodel_name if name in model._fields else None
        model = model.env[comodel] if comodel else model
    return True


def _is_text(model: BaseModel, name: str) -> bool:
    field = model._fields.get(name)
    return bool(field) and field.type in _TEXTS and bool(field._description_searchable)
