# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""2026-07-28: what is refused, in which order, with which code and HTTP status."""

from __future__ import annotations

import pytest
from mcp_wire import LEAVE_OUT, META, modern_headers, modern_meta, request

from protocol import MODERN, HttpRequest, McpError

VERSION = f"{META}protocolVersion"
CAPABILITIES = f"{META}clientCapabilities"


def refused(answer, status, code):
    assert (answer.status, answer.error["code"]) == (status, code), answer.message
    return answer


@pytest.mark.parametrize("verb", ["GET", "DELETE", "PUT", "PATCH", "HEAD"])
def test_every_verb_but_post_is_405_and_names_post(wire, verb):
    reply = wire.raw(b"", modern_headers("ping"), method=verb)
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")
    assert wire.seen == []


@pytest.mark.parametrize("accept", ["text/html", "image/png, text/html", "application/json;q=0"])
def test_an_accept_header_that_rules_out_every_answer_is_406(wire, accept):
    assert wire.modern("tools/list", Accept=accept).status == 406


@pytest.mark.parametrize(
    "accept",
    [
        LEAVE_OUT,
        "",
        "*/*",
        "application/json",
        "text/event-stream",
        "APPLICATION/JSON",
        "application/*;q=0.5, text/html",
    ],
)
def test_a_sloppy_accept_header_is_served_json(wire, accept):
    answer = wire.modern("tools/list", Accept=accept)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b'{"a": 1e999}', b"nul"])
def test_a_body_that_is_not_json_is_32700_without_an_id(wire, body):
    reply = wire.raw(body, modern_headers("ping"))
    assert reply.status == 400
    assert b"-32700" in reply.body and b'"id"' not in reply.body


@pytest.mark.parametrize(
    "message",
    [
        1,
        "x",
        None,
        {},
        {"jsonrpc": "1.0", "id": 1, "method": "tools/list"},
        {"id": 1, "method": "tools/list"},
        {"jsonrpc": "2.0", "id": 1},
        {"jsonrpc": "2.0", "id": 1, "method": 5},
        {"jsonrpc": "2.0", "id": None, "method": "tools/list"},
        {"jsonrpc": "2.0", "id": True, "method": "tools/list"},
        {"jsonrpc": "2.0", "id": 1.5, "method": "tools/list"},
        {"jsonrpc": "2.0", "id": [1], "method": "tools/list"},
        {"jsonrpc": "2.0", "id": 1, "result": {}},
        [request("tools/list")],
        [],
    ],
)
def test_what_is_no_request_object_is_32600(wire, message):
    answer = refused(wire.send(message, modern_headers("tools/list")), 400, -32600)
    readable = isinstance(message, dict) and message.get("id") == 1 and message["id"] is not True
    assert answer.message.get("id") == (1 if readable else None)


@pytest.mark.parametrize("id_", [0, -1, 1.0, "", "é", "x" * 200, 2**70])
def test_a_string_or_an_integral_number_is_an_id_and_comes_back(wire, id_):
    assert wire.modern("tools/list", id_=id_).message["id"] == id_
    assert wire.modern("no/such", id_=id_).message["id"] == id_


def test_a_notification_is_accepted_and_dropped(wire, service):
    message = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
    answer = wire.send(message, modern_headers("notifications/cancelled"))
    assert (answer.status, answer.reply.body, answer.headers) == (202, b"", {})


def test_a_method_without_an_id_is_a_notification_and_never_runs(wire, service):
    message = {"jsonrpc": "2.0", "method": "tools/call", "params": {"name": "echo", "_meta": modern_meta()}}
    assert wire.send(message, modern_headers("tools/call")).status == 202
    assert service.calls == []


@pytest.mark.parametrize("name", ["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Mcp-Param-Region"])
def test_a_repeated_header_of_the_protocol_is_32020_even_if_both_agree(wire, name):
    params = {"name": "region", "arguments": {"region": "eu"}, "_meta": modern_meta()}
    headers = modern_headers("tools/call", params, Mcp_Param_Region="eu")
    repeated = [*headers, *(pair for pair in headers if pair[0] == name)]
    assert len(repeated) == len(headers) + 1
    refused(wire.send(request("tools/call", params), repeated), 400, -32020)


