# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Answers as server-sent events: when, in what form, and how they end."""

from __future__ import annotations

import json
import logging
import re
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_wire import META, Answer

from protocol import MODERN, Call, Cancelled, ToolResult
from protocol.sse import HEARTBEAT, frame, stream

LOG = f"{META}logLevel"
TOKEN = {"progressToken": "tok"}


def read(reply):
    assert reply.headers == {
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-cache",
        "X-Accel-Buffering": "no",
    }
    return Answer(reply)


def notes(answer, method):
    return [message["params"] for message in answer.frames if message.get("method") == method]


@pytest.mark.parametrize("version", [MODERN, "2025-11-25", "2025-03-26", "2024-11-05"])
def test_progress_is_sent_with_the_token_and_only_upwards(wire, service, version):
    answer = read(wire.open("tools/call", {"name": "report"}, version=version, meta=TOKEN))
    assert notes(answer, "notifications/progress") == [
        {"progressToken": "tok", "progress": 0, "total": 100},
        {"progressToken": "tok", "progress": 50, "total": 100, "message": "working"},
        {"progressToken": "tok", "progress": 100, "total": 100, "message": "working"},
    ]
    assert answer.message["id"] == 1
    assert answer.text == "reported"
    assert (service.detached_runs, service.committed) == (1, 1)


def test_the_last_frame_is_the_decorated_result(wire):
    answer = read(wire.open("tools/call", {"name": "report"}, meta=TOKEN))
    assert answer.result["resultType"] == "complete"
    assert f"{META}serverInfo" in answer.result["_meta"]


@pytest.mark.parametrize("token", [0, "", 7, "x"])
def test_any_string_or_integer_is_a_token(wire, token):
    answer = read(wire.open("tools/call", {"name": "report"}, meta={"progressToken": token}))
    assert {note["progressToken"] for note in notes(answer, "notifications/progress")} == {token}


@pytest.mark.parametrize(
    ("params", "meta", "accept"),
    [
        ({"name": "report"}, {}, "application/json, text/event-stream"),
        ({"name": "report"}, TOKEN, "application/json"),
        ({"name": "report"}, TOKEN, "*/*"),
        ({"name": "report"}, TOKEN, "application/json, text/event-stream;q=0"),
        ({"name": "echo"}, TOKEN, "application/json, text/event-stream"),
        ({"name": "no_such"}, TOKEN, "application/json, text/event-stream"),
    ],
)
def test_without_token_explicit_accept_and_a_tool_that_reports_the_answer_is_json(wire, service, params, meta, accept):
    for version in (MODERN, "2025-11-25"):
        reply = wire.open("tools/call", params, version=version, meta=meta, accept=accept)
        assert (reply.headers["Content-Type"], reply.stream) == ("application/json", None)
    assert service.detached_runs == 0


def test_a_request_that_breaks_a_rule_is_no_stream(wire):
    answer = wire.modern("tools/call", {"name": "report"}, meta=TOKEN, Mcp_Name="other")
    assert (answer.status, answer.error["code"]) == (400, -32020)


def test_only_tools_stream(wire):
    assert wire.open("prompts/get", {"name": "greet"}, meta=TOKEN).stream is None


def test_a_modern_client_hears_the_log_from_the_level_it_asked_for(wire):
    assert wire.open("tools/call", {"name": "chatty"}).stream is None
    answer = read(wire.open("tools/call", {"name": "chatty"}, meta={LOG: "warning"}))
    assert notes(answer, "notifications/message") == [{"level": "error", "data": {"disk": "full"}}]


def test_a_legacy_client_hears_the_whole_log(wire):
    answer = read(wire.open("tools/call", {"name": "chatty"}, version="2025-11-25"))
    assert notes(answer, "notifications/message") == [
        {"level": "debug", "logger": "fake", "data": "details"},
        {"level": "error", "data": {"disk": "full"}},
    ]


def test_a_modern_client_that_wants_progress_hears_no_log(wire, service):
    def both(call, arguments):
        call.log("emergency", "fire")
        call.progress(1)
        return ToolResult.of("x")

    service.tool_report = both
    answer = read(wire.open("tools/call", {"name": "report"}, meta=TOKEN))
    assert not notes(answer, "notifications/message")
    assert notes(answer, "notifications/progress") == [{"progressToken": "tok", "progress": 1}]


def test_a_level_that_does_not_exist_is_a_fault_of_the_tool():
    with pytest.raises(ValueError, match="loud"):
        Call(1, "tools/call").log("loud", "x")


def test_a_call_that_is_no_stream_reports_to_nobody():
    call = Call(1, "tools/call", progress_token="t")
    call.progress(1)
    call.log("info", "x")


def test_an_error_of_the_protocol_is_the_last_frame(wire, service):
    answer = read(wire.open("tools/call", {"name": "refuse"}, meta=TOKEN))
    assert answer.error == {"code": -32602, "message": "no"}
    assert service.committed == 0
    assert [(outcome.kind, outcome.code) for _call, outcome in wire.seen] == [("error", -32602)]


