# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every method's answer, in every version, against the protocol's own types."""

from __future__ import annotations

import json

import pytest
from live import HERE
from wire import LEGACY, MODERN

CLIENT = {"name": "live tests", "version": "1"}
EVERYWHERE = {
    "tools/list": {},
    "tools/call": {"name": "count_records", "arguments": {"model": "res.partner"}},
    "tools/call error": {"name": "count_records", "arguments": {"model": "res.partnr"}},
    "tools/call mixed": {"name": "test_multiple_content_types"},
    "tools/call audio": {"name": "test_audio_content"},
    "prompts/list": {},
    "prompts/get": {"name": "test_prompt_with_arguments", "arguments": {"arg1": "a", "arg2": "b"}},
    "resources/list": {},
    "resources/templates/list": {},
    "resources/read": {"uri": "test://static-text"},
    "resources/read binary": {"uri": "test://static-binary"},
    "resources/read template": {"uri": "test://template/7/data"},
    "completion/complete": {
        "ref": {"type": "ref/prompt", "name": "test_prompt_with_arguments"},
        "argument": {"name": "arg1", "value": "par"},
    },
}
ONLY_LEGACY = {"ping": {}, "logging/setLevel": {"level": "info"}}
ONLY_MODERN = {
    "server/discover": {},
    "tools/call asks": {
        "name": "test_input_required_result_elicitation",
        "_meta": {"io.modelcontextprotocol/clientCapabilities": {"elicitation": {}}},
    },
}


def requests_of(version: str) -> dict[str, dict]:
    """Return the parameters of each method, by method and what is special about it."""
    if version == MODERN:
        return {**EVERYWHERE, **ONLY_MODERN}
    opening = {"protocolVersion": version, "capabilities": {}, "clientInfo": CLIENT}
    return {"initialize": opening, **EVERYWHERE, **ONLY_LEGACY}


@pytest.fixture
def complaints(run, clients_python):
    """Returns what the protocol's types say against results."""

    def complaints_about(answers):
        lines = "\n".join(map(json.dumps, answers))
        done = run(clients_python, HERE / "validate_answers.py", input=lines)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return complaints_about


@pytest.mark.parametrize("version", [MODERN, *LEGACY])
def test_every_result_is_what_its_version_describes(plain, complaints, version):
    answers = []
    for title, params in requests_of(version).items():
        method = title.split()[0]
        result = plain.result(method, params, version=version)
        assert bool(result.get("isError")) == title.endswith("error"), result
        answers.append([method, version, result])
    assert complaints(answers) == ""


def test_the_check_of_results_finds_mistakes(complaints):
    found = complaints([["tools/list", MODERN, {"tools": []}], ["tools/call", "2025-06-18", {"content": "text"}]])
    assert f"tools/list {MODERN}" in found
    assert "tools/call 2025-06-18" in found


@pytest.mark.parametrize("version", LEGACY)
def test_a_version_that_is_asked_for_is_the_one_that_is_spoken(plain, version):
    opening = {"protocolVersion": version, "capabilities": {}, "clientInfo": CLIENT}
    assert plain.result("initialize", opening, version=version)["protocolVersion"] == version


def test_bug_26_a_version_is_negotiated_instead_of_imposed(plain):
    for asked in (MODERN, "2099-01-01"):
        opening = {"protocolVersion": asked, "capabilities": {}, "clientInfo": CLIENT}
        assert plain.result("initialize", opening, version=LEGACY[0])["protocolVersion"] == LEGACY[0]
    discovered = plain.result("server/discover")
    assert discovered["supportedVersions"] == [MODERN, *LEGACY]
    unknown = plain.rpc("tools/list", version="2099-01-01", headers={"Mcp-Method": "tools/list"})
    assert unknown.status_code == 400


@pytest.mark.parametrize("version", LEGACY)
def test_bug_27_ping_and_notifications_are_understood(plain, version):
    assert plain.result("ping", version=version) == {}
    for method in ("notifications/initialized", "notifications/cancelled", "notifications/anything"):
        message = {"jsonrpc": "2.0", "method": method, "params": {"requestId": 1}}
        answer = plain.send(message, headers={"MCP-Protocol-Version": version})
        assert (answer.status_code, answer.content) == (202, b"")


def test_a_batch_of_2025_03_26_is_answered_by_a_list(plain):
    batch = [
        {"jsonrpc": "2.0", "id": "a", "method": "ping"},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": "b", "method": "tools/call", "params": {"name": "get_context"}},
        {"jsonrpc": "2.0", "id": "c", "method": "nonsense"},
    ]
    answer = plain.send(batch, headers={"MCP-Protocol-Version": "2025-03-26"})
    assert answer.status_code == 200
    assert [(part["id"], "result" in part) for part in answer.json()] == [("a", True), ("b", True), ("c", False)]


@pytest.mark.parametrize("version", [MODERN, "2025-11-25", "2025-06-18"])
def test_other_versions_have_no_batches(plain, version):
    batch = [{"jsonrpc": "2.0", "id": "a", "method": "ping"}]
    answer = plain.send(batch, headers={"MCP-Protocol-Version": version})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == -32600
