# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Answers as server-sent events: they come while the tool works, and a client that goes away stops it."""

from __future__ import annotations

import itertools
import time

import pytest
from live import wait_for

COUNTER = itertools.count(1)
STEPS = 6
PAUSE = 0.1


@pytest.fixture
def name() -> str:
    return f"Step {next(COUNTER)}"


def test_bug_29_progress_arrives_while_the_tool_still_works(server, plain, name):
    arrivals = []
    with plain.stream("test_steps", {"name": name, "steps": STEPS, "pause": PAUSE}) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-cache"
        assert stream.headers["x-accel-buffering"] == "no"
        for message in stream.events():
            arrivals.append((time.monotonic(), message))
            if len(arrivals) == 1:
                assert server.partners(name) == 0, "the first step was reported after the commit"
    *steps, (_end, answer) = arrivals
    assert [message["params"]["progress"] for _time, message in steps] == list(range(1, STEPS + 1))
    assert {message["params"]["progressToken"] for _time, message in steps} == {"p1"}
    assert steps[-1][0] - steps[0][0] > PAUSE * (STEPS - 2), "all came at once"
    assert answer["result"]["content"][0]["text"] == f"Made {STEPS} steps."
    assert answer["id"] == 1
    assert server.partners(name) == STEPS


def test_closing_the_stream_stops_the_tool_and_leaves_nothing(server, plain, name):
    many = 400  # at this pause far longer than the patience below
    with plain.stream("test_steps", {"name": name, "steps": many, "pause": PAUSE}) as stream:
        messages = stream.events()
        assert [next(messages)["params"]["progress"] for _ in range(2)] == [1, 2]
    running = """
        SELECT count(*) FROM pg_stat_activity
         WHERE datname = %s AND xact_start IS NOT NULL AND pid != pg_backend_pid()
    """
    wait_for(lambda: server.rows(running, server.database) == [(0,)], "the tool went on after its client had gone")
    assert server.partners(name) == 0
    assert set(server.on_each_worker(plain.status).values()) == {200}


def test_without_a_progress_token_the_answer_is_one_body(server, plain, name):
    answer = plain.rpc("tools/call", {"name": "test_steps", "arguments": {"name": name, "steps": 2, "pause": 0.0}})
    assert answer.headers["Content-Type"].startswith("application/json")
    assert server.partners(name) == 2


def test_a_client_that_does_not_accept_a_stream_gets_one_body(server, plain, name):
    params = {
        "name": "test_steps",
        "arguments": {"name": name, "steps": 2, "pause": 0.0},
        "_meta": {"progressToken": "p1"},
    }
    answer = plain.rpc("tools/call", params, headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"].startswith("application/json")
    assert server.partners(name) == 2


def test_a_tool_that_breaks_in_a_stream_ends_it_with_a_reference_only(server, plain, name):
    start = server.log_end()
    with plain.stream("test_break", {"name": name}) as stream:
        request_id = stream.headers["x-request-id"]
        (answer,) = stream.events()
    assert answer["error"]["code"] == -32603
    assert request_id in answer["error"]["message"]
    assert "secret" not in answer["error"]["message"]
    (row,) = server.logged(request_id)
    assert (row["outcome"], row["error_class"]) == ("error", "ZeroDivisionError")
    assert "a secret of the server" in server.log_since(start)
    assert server.partners(name) == 0


def test_a_client_that_goes_away_is_in_the_access_log_too(server, plain, name):
    with plain.stream("test_steps", {"name": name, "steps": 400, "pause": PAUSE}) as stream:
        request_id = stream.headers["x-request-id"]
        next(stream.events())
    (row,) = server.logged(request_id)
    assert (row["tool"], row["outcome"]) == ("test_steps", "error")


def test_the_row_of_a_streamed_call_is_in_the_access_log(server, plain, name):
    with plain.stream("test_steps", {"name": name, "steps": 1, "pause": 0.0}) as stream:
        request_id = stream.headers["x-request-id"]
        assert list(stream.events())[-1]["result"]
    (row,) = server.logged(request_id)
    assert (row["tool"], row["outcome"]) == ("test_steps", "ok")
