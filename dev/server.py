# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A live Odoo with several workers, for `make serve` and for tests.

A fixture in a test needs three lines::

    with prepared() as environment:
        with live_copy(environment, Databases(environment).test()) as server:
            yield server
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .database import Databases
from .environment import Environment
from .paths import LOGS
from .progress import Problem, stop_group, tail

LOOPBACK = "127.0.0.1"
PATIENCE = 180.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class LiveServer:
    """A running Odoo."""

    environment: Environment
    database: str
    port: int
    log: Path
    process: subprocess.Popen

    @property
    def url(self) -> str:
        """The origin, which is also the `web.base.url` of the database."""
        return origin(self.port)

    @property
    def mcp_url(self) -> str:
        """The MCP endpoint."""
        return f"{self.url}/mcp"

    def shell(self, script: str) -> list[str]:
        """Run a script in Odoo's shell on the same database; see `Environment.shell`."""
        return self.environment.shell(self.database, script)


def origin(port: int) -> str:
    """Return the origin of a server on this port."""
    return f"http://localhost:{port}"


def free_port(wanted: int = 0) -> int:
    """Return a free port of the loopback interface: the wanted one if it is free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((LOOPBACK, port))
                return probe.getsockname()[1]
    raise Problem("no port of the loopback interface can be bound")


def set_base_url(environment: Environment, database: str, url: str) -> None:
    """Give a database its own address, and keep logins from changing it."""
    statement = """
        INSERT INTO ir_config_parameter (key, value, create_date, write_date) VALUES (%s, %s, now(), now())
        ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"""
    values = {"web.base.url": url, "web.base.url.freeze": "True"}
    Databases(environment).sql(*((statement, [key, value]) for key, value in values.items()), database=database)


@contextlib.contextmanager
def live_server(
    environment: Environment,
    database: str,
    *,
    port: int | None = None,
    workers: int = 2,
    options: Sequence[str] = (),
) -> Iterator[LiveServer]:
    """Run Odoo on a database while the block runs; nothing of it is left afterwards.

    :param workers: 0 for the threaded server
    :param options: more options of Odoo's command line
    :raise Problem: with the end of Odoo's log, when it does not come up
    """
    port = port or free_port()
    set_base_url(environment, database, origin(port))
    arguments = ["-d", database, f"--db-filter=^{database}$", f"--http-interface={LOOPBACK}", f"--http-port={port}"]
    arguments += [f"--workers={workers}", f"--gevent-port={free_port()}", "--max-cron-threads=0", *options]
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"server-{database}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            environment.odoo(*arguments),
            env=environment.environ(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    try:
        server = LiveServer(environment, database, port, log, process)
        _wait_until_healthy(server)
        yield server
    finally:
        stop_group(process)


@contextlib.contextmanager
def live_copy(
    environment: Environment,
    template: str,
    *,
    script: str | None = None,
    workers: int = 2,
    options: Sequence[str] = (),
) -> Iterator[LiveServer]:
    """Run Odoo on a copy of a template and drop the copy afterwards.

    :param script: runs in Odoo's shell before the server starts
    """
    databases = Databases(environment)
    name = databases.name(f"live{os.getpid()}_{free_port()}")
    databases.copy(template, name)
    try:
        if script:
            environment.shell(name, script)
        with live_server(environment, name, workers=workers, options=options) as server:
            yield server
    finally:
        databases.drop(name)


def _wait_until_healthy(server: LiveServer) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"http://{LOOPBACK}:{server.port}/web/health", timeout=30).close()
            return
        time.sleep(0.1)
    raise Problem(f"Odoo did not come up on {server.url}\nThe end of {server.log}:\n{tail(server.log)}")


_LIBC = ctypes.CDLL(None)


def _die_with_parent() -> None:
    """Have the kernel end Odoo when the command that started it is killed outright (Linux only, as Odoo's workers)."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
