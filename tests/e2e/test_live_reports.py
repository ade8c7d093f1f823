# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reports over the wire: progress while they are printed, and an end when the client goes away."""

from __future__ import annotations

import pytest
from live import wait_for
from wire import text_of

NAME = "mcp_native.live_report"
WORK = 100_000
"""Turns of a loop for each record: some tenths of a second."""
TEMPLATE = f"""
<t t-name="{NAME}"><t t-foreach="docs" t-as="doc">
<div class="article"><h2 t-out="doc.name"/>
<t t-foreach="range({WORK})" t-as="turn"><t t-set="x" t-value="turn"/></t></div>
</t></t>
"""
RUNNING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND xact_start IS NOT NULL AND pid != pg_backend_pid()
"""


@pytest.fixture(scope="module")
def ids(server) -> list[int]:
    """Contacts, of which a report can be printed."""
    web = server.web("admin")
    view = {"type": "qweb", "name": NAME, "key": NAME, "arch": TEMPLATE}
    web.execute("ir.ui.view", "create", view)
    report = {"name": "Live Sheet", "model": "res.partner", "report_name": NAME, "report_type": "qweb-pdf"}
    web.execute("ir.actions.report", "create", report)
    return web.execute("res.partner", "create", [{"name": f"Printed {number}"} for number in range(20)])


def test_a_report_tells_its_progress_record_by_record(server, plain, ids):
    with plain.stream("render_report", {"report": NAME, "ids": ids[:3]}) as stream:
        *steps, answer = stream.events()
    assert [(step["params"]["progress"], step["params"]["total"]) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    text = text_of(answer["result"])
    assert [f"## Printed {number}" in text for number in range(4)] == [True, True, True, False]


def test_a_client_that_goes_away_ends_the_printing(server, plain, ids):
    with plain.stream("render_report", {"report": NAME, "ids": ids}) as stream:
        request_id = stream.headers["x-request-id"]
        assert next(stream.events())["params"]["progress"] == 1
    wait_for(lambda: server.rows(RUNNING, server.database) == [(0,)], "the report went on after its client had gone")
    (row,) = server.logged(request_id)
    assert (row["tool"], row["outcome"]) == ("render_report", "error")
