# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stamps, digests and locks: what makes every command repeatable, interruptible and safe to start twice."""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from .paths import STATE
from .progress import Problem, say


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a file in one step, so that an interrupted run leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as output:
        output.write(text)
    temporary.replace(path)


def digest(parts: Iterable[str | bytes]) -> str:
    """Return a short digest of the parts, in their order."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(b"%d:" % len(data))
        total.update(data)
    return total.hexdigest()[:16]


def stamped(stamp: Path, value: str) -> bool:
    """Whether the work behind a stamp was finished for this value."""
    return stamp.is_file() and stamp.read_text() == value


@contextlib.contextmanager
def locked(name: str, *, wait: bool = True) -> Iterator[None]:
    """Hold a lock of the checkout, waiting for the command that has it.

    :raise Problem: when another command has it and `wait` is false
    """
    STATE.mkdir(exist_ok=True)
    with (STATE / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            if not wait:
                raise Problem(f"another `make {name}` of this checkout is running") from taken
            say(f"waiting for another command that prepares the same thing ({name})")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
