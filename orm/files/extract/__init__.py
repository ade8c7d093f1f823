# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Text out of documents. Nothing here knows Odoo: it runs in a process of its own (``__main__``), held by limits.

Each kind of document is a function from its bytes to the parts of its text, the first of which says what it is made of
(``3 pages``), and may be empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from . import mail, office, pdf, sheets, slides
from .archive import Unreadable

__all__ = ["KINDS", "Unreadable"]

KINDS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    "pdf": pdf.read,
    "docx": office.read_docx,
    "odt": office.read_odt,
    "xlsx": sheets.read_xlsx,
    "ods": sheets.read_ods,
    "pptx": slides.read_pptx,
    "eml": mail.read,
}
