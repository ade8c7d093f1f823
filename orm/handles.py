# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records as a person picks them from a list of completions: ``azure-interior-14``.

Clients show the values they may fill in and nothing else, and many keep only those that begin with what was typed. A
bare id would tell nothing, so the name comes first, as in addresses of Odoo's own website; what counts is the id.
"""

from __future__ import annotations

import re

from odoo.models import BaseModel

from .errors import ToolError
from .lookup import existing
from .names import by_name, can_search_names, name_of
from .render import named
from .scalars import ID_MAX, shown
from .scalars import text as storable

LIMIT = 101
"""Completions that are looked for: one more than a client is shown, so that it learns that there are more."""

_HANDLE = re.compile(r"(?:(?P<name>.*\S)-)?(?P<id>[0-9]{1,10})", re.DOTALL)
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_NAME_LIMIT = 60
_SHOWN = 5


def handle(record: BaseModel) -> str:
    """Return ``azure-interior-14`` for one record, ``14`` where it has no name that may be shown."""
    name = _BETWEEN_WORDS.sub("-", name_of(record).lower())[:_NAME_LIMIT].strip("-")
    return f"{name}-{record.id}" if name else str(record.id)


def handle_id(text: str) -> int:
    """Return the id in a handle, or in a bare id.

    :raise ToolError: there is none
    """
    found = _HANDLE.fullmatch(text.strip())
    if not found:
        raise ToolError(f"{shown(text)} is no record: write its id, such as 14 or azure-interior-14.")
    return int(found["id"])


def completions(model: BaseModel, beginning: str) -> list[str]:
    """Return handles of the records that a person may mean, by the beginning of a name, an id, or a handle.

    :raise ToolError: the beginning holds what no name can hold
    """
    beginning = storable(beginning).strip()
    found = _meant(model, beginning)
    if can_search_names(model):
        found |= by_name(model, beginning.replace("-", "%"), "ilike", LIMIT)
    return [handle(record) for record in found[:LIMIT]]


def pointed(model: BaseModel, text: str) -> BaseModel:
    """Return the one record that a person means by an id, a name or a handle.

    :raise ToolError: none, or several: with their names and ids
    """
    text = storable(text).strip()
    if text.isdecimal():
        return existing(model, [int(text)])
    found = by_name(model, text, "ilike", _SHOWN + 1) if can_search_names(model) else model.browse()
    exact = found.filtered(lambda record: name_of(record).lower() == text.lower())
    for candidates in (exact, found, _meant(model, text)):
        if len(candidates) == 1:
            return candidates
    if found:
        raise ToolError(f"{shown(text)} may be several of {model._name}: {named(found[:_SHOWN])}. Give an id.")
    raise ToolError(f"No {model._name} is called {shown(text)}.")


def _meant(model: BaseModel, text: str) -> BaseModel:
    """Return the record whose id or whole handle this is, archived or not, if the user may read it."""
    match = _HANDLE.fullmatch(text)
    if not match or not 0 < int(match["id"]) <= ID_MAX:
        return model.browse()
    found = model.with_context(active_test=False).search([("id", "=", int(match["id"]))]).with_env(model.env)
    return found if not match["name"] or text.lower() in map(handle, found) else model.browse()
