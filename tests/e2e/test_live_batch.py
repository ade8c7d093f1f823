# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Batches over the wire: progress while they work, nothing left of one whose client goes away, and narrowed lists."""

from __future__ import annotations

import itertools

import pytest
from live import wait_for
from test_live_limits import limited
from wire import text_of

COUNTER = itertools.count(1)
PAUSE = 0.1


@pytest.fixture
def name() -> str:
    return f"Batch {next(COUNTER)}"


def create(name: str) -> dict:
    return {"tool": "create_records", "arguments": {"model": "res.partner", "values": [{"name": name}]}}


def slowly(name: str, steps: int) -> dict:
    return {"tool": "test_steps", "arguments": {"name": name, "steps": steps, "pause": PAUSE}}


def test_progress_arrives_while_the_steps_still_work(server, plain, name):
    with plain.stream("batch", {"steps": [create(name), slowly(name, 4), create(name)]}) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        messages = []
        for message in stream.events():
            messages.append(message)
            if len(messages) == 3:
                assert server.partners(name) == 0, "a step was seen before the commit"
    *reports, answer = messages
    numbers = [report["params"]["progress"] for report in reports]
    assert numbers == sorted(set(numbers))
    assert (numbers[0], numbers[-1]) == (0, 3)
    assert any(1 < number < 2 for number in numbers), "nothing was reported within a step"
    assert {report["params"]["total"] for report in reports} == {3}
    assert text_of(answer["result"]).startswith("All 3 steps are done.")
    assert server.partners(name) == 6


def test_closing_the_stream_stops_the_batch_and_leaves_nothing(server, plain, name):
    with plain.stream("batch", {"steps": [create(name), slowly(name, 400), create(name)]}) as stream:
        request_id = stream.headers["x-request-id"]
        messages = stream.events()
        while next(messages)["params"]["progress"] <= 1:
            pass
    running = """
        SELECT count(*) FROM pg_stat_activity
         WHERE datname = %s AND xact_start IS NOT NULL AND pid != pg_backend_pid()
    """
    wait_for(lambda: server.rows(running, server.database) == [(0,)], "the batch went on after its client had gone")
    assert server.partners(name) == 0
    assert {(row["tool"], row["outcome"]) for row in server.logged(request_id)} == {
        ("batch", "error"),
        ("create_records", "error"),
        ("test_steps", "error"),
    }


def test_a_batch_counts_against_a_limit_as_its_steps_do(server, plain, name):
    with limited(server, [plain], measure="writes", scope="credential", amount=4):
        assert not plain.tool("batch", {"steps": [create(name)] * 3}).get("isError")
        assert "Too many calls" in plain.refusal("batch", {"steps": [create(name)] * 3})
        assert not plain.tool("batch", {"steps": [create(name)]}).get("isError")
    assert server.partners(name) == 4


def test_the_address_narrows_the_tools_of_a_connection_on_each_worker(server):
    narrowed = server.wire("plain", path="/mcp?toolsets=batch")
    for _time in range(6):
        names = [tool["name"] for tool in narrowed.result("tools/list")["tools"]]
        assert names == ["batch", "get_approval", "get_context", "list_changes", "undo_changes"]
    answer = narrowed.rpc("tools/call", {"name": "count_records", "arguments": {"model": "res.partner"}})
    assert "There is no tool" in answer.json()["error"]["message"]
    steps = [{"tool": "count_records", "arguments": {"model": "res.partner"}}]
    assert "There is no tool" in narrowed.refusal("batch", {"steps": steps})


def test_a_stream_of_a_narrowed_connection_is_narrowed(server, name):
    narrowed = server.wire("plain", path="/mcp?toolsets=batch,live")
    with narrowed.stream("batch", {"steps": [slowly(name, 1), create(name)]}) as stream:
        *_reports, answer = stream.events()
    assert "There is no tool 'create_records'" in text_of(answer["result"])
    assert server.partners(name) == 0
