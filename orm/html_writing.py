# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Markdown as HTML the way Odoo's editors write it: checklists, banners, mentions, tables with borders."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableSequence, Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_TASK = re.compile(r"\[([ xX])\](?:[ \t]+|$)")
_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)", re.IGNORECASE)
_RECORD = re.compile(r"odoo://([a-z0-9_.]+)/(\d+)")
_BANNERS = {
    "NOTE": ("info", "\N{ELECTRIC LIGHT BULB}"),
    "IMPORTANT": ("info", "\N{ELECTRIC LIGHT BULB}"),
    "TIP": ("success", "\N{WHITE HEAVY CHECK MARK}"),
    "WARNING": ("warning", "\N{WARNING SIGN}\ufe0f"),
    "CAUTION": ("danger", "\N{CROSS MARK}"),
}
"""The alerts of GitHub's Markdown, and the banners of Odoo's editor for them: colour and sign."""

_MENTIONS = {"res.partner": "o_mail_redirect", "discuss.channel": "o_channel_redirect"}
"""Links to records on which Odoo's chatter does more than open them."""


def html(markdown: str) -> str:
    """Return Markdown as HTML, not sanitized yet. Tags inside Markdown are shown, not obeyed."""
    return _parser().render(markdown).strip()


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    parser.core.ruler.before("inline", "odoo_blocks", _blocks)
    parser.core.ruler.push("odoo_links", _links)
    parser.add_render_rule("fence", _code)
    parser.add_render_rule("code_block", _code)
    return parser


def _code(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """Write code as the editor does: lines in a ``pre``, without another element in it."""
    text = tokens[at].content.rstrip("\n")
    return f"<pre>{text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</pre>\n"


def _blocks(state: StateCore) -> None:
    """Make lists of tasks checklists and alerts banners, and take empty heads off tables."""
    tokens = state.tokens
    for first, last in _spans(tokens, "bullet_list_open"):
        _checklist(tokens, first, last)
    for first, last in _spans(tokens, "blockquote_open"):
        _banner(tokens, first, last)
    for first, last in _spans(tokens, "table_open"):
        tokens[first].attrSet("class", "table table-bordered o_table")
        _bare(tokens, first, last)
    state.tokens = [token for token in tokens if token.type != "removed"]


def _spans(tokens: Sequence[Token], kind: str) -> list[tuple[int, int]]:
    """Return where each block of a kind begins and ends."""
    opened: list[int] = []
    found = []
    closing = kind.replace("_open", "_close")
    for at, token in enumerate(tokens):
        if token.type == kind:
            opened.append(at)
        elif token.type == closing:
            found.append((opened.pop(), at))
    return found


def _checklist(tokens: MutableSequence[Token], first: int, last: int) -> None:
    """Make a list a checklist when every item of it is a task."""
    items = list(_items(tokens, first, last))
    boxes = [_TASK.match(tokens[at + 2].content) if _begins_with_text(tokens, at) else None for at in items]
    if not items or not all(boxes):
        return
    tokens[first].attrSet("class", "o_checklist")
    for at, box in zip(items, boxes, strict=True):
        if box[1] != " ":
            tokens[at].attrSet("class", "o_checked")
        tokens[at + 2].content = tokens[at + 2].content[box.end() :]


def _items(tokens: Sequence[Token], first: int, last: int) -> Iterator[int]:
    level = tokens[first].level + 1
    for at in range(first + 1, last):
        if tokens[at].type == "list_item_open" and tokens[at].level == level:
            yield at


def _begins_with_text(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at + 1].type == "paragraph_open" and tokens[at + 2].type == "inline"


def _banner(tokens: MutableSequence[Token], first: int, last: int) -> None:
    """Make a quote that begins with ``[!NOTE]`` or the like a banner."""
    alert = _ALERT.match(tokens[first + 2].content) if _begins_with_text(tokens, first) else None
    if not alert:
        return
    colour, sign = _BANNERS[alert[1].upper()]
    opening = (
        '<div class="o_editor_banner user-select-none o-contenteditable-false lh-1 d-flex align-items-center alert '
        f'alert-{colour} pb-0 pt-3" role="status"><i class="o_editor_banner_icon mb-3 fst-normal">{sign}</i>'
        '<div class="o_editor_banner_content o-contenteditable-true w-100 px-3">\n'
    )
    tokens[first] = Token("html_block", "", 0, content=opening, block=True)
    tokens[last] = Token("html_block", "", 0, content="</div></div>\n", block=True)
    inline = tokens[first + 2]
    inline.content = inline.content[alert.end() :]
    if not inline.content.strip():
        for at in range(first + 1, first + 4):
            tokens[at] = Token("removed", "", 0)


def _bare(tokens: MutableSequence[Token], first: int, last: int) -> None:
    """Take the head off a table when nothing is in it: Markdown demands one, HTML does not."""
    end = next((at for at in range(first, last) if tokens[at].type == "thead_close"), None)
    if end is None or any(token.type == "inline" and token.content.strip() for token in tokens[first:end]):
        return
    for at in range(first + 1, end + 1):
        tokens[at] = Token("removed", "", 0)


def _links(state: StateCore) -> None:
    """Make links to records such as Odoo writes them, which its client opens and its chatter notifies by."""
    for token in state.tokens:
        for child in token.children or ():
            record = _RECORD.fullmatch(child.attrGet("href") or "") if child.type == "link_open" else None
            if record:
                _to_record(child, record[1], record[2])


def _to_record(link: Token, model: str, record_id: str) -> None:
    link.attrSet("href", f"/mail/view?model={model}&res_id={record_id}")
    link.attrSet("data-oe-model", model)
    link.attrSet("data-oe-id", record_id)
    if model in _MENTIONS:
        link.attrSet("class", _MENTIONS[model])
