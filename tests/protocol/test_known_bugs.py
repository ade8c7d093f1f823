# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mistakes that other servers made on the wire."""

from __future__ import annotations

import pytest
from mcp_wire import request

from protocol import LEGACY


@pytest.mark.parametrize("version", LEGACY)
def test_the_version_that_was_asked_for_is_answered_and_no_older_one(wire, version):
    result = wire.send(request("initialize", {"protocolVersion": version})).result
    assert result["protocolVersion"] == version


@pytest.mark.parametrize("version", LEGACY)
def test_notifications_and_ping_are_never_an_unknown_method(wire, version):
    for name in ("initialized", "cancelled", "roots/list_changed", "anything"):
        headers = [("MCP-Protocol-Version", version)]
        assert wire.send({"jsonrpc": "2.0", "method": f"notifications/{name}"}, headers).status == 202
    assert wire.legacy("ping", version=version).result == {}


def test_initialize_leaves_nothing_behind(wire, service):
    before = dict(vars(service))
    params = {"protocolVersion": "2025-11-25", "capabilities": {"x": ["y"] * 50}, "clientInfo": {"name": "n" * 500}}
    answer = wire.send(request("initialize", params))
    assert vars(service) == before
    assert not [name for name in answer.headers if "session" in name.lower()]


def test_an_answer_claims_to_be_a_stream_only_if_it_is_one(wire):
    plain = wire.open("tools/call", {"name": "report"}, accept="application/json", meta={"progressToken": 1})
    assert (plain.headers["Content-Type"], plain.stream) == ("application/json", None)
    stream = wire.open("tools/call", {"name": "report"}, meta={"progressToken": 1})
    assert (stream.headers["Content-Type"], stream.body) == ("text/event-stream", b"")
    assert len(list(stream.stream)) == 4


@pytest.mark.parametrize("verb", ["GET", "HEAD", "POST", "DELETE"])
def test_no_answer_is_a_redirect(wire, verb):
    assert not 300 <= wire.raw(b"{}", method=verb).status < 400


def test_each_request_stands_alone(wire):
    """Nothing is kept between requests, so nothing has to be opened, kept alive or torn down."""
    for id_ in range(3):
        assert wire.legacy("tools/call", {"name": "echo"}, id_=id_).text == "{}"
        assert wire.modern("tools/call", {"name": "echo"}, id_=id_).text == "{}"