@pytest.mark.parametrize(
    "params",
    [
        None,
        {},
        {"_meta": None},
        {"_meta": []},
        {"_meta": {}},
        {"_meta": {CAPABILITIES: {}}},
        {"_meta": {VERSION: MODERN}},
        {"_meta": {VERSION: 20260728, CAPABILITIES: {}}},
        {"_meta": {VERSION: MODERN, CAPABILITIES: []}},
        {"_meta": {VERSION: MODERN, CAPABILITIES: None}},
        {"_meta": {**modern_meta(), f"{META}logLevel": "loud"}},
        {"_meta": {**modern_meta(), "progressToken": True}},
        {"_meta": {**modern_meta(), "progressToken": {}}},
        [1],
    ],
)
def test_a_missing_or_mistyped_meta_is_32602(wire, params):
    refused(wire.send(request("tools/list", params), modern_headers("tools/list")), 400, -32602)


@pytest.mark.parametrize("info", [LEAVE_OUT, None, "me", {"name": 5}])
def test_client_info_is_optional(wire, info):
    meta = modern_meta()
    if info is LEAVE_OUT:
        del meta[f"{META}clientInfo"]
    else:
        meta[f"{META}clientInfo"] = info
    answer = wire.send(request("tools/list", {"_meta": meta}), modern_headers("tools/list"))
    assert answer.status == 200
    assert wire.seen[0][0].client_name == ""


def test_a_version_header_that_differs_from_the_body_is_32020(wire):
    meta = modern_meta(version="2026-07-29")
    refused(wire.send(request("tools/list", {"_meta": meta}), modern_headers("tools/list")), 400, -32020)


@pytest.mark.parametrize("value", [LEAVE_OUT, "tools/call", "Tools/List", "=?base64?dG9vbHMvbGlzdA==?="])
def test_a_method_header_that_is_missing_or_different_is_32020(wire, value):
    refused(wire.modern("tools/list", Mcp_Method=value), 400, -32020)


def test_header_names_are_read_in_any_case_and_values_trimmed(wire):
    params = {"name": "echo", "_meta": modern_meta()}
    headers = [(name.upper(), f" {value}\t") for name, value in modern_headers("tools/call", params)]
    assert wire.send(request("tools/call", params), headers).status == 200


@pytest.mark.parametrize("version", ["1900-01-01", "2026-07-29", "not a date"])
def test_a_version_that_header_and_body_agree_on_but_nobody_knows_is_32022(wire, version):
    message = request("tools/list", {"_meta": modern_meta(version=version)})
    answer = refused(wire.send(message, modern_headers("tools/list", version=version)), 400, -32022)
    assert answer.error["data"]["requested"] == version
    assert MODERN in answer.error["data"]["supported"]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("tools/call", {"name": "echo"}),
        ("prompts/get", {"name": "greet"}),
        ("resources/read", {"uri": "odoo://note"}),
    ],
)
@pytest.mark.parametrize("value", [LEAVE_OUT, "other", "ECHO", "=?base64?!?=", "=?base64?ZWNobw?=", "écho"])
def test_a_name_header_that_is_missing_malformed_or_different_is_32020(wire, service, method, params, value):
    refused(wire.modern(method, params, Mcp_Name=value), 400, -32020)
    assert service.calls == []


@pytest.mark.parametrize("method", ["tools/call", "prompts/get", "resources/read"])
def test_a_name_that_is_no_text_is_32602(wire, method):
    answer = wire.send(request(method, {"_meta": modern_meta()}), modern_headers(method))
    refused(answer, 400, -32602)


@pytest.mark.parametrize(
    "method",
    [
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe",
        "subscriptions/listen",
        "tasks/get",
        "no/such",
        "",
    ],
)
def test_an_unknown_or_removed_method_is_32601_with_404_and_the_id(wire, method):
    answer = refused(wire.modern(method, id_="abc"), 404, -32601)
    assert answer.message["id"] == "abc"


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("tools/call", {"name": "no_such"}),
        ("tools/call", {"name": "echo", "arguments": [1]}),
        ("tools/call", {"name": "echo", "arguments": "{}"}),
        ("prompts/get", {"name": "no_such"}),
        ("prompts/get", {"name": "greet", "arguments": {"who": 5}}),
        ("prompts/get", {"name": "greet", "arguments": []}),
        ("tools/list", {"cursor": "zzz"}),
        ("completion/complete", {}),
        ("completion/complete", {"ref": {"type": "ref/tool"}, "argument": {"name": "a", "value": "b"}}),
        ("completion/complete", {"ref": {"type": "ref/prompt"}, "argument": {"name": "a", "value": "b"}}),
        ("completion/complete", {"ref": {"type": "ref/prompt", "name": "greet"}, "argument": {"name": "a"}}),
        ("completion/complete", {"ref": {"type": "ref/prompt", "name": "greet"}, "argument": "a"}),
        (
            "completion/complete",
            {"ref": {"type": "ref/prompt", "name": "g"}, "argument": {"name": "a", "value": ""}, "context": 5},
        ),
    ],
)
def test_params_that_a_method_cannot_use_are_32602(wire, method, params):
    refused(wire.modern(method, params), 400, -32602)


