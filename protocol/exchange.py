# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One message and its answer, from arrival to the line in the log."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import jsonrpc
from .errors import McpError, http_status

if TYPE_CHECKING:
    from .call import Call
    from .incoming import Era


@dataclass
class Outcome:
    """How a request or notification was answered.

    :param kind: ``ok``, ``tool_error``, ``input_required`` or ``error``
    :param code: the JSON-RPC error code, if any; an ``error`` without one was cancelled by the client
    :param request_size: bytes
    :param response_size: bytes of the answer itself, without the notifications of a stream
    :param duration: seconds
    :param answer: the JSON-RPC message that was sent, empty for none
    """

    kind: str
    code: int | None
    request_size: int
    response_size: int
    duration: float
    answer: bytes = b""


@dataclass
class Exchange:
    """One message of a client, and what becomes of it."""

    message: Any
    era: Era
    size: int
    started: float = field(default_factory=time.perf_counter)
    call: Call | None = None
    kind: str = "ok"
    code: int | None = None
    answer: bytes = b""
    ended: float = 0.0

    @property
    def waits(self) -> bool:
        """Whether this is a request without an answer yet."""
        return self.call is not None and self.call.id is not None and not self.answer

    @property
    def status(self) -> int:
        """The HTTP status of the reply that carries the answer alone."""
        if not self.answer:
            return 202
        return 200 if self.code is None else http_status(self.code, self.era.strict)

    def succeed(self, result: dict[str, Any]) -> None:
        """Answer by a result."""
        if result.get("isError"):
            self.kind = "tool_error"
        else:
            self.kind = "input_required" if result.get("resultType") == "input_required" else "ok"
        self._end(jsonrpc.result_message(self.message["id"], result))

    def fail(self, error: McpError) -> None:
        """Answer by an error, with the id of the request if it can be read."""
        self.kind, self.code = "error", error.wire_code(self.era.modern)
        id_ = self.message.get("id") if isinstance(self.message, dict) else None
        self._end(jsonrpc.error_message(id_, error, self.era.modern))

    def cancel(self) -> None:
        """Give up: the client has gone."""
        self.kind, self.answer, self.ended = "error", b"", time.perf_counter()

    def outcome(self) -> Outcome:
        """Return what the log needs."""
        duration = (self.ended or time.perf_counter()) - self.started
        return Outcome(self.kind, self.code, self.size, len(self.answer), duration, self.answer)

    def _end(self, message: dict[str, Any]) -> None:
        self.answer = jsonrpc.dumps(message)
        self.ended = time.perf_counter()
