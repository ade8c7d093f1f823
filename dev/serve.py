# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`make serve`: from nothing to an answer over MCP."""

import contextlib
import json
import shlex
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from .database import Databases, addon_digest
from .environment import Environment, prepared
from .files import locked
from .paths import MODULE, addon_is_here
from .progress import Problem, say
from .server import LiveServer, free_port, live_server

USUAL_PORT = 8069
KEY_NAME = "make serve"
REVISION = "2026-07-28"
TOOL = "search_records"
QUESTION = {
    "model": "crm.lead",
    "domain": [["type", "=", "opportunity"]],
    "fields": ["name", "partner_id", "expected_revenue", "stage_id"],
    "order": "expected_revenue desc",
    "limit": 5,
}
MAKE_KEY = f"""
from datetime import timedelta
from odoo import fields
user = env.ref("base.user_admin")
for name in ("group_user", "group_manager"):
    group = env.ref("{MODULE}." + name)
    if not user.has_group("{MODULE}." + name):
        user.write({{"group_ids" if "group_ids" in user._fields else "groups_id": [(4, group.id)]}})
keys = env["res.users.apikeys"].with_user(user).sudo()
keys.search([("user_id", "=", user.id), ("name", "=", "{KEY_NAME}")]).unlink()
extra = [fields.Datetime.now() + timedelta(days=90)] if "expiration_date" in keys._fields else []
print(">>> " + keys._generate("{MODULE}", "{KEY_NAME}", *extra))
env.cr.commit()
"""


def main(_arguments: list[str]) -> None:
    """serve Odoo with demo data and the addon, and show one MCP call"""
    if not addon_is_here():
        raise Problem("there is no __manifest__.py here: nothing to serve")
    with locked("serve", wait=False), prepared() as environment:
        database = _demo_database(environment)
        say(f"starting Odoo {environment.source.series} with two workers, making an API key for the demo user")
        # Each of the two loads Odoo once: side by side they take the time of one.
        with ThreadPoolExecutor(1) as beside:
            pending = beside.submit(_key, environment, database)
            with live_server(environment, database, port=free_port(USUAL_PORT)) as server:
                key = pending.result()
                _introduce(server, key)
                _show_answer(server, key)
                _wait(server)


def _demo_database(environment: Environment) -> str:
    """Return the demo database with the addon; it is kept, with what was done in it, until Odoo itself changes."""
    databases = Databases(environment)
    template = databases.demo()
    name = databases.name("serve")
    origin, _slash, addon = (databases.comment(name) or "").partition("/")
    wanted = addon_digest()
    if origin != databases.comment(template):
        fresh = f"{name}__new"
        say(f"copying {template} and installing {MODULE}")
        databases.copy(template, fresh)
        databases.install(fresh, [MODULE], demo=True)
        databases.publish(fresh, name, f"{databases.comment(template)}/{wanted}")
    elif addon != wanted:
        say(f"updating {MODULE} in {name}")
        databases.install(name, [MODULE], demo=True, update=True)
        databases.set_comment(name, f"{origin}/{wanted}")
    return name


def _key(environment: Environment, database: str) -> str:
    printed = environment.shell(database, MAKE_KEY)
    if len(printed) != 1:
        raise Problem(f"Odoo's shell made no key: {printed}")
    return printed[0]


def _introduce(server: LiveServer, key: str) -> None:
    url = server.mcp_url
    block = {"mcpServers": {"odoo": {"type": "http", "url": url, "headers": {"Authorization": f"Bearer {key}"}}}}
    claude = ["claude", "mcp", "add", "--transport", "http", "odoo", url, "--header", f"Authorization: Bearer {key}"]
    listing = _message("tools/list", {})
    curl = ["curl", "-sS", url, *(part for line in _headers(key, "tools/list") for part in ("-H", line))]
    curl += ["-d", json.dumps(listing)]
    print(
        f"""
Odoo   {server.url}   (login admin, password admin, database {server.database})
MCP    {url}
Key    {key}

By login: give {url} to a client that runs on this computer, and log in where it sends you.

By key, Claude Code:
  {shlex.join(claude)}

Other clients, in their configuration:
{_indented(json.dumps(block, indent=2))}

By hand:
  {shlex.join(curl)}
""",
        flush=True,
    )


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _headers(key: str, method: str, name: str | None = None) -> list[str]:
    lines = [
        f"Authorization: Bearer {key}",
        "Content-Type: application/json",
        "Accept: application/json, text/event-stream",
        f"MCP-Protocol-Version: {REVISION}",
        f"Mcp-Method: {method}",
    ]
    return [*lines, f"Mcp-Name: {name}"] if name else lines


def _message(method: str, params: dict) -> dict:
    meta = {
        "io.modelcontextprotocol/protocolVersion": REVISION,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "make-serve", "version": "1"},
    }
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": meta}}


def _show_answer(server: LiveServer, key: str) -> None:
    """Ask for the five largest opportunities over MCP and print the answer, whatever it is."""
    message = _message("tools/call", {"name": TOOL, "arguments": QUESTION})
    headers = dict(line.split(": ", 1) for line in _headers(key, "tools/call", TOOL))
    request = urllib.request.Request(server.mcp_url, json.dumps(message).encode(), headers)
    print(f"The five largest opportunities, asked over MCP ({TOOL}):", flush=True)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        raise Problem(f"the MCP call failed with HTTP {error.code}: {error.read().decode(errors='replace')}") from error
    result = answer.get("result", {})
    texts = [block["text"] for block in result.get("content", []) if block.get("type") == "text"]
    if result.get("isError") or not texts:
        raise Problem(f"the MCP call gave no answer: {json.dumps(answer, indent=2)}")
    print(_indented("\n".join(texts)), flush=True)


def _wait(server: LiveServer) -> None:
    print(f"\nServing until Ctrl-C. Odoo's log: {server.log}", flush=True)
    with _stoppable():
        status = server.process.wait()
        raise Problem(f"Odoo ended by itself (exit status {status}); its log is {server.log}")


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt as signalled:
        say(f"stopping ({signalled or signal.SIGINT.name})")
