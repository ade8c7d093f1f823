# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What models commonly send instead of what a schema wants, turned into the latter.

Decided by types alone: a value whose type the schema admits is never changed, so neither is a valid value.
"""

from __future__ import annotations

import ast
import json
import re
from typing import Any

from .errors import ParseError
from .json_schema import resolve
from .jsonrpc import parse

MAX_DEPTH = 50
MAX_LITERAL = 20_000
"""Characters of a Python literal; Python's parser takes memory by depth."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}(?:\.0+)?")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_INTEGERS = re.compile(r"[+-]?[0-9]{1,18}(?:\s*,\s*[+-]?[0-9]{1,18})+")
_NOTHING = object()


def coerce(schema: Any, value: Any, root: Any, depth: int = 0) -> Any:
    """Return ``value`` as ``schema`` wants it, where that is beyond doubt; else as it is.

    ``"5"`` -> 5, ``"true"`` -> True, the text of a list or object in JSON or Python -> that, a single value -> a list
    of it, an integer -> its text, 5.0 -> 5 for an integer; null for an optional member that admits none -> left out.

    :param root: the schema that local references point into
    """
    schema = resolve(schema, root)
    if not isinstance(schema, dict) or depth > MAX_DEPTH:
        return value
    if not _admits(schema, value, root):
        value = _converted(schema, value, root, depth)
    return _inside(schema, value, root, depth)


def types(schema: Any, root: Any, depth: int = 0) -> frozenset[str] | None:
    """Return the JSON types that a schema admits, None for any."""
    schema = resolve(schema, root)
    if not isinstance(schema, dict) or depth > MAX_DEPTH:
        return None
    if "type" in schema:
        kind = schema["type"]
        return frozenset([kind] if isinstance(kind, str) else kind)
    if "const" in schema:
        return frozenset([type_of(schema["const"])])
    if "enum" in schema:
        return frozenset(map(type_of, schema["enum"]))
    admitted: set[str] = set()
    for branch in _branches(schema):
        some = types(branch, root, depth + 1)
        if some is None:
            return None
        admitted |= some
    return frozenset(admitted) or None


def type_of(value: Any) -> str:
    """Return the JSON type of a value; an integral number is an ``integer``."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "array" if isinstance(value, list) else "object"


def _branches(schema: dict[str, Any]) -> list[Any]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def _admits(schema: Any, value: Any, root: Any) -> bool:
    admitted, kind = types(schema, root), type_of(value)
    return admitted is None or kind in admitted or (kind == "integer" and "number" in admitted)


def _inside(schema: dict[str, Any], value: Any, root: Any, depth: int) -> Any:
    """Coerce what is inside a value of the right type."""
    if isinstance(value, float) and value.is_integer():
        admitted = types(schema, root) or ()
        return int(value) if "integer" in admitted and "number" not in admitted else value
    if isinstance(value, list) and isinstance(schema.get("items"), dict) and "prefixItems" not in schema:
        value = [coerce(schema["items"], item, root, depth + 1) for item in value]
    elif isinstance(value, dict):
        value = _members(schema, value, root, depth)
    fitting = [branch for branch in _branches(schema) if _admits(branch, value, root)]
    return coerce(fitting[0], value, root, depth + 1) if len(fitting) == 1 else value


def _members(schema: dict[str, Any], value: dict[str, Any], root: Any, depth: int) -> dict[str, Any]:
    properties, required = schema.get("properties", {}), schema.get("required", ())
    others = None if "patternProperties" in schema else schema.get("additionalProperties")
    result = {}
    for name, member in value.items():
        if name in properties:
            wanted = properties[name]
            if member is None and name not in required and not _admits(wanted, None, root):
                continue
            result[name] = coerce(wanted, member, root, depth + 1)
        else:
            result[name] = coerce(others, member, root, depth + 1) if isinstance(others, dict) else member
    return result


def _converted(schema: dict[str, Any], value: Any, root: Any, depth: int) -> Any:
    """Return a value of the wrong type as one of a right type, if there is one."""
    if "type" not in schema:
        for branch in _branches(schema):
            candidate = coerce(branch, value, root, depth + 1)
            if _admits(branch, candidate, root):
                return candidate
        return value
    admitted = types(schema, root) or ()
    for kind in ("integer", "number", "boolean", "object", "array", "string"):
        candidate = _as(kind, schema, value, root, depth) if kind in admitted else _NOTHING
        if candidate is not _NOTHING:
            return candidate
    return value


def _as(kind: str, schema: dict[str, Any], value: Any, root: Any, depth: int) -> Any:
    text = value.strip() if isinstance(value, str) else None
    if kind == "array":
        return _as_list(schema, value, text, root, depth)
    if kind == "string":
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else _NOTHING
    if text is None:
        return _NOTHING
    if kind == "integer":
        return int(text.partition(".")[0]) if _INTEGER.fullmatch(text) else _NOTHING
    if kind == "number":
        return _json(text, (int, float)) if _NUMBER.fullmatch(text) else _NOTHING
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.lower(), _NOTHING)
    return _literal(text, dict) if text.startswith("{") else _NOTHING


def _as_list(schema: dict[str, Any], value: Any, text: str | None, root: Any, depth: int) -> Any:
    if text is not None and text.startswith(("[", "(")):
        parsed = _literal(text, list)
        if parsed is not _NOTHING:
            return parsed
    items = schema.get("items")
    if value is None or types(items, root) is None:
        return _NOTHING
    if text is not None and _INTEGERS.fullmatch(text) and "integer" in types(items, root):
        return [int(number) for number in text.split(",")]
    if text is not None and text.startswith("{") and "object" in types(items, root):
        parsed = _literal(text, dict)
        value = value if parsed is _NOTHING else parsed
    single = coerce(items, value, root, depth + 1)
    return [single] if _admits(items, single, root) else _NOTHING


def _literal(text: str, kind: type) -> Any:
    """Return the list or object in a text: JSON, or the Python literal that models write for it."""
    found = _json(text, kind)
    if found is not _NOTHING or len(text) > MAX_LITERAL:
        return found
    try:
        # Through JSON: tuples become lists, and what JSON cannot hold is refused.
        return _json(json.dumps(ast.literal_eval(text), allow_nan=False), kind)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _NOTHING


def _json(text: str, kind: type | tuple[type, ...]) -> Any:
    try:
        value = parse(text.encode("utf-8", "surrogatepass"))
    except ParseError:
        return _NOTHING
    return value if isinstance(value, kind) else _NOTHING
