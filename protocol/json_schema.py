# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compiled JSON Schema validators.

The protocol's dialect is 2020-12, the compiler's is draft-07: what differs is rewritten before it is compiled. Remote
references are never fetched (2026-07-28, server/tools); they admit anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import fastjsonschema

from .jsonrpc import canonical

Validator = Callable[[Any], Any]

_SINGLE = frozenset(
    ["additionalItems", "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"]
)
_LISTS = frozenset(["allOf", "anyOf", "oneOf"])
_MAPS = frozenset(["$defs", "definitions", "patternProperties", "properties"])
_LEFT_OUT = frozenset(
    [
        "$anchor",
        "$dynamicAnchor",
        "$dynamicRef",
        "$id",
        "$schema",
        "default",
        "unevaluatedItems",
        "unevaluatedProperties",
    ]
)


def validator(schema: dict[str, Any]) -> Validator:
    """Return the function that raises ``fastjsonschema.JsonSchemaValueException`` for a value that does not fit.

    Compiled once for each content, whichever object carries it.
    """
    return _compiled(canonical(schema))


def fits(schema: dict[str, Any], value: Any) -> bool:
    """Whether a value is valid."""
    try:
        validator(schema)(value)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


def resolve(schema: Any, root: Any) -> Any:
    """Return what a local ``$ref`` of ``schema`` points at; a schema without one, as it is."""
    for _hop in range(20):
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if not isinstance(reference, str):
            return schema
        schema = _target(reference, root)
    return True


@lru_cache(maxsize=512)
def _compiled(text: bytes) -> Validator:
    schema = json.loads(text)
    draft7 = {**_draft7(schema, _anchors(schema)), "$schema": "http://json-schema.org/draft-07/schema#"}
    return fastjsonschema.compile(draft7, handlers=_NoFetching(), use_default=False)


class _NoFetching(dict):
    """Handlers for every URI scheme, so that the compiler never opens one itself."""

    def __contains__(self, scheme: object) -> bool:
        return True

    def __getitem__(self, scheme: str) -> Callable[[str], bool]:
        return lambda _uri: True


def _draft7(schema: Any, anchors: dict[str, str]) -> Any:
    """Return a schema of 2020-12 in the words of draft-07."""
    if not isinstance(schema, dict):
        return schema
    result: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _LEFT_OUT or key in ("$ref", "dependentRequired", "dependentSchemas", "prefixItems"):
            continue
        if key in _LISTS or (key == "items" and isinstance(value, list)):
            result[key] = [_draft7(member, anchors) for member in value]
        elif key in _SINGLE:
            result[key] = _draft7(value, anchors)
        elif key in _MAPS:
            result[key] = {name: _draft7(member, anchors) for name, member in value.items()}
        else:
            result[key] = value
    if "prefixItems" in schema:
        if "items" in result:
            result["additionalItems"] = result["items"]
        result["items"] = [_draft7(member, anchors) for member in schema["prefixItems"]]
    dependencies = {
        **schema.get("dependentRequired", {}),
        **{name: _draft7(member, anchors) for name, member in schema.get("dependentSchemas", {}).items()},
    }
    if dependencies:
        result["dependencies"] = dependencies
    return _with_reference(schema, result, anchors)


def _with_reference(schema: dict[str, Any], result: dict[str, Any], anchors: dict[str, str]) -> dict[str, Any]:
    """Add the ``$ref``: draft-07 ignores what stands beside one, 2020-12 does not."""
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return result
    reference = anchors.get(reference, reference)
    if reference != "#" and not reference.startswith("#/"):
        return result
    if not result:
        return {"$ref": reference}
    return {**result, "allOf": [*result.get("allOf", []), {"$ref": reference}]}


def _anchors(schema: Any, pointer: str = "#") -> dict[str, str]:
    """Return the references to anchors with the pointers that they stand for."""
    found: dict[str, str] = {}
    if isinstance(schema, dict):
        if isinstance(schema.get("$anchor"), str):
            found[f"#{schema['$anchor']}"] = pointer
        members = [(name.replace("~", "~0").replace("/", "~1"), member) for name, member in schema.items()]
    elif isinstance(schema, list):
        members = list(enumerate(schema))
    else:
        return found
    for name, member in members:
        found.update(_anchors(member, f"{pointer}/{name}"))
    return found


def _target(reference: str, root: Any) -> Any:
    reference = _anchors(root).get(reference, reference)
    if reference != "#" and not reference.startswith("#/"):
        return True
    node = root
    for part in reference.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(name)] if isinstance(node, list) else node[name]
        except (KeyError, IndexError, ValueError, TypeError):
            return True
    return node
