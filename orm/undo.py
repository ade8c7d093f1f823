# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Taking changes back: with the rights of the user who asks, the newest first, all or none.

Nothing is taken back over somebody's head: a value that is no longer the one that the change left was changed after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg2 import sql

from odoo import _, api
from odoo.models import BaseModel

from . import stored
from .access import check_left
from .changes import CREATE, UNLINK, WRITE, Change, goes_along, in_context, shown_value
from .diff import visible_names
from .errors import ToolError
from .lookup import field_infos, is_readable
from .narrowing import readonly_fields, unnarrowed

_REASONS = 10


def undo(env: api.Environment, changes: Sequence[Change], dates: Sequence[datetime]) -> list[str]:
    """Take changes back.

    :param changes: the newest first
    :param dates: when each was made
    :return: what came out differently, in sentences
    :raise ToolError: why it cannot be done, with records and fields; nothing was done
    """
    names = _called(env, changes)
    _Check(env, changes, dates, names).pass_()
    run = _Run(env, names)
    with unnarrowed():
        notes = run.run(changes)
    for records in run.left():
        check_left(records, _("Undone"))
    return notes


def reversed_operations(changes: Iterable[Change]) -> Iterator[tuple[str, str, list[int]]]:
    """Return what undoing does, as (operation, model, ids)."""
    back = {CREATE: UNLINK, WRITE: WRITE, UNLINK: CREATE}
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for change in changes:
        found[back[change.kind], change.model].append(change.res_id)
    for (operation, model), ids in found.items():
        yield operation, model, ids


def _called(env: api.Environment, changes: Sequence[Change]) -> dict[tuple[str, int], str]:
    """Return what records are called, as far as the user may see that."""
    found = {}
    for change, name in zip(changes, visible_names(env, list(changes)), strict=True):
        label = env["ir.model"]._get(change.model).name or change.model
        quoted = f' "{name}"' if name else ""
        found[change.model, change.res_id] = f"{label}{quoted} #{change.res_id}"
    return found


class _Check:
    """Finds what stands against taking changes back."""

    def __init__(
        self,
        env: api.Environment,
        changes: Sequence[Change],
        dates: Sequence[datetime],
        names: Mapping[tuple[str, int], str],
    ) -> None:
        self.env = env
        self._names = names
        self.changes = changes
        self.dates = dates
        self._infos: dict[str, dict[str, Any]] = {}
        self._now: dict[str, stored.Raw] = {}
        self._existing: dict[str, set[int]] = {}
        self._again: dict[tuple[str, int, str], Any] = {}
        """Values as they will be once what is newer was taken back."""

    def pass_(self) -> None:
        """Let pass what can be taken back.

        :raise ToolError: what cannot, and why
        """
        reasons = self.reasons()
        if reasons:
            more = [_("… %s more", len(reasons) - _REASONS)] if len(reasons) > _REASONS else []
            raise ToolError("\n".join([_("This cannot be undone:"), *reasons[:_REASONS], *more]))

    def reasons(self) -> list[str]:
        """Return a sentence for each change that cannot be taken back."""
        self.env.flush_all()
        missing = {change.model for change in self.changes if change.model not in self.env}
        known = {change.model for change in self.changes} - missing
        missing |= {model for model in known if not is_readable(self.env[model])}
        if missing:
            return [_("You may not read %s.", ", ".join(sorted(missing)))]
        self._read()
        if self._hidden():
            return [_("You may not see all the records.")]
        found = [self._reason(change, date) for change, date in zip(self.changes, self.dates, strict=True)]
        return [
            f"{self._names[change.model, change.res_id]}: {why}"
            for change, why in zip(self.changes, found, strict=True)
            if why
        ]

    def _hidden(self) -> bool:
        """Whether a record is there that the user may not see."""
        for model, ids in self._existing.items():
            records = self.env[model].with_context(active_test=False)
            if len(records.search([("id", "in", sorted(ids))])) < len(ids):
                return True
        return False

    def _read(self) -> None:
        names: dict[str, set[str]] = defaultdict(set)
        ids: dict[str, set[int]] = defaultdict(set)
        for change in self.changes:
            names[change.model].update(change.new)
            ids[change.model].add(change.res_id)
        for model, found in ids.items():
            records = self.env[model]
            self._infos[model] = field_infos(records, None, ("string", "readonly"))
            wanted = [n for n in names[model] if n in records._fields and stored.is_stored(records._fields[n])]
            self._now[model], self._existing[model] = stored.read_raw(records, wanted, found)

    def _reason(self, change: Change, date: datetime) -> str:
        existing = self._existing[change.model]
        there = change.res_id in existing
        if change.kind == UNLINK:
            existing.add(change.res_id)
            self._again.update({(change.model, change.res_id, name): value for name, value in change.old.items()})
            return _("it is there again.") if there else ""
        if not there:
            return _("it was deleted after.")
        if change.kind == WRITE and not self._may_write(change):
            return _("you may not write all the fields that were changed.")
        lost = [name for name in change.old if self._is_lost(change, name)]
        if lost:
            return _("the old file of %s was not kept.", self._labels(change, lost))
        if after := self._changed_after(change):
            return _("changed after: %s.", self._labels(change, after))
        if change.kind == CREATE:
            existing.discard(change.res_id)
            return self._later_lines(change, date)
        self._again.update({(change.model, change.res_id, name): value for name, value in change.old.items()})
        return ""

    def _may_write(self, change: Change) -> bool:
        """Whether all fields are there for the user, and the profile of an assistant lets it write them."""
        return change.old.keys() <= self._infos[change.model].keys() - readonly_fields(self.env[change.model])

    def _is_lost(self, change: Change, name: str) -> bool:
        target = self.env[change.model]._fields.get(name)
        return bool(target and stored.is_file(target) and change.old[name] and target.store)

    def _changed_after(self, change: Change) -> list[str]:
        model = in_context(self.env[change.model], change)
        known = {name: value for name, value in change.new.items() if name in model._fields}
        return [name for name, value in known.items() if self._value(model, change, name) != value]

    def _value(self, model: BaseModel, change: Change, name: str) -> Any:
        key = (change.model, change.res_id, name)
        if key in self._again:
            return self._again[key]
        target = model._fields[name]
        if stored.is_stored(target):
            return stored.plain(model, target, self._now[change.model][name].get(change.res_id))
        return shown_value(model.browse(change.res_id), name, change.new[name])

    def _later_lines(self, change: Change, date: datetime) -> str:
        """Return why a record that was created cannot go: others have added to it what would go along."""
        for line_field in self.env[change.model]._fields.values():
            if line_field.type != "one2many" or line_field.compute or not line_field.inverse_name:
                continue
            lines = self.env[line_field.comodel_name]
            inverse = lines._fields.get(line_field.inverse_name)
            if not goes_along(lines, inverse) or inverse.comodel_name != change.model or not lines._log_access:
                continue
            query = sql.SQL("SELECT id FROM {} WHERE {} = %s AND create_date > %s + interval '1 second'")
            query = query.format(sql.Identifier(lines._table), sql.Identifier(inverse.name))
            self.env.cr.execute(query, [change.res_id, date])
            going = {item.res_id for item in self.changes if item.model == lines._name and item.kind == CREATE}
            if {row[0] for row in self.env.cr.fetchall()} - going:
                return _("added to after: %s.", self._labels(change, [line_field.name]))
        return ""

    def _labels(self, change: Change, names: Iterable[str]) -> str:
        infos = self._infos[change.model]
        return ", ".join(infos[name]["string"] for name in names if name in infos) or _("fields you may not see")


