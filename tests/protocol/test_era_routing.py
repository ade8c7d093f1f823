# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which era serves a request: the version header decides, the body only where there is no header."""

from __future__ import annotations

import pytest
from mcp_types.methods import validate_server_result
from mcp_wire import BOTH, LEAVE_OUT, META, modern_meta, request

from protocol import LEGACY, MODERN, SUPPORTED

SERVER_INFO = f"{META}serverInfo"


@pytest.mark.parametrize("version", LEGACY)
def test_a_legacy_header_gets_a_plain_legacy_result(wire, version):
    result = wire.legacy("tools/list", version=version).result
    assert set(result) == {"tools"}
    assert wire.seen[0][0].version == version


def test_a_request_without_version_header_is_one_of_2025_03_26(wire):
    answer = wire.send(request("tools/list"))
    assert set(answer.result) == {"tools"}
    assert wire.seen[0][0].version == "2025-03-26"


def test_a_modern_header_gets_a_modern_result(wire):
    result = wire.modern("tools/list").result
    assert result["resultType"] == "complete"
    assert result["_meta"][SERVER_INFO]["name"] == "fake"


def test_blanks_around_the_version_header_do_not_count(wire):
    assert wire.legacy("ping", version="  2025-06-18\t").result == {}


@pytest.mark.parametrize("method", ["tools/list", "server/discover", "resources/read"])
@pytest.mark.parametrize("version", LEGACY)
def test_a_legacy_header_over_a_modern_body_is_answered_with_what_a_modern_reader_requires(wire, method, version):
    """A hosted client sends this pair (anthropics/claude-code#93290); comparing the two makes every call fail."""
    params = {"_meta": modern_meta(), **({"uri": "odoo://note"} if method == "resources/read" else {})}
    answer = wire.send(request(method, params), [("MCP-Protocol-Version", version), ("Accept", "*/*")])
    assert answer.status == 200
    assert answer.result["resultType"] == "complete"
    assert answer.result["ttlMs"] in (5_000, 300_000)
    assert answer.result["cacheScope"] == "private"
    assert SERVER_INFO in answer.result["_meta"]
    validate_server_result(method, MODERN, answer.result)


def test_a_legacy_header_over_a_modern_body_keeps_the_legacy_methods_and_statuses(wire):
    def send(method, params=None):
        params = {**(params or {}), "_meta": modern_meta()}
        return wire.send(request(method, params), [("MCP-Protocol-Version", "2025-11-25")])

    assert send("ping").result["resultType"] == "complete"
    unknown = send("no/such")
    assert (unknown.status, unknown.error["code"]) == (200, -32601)
    missing = send("resources/read", {"uri": "odoo://none"})
    assert (missing.status, missing.error["code"]) == (200, -32602)


def test_a_legacy_header_over_a_modern_body_may_be_asked_for_input(wire):
    params = {"name": "ask_name", "_meta": modern_meta({"elicitation": {}})}
    answer = wire.send(request("tools/call", params), [("MCP-Protocol-Version", "2025-11-25")])
    assert answer.result["resultType"] == "input_required"


def test_a_modern_body_without_version_header_is_modern_and_lacks_a_header(wire):
    answer = wire.modern("tools/list", MCP_Protocol_Version=LEAVE_OUT)
    assert (answer.status, answer.error["code"]) == (400, -32020)


def test_a_body_that_names_a_legacy_version_without_header_is_legacy(wire):
    answer = wire.send(request("tools/list", {"_meta": modern_meta(version="2025-11-25")}))
    assert set(answer.result) == {"tools"}


@pytest.mark.parametrize("version", ["1900-01-01", "2024-10-07", "2099-12-31", "draft", ""])
def test_an_unknown_version_header_over_a_legacy_body_is_refused_with_the_versions_served(wire, version):
    answer = wire.legacy("initialize", {"protocolVersion": "2025-11-25"}, version=version or "?")
    assert (answer.status, answer.error["code"]) == (400, -32022)
    assert answer.error["data"] == {"supported": list(SUPPORTED), "requested": version or "?"}


def test_a_header_need_not_be_the_version_that_was_negotiated(wire):
    """Clients send another one (anthropics/claude-code#92835), and there is no session to remember the first."""
    init = wire.send(request("initialize", {"protocolVersion": "2024-11-05"}), [("Accept", BOTH)])
    assert init.result["protocolVersion"] == "2024-11-05"
    assert wire.legacy("tools/list", version="2025-11-25").status == 200
    assert wire.send(request("tools/list")).status == 200


def test_an_initialize_with_a_modern_header_is_an_unknown_method(wire):
    answer = wire.modern("initialize", {"protocolVersion": MODERN})
    assert (answer.status, answer.error["code"]) == (404, -32601)
