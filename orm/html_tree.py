# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""HTML as a tree that says what a reader sees: of mails, of newsletters, of Odoo's editors from 17.0 to 19.0.

What nobody sees is taken out (scripts, hidden text, tracking pixels), layout is made plain (tables that only place
things, wrappers in wrappers), and what the editors write in ways of their own becomes ordinary HTML. Every step goes
through the tree once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from lxml import etree
from lxml import html as lxml_html

TASK, NUMBER, BULLET = "data-task", "data-number", "data-bullet"
"""Attributes here: of list items ``x`` or a space for a checklist, and the number; of lists, another bullet."""

SILENT = frozenset("script style head title template noscript iframe object embed svg math select textarea".split())
BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr"
    " li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
_KEPT = BLOCKS | frozenset("a b br caption code del em i img input kbd s samp strike strong".split())
_INLINE = ("a", "b", "strong", "i", "em", "del", "s", "strike", "code")
_SAME = {"b": "b", "strong": "b", "i": "i", "em": "i", "del": "del", "s": "del", "strike": "del"} | {
    "code": "code", "kbd": "code", "samp": "code"
}  # fmt: skip
_LISTS = ("ul", "ol")
_GONE = "gone"
"""A tag that is taken away in the end, not the text in it: one by one would take time by the square of their number."""
_DEPTH = 60
"""Elements deeper than this lose their tag, not their text."""

