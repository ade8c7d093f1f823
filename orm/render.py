# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records as short text for an assistant: a table of many, the details of a few.

Ids are always there for the next call. Columns without any value are named, not shown; long texts are cut and say by
how much; times are in the user's zone, named once. What is written in a record cannot look like a row, a field or an
instruction: separators inside values are escaped, long texts are indented under their field.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from odoo.models import BaseModel

from . import narrowing
from .column import BLOCK_TYPES, PLAIN_TYPES, Column
from .columns import column, needed_fields
from .names import listed, readable_names
from .results import method_result
from .sheet import Infos, Lines, Sheet, read
from .untrusted import MARK, marked

__all__ = ["bounded", "cut", "details", "escaped", "indented", "method_result", "named", "needed_fields", "one_line",
           "table", "value"]  # fmt: skip

LIMIT = 60_000
"""Characters of one answer, where the profile says nothing."""
NUMBERS = frozenset({"integer", "float", "monetary"})
CELL_LIMIT = 120
"""Characters of one value in a table."""
TEXT_LIMIT = 4000
"""Characters of one text among the details of a record."""
_BREAKS = re.compile(r"\r\n?|[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f\U000e0000-\U000e007f]")
_ESCAPED_IN_ROW = re.compile(r"[|\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029\x00-\x08\x0e-\x1b\x1f\x7f\U000e0000-\U000e007f]")


def table(records: BaseModel, fields: Sequence[str], infos: Infos, *, text_limit: int = CELL_LIMIT) -> str:
    """Return records as a header ``id|name|…`` and one line each.

    :param records: records that this user may read, from a search or checked; values not yet read are read in one go
    :param fields: names out of ``infos``, in order; ``id`` comes first by itself
    :param infos: entries of ``fields_get()``
    :param text_limit: characters of one value
    :raise ToolError: a computed field fails, with its name
    """
    sheet = read(records, fields, infos, full=False)
    return "\n".join([*table_rows(sheet, text_limit), *notes(sheet)])


def details(
    records: BaseModel, fields: Sequence[str], infos: Infos, *, text_limit: int = TEXT_LIMIT, filled_only: bool = False
) -> str:
    """Return one record, or several separated by an empty line, with one field a line.

    Texts stand indented under the name of their field and are marked as data. Several records at once read names and
    files together, and name the zone once. Parameters as for ``table``, and:

    :param filled_only: leave out, without a word, what is empty, zero or no
    """
    sheet = read(records, fields, infos, full=True)
    blocks = [block(sheet, row, text_limit, filled_only=filled_only) for row in range(len(sheet))]
    return "\n\n".join(blocks) + (f"\n({zone})" if (zone := zone_note(sheet)) else "")


def value(record: BaseModel, field: str, info: dict[str, Any], *, text_limit: int = CELL_LIMIT) -> str:
    """Return one value as it would stand in ``details``, on one line."""
    col = column(record, field, info, full=True)
    text = one_line(col.cells[0], text_limit)
    return f"{text} {col.unit}" if col.unit else text


def shown_columns(sheet: Sheet) -> list[Column]:
    """Return the columns of a table that hold anything for the user."""
    return [col for col in sheet.flat if not (col.is_empty or col.is_hidden)]


def header(col: Column) -> str:
    """Return a column's name with the unit of all its values."""
    return f"{col.name} ({col.unit})" if col.unit else col.name


def _line_cells(col: Column, text_limit: int = CELL_LIMIT) -> list[str]:
    """Return the texts of a column, each safe inside a row."""
    if col.type in PLAIN_TYPES:
        return col.cells
    return [one_line(cell, text_limit) if cell else "" for cell in col.cells]


def table_rows(sheet: Sheet, text_limit: int = CELL_LIMIT) -> list[str]:
    """Return the header of a table and a line for each row; columns without any value are left out."""
    shown = shown_columns(sheet)
    ids = [] if sheet.ids is None else [["id", *map(str, sheet.ids)]]
    columns = [*ids, *([header(col), *_line_cells(col, text_limit)] for col in shown)]
    return ["|".join(row) for row in zip(*columns, strict=True)]


def one_line(text: str, limit: int) -> str:
    """Return a text cut to ``limit`` characters and safe inside a row: ``|`` as ``\\|``, line ends as ``\\n``."""
    return on_one_line(cut(text, limit))


def on_one_line(text: str) -> str:
    """Return a text safe inside a row, whatever its length."""
    if not _ESCAPED_IN_ROW.search(text):
        return text
    return _BREAKS.sub(r"\\n", visible(text)).replace("|", "\\|")


def escaped(text: str) -> str:
    """Return a name or other short text as a cell of a table."""
    return one_line(text or "", CELL_LIMIT)


def named(records: BaseModel, shown: int = 20) -> str:
    """Return records as ``Name #id, …``, at most ``shown`` of them and how many there are."""
    return one_line(listed(records.ids, readable_names(records.browse(), records.ids[:shown]), shown), 4000)


