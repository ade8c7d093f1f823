# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A search domain as an assistant writes it, checked and put into a form that means the same on every series.

``checked_domain`` reads the form (list, JSON text, Python text, one condition alone), the polish operators, dotted
paths and sub-domains; ``conditions`` types the single condition. Field names count only if ``fields_get()`` shows them
to this user, at every step of a path, and only if they are searchable.

What is put into one form, because the series differ:

=============================================  ============================================================
written                                        differs because
=============================================  ============================================================
``!`` before anything                          17.0 and 18.0 turn ``<`` into ``>=`` and lose unset values,
                                               17.0 negates behind a dotted path; here ``!`` is the complement:
                                               exactly the records that the positive condition leaves out
``a.b.c``                                      17.0 misreads it in a negation: becomes ``any``
``any`` over a computed field, or an x2many    17.0 hands ``any`` to search methods that do not know it, and
with a domain of its own                       forgets the field's domain
``display_name``                               17.0 cannot search it (it would match all): name search
number and 0, text and ``""``                  17.0 tells an unset number from 0 and an unset text from ``""``;
                                               reading shows no difference, so here there is none
``like ""``                                    17.0 lets ``not like ""`` match unset texts
datetime with a day only                       17.0 to 19.0 take the day in UTC: here the user's day
datetime ``=``, ``>``, ``<=``                  stored fractions of a second are never shown: compared by second
lists with ``=``, one value with ``in``        17.0, 18.0 log a warning: ``in`` with a list, ``=`` with one value
names for relations in a list                  17.0 gives the whole list to the name search: one by one
``in []``                                      17.0 asks PostgreSQL; here never matches, ``not in []`` always does
``child_of`` over an x2many                    17.0 and 18.0 differ: ``any`` with ``id child_of``
``==``, ``<>``, upper case, ``=?``             19.0 warns, 17.0 refuses some: replaced
=============================================  ============================================================
"""

from __future__ import annotations

import ast
import json
from typing import Any

from odoo.models import BaseModel

from .conditions import ALIASES, OPERATORS, Checker
from .errors import ToolError
from .scalars import shown
from .terms import Tokens

__all__ = ["OPERATORS", "checked_domain"]

MAX_TERMS = 250
MAX_TEXT = 50_000
MAX_DEPTH = 6
_ARITY = {"&": 2, "|": 2, "!": 1}
_FORM = 'A domain is a list of conditions such as [["name", "ilike", "azure"], ["active", "=", true]]'


def checked_domain(model: BaseModel, domain: Any) -> Tokens:
    """Return ``domain`` as a list that ``search`` takes, every condition a tuple and every ``&`` written.

    :param domain: a list, the same as JSON or Python text, or nothing for all records
    :raise ToolError: form, operator, field or value, with the condition in question and what would be right
    """
    return _Domain(model).whole(domain)


class _Domain:
    """The reading of one domain with its sub-domains; they share one budget of terms."""

    def __init__(self, model: BaseModel) -> None:
        self.checker = Checker(model, self.sub_domain)
        self.model = model
        self.terms = 0
        self.depth = 0

    def whole(self, domain: Any) -> Tokens:
        return self.checked(self.checker, parsed(domain))

    def sub_domain(self, model: BaseModel, domain: Any) -> Tokens:
        """Check the domain of an ``any`` in its own model."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ToolError(f"The domain is nested deeper than {MAX_DEPTH} levels. Search in steps.")
        tokens = self.checked(Checker(model, self.sub_domain), parsed(domain))
        self.depth -= 1
        return tokens

    def checked(self, checker: Checker, domain: list[Any]) -> Tokens:
        """Walk a domain in its prefix form and push every ``!`` down to the conditions."""
        self.terms += len(domain)
        if self.terms > MAX_TERMS:
            raise ToolError(f"The domain has more than {MAX_TERMS} terms. Use in with a list, or search in steps.")
        result: Tokens = []
        expected: list[bool] = []  # for each term an operator still waits for: is it negated?
        roots = 0
        for position, term in enumerate(domain):
            roots += not expected
            negated = expected.pop() if expected else False
            if isinstance(term, str) and term in _ARITY:
                self._operator(term, negated, expected, result)
            else:
                result += checker.condition(term, negated, position)
        if expected:
            raise ToolError(_dangling(domain, len(expected)))
        return ["&"] * (roots - 1) + result

    @staticmethod
    def _operator(term: str, negated: bool, expected: list[bool], result: Tokens) -> None:
        if term == "!":
            expected.append(not negated)
            return
        expected += [negated, negated]
        result.append(term if not negated else "&" if term == "|" else "|")


def _dangling(domain: list[Any], missing: int) -> str:
    operators = " ".join(term for term in domain if isinstance(term, str) and term in _ARITY)
    return (
        f"The domain ends too early: its operators ({operators}) stand before their conditions and still wait for "
        f"{missing} more. '&' and '|' take the two terms after them, '!' takes one: "
        '["|", ["city", "=", "Paris"], ["city", "=", "Lyon"]]. Conditions in a row are joined by "and" without "&".'
    )


def parsed(domain: Any) -> list[Any]:
    """Return the list of terms of what may be text, nothing, or one condition without its outer list.

    :raise ToolError: not a list
    """
    if isinstance(domain, str):
        domain = _from_text(domain.strip())
    if domain is None or domain is False:
        return []
    if isinstance(domain, tuple):
        domain = list(domain)
    if not isinstance(domain, list):
        raise ToolError(f"{_FORM}, not {shown(domain)}.")
    return [domain] if _is_condition(domain) else domain


def _is_condition(domain: list[Any]) -> bool:
    if len(domain) != 3 or not isinstance(domain[0], str) or not isinstance(domain[1], str):
        return False
    operator = " ".join(domain[1].lower().split())
    return domain[0] not in _ARITY and (operator in OPERATORS or operator in ALIASES)


def _from_text(text: str) -> Any:
    if not text:
        return []
    if len(text) > MAX_TEXT:
        raise ToolError(f"The domain is longer than {MAX_TEXT} characters. Search in steps.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _from_python(text)


def _from_python(text: str) -> Any:
    """Read a Python literal, with the names of JSON beside those of Python."""
    try:
        return ast.literal_eval(_JsonNames().visit(ast.parse(text, mode="eval")))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ToolError(
            f"The domain {shown(text)} is neither JSON nor a Python list. {_FORM}. "
            "Only values are allowed: no variables, no function calls."
        ) from error


class _JsonNames(ast.NodeTransformer):
    """``true``, ``false`` and ``null`` in a text that is Python otherwise."""

    VALUES = {"true": True, "false": False, "null": None}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Constant(self.VALUES[node.id]), node) if node.id in self.VALUES else node
