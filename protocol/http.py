# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What goes in and out of the endpoint, without any web framework."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True)
class HttpRequest:
    """One HTTP request to the endpoint: authenticated, origin and size checked."""

    method: str
    headers: Sequence[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class HttpReply:
    """One HTTP reply: either a body, or a stream that must be closed when the client has gone."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    stream: Iterator[bytes] | None = None
