# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which Odoo: the tree that `ODOO` names, or the newest that Debian packages."""

import ast
import os
import re
from dataclasses import dataclass
from pathlib import Path

from .apt import Apt, unpack
from .files import digest, locked, write_atomically
from .paths import STATE, version_key
from .progress import Problem, say

DEV = Path(__file__).resolve().parent
UNPACKED = STATE / "odoo"
# Not needed to run Odoo here, and without wheels: LDAP, eBay, Windows.
LEFT_OUT = re.compile(r"(python-ldap|ebaysdk|pypiwin32|rl-renderPM)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One Odoo: its series, its script, and what Python needs for it."""

    series: str
    folder: Path  # what PYTHONPATH gets
    script: Path
    requirements: str
    digest: str

    @property
    def number(self) -> int:
        """The major number of the series."""
        return int(self.series.split(".")[0])

    @property
    def addons(self) -> list[Path]:
        """Odoo's own addons folders."""
        # Debian's package holds every addon in the second; its first one is a partial copy.
        candidates = [self.folder / "odoo" / "addons"]
        if not (candidates[0] / "web").is_dir():
            candidates.insert(0, self.folder / "addons")
        return candidates


def find_source() -> Source:
    """Return the Odoo to use, fetched when needed.

    :raise Problem: when `ODOO` names no Odoo, or none can be fetched
    """
    chosen = os.environ.get("ODOO")
    return _from_tree(Path(chosen).expanduser().resolve()) if chosen else _from_debian()


def read_series(release: Path) -> str:
    """Return the series a `release.py` declares, without importing it."""
    for node in ast.parse(release.read_text()).body:
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "version_info" for target in node.targets):
            major, minor = [ast.unparse(part).strip("'\"") for part in node.value.elts[:2]]
            return f"{major.rpartition('~')[2]}.{minor}"
    raise Problem(f"{release} declares no version_info: is this an Odoo source tree?")


def _from_tree(folder: Path) -> Source:
    release = folder / "odoo" / "release.py"
    if not release.is_file():
        raise Problem(f"ODOO={folder} holds no odoo/release.py: set ODOO to the root of an Odoo source tree")
    script = next((path for path in (folder / "odoo-bin", folder / "setup" / "odoo") if path.is_file()), None)
    listed = folder / "requirements.txt"
    needed = (("odoo-bin", script), ("requirements.txt", listed))
    lacking = [name for name, path in needed if not path or not path.is_file()]
    if not any((folder / part / "web" / "__manifest__.py").is_file() for part in ("addons", "odoo/addons")):
        lacking.append("addons/web")
    if lacking:
        raise Problem(f"ODOO={folder} lacks {', '.join(lacking)}: use a complete source tree")
    requirements = filter_requirements(listed.read_text())
    return Source(read_series(release), folder, script, requirements, digest([str(folder), release.read_bytes()]))


def filter_requirements(text: str) -> str:
    """Return a tree's own pins with binary psycopg2 and without what needs a compiler or Windows."""
    lines = [line for line in text.splitlines() if not LEFT_OUT.match(line.strip())]
    lines = [re.sub(r"^psycopg2\b(?!-)", "psycopg2-binary", line) for line in lines]
    # Odoo 17 imports pkg_resources; newer setuptools no longer has it.
    return "\n".join([*lines, "setuptools<81", ""])


def _from_debian() -> Source:
    with locked("odoo"):
        stamp = _newest_stamp() or _fetch_debian()
    folder = stamp.with_suffix("")
    site = folder / "usr" / "lib" / "python3" / "dist-packages"
    series = read_series(site / "odoo" / "release.py")
    return Source(series, site, folder / "usr" / "bin" / "odoo", _pins(series), stamp.read_text())


def _newest_stamp() -> Path | None:
    found = [stamp for stamp in UNPACKED.glob("odoo-*.stamp") if stamp.with_suffix("").is_dir()]
    return max(found, key=lambda stamp: version_key(stamp.name), default=None)


def _fetch_debian() -> Path:
    apt = Apt()
    say("reading Debian's package lists through the machine's own apt configuration")
    apt.update()
    package = apt.newest_odoo()
    packages = [package, *apt.companions(package)]
    say(f"fetching {package} {apt.field(package, 'Version')} and {len(packages) - 1} font and script packages")
    archives = apt.download(packages)
    say(f"unpacking {package}")
    unpack(archives, UNPACKED / package)
    stamp = UNPACKED / f"{package}.stamp"
    write_atomically(stamp, digest(archive.name for archive in archives))
    return stamp


def _pins(series: str) -> str:
    listed = DEV / f"requirements-odoo-{series}.txt"
    if not listed.is_file():
        newest = max(DEV.glob("requirements-odoo-*.txt"), key=lambda path: version_key(path.name))
        say(f"no pins for Odoo {series}; using {newest.name}")
        listed = newest
    return listed.read_text()
