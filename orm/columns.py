# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The values of one field over many records, as text for an assistant.

Everything works by column, so that related names, currencies and files of all records are read together.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytz

from odoo import api
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.models import BaseModel

from ..compat import has_model_access
from . import dates, narrowing, richtext
from .errors import ToolError
from .names import closed_ids, labelled, linked_names, listed, readable_names
from .order import has_open_order
from .rules import DENY, READ

_logger = logging.getLogger(__name__)

NO_ACCESS = "(no access)"
PLAIN_TYPES = frozenset({"boolean", "integer", "float", "monetary", "date", "datetime", "many2one_reference"})
"""Types whose text holds no character of a user's choosing."""
_NOT_FETCHED = frozenset({"binary", "one2many", "many2many"})
_NAMES_SHORT, _NAMES_FULL = 5, 20
_COMPUTE_FAILURES = (UserError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class Column:
    """The texts of one field, one per record; ``""`` where there is no value."""

    name: str
    type: str
    cells: list[str]
    unit: str = ""
    """What all cells share and leave out: the currency."""

    @property
    def is_empty(self) -> bool:
        return not any(self.cells)

    @property
    def is_hidden(self) -> bool:
        """Whether there are values, and the user may read none of them."""
        return not self.is_empty and all(cell in ("", NO_ACCESS) for cell in self.cells)


def column(records: BaseModel, name: str, info: dict[str, Any], *, full: bool = False) -> Column:
    """Return the values of a field as text.

    :param info: the field's entry of ``fields_get()``
    :param full: for the details of a record: HTML as Markdown, more names, the key beside a selection's label
    :raise ToolError: a computed field fails, with its name
    """
    kind = info["type"]
    write = _WRITERS.get(kind, _other)
    return write(_Source(records, name, info, full))


def values(records: BaseModel, name: str, info: dict[str, Any]) -> list[Any]:
    """Return the values of a field as Odoo gives them; ``NO_ACCESS`` where the user may not read.

    Parameters and errors as for ``column``.
    """
    return _Source(records, name, info, full=False).values()


@dataclass(frozen=True)
class _Source:
    records: BaseModel
    name: str
    info: dict[str, Any]
    full: bool

    def values(self, records: BaseModel | None = None) -> list[Any]:
        """Return the values as Odoo gives them; ``NO_ACCESS`` where the user may not read."""
        records = self.records if records is None else records
        closed = narrowing.guarded_ids(records, self.name)
        try:
            return [NO_ACCESS if record.id in closed else record[self.name] for record in records]
        except (AccessError, MissingError):
            return [NO_ACCESS if record.id in closed else self._value(record) for record in records]
        except _COMPUTE_FAILURES as error:
            raise self._failure(error) from error

    def _value(self, record: BaseModel) -> Any:
        try:
            return record[self.name]
        except (AccessError, MissingError):
            return NO_ACCESS
        except _COMPUTE_FAILURES as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> ToolError:
        _logger.warning("%s.%s cannot be computed", self.records._name, self.name, exc_info=error)
        reason = str(error) if isinstance(error, UserError) else type(error).__name__
        return ToolError(
            f"Odoo could not compute the field {self.name} of {self.records._name} ({reason}). Leave it out of fields."
        )

    def column(self, cells: list[str], unit: str = "") -> Column:
        return Column(self.name, self.info["type"], cells, unit)

    def each(self, write: Callable[[Any], str]) -> Column:
        """Return a column with ``write(value)`` of every value that is not empty."""
        return self.column([NO_ACCESS if value is NO_ACCESS else write(value) for value in self.values()])


def _text(source: _Source) -> Column:
    return source.each(lambda value: str(value) if value else "")


def _boolean(source: _Source) -> Column:
    return source.each(lambda value: "yes" if value else "no")


def _integer(source: _Source) -> Column:
    return source.each(str)


def _reference_id(source: _Source) -> Column:
    """Return ids of records of the model that another field names."""
    column = source.each(lambda value: str(value) if value else "")
    if narrowing.current() is None:
        return column
    named = source.records._fields[source.name].model_field
    models = _Source(source.records, named, {"type": "char"}, full=False).values() if named else []
    cells = [
        NO_ACCESS if cell and cell != NO_ACCESS and _is_closed(source, model, int(cell)) else cell
        for cell, model in zip(column.cells, models, strict=True)
    ]
    return source.column(cells) if named else column


def _is_closed(source: _Source, model: Any, record_id: int) -> bool:
    env = source.records.env
    return model is NO_ACCESS or (model in env and bool(closed_ids(env[model], [record_id])))


def number(value: float, digits: int | None = None) -> str:
    """Return a float with the digits of its field, or with up to six and no trailing zeros."""
    text = f"{value:.6f}".rstrip("0").rstrip(".") if digits is None else f"{value:.{digits}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def _float(source: _Source) -> Column:
    digits = source.records._fields[source.name].get_digits(source.records.env)
    precision = digits[1] if digits else None
    return source.each(lambda value: number(value or 0.0, precision))


def _monetary(source: _Source) -> Column:
    values = source.values()
    currencies = _currencies(source)
    formats = {currency: (currency.name, currency.decimal_places) for currency in set(currencies) if currency}
    shared = formats.get(currencies[0]) if len(set(currencies)) == 1 else None

    def write(value: Any, currency: BaseModel | None) -> str:
        if value is NO_ACCESS:
            return value
        code, decimals = formats.get(currency, ("", 2))
        amount = number(value or 0.0, decimals)
        return amount if shared or not code else f"{amount} {code}"

    cells = [write(value, currency) for value, currency in zip(values, currencies, strict=True)]
    return source.column(cells, shared[0] if shared else "")


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


def _currencies(source: _Source) -> list[BaseModel | None]:
    name = visible_currency_field(source.records, source.name)
    if not name:
        return [None] * len(source.records)
    found = _Source(source.records, name, {"type": "many2one"}, full=False).values()
    ids = [item.id for item in found if item and item is not NO_ACCESS]
    closed = closed_ids(source.records.env["res.currency"], ids)
    return [None if item is NO_ACCESS or item.id in closed else item for item in found]


def _date(source: _Source) -> Column:
    return source.each(lambda value: value.isoformat() if value else "")


def _datetime(source: _Source) -> Column:
    target = pytz.timezone(dates.zone(source.records.env))
    return source.each(lambda value: dates.formatted(dates.in_zone(value, target)) if value else "")


def _selection(source: _Source) -> Column:
    info = source.info
    if "selection" not in info:
        info = source.records.fields_get([source.name], ["selection"]).get(source.name, {})
    labels = dict(info.get("selection") or ())

    def write(value: Any) -> str:
        if not value:
            return ""
        label = str(labels.get(value, value))
        return f"{label} [{value}]" if source.full and label != value else label

    return source.each(write)


def _many2one(source: _Source) -> Column:
    values = source.values()
    pairs = zip(source.records, values, strict=True)
    # One record for each name: Odoo makes a name afresh for every record that links to it.
    linked = {value.id: record.id for record, value in pairs if value and value is not NO_ACCESS}
    closed = closed_ids(source.records.env[source.records._fields[source.name].comodel_name], linked)
    names = linked_names(source.records.browse(linked.values()), source.name)

    def write(value: BaseModel) -> str:
        return NO_ACCESS if value.id in closed else labelled(value.id, names)

    return source.column([value if value is NO_ACCESS else write(value) if value else "" for value in values])


def _many(source: _Source) -> Column:
    shown = _NAMES_FULL if source.full else _NAMES_SHORT
    comodel = source.records.env[source.records._fields[source.name].comodel_name]
    ids = [value if value is NO_ACCESS else _open_ids(value) for value in source.values()]
    wanted = [record_id for found in ids if found is not NO_ACCESS for record_id in found[:shown]]
    names = readable_names(comodel, wanted)
    return source.column([found if found is NO_ACCESS else listed(found, names, shown) for found in ids])


def _open_ids(records: BaseModel) -> list[int] | str:
    """Return the ids of linked records without those that the profile hides."""
    if narrowing.decision(records._name, READ) == DENY:
        return NO_ACCESS if records else []
    closed = closed_ids(records, records.ids)
    ids = [record_id for record_id in records.ids if record_id not in closed]
    return ids if has_open_order(records) else sorted(ids)


def _reference(source: _Source) -> Column:
    values = source.values()
    wanted: dict[str, list[int]] = {}
    for value in values:
        if value and value is not NO_ACCESS:
            wanted.setdefault(value._name, []).append(value.id)
    env = source.records.env
    names = {model: readable_names(env[model], ids) for model, ids in wanted.items()}
    closed = {model: closed_ids(env[model], ids) for model, ids in wanted.items()}

    def write(value: Any) -> str:
        if value and value.id in closed[value._name]:
            return NO_ACCESS
        return f"{labelled(value.id, names[value._name])} ({value._name})" if value else ""

    return source.column([value if value is NO_ACCESS else write(value) for value in values])


def _html(source: _Source) -> Column:
    return source.each(richtext.to_markdown if source.full else richtext.to_text)


def _json(source: _Source) -> Column:
    return source.each(lambda value: compact_json(value) if value else "")


def compact_json(value: Any, default: Callable[[Any], Any] = str) -> str:
    """Return a JSON text without spaces that nobody needs; what JSON does not know goes through ``default``."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=default)


def _binary(source: _Source) -> Column:
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


def _attached(source: _Source) -> list[str]:
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


def _properties(source: _Source) -> Column:
    found = {values["id"]: values[source.name] for values in source.records.read([source.name])}
    env = source.records.env
    return source.column(
        ["; ".join(_property(env, entry) for entry in found.get(record.id) or ()) for record in source.records]
    )


def _property(env: api.Environment, entry: dict[str, Any]) -> str:
    """Return one property as ``Label: value``, as ``read()`` describes it."""
    value, kind = entry.get("value"), entry.get("type")
    if kind == "boolean":
        text = "yes" if value else "no"
    elif not value and kind not in ("integer", "float"):
        text = ""
    elif kind == "selection":
        text = str(dict(entry.get("selection") or ()).get(value, value))
    elif kind == "tags":
        labels = {tag[0]: tag[1] for tag in entry.get("tags") or ()}
        text = ", ".join(str(labels.get(tag, tag)) for tag in value)
    elif kind == "many2one":
        text = _property_links(env, entry, [value])
    elif kind == "many2many":
        text = _property_links(env, entry, value)
    else:
        text = str(value)
    return f"{entry.get('string') or entry.get('name')}: {text}" if text else ""


def _property_links(env: api.Environment, entry: dict[str, Any], pairs: list[Any]) -> str:
    names = {pair[0]: pair[1] or "" for pair in pairs}
    comodel = env[entry["comodel"]] if entry.get("comodel") in env else None
    if comodel is not None and narrowing.current() is not None:
        closed = closed_ids(comodel, names)
        known = readable_names(comodel, names)
        names = {record_id: known.get(record_id, "") for record_id in names if record_id not in closed}
    return ", ".join(labelled(record_id, names) for record_id in names) or NO_ACCESS


def _other(source: _Source) -> Column:
    return source.each(lambda value: str(value) if value else "")


_WRITERS: dict[str, Callable[[_Source], Column]] = {
    "char": _text,
    "text": _text,
    "boolean": _boolean,
    "integer": _integer,
    "float": _float,
    "monetary": _monetary,
    "date": _date,
    "datetime": _datetime,
    "selection": _selection,
    "many2one": _many2one,
    "one2many": _many,
    "many2many": _many,
    "reference": _reference,
    "many2one_reference": _reference_id,
    "html": _html,
    "json": _json,
    "serialized": _json,
    "properties": _properties,
    "properties_definition": _json,
    "binary": _binary,
    "image": _binary,
}
