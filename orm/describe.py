# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The fields of a model in words, from what ``fields_get()`` shows the user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import narrowing
from .rules import DENY, READ

DESCRIBED = ("type", "string", "help", "required", "readonly", "relation", "selection", "store", "searchable")
SHORT = 5200
"""Characters of a model's description by default; the design allows 6,000 for the whole answer."""
SHORT_SELECTION = 12

Info = Mapping[str, Any]


def field_lines(infos: Mapping[str, Info], names: Iterable[str], *, whole: bool) -> list[str]:
    """Return a line for each field: ``name|type|label|notes``.

    :param infos: the fields' descriptions by name
    :param names: which, in which order
    :param whole: with help texts and all selection values, without a limit; else as many as fit in ``SHORT`` characters
    """
    names = list(names)
    lines = ["field|type|label|notes"]
    room = SHORT
    for position, name in enumerate(names):
        line = field_line(name, infos[name], whole=whole)
        room -= len(line) + 1
        if room < 0 and not whole:
            rest = len(names) - position
            return [*lines, f"… {rest} more fields: search=\"…\" finds some, all_fields=true shows all"]
        lines.append(line)
    return lines


def field_line(name: str, info: Info, *, whole: bool = False) -> str:
    """Return one field's line."""
    kind = f"{info['type']} {_relation(info['relation'])}" if info.get("relation") else info["type"]
    return "|".join([name, kind, info["string"], "; ".join(_notes(info, whole))])


def _relation(model: str) -> str:
    return "(no access)" if narrowing.decision(model, READ) == DENY else model


def _notes(info: Info, whole: bool) -> list[str]:
    notes = []
    if info.get("required"):
        notes.append("required")
    if info.get("readonly"):
        notes.append("read-only")
    if not info.get("searchable", True):
        notes.append("not searchable")
    if info["type"] == "selection":
        notes.append(_selection(info.get("selection") or (), whole))
    if whole and info.get("help"):
        notes.append(" ".join(info["help"].split()))
    return notes


def _selection(values: Iterable[tuple[str, str]], whole: bool) -> str:
    values = list(values)
    shown = values if whole else values[:SHORT_SELECTION]
    text = ", ".join(str(key) if str(key) == label else f"{key}={label}" for key, label in shown)
    rest = len(values) - len(shown)
    return f"{text}, … {rest} more" if rest else text
