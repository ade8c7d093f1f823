# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real clients on the live server: each lists tools, reads, writes, and sees an error that teaches."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from live import HERE, conversation
from wire import text_of

READ = "search_records", {"model": "res.users", "domain": [["login", "=", "live_plain"]], "fields": ["login"]}
MISTAKE = "search_records", {"model": "res.partnr"}
HINT = "res.partner"
FOUND = "res.users: 1-1 of 1"


def calls_of(name: str) -> list:
    """Return a read, a write that leaves a contact of this name, and a mistake."""
    return [READ, ("create_records", {"model": "res.partner", "values": [{"name": name}]}), MISTAKE]


def check_results(server, name: str, results: list[dict]) -> None:
    """Check what a client got for ``calls_of(name)``."""
    read, written, mistaken = results
    assert not read.get("isError"), read
    assert FOUND in text_of(read)
    assert not written.get("isError"), written
    assert server.partners(name) == 1
    assert mistaken["isError"] is True
    assert HINT in text_of(mistaken)


@pytest.fixture
def key(server) -> dict[str, str]:
    return {"MCP_KEY": server.people["plain"].key}


def report(done: subprocess.CompletedProcess) -> dict:
    """Return what a client printed as JSON on its last line."""
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25"), ("2026-07-28", "2026-07-28")]
)
def test_the_python_sdk_works(server, run, clients_python, key, mode, version):
    name = f"Python SDK {mode}"
    done = run(clients_python, HERE / "sdk_client.py", server.mcp_url, mode, env=key, input=json.dumps(calls_of(name)))
    seen = report(done)
    assert seen["version"] == version
    assert {"search_records", "create_records"} <= set(seen["tools"])
    assert seen["progress"] == [0, 50, 100]
    check_results(server, name, seen["results"])


@pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
def test_the_typescript_sdk_works(server, run, node, key, mode, version):
    name = f"TypeScript SDK {mode}"
    command = [node.program, HERE / "sdk_client.mjs", node.modules.parent, server.mcp_url, mode]
    seen = report(run(*command, env=key, input=json.dumps(calls_of(name))))
    assert seen["version"] == version
    assert {"search_records", "create_records"} <= set(seen["tools"])
    assert seen["progress"] == [0, 50, 100]
    check_results(server, name, seen["results"])


class TestInspector:
    """The Inspector's command line: exit status 0 for an answer, 5 for a tool's error, 3 for no access."""

    @pytest.fixture(params=["legacy", "modern"])
    def inspect(self, request, server, run, node, tmp_path):
        """Runs the Inspector with a method."""
        headers = {"Authorization": f"Bearer {server.people['plain'].key}"}
        entry = {"type": "streamable-http", "url": server.mcp_url, "protocolEra": request.param, "headers": headers}
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"mcpServers": {"odoo": entry}}))
        command = [node.program, node.script("mcp-inspector"), "--cli", "--config", config, "--server", "odoo"]

        def inspect(*options):
            environ = {"MCP_INSPECTOR_SECRET_STORE": "memory", "HOME": str(tmp_path)}
            return run(*command, "--format", "json", "--stored-auth-only", *options, env=environ)

        inspect.era = request.param
        return inspect

    def call(self, inspect, name, arguments):
        return inspect("--method", "tools/call", "--tool-name", name, "--tool-args-json", json.dumps(arguments))

    def test_it_lists_reads_writes_and_sees_an_error(self, server, inspect):
        listed = inspect("--method", "tools/list")
        assert listed.returncode == 0, listed.stdout + listed.stderr
        assert '"search_records"' in listed.stdout
        name = f"Inspector {inspect.era}"
        done = [self.call(inspect, *call) for call in calls_of(name)]
        assert [one.returncode for one in done] == [0, 0, 5], [one.stdout + one.stderr for one in done]
        assert FOUND in done[0].stdout
        assert server.partners(name) == 1
        assert HINT in done[2].stdout + done[2].stderr


class TestMcpRemote:
    """The bridge between programs that know only stdio and servers on HTTP."""

    @pytest.fixture
    def environ(self, tmp_path) -> dict[str, str]:
        return {"HOME": str(tmp_path), "MCP_REMOTE_CONFIG_DIR": str(tmp_path)}

    @pytest.fixture
    def options(self, server) -> list[str]:
        return [server.mcp_url, "--allow-http", "--header", f"Authorization:Bearer {server.people['plain'].key}"]

    def test_its_client_connects_and_lists_the_tools(self, run, node, environ, options):
        reading, writing = os.pipe()  # it takes the end of its input for the wish to end
        try:
            done = run(node.program, node.script("mcp-remote-client"), *options, env=environ, stdin=reading)
        finally:
            os.close(reading)
            os.close(writing)
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        assert "Connected successfully!" in said
        assert '"search_records"' in said
        assert "Error requesting" not in said

    @pytest.mark.parametrize("protocol", ["auto", "legacy"])
    def test_a_program_reads_writes_and_sees_an_error_through_it(self, server, node, environ, options, protocol):
        name = f"mcp-remote {protocol}"
        command = [node.program, node.script("mcp-remote"), *options]
        command += ["--transport", "http-only", "--protocol", protocol]
        with Bridge(command, environ) as bridge:
            bridge.request("initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo=CLIENT)
            bridge.notify("notifications/initialized")
            tools = {tool["name"] for tool in bridge.request("tools/list")["tools"]}
            assert {"search_records", "create_records"} <= tools
            results = [
                bridge.request("tools/call", name=tool, arguments=arguments) for tool, arguments in calls_of(name)
            ]
        check_results(server, name, results)


CLIENT = {"name": "stdio", "version": "1"}


class Bridge:
    """A process that speaks MCP on its standard input and output."""

    def __init__(self, command: list[str | Path], environ: dict[str, str]) -> None:
        self.last_id = 0
        self.process = conversation(command, environ, subprocess.DEVNULL)

    def __enter__(self) -> Bridge:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def notify(self, method: str, **params: object) -> None:
        """Send a message that has no answer."""
        self._send({"method": method, "params": params})

    def request(self, method: str, **params: object) -> dict:
        """Return the result of a request that must not fail."""
        self.last_id += 1
        self._send({"id": self.last_id, "method": method, "params": params})
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self.last_id:
                return answer["result"]
        raise AssertionError(f"mcp-remote ended before it answered {method}")

    def _send(self, message: dict) -> None:
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()
