# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The JSON Schema of a tool, from its signature and its docstring.

Members come in a fixed order, so that the same signature always gives the same text.
"""

from __future__ import annotations

import collections.abc
import inspect
import re
import types
import typing
from typing import Any

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Collection

SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean"}
ARRAYS = (list, collections.abc.Sequence, collections.abc.Iterable)
OBJECTS = (dict, collections.abc.Mapping)

_FIELD = re.compile(r"^[ \t]*:(?:param|type|returns?|rtype|raises?)\b", re.MULTILINE)
_PARAM = re.compile(r":param[ \t]+(?:[^:\n]*[ \t])?(\w+):(.*?)(?=\n[ \t]*:\w|\n[ \t]*\n|\Z)", re.DOTALL)


def input_schema(function: Callable[..., Any], *, skip: Collection[str] = ("self",)) -> dict[str, Any]:
    """Return the schema of the arguments of ``function``.

    A hint ``Annotated[int, {"minimum": 1}]`` adds its dictionaries to the property. ``None`` in the hint of a parameter
    is not written: an optional argument is left out.

    :raise TypeError: a parameter has no hint, one that JSON Schema cannot say, or is variadic
    """
    hints = _hints(function)
    texts = _param_texts(function)
    properties: dict[str, Any] = {}
    required = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name in skip:
            continue
        if name not in hints or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(f"{function.__qualname__}: {name} needs a type hint and must not be variadic")
        try:
            properties[name] = _property(hints[name], parameter.default, texts.get(name))
        except TypeError as error:
            raise TypeError(f"{function.__qualname__}: {name}: {error}") from None
        if parameter.default is parameter.empty:
            required.append(name)
    schema: dict[str, Any] = {"type": "object"}
    if properties:
        schema["properties"] = properties
    if required:
        schema["required"] = required
    schema["additionalProperties"] = False
    return schema


def describe(function: Callable[..., Any]) -> str:
    """Return what the docstring says before its first field, on one line."""
    text = inspect.getdoc(function) or ""
    return " ".join(_FIELD.split(text, maxsplit=1)[0].split())


def _property(hint: Any, default: Any, text: str | None) -> dict[str, Any]:
    schema = _schema(hint, optional=True)
    if text:
        schema["description"] = text
    if isinstance(default, (str, int, float)) and default != "" and default is not False:
        schema["default"] = default
    return schema


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the hints of the parameters. Those of the result may name what is imported for type checkers only."""
    function = inspect.unwrap(function)

    def parameters() -> None: ...

    annotations = getattr(function, "__annotations__", {})
    parameters.__annotations__ = {name: hint for name, hint in annotations.items() if name != "return"}
    try:
        return typing.get_type_hints(parameters, globalns=function.__globals__, include_extras=True)
    except TypeError as error:
        # Before 3.13 a union refuses metadata that cannot be hashed, such as a dictionary.
        rule = "write Annotated[int | None, {…}], not Annotated[int, {…}] | None"
        raise TypeError(f"{function.__qualname__}: {error}; {rule}") from None


def _param_texts(function: Callable[..., Any]) -> dict[str, str]:
    text = inspect.getdoc(function) or ""
    return {name: " ".join(value.split()) for name, value in _PARAM.findall(text)}


def _schema(hint: Any, *, optional: bool = False) -> dict[str, Any]:
    """Return the schema of a type hint.

    :param optional: leave ``None`` out of a union
    """
    origin, arguments = typing.get_origin(hint) or hint, typing.get_args(hint)
    if hint is Any:
        return {}
    if hint is None or hint is type(None):
        return {"type": "null"}
    if isinstance(origin, type) and origin in SIMPLE:
        return {"type": SIMPLE[origin]}
    if origin is typing.Annotated:
        return _annotated(arguments, optional)
    if origin in (typing.Union, types.UnionType):
        return _union(arguments, optional)
    if origin is typing.Literal:
        return _literal(arguments)
    if origin in ARRAYS:
        return {"type": "array", "items": _schema(arguments[0])} if arguments else {"type": "array"}
    if origin in OBJECTS:
        return _object(arguments)
    raise TypeError(f"no JSON Schema for {hint!r}")


def _annotated(arguments: tuple[Any, ...], optional: bool) -> dict[str, Any]:
    schema = _schema(arguments[0], optional=optional)
    for extra in arguments[1:]:
        if isinstance(extra, dict):
            schema.update(extra)
    return schema


def _union(arguments: tuple[Any, ...], optional: bool) -> dict[str, Any]:
    members = [member for member in arguments if not (optional and member is type(None))]
    schemas = [_schema(member) for member in members]
    if len(schemas) == 1:
        return schemas[0]
    if {} in schemas:
        return {}
    if all(set(schema) == {"type"} for schema in schemas):
        return {"type": [schema["type"] for schema in schemas]}
    return {"anyOf": schemas}


def _literal(values: tuple[Any, ...]) -> dict[str, Any]:
    kinds = list(dict.fromkeys(_schema(type(value))["type"] for value in values))
    return {"type": kinds[0] if len(kinds) == 1 else kinds, "enum": list(values)}


def _object(arguments: tuple[Any, ...]) -> dict[str, Any]:
    if not arguments or arguments[1] is Any:
        return {"type": "object"}
    if arguments[0] is not str:
        raise TypeError("the keys of a JSON object are strings")
    return {"type": "object", "additionalProperties": _schema(arguments[1])}
