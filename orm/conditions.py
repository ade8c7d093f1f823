# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One condition of a domain: its field, its operator and its value.

A condition becomes a few terms that Odoo's own search understands alike on every series (the table is in ``domain``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from odoo.exceptions import AccessError
from odoo.models import BaseModel

from ..compat import has_model_access, related_condition
from . import narrowing, names, terms
from .dates import from_user
from .errors import ToolError
from .lookup import checked_ids, existing, field_infos, nearest, suggestion
from .properties import defined_names
from .scalars import boolean, choice, integer, located, number, shown, text, unset
from .terms import Tokens

EQUALITY = ("=", "!=", "in", "not in")
COMPARISON = ("<", "<=", ">", ">=")
LIKENESS = ("like", "ilike", "not like", "not ilike", "=like", "=ilike")
HIERARCHY = ("child_of", "parent_of")
EXISTENCE = ("any", "not any")
OPERATORS: tuple[str, ...] = (*EQUALITY, *COMPARISON, *LIKENESS, "=?", *HIERARCHY, *EXISTENCE)
ALIASES = {"==": "=", "<>": "!=", "=<": "<=", "=>": ">="}
_INSTEAD = {
    "contains": '["name", "ilike", "text"]',
    "includes": '["name", "ilike", "text"]',
    "startswith": '["name", "=ilike", "text%"]',
    "endswith": '["name", "=ilike", "%text"]',
    "between": 'two conditions, ["date", ">=", "2026-01-01"] and ["date", "<=", "2026-12-31"]',
    "is": '["field", "=", false] for unset',
    "is not": '["field", "!=", false] for set',
    "is null": '["field", "=", false]',
    "is not null": '["field", "!=", false]',
    "not": '"!=", or "!" before the condition',
    "not =like": '"!" before a condition with =like',
    "not =ilike": '"!" before a condition with =ilike',
}
_NEGATIVE = ("!=", "not in", "not any")

_RELATIONS = ("many2one", "one2many", "many2many")
_ORDERED = (*EQUALITY, *COMPARISON)
_ALLOWED = {
    **dict.fromkeys(("integer", "float", "monetary", "date", "datetime"), _ORDERED),
    **dict.fromkeys(("char", "text", "html", "selection"), (*_ORDERED, *LIKENESS)),
    **dict.fromkeys(_RELATIONS, (*EQUALITY, *LIKENESS, *HIERARCHY, *EXISTENCE)),
    "boolean": EQUALITY,
    "many2one_reference": EQUALITY,
    "reference": (*EQUALITY, *LIKENESS),
    "properties": (*_ORDERED, "like", "ilike", "not like", "not ilike"),
}
_PRESENCE = ("binary", "json", "properties_definition")
_ZERO: dict[str, Any] = {"integer": 0, "float": 0.0, "monetary": 0.0, "char": "", "text": "", "html": ""}
_ATTRIBUTES = ("type", "relation", "searchable", "store")
_FOREIGN = (NotImplementedError, AssertionError, ValueError, TypeError, LookupError, AttributeError)
_REFERENCE = re.compile(r"[a-z][\w.]*,\d+")

SubDomain = Callable[[BaseModel, Any], Tokens]


