# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tracked changes as messages tell them: ``Stage: New → Won``, for who may see the field and what it links to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from odoo import api
from odoo.models import BaseModel

from . import dates, narrowing
from .columns import NO_ACCESS, money, number, visible_currency_field
from .lookup import is_readable
from .names import closed_ids, labelled, readable_names
from .render import one_line

_LIMIT = 80
_LINKS = frozenset({"one2many", "many2many", "tags"})


def tracked(record: BaseModel, messages: BaseModel) -> dict[int, list[str]]:
    """Return the changes that messages tell, a text for each field, by message.

    :param record: what the messages are about, which the user may read
    :param messages: that the user may read
    """
    infos = record.fields_get(attributes=["string", "type", "relation"])
    rows = record.env["mail.tracking.value"]._mcp_native_tracked(messages.ids, infos)
    writer = _Writer(record, infos, rows)
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row["message"]].append(writer.text(row))
    return found


class _Writer:
    """Writes tracked values; the names of linked records are read once.

    :param infos: entries of ``fields_get()`` for the fields of ``rows``
    :param rows: of ``_mcp_native_tracked``
    """

    def __init__(self, record: BaseModel, infos: dict[str, dict[str, Any]], rows: list[dict[str, Any]]) -> None:
        self._record = record
        self._env: api.Environment = record.env
        self._infos = infos
        linked: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            if row["kind"] == "many2one" and self._comodel(row):
                linked[self._comodel(row)].update(filter(None, (row[side]["integer"] for side in ("old", "new"))))
        self._names = {model: readable_names(self._env[model], ids) for model, ids in linked.items()}
        self._closed = {model: closed_ids(self._env[model], ids) for model, ids in linked.items()}

    def text(self, row: dict[str, Any]) -> str:
        """Return one change, as ``Label: old → new``."""
        label = row["label"] or self._infos[row["field"]]["string"]
        if narrowing.guard(self._record, row["field"]):  # made of records that the profile may leave out, then or now
            return f"{one_line(label, _LIMIT)}: {NO_ACCESS}"
        old, new = (one_line(self._value(row, row[side]), _LIMIT) or "(empty)" for side in ("old", "new"))
        return f"{one_line(label, _LIMIT)}: {old} → {new}"

    def _comodel(self, row: dict[str, Any]) -> str:
        """Return the model that a field links to; of a property, nobody says it."""
        model = self._infos[row["field"]].get("relation") or ""
        return model if model in self._env else ""

    def _value(self, row: dict[str, Any], value: dict[str, Any]) -> str:
        kind = row["kind"]
        if kind == "many2one":
            return self._link(row, value)
        if kind in _LINKS:
            return self._links(row, value["char"] or "")
        if kind == "monetary":
            return money(value["float"], self._currency(row))
        if kind == "float":
            return number(value["float"], self._digits(row))
        write = _WRITERS.get(kind)
        return write(self._env, value) if write else value["char"] or value["text"] or ""

    def _link(self, row: dict[str, Any], value: dict[str, Any]) -> str:
        model, record_id = self._comodel(row), value["integer"]
        if not record_id:
            return ""
        if not model or record_id in self._closed[model]:
            return NO_ACCESS
        return labelled(record_id, self._names[model])

    def _links(self, row: dict[str, Any], names: str) -> str:
        """Return names without ids, where nothing of their model is kept from the user."""
        model = self._comodel(row)
        if row["kind"] == "tags":
            return names
        is_open = model and is_readable(self._env[model]) and not narrowing.is_limited(self._env[model])
        return names if is_open else NO_ACCESS

    def _digits(self, row: dict[str, Any]) -> int | None:
        field = self._record._fields[row["field"]]
        digits = field.get_digits(self._env) if field.type == "float" else None
        return digits[1] if digits else None

    def _currency(self, row: dict[str, Any]) -> BaseModel | None:
        if not row["currency"] or not visible_currency_field(self._record, row["field"]):
            return None
        return self._env["res.currency"].browse(row["currency"])


_WRITERS: dict[str, Callable[[api.Environment, dict[str, Any]], str]] = {
    "boolean": lambda env, value: "yes" if value["integer"] else "no",
    "integer": lambda env, value: str(value["integer"]),
    "date": lambda env, value: value["datetime"].date().isoformat() if value["datetime"] else "",
    "datetime": lambda env, value: dates.to_user(value["datetime"], env) if value["datetime"] else "",
}

