# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a JSON-RPC request to a ``Call``: which era it belongs to, and whether it keeps that era's rules.

The version header alone chooses the era. A legacy header over a body of 2026-07-28, which a hosted client sends, is
served by the transport rules of the header and the body rules of the body, and the two are never compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import headers as wire
from .call import LEVELS, Call
from .errors import InvalidParams, UnsupportedVersion
from .versions import ASSUMED, LEGACY, MODERN, SUPPORTED

if TYPE_CHECKING:
    from .jsonrpc import Request

META = "io.modelcontextprotocol/"


@dataclass(frozen=True)
class Era:
    """How a request is served.

    :param version: the revision whose content blocks the client knows
    :param strict: the transport rules of 2026-07-28: headers checked, errors as HTTP statuses
    :param modern: the body rules of 2026-07-28: decorated results, requests for input
    """

    version: str
    strict: bool
    modern: bool


def era_of(headers: wire.Headers, params: Any) -> Era:
    """Choose the era of a request, by header first (2026-07-28, basic/versioning).

    A version that this server does not know counts as modern, and is refused there.
    """
    header = headers.get(wire.VERSION_HEADER)
    claimed = _meta(params).get(f"{META}protocolVersion")
    if header in LEGACY:
        return Era(header, strict=False, modern=claimed == MODERN)
    if header is None and (not isinstance(claimed, str) or claimed in LEGACY):
        return Era(ASSUMED, strict=False, modern=False)
    return Era(MODERN, strict=True, modern=True)


def opened(request: Request, era: Era) -> Call:
    """Return the call of a request and what the client says of itself. Nothing is checked yet."""
    params = request.params if isinstance(request.params, dict) else {}
    call = Call(id=request.id, method=request.method, params=params, version=era.version, modern=era.modern)
    if era.modern:
        meta = _meta(params)
        _introduce(call, meta.get(f"{META}clientInfo"), meta.get(f"{META}clientCapabilities"))
    elif call.method == "initialize":
        _introduce(call, params.get("clientInfo"), params.get("capabilities"))
    return call


def check(request: Request, headers: wire.Headers) -> None:
    """Check a request of 2026-07-28 against its ``_meta`` and its headers, in the order of the specification.

    :raise InvalidParams: ``_meta`` is missing or incomplete
    :raise HeaderMismatch: a header is missing, repeated, malformed or different from the body
    :raise UnsupportedVersion: header and body agree on a version that this server does not speak
    """
    wire.check_repetition(headers)
    params = request.params
    header = headers.get(wire.VERSION_HEADER)
    claimed = _meta(params).get(f"{META}protocolVersion")
    if claimed is None and header not in (None, *SUPPORTED):
        raise UnsupportedVersion(header)  # a legacy client of an unknown version has no _meta to be taught about
    if not isinstance(params, dict) or not isinstance(params.get("_meta"), dict):
        raise InvalidParams("params._meta is missing")
    if not isinstance(claimed, str):
        raise InvalidParams(f"params._meta lacks the text {META}protocolVersion")
    if not isinstance(params["_meta"].get(f"{META}clientCapabilities"), dict):
        raise InvalidParams(f"params._meta lacks the object {META}clientCapabilities")
    wire.check_equal(headers, wire.VERSION_HEADER, claimed)
    wire.check_equal(headers, wire.METHOD_HEADER, request.method)
    if claimed != MODERN:
        raise UnsupportedVersion(claimed)
    wire.check_name(headers, request.method, params)


def take_options(call: Call, request: Request) -> None:
    """Note what the client wants to hear while the call runs.

    :raise InvalidParams: params, ``progressToken`` or ``logLevel`` are of a wrong type
    """
    if not isinstance(request.params, (dict, type(None))):
        raise InvalidParams("params must be an object")
    meta = _meta(request.params)
    call.progress_token = _progress_token(meta)
    if call.modern:
        call.log_level = _log_level(meta)


def _meta(params: Any) -> dict[str, Any]:
    meta = params.get("_meta") if isinstance(params, dict) else None
    return meta if isinstance(meta, dict) else {}


def _introduce(call: Call, info: Any, capabilities: Any) -> None:
    """Note what the client says of itself; nothing depends on it, so a wrong type is no error."""
    if isinstance(info, dict):
        name, version = info.get("name"), info.get("version")
        call.client_name = name if isinstance(name, str) else ""
        call.client_version = version if isinstance(version, str) else ""
    if isinstance(capabilities, dict):
        call.client_capabilities = capabilities


def _progress_token(meta: dict[str, Any]) -> str | int | float | None:
    token = meta.get("progressToken")
    if isinstance(token, bool) or not isinstance(token, (str, int, float, type(None))):
        raise InvalidParams("progressToken must be a string or an integer")
    return token


def _log_level(meta: dict[str, Any]) -> str | None:
    level = meta.get(f"{META}logLevel")
    if level is not None and level not in LEVELS:
        raise InvalidParams(f"logLevel must be one of {', '.join(LEVELS)}")
    return level