def cut(text: str, limit: int) -> str:
    """Return the beginning of a long text with what is missing: ``… (+1,234 chars)``."""
    missing = len(text) - limit
    return f"{text[:limit].rstrip()}… (+{missing:,} chars)" if missing > 0 else text


def notes(sheet: Sheet, *, with_zone: bool = True) -> list[str]:
    """Return the line under a table, if any: what was left out, the zone of its times."""
    if not len(sheet):
        return []
    empty = [col.name for col in sheet.flat if col.is_empty]
    hidden = [col.name for col in sheet.flat if col.is_hidden]
    texts = any(_holds_texts(col) for col in sheet.flat)
    found = [
        _names("empty", empty),
        _names("no access", hidden),
        f"texts: {MARK}" if texts else "",
        zone_note(sheet) if with_zone else "",
    ]
    return [f"({'; '.join(filter(None, found))})"] if any(found) else []


def _holds_texts(col: Column | Lines) -> bool:
    return isinstance(col, Column) and col.type in BLOCK_TYPES and not (col.is_empty or col.is_hidden)


def _names(word: str, names: list[str]) -> str:
    return f"{word}: {', '.join(names)}" if names else ""


def zone_note(sheet: Sheet) -> str:
    """Return the words about the zone of the times in a sheet, empty without any."""
    return f"times in {zone}" if (zone := sheet.zone) else ""


def told(sheet: Sheet, row: int, *, filled_only: bool = False) -> tuple[list[Column | Lines], list[str]]:
    """Return the columns that say anything about one record, and the lines that name the others."""
    hidden = [col.name for col in sheet.flat if col.is_closed(row)]
    there = [col for col in sheet.flat if not (col.is_closed(row) or col.is_nothing(row))]
    if filled_only:
        return [col for col in there if not _is_zero(col, row)], []
    empty = [col.name for col in sheet.flat if col.is_nothing(row)]
    return there, [f"({line})" for line in (_names("empty", empty), _names("no access", hidden)) if line]


def _is_zero(col: Column | Lines, row: int) -> bool:
    if isinstance(col, Lines):
        return False
    cell = col.cells[row]
    return cell == "no" if col.type == "boolean" else col.type in NUMBERS and not cell.strip("0.")


def block(sheet: Sheet, row: int, text_limit: int = TEXT_LIMIT, *, filled_only: bool = False) -> str:
    """Return one record with one field a line, and the lines of an x2many under it."""
    there, others = told(sheet, row, filled_only=filled_only)
    return "\n".join([f"id: {sheet.ids[row]}", *(_told(col, row, text_limit) for col in there), *others])


def _told(col: Column | Lines, row: int, text_limit: int) -> str:
    if isinstance(col, Lines):
        return "\n".join([f"{col.title(row)}:", *map(_shifted, _lines(col, row, text_limit))])
    if col.type in BLOCK_TYPES:
        return f"{marked(col.name)}\n{indented(col.cells[row], text_limit)}"
    return f"{col.name}: {field_text(col, row, text_limit)}"


def _lines(col: Lines, row: int, text_limit: int) -> list[str]:
    """Return the records of an x2many: a table, or a block for each where they hold lines of their own."""
    sheet = col.at_row(row)
    if not len(sheet):
        texts = []
    elif any(isinstance(inner, Lines) for inner in sheet.flat):
        texts = [block(sheet, place, text_limit) for place in range(len(sheet))]
    else:
        texts = [*table_rows(sheet), *notes(sheet, with_zone=False)]
    return [*texts, *col.left_out(row)]


def _shifted(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


def field_text(col: Column, row: int, text_limit: int) -> str:
    """Return a value on one line, with its unit."""
    cell = col.cells[row]
    if col.type not in PLAIN_TYPES:
        cell = _BREAKS.sub(r"\\n", visible(cut(cell, text_limit)))
    return f"{cell} {col.unit}" if col.unit else cell


def visible(text: str) -> str:
    """Return a text without characters that nobody sees and a model reads."""
    return _INVISIBLE.sub("", text)


def indented(text: str, limit: int) -> str:
    """Return a text cut to ``limit`` characters, every line indented, so that it cannot pass for the answer's own."""
    lines = _BREAKS.split(visible(cut(text.strip(), limit)))
    return "\n".join(f"    {line}".rstrip() for line in lines)


def bounded(text: str, limit: int = LIMIT) -> str:
    """Return at most about ``limit`` characters of an answer, whole lines where possible, and say what is missing."""
    if len(text) <= limit:
        return text
    kept = text[:limit]
    end = kept.rfind("\n")
    kept = kept[:end] if end > limit // 2 else kept
    return f"{kept}\n… more: {len(text) - len(kept):,} characters left out. Ask for fewer records or fields."


def room() -> int:
    """Return how many characters an answer may have."""
    rules = narrowing.current()
    return rules.max_characters if rules and rules.max_characters else LIMIT
