# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Server-sent events: the answer to one request as a stream (basic/transports, streamable HTTP).

The work runs in a thread of its own, so that the stream can stay alive while nothing is said. Closing the stream is how
a client of 2026-07-28 cancels; the work learns of it when it next reports something.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from .call import Cancelled
from .jsonrpc import dumps

HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache",
    "X-Accel-Buffering": "no",
}

HEARTBEAT = b":\n\n"

Emit = Callable[["dict[str, Any] | bytes"], None]
"""Sends a message, or the JSON of one."""


def frame(message: dict[str, Any] | bytes) -> bytes:
    """Return one event. Compact JSON has no line breaks, so one ``data`` line is enough."""
    content = message if isinstance(message, bytes) else dumps(message)
    return b"event: message\ndata: " + content + b"\n\n"


def stream(work: Callable[[Emit], None], heartbeat: float = 15.0) -> Iterator[bytes]:
    """Run ``work`` in a thread and yield what it emits, and a comment when it is silent for ``heartbeat`` seconds.

    The thread starts with the first ``next``: a request's own transaction is over by then, and a client that never
    reads starts nothing.

    :param work: takes the function that emits a message; that function raises ``Cancelled`` once the stream is closed.
        Its other exceptions are its own to handle.
    """
    frames: SimpleQueue[bytes | None] = SimpleQueue()
    closed = threading.Event()

    def emit(message: dict[str, Any] | bytes) -> None:
        if closed.is_set():
            raise Cancelled
        frames.put(frame(message))

    def run() -> None:
        try:
            with suppress(Cancelled):  # nobody is left to be told
                work(emit)
        finally:
            frames.put(None)

    threading.Thread(target=run, name="mcp-stream", daemon=True).start()
    try:
        while True:
            try:
                chunk = frames.get(timeout=heartbeat)
            except Empty:
                chunk = HEARTBEAT
            if chunk is None:
                return
            yield chunk
    finally:
        closed.set()
