# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON-RPC 2.0 messages: reading, telling apart, writing."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from .errors import InvalidRequest, McpError, ParseError

MAX_DEPTH = 100
"""Levels of nesting that a body may have: far more than any request needs, far less than Python's stack."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Request:
    """A message that wants an answer."""

    id: str | int | float
    method: str
    params: Any


@dataclass(frozen=True)
class Notification:
    """A message that wants none."""

    method: str
    params: Any


@dataclass(frozen=True)
class Response:
    """An answer to a request of this server, which makes none."""


def parse(body: bytes) -> Any:
    """Return the JSON value of a body (RFC 8259; of a repeated member, the last counts).

    :raise ParseError: not UTF-8, not JSON, numbers beyond a double, nested deeper than ``MAX_DEPTH``
    """
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        raise ParseError("Parse error: the body is not JSON in UTF-8") from None
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise ParseError(f"Parse error: nested deeper than {MAX_DEPTH} levels")
    return value


def classify(message: Any) -> Request | Notification | Response:
    """Tell which kind of message a JSON value is.

    :raise InvalidRequest: none of them
    """
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise InvalidRequest('A message is an object with "jsonrpc": "2.0"')
    method = message.get("method")
    if method is None and ("result" in message or "error" in message):
        return Response()
    if not isinstance(method, str):
        raise InvalidRequest("A request names its method")
    if "id" not in message:
        return Notification(method, message.get("params"))
    if not is_id(message["id"]):
        raise InvalidRequest("The id of a request is a string or an integer")
    return Request(message["id"], method, message.get("params"))


def is_id(value: Any) -> bool:
    """Whether a value can be a request id: a string or an integral number."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def result_message(id_: str | int | float, result: dict[str, Any]) -> dict[str, Any]:
    """Return a successful answer."""
    return {"jsonrpc": "2.0", "id": id_, "result": result}


def error_message(id_: Any, error: McpError, modern: bool) -> dict[str, Any]:
    """Return an error answer; the id is left out when it could not be read."""
    message: dict[str, Any] = {"jsonrpc": "2.0"}
    if is_id(id_):
        message["id"] = id_
    message["error"] = error.to_wire(modern)
    return message


def dumps(value: Any) -> bytes:
    """Return compact JSON in UTF-8. A lone surrogate, which UTF-8 cannot carry, is written as its escape.

    :raise ValueError: not a number, or infinite
    """
    return _utf8(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def canonical(value: Any) -> bytes:
    """Return the same bytes for equal JSON values, in whichever order their members came."""
    return _utf8(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True))


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode()


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise ValueError(number)
    return value


def _depth(value: Any) -> int:
    deepest, stack = 0, [(value, 1)]
    while stack:
        node, level = stack.pop()
        if isinstance(node, dict):
            node = node.values()
        elif not isinstance(node, list):
            continue
        deepest = max(deepest, level)
        if deepest > MAX_DEPTH:
            break
        stack.extend((child, level + 1) for child in node)
    return deepest
