# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A plain tree of HTML (``html_tree``) as Markdown, with as few backslashes as Markdown needs."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from bs4 import NavigableString, Tag
from lxml import etree
from lxml import html as lxml_html
from markdownify import MarkdownConverter

from .emphasis import BOLD, ITALIC, STRUCK, opened, resolved
from .html_tree import BULLET, NUMBER, TASK

_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|\s*$)"  # a backslash that would escape something
    r"|`|(?<! )\*|\*(?! )|(?<![^\W_])_|_(?![^\W_])"  # code and emphasis; an underscore inside a word is none
    r"|\](?=[(:])|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~(?=~|$)|^~"  # links, tags, entities, strike-through
)
_SPECIAL_IN_LINK = re.compile(rf"[\[\]]|{_SPECIAL.pattern}")
_OPENS_BLOCK = re.compile(
    r"^(\s*)(?=#{1,6}(?:\s|$)|[-+*](?:\s|$)|--|=|>|\[[ xX]\](?:\s|$)|\[!|\||:?-+\s*\|)|^(\s*\d{1,9})(?=[.)](?:\s|$))"
)
_BLOCK = re.compile(r"#{1,6} |```|> |- |\d{1,9}\. |\| ")
"""How blocks begin that are no paragraphs; in the text of one, a backslash stands before."""

_LINE_END = re.compile(r"[ \t]+\n")
_BLANK_LINES = re.compile(r"\n{3,}")
_CLOSING = re.compile(r"(\s)(#+)$")
"""What would end a heading instead of being part of it."""
_TICKS = re.compile(r"`+")
_DATA_URL = re.compile(r"data:[^,;]*")
_AUTOLINK = re.compile(
    r"(?:https?|ftp|odoo)://[!#$&'()*+,\-./0-9:;=?@A-Z_a-z~]+|mailto:[\w.+-]+@(?:[a-z\d-]+\.)+[a-z]{2,}",
    re.ASCII | re.IGNORECASE,
)
_UNSAFE = re.compile(r"\s*(?:javascript|vbscript|data|file)\s*:", re.IGNORECASE)


def markdown(root: lxml_html.HtmlElement) -> str:
    """Return a plain tree as Markdown."""
    html = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    text = resolved(_Converter().convert(html))
    return _tidy(text).strip()


def _tidy(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", _LINE_END.sub("\n", text))


class _Converter(MarkdownConverter):
    """The converter with what Odoo's HTML needs: few backslashes, no embedded files, checklists, banners."""

    def __init__(self) -> None:
        super().__init__(heading_style="atx", bullets="-", autolinks=False)

    def escape(self, text: str, parent_tags: Collection[str] = ()) -> str:
        special = _SPECIAL_IN_LINK if "a" in parent_tags else _SPECIAL
        text = special.sub(r"\\\g<0>", text.replace("\n", " "))
        if {"td", "th"} & set(parent_tags):  # where no block begins
            return text.replace("|", "\\|")
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

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        text = _CLOSING.sub(r"\1\\\2", text.strip())
        return super().convert_hN(n, el, text, parent_tags) if text else ""

    def convert_hr(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return "" if {"li", "_inline"} & set(parent_tags) else "\n\n---\n\n"

    def convert_img(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        source = el.attrs.get("src") or ""
        if embedded := _DATA_URL.match(source):
            return f"(embedded {embedded[0][5:] or 'file'})"
        alt = self.escape((el.attrs.get("alt") or "").replace("\n", " "), ("a",))
        return f"![{alt}]({_target(source)})" if source else alt

    def convert_a(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        target = (el.get("href") or "").strip()
        label = " ".join(text.split())
        if "_noformat" in parent_tags or not target or not label or _UNSAFE.match(target):
            return text
        lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        if target in (label, f"mailto:{label}") and _AUTOLINK.fullmatch(target):
            return f"{lead}<{label}>{tail}"
        return f"{lead}[{label}]({_target(target)}){tail}"

    def convert_td(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        span = int(el["colspan"]) if str(el.get("colspan", "")).isdigit() else 1
        return f" {' '.join(text.split())} |".replace("   |", "  |") + "  |" * (min(max(span, 1), 100) - 1)

    convert_th = convert_td

    def convert_li(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        bullet = f"{el[NUMBER]}. " if el.get(NUMBER) else f"{el.parent.get(BULLET, '-')} "
        box = f"[{el[TASK]}] " if el.get(TASK) else ""
        text = (text or "").strip()
        if not text or "_inline" in parent_tags:
            return f" \N{BULLET} {text} " if text else "\n"
        if box and _BLOCK.match(text):
            text = f"\n{text}"
        first, *others = text.split("\n")
        indent = " " * len(bullet)
        lines = [f"{bullet}{box}{first}".rstrip(), *(f"{indent}{line}" if line else "" for line in others)]
        return "\n".join(lines) + "\n"

    def convert_code(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        text = text if "_noformat" in parent_tags else text.replace("\n", " ")
        if "_noformat" in parent_tags or not text.strip():
            return text
        ticks = "`" * (1 + max(map(len, _TICKS.findall(text)), default=0))
        if "`" in (text[0], text[-1]) or text[0] == text[-1] == " ":
            text = f" {text} "
        text = text.replace("|", "\\|") if {"td", "th"} & set(parent_tags) else text
        return f"{ticks}{text}{ticks}"

    def convert_pre(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        text = text.strip("\n")
        if not text.strip():
            return ""
        fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
        return f"\n\n{fence}\n{text}\n{fence}\n\n"

    def convert_blockquote(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        if el.get("data-alert") and "_inline" not in parent_tags:
            text = f"[!{el['data-alert']}]\n{text.strip()}"
        return super().convert_blockquote(el, _tidy(text), parent_tags)


def _emphasised(kind: str) -> Any:
    def convert(self: _Converter, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return text if "_noformat" in parent_tags else opened(kind, text)

    return convert


for _kind, _name in ((BOLD, "b"), (ITALIC, "i"), (STRUCK, "del")):
    setattr(_Converter, f"convert_{_name}", _emphasised(_kind))


def _target(url: str) -> str:
    """Return a link target as Markdown wants it: in angle brackets when it holds spaces or brackets."""
    url = re.sub(r"[\r\n\t]", "", url).replace("\\", "%5C")
    url = re.sub(r"&(?=#?\w+;)", "&amp;", url)
    return f"<{url.replace('<', '%3C').replace('>', '%3E')}>" if re.search(r"[\s()<>]", url) else url
