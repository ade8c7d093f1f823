# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows in the format that was asked for, with what is said about them, as the answer of a tool."""

from __future__ import annotations

from collections.abc import Iterable

from ..orm.formats import MARKDOWN, Format, Written, is_typed
from ..orm.render import room
from ..protocol.content import ToolResult, text

_BESIDE = 300
"""Characters for what is said about the rows."""


def rows_room() -> int:
    """Return how many characters the rows of an answer may have."""
    return max(room() - _BESIDE, room() // 2)


def answer(form: Format, head: Iterable[str], written: Written, more: Iterable[str] = ()) -> str | ToolResult:
    """Return what a tool answers.

    In ``json`` and ``csv`` the first block is the data and nothing else; what is said about it is a second one.

    :param head: what and how many
    :param more: how to get the rest
    """
    if not is_typed(form):
        parts = [*head, written.text, *written.notes, *more]
        return ("\n\n" if form == MARKDOWN else "\n").join(filter(None, parts))
    said = [*head, *written.notes, *more]
    return ToolResult([text(written.text), *([text("\n".join(said))] if said else [])])
