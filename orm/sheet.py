# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records with what is shown of them, read once: ready to be written in any format.

Related records stand inside: those of an x2many as a sheet of their own for each record, those of a many2one beside the
link. What the user may not read is in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from odoo.models import BaseModel

from . import dates
from .column import BLANK, BLOCK_TYPES, NO_ACCESS, Column
from .columns import column, needed_fields

Infos = dict[str, dict[str, Any]]
"""Entries of ``fields_get()`` by name."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """Rows and columns.

    :param model: what the rows are records of, or groups of; empty
    :param ids: the ids of the rows; ``None`` where they are no records
    """

    model: BaseModel
    ids: Sequence[int] | None
    columns: Sequence[Column | Lines | Linked]

    def __len__(self) -> int:
        return len(self.ids) if self.ids is not None else len(self.columns[0].found)

    @cached_property
    def flat(self) -> list[Column | Lines]:
        """The columns, those of a many2one's record beside the link: ``partner_id``, ``partner_id.city``."""
        return [col for item in self.columns for col in (item.flat() if isinstance(item, Linked) else [item])]

    @cached_property
    def objects(self) -> list[dict[str, Any]]:
        """The rows as JSON holds them."""
        named = [(col.name, col.values) for col in self.columns]
        ids = [{}] * len(self) if self.ids is None else [{"id": record_id} for record_id in self.ids]
        return [{**start, **{name: values[row] for name, values in named}} for row, start in enumerate(ids)]

    @property
    def zone(self) -> str:
        """The zone of the times in it, empty without any."""
        return dates.zone(self.model.env) if _is_timed(self) else ""

    @property
    def has_texts(self) -> bool:
        """Whether long texts are in it, which whoever wrote."""
        return any(
            col.inner.has_texts if isinstance(col, Lines) else col.type in BLOCK_TYPES and not col.is_empty
            for col in self.flat
        )

    def at(self, places: Sequence[int]) -> Sheet:
        """Return the sheet of other rows: those at ``places`` of this one."""
        ids = None if self.ids is None else [self.ids[place] for place in places]
        return replace(self, ids=ids, columns=[col.at(places) for col in self.columns])


@dataclass(frozen=True, eq=False)
class Lines:
    """An x2many of many records with what is shown of the records that it links to.

    :param found: for each record its rows of ``inner``; ``NO_ACCESS`` or ``BLANK`` as in ``Column``
    :param missing: for each record how many are left out
    :param rest: for each record what to do to get these, empty where none is
    """

    name: str
    inner: Sheet
    found: Sequence[Any]
    missing: Sequence[int]
    rest: Sequence[str]

    def at_row(self, row: int) -> Sheet:
        """Return the records of one record."""
        return self.inner.at(self.found[row])

    def title(self, row: int) -> str:
        """Return the name, and how many of the records of one record are there."""
        shown, missing = len(self.found[row]), self.missing[row]
        return f"{self.name} ({shown} of {shown + missing})" if missing else f"{self.name} ({shown})"

    def left_out(self, row: int) -> list[str]:
        """Return the line that tells how to get the others, if there are any."""
        return [f"… {self.missing[row]} more: {self.rest[row]}"] if self.missing[row] else []

    def is_closed(self, row: int) -> bool:
        return self.found[row] is NO_ACCESS

    def is_nothing(self, row: int) -> bool:
        return self.found[row] is BLANK or not (self.found[row] or self.missing[row])

    @property
    def values(self) -> list[Any]:
        objects = self.inner.objects
        return [
            None if rows is BLANK else rows if rows is NO_ACCESS else [objects[row] for row in rows]
            for rows in self.found
        ]

    def at(self, places: Sequence[int | None], prefix: str = "") -> Lines:
        return replace(
            self,
            name=f"{prefix}{self.name}",
            found=[BLANK if place is None else self.found[place] for place in places],
            missing=[0 if place is None else self.missing[place] for place in places],
            rest=["" if place is None else self.rest[place] for place in places],
        )


@dataclass(frozen=True, eq=False)
class Linked:
    """A many2one of many records with what is shown of the records that it links to.

    :param link: the many2one itself
    :param found: for each record its row of ``inner``, ``None`` for none that may be read
    """

    link: Column
    inner: Sheet
    found: Sequence[int | None]

    @property
    def name(self) -> str:
        return self.link.name

    @property
    def values(self) -> list[Any]:
        objects = self.inner.objects
        pairs = zip(self.link.values, self.found, strict=True)
        return [value if row is None else {**value, **objects[row]} for value, row in pairs]

    def flat(self) -> list[Column | Lines]:
        return [self.link, *(col.at(self.found, f"{self.name}.") for col in self.inner.flat)]

    def at(self, places: Sequence[int | None], prefix: str = "") -> Linked:
        rows = [None if place is None else self.found[place] for place in places]
        return replace(self, link=self.link.at(places, prefix), found=rows)


def read(records: BaseModel, names: Iterable[str], infos: Infos, *, full: bool) -> Sheet:
    """Return records with some of their fields; values not yet read are read in one go.

    :param records: records that this user may read, from a search or checked
    :param names: out of ``infos``, in order; ``id`` is there by itself
    :param full: see ``columns.column``
    :raise ToolError: a computed field fails, with its name
    """
    names = [name for name in dict.fromkeys(names) if name != "id"]
    fetch(records, names, infos)
    columns = [column(records, name, infos[name], full=full) for name in names]
    return Sheet(records.browse(), records.ids, columns)


def fetch(records: BaseModel, names: Iterable[str], infos: Infos) -> None:
    """Read what is needed to show fields of records and is not read yet."""
    if records:
        cached = records[0]._cache
        records.fetch([name for name in needed_fields(records, names, infos) if name not in cached])


def _is_timed(sheet: Sheet) -> bool:
    return any(
        _is_timed(col.inner) if isinstance(col, Lines) else col.timed and not (col.is_empty or col.is_hidden)
        for col in sheet.flat
    )
