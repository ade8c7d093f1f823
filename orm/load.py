# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows of a file into records, through Odoo's own ``load``: all or none, with every error by row and column.

Everything that rights and profile have to say is asked before (``load_columns``); what ``load`` then runs is business
code. ``load`` takes whatever is raised for a message about a row: errors that Odoo replays, and those that are a fault
of the server, are kept by ``explained`` and raised again behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from odoo.models import BaseModel
from odoo.tools import groupby

from ..compat import REPLAYED
from . import narrowing
from .access import EXPLAINED, explain
from .errors import ToolError
from .load_columns import Cells, Column, begins_record, made_by
from .load_table import Row
from .paths import EXTERNAL, NUMBER, Path, written
from .render import one_line
from .rules import Rules
from .scalars import shown
from .sheets import as_text
from .values import touched

CHUNK = 200
"""Records that one ``load`` makes; between two of them progress is reported and memory is given back."""

MAX_SHOWN = 50
_MAX_MESSAGE = 400
_SHOWN_ROWS = 6
_CONTEXT = {"import_file": True, "tracking_disable": True}
"""As Odoo's own import page: addons send no invitations and no mails then, and log nothing of each new record."""


@dataclass(frozen=True)
class Batch:
    """The rows of one record: its own first, then those that only hold further lines of it.

    :param target: the id of the record that is changed, None for a new one
    """

    rows: list[Row]
    target: int | None = None


