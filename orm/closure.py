# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which fields a profile hides, with all that is made of them.

A field is hidden when it is listed, when it is a secret by its name, and when what it declares to be computed from
leads to a hidden field. What is made of secrets alone is hidden where it is a text, which could hold them.

A field is hidden too when it is a copy of what stands in records that the profile denies: it is made of them through a
many2one, or is a text or a link made of them in any way (totals of lines stay). Where only some records are left, this
holds of related fields, and of texts for those records only that lead to others (``guards``). Values of a record's own,
which Odoo proposes and people change, are no copies.

A rule that lists a field as shown opens it whatever it is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from odoo.fields import Field
from odoo.models import BaseModel
from odoo.tools import ormcache

from . import technical
from .rules import DENY, READ, Rules

_PLAIN = frozenset({"id", "create_date", "write_date"})
"""Never hidden: every answer needs them."""
TEXTS = frozenset({"char", "text", "html"})
_NO_GUARDS: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_TOTALS = frozenset({"integer", "float", "monetary", "boolean", "date", "datetime", "selection"})

_UNDECLARED: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {("res.partner", "contact_address"): ("commercial_company_name",)}
)
"""What Odoo computes a field from without declaring it (17.0 to 19.0)."""


def hidden(model: BaseModel, rules: Rules) -> frozenset[str]:
    """Return the names of a model's fields that are hidden."""
    return _hidden(model, rules)


# The rules are a key by identity, and new ones when a profile changes; what changes a registry clears the cache.
# The model is called self because ormcache of 19.0 asks for that name.
@ormcache("rules")
def _hidden(self: BaseModel, rules: Rules) -> frozenset[str]:
    edges, closed, secret = _reachable(self, rules)
    found = _made_of(edges, closed, lambda field: not _is_shown(field, rules))
    found |= _made_of(
        edges,
        secret,
        lambda field: field.type in technical.SECRET_TYPES and not (_is_own(field) or _is_shown(field, rules)),
    )
    return frozenset(name for name, field in self._fields.items() if field in found)


def _made_of(edges: dict[Field, list[Field]], first: set[Field], passes: Callable[[Field], bool]) -> set[Field]:
    """Return some fields and all that are made of them, as far as ``passes`` lets it go on."""
    users: dict[Field, list[Field]] = {}
    for field, needed in edges.items():
        for other in needed:
            users.setdefault(other, []).append(field)
    pending, found = list(first), set(first)
    while pending:
        for field in users.get(pending.pop(), ()):
            if field not in found and passes(field):
                found.add(field)
                pending.append(field)
    return found


def _reachable(model: BaseModel, rules: Rules) -> tuple[dict[Field, list[Field]], set[Field], set[Field]]:
    """Return what the fields of a model are made of, however far; of these, what the profile hides, and the secrets."""
    edges: dict[Field, list[Field]] = {}
    closed: set[Field] = set()
    secret: set[Field] = set()
    pending = list(model._fields.values())
    while pending:
        field = pending.pop()
        if field in edges:
            continue
        paths = list(paths_of(model, field))
        edges[field] = [step for path in paths for step in path]
        pending += edges[field]
        if _is_shown(field, rules):
            continue
        copied = field.name in technical.COPIES.get(field.model_name, ())
        if copied or _is_listed(field, rules) or any(_copies(field, path, rules) for path in paths):
            closed.add(field)
        elif technical.sounds_secret(field.name, field.type):
            secret.add(field)
    return edges, closed, secret


def paths_of(model: BaseModel, field: Field) -> Iterator[list[Field]]:
    """Yield the fields along each path that a field declares to be made of."""
    paths = list(model.pool.field_depends.get(field, ()))
    paths += _UNDECLARED.get((field.model_name, field.name), ())
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
    return any(field.name in rule.hidden for rule in rules.speaking_of(field.model_name))


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


def _copies(field: Field, path: list[Field], rules: Rules) -> bool:
    """Whether a field holds, by a path that it is made of, what stands in records that the profile denies or limits."""
    if _is_own(field):
        return False
    read = path if field.type in TEXTS else path[:-1]  # a text that depends on a link alone reads what it leads to
    for step in read:
        model = step.comodel_name
        if not model:
            continue
        if rules.decision(model, READ) == DENY and (step.type == "many2one" or field.type not in _TOTALS):
            return True
        if field.related and not field.inherited and is_limited(model, rules):
            return True
    return False


def _is_own(field: Field) -> bool:
    """Whether a field is a record's own though Odoo computes it first: people change it."""
    return bool(field.store) and not field.readonly and not field.related


def readonly(model: BaseModel, rules: Rules) -> frozenset[str]:
    """Return the names of a model's fields that are listed as read-only, or lead to such a one."""
    return _readonly(model, rules) if any(rule.readonly for rule in rules.models) else frozenset()


@ormcache("rules")
def _readonly(self: BaseModel, rules: Rules) -> frozenset[str]:
    return frozenset(
        name
        for name, field in self._fields.items()
        if any(
            target.name in rule.readonly
            for target in _written(self, field)
            for rule in rules.speaking_of(target.model_name)
        )
    )


def _written(model: BaseModel, field: Field) -> Iterator[Field]:
    """Yield a field and those that are written instead of it: of related fields, what they lead to."""
    yield field
    if target := related_target(model, field):
        yield from _written(model, target)


def related_target(model: BaseModel, field: Field) -> Field | None:
    """Return the field that is written when a related one is."""
    if not field.related:
        return None
    *links, last = field.related.split(".")
    target = model.env[field.model_name]
    for name in links:
        target = model.env[target._fields[name].comodel_name]
    return target._fields.get(last)


def guards(model: BaseModel, rules: Rules) -> Mapping[str, tuple[str, ...]]:
    """Return the texts that are made of records of which only some are left, with the paths to these records.

    Such a value may be shown of a record when what its paths lead to is left: the name of a contact, which holds that
    of its company; what was proposed for a new record from the contact it is about.
    """
    return _guards(model, rules) if any(rule.domain for rule in rules.models) else _NO_GUARDS


@ormcache("rules")
def _guards(self: BaseModel, rules: Rules) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for name, field in self._fields.items():
        if field.type in TEXTS and (paths := _limited_paths(self, field, rules, set())):
            found[name] = tuple(sorted(paths))
    return MappingProxyType(found)


def _limited_paths(model: BaseModel, field: Field, rules: Rules, seen: set[Field]) -> set[str]:
    """Return the paths from a model to records of limited models through which a field of it is made."""
    if field in seen or field.related:
        return set()
    seen.add(field)
    found: set[str] = set()
    for steps in paths_of(model, field):
        if len(steps) == 1 and steps[0].model_name == model._name:
            found |= _limited_paths(model, steps[0], rules, seen)
        # The last step too: who depends on a link alone reads what it leads to
        for place, step in enumerate(steps, 1):
            if step.comodel_name and is_limited(step.comodel_name, rules):
                found.add(".".join(one.name for one in steps[:place]))
    return found


def is_limited(model: str, rules: Rules) -> bool:
    """Whether a rule limits the records of a model."""
    return any(rule.domain for rule in rules.speaking_of(model))
