# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The values of one field over many records, by the type of the field.

Everything works by column, so that related names, currencies and files of all records are read together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytz

from odoo.models import BaseModel

from ..compat import has_model_access
from . import columns_linked, dates, richtext
from .column import MONEY, NO_ACCESS, Column, Source
from .names import closed_ids

_NOT_FETCHED = frozenset({"binary", "one2many", "many2many"})
_DIGITS = 6
"""Decimals of a number whose field says nothing of them."""


def column(records: BaseModel, name: str, info: dict[str, Any], *, full: bool = False) -> Column:
    """Return the values of a field.

    :param info: the field's entry of ``fields_get()``
    :param full: for the details of a record: HTML as Markdown, more names, the key beside a selection's label
    :raise ToolError: a computed field fails, with its name
    """
    return _WRITERS.get(info["type"], _text)(Source(records, name, info, full))


def _text(source: Source) -> Column:
    return source.each(lambda value: str(value) if value else "")


def _boolean(source: Source) -> Column:
    return source.each(lambda value: "yes" if value else "no", bool)


def _integer(source: Source) -> Column:
    return source.each(str, int)


def number(value: float, digits: int | None = None) -> str:
    """Return a float with the digits of its field, or with up to six and no trailing zeros."""
    text = f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".") if digits is None else f"{value:.{digits}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def rounded(value: float | None, digits: int | None = None) -> float:
    """Return a number as JSON holds it, with no more decimals than ``number`` writes."""
    return round(value or 0.0, _DIGITS if digits is None else digits) + 0.0


def _float(source: Source) -> Column:
    digits = source.records._fields[source.name].get_digits(source.records.env)
    precision = digits[1] if digits else None
    return source.each(lambda value: number(value or 0.0, precision), lambda value: rounded(value, precision))


def _monetary(source: Source) -> Column:
    currencies = _currencies(source)
    shared = currencies[0] if len(set(currencies)) == 1 else None
    pairs = zip(source.values(), currencies, strict=True)
    found = [value if value is NO_ACCESS else (value, currency) for value, currency in pairs]

    def write(pair: tuple[float, BaseModel | None]) -> str:
        value, currency = pair
        return number(value or 0.0, currency.decimal_places) if shared else money(value, currency)

    unit = shared.name if shared else ""
    return source.column(found, write, lambda pair: typed_money(*pair), unit=unit, parts=MONEY)


def typed_money(value: float | None, currency: BaseModel | None) -> dict[str, Any]:
    """Return an amount as JSON holds it; the currency is null where it is unknown."""
    places = currency.decimal_places if currency else 2
    return {"amount": rounded(value, places), "currency": currency.name if currency else None}


def money(value: float | None, currency: BaseModel | None) -> str:
    """Return an amount with the currency's decimals and code."""
    if not currency:
        return number(value or 0.0, 2)
    return f"{number(value or 0.0, currency.decimal_places)} {currency.name}"


def visible_currency_field(model: BaseModel, name: str) -> str | None:
    """Return the field that holds the currency of a monetary field, when the user may see it."""
    currency_field = model._fields[name].get_currency_field(model)
    if not currency_field or not model.fields_get([currency_field], ["type"]):
        return None
    return currency_field if has_model_access(model.env["res.currency"], "read") else None


def needed_fields(model: BaseModel, names: Iterable[str], infos: dict[str, dict[str, Any]]) -> list[str]:
    """Return what to fetch at once to show ``names``: the currency of amounts too.

    Not the contents of files, and not lines and tags: 19.0 refuses a fetch when their model may not be read.
    """
    needed = [name for name in names if name != "id" and infos[name]["type"] not in _NOT_FETCHED]
    amounts = [name for name in needed if infos[name]["type"] == "monetary"]
    currencies = [visible_currency_field(model, name) for name in amounts]
    return list(dict.fromkeys([*needed, *(name for name in currencies if name)]))


