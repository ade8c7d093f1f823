# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""HTML of Odoo as Markdown for an assistant, and Markdown of an assistant as HTML for Odoo.

What is read may be edited and written back: paragraphs, headings, lists, checklists, links, mentions, images, tables,
quotes, banners, code, bold and italics survive the way there and back. Colours, fonts and layout do not. A line end in
Markdown is a line break.
"""

from __future__ import annotations

import re

from lxml import etree
from markupsafe import Markup

from odoo.tools import html_sanitize

from . import html_reading, html_writing
from .html_quotes import drop_quotes
from .html_tree import BLOCKS, is_hidden, parsed, plain

_TAG = re.compile(
    r"(?<!\\)<(?:/?(?:p|div|span|br|ul|ol|li|a|b|i|u|strong|em|h[1-6]|table|tbody|tr|td|img|blockquote|pre|hr|font|section)"
    r"(?:\s[^<>]*)?/?)>",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"\n\s*\\?--$")
"""The line over a signature that is gone."""
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def to_markdown(html: str | None) -> str:
    """Return HTML as Markdown. What a reader would not see is left out, embedded images are named, not shown."""
    root = parsed(str(html)) if html else None
    return "" if root is None else html_reading.markdown(plain(root))


def without_quotes(html: str | None) -> tuple[str, int]:
    """Return what the author of a message wrote, as Markdown, and how many characters of quotes are left out."""
    root = parsed(str(html)) if html else None
    if root is None:
        return "", 0
    lost = drop_quotes(root)
    return _SIGNATURE.sub("", html_reading.markdown(plain(root))), lost


def to_text(html: str | None) -> str:
    """Return the words of HTML on one line, quickly: for a cell of a table."""
    root = parsed(str(html)) if html else None
    if root is None:
        return ""
    words: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event in ("comment", "pi"):
            words.append(element.tail or "")
        elif event == "start":
            words.append(" " if element.tag in BLOCKS or element.tag == "br" else "")
            if is_hidden(element):
                walk.skip_subtree()
            else:
                words.append(element.text or "")
        else:
            words.append(f"{' ' if element.tag in BLOCKS or element.tag == 'br' else ''}{element.tail or ''}")
    return " ".join("".join(words).split())


def looks_like_html(text: str) -> bool:
    """Whether a text was meant as HTML: it holds a tag of the usual kind, and not as code of Markdown."""
    return bool(_TAG.search(text)) and bool(_TAG.search(_CODE.sub("", text)))


def to_html(markdown: str) -> Markup:
    """Return Markdown as HTML that Odoo's sanitizer has passed. Tags inside Markdown are shown, not obeyed."""
    return Markup(html_sanitize(html_writing.html(markdown)))


def as_html(text: str) -> Markup:
    """Return what an assistant wrote as HTML that Odoo's sanitizer has passed: Markdown, or HTML that it is already."""
    return Markup(html_sanitize(text)) if looks_like_html(text) else to_html(text)


def mentioned(html: str) -> list[int]:
    """Return the ids of the contacts that a text mentions, in their order."""
    root = parsed(html)
    links = () if root is None else root.iter("a")
    return [int(link.get("data-oe-id")) for link in links if _is_mention(link)]


def _is_mention(link: etree._Element) -> bool:
    return link.get("data-oe-model") == "res.partner" and (link.get("data-oe-id") or "").isdigit()