@dataclass
class Problems:
    """What is wrong with rows, by column and message."""

    _found: dict[tuple[str, str], dict[int, None]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def is_full(self) -> bool:
        return len(self._found) > MAX_SHOWN

    def add(self, row: int, column: str, message: str) -> None:
        self._found.setdefault((column, message), {})[row] = None

    def error(self, rows: int) -> ToolError:
        """Return what is wrong, in the order of the rows.

        :param rows: how many there were to import
        """
        by_row = sorted(self._found.items(), key=lambda item: min(item[1]))
        lines = [
            one_line(f"{_rows_text(list(numbers))}{f', {column}' if column else ''}: {message}", _MAX_MESSAGE)
            for (column, message), numbers in by_row[:MAX_SHOWN]
        ]
        if len(by_row) > MAX_SHOWN:
            lines.append("… and more.")
        return ToolError("\n".join([f"Nothing was imported. Of {rows:,} rows, these are wrong:", *lines]))


def _rows_text(numbers: list[int]) -> str:
    numbers.sort()
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    more = f" and {len(numbers) - _SHOWN_ROWS:,} more" if len(numbers) > _SHOWN_ROWS else ""
    return f"rows {', '.join(map(str, numbers[:_SHOWN_ROWS]))}{more}"


class Import:
    """Rows on their way into records of one model.

    :param columns: as ``import_columns`` returns them, by the place of their cells
    :param rows: without blank ones
    :raise ToolError: cells that are wrong, all of them in one message
    """

    def __init__(self, model: BaseModel, columns: Mapping[int, Column], rows: list[Row]) -> None:
        self._model = model.with_context(**_CONTEXT)
        self._columns = columns
        self._problems = Problems()
        self._count = len(rows)
        self.batches = self._grouped(rows)

    @property
    def updated(self) -> BaseModel:
        """The records that are there and will be changed."""
        return self._model.browse(batch.target for batch in self.batches if batch.target)

    @property
    def created(self) -> int:
        """How many records will be made."""
        return sum(batch.target is None for batch in self.batches)

    def lines(self, *, creating: bool) -> int:
        """Return how many lines are written along with new records, or with those that are there."""
        fields: dict[str, list[int]] = {}
        for place, column in self._columns.items():
            if column.is_below:
                fields.setdefault(column.path[0], []).append(place)
        rows = [row for batch in self.batches if (batch.target is None) == creating for row in batch.rows]
        return sum(any(row.cells[place] for place in places) for row in rows for places in fields.values())

    def touched(self, *, creating: bool) -> set[tuple[str, str]]:
        """Return which operations on other models the columns make, as ``values.touched``."""
        paths = [column.path for column in self._columns.values() if not column.is_own]
        return touched(self._model, _shape(self._model, paths), creating=creating)

    def run(self, report: Callable[[int, int], None]) -> BaseModel:
        """Make and change the records, and return them.

        :param report: is told how many of how many records are done
        :raise ToolError: rows that Odoo refuses, with its words
        """
        ids: list[int] = []
        done = 0
        for chunk in self._chunks():
            ids += self._load(chunk)
            done += len(chunk)
            report(done, len(self.batches))
            if self._problems.is_full:
                break
        if self._problems:
            raise self._problems.error(self._count)
        return self._model.browse(ids)

    # -- before

    def _grouped(self, rows: list[Row]) -> list[Batch]:
        """Turn cells into what ``load`` takes, and rows into those of one record each."""
        targets = self._convert(rows)
        if self._problems:
            raise self._problems.error(self._count)
        batches: list[Batch] = []
        for row in rows:
            if not batches or begins_record(self._columns, row):
                batches.append(Batch([row], targets.get(row.number)))
            else:
                batches[-1].rows.append(row)
        return batches

    def _convert(self, rows: list[Row]) -> dict[int, int]:
        """Convert all cells in place, and return the ids of the records that rows name as their own."""
        targets: dict[int, int] = {}
        once: dict[int, Cells] = {}
        texts = {place: {row.cells[place] for row in rows} for place in self._columns}
        made = set().union(*(made_by(column, texts[place]) for place, column in self._columns.items()))
        for place, column in self._columns.items():
            cells = Cells(column, texts[place], made if column.owner._name == self._model._name else ())
            for row in rows:
                text = row.cells[place]
                try:
                    row.cells[place] = cells.converted(text)
                except ToolError as error:
                    self._problems.add(row.number, written(column.path), str(error))
                    continue
                if column.is_own and (record_id := cells.record_id(text)):
                    targets[row.number] = record_id
            if column.is_own:
                self._check_own(rows, place, column, targets)
            if column.is_once and not column.is_below:
                once[place] = cells
        for place, cells in once.items() if not self._problems else ():
            self._check_once(rows, place, cells, targets)
        return targets

    def _check_once(self, rows: list[Row], place: int, cells: Cells, targets: dict[int, int]) -> None:
        """Refuse rows that would change what only a new record is given; a repeated import gives it again."""
        column = self._columns[place]
        name = column.path[0]
        for row in rows:
            if row.number not in targets:
                continue
            value, given = self._model.browse(targets[row.number])[name], row.cells[place]
            there = str(value.id) if column.reference else as_text(value)
            if there != (str(cells.record_id(given)) if column.reference == EXTERNAL else given):
                message = f"it is {shown(there)} in record {targets[row.number]}, and only a new record is given it."
                self._problems.add(row.number, written(column.path), message)

    def _check_own(self, rows: list[Row], place: int, column: Column, targets: dict[int, int]) -> None:
        """Refuse rows that name the same record, or one that ``load`` does not find because it is archived."""
        seen: dict[Any, int] = {}
        records = self._model.browse(targets.values())
        listed = set(self._model.search([("id", "in", records.ids)]).ids) if _is_number(column) else None
        for row in rows:
            key = targets.get(row.number) or row.cells[place]
            if not key:
                continue
            if key in seen:
                self._problems.add(row.number, written(column.path), f"the record of row {seen[key]} again.")
            elif listed is not None and row.number in targets and key not in listed:
                self._problems.add(row.number, written(column.path), f"{key} is archived: restore it first.")
            seen[key] = row.number

    # -- doing it

    def _chunks(self) -> Iterator[list[Batch]]:
        """Yield records for one ``load`` each.

        Those that are named by ``.id`` come apart from new ones: 17.0 takes an empty cell for an unknown number.
        """
        numbered = any(map(_is_number, self._columns.values()))
        for _is_new, alike in groupby(self.batches, lambda batch: numbered and batch.target is None):
            for start in range(0, len(alike), CHUNK):
                yield alike[start : start + CHUNK]

    def _load(self, chunk: list[Batch]) -> list[int]:
        rows = [row for batch in chunk for row in batch.rows]
        wanted = [
            place
            for place, column in self._columns.items()
            if chunk[0].target is not None or not _is_number(column)
        ]
        fields = [self._columns[place].loaded for place in wanted]
        with explaining() as watch, narrowing.unnarrowed():
            result = self._model.load(fields, [[row.cells[place] for place in wanted] for row in rows])
            self._model.env.invalidate_all()
        if watch.fault is not None:
            raise watch.fault
        for message in result["messages"]:
            self._note(message, rows)
        if not (result["ids"] or self._problems):
            raise ToolError(f"Odoo imported nothing and does not say why, from row {rows[0].number} on.")
        return result["ids"] or []

    def _note(self, message: dict[str, Any], rows: list[Row]) -> None:
        """Keep one of Odoo's messages about a row."""
        if "rows" not in message:
            return  # "more than 10 errors, interrupted": the errors are there
        path = message.get("field_path") or [message.get("field") or ""]
        hint = message.get("moreinfo")
        text = f"{message['message']} {hint}" if isinstance(hint, str) else message["message"]
        self._problems.add(rows[message["rows"]["from"]].number, "/".join(path), text)


def _is_number(column: Column) -> bool:
    """Whether it holds the numbers of the rows' own records."""
    return column.is_own and column.reference == NUMBER


def _shape(model: BaseModel, paths: Iterable[Path]) -> dict[str, Any]:
    """Return values as ``write`` would take them that touch what columns do."""
    shape: dict[str, Any] = {}
    below: dict[str, list[Path]] = {}
    for path in paths:
        if path[0] in (EXTERNAL, NUMBER):
            continue
        if model._fields[path[0]].type == "one2many":
            below.setdefault(path[0], []).append(path[1:])
        else:
            shape[path[0]] = [] if model._fields[path[0]].type == "many2many" else True
    for name, rest in below.items():
        lines = _shape(model.env[model._fields[name].comodel_name], rest)
        named = any(path[0] in (EXTERNAL, NUMBER) for path in rest)
        shape[name] = [(0, 0, lines), *([(1, 0, lines)] if named else [])]
    return shape


# What load makes of errors


@dataclass
class _Watch:
    """What goes wrong inside ``load``.

    :param rules: those of the call, for the words of refusals
    :param fault: what is no message about a row
    """

    rules: Rules | None
    fault: Exception | None = None


_watch: ContextVar[_Watch | None] = ContextVar("mcp_native_load", default=None)


@contextmanager
def explaining() -> Iterator[_Watch]:
    """Let ``explained`` word the errors inside, and keep those that are not for the assistant."""
    watch = _Watch(narrowing.current())
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


class _TryEach(Exception):
    """Makes ``load`` try records one by one, without a message about all of them."""


@contextmanager
def explained(model: BaseModel, count: int) -> Iterator[None]:
    """Word what storing records of an import raises; see ``models/base.py``.

    :param count: how many records are stored at once
    """
    watch = _watch.get()
    if watch is None:
        yield
        return
    try:
        with model.env.cr.savepoint():
            yield
    except REPLAYED as error:
        watch.fault = error
        raise
    except EXPLAINED as error:
        if count > 1:
            raise _TryEach from error
        with narrowing.narrowed(watch.rules):
            raise ToolError(explain(model.env, error, model)) from error
    except Exception as error:
        if count == 1 and watch.fault is None:
            watch.fault = error
        raise
