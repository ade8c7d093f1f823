# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refusals and database errors in words for the assistant.

Odoo's own texts of access errors may list names of records (17.0 to 19.0, for users who see technical features) and
advise cookies; ours say the model, the operation and whether an access right or a record rule refused. Texts that
business code wrote are passed on as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import FrameType

import psycopg2
from psycopg2 import errorcodes

from odoo import api
from odoo.exceptions import AccessError, MissingError, RedirectWarning, UserError
from odoo.models import BaseModel

from ..compat import check_access, constraint_message, filtered_access, groups_with_access, has_model_access
from . import narrowing
from .errors import ToolError
from .lookup import is_readable, listed
from .rules import DENY

EXPLAINED = (UserError, RedirectWarning, psycopg2.IntegrityError, psycopg2.DataError)
"""What ``explain`` has words for; anything else is a fault of ours or of an addon."""

VERBS = {"read": "read", "write": "change", "create": "create", "unlink": "delete"}
_BASE = "odoo.addons.base.models."
_FRAMEWORK = ("odoo.models", "odoo.fields", "odoo.orm.", "odoo.service.", f"{_BASE}ir_model", f"{_BASE}ir_rule")
_MISSING = re.compile(r"\b([a-z_][\w]*(?:\.[\w]+)+)\((\d+(?:, ?\d+)*),?\)")


class AccessRefused(ToolError, AccessError):
    """A refusal that is worded already."""


def check(records: BaseModel, operation: str) -> None:
    """Refuse unless the user may do ``operation`` on ``records`` (on the model, for an empty recordset).

    :raise AccessRefused: access right or record rule, with the groups or the ids
    """
    try:
        check_access(records, operation)
    except AccessError as error:
        raise AccessRefused(explain(records.env, error, records, operation)) from error


def explain(
    env: api.Environment, exception: Exception, model: BaseModel | str | None = None, operation: str | None = None
) -> str:
    """Return what the assistant is told about an exception of ``EXPLAINED``, after its savepoint was rolled back.

    :param model: what the tool worked on; with records, their ids tell which of them a rule hides
    :param operation: ``read``, ``write``, ``create`` or ``unlink``
    """
    records = env[model] if isinstance(model, str) else model
    if isinstance(exception, ToolError):
        return _text(exception)
    if isinstance(exception, AccessError):
        return _access(env, exception, records, operation)
    if isinstance(exception, MissingError):
        return _missing(env, exception, records)
    if isinstance(exception, psycopg2.IntegrityError):
        return _integrity(env, exception)
    if isinstance(exception, psycopg2.DataError):
        return f"The database refused a value: {exception.diag.message_primary}."
    return _text(exception)


def check_left(records: BaseModel, done: str) -> None:
    """Refuse what was just written when the profile leaves it out; the call's savepoint undoes it.

    :param done: ``Created`` or ``Changed``
    """
    if lost := narrowing.left_out(records):
        raise ToolError(
            f"{narrowing.limits(records._name)}. {done} like this, {len(lost)} of these records would be outside: "
            "nothing was done."
        )


def right_refused(model: BaseModel, operation: str) -> str:
    """Return the sentence for a missing access right, with the groups that have it."""
    if narrowing.decision(model._name, operation) == DENY:
        return narrowing.refused(model._name, operation)
    groups = groups_with_access(model.env, model._name, operation)
    who = f"Groups that may: {', '.join(groups)}." if groups else "No group may."
    return f"You may not {VERBS[operation]} {model._name}: your access rights do not include it. {who}"


def rule_refused(model: BaseModel, ids: Iterable[int], operation: str) -> str:
    """Return the sentence for records that a record rule closes."""
    ids = list(ids)
    if ids and len(narrowing.left_out(model.browse(ids))) == len(ids):
        return f"{narrowing.limits(model._name)}: you may not {VERBS[operation]} {listed(ids)}."
    which = f"{model._name} {listed(ids)}" if ids else f"this {model._name} record with these values"
    return f"You may not {VERBS[operation]} {which}: a record rule closes it to you, though not the model."


