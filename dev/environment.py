# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An Odoo that is ready to run: source, virtual environment, configuration, PostgreSQL."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import postgres
from .files import write_atomically
from .paths import ADDONS, STATE, TEST_ADDONS, link_addon
from .progress import Problem, run
from .source import Source, find_source
from .venv import Venv, odoo_venv

# Variables that would make Odoo or Python read something else than what is prepared here.
FOREIGN = ("ODOO_RC", "OPENERP_SERVER", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Environment:
    """What is needed to run Odoo's own commands."""

    source: Source
    venv: Venv
    database_environ: dict[str, str]

    @property
    def data(self) -> Path:
        """Odoo's data folder (filestore, sessions)."""
        return STATE / "data" / self.source.series

    @cached_property
    def config(self) -> Path:
        """Odoo's configuration file."""
        link_addon()
        addons = [*self.source.addons, ADDONS]
        if any(TEST_ADDONS.glob("*/__manifest__.py")):
            addons.append(TEST_ADDONS)
        self.data.mkdir(parents=True, exist_ok=True)
        path = STATE / f"odoo-{self.source.series}.conf"
        # Under pytest that limit would hold for every process a test starts, and Node reserves more than it allows.
        limit = "limit_memory_hard = 0"
        lines = ["[options]", f"addons_path = {','.join(map(str, addons))}", f"data_dir = {self.data}", limit]
        write_atomically(path, "\n".join([*lines, ""]))
        return path

    def environ(self) -> dict[str, str]:
        """Return the variables for Odoo: its packages, the environment's programs first, the database."""
        kept = {key: value for key, value in os.environ.items() if key not in FOREIGN and not key.startswith("PG")}
        return {
            **kept,
            **self.database_environ,
            "PATH": f"{self.venv.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONPATH": str(self.source.folder),
            "PYTHONUNBUFFERED": "1",
        }

    def odoo(self, *arguments: str | Path) -> list[str]:
        """Return Odoo's command line; a leading word is a subcommand."""
        words = list(map(str, arguments))
        command = [words.pop(0)] if words and not words[0].startswith("-") else []
        return [str(self.venv.python), str(self.source.script), *command, "-c", str(self.config), *words]

    def run_odoo(self, log: str, *arguments: str, failure: str, stdin: str | None = None) -> Path:
        """Run an Odoo command to its end.

        :return: its log
        :raise Problem: with the end of Odoo's log
        """
        return run(self.odoo(*arguments), log, env=self.environ(), stdin=stdin, failure=failure)

    def shell(self, database: str, script: str) -> list[str]:
        """Run a script in Odoo's shell and return the lines it printed after `>>> `."""
        command = self.odoo("shell", "-d", database, "--no-http", "--log-level=warn")
        done = subprocess.run(command, input=script, env=self.environ(), capture_output=True, text=True, check=False)
        if done.returncode or "Traceback (most recent call last)" in done.stderr:
            raise Problem(f"Odoo's shell failed on {database}\n{done.stderr[-3000:]}")
        return [line.removeprefix(">>> ") for line in done.stdout.splitlines() if line.startswith(">>> ")]


@contextlib.contextmanager
def prepared() -> Iterator[Environment]:
    """Fetch what is missing, run PostgreSQL and yield the environment."""
    source = find_source()
    venv = odoo_venv(source)
    with postgres.server(venv) as variables:
        yield Environment(source, venv, variables)
