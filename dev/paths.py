# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where things are: the checkout and the private folder that git ignores."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".dev"
CACHE = STATE / "cache"
LOGS = STATE / "log"
ADDONS = STATE / "addons"
MODULE = "mcp_native"
TEST_ADDONS = ROOT / "tests" / "addons"


# Top-level names that Odoo needs nothing of, beside those that begin with a dot.
DEVELOPMENT = ("Makefile", "dev", "dist", "docker-compose.yml", "docs", "pyproject.toml", "tests")


def runtime_files(*, tracked: bool = False, beside: str | None = None) -> list[Path]:
    """Return the files of the addon that Odoo needs, relative to the checkout, in a fixed order.

    :param tracked: only what git tracks
    :param beside: a folder of the rest to add
    """
    command = ["git", "-C", str(ROOT), "ls-files", "-z", *([] if tracked else ["-co", "--exclude-standard"])]
    listed = subprocess.run(command, capture_output=True, check=True).stdout
    paths = [Path(os.fsdecode(name)) for name in listed.split(b"\0") if name]
    return sorted(path for path in set(paths) if _needed(path, beside) and (ROOT / path).is_file())


def _needed(path: Path, beside: str | None) -> bool:
    top = path.parts[0]
    return bool(beside and path.is_relative_to(beside)) or not (top.startswith(".") or top in DEVELOPMENT)


def addon_is_here() -> bool:
    """Whether the checkout already holds an installable addon."""
    return (ROOT / "__manifest__.py").is_file()


def test_addons() -> list[str]:
    """Names of the addons that only tests install."""
    return sorted(manifest.parent.name for manifest in TEST_ADDONS.glob("*/__manifest__.py"))


def addons_with_tests() -> list[str]:
    """Folders of tests that such addons have, relative to the checkout."""
    return sorted(str(found.relative_to(ROOT)) for found in TEST_ADDONS.glob("*/tests"))


def link_addon() -> Path:
    """Return the link named as the module; Odoo takes a module's name from its folder."""
    ADDONS.mkdir(parents=True, exist_ok=True)
    link = ADDONS / MODULE
    if not link.is_symlink() or link.resolve() != ROOT:
        link.unlink(missing_ok=True)
        link.symlink_to(Path("..") / "..", target_is_directory=True)
    return link


def version_key(text: str) -> tuple[int, ...]:
    """Sort key of a dotted version or of a name that ends in a number."""
    return tuple(int(number) for number in re.findall(r"\d+", text))