@pytest.mark.parametrize("tool", ["crash", "unwritable"])
def test_an_exception_is_told_by_a_reference_number_and_logged_under_it(wire, service, caplog, tool):
    with caplog.at_level(logging.ERROR, logger="protocol"):
        answer = read(wire.open("tools/call", {"name": tool}, meta=TOKEN))
    reference = re.fullmatch(r"Internal error \(reference ([0-9a-f]{8})\)", answer.error["message"])[1]
    assert answer.error["code"] == -32603
    assert "hunter2" not in json.dumps(answer.message)
    assert reference in caplog.text and "Traceback" in caplog.text
    assert service.committed == 0
    assert [(outcome.kind, outcome.code) for _call, outcome in wire.seen] == [("error", -32603)]


def test_a_stream_may_end_in_a_question(wire, service):
    service.tool_report = service.tool_ask_name
    meta = {**TOKEN, f"{META}clientCapabilities": {"elicitation": {}}}
    answer = read(wire.open("tools/call", {"name": "report"}, meta=meta))
    assert answer.result["resultType"] == "input_required"
    assert len(answer.frames) == 1


def test_the_work_starts_when_the_stream_is_read_and_not_before(wire, service):
    reply = wire.open("tools/call", {"name": "report"}, meta=TOKEN)
    assert (service.calls, wire.seen) == ([], [])
    reply.stream.close()
    assert (service.calls, wire.seen) == ([], [])


def test_the_log_line_is_written_before_the_client_has_the_answer(wire):
    reply = wire.open("tools/call", {"name": "report"}, meta=TOKEN)
    for chunk in reply.stream:
        if b'"result"' in chunk:
            assert [(outcome.kind, call.facts) for call, outcome in wire.seen] == [("ok", {"tool": "report"})]
            assert chunk == b"event: message\ndata: " + chunk[21:-2] + b"\n\n"
            assert wire.seen[0][1].response_size == len(chunk) - 23


def test_closing_the_stream_cancels_the_work_at_its_next_report(wire, service):
    closed, ended = threading.Event(), threading.Event()

    def slow(call, arguments):
        call.progress(1)
        assert closed.wait(10)
        try:
            call.progress(2)
        except Cancelled:
            ended.set()
            raise
        return ToolResult.of("never")

    service.tool_report = slow
    seen = threading.Event()
    wire.endpoint._observe = lambda call, outcome: (wire.seen.append((call, outcome)), seen.set())
    reply = wire.open("tools/call", {"name": "report"}, meta=TOKEN)
    assert b"progress" in next(reply.stream)
    reply.stream.close()
    closed.set()
    assert ended.wait(10) and seen.wait(10)
    assert service.committed == 0
    outcome = wire.seen[0][1]
    assert (outcome.kind, outcome.code, outcome.response_size) == ("error", None, 0)


def test_work_that_is_done_when_the_client_goes_stays_done(wire, service):
    closed, seen = threading.Event(), threading.Event()

    def quiet(call, arguments):
        call.progress(1)
        assert closed.wait(10)
        return ToolResult.of("done")

    service.tool_report = quiet
    wire.endpoint._observe = lambda call, outcome: (wire.seen.append((call, outcome)), seen.set())
    reply = wire.open("tools/call", {"name": "report"}, meta=TOKEN)
    next(reply.stream)
    reply.stream.close()
    closed.set()
    assert seen.wait(10)
    assert (service.committed, wire.seen[0][1].kind) == (1, "ok")


def test_a_replayed_transaction_does_not_report_backwards(wire, service):
    def twice(work):
        work(service)
        return work(service)

    service.detached = twice
    answer = read(wire.open("tools/call", {"name": "report"}, meta=TOKEN))
    assert [note["progress"] for note in notes(answer, "notifications/progress")] == [0, 50, 100]
    assert answer.text == "reported"


def test_silence_is_filled_with_comments():
    beats = threading.Semaphore(0)

    def work(emit):
        for _beat in range(3):
            assert beats.acquire(timeout=10)
        emit({"done": True})

    chunks = []
    for chunk in stream(work, heartbeat=0.001):
        chunks.append(chunk)
        if chunk == HEARTBEAT:
            beats.release()
    assert chunks[:3] == [HEARTBEAT] * 3
    assert chunks[-1] == b'event: message\ndata: {"done":true}\n\n'


def test_the_stream_ends_when_the_work_does():
    assert list(stream(lambda emit: None)) == []


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()))
def test_a_frame_is_one_event_whatever_it_carries(message):
    head, data, *rest = frame(message).split(b"\n")
    assert (head, rest) == (b"event: message", [b"", b""])
    assert b"\r" not in data
    assert json.loads(data.removeprefix(b"data: ")) == message
