# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""2024-11-05 … 2025-11-25 over streamable HTTP, without sessions."""

from __future__ import annotations

import json

import pytest
from fake_service import Broken
from mcp_wire import request

from protocol import LEGACY, HttpRequest

BATCHING = ("2025-03-26", "2024-11-05")


def headers(version):
    return [("MCP-Protocol-Version", version)]


@pytest.mark.parametrize("version", LEGACY)
def test_initialize_echoes_a_version_that_is_served(wire, version):
    params = {"protocolVersion": version, "capabilities": {"roots": {}}, "clientInfo": {"name": "c", "version": "2"}}
    result = wire.send(request("initialize", params)).result
    assert result == {
        "protocolVersion": version,
        "capabilities": {"tools": {}, "resources": {}, "prompts": {}, "completions": {}},
        "serverInfo": {"name": "fake", "title": "Fake", "version": "1.0"},
        "instructions": "Search before you write.",
    }
    call = wire.seen[0][0]
    assert (call.client_name, call.client_version, call.client_capabilities) == ("c", "2", {"roots": {}})


@pytest.mark.parametrize("version", ["2026-07-28", "2024-10-07", "2099-01-01", ""])
def test_initialize_offers_the_newest_legacy_version_for_any_other(wire, version):
    assert wire.send(request("initialize", {"protocolVersion": version})).result["protocolVersion"] == "2025-11-25"


def test_initialize_without_a_version_is_32602(wire):
    assert wire.send(request("initialize", {})).error["code"] == -32602


def test_no_instructions_are_no_member(wire, service):
    service.instructions = lambda: ""
    assert "instructions" not in wire.send(request("initialize", {"protocolVersion": "2025-11-25"})).result
    assert "instructions" not in wire.modern("server/discover").result


@pytest.mark.parametrize("version", LEGACY)
@pytest.mark.parametrize("method", ["ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"])
def test_methods_that_only_need_an_answer_get_an_empty_one(wire, version, method):
    assert wire.legacy(method, {"level": "info", "uri": "odoo://note"}, version=version).result == {}


@pytest.mark.parametrize("version", LEGACY)
@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("no/such", None, -32601),
        ("server/discover", None, -32601),
        ("tools/call", {"name": "no_such"}, -32602),
        ("tools/call", {}, -32602),
        ("tools/call", [], -32602),
        ("resources/list", {"cursor": 5}, -32602),
        ("resources/read", {"uri": "odoo://none"}, -32002),
    ],
)
def test_an_error_of_a_well_formed_request_travels_with_200(wire, version, method, params, code):
    answer = wire.legacy(method, params, version=version, id_="x")
    assert (answer.status, answer.error["code"], answer.message["id"]) == (200, code, "x")


def test_a_resource_that_is_not_there_is_named(wire):
    assert wire.legacy("resources/read", {"uri": "odoo://none"}).error["data"] == {"uri": "odoo://none"}


@pytest.mark.parametrize("version", LEGACY)
def test_bad_json_and_no_request_object_fail_as_http(wire, version):
    assert wire.raw(b"{", headers(version)).status == 400
    answer = wire.send({"jsonrpc": "2.0", "id": 3}, headers(version))
    assert (answer.status, answer.error["code"], answer.message["id"]) == (400, -32600, 3)


@pytest.mark.parametrize("version", LEGACY)
def test_notifications_and_responses_are_202_without_a_body(wire, version):
    for message in (
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}},
        {"jsonrpc": "2.0", "id": 1, "result": {}},
        {"jsonrpc": "2.0", "id": 1, "error": {"code": 1, "message": "x"}},
    ):
        answer = wire.send(message, headers(version))
        assert (answer.status, answer.reply.body) == (202, b"")
    assert [(call.method, outcome.kind) for call, outcome in wire.seen] == [
        ("notifications/initialized", "ok"),
        ("notifications/cancelled", "ok"),
    ]


@pytest.mark.parametrize("version", LEGACY)
@pytest.mark.parametrize("verb", ["GET", "DELETE"])
def test_there_is_no_stream_to_get_and_no_session_to_delete(wire, version, verb):
    reply = wire.raw(b"", headers(version), method=verb)
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("version", LEGACY)
def test_nothing_needs_initialize_first_and_no_session_is_opened(wire, version):
    answer = wire.legacy("tools/call", {"name": "echo"}, version=version)
    assert answer.text == "{}"
    assert set(answer.headers) == {"Content-Type"}


