# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real clients connect by a login: their own OAuth, and a person who logs in and decides in Chromium."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from live import HERE, Live, conversation
from oauth_wire import BOTH, READ, discover, new_client
from test_live_clients import CLIENT, FOUND, Bridge
from test_live_clients import READ as SEARCH
from wire import Wire, text_of

from dev.server import free_port

LONGEST = 180.0
"""Seconds after which a client that hangs is ended."""

WINDOW = {"width": 1366, "height": 768}


@pytest.fixture
def plan(chromium, tmp_path) -> Callable[..., dict[str, Any]]:
    """Returns what a person does who is asked: log in as an ordinary user, and connect."""

    def plan(live: Live, **changes: Any) -> dict[str, Any]:
        person = live.people["plain"]
        common = {"url": live.url, "login": person.login, "password": person.password, "chromium": str(chromium)}
        folders = {"pictures": str(tmp_path), "profile": str(tmp_path / "profile")}
        return {**WINDOW, **common, **folders, "decision": "connect", "access": "write", **changes}

    return plan


class Talk:
    """A program that answers each line of JSON with one."""

    def __init__(self, *command: str | Path) -> None:
        kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
        self.process = conversation(list(command), kept)
        self.guard = threading.Timer(LONGEST, self.process.kill)
        self.guard.start()

    def tell(self, message: dict[str, Any]) -> None:
        """Send a line that has no answer."""
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def do(self, do: str, **options: Any) -> dict[str, Any]:
        """Send a line and return its answer."""
        self.tell({"do": do, **options})
        line = self.process.stdout.readline()
        assert line, f"the client ended with {self.process.wait(timeout=20)}; what it said is above"
        return json.loads(line)

    def close(self) -> None:
        """Let the program end by itself."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(timeout=30)
        finally:
            self.guard.cancel()
            self.process.kill()
            self.process.stdout.close()


class TestPythonSdk:
    """One run: discovery, registration, login and consent for reading, calls, a refresh, a step up to writing."""

    @pytest.fixture
    def connect(self, clients_python, plan) -> Iterator[Callable[..., Talk]]:
        with contextlib.ExitStack() as stack:

            def connect(live: Live, name: str, document: str | None = None) -> Talk:
                talk = Talk(clients_python, HERE / "oauth_sdk_client.py")
                stack.callback(talk.close)
                talk.tell({**plan(live, access="read"), "mcp": live.mcp_url, "name": name, "document": document})
                return talk

            yield connect

    def go_the_whole_way(self, live: Live, talk: Talk, name: str) -> dict[str, Any]:
        """Check what the client sees at each step, and return the last of it."""
        first = talk.do("list")
        self.check_consent(live, first, name)
        self.check_refresh(live, talk, first)
        return self.check_step_up(live, talk, name)

    def check_consent(self, live: Live, seen: dict[str, Any], name: str) -> None:
        (visit,) = seen["visits"]
        assert visit["login"] is True
        assert name in visit["text"]
        assert "127.0.0.1" in visit["text"]
        assert live.people["plain"].login in visit["text"]
        assert live.database in visit["text"]
        assert visit["errors"] == []
        assert visit["out of reach"] == []
        (asked,) = seen["asked"]
        assert asked["resource"] == live.mcp_url
        assert asked["prompt"] == "consent"
        assert set(asked["scope"].split()) == {*BOTH.split(), "offline_access"}
        assert seen["tokens"]["scope"] == READ
        assert "search_records" in seen["tools"]
        assert "create_records" not in seen["tools"]

    def check_refresh(self, live: Live, talk: Talk, before: dict[str, Any]) -> None:
        assert live.end_access_tokens()
        assert Wire(live.mcp_url, before["tokens"]["access_token"]).status() == 401
        talk.do("expire")
        name, arguments = SEARCH
        found = talk.do("call", name=name, arguments=arguments)
        assert FOUND in text_of(found["result"])
        assert len(found["visits"]) == 1, "the person was asked again"
        assert found["tokens"]["access_token"] != before["tokens"]["access_token"]
        assert found["tokens"]["refresh_token"] != before["tokens"]["refresh_token"]

    def check_step_up(self, live: Live, talk: Talk, name: str) -> dict[str, Any]:
        written = {"model": "res.partner", "values": [{"name": name}]}
        created = talk.do("call", name="create_records", arguments=written, access="write")
        assert not created["result"].get("isError"), created["result"]
        assert live.partners(name) == 1
        assert len(created["visits"]) == 2
        assert created["visits"][1]["login"] is False
        assert set(created["asked"][1]["scope"].split()) >= set(BOTH.split())
        assert created["tokens"]["scope"] == BOTH
        assert "create_records" in talk.do("list")["tools"], "the client kept the list from before"
        decided = """
            SELECT decision.scopes FROM mcp_native_oauth_grant decision
              JOIN mcp_native_oauth_client client ON client.id = decision.client_id
             WHERE client.name = %s AND decision.ended IS NULL"""
        assert live.rows(decided, name) == [(BOTH,)]
        return created

    def test_it_registers_itself(self, server, connect):
        name = "Python SDK that registers"
        seen = self.go_the_whole_way(server, connect(server, name), name)
        assert not seen["client"]["client_id"].startswith("https://")
        kind = "SELECT kind FROM mcp_native_oauth_client WHERE identifier = %s"
        assert server.rows(kind, seen["client"]["client_id"]) == [("dynamic",)]

    def test_it_is_known_by_its_document(self, second, documents, connect):
        name = "Python SDK with a document"
        url = documents.publish(
            "/clients/sdk.json", {"client_name": name, "redirect_uris": ["http://127.0.0.1/callback"]}
        )
        seen = self.go_the_whole_way(second, connect(second, name, url), name)
        assert seen["client"]["client_id"] == url
        assert set(documents.asked) == {"/clients/sdk.json"}
        assert second.rows("SELECT kind FROM mcp_native_oauth_client WHERE identifier = %s", url) == [("document",)]


@pytest.fixture
def decide(run, clients_python, plan) -> Callable[..., dict[str, Any]]:
    """Opens an address that a client showed, in Chromium, logs in and decides; returns what was seen."""

    def decide(live: Live, authorize: str, **changes: Any) -> dict[str, Any]:
        message = json.dumps(plan(live, authorize=authorize, **changes))
        done = run(clients_python, HERE / "oauth_browser.py", input=message, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        seen = json.loads(done.stdout.splitlines()[-1])
        assert (seen["errors"], seen["out of reach"]) == ([], [])
        return seen

    return decide


class Shown:
    """A program that shows an address to be opened, and goes on when that was done."""

    def __init__(self, command: list[str | Path], environ: dict[str, str]) -> None:
        self.said = ""
        self.process = conversation(command, environ, subprocess.STDOUT)
        self.guard = threading.Timer(LONGEST, self.process.kill)
        self.guard.start()

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.guard.cancel()
        self.process.kill()
        self.process.wait(timeout=20)
        self.process.stdin.close()
        self.process.stdout.close()

    def address(self, beginning: str) -> str:
        """Return the line that begins so."""
        for line in self.process.stdout:
            self.said += line
            if line.startswith(beginning):
                return line.strip()
        raise AssertionError(f"no address was shown\n{self.said}")

    def end(self) -> int:
        """Return the exit status, once the program has ended by itself."""
        self.said += self.process.stdout.read()
        return self.process.wait(timeout=60)


def test_mcp_remote_logs_in_once_and_stays_connected(server, node, decide, tmp_path):
    environ = {"HOME": str(tmp_path), "MCP_REMOTE_CONFIG_DIR": str(tmp_path), "BROWSER": "true"}
    options = [server.mcp_url, "--allow-http", "--transport", "http-only", "--auth-timeout", "120"]
    with Shown([node.program, node.script("mcp-remote-client"), *options], environ) as client:
        seen = decide(server, client.address(f"{server.url}/oauth/authorize"))
        assert client.end() == 0, client.said
    assert seen["login"] is True
    assert "MCP CLI Client" in seen["text"]
    assert "localhost" in seen["text"]
    assert "Connected successfully!" in client.said
    assert '"search_records"' in client.said
    with Bridge([node.program, node.script("mcp-remote"), *options], environ) as bridge:
        bridge.request("initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo=CLIENT)
        bridge.notify("notifications/initialized")
        assert "create_records" in {tool["name"] for tool in bridge.request("tools/list")["tools"]}
        found = bridge.request("tools/call", name=SEARCH[0], arguments=SEARCH[1])
    assert FOUND in text_of(found)


@pytest.mark.parametrize("resource", ["named", "not named"])
def test_the_conformance_suite_finds_nothing_wrong_with_the_authorization_server(
    server, node, decide, tmp_path, resource
):
    port = free_port()
    client = new_client(discover(server.mcp_url), "Suite", redirect_uris=[f"http://127.0.0.1:{port}/callback"])
    command = [node.program, node.conformance, "authorization", "--url", server.url, "--client-id", client.client_id]
    command += ["--port", port, "-o", tmp_path / "results"]
    command += ["--resource", server.mcp_url] if resource == "named" else []
    with Shown(command, node.environ()) as suite:
        decide(server, suite.address(f"{server.url}/oauth/authorize"))
        assert suite.end() == 0, suite.said
    checks = [json.loads(path.read_text()) for path in sorted((tmp_path / "results").glob("**/checks.json"))]
    statuses = {check["id"]: check["status"] for found in checks for check in found}
    assert set(statuses.values()) == {"SUCCESS"}, suite.said
    assert "authorization-code-grant" in statuses
