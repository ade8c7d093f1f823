# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the database holds of records, read beside the ORM: nothing is flushed, computed or put into a cache.

While a call runs, its pending writes are not in the database yet, so that what is there is what was there before.
Raw values become plain ones: JSON can hold them, and ``create`` and ``write`` take them again (``to_write``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from psycopg2 import sql

from odoo import fields
from odoo.fields import Field
from odoo.models import BaseModel

AUTOMATIC = frozenset({"id", "create_uid", "create_date", "write_uid", "write_date", "parent_path"})
"""What Odoo keeps by itself and nobody writes."""

X2MANY = frozenset({"one2many", "many2many"})
_FILES = frozenset({"binary", "image"})
_NUMBERS = frozenset({"integer", "float", "monetary", "many2one_reference"})

Raw = dict[str, dict[int, Any]]
"""Raw values by name of field and id."""


def is_column(field: Field) -> bool:
    """Whether a field is a column of the model's own table."""
    return bool(field.store and field.column_type) and field.name not in AUTOMATIC


def is_stored(field: Field) -> bool:
    """Whether a field's value is read here: columns, links of many2many, files kept as attachments."""
    return is_column(field) or _is_link(field) or _is_attached(field)


def _is_link(field: Field) -> bool:
    return bool(field.type == "many2many" and field.store and field.relation)


def _is_attached(field: Field) -> bool:
    return bool(field.store and field.type in _FILES and not field.column_type)


def stored_names(model: BaseModel) -> list[str]:
    """Return the fields of which ``read_raw`` knows the values."""
    return [name for name, field in model._fields.items() if is_stored(field)]


def read_raw(model: BaseModel, names: Iterable[str], ids: Collection[int]) -> tuple[Raw, set[int]]:
    """Return the raw values of stored fields, and which ids exist. One query for all columns, one for each relation."""
    chosen = [model._fields[name] for name in names]
    found, existing = _read_columns(model, [field for field in chosen if is_column(field)], ids)
    for field in chosen:
        if _is_link(field):
            found[field.name] = _read_links(model, field, existing)
        elif _is_attached(field):
            found[field.name] = _read_attached(model, field, existing)
    return found, existing


def _read_columns(model: BaseModel, columns: list[Field], ids: Collection[int]) -> tuple[Raw, set[int]]:
    if not ids:
        return {field.name: {} for field in columns}, set()
    query = sql.SQL("SELECT id{} FROM {} WHERE id IN %s").format(
        sql.SQL("").join(sql.SQL(", {}").format(_expression(field)) for field in columns), sql.Identifier(model._table)
    )
    model.env.cr.execute(query, [tuple(ids)])
    rows = model.env.cr.fetchall()
    raw = {field.name: {row[0]: row[at] for row in rows} for at, field in enumerate(columns, start=1)}
    return raw, {row[0] for row in rows}


def _expression(field: Field) -> sql.Composable:
    """Return what to select: of files only how long they are, and a digest to tell them apart."""
    column = sql.Identifier(field.name)
    if field.type not in _FILES:
        return column
    return sql.SQL("json_build_object('size', octet_length({0}) * 3 / 4, 'digest', md5({0}))").format(column)


def _read_links(model: BaseModel, field: Field, ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {record_id: [] for record_id in ids}
    if ids:
        query = sql.SQL("SELECT {0}, {1} FROM {2} WHERE {0} IN %s ORDER BY {0}, {1}").format(
            sql.Identifier(field.column1), sql.Identifier(field.column2), sql.Identifier(field.relation)
        )
        model.env.cr.execute(query, [tuple(ids)])
        for record_id, linked in model.env.cr.fetchall():
            found[record_id].append(linked)
    return found


def _read_attached(model: BaseModel, field: Field, ids: Collection[int]) -> dict[int, Any]:
    found: dict[int, Any] = dict.fromkeys(ids)
    if ids:
        model.env.cr.execute(
            "SELECT res_id, file_size, checksum FROM ir_attachment "
            "WHERE res_model = %s AND res_field = %s AND res_id IN %s",
            [model._name, field.name, tuple(ids)],
        )
        found.update({row[0]: {"size": row[1], "digest": row[2]} for row in model.env.cr.fetchall()})
    return found


def plain(model: BaseModel, field: Field, raw: Any) -> Any:
    """Return a raw value as JSON can hold it and ``to_write`` takes it.

    :param model: in the language and the company whose value is meant
    """
    if getattr(field, "company_dependent", False) and is_column(field):
        raw = _of_company(model, field, raw)
    if field.translate and isinstance(raw, dict):
        raw = raw.get(model.env.lang or "en_US", raw.get("en_US"))
    if field.type in _FILES:
        return raw if raw and raw.get("digest") else False
    if raw is None or raw is False:
        return 0 if field.type in _NUMBERS else False
    if isinstance(raw, datetime):
        return fields.Datetime.to_string(raw)
    if isinstance(raw, date):
        return fields.Date.to_string(raw)
    return float(raw) if isinstance(raw, Decimal) else raw


def _of_company(model: BaseModel, field: Field, raw: Any) -> Any:
    own = (raw or {}).get(str(model.env.company.id))
    if own is not None:
        return own
    return read_value(model, field, field.get_company_dependent_fallback(model))


def read_value(model: BaseModel, field: Field, value: Any) -> Any:
    """Return a value as a record gives it (``record.name``) in the form of ``plain``."""
    if isinstance(value, BaseModel):
        if field.type == "reference":
            return f"{value._name},{value.id}"
        return value.ids if field.type in X2MANY else value.id
    if field.type in _FILES:
        return {"size": len(value) * 3 // 4} if value else False
    if field.type == "properties":
        return field.convert_to_write(value, model)
    return str(value) if isinstance(value, str) else plain(model, _Plain(field.type), value)


class _Plain:
    """A field of a type, of which there is nothing more to know."""

    translate = company_dependent = store = False

    def __init__(self, kind: str) -> None:
        self.type = kind


def to_write(field: Field, value: Any) -> Any:
    """Return a plain value as ``create`` and ``write`` take it; of files there is none."""
    return [(6, 0, value or [])] if field.type in X2MANY else value


def is_file(field: Field) -> bool:
    """Whether only the size of a field's values is kept."""
    return field.type in _FILES


def nested(values: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Return (model, id) pairs as ids by model, in their order."""
    found: dict[str, list[int]] = defaultdict(list)
    for model, record_id in values:
        found[model].append(record_id)
    return dict(found)
