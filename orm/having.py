# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Conditions on totals: the ``having`` of an aggregation, a domain over measures."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from odoo import api

from . import dates
from .errors import ToolError

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "in", "not in")
_OPERANDS = {"&": 2, "|": 2, "!": 1}
_EXAMPLE = '[["__count", ">", 3]]'


def checked_having(having: Any, compared: Callable[[Any], tuple[str, str]], env: api.Environment) -> list:
    """Return a ``having`` as ``_read_group`` takes it.

    :param having: a list of ``[measure, operator, value]`` with ``&``, ``|``, ``!`` in prefix form, one such condition,
        or JSON of these; nothing for none
    :param compared: gives for a measure what Odoo compares and the type of the value; raises ``ToolError``
    :raise ToolError: not such a list, an operator that totals do not have, a value of the wrong type
    """
    if not having:
        return []
    items = _items(having)
    checked = [item if _is_operator(item) else _condition(item, compared, env) for item in items]
    _check_operands(items)
    return checked


def _is_operator(item: Any) -> bool:
    return isinstance(item, str) and item in _OPERANDS


def _items(having: Any) -> list:
    if isinstance(having, str):
        try:
            having = json.loads(having)
        except ValueError as error:
            raise ToolError(f"having is not a list: {having!r}. Write it as {_EXAMPLE}.") from error
    if not isinstance(having, list | tuple):
        raise ToolError(f"having is a list of conditions, e.g. {_EXAMPLE}.")
    is_one = len(having) == 3 and isinstance(having[0], str) and having[0] not in _OPERANDS
    return [list(having)] if is_one else [list(item) if isinstance(item, tuple) else item for item in having]


def _condition(item: Any, compared: Callable[[Any], tuple[str, str]], env: api.Environment) -> tuple:
    if not isinstance(item, list) or len(item) != 3:
        raise ToolError(f"{item!r} is not a condition of having. Write [measure, operator, value], e.g. {_EXAMPLE}.")
    left, operator, right = item
    measure, kind = compared(left)
    if operator not in COMPARISONS:
        raise ToolError(f"Operator {operator!r} in having: totals are compared by {', '.join(COMPARISONS)}.")
    if operator in ("in", "not in"):
        if not isinstance(right, list | tuple) or not right:
            raise ToolError(f"{item!r}: {operator} takes a list of values.")
        return measure, operator, tuple(_value(value, kind, item, env) for value in right)
    return measure, operator, _value(right, kind, item, env)


def _value(value: Any, kind: str, item: list, env: api.Environment) -> Any:
    if kind in ("date", "datetime"):
        return dates.from_user(value, env, kind)
    try:
        number = float(value) if isinstance(value, str) else value
    except ValueError:
        number = None
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ToolError(f"{item!r}: compare {item[0]} with a number.")
    return number


def _check_operands(items: list) -> None:
    """Refuse an operator that lacks its conditions: what ``_read_group`` would fail on."""
    ready = 0
    for item in reversed(items):
        needed = _OPERANDS[item] if _is_operator(item) else 0
        if ready < needed:
            raise ToolError(f"having: {item!r} comes before the {needed} condition(s) that it combines.")
        ready += 1 - needed
