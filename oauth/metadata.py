# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The documents in which clients read where to log in, and what the server calls itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .client_metadata import AUTH_METHODS

OFFLINE = "offline_access"
"""A scope that some clients add when they want a refresh token, which everybody gets (OpenID Connect Core, 11)."""


def protected_resource(issuer: str, path: str, scopes: Sequence[str], *, oauth: bool) -> dict[str, Any]:
    """Return the metadata of the protected resource (RFC 9728, section 2).

    :param issuer: the address of the authorization server, which is this Odoo's
    :param path: the path of the endpoint
    :param scopes: those that clients should ask for
    :param oauth: whether there is an authorization server; without one a client needs a key
    """
    document: dict[str, Any] = {"resource": issuer + path}
    if oauth:
        document |= {"authorization_servers": [issuer], "scopes_supported": scopes}
    return {**document, "bearer_methods_supported": ["header"], "resource_name": "Odoo"}


def authorization_server(issuer: str, scopes: Sequence[str], *, registration: bool, documents: bool) -> dict[str, Any]:
    """Return the metadata of the authorization server (RFC 8414, section 2).

    :param issuer: its address, byte by byte what ``iss`` says in redirects (RFC 9207)
    :param scopes: those that a token can have
    :param registration: whether clients may register themselves (RFC 7591)
    :param documents: whether a client can be known by the address of its own metadata document
    """
    document = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": list(AUTH_METHODS),
        "revocation_endpoint_auth_methods_supported": list(AUTH_METHODS),
        "scopes_supported": [*scopes, OFFLINE],
        "client_id_metadata_document_supported": documents,
        "authorization_response_iss_parameter_supported": True,
    }
    if registration:
        document["registration_endpoint"] = f"{issuer}/oauth/register"
    return document
