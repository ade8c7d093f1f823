# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A client for the tests: builds requests of each revision and reads the replies."""

from __future__ import annotations

import json

from protocol import MODERN, Endpoint, HttpRequest

META = "io.modelcontextprotocol/"
NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
BOTH = "application/json, text/event-stream"
LEAVE_OUT = object()


def request(method, params=None, id_=1):
    message = {"jsonrpc": "2.0", "id": id_, "method": method}
    if params is not None:
        message["params"] = params
    return message


def modern_meta(capabilities=None, version=MODERN, **more):
    return {
        f"{META}protocolVersion": version,
        f"{META}clientInfo": {"name": "test", "version": "0.1"},
        f"{META}clientCapabilities": {} if capabilities is None else capabilities,
        **more,
    }


def modern_headers(method, params=None, version=MODERN, **changes):
    """Headers as a client of 2026-07-28 sends them; keyword arguments replace them, ``LEAVE_OUT`` removes them."""
    headers = {"Accept": BOTH, "MCP-Protocol-Version": version, "Mcp-Method": method}
    if method in NAMED_BY and params:
        headers["Mcp-Name"] = params[NAMED_BY[method]]
    for name, value in changes.items():
        headers[name.replace("_", "-")] = value
    return [(name, value) for name, value in headers.items() if value is not LEAVE_OUT]


class Answer:
    """A reply, read."""

    def __init__(self, reply):
        self.reply = reply
        self.status = reply.status
        self.headers = reply.headers
        self.frames = []
        if reply.stream is not None:
            self.frames = [frame for frame in map(_message, reply.stream) if frame is not None]
            self.message = self.frames[-1]
        else:
            self.message = json.loads(reply.body) if reply.body else None

    @property
    def result(self):
        assert "error" not in self.message, self.message
        return self.message["result"]

    @property
    def error(self):
        assert "result" not in self.message, self.message
        return self.message["error"]

    @property
    def text(self):
        return self.result["content"][0]["text"]


def _message(frame):
    if frame.startswith(b":"):
        return None
    head, data, *rest = frame.split(b"\n")
    assert (head, rest) == (b"event: message", [b"", b""])
    return json.loads(data.removeprefix(b"data: "))


class Wire:
    """Sends to an endpoint and keeps what its observer saw."""

    def __init__(self, service, key=b"k" * 32):
        self.seen = []
        self.endpoint = Endpoint(
            service, state_key=key, observe=lambda call, outcome: self.seen.append((call, outcome))
        )

    def raw(self, body, headers=(), method="POST"):
        return self.endpoint.answer(HttpRequest(method, list(headers), body))

    def send(self, message, headers=()):
        return Answer(self.raw(json.dumps(message).encode(), headers))

    def modern(self, method, params=None, *, capabilities=None, id_=1, meta=None, **headers):
        """Send a request of 2026-07-28; keyword arguments change its headers."""
        params = {**(params or {}), "_meta": {**modern_meta(capabilities), **(meta or {})}}
        return self.send(request(method, params, id_), modern_headers(method, params, **headers))

    def legacy(self, method, params=None, *, version="2025-11-25", id_=1, accept=BOTH):
        return self.send(request(method, params, id_), [("MCP-Protocol-Version", version), ("Accept", accept)])

    def open(self, method, params=None, *, version=MODERN, meta=None, id_=1, accept=BOTH):
        """Send a request and return the raw reply, so that a stream can be read step by step."""
        if version == MODERN:
            params = {**(params or {}), "_meta": {**modern_meta(), **(meta or {})}}
            headers = modern_headers(method, params, Accept=accept)
        else:
            params = {**(params or {}), "_meta": meta or {}}
            headers = [("MCP-Protocol-Version", version), ("Accept", accept)]
        return self.raw(json.dumps(request(method, params, id_)).encode(), headers)
