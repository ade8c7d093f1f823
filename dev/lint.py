# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`make lint`: ruff, and pylint with the rules of the Odoo Community Association."""

import os
import subprocess

from .paths import ADDONS, MODULE, ROOT, link_addon
from .progress import say
from .venv import tools_venv


def main(_arguments: list[str]) -> int:
    """check the style"""
    programs = tools_venv().bin
    say("ruff")
    command = [programs / "ruff", "check", "--output-format=concise", "."]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    say("pylint-odoo")
    link_addon()
    # Through the link: pylint-odoo takes the module's name from its folder.
    command = [programs / "pylint", f"--rcfile={ROOT / '.pylintrc'}", MODULE]
    pylint = subprocess.run(command, cwd=ADDONS, env={**os.environ, "PYTHONPATH": ""}, check=False).returncode
    return status or pylint
