# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from .archive import Unreadable

try:
    from pypdf import PdfReader
except ImportError:  # the older Odoo, the older name
    try:
        from PyPDF2 import PdfReader
    except ImportError:
        from PyPDF2 import PdfFileReader as PdfReader


def read(content: bytes) -> Iterator[str]:
    """Yield the text of the pages. Scanned pages have none."""
    reader = PdfReader(io.BytesIO(content))
    if _is_locked(reader):
        raise Unreadable("it is locked by a password")
    pages = reader.pages
    count = len(pages)
    yield f"{count} page{'s' * (count != 1)}"
    for number in range(count):
        text = _text(pages[number]).strip()
        mark = f"[page {number + 1}]\n" if count > 1 else ""
        yield f"{mark}{text}\n" if text else ""


def _is_locked(reader: Any) -> bool:
    locked = getattr(reader, "is_encrypted", False)
    return bool(locked) and not reader.decrypt("")


def _text(page: Any) -> str:
    extract = getattr(page, "extract_text", None) or page.extractText
    try:
        return extract()
    except Exception:  # noqa: BLE001  one page that is damaged is no reason to lose the others
        return ""
