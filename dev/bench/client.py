# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One HTTP client for all: the request is ready before the clock starts, the answer is read before it stops.

Every exchange has a connection of its own, because Odoo's workers close theirs after each answer.
"""

import http.client
import json
import time
import xmlrpc.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

HOST = "127.0.0.1"
TIMEOUT = 60
VERSION = "2026-07-28"
META = "io.modelcontextprotocol"


class WrongAnswer(Exception):
    """A contestant did not do what it was asked: its time would mean nothing."""


@dataclass(frozen=True)
class Request:
    """A POST that is ready to be sent."""

    port: int
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    seconds: float
    status: int
    body: bytes

    def checked(self) -> bytes:
        """Return the body of a success.

        :raise WrongAnswer: any other status than 200
        """
        if self.status != 200:
            raise WrongAnswer(f"HTTP {self.status}: {self.body[:500]!r}")
        return self.body


def send(request: Request) -> Answer:
    """Make one exchange on a new connection."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection(HOST, request.port, timeout=TIMEOUT)
    try:
        connection.request("POST", request.path, request.body, request.headers)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    return Answer(time.perf_counter() - begun, response.status, body)


def json_request(port: int, path: str, content: Any, headers: Mapping[str, str] | None = None) -> Request:
    """Return a POST of JSON."""
    standard = {"Content-Type": "application/json", "Connection": "close"}
    return Request(port, path, {**standard, **(headers or {})}, json.dumps(content).encode())


def mcp_request(port: int, method: str, params: dict[str, Any], key: str | None) -> Request:
    """Return a request of MCP 2026-07-28, with the headers and the ``_meta`` it asks for.

    :param key: the bearer token, None for servers that ask for none
    """
    meta = {
        f"{META}/protocolVersion": VERSION,
        f"{META}/clientInfo": {"name": "bench", "version": "1"},
        f"{META}/clientCapabilities": {},
    }
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": VERSION, "Mcp-Method": method}
    if "name" in params:
        headers["Mcp-Name"] = params["name"]
    if key:
        headers["Authorization"] = f"Bearer {key}"
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": meta}}
    return json_request(port, "/mcp", message, headers)


def mcp_result(body: bytes) -> dict[str, Any]:
    """Return the result of an MCP answer, plain JSON or the last event of a stream.

    :raise WrongAnswer: an error, of the protocol or of the tool
    """
    text = body.decode()
    if not text.startswith("{"):
        text = [line.removeprefix("data:") for line in text.splitlines() if line.startswith("data:")][-1]
    message = json.loads(text)
    if "error" in message or message["result"].get("isError"):
        raise WrongAnswer(text[:500])
    return message["result"]


def json_rpc_request(port: int, call: Sequence[Any]) -> Request:
    """Return a call of ``execute_kw`` for ``/jsonrpc``."""
    params = {"service": "object", "method": "execute_kw", "args": list(call)}
    return json_request(port, "/jsonrpc", {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params})


def json_rpc_result(body: bytes) -> Any:
    """Return the result of a ``/jsonrpc`` answer.

    :raise WrongAnswer: an error
    """
    message = json.loads(body)
    if "error" in message:
        raise WrongAnswer(str(message["error"])[:500])
    return message["result"]


def xml_rpc_request(port: int, call: Sequence[Any]) -> Request:
    """Return a call of ``execute_kw`` for ``/xmlrpc/2/object``."""
    body = xmlrpc.client.dumps(tuple(call), "execute_kw", allow_none=True).encode()
    return Request(port, "/xmlrpc/2/object", {"Content-Type": "text/xml", "Connection": "close"}, body)


def xml_rpc_result(body: bytes) -> Any:
    """Return the result of an XML-RPC answer.

    :raise WrongAnswer: a fault
    """
    try:
        return xmlrpc.client.loads(body)[0][0]
    except xmlrpc.client.Fault as fault:
        raise WrongAnswer(fault.faultString[:500]) from fault
