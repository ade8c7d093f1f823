# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A live Odoo with two workers on a database of its own, its users and their keys."""

from __future__ import annotations

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
from wire import Wire  # noqa: E402

from dev import node as dev_node  # noqa: E402
from dev.database import Databases  # noqa: E402
from dev.environment import Environment, prepared  # noqa: E402
from dev.node import Node  # noqa: E402
from dev.server import live_server  # noqa: E402
from dev.venv import clients_venv  # noqa: E402


@pytest.fixture(scope="session")
def environment() -> Iterator[Environment]:
    with prepared() as found:
        yield found


@pytest.fixture(scope="session")
def server(environment: Environment) -> Iterator[Live]:
    """The live server, with a copy of the database that has the fixtures' addon."""
    databases = Databases(environment)
    name = databases.name(f"e2e{os.getpid()}")
    databases.copy(databases.test(), name)
    try:
        printed = environment.shell(name, (HERE / "people.py").read_text())
        people = {who: Person(**facts) for who, facts in json.loads(printed[-1]).items()}
        with live_server(environment, name, workers=WORKERS) as odoo:
            yield Live(odoo.url, name, odoo.log, people, _libpq(environment.database_environ))
    finally:
        databases.drop(name)


def _libpq(variables: dict[str, str]) -> dict[str, str]:
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    return {names[key]: value for key, value in variables.items() if key in names}


@pytest.fixture(scope="session")
def node() -> Node:
    return dev_node.ensure()


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


@pytest.fixture
def plain(server: Live) -> Wire:
    """A client of an ordinary user who may use MCP and edit contacts."""
    return server.wire("plain")


@pytest.fixture
def admin(server: Live) -> Wire:
    return server.wire("admin")
