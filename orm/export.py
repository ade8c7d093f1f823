# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records as the rows of a file: the columns, values and extra rows of Odoo's own export in the form of its import.

Odoo's ``export_data`` fails where one linked record may not be read, knows no profile, and writes external ids while
reading. Here, what may not be read is an empty cell, and is counted; an external id is shown where there is one. What
an administrator gets is the same, cell by cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from odoo.models import BaseModel

from .column import NO_ACCESS, Source
from .columns import column, needed_fields
from .errors import ToolError
from .lookup import field_infos
from .names import closed_ids, readable_ids, readable_names
from .paths import EXTERNAL, MAX_COLUMNS, NUMBER, REFERENCES, Path, parsed, steps, written

Cells = dict[int, Any]
"""The cells of one row, by the place of their column."""

_AS_TEXT = frozenset({"many2one_reference", "properties", "properties_definition", "json", "serialized"})
_FILES = frozenset({"binary", "image"})
_SHOWN = ("type", "relation", "selection")


def export_paths(model: BaseModel, columns: Sequence[str]) -> list[Path]:
    """Return the paths of columns that this user may export.

    :raise ToolError: a column that is none, with what would be right; more than ``MAX_COLUMNS``
    """
    if len(columns) > MAX_COLUMNS:
        raise ToolError(f"At most {MAX_COLUMNS} columns, not {len(columns)}.")
    paths = [parsed(text) for text in columns]
    for path in paths:
        for owner, name, info, rest in steps(model, path):
            if info["type"] in _FILES:
                raise ToolError(f"{written(path)}: {owner._name}.{name} holds files, which are not exported.")
            if info["type"] == "many2many" and rest and rest[0] not in REFERENCES:
                raise ToolError(
                    f"{written(path)}: links of {name} share one cell: {name} (names), {name}/id or {name}/.id."
                )
    return paths


class Export:
    """Turns records of one model into rows.

    :param paths: as ``export_paths`` returns them
    """

    def __init__(self, model: BaseModel, paths: Sequence[Path]) -> None:
        self._level = _Level(model, dict(enumerate(paths)), self)
        self._width = len(paths)
        self.closed = 0
        """How many cells were left empty because the user may not read what they would show."""
        self.nameless = 0
        """How many records were shown by an external id that they do not have."""

    def rows(self, records: BaseModel) -> list[list[Any]]:
        """Return the rows of records that this user may read, in order: one each, and more where there are lines.

        Cells are text, numbers, truth values, dates and datetimes in the user's zone; ``""`` where there is nothing.
        """
        lines = self._level.lines(records)
        return [
            [cells.get(place, "") for place in range(self._width)]
            for record_id in records.ids
            for cells in lines[record_id]
        ]


class _Level:
    """The columns that belong to the records of one model, at one place of the paths.

    :param columns: what is left of each path here; an empty one stands for the name of the record
    """

    def __init__(self, model: BaseModel, columns: Mapping[int, Path], export: Export) -> None:
        self._model = model
        self._export = export
        self._plain: dict[int, str | None] = {}
        beyond: dict[str, dict[int, Path]] = defaultdict(dict)
        names = {path[0] for path in columns.values() if path and path[0] not in REFERENCES}
        self._infos = field_infos(model, names, _SHOWN)
        for place, path in columns.items():
            if path and path[0] in names and model._fields[path[0]].relational:
                beyond[path[0]][place] = path[1:]
            else:
                self._plain[place] = path[0] if path else None
        self._links = {name: self._next(name, paths) for name, paths in beyond.items()}

    def _next(self, name: str, paths: Mapping[int, Path]) -> _Level:
        return _Level(self._model.env[self._infos[name]["relation"]], paths, self._export)

    def lines(self, records: BaseModel) -> dict[int, list[Cells]]:
        """Return the rows of each record, by its id."""
        if self._infos:
            records.fetch(needed_fields(records, self._infos, self._infos))
        found: dict[int, list[Cells]] = {record_id: [{}] for record_id in records.ids}
        for place, name in self._plain.items():
            for record_id, cell in zip(records.ids, self._cells(records, name), strict=True):
                found[record_id][0][place] = cell
        for name, level in self._links.items():
            add = _joined if self._infos[name]["type"] == "many2many" else _below
            self._add_linked(records, name, level, found, add)
        return found

    def _add_linked(
        self,
        records: BaseModel,
        name: str,
        level: _Level,
        found: dict[int, list[Cells]],
        add: Callable[[list[Cells], list[list[Cells]]], None],
    ) -> None:
        linked = [() if value is NO_ACCESS else value._ids for value in self._values(records, name)]
        wanted = dict.fromkeys(record_id for ids in linked for record_id in ids)
        readable = readable_ids(level._model, wanted)
        lines = level.lines(level._model.browse(record_id for record_id in wanted if record_id in readable))
        for record_id, ids in zip(records.ids, linked, strict=True):
            self._export.closed += sum(one not in lines for one in ids)
            add(found[record_id], [lines[one] for one in ids if one in lines])

    def _cells(self, records: BaseModel, name: str | None) -> list[Any]:
        if name == NUMBER:
            return [str(record_id) for record_id in records.ids]
        if name == EXTERNAL:
            return self._external_ids(records)
        if name is None:
            names = readable_names(self._model, records.ids)
            return [self._open(names.get(record_id, NO_ACCESS)) for record_id in records.ids]
        kind = self._infos[name]["type"]
        if kind in _AS_TEXT:
            return [self._open(cell) for cell in column(records, name, self._infos[name]).cells]
        found = zip(records, self._values(records, name), strict=True)
        if kind == "reference":
            return [self._open(_reference(value)) for _record, value in found]
        convert = self._model._fields[name].convert_to_export
        return ["" if self._open(value) == "" else convert(value, record) for record, value in found]

    def _values(self, records: BaseModel, name: str) -> list[Any]:
        return Source(records, name, self._infos[name], full=False).values()

    def _external_ids(self, records: BaseModel) -> list[str]:
        found = records.get_external_id()
        cells = [found[record_id] for record_id in records.ids]
        self._export.nameless += cells.count("")
        return cells

    def _open(self, cell: Any) -> Any:
        """Return a cell, empty and counted where the user may not read it."""
        if cell is not NO_ACCESS:
            return cell
        self._export.closed += 1
        return ""


def _below(lines: list[Cells], linked: list[list[Cells]]) -> None:
    """Put the rows of linked records into the first row of a record, and under its last."""
    rows = [row for block in linked for row in block]
    if rows:
        lines[0].update(rows[0])
        lines += rows[1:]


def _joined(lines: list[Cells], linked: list[list[Cells]]) -> None:
    """Put the cells of linked records into one cell a column, as Odoo's import reads them."""
    for place in linked[0][0] if linked else ():
        lines[0][place] = ",".join(str(block[0][place]) for block in linked)


def _reference(value: Any) -> str:
    if not value or value is NO_ACCESS:
        return value or ""
    return NO_ACCESS if value.id in closed_ids(value.browse(), [value.id]) else f"{value._name},{value.id}"
