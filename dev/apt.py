# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Packages of Debian, fetched and unpacked privately by apt's own tools from the mirror the machine already uses."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .files import write_atomically
from .paths import CACHE, version_key
from .progress import Problem, run, say

SUITE = "unstable"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
FIELDS = ("REPO_URI", "COMPONENT", "ORIGIN", "LABEL")
COMPANIONS = re.compile(r"(fonts-|gsfonts|libjs-)")
UNATTENDED = {
    "APT::Sandbox::User": "root",  # the checkout may lie where the user _apt cannot go
    "Acquire::Retries": "3",
    "Acquire::Languages": "none",
}
ADVICE = "or set ODOO=/path/to/odoo-source to use another Odoo"


class Apt:
    """A private view of one Debian mirror: own lists, own cache, the machine's own keys."""

    def __init__(self) -> None:
        self.folder = CACHE / "apt"
        self.debs = CACHE / "debs"
        self.sources = self.folder / "sources.list"
        missing = [tool for tool in ("apt-get", "apt-cache", "dpkg-deb") if not shutil.which(tool)]
        if missing:
            raise Problem(f"{', '.join(missing)} not found, and Odoo comes from Debian's archive: use Debian {ADVICE}")

    def options(self) -> list[str]:
        """Return the options that keep apt away from the machine's state."""
        values = {
            "Dir::State::lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "Dir::Cache::pkgcache": "packages.bin",  # images for containers switch these off
            "Dir::Cache::srcpkgcache": "sources.bin",
            "Dir::Etc::sourcelist": self.sources,
            "Dir::Etc::sourceparts": "-",
            "Dir::Etc::preferences": "-",
            "Dir::Etc::preferencesparts": "-",
            "APT::Default-Release": "",
            **UNATTENDED,
        }
        return [part for key, value in values.items() for part in ("-o", f"{key}={value}")]

    def update(self) -> None:
        """Fetch the package lists of the first configured mirror that has the suite.

        :raise Problem: when apt has no such mirror or cannot reach it
        """
        if self.sources.is_file() and self.names("odoo-"):
            return
        for folder in ("lists/partial", "machine/partial", "cache/archives/partial"):
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
        mirrors = configured_mirrors() or self.read_machine()
        if not mirrors:
            raise Problem(f"apt has no Debian mirror configured: add one with the component main {ADVICE}")
        reason: Problem | None = None
        # Newer Debian trusts a key for a source only when the source names it.
        signed = f"[signed-by={KEYRING}] " if KEYRING.is_file() else ""
        for uri in mirrors:
            write_atomically(self.sources, f"deb {signed}{uri} {SUITE} main\n")
            try:
                self.refresh()
                return
            except Problem as problem:
                reason = problem
        self.sources.unlink()
        raise Problem(f"apt cannot read Debian's {SUITE} from its mirror (no network?): mend that {ADVICE}\n{reason}")

    def read_machine(self) -> list[str]:
        """Return the machine's Debian mirrors where apt has read no lists yet: it reads them into a private folder."""
        values = {"Dir::State::lists": self.folder / "machine", "Dir::Cache": self.folder / "cache", **UNATTENDED}
        options = [part for key, value in values.items() for part in ("-o", f"{key}={value}")]
        failure = f"apt cannot read its lists (no network?): mend that {ADVICE}"
        run(["apt-get", *options, "update"], "apt-machine.log", failure=failure)
        return configured_mirrors(options)

    def refresh(self) -> None:
        """Fetch the package lists again."""
        strict = ["-o", "APT::Update::Error-Mode=any"]
        run(["apt-get", *self.options(), *strict, "update"], "apt-update.log")

    def query(self, *arguments: str) -> str:
        """Return what apt-cache answers; an unknown package gives an empty text."""
        done = subprocess.run(["apt-cache", *self.options(), *arguments], capture_output=True, text=True, check=False)
        return done.stdout

    def names(self, prefix: str) -> list[str]:
        """Return the names of known packages with this prefix."""
        return self.query("pkgnames", prefix).split()

    def newest_odoo(self) -> str:
        """Return the name of the newest packaged series, such as `odoo-19`."""
        found = [name for name in self.names("odoo-") if re.fullmatch(r"odoo-\d+", name)]
        if not found:
            raise Problem(f"Debian's {SUITE} has no odoo package at this moment: set ODOO=/path/to/odoo-source")
        return max(found, key=version_key)

    def field(self, package: str, name: str) -> str:
        """Return one field of a package's newest version."""
        shown = self.query("show", "--no-all-versions", package)
        match = re.search(rf"^{name}: (.*)$", shown, re.MULTILINE)
        return match.group(1) if match else ""

    def companions(self, package: str) -> list[str]:
        """Return the font and script packages that a package's links point into, with theirs."""
        found: set[str] = set()
        pending = [package]
        while pending:
            for dependency in self.field(pending.pop(), "Depends").split(","):
                name = dependency.split("|")[0].split("(")[0].strip()
                if COMPANIONS.match(name) and name not in found and self.field(name, "Version"):
                    found.add(name)
                    pending.append(name)
        return sorted(found)

    def download(self, packages: list[str]) -> list[Path]:
        """Return the packages' archives, fetched where missing or broken; apt checks hash and signature."""
        self.debs.mkdir(parents=True, exist_ok=True)
        try:
            self._get(packages)
        except Problem:
            say("the archive moved on; reading its lists again")
            self.refresh()
            self._get(packages)
        return [self._archive(package) for package in packages]

    def _get(self, packages: list[str]) -> None:
        missing = [package for package in packages if not self._whole(self._archive(package), package)]
        if missing:
            command = ["apt-get", *self.options(), "download", *missing]
            failure = f"apt cannot download {', '.join(missing)}: has this machine a network? Mend that {ADVICE}"
            run(command, "apt-download.log", cwd=self.debs, failure=failure)

    def _archive(self, package: str) -> Path:
        version = self.field(package, "Version").replace(":", "%3a")
        return self.debs / f"{package}_{version}_{self.field(package, 'Architecture')}.deb"

    def _whole(self, archive: Path, package: str) -> bool:
        """Whether an archive is here with the hash of the signed list; a broken one is removed."""
        if not archive.is_file():
            return False
        expected = self.field(package, "SHA256")
        actual = subprocess.run(["sha256sum", archive], capture_output=True, text=True, check=True).stdout.split()[0]
        if actual == expected:
            return True
        say(f"{archive.name} is broken; fetching it again")
        archive.unlink()
        return False


