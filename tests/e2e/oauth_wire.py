# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""OAuth by hand: what the tests of a live server send as clients, and what a person decides, without a browser."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import requests
from lxml import html
from wire import TIMEOUT, Web, Wire

READ = "mcp:read"
WRITE = "mcp:write"
BOTH = f"{READ} {WRITE}"
WELL_KNOWN = "/.well-known/"
LOOPBACK = "http://127.0.0.1:33418/callback"


class Pkce(NamedTuple):
    """A secret of the client and what it shows of it first (RFC 7636)."""

    verifier: str
    challenge: str


def new_pkce() -> Pkce:
    """Return a new secret with its S256 challenge."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return Pkce(verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode())


class Tokens(NamedTuple):
    """What the token endpoint gave."""

    access: str
    refresh: str
    scope: str
    expires_in: int


def tokens_of(answer: requests.Response) -> Tokens:
    """Return the tokens of an answer that must hold some, in the form that RFC 6749, section 5.1, wants."""
    assert answer.status_code == 200, f"{answer.status_code} {answer.text}"
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json()
    assert found["token_type"] == "Bearer"
    return Tokens(found["access_token"], found["refresh_token"], found["scope"], found["expires_in"])


def error_of(answer: requests.Response) -> tuple[int, str]:
    """Return status and code of an answer that must be an error, in the form that RFC 6749, section 5.2, wants."""
    assert answer.status_code in (400, 401, 429), f"{answer.status_code} {answer.text}"
    assert answer.headers["Content-Type"].startswith("application/json"), answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.status_code, answer.json()["error"]


def challenge_of(answer: requests.Response) -> dict[str, str]:
    """Return the parameters of a bearer challenge (RFC 6750, section 3)."""
    scheme, _space, rest = answer.headers["WWW-Authenticate"].partition(" ")
    assert scheme == "Bearer"
    return dict(re.findall(r'(\w+)="([^"]*)"', rest))


def query_of(location: str) -> dict[str, str]:
    """Return the parameters of a redirect, each of which must be there once."""
    pairs = parse_qsl(urlsplit(location).query, keep_blank_values=True)
    assert len(pairs) == len(dict(pairs)), location
    return dict(pairs)


@dataclass(frozen=True)
class Discovered:
    """The two documents that a client finds, beginning with the address of the endpoint alone."""

    resource: dict[str, Any]
    server: dict[str, Any]

    @property
    def issuer(self) -> str:
        return self.server["issuer"]


def discover(mcp_url: str, headers: Mapping[str, str] | None = None) -> Discovered:
    """Find the authorization server of an endpoint as clients do: 401, then two documents, each checked.

    :param headers: of the requests for the documents
    """
    refused = Wire(mcp_url, None).rpc("initialize", version="2025-11-25")
    assert refused.status_code == 401, refused.text
    resource = _document(challenge_of(refused)["resource_metadata"], headers)
    assert resource["resource"] == mcp_url
    (issuer,) = resource["authorization_servers"]
    server = _document(issuer + WELL_KNOWN + "oauth-authorization-server", headers)
    assert server["issuer"] == issuer
    return Discovered(resource, server)


def _document(url: str, headers: Mapping[str, str] | None) -> dict[str, Any]:
    answer = requests.get(url, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    assert answer.headers["Content-Type"].startswith("application/json")
    return answer.json()


@dataclass(frozen=True)
class Client:
    """A program that has been registered, on one computer.

    :param found: the server it talks to
    :param redirect_uri: where it waits for the answer
    :param secret: None for a public client
    :param basic: whether the secret goes into the header rather than into the body
    :param resource: what it asks a token for; None to leave that out
    """

    found: Discovered
    client_id: str
    redirect_uri: str = LOOPBACK
    secret: str | None = None
    basic: bool = False
    resource: str | None = None

    def but(self, **changes: Any) -> Client:
        """Return the same client, changed."""
        return replace(self, **changes)

    def authorize_url(self, pkce: Pkce, **changes: str | None) -> str:
        """Return the address at which the person decides.

        :param changes: parameters instead of or beside the usual ones; None leaves a usual one out
        """
        usual = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "code_challenge": pkce.challenge,
            "code_challenge_method": "S256",
            "state": "a state",
            "scope": BOTH,
            "resource": self.resource,
        }
        sent = {name: value for name, value in {**usual, **changes}.items() if value is not None}
        return f"{self.found.server['authorization_endpoint']}?{urlencode(sent)}"

    def code(self, web: Web, pkce: Pkce, *, access: str = "write", **changes: str | None) -> str:
        """Return the code that a person's consent brings, with ``state`` and ``iss`` as they have to be."""
        location = decide(web, self.authorize_url(pkce, **changes), access=access)
        assert location.startswith(changes.get("redirect_uri") or self.redirect_uri), location
        answer = query_of(location)
        assert answer.pop("iss") == self.found.issuer
        expected = changes.get("state", "a state")
        assert answer.pop("state", None) == expected
        assert set(answer) == {"code"}, answer
        return answer["code"]

    def exchange(self, code: str, pkce: Pkce, **changes: str | None) -> requests.Response:
        """Exchange a code."""
        usual = {"code": code, "redirect_uri": self.redirect_uri, "code_verifier": pkce.verifier}
        return self.token(grant_type="authorization_code", **{**usual, "resource": self.resource, **changes})

    def refresh(self, token: str, **changes: str | None) -> requests.Response:
        """Exchange a refresh token."""
        return self.token(grant_type="refresh_token", **{"refresh_token": token, "resource": self.resource, **changes})

    def revoke(self, token: str, **changes: str | None) -> requests.Response:
        """Revoke a token (RFC 7009)."""
        return self._post("revocation_endpoint", {"token": token, **changes})

    def token(self, **form: str | None) -> requests.Response:
        """Send a form to the token endpoint, with what proves who the client is."""
        return self._post("token_endpoint", form)

    def _post(self, endpoint: str, form: Mapping[str, str | None]) -> requests.Response:
        sent = {"client_id": self.client_id, **form}
        headers = {"Accept": "application/json"}
        if self.secret and self.basic:
            pair = ":".join(quote(part, safe="") for part in (self.client_id, self.secret))
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        elif self.secret:
            sent = {"client_secret": self.secret, **sent}
        sent = {name: value for name, value in sent.items() if value is not None}
        url = self.found.server[endpoint]
        return requests.post(url, data=sent, headers=headers, timeout=TIMEOUT, allow_redirects=False)

    def connect(self, web: Web, *, access: str = "write", **changes: str | None) -> Tokens:
        """Go the whole way, and return the tokens."""
        pkce = new_pkce()
        return tokens_of(self.exchange(self.code(web, pkce, access=access, **changes), pkce))


