# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signed state between the rounds of one request (2026-07-28, ``requestState``).

The client carries the state, so it is an attacker's to change: an HMAC-SHA256 binds it to the principal, the method,
the params and an expiry. It is signed, not encrypted. Single use, where it matters, is the application's to enforce.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import zlib
from typing import Any

from .errors import InvalidParams
from .jsonrpc import canonical, dumps

PURPOSE = "mcp_native requestState 1"
REFUSED = "requestState is not valid for this request, or no longer; repeat the request without it"


def sign(key: bytes, payload: Any, context: str, method: str, params_digest: str, ttl: int = 900) -> str:
    """Return ``payload`` (a JSON value) as a signed text of URL-safe characters, compressed.

    :param context: the principal
    :param ttl: seconds until ``verify`` refuses it
    """
    body = _encode(zlib.compress(dumps([payload, int(time.time()) + ttl]), 9))
    return f"{body}.{_mac(key, body, context, method, params_digest)}"


def verify(key: bytes, state: str, context: str, method: str, params_digest: str) -> Any:
    """Return the payload of a state that ``sign`` made with the same key, principal, method and params.

    :raise InvalidParams: anything differs, or it has expired
    """
    body, _dot, mac = state.rpartition(".")
    expected = _mac(key, body, context, method, params_digest)
    # The text of the MAC is compared, not its bytes: base64 has several texts for the same bytes.
    if not hmac.compare_digest(expected.encode(), mac.encode("utf-8", "replace")):
        raise InvalidParams(REFUSED)
    payload, expiry = json.loads(zlib.decompress(_decode(body)))
    if expiry < time.time():
        raise InvalidParams(REFUSED)
    return payload


def params_digest(params: dict[str, Any]) -> str:
    """Return a digest of what stays the same in all rounds of a request."""
    own = ("inputResponses", "requestState", "_meta")
    kept = {key: value for key, value in params.items() if key not in own}
    return hashlib.sha256(canonical(kept)).hexdigest()


def _mac(key: bytes, *parts: str) -> str:
    message = dumps([PURPOSE, *parts])
    return _encode(hmac.new(key, message, hashlib.sha256).digest())


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
