# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an import is given: a header and numbered rows of texts, from values or from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .errors import ToolError
from .scalars import shown
from .sheets import as_text

MAX_ROWS = 10_000
"""Rows of one import; of more, the rest is a call of its own."""


@dataclass(frozen=True)
class Row:
    """One row.

    :param number: as people count it: in a file the header is row 1
    :param cells: one text for each column
    """

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A header, and rows that are read when they are asked for.

    :param rows: number and cells of each, blank ones too
    """

    header: Sequence[Any]
    rows: Iterator[tuple[int, Sequence[Any]]]

    @classmethod
    def of_values(cls, header: Sequence[Any] | None, rows: Sequence[Sequence[Any]]) -> Table:
        """:raise ToolError: there is no header"""
        if not header:
            raise ToolError("rows needs fields: the names of their columns, in order.")
        return cls(header, iter(enumerate(rows, 1)))

    @classmethod
    def of_file(cls, rows: Iterable[Sequence[str]], header: Sequence[Any] | None = None) -> Table:
        """Take the first row as the header.

        :param header: names instead of those in the file; an empty one leaves a column out
        :raise ToolError: the file is empty, or the header does not fit it
        """
        numbered = iter(enumerate(rows, 1))
        own = next((cells for _number, cells in numbered if any(cells)), None)
        if own is None:
            raise ToolError("The file is empty.")
        if header and len(header) != len(own):
            raise ToolError(f"fields names {len(header)} columns; the file has {len(own)}: {shown(list(own), 400)}.")
        return cls(header or [cell.strip() for cell in own], numbered)

    def part(self, start: int, begins: Callable[[Row], bool], most: int) -> tuple[list[Row], int | None]:
        """Return rows from a number on, without blank ones, and the number of the first that is left, if any is.

        :param begins: whether a row begins a record; those that do not stay with the rows before
        :param most: rows to return, but for the last record's
        :raise ToolError: none is there, or one has more cells than the header
        """
        wanted = (row for row in self._read() if row.number >= start)
        rows = list(islice(wanted, most))
        if not rows:
            raise ToolError("There are no rows." if start == 1 else f"There are no rows from {start} on.")
        for row in wanted:
            if begins(row):
                return rows, row.number
            rows.append(row)
        return rows, None

    def _read(self) -> Iterator[Row]:
        width = len(self.header)
        for number, cells in self.rows:
            if not isinstance(cells, (list, tuple)):
                raise ToolError(f"row {number} is no list of cells: {shown(cells)}.")
            texts = [_cell(value, number) for value in cells]
            if any(texts[width:]):
                raise ToolError(f"row {number} has {len(texts)} cells, the header {width}.")
            if any(texts):
                yield Row(number, [*texts[:width], *[""] * (width - len(texts))])


def _cell(value: Any, number: int) -> str:
    if isinstance(value, (list, dict)):
        raise ToolError(f"row {number}: a cell is a text, a number or true/false, not {shown(value)}.")
    return as_text(value).strip()
