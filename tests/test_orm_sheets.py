# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..orm import sheets
from ..orm.errors import ToolError
from ..orm.render import visible
from ..orm.sheets import CsvWriter, XlsxWriter, read_csv, read_xlsx

OPTIONS = {"max_examples": 200, "deadline": None, "derandomize": True, "database": None}
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
CELLS = TEXT.filter(lambda text: visible(text) == text and not (text[:1] == "'" and text[1:2] in "=+-"))


def packed(writer: type, rows: list[list[Any]]) -> bytes:
    file = io.BytesIO()
    made = writer(file)
    for row in rows:
        made.add(row)
    made.close()
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestCsv(BaseCase):
    @given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5))
    @settings(**OPTIONS)
    def test_what_is_written_is_read_back(self, rows: list[list[str]]) -> None:
        rows = [["name", "city"], *rows]
        self.assertEqual(list(read_csv(packed(CsvWriter, rows))), rows)

    @given(st.one_of(TEXT, st.binary(max_size=60)))
    @settings(**OPTIONS)
    def test_anything_is_rows_or_refused_in_words(self, content: str | bytes) -> None:
        try:
            rows = list(read_csv(content))
        except ToolError as error:
            self.assertIn("line", str(error))
        else:
            self.assertTrue(all(isinstance(cell, str) for row in rows for cell in row))

    def test_separators_and_encodings_of_spreadsheets_are_understood(self) -> None:
        expected = [["name", "city"], ["Zoë, Ltd", "Liège"]]
        for content in (
            'name,city\r\n"Zoë, Ltd",Liège\r\n',
            "name;city\nZoë, Ltd;Liège".encode("cp1252"),
            "\ufeffname\tcity\nZoë, Ltd\tLiège".encode(),
            "name;city\nZoë, Ltd;Liège".encode("utf-16"),
            "\ufeffname|city\nZoë, Ltd|Liège",
        ):
            with self.subTest(content):
                self.assertEqual(list(read_csv(content)), expected)

    def test_a_text_is_no_formula_in_the_file_and_itself_again_when_it_is_read(self) -> None:
        rows = [["=1+1", "+32 2 290 34 90", "-5 %", "'quoted'", -5]]
        content = packed(CsvWriter, rows)
        self.assertEqual(content, b"'=1+1,'+32 2 290 34 90,'-5 %,'quoted',-5\r\n")
        self.assertEqual(list(read_csv(content)), [["=1+1", "+32 2 290 34 90", "-5 %", "'quoted'", "-5"]])

    def test_quotes_that_do_not_match_are_refused_with_their_line(self) -> None:
        with self.assertRaisesRegex(ToolError, "line 3"):
            list(read_csv('name\nA\n"B'))


@tagged("post_install", "-at_install")
class TestXlsx(BaseCase):
    def test_types_are_kept_and_read_as_import_takes_them(self) -> None:
        rows = [
            ["name", "count", "rate", "day", "at", "active", "nothing"],
            ["=1+1", 3, 2.5, date(2026, 11, 21), datetime(2026, 11, 21, 14, 30), True, ""],
        ]
        content = packed(XlsxWriter, rows)
        self.assertEqual(
            list(read_xlsx(content)),
            [rows[0], ["=1+1", "3", "2.5", "2026-11-21 00:00:00", "2026-11-21 14:30:00", "true", ""]],
        )
        sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
        self.assertNotIn("<f>", sheet, "a formula")

    def test_a_text_that_does_not_fit_says_so(self) -> None:
        content = packed(XlsxWriter, [["name"], ["x" * 40_000]])
        self.assertIn("40,000 characters", list(read_xlsx(content))[1][0])

    def test_more_rows_than_the_format_holds_are_refused(self) -> None:
        with patch.object(sheets, "MAX_XLSX_ROWS", 2), self.assertRaisesRegex(ToolError, "csv"):
            packed(XlsxWriter, [["a"]] * 3)

    def test_what_is_no_workbook_or_too_large_is_refused(self) -> None:
        with self.assertRaisesRegex(ToolError, "no XLSX"):
            list(read_xlsx(b"PK\x03\x04 nothing"))
        content = packed(XlsxWriter, [["name"]])
        with patch.object(sheets, "MAX_UNPACKED", 100), self.assertRaisesRegex(ToolError, "too large"):
            list(read_xlsx(content))
