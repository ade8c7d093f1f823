# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The columns of an import, checked for this user, and their cells, turned into what Odoo's ``load`` takes.

``load`` itself would resolve names and ids without asking for the rights of the user or the profile, and takes the
first of several records with a name. Here every record that a cell names is looked up before, as when values are
written; ``load`` then gets numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytz

from odoo.models import BaseModel

from . import dates
from .errors import ToolError
from .load_table import Row
from .paths import EXTERNAL, MAX_COLUMNS, NUMBER, REFERENCES, Path, parsed, steps, written
from .scalars import ID_MAX, integer, shown
from .sheets import as_text
from .values import check_writable, linkable, record_id, single

NAME = "name"
"""A reference by name, beside those by ``id`` and ``.id``."""

MODULE = "__import__"
"""The module of external ids that are written without one, as in Odoo's own import."""

_BY_HAND = {
    "binary": "files are not imported: use attach_file or update_records",
    "image": "images are not imported: use update_records",
    "properties": "properties are not imported: use update_records",
    "properties_definition": "definitions of properties are not imported",
    "json": "data of this kind is not imported: use update_records",
    "serialized": "data of this kind is not imported",
}


@dataclass(frozen=True)
class Column:
    """One column.

    :param path: as written
    :param owner: the model whose field it is, or whose records it names
    :param info: of the field, ``field_infos``; empty for a reference to the row's own record
    :param reference: how it names records: ``name``, ``id``, ``.id``; None for a value
    :param is_below: whether it is of lines, which may have rows of their own
    :param is_once: whether only a new record is given it (``values.is_set_once``)
    """

    path: Path
    owner: BaseModel
    info: Mapping[str, Any]
    reference: str | None
    is_below: bool
    is_once: bool = False

    @property
    def is_own(self) -> bool:
        """Whether it says which record the row is."""
        return len(self.path) == 1 and self.reference in REFERENCES

    @property
    def is_line(self) -> bool:
        """Whether it says which line of the record the row is."""
        return not self.info and self.is_below

    @property
    def loaded(self) -> str:
        """The path under which ``load`` gets the cells."""
        return written((*self.path, NUMBER) if self.reference == NAME else self.path)


def import_columns(model: BaseModel, header: Sequence[Any]) -> dict[int, Column]:
    """Return the columns of a header by their place; those without a name are left out.

    :raise ToolError: columns that this user may not write, all of them in one message; none at all
    """
    columns: dict[int, Column] = {}
    wrong: list[str] = []
    for place, text in enumerate(header):
        if text in ("", None):
            continue
        try:
            columns[place] = _column(model, parsed(text))
        except ToolError as error:
            wrong.append(f"column {place + 1}: {error}")
    wrong += _clashes([column.path for column in columns.values()]) + _set_again(columns.values())
    if wrong:
        raise ToolError("\n".join(wrong[:MAX_COLUMNS]))
    if not columns or len(columns) > MAX_COLUMNS:
        raise ToolError(f"An import has 1 to {MAX_COLUMNS} columns with a field each, not {len(columns)}.")
    return columns


def _clashes(paths: list[Path]) -> list[str]:
    wrong = [f"{written(path)} is there twice." for path in dict.fromkeys(paths) if paths.count(path) > 1]
    for path in dict.fromkeys(map(_without_reference, paths)):
        ways = [way for way in (path, (*path, EXTERNAL), (*path, NUMBER)) if way in paths]
        if len(ways) > 1:
            wrong.append(f"{', '.join(map(written, ways))} name the same record: keep one of them.")
    return wrong


def _set_again(columns: Collection[Column]) -> list[str]:
    """Return what is wrong with columns that only new lines are given, beside one that names lines that are there."""
    named = {column.path[:-1] for column in columns if column.is_line}
    return [
        f"{written(column.path)} is only for new lines: leave out what names those that are there."
        for column in columns
        if column.is_once and column.is_below and _without_reference(column.path)[:-1] in named
    ]


def _without_reference(path: Path) -> Path:
    return path[:-1] if path[-1] in REFERENCES else path


def _column(model: BaseModel, path: Path) -> Column:
    owner, info, rest, is_once = model, {}, path, False
    is_below = len(path) > 1 and path[0] in model._fields and model._fields[path[0]].type == "one2many"
    for owner, name, info, rest in steps(model, path):
        check_writable(owner, name, info, creating=True)
        is_once = bool(info["readonly"])
        _check_type(owner, name, info["type"], rest, path)
    if not info or info["type"] == "one2many":  # the path ended with the number of a record or line
        owner = owner.env[info["relation"]] if info else owner
        return Column(path, owner, {}, path[-1], is_below)
    if info["type"] in ("many2one", "many2many"):
        return Column(path, owner.env[info["relation"]], info, rest[0] if rest else NAME, is_below, is_once)
    return Column(path, owner, info, None, is_below, is_once)