class Checker:
    """Checks conditions on one model.

    :param sub_domain: checks the domain behind an ``any`` in the model it is about
    """

    def __init__(self, model: BaseModel, sub_domain: SubDomain) -> None:
        self.model = model
        self.sub_domain = sub_domain
        self.infos: dict[str, dict[str, Any]] = {}

    def condition(self, term: Any, negative: bool, position: int = 0) -> Tokens:
        """Return one term for a condition, or for its complement.

        :param term: ``[path, operator, value]``
        :param position: where it stands in its domain, for the message
        :raise ToolError: with the condition in it
        """
        if not isinstance(term, (list, tuple)) or len(term) != 3:
            raise _no_condition(term, position)
        if tuple(term[:2]) in ((1, "="), (0, "=")) and term[2] == 1:
            return terms.constant(bool(term[0]) != negative)
        path, operator, value = term
        if not isinstance(path, str):
            raise _no_condition(term, position)
        with located(f"In {shown(list(term), 120)}"):
            return self._path(path.strip(), _operator(operator), value, negative)

    def _path(self, path: str, operator: str, value: Any, negative: bool) -> Tokens:
        if operator == "=?":
            if unset(value):
                return terms.constant(not negative)
            operator = "="
        name, dot, rest = path.partition(".")
        info = self._info(name)
        if dot and not rest:
            raise ToolError(f"nothing follows the dot of {shown(path)}.")
        if info["type"] == "properties":
            return self._property(name, rest, operator, value, negative)
        if not rest:
            return self._field(name, info, operator, value, negative)
        if info["type"] in ("date", "datetime"):
            raise ToolError(f'a date has no parts here. Compare with days: ["{name}", ">=", "2026-03-01"].')
        if info["type"] not in _RELATIONS:
            raise ToolError(f"{self.model._name}.{name} is no relation ({info['type']}): nothing can follow its dot.")
        return self._any(name, info, [(rest, operator, value)], negative)

    def _info(self, name: str) -> dict[str, Any]:
        if name not in self.infos:
            self.infos |= field_infos(self.model, [name], _ATTRIBUTES)
        return self.infos[name]

    def _field(self, name: str, info: dict[str, Any], operator: str, value: Any, negative: bool) -> Tokens:
        """Return the term for a field of this model itself."""
        kind = info["type"]
        _check_operator(name, kind, operator)
        if name == "display_name":
            return self._named(operator, value, negative)
        if not info["searchable"]:
            raise self._computed(name)
        if operator in EXISTENCE:
            found = self._any(name, info, value, negative != (operator in _NEGATIVE))
        elif operator in HIERARCHY:
            found = self._hierarchy(name, info, operator, value, negative)
        elif kind in _PRESENCE:
            found = _presence(name, kind, operator, value, negative)
        elif kind in _RELATIONS:
            found = self._related(name, info, operator, value, negative)
        else:
            found = self._scalar(name, info, operator, value, negative)
        if guard := narrowing.guard(self.model, name):
            found = terms.both([found, *(guard[place : place + 3] for place in range(0, len(guard), 3))])
        return found if info["store"] else self._understood(name, found)

    def _understood(self, name: str, found: Tokens) -> Tokens:
        """Let Odoo translate a condition on a computed field, without running it: its search method may refuse."""
        with self._foreign(name):
            self.model._search(found)
        return found

    @contextmanager
    def _foreign(self, name: str) -> Iterator[None]:
        """Word the refusal of a search method of some addon.

        These methods are written for the few conditions that views use and raise whatever comes to hand for others.
        """
        try:
            yield
        except AccessError as error:
            raise ToolError(f"you may not read what {self.model._name}.{name} is computed from.") from error
        except _FOREIGN as error:
            raise ToolError(
                f"{self.model._name}.{name} is computed, and cannot be searched in this way. "
                "Try = or in with other values, or a stored field."
            ) from error

    def _computed(self, name: str) -> ToolError:
        return ToolError(f"{self.model._name}.{name} is computed and cannot be searched. Use a stored field.")

    # Plain values

    def _scalar(self, name: str, info: dict[str, Any], operator: str, value: Any, negative: bool) -> Tokens:
        kind = info["type"]
        own = info["store"] and name != "id"
        zero = _ZERO.get(kind) if own else None
        if operator in EQUALITY:
            negative = negative != (operator in _NEGATIVE)
            values = _many(value)
            if kind == "datetime":
                return self._moments(name, values, negative)
            typed = [False if unset(item) else self._typed(name, kind, item) for item in values]
            return terms.one_of(name, list(dict.fromkeys(typed)), negative, zero)
        if unset(value) or (value == "" and operator in COMPARISON):
            raise ToolError(f'{operator} needs a value. For unset write ["{name}", "=", false].')
        if operator in LIKENESS:
            return terms.alike(name, operator, text(value), negative, zero=zero)
        if kind == "datetime":
            return terms.moment(name, operator, value, negative, self.model.env)
        typed = text(value) if kind == "selection" else self._typed(name, kind, value)
        return terms.compared(name, operator, typed, negative, zero=zero, nullable=own)

    def _moments(self, name: str, values: list[Any], negative: bool) -> Tokens:
        join = terms.both if negative else terms.either
        found = [terms.moment(name, "=", item, negative, self.model.env) for item in values if not unset(item)]
        if len(found) < len(values):
            found.append(terms.one_of(name, [False], negative))
        return join(found)

    def _typed(self, name: str, kind: str, value: Any) -> Any:
        """Return one value in the field's type; ``ToolError`` says what is expected."""
        if name == "id" or kind == "many2one_reference":
            return checked_ids([integer(value)])[0]
        if kind in ("integer", "float", "monetary"):
            return integer(value) if kind == "integer" else number(value)
        if kind == "boolean":
            return boolean(value)
        if kind == "date":
            return from_user(value, self.model.env, "date")
        if kind == "selection":
            return choice(value, field_infos(self.model, [name], ("selection",))[name]["selection"])
        if kind == "reference" and not _REFERENCE.fullmatch(text(value)):
            raise ToolError(f'expects "model,id" such as "res.partner,14", not {shown(value)}.')
        return text(value)

    # Names and relations

    def _named(self, operator: str, value: Any, negative: bool) -> Tokens:
        """Return the term for the name of this model's own records: Odoo's name search."""
        if operator in EQUALITY:
            negative = negative != (operator in _NEGATIVE)
            operator = "="
        elif operator.startswith("not "):
            operator, negative = operator[4:], not negative
        elif operator not in LIKENESS:
            raise ToolError(f"{operator} does not fit display_name. Operators: {', '.join((*EQUALITY, *LIKENESS))}.")
        join = terms.both if negative else terms.either
        return join(self._name(operator, text(item), negative) for item in _many(value))

    def _name(self, operator: str, name: str, negative: bool) -> Tokens:
        if not operator.startswith("=") and not name:
            return terms.constant(not negative)
        if not names.can_search_names(self.model):
            raise ToolError(f"{self.model._name} records cannot be found by name. Use another field.")
        if operator != "=":
            terms.check_pattern(operator, name)
        with self._foreign("display_name"):
            found = [names.condition(self.model, operator, name, negative)]
        return self._understood("display_name", found)

    def _comodel(self, name: str, info: dict[str, Any]) -> BaseModel:
        comodel = self.model.env[info["relation"]]
        if not has_model_access(comodel, "read"):
            raise ToolError(f"you may not read the records that {self.model._name}.{name} points to.")
        return comodel

    def _any(self, name: str, info: dict[str, Any], domain: Any, negative: bool) -> Tokens:
        if not info["searchable"]:
            raise self._computed(name)
        comodel = self._comodel(name, info)
        checked = self.sub_domain(comodel, domain) or [terms.TRUE]
        return [related_condition(self.model, name, _inside(comodel, checked), negative)]

    def _related(self, name: str, info: dict[str, Any], operator: str, value: Any, negative: bool) -> Tokens:
        """Return the term for a relation compared with ids, names, or unset."""
        if operator in LIKENESS:
            if not text(value):
                return terms.one_of(name, [False], negative == operator.startswith("not "))
            return self._any(
                name,
                info,
                [("display_name", operator.removeprefix("not "), value)],
                negative != operator.startswith("not "),
            )
        negative = negative != (operator in _NEGATIVE)
        values = _many(value)
        texts = [text(item) for item in values if isinstance(item, str)]
        ids = [item for item in values if not unset(item) and not isinstance(item, str)]
        found = [self._any(name, info, [("display_name", "=", _no_digits(item))], negative) for item in texts]
        if ids:
            found.append(self._linked(name, info, checked_ids(ids), negative))
        if any(map(unset, values)):
            found.append(terms.one_of(name, [False], negative))
        return (terms.both if negative else terms.either)(found)

    def _linked(self, name: str, info: dict[str, Any], ids: list[int], negative: bool) -> Tokens:
        """Return the term for links to some ids; what the profile hides is linked to nothing."""
        comodel = self.model.env[info["relation"]]
        if narrowing.is_limited(comodel):
            closed = names.closed_ids(self._comodel(name, info), ids)
            ids = [record_id for record_id in ids if record_id not in closed]
            if not ids:
                return terms.constant(negative)
        return [(name, "not in" if negative else "in", ids)]

    def _hierarchy(self, name: str, info: dict[str, Any], operator: str, value: Any, negative: bool) -> Tokens:
        comodel = self.model if name == "id" else self._comodel(name, info)
        itself = info["type"] == "many2one" and info["store"] and comodel._name == self.model._name
        if not itself and not _has_parents(comodel):
            raise ToolError(f"{operator} needs records with a parent of their kind; {comodel._name} has none.")
        if comodel._parent_name in narrowing.hidden_fields(comodel):
            raise ToolError(f"you may not see which records of {comodel._name} are the parents of others.")
        ids = self._roots(comodel, value)
        if not ids:
            return terms.constant(negative)
        linked = name != "id" and (info["type"] != "many2one" or not info["store"])
        if linked or (name != "id" and not itself and narrowing.is_limited(comodel)):
            return [related_condition(self.model, name, _inside(comodel, [("id", operator, ids)]), negative)]
        leaf = (name, operator, ids)
        if not negative:
            return [leaf]
        return ["!", leaf] if name == "id" or itself else terms.either([["!", leaf], [(name, "=", False)]])

    def _roots(self, comodel: BaseModel, value: Any) -> list[int]:
        """Return the ids that a hierarchy starts from, given by id or by name."""
        values = [item for item in _many(value) if not unset(item)]
        ids = existing(comodel, [item for item in values if not isinstance(item, str)]).ids
        for item in (item for item in values if isinstance(item, str)):
            ids += comodel.search([names.condition(comodel, "ilike", text(item), False)]).ids if item else []
        return ids

    # Properties

    def _property(self, name: str, rest: str, operator: str, value: Any, negative: bool) -> Tokens:
        _check_operator(name, "properties", operator)
        known = defined_names(self.model, name)
        if not rest or (known is not None and rest not in known) or not re.fullmatch(r"[a-z0-9_]{1,200}", rest):
            near = suggestion(rest, known or ()) if rest else f" Properties: {', '.join(sorted(known or ()))}."
            raise ToolError(f'write the technical name of a property after "{name}.", not {shown(rest)}.{near}')
        values = [_plain(item) for item in _many(value)]
        leaf = (f"{name}.{rest}", operator, values if isinstance(value, (list, tuple)) else values[0])
        if isinstance(leaf[2], list) != (operator in ("in", "not in")) and isinstance(leaf[2], list):
            raise ToolError(f"{operator} compares with one value; use in for a list.")
        return ["!", leaf] if negative else [leaf]


