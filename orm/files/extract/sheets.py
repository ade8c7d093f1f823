# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tables: Excel (ECMA-376, part 1, chapter 18) and OpenDocument (ODF 1.3, chapter 9), a row a line."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from lxml import etree

from .archive import Archive, Unreadable, row
from .office import OFFICE, TABLE, TEXT, open_text

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COLUMNS = 256
"""Columns of a sheet that are read."""
REPEATED = 1000
"""Equal rows in one that are shown."""

_EPOCH = datetime(1899, 12, 30)  # so that serial numbers from March 1900 on fit, in spite of 29 February 1900
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_LETTERS = re.compile(r"[A-Z]{1,3}")


def read_xlsx(content: bytes) -> Iterator[str]:
    """Yield the sheets of a workbook; formulas by the value that was computed last."""
    archive = Archive(content)
    sheets = _sheets(archive)
    yield f"{len(sheets)} sheet{'s' * (len(sheets) != 1)}"
    texts = _shared_texts(archive)
    dates = _date_styles(archive)
    for title, name in sheets:
        yield f"[sheet {title}]\n"
        for line in archive.elements(name, f"{S}row"):
            yield row(_cells(line, texts, dates))


def _sheets(archive: Archive) -> list[tuple[str, str]]:
    """Return title and file of each sheet, in their order."""
    targets = {
        node.get("Id"): posixpath.normpath(posixpath.join("xl", node.get("Target", ""))).lstrip("/")
        for node in archive.tree("xl/_rels/workbook.xml.rels")
    }
    found = archive.tree("xl/workbook.xml").iterfind(f"{S}sheets/{S}sheet")
    named = [(node.get("name", ""), targets.get(node.get(f"{R}id"), "")) for node in found]
    return [(title, name) for title, name in named if name in archive.names]


def _shared_texts(archive: Archive) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.names:
        return []
    return [_rich(node) for node in archive.elements("xl/sharedStrings.xml", f"{S}si")]


def _rich(node: etree._Element) -> str:
    """Return a text that may be in several parts; how it is pronounced (Japanese) is left out."""
    parts = node.iterfind(f"{S}r/{S}t") if node.find(f"{S}r") is not None else node.iterfind(f"{S}t")
    return "".join(part.text or "" for part in parts)


def _date_styles(archive: Archive) -> frozenset[int]:
    """Return the numbers of the styles that show a number as a date."""
    if "xl/styles.xml" not in archive.names:
        return frozenset()
    root = archive.tree("xl/styles.xml")
    formats = {node.get("numFmtId"): node.get("formatCode", "") for node in root.iter(f"{S}numFmt")}
    styles = root.iterfind(f"{S}cellXfs/{S}xf")
    return frozenset(number for number, node in enumerate(styles) if _is_date(node.get("numFmtId", "0"), formats))


def _is_date(format_id: str, formats: dict[str, str]) -> bool:
    if format_id in formats:
        return any(letter in _NOT_DATE.sub("", formats[format_id]).lower() for letter in "ymdhs")
    return format_id.isdecimal() and int(format_id) in _DATE_FORMATS


def _cells(line: etree._Element, texts: list[str], dates: frozenset[int]) -> list[str]:
    """Return the cells of a row, with empty ones where it has none."""
    found: dict[int, str] = {}
    position = -1
    for node in line.iterfind(f"{S}c"):
        position = _column(node.get("r", ""), position + 1)
        if position < COLUMNS:
            found[position] = _value(node, texts, dates)
    return [found.get(index, "") for index in range(max(found, default=-1) + 1)]


def _column(reference: str, following: int) -> int:
    """Return the index of a cell's column: 27 for ``AB12``."""
    letters = _LETTERS.match(reference)
    if not letters:
        return following
    index = 0
    for letter in letters[0]:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _value(node: etree._Element, texts: list[str], dates: frozenset[int]) -> str:
    kind = node.get("t", "n")
    if kind == "inlineStr":
        inner = node.find(f"{S}is")
        return _rich(inner) if inner is not None else ""
    text = node.findtext(f"{S}v") or ""
    if kind == "s":
        return texts[int(text)] if text.isdecimal() and int(text) < len(texts) else ""
    if kind == "b":
        return "yes" if text == "1" else "no"
    style = node.get("s", "0")
    if kind == "n" and text and style.isdecimal() and int(style) in dates:
        return _date(text)
    return text


def _date(text: str) -> str:
    """Return a serial number as date, as time where it is less than a day, or as both."""
    try:
        number = float(text)
        moment = _EPOCH + timedelta(seconds=round(number * 86400))
    except (ValueError, OverflowError):
        return text
    if 0 <= number < 1:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%Y-%m-%d}" if moment.hour == moment.minute == moment.second == 0 else f"{moment:%Y-%m-%d %H:%M:%S}"


def read_ods(content: bytes) -> Iterator[str]:
    """Yield the sheets of an OpenDocument spreadsheet."""
    book = Archive(content).tree("content.xml").find(f"{OFFICE}body/{OFFICE}spreadsheet")
    if book is None:
        raise Unreadable("it is damaged")
    sheets = book.findall(f"{TABLE}table")
    yield f"{len(sheets)} sheet{'s' * (len(sheets) != 1)}"
    for sheet in sheets:
        yield f"[sheet {sheet.get(f'{TABLE}name', '')}]\n"
        for line in sheet.iter(f"{TABLE}table-row"):
            text = row(_open_cells(line))
            yield text * _repeated(line, "rows", REPEATED) if text else ""


def _open_cells(line: etree._Element) -> list[str]:
    found: list[str] = []
    for node in line.iterfind(f"{TABLE}table-cell"):
        text = "\n".join(open_text(part) for part in node.iterfind(f"{TEXT}p"))
        found += [text] * _repeated(node, "columns", COLUMNS)
        if len(found) >= COLUMNS:
            break
    return found[:COLUMNS]


def _repeated(node: etree._Element, what: str, limit: int) -> int:
    count = node.get(f"{TABLE}number-{what}-repeated", "1")
    return min(int(count), limit) if count.isdecimal() and len(count) < 10 else 1
