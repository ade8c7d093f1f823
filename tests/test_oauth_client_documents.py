# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import datetime
import gzip
import json
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from odoo.tests import BaseCase, tagged

from ..oauth import client_documents
from ..oauth.client_documents import DocumentRefused, Fetched, Rules, is_document_url, is_public, max_age
from .test_oauth_client_metadata import DOCUMENTS

HOST = "assistant.example.com"
DOCUMENT = {"client_id": "https://assistant.example.com/client.json", "client_name": "Assistant"}

Answer = bytes | Callable[[socket.socket], None]


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json") -> bytes:
    """Return an HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def certificate(*names: str) -> tuple[bytes, bytes]:
    """Return a certificate that signs itself, and its key, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1(), default_backend())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.utcnow()
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256(), default_backend())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return built.public_bytes(serialization.Encoding.PEM), secret


class TlsServer:
    """A server on loopback that gives one prepared answer to everyone, and keeps what it was asked."""

    def __init__(self, folder: Path, *names: str) -> None:
        chain, key = certificate(*names)
        self.bundle = folder / "bundle.pem"
        self.bundle.write_bytes(chain)
        pair = folder / "pair.pem"
        pair.write_bytes(chain + key)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pair)
        self._context.sni_callback = lambda _tls, name, _context: self.asked_for.append(name)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.answer: Answer = answer(json.dumps(DOCUMENT).encode())
        self.asked_for: list[str | None] = []
        self.requests: list[str] = []
        self.connections = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                plain, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=[plain], daemon=True).start()

    def _answer(self, plain: socket.socket) -> None:
        plain.settimeout(10)
        try:
            with self._context.wrap_socket(plain, server_side=True) as tls:
                received = b""
                while b"\r\n\r\n" not in received:
                    received += tls.recv(65536)
                self.requests.append(received.decode())
                if callable(self.answer):
                    self.answer(tls)
                else:
                    tls.sendall(self.answer)
        except OSError:
            return  # the client has gone, as some tests want


