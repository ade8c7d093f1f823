# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Asks a server several things at once and says how each went. Imports nothing from Odoo.

The requests run in threads, because the whole may not take longer than the slowest. No redirect is followed.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from requests.certs import where

PATIENCE = 5.0
LIMIT = 64 * 1024
NO_NAME, REFUSED, CERTIFICATE, NO_TLS, TIMEOUT, NO_HTTP, UNREACHABLE = (
    "no_name",
    "refused",
    "certificate",
    "no_tls",
    "timeout",
    "no_http",
    "unreachable",
)
"""How a request can fail before there is an answer."""

Addresses = tuple[IPv4Address | IPv6Address, ...]


@dataclass(frozen=True)
class Question:
    """One HTTP request."""

    verb: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Answer:
    """What came of a question: an HTTP answer, or the failure.

    :param headers: by lower-case name
    :param failure: one of the constants above; empty if there is an answer
    :param detail: what the system says about the failure
    :param received: when the answer's headers were there, in seconds since 1970
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    failure: str = ""
    detail: str = ""
    received: float = 0.0


@dataclass(frozen=True)
class Outside:
    """How a site looks from outside: the answers by name, and the addresses of its host (None: none was found)."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    addresses: Addresses | None = None


def look(questions: Mapping[str, Question], host: str, patience: float = PATIENCE) -> Outside:
    """Ask all questions, and for the addresses of ``host``, at the same time.

    :param patience: seconds for each; what is not there soon afterwards counts as timed out
    """
    tasks: dict[str, Callable[[], Any]] = {name: _asking(question, patience) for name, question in questions.items()}
    pool = ThreadPoolExecutor(max_workers=len(tasks) + 1, thread_name_prefix="mcp_native.setup")
    try:
        running = {name: pool.submit(task) for name, task in tasks.items()}
        resolving = pool.submit(resolve, host)
        wait([*running.values(), resolving], timeout=patience + 1)
        late = Answer(failure=TIMEOUT)
        answers = {name: future.result() if future.done() else late for name, future in running.items()}
        return Outside(answers, resolving.result() if resolving.done() else None)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def resolve(host: str) -> Addresses | None:
    """Return the addresses of a host, None if it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    texts = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
    return tuple(map(ip_address, texts)) or None


def ask(question: Question, patience: float = PATIENCE) -> Answer:
    """Send one request and return what came of it; never raises for what the network does."""
    try:
        return _exchange(question, patience)
    except socket.gaierror as error:
        return Answer(failure=NO_NAME, detail=error.strerror or "")
    except UnicodeError:
        return Answer(failure=NO_NAME)  # no name of a host has this form
    except ConnectionRefusedError:
        return Answer(failure=REFUSED)
    except ssl.SSLCertVerificationError as error:
        return Answer(failure=CERTIFICATE, detail=error.verify_message)
    except ssl.SSLError as error:
        return Answer(failure=NO_TLS, detail=error.reason or "")
    except TimeoutError:
        return Answer(failure=TIMEOUT)
    except (http.client.HTTPException, ValueError):
        return Answer(failure=NO_HTTP)
    except OSError as error:
        return Answer(failure=UNREACHABLE, detail=error.strerror or "")


def _asking(question: Question, patience: float) -> Callable[[], Answer]:
    return lambda: ask(question, patience)


def _exchange(question: Question, patience: float) -> Answer:
    deadline = time.monotonic() + patience
    parts = urlsplit(question.url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, patience)
    try:
        connection.request(question.verb, parts.path or "/", question.body, dict(question.headers))
        response = connection.getresponse()
        received = time.time()
        content = _read(response, deadline)
        return Answer(response.status, _by_name(response), content, received=received)
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, patience: float) -> http.client.HTTPConnection:
    if scheme != "https":
        return http.client.HTTPConnection(host, port, timeout=patience)
    context = ssl.create_default_context()
    context.load_verify_locations(where())  # besides the system's: not every Python finds these
    return http.client.HTTPSConnection(host, port, timeout=patience, context=context)


def _by_name(response: http.client.HTTPResponse) -> dict[str, str]:
    """Return the headers by lower-case name; several of one name are one list (RFC 9110, section 5.3)."""
    headers: dict[str, str] = {}
    for name, value in response.getheaders():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """Return the start of a body.

    :raise TimeoutError: it came too slowly
    """
    content = b""
    while len(content) < LIMIT and (chunk := response.read1(LIMIT - len(content))):
        content += chunk
        if time.monotonic() > deadline:
            raise TimeoutError
    return content
