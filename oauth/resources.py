# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a token is good for: the address of one endpoint (RFC 8707)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical(uri: str) -> str | None:
    """Return an address in the form in which resources are compared, None for what is none.

    Scheme and host in lower case, no default port, no slash at the end (MCP, authorization, canonical server URI).
    """
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.query or parts.username or "#" in uri:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    suffix = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{suffix}{parts.path.rstrip('/')}"


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