@tagged("post_install", "-at_install")
class TestOauthClientDocuments(BaseCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.server = TlsServer(Path(folder.name), HOST)
        cls.addClassCleanup(cls.server.close)
        cls.good = cls.server.answer

    def setUp(self) -> None:
        super().setUp()
        self.server.answer = self.good
        self.server.asked_for.clear()
        self.server.requests.clear()
        self.server.connections = 0
        self.names: dict[str, list[str]] = {HOST: ["127.0.0.1"]}
        self.looked_up: list[str] = []
        self.url = f"https://{HOST}:{self.server.port}/client.json"
        for replaced in (
            patch.object(socket, "getaddrinfo", self._getaddrinfo),
            patch.dict("os.environ", {"REQUESTS_CA_BUNDLE": str(self.server.bundle)}),
        ):
            replaced.start()
            self.addCleanup(replaced.stop)

    def _getaddrinfo(self, host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        """Answer as the resolver would; addresses are what they are."""
        try:
            addresses = [str(ip_address(host))]
        except ValueError:
            self.looked_up.append(host)
            addresses = self.names.get(host, [])
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        found = []
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            place = (address, port, 0, 0) if ":" in address else (address, port)
            found.append((family, socket.SOCK_STREAM, 6, "", place))
        return found

    def rules(self, **changed: Any) -> Rules:
        """Return rules under which the server here is as good as one on the internet."""
        local = {ip_address("127.0.0.1")}
        known = {
            "is_allowed": lambda address: address in local or is_public(address),
            "ports": frozenset({self.server.port}),
            "timeout": 5.0,
        }
        return Rules(**{**known, **changed})

    def fetch(self, **changed: Any) -> Fetched:
        return client_documents.fetch(self.url, self.rules(**changed))

    def assert_refused(self, words: str, **changed: Any) -> None:
        with self.assertRaises(DocumentRefused) as caught:
            self.fetch(**changed)
        self.assertIn(words, str(caught.exception))

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.assertLess(time.monotonic() - start, seconds)

    # -- the way of a good one

    def test_a_document_is_fetched_from_the_one_address_that_was_looked_up(self):
        self.assertEqual(self.fetch(), Fetched(DOCUMENT, 300))
        self.assertEqual(self.looked_up, [HOST])
        self.assertEqual(self.server.asked_for, [HOST])
        request = self.server.requests[0].lower()
        self.assertTrue(request.startswith("get /client.json http/1.1\r\n"))
        self.assertIn(f"\r\nhost: {HOST}:{self.server.port}\r\n", request)
        self.assertIn("\r\naccept-encoding: identity\r\n", request)
        for name in ("cookie", "authorization", "referer"):
            self.assertNotIn(f"\r\n{name}:", request)

    def test_a_document_in_chunks_of_another_json_type_with_a_mark_at_its_beginning_is_good(self):
        body = b"\xef\xbb\xbf" + json.dumps(DOCUMENT).encode()
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:9], body[9:])) + b"0\r\n\r\n"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/client+json; charset=utf-8\r\n"
        self.server.answer = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
        self.assertEqual(self.fetch().document, DOCUMENT)

    def test_a_document_may_have_exactly_the_size_that_is_allowed(self):
        body = json.dumps({**DOCUMENT, "x": "y" * 65536}).encode()
        self.server.answer = answer(body)
        self.assertEqual(self.fetch(size=len(body)).document["client_name"], "Assistant")
        self.assert_refused("too large", size=len(body) - 1)

    def test_the_next_address_is_tried_when_one_does_not_answer(self):
        self.names[HOST] = ["127.0.0.2", "127.0.0.1"]
        allowed = set(map(ip_address, self.names[HOST]))
        self.assertEqual(self.fetch(is_allowed=allowed.__contains__).document, DOCUMENT)

    def test_the_proxy_of_the_environment_is_not_used(self):
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
            with patch.dict("os.environ", {name: "http://127.0.0.1:9"}):
                self.assertEqual(self.fetch().document, DOCUMENT)

    # -- where it may be

    def test_addresses_that_are_not_on_the_internet_are_known_as_such(self):
        for text in (
            "0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.127.255.255 100.100.100.200 127.0.0.1 127.255.0.1 168.63.129.16 "
            "169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 "
            "198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 "
            ":: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::8.8.8.8 "
            "64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 "
            "2001:20::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 "
            "fec0::1 ff02::1 ff0e::1"
        ).split():
            self.assertFalse(is_public(ip_address(text)), text)
        for text in "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 160.79.104.10 172.32.0.1 2606:4700::1 2a00::1".split():
            self.assertTrue(is_public(ip_address(text)), text)

    def test_no_connection_is_made_to_an_address_that_is_not_on_the_internet(self):
        for addresses in (
            ["127.0.0.1"],
            ["8.8.8.8", "10.0.0.1"],
            ["10.0.0.1", "8.8.8.8"],
            ["8.8.8.8", "::1"],
            ["8.8.8.8", "::ffff:8.8.8.8"],
            ["8.8.8.8", "fe80::1"],
            ["8.8.8.8", "169.254.169.254"],
        ):
            self.names[HOST] = addresses
            with self.subTest(addresses), patch.object(socket, "create_connection") as connect:
                self.assert_refused("not on the public internet", is_allowed=is_public)
                connect.assert_not_called()

    def test_a_name_that_changes_its_mind_is_asked_once_and_taken_at_its_word(self):
        words = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
        self.names = _Changing({HOST: words})
        connected: list[str] = []
        connect = socket.create_connection

        def spy(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
            connected.append(address[0])
            return connect(address, *args, **kwargs)

        with patch.object(socket, "create_connection", spy):
            self.assertEqual(self.fetch().document, DOCUMENT)
        self.assertEqual((self.looked_up, connected), ([HOST], ["127.0.0.1"]))

    def test_an_address_as_a_host_is_checked_too(self):
        for host in ("127.0.0.1", "[::1]", "[::ffff:7f00:1]", "169.254.169.254"):
            self.url = f"https://{host}:{self.server.port}/client.json"
            self.assert_refused("not on the public internet", is_allowed=is_public)
        self.assertEqual(self.server.connections, 0)

    def test_other_ports_than_that_of_https_are_refused(self):
        self.assert_refused("at a port", ports=Rules().ports)
        self.assertEqual((self.looked_up, self.server.connections), ([], 0))

    def test_what_is_no_address_of_a_document_is_not_looked_up(self):
        self.url = f"http://{HOST}:{self.server.port}/client.json"
        self.assert_refused("not allowed")
        self.assertEqual(self.looked_up, [])

    def test_an_unknown_host_is_refused(self):
        for host in ("unknown.example.com", "x" * 64 + ".example.com", "a" + ".a" * 120):
            self.url = f"https://{host}:{self.server.port}/client.json"
            self.assert_refused("not known")

    # -- who answers

    def test_a_certificate_for_another_name_or_of_nobody_is_refused(self):
        self.names["other.example.com"] = ["127.0.0.1"]
        self.url = f"https://other.example.com:{self.server.port}/client.json"
        self.assert_refused("no valid certificate")
        self.url = f"https://127.0.0.1:{self.server.port}/client.json"
        self.assert_refused("no valid certificate")
        self.url = f"https://{HOST}:{self.server.port}/client.json"
        with patch.dict("os.environ", {"REQUESTS_CA_BUNDLE": ""}):
            self.assert_refused("no valid certificate")
        self.assertEqual(self.server.requests, [])

    def test_the_bundle_of_the_environment_is_trusted(self):
        with patch.dict("os.environ", {"REQUESTS_CA_BUNDLE": "", "SSL_CERT_FILE": str(self.server.bundle)}):
            self.assertEqual(self.fetch().document, DOCUMENT)

    def test_nobody_at_home_is_refused(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"https://{HOST}:{port}/client.json"
        self.assert_refused("does not answer", ports=frozenset({port}))

    # -- what is answered

    def test_a_redirect_is_not_followed(self):
        for status in ("301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"):
            self.server.answer = answer(b"{}", f"Location: {self.url}?again", status=status)
            self.assert_refused("not where it should be")
        self.assertEqual(len(self.server.requests), 5)

    def test_other_answers_than_200_are_refused(self):
        for status in ("201 Created", "204 No Content", "206 Partial", "304 Not Modified", "404 Not Found", "500 Oops"):
            self.server.answer = answer(b"" if status[:3] in ("204", "304") else b"{}", status=status)
            self.assert_refused("not where it should be")

    def test_what_is_too_large_is_refused_however_it_comes(self):
        large = json.dumps({**DOCUMENT, "x": "y" * 70_000}).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        for sent in (
            answer(large),
            head + b"\r\n" + large,
            head + b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n0\r\n\r\n" % (len(large), large),
            head + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 70_000 + b"0\r\n\r\n",
            head + b"".join(b"X-%d: %s\r\n" % (number, b"y" * 5_000) for number in range(90)) + b"\r\n{}",
            b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000,
        ):
            self.server.answer = sent
            with self.subTest(sent[:80]):
                self.assert_refused("too large")

    def test_what_is_compressed_is_refused(self):
        bomb = gzip.compress(json.dumps({**DOCUMENT, "x": "y" * 10**6}).encode())
        for coding in ("gzip", "br", "deflate", "identity, gzip"):
            self.server.answer = answer(bomb, f"Content-Encoding: {coding}")
            self.assert_refused("compressed")
        self.server.answer = answer(json.dumps(DOCUMENT).encode(), "Content-Encoding: Identity")
        self.assertEqual(self.fetch().document, DOCUMENT)

    def test_what_is_no_json_object_is_refused(self):
        for kind in ("text/html", "text/plain", "application/jsonx", "application/javascript", "nonsense", ""):
            self.server.answer = answer(json.dumps(DOCUMENT).encode(), kind=kind)
            self.assert_refused("not JSON")
        for body in (b"", b"{", b"<html>", b'{"a": "\xff"}', b"[" * 60_000, b'{"a":' * 10_000, b"1" * 6_000, b"{} {}"):
            self.server.answer = answer(body)
            with self.subTest(body[:20]):
                self.assert_refused("not JSON")
        for body in (b"[]", b'"x"', b"1", b"null", b"[{}]"):
            self.server.answer = answer(body)
            self.assert_refused("not a JSON object")

    def test_what_is_no_http_is_refused(self):
        many = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"
        for sent in (b"", b"hello\r\n\r\n", b"HTTP/1.1 banana\r\n\r\n", many):
            self.server.answer = sent
            self.assert_refused("does not answer")
        self.server.answer = answer(json.dumps(DOCUMENT).encode())[:-5]
        self.assert_refused("")

    # -- how long it may take

    def test_all_together_may_not_take_longer_than_is_allowed(self):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        chunked = head + b"Transfer-Encoding: chunked\r\n\r\n"

        def drip(start: bytes, drop: bytes) -> Callable[[socket.socket], None]:
            def send(tls: socket.socket) -> None:
                tls.sendall(start)
                while True:
                    time.sleep(0.05)
                    tls.sendall(drop)

            return send

        for name, slow in (
            ("body", drip(head + b"Content-Length: 5000\r\n\r\n{", b" ")),
            ("status", drip(b"", b"H")),
            ("header", drip(b"HTTP/1.1 200 OK\r\nX: ", b"y")),
            ("headers", drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")),
            ("chunks", drip(chunked, b"1\r\n \r\n")),
            ("nothing", lambda tls: time.sleep(5)),
        ):
            self.server.answer = slow
            with self.subTest(name), self.within(4):
                self.assert_refused("in time", timeout=0.5)

    def test_a_server_that_accepts_and_says_nothing_is_left_in_time(self):
        with socket.create_server(("127.0.0.1", 0)) as silent, self.within(4):
            port = silent.getsockname()[1]
            self.url = f"https://{HOST}:{port}/client.json"
            self.assert_refused("in time", timeout=0.5, ports=frozenset({port}))

    def test_a_resolver_that_does_not_answer_is_left_in_time(self):
        over = threading.Event()
        self.addCleanup(over.set)
        with patch.object(socket, "getaddrinfo", lambda *args, **kwargs: over.wait(10)), self.within(4):
            self.assert_refused("in time", timeout=0.5)

    # -- how long it may be kept

    def test_a_document_is_kept_as_long_as_its_server_says_within_limits(self):
        date = "Thu, 01 Oct 2026 10:00:00 GMT"
        for headers, seconds in (
            ({}, 300),
            ({"Cache-Control": "max-age=3600"}, 3600),
            ({"Cache-Control": "public, Max-Age=7200, immutable"}, 7200),
            ({"Cache-Control": 'max-age="900"'}, 900),
            ({"Cache-Control": "max-age=0"}, 300),
            ({"Cache-Control": "max-age=10"}, 300),
            ({"Cache-Control": "max-age=99999999"}, 86400),
            ({"Cache-Control": "max-age=99999999999999999999"}, 86400),
            ({"Cache-Control": "max-age=-5"}, 300),
            ({"Cache-Control": "x-max-age=3600"}, 300),
            ({"Cache-Control": "no-store, max-age=3600"}, 300),
            ({"Cache-Control": "no-cache"}, 300),
            ({"Cache-Control": "max-age=3600", "Age": "600"}, 3000),
            ({"Cache-Control": "max-age=3600", "Age": "x"}, 3600),
            ({"Cache-Control": "max-age=600", "Date": date, "Expires": "Thu, 01 Oct 2026 12:00:00 GMT"}, 600),
            ({"Date": date, "Expires": "Thu, 01 Oct 2026 11:00:00 GMT"}, 3600),
            ({"Date": date, "Expires": "Thu, 01 Oct 2020 11:00:00 GMT"}, 300),
            ({"Date": date, "Expires": "0"}, 300),
            ({"Date": date, "Expires": "Thu, 01 Oct 2026 11:00:00"}, 300),
            ({"Expires": "Thu, 01 Oct 2026 11:00:00 GMT"}, 300),
        ):
            message = Message()
            for name, value in headers.items():
                message[name] = value
            self.assertEqual(max_age(message), seconds, headers)

    def test_the_time_is_read_from_the_answer(self):
        self.server.answer = answer(json.dumps(DOCUMENT).encode(), "Cache-Control: max-age=4000")
        self.assertEqual(self.fetch().max_age, 4000)

    # -- which identifiers are addresses of documents

    def test_the_addresses_of_known_documents_are_recognised(self):
        for url in (*DOCUMENTS, "https://a.example:8443/x", "https://a.example/x?y=1", "https://a.example/x/"):
            self.assertTrue(is_document_url(url), url)

    def test_other_identifiers_and_ambiguous_addresses_are_none(self):
        for text in (
            "",
            "0123456789abcdef",
            "https://claude.ai",
            "https://claude.ai/",
            "https://claude.ai?x=/y",
            "http://claude.ai/x",
            "ftp://claude.ai/x",
            "https:///x",
            "https://user@claude.ai/x",
            "https://claude.ai/x#y",
            "https://claude.ai/x#",
            "https://claude.ai/a/../x",
            "https://claude.ai/a/./x",
            "https://claude.ai/..",
            "https://claude.ai/%2e%2E/x",
            "https://claude.ai/.%2e/x",
            "https://claude.ai/x y",
            "https://claude.ai\\x",
            "https://claude.ai/x\n",
            "https://2130706433/x",
            "https://0x7f.0.0.1/x",
            "https://clаude.ai/x",
            "https://claude.ai/" + "x" * 500,
        ):
            self.assertFalse(is_document_url(text), text)


class _Changing(dict):
    """Names whose addresses are others at each look."""

    def get(self, host: str, default: Any = None) -> Any:
        return next(self[host])
