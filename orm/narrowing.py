# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The profile of the call at hand, held where the ORM itself asks for rights.

Odoo's checks of access rights and record rules ask here too (``models/ir_model_access.py``, ``models/ir_rule.py``), so
that what is narrowed is narrowed on every path of a tool. Business code (what ``create``, ``write``, ``unlink`` and
called methods run) is not narrowed: it runs inside ``unnarrowed()``.

Nothing here asks for the user's own rights: those are Odoo's, and hold beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from . import closure, pointing, technical
from .rules import ALLOW, CALL, DENY, READ, Rules

if TYPE_CHECKING:
    from odoo.models import BaseModel
    from odoo.tools.query import Query

VERBS = {"read": "read", "write": "change", "create": "create", "unlink": "delete", "call": "run methods of"}
NOTHING: frozenset[str] = frozenset()

_current: ContextVar[Rules | None] = ContextVar("mcp_native_rules", default=None)


def current() -> Rules | None:
    """Return the rules that narrow what this thread does, None where nothing is narrowed."""
    return _current.get()


@contextmanager
def narrowed(rules: Rules | None) -> Iterator[None]:
    """Narrow what happens inside."""
    token = _current.set(rules)
    try:
        yield
    finally:
        _current.reset(token)


def unnarrowed() -> AbstractContextManager[None]:
    """Let business code, and what fills caches that all users share, run with the user's own rights."""
    return narrowed(None)


def decision(model: str, operation: str, method: str | None = None) -> str:
    """Return what holds for an operation on a model, a value of ``rules.DECISIONS``; ``allow`` where nothing narrows.

    :param operation: a value of ``rules.OPERATIONS``
    :param method: for ``call``, which method: denied when the profile lists methods without it
    """
    rules = _current.get()
    if rules is None:
        return ALLOW
    if method is not None and operation == CALL and not may_call(model, method):
        return DENY
    return technical.decision(rules, model, operation)


def may_call(model: str, method: str) -> bool:
    """Whether the most specific rule that lists methods lists this one; without any such rule, all are."""
    rules = _current.get()
    if rules is None:
        return True
    lists = (rule.methods for rule in rules.speaking_of(model) if rule.methods is not None)
    return method in next(lists, (method,))


def hidden_fields(model: BaseModel) -> frozenset[str]:
    """Return the fields of a model that do not exist for the assistant: listed, secret, made of such (``closure``)."""
    rules = _current.get()
    return closure.hidden(model, rules) if rules is not None else NOTHING


def is_untold(model: BaseModel, name: str) -> bool:
    """Whether a word is a field that no condition may speak of: it would tell what is hidden or left out."""
    rules, field = _current.get(), model._fields.get(name)
    if rules is None or field is None:
        return False
    if name in hidden_fields(model) or pointing.is_guarded(model, name, rules):
        return True
    return field.type in ("one2many", "many2many") and is_limited(model.env[field.comodel_name])


def is_hidden_name(model: BaseModel, name: str) -> bool:
    """Whether a word is the name of a field that is hidden on a model, or that a rule hides on any."""
    rules = _current.get()
    if rules is None:
        return False
    return name in hidden_fields(model) or any(name in rule.hidden for rule in rules.models)


def readonly_fields(model: BaseModel) -> frozenset[str]:
    """Return the fields of a model that the assistant may not write."""
    rules = _current.get()
    if rules is None:
        return NOTHING
    return closure.readonly(model, rules)


def record_domain(model: BaseModel, operation: str) -> list:
    """Return the domain, in Odoo's own form, that records of a model must satisfy beside Odoo's record rules.

    The profile's own domain, those of the models that this one delegates to (``_inherits``), and for models whose
    records are about other records (messages, attachments, activities): not about what is hidden.

    :param model: in the environment of the user: domains may speak of ``user`` and ``company_ids``
    :param operation: ``read``, ``create``, ``write`` or ``unlink``; the same records hold for all four
    """
    rules = _current.get()
    if rules is None:
        return []
    with unnarrowed():
        return pointing.record_domain(model, rules)


def is_limited(model: BaseModel) -> bool:
    """Whether the profile lets only some records of a model be read, or none."""
    rules = _current.get()
    if rules is None:
        return False
    return decision(model._name, READ) == DENY or pointing.narrows(model, rules)


def left(model: BaseModel) -> Query:
    """Return a query of what the profile leaves of a model, archived records too, whatever the user's own rights."""
    return model.env["ir.rule"]._mcp_native_matching(model._name, record_domain(model, READ))


def guard(model: BaseModel, field: str) -> list:
    """Return the domain of the records of which a field may be shown or asked for.

    For texts that are made of other records: of linked ones (``closure.guards``), or of what a record is about
    (``pointing.name_guard``). Each condition takes three tokens.
    """
    rules = _current.get()
    if rules is None:
        return []
    with unnarrowed():
        return [*pointing.closure_guard(model, field, rules), *pointing.name_guard(model, field, rules)]


def guarded_ids(records: BaseModel, field: str) -> set[int]:
    """Return the ids of those records of which a field may not be shown."""
    domain = guard(records, field) if records else []
    if not domain:
        return set()
    domain = [("id", "in", records.ids), *domain]
    return set(records.ids) - set(records.env["ir.rule"]._mcp_native_matching(records._name, domain))


def left_out(records: BaseModel) -> BaseModel:
    """Return those records that the profile does not leave, whatever the user's own rights."""
    if not records or not is_limited(records):
        return records.browse()
    domain = [("id", "in", records.ids), *record_domain(records, READ)]
    found = records.env["ir.rule"]._mcp_native_matching(records._name, domain)
    return records - records.browse(found)


def refused(model: str, operation: str) -> str:
    """Return the sentence for what the profile denies; what may not be read is not named."""
    what = model if decision(model, READ) != DENY else "records of this kind"
    return f"{_profile()} does not let you {VERBS[operation]} {what}."


def limits(model: str) -> str:
    """Return the beginning of a sentence about records that the profile leaves out."""
    return f"{_profile()} leaves only some records of {model}"


def _profile() -> str:
    rules = _current.get()
    return f'The MCP profile "{rules.name if rules else ""}"'
