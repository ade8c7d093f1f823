# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from odoo import _, api, fields, models

from . import log_chain

_logger = logging.getLogger(__name__)

SETTLED = "1 minute"
"""How old a row must be: a row that took its id earlier may not be committed yet."""
GAP_SETTLED = "10 minutes"
"""How old it must be after an id that nobody has: that one may still come, from a transaction that hangs."""
ROWS = 1000
"""Rows of a seal, at most; those of one day (UTC)."""
SEALS_PER_RUN = 500

INSERT = """
    INSERT INTO mcp_native_log_seal (form, previous, first_id, last_id, first_date, last_date, row_count, digest,
                                     hash, leaves, sealed_on)
    VALUES %s
"""


class McpNativeLogSeal(models.Model):
    """A link of the hash chain over the access log; see ``log_chain``.

    Rows are sealed some time after they were written, so that calls never wait for it or for each other. Everything
    here works in a transaction of its own: it begins with a lock on the table of seals, and sees what was committed
    before it got that.
    """

    _name = "mcp_native.log.seal"
    _inherit = ["mcp_native.unforgeable"]
    _description = "Seal of the MCP Access Log"
    _order = "last_id desc, id desc"
    _rec_name = "hash"
    _log_access = False

    first_id = fields.Integer("First Row", required=True, readonly=True)
    last_id = fields.Integer("Last Row", required=True, readonly=True, index=True)
    row_count = fields.Integer("Rows", required=True, readonly=True)
    first_date = fields.Datetime("From", readonly=True)
    last_date = fields.Datetime("To", readonly=True)
    sealed_on = fields.Datetime(readonly=True)
    pruned_on = fields.Datetime(
        "Rows Deleted", readonly=True, help="The rows were older than the retention of the access log."
    )
    form = fields.Integer(required=True, readonly=True, help="Which columns the hashes cover.")
    previous = fields.Char("Previous Hash", required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True, help="SHA-256 over the lines of the rows.")
    leaves = fields.Text("Hashes of the Rows", readonly=True, prefetch=False)

    def init(self) -> None:
        self.env.cr.execute(
            f"CREATE UNIQUE INDEX IF NOT EXISTS mcp_native_log_seal_previous_uniq ON {self._table} (previous)"
        )

    @api.model
    def _seal_rows(self) -> int:
        """Seal the rows that are old enough, and return how many these were. Called by a scheduled action."""
        sealed = 0
        for _number in range(SEALS_PER_RUN):
            with self._alone() as cr:
                count = _seal_next(cr)
            if not count:
                break
            sealed += count
        self.invalidate_model()
        return sealed

    @api.model
    def _delete_rows_older_than(self, days: int) -> int:
        """Delete the rows of the oldest seals, keep what proves that they were there, and return how many.

        A seal is deleted with all its rows or not at all: rows may stay up to a day longer than ``days``.
        """
        self._seal_rows()
        with self._alone() as cr:
            cr.execute(
                f"""
                UPDATE {self._table} SET pruned_on = now() AT TIME ZONE 'UTC', leaves = NULL
                 WHERE pruned_on IS NULL
                   AND last_id < COALESCE(
                       (SELECT min(last_id) FROM {self._table}
                         WHERE last_date >= now() AT TIME ZONE 'UTC' - %s * interval '1 day'), {2**31 - 1})
             RETURNING last_id
                """,
                [days],
            )
            last = max((last_id for (last_id,) in cr.fetchall()), default=0)
            cr.execute(f"DELETE FROM {log_chain.LOG} WHERE id <= %s", [last])
            deleted = cr.rowcount
        self.invalidate_model()
        return deleted

    @api.model
    def _check(self, known_hash: str = "") -> log_chain.Report:
        """Check the whole chain against the log.

        :param known_hash: the hash of a seal that was noted elsewhere, empty for none
        """
        with self.env.registry.cursor() as cr:
            return log_chain.check(cr, known_hash.strip().lower())

    @contextmanager
    def _alone(self) -> Iterator[Any]:
        """Give a cursor of its own to one sealer at a time; readers and the log itself are not held up."""
        with self.env.registry.cursor() as cr:
            cr.execute(f"LOCK TABLE {self._table} IN SHARE ROW EXCLUSIVE MODE")  # takes no snapshot, a SELECT would
            yield cr

    def _refusal(self) -> str:
        return _("Nobody may change the seals of the access log.")


def _seal_next(cr: Any) -> int:
    """Seal the next rows, at most as many as one seal has, and return how many."""
    cr.execute("SELECT last_id, hash FROM mcp_native_log_seal ORDER BY last_id DESC, id DESC LIMIT 1")
    after, previous = cr.fetchone() or (0, log_chain.GENESIS)
    last, first_date, last_date = _settled(cr, after)
    hashed = log_chain.rows(cr, log_chain.FORM, after, last) if last else []
    if not hashed:
        return 0
    lines = log_chain.leaves(hashed)
    dates = (first_date.isoformat(timespec="microseconds"), last_date.isoformat(timespec="microseconds"))
    ids = (hashed[0][0], hashed[-1][0])
    chained = (log_chain.FORM, previous, *ids, *dates, len(hashed), log_chain.digest(lines))
    hash_ = log_chain.seal_hash(*chained)
    cr.execute(INSERT, [(*chained, hash_, lines, fields.Datetime.now())])
    # In the server's log too, which whoever can change the database cannot change.
    _logger.info("MCP access log sealed up to row %s: %s", last, hash_)
    return len(hashed)


def _settled(cr: Any, after: int) -> tuple[int, Any, Any]:
    """Return the last row of the next seal, 0 for none, and the first and the last time in it.

    The rows end before one that is too young, one after a gap that may still be filled, and at the end of a day.
    """
    cr.execute(
        f"""
        SELECT id, date,
               date < now() AT TIME ZONE 'UTC' - interval '{SETTLED}',
               date < now() AT TIME ZONE 'UTC' - interval '{GAP_SETTLED}'
          FROM (SELECT id, COALESCE(date, 'epoch') AS date FROM {log_chain.LOG}
                 WHERE id > %s ORDER BY id LIMIT {ROWS}) AS next
         ORDER BY id
        """,
        [after],
    )
    last, dates = after, []
    for id_, date, settled, gap_settled in cr.fetchall():
        begins_chain = not after and not dates
        joins = id_ == last + 1 or begins_chain
        if not (settled if joins else gap_settled) or (dates and date.date() != dates[0].date()):
            break
        last = id_
        dates.append(date)
    return (last, min(dates), max(dates)) if dates else (0, None, None)
