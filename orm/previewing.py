# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""While a call is only tried: nothing leaves this server, nothing is committed, no number is used up.

A rollback takes back what is in the database. What it cannot take back is stopped here: connections to other hosts,
commits of business code, numbers of PostgreSQL's sequences, and what was cached in this process.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from odoo.modules.registry import Registry
from odoo.sql_db import BaseCursor

from .errors import ToolError
from .transaction import undivided

COMMITS = "commits its work in the middle"


class NotPreviewable(ToolError):
    """What was tried cannot be taken back, so that it was not done."""


@dataclass
class Trial:
    """What was stopped while something was tried.

    :param stopped: what it would have done outside of this transaction, in words
    :param mails: how many mails it would have sent
    :param recipients: ids of the contacts that these would have gone to
    :param numbers: the next number, by PostgreSQL sequence
    """

    stopped: list[str] = field(default_factory=list)
    mails: int = 0
    recipients: set[int] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)

    def stop(self, what: str) -> None:
        """Refuse what cannot be taken back.

        :raise NotPreviewable: always
        """
        if what not in self.stopped:
            self.stopped.append(what)
        raise NotPreviewable(f"This cannot be tried without doing it: it {what}.")


_current: ContextVar[Trial | None] = ContextVar("mcp_native_trial", default=None)


def current() -> Trial | None:
    """Return the trial of this thread, None where things are done for real."""
    return _current.get()


@contextmanager
def previewing(registry: Registry) -> Iterator[tuple[BaseCursor, Trial]]:
    """Give a cursor on which things are tried; in the end it is rolled back and closed, whatever happens.

    Locks of others are waited for a short while only: the thread's own transaction may hold them.
    """
    trial, pending = Trial(), _set_aside(registry)
    cr = registry.cursor()
    token = _current.set(trial)
    try:
        cr.execute("SET LOCAL lock_timeout = '5s'")
        with undivided(cr, lambda: trial.stop(COMMITS)):
            yield cr, trial
    finally:
        _current.reset(token)
        cr.rollback()
        cr.close()
        _forget(registry, pending)


def _set_aside(registry: Registry) -> tuple[bool, frozenset[str]]:
    """Return what this thread's transaction has to signal to other workers, and begin with nothing to signal."""
    pending = registry.registry_invalidated, frozenset(registry.cache_invalidated)
    registry.registry_invalidated = False
    registry.cache_invalidated.clear()
    return pending


def _forget(registry: Registry, pending: tuple[bool, frozenset[str]]) -> None:
    """Empty the caches that may hold what was only tried; what was done before is signalled all the same."""
    registry.reset_changes()
    registry.registry_invalidated, caches = pending
    if caches:
        registry.clear_cache(*caches)


def _guarded(connect: Any) -> Any:
    """Return ``connect`` of a socket, which refuses other hosts while something is tried."""

    def guarded(self: socket.socket, address: Any) -> Any:
        trial = current()
        if trial and self.family in (socket.AF_INET, socket.AF_INET6):
            trial.stop("reaches out to another server")
        return connect(self, address)

    return guarded


# Every library ends here: requests, smtplib, xmlrpc, zeep. Not PostgreSQL's, which is written in C.
socket.socket.connect = _guarded(socket.socket.connect)
socket.socket.connect_ex = _guarded(socket.socket.connect_ex)
