# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""TLS on the loopback interface: a certificate, a site of JSON documents, a reverse proxy."""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TIMEOUT = 60
OWN_HEADERS = {"connection", "date", "server", "transfer-encoding"}
"""Headers of an answer that a proxy writes itself."""


@dataclass(frozen=True)
class Certificate:
    """Files in PEM: who is to be trusted, and the server's certificate with its key."""

    authority: Path
    server: Path

    @property
    def trusted(self) -> dict[str, str]:
        """The variables that make a Python program trust it."""
        return {"SSL_CERT_FILE": str(self.authority), "REQUESTS_CA_BUNDLE": str(self.authority)}

    def context(self) -> ssl.SSLContext:
        """Return what a server needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server)
        return context


def make_certificate(folder: Path) -> Certificate:
    """Make an authority, and a certificate of it for `localhost` and 127.0.0.1."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _signed("Authority of the tests", authority_key, None, authority_key)
    issued = _signed("localhost", key, authority, authority_key)
    found = Certificate(folder / "authority.pem", folder / "server.pem")
    found.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    found.server.write_bytes(private + issued.public_bytes(serialization.Encoding.PEM))
    return found


def _signed(name: str, key: Any, issuer: x509.Certificate | None, issuer_key: Any) -> x509.Certificate:
    """Return a certificate: of an authority, without ``issuer``, otherwise of a server."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    usages = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    usage = x509.KeyUsage(
        digital_signature=issuer is not None, key_cert_sign=issuer is None, crl_sign=issuer is None, **usages
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if issuer:
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
        builder = builder.add_extension(names, critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


@dataclass
class Site:
    """A site of JSON documents, by path; ``asked`` are the paths that were asked for."""

    url: str
    documents: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return urlsplit(self.url).port

    def publish(self, path: str, document: dict[str, Any]) -> str:
        """Serve a document, which says its own address as ``client_id``, and return that address."""
        self.documents[path] = {"client_id": self.url + path, **document}
        return self.url + path


@contextlib.contextmanager
def site(certificate: Certificate) -> Iterator[Site]:
    """Serve documents while the block runs."""

    class Handler(_Quiet):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            found = self.path in served.documents
            body = json.dumps(served.documents.get(self.path)).encode()
            self.answer(200 if found else 404, [("Content-Type", "application/json")], body)

    with _serving(Handler, certificate) as url:
        served = Site(url)
        yield served


@contextlib.contextmanager
def reverse_proxy(certificate: Certificate, upstream: str, *, forwarded_host: bool = True) -> Iterator[str]:
    """Serve what a server serves, over TLS, and tell it about the client as reverse proxies do.

    :param upstream: its origin
    :param forwarded_host: whether to send ``X-Forwarded-Host``, without which Odoo does not believe the others
    :return: the origin of the proxy
    """
    target = urlsplit(upstream)

    class Handler(_Quiet):
        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": self.client_address[0]}
            if forwarded_host:
                headers["X-Forwarded-Host"] = self.headers["Host"]
            connection = http.client.HTTPConnection(target.hostname, target.port, timeout=TIMEOUT)
            with contextlib.closing(connection):
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                self.answer(answer.status, answer.getheaders(), answer.read())

        do_GET = do_POST = do_OPTIONS = forward

    with _serving(Handler, certificate) as url:
        yield url


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in {*OWN_HEADERS, "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def _serving(handler: type[BaseHTTPRequestHandler], certificate: Certificate) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.socket = certificate.context().wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
