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

from odoo import api, http

from ..compat import read_param
from ..oauth.redirects import NEVER

ENABLED = "mcp_native.enabled"
PATH = "mcp_native.path"
GLOBAL_KEYS = "mcp_native.global_keys"
ORIGINS = "mcp_native.allowed_origins"
AUTH_FAILURES = "mcp_native.auth_failures"
LOG_DAYS = "mcp_native.log_days"
LOG_ARGUMENTS = "mcp_native.log_arguments"
LOG_RESULTS = "mcp_native.log_results"
UPLOAD_LIMIT = "web.max_file_upload_size"
OAUTH = "mcp_native.oauth"
OAUTH_REGISTRATION = "mcp_native.oauth_registration"
OAUTH_DOCUMENTS = "mcp_native.oauth_documents"
OAUTH_SCHEMES = "mcp_native.oauth_schemes"
OAUTH_ACCESS_HOURS = "mcp_native.oauth_access_hours"
OAUTH_REFRESH_DAYS = "mcp_native.oauth_refresh_days"
OAUTH_END_ON_PASSWORD = "mcp_native.oauth_end_on_password"

PATHS = ("/mcp", "/mcp_native")
"""The paths the server can be found at; the last one is never taken by other modules and always served."""

DEFAULT_LOG_DAYS = 90
DEFAULT_AUTH_FAILURES = 20
DEFAULT_ACCESS_HOURS = 8
DEFAULT_REFRESH_DAYS = 60
DEFAULT_SCHEMES = ("cursor", "vscode", "vscode-insiders", "windsurf", "zed", "raycast")
"""Schemes of programs that take the answer of a login under an address of their own (RFC 8252, section 7.1)."""

ACCESS_HOURS = range(1, 7 * 24 + 1)
REFRESH_DAYS = range(1, 365 + 1)
FAILURES = range(10_000 + 1)

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*", re.IGNORECASE)
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


def base_url_frozen(env: api.Environment) -> bool:
    """Whether the address of this Odoo stays when an administrator logs in at another one."""
    return bool(read_param(env, "web.base.url.freeze"))


def url(env: api.Environment) -> str:
    """Return the address that clients are told to use."""
    return base_url(env) + path(env)


def global_keys(env: api.Environment) -> bool:
    """Whether API keys without scope, those of the user's preferences, are accepted."""
    return _flag(env, GLOBAL_KEYS, default=True)


def auth_failures(env: api.Environment) -> int:
    """Return how many tokens that open nothing one address may send in a minute; 0 means any number."""
    return _within(FAILURES, _number(env, AUTH_FAILURES, DEFAULT_AUTH_FAILURES))


def upload_limit(env: api.Environment) -> int:
    """Return how many bytes a file may have that is uploaded; the setting is Odoo's own."""
    return _number(env, UPLOAD_LIMIT, http.DEFAULT_MAX_CONTENT_LENGTH)


def log_days(env: api.Environment) -> int:
    """Return how many days the access log is kept; 0 means for ever."""
    return _number(env, LOG_DAYS, DEFAULT_LOG_DAYS)


def log_arguments(env: api.Environment) -> bool:
    """Whether the access log keeps the arguments of calls."""
    return _flag(env, LOG_ARGUMENTS, default=False)


def log_results(env: api.Environment) -> bool:
    """Whether the access log keeps the answers of calls."""
    return _flag(env, LOG_RESULTS, default=False)


def oauth(env: api.Environment) -> bool:
    """Whether assistants may connect by a login in the browser (OAuth) at all."""
    return enabled(env) and _flag(env, OAUTH, default=True)


def oauth_registration(env: api.Environment) -> bool:
    """Whether clients may register themselves (RFC 7591)."""
    return oauth(env) and _flag(env, OAUTH_REGISTRATION, default=True)


def oauth_documents(env: api.Environment) -> bool:
    """Whether clients may be known by a metadata document of their own, which this server fetches."""
    return oauth(env) and _flag(env, OAUTH_DOCUMENTS, default=True)


def oauth_schemes(env: api.Environment) -> frozenset[str]:
    """Return the schemes, besides https and loopback http, that a client may be answered at; ``none`` for no others."""
    value = read_param(env, OAUTH_SCHEMES)
    return frozenset(value.split() if value else DEFAULT_SCHEMES) - {"none"}


def normal_scheme(text: str) -> str | None:
    """Return a scheme (RFC 3986, section 3.1) in lower case, None where it is none or belongs to browsers."""
    scheme = text.lower().removesuffix("//").removesuffix(":")
    return scheme if _SCHEME.fullmatch(scheme) and scheme not in NEVER else None


def oauth_access_hours(env: api.Environment) -> int:
    """Return for how many hours an access token is good."""
    return _within(ACCESS_HOURS, _number(env, OAUTH_ACCESS_HOURS, DEFAULT_ACCESS_HOURS))


def oauth_refresh_days(env: api.Environment) -> int:
    """Return after how many days without use a refresh token ends."""
    return _within(REFRESH_DAYS, _number(env, OAUTH_REFRESH_DAYS, DEFAULT_REFRESH_DAYS))


def oauth_end_on_password(env: api.Environment) -> bool:
    """Whether a new password ends the connections that were made with the old one."""
    return _flag(env, OAUTH_END_ON_PASSWORD, default=True)


def switched_on(env: api.Environment, key: str) -> bool:
    """Whether one switch is on, whatever the switches are on which it depends: what the settings page shows."""
    return _flag(env, key, default=key not in (LOG_ARGUMENTS, LOG_RESULTS))


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


def _number(env: api.Environment, key: str, default: int) -> int:
    value = read_param(env, key)
    return int(value) if value.isdecimal() else default


def _within(bounds: range, number: int) -> int:
    return min(max(number, bounds[0]), bounds[-1])


def _flag(env: api.Environment, key: str, *, default: bool) -> bool:
    value = read_param(env, key)
    return value == "True" if value else default
