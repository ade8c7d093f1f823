# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The settings of the server, read in one place.

All are system parameters, which Odoo caches and forgets in every worker when they change: reading one is cheap.
An unset parameter means its default here; the settings form stores every value, "off" included.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import urlsplit

from odoo import api

from ..compat import read_param

ENABLED = "mcp_native.enabled"
PATH = "mcp_native.path"
GLOBAL_KEYS = "mcp_native.global_keys"
ORIGINS = "mcp_native.allowed_origins"
LOG_DAYS = "mcp_native.log_days"
LOG_ARGUMENTS = "mcp_native.log_arguments"

PATHS = ("/mcp", "/mcp_native")
"""The paths the server can be found at; the last one is never taken by other modules and always served."""

DEFAULT_LOG_DAYS = 90

_ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*://[^/\s?#@]+)/?", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def enabled(env: api.Environment) -> bool:
    """Whether the server answers at all."""
    return _flag(env, ENABLED, default=True)


def path(env: api.Environment) -> str:
    """Return the path that clients are told to use."""
    value = read_param(env, PATH)
    return value if value in PATHS else PATHS[0]


def served(env: api.Environment, request_path: str) -> bool:
    """Whether a request to that path, with or without a slash at its end, is for this server."""
    return enabled(env) and request_path.rstrip("/") in (path(env), PATHS[-1])


def base_url(env: api.Environment) -> str:
    """Return the address of this Odoo, without a slash at its end."""
    return read_param(env, "web.base.url").rstrip("/")


def url(env: api.Environment) -> str:
    """Return the address that clients are told to use."""
    return base_url(env) + path(env)


def global_keys(env: api.Environment) -> bool:
    """Whether API keys without scope, those of the user's preferences, are accepted."""
    return _flag(env, GLOBAL_KEYS, default=True)


def log_days(env: api.Environment) -> int:
    """Return how many days the access log is kept; 0 means for ever."""
    value = read_param(env, LOG_DAYS)
    return int(value) if value.isdecimal() else DEFAULT_LOG_DAYS


def log_arguments(env: api.Environment) -> bool:
    """Whether the access log keeps the arguments of calls."""
    return _flag(env, LOG_ARGUMENTS, default=False)


def configured_origins(env: api.Environment) -> list[str]:
    """Return the origins that an administrator allowed."""
    return read_param(env, ORIGINS).split()


def allowed_origins(env: api.Environment) -> frozenset[str]:
    """Return the origins of web pages that may call the server: this Odoo's own and the configured ones."""
    return frozenset(filter(None, map(normal_origin, [base_url(env), *configured_origins(env)])))


def origin_allowed(env: api.Environment, origin: str) -> bool:
    """Whether a web page of that origin may call the server.

    Never compared with the ``Host`` header: in a DNS rebinding attack both are the attacker's.
    """
    return normal_origin(origin) in allowed_origins(env)


def normal_origin(text: str) -> str | None:
    """Return an origin in the form in which origins are compared (RFC 6454, section 6.1), None for no origin.

    An address with a path is no origin; the opaque origin ``null`` is nobody's.
    """
    found = _ORIGIN.fullmatch(text.strip())
    if not found:
        return None
    try:
        parts = urlsplit(found[1].lower())
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    suffix = "" if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{port}"
    return f"{parts.scheme}://{host}{suffix}" if host else None


def state_key(env: api.Environment) -> bytes:
    """Return the key that signs what clients carry for the server, the same in every worker of the database."""
    secret = read_param(env, "database.secret")
    return hmac.digest(secret.encode(), b"mcp_native.request_state", hashlib.sha256)


def _flag(env: api.Environment, key: str, *, default: bool) -> bool:
    value = read_param(env, key)
    return value == "True" if value else default
