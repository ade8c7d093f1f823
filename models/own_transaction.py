# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from odoo.modules.registry import Registry
from odoo.sql_db import BaseCursor, Cursor

LOCK_TIMEOUT = "1s"
"""How long a statement may wait, when a table is being altered for example."""

OPENING = """
    SET LOCAL synchronous_commit TO OFF;
    SET LOCAL lock_timeout TO '%s';
"""
"""Goes before the statement, in the same round trip."""


@contextmanager
def own_cursor(registry: Registry) -> Iterator[BaseCursor]:
    """Give a cursor for one short transaction beside the call's, which survives whatever becomes of that.

    Rows that many calls write at once (counters) are read as they are now: on Odoo's own level of isolation all but
    the first of them would fail as conflicts. The next user of the connection gets that level again.
    """
    with registry.cursor() as cr:
        if isinstance(cr, Cursor):  # the cursor of a test is in the midst of a transaction
            cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
        yield cr


def opening() -> str:
    """Return what a statement of such a transaction begins with: its commit does not wait for the disk."""
    return OPENING % LOCK_TIMEOUT
