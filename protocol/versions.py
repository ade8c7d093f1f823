# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The protocol revisions this server speaks.

The revisions are dates, but they are an enumeration: compare them by their place in a tuple, never as text.
"""

from __future__ import annotations

MODERN = "2026-07-28"
"""Stateless, no handshake: each request carries its version, client and capabilities in ``_meta``."""

LEGACY = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
"""The revisions that open with ``initialize``, newest first."""

SUPPORTED = (MODERN, *LEGACY)

ASSUMED = "2025-03-26"
"""The revision of a request without ``MCP-Protocol-Version`` (2025-11-25, basic/transports)."""

BATCHING = frozenset({"2025-03-26", "2024-11-05"})
"""The revisions whose clients may send an array of messages; 2025-06-18 removed batches."""


def knows(version: str, since: str) -> bool:
    """Whether ``version`` is ``since`` or a later revision."""
    return SUPPORTED.index(version) <= SUPPORTED.index(since)
