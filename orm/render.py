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

from . import dates
from .columns import NO_ACCESS, PLAIN_TYPES, Column, column, needed_fields
from .names import listed, readable_names
from .results import method_result
from .untrusted import MARK, marked

__all__ = [
    "bounded", "cut", "details", "escaped", "indented", "method_result", "named", "needed_fields",
    "one_line", "table", "value"
]  # fmt: skip

_CELL_LIMIT = 120
_BLOCK_TYPES = frozenset({"text", "html"})
_BREAKS = re.compile(r"\r\n?|[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f\U000e0000-\U000e007f]")
_ESCAPED_IN_ROW = re.compile(r"[|\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029\x00-\x08\x0e-\x1b\x1f\x7f\U000e0000-\U000e007f]")


def table(
    records: BaseModel, fields: Sequence[str], infos: dict[str, dict[str, Any]], *, text_limit: int = _CELL_LIMIT
) -> str:
    """Return records as a header ``id|name|…`` and one line each.

    :param records: records that this user may read, from a search or checked; values not yet read are read in one go
    :param fields: names out of ``infos``, in order; ``id`` comes first by itself
    :param infos: entries of ``fields_get()``
    :param text_limit: characters of one value
    :raise ToolError: a computed field fails, with its name
    """
    columns = _columns(records, fields, infos, full=False)
    shown = [col for col in columns if not (col.is_empty or col.is_hidden)]
    header = "|".join(["id", *(f"{col.name} ({col.unit})" if col.unit else col.name for col in shown)])
    texts = [_row_cells(col, text_limit) for col in shown]
    rows = ["|".join(row) for row in zip(map(str, records.ids), *texts, strict=True)]
    return "\n".join([header, *rows, *_notes(records, columns)])


def details(
    records: BaseModel,
    fields: Sequence[str],
    infos: dict[str, dict[str, Any]],
    *,
    text_limit: int = 4000,
    filled_only: bool = False,
) -> str:
    """Return one record, or several separated by an empty line, with one field a line.

    Texts stand indented under the name of their field and are marked as data. Several records at once read names and
    files together, and name the zone once. Parameters as for ``table``, and:

    :param filled_only: leave out, without a word, what is empty, zero or no
    """
    columns = _columns(records, fields, infos, full=True)
    blocks = [_block(record, index, columns, text_limit, filled_only) for index, record in enumerate(records)]
    zone = _zone_note(records, columns)
    return "\n\n".join(blocks) + (f"\n({zone})" if zone else "")


def value(record: BaseModel, field: str, info: dict[str, Any], *, text_limit: int = _CELL_LIMIT) -> str:
    """Return one value as it would stand in ``details``, on one line."""
    col = column(record, field, info, full=True)
    return _with_unit(col, one_line(col.cells[0], text_limit))


def _columns(
    records: BaseModel, fields: Sequence[str], infos: dict[str, dict[str, Any]], *, full: bool
) -> list[Column]:
    names = [name for name in dict.fromkeys(fields) if name != "id"]
    if records:
        cached = records[0]._cache
        records.fetch([name for name in needed_fields(records, names, infos) if name not in cached])
    return [column(records, name, infos[name], full=full) for name in names]


def _row_cells(col: Column, text_limit: int) -> list[str]:
    if col.type in PLAIN_TYPES:
        return col.cells
    return [one_line(cell, text_limit) if cell else "" for cell in col.cells]


def one_line(text: str, limit: int) -> str:
    """Return a text cut to ``limit`` characters and safe inside a row: ``|`` as ``\\|``, line ends as ``\\n``."""
    kept = cut(text, limit)
    if not _ESCAPED_IN_ROW.search(kept):
        return kept
    return _BREAKS.sub(r"\\n", _INVISIBLE.sub("", kept)).replace("|", "\\|")


def escaped(text: str) -> str:
    """Return a name or other short text as a cell of a table."""
    return one_line(text or "", _CELL_LIMIT)


def named(records: BaseModel, shown: int = 20) -> str:
    """Return records as ``Name #id, …``, at most ``shown`` of them and how many there are."""
    return one_line(listed(records.ids, readable_names(records.browse(), records.ids[:shown]), shown), 4000)


def cut(text: str, limit: int) -> str:
    """Return the beginning of a long text with what is missing: ``… (+1,234 chars)``."""
    missing = len(text) - limit
    return f"{text[:limit].rstrip()}… (+{missing:,} chars)" if missing > 0 else text


def _notes(records: BaseModel, columns: list[Column]) -> list[str]:
    """Return the line under a table, if any: what was left out, the zone of its times."""
    if not records:
        return []
    notes = []
    if empty := [col.name for col in columns if col.is_empty]:
        notes.append(f"empty: {', '.join(empty)}")
    if hidden := [col.name for col in columns if col.is_hidden]:
        notes.append(f"no access: {', '.join(hidden)}")
    if any(col.type in _BLOCK_TYPES and not (col.is_empty or col.is_hidden) for col in columns):
        notes.append(f"texts: {MARK}")
    if zone := _zone_note(records, columns):
        notes.append(zone)
    return [f"({'; '.join(notes)})"] if notes else []


def _zone_note(records: BaseModel, columns: list[Column]) -> str:
    has_time = any(col.type == "datetime" and not (col.is_empty or col.is_hidden) for col in columns)
    return f"times in {dates.zone(records.env)}" if has_time else ""


def _block(record: BaseModel, index: int, columns: list[Column], text_limit: int, filled_only: bool) -> str:
    lines, empty, hidden = [f"id: {record.id}"], [], []
    for col in columns:
        cell = col.cells[index]
        if filled_only and _is_nothing(col, cell):
            continue
        if not cell:
            empty.append(col.name)
        elif cell == NO_ACCESS:
            hidden.append(col.name)
        elif col.type in _BLOCK_TYPES:
            lines.append(f"{marked(col.name)}\n{indented(cell, text_limit)}")
        else:
            lines.append(f"{col.name}: {_with_unit(col, _field_text(col, cell, text_limit))}")
    if empty:
        lines.append(f"(empty: {', '.join(empty)})")
    if hidden:
        lines.append(f"(no access: {', '.join(hidden)})")
    return "\n".join(lines)


def _is_nothing(col: Column, cell: str) -> bool:
    """Whether a value tells nothing: empty, no, zero."""
    if col.type in ("integer", "float", "monetary"):
        return not cell.strip("0.")
    return not cell or (col.type == "boolean" and cell == "no")


def _field_text(col: Column, cell: str, text_limit: int) -> str:
    if col.type in PLAIN_TYPES:
        return cell
    return _BREAKS.sub(r"\\n", _INVISIBLE.sub("", cut(cell, text_limit)))


def _with_unit(col: Column, text: str) -> str:
    return f"{text} {col.unit}" if col.unit else text


def indented(text: str, limit: int) -> str:
    """Return a text cut to ``limit`` characters, every line indented, so that it cannot pass for the answer's own."""
    lines = _BREAKS.split(_INVISIBLE.sub("", cut(text.strip(), limit)))
    return "\n".join(f"    {line}".rstrip() for line in lines)


def bounded(text: str, limit: int = 60_000) -> str:
    """Return at most about ``limit`` characters of an answer, whole lines where possible, and say what is missing."""
    if len(text) <= limit:
        return text
    kept = text[:limit]
    end = kept.rfind("\n")
    kept = kept[:end] if end > limit // 2 else kept
    return f"{kept}\n… more: {len(text) - len(kept):,} characters left out. Ask for fewer records or fields."