def test_null_members_are_absent_members(wire):
    params = {"name": "echo", "arguments": None, "_meta": None}
    assert wire.legacy("tools/call", params).text == "{}"
    assert "tools" in wire.legacy("tools/list", {"cursor": None}).result
    assert wire.send({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": None}).result == {}


@pytest.mark.parametrize("version", BATCHING)
def test_a_batch_is_answered_by_an_array_in_its_order(wire, version):
    batch = [
        request("ping", id_=1),
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        request("no/such", id_="b"),
        5,
        request("tools/call", {"name": "fail"}, id_=3),
        {"jsonrpc": "2.0", "id": 9, "result": {}},
    ]
    answer = wire.send(batch, headers(version))
    assert answer.status == 200
    assert [entry.get("id") for entry in answer.message] == [1, "b", None, 3]
    assert [entry.get("error", {}).get("code") for entry in answer.message] == [None, -32601, -32600, None]
    assert [outcome.kind for _call, outcome in wire.seen] == ["ok", "ok", "error", "tool_error"]


def test_a_batch_without_version_header_is_served(wire):
    assert wire.send([request("ping")]).message == [{"jsonrpc": "2.0", "id": 1, "result": {}}]


@pytest.mark.parametrize("version", BATCHING)
def test_a_batch_of_notifications_is_202(wire, version):
    batch = [{"jsonrpc": "2.0", "method": "notifications/initialized"}] * 2
    answer = wire.send(batch, headers(version))
    assert (answer.status, answer.reply.body) == (202, b"")


def test_initialize_in_a_batch_is_refused_and_the_rest_is_served(wire):
    answer = wire.send([request("initialize", {"protocolVersion": "2025-03-26"}), request("ping", id_=2)])
    assert answer.message[0]["error"]["code"] == -32600
    assert answer.message[1]["result"] == {}


@pytest.mark.parametrize("size", [0, 51, 1000])
def test_a_batch_has_from_1_to_50_messages(wire, size):
    answer = wire.send([request("ping")] * size, headers("2025-03-26"))
    assert (answer.status, answer.error["code"]) == (400, -32600)
    assert wire.seen == []


def test_a_batch_of_50_is_served(wire):
    assert len(wire.send([request("ping", id_=n) for n in range(50)]).message) == 50


@pytest.mark.parametrize("version", ["2025-06-18", "2025-11-25", "2026-07-28", "2099-01-01"])
def test_newer_versions_have_no_batches(wire, version):
    answer = wire.send([request("ping")], headers(version))
    assert (answer.status, answer.error["code"]) == (400, -32600)


def test_a_batch_never_streams(wire):
    entry = request("tools/call", {"name": "report", "_meta": {"progressToken": 1}})
    accept = [("Accept", "application/json, text/event-stream")]
    answer = wire.send([entry], accept)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.message[0]["result"]["content"][0]["text"] == "reported"


def test_a_batch_in_which_the_service_breaks_leaves_no_line_in_the_log(wire):
    """The caller rolls the whole batch back and may replay it."""
    with pytest.raises(Broken):
        wire.send([request("ping"), request("tools/call", {"name": "crash"})])
    assert wire.seen == []


def test_a_question_to_a_legacy_client_becomes_a_result_that_says_why_not(wire):
    answer = wire.legacy("tools/call", {"name": "ask_name"})
    assert answer.result["isError"] is True
    assert "no way to ask" in answer.text


@pytest.mark.parametrize(
    ("method", "params"), [("prompts/get", {"name": "ask"}), ("resources/read", {"uri": "odoo://ask"})]
)
def test_a_question_outside_tools_is_an_error_for_a_legacy_client(wire, method, params):
    answer = wire.legacy(method, params)
    assert answer.status == 200
    assert "no way to ask" in answer.error["message"]


def test_a_legacy_client_cannot_answer_questions(wire):
    params = {"name": "ask_name", "inputResponses": {"user": {"action": "accept", "content": {"name": "A"}}}}
    assert wire.legacy("tools/call", params).result["isError"] is True


def test_the_body_may_start_with_a_byte_order_mark(wire):
    reply = wire.endpoint.answer(HttpRequest("POST", [], b"\xef\xbb\xbf" + json.dumps(request("ping")).encode()))
    assert reply.status == 200
