# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Opaque tokens: random, recognisable by their beginning, kept as digests.

Their 256 random bits need no slow hash: there is nothing to guess.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

CODE = "mcpc_"
ACCESS = "mcpa_"
REFRESH = "mcpr_"
SECRET = "mcps_"
CONFIRMATION = "mcpf_"
LINK = "mcpl_"

SIZE = 32

_TOKEN = re.compile(r"mcp[acflrs]_[A-Za-z0-9_-]{43}")


def new(prefix: str) -> str:
    """Return a new random token of one kind, such as ``ACCESS``."""
    return prefix + _text(secrets.token_bytes(SIZE))


def is_token(text: str | None, prefix: str) -> bool:
    """Whether a text has the form of a token of that kind; nothing else needs to be looked up."""
    return bool(text) and text.startswith(prefix) and bool(_TOKEN.fullmatch(text))


def digest(token: str) -> str:
    """Return what is stored of a token: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(stored: str | None, token: str) -> bool:
    """Whether a stored digest is that of a token, in a time that tells nothing."""
    return bool(stored) and hmac.compare_digest(stored, digest(token))


def new_seed() -> str:
    """Return what the successors of a refresh token are derived with, besides the token itself."""
    return secrets.token_hex(SIZE)


def successor(prefix: str, seed: str, refresh_token: str) -> str:
    """Return the token that follows a refresh token, always the same for one seed.

    Two requests that refresh at the same time with the same token thus get the same answer, although no token is
    stored: only who holds the old one can derive the new one, and only with the seed, which never leaves the database.
    """
    return prefix + _text(hmac.digest(bytes.fromhex(seed), f"{prefix}:{refresh_token}".encode(), hashlib.sha256))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
