# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A Chromium for browser tests."""

import os
import shutil
from pathlib import Path

from .files import locked
from .progress import Problem, run, say


class NoBrowser(Problem):
    """There is no browser, and this program may not install one."""


NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> Path | None:
    """Return the browser that `CHROME` or `PATH` names, if any."""
    for name in (os.environ.get("CHROME"), *NAMES):
        if name and (found := shutil.which(name)):
            return Path(found)
    return None


def find_or_install() -> Path:
    """Return a browser, installed by apt when that is possible.

    :raise NoBrowser: when there is none and apt cannot be used
    :raise Problem: when apt fails
    """
    if found := find():
        return found
    if os.geteuid() or not shutil.which("apt-get"):
        raise NoBrowser("no Chromium for the browser tests: apt-get install chromium, or set CHROME=/path/to/chromium")
    with locked("browser"):
        say("installing Chromium with apt")
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run(["apt-get", "update"], "chromium.log", env=environ)
        install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        run(install, "chromium.log", env=environ, failure="apt cannot install Chromium: set CHROME=/path/to/chromium")
    if not (found := find()):
        raise Problem("apt installed no chromium command: set CHROME=/path/to/chromium")
    return found
