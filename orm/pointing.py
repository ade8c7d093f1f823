# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which records a profile leaves: its own domains, and nothing about records that it hides."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from odoo import api
from odoo.fields import Field
from odoo.models import BaseModel
from odoo.tools import ormcache
from odoo.tools.safe_eval import safe_eval

from . import closure, technical
from .rules import DENY, READ, ModelRule, Rules

_logger = logging.getLogger(__name__)

NO_RECORD = [("id", "=", False)]

ABOUT_MODELS = {
    "ir.model": "model",
    "ir.ui.view": "model",
    "ir.filters": "model_id",
    "ir.actions.act_window": "res_model",
    "ir.actions.report": "model",
    "ir.embedded.actions": "parent_res_model",
    "mail.activity.type": "res_model",
    "mail.message.subtype": "res_model",
    "mail.template": "model",
    "sms.template": "model",
}
"""Models whose records are about a model as a whole, and the text field that names it."""

_UNDECLARED = {"rating.rating": (("parent_res_model", "parent_res_id"),)}
"""Pairs of fields that say which record of which model a record is about, where the id is a mere number."""

_NAMES = {"ir.attachment": "res_name", "mail.message": "record_name"}
"""Fields that hold the name of the record that a record is about, and do not declare what they are made of."""


def record_domain(model: BaseModel, rules: Rules) -> list[Any]:
    """Return the domain that a profile puts on the records of a model; see ``narrowing.record_domain``."""
    domain = _limits(model, rules)
    for name_field, id_field in _pointers(model):
        domain += _about_readable(model, name_field, id_field, rules)
    if model._name == "ir.attachment":
        for name, files in (*_hidden_files(model, rules), *_closed_files(model, rules)):
            domain += ["|", ("res_model", "!=", name), ("res_field", "not in", list(files))]
    return domain


def _limits(model: BaseModel, rules: Rules) -> list[Any]:
    """Return the domains of the rules, and those on the models that this one delegates to."""
    domain: list[Any] = []
    for rule in rules.speaking_of(model._name):
        if rule.domain:
            domain += _evaluated(model, rule)
    for parent, link in model._inherits.items():
        if model._fields[link].store and (inherited := _limits(model.env[parent], rules)):
            domain.append((link, "any", inherited))
    return domain


def _evaluated(model: BaseModel, rule: ModelRule) -> list[Any]:
    """Return a rule's domain; no record at all where it does not fit the model."""
    try:
        domain = list(safe_eval(rule.domain, model.env["ir.rule"]._eval_context()))
        unknown = [term[0] for term in domain if not isinstance(term, str) and not _fits(model, term[0])]
    except Exception:  # noqa: BLE001  whatever the text holds, nothing is left of the model
        _logger.warning("The domain %r of a profile's rule for %s fails", rule.domain, model._name, exc_info=True)
        return list(NO_RECORD)
    if unknown:
        _logger.warning("The domain %r of a profile's rule does not fit %s", rule.domain, model._name)
        return list(NO_RECORD)
    return domain


def _fits(model: BaseModel, path: Any) -> bool:
    return path in (0, 1) if isinstance(path, int) else path.split(".")[0] in model._fields


def _pointers(model: BaseModel) -> Iterator[tuple[str, str]]:
    """Yield the pairs of fields that say which record of which model a record is about; no id field for models."""
    for field in model._fields.values():
        named = model._fields.get(field.model_field) if field.type == "many2one_reference" else None
        if named is not None and named.store and field.store:
            yield named.name, field.name
    yield from _UNDECLARED.get(model._name, ())
    if model._name in ABOUT_MODELS:
        yield ABOUT_MODELS[model._name], ""


def _about_readable(model: BaseModel, name_field: str, id_field: str, rules: Rules) -> list[Any]:
    unreadable, limited = _hidden_models(model, rules)
    domain: list[Any] = [(name_field, "not in", list(unreadable))] if unreadable else []
    for name in limited if id_field else ():
        found = model.env["ir.rule"]._mcp_native_matching(name, _limits(model.env[name], rules))
        domain += ["|", (name_field, "!=", name), (id_field, "in", found)]
    return domain


