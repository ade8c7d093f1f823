# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Changes as a person reads them: one line a record, old → new, with the labels of the user's language.

What the user may not see, records, fields and names, is left out. Texts of records cannot break out of their line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytz

from odoo import _, api, fields
from odoo.exceptions import AccessError, MissingError
from odoo.models import BaseModel

from . import dates, narrowing
from .changes import CREATE, UNLINK, Change
from .columns import money, number, visible_currency_field
from .lookup import field_infos, is_readable
from .names import closed_ids, labelled, name_field, readable_names
from .render import cut, one_line
from .richtext import to_markdown
from .rules import READ
from .stored import is_file

_TEXT = 80
_FIELDS = 20
_LINKS = 5
_LEAD = 15
"""Characters shown before the place where two long texts begin to differ."""

BETWEEN = " | "
"""Stands between the fields of a record; values cannot hold it, because ``one_line`` escapes its bar."""


def diff(
    env: api.Environment, changes: Iterable[Change], *, before_env: api.Environment | None = None, limit: int = 4000
) -> str:
    """Return what changes, one line a record.

    :param env: whose rights, language and zone count
    :param changes: what a recorder saw; several changes of one record make one line
    :param before_env: an environment in which the changes did not happen: records are called by their old name
    :param limit: about how many characters
    """
    merged = _merged(changes)
    writer = _Writer(env, merged, before_env)
    lines = [line for change in merged if (line := writer.line(change))]
    return _bounded(env, lines, limit)


def change_texts(env: api.Environment, changes: list[Change], limit: int = 4000) -> list[str]:
    """Return what each change did, one line a field, without the record's name."""
    writer = _Writer(env, changes, None)
    return [_bounded(env, writer.parts(change), limit) for change in changes]


def change_lines(env: api.Environment, changes: list[Change], limit: int = 600) -> list[str]:
    """Return each change as ``diff`` would, empty where the user may not see the record."""
    writer = _Writer(env, changes, None)
    return [cut(writer.line(change), limit) for change in changes]


def visible_labels(env: api.Environment, changes: list[Change]) -> list[list[str]]:
    """Return for each change the labels of the changed fields that the user may see."""
    writer = _Writer(env, changes, None)
    return [[info["string"] for info in writer.visible(change).values()] for change in changes]


def visible_names(env: api.Environment, changes: list[Change]) -> list[str]:
    """Return the name of each change's record, as it was, empty where the user may not see it."""
    writer = _Writer(env, changes, None)
    return [writer.name(change) for change in changes]


def _merged(changes: Iterable[Change]) -> list[Change]:
    found: dict[tuple[str, int], Change] = {}
    for change in changes:
        key = (change.model, change.res_id)
        if key in found:
            first = found[key]
            old, new = (_rest(values, first) for values in (change.old, change.new))
            found[key] = replace(first, old={**first.old, **old}, new={**first.new, **new})
        else:
            found[key] = change
    return list(found.values())


def _rest(values: dict[str, Any], known: Change) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in known.old and name not in known.new}


def _bounded(env: api.Environment, lines: list[str], limit: int) -> str:
    kept: list[str] = []
    room = limit
    for line in lines:
        if kept and len(line) > room:
            break
        kept.append(line[:limit])
        room -= len(line) + 1
    rest = len(lines) - len(kept)
    return "\n".join([*kept, _more(env, rest)] if rest else kept)


def _more(env: api.Environment, count: int) -> str:
    self = env.user  # where _() looks for the language
    return _("… %s more", count) if self else ""


