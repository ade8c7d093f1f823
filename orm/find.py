# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From what a person would type to record ids."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from odoo import api, models

from ..compat import has_model_access
from .names import by_name, name_of
from .render import escaped

COMMON_MODELS = (
    "res.partner",
    "crm.lead",
    "sale.order",
    "account.move",
    "purchase.order",
    "product.product",
    "project.project",
    "project.task",
    "hr.employee",
    "stock.picking",
    "helpdesk.ticket",
    "res.users",
)
CANDIDATES = 200
"""Names compared when nothing contains the text."""
ALIKE = 0.6
"""The least similarity (0 to 1) of a name that is offered for a misspelt text."""
DIGITS = 5
"""Digits from which a text is also looked for as a phone number."""


def find(sought: Iterable[models.BaseModel], text: str, limit: int) -> tuple[str, list[models.BaseModel]]:
    """Look for records by name in several models.

    First as Odoo's own name search does, then by every word alone and as a phone number, at last by likeness.

    :param sought: the models to look in, each in the environment to use
    :param text: what a person would type
    :param limit: the most records of each model
    :return: a line for each record found, ``model|id|name``, or a sentence that says what was tried; and the records,
        those of one model together
    """
    sought = list(sought)
    for search in (_by_name, _by_words, _by_phone, _by_likeness):
        found = [some for some in (search(records, text, limit) for records in sought) if some]
        if found:
            lines = [f"{one._name}|{one.id}|{escaped(name_of(one))}" for some in found for one in some]
            note = [] if search is not _by_likeness else [f"Nothing is called {text!r}; these are alike:"]
            return "\n".join([*note, "model|id|name", *lines]), found
    names = ", ".join(records._name for records in sought)
    return f"Nothing called {text!r}, nor anything like it, in {names}.", []


def readable_common_models(env: api.Environment) -> list[str]:
    """Return the models of ``COMMON_MODELS`` that are installed and that the user may read."""
    return [name for name in COMMON_MODELS if name in env and has_model_access(env[name], "read")]


def _by_name(records: models.BaseModel, text: str, limit: int) -> models.BaseModel:
    return by_name(records, text, "ilike", limit)


def _by_words(records: models.BaseModel, text: str, limit: int) -> models.BaseModel:
    words = sorted(text.lower().split(), key=len, reverse=True)
    if len(words) < 2:
        return records.browse()
    candidates = _by_name(records, words[0], CANDIDATES)
    return candidates.filtered(lambda record: all(word in name_of(record).lower() for word in words))[:limit]


def _by_phone(records: models.BaseModel, text: str, limit: int) -> models.BaseModel:
    digits = [character for character in text if character.isdigit()]
    info = records.fields_get(["phone"], ["searchable"]).get("phone")
    if len(digits) < DIGITS or not (info and info["searchable"]):
        return records.browse()
    return records.search([("phone", "ilike", "%".join(digits))], limit=limit)


def _by_likeness(records: models.BaseModel, text: str, limit: int) -> models.BaseModel:
    beginnings = {word[:3] for word in text.split() if len(word) > 2}
    candidates = records.browse()
    for beginning in sorted(beginnings):
        candidates |= _by_name(records, beginning, CANDIDATES)
    scored = [(_likeness(text, name_of(record)), record.id) for record in candidates]
    best = sorted((item for item in scored if item[0] >= ALIKE), key=lambda item: (-item[0], item[1]))
    return records.browse(record_id for _score, record_id in best[:limit])


def _likeness(text: str, name: str) -> float:
    """Return how alike a text is to a name or to the words of it that come nearest, from 0 to 1."""
    wanted, words = text.lower(), (name or "").lower().split()
    count = len(wanted.split())
    windows = [" ".join(words[start : start + count]) for start in range(max(len(words) - count, 0) + 1)]
    return max((SequenceMatcher(None, wanted, window).ratio() for window in windows), default=0.0)
