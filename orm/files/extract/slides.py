# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Presentations of PowerPoint (ECMA-376, part 1, chapters 19 and 21)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from .archive import Archive, row

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDE = re.compile(r"ppt/slides/slide(\d{1,5})\.xml")


def read_pptx(content: bytes) -> Iterator[str]:
    """Yield the texts of the slides, in the order of their numbers."""
    archive = Archive(content)
    slides = sorted((int(found[1]), found[0]) for found in map(_SLIDE.fullmatch, set(archive.names)) if found)
    yield f"{len(slides)} slides"
    for number, name in slides:
        yield f"[slide {number}]\n"
        yield from _lines(archive.tree(name))


def _lines(root: etree._Element) -> Iterator[str]:
    for node in root.iter(f"{A}p", f"{A}tr"):
        if node.tag == f"{A}tr":
            yield row(_text(cell) for cell in node.iterfind(f"{A}tc"))
        elif next(node.iterancestors(f"{A}tc"), None) is None and (text := _text(node).strip()):
            yield f"{text}\n"


def _text(node: etree._Element) -> str:
    return "".join(part.text or "" for part in node.iter(f"{A}t"))
