# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading and writing JSON-RPC: whatever comes in, a well-formed reply goes out."""

from __future__ import annotations

import json

import pytest
from fake_service import FakeService
from hypothesis import given
from hypothesis import strategies as st
from mcp_wire import META, Wire, modern_headers, request

from protocol import LEGACY, MODERN, ParseError
from protocol.jsonrpc import MAX_DEPTH, canonical, dumps, parse

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
METHODS = st.sampled_from(
    [
        "initialize",
        "ping",
        "tools/list",
        "tools/call",
        "prompts/get",
        "resources/read",
        "completion/complete",
        "server/discover",
        "notifications/initialized",
    ]
)
NAMES = st.sampled_from(
    ["name", "uri", "arguments", "cursor", "protocolVersion", "ref", "argument", "inputResponses", "requestState"]
)
TOOLS = st.sampled_from(["echo", "ask_name", "everything", "greet", "odoo://note"])
METAS = st.dictionaries(
    st.sampled_from([f"{META}protocolVersion", f"{META}clientCapabilities", f"{META}logLevel", "progressToken"]),
    st.just(MODERN) | JSON,
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | JSON,
        "id": st.integers() | st.text() | JSON,
        "method": METHODS | JSON,
        "params": st.builds(
            lambda params, meta: {**params, "_meta": meta},
            st.dictionaries(NAMES, TOOLS | JSON),
            METAS | JSON,
        )
        | JSON,
        "result": JSON,
    },
)
VERSIONS = st.sampled_from([None, MODERN, *LEGACY, "1900-01-01"])


def check_reply(reply):
    assert reply.stream is None
    assert reply.status in (200, 202, 400, 404)
    if reply.status == 202:
        assert reply.body == b""
        return
    assert reply.headers["Content-Type"] == "application/json"
    message = json.loads(reply.body.decode("utf-8"))
    for entry in message if isinstance(message, list) else [message]:
        assert entry["jsonrpc"] == "2.0"
        assert ("result" in entry) != ("error" in entry)
        if "error" in entry:
            assert isinstance(entry["error"]["code"], int) and isinstance(entry["error"]["message"], str)
        else:
            assert isinstance(entry["result"], dict) and "id" in entry


@given(st.binary(), VERSIONS)
def test_arbitrary_bytes_get_a_well_formed_reply(body, version):
    check_reply(Wire(FakeService()).raw(body, [("MCP-Protocol-Version", version)] if version else []))


@given(MESSAGES | st.lists(MESSAGES, max_size=3) | JSON, VERSIONS)
def test_arbitrary_json_gets_a_well_formed_reply(message, version):
    headers = [("MCP-Protocol-Version", version)] if version else []
    check_reply(Wire(FakeService()).raw(json.dumps(message).encode(), headers))


@given(METHODS, st.dictionaries(NAMES, TOOLS | JSON), st.integers() | st.text())
def test_arbitrary_params_behind_good_headers_get_a_well_formed_reply_with_the_id(method, params, id_):
    params["_meta"] = {f"{META}protocolVersion": MODERN, f"{META}clientCapabilities": {"elicitation": {}}}
    headers = [(n, v) for n, v in modern_headers(method, {"name": "x", "uri": "x"}) if n != "Mcp-Name"]
    name = params.get("uri" if method == "resources/read" else "name")
    if isinstance(name, str) and name.isascii() and name.isprintable():
        headers.append(("Mcp-Name", name))
    reply = Wire(FakeService()).raw(dumps(request(method, params, id_)), headers)
    check_reply(reply)
    assert json.loads(reply.body)["id"] == id_


@given(JSON)
def test_writing_and_reading_give_the_value_back(value):
    assert parse(dumps(value)) == value
    assert parse(canonical(value)) == value


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_the_canonical_text_does_not_depend_on_the_order_of_members(value):
    assert canonical(value) == canonical(dict(reversed(value.items())))


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1, 5_000, 200_000])
@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"a":', "}")])
def test_nesting_has_a_limit(depth, start, end):
    body = (start * depth + "1" + end * depth).encode()
    if depth <= MAX_DEPTH:
        assert parse(body) is not None
    else:
        with pytest.raises(ParseError):
            parse(body)


def test_many_brackets_side_by_side_are_not_deep():
    assert len(parse(b"[" + b"[]," * 5_000 + b"[]]")) == 5_001
    assert parse(json.dumps("[" * 5_000).encode()) == "[" * 5_000


@pytest.mark.parametrize("body", [b"NaN", b"Infinity", b"-Infinity", b"[1e400]", b"-1e400", b"1" * 5_000, b'"\xc3("'])
def test_what_no_json_reader_agrees_on_is_no_json(body):
    with pytest.raises(ParseError):
        parse(body)


def test_of_a_repeated_member_the_last_counts():
    assert parse(b'{"a": 1, "a": 2}') == {"a": 2}


@given(st.text(st.characters(codec=None, categories=["Cs", "Ll", "Po"])))
def test_lone_surrogates_are_written_as_escapes_of_valid_utf8(text):
    assert json.loads(dumps({"text": text}).decode("utf-8")) == json.loads(json.dumps({"text": text}))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_what_is_no_json_is_not_written(value):
    with pytest.raises((TypeError, ValueError)):
        dumps(value)
