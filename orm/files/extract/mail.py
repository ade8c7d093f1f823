# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mails as files (RFC 5322)."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

from lxml import etree, html

HEADERS = ("From", "To", "Cc", "Date", "Subject")


def read(content: bytes) -> Iterator[str]:
    """Yield headers, body and the names of attached files; the body as plain text."""
    mail = message_from_bytes(content, policy=policy.default)
    files = [part.get_filename() or part.get_content_type() for part in mail.iter_attachments()]
    yield f"mail with {len(files)} file{'s' * (len(files) != 1)}" if files else "mail"
    for name in HEADERS:
        if mail[name]:
            yield f"{name}: {' '.join(str(mail[name]).split())}\n"
    yield f"Files: {', '.join(files)}\n" if files else ""
    yield f"\n{_body(mail)}\n"


def _body(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = str(part.get_content())
    return _words(text) if part.get_content_subtype() == "html" else text


def _words(page: str) -> str:
    """Return the words of HTML, a line for each block."""
    root = html.document_fromstring(page or "<p></p>")
    etree.strip_elements(root, "script", "style", "head", etree.Comment, with_tail=False)
    for block in root.iter("br", "div", "li", "p", "tr"):
        block.tail = f"\n{block.tail or ''}"
    lines = (" ".join(line.split()) for line in root.text_content().splitlines())
    return "\n".join(filter(None, lines))
