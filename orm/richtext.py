# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""HTML of Odoo as Markdown for an assistant, and Markdown of an assistant as HTML for Odoo.

What is read may be edited and written back: paragraphs, headings, lists, links, images, tables, quotes, code, bold
and italics survive the way there and back. Colours, fonts and layout do not. A line end in Markdown is a line break.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from bs4 import NavigableString, Tag
from lxml import etree
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from markdownify import MarkdownConverter
from markupsafe import Markup

from odoo.tools import html_sanitize

_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|\s*$)"  # a backslash that would escape something
    r"|`|\*(?=\S)|(?<=\S)\*|(?<![^\W_])_|_(?![^\W_])"  # code and emphasis; an underscore inside a word is none
    r"|\](?=[(:])|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~(?=~)"  # links, tags, entities, strike-through
)
_BRACKET = re.compile(r"[\[\]]")
_OPENS_BLOCK = re.compile(r"^(\s*)(?=#{1,6}(?:\s|$)|[-+*](?:\s|$)|--|=|>)|^(\s*\d{1,9})(?=[.)](?:\s|$))")
_LINE_END = re.compile(r"[ \t]+\n")
_BLANK_LINES = re.compile(r"\n{3,}")
_TAG = re.compile(
    r"(?<!\\)<(?:/?(?:p|div|span|br|ul|ol|li|a|b|i|u|strong|em|h[1-6]|table|tbody|tr|td|img|blockquote|pre|hr|font|section)"
    r"(?:\s[^<>]*)?/?)>",
    re.IGNORECASE,
)
_DATA_URL = re.compile(r"data:[^,;]*")
_SILENT = ("script", "style", "head", "title", "template")
_BLOCKS = frozenset("p div br ul ol li h1 h2 h3 h4 h5 h6 table tr td th blockquote pre hr section article".split())


class _Converter(MarkdownConverter):
    """The converter with what Odoo's HTML needs: few backslashes, no embedded files, no text of scripts."""

    def __init__(self) -> None:
        super().__init__(heading_style="atx", bullets="-", autolinks=False)

    def escape(self, text: str, parent_tags: Collection[str] = ()) -> str:
        text = _SPECIAL.sub(r"\\\g<0>", text.replace("\n", " "))
        if "a" in parent_tags:
            text = _BRACKET.sub(r"\\\g<0>", text.replace("\\]", "]"))
        return _OPENS_BLOCK.sub(lambda match: f"{match[1] or match[2] or ''}\\", text)

    def process_text(self, el: NavigableString, parent_tags: Collection[str] | None = None) -> str:
        text = super().process_text(el, parent_tags=parent_tags)
        before, after = (getattr(sibling, "name", None) for sibling in (el.previous_sibling, el.next_sibling))
        if "_noformat" not in (parent_tags or ()):
            text = text.lstrip(" ") if before == "br" else text
            text = text.rstrip(" ") if after == "br" else text
        return f"{text[:-1]}\\!" if after == "a" and text.endswith("!") else text

    def convert_br(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return " " if "_inline" in parent_tags else "\n"

    def convert_img(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        source = el.attrs.get("src") or ""
        if embedded := _DATA_URL.match(source):
            return f"(embedded {embedded[0][5:] or 'file'})"
        alt = self.escape((el.attrs.get("alt") or "").replace("\n", " "))
        return f"![{alt}]({_target(source)})" if source else alt

    def convert_a(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        target = (el.get("href") or "").strip()
        label = text.strip()
        if "_noformat" in parent_tags or not target or not label:
            return text
        lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{lead}[{label}]({_target(target)}){tail}"

    def convert_td(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return super().convert_td(el, text.replace("|", "\\|"), parent_tags)

    def convert_th(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return super().convert_th(el, text.replace("|", "\\|"), parent_tags)


def _silent(self: _Converter, el: Tag, text: str, parent_tags: Collection[str]) -> str:
    return ""


for _name in _SILENT:
    setattr(_Converter, f"convert_{_name}", _silent)


def _target(url: str) -> str:
    """Return a link target as Markdown wants it: in angle brackets when it holds spaces or brackets."""
    url = re.sub(r"[\r\n\t]", "", url)
    return f"<{url.replace('<', '%3C').replace('>', '%3E')}>" if re.search(r"[\s()<>]", url) else url


def to_markdown(html: str | None) -> str:
    """Return HTML as Markdown. Scripts and styles are dropped, embedded images are named, not shown."""
    if not html:
        return ""
    text = _Converter().convert(str(html)).replace("\xa0", " ")
    return _BLANK_LINES.sub("\n\n", _LINE_END.sub("\n", text)).strip()


def to_text(html: str | None) -> str:
    """Return the words of HTML on one line, quickly: for a cell of a table."""
    if not html:
        return ""
    try:
        root = lxml_html.fromstring(f"<div>{html}</div>")
    except etree.ParserError:
        return ""
    words: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            words.append(element.tail or "")
        elif event == "start":
            block = element.tag in _BLOCKS
            words.append(f"{' ' if block else ''}{'' if element.tag in _SILENT else element.text or ''}")
        else:
            words.append(f"{' ' if element.tag in _BLOCKS else ''}{element.tail or ''}")
    return " ".join("".join(words).split())


def looks_like_html(text: str) -> bool:
    """Whether a text was meant as HTML: it holds a tag of the usual kind."""
    return bool(_TAG.search(text))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def to_html(markdown: str) -> Markup:
    """Return Markdown as HTML that Odoo's sanitizer has passed. Tags inside Markdown are shown, not obeyed."""
    return Markup(html_sanitize(_parser().render(markdown).strip()))


def as_html(text: str) -> Markup:
    """Return what an assistant wrote as HTML that Odoo's sanitizer has passed: Markdown, or HTML that it is already."""
    return Markup(html_sanitize(text)) if looks_like_html(text) else to_html(text)


def mentioned(html: str) -> list[int]:
    return []


def without_quotes(html: str) -> tuple[str, int]:
    return to_markdown(html), 0
