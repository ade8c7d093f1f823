# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a token is good for: the address of one endpoint (RFC 8707)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from ..models.settings import normal_origin

IGNORED = {"toolsets"}
"""Parameters of the endpoint that make it no other one: a token is good for all tools, whichever a client asks for."""


def canonical(uri: str) -> str | None:
    """Return an address in the form in which resources are compared, None for what is none.

    Scheme and host in lower case, no default port, no slash at the end (MCP, authorization, canonical server URI).
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    origin = normal_origin(f"{parts.scheme}://{parts.netloc}")
    if not origin or parts.scheme not in ("http", "https") or "#" in uri:
        return None
    if not parse_qs(parts.query, keep_blank_values=True).keys() <= IGNORED:
        return None
    return origin + parts.path.rstrip("/")


def same(one: str, other: str) -> bool:
    """Whether two addresses are those of one resource."""
    return canonical(one) is not None and canonical(one) == canonical(other)


def chosen(asked: Iterable[str], offered: Iterable[str]) -> str | None:
    """Return which of the offered resources is asked for: the first one where a client names none.

    :return: None when it asks for another one, or for several
    """
    offered = list(offered)
    known = {canonical(uri): uri for uri in offered}
    found = {known.get(canonical(uri)) for uri in asked}
    if not found:
        return offered[0]
    return found.pop() if len(found) == 1 else None
