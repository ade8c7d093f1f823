# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`make test`: one pytest over everything, on a fresh copy of a prepared database."""

import os
import signal
import subprocess
from collections.abc import Mapping

from . import node
from .database import Databases
from .environment import prepared
from .paths import ROOT, addons_with_tests, link_addon
from .progress import Problem, say
from .venv import clients_venv, protocol_venv


def main(arguments: list[str]) -> int:
    """run every test; arguments go to pytest (make test ARGS="-k name")"""
    with prepared() as environment:
        databases = Databases(environment)
        template = databases.test()
        node.ensure()
        clients_venv()
        name = databases.name(f"run{os.getpid()}")
        databases.copy(template, name)
        say(f"testing on Odoo {environment.source.series}")
        try:
            # Odoo's own tests are found through the link: a module takes its name from its folder.
            options = [f"--odoo-config={environment.config}", f"--odoo-database={name}", "--odoo-http"]
            chosen = [_through_link(argument) for argument in arguments]
            if chosen == arguments:
                # Without the option pytest takes a folder that lies in another one for all of both (seen with 9.0).
                chosen += ["--keep-duplicates", _through_link("tests"), *map(_through_link, addons_with_tests())]
            return _pytest([str(environment.venv.python), *options, *chosen], environment.environ())
        finally:
            databases.drop(name)


def _through_link(argument: str) -> str:
    """Return a path below the checkout's tests as one through the link, anything else as it is."""
    path, *names = argument.split("::")
    if path.startswith("-") or not (ROOT / path).exists():
        return argument
    return "::".join([os.path.relpath(link_addon() / path, ROOT), *names])


def protocol(arguments: list[str]) -> int:
    """run the tests of protocol/ alone, without Odoo"""
    python = protocol_venv().python
    return _pytest([str(python), "-p", "no:odoo", "tests/protocol", *arguments], os.environ)


def _pytest(command: list[str], environ: Mapping[str, str]) -> int:
    python, *options = command
    process = subprocess.Popen([python, "-m", "pytest", *options], cwd=ROOT, env=environ, stdin=subprocess.DEVNULL)
    try:
        status = process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)  # pytest then runs the ends of its fixtures
        process.wait()
        raise
    if status < 0:
        raise Problem(f"pytest was killed by signal {-status}")
    return status