def _access(env: api.Environment, exception: AccessError, records: BaseModel | None, operation: str | None) -> str:
    if not _from_framework(exception):
        return _text(exception)
    subject = _subject(exception)
    if subject is None and records is not None and operation:
        subject = records, operation
    if subject is None or not is_readable(env[subject[0]._name]):
        return "Refused: this works on records or fields of a kind that you may not read."
    refused, operation = subject[0].with_env(env), subject[1]
    if not has_model_access(refused, operation):
        return right_refused(refused, operation)
    there = refused.exists()
    closed = there - filtered_access(there, operation)
    if closed or operation in ("create", "write"):
        return rule_refused(refused, closed.ids, operation)
    return f"You may not {VERBS[operation]} this of {refused._name}: a field or a record of it is closed to you."


def _subject(exception: Exception) -> tuple[BaseModel, str] | None:
    """Return the records and the operation that the ORM was checking when it raised, from the frames it left.

    The text of the exception is translated, and shortened by the user's groups; the frames are not. The records that
    a rule refused are called ``forbidden`` on 17.0 to 19.0, else it is the frame's own records.
    """
    for frame in reversed(list(_frames(exception))):
        found = frame.f_locals
        operation = found.get("operation", "read" if "forbidden" in found else None)
        records = found.get("forbidden", found.get("self"))
        is_check = isinstance(operation, str) and operation in VERBS and isinstance(records, BaseModel)
        if is_check and records._name not in ("ir.rule", "ir.model.access"):
            return records, operation
    return None


def _from_framework(exception: Exception) -> bool:
    """Whether the ORM itself raised the exception. Without a traceback it counts as such: its text may hold names."""
    modules = [frame.f_globals.get("__name__", "") for frame in _frames(exception)]
    return not modules or modules[-1].startswith(_FRAMEWORK)


def _frames(exception: Exception) -> Iterator[FrameType]:
    traceback = exception.__traceback__
    while traceback:
        yield traceback.tb_frame
        traceback = traceback.tb_next


def _missing(env: api.Environment, exception: MissingError, records: BaseModel | None) -> str:
    gone = records - records.exists() if records else None
    if gone:
        return f"{records._name} has no record with id {listed(gone.ids)}: deleted, or never there."
    for name, ids in _MISSING.findall(_text(exception)):
        if name in env and is_readable(env[name]):
            return f"{name} has no record with id {ids}: deleted, or never there."
    return "A record that this works on was deleted, or was never there."


def _integrity(env: api.Environment, exception: psycopg2.IntegrityError) -> str:
    """Word a violated constraint: its own message if Odoo declares one, else what it means."""
    diag = exception.diag
    if diag.constraint_name and (message := constraint_message(env, diag.constraint_name)):
        return message
    model = _model_of_table(env, diag.table_name)
    where = model._name if model is not None else "another model"
    if exception.pgcode == errorcodes.NOT_NULL_VIOLATION:
        return f"{where}: {_field(model, diag.column_name)} is required and has no value."
    if exception.pgcode == errorcodes.UNIQUE_VIOLATION:
        return f"{where}: a record with these values exists already, and they must be unique."
    if exception.pgcode == errorcodes.FOREIGN_KEY_VIOLATION:
        return (
            f"{where}: a record that is deleted here is still used, or one that is referred to does not exist. "
            "Archive instead of deleting, or check the ids."
        )
    return f"{where}: the values break a rule of the database ({diag.constraint_name or exception.pgcode})."


def _model_of_table(env: api.Environment, table: str | None) -> BaseModel | None:
    """Return the model with this table, if the user may read it."""
    names = [name for name, model in env.registry.items() if table and model._table == table and not model._abstract]
    return next((env[name] for name in names if is_readable(env[name])), None)


def _field(model: BaseModel | None, name: str | None) -> str:
    infos = model.fields_get([name], attributes=["string"]) if model is not None and name else {}
    return f"{infos[name]['string']} ({name})" if name in infos else "a field"


def _text(exception: Exception) -> str:
    return str(exception.args[0]) if exception.args else str(exception)
