# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Virtual environments, installed once: a stamp with the digest of their requirements decides."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from .apt import Apt, unpack
from .files import digest, locked, stamped, write_atomically
from .paths import CACHE, ROOT, STATE
from .progress import Problem, run, say
from .source import Source

DEV = Path(__file__).resolve().parent
OLDEST = (3, 10)


class Venv:
    """One virtual environment below `.dev/venv`."""

    def __init__(self, name: str, requirements: str) -> None:
        self.name = name
        self.requirements = requirements
        self.folder = STATE / "venv" / name
        self.bin = self.folder / "bin"
        self.python = self.bin / "python"

    def ensure(self) -> "Venv":
        """Create and fill the environment unless that was done for these requirements.

        :raise Problem: when Python is too old or packages cannot be installed
        """
        if sys.version_info < OLDEST:
            raise Problem(f"Python {'.'.join(map(str, OLDEST))} or newer is needed: apt-get install python3")
        stamp = self.folder / "stamp"
        value = digest([self.requirements, sys.version])
        with locked(f"venv-{self.name}"):
            if not stamped(stamp, value):
                say(f"installing the Python packages of {self.name} (once)")
                listed = self.folder.with_name(f"{self.name}.in")
                write_atomically(listed, self.requirements)
                stamp.unlink(missing_ok=True)
                self._create()
                self.pip("install", "--requirement", listed)
                write_atomically(stamp, value)
        return self

    def _create(self) -> None:
        made_by = self.folder / "made-by"
        if stamped(made_by, sys.version):
            return  # only its packages change
        shutil.rmtree(self.folder, ignore_errors=True)
        self._seed()
        write_atomically(made_by, sys.version)

    def _seed(self) -> None:
        if importlib.util.find_spec("ensurepip"):
            run([sys.executable, "-m", "venv", self.folder], f"venv-{self.name}.log")
            return
        # Debian splits ensurepip off; its package of pip's wheel serves as well and needs no root.
        run([sys.executable, "-m", "venv", "--without-pip", self.folder], f"venv-{self.name}.log")
        wheel = _debian_pip()
        run(
            [self.python, f"{wheel}/pip", "install", "--no-index", "--no-deps", wheel],
            f"venv-{self.name}.log",
            env=_environ(),
        )

    def pip(self, *arguments: str | Path) -> None:
        """Run pip in the environment."""
        # Old pins build from source with pkg_resources, which newer setuptools lacks; new pip reads the second name.
        limit = str(DEV / "constraints-build.txt")
        run(
            [self.python, "-m", "pip", "--disable-pip-version-check", *arguments],
            f"pip-{self.name}.log",
            env={**_environ(), "PIP_CONSTRAINT": limit, "PIP_BUILD_CONSTRAINT": limit},
            failure=f"the Python packages of {self.name} cannot be installed: has pip a network and an index?",
            attempts=2,
        )


def odoo_venv(source: Source) -> Venv:
    """Return the environment that runs Odoo, the addon and pytest."""
    parts = [source.requirements, (ROOT / "requirements.txt").read_text(), (DEV / "requirements-test.txt").read_text()]
    return Venv(source.series, "\n".join(parts)).ensure()


def clients_venv() -> Venv:
    """Return the environment of clients whose pins Odoo 17 and 18 do not share."""
    return Venv("clients", (DEV / "requirements-clients.txt").read_text()).ensure()


def protocol_venv() -> Venv:
    """Return the environment of the tests that need no Odoo."""
    parts = [(ROOT / "requirements.txt").read_text(), (DEV / "requirements-test.txt").read_text()]
    return Venv("protocol", "\n".join(parts)).ensure()


def tools_venv() -> Venv:
    """Return the environment of the linters."""
    return Venv("tools", (DEV / "requirements-tools.txt").read_text()).ensure()


def _environ() -> dict[str, str]:
    foreign = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_USER")
    return {key: value for key, value in os.environ.items() if key not in foreign}


def _debian_pip() -> Path:
    folder = CACHE / "pip"
    if not folder.is_dir():
        say("this Python has no ensurepip; taking pip from Debian's package of it")
        try:
            apt = Apt()
            apt.update()
            unpack(apt.download(["python3-pip-whl"]), folder)
        except Problem as problem:
            raise Problem(f"pip cannot be had: apt-get install python3-venv\n{problem}") from problem
    return next((folder / "usr" / "share" / "python-wheels").glob("pip-*.whl"))
