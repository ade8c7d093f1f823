# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One JSON-RPC request being answered, as the service sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LEVELS = ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")
"""RFC 5424 severities, least first."""


class Cancelled(Exception):
    """The client has gone: stop the work, nobody reads the answer."""


@dataclass
class Call:
    """One request: what was asked, by whom, and the way to tell the client how it goes.

    ``client_name``, ``client_version`` and ``client_capabilities`` are what the client says of itself: for display and
    logs, never for decisions about rights. Legacy clients say them in ``initialize`` only, and are unknown afterwards.

    ``facts`` is the service's notebook: what the log of this call needs. ``reporter`` is set while the reply streams.

    ``inputs`` holds only well-formed answers to what this server asked; a malformed one counts as missing.
    """

    id: str | int | float | None
    method: str
    params: dict[str, Any] = field(default_factory=dict)
    version: str = ""
    modern: bool = False
    client_name: str = ""
    client_version: str = ""
    client_capabilities: dict[str, Any] = field(default_factory=dict)
    progress_token: str | int | float | None = None
    log_level: str | None = None
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: Any = None
    facts: dict[str, Any] = field(default_factory=dict)
    reporter: Callable[[dict[str, Any]], None] | None = field(default=None, repr=False)
    _progress: float | None = field(default=None, init=False, repr=False)

    def progress(self, done: float, total: float | None = None, message: str | None = None) -> None:
        """Report progress, if the reply is a stream and the client gave a token; else do nothing.

        Progress must increase (2025-03-26, basic/utilities/progress): a value that does not is left out.

        :raise Cancelled: the client has gone
        """
        if self.reporter is None or self.progress_token is None:
            return
        if self._progress is not None and done <= self._progress:
            return
        self._progress = done
        params = {"progressToken": self.progress_token, "progress": done, "total": total, "message": message}
        self._notify("notifications/progress", {key: value for key, value in params.items() if value is not None})

    def log(self, level: str, data: Any, logger: str | None = None) -> None:
        """Send a log message, if the reply is a stream and the client wants this level; else do nothing.

        :param data: a JSON value
        :raise Cancelled: the client has gone
        :raise ValueError: no such level
        """
        if level not in LEVELS:
            raise ValueError(f"no such level: {level}")
        rank = LEVELS.index(level)
        if self.reporter is None or not self._wants(rank):
            return
        params = {"level": level, "logger": logger, "data": data}
        self._notify("notifications/message", {key: value for key, value in params.items() if key == "data" or value})

    def can(self, capability: str) -> bool:
        """Whether the client declared a capability on this request.

        :param capability: ``elicitation`` (a form), ``sampling``, ``roots``, or with a part: ``elicitation.url``,
            ``sampling.tools``
        """
        name, _dot, part = capability.partition(".")
        declared = self.client_capabilities.get(name)
        if not isinstance(declared, dict):
            return False
        if name == "elicitation" and part in ("", "form"):
            return not declared or "form" in declared
        return not part or part in declared

    def _wants(self, rank: int) -> bool:
        if self.log_level is None:
            return not self.modern
        return rank >= LEVELS.index(self.log_level)

    def _notify(self, method: str, params: dict[str, Any]) -> None:
        self.reporter({"jsonrpc": "2.0", "method": method, "params": params})
