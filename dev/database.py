# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases: slow ones are made once as templates, everything else is a copy that takes seconds.

A template exists only when it is whole: it is built under another name and renamed. What it was made from stands in its
comment, so that a change makes a new one. Templates accept no connections, so that copying them never waits.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

from .environment import Environment
from .files import digest, locked
from .paths import MODULE, ROOT, addon_is_here, runtime_files, test_addons
from .postgres import foreign
from .progress import Problem, say

BASE_MODULES = (
    "base",
    "web",
    "mail",
    "contacts",
    "crm",
    "sale_management",
    "project",
    "purchase",
    "stock",
    "hr_expense",
    "hr_holidays",
)
DEMO_MODULES = (
    "crm",
    "sale_management",
    "account",
    "project",
    "hr",
    "hr_expense",
    "hr_holidays",
    "purchase",
    "stock",
    "contacts",
)


class Databases:
    """The databases of one series on the server in use."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        # A server chosen by PGHOST may serve other checkouts too.
        self.prefix = f"mcp_{digest([str(ROOT)])[:6]}_" if foreign() else ""

    def name(self, kind: str) -> str:
        """Return the name of this series' database of a kind (`base`, `demo`, `test`, `serve`)."""
        return f"{self.prefix}{kind}_{self.environment.source.number}"

    def sql(self, *statements: tuple[str, list], database: str = "postgres") -> list[list]:
        """Run statements one by one, outside a transaction, and return their rows."""
        command = [str(self.environment.venv.python), str(Path(__file__).with_name("sql.py")), database]
        done = subprocess.run(
            command,
            input=json.dumps(statements),
            env=self.environment.environ(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Problem(f"PostgreSQL refused ({database}): {done.stderr.strip().splitlines()[-1]}")
        return json.loads(done.stdout)

    def comment(self, name: str) -> str | None:
        """Return the comment of a database, `None` when it does not exist."""
        query = "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = %s"
        rows = self.sql((query, [name]))[0]
        return rows[0][0] if rows else None

    def drop(self, name: str) -> None:
        """Drop a database and its files, whoever is connected."""
        self.sql((f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', []))
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def filestore(self, name: str) -> Path:
        """Return the folder of a database's attachments."""
        return self.environment.data / "filestore" / name

    def copy(self, template: str, name: str) -> None:
        """Copy a template, replacing what had that name. Files are linked: Odoo never rewrites one."""
        self.drop(name)
        self.sql((f'CREATE DATABASE "{name}" TEMPLATE "{template}"', []))
        if self.filestore(template).is_dir():
            shutil.copytree(self.filestore(template), self.filestore(name), copy_function=os.link)

    def install(self, name: str, modules: list[str], *, demo: bool = False, update: bool = False) -> None:
        """Install or update modules in a database, created when missing.

        :raise Problem: with the end of Odoo's log; also for a module Odoo only warns about
        """
        options = ["-d", name, "-u" if update else "-i", ",".join(modules), *self._demo(demo)]
        options += ["--stop-after-init", "--no-http", "--max-cron-threads=0"]
        log = self.environment.run_odoo(f"{name}.log", *options, failure=f"Odoo could not prepare the database {name}")
        query = "SELECT name FROM ir_module_module WHERE state = 'installed' AND name = ANY(%s)"
        found = {row[0] for row in self.sql((query, [modules]), database=name)[0]}
        if missing := sorted(set(modules) - found):
            raise Problem(f"Odoo did not install {', '.join(missing)} in {name}; its log is {log}")

    def _demo(self, wanted: bool) -> list[str]:
        if self.environment.source.number >= 19:
            return ["--with-demo"] if wanted else []
        return [] if wanted else ["--without-demo=all"]

    def template(self, kind: str, modules: list[str], *, demo: bool = False, base: str | None = None) -> str:
        """Return the name of a template with these modules, made when it is missing or out of date.

        :param base: the template to start from, instead of an empty database
        """
        name = self.name(kind)
        with locked(f"db-{name}"):
            origin = (self.comment(base) or "") if base else ""
            value = digest([self.environment.source.digest, str(demo), *modules, origin, *self._own_sources(modules)])
            if self.comment(name) == value:
                return name
            say(f"making the database {name} ({'with' if demo else 'without'} demo data): {', '.join(modules)}")
            fresh = f"{name}__new"
            self.drop(fresh)
            if base:
                self.copy(base, fresh)
            self.install(fresh, modules, demo=demo)
            self.publish(fresh, name, value)
            self.sql((f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false', []))
        return name

    def _own_sources(self, modules: list[str]) -> list[str]:
        return [addon_digest()] if MODULE in modules else []

    def publish(self, fresh: str, name: str, comment: str) -> None:
        """Put a finished database in the place of another, with its comment."""
        self.set_comment(fresh, comment)
        self.drop(name)
        if self.filestore(fresh).is_dir():
            self.filestore(fresh).rename(self.filestore(name))
        self.sql((f'ALTER DATABASE "{fresh}" RENAME TO "{name}"', []))

    def set_comment(self, name: str, comment: str) -> None:
        """Write what a database was made from."""
        self.sql((f'COMMENT ON DATABASE "{name}" IS %s', [comment]))

    def base(self) -> str:
        """Return the template without demo data."""
        return self.template("base", list(BASE_MODULES))

    def demo(self) -> str:
        """Return the template with the demo data of ten apps."""
        return self.template("demo", list(DEMO_MODULES), demo=True)

    def test(self) -> str:
        """Return the template with the addon and the test-only addons, without demo data."""
        if not addon_is_here():
            raise Problem("there is no __manifest__.py: nothing to test in Odoo")
        return self.template("test", [MODULE, *test_addons()], base=self.base())


def addon_digest() -> str:
    """Return the digest of every file that Odoo loads from the addon and from the test-only addons."""
    parts: list[str | bytes] = []
    for path in runtime_files(beside="tests/addons"):
        parts += [str(path), (ROOT / path).read_bytes()]
    return digest(parts)
