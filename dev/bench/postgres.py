# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A PostgreSQL for measuring: that of development does not wait for the disk, which would flatter writes."""

import contextlib
import dataclasses
import subprocess
from collections.abc import Iterator
from typing import ClassVar

from ..database import Databases
from ..environment import Environment
from ..postgres import PORT, ROLE, Postgres, foreign
from ..progress import Problem, say
from ..venv import Venv

OWN_PORT = str(int(PORT) + 1)


class MeasuredPostgres(Postgres):
    """A second private server, of the first one's wheel and in its socket folder, with PostgreSQL's own settings."""

    settings: ClassVar[dict[str, str]] = {"listen_addresses": "", "port": OWN_PORT}

    def __init__(self) -> None:
        super().__init__()
        self.development = self.home
        self.home = self.development.with_name(f"{self.development.name}-bench")
        self.data = self.home / "data"
        self.log = self.home / "server.log"

    def environ(self) -> dict[str, str]:
        return {**super().environ(), "PGPORT": OWN_PORT}

    def _install(self, venv: Venv) -> None:
        self.home.mkdir(exist_ok=True)
        self.home.chmod(0o755)
        link = self.home / "wheel"
        if not link.exists():
            link.symlink_to(self.development / "wheel", target_is_directory=True)

    def take(self, name: str) -> None:
        """Take over a database of the development server.

        :raise Problem: it could not be read or written
        """
        host = ["-h", self.socket, "-U", ROLE]
        self.drop(name)
        self._call("createdb", *host, "-p", OWN_PORT, name)
        read = self._command("pg_dump", *host, "-p", PORT, "--format=custom", "--compress=0", name)
        write = self._command("pg_restore", *host, "-p", OWN_PORT, "--exit-on-error", "--dbname", name)
        with subprocess.Popen(**read, stdout=subprocess.PIPE) as dump:
            write["stdin"] = dump.stdout
            restored = subprocess.run(**write, capture_output=True, text=True, check=False)
        if restored.returncode or dump.returncode:
            raise Problem(f"the database {name} could not be copied: {restored.stderr[-1000:]}")

    def drop(self, name: str) -> None:
        """Drop a database of this server, whoever is connected."""
        self._call("dropdb", "-h", self.socket, "-U", ROLE, "-p", OWN_PORT, "--if-exists", "--force", name)


@contextlib.contextmanager
def measured(environment: Environment, name: str) -> Iterator[Environment]:
    """Yield an environment whose PostgreSQL has its own settings and holds a database of the given environment.

    A server that PGHOST names is measured as it is.
    """
    if foreign():
        yield environment
        return
    server = MeasuredPostgres()
    server.ensure(environment.venv)
    try:
        say("copying the database to a PostgreSQL with its own settings")
        server.take(name)
        yield dataclasses.replace(environment, database_environ=server.environ())
    finally:
        server.drop(name)
        server.stop()


def settings(environment: Environment) -> str:
    """Return what decides on the speed of writes."""
    names = ("fsync", "synchronous_commit", "full_page_writes")
    rows = Databases(environment).sql(*[(f"SHOW {name}", []) for name in ("server_version", *names)])
    version, *values = [row[0][0] for row in rows]
    shown = ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    return f"PostgreSQL {version.split()[0]} ({shown})"