def test_a_resource_that_is_not_there_is_32602_with_its_address(wire):
    answer = refused(wire.modern("resources/read", {"uri": "odoo://none"}), 400, -32602)
    assert answer.error["data"] == {"uri": "odoo://none"}


def test_a_resource_without_contents_is_not_there(wire):
    refused(wire.modern("resources/read", {"uri": "odoo://empty"}), 400, -32602)


def test_a_capability_that_was_not_declared_is_32021_and_named(wire):
    answer = refused(wire.modern("tools/call", {"name": "needs_sampling"}), 400, -32021)
    assert answer.error["data"] == {"requiredCapabilities": {"sampling": {}}}
    assert wire.modern("tools/call", {"name": "needs_sampling"}, capabilities={"sampling": {}}).text == "sampled"


@pytest.mark.parametrize(("error", "status"), [(McpError(-32603, "broken"), 200), (McpError(17, "own"), 200)])
def test_internal_errors_and_own_codes_travel_with_200(wire, service, error, status):
    def fail():
        raise error

    service.tools = fail
    refused(wire.modern("tools/list"), status, error.code)


def test_a_session_id_is_ignored_and_never_sent(wire):
    answer = wire.modern("tools/list", Mcp_Session_Id="abc", Last_Event_ID="7")
    assert answer.status == 200
    assert not any(name.lower() == "mcp-session-id" for name in answer.headers)


FAULTS = [
    ("a repeated header", -32020, lambda params, headers: headers.append(headers[1])),
    ("no _meta", -32602, lambda params, headers: params.pop("_meta")),
    ("another version in the body", -32020, lambda params, headers: params["_meta"].update({VERSION: "2026-07-29"})),
    ("another method header", -32020, lambda params, headers: _replace(headers, 2, "ping")),
    ("another name header", -32020, lambda params, headers: _replace(headers, 3, "other")),
    ("an unknown tool", -32602, lambda params, headers: None),
]


def _replace(headers, place, value):
    headers[place] = (headers[place][0], value)


@pytest.mark.parametrize("first", range(len(FAULTS)))
def test_of_several_faults_the_first_in_the_order_of_the_specification_is_told(wire, first):
    params = {"name": "no_such", "_meta": modern_meta()}
    headers = modern_headers("tools/call", params)
    for _what, _code, spoil in reversed(FAULTS[first:]):
        spoil(params, headers)
    answer = wire.send(request("tools/call", params), headers)
    assert answer.error["code"] == FAULTS[first][1], FAULTS[first][0]


def test_an_exception_of_the_service_passes_through_and_is_not_observed(wire, service):
    from fake_service import Broken

    with pytest.raises(Broken):
        wire.modern("tools/call", {"name": "crash"})
    assert wire.seen == []


def test_the_log_sees_who_asked_what_and_how_it_ended(wire):
    wire.modern("tools/call", {"name": "echo"})
    wire.modern("tools/call", {"name": "fail"})
    wire.modern("tools/call", {"name": "no_such"})
    wire.modern("tools/call", {"name": "ask_name"}, capabilities={"elicitation": {}})
    wire.modern("no/such")
    wire.modern("tools/list", Mcp_Method=LEAVE_OUT)
    assert [(outcome.kind, outcome.code) for _call, outcome in wire.seen] == [
        ("ok", None),
        ("tool_error", None),
        ("error", -32602),
        ("input_required", None),
        ("error", -32601),
        ("error", -32020),
    ]
    assert {(call.client_name, call.client_version) for call, _outcome in wire.seen} == {("test", "0.1")}
    assert wire.seen[0][0].facts == {"tool": "echo"}


def test_the_log_has_the_sizes_of_request_and_answer(wire):
    body = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
    reply = wire.endpoint.answer(HttpRequest("POST", [], body))
    outcome = wire.seen[0][1]
    assert (outcome.request_size, outcome.response_size) == (len(body), len(reply.body))
    assert outcome.duration >= 0


def test_an_endpoint_needs_no_observer(service):
    from protocol import Endpoint

    reply = Endpoint(service, state_key=b"k").answer(
        HttpRequest("POST", [], b'{"jsonrpc":"2.0","id":1,"method":"ping"}')
    )
    assert reply.body == b'{"jsonrpc":"2.0","id":1,"result":{}}'
