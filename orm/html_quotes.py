# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a mail repeats of the mails before it: told from what its author wrote."""

from __future__ import annotations

import re

from lxml import html as lxml_html

_SENDER = r"(?:from|von|de|da|van|från|fra|od|发件人|差出人)"
_SENT = (
    r"(?:sent|date|gesendet|datum|envoyé|enviado|fecha|inviato|data|verzonden|skickat|sendt|wysłano|发送时间|送信日時)"
)
_HEADER = re.compile(rf"\s*\*?{_SENDER}\s*:.{{1,300}}?\b{_SENT}\s*:", re.IGNORECASE | re.DOTALL)
_RULE = re.compile(r"\s*-{2,}\s*(?:original message|ursprüngliche nachricht|message d.origine|mensaje original)", re.I)
_LOOKED_AT = 500
_QUOTES = frozenset({"gmail_quote", "gmail_signature", "moz-cite-prefix", "protonmail_quote", "yahoo_quoted"})
"""Classes of quotes and signatures; 17.0 does not mark all of them."""
_HOLDERS = ("div", "p", "blockquote", "td", "span", "font")


def drop_quotes(root: lxml_html.HtmlElement) -> int:
    """Take quoted mails and signatures out of a message, and return how many characters they held.

    What Odoo marked as quoted when the mail came in, and what stands under the header that Outlook writes. A message
    that is nothing but a quote (forwarded without a word) is left whole.
    """
    quoted = [*_marked(root), *_after_header(root)]
    kept = _length(root)
    inside = set(quoted)
    outer = [element for element in quoted if not any(above in inside for above in element.iterancestors())]
    lost = sum(map(_length, outer))
    if not lost or kept <= lost:
        return 0
    for element in outer:
        element.drop_tree()
    return lost


def _length(element: lxml_html.HtmlElement) -> int:
    return len("".join("".join(element.itertext()).split()))


def _marked(root: lxml_html.HtmlElement) -> list[lxml_html.HtmlElement]:
    """Return what is marked as quoted: by Odoo when it stored the message, by the program that wrote it."""
    return [
        element
        for element in root.iterdescendants()
        if element.get("data-o-mail-quote") or not _QUOTES.isdisjoint((element.get("class") or "").split())
    ]


def _after_header(root: lxml_html.HtmlElement) -> list[lxml_html.HtmlElement]:
    """Return the header of a quoted mail, and all that stands after it."""
    header = next((element for element in root.iterdescendants(*_HOLDERS) if _is_header(element)), None)
    if header is None:
        return []
    found = [header]
    for element in (header, *header.iterancestors()):
        if element is not root:
            found += element.itersiblings()
    for element in found:
        element.tail = None
    return found


def _is_header(element: lxml_html.HtmlElement) -> bool:
    text = ""
    for part in element.itertext():
        text += part
        if len(text) > _LOOKED_AT:
            break
    return bool(_HEADER.match(text) or _RULE.match(text))
