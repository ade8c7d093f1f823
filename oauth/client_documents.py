# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fetching a client's metadata document, whose address anybody may choose, without becoming anybody's tool.

The host is resolved once. Every one of its addresses must be public, and the connection goes to one of exactly these,
with the certificate checked for the host's name: what the name means later does not matter (DNS rebinding). There are
no redirects, no proxy, no compression, one limit for the size and one for the time of all together.
"""

from __future__ import annotations

import io
import json
import os
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import Any

from requests.certs import where as bundle_of_requests

from .hosts import Address, is_public
from .redirects import BadRedirect, Parts, parts

URL_LENGTH = 500
SHORTEST_CACHE = 5 * 60
LONGEST_CACHE = 24 * 3600

HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "mcp_native",
}

_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
_JSON = re.compile(r"application/(?:[a-z0-9.+-]+\+)?json", re.IGNORECASE)
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_UNCACHED = re.compile(r"(?:^|[,\s])(?:no-store|no-cache)(?:$|[,\s=])", re.IGNORECASE)


class DocumentRefused(Exception):
    """A document cannot be had. Says why in one English sentence, in which nothing of the answer is repeated."""


@dataclass(frozen=True)
class Fetched:
    """A document, and for how many seconds it may be kept."""

    document: dict[str, Any]
    max_age: int


@dataclass(frozen=True)
class Rules:
    """What a fetch may do.

    :param is_allowed: whether an address may be connected to
    :param timeout: seconds for everything: resolving, connecting, reading
    :param size: bytes of the document
    :param ports: that may be connected to
    """

    is_allowed: Callable[[Address], bool] = is_public
    timeout: float = 5.0
    size: int = 64 * 1024
    ports: frozenset[int] = frozenset({443})


def is_document_url(text: str) -> bool:
    """Whether a client's identifier is the address of a document: https, with a path, and in one spelling only."""
    if len(text) > URL_LENGTH:
        return False
    try:
        found = parts(text)
    except BadRedirect:
        return False
    return found.scheme == "https" and len(found.path) > 1 and bool(found.host) and not _DOT_SEGMENT.search(found.path)


def fetch(url: str, rules: Rules = Rules()) -> Fetched:  # noqa: B008: frozen
    """Return the document at an address.

    :raise DocumentRefused: it cannot be had, or is no JSON object, or the rules forbid it
    """
    if not is_document_url(url):
        raise DocumentRefused("The address of the client's document is not allowed.")
    found = parts(url)
    port = int(found.port or 443)
    if port not in rules.ports:
        raise DocumentRefused("The client's document is at a port that is not allowed.")
    deadline = _Deadline(rules.timeout)
    try:
        addresses = _resolve(found.host.strip("[]"), port, deadline)
        if not all(map(rules.is_allowed, addresses)):
            raise DocumentRefused("The client's document is not on the public internet.")
        with _connect(addresses, port, found.host.strip("[]"), deadline) as tls:
            return _exchange(tls, found, deadline, rules.size)
    except TimeoutError as late:
        raise DocumentRefused("The client's document did not come in time.") from late
    except ssl.SSLError as untrusted:
        raise DocumentRefused("The server of the client's document has no valid certificate.") from untrusted
    except (OSError, HTTPException) as failure:
        raise DocumentRefused("The server of the client's document does not answer.") from failure


class _Deadline:
    """The moment after which a fetch is over, whatever part of it is under way."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left.

        :raise TimeoutError: none is
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Reader(io.RawIOBase):
    """What a connection sends: within the time, however slowly it drips, and within a number of bytes."""

    def __init__(self, connection: ssl.SSLSocket, deadline: _Deadline, limit: int) -> None:
        super().__init__()
        self._connection = connection
        self._deadline = deadline
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._deadline.remaining())
        count = self._connection.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise DocumentRefused("The client's document is too large.")
        return count


class _Wire:
    """The part of a socket's interface that http.client uses."""

    def __init__(self, connection: ssl.SSLSocket, deadline: _Deadline, limit: int) -> None:
        self._connection = connection
        self._deadline = deadline
        self._reader = _Reader(connection, deadline, limit)

    def sendall(self, data: bytes) -> None:
        self._connection.settimeout(self._deadline.remaining())
        self._connection.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._reader)

    def close(self) -> None:
        """Leave closing to the one who opened the connection."""