def _currencies(source: Source) -> list[BaseModel | None]:
    name = visible_currency_field(source.records, source.name)
    if not name:
        return [None] * len(source.records)
    found = Source(source.records, name, {"type": "many2one"}, full=False).values()
    ids = [item.id for item in found if item and item is not NO_ACCESS]
    closed = closed_ids(source.records.env["res.currency"], ids)
    return [None if item is NO_ACCESS or item.id in closed else item for item in found]


def _date(source: Source) -> Column:
    return source.each(lambda value: value.isoformat() if value else "")


def _datetime(source: Source) -> Column:
    target = pytz.timezone(dates.zone(source.records.env))
    return source.each(
        lambda value: dates.formatted(dates.in_zone(value, target)) if value else "",
        lambda value: dates.with_offset(value, target) if value else None,
        timed=True,
    )


def _selection(source: Source) -> Column:
    info = source.info
    if "selection" not in info:
        info = source.records.fields_get([source.name], ["selection"]).get(source.name, {})
    labels = dict(info.get("selection") or ())

    def write(value: Any) -> str:
        if not value:
            return ""
        label = str(labels.get(value, value))
        return f"{label} [{value}]" if source.full and label != value else label

    return source.each(write, lambda value: value or None)


def _html(source: Source) -> Column:
    return source.each(richtext.to_markdown if source.full else richtext.to_text)


def _json(source: Source) -> Column:
    return source.each(lambda value: compact_json(value) if value else "", lambda value: value or None)


def compact_json(value: Any, default: Callable[[Any], Any] = str) -> str:
    """Return a JSON text without spaces that nobody needs; what JSON does not know goes through ``default``."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=default)


def _binary(source: Source) -> Column:
    field = source.records._fields[source.name]
    if source.records._name == "ir.attachment":
        return source.column(
            [f"{record.mimetype} {size(record.file_size)}" if record.file_size else "" for record in source.records]
        )
    if field.store and field.attachment:
        return source.column(_attached(source))
    sizes = source.values(source.records.with_context(bin_size=True))
    return source.column([value if value is NO_ACCESS else _computed_file(value) for value in sizes])


def _computed_file(value: Any) -> str:
    """Return a file that Odoo makes when it is read, by its size; some fields of this type hold data for a form."""
    if not value:
        return ""
    return f"file {_decoded(value)}" if isinstance(value, bytes | str) else "(data for Odoo's own form)"


def _attached(source: Source) -> list[str]:
    """Return type and size of files kept as attachments, from the attachments, not from the files."""
    domain = [
        ("res_model", "=", source.records._name),
        ("res_field", "=", source.name),
        ("res_id", "in", source.records.ids),
    ]
    files = source.records.env["ir.attachment"].search_fetch(domain, ["res_id", "mimetype", "file_size"], order="id")
    found = {file.res_id: f"{file.mimetype} {size(file.file_size)}" for file in files}
    return [found.get(record.id, "") for record in source.records]


def _decoded(value: bytes | str) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)


def size(count: int) -> str:
    """Return a number of bytes as ``512 B``, ``12.3 kB``, ``4.5 MB``."""
    if count < 1000:
        return f"{count} B"
    for unit in ("kB", "MB"):
        count /= 1000
        if count < 999.95:
            return f"{count:.1f} {unit}"
    return f"{count / 1000:.1f} GB"


_WRITERS: dict[str, Callable[[Source], Column]] = {
    "char": _text,
    "text": _text,
    "boolean": _boolean,
    "integer": _integer,
    "float": _float,
    "monetary": _monetary,
    "date": _date,
    "datetime": _datetime,
    "selection": _selection,
    "many2one": columns_linked.many2one,
    "one2many": columns_linked.many,
    "many2many": columns_linked.many,
    "reference": columns_linked.reference,
    "many2one_reference": columns_linked.reference_id,
    "html": _html,
    "json": _json,
    "serialized": _json,
    "properties": columns_linked.properties,
    "properties_definition": _json,
    "binary": _binary,
    "image": _binary,
}
