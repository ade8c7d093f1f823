# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import base64
import io
import os
import struct
import time
import zipfile
import zlib
from functools import cache
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from odoo.tests import BaseCase, tagged

from ..orm.files import extract, images, kinds, reading
from . import files_sample as sample

OPTIONS = {"max_examples": 150, "deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}
_LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "&l{n - 1};&l{n - 1};">' for n in range(1, 40))


@tagged("post_install", "-at_install")
class TestKinds(BaseCase):
    def test_a_file_is_what_it_holds_whatever_it_is_called(self) -> None:
        for content, kind in {
            sample.pdf("x"): "pdf",
            sample.docx(): "docx",
            sample.odt(): "odt",
            sample.xlsx(): "xlsx",
            sample.ods(): "ods",
            sample.pptx(): "pptx",
            sample.picture(1, 1): "image",
            b"a;b\n1;2\n": "text",
            b"": "text",
            "Ü".encode("utf-16"): "text",
            b"\x7fELF\x00\x00": "",
            b"PK\x03\x04 broken": "",
            sample.archive({"a.txt": "x"}): "",
        }.items():
            self.assertEqual(kinds.kind_of(content, "picture.png", "application/pdf"), kind)

    def test_texts_are_told_apart_by_name_and_type(self) -> None:
        self.assertEqual(kinds.kind_of(b"<p>x</p>", "x.html", ""), "html")
        self.assertEqual(kinds.kind_of(b"<p>x</p>", "x", "text/html"), "html")
        self.assertEqual(kinds.kind_of(b"From: a", "x.eml", ""), "eml")
        self.assertEqual(kinds.kind_of(b"<svg/>", "x.svg", "image/svg+xml"), "text")

    def test_letters_of_old_programs_are_read(self) -> None:
        self.assertEqual(kinds.decoded("Grüße €".encode("cp1252")), "Grüße €")
        self.assertEqual(kinds.decoded("Grüße".encode("utf-8-sig")), "Grüße")
        self.assertEqual(kinds.decoded("Grüße".encode("utf-16")), "Grüße")


@tagged("post_install", "-at_install")
class TestReading(BaseCase):
    def read(self, content: bytes, kind: str) -> reading.Reading:
        return reading.read(content, kind)

    def test_the_text_of_a_pdf_is_read_page_by_page(self) -> None:
        found = self.read(sample.pdf("first\npage", "second"), "pdf")
        self.assertEqual(found.about, "2 pages")
        self.assertEqual(found.text.split(), "[page 1] first page [page 2] second".split())

    def test_a_pdf_of_pictures_says_so(self) -> None:
        with self.assertRaisesRegex(reading.Unreadable, "no text"):
            self.read(sample.pdf("", ""), "pdf")

    def test_a_word_document_keeps_headings_and_tables_and_loses_what_was_deleted(self) -> None:
        found = self.read(sample.docx(), "docx")
        self.assertEqual(found.text.strip(), "# Contract\nBetween two parties.\n\nItem|Price")

    def test_an_opendocument_text_keeps_headings_lists_and_blanks(self) -> None:
        self.assertEqual(self.read(sample.odt(), "odt").text, "## Minutes\nFour   blanks\n- a point\n")

    def test_a_workbook_is_rows_of_values_with_dates(self) -> None:
        found = self.read(sample.xlsx(), "xlsx")
        self.assertEqual(found.about, "2 sheets")
        rows = "Day|Amount\n2026-03-01 14:30:00|12.5\na\\|b|yes\n"
        self.assertEqual(found.text, f"[sheet Sales]\n{rows}[sheet Empty]\n")

    def test_an_opendocument_spreadsheet_is_not_filled_up_with_its_empty_rows(self) -> None:
        self.assertEqual(self.read(sample.ods(), "ods").text, "[sheet Stock]\nProduct|5|5\n")

    def test_slides_come_in_the_order_of_their_numbers(self) -> None:
        found = self.read(sample.pptx(), "pptx")
        self.assertEqual(found.text, "[slide 2]\nSlide text 2\n[slide 10]\nSlide text 10\n")

    def test_a_mail_shows_its_heads_its_words_and_its_files(self) -> None:
        found = self.read(sample.eml(), "eml")
        self.assertEqual(found.about, "mail with 1 file")
        for words in ("From: Ann <ann@example.com>", "Subject: Grüße", "Files: offer.txt", "Dear Bob,\nsee the file."):
            self.assertIn(words, found.text)

    def test_a_page_is_read_as_markdown(self) -> None:
        self.assertEqual(self.read(b"<h1>T</h1><script>x</script><p>a <b>b</b></p>", "html").text, "# T\n\na **b**")

    def test_what_is_too_large_is_not_touched(self) -> None:
        with patch.object(reading.subprocess, "run") as run, self.assertRaisesRegex(reading.Unreadable, "too large"):
            self.read(b"%PDF-" + bytes(reading.MAX_BYTES), "pdf")
        run.assert_not_called()


@tagged("post_install", "-at_install")
class TestHostileFiles(BaseCase):
    def unreadable(self, content: bytes, kind: str) -> str:
        started = time.monotonic()
        with self.assertRaises(reading.Unreadable) as caught:
            reading.read(content, kind)
        self.assertLess(time.monotonic() - started, reading.SECONDS + 5)
        return str(caught.exception)

    def test_an_archive_that_unpacks_to_more_than_there_should_be_is_refused(self) -> None:
        bomb = sample.archive({"word/document.xml": b"<a>" + b" " * (extract.archive.PART_LIMIT + 10) + b"</a>"})
        self.assertLess(len(bomb), 200_000)
        self.assertIn("too large", self.unreadable(bomb, "docx"))

    def test_a_page_that_unpacks_to_gigabytes_harms_nobody(self) -> None:
        packer = zlib.compressobj(9)
        head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
        megabyte = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
        self.unreadable(_pdf_with(head + megabyte * 3000), "pdf")

    def test_entities_are_not_expanded_and_nothing_is_fetched(self) -> None:
        secret = "/etc/hostname" if os.path.exists("/etc/hostname") else __file__
        entities = f'<!DOCTYPE d [{_LAUGHS}<!ENTITY file SYSTEM "file://{secret}">]>'
        text = "<w:p><w:r><w:t>before &l39; &file; after</w:t></w:r></w:p>"
        body = sample.docx(text)
        with zipfile.ZipFile(io.BytesIO(body)) as source:
            document = source.read("word/document.xml").decode()
        hostile = sample.archive({"word/document.xml": entities + document})
        try:
            found = reading.read(hostile, "docx").text
        except reading.Unreadable:
            return
        self.assertNotIn("haha", found)
        with open(secret, encoding="utf-8") as file:
            self.assertNotIn(file.read().strip()[:40], found)

    def test_elements_without_end_inside_each_other_are_refused(self) -> None:
        body = "<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000
        self.unreadable(sample.docx(body), "docx")

    def test_a_cell_far_away_does_not_make_all_cells_before_it(self) -> None:
        book = sample.xlsx()
        with zipfile.ZipFile(io.BytesIO(book)) as source:
            files = {name: source.read(name) for name in source.namelist()}
        sheet = files["xl/worksheets/sheet1.xml"].decode()
        far = '<row r="1048576"><c r="XFD1048576" t="n"><v>7</v></c><c r="B1048576"><v>8</v></c></row></sheetData>'
        files["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", far).encode()
        self.assertIn("\n|8\n", reading.read(sample.archive(files), "xlsx").text)

    def test_a_document_that_kills_its_reader_is_only_unreadable(self) -> None:
        with patch.object(reading.sys, "executable", "/bin/false"):
            self.assertIn("damaged", self.unreadable(sample.docx(), "docx"))
        with patch.object(reading.sys, "executable", "/nonexistent"):
            self.unreadable(sample.docx(), "docx")

    def test_a_document_that_takes_for_ever_is_given_up(self) -> None:
        with patch.object(reading, "SECONDS", 0.01):
            self.assertIn("too long", self.unreadable(sample.docx(), "docx"))

    def test_the_reader_sees_nothing_of_the_server_s_environment(self) -> None:
        with (
            patch.dict(os.environ, {"PGPASSWORD": "secret"}),
            patch.object(reading.subprocess, "run", side_effect=OSError) as run,
            self.assertRaises(reading.Unreadable),
        ):
            reading.read(sample.docx(), "docx")
        self.assertNotIn("PGPASSWORD", run.call_args.kwargs["env"])

    def test_a_picture_with_too_many_pixels_is_refused(self) -> None:
        bomb = _png_header(60_000, 60_000)
        with self.assertRaisesRegex(reading.Unreadable, "pixels|no image"):
            images.shown(bomb)

    @given(st.sampled_from(sorted(extract.KINDS)), st.binary(max_size=300))
    @settings(**OPTIONS)
    def test_no_bytes_break_the_answer(self, kind: str, content: bytes) -> None:
        self.check(kind, content)

    @given(st.sampled_from(["pdf", "docx", "odt", "xlsx", "ods", "pptx", "eml"]), st.data())
    @settings(**OPTIONS)
    def test_no_damage_to_a_document_breaks_the_answer(self, kind: str, data: st.DataObject) -> None:
        good = _document(kind)
        where = data.draw(st.integers(0, len(good) - 1))
        damage = data.draw(st.binary(max_size=20))
        self.check(kind, good[:where] + damage + good[where + data.draw(st.integers(0, 40)) :])

    def check(self, kind: str, content: bytes) -> None:
        """The child answers JSON, whatever it is given; here without a process of its own."""
        from ..orm.files.extract.__main__ import _answer

        answer = _answer(kind, content)
        self.assertIn(set(answer), [{"problem"}, {"about", "text", "is_cut"}])
        kinds.kind_of(content, "x", "")

    @given(st.binary(max_size=200))
    @settings(**{**OPTIONS, "max_examples": 40})
    def test_any_bytes_are_a_picture_or_none(self, content: bytes) -> None:
        for start in (b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"BM"):
            try:
                images.shown(start + content)
            except reading.Unreadable:
                continue


@tagged("post_install", "-at_install")
class TestPictures(BaseCase):
    def opened(self, content: bytes) -> tuple[Image.Image, str, str]:
        data, mimetype, pixels = images.shown(content)
        return Image.open(io.BytesIO(base64.b64decode(data))), mimetype, pixels

    def test_a_large_picture_is_scaled_down_and_its_true_size_said(self) -> None:
        image, mimetype, pixels = self.opened(sample.picture(3000, 1500))
        self.assertEqual((image.size, mimetype, pixels), ((1024, 512), "image/jpeg", "3000 x 1500"))

    def test_a_small_one_stays_as_large_as_it_is(self) -> None:
        image, _mimetype, _pixels = self.opened(sample.picture(20, 10))
        self.assertEqual(image.size, (20, 10))

    def test_what_can_be_seen_through_stays_so(self) -> None:
        image, mimetype, _pixels = self.opened(sample.picture(20, 10, "RGBA"))
        self.assertEqual((image.mode, mimetype), ("RGBA", "image/png"))

    def test_formats_that_clients_do_not_know_become_ones_that_they_do(self) -> None:
        for kind in ("BMP", "GIF", "JPEG"):
            _image, mimetype, _pixels = self.opened(sample.picture(8, 8, kind=kind))
            self.assertIn(mimetype, ("image/jpeg", "image/png"))


@cache
def _document(kind: str) -> bytes:
    """Return a document, always the same: two that are made at different times differ."""
    return sample.pdf("text") if kind == "pdf" else getattr(sample, kind)()


def _png_header(width: int, height: int) -> bytes:
    """Return the beginning of a PNG of that size, with hardly any data."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def _pdf_with(stream: bytes) -> bytes:
    """Return a PDF of one page whose content is a packed stream."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"trailer<</Size 5/Root 1 0 R>>startxref\n%d\n%%%%EOF" % start
