# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Not for the suite: what the tests of a live server with several workers need to be slow, to fail or to collide."""

from __future__ import annotations

import os
import time

from odoo import models

from odoo.addons.mcp_native.toolsets import tool

READS = {"read_only": True, "destructive": False, "idempotent": True, "open_world": False}
WRITES = {"read_only": False, "destructive": False, "idempotent": False, "open_world": False}
PAUSE = 0.05
LONGEST_HOLD = 30.0


class ConformanceLive(models.AbstractModel):
    _name = "mcp_native.toolset.conformance.live"
    _inherit = "mcp_native.toolset"
    _description = "MCP Conformance: Live Server"

    @tool(title="Hold a worker", progress=True, **READS)
    def test_worker(self) -> str:
        """Return the id of the process that answers.

        To a client that asks for progress it tells the id as progress, and keeps the process busy until that client
        closes the stream.
        """
        call, pid = self._call(), os.getpid()
        if call.progress_token is not None:
            deadline = time.monotonic() + LONGEST_HOLD
            while time.monotonic() < deadline:
                call.progress(time.monotonic(), message=str(pid))
                time.sleep(PAUSE)
        return str(pid)

    @tool(title="Count slowly", **WRITES)
    def test_slow_increment(self, partner_id: int, name: str, pause: float = 0.1) -> str:
        """Read a contact's color, wait, write the next one, and create a contact: two at once collide.

        :param partner_id: whose color
        :param name: of the contact to create
        :param pause: seconds between reading and writing
        """
        partner = self._model("res.partner").browse(partner_id)
        color = partner.color
        time.sleep(pause)
        partner.write({"color": color + 1})
        partner.create({"name": name})
        return f"{color + 1} by {os.getpid()}"

    @tool(title="Work in steps", progress=True, **WRITES)
    def test_steps(self, name: str, steps: int, pause: float = PAUSE) -> str:
        """Create one contact a step, reporting progress after each.

        :param name: of the contacts
        :param steps: how many
        :param pause: seconds after each step
        """
        partners = self._model("res.partner")
        for step in range(1, steps + 1):
            partners.create({"name": name})
            partners.flush_model()
            self._call().progress(step, steps, f"step {step}")
            time.sleep(pause)
        return f"Made {steps} steps."

    @tool(title="Break", progress=True, **WRITES)
    def test_break(self, name: str) -> str:
        """Create a contact, then break in a way nobody foresaw.

        :param name: of the contact
        """
        partners = self._model("res.partner")
        partners.create({"name": name})
        partners.flush_model()
        raise ZeroDivisionError("a secret of the server")
