# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The results of every method in every version."""

from __future__ import annotations

import json

import pytest
from mcp_types.methods import validate_server_result
from mcp_wire import META

from protocol import LEGACY, MODERN, SUPPORTED, ToolResult, contents
from protocol.content import for_version

METHODS = [
    ("tools/list", {}),
    ("tools/call", {"name": "everything"}),
    ("tools/call", {"name": "structured"}),
    ("tools/call", {"name": "fail"}),
    ("prompts/list", {}),
    ("prompts/get", {"name": "greet", "arguments": {"who": "Ada"}}),
    ("resources/list", {}),
    ("resources/templates/list", {}),
    ("resources/read", {"uri": "odoo://note"}),
    ("completion/complete", {"ref": {"type": "ref/prompt", "name": "g"}, "argument": {"name": "a", "value": "x"}}),
]
LEGACY_ONLY = [
    ("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}),
    ("ping", {}),
    ("logging/setLevel", {"level": "info"}),
    ("resources/subscribe", {"uri": "odoo://note"}),
    ("resources/unsubscribe", {"uri": "odoo://note"}),
]
CACHEABLE = {
    "server/discover",
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
    "resources/read",
}
# Block type -> the versions that know it (the schemas of the specification).
KNOWN = {
    "text": SUPPORTED,
    "image": SUPPORTED,
    "resource": SUPPORTED,
    "audio": SUPPORTED[:-1],
    "resource_link": SUPPORTED[:-2],
}


def ask(wire, version, method, params):
    if version == MODERN:
        return wire.modern(method, params)
    return wire.legacy(method, params, version=version)


@pytest.mark.parametrize("version", LEGACY)
@pytest.mark.parametrize(("method", "params"), METHODS + LEGACY_ONLY)
def test_every_legacy_result_fits_the_schema_of_its_version(wire, version, method, params):
    validate_server_result(method, version, ask(wire, version, method, params).result)


@pytest.mark.parametrize(("method", "params"), [*METHODS, ("server/discover", {})])
def test_every_modern_result_fits_the_schema_and_says_what_it_must(wire, method, params):
    result = wire.modern(method, params).result
    validate_server_result(method, MODERN, result)
    assert result["resultType"] == "complete"
    assert result["_meta"] == {f"{META}serverInfo": {"name": "fake", "title": "Fake", "version": "1.0"}}
    kept_for = 5_000 if method == "resources/read" else 300_000
    cached = {"ttlMs": kept_for, "cacheScope": "private"} if method in CACHEABLE else {}
    assert {key: result[key] for key in ("ttlMs", "cacheScope") if key in result} == cached


@pytest.mark.parametrize("version", LEGACY)
@pytest.mark.parametrize(("method", "params"), METHODS)
def test_legacy_results_carry_nothing_of_the_modern_ones(wire, version, method, params):
    result = ask(wire, version, method, params).result
    assert not {"resultType", "ttlMs", "cacheScope", "_meta"} & set(result)


def test_discover_lists_all_versions_newest_first(wire):
    result = wire.modern("server/discover").result
    assert result["supportedVersions"] == list(SUPPORTED)
    assert result["instructions"] == "Search before you write."
    assert result["capabilities"] == {"tools": {}, "resources": {}, "prompts": {}, "completions": {}}


@pytest.mark.parametrize("version", SUPPORTED)
def test_a_version_gets_only_blocks_that_it_knows(wire, version):
    for method, params in (("tools/call", {"name": "everything"}), ("prompts/get", {"name": "greet"})):
        result = ask(wire, version, method, params).result
        blocks = result.get("content") or [message["content"] for message in result["messages"]]
        assert all(version in KNOWN[block["type"]] for block in blocks)
        assert "odoo://res.partner/7" in json.dumps(blocks)


def test_a_link_as_text_says_title_description_and_address():
    block = {"type": "resource_link", "uri": "odoo://x", "name": "x", "title": "X", "description": "an x"}
    assert for_version([block], "2025-03-26") == [{"type": "text", "text": "X (an x): odoo://x"}]
    assert for_version([block], "2025-06-18") == [block]


@pytest.mark.parametrize("version", SUPPORTED)
def test_structured_content_reaches_every_version_in_the_form_it_knows(wire, version):
    result = ask(wire, version, "tools/call", {"name": "structured"}).result
    if version in ("2024-11-05", "2025-03-26"):
        assert result == {"content": [{"type": "text", "text": '{"count":5}'}]}
    else:
        assert result["structuredContent"] == {"count": 5}
        assert result["content"] == []


def test_structured_content_is_not_sent_twice_to_versions_that_do_not_know_it(wire):
    result = wire.legacy("tools/call", {"name": "everything"}, version="2025-03-26").result
    assert "structuredContent" not in result
    assert '"count"' not in json.dumps(result)


def test_a_tool_that_failed_is_a_result_not_an_error(wire):
    for answer in (wire.modern("tools/call", {"name": "fail"}), wire.legacy("tools/call", {"name": "fail"})):
        assert (answer.status, answer.result["isError"]) == (200, True)


def test_arguments_reach_the_tool_as_they_were_sent(wire, service):
    arguments = {"nested": {"list": [1, "2", None, True, 1.5]}, "é": "\U0001f600"}
    assert json.loads(wire.modern("tools/call", {"name": "echo", "arguments": arguments}).text) == arguments
    assert service.calls == [("echo", arguments)]


def test_completions_are_at_most_100_and_say_that_there_are_more(wire, service):
    params = {
        "ref": {"type": "ref/resource", "uri": "odoo://{model}/{id}"},
        "argument": {"name": "id", "value": "p"},
        "context": {"arguments": {"model": "res.partner"}},
    }
    completion = wire.modern("completion/complete", params).result["completion"]
    assert (len(completion["values"]), completion.get("total"), completion["hasMore"]) == (100, None, True)
    assert service.calls == [(params["ref"], params["argument"], {"model": "res.partner"})]


def test_text_is_utf8_without_escapes_and_without_blanks(wire):
    reply = wire.open("tools/call", {"name": "echo", "arguments": {"city": "Zürich"}}, version="2025-11-25")
    assert "Zürich".encode() in reply.body
    assert b'"id":1,"result":{' in reply.body


def test_a_lone_surrogate_comes_back_escaped(wire):
    reply = wire.raw(b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}')
    assert reply.body == b'{"jsonrpc":"2.0","id":"\\ud800","result":{}}'


@pytest.mark.parametrize("count", [0, 1, 200, 201, 400, 450])
def test_pages_give_every_tool_once_in_order(wire, service, count):
    service.page = [{"name": f"t{n:03}", "inputSchema": {"type": "object"}} for n in range(count)]
    if not count:
        service.tools = list
    names, cursor, pages = [], None, 0
    while True:
        result = wire.modern("tools/list", {} if cursor is None else {"cursor": cursor}).result
        assert len(result["tools"]) <= 200
        names += [tool["name"] for tool in result["tools"]]
        pages += 1
        cursor = result.get("nextCursor")
        if cursor is None:
            break
    assert names == [f"t{n:03}" for n in range(count)]
    assert pages == max(1, -(-count // 200))


@pytest.mark.parametrize(
    "spoil", [lambda c: c + "A", lambda c: c[:-2], lambda c: c.lower(), lambda c: f" {c}", lambda c: ""]
)
def test_a_cursor_that_no_list_gave_is_32602(wire, service, spoil):
    service.page = [{"name": f"t{n:03}", "inputSchema": {"type": "object"}} for n in range(450)]
    cursor = wire.modern("tools/list").result["nextCursor"]
    assert wire.modern("tools/list", {"cursor": cursor}).status == 200
    assert wire.modern("tools/list", {"cursor": spoil(cursor)}).error["code"] == -32602


def test_a_cursor_belongs_to_the_list_that_gave_it_and_ends_with_it(wire, service):
    service.page = [{"name": f"t{n:03}", "inputSchema": {"type": "object"}} for n in range(250)]
    service.prompts = lambda: [{"name": f"p{n}"} for n in range(250)]
    cursor = wire.modern("tools/list").result["nextCursor"]
    assert wire.modern("prompts/list", {"cursor": cursor}).error["code"] == -32602
    service.page = service.page[:200]
    assert wire.modern("tools/list", {"cursor": cursor}).error["code"] == -32602


@pytest.mark.parametrize("both_or_neither", [{}, {"text": "a", "blob": "b"}])
def test_contents_are_either_text_or_blob(both_or_neither):
    assert contents("odoo://x", text="") == {"uri": "odoo://x", "text": ""}
    assert contents("odoo://x", blob="AAAA") == {"uri": "odoo://x", "blob": "AAAA"}
    with pytest.raises(ValueError, match="either"):
        contents("odoo://x", **both_or_neither)


def test_a_result_of_one_text_is_made_in_one_word():
    assert ToolResult.of("hi") == ToolResult([{"type": "text", "text": "hi"}], None, False)
