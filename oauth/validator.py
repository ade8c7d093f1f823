# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What oauthlib asks about clients, codes and tokens, answered from the database.

A code or a refresh token is locked while it is exchanged. Of two requests with the same one, the second is replayed by
Odoo and then finds it used.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus
from uuid import uuid4

from oauthlib.common import Request
from oauthlib.oauth2 import RequestValidator
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError, OAuth2Error

from odoo import api, fields, models

from ..models import settings
from ..models.mcp_native_oauth_code import LIFETIME
from ..models.mcp_native_oauth_token import GRACE
from ..models.principal import READ_SCOPE, SCOPES, WRITE_SCOPE
from . import resources, tokens
from .client_documents import DocumentRefused
from .client_metadata import BadMetadata
from .metadata import OFFLINE

_logger = logging.getLogger(__name__)

_PKCE = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class InvalidTarget(OAuth2Error):
    """The client wants a token for something that is not here (RFC 8707, section 2)."""

    error = "invalid_target"
    description = "This server has no such resource."


class UntrustedClient(Exception):
    """It cannot be told who the client is; says why, for the person in front of the browser."""


@dataclass(frozen=True)
class KnownClient:
    """A client, as oauthlib wants to see it."""

    client_id: str


class Validator(RequestValidator):
    """The seams of oauthlib's authorization code and refresh token grants and of its revocation endpoint.

    :param env: of the request; only this server's own models are read and written with higher rights
    """

    def __init__(self, env: api.Environment) -> None:
        super().__init__()
        self.env = env(su=True)
        self.now = fields.Datetime.now()
        # What was found for this request. Not kept on oauthlib's request: whatever that has not got as an attribute,
        # it takes from the parameters that the client sent.
        self.client = self.env["mcp_native.oauth.client"]
        self.origin: models.BaseModel | None = None
        self._seed = ""
        self._clients: dict[str, models.BaseModel] = {}

    # -- clients

    def validate_client_id(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> bool:
        try:
            return self._take_client(client_id, request, fresh=True)
        except (BadMetadata, DocumentRefused) as refusal:
            raise UntrustedClient(str(refusal)) from refusal

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Whether the client has a secret. Its identity may be in the header only (RFC 6749, section 2.3.1)."""
        client_id, _secret = credentials(request)
        return self._take_client(client_id, request, fresh=False) and self.client.auth_method != "none"

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Check the secret, in the header or in the body: clients do not keep to the way they registered."""
        client_id, secret = credentials(request)
        known = self._take_client(client_id, request, fresh=False)
        return known and bool(secret) and self.client._secret_matches(secret)

    def authenticate_client_id(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> bool:
        client_id, _secret = credentials(request)
        return self._take_client(client_id, request, fresh=False) and self.client.auth_method == "none"

    def _take_client(self, client_id: str | None, request: Request, *, fresh: bool) -> bool:
        """Note the client of a request, looked up once.

        :param fresh: see ``_resolve``
        """
        if client_id and client_id not in self._clients:
            self._clients[client_id] = self.env["mcp_native.oauth.client"]._resolve(client_id, fresh=fresh)
        self.client = self._clients.get(client_id or "", self.client.browse())
        request.client = KnownClient(self.client.identifier) if self.client else None
        return bool(self.client)

    # -- the authorization request

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return self.client._redirect_allowed(redirect_uri)

    def get_default_redirect_uri(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> str | None:
        """Return none for an authorization request; for a token request, that of the code (OAuth 2.1 asks for none)."""
        return self.origin.redirect_uri if self.origin else None

    def validate_response_type(
        self, client_id: str, response_type: str, client: KnownClient, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return response_type == "code"

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return True

    def get_default_scopes(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> list[str]:
        """Return what a client may have that does not say: some leave it out when they connect again."""
        return list(SCOPES)

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: KnownClient, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        request.scopes = known_scopes(scopes)
        return bool(request.scopes)

    def check_authorization(self, request: Request) -> dict[str, Any]:
        """Check what oauthlib does not: the resource, the form of the challenge, the way of the answer.

        :return: nothing to add to what oauthlib says about the request
        """
        if request.response_mode not in (None, "query"):
            raise InvalidRequestError("response_mode must be query.", request=request)
        if request.code_challenge and not _PKCE.fullmatch(request.code_challenge):
            raise InvalidRequestError("code_challenge must have 43 to 128 characters.", request=request)
        asked = [value for name, value in request.uri_query_params if name == "resource"]
        request.resource_uri = resources.chosen(asked, self._resources())
        if not request.resource_uri:
            raise InvalidTarget(request=request)
        return {}

    def save_authorization_code(
        self, client_id: str, code: dict[str, str], request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Store what the person in front of the browser decided, and the code that stands for it."""
        may_write = WRITE_SCOPE in request.scopes
        grant = self.env["mcp_native.oauth.grant"]._decide(request.user, self.client, may_write=may_write)
        self.env["mcp_native.oauth.code"].create(
            {
                "digest": tokens.digest(code["code"]),
                "grant_id": grant.id,
                "family": uuid4().hex,
                "scopes": " ".join(request.scopes),
                "resource": request.resource_uri,
                "redirect_uri": request.redirect_uri,
                "challenge": request.code_challenge,
                "expires": self.now + LIFETIME,
            }
        )

    # -- the token request

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: KnownClient, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return grant_type in ("authorization_code", "refresh_token")

    def check_verifier(self, request: Request) -> None:
        """Refuse a verifier of another form than RFC 7636, section 4.1, wants."""
        if request.code_verifier and not _PKCE.fullmatch(request.code_verifier):
            raise InvalidRequestError("code_verifier must have 43 to 128 characters.", request=request)

    def validate_code(
        self, client_id: str, code: str, client: KnownClient, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether a code is good, and this client's; a second use ends what came of the first one."""
        found = self._locked("mcp_native.oauth.code", code, tokens.CODE)
        if not found or found.grant_id.client_id != self.client:
            return False
        if found.used:
            self._end_family(found, "replay")
            return False
        if found.expires <= self.now or not self._is_live(found.grant_id):
            return False
        if request.redirect_uri not in (None, found.redirect_uri):
            return False
        self._check_resource(request, found.resource)
        self.origin = found
        request.user = found.grant_id.user_id
        request.scopes = found.scopes.split()
        return True

    def get_code_challenge(self, code: str, request: Request) -> str:
        return self.origin.challenge

    def get_code_challenge_method(self, code: str, request: Request) -> str:
        return "S256"

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: KnownClient, *args: Any, **kwargs: Any
    ) -> bool:
        return True  # validate_code compared it, with the right error

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        self.origin.used = self.now

    def validate_refresh_token(
        self, refresh_token: str, client: KnownClient, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether a refresh token is good, and this client's; one used long ago ends its whole family."""
        found = self._locked("mcp_native.oauth.token", refresh_token, tokens.REFRESH)
        if not found or found.grant_id.client_id != self.client:
            return False
        if found.used and found.used + GRACE < self.now:
            self._end_family(found, "replay")
            return False
        if found.expires <= self.now or not self._is_live(found.grant_id):
            return False
        self._check_resource(request, found.resource)
        self.origin = found
        self._seed = found.seed or tokens.new_seed()
        request.user = found.grant_id.user_id
        return True

    def get_original_scopes(self, refresh_token: str, request: Request, *args: Any, **kwargs: Any) -> list[str]:
        return self.origin.scopes.split()

    def is_within_original_scope(
        self, request_scopes: list[str], refresh_token: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether what is asked for, without scopes that mean nothing here, is no more than there was."""
        return set(self._refreshed_scopes(request_scopes)) <= set(self.origin.scopes.split())

    def settle_scopes(self, request: Request) -> None:
        """Leave out the scopes that mean nothing here, and what the user does not allow any more.

        Tokens that are given out again have the scopes that they had.
        """
        wanted = self._refreshed_scopes(request.scopes)
        if self.origin.used:
            digest = tokens.digest(self.new_access_token(request))
            stored = self.env["mcp_native.oauth.token"].search([("digest", "=", digest)])
            wanted = stored.scopes.split() if stored else wanted
        decided = self.origin.grant_id.scopes.split()
        request.scopes = [scope for scope in wanted if scope in decided]

    def _refreshed_scopes(self, asked: Iterable[str]) -> list[str]:
        """Return the scopes that a refresh asks for; the ones that there were where it names none that counts."""
        return known_scopes(asked) if set(asked) - {OFFLINE, ""} else self.origin.scopes.split()

    def rotate_refresh_token(self, request: Request) -> bool:
        return True

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        """Store new tokens. Those that a used refresh token is answered with again are stored already."""
        origin = self.origin
        if origin.used:
            return
        common = {"grant_id": origin.grant_id.id, "family": origin.family, "resource": origin.resource}
        access = {
            "kind": "access",
            "digest": tokens.digest(token["access_token"]),
            "scopes": " ".join(request.scopes),
            "expires": self.now + timedelta(hours=settings.oauth_access_hours(self.env)),
        }
        refresh = {
            "kind": "refresh",
            "digest": tokens.digest(token["refresh_token"]),
            "scopes": origin.scopes,
            "expires": self.now + timedelta(days=settings.oauth_refresh_days(self.env)),
        }
        self.env["mcp_native.oauth.token"].create([{**common, **access}, {**common, **refresh}])
        if request.grant_type == "refresh_token":
            origin.write({"used": self.now, "seed": self._seed})
            self.env["mcp_native.oauth.token"]._trim(origin.family)

    # -- what tokens are made of

    def new_access_token(self, request: Request) -> str:
        """Return the access token of a request: a random one for a code, the successor of a refresh token."""
        return self._new_token(tokens.ACCESS, request)

    def new_refresh_token(self, request: Request) -> str:
        """Return the refresh token of a request, in the same way."""
        return self._new_token(tokens.REFRESH, request)

    def access_seconds(self, request: Request) -> int:
        """Return for how long the access token will be good; less for one that was given out before."""
        lifetime = settings.oauth_access_hours(self.env) * 3600
        used = self.origin.used
        return lifetime - int((self.now - used).total_seconds()) if used else lifetime

    def _new_token(self, prefix: str, request: Request) -> str:
        return tokens.successor(prefix, self._seed, request.refresh_token) if self._seed else tokens.new(prefix)

    # -- revocation

    def revoke_token(self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any) -> None:
        """End an access token, or a refresh token with all that came of the same login (RFC 7009, section 2.1)."""
        found = self.env["mcp_native.oauth.token"].search([("digest", "=", tokens.digest(token))], limit=1)
        if not found or found.grant_id.client_id != self.client:
            return
        if found.kind == "refresh":
            self._end_family(found, "revoked")
        else:
            found.unlink()

    # -- inner parts

    def _resources(self) -> list[str]:
        """Return the addresses that tokens can be for; the one that clients are told first."""
        paths = dict.fromkeys([settings.path(self.env), *settings.PATHS])
        return [settings.base_url(self.env) + path for path in paths if settings.served(self.env, path)]

    def _check_resource(self, request: Request, resource: str) -> None:
        asked = [value for name, value in request.decoded_body or () if name == "resource"]
        if not all(resources.same(uri, resource) for uri in asked):
            raise InvalidTarget(request=request)

    def _locked(self, model: str, token: str | None, prefix: str) -> models.BaseModel:
        """Return the record of a code or refresh token, which no other request can exchange meanwhile."""
        records = self.env[model]
        if not tokens.is_token(token, prefix):
            return records
        self.env.cr.execute(
            f"SELECT id FROM {records._table} WHERE digest = %s FOR NO KEY UPDATE", [tokens.digest(token)]
        )
        row = self.env.cr.fetchone()
        return records.browse(row)

    @staticmethod
    def _is_live(grant: models.BaseModel) -> bool:
        return not grant.ended and grant.user_id.active and grant.client_id.active

    def _end_family(self, member: models.BaseModel, reason: str) -> None:
        """End everything that came of one login of a client."""
        grant, family = member.grant_id, member.family
        if reason == "replay":
            _logger.warning(
                "MCP: a code or refresh token of grant %s (user %s) was used twice; its tokens are ended",
                grant.id,
                grant.user_id.id,
            )
        self.env["mcp_native.oauth.token"].search([("family", "=", family)]).unlink()
        self.env["mcp_native.oauth.code"].search([("family", "=", family)]).unlink()
        grant._end_empty(reason)


def known_scopes(scopes: Iterable[str]) -> list[str]:
    """Return the scopes of a request that mean something here; to change includes to read.

    Nothing, or nothing but ``offline_access``, asks for everything.
    """
    asked = set(filter(None, scopes)) - {OFFLINE}
    if not asked or WRITE_SCOPE in asked:
        return list(SCOPES)
    return [READ_SCOPE] if READ_SCOPE in asked else []


def credentials(request: Request) -> tuple[str | None, str | None]:
    """Return a client's identifier and secret, from the header or else from the body (RFC 6749, section 2.3.1)."""
    kind, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return request.client_id, request.client_secret
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    client_id, secret = map(unquote_plus, text.partition(":")[::2])
    return (client_id, secret) if request.client_id in (None, client_id) else (None, None)
