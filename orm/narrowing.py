# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The profile of the call at hand, held where the ORM itself asks for rights.

Odoo's checks of access rights and record rules ask here too (``models/ir_model_access.py``, ``models/ir_rule.py``), so
that what is narrowed is narrowed on every path of a tool. Business code (what ``create``, ``write``, ``unlink`` and
called methods run) is not narrowed: it runs inside ``unnarrowed()``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

from .rules import ALLOW, Rules

_current: ContextVar[Rules | None] = ContextVar("mcp_native_rules", default=None)


def current() -> Rules | None:
    """Return the rules that narrow what this thread does, None where nothing is narrowed."""
    return _current.get()


def decision(model: str, operation: str, method: str | None = None) -> str:
    """Return what is decided about an operation on a model, ``allow`` where nothing is narrowed."""
    rules = current()
    return rules.decision(model, operation) if rules else ALLOW


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
