# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Promises about a tool's transaction that the database itself keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from odoo.sql_db import BaseCursor

from .errors import ToolError


@contextmanager
def read_only(cr: BaseCursor) -> Iterator[None]:
    """Make every write inside fail with ``psycopg2.errors.ReadOnlySqlTransaction``.

    The mode is set in a savepoint and ends with it, on success and on failure: PostgreSQL restores it at the end of
    the subtransaction. What was pending before is flushed on entry.
    """
    with cr.savepoint():
        cr.execute("SET TRANSACTION READ ONLY")
        yield


@contextmanager
def passing(cr: BaseCursor) -> Iterator[None]:
    """Take back what is written inside, at its end; what was pending before is flushed on entry.

    :raise ToolError: code inside commits
    """
    with cr.savepoint() as savepoint:
        with undivided(cr, _not_committed):
            yield
        savepoint.rollback()


def _not_committed() -> None:
    raise ToolError("This commits its work, which a read may not.")


@contextmanager
def undivided(cr: BaseCursor, refuse: Callable[[], None]) -> Iterator[None]:
    """Let business code neither commit nor roll back what happens inside.

    :param refuse: is called instead, and raises
    """
    names = ("commit", "rollback")
    before = {name: vars(cr)[name] for name in names if name in vars(cr)}
    cr.commit = cr.rollback = refuse
    try:
        yield
    finally:
        for name in names:
            vars(cr).pop(name, None)
        vars(cr).update(before)
