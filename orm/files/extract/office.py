# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Texts: Word (ECMA-376, part 1, chapter 17) and OpenDocument (ODF 1.3, chapters 5 and 9)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from .archive import Archive, row

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_UNSEEN = frozenset({f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{TEXT}note-citation"})
_MAX_SPACES = 100


def read_docx(content: bytes) -> Iterator[str]:
    """Yield the text of a Word document: what was deleted with changes tracked is left out."""
    body = Archive(content).tree("word/document.xml").find(f"{W}body")
    yield ""
    if body is not None:
        yield from _word_blocks(body)


def _word_blocks(parent: etree._Element) -> Iterator[str]:
    for node in parent:
        if node.tag == f"{W}p":
            yield _word_paragraph(node)
        elif node.tag == f"{W}tbl":
            for line in node.iterfind(f"{W}tr"):
                yield row("".join(_word_blocks(cell)) for cell in line.iterfind(f"{W}tc"))
            yield "\n"
        elif node.tag == f"{W}sdt":
            for inner in node.iterfind(f"{W}sdtContent"):
                yield from _word_blocks(inner)


def _word_paragraph(node: etree._Element) -> str:
    style = node.find(f"{W}pPr/{W}pStyle")
    name = style.get(f"{W}val", "") if style is not None else ""
    text = "".join(_word_text(node)).strip()
    if not text:
        return "\n"
    if name.startswith("Heading") and name[7:].isdecimal():
        return f"{'#' * min(int(name[7:]), 6)} {text}\n"
    return f"{'- ' if node.find(f'{W}pPr/{W}numPr') is not None else ''}{text}\n"


def _word_text(node: etree._Element) -> Iterator[str]:
    for child in node:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}tab":
            yield "\t"
        elif child.tag in (f"{W}br", f"{W}cr", f"{W}p"):
            yield "\n"
            yield from _word_text(child)
        elif child.tag != _FALLBACK:  # the same again, for older programs
            yield from _word_text(child)


def read_odt(content: bytes) -> Iterator[str]:
    """Yield the text of an OpenDocument text."""
    body = Archive(content).tree("content.xml").find(f"{OFFICE}body/{OFFICE}text")
    yield ""
    if body is not None:
        yield from _open_blocks(body)


def _open_blocks(parent: etree._Element, mark: str = "") -> Iterator[str]:
    for node in parent:
        if node.tag == f"{TEXT}p":
            yield f"{mark}{open_text(node).strip()}\n"
        elif node.tag == f"{TEXT}h":
            level = node.get(f"{TEXT}outline-level", "1")
            yield f"{'#' * min(int(level) if level.isdecimal() else 1, 6)} {open_text(node).strip()}\n"
        elif node.tag == f"{TEXT}list-item":
            yield from _open_blocks(node, "- ")
        elif node.tag == f"{TABLE}table-row":
            yield row("".join(_open_blocks(cell)) for cell in node.iterfind(f"{TABLE}table-cell"))
        elif node.tag not in _UNSEEN:
            yield from _open_blocks(node, mark)


def open_text(node: etree._Element) -> str:
    """Return the text of a paragraph, with the blanks that OpenDocument writes as elements."""
    return "".join(_open_text(node))


def _open_text(node: etree._Element) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == f"{TEXT}s":
            count = child.get(f"{TEXT}c", "1")
            yield " " * min(int(count) if count.isdecimal() else 1, _MAX_SPACES)
        elif child.tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            yield "\t" if child.tag == f"{TEXT}tab" else "\n"
        elif child.tag not in _UNSEEN:
            yield from _open_text(child)
        yield child.tail or ""
