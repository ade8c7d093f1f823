# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Terms of a domain in prefix form, built so that 17.0, 18.0 and 19.0 read them alike.

Every function returns tokens that form exactly one term. ``negative`` asks for the complement: the records that the
positive term leaves out, unset ones included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from odoo import api, fields

from .dates import from_user
from .errors import ToolError

Tokens = list[Any]
TRUE, FALSE = ("id", "!=", False), ("id", "=", False)
"""Not Odoo's ``(1, "=", 1)``: some models look at the first item of every term as a field's name."""

NEGATED = {
    "=": "!=", "in": "not in", "like": "not like", "ilike": "not ilike",
    "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
NEGATED |= {negative: positive for positive, negative in NEGATED.items()}

_DAY = re.compile(r"\s*\d{4}-\d\d?-\d\d?\s*")


def either(terms: Iterable[Tokens]) -> Tokens:
    """Return the terms joined by "or"; never true when there are none."""
    return _joined("|", list(terms), FALSE)


def both(terms: Iterable[Tokens]) -> Tokens:
    """Return the terms joined by "and"; always true when there are none."""
    return _joined("&", list(terms), TRUE)


def _joined(operator: str, terms: list[Tokens], nothing: tuple) -> Tokens:
    return [operator] * (len(terms) - 1) + list(chain.from_iterable(terms)) if terms else [nothing]


def constant(value: bool) -> Tokens:
    return [TRUE if value else FALSE]


def one_of(name: str, values: list[Any], negative: bool, zero: Any = None) -> Tokens:
    """Return "the field has one of these values"; ``False`` among them stands for unset.

    :param zero: what an unset field of this type reads as (0, ""), when the two must match together
    """
    if zero is None:
        return _listed(name, values, negative)
    join = both if negative else either
    plain = [value for value in values if value is not False and value != zero]
    terms = [_listed(name, plain, negative)] if plain or not values else []
    if len(plain) < len(values):
        operator = "!=" if negative else "="
        terms.append(join([[(name, operator, zero)], [(name, operator, False)]]))
    return join(terms)


def _listed(name: str, values: list[Any], negative: bool) -> Tokens:
    if not values:
        return constant(negative)
    if len(values) == 1:
        return [(name, "!=" if negative else "=", values[0])]
    return [(name, "not in" if negative else "in", values)]


def compared(
    name: str, operator: str, value: Any, negative: bool, *, zero: Any = None, nullable: bool = True
) -> Tokens:
    """Return a comparison by order. An unset field compares like ``zero``, or never matches when there is none.

    :param nullable: whether the column can be unset at all (``id`` cannot; a computed field answers for itself)
    """
    if negative:
        operator = NEGATED[operator]
    leaf = (name, operator, value)
    matches_unset = negative if zero is None else _holds(zero, operator, value)
    return either([[leaf], [(name, "=", False)]]) if nullable and matches_unset else [leaf]


def _holds(left: Any, operator: str, right: Any) -> bool:
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]


def alike(name: str, operator: str, pattern: str, negative: bool, *, zero: Any = None) -> Tokens:
    """Return a comparison with a pattern. An empty pattern of ``like`` matches everything, of ``=like`` the empty text.

    :raise ToolError: see ``check_pattern``
    """
    if operator.startswith("not "):
        operator, negative = operator[4:], not negative
    if not operator.startswith("="):
        return [(name, NEGATED[operator] if negative else operator, pattern)] if pattern else constant(not negative)
    if not pattern:
        return one_of(name, [False], negative, zero)
    check_pattern(operator, pattern)
    return either([["!", (name, operator, pattern)], [(name, "=", False)]]) if negative else [(name, operator, pattern)]


def check_pattern(operator: str, pattern: str) -> None:
    """Refuse a pattern of ``=like`` that PostgreSQL refuses (the others stand between two ``%``)."""
    if operator.startswith("=") and (len(pattern) - len(pattern.rstrip("\\"))) % 2:
        raise ToolError("a pattern cannot end with a single backslash, which escapes the character after it.")


def moment(name: str, operator: str, value: Any, negative: bool, env: api.Environment) -> Tokens:
    """Return a comparison of a datetime with a second or, when only a day is given, with a whole day of the user.

    Odoo stores fractions of a second (``create_date``) and shows none: a second is an interval here, as a day is.
    """
    start, end = _interval(value, env)
    if operator == "=":
        if negative:
            return either([[(name, "<", start)], [(name, ">=", end)], [(name, "=", False)]])
        return both([[(name, ">=", start)], [(name, "<", end)]])
    bound = end if operator in (">", "<=") else start
    return compared(name, ">=" if operator in (">", ">=") else "<", bound, negative)


def _interval(value: Any, env: api.Environment) -> tuple[str, str]:
    """Return the first moment of a second or of a day, and the first after it, as Odoo writes datetimes."""
    start = from_user(value, env, "datetime")
    if isinstance(value, str) and _DAY.fullmatch(value):
        day = fields.Date.to_date(from_user(value, env, "date"))
        if day == date.max:
            raise ToolError(f"{value} is the last day of the calendar. Choose an earlier one.")
        return start, from_user((day + timedelta(days=1)).isoformat(), env, "datetime")
    after = fields.Datetime.to_datetime(start) + timedelta(seconds=1) if start < _LAST else datetime.max
    return start, fields.Datetime.to_string(after)


_LAST = "9999-12-31 23:59:59"
