# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a call changes, seen where every change passes: in the ORM (``models/base.py``).

Old values are what the database holds before the first write of a field is flushed; new values are what it holds in the
end. A record that was written twice is one change, one that was created and deleted is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from psycopg2 import sql

from odoo import api
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.models import BaseModel

from ..compat import dirty_ids
from . import origin, stored
from .names import readable_names

CREATE, WRITE, UNLINK = "create", "write", "unlink"
_UNKNOWN = (AccessError, MissingError, UserError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_BOOKKEEPING = ("mail.", "bus.", "ir.", "discuss.", "rating.", "res.users.log", "digest.")
"""Models that business code writes along with everything else."""
_DEPENDENTS = 1000
"""How many rows that go with a deleted record are remembered."""

_recorder: ContextVar[Recorder | None] = ContextVar("mcp_native_recorder", default=None)


@dataclass
class Change:
    """What became of one record.

    :param kind: ``create``, ``write`` or ``unlink``
    :param old: values before, by field; of a deleted record all that is stored. JSON can hold them and ``write`` takes
        them again: ids, lists of ids, ISO texts; of files ``{"size": bytes, "digest": text}`` only
    :param new: values after; of a created record all that is stored and not empty
    :param name: what the user sees it called; empty where the user may not read it
    :param direct: the tool itself asked for it, or a command for a line in what it wrote; not business code
    :param lang: the language whose texts were written
    :param company_id: the company whose values were written
    :param seen: the connection at hand made it itself: what it deleted is no news to it
    """

    model: str
    res_id: int
    kind: str
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    direct: bool = True
    lang: str = "en_US"
    company_id: int = 0
    seen: bool = True


@dataclass
class _Note:
    """What the hooks saw of one record."""

    kind: str
    direct: bool
    lang: str
    company_id: int
    fields: dict[str, None] = field(default_factory=dict)
    name: str = ""


class Recorder:
    """Sees what one transaction's ORM creates, writes and deletes while it records."""

    def __init__(self, env: api.Environment) -> None:
        self.env = env
        self._opened_by: Any = None
        self._notes: dict[tuple[str, int], _Note] = {}
        self._noted: list[tuple[str, int]] = []
        self._originals: dict[str, stored.Raw] = defaultdict(lambda: defaultdict(dict))
        self._read: dict[str, stored.Raw] = defaultdict(lambda: defaultdict(dict))

    # -- what the answers are made of

    def changes(self) -> list[Change]:
        """Return what was created, written and deleted, in the order in which the records were first touched."""
        self.env.flush_all()
        found = {key: Change(*key, note.kind, **_common(note)) for key, note in self._notes.items()}
        for model, ids in stored.nested(found).items():
            self._fill(model, {record_id: found[model, record_id] for record_id in ids})
        self._promote(found)
        kept = [change for change in found.values() if _tells(change)]
        self._name(kept)
        return kept

    @property
    def mark(self) -> int:
        """Where the record of what was touched ends now, for ``changes_since``."""
        return len(self._noted)

    def changes_since(self, mark: int) -> list[Change]:
        """Return what became of the records that were touched after a mark, from the beginning on."""
        touched = set(self._noted[mark:])
        return [change for change in self.changes() if (change.model, change.res_id) in touched] if touched else []

    @property
    def created(self) -> set[tuple[str, int]]:
        """Model and id of every record that was created, also of those that are gone again."""
        return {key for key, note in self._notes.items() if note.kind == CREATE}

    def derived(self) -> list[Change]:
        """Return what Odoo computed because of the changes, as changes of kind ``write``; nobody wrote these values."""
        self.env.flush_all()
        found: list[Change] = []
        for model, names in list(self._originals.items()):
            records = self.env[model]
            computed = {name: ids for name, ids in names.items() if records._fields[name].compute and ids}
            all_ids = sorted({record_id for ids in computed.values() for record_id in ids})
            now, existing = stored.read_raw(records, computed, all_ids)
            for record_id in (one for one in all_ids if one in existing):
                change = Change(model, record_id, WRITE, direct=False, lang=self.env.lang or "en_US")
                note = self._notes.get((model, record_id))
                if not note or note.kind == WRITE:
                    fields = [name for name in computed if not note or name not in note.fields]
                    self._compare(change, records, fields, now)
                    found.append(change)
        found = [change for change in found if _tells(change)]
        self._name(found)
        return found

    @property
    def touched(self) -> dict[str, set[int]]:
        """Ids by model of every record that the ORM wrote in any way."""
        found: dict[str, set[int]] = defaultdict(set)
        for model, record_id in self._notes:
            found[model].add(record_id)
        for model, names in self._originals.items():
            found[model].update(record_id for ids in names.values() for record_id in ids)
        return {model: ids for model, ids in found.items() if ids}

    # -- what the hooks tell

    def before_write(self, records: BaseModel, names: Iterable[str]) -> None:
        """Note that fields of records are about to be written."""
        ids = [record_id for record_id in records._ids if isinstance(record_id, int)]
        if not ids or not _is_recorded(records):
            return
        direct = origin.asked_by_tool(self._opened_by)
        written = [name for name in names if name in records._fields and name not in stored.AUTOMATIC]
        for record_id in ids:
            note = self._note(records, record_id, WRITE, direct)
            note.fields.update(dict.fromkeys(written))
        beside = [name for name in written if not stored.is_column(records._fields[name])]
        self._keep_raw(records, [name for name in beside if stored.is_stored(records._fields[name])], ids)
        if direct:
            self._keep_read(records, [name for name in beside if _is_computed(records._fields[name])], ids)

    def after_create(self, records: BaseModel, values: Sequence[Mapping[str, Any]]) -> None:
        """Note that records were created, with the values that were given for each: what was asked for comes first."""
        if _is_recorded(records):
            direct = origin.asked_by_tool(self._opened_by)
            for record_id, given in zip(records._ids, values, strict=False):
                note = self._note(records, record_id, CREATE, direct)
                note.kind = CREATE  # it may have been written meanwhile
                note.fields = dict.fromkeys(name for name in given if name in records._fields) | note.fields

    def before_unlink(self, records: BaseModel) -> None:
        """Note that records are about to be deleted, with all that would build them again."""
        if not records or not _is_recorded(records):
            return
        direct = origin.asked_by_tool(self._opened_by)
        if direct:
            self._keep_dependents(records, 2)
        self._forget(records, direct)

    def before_flush(self) -> None:
        """Keep what the database holds of values that are about to be overwritten."""
        by_model: dict[str, dict[str, Collection[int]]] = defaultdict(dict)
        for column, ids in dirty_ids(self.env).items():
            if stored.is_column(column):
                by_model[column.model_name][column.name] = ids
        for model, names in by_model.items():
            records = self.env[model]
            if _is_recorded(records):
                self._keep_raw(records, list(names), {one for ids in names.values() for one in ids}, names)

    # -- inner parts

    def _note(self, records: BaseModel, record_id: int, kind: str, direct: bool) -> _Note:
        key = (records._name, record_id)
        self._noted.append(key)
        note = self._notes.get(key)
        if not note:
            note = self._notes[key] = _Note(kind, direct, records.env.lang or "en_US", _company(records))
        elif direct and not note.direct:
            note.direct, note.lang, note.company_id = True, records.env.lang or "en_US", _company(records)
        return note

    def _keep_raw(
        self,
        records: BaseModel,
        names: list[str],
        ids: Collection[int],
        wanted: Mapping[str, Collection[int]] | None = None,
    ) -> None:
        """Keep raw values that are not kept yet, in one query.

        :param wanted: the ids of each field, where they differ
        """
        kept = self._originals[records._name]
        missing = {
            name: {one for one in (wanted[name] if wanted else ids) if isinstance(one, int) and one not in kept[name]}
            for name in names
        }
        missing = {name: lost for name, lost in missing.items() if lost}
        if not missing:
            return
        raw, _existing = stored.read_raw(records, missing, set().union(*missing.values()))
        for name, lost in missing.items():
            kept[name].update({one: raw[name][one] for one in lost if one in raw[name]})

    def _keep_read(self, records: BaseModel, names: list[str], ids: list[int]) -> None:
        """Keep what computed fields show before they are written."""
        for name in names:
            kept = self._read[records._name][name]
            for record in records.browse(one for one in ids if one not in kept):
                value = shown_value(record, name)
                if value is not None:
                    kept[record.id] = value

    def _keep_dependents(self, records: BaseModel, depth: int) -> None:
        """Note the lines of records, which PostgreSQL deletes with them."""
        for line_field in records._fields.values():
            if line_field.type != "one2many" or line_field.compute or not line_field.inverse_name:
                continue
            lines = self.env[line_field.comodel_name]
            inverse = lines._fields.get(line_field.inverse_name)
            if not goes_along(lines, inverse) or inverse.comodel_name != records._name:
                continue
            query = sql.SQL("SELECT id FROM {} WHERE {} IN %s LIMIT %s").format(
                sql.Identifier(lines._table), sql.Identifier(inverse.name)
            )
            self.env.cr.execute(query, [tuple(records.ids), _DEPENDENTS])
            found = lines.with_env(records.env).browse(row[0] for row in self.env.cr.fetchall())
            if found and depth:
                self._keep_dependents(found, depth - 1)
                self._forget(found, direct=True)

    def _forget(self, records: BaseModel, direct: bool) -> None:
        names = [name for name in stored.stored_names(records) if not _is_readonly_computed(records._fields[name])]
        self._keep_raw(records, names, records._ids)
        shown = readable_names(records.browse(), records._ids) if direct else {}
        for record_id in records._ids:
            note = self._note(records, record_id, UNLINK, direct)
            note.name = note.name or shown.get(record_id, "")
            if note.kind == WRITE:
                note.kind = UNLINK
                # Deleted last: where the order is turned round to undo, it is there again first
                self._notes[records._name, record_id] = self._notes.pop((records._name, record_id))

    def _fill(self, model: str, found: dict[int, Change]) -> None:
        """Complete the changes of one model, by id, with values."""
        records = self.env[model]
        names = {name for record_id in found for name in self._notes[model, record_id].fields}
        if any(change.kind == CREATE for change in found.values()):
            names.update(stored.stored_names(records))
        if any(change.direct for change in found.values()):
            names.update(name for name, ids in self._originals[model].items() if ids)
        now, existing = stored.read_raw(records, [n for n in names if stored.is_stored(records._fields[n])], found)
        for record_id, change in found.items():
            note = self._notes[model, record_id]
            change.kind = _outcome(change.kind, record_id in existing)
            if change.kind == CREATE:
                filled = _filled(in_context(records, change), now, record_id, whole=False)
                change.new = {name: filled[name] for name in note.fields if name in filled} | filled
            elif change.kind == UNLINK:
                change.old = _filled(in_context(records, change), self._originals[model], record_id, whole=True)
            elif change.kind == WRITE:
                fields = list(note.fields)
                if change.direct:
                    fields += [name for name in self._overwritten(records, record_id) if name not in note.fields]
                self._compare(change, records, fields, now)

    def _overwritten(self, records: BaseModel, record_id: int) -> list[str]:
        """Return fields that a person could have set and Odoo computed anew: a write back would not bring them back."""
        return [
            name
            for name, ids in self._originals[records._name].items()
            if record_id in ids and records._fields[name].compute and not records._fields[name].readonly
        ]

    def _compare(self, change: Change, records: BaseModel, names: Iterable[str], now: stored.Raw) -> None:
        """Put the old and new values of those fields that differ into a change."""
        model = in_context(records, change)
        for name in names:
            target = model._fields[name]
            if stored.is_stored(target):
                kept = self._originals[model._name][name]
                if change.res_id not in kept or change.res_id not in now[name]:
                    continue
                old = stored.plain(model, target, kept[change.res_id])
                new = stored.plain(model, target, now[name][change.res_id])
            elif change.res_id in self._read[model._name][name]:
                old = self._read[model._name][name][change.res_id]
                new = shown_value(model.browse(change.res_id), name)
            else:
                continue
            if new is not None and old != new:
                change.old[name], change.new[name] = old, new

    def _promote(self, found: dict[tuple[str, int], Change]) -> None:
        """Count lines that business code deleted before their record as deleted with it."""
        gone = {key for key, change in found.items() if change.kind == UNLINK and change.direct}
        for (model, _record_id), change in found.items():
            if change.kind == UNLINK and not change.direct:
                fields = self.env[model]._fields
                change.direct = any(
                    goes_along(self.env[model], fields[name]) and (fields[name].comodel_name, value) in gone
                    for name, value in change.old.items()
                    if fields[name].type == "many2one"
                )

    def _name(self, changes: list[Change]) -> None:
        there = stored.nested((change.model, change.res_id) for change in changes if change.kind != UNLINK)
        names = {model: readable_names(self.env[model], ids) for model, ids in there.items()}
        for change in changes:
            if change.kind == UNLINK:
                change.name = self._notes[change.model, change.res_id].name
            else:
                change.name = names[change.model].get(change.res_id, "")


@contextmanager
def recording(env: api.Environment) -> Iterator[Recorder]:
    """Record what happens inside, in the transaction of ``env``, by whatever user.

    Ask the recorder for the changes inside: what is flushed after the end is not seen.
    """
    recorder = Recorder(env)
    env.flush_all()
    recorder._opened_by = origin.opener()
    token = _recorder.set(recorder)
    try:
        yield recorder
    finally:
        _recorder.reset(token)
        recorder._opened_by = None


@contextmanager
def unrecorded() -> Iterator[None]:
    """Record nothing of what is taken back anyway."""
    token = _recorder.set(None)
    try:
        yield
    finally:
        _recorder.reset(token)


def current(env: api.Environment) -> Recorder | None:
    """Return what records the transaction of ``env``, if anything does."""
    recorder = _recorder.get()
    return recorder if recorder is not None and recorder.env.cr is env.cr else None


def stamps(env: api.Environment, targets: Mapping[str, Collection[int]]) -> dict[str, dict[str, str]]:
    """Return a text for each record that differs once the record was changed; ``""`` where there is none.

    :param targets: ids by model
    """
    env.flush_all()
    return {model: _stamps(env[model], sorted(set(ids))) for model, ids in targets.items()}


def _stamps(model: BaseModel, ids: list[int]) -> dict[str, str]:
    found = dict.fromkeys(map(str, ids), "")
    if ids and model._auto and not model._abstract:
        stamp = "write_date::text" if model._log_access else "md5(row::text)"
        query = sql.SQL("SELECT id, {} FROM {} row WHERE id IN %s").format(sql.SQL(stamp), sql.Identifier(model._table))
        model.env.cr.execute(query, [tuple(ids)])
        found.update({str(record_id): value or "-" for record_id, value in model.env.cr.fetchall()})
    return found


def irreversible(env: api.Environment, changes: Iterable[Change], method: str | None = None) -> list[str]:
    """Return in sentences what of a call cannot be undone.

    :param changes: what it changes
    :param method: the method it calls (``sale.order.action_confirm``), if it does
    """
    found: list[str] = []
    direct = [change for change in changes if change.direct]
    if method:
        found.append(f"What {method} does cannot be undone by undo_changes.")
    if any(change.kind == UNLINK for change in direct):
        found.append(
            "Deleted records can only be created anew, with another id, without their messages, files and the links "
            "that other records had to them."
        )
    files = sorted({name for change in direct for name in change.old if _loses_file(env, change, name)})
    if files:
        found.append(f"The present files in {', '.join(files)} are not kept and cannot be brought back.")
    return found


def _loses_file(env: api.Environment, change: Change, name: str) -> bool:
    return change.kind != CREATE and stored.is_file(env[change.model]._fields[name]) and bool(change.old[name])


def goes_along(lines: BaseModel, inverse: Any) -> bool:
    """Whether records of a model are deleted with the one they belong to, and are worth building again."""
    return bool(
        inverse
        and inverse.type == "many2one"
        and inverse.store
        and inverse.ondelete == "cascade"
        and lines._auto
        and _is_recorded(lines)
        and not lines._name.startswith(_BOOKKEEPING)
    )


def _tells(change: Change) -> bool:
    """Whether a change is worth telling: something differs, and it is no bookkeeping of business code."""
    return bool(change.kind == UNLINK or change.old or change.new) and (
        change.direct or not change.model.startswith(_BOOKKEEPING)
    )


def _company(records: BaseModel) -> int:
    try:
        return records.env.company.id
    except AccessError:  # a context with companies that are not the user's: for others to refuse
        return 0


def _is_recorded(records: BaseModel) -> bool:
    """Whether changes of a model count: its rows last, and are not this addon's own."""
    return not (records._abstract or records._transient or records._name.startswith("mcp_native."))


def _is_computed(target: Any) -> bool:
    return not target.store and target.type != "one2many" and bool(target.compute or target.inverse or target.related)


def _is_readonly_computed(target: Any) -> bool:
    return bool(target.compute) and target.readonly


def shown_value(record: BaseModel, name: str, otherwise: Any = None) -> Any:
    """Return what a field shows, in plain form, or something else where that cannot be told."""
    try:
        return stored.read_value(record, record._fields[name], record[name])
    except _UNKNOWN:
        return otherwise


def _outcome(kind: str, exists: bool) -> str:
    """Return what became of a record in the end: a deletion may have been rolled back, a creation be gone again."""
    if exists:
        return WRITE if kind == UNLINK else kind
    return "" if kind == CREATE else UNLINK


def in_context(records: BaseModel, change: Change) -> BaseModel:
    """Return a change's model in the language and company of its values."""
    model = records.with_context(lang=change.lang)
    return model.with_company(change.company_id) if change.company_id else model


def _filled(model: BaseModel, raw: stored.Raw, record_id: int, *, whole: bool) -> dict[str, Any]:
    """Return the values of a record that build it again, without those that are not set.

    :param whole: with no, zero and the like, where a default may say otherwise
    """
    values = {}
    for name, target in model._fields.items():
        known = name in raw and record_id in raw[name] and not _is_readonly_computed(target)
        if known and raw[name][record_id] is not None:
            values[name] = stored.plain(model, target, raw[name][record_id])
    return {name: value for name, value in values.items() if value or (whole and value not in (None, []))}


def _common(note: _Note) -> dict[str, Any]:
    return {"direct": note.direct, "lang": note.lang, "company_id": note.company_id}
