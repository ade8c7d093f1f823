# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The commands, by name."""

import argparse
import importlib
import shutil
import subprocess
from collections.abc import Callable

from . import dist, lint, serve, testing
from .database import Databases
from .environment import prepared
from .paths import CACHE, ROOT, STATE
from .postgres import Postgres, foreign, remove
from .progress import Problem, say
from .source import find_source
from .venv import odoo_venv

Command = Callable[[list[str]], int | None]


def env(_arguments: list[str]) -> None:
    """prepare Odoo and print where things are, as shell assignments"""
    with prepared() as environment:
        values = {
            "PYTHON": environment.venv.python,
            "ODOO_SCRIPT": environment.source.script,
            "ODOO_CONF": environment.config,
            "SERIES": environment.source.series,
            "PYTHONPATH": environment.source.folder,
            **environment.database_environ,
        }
        print("\n".join(f"export {key}={value}" for key, value in values.items()))


def db(arguments: list[str]) -> None:
    """copy a template to a new database: db NAME [--demo] [--addon] [--modules a,b]"""
    parser = argparse.ArgumentParser(prog="dev db")
    parser.add_argument("name")
    parser.add_argument("--demo", action="store_true", help="with the demo data of ten apps")
    parser.add_argument("--addon", action="store_true", help="with the addon and the test-only addons, no demo data")
    parser.add_argument("--modules", default="", help="more modules to install")
    chosen = parser.parse_args(arguments)
    with prepared() as environment:
        databases = Databases(environment)
        template = databases.test() if chosen.addon else databases.demo() if chosen.demo else databases.base()
        databases.copy(template, chosen.name)
        if chosen.modules:
            databases.install(chosen.name, chosen.modules.split(","), demo=chosen.demo)
        say(f"{chosen.name} is ready, a copy of {template}")


def dropdb(arguments: list[str]) -> None:
    """drop databases and their files: dropdb NAME…"""
    with prepared() as environment:
        for name in arguments:
            Databases(environment).drop(name)


def odoo(arguments: list[str]) -> int:
    """run Odoo's own command line: odoo [shell] -d NAME …"""
    with prepared() as environment:
        return subprocess.run(environment.odoo(*arguments), env=environment.environ(), check=False).returncode


def postgres(arguments: list[str]) -> None:
    """keep the private PostgreSQL running (postgres start) or stop it (postgres stop)"""
    if foreign():
        raise Problem("PGHOST selects a server of your own")
    server = Postgres()
    if arguments == ["start"]:
        server.ensure(odoo_venv(find_source()))
        server.keep.touch()
        say(" ".join(f"{key}={value}" for key, value in server.environ().items()))
    elif arguments == ["stop"]:
        server.keep.unlink(missing_ok=True)
        server.stop()
    else:
        raise Problem("python3 -m dev postgres start|stop")


def bench(arguments: list[str]) -> int | None:
    """print the benchmark table"""
    # Its own package, loaded only when asked for.
    return importlib.import_module(f"{__package__}.bench").main(arguments)


def clean(_arguments: list[str]) -> None:
    """remove everything that was made, databases too, but not the downloads"""
    remove()
    for path in STATE.iterdir():
        if path.is_dir() and not path.is_symlink() and path != CACHE:
            shutil.rmtree(path)
        elif path.suffix != ".lock" and path != CACHE:
            path.unlink()
    shutil.rmtree(CACHE / "apt", ignore_errors=True)  # lists, not packages: the next start sees what is newest
    shutil.rmtree(ROOT / "dist", ignore_errors=True)


COMMANDS: dict[str, Command] = {
    "serve": serve.main,
    "test": testing.main,
    "test-protocol": testing.protocol,
    "bench": bench,
    "lint": lint.main,
    "dist": dist.main,
    "clean": clean,
    "env": env,
    "db": db,
    "dropdb": dropdb,
    "odoo": odoo,
    "postgres": postgres,
}


def find(name: str) -> Command | None:
    """Return the command of this name."""
    return COMMANDS.get(name)


def usage() -> str:
    """Return one line for each command."""
    lines = [f"  {name:<14} {function.__doc__}" for name, function in COMMANDS.items()]
    return "python3 -m dev COMMAND\n" + "\n".join(lines)
