# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refusals in HTTP's own terms, for the dispatchers to word."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.exceptions import Forbidden, HTTPException, TooManyRequests, Unauthorized

from odoo import api

from .principal import SCOPES
from .settings import PATHS, base_url, path

METADATA_PATH = "/.well-known/oauth-protected-resource"


class Unauthenticated(Unauthorized):
    """There is no token, or none that opens this server: 401 with a challenge (RFC 6750, section 3)."""

    def __init__(self, description: str, challenge: str) -> None:
        super().__init__(description)
        self.challenge = challenge


class InsufficientScope(Forbidden):
    """The credential is good, but not for this: 403 with a challenge (RFC 6750, section 3.1)."""

    def __init__(self, description: str, challenge: str) -> None:
        super().__init__(description)
        self.challenge = challenge


class RateLimited(TooManyRequests):
    """Too much in too short a time: 429 with the seconds to wait (RFC 6585, section 4; RFC 9110, section 10.2.3)."""

    def __init__(self, description: str, wait: int) -> None:
        super().__init__(description, retry_after=wait)


class Stopped(Forbidden):
    """The breaker has stopped the credential: 403 until a manager lets it go on."""


class OAuthRefusal(HTTPException):
    """An error of the authorization server, which answers with JSON (RFC 6749, section 5.2).

    :param status: HTTP status
    :param error: a code of RFC 6749, 7009, 7591 or 8707
    :param description: one English sentence for the developer of the client
    :param headers: of the answer, besides those that every answer has
    """

    def __init__(self, status: int, error: str, description: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(description)
        self.code = status
        self.error = error
        self.headers = dict(headers or {})


def insufficient_scope(env: api.Environment, request_path: str, description: str) -> InsufficientScope:
    """Return the refusal that makes a client ask its user for the right to change data, too.

    It names every scope that is needed, because a client asks for no others than these (MCP, authorization).
    """
    parameters = {"error": "insufficient_scope", "error_description": description}
    return InsufficientScope(description, challenge(env, request_path, **parameters))


def challenge(env: api.Environment, request_path: str, **parameters: str) -> str:
    """Return the value of ``WWW-Authenticate``, which names the metadata of the resource (RFC 9728, section 5.1).

    It asks for both scopes where nothing else is said: which of them the client gets is the person's decision.

    :param request_path: the path that was asked for
    :param parameters: further ones, such as ``error`` and ``error_description`` (RFC 6750, section 3)
    """
    resource = request_path.rstrip("/")
    metadata = base_url(env) + METADATA_PATH + (resource if resource in PATHS else path(env))
    pairs = {"resource_metadata": metadata, "scope": " ".join(SCOPES), **parameters}
    return "Bearer " + ", ".join(f"{name}={_quoted(value)}" for name, value in pairs.items())


def _quoted(value: str) -> str:
    """Return a quoted-string (RFC 9110, section 5.6.4); what it cannot hold becomes a blank."""
    visible = "".join(char if " " <= char <= "~" else " " for char in value)
    return '"' + visible.replace("\\", "\\\\").replace('"', '\\"') + '"'
