# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a file is, by what it holds first, and only then by what it is called."""

from __future__ import annotations

import io
import re
import zipfile

TEXT, HTML, IMAGE, MAIL = "text", "html", "image", "eml"

_PACKAGES = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
_OPEN = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LOOKED_AT = 65_536


def kind_of(content: bytes, name: str, mimetype: str) -> str:
    """Return what a file can be read as: a key of ``extract.KINDS``, a constant here, or nothing.

    :param name: what it is called
    :param mimetype: what somebody said it is
    """
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return _package(content)
    if content.startswith(_IMAGES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return IMAGE
    if not _is_text(content[:_LOOKED_AT]):
        return ""
    ending = name.lower().rpartition(".")[2]
    if mimetype == "message/rfc822" or ending == "eml":
        return MAIL
    return HTML if mimetype == "text/html" or ending in ("html", "htm") else TEXT


def _package(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    return _OPEN.get(file.read(100).strip(), "")
    except Exception:  # noqa: BLE001  whatever is wrong with it, it is no document
        return ""
    return next((kind for part, kind in _PACKAGES.items() if part in names), "")


def _is_text(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not _CONTROLS.search(start.decode("latin-1"))


def decoded(content: bytes) -> str:
    """Return a file as text: by its mark, as UTF-8, or else as Windows writes western languages."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
