# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import api, fields, models, tools

from .limits import Limits, Line


class McpNativeCounter(models.Model):
    """How much of each limit is used up, for any number of workers. Written by SQL only (``limits``).

    A row is either a bucket that drains evenly, and ``ends`` is when it is empty, or a window in which something is
    counted, and ``ends`` is when that is over. Either way a row that has ended says nothing any more.

    The table is one of our own making: an id would use up a sequence with every call, and a log for crashes would cost
    more than these numbers are worth.
    """

    _name = "mcp_native.counter"
    _description = "MCP Counter"
    _auto = False
    _log_access = False
    _rec_name = "key"

    key = fields.Char(readonly=True)
    ends = fields.Float(readonly=True, help="Seconds since 1970.")
    step = fields.Float(readonly=True, help="Seconds that one more takes to drain; the length of a window.")
    room = fields.Float(readonly=True, help="Seconds that a bucket holds.")
    count = fields.Integer(readonly=True, help="Of a window.")

    def init(self) -> None:
        self.env.cr.execute(
            """
            CREATE UNLOGGED TABLE IF NOT EXISTS mcp_native_counter (
                key text PRIMARY KEY,
                ends double precision NOT NULL,
                step double precision NOT NULL,
                room double precision NOT NULL,
                count integer NOT NULL
            ) WITH (fillfactor = 50)
            """
        )

    @api.model
    @tools.ormcache("profile_id")
    def _limits(self, profile_id: int) -> Limits:
        """Return what a profile (0 for none) allows, forgotten in every worker when a profile changes."""
        profile = self.env["mcp_native.profile"].sudo().browse(profile_id)  # every call asks, whoever makes it
        if not profile_id or not profile.exists():
            return Limits()
        lines: dict[tuple, Line] = {}
        for limit in profile.limit_ids:
            line = Line(limit.measure, limit.scope, int(limit.period), limit.amount, limit.burst)
            known = lines.setdefault(line.subject, line)
            lines[line.subject] = min(known, line, key=lambda one: one.amount)
        return Limits(profile_id, tuple(lines.values()), profile.breaker_writes, profile.breaker_errors)

    @api.autovacuum
    def _gc_ended(self) -> None:
        self.env.cr.execute("DELETE FROM mcp_native_counter WHERE ends < extract(epoch FROM clock_timestamp())")
