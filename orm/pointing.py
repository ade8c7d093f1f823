# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which records a profile leaves: its own domains, and nothing about records that it hides."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from odoo import api
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


def record_domain(model: BaseModel, rules: Rules) -> list[Any]:
    """Return the domain that a profile puts on the records of a model; see ``narrowing.record_domain``."""
    domain = _limits(model, rules)
    for name_field, id_field in _pointers(model):
        domain += _about_readable(model, name_field, id_field, rules)
    if model._name == "ir.attachment":
        for name, files in _hidden_files(model, rules):
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
    except Exception:
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
        if field.type == "many2one_reference" and field.store and field.model_field in model._fields:
            if model._fields[field.model_field].store:
                yield field.model_field, field.name
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


@ormcache("rules")
def _hidden_files(self: BaseModel, rules: Rules) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the hidden fields of every model whose files are attachments."""
    found = []
    for name in sorted(self.env.registry):
        model = self.env[name]
        files = {
            field.name
            for field in model._fields.values()
            if field.type in ("binary", "image") and field.store and field.attachment
        }
        if model._abstract or not files:
            continue
        if hidden := files & closure.hidden(model, rules):
            found.append((name, tuple(sorted(hidden))))
    return tuple(found)
