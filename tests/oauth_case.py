# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What tests of the authorization server share: clients, requests in order, and the way from a decision to tokens."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import requests

from odoo import models

from ..models import settings
from ..oauth import tokens
from ..oauth.server import AuthorizationServer
from .common import McpHttpCase

CALLBACK = "https://assistant.example.com/callback"
VERIFIER = "a-verifier-of-forty-three-characters-or-more"
BOTH = "mcp:read mcp:write"


def s256(verifier: str) -> str:
    """Return the challenge of a verifier (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class OAuthCase(McpHttpCase):
    """Tests with a public and a confidential client; ``mcp_plain`` decides."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.client = cls.make_client("assistant")
        cls.secret = tokens.new(tokens.SECRET)
        cls.keeper = cls.make_client(
            "keeper", auth_method="client_secret_basic", secret_digest=tokens.digest(cls.secret)
        )
        cls.resource = settings.base_url(cls.env) + "/mcp"

    @classmethod
    def make_client(cls, identifier: str, **values: Any) -> models.BaseModel:
        """Return a registered client."""
        common = {"name": identifier.title(), "identifier": identifier, "kind": "registered", "redirect_uris": CALLBACK}
        return cls.env["mcp_native.oauth.client"].sudo().create({**common, **values})

    def parameters(self, **changed: str | None) -> dict[str, str]:
        """Return the parameters of an authorization request in order; None leaves one out."""
        found = {
            "response_type": "code",
            "client_id": self.client.identifier,
            "redirect_uri": CALLBACK,
            "code_challenge": s256(VERIFIER),
            "code_challenge_method": "S256",
            "scope": BOTH,
            "state": "a state",
            "resource": self.resource,
            **changed,
        }
        return {name: value for name, value in found.items() if value is not None}

    def uri(self, **changed: str | None) -> str:
        """Return the address of an authorization request."""
        query = urlencode(self.parameters(**changed), quote_via=quote)
        return f"{settings.base_url(self.env)}/oauth/authorize?{query}"

    def server(self, user: models.BaseModel | None = None) -> AuthorizationServer:
        """Return the authorization server, with a user who decides."""
        return AuthorizationServer(self.env(user=(user or self.plain).id))

    def code(self, *, may_write: bool = True, user: models.BaseModel | None = None, **changed: str | None) -> str:
        """Return the code that a client gets when its request is approved."""
        location = self.server(user).approve(self.uri(**changed), may_write=may_write)
        self.env.flush_all()
        return parse_qs(urlsplit(location).query)["code"][0]

    def post(self, path: str, data: Any, **headers: str) -> requests.Response:
        """Send a form as a client does."""
        return self.opener.post(self.base_url() + path, data=data, headers=headers, timeout=60, allow_redirects=False)

    def redeem(self, code: str, **changed: str | None) -> requests.Response:
        """Exchange a code; None leaves a parameter out."""
        found = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "client_id": self.client.identifier,
            "code_verifier": VERIFIER,
            "resource": self.resource,
            **changed,
        }
        return self.post("/oauth/token", {name: value for name, value in found.items() if value is not None})

    def refresh(self, refresh_token: str, **changed: str | None) -> requests.Response:
        """Exchange a refresh token."""
        found = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": self.client.identifier,
            **changed,
        }
        return self.post("/oauth/token", {name: value for name, value in found.items() if value is not None})

    def granted(self, **kwargs: Any) -> dict[str, Any]:
        """Return the token answer of a connection that was approved."""
        answer = self.redeem(self.code(**kwargs))
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def assert_refused(self, answer: requests.Response, error: str, status: int = 400) -> None:
        """Check that an answer is an error object of that kind."""
        self.assertEqual((answer.status_code, answer.json().get("error")), (status, error), answer.text)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def status(self, token: str, path: str = "/mcp") -> int:
        """Return the HTTP status that a call with that token gets."""
        return self.rpc("tools/list", key=token, path=path).status_code
