# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the person at the terminal sees, and the one exception that ends a command with a sentence."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .paths import LOGS

STARTED = time.monotonic()
HEARTBEAT = 15.0
TAIL = 30


class Problem(Exception):
    """Something a person has to put right; the text says what and how."""


def say(text: str) -> None:
    """Print one line of progress with the seconds since the command started."""
    print(f"[{time.monotonic() - STARTED:5.0f}s] {text}", flush=True)


def tail(log: Path, lines: int = TAIL) -> str:
    """Return the last lines of a log, indented."""
    if not log.exists():
        return "    (no output)"
    found = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in found) or "    (no output)"


def run(
    command: Sequence[str | Path],
    log: str,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str | None = None,
    failure: str | None = None,
    attempts: int = 1,
) -> Path:
    """Run a command with its output in a log file, with a sign of life while it lasts.

    :param log: file name below `.dev/log`
    :param failure: what to say when it fails, before the end of the log
    :param attempts: how often to try; a network may hiccup
    :return: the log
    :raise Problem: with the end of the log, when the exit status is not 0
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / log
    for attempt in range(1, attempts + 1):
        status = _run_once(command, path, env, cwd, stdin)
        if status == 0:
            return path
        if attempt < attempts:
            say(f"that failed (see {path}); trying once more")
    what = failure or f"`{Path(str(command[0])).name}` failed (exit status {status})"
    raise Problem(f"{what}\nThe end of {path}:\n{tail(path)}")


def _run_once(
    command: Sequence[str | Path],
    path: Path,
    env: Mapping[str, str] | None,
    cwd: Path | None,
    stdin: str | None,
) -> int:
    with path.open("w") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            text=True,
            start_new_session=True,
        )
        try:
            _feed(process, stdin)
            _watch(process, path)
        except BaseException:
            stop_group(process)
            raise
    return process.returncode


def _feed(process: subprocess.Popen, stdin: str | None) -> None:
    if stdin is None or process.stdin is None:
        return
    try:
        process.stdin.write(stdin)
        process.stdin.close()
    except BrokenPipeError:
        pass  # the exit status tells


def _watch(process: subprocess.Popen, log: Path) -> None:
    begun = time.monotonic()
    while True:
        try:
            process.wait(HEARTBEAT)
            return
        except subprocess.TimeoutExpired:
            last = tail(log, 1).strip()
            say(f"  … {time.monotonic() - begun:.0f} s: {last[:110]}")


def stop_group(process: subprocess.Popen, patience: float = 10.0) -> None:
    """Stop a process started as the leader of its own session, with everything it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not _group_alive(process):
            break
        os.killpg(process.pid, number)
        deadline = time.monotonic() + patience
        while _group_alive(process) and time.monotonic() < deadline:
            time.sleep(0.05)
    process.wait()


def _group_alive(process: subprocess.Popen) -> bool:
    process.poll()  # reaps the leader, which would count as alive otherwise
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def fail(text: str) -> None:
    """Print the one clear sentence on standard error."""
    print(f"\nmcp_native: {text}", file=sys.stderr, flush=True)