def register(found: Discovered, metadata: dict[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Register a client, and return the answer, in which everything must be that was sent (RFC 7591)."""
    answer = send_registration(found, metadata, headers)
    assert answer.status_code == 201, f"{answer.status_code} {answer.text}"
    echoed = answer.json()
    assert {name: echoed.get(name) for name in metadata} == metadata
    assert None not in echoed.values()
    return echoed


def send_registration(found: Discovered, metadata: Any, headers: Mapping[str, str] | None = None) -> requests.Response:
    """Send a registration."""
    url = found.server["registration_endpoint"]
    return requests.post(url, json=metadata, headers=headers, timeout=TIMEOUT, allow_redirects=False)


def new_client(found: Discovered, name: str, **metadata: Any) -> Client:
    """Register a client, a public one unless the metadata say otherwise, and return it."""
    common = {"client_name": name, "redirect_uris": [LOOPBACK], "token_endpoint_auth_method": "none"}
    answer = register(found, {**common, **metadata})
    return Client(
        found,
        answer["client_id"],
        answer["redirect_uris"][0],
        secret=answer.get("client_secret"),
        basic=answer["token_endpoint_auth_method"] == "client_secret_basic",
        resource=found.resource["resource"],
    )


class Form(NamedTuple):
    """A form of a page, with what its fields hold, and the text of the page."""

    url: str
    fields: dict[str, str]
    text: str


def ask(web: Web, url: str) -> requests.Response:
    """Open the page of a person who is logged in, following no redirect."""
    return web.session.get(url, timeout=TIMEOUT, allow_redirects=False)


def form_of(answer: requests.Response, field: str = "decision") -> Form:
    """Return the form of a page that has this field, by default that of the consent page."""
    assert answer.status_code == 200, f"{answer.status_code} {answer.headers.get('Location')} {answer.text[:2000]}"
    page = html.fromstring(answer.text)
    (form,) = page.xpath("//form[.//*[@name=$field]]", field=field)
    fields = {name: value for name, value in form.form_values() if name != "decision"}
    return Form(urljoin(answer.url, form.action or answer.url), fields, page.text_content())


def fill_in(session: requests.Session, page: requests.Response, **fields: str) -> requests.Response:
    """Fill in the form of a page that has these fields, send it, and return the page that comes in the end."""
    form = form_of(page, next(iter(fields)))
    return session.post(form.url, data={**form.fields, **fields}, timeout=TIMEOUT)


def decide(web: Web, url: str, *, access: str = "write", decision: str = "connect", **fields: str) -> str:
    """Decide on the consent page as a person, and return where the browser is sent then.

    :param access: ``read`` or ``write``
    :param decision: ``connect`` or ``cancel``
    :param fields: of the form, instead of those that are there
    """
    form = form_of(ask(web, url))
    sent = {**form.fields, "access": access, "decision": decision, **fields}
    answer = web.session.post(form.url, data=sent, timeout=TIMEOUT, allow_redirects=False)
    assert answer.status_code in (302, 303), f"{answer.status_code} {answer.text[:2000]}"
    return answer.headers["Location"]


def refused(web: Web, url: str) -> dict[str, str]:
    """Return what the client is told by redirect when it asked for what it cannot have."""
    answer = ask(web, url)
    assert answer.status_code in (302, 303), f"{answer.status_code} {answer.text[:2000]}"
    return query_of(answer.headers["Location"])
