# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What clients say of themselves: at registration (RFC 7591), or in a document whose address is their identifier.

Nothing of it is trusted: a name is a claim, addresses of pages and logos are never fetched or shown as links.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from . import redirects

AUTH_METHODS = ("none", "client_secret_post", "client_secret_basic")
"""How a client can prove who it is at the token endpoint (RFC 7591, section 2)."""

SHARED_SECRET_METHODS = ("client_secret_post", "client_secret_basic", "client_secret_jwt")

ECHOED = (
    "application_type",
    "client_uri",
    "contacts",
    "logo_uri",
    "policy_uri",
    "software_id",
    "software_version",
    "tos_uri",
)
"""What a registration is answered with again though it means nothing here (RFC 7591, section 3.2.1)."""

NAME_LENGTH = 100
REDIRECT_COUNT = 20
REDIRECT_LENGTH = 2000

_BLANK_LETTERS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
"""Letters to Unicode, nothing to the eye."""


class BadMetadata(ValueError):
    """What a client says of itself cannot be accepted.

    :param error: ``invalid_redirect_uri`` or ``invalid_client_metadata`` (RFC 7591, section 3.2.2), or
        ``invalid_client``: the document is another client's
    :param description: one English sentence in ASCII
    """

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error


@dataclass(frozen=True)
class ClientMetadata:
    """What is kept of a client's metadata.

    :param name: for people; one line
    :param auth_method: one of AUTH_METHODS
    :param client_uri: the client's home page as it claims, or empty
    """

    name: str
    redirect_uris: tuple[str, ...]
    auth_method: str
    client_uri: str = ""


def from_registration(data: Any, schemes: Collection[str]) -> ClientMetadata:
    """Return the metadata of a client that registers itself (RFC 7591, section 2).

    A client that names no authentication method is a public one. RFC 7591 would make it a confidential one, but the
    clients that leave it out are programs on people's computers and SDKs that take the method from the answer; a
    secret that anybody gets for the asking proves nothing, and PKCE protects the code either way.

    :param data: the JSON of the request
    :param schemes: see `redirects.check`
    :raise BadMetadata: it cannot be registered
    """
    known = _members(data)
    _check_flow(known)
    uris = _redirect_uris(known, schemes)
    method = known.get("token_endpoint_auth_method", "none")
    if method not in AUTH_METHODS:
        if not _can_be_public(known):
            raise _bad("token_endpoint_auth_method must be none, client_secret_post or client_secret_basic.")
        method = "none"
    return ClientMetadata(_name(known) or redirects.host(uris[0]), uris, method, _client_uri(known))


def from_document(data: Any, url: str, schemes: Collection[str]) -> ClientMetadata:
    """Return the metadata of a client whose identifier is the address of a document (MCP, client ID metadata).

    All such clients are public: with their key alone, some could also sign their requests, but they name ``none``
    among what they support.

    :param data: the JSON of the document
    :param url: where it was found
    :param schemes: see `redirects.check`
    :raise BadMetadata: it is not the document of a public client with this address
    """
    known = _members(data)
    if known.get("client_id") != url:
        raise BadMetadata("invalid_client", "The document is not that of this client: its client_id is another.")
    _check_flow(known)
    method = known.get("token_endpoint_auth_method", "none")
    if method in SHARED_SECRET_METHODS or "client_secret" in known:
        raise _bad("A client that is known by a document cannot have a secret.")
    if method != "none" and not _can_be_public(known):
        raise _bad("The client must support the token_endpoint_auth_method none.")
    name = _name(known)
    if not name:
        raise _bad("client_name is missing.")
    return ClientMetadata(name, _redirect_uris(known, schemes), "none", _client_uri(known))


def echoed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a registration that are answered as they came."""
    return {name: data[name] for name in ECHOED if _is_text(data.get(name)) or _is_texts(data.get(name))}


def clean_name(value: str) -> str:
    """Return a name as one line of at most NAME_LENGTH characters that all show, and in the order they show.

    Control and formatting characters are left out, among them those that turn the direction of writing.
    """
    spaced = "".join(" " if unicodedata.category(char) in _SEPARATING else char for char in value)
    visible = "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    return " ".join(visible.translate(_BLANK_LETTERS).split())[:NAME_LENGTH].rstrip()


_SEPARATING = ("Cc", "Zl", "Zp", "Zs")
_INVISIBLE = ("Cf", "Cn", "Co", "Cs")


def _members(data: Any) -> dict[str, Any]:
    """Return the members of a JSON object; null and an empty text are how some clients leave one out."""
    if not isinstance(data, Mapping):
        raise _bad("The client's metadata must be a JSON object.")
    return {name: value for name, value in data.items() if value is not None and value != ""}


def _check_flow(known: Mapping[str, Any]) -> None:
    """Refuse clients that cannot do the one flow there is."""
    for name, needed in (("grant_types", "authorization_code"), ("response_types", "code")):
        if name in known and not (_is_texts(known[name]) and needed in known[name]):
            raise _bad(f"{name} must be a list that contains {needed}.")


def _redirect_uris(known: Mapping[str, Any], schemes: Collection[str]) -> tuple[str, ...]:
    uris = known.get("redirect_uris")
    if not _is_texts(uris) or not 1 <= len(uris) <= REDIRECT_COUNT:
        raise _bad_uri(f"redirect_uris must be a list of 1 to {REDIRECT_COUNT} addresses.")
    for number, uri in enumerate(uris, 1):
        if len(uri) > REDIRECT_LENGTH:
            raise _bad_uri(f"Redirect URI {number} has more than {REDIRECT_LENGTH} characters.")
        try:
            redirects.check(uri, schemes)
        except redirects.BadRedirect as refusal:
            raise _bad_uri(f"Redirect URI {number} cannot be used. {refusal}") from refusal
    return tuple(dict.fromkeys(uris))


def _can_be_public(known: Mapping[str, Any]) -> bool:
    methods = known.get("token_endpoint_auth_methods_supported")
    return _is_texts(methods) and "none" in methods


def _name(known: Mapping[str, Any]) -> str:
    name = known.get("client_name", "")
    if not _is_text(name):
        raise _bad("client_name must be a text.")
    return clean_name(name)


def _client_uri(known: Mapping[str, Any]) -> str:
    """Return the address of a client's home page, if it is one in https."""
    uri = known.get("client_uri")
    if not _is_text(uri) or len(uri) > REDIRECT_LENGTH:
        return ""
    try:
        found = redirects.parts(uri)
    except redirects.BadRedirect:
        return ""
    return uri if found.scheme == "https" and found.host else ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _bad(description: str) -> BadMetadata:
    return BadMetadata("invalid_client_metadata", description)


def _bad_uri(description: str) -> BadMetadata:
    return BadMetadata("invalid_redirect_uri", description)
