# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The stage: the records that everyone is asked for, and the other servers beside Odoo."""

import contextlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..database import Databases
from ..environment import Environment
from ..paths import LOGS, MODULE, STATE
from ..progress import Problem, say, stop_group, tail
from ..server import free_port, origin
from ..venv import DEV, Venv
from .client import HOST
from .contestants import path_of
from .scenario import (
    AGGREGATE,
    CONTACTS,
    CREATE,
    DOMAIN,
    LIST,
    MODEL,
    NEW_NAME,
    ORDER,
    READ,
    SEARCH,
    SEARCHED,
    OrmCall,
    Scenario,
    orm_calls,
)

BARE = "mcp_native_bench"
PATIENCE = 120
PREPARE = """
import json
from datetime import timedelta
from odoo import fields
from odoo.addons.mcp_native.oauth import tokens
user = env.ref("base.user_admin")
# As many calls as the clock allows, with limits that are counted but never reached.
everybody = env["mcp_native.profile"].search([("everybody", "=", True)])
everybody.everybody = False
env.flush_all()
full = env.ref("mcp_native.profile_full")
full.limit_ids.unlink()
full.write({"everybody": True, "breaker_writes": 10**6, "breaker_errors": 10**6, "limit_ids": [
    (0, 0, {"measure": measure, "scope": "credential", "period": period, "amount": 10**6})
    for measure, period in (("calls", "60"), ("writes", "60"), ("rows", "3600"), ("calls", "86400"))]})
company = env["res.partner"].create({"name": "Benchmark Company", "is_company": True})
env["res.partner"].create([
    {
        "name": f"Contact {number:03}", "ref": f"bench-{number:03}", "email": f"contact{number}@example.com",
        "phone": f"+32 2 555 {number:04}", "street": f"{number} Example Street", "city": "Brussels", "zip": "1000",
        "country_id": env.ref("base.be").id, "type": "other", "parent_id": company.id,
    }
    for number in range(count)
])
keys = env["res.users.apikeys"].with_user(user).sudo()
ends = [fields.Datetime.now() + timedelta(days=1)] if "expiration_date" in keys._fields else []
key = keys._generate(None, "Benchmark", *ends)
found = env[model].with_user(user).search(domain, limit=searched, order=order)
client = env["mcp_native.oauth.client"].sudo().create(
    {"name": "Benchmark", "identifier": "bench", "kind": "registered", "redirect_uris": "https://example.com/callback"})
grant = env["mcp_native.oauth.grant"].sudo()._decide(user, client, may_write=True)
token = tokens.new(tokens.ACCESS)
env["mcp_native.oauth.token"].sudo().create(
    {"kind": "access", "digest": tokens.digest(token), "grant_id": grant.id, "family": "bench", "scopes": grant.scopes,
     "resource": resource, "expires": fields.Datetime.now() + timedelta(days=1)})
env.cr.commit()
facts = {"uid": user.id, "login": user.login, "key": key, "token": token, "first": found[0].read(["name"])[0],
         "last": found[-1].name, "stage": env["crm.lead"].search([("stage_id", "!=", False)], limit=1).stage_id.name}
print(">>> " + json.dumps(facts))
"""


def prepare(environment: Environment, database: str, port: int) -> Scenario:
    """Install the addon and the bare controller, and store the records, a key, an access token and the calls.

    The key has no scope, as those of the user's preferences: Odoo's own interfaces take no other.
    """
    say(f"installing {MODULE} and {BARE} in {database}")
    databases = Databases(environment)
    databases.install(database, [MODULE, BARE])
    names = {"resource": f"{origin(port)}/mcp"}
    names |= {"count": CONTACTS, "model": MODEL, "domain": DOMAIN, "searched": SEARCHED, "order": ORDER}
    given = "".join(f"{name} = {value!r}\n" for name, value in names.items())
    facts = json.loads(environment.shell(database, given + PREPARE)[-1])
    series = environment.source.number
    calls = orm_calls(series, facts["first"]["id"])
    expected = {SEARCH: facts["last"], READ: facts["first"]["name"], AGGREGATE: facts["stage"], CREATE: "", LIST: ""}
    _store(environment, database, facts["uid"], calls)
    databases.sql(("ANALYZE", []), database=database)
    where = (series, port, database, facts["uid"], facts["login"], facts["key"], facts["token"], facts["first"]["id"])
    return Scenario(*where, expected)


def _store(environment: Environment, database: str, uid: int, calls: Mapping[str, OrmCall]) -> None:
    stored = {path_of(name): call.stored() for name, call in calls.items()}
    value = json.dumps({"uid": uid, "calls": {**stored, path_of(LIST): None}})
    script = f"env['ir.config_parameter'].set_param('{BARE}.calls', {value!r})\nenv.cr.commit()\n"
    environment.shell(database, script)


def rows(environment: Environment, database: str) -> tuple[int, int]:
    """Return how many contacts were created and how many rows the access log has."""
    created = ("SELECT count(*) FROM res_partner WHERE name = %s", [NEW_NAME])
    logged = ("SELECT count(*) FROM mcp_native_access_log", [])
    found = Databases(environment).sql(created, logged, database=database)
    return found[0][0][0], found[1][0][0]


@contextlib.contextmanager
def mcp_server_odoo(scenario: Scenario) -> Iterator[int]:
    """Run mcp-server-odoo with the fastest transport it has for the series, and yield its port."""
    port = free_port()
    variables = {
        "ODOO_URL": f"http://{HOST}:{scenario.port}",
        "ODOO_DB": scenario.database,
        "ODOO_USER": scenario.login,
        "ODOO_API_KEY": scenario.key,
        "ODOO_YOLO": "true",
        "ODOO_RPC_TRANSPORT": "json2" if scenario.has_json_2 else "xmlrpc",
    }
    options = ["--transport", "streamable-http", "--host", HOST, "--port", str(port)]
    with _peer("mcp-server-odoo", options, variables, port):
        yield port


@contextlib.contextmanager
def odoo_mcp(scenario: Scenario) -> Iterator[int]:
    """Run odoo-mcp with the fastest transport it has for the series, and yield its port."""
    port = free_port()
    variables = {
        "ODOO_URL": f"http://{HOST}:{scenario.port}",
        "ODOO_DB": scenario.database,
        "ODOO_USERNAME": scenario.login,
        "ODOO_PASSWORD": scenario.key,
        "ODOO_API_KEY": scenario.key,
        "ODOO_TRANSPORT": "json2" if scenario.has_json_2 else "xmlrpc",
        "ODOO_MCP_ENABLE_WRITES": "1",
    }
    options = ["--transport", "streamable-http", "--host", HOST, "--port", str(port), "--path", "/mcp"]
    with _peer("odoo-mcp", options, variables, port):
        yield port


@contextlib.contextmanager
def _peer(name: str, options: Sequence[str], variables: dict[str, str], port: int) -> Iterator[None]:
    venv = Venv(f"bench-{name}", (DEV / f"requirements-bench-{name}.txt").read_text()).ensure()
    home = STATE / "data" / f"bench-{name}"
    home.mkdir(parents=True, exist_ok=True)
    environ = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "NO_PROXY": HOST, **variables}
    with _running(name, [str(venv.bin / name), *options], environ, port):
        yield


@contextlib.contextmanager
def _running(name: str, command: Sequence[str], environ: dict[str, str], port: int) -> Iterator[None]:
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"bench-{name}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=environ, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_until_listening(name, process, port, log)
        yield
    finally:
        stop_group(process)


def _wait_until_listening(name: str, process: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.1)
    raise Problem(f"{name} did not start\nThe end of {log}:\n{tail(log)}")