def _operator(written: Any) -> str:
    """Return the operator in its one spelling."""
    operator = " ".join(written.lower().split()) if isinstance(written, str) else ""
    operator = ALIASES.get(operator, operator)
    if operator in OPERATORS:
        return operator
    near = nearest(operator, (*OPERATORS, *_INSTEAD), 1)
    if near and near[0] in _INSTEAD:
        raise ToolError(f"there is no operator {shown(written)}. Write {_INSTEAD[near[0]]}.")
    raise ToolError(
        f"there is no operator {shown(written)}.{suggestion(operator, OPERATORS)} Operators: {', '.join(OPERATORS)}."
    )


def _check_operator(name: str, kind: str, operator: str) -> None:
    allowed = (*_ORDERED, *HIERARCHY) if name == "id" else _ALLOWED.get(kind, ("=", "!="))
    if operator not in allowed:
        raise ToolError(f"{operator} does not fit {name} ({kind}). Operators: {', '.join(allowed)}.")


def _has_parents(model: BaseModel) -> bool:
    parent = model._fields.get(model._parent_name)
    return bool(parent) and parent.comodel_name == model._name


def _no_condition(term: Any, position: int) -> ToolError:
    return ToolError(
        f"Term {position + 1} of the domain, {shown(term)}, is no condition. "
        'A condition is ["field", "operator", value]; before conditions may stand "&", "|" and "!".'
    )


