# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Redirect URIs: which may be registered, and which one a request may name.

A presented URI is never normalised: it is the registered string, character by character. The one exception is the port
of a program on the user's own computer, which takes a free one each time (RFC 8252, section 7.3).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from . import hosts

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""The hosts that http is good enough for, because the answer never leaves the computer."""

NEVER = frozenset(
    "about blob chrome data file filesystem ftp http https intent jar javascript mailto resource vbscript "
    "view-source ws wss".split()
)
"""Schemes that are no program's own: an answer sent there would run, or stay, in a page. No list can allow them."""

_MAX_PORT = 65535

_URI = re.compile(
    r"""
    (?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):
    (?://(?P<authority>[^/?\#]*))?
    (?P<path>[^?\#]*)
    (?P<query>\?[^\#]*)?
    (?P<fragment>\#.*)?
    """,
    re.VERBOSE | re.DOTALL,
)
_CHARACTERS = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?\#\[\]-]|%[0-9A-Fa-f]{2})+")
_AUTHORITY = re.compile(r"(?P<host>[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")


class BadRedirect(ValueError):
    """A URI cannot be registered. Says why in one English sentence, in which nothing of the URI is repeated."""


@dataclass(frozen=True)
class Parts:
    """What a URI is made of (RFC 3986, section 3). Scheme and host are in lower case, an absent host or port is empty.

    :param host: without userinfo, which no such URI may have; an IPv6 address in brackets
    :param rest: path and query, as they are written
    """

    scheme: str
    host: str
    port: str
    path: str
    rest: str


def parts(uri: str) -> Parts:
    """Take an absolute URI apart.

    :raise BadRedirect: it is none, or has what none here may have: a fragment, userinfo, a character that RFC 3986 does
        not allow, a host that could be read in two ways
    """
    found = _URI.fullmatch(uri)
    if not found:
        raise BadRedirect("It must be an absolute address, such as https://assistant.example.com/callback.")
    if found["fragment"] is not None:
        raise BadRedirect("It must not have a fragment (#).")
    if not _CHARACTERS.fullmatch(uri):
        raise BadRedirect("It must not have blanks, backslashes, control characters or letters outside of ASCII.")
    host, port = _host_and_port(found["authority"]) if found["authority"] else ("", "")
    path = found["path"]
    return Parts(found["scheme"].lower(), host, port, path, path + (found["query"] or ""))


def check(uri: str, schemes: Collection[str]) -> str:
    """Return a URI unchanged if a client may be answered at it.

    :param schemes: allowed besides https and, for the user's own computer, http
    :raise BadRedirect: it may not be registered
    """
    found = parts(uri)
    if found.scheme in ("http", "https"):
        if not found.host:
            raise BadRedirect("It must name a host.")
        if found.scheme == "http" and found.host not in LOOPBACK:
            raise BadRedirect("It must begin with https:// unless it leads to localhost, 127.0.0.1 or [::1].")
    elif found.scheme in NEVER or found.scheme not in {scheme.lower() for scheme in schemes}:
        raise BadRedirect(f"Addresses that begin with {found.scheme[:40]}: are not allowed here.")
    elif not found.path.startswith("/") and not found.host:
        raise BadRedirect(f"After {found.scheme[:40]}: there must be a slash.")
    return uri


def matches(registered: Iterable[str], presented: str) -> bool:
    """Whether a request may name a URI: it is a registered one, or differs from one in the port of loopback only."""
    known = tuple(registered)
    if presented in known:
        return True
    wanted = _without_port(presented)
    return wanted is not None and any(_without_port(uri) == wanted for uri in known)


def is_local(uri: str) -> bool:
    """Whether an answer at this URI goes to a program on the user's own computer, which any program can pose as.

    :raise BadRedirect: it is no URI that could have been registered
    """
    found = parts(uri)
    return found.scheme not in ("http", "https") or hosts.on_this_computer(found.host)


def host(uri: str) -> str:
    """Return what people are shown of a URI: where the answer goes, in ASCII.

    :raise BadRedirect: it is no URI that could have been registered
    """
    found = parts(uri)
    where = found.host + (f":{found.port}" if found.port else "")
    if found.scheme in ("http", "https"):
        return where
    return f"{found.scheme}://{where}" if where else f"{found.scheme}:"


def _host_and_port(authority: str) -> tuple[str, str]:
    """Return host and port; a host that ends in a number must be a plain IPv4 address, as browsers would make it one.

    :raise BadRedirect: something else is there, too
    """
    if "@" in authority:
        raise BadRedirect("It must not have a user name (@) before the host.")
    found = _AUTHORITY.fullmatch(authority)
    if not found or int(found["port"] or 1) not in range(1, _MAX_PORT + 1):
        raise BadRedirect("It must name a host, and a port only as a number.")
    name = found["host"].lower()
    try:
        if name.startswith("["):
            IPv6Address(name[1:-1])
        elif "" in name.split("."):
            raise BadRedirect("The name of its host must not have empty parts.")
        elif _NUMBER.fullmatch(name.rpartition(".")[2]):
            IPv4Address(name)
    except AddressValueError:
        raise BadRedirect("The address of its host must be a plain IP address.") from None
    return name, found["port"] or ""


def _without_port(uri: str) -> tuple[str, str] | None:
    """Return host and rest of a loopback URI, the host as it is written; None for any other URI."""
    try:
        found = parts(uri)
    except BadRedirect:
        return None
    if found.scheme != "http" or found.host not in LOOPBACK or not uri.startswith(f"http://{found.host}"):
        return None
    return found.host, found.rest