def configured_mirrors(options: Sequence[str] = ()) -> list[str]:
    """Return the addresses of the machine's Debian mirrors whose lists apt has read.

    :param options: where the lists are, when not in apt's own place
    """
    template = "|".join(f"$({field})" for field in FIELDS)
    command = ["apt-get", *options, "indextargets", "--format", template, "Created-By: Packages"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    targets = [dict(zip(FIELDS, line.split("|"), strict=False)) for line in done.stdout.splitlines()]
    wanted = {"COMPONENT": "main", "ORIGIN": "Debian", "LABEL": "Debian"}  # the archive of security has another label
    return list(dict.fromkeys(target["REPO_URI"] for target in targets if wanted.items() <= target.items()))


def unpack(archives: list[Path], folder: Path) -> None:
    """Unpack archives into a folder that appears only when it is whole."""
    temporary = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    for archive in archives:
        run(["dpkg-deb", "-x", archive, temporary], "dpkg-deb.log")
    _repoint(temporary)
    shutil.rmtree(folder, ignore_errors=True)
    temporary.rename(folder)


def _repoint(folder: Path) -> None:
    """Turn absolute links into links below the folder."""
    for parent, folders, names in os.walk(folder):
        for name in folders + names:
            link = Path(parent, name)
            if link.is_symlink() and os.path.isabs(target := os.readlink(link)):
                link.unlink()
                link.symlink_to(os.path.relpath(folder / target.lstrip("/"), link.parent))
