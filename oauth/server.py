# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The authorization server: oauthlib's endpoints with what MCP asks for on top.

PKCE with S256 only (RFC 7636), the resource bound to the token (RFC 8707), the issuer in every redirect (RFC 9207),
refresh tokens that rotate (OAuth 2.1, section 4.3).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from oauthlib.common import Request, urldecode
from oauthlib.oauth2 import (
    AuthorizationCodeGrant,
    AuthorizationEndpoint,
    BearerToken,
    RefreshTokenGrant,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.errors import (
    FatalClientError,
    InvalidClientIdError,
    InvalidRedirectURIError,
    InvalidRequestError,
    MismatchingRedirectURIError,
    MissingClientIdError,
    MissingRedirectURIError,
    OAuth2Error,
)

from odoo import _, api, models

from ..models import settings
from ..models.principal import READ_SCOPE, SCOPES, WRITE_SCOPE
from . import tokens
from .validator import UntrustedClient, Validator

# Its debug lines hold codes and tokens.
logging.getLogger("oauthlib").setLevel(logging.INFO)

Answer = tuple[int, dict[str, str], str]
"""HTTP status, headers and body."""


class UnknownClient(Exception):
    """The client or the address of its answer cannot be trusted: the person is told, and nobody is redirected."""


class AnswerClient(Exception):
    """The client is told of an error by redirect.

    :param location: where to
    :param client: its record, with rights to read it
    :param redirect_uri: what it registered of the location
    """

    def __init__(self, location: str, client: models.BaseModel, redirect_uri: str) -> None:
        super().__init__("The client is told of an error.")
        self.location = location
        self.client = client
        self.redirect_uri = redirect_uri


@dataclass(frozen=True)
class Asked:
    """An authorization request that is in order.

    :param client: the record of the client, with rights to read it
    :param redirect_uri: where the answer goes
    :param scopes: what may be granted at most
    :param resource: the address that the token will be good for
    :param state: what the client wants back, or None
    :param prompt: what the client wants the person to be asked (OpenID Connect Core, section 3.1.2.1)
    """

    client: models.BaseModel
    redirect_uri: str
    scopes: frozenset[str]
    resource: str
    state: str | None
    prompt: frozenset[str]


class _CodeGrant(AuthorizationCodeGrant):
    """The authorization code grant of OAuth 2.1: codes of our form, S256 as the only challenge."""

    _code_challenge_methods = {"S256": AuthorizationCodeGrant._code_challenge_methods["S256"]}

    def create_authorization_code(self, request: Request) -> dict[str, str]:
        grant = super().create_authorization_code(request)
        return {**grant, "code": tokens.new(tokens.CODE)}

    def prepare_authorization_response(
        self, request: Request, token: Mapping[str, str], headers: dict[str, str], body: Any, status: int
    ) -> tuple[dict[str, str], Any, int]:
        return {**headers, "Location": _extended(request.redirect_uri, token.items())}, body, status


class AuthorizationServer:
    """Answers the requests of clients and of the people who connect them.

    :param env: of the request; at the authorization endpoint its user is the one who decides
    """

    def __init__(self, env: api.Environment) -> None:
        self.env = env
        self.issuer = settings.base_url(env)
        self._validator = Validator(env)
        code = _CodeGrant(self._validator)
        code.register_code_modifier(lambda grant, _handler, _request: {**grant, "iss": self.issuer})
        code.custom_validators.pre_auth.append(self._validator.check_authorization)
        code.custom_validators.pre_token.append(self._validator.check_verifier)
        refresh = RefreshTokenGrant(self._validator)
        refresh.custom_validators.post_token.append(self._validator.settle_scopes)
        bearer = BearerToken(
            self._validator,
            token_generator=self._validator.new_access_token,
            refresh_token_generator=self._validator.new_refresh_token,
            expires_in=self._validator.access_seconds,
        )
        self._authorization = AuthorizationEndpoint("code", bearer, {"code": code})
        grants = {"authorization_code": code, "refresh_token": refresh}
        self._token = TokenEndpoint("authorization_code", bearer, grants)
        self._revocation = RevocationEndpoint(self._validator)

    # -- the authorization endpoint

    def asked(self, uri: str) -> Asked:
        """Return what an authorization request asks for.

        :param uri: the whole address of the request
        :raise UnknownClient: it must not be answered by redirect
        :raise AnswerClient: it is not in order, which the client is told
        """
        if not _is_form(urlsplit(uri).query):
            raise UnknownClient(_("The address of this page is not well formed."))
        try:
            scopes, found = self._authorization.validate_authorization_request(uri)
        except UntrustedClient as refusal:
            raise UnknownClient(str(refusal)) from refusal
        except FatalClientError as error:
            raise UnknownClient(self._reason(error)) from error
        except OAuth2Error as error:
            location = _extended(error.redirect_uri, [*error.twotuples, ("iss", self.issuer)])
            raise AnswerClient(location, self._validator.client, error.redirect_uri) from error
        request = found["request"]
        return Asked(
            client=self._validator.client,
            redirect_uri=request.redirect_uri,
            scopes=frozenset(scopes),
            resource=request.resource_uri,
            state=request.state,
            prompt=frozenset((request.prompt or "").split()),
        )

    def approve(self, uri: str, *, may_write: bool) -> str:
        """Store the user's yes, and return where to redirect to, with a code for the client.

        :param uri: the whole address of the authorization request, which is checked again
        :param may_write: whether the user allows changes; it counts only if the client asked for them
        :raise UnknownClient: it must not be answered by redirect
        :raise AnswerClient: it is not in order, which the client is told
        """
        asked = self.asked(uri)
        granted = list(SCOPES) if may_write and WRITE_SCOPE in asked.scopes else [READ_SCOPE]
        headers, _body, _status = self._authorization.create_authorization_response(
            uri, scopes=granted, credentials={"user": self.env.user}
        )
        return headers["Location"]

    def deny(self, asked: Asked, error: str = "access_denied") -> str:
        """Return where to redirect to, with an error for the client.

        :param error: a code of RFC 6749, section 4.1.2.1, or OpenID Connect Core, section 3.1.2.6
        """
        pairs = [("error", error)] + ([("state", asked.state)] if asked.state else [])
        return _extended(asked.redirect_uri, [*pairs, ("iss", self.issuer)])

    def previous(self, client: models.BaseModel) -> models.BaseModel:
        """Return what the user decided about a client before, or nothing."""
        return self.env["mcp_native.oauth.grant"].sudo()._live(self.env.user, client)

    # -- the endpoints that clients call

    def token(self, uri: str, body: str, headers: Mapping[str, str]) -> Answer:
        """Answer a request to the token endpoint (RFC 6749, sections 4.1.3 and 6).

        :param uri: the whole address of the request
        :param body: form-encoded
        :param headers: of which ``Authorization`` counts
        """
        return self._answer(self._token.create_token_response, uri, body, headers)

    def revoke(self, uri: str, body: str, headers: Mapping[str, str]) -> Answer:
        """Answer a request to the revocation endpoint (RFC 7009, section 2)."""
        return self._answer(self._revocation.create_revocation_response, uri, body, headers)

    # -- inner parts

    def _reason(self, error: FatalClientError) -> str:
        """Return why a client is not answered, for the person who is left with the page."""
        if isinstance(error, (MismatchingRedirectURIError, InvalidRedirectURIError, MissingRedirectURIError)):
            return _("The address that the answer would go to is not one that this assistant registered.")
        if isinstance(error, (InvalidClientIdError, MissingClientIdError)):
            return _("Odoo does not know this assistant, or an administrator has shut it out.")
        return _("The address of this page is not well formed.")

    @staticmethod
    def _answer(endpoint: Callable[..., Any], uri: str, body: str, headers: Mapping[str, str]) -> Answer:
        kept = {name: headers[name] for name in ("Authorization",) if name in headers}
        if not _is_form(body) or not _is_form(urlsplit(uri).query):
            error = InvalidRequestError("The request is not form-encoded.")
            return error.status_code, {}, error.json
        try:
            answer_headers, content, status = endpoint(uri, "POST", body, kept)
        except OAuth2Error as error:
            return error.status_code, {}, error.json
        answer_headers.pop("WWW-Authenticate", None)
        if status == 401 and kept:
            answer_headers["WWW-Authenticate"] = 'Basic realm="mcp_native"'  # RFC 6749, section 5.2
        return status, answer_headers, content


def _is_form(text: str) -> bool:
    """Whether oauthlib can read a query or a body."""
    try:
        urldecode(text)
    except ValueError:
        return False
    return True


def _extended(uri: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return a redirect URI with more parameters; what was registered of it stays as it was written."""
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(list(pairs), quote_via=quote)}"
