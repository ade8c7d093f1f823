# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A server action at work as a tool: what its code is given, and what it answers.

Other server actions that run meanwhile (automation rules) are given nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import psycopg2

from odoo.models import BaseModel

from . import previewing
from .errors import ToolError
from .narrowing import unnarrowed
from .rules import Rules
from .transaction import undivided

ACTIONS = "ir.actions.server"
_PREFIX = "tool_"


@dataclass
class Run:
    """One run of a published action.

    :param actions: ids of the action and, once it runs them, of its child actions
    :param arguments: what the code finds as ``arguments``: values, dates and records, never text to be evaluated
    :param rules: of the profile, where the code is narrowed: it only reads
    :param result: what the code left in ``result``
    """

    actions: set[int]
    arguments: dict[str, Any]
    rules: Rules | None = None
    result: Any = None


_current: ContextVar[Run | None] = ContextVar("mcp_native_published", default=None)


def method_name(tool: str) -> str:
    """Return what profiles call a published action where they list methods."""
    return f"{_PREFIX}{tool}"


def is_published(method: str) -> bool:
    """Whether a method (``res.partner.tool_x``) is a published action: its changes are known and can be undone."""
    return method.rpartition(".")[2].startswith(_PREFIX)


def current(action: BaseModel) -> Run | None:
    """Return the run that a server action is a part of, None when it runs for other reasons."""
    run = _current.get()
    return run if run and action.id in run.actions else None


def does(own: Any, path: str) -> bool:
    """Whether a frame is the doing of the action that is published, not of other code that runs because of it.

    :param own: the first argument of its function
    :param path: its file, or what Odoo's sandbox calls the code of an action
    """
    run = _current.get()
    if run is None:
        return False
    if isinstance(own, BaseModel) and own._name == ACTIONS:
        return own.id in run.actions
    return path in {f"{ACTIONS}({action},)" for action in run.actions}


def carry_out(action: BaseModel, records: BaseModel, arguments: dict[str, Any], rules: Rules | None = None) -> Any:
    """Run a server action through Odoo's own gate, as the user of its environment.

    :param action: in the environment of the caller, who need not be able to read it
    :param records: of the action's model; empty for code that takes none
    :return: what it left in ``result``, else the action that it answered, else None
    :raise AccessError: groups of the action, or rights on its model, keep the user from it
    """
    if records:
        action = action.with_context(active_model=records._name, active_id=records.ids[0], active_ids=records.ids)
    with _running(Run({action.id}, arguments, rules)) as run, unnarrowed(), undivided(action.env.cr, _refuse):
        answered = action.run()
    return answered or None if run.result is None else run.result


def _refuse() -> None:
    """Refuse what would keep half of the work, and release the savepoint of the call."""
    if trial := previewing.current():
        trial.stop(previewing.COMMITS)
    raise ToolError("The code of this tool commits or rolls back in the middle, which no tool may.")


@contextmanager
def _running(run: Run) -> Iterator[Run]:
    """Let the actions of a run find it. A database error that Odoo's sandbox wrapped is raised as itself."""
    token = _current.set(run)
    try:
        yield run
    except ValueError as error:
        # The sandbox lets OperationalError through only: a replica's refusal to write would not be replayed.
        if isinstance(error.__context__, psycopg2.Error):
            raise error.__context__ from None
        raise
    finally:
        _current.reset(token)
