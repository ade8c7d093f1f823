# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The live server as tests see it: its clients, its database, its log, its workers."""

from __future__ import annotations

import contextlib
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg2
import pytest
from wire import Stream, Web, Wire

HERE = Path(__file__).resolve().parent
_T = TypeVar("_T")
WORKERS = 2
PATIENCE = 20.0


@dataclass(frozen=True)
class Person:
    """A user of the live database."""

    id: int
    login: str
    password: str
    key: str
    global_key: str
    spare_key: str


@dataclass(frozen=True)
class Live:
    """The live server: where it is, who its users are, what is in its database and in its log."""

    url: str
    database: str
    log: Path
    people: dict[str, Person]
    libpq: dict[str, str]

    @property
    def mcp_url(self) -> str:
        """The endpoint."""
        return f"{self.url}/mcp"

    def wire(self, person: str | None = "plain", path: str = "/mcp", kind: str = "key") -> Wire:
        """Return a client with a key of a person (``key``, ``global_key``, ``spare_key``), or with none."""
        return Wire(self.url + path, getattr(self.people[person], kind) if person else None)

    def web(self, person: str = "admin") -> Web:
        """Return a browser in which a person has logged in."""
        found = self.people[person]
        return Web(self.url, self.database, found.login, found.password)

    def rows(self, query: str, *params: Any) -> list[tuple]:
        """Return what the database itself holds, seen from a connection of its own."""
        with contextlib.closing(psycopg2.connect(dbname=self.database, **self.libpq)) as connection:
            with connection.cursor() as cursor:
                cursor.execute(query, params or None)
                return cursor.fetchall()

    def change(self, query: str, *params: Any) -> int:
        """Change what the database holds, behind Odoo's back: time that passed, for example.

        :return: how many rows
        """
        with contextlib.closing(psycopg2.connect(dbname=self.database, **self.libpq)) as connection:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, params or None)
                return cursor.rowcount

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Any]:
        """Give a cursor that sees the database as Odoo's requests do, and whose changes are taken back."""
        with contextlib.closing(psycopg2.connect(dbname=self.database, **self.libpq)) as connection:
            connection.set_session(isolation_level="REPEATABLE READ")
            with connection.cursor() as cursor:
                yield cursor

    def forget_registrations(self) -> None:
        """Let the clients that registered so far have done so long ago: one address may register so many an hour."""
        self.change("UPDATE mcp_native_oauth_client SET create_date = create_date - interval '1 day'")

    def end_access_tokens(self) -> int:
        """Let every access token have ended, and return how many there are."""
        return self.change("UPDATE mcp_native_oauth_token SET expires = now() - interval '1 day' WHERE kind = 'access'")

    def partners(self, name: str) -> int:
        """Return how many contacts have that name, archived ones too."""
        return self.rows("SELECT count(*) FROM res_partner WHERE name = %s", name)[0][0]

    def logged(self, request_id: str) -> list[dict[str, Any]]:
        """Return the rows of the access log about one HTTP request, waiting for the first of them."""
        names = ("method", "tool", "outcome", "error_class", "error_code", "login", "model", "record_ids")
        query = f"SELECT {', '.join(names)} FROM mcp_native_access_log WHERE request_id = %s ORDER BY id"
        found = wait_for(lambda: self.rows(query, request_id), f"no row of the access log for {request_id}")
        return [dict(zip(names, row, strict=True)) for row in found]

    def log_since(self, position: int) -> str:
        """Return what Odoo logged after a position."""
        with self.log.open("rb") as file:
            file.seek(position)
            return file.read().decode(errors="replace")

    def log_end(self) -> int:
        """Return the position of the end of Odoo's log."""
        return self.log.stat().st_size

    def pids_since(self, position: int, path: str = "/mcp") -> set[str]:
        """Return the processes that answered at an endpoint after a position of Odoo's log."""
        lines = [line.split() for line in self.log_since(position).splitlines() if f"POST {path}" in line]
        return {words[2] for words in lines}

    @contextlib.contextmanager
    def _hold(self) -> Iterator[tuple[Stream, str]]:
        with self.wire("admin").stream("test_worker", {}) as stream:
            assert stream.status == 200, stream.status
            yield stream, next(stream.events())["params"]["message"]

    def on_each_worker(self, do: Callable[[], _T]) -> dict[str, _T]:
        """Do something once on every worker, by keeping the other one busy meanwhile.

        :return: by process id
        """
        done: dict[str, _T] = {}
        with contextlib.ExitStack() as stack:
            held = [stack.enter_context(self._hold()) for _ in range(WORKERS)]
            assert len({pid for _stream, pid in held}) == WORKERS, "two workers cannot be told apart"
            for stream, pid in held:
                stream.close()
                done[pid] = do()
                if len(done) < WORKERS:
                    _again, same = stack.enter_context(self._hold())
                    assert same == pid, "another worker was free"
        return done


def wait_for(condition: Callable[[], _T], failure: str, patience: float = PATIENCE) -> _T:
    """Return what ``condition`` returns as soon as it is true."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > deadline:
            pytest.fail(failure)
        time.sleep(0.02)
    return found


def conversation(command: list[str | Path], environ: dict[str, str], stderr: int | None = None) -> subprocess.Popen:
    """Start a program whose input and output are lines of text.

    :param stderr: where its complaints go, as for Popen
    """
    return subprocess.Popen(
        list(map(str, command)),
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        preexec_fn=without_memory_limit,
    )


def without_memory_limit() -> None:
    """Lift the limit that Odoo put on this process, before another program starts: Node reserves more than it uses."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