def _resolve(host: str, port: int, deadline: _Deadline) -> list[Address]:
    """Return the addresses of a host, IPv4 first.

    In a thread, because the system's resolver knows no limit of time.

    :raise DocumentRefused: it has none
    :raise TimeoutError: they did not come in time
    """
    answers: queue.Queue[list[Any] | Exception] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as failure:
            answers.put(failure)

    threading.Thread(target=ask, name="mcp_native.resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.remaining())
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception) or not answer:
        raise DocumentRefused("The host of the client's document is not known.")
    addresses = dict.fromkeys(ip_address(name[0]) for *_kind, name in answer)
    return sorted(addresses, key=lambda address: address.version)


def _connect(addresses: list[Address], port: int, host: str, deadline: _Deadline) -> ssl.SSLSocket:
    """Return a connection to the first of these addresses that answers, its certificate checked for the host.

    :raise OSError: none does, or none has such a certificate
    """
    failure: OSError | None = None
    for tried, address in enumerate(addresses):
        share = deadline.remaining() / (len(addresses) - tried)
        try:
            plain = socket.create_connection((str(address), port), timeout=share)
        except OSError as refused:
            failure = refused
            continue
        with ExitStack() as undo:
            undo.callback(plain.close)
            plain.settimeout(deadline.remaining())
            secured = _tls_context().wrap_socket(plain, server_hostname=host)
            undo.pop_all()
            return secured
    raise failure or OSError("No address")


def _tls_context() -> ssl.SSLContext:
    """Return a context that trusts what the environment says, as requests does, or else the bundle of requests."""
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or bundle_of_requests()
    return ssl.create_default_context(**{"capath" if os.path.isdir(bundle) else "cafile": bundle})


def _exchange(tls: ssl.SSLSocket, found: Parts, deadline: _Deadline, size: int) -> Fetched:
    """Ask for the document over an open connection."""
    http = HTTPSConnection(found.host, int(found.port or 443), timeout=deadline.remaining(), context=tls.context)
    http.sock = _Wire(tls, deadline, 2 * size)  # headers and the framing of chunks count, too
    http.request("GET", found.rest, headers=HEADERS)
    with http.getresponse() as response:
        if response.status != 200:
            raise DocumentRefused("The client's document is not where it should be.")
        return Fetched(_document(response, size), max_age(response.headers))


def _document(response: HTTPResponse, size: int) -> dict[str, Any]:
    if not _JSON.fullmatch(response.headers.get_content_type()):
        raise DocumentRefused("The client's document is not JSON.")
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise DocumentRefused("The client's document is compressed, which was not asked for.")
    content = response.read(size + 1)
    if len(content) > size:
        raise DocumentRefused("The client's document is too large.")
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise DocumentRefused("The client's document is not JSON.") from None
    if not isinstance(document, dict):
        raise DocumentRefused("The client's document is not a JSON object.")
    return document


def max_age(headers: Message) -> int:
    """Return for how many seconds an answer may be kept (RFC 9111, section 4.2.1), within our own limits."""
    control = ", ".join(headers.get_all("Cache-Control", []))
    stated = _MAX_AGE.search(control)
    if _UNCACHED.search(control):
        seconds = 0
    elif stated:
        age = headers.get("Age", "").strip()
        seconds = int(stated[1]) - (int(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0)
    else:
        seconds = _until_expiry(headers)
    return min(max(seconds, SHORTEST_CACHE), LONGEST_CACHE)


def _until_expiry(headers: Message) -> int:
    try:
        expires, date = (parsedate_to_datetime(headers[name]) for name in ("Expires", "Date"))
        return int((expires - date).total_seconds())
    except (TypeError, ValueError):  # absent, or no date; a zone in only one of them
        return 0
