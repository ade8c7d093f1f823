# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tables in files: CSV (RFC 4180) and XLSX, written row by row and read by rows, with what Odoo itself ships.

Spreadsheets take texts that begin with ``=``, ``+``, ``-`` for formulas: as in Odoo's own CSV files, an apostrophe
stands before them, which is taken away again when they are read. Cells of XLSX have types and need none.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import IO, Any

from .errors import ToolError
from .formats import CRLF, FORMULA, csv_line

CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_XLSX_ROWS = 1_048_576
MAX_UNPACKED = 200_000_000
"""Bytes that an XLSX file may hold when it is unpacked."""

_MAX_CELL = 32_767
_DELIMITERS = ",;\t|"


class CsvWriter:
    """Writes rows as CSV in UTF-8."""

    mimetype, extension = CSV_TYPE, "csv"

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def add(self, row: Iterable[Any]) -> None:
        self._file.write(f"{csv_line(row)}{CRLF}".encode())

    def close(self) -> None:
        """End the file, which stays open."""


class XlsxWriter:
    """Writes rows as the one sheet of a workbook; keeps one row in memory."""

    mimetype, extension = XLSX_TYPE, "xlsx"

    def __init__(self, file: IO[bytes]) -> None:
        import xlsxwriter

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(file, options)
        self._sheet = self._book.add_worksheet()
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._datetime = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._rows = 0

    def add(self, row: Iterable[Any]) -> None:
        """:raise ToolError: there are more rows than the format holds"""
        if self._rows >= MAX_XLSX_ROWS:
            raise ToolError(f"More than {MAX_XLSX_ROWS:,} rows do not fit into XLSX. Use format csv, or a domain.")
        for place, value in enumerate(row):
            self._write_cell(place, value)
        self._rows += 1

    def _write_cell(self, place: int, value: Any) -> None:
        at = self._rows, place
        if isinstance(value, bool):
            self._sheet.write_boolean(*at, value)
        elif isinstance(value, (int, float)):
            self._sheet.write_number(*at, value)
        elif isinstance(value, date):
            style = self._datetime if isinstance(value, datetime) else self._date
            self._sheet.write_datetime(*at, value, style)
        elif value not in ("", None):
            self._sheet.write_string(*at, _xlsx_text(value))

    def close(self) -> None:
        """End the file, which stays open."""
        self._book.close()


Writer = CsvWriter | XlsxWriter


def _xlsx_text(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _MAX_CELL else f"(too long for XLSX, {len(text):,} characters: export as CSV)"


# Reading


def read_csv(content: str | bytes) -> Iterator[list[str]]:
    """Yield the rows of a CSV text, separated by commas, semicolons, tabs or bars, whichever the first line has most.

    :raise ToolError: quotes that do not match, a cell of more than 131,072 characters
    """
    text = content if isinstance(content, str) else _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True)
    try:
        for row in rows:
            yield [_without_guard(cell) for cell in row]
    except csv.Error as error:
        raise ToolError(f"The CSV cannot be read at line {rows.line_num}: {error}.") from error


def read_xlsx(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of the first sheet of a workbook as texts.

    :raise ToolError: no workbook, or one that is too large when it is unpacked
    """
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(item.file_size for item in archive.infolist())
        if size > MAX_UNPACKED:
            raise ToolError(f"The workbook is too large: {size:,} bytes unpacked. Send it in parts, or as CSV.")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_without_guard(as_text(value)) for value in row]
    except ToolError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken file makes it stumble over
        raise ToolError("This is no XLSX workbook that can be read.") from error


def as_text(value: Any) -> str:
    """Return a cell as Odoo's import takes it: whole numbers without ``.0``, dates as ISO, no as nothing."""
    if value is None or value is False:
        return ""
    if value is True:
        return "true"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    with suppress(UnicodeDecodeError):
        return content.decode(encoding)
    return content.decode("cp1252", "replace")


def _without_guard(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell
