# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A live Odoo with two workers on a database of its own, its users and their keys."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

for folder in (Path(__file__).resolve().parent, Path(__file__).resolve().parents[2]):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))

from live import HERE, WORKERS, Live, Person, without_memory_limit  # noqa: E402
from tls import Certificate, Site, make_certificate, site  # noqa: E402
from wire import Web, Wire  # noqa: E402

from dev import node as dev_node  # noqa: E402
from dev.browser import NoBrowser, find_or_install  # noqa: E402
from dev.database import Databases  # noqa: E402
from dev.environment import Environment, prepared  # noqa: E402
from dev.node import Node  # noqa: E402
from dev.server import live_server  # noqa: E402
from dev.venv import clients_venv  # noqa: E402

WINDOWS = {"laptop": (1366, 768), "phone": (390, 844)}
"""Sizes of a laptop's window and of a phone's, in CSS pixels."""

DOCUMENT_PORTS = "mcp_native_conformance.document_ports"


@pytest.fixture(scope="session")
def environment() -> Iterator[Environment]:
    with prepared() as found:
        yield found


@pytest.fixture(scope="session")
def peopled(environment: Environment) -> Iterator[tuple[str, dict[str, Person]]]:
    """A copy of the database that has the fixtures' addon, with the users of the tests; to be copied again."""
    databases = Databases(environment)
    name = databases.name(f"e2e{os.getpid()}")
    databases.copy(databases.test(), name)
    try:
        printed = environment.shell(name, (HERE / "people.py").read_text())
        yield name, {who: Person(**facts) for who, facts in json.loads(printed[-1]).items()}
    finally:
        databases.drop(name)


@pytest.fixture(scope="session")
def server(environment: Environment, peopled: tuple[str, dict[str, Person]]) -> Iterator[Live]:
    """The live server."""
    with _living(environment, peopled, "first") as live:
        yield live


@pytest.fixture(scope="session")
def second(
    environment: Environment, peopled: tuple[str, dict[str, Person]], certificate: Certificate
) -> Iterator[Live]:
    """Another live server: it trusts the certificate of the tests, believes a reverse proxy, and logs all it can."""
    variables = {**environment.database_environ, **certificate.trusted}
    trusting = dataclasses.replace(environment, database_environ=variables)
    with _living(trusting, peopled, "second", options=("--proxy-mode", "--log-level=debug")) as live:
        yield live


@contextlib.contextmanager
def _living(
    environment: Environment, peopled: tuple[str, dict[str, Person]], kind: str, options: tuple[str, ...] = ()
) -> Iterator[Live]:
    template, people = peopled
    databases = Databases(environment)
    name = databases.name(f"e2e{os.getpid()}_{kind}")
    databases.copy(template, name)
    try:
        with live_server(environment, name, workers=WORKERS, options=options) as odoo:
            yield Live(odoo.url, name, odoo.log, people, _libpq(environment.database_environ))
    finally:
        databases.drop(name)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """For `localhost`, of an authority that nobody else knows."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def documents(second: Live, certificate: Certificate) -> Iterator[Site]:
    """A site of client metadata documents on the loopback interface, which the second server may fetch for once."""
    with site(certificate) as found:
        # Never removed: Odoo's own test cases end all processes they find, so that the server may be gone by then.
        second.web("admin").execute("ir.config_parameter", "set_param", DOCUMENT_PORTS, str(found.port))
        yield found


def _libpq(variables: dict[str, str]) -> dict[str, str]:
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    return {names[key]: value for key, value in variables.items() if key in names}


@pytest.fixture(scope="session")
def node() -> Node:
    return dev_node.ensure()


@pytest.fixture(scope="session")
def chromium() -> Path:
    try:
        return find_or_install()
    except NoBrowser as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def clients_python() -> Path:
    """The Python that has the protocol's own SDK."""
    return clients_venv().python


@pytest.fixture(scope="session")
def run() -> Callable[..., subprocess.CompletedProcess]:
    """Runs a program to its end; what it printed is in the result, and the test says what to make of it."""

    def run_program(*command: str | Path, **options: Any) -> subprocess.CompletedProcess:
        kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
        environ = {**kept, **options.pop("env", {})}
        words = list(map(str, command))
        options = {"preexec_fn": without_memory_limit, "timeout": 120, **options}
        return subprocess.run(words, env=environ, capture_output=True, text=True, check=False, **options)

    return run_program


@pytest.fixture(scope="session")
def undisturbed(server: Live) -> None:
    """Keeps OdooBot from opening its chat over the page at a person's first visit."""
    web = server.web("admin")
    if web.execute("res.users", "fields_get", ["odoobot_state"]):
        ids = [person.id for person in server.people.values()]
        web.execute("res.users", "write", ids, {"odoobot_state": "disabled"})


@pytest.fixture(params=WINDOWS)
def browse(request, server, undisturbed, run, clients_python, chromium, tmp_path) -> Callable[..., dict[str, Any]]:
    """Goes on a journey of `pages_client.py` as a person, and returns what was seen there."""
    width, height = WINDOWS[request.param]

    def browse(journey: str, who: str, **plan: Any) -> dict[str, Any]:
        person = server.people[who]
        plan |= {"url": server.url, "login": person.login, "password": person.password, "chromium": str(chromium)}
        plan |= {"width": width, "height": height, "pictures": str(tmp_path), "profile": str(tmp_path / "profile")}
        done = run(clients_python, HERE / "pages_client.py", journey, input=json.dumps(plan), timeout=240)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}\nPictures: {tmp_path}"
        seen = json.loads(done.stdout.splitlines()[-1])
        assert seen["errors"] == []
        assert seen["out of reach"] == []
        return seen

    return browse


@pytest.fixture
def approving(server: Live) -> Iterator[Web]:
    """Makes every change of an ordinary user's assistant need the administrator's approval; gives their browser."""
    web = server.web("admin")
    full = web.execute("mcp_native.profile", "search", [["everybody", "=", True]])
    values = {"name": "Approved", "sequence": 1, "approver_ids": [[6, 0, [server.people["admin"].id]]]}
    values |= dict.fromkeys(("create_decision", "write_decision", "unlink_decision", "call_decision"), "approve")
    web.execute("mcp_native.profile", "write", full, {"everybody": False})
    profile = web.execute("mcp_native.profile", "create", {**values, "everybody": True})
    yield web
    web.execute("mcp_native.profile", "write", [profile], {"everybody": False})
    web.execute("mcp_native.profile", "write", full, {"everybody": True})


@pytest.fixture
def plain(server: Live) -> Wire:
    """A client of an ordinary user who may use MCP and edit contacts."""
    return server.wire("plain")


@pytest.fixture
def admin(server: Live) -> Wire:
    return server.wire("admin")
