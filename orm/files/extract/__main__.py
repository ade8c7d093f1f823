# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``python -m extract KIND``: a document on standard input, JSON on standard output.

The answer is ``{"about", "text", "is_cut"}`` or ``{"problem"}``. Whoever runs this stops it when it takes too long.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from . import KINDS, Unreadable

MEMORY = 1024**3
"""Bytes of address space."""
PROCESSOR = 15
"""Seconds."""
PATIENCE = 8
"""Seconds after which what was found so far is the answer."""
MAX_TEXT = 2_000_000
"""Characters."""


def main() -> None:
    _hold()
    json.dump(_answer(sys.argv[1], sys.stdin.buffer.read()), sys.stdout)


def _answer(kind: str, content: bytes) -> dict[str, Any]:
    """Return what is known of a document, whatever it holds."""
    try:
        parts = KINDS[kind](content)
        return {"about": next(parts, ""), **_collected(parts)}
    except Unreadable as problem:
        return {"problem": str(problem)}
    except Exception:  # noqa: BLE001  it is whatever was sent to somebody: nothing that it breaks is a fault
        return {"problem": "it is damaged"}


def _collected(parts: Iterator[str]) -> dict[str, Any]:
    until, found, size, is_cut = time.monotonic() + PATIENCE, [], 0, False
    for part in parts:
        found.append(part)
        size += len(part)
        if is_cut := size > MAX_TEXT or time.monotonic() > until:
            break
    return {"text": "".join(found)[:MAX_TEXT], "is_cut": is_cut}


def _hold() -> None:
    """Hold this process to its limits, where the system has any."""
    logging.disable()
    with suppress(ImportError, OSError, ValueError):
        import resource

        os.nice(5)
        limits = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: PROCESSOR, resource.RLIMIT_CORE: 0}
        for limit, amount in limits.items():
            _soft, hard = resource.getrlimit(limit)
            amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
            resource.setrlimit(limit, (amount, amount))


if __name__ == "__main__":
    main()
