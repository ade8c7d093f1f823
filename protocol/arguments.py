# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The arguments of a tool: coerced, checked, and refused in words that an assistant can act on."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

import fastjsonschema

from .coercion import coerce, type_of
from .json_schema import resolve, validator

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 60
"""Characters of a wrong value that a message repeats."""

NAMES = {
    "string": ("a string", "strings"),
    "integer": ("an integer", "integers"),
    "number": ("a number", "numbers"),
    "boolean": ("true or false", "booleans"),
    "array": ("a list", "lists"),
    "object": ("an object", "objects"),
    "null": ("null", "nulls"),
}


class ArgumentError(ValueError):
    """Arguments that do not fit; the text names the argument, what it should be, and an example."""


def check(schema: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments as the schema of a tool wants them.

    :param schema: of an object, any JSON Schema 2020-12; validators are compiled once for each content
    :raise ArgumentError: a name is unknown, some are missing, or a value does not fit
    """
    properties = schema.get("properties", {})
    if schema.get("additionalProperties") is False and "patternProperties" not in schema:
        _refuse_unknown(properties, arguments)
    arguments = coerce(schema, arguments, schema)
    missing = [name for name in schema.get("required", ()) if name not in arguments]
    if missing:
        raise ArgumentError(_missing(properties, missing, schema))
    try:
        validator(schema)(arguments)
    except fastjsonschema.JsonSchemaValueException as error:
        raise ArgumentError(_explained(error, properties, schema)) from None
    return arguments


def expected(schema: Any) -> str:
    """Return what a schema wants, in words."""
    if not isinstance(schema, dict):
        return "another value"
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        shown = ", ".join(_compact(value) for value in values[:20])
        return f"one of {shown}" + (", …" if len(values) > 20 else "") if len(values) > 1 else shown
    kinds = schema.get("type")
    if kinds is None:
        branches = [expected(branch) for branch in (*schema.get("anyOf", ()), *schema.get("oneOf", ()))]
        return " or ".join(dict.fromkeys(branches)) or "another value"
    return " or ".join(_one(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def example(schema: Any, root: Any, depth: int = 0) -> Any:
    """Return a value that shows what a schema wants."""
    schema = resolve(schema, root)
    if not isinstance(schema, dict) or depth > 5:
        return "…"
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    for key in ("default", "const"):
        if key in schema:
            return schema[key]
    for branch in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        return example(branch, root, depth + 1)
    kinds = schema.get("type", "string")
    return _sample(kinds if isinstance(kinds, str) else kinds[0], schema, root, depth)


def _refuse_unknown(properties: dict[str, Any], arguments: dict[str, Any]) -> None:
    for name in arguments:
        if name not in properties:
            near = _nearest(name, properties) or "."
            raise ArgumentError(f"unknown argument {_compact(name)}{near} {_known(properties)}")


def _known(properties: dict[str, Any]) -> str:
    return f"Arguments: {', '.join(properties)}" if properties else "There are no arguments"


def _nearest(name: Any, candidates: Iterable[Any]) -> str:
    """Return a question that offers the nearest candidate, empty if none is near."""
    names = {str(candidate).lower(): candidate for candidate in candidates if isinstance(candidate, str)}
    near = difflib.get_close_matches(str(name).lower()[:100], names, n=1)
    return f", did you mean {_compact(names[near[0]])}?" if near else ""


def _missing(properties: dict[str, Any], missing: list[str], schema: dict[str, Any]) -> str:
    wanted = [f"{name} ({expected(resolve(properties.get(name), schema))})" for name in missing]
    sample = {name: example(properties.get(name), schema) for name in missing}
    return (
        f"missing {'arguments' if len(missing) > 1 else 'argument'}: {', '.join(wanted)}. Example: {_compact(sample)}"
    )


def _explained(error: fastjsonschema.JsonSchemaValueException, properties: dict[str, Any], root: Any) -> str:
    path = error.path[1:]
    if not path:
        return f"the arguments do not fit together: {_problem(error)}"
    sample = ""
    if path[0] in properties:
        sample = f". Example: {_compact({path[0]: example(properties[path[0]], root)})}"
    label = path[0] + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path[1:])
    return f"{label}: {_problem(error)}{sample}"


def _problem(error: fastjsonschema.JsonSchemaValueException) -> str:
    definition, value = error.definition, error.value
    if error.rule == "required" and isinstance(value, dict):
        return f"missing {', '.join(name for name in definition['required'] if name not in value)}"
    if error.rule == "additionalProperties" and isinstance(value, dict):
        names = definition.get("properties", {})
        unknown = next(name for name in value if name not in names)
        return f"unknown member {_compact(unknown)}{_nearest(unknown, names) or '.'} Known: {', '.join(names)}"
    if error.rule in ("allOf", "anyOf", "oneOf", "not", "if", "dependencies") and "type" in definition:
        return error.message.partition(" ")[2] or error.message
    near = _nearest(value, definition.get("enum", ())) if isinstance(definition, dict) else ""
    return f"expected {expected(definition)}, got {_shown(value)}{near.rstrip('?')}"


def _one(kind: str, schema: dict[str, Any]) -> str:
    singular = NAMES[kind][0]
    if kind in ("integer", "number"):
        return singular + _bounds(schema.get("minimum"), schema.get("maximum"), "from {} to {}", "")
    if kind == "string":
        if "format" in schema:
            return f"{singular} of the form {schema['format']}"
        if "pattern" in schema:
            return f"{singular} that matches {schema['pattern']}"
        return singular + _bounds(schema.get("minLength"), schema.get("maxLength"), "of {} to {}", " characters")
    if kind == "array":
        items = schema.get("items")
        inner = items.get("type") if isinstance(items, dict) else None
        plural = f" of {NAMES[inner][1]}" if isinstance(inner, str) else ""
        return singular + plural + _bounds(schema.get("minItems"), schema.get("maxItems"), "with {} to {}", " entries")
    return singular


def _bounds(least: Any, most: Any, both: str, unit: str) -> str:
    if least is not None and most is not None:
        return f" {both.format(least, most)}{unit}"
    if least is not None:
        return f" of at least {least}{unit}"
    return "" if most is None else f" of at most {most}{unit}"


def _sample(kind: str, schema: dict[str, Any], root: Any, depth: int) -> Any:
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("maximum", 1))
    if kind == "boolean":
        return True
    if kind == "array":
        return [example(schema.get("items", {"type": "string"}), root, depth + 1)]
    if kind == "object":
        members = schema.get("properties", {})
        return {name: example(members.get(name), root, depth + 1) for name in schema.get("required", ())}
    return None if kind == "null" else "…"


def _shown(value: Any) -> str:
    text = _compact(value)
    if len(text) > SHOWN:
        return f"{NAMES[type_of(value)][0]} ({text[:SHOWN]}…)"
    return text


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
