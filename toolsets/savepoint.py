# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""All or nothing for one call."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from psycopg2.errors import ReadOnlySqlTransaction

from odoo.sql_db import BaseCursor

from ..orm.errors import ToolError
from ..orm.transaction import passing, read_only


@contextmanager
def call_savepoint(cr: BaseCursor, *, reading: bool, passes: bool = False) -> Iterator[None]:
    """Keep what happens inside whole, or not at all: rows, pending writes, cache, and work planned for the commit.

    The flush is inside, so that what fails at the flush fails here. Odoo's savepoint drops pre-commit work when it
    rolls back, but would still run the post-commit work of what was undone (a mail of a failed write, say).

    :param cr: the cursor of the call
    :param reading: let PostgreSQL refuse every write
    :param passes: rather let it write, and take everything back at the end
    :raise ToolError: a read tried to write, and would again on any cursor
    :raise ReadOnlySqlTransaction: the same on Odoo's read-only cursor (18.0 on), which Odoo replays on another one
    """
    planned = deque(cr.postcommit._funcs)
    try:
        with _mode(cr, reading, passes):
            yield
        if passes:
            _restore(cr, planned)
    except ReadOnlySqlTransaction as exception:
        if getattr(cr, "readonly", False):
            raise
        _restore(cr, planned)
        raise ToolError(
            "Reading this would write to the database (a computed field or an extension does so), which a read may not."
        ) from exception
    except BaseException:
        _restore(cr, planned)
        raise


def _mode(cr: BaseCursor, reading: bool, passes: bool) -> AbstractContextManager:
    if passes:
        return passing(cr)
    return read_only(cr) if reading else cr.savepoint()


def _restore(cr: BaseCursor, planned: deque) -> None:
    cr.postcommit._funcs.clear()
    cr.postcommit._funcs.extend(planned)
