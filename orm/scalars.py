# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Single values as an assistant writes them, typed before PostgreSQL sees them.

Each function returns the value Odoo wants or raises ``ToolError`` with what was expected; ``located`` says where.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from .errors import ToolError

ID_MAX = 2**31 - 1
_INTEGER = re.compile(r"[+-]?\d{1,12}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_DATA_URL = re.compile(r"data:[\w.+/-]*(;[\w=.+-]+)*;base64,")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TRUE = ("true", "yes", "1")
_FALSE = ("false", "no", "0")
SHOWN_CHOICES = 20


def shown(value: Any, limit: int = 60) -> str:
    """Return a value as it may stand in a message: JSON on one line, bounded."""
    try:
        text = json.dumps(value, ensure_ascii=False, skipkeys=True, default=str)
    except (RecursionError, ValueError):  # nested a thousandfold, or a number of thousands of digits
        text = "…"
    text = _UNSTORABLE.sub("\ufffd", text)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


class Located(ToolError):
    """An error that says already where it is."""


@contextmanager
def located(place: str) -> Iterator[None]:
    """Put ``place`` in front of the message of a ``ToolError`` raised inside; the innermost place is kept."""
    try:
        yield
    except Located:
        raise
    except ToolError as error:
        raise Located(f"{place}: {error}") from error


def check_depth(value: Any, limit: int = 24) -> None:
    """Refuse lists and objects that are nested deeper than anything meant.

    :raise ToolError: deeper than ``limit``
    """
    level = [value]
    for _depth in range(limit):
        level = [inner for item in level for inner in _inside(item)]
        if not level:
            return
    raise ToolError(f"Values are nested deeper than {limit} levels.")


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, (list, tuple)) else ()


def unset(value: Any) -> bool:
    """Whether a value stands for "not set": JSON null or false, never zero."""
    return value is None or value is False


def integer(value: Any) -> int:
    """Return a whole number that fits PostgreSQL's ``int4``; its digits as text are accepted."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ToolError(f"expects a whole number such as 5, not {shown(value)}.")
    if not -ID_MAX - 1 <= value <= ID_MAX:
        raise ToolError(f"{shown(value)} is too large: whole numbers go from -{ID_MAX + 1} to {ID_MAX}.")
    return value


def number(value: Any) -> float:
    """Return a finite number; text in the form ``1250.5`` is accepted."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ToolError(f"expects a number such as 1250.5 (no thousands separator, no currency), not {shown(value)}.")
    if not -1e100 < value < 1e100 or math.isnan(value):
        raise ToolError(f"{shown(value)} is not a number that can be stored.")
    return float(value)


def boolean(value: Any) -> bool:
    """Return true or false; ``0``, ``1``, ``"true"`` and ``"false"`` are accepted."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, str)):
        word = str(value).strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
    raise ToolError(f"expects true or false, not {shown(value)}.")


def text(value: Any) -> str:
    """Return text that PostgreSQL can store; a number becomes its digits."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = json.dumps(value)
    if not isinstance(value, str):
        raise ToolError(f"expects text, not {shown(value)}.")
    if _UNSTORABLE.search(value):
        raise ToolError(f"{shown(value)} holds a character that cannot be stored (NUL or half a surrogate pair).")
    return value


def choice(value: Any, options: Sequence[tuple[Any, str]]) -> Any:
    """Return the key of a selection value, given as key or as its label.

    :param options: pairs of key and label
    """
    for key, _label in options:
        if value == key and isinstance(value, bool) == isinstance(key, bool):
            return key
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        word = str(value).strip().casefold()
        found = [key for key, label in options if word in (str(key).casefold(), str(label).casefold())]
        if len(set(found)) == 1:
            return found[0]
    raise ToolError(f"has no value {shown(value)}. Values: {_choices(options)}.")


def _choices(options: Sequence[tuple[Any, str]]) -> str:
    listed = ", ".join(str(key) if str(key) == label else f"{key} ({label})" for key, label in options[:SHOWN_CHOICES])
    rest = len(options) - SHOWN_CHOICES
    return f"{listed} and {rest} more" if rest > 0 else listed or "none"


def base64_text(value: Any) -> str:
    """Return base64 text of a file's content, without line breaks and without a ``data:`` prefix."""
    content = "".join(_DATA_URL.sub("", value, count=1).split()) if isinstance(value, str) else ""
    try:
        base64.b64decode(content.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ToolError("is not valid base64. Send the file's bytes as base64 text.") from error
    if not content:
        raise ToolError(f"expects the file's bytes as base64 text, not {shown(value)}.")
    return content
