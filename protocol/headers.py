# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Request headers of 2026-07-28: they repeat parts of the body, so that intermediaries can route without reading it.

Whoever reads the header and whoever reads the body must see the same request, hence every difference is refused.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

from .errors import HeaderMismatch, InvalidParams

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VERSION_HEADER = "mcp-protocol-version"
METHOD_HEADER = "mcp-method"
NAME_HEADER = "mcp-name"
PARAM_PREFIX = "mcp-param-"

NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
"""Method -> the param that ``Mcp-Name`` repeats."""

_SENTINEL = re.compile(r"=\?base64\?(.*)\?=", re.DOTALL)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_PRINTABLE = re.compile(r"[\t\x20-\x7e]*")
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")


class Headers:
    """The headers of a request: names in any case, blanks around values trimmed, repetitions kept."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name.lower(), []).append(value.strip(" \t"))

    def get(self, name: str) -> str | None:
        """Return the value of a header, a repeated one joined by commas as RFC 9110, section 5.3 reads it."""
        values = self._values.get(name)
        return ", ".join(values) if values else None

    def repeated(self) -> Iterator[str]:
        """Yield the names that occur more than once."""
        return (name for name, values in self._values.items() if len(values) > 1)

    def media_types(self) -> list[str] | None:
        """Return the media types of ``Accept`` that are not ruled out by ``q=0``, None when there is no such header."""
        accept = self.get("accept")
        if not accept:
            return None
        accepted = []
        for entry in accept.lower().split(","):
            media_type, *parameters = (part.strip() for part in entry.split(";"))
            if not any(re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters):
                accepted.append(media_type)
        return accepted


def decode(value: str) -> str:
    """Return the text that a header value stands for: itself, or what ``=?base64?…?=`` carries.

    :raise HeaderMismatch: characters that no header has, or a payload that is not base64 of UTF-8
    """
    if not _PRINTABLE.fullmatch(value):
        raise HeaderMismatch("A header has characters outside printable ASCII; encode it as =?base64?…?=")
    sentinel = _SENTINEL.fullmatch(value)
    if sentinel is None:
        return value
    payload = sentinel[1]
    if not _BASE64.fullmatch(payload):
        raise HeaderMismatch("A header carries invalid base64")
    try:
        return base64.b64decode(payload).decode()
    except UnicodeDecodeError:
        raise HeaderMismatch("A header carries base64 of something that is not UTF-8") from None


def check_repetition(headers: Headers) -> None:
    """Refuse a header of the protocol that occurs twice.

    :raise HeaderMismatch: it does
    """
    for name in headers.repeated():
        if name in (VERSION_HEADER, METHOD_HEADER, NAME_HEADER) or name.startswith(PARAM_PREFIX):
            raise HeaderMismatch(f"{name} occurs more than once")


def check_equal(headers: Headers, name: str, wanted: str, *, encoded: bool = False) -> None:
    """Refuse a header that is missing or differs from the body.

    :param encoded: whether the header may use the base64 form
    :raise HeaderMismatch: it is missing, malformed or different
    """
    value = headers.get(name)
    if value is None:
        raise HeaderMismatch(f"The header {name} is missing")
    if (decode(value) if encoded else value) != wanted:
        raise HeaderMismatch(f"The header {name} differs from the body")


def check_name(headers: Headers, method: str, params: dict[str, Any]) -> None:
    """Check ``Mcp-Name`` where the method has it.

    :raise HeaderMismatch: it is missing, malformed or different
    :raise InvalidParams: the body has no such param
    """
    member = NAMED_BY.get(method)
    if member is None:
        return
    if not isinstance(params.get(member), str):
        raise InvalidParams(f"{method} needs the text {member}")
    check_equal(headers, NAME_HEADER, params[member], encoded=True)


def check_parameters(headers: Headers, schema: dict[str, Any], arguments: dict[str, Any]) -> None:
    """Check ``Mcp-Param-*`` of a ``tools/call`` against the arguments that the tool's schema marks by ``x-mcp-header``.

    An argument that is absent or null has no header, and none is expected.

    :raise HeaderMismatch: a header is missing, malformed or different
    """
    for path, header in marked(schema):
        value = _at(arguments, path)
        if value is None or isinstance(value, (dict, list)):
            continue
        name = PARAM_PREFIX + header.lower()
        sent = headers.get(name)
        if sent is None:
            raise HeaderMismatch(f"The header {name} is missing")
        if not _same(decode(sent), value):
            raise HeaderMismatch(f"The header {name} differs from the argument {'.'.join(path)}")


def marked(schema: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield path and header name of the properties marked by ``x-mcp-header``, reached through ``properties`` alone."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict):
        return
    for name, child in properties.items():
        if not isinstance(child, dict):
            continue
        header = child.get("x-mcp-header")
        if isinstance(header, str) and child.get("type") in ("string", "integer", "boolean"):
            yield (*path, name), header
        yield from marked(child, (*path, name))


def _at(arguments: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(arguments, dict):
            return None
        arguments = arguments.get(name)
    return arguments


def _same(sent: str, value: Any) -> bool:
    if isinstance(value, bool):
        return sent == ("true" if value else "false")
    if isinstance(value, str):
        return sent == value
    return bool(_INTEGER.fullmatch(sent)) and int(sent) == value
