# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A stand-in for what answers at the public address, and the case of tests that check it."""

from __future__ import annotations

import json
import ssl
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from odoo.tools import config

from ..setup_check import PROBLEM, Visit
from .common import McpTransactionCase

DOCUMENT = "/.well-known/oauth-protected-resource/mcp"
LOGIN = "/.well-known/oauth-authorization-server"
JSON = {"Content-Type": "application/json", "X-Request-Id": "1"}
Reply = tuple[int, dict[str, str], bytes]


class StandIn(ThreadingHTTPServer):
    """What answers at the public address: all is right until a test says otherwise.

    :ivar change: gets the right reply and the request, and returns what is sent
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scheme = "http"
        self.claimed = ""
        self.change: Callable[[Handler, Reply], Reply] = lambda _request, reply: reply
        self.closing = threading.Event()
        self.folders: list[tempfile.TemporaryDirectory] = []

    @property
    def origin(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def speak_tls(self) -> str:
        """Serve https from now on, with a certificate that only those trust who are told to.

        :return: the file that these need
        """
        folder = tempfile.TemporaryDirectory()
        self.folders.append(folder)
        path = Path(folder.name, "both.pem")
        path.write_bytes(self_signed())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme = "https"
        return str(path)

    def server_close(self) -> None:
        super().server_close()
        while self.folders:
            self.folders.pop().cleanup()

    def right(self, request: Handler) -> Reply:
        """Return what Odoo answers."""
        base = self.claimed or self.origin
        if request.path == DOCUMENT:
            return self.document({"resource": base + "/mcp", "authorization_servers": [base]})
        if request.path == LOGIN:
            return self.document({"issuer": base})
        if request.path == "/mcp":
            challenge = f'Bearer resource_metadata="{base}{DOCUMENT}", scope="mcp:read mcp:write"'
            if "Authorization" in request.headers:
                challenge += ', error="invalid_token"'
            return 401, {**JSON, "WWW-Authenticate": challenge}, b"{}"
        return 404, {}, b""

    @staticmethod
    def document(members: dict[str, Any]) -> Reply:
        return 200, JSON, json.dumps(members).encode()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, body = self.server.change(self, self.server.right(self))
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Date" not in headers:
            self.send_header("Date", self.date_time_string())
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_args: Any) -> None:
        """Keep the tests' output short."""


def self_signed() -> bytes:
    """Return a key and its certificate for 127.0.0.1, which nobody else signed, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1)
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    certificate = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return secret + certificate.public_bytes(pem)


class SetupCase(McpTransactionCase):
    def setUp(self) -> None:
        super().setUp()
        self.stand_in = StandIn()
        self.serve(self.stand_in)
        self.set_base(self.stand_in.origin)
        self.parameter("web.base.url.freeze", "True")
        self.visit: Visit | None = None

    def serve(self, site: StandIn) -> None:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(site.server_close)
        self.addCleanup(site.shutdown)
        self.addCleanup(site.closing.set)

    def parameter(self, key: str, value: str | bool) -> None:
        self.env["ir.config_parameter"].set_param(key, value)

    def set_base(self, url: str) -> None:
        self.parameter("web.base.url", url)

    def configure(self, key: str, value: Any) -> None:
        self.addCleanup(config.__setitem__, key, config[key])
        config[key] = value

    def wizard(self, *, patience: float = 5.0, button: str = "action_open") -> Any:
        """Check everything as an administrator."""
        model = self.env["mcp_native.setup.check"].with_user(self.env.ref("base.user_admin"))
        seams = {"_patience": lambda _self: patience, "_visit": lambda _self: self.visit}
        with patch.multiple(type(model), **seams):
            pressed = model if button == "action_open" else model.create({})
            return model.browse(getattr(pressed, button)()["res_id"])

    def lines(self, **how: Any) -> dict[str, Any]:
        """Check everything, and return the lines by what was checked."""
        return {line.subject: line for line in self.wizard(**how).line_ids}

    def assert_problem(self, line: Any, *parts: str) -> str:
        """Return the text of a line that must be a problem, say these things, and how to mend it."""
        self.assertEqual(line.state, PROBLEM, line.found)
        self.assertTrue(line.steps)
        text = "\n".join([line.found, *(f"{step['text']} {step['code']}" for step in line.steps)])
        for part in parts:
            self.assertIn(part, text)
        return text