def _check_type(owner: BaseModel, name: str, kind: str, rest: Path, path: Path) -> None:
    where = f"{written(path)}: {owner._name}.{name}"
    if kind in _BY_HAND:
        raise ToolError(f"{where}: {_BY_HAND[kind]}.")
    if kind == "one2many" and not rest:
        raise ToolError(f"{where} holds lines: give their columns, such as {name}/name, one line a row.")
    if kind in ("many2one", "many2many") and rest and rest[0] not in REFERENCES:
        raise ToolError(f"{where} links to records that are there: {name} (names), {name}/id or {name}/.id.")


class Cells:
    """Turns the texts of one column into what ``load`` takes; every text once.

    :param column: where they stand
    :param texts: all that there are
    :param made: external ids that the import itself gives to records of its model
    """

    def __init__(self, column: Column, texts: Collection[str], made: Collection[str] = ()) -> None:
        self._column = column
        self._made = made
        self._done: dict[str, str | ToolError] = {"": ""}
        tokens = {token for text in texts for token in self._tokens(text)}
        self._ids = self._known(tokens)
        self._visible = _visible(column.owner, self._ids.values())

    def converted(self, text: str) -> str:
        """Return a cell for ``load``.

        :raise ToolError: it is no value of the field, or names no record that the user may see
        """
        if text not in self._done:
            try:
                self._done[text] = self._convert(text)
            except ToolError as error:
                self._done[text] = error
        found = self._done[text]
        if isinstance(found, ToolError):
            raise found
        return found

    def record_id(self, text: str) -> int | None:
        """Return the id of the record that a text names, None for one that is still to be made."""
        return self._ids.get(_full(text) if self._column.reference == EXTERNAL else text)

    def _convert(self, text: str) -> str:
        if self._column.reference:
            return ",".join(self._referred(token) for token in self._tokens(text))
        owner, info = self._column.owner, self._column.info
        value = single(owner, self._column.path[-1], {**info, "size": self._size}, text)
        if info["type"] == "datetime":
            zone = pytz.timezone(dates.zone(owner.env))
            return dates.in_zone(datetime.fromisoformat(value), zone).isoformat(" ")
        return as_text(value)

    @property
    def _size(self) -> int | None:
        return getattr(self._column.owner._fields[self._column.path[-1]], "size", None)

    def _tokens(self, text: str) -> list[str]:
        if not self._column.reference or not text:
            return []
        many = self._column.info.get("type") == "many2many"
        return [token.strip() for token in text.split(",") if token.strip()] if many else [text.strip()]

    def _known(self, tokens: Collection[str]) -> dict[str, int]:
        """Return the numbers behind references that are no names, in one query."""
        if self._column.reference == NUMBER:
            return {token: int(token) for token in tokens if token.isascii() and token.isdigit()}
        if self._column.reference == EXTERNAL:
            return _external_ids(self._column.owner, {_full(token) for token in tokens})
        return {}

    def _referred(self, token: str) -> str:
        """Return one reference as ``load`` takes it."""
        owner = self._column.owner
        if self._column.reference == NAME:
            return str(record_id(owner, token))
        if self._column.reference == NUMBER:
            found = self._ids.get(token) or integer(token)
        else:
            found = self._ids.get(_full(token))
            if found is None:
                return self._unknown(token)
        if found not in self._visible:
            linkable(owner, [found])
        return token if self._column.reference == NUMBER else _full(token)  # load takes a bare "no" for nothing

    def _unknown(self, token: str) -> str:
        """Return an external id that names nothing yet, if it is one that the import gives."""
        if self._column.is_own or (_full(token) in self._made and not self._column.is_line):
            return _full(token)
        hint = " New lines have none." if self._column.is_line else ""
        raise ToolError(f"no {self._column.owner._name} has the external id {shown(token)}.{hint}")


def _full(external_id: str) -> str:
    return external_id if "." in external_id else f"{MODULE}.{external_id}"


def _visible(owner: BaseModel, ids: Collection[int]) -> set[int]:
    """Return which ids are those of records that the user may see, archived ones too."""
    wanted = [one for one in set(ids) if 0 < one <= ID_MAX]
    if not wanted:
        return set()
    return set(owner.with_context(active_test=False).search([("id", "in", wanted)], order="id").ids)


def _external_ids(owner: BaseModel, names: Collection[str]) -> dict[str, int]:
    """Return the ids of the records of a model that have these external ids."""
    rows = owner.env["ir.model.data"]._lookup_xmlids(sorted(names), owner)
    return {f"{row[1]}.{row[2]}": row[4] for row in rows if row[3] == owner._name and row[6]}


def begins_record(columns: Mapping[int, Column], row: Row) -> bool:
    """Whether a row begins a record, or only holds lines of the one above: the same question as ``load`` asks."""
    of_lines = {place: column.is_below for place, column in columns.items()}
    return any(row.cells[place] for place, below in of_lines.items() if not below) or not any(
        row.cells[place] for place, below in of_lines.items() if below
    )


def made_by(column: Column, texts: Collection[str]) -> set[str]:
    """Return the external ids that a column gives to the records of its rows."""
    return {_full(text) for text in texts if text} if column.is_own and column.reference == EXTERNAL else set()
