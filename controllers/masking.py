# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What of a call's content the access log keeps: no secrets, and not too much."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

MASK = "***"
MAX_TEXT = 8_000
"""Characters of the arguments, and of the answer, of one call."""
MAX_STRING = 500
"""Characters of one string in them, unless it is all that the answer says."""

# What PostgreSQL cannot store (NUL, lone surrogates) or a page should not show.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

_WORDS = r"passw(?:or)?d|passphrase|secret|token|api[_-]?key|private[_-]?key|credential"
_SECRET_NAME = re.compile(rf"{_WORDS}|passw|apikey|\bpin\b|\botp\b|\bcvc\b", re.I)
# Secrets that show by their form, wherever they stand: in a note, in an address, in an answer's text.
_SECRET_FORMS = (
    re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:(?!-----END )[\s\S])*(?:-----END [A-Z ]{0,30}KEY-----)?"),
    re.compile(r"\b(?P<kept>Bearer|Basic)\s+[\w.~+/=-]{8,}", re.I),
    re.compile(r"\bmcp[a-z]{1,2}_[\w-]{16,}"),  # this server's own
    re.compile(r"\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?"),  # JSON Web Tokens
    re.compile(r"\b(?:sk|pk|rk|whsec|gh[opsur]|github_pat|glpat|xox[abprs]|npm|hf)[_-][\w-]{16,}"),
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    re.compile(r"\b[0-9a-f]{40}\b", re.I),  # keys of Odoo
    re.compile(r"(?P<kept>\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{0,64}:)[^\s/@]{1,256}(?=@)", re.I),
    re.compile(
        rf"(?P<kept>\b\w{{0,30}}(?:{_WORDS})\w{{0,30}}[\"']?\s{{0,3}}[:=]\s{{0,3}})(?!\*\*\*)[^\s,;&|]{{1,512}}", re.I
    ),
)


def word(value: Any, length: int = 100) -> str:
    """Return a short text that a client may have chosen, cut and made storable."""
    return _UNPRINTABLE.sub(" ", str(value or "")[:length])


def arguments(value: Any) -> str | None:
    """Return the arguments of a call as JSON text: secrets masked, long texts and the whole cut, None for none."""
    if not value:
        return None
    text = json.dumps(_masked(value), ensure_ascii=False, default=str)
    return _UNPRINTABLE.sub(" ", text[:MAX_TEXT])


def answer(message: bytes) -> str | None:
    """Return what a call was answered: the text of a result or of an error, else the result as JSON text.

    Secrets are masked, files and long texts and the whole cut.

    :param message: the JSON-RPC message that was sent, empty for none
    """
    if not message:
        return None
    content = json.loads(message)
    if "error" in content:
        return _cut(_masked_part(str(content["error"].get("message") or "")))
    result = content.get("result") or {}
    blocks = result.get("content") or []
    if blocks and all(block.get("type") == "text" for block in blocks) and "structuredContent" not in result:
        return _cut(_masked_part("\n".join(block.get("text", "") for block in blocks)))
    return _cut(json.dumps(_masked(result), ensure_ascii=False))


def masked(text: str) -> str:
    """Return a text without what has the form of a secret."""
    for form in _SECRET_FORMS:
        text = form.sub(_mask, text)
    return text


def _mask(found: re.Match[str]) -> str:
    kept = found.groupdict().get("kept") or ""
    return f"{kept}{MASK}" if not kept or kept[-1] in ":= " else f"{kept} {MASK}"


def _masked_part(text: str) -> str:
    """Return a text masked as far as it is kept, and further: a secret must not be cut where its form ends."""
    return masked(text[: MAX_TEXT * 2])


def _cut(text: str) -> str | None:
    text = _UNSTORABLE.sub(" ", text)
    return (f"{text[:MAX_TEXT]}…" if len(text) > MAX_TEXT else text) or None


def _masked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: MASK if _SECRET_NAME.search(str(key)) else _masked(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        if len(value) == 3 and isinstance(value[0], str) and _SECRET_NAME.search(value[0]):  # a domain's leaf
            return [*value[:2], MASK]
        return [_masked(item) for item in value]
    if isinstance(value, str):
        text = masked(value[: MAX_STRING * 2])[:MAX_STRING]
        return f"{text}… ({len(value)} characters)" if len(value) > MAX_STRING else text
    return value