def _presence(name: str, kind: str, operator: str, value: Any, negative: bool) -> Tokens:
    """Return the term for a file or JSON: only whether there is one can be asked."""
    if not unset(value):
        raise ToolError(f'{name} ({kind}) can only be compared with unset: ["{name}", "!=", false].')
    return terms.one_of(name, [False], negative != (operator in _NEGATIVE))


def _many(value: Any) -> list[Any]:
    values = list(value) if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(item, (list, tuple, dict)) for item in values):
        raise ToolError(f"expects a value or a flat list of values, not {shown(value)}.")
    return values


def _inside(comodel: BaseModel, tokens: Tokens) -> Tokens:
    """Return a domain with what the profile lets be read of its model: Odoo leaves rules out of some joins."""
    if not narrowing.is_limited(comodel):
        return tokens
    return terms.both([tokens, [("id", "in", narrowing.left(comodel))]])


def _no_digits(name: str) -> str:
    if name.strip().isdigit():
        raise ToolError(
            f"{shown(name)} is text. Write {name.strip()} without quotes for the id, or use ilike for a name."
        )
    return name


def _plain(value: Any) -> Any:
    """Return a property's value: it is JSON in the database."""
    if unset(value) or isinstance(value, bool):
        return bool(value)
    if isinstance(value, (int, float)):
        return number(value) if isinstance(value, float) else integer(value)
    return text(value)
