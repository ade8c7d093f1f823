# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Copies of records, and what Odoo copies along with them."""

from __future__ import annotations

import copy
from collections.abc import Container, Iterator, Mapping
from typing import Any

from odoo.models import BaseModel

from .narrowing import unnarrowed
from .rules import CREATE


def copied(records: BaseModel, values: Mapping[str, Any]) -> BaseModel:
    """Return copies of records, in their order.

    :param values: what differs in the copies, checked
    """
    copies = records.browse()
    for record in records:  # 17.0 copies one at a time
        with unnarrowed():
            copies += record.copy(copy.deepcopy(dict(values)))
    return copies


def touched(records: BaseModel, values: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return which operations on other models copying makes, as (model, operation)."""
    found = {(along._name, CREATE) for along in _along(records, values)}
    return found | {(model, CREATE) for model, field in records._inherits.items() if field not in values}


def lines(records: BaseModel, values: Mapping[str, Any]) -> int:
    """Return how many records Odoo copies along."""
    return sum(map(len, _along(records, values)))


def _along(records: BaseModel, given: Container[str]) -> Iterator[BaseModel]:
    """Yield the lines that are copied with records, and those of the lines: whatever the profile shows of them."""
    pending, seen = [(records, given)], {records}
    while pending:
        model, given = pending.pop()
        for found in _lines(model, given):
            if found not in seen:  # what leads to itself
                seen.add(found)
                pending.append((found, ()))
                yield found


def _lines(records: BaseModel, given: Container[str]) -> list[BaseModel]:
    fields = [field for field in records._fields.values() if field.type == "one2many" and field.copy]
    with unnarrowed():
        return [found for field in fields if field.name not in given and (found := records[field.name])]