# See ``closure`` for this cache.
@ormcache("rules")
def _hidden_models(self: BaseModel, rules: Rules) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the models that may not be read, and those of whose records only some may be."""
    names = sorted(name for name, model in self.env.registry.items() if not model._abstract)
    unreadable = tuple(name for name in names if technical.decision(rules, name, READ) == DENY)
    limited = tuple(name for name in names if name not in unreadable and is_limited(self.env, name, rules))
    return unreadable, limited


def is_limited(env: api.Environment, model: str, rules: Rules) -> bool:
    """Whether a profile lets only some records of a model be read."""
    return closure.is_limited(model, rules) or any(
        is_limited(env, parent, rules) for parent in env[model]._inherits
    )


def narrows(model: BaseModel, rules: Rules) -> bool:
    """Whether a profile leaves only some records of a model, by its domains or by what they are about."""
    return is_limited(model.env, model._name, rules) or next(_pointers(model), None) is not None


# The names of records, in the records that are about them


def is_guarded(model: BaseModel, field: str, rules: Rules) -> bool:
    """Whether a field may be shown of some records only: see ``closure_guard`` and ``name_guard``."""
    return field in closure.guards(model, rules) or field in _told_names(model, rules)


def name_guard(model: BaseModel, field: str, rules: Rules) -> list[Any]:
    """Return the domain of the records of which a field may be shown that holds names of any other ones.

    Such a name is shown where it would be of the record itself. Each condition takes three tokens.
    """
    domain: list[Any] = []
    for links, name_field, id_field in _told_names(model, rules).get(field, ()):
        target = model
        for link in links:
            target = target.env[target._fields[link].comodel_name]
        terms = _nameable(target, name_field, id_field, rules)
        if links and terms:
            found = model.env["ir.rule"]._mcp_native_matching(target._name, terms)
            path = ".".join(links)
            terms = ["|", (path, "=", False), (path, "in", found)]
        domain += terms
    return domain


def _nameable(model: BaseModel, name_field: str, id_field: str, rules: Rules) -> list[Any]:
    nameless, guarded = _closed_names(model.env["ir.rule"], rules)
    domain: list[Any] = ["|", (name_field, "=", False), (name_field, "not in", list(nameless))] if nameless else []
    for name in guarded:
        terms = closure_guard(model.env[name], "display_name", rules)
        found = model.env["ir.rule"]._mcp_native_matching(name, terms)
        domain += ["|", (name_field, "!=", name), (id_field, "in", found)]
    return domain


def closure_guard(model: BaseModel, field: str, rules: Rules) -> list[Any]:
    """Return the domain of the records of which a field may be shown that is made of linked ones (``closure.guards``).

    Each condition takes three tokens.
    """
    domain: list[Any] = []
    for path in closure.guards(model, rules).get(field, ()):
        target = model
        for name in path.split("."):
            target = target.env[target._fields[name].comodel_name]
        left = model.env["ir.rule"]._mcp_native_matching(target._name, record_domain(target, rules))
        domain += ["|", (path, "=", False), (path, "in", left)]
    return domain


# See ``closure`` for these caches.
@ormcache("rules")
def _closed_names(self: BaseModel, rules: Rules) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the models of whose records no name may be shown elsewhere, and those of which only some may be."""
    nameless, guarded = [], []
    for name in sorted(self.env.registry):
        model = self.env[name]
        if model._abstract or technical.decision(rules, name, READ) == DENY:
            continue  # nothing about the records of models that may not be read is shown at all
        if "display_name" in closure.hidden(model, rules):
            nameless.append(name)
        elif closure.guards(model, rules).get("display_name"):
            guarded.append(name)
    if nameless or guarded:  # a name that holds the name of yet another record is not followed
        nameless += [name for name in sorted(self.env.registry) if _is_named_after(self.env[name])]
    return tuple(nameless), tuple(guarded)


def _is_named_after(model: BaseModel) -> bool:
    return not model._abstract and any(_names_of(model, model._fields["display_name"], set()))


@ormcache("rules")
def _told_names(self: BaseModel, rules: Rules) -> Mapping[str, tuple[tuple[tuple[str, ...], str, str], ...]]:
    """Return the texts that hold names of records of any model, each with links and the pair that tells which.

    Empty where every name may be shown.
    """
    found = {}
    for field in self._fields.values():
        if field.type in closure.TEXTS and (names := set(_names_of(self, field, set()))):
            found[field.name] = tuple(sorted(names))
    return MappingProxyType(found if found and any(_closed_names(self.env["ir.rule"], rules)) else {})


def _names_of(model: BaseModel, field: Field, seen: set[Field]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if field in seen:
        return
    seen.add(field)
    pairs = list(_pointers(model))
    paths = list(closure.paths_of(model, field))
    first = {path[0].name for path in paths if len(path) == 1}
    for name_field, id_field in pairs:
        told = field.compute and id_field in first
        if id_field and (told or field.name == _NAMES.get(model._name)):
            yield (), name_field, id_field
    for *links, last in paths:
        if last.type in closure.TEXTS and all(link.type == "many2one" for link in links):
            for rest, name_field, id_field in _names_of(model.env[last.model_name], last, seen):
                yield (*(link.name for link in links), *rest), name_field, id_field


@ormcache("rules")
def _hidden_files(self: BaseModel, rules: Rules) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the hidden fields of every model whose files are attachments."""
    found = []
    for model in map(self.env.__getitem__, sorted(self.env.registry)):
        files = {field.name for field in _file_fields(model)}
        if files and (hidden := files & closure.hidden(model, rules)):
            found.append((model._name, tuple(sorted(hidden))))
    return tuple(found)


def _closed_files(model: BaseModel, rules: Rules) -> Iterator[tuple[str, list[str]]]:
    """Yield the fields whose files are attachments and that the user's groups do not let them see.

    19.0 leaves these files out of every search, 17.0 and 18.0 refuse their content only.
    """
    for name, files in _grouped_files(model, rules):
        if closed := sorted(set(files) - set(model.env[name].fields_get(list(files), ["type"]))):
            yield name, closed


@ormcache("rules")
def _grouped_files(self: BaseModel, rules: Rules) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the fields of every model whose files are attachments and that are for some groups only."""
    found = []
    for model in map(self.env.__getitem__, sorted(self.env.registry)):
        if files := sorted(field.name for field in _file_fields(model) if field.groups):
            found.append((model._name, tuple(files)))
    return tuple(found)


def _file_fields(model: BaseModel) -> Iterator[Field]:
    """Yield the fields whose files are attachments."""
    for field in () if model._abstract else model._fields.values():
        if field.type in ("binary", "image") and field.store and field.attachment:
            yield field
