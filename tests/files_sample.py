# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Documents for tests, as small as they can be and still be read by the programs that they are for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import xlsxwriter
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
)


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return made.getvalue()


def pdf(*pages: str) -> bytes:
    """Return a PDF with one text on each page."""
    made = io.BytesIO()
    canvas = Canvas(made)
    for page in pages:
        for number, line in enumerate(page.splitlines()):
            canvas.drawString(72, 760 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def docx(body: str = "") -> bytes:
    """Return a Word document.

    :param body: WordprocessingML inside the body
    """
    body = body or (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Contract</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>Between </w:t></w:r><w:r><w:t>two parties.</w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>struck out</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Item</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Price</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl>"
    )
    return archive({"word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>"})


def odt(body: str = "") -> bytes:
    """Return an OpenDocument text."""
    body = body or (
        '<text:h text:outline-level="2">Minutes</text:h><text:p>Four<text:s text:c="3"/>blanks</text:p>'
        "<text:list><text:list-item><text:p>a point</text:p></text:list-item></text:list>"
    )
    content = f"<office:document-content {_ODF}><office:body><office:text>{body}</office:text></office:body>"
    mimetype = "application/vnd.oasis.opendocument.text"
    return archive({"mimetype": mimetype, "content.xml": f"{content}</office:document-content>"})


def ods(rows: str = "") -> bytes:
    """Return an OpenDocument spreadsheet."""
    rows = rows or (
        "<table:table-row><table:table-cell><text:p>Product</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="2"><text:p>5</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = (
        f"<office:document-content {_ODF}><office:body><office:spreadsheet>"
        f'<table:table table:name="Stock">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def pptx() -> bytes:
    """Return a presentation of two slides."""
    slides = {
        f"ppt/slides/slide{number}.xml": f"<a:x {_A}><a:p><a:r><a:t>Slide text {number}</a:t></a:r></a:p></a:x>"
        for number in (10, 2)
    }
    return archive({"ppt/presentation.xml": "<x/>", **slides})


def xlsx(rows: list[list[Any]] | None = None) -> bytes:
    """Return a workbook with a sheet of rows and an empty one."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet, moment = book.add_worksheet("Sales"), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for number, row in enumerate(rows or [["Day", "Amount"], [datetime(2026, 3, 1, 14, 30), 12.5], ["a|b", True]]):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, column, value, moment)
            else:
                sheet.write(number, column, value)
    book.add_worksheet("Empty")
    book.close()
    return made.getvalue()


def eml() -> bytes:
    """Return a mail with an HTML body and a file."""
    return (
        b"From: Ann <ann@example.com>\r\nTo: bob@example.com\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/html\r\n\r\n"
        b"<html><style>p {}</style><p>Dear <b>Bob</b>,</p><p>see the file.</p></html>\r\n--x\r\n"
        b'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="offer.txt"\r\n\r\nhi\r\n--x--\r\n'
    )


def picture(width: int, height: int, mode: str = "RGB", kind: str = "PNG") -> bytes:
    """Return an image of one colour."""
    made = io.BytesIO()
    Image.new(mode, (width, height)).save(made, kind)
    return made.getvalue()
