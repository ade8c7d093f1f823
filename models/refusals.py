# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refusals before a call begins, for the dispatcher to word."""

from __future__ import annotations

from werkzeug.exceptions import Unauthorized

from odoo import api

from .settings import PATHS, base_url, path

METADATA_PATH = "/.well-known/oauth-protected-resource"


class Unauthenticated(Unauthorized):
    """There is no token, or none that opens this server: 401 with a challenge (RFC 6750, section 3)."""

    def __init__(self, description: str, challenge: str) -> None:
        super().__init__(description)
        self.challenge = challenge


def challenge(env: api.Environment, request_path: str, **parameters: str) -> str:
    """Return the value of ``WWW-Authenticate``, which names the metadata of the resource (RFC 9728, section 5.1).

    :param request_path: the path that was asked for
    :param parameters: further ones, such as ``error`` and ``error_description`` (RFC 6750, section 3)
    """
    resource = request_path.rstrip("/")
    metadata = base_url(env) + METADATA_PATH + (resource if resource in PATHS else path(env))
    pairs = {"resource_metadata": metadata, **parameters}
    return "Bearer " + ", ".join(f"{name}={_quoted(value)}" for name, value in pairs.items())


def _quoted(value: str) -> str:
    """Return a quoted-string (RFC 9110, section 5.6.4); what it cannot hold becomes a blank."""
    visible = "".join(char if " " <= char <= "~" else " " for char in value)
    return '"' + visible.replace("\\", "\\\\").replace('"', '\\"') + '"'
