# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names of related records, many at once, and only those that the user may read.

Odoo itself shows the name of a linked record whatever its access rules say. Here a name is shown when the user could
open the record; otherwise only its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from odoo.exceptions import AccessError, MissingError
from odoo.models import BaseModel

from ..compat import has_model_access, read_format, readable_part


def linked_names(records: BaseModel, field: str) -> dict[int, str]:
    """Return the names of what a many2one of ``records`` links to, those that the user may read.

    The names are what Odoo's own ``read()`` gives; the rules of the linked model cost one query where it has any.
    """
    pairs = [row[field] for row in read_format(records, [field]) if row.get(field)]
    model = records.env[records._fields[field].comodel_name]
    readable = _readable_ids(model, [pair[0] for pair in pairs])
    return {record_id: name for record_id, name in pairs if record_id in readable}


def readable_names(model: BaseModel, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of those records the user may read, archived ones included, however many in a few queries."""
    records = model.browse(sorted(_readable_ids(model, ids)))
    try:
        return {record.id: record.display_name or "" for record in records}
    except (AccessError, MissingError):
        return {record.id: _own_name(record) for record in records}


def _readable_ids(model: BaseModel, ids: Iterable[int]) -> set[int]:
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


def _own_name(record: BaseModel) -> str:
    """Return the name of one record, or nothing when it is made of records that the user may not read."""
    try:
        return record.display_name or ""
    except (AccessError, MissingError):
        return ""


def labelled(record_id: int, names: dict[int, str]) -> str:
    """Return ``Name #id``, or ``#id`` of a record whose name is not for this user."""
    name = names.get(record_id)
    return f"{name} #{record_id}" if name else f"#{record_id}"


def listed(ids: Sequence[int], names: dict[int, str], shown: int) -> str:
    """Return the first ``shown`` records by name and id, and how many there are when there are more."""
    text = ", ".join(labelled(record_id, names) for record_id in ids[:shown])
    return f"{text}, … ({len(ids)})" if len(ids) > shown else text
