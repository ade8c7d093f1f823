# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which fields a profile hides, with all that is made of them.

A field is hidden when it is listed, or sounds like a secret, or when what it declares to be computed from leads to a
hidden field, or through a model that may not be read; a related field also when it leads through a model whose records
are limited. A rule that lists a field as shown opens it whatever it is made of.
"""

from __future__ import annotations

from collections.abc import Iterator

from odoo.fields import Field
from odoo.models import BaseModel
from odoo.tools import ormcache

from . import technical
from .rules import DENY, READ, Rules

_PLAIN = frozenset({"id", "create_date", "write_date"})
"""Never hidden: every answer needs them."""


def hidden(model: BaseModel, rules: Rules) -> frozenset[str]:
    """Return the names of a model's fields that are hidden."""
    return _hidden(model, rules)


# The rules are a key by identity, and new ones when a profile changes; what changes a registry clears the cache.
# The model is called self because ormcache of 19.0 asks for that name.
@ormcache("rules")
def _hidden(self: BaseModel, rules: Rules) -> frozenset[str]:
    edges, closed = _reachable(self, rules)
    sources: dict[Field, list[Field]] = {}
    for field, needed in edges.items():
        for other in needed:
            sources.setdefault(other, []).append(field)
    pending, found = list(closed), set(closed)
    while pending:
        for field in sources.get(pending.pop(), ()):
            if field not in found and not _is_shown(field, rules):
                found.add(field)
                pending.append(field)
    return frozenset(name for name, field in self._fields.items() if field in found)


def _reachable(model: BaseModel, rules: Rules) -> tuple[dict[Field, list[Field]], set[Field]]:
    """Return what the fields of a model are made of, however far, and which of all these are hidden by themselves."""
    edges: dict[Field, list[Field]] = {}
    closed: set[Field] = set()
    pending = list(model._fields.values())
    while pending:
        field = pending.pop()
        if field in edges:
            continue
        paths = list(_paths(model, field))
        edges[field] = [step for path in paths for step in path]
        pending += edges[field]
        shown = _is_shown(field, rules)
        if not shown and (_is_listed(field, rules) or any(_crosses(field, path, rules) for path in paths)):
            closed.add(field)
    return edges, closed


def _paths(model: BaseModel, field: Field) -> Iterator[list[Field]]:
    """Yield the fields along each path that a field declares to be made of."""
    paths = list(model.pool.field_depends.get(field, ()))
    if field.related:
        paths.append(field.related)
    for path in paths:
        steps, current = [], field.model_name
        for name in path.split("."):
            step = model.env[current]._fields.get(name) if current in model.env else None
            if step is None:
                break
            steps.append(step)
            current = step.comodel_name
        yield steps


def _is_listed(field: Field, rules: Rules) -> bool:
    if field.name in _PLAIN:
        return False
    if any(field.name in rule.hidden for rule in rules.speaking_of(field.model_name)):
        return True
    return technical.sounds_secret(field.name, field.type)


def _is_shown(field: Field, rules: Rules) -> bool:
    """Whether the profile opens a field; of two rules, the more specific one that speaks of it holds."""
    if field.name in _PLAIN:
        return True
    for rule in rules.speaking_of(field.model_name):
        if field.name in rule.hidden:
            return False
        if field.name in rule.shown:
            return True
    return False


def _crosses(field: Field, path: list[Field], rules: Rules) -> bool:
    """Whether a path goes through records that the assistant may not read, all of them or some."""
    for step in path[:-1]:
        if step.comodel_name and step.comodel_name != field.model_name:
            if technical.decision(rules, step.comodel_name, READ) == DENY:
                return True
            if field.related and is_limited(step.comodel_name, rules):
                return True
    return False


def is_limited(model: str, rules: Rules) -> bool:
    """Whether a rule limits the records of a model."""
    return any(rule.domain for rule in rules.speaking_of(model))
