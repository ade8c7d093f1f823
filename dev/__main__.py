# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`python3 -m dev COMMAND`: what `make COMMAND` runs."""

import os
import signal
import sys
from types import FrameType

from . import commands
from .progress import Problem, fail

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)  # the way out is under way; a second Ctrl-C must not cut it short
    raise KeyboardInterrupt(signal.Signals(number).name)


def main(arguments: list[str]) -> int:
    """Run one command; return its exit status."""
    os.umask(0o022)
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    command = commands.find(arguments[0] if arguments else "")
    if command is None:
        print(commands.usage())
        return 2 if arguments else 0
    try:
        return command(arguments[1:]) or 0
    except Problem as problem:
        fail(str(problem))
        return 1
    except KeyboardInterrupt as signalled:
        fail(f"stopped ({signalled})")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