_HIDDEN = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0*)?\s*(?:;|$))",
    re.IGNORECASE,
)
_TINY = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*[01]px", re.IGNORECASE)
_ZERO_WIDTH = re.compile("[\u00ad\u034f\u180e\u200b\u2060\ufeff\ufdd0-\ufdef]|(?<!\\w)\u200c|\u200c(?!\\w)")
_SPACES = re.compile(r"[^\S\n]|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_TOKEN = re.compile(r"([?&])(?:access_token|token)=[^&#]*&?", re.IGNORECASE)
_WRITTEN = frozenset({"toggleBlock", "toggle", "clipboard", "template", "foldableSection", "caption", "article"})
"""Components of the editor in which the text stands that a reader sees."""
_ALERTS = {"info": "NOTE", "success": "TIP", "warning": "WARNING", "danger": "CAUTION"}
"""The kinds of banners, and what GitHub's Markdown calls such."""


def parsed(html: str) -> lxml_html.HtmlElement | None:
    """Return the tree of a piece of HTML under a ``div``, None where there is nothing in it."""
    parser = lxml_html.HTMLParser(huge_tree=True)
    try:
        root = lxml_html.fromstring(f"<div>{html}</div>", parser=parser)
    except (etree.ParserError, ValueError):
        return None
    _flatten(root)
    return root


def _flatten(root: lxml_html.HtmlElement) -> None:
    """Bound how deep a tree is."""
    depth = {root: 0}
    for element in root.iterdescendants():
        depth[element] = depth[element.getparent()] + 1
    for element, found in depth.items():
        if found > _DEPTH and isinstance(element.tag, str):
            element.tag = _GONE
    etree.strip_tags(root, _GONE)


def plain(root: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """Make a tree plain, as the module says, and return it."""
    _drop_unseen(root)
    _write_out_editor(root)
    _unwrap(root)
    _untable(root)
    _mend_lists(root)
    _mend_inline(root)
    _join_inline(root)
    for element in root.iter():
        _clean(element)
    return root


def is_hidden(element: Any) -> bool:
    """Whether a reader sees nothing of an element and all that is in it."""
    if not isinstance(element.tag, str) or element.tag in SILENT or "hidden" in element.attrib:
        return True
    style = element.get("style") or ""
    return bool(style and _HIDDEN.search(style)) or (element.tag == "img" and _is_pixel(element, style))


def _is_pixel(image: Any, style: str) -> bool:
    """Whether an image only tells its sender that somebody looks."""
    return bool(_TINY.search(style)) or {image.get("width"), image.get("height")} <= {"0", "1"}


def _drop_unseen(root: lxml_html.HtmlElement) -> None:
    gone: set[Any] = set()
    for element in list(root.iter()):
        if element is not root and (element.getparent() in gone or is_hidden(element)):
            gone.add(element)
    for element in gone:
        if element.getparent() not in gone:
            element.drop_tree()


# What Odoo's editors write


def _write_out_editor(root: lxml_html.HtmlElement) -> None:
    for element in list(root.iter()):
        classes = (element.get("class") or "").split()
        if "o_editor_banner" in classes:
            _banner(element, classes)
        elif kind := element.get("data-embedded") or _behavior(classes):
            _embedded(element, kind)
        elif element.tag == "a" and element.get("data-oe-model") and (element.get("data-oe-id") or "").isdigit():
            element.set("href", f"odoo://{element.get('data-oe-model')}/{element.get('data-oe-id')}")
        elif element.tag == "li" and (task := _task(element)):
            element.set(TASK, task)


def _banner(element: lxml_html.HtmlElement, classes: list[str]) -> None:
    """Make a banner a quote that begins with ``[!NOTE]`` or the like."""
    kind = next((_ALERTS[name[6:]] for name in classes if name[6:] in _ALERTS), "NOTE")
    for icon in element.find_class("o_editor_banner_icon"):
        icon.drop_tree()
    element.tag = "blockquote"
    element.set("data-alert", kind)


def _behavior(classes: Iterable[str]) -> str:
    """Return the kind of a component of 17.0: ``o_knowledge_behavior_type_file``."""
    lead = "o_knowledge_behavior_type_"
    return next((name.removeprefix(lead) for name in classes if name.startswith(lead)), "")


def _embedded(element: lxml_html.HtmlElement, kind: str) -> None:
    """Make what only the editor can show a link or words."""
    if kind in _WRITTEN:
        return
    props = _props(element)
    code = props.get("value")
    file = props.get("fileData") or {}
    target = _file_url(file) or _video_url(props) or ""
    label = file.get("filename") or file.get("name") or props.get("displayName") or props.get("name") or ""
    for child in list(element):
        child.drop_tree()
    element.text = None
    if kind in ("tableOfContent", "toc"):
        return
    if kind == "syntaxHighlighting" and isinstance(code, str):
        element.tag, element.text = "pre", code
    elif target:
        link = etree.SubElement(element, "a", {"href": target})
        link.text = str(label or kind)
    else:
        element.text = f"(embedded {kind}{': ' if label else ''}{label})"


def _props(element: lxml_html.HtmlElement) -> dict[str, Any]:
    try:
        found = json.loads(element.get("data-embedded-props") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _file_url(file: dict[str, Any]) -> str:
    if file.get("id") and str(file["id"]).isdigit():
        return f"/web/content/{file['id']}?download=true"
    return str(file.get("url") or "") if file.get("type") == "url" else ""


def _video_url(props: dict[str, Any]) -> str:
    platforms = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
    return f"{platforms[props['platform']]}{props.get('videoId')}" if props.get("platform") in platforms else ""


def _task(item: lxml_html.HtmlElement) -> str:
    """Return ``x`` or a space for an item of a checklist: Odoo's, or one with a box as GitHub's and Notion's."""
    classes = (item.get("class") or "").split()
    box = item.find("input[@type='checkbox']")
    if box is not None:
        box.drop_tree()
        return "x" if "checked" in box.attrib else " "
    parent = item.getparent()
    if parent is None or "o_checklist" not in (parent.get("class") or "").split() or "oe-nested" in classes:
        return ""
    return "x" if "o_checked" in classes else " "


# Layout


def _unwrap(root: lxml_html.HtmlElement) -> None:
    """Take away tags that say nothing about the text: fonts, spans, what Word invented, wrappers of one wrapper."""
    for element in root.iterdescendants():
        if element.tag not in _KEPT or (element.tag == "div" and _only_wraps(element)):
            element.tag = _GONE
    etree.strip_tags(root, _GONE)


def _only_wraps(element: lxml_html.HtmlElement) -> bool:
    return len(element) == 1 and element[0].tag in ("div", "table") and not _has_text(element)


def _has_text(element: lxml_html.HtmlElement) -> bool:
    """Whether there is text in an element beside its children."""
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def _untable(root: lxml_html.HtmlElement) -> None:
    """Make tables that only place things paragraphs."""
    for table in list(root.iter("table")):
        if _is_layout(table):
            for part in table.iter("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"):
                if next(part.iterancestors("table"), table) is table:
                    part.tag = "div"


def _is_layout(table: lxml_html.HtmlElement) -> bool:
    classes = (table.get("class") or "").split()
    if table.find(".//table") is not None:
        return True
    if "o_table" in classes or "table-bordered" in classes:
        return False
    rows = [len(row.findall("td")) + len(row.findall("th")) for row in table.iter("tr")]
    if table.get("role") in ("presentation", "none") or (max(rows, default=0) < 2 and table.find(".//th") is None):
        return True
    return any(_is_page(cell) for cell in table.iter("td"))


def _is_page(cell: lxml_html.HtmlElement) -> bool:
    """Whether a cell holds more than a value: headings, lists, several paragraphs."""
    blocks = [child.tag for child in cell.iterdescendants() if child.tag in BLOCKS]
    return len(blocks) > 2 or any(tag not in ("p", "div") for tag in blocks)


# Lists and inline elements


def _mend_lists(root: lxml_html.HtmlElement) -> None:
    """Put lists of lists into the items they belong to, and number the items."""
    for inner in list(root.iter(*_LISTS)):
        holder = inner.getparent()
        if holder is not None and holder.tag == "li" and "oe-nested" in (holder.get("class") or "").split():
            _into_item_before(holder, inner)
        elif holder is not None and holder.tag in _LISTS:
            _into_item_before(inner, inner)
    for after in list(root.iter(*_LISTS)):
        _join_lists(after)
    for numbered in root.iter("ol"):
        start = numbered.get("start") or "1"
        inside = next(numbered.iterancestors("li"), None) is not None  # where Markdown lets a list begin with 1 only
        first = int(start) if start.isdigit() and len(start) < 10 and not inside else 1
        filled = [item for item in numbered.iterchildren("li") if _is_filled(item)]
        for number, item in enumerate(filled, first):
            item.set(NUMBER, str(number))


def _join_lists(after: lxml_html.HtmlElement) -> None:
    """Make a list that directly follows another one its continuation: Markdown could not tell them apart."""
    before = after.getprevious()
    if before is None or before.tag != after.tag or (before.tail or "").strip():
        return
    if _is_checklist(before) == _is_checklist(after):
        before.extend(list(after))
        after.drop_tree()
    elif before.get(BULLET) is None:
        after.set(BULLET, "*")


def _is_checklist(items: lxml_html.HtmlElement) -> bool:
    first = items.find("li")
    return first is not None and first.get(TASK) is not None


def _is_filled(item: lxml_html.HtmlElement) -> bool:
    return bool("".join(item.itertext()).strip()) or item.find(".//img") is not None


def _into_item_before(place: lxml_html.HtmlElement, inner: lxml_html.HtmlElement) -> None:
    """Move a list to the end of the item before its place, and its place away if nothing else is in it."""
    before = place.getprevious()
    while before is not None and before.tag != "li":
        before = before.getprevious()
    if before is None:
        return
    tail, inner.tail = inner.tail, None
    before.append(inner)
    if place is not inner and not len(place) and not (place.text or "").strip() and not (tail or "").strip():
        place.drop_tree()


def _mend_inline(root: lxml_html.HtmlElement) -> None:
    """Keep links on one line, and bold and the like inside one paragraph."""
    for element in list(root.iter(*_INLINE)):
        if element.tag == "a" and next(element.iterancestors("a"), None) is not None:
            element.drop_tag()
            continue
        inner = [child for child in element.iterdescendants() if child.tag in BLOCKS]
        if not inner:
            continue
        if element.tag == "a":
            for child in inner:
                child.tail = f" {child.tail or ''}"
                child.drop_tag()
        else:
            element.drop_tag()


def _join_inline(root: lxml_html.HtmlElement) -> None:
    """Make two of a kind that touch each other one: their signs would be read as others."""
    for element in list(root.iter(*_SAME)):
        element.tag = _SAME[element.tag]
        before = element.getprevious()
        if before is None or before.tag != element.tag or before.tail:
            continue
        if len(before):
            before[-1].tail = f"{before[-1].tail or ''}{element.text or ''}"
        else:
            before.text = f"{before.text or ''}{element.text or ''}"
        before.extend(list(element))
        element.text = None
        element.drop_tree()


def _clean(element: lxml_html.HtmlElement) -> None:
    """Make spaces plain and addresses free of the keys that open them to anybody."""
    inside_pre = element.tag == "pre" or next(element.iterancestors("pre"), None) is not None
    element.text = _spaced(element.text, inside_pre)
    element.tail = _spaced(element.tail, inside_pre and element.tag != "pre")
    for name in ("href", "src"):
        if element.get(name):
            element.set(name, without_token(element.get(name)))


def _spaced(text: str | None, keep: bool) -> str | None:
    if not text:
        return text
    text = _ZERO_WIDTH.sub("", text)
    return text.replace("\xa0", " ") if keep else _SPACES.sub(" ", text)


def without_token(url: str) -> str:
    """Return an address without the token that would open what it names to anybody who has it."""
    return _TOKEN.sub(r"\1", url).rstrip("?&") if "token=" in url else url