class _Run:
    """Does it. Records that are built again get new ids, and what pointed to the old ones is turned to these."""

    def __init__(self, env: api.Environment, names: Mapping[tuple[str, int], str]) -> None:
        self.env = env
        self._names = names
        self._written: dict[str, set[int]] = defaultdict(set)
        self._ids: dict[tuple[str, int], int] = {}
        self._notes: dict[str, None] = {}

    def run(self, changes: Sequence[Change]) -> list[str]:
        for batch in _batches(changes):
            model = in_context(self.env[batch[0].model], batch[0])
            {CREATE: self._delete, WRITE: self._write, UNLINK: self._build}[batch[0].kind](model, batch)
        return list(self._notes)

    def left(self) -> Iterator[BaseModel]:
        """Yield the records that were written or built again."""
        for model, ids in self._written.items():
            yield self.env[model].browse(sorted(ids)).exists()

    def _delete(self, model: BaseModel, batch: list[Change]) -> None:
        model.browse([change.res_id for change in batch]).exists().unlink()

    def _write(self, model: BaseModel, batch: list[Change]) -> None:
        ids = [self._ids.get((change.model, change.res_id), change.res_id) for change in batch]
        self._written[model._name].update(ids)
        model.browse(ids).write(self._values(model, batch[0].old))

    def _build(self, model: BaseModel, batch: list[Change]) -> None:
        visible = field_infos(model, None, ("type",))
        values = [self._values(model, {n: v for n, v in item.old.items() if n in visible}) for item in batch]
        records = model.create(values)
        self._written[model._name].update(records.ids)
        for change, record in zip(batch, records, strict=True):
            self._ids[change.model, change.res_id] = record.id
            lost = [name for name in change.old if name not in visible or stored.is_file(model._fields[name])]
            called = self._names[change.model, change.res_id]
            self._notes[_("%(record)s is #%(id)s now.", record=called, id=record.id)] = None
            if lost:
                self._notes[_("Not brought back: %s.", ", ".join(lost))] = None

    def _values(self, model: BaseModel, old: dict[str, Any]) -> dict[str, Any]:
        values = {}
        for name, value in old.items():
            target = model._fields.get(name)
            if target is not None and not (stored.is_file(target) and value):
                values[name] = stored.to_write(target, self._turned(target, value))
        return values

    def _turned(self, target: Any, value: Any) -> Any:
        """Return a value with the new ids of records that were built again."""
        if not self._ids or not value:
            return value
        if target.type == "many2one":
            return self._ids.get((target.comodel_name, value), value)
        if target.type == "many2many":
            return [self._ids.get((target.comodel_name, one), one) for one in value]
        return value


def _batches(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Return runs of changes that one statement of the ORM can take back."""
    batch: list[Change] = []
    for change in changes:
        if batch and not _fits(batch, change):
            yield batch
            batch = []
        batch.append(change)
    if batch:
        yield batch


def _fits(batch: list[Change], change: Change) -> bool:
    first = batch[0]
    if (first.kind, first.model, first.lang, first.company_id) != (
        change.kind, change.model, change.lang, change.company_id
    ):  # fmt: skip
        return False
    if change.kind == WRITE:
        return first.old == change.old and change.res_id not in {item.res_id for item in batch}
    if change.kind == UNLINK:  # one record of a tree is built after the one above it
        ids = {item.res_id for item in batch}
        return not any(value in ids for value in change.old.values() if isinstance(value, int))
    return True
