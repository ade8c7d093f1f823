# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""MCP over HTTP by hand, and Odoo's own web API: what the tests of a live server send."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

MODERN = "2026-07-28"
LEGACY = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
META = "io.modelcontextprotocol/"
NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
TIMEOUT = 60


class Refused(Exception):
    """Odoo's web API answered with an error."""


class Wire:
    """A client of one key that sends what it is told, and keeps no connection and no cookie.

    :param url: the endpoint
    :param key: the bearer token, None for no ``Authorization`` header
    """

    def __init__(self, url: str, key: str | None) -> None:
        self.url = url
        self.key = key

    def send(
        self, body: Any, *, verb: str = "POST", path: str | None = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        """Send a body: bytes or chunks of bytes as they are, anything else as JSON.

        :param path: another path on the same server
        :param headers: beside or instead of the usual ones; None as a value leaves a usual one out
        """
        raw = body if isinstance(body, bytes) or hasattr(body, "__next__") else json.dumps(body).encode()
        url = self.url if path is None else "{0.scheme}://{0.netloc}".format(urlsplit(self.url)) + path
        sent = {name: value for name, value in {**self.usual_headers(), **(headers or {})}.items() if value is not None}
        return requests.request(verb, url, data=raw, headers=sent, timeout=TIMEOUT, allow_redirects=False)

    def usual_headers(self) -> dict[str, str]:
        """Return the headers of every message."""
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        return {**headers, "Authorization": f"Bearer {self.key}"} if self.key else headers

    def rpc(
        self, method: str, params: dict[str, Any] | None = None, *, version: str = MODERN, **options: Any
    ) -> requests.Response:
        """Send one request as a client of ``version`` does.

        :param options: of ``send``
        """
        message, headers = message_of(method, params or {}, version)
        return self.send(message, **{**options, "headers": {**headers, **(options.get("headers") or {})}})

    def result(self, method: str, params: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """Return the result of a request that must not fail."""
        answer = self.rpc(method, params, **options)
        assert answer.status_code == 200, f"{method}: {answer.status_code} {answer.text}"
        assert "result" in answer.json(), f"{method}: {answer.text}"
        return answer.json()["result"]

    def tool(self, name: str, arguments: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """Return the result of a tool, which may be an error of the tool."""
        return self.result("tools/call", {"name": name, "arguments": arguments or {}}, **options)

    def text(self, name: str, arguments: dict[str, Any] | None = None) -> str:
        """Return the text of a tool that must not fail."""
        result = self.tool(name, arguments)
        assert not result.get("isError"), result
        return text_of(result)

    def refusal(self, name: str, arguments: dict[str, Any] | None = None) -> str:
        """Return the text of a tool that must answer with an error."""
        result = self.tool(name, arguments)
        assert result.get("isError") is True, result
        return text_of(result)

    def status(self) -> int:
        """Return the HTTP status of a harmless request."""
        return self.rpc("tools/list").status_code

    @contextlib.contextmanager
    def stream(self, name: str, arguments: dict[str, Any]) -> Iterator[Stream]:
        """Call a tool, asking for progress; the connection is closed at the end of the block."""
        params = {"name": name, "arguments": arguments, "_meta": {"progressToken": "p1"}}
        message, headers = message_of("tools/call", params, MODERN)
        stream = Stream(self.url, message, {**self.usual_headers(), **headers})
        try:
            yield stream
        finally:
            stream.close()


@dataclass(frozen=True)
class RawAnswer:
    """An answer as it came over the socket; ``closed`` when the server then closed the connection."""

    status: int
    headers: dict[str, str]
    body: bytes
    closed: bool


def raw(url: str, verb: str, headers: dict[str, str], chunks: Iterable[bytes] = ()) -> RawAnswer:
    """Send a request piece by piece over a socket of its own, whether or not it is a proper one, and read the answer.

    A server may answer, and close, before it has read everything.
    """
    parts = urlsplit(url)
    lines = [f"{verb} {parts.path} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", parts.port), timeout=TIMEOUT) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        with contextlib.suppress(ConnectionError):
            for chunk in chunks:
                connection.sendall(chunk)
        answer = http.client.HTTPResponse(connection, method=verb)
        answer.begin()
        body = answer.read()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return RawAnswer(answer.status, found, body, _ended(connection))


def _ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


class Stream:
    """One answer as server-sent events, read from the socket, so that each is seen when it comes."""

    def __init__(self, url: str, message: dict[str, Any], headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        body = json.dumps(message).encode()
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        lines = [f"POST {target} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._socket = socket.create_connection(("127.0.0.1", parts.port), timeout=TIMEOUT)
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        self._file = self._socket.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        self.headers = dict(self._header_lines())

    def _header_lines(self) -> Iterator[tuple[str, str]]:
        while line := self._file.readline().strip().decode():
            name, _colon, value = line.partition(":")
            yield name.lower(), value.strip()

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield each message when its frame is complete."""
        for line in self._file:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])

    def close(self) -> None:
        """Close the connection, as a client does that loses interest."""
        self._file.close()
        self._socket.close()


class Web:
    """A person in a browser: logs in and calls Odoo's own web API. All requests share the session's cookie."""

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.password = password
        self.call("/web/session/authenticate", db=database, login=login, password=password)

    def call(self, path: str, **params: Any) -> Any:
        """Return what a JSON route of Odoo returns.

        :raise Refused: with Odoo's error
        """
        message = {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}
        answer = self.session.post(self.url + path, json=message, timeout=TIMEOUT).json()
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("result")

    def execute(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of a model as the web client does."""
        return self.call(f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=args, kwargs=kwargs)

    @contextlib.contextmanager
    def parameter(self, key: str, value: str) -> Iterator[None]:
        """Set a system parameter, and remove it at the end of the block."""
        self.execute("ir.config_parameter", "set_param", key, value)
        try:
            yield
        finally:
            self.execute("ir.config_parameter", "set_param", key, False)

    def revoke(self, key_id: int) -> None:
        """Delete an API key with the button of the user's preferences, which asks for the password again."""
        action = self.execute("res.users.apikeys", "remove", [key_id])
        wizard = action["res_model"], [action["res_id"]]
        self.execute(wizard[0], "write", wizard[1], {"password": self.password})
        self.execute(wizard[0], "run_check", wizard[1], context={"password": self.password})


def message_of(method: str, params: dict[str, Any], version: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a request of ``version`` and the headers that go with it."""
    headers = {"MCP-Protocol-Version": version}
    params = dict(params)
    if version == MODERN:
        meta = {META + "protocolVersion": version, META + "clientCapabilities": {}}
        meta[META + "clientInfo"] = {"name": "live tests", "version": "1"}
        params["_meta"] = {**meta, **params.get("_meta", {})}
        headers["Mcp-Method"] = method
        if method in NAMED_BY:
            headers["Mcp-Name"] = params.get(NAMED_BY[method], "")
    elif method == "initialize":
        del headers["MCP-Protocol-Version"]
    message = {"jsonrpc": "2.0", "id": 1, "method": method}
    return ({**message, "params": params} if params else message), headers


def text_of(result: dict[str, Any]) -> str:
    """Return the texts of a tool's result."""
    return "\n".join(block.get("text", "") for block in result["content"])