class _Writer:
    """Writes changes; what several of them need (labels, names) is read once.

    :param changes: all that will be written
    """

    def __init__(self, env: api.Environment, changes: list[Change], before_env: api.Environment | None) -> None:
        self.env = env
        self._before_env = before_env
        self._closed: dict[str, set[int]] = {}
        self._infos: dict[str, dict[str, dict[str, Any]]] = {}
        self._selections: dict[tuple[str, str], dict[Any, str]] = {}
        self._zone = pytz.timezone(dates.zone(env))
        by_model: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            if change.model in env:
                by_model[change.model].append(change)
        self._records = {model: self._readable(model, found) for model, found in by_model.items()}
        self._linked = self._linked_names(by_model)
        self._called = self._names(before_env, by_model) if before_env else {}

    def line(self, change: Change) -> str:
        """Return a record's line, or nothing when the user may not see it."""
        if change.model not in self._records or not self._is_shown(change):
            return ""
        label = one_line(self.env["ir.model"]._get(change.model).name or change.model, _TEXT)
        name = self.name(change)
        quoted = f' "{one_line(name, _TEXT)}"' if name else ""
        if change.kind == UNLINK:
            return _("Deleted %(model)s%(name)s #%(id)s", model=label, name=quoted, id=change.res_id)
        parts = self.parts(change)
        if change.kind == CREATE:
            head = _("New %(model)s%(name)s", model=label, name=quoted)
            return f"{head}: {BETWEEN.join(parts)}" if parts else head
        return f"{label}{quoted} #{change.res_id}: {BETWEEN.join(parts)}" if parts else ""

    def name(self, change: Change) -> str:
        """Return what a change's record is called, empty where the user may not see the record or its name."""
        if change.model not in self._records or not self._is_shown(change):
            return ""
        field = name_field(self.env[change.model])
        if field not in self._described(change.model):
            return ""
        called = self._called.get(change.model, {}).get(change.res_id)
        if called or field == "display_name":
            return called or change.name
        # Another connection may have kept a name that is made of what is hidden here
        if change.kind == UNLINK:
            return str(change.old.get(field) or "")
        return readable_names(self.env[change.model], [change.res_id]).get(change.res_id, "")

    def parts(self, change: Change) -> list[str]:
        """Return a text for each field: ``Label: old → new``; ``Label: value`` where there is but one."""
        if change.model not in self._records or not self._is_shown(change):
            return []
        texts: dict[str, str] = {}
        for name, info in self.visible(change).items():
            text = self._part(change, name, info)
            field = self.env[change.model]._fields[name]
            # What is computed repeats what was written: a normalised number, a name with another around it
            if text and not (field.compute and field.readonly and text in texts.values()):
                texts[name] = text
        found = [f"{self._described(change.model)[name]['string']}: {text}" for name, text in texts.items()]
        return [*found[:_FIELDS], "…"] if len(found) > _FIELDS else found

    def visible(self, change: Change) -> dict[str, dict[str, Any]]:
        """Return the descriptions of those changed fields that the user may see."""
        infos = self._described(change.model)
        names = [name for name in {**change.old, **change.new} if name in infos]
        return {name: infos[name] for name in names if not self._is_guarded(change, name)}

    def _is_guarded(self, change: Change, name: str) -> bool:
        """Whether a text is, or was, made of records that the profile leaves out: see ``closure.guards``."""
        model = self.env[change.model]
        if not narrowing.guard(model, name):
            return False
        if model._fields[name].readonly or not change.seen or change.kind == UNLINK:
            return True
        envs = [self.env, *([self._before_env] if self._before_env and change.kind != CREATE else [])]
        return any(narrowing.guarded_ids(env[change.model].browse(change.res_id), name) for env in envs)

    def _described(self, model: str) -> dict[str, dict[str, Any]]:
        if model not in self._infos:
            self._infos[model] = field_infos(self.env[model], None, ("type", "string", "relation"))
        return self._infos[model]

    def _readable(self, model: str, changes: list[Change]) -> set[int]:
        records = self.env[model]
        if not is_readable(records):
            return set()
        gone = {change.res_id for change in changes if change.kind == UNLINK}
        there = {change.res_id for change in changes} - gone
        if narrowing.record_domain(records, READ):  # which nobody can tell of a record that is gone
            gone = {change.res_id for change in changes if change.kind == UNLINK and change.seen}
        return gone | set(records.with_context(active_test=False).search([("id", "in", sorted(there))]).ids)

    def _is_shown(self, change: Change) -> bool:
        return change.res_id in self._records[change.model]

    def _names(self, env: api.Environment, by_model: dict[str, list[Change]]) -> dict[str, dict[int, str]]:
        return {
            model: readable_names(env[model], [change.res_id for change in found if change.kind != CREATE])
            for model, found in by_model.items()
        }

    def _linked_names(self, by_model: dict[str, list[Change]]) -> dict[str, dict[int, str]]:
        wanted: dict[str, set[int]] = defaultdict(set)
        for model, found in by_model.items():
            infos = self._described(model) if self._records[model] else {}
            for change in found:
                for values in (change.old, change.new):
                    for name in values.keys() & infos.keys():
                        for comodel, ids in _links(infos[name], values[name]):
                            wanted[comodel].update(ids)
        known = {model: ids for model, ids in wanted.items() if model in self.env}
        self._closed = {model: closed_ids(self.env[model], ids) for model, ids in known.items()}
        there = {model: self.env[model].browse(ids).exists().ids for model, ids in known.items()}
        return {model: readable_names(self.env[model], ids) for model, ids in there.items()}

    def _part(self, change: Change, name: str, info: dict[str, Any]) -> str:
        old, new = change.old.get(name), change.new.get(name)
        if info["type"] in ("many2many", "one2many"):
            return self._links_text(info, old or [], new or [])
        if info["type"] == "properties":
            return self._properties_text(change, name, old or {}, new or {})
        if change.kind == CREATE:
            return one_line(self._text(change, name, info, new), _TEXT) if new else ""
        if change.kind == UNLINK:
            return one_line(self._text(change, name, info, old), _TEXT) if old else ""
        return self._arrow(*_around(self._text(change, name, info, old), self._text(change, name, info, new)))

    def _arrow(self, old: str, new: str) -> str:
        empty = _("(empty)")
        return f"{old or empty} → {new or empty}"

    def _text(self, change: Change, name: str, info: dict[str, Any], value: Any) -> str:
        """Return one value as text, not cut yet."""
        kind = info["type"]
        if kind == "boolean":
            return _("yes") if value else _("no")
        if kind == "monetary":
            return money(value, self._currency(change, name))
        if kind == "float":
            digits = self.env[change.model]._fields[name].get_digits(self.env)
            return number(value or 0.0, digits[1] if digits else None)
        if kind == "integer":
            return str(value or 0)
        if not value:
            return ""
        if kind == "many2one":
            return self._link(info["relation"], value)
        if kind == "reference":
            model, _comma, record_id = str(value).partition(",")
            return self._link(model, int(record_id)) if record_id.isdigit() else str(value)
        if kind == "selection":
            return self._selection(change.model, name).get(value) or str(value)
        if kind == "datetime":
            return dates.formatted(dates.in_zone(fields.Datetime.to_datetime(value), self._zone))
        if is_file(self.env[change.model]._fields[name]):
            size = f"{value.get('size', 0):,}"
            return _("file of %s bytes", size)
        if kind in ("json", "properties_definition"):
            return "{…}"
        return to_markdown(str(value)) if kind == "html" else str(value)

    def _link(self, model: str, record_id: int) -> str:
        """Return a record by name and id; of one that the profile leaves out, only that there is one."""
        if record_id in self._closed.get(model, ()):
            return "…"
        return labelled(record_id, self._linked.get(model, {}))

    def _selection(self, model: str, name: str) -> dict[Any, str]:
        if (model, name) not in self._selections:
            info = field_infos(self.env[model], [name], ("selection",))[name]
            self._selections[model, name] = dict(info.get("selection") or ())
        return self._selections[model, name]

    def _currency(self, change: Change, name: str) -> BaseModel | None:
        model = self.env[change.model]
        field = visible_currency_field(model, name)
        if not field:
            return None
        try:
            known = change.new.get(field) or change.old.get(field)
            currency = self.env["res.currency"].browse(known) if known else model.browse(change.res_id)[field]
            return currency if currency and currency.name else None
        except (AccessError, MissingError):
            return None

    def _links_text(self, info: dict[str, Any], old: list[int], new: list[int]) -> str:
        model = info.get("relation") or ""
        names, closed = self._linked.get(model, {}), self._closed.get(model, set())
        old, new = [one for one in old if one not in closed], [one for one in new if one not in closed]

        def listed(ids: list[int]) -> str:
            shown = ", ".join(one_line(labelled(one, names), _TEXT) for one in ids[:_LINKS])
            return f"{shown}, … ({len(ids)})" if len(ids) > _LINKS else shown

        added = [one for one in new if one not in set(old)]
        removed = [one for one in old if one not in set(new)]
        return " ".join([*([f"+{listed(added)}"] if added else []), *([f"−{listed(removed)}"] if removed else [])])

    def _properties_text(self, change: Change, name: str, old: dict[str, Any], new: dict[str, Any]) -> str:
        labels = self._property_labels(change, name)
        changed = [key for key in {**old, **new} if (old.get(key) or False) != (new.get(key) or False)]
        texts = [
            f"{labels.get(key, key)} {self._arrow(*_around(_plain_text(old.get(key)), _plain_text(new.get(key))))}"
            for key in changed
        ]
        return ", ".join(one_line(text, 3 * _TEXT) for text in texts)

    def _property_labels(self, change: Change, name: str) -> dict[str, str]:
        if change.kind == UNLINK:
            return {}
        try:
            rows = self.env[change.model].browse(change.res_id).read([name])
        except (AccessError, MissingError):
            return {}
        return {item["name"]: item.get("string") or item["name"] for row in rows for item in row[name] or ()}


def _links(info: dict[str, Any], value: Any) -> list[tuple[str, list[int]]]:
    """Return the records that a value points to: their model and ids."""
    if info["type"] == "many2one" and value:
        return [(info["relation"], [value])]
    if info["type"] in ("many2many", "one2many") and value:
        return [(info["relation"], value)]
    if info["type"] == "reference" and value:
        model, _comma, record_id = str(value).partition(",")
        return [(model, [int(record_id)])] if record_id.isdigit() else []
    return []


def _plain_text(value: Any) -> str:
    return "" if value in (None, False, []) else str(value)


def _around(old: str, new: str) -> tuple[str, str]:
    """Return two texts cut to what fits in a line; of long ones, from where they begin to differ."""
    start = 0
    if old and new and max(len(old), len(new)) > _TEXT:
        same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        start = same - _LEAD if same > _TEXT // 2 else 0
    return tuple(("…" if start else "") + one_line(text[start:], _TEXT) if text else "" for text in (old, new))
