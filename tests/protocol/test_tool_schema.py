# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The schema of a tool, from its signature and its docstring."""

from __future__ import annotations

import functools
import json
import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional, Union

import jsonschema
import pytest

from protocol import describe, input_schema

if TYPE_CHECKING:
    from somewhere import NotThere

Limit = Annotated[int, {"minimum": 1, "maximum": 200}]
Ids = list[Annotated[int, {"minimum": 1}]]


def property_of(hint, default=...):
    def tool(value): ...

    tool.__annotations__ = {"value": hint}
    if default is not ...:
        tool.__defaults__ = (default,)
    return input_schema(tool)["properties"]["value"]


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (str, {"type": "string"}),
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (bool, {"type": "boolean"}),
        (Any, {}),
        (list, {"type": "array"}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (list[list[str]], {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}),
        (list[Any], {"type": "array", "items": {}}),
        (dict, {"type": "object"}),
        (dict[str, Any], {"type": "object"}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (list[dict[str, Any]], {"type": "array", "items": {"type": "object"}}),
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}),
        (Literal[1, "b"], {"type": ["integer", "string"], "enum": [1, "b"]}),
        (Optional[int], {"type": "integer"}),  # noqa: UP007 (the older spelling is what is tested)
        (int | None, {"type": "integer"}),
        (list[int | None], {"type": "array", "items": {"type": ["integer", "null"]}}),
        (Union[int, str], {"type": ["integer", "string"]}),  # noqa: UP007
        (str | list[str] | None, {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
        (int | Any, {}),
        (Limit, {"type": "integer", "minimum": 1, "maximum": 200}),
        (Annotated[int | None, {"minimum": 1}], {"type": "integer", "minimum": 1}),
        (Annotated[str, "a note", {"format": "date"}], {"type": "string", "format": "date"}),
        (Ids, {"type": "array", "items": {"type": "integer", "minimum": 1}}),
    ],
)
def test_a_hint_becomes_its_schema(hint, schema):
    assert property_of(hint) == schema


@pytest.mark.parametrize("default", [1, 0, -1.5, "name", True])
def test_a_simple_default_is_told(default):
    assert property_of(Any, default) == {"default": default}
    assert type(property_of(Any, default)["default"]) is type(default)


@pytest.mark.parametrize("default", [None, "", False, [], {}, ()])
def test_a_default_that_says_nothing_is_not_told(default):
    assert property_of(Any, default) == {}


@pytest.mark.parametrize("hint", [object, bytes, set[int], dict[int, str], NotImplemented])
def test_a_hint_that_json_cannot_say_names_the_parameter(hint):
    with pytest.raises(TypeError, match="value"):
        property_of(hint)


def test_metadata_outside_the_union_is_the_way_that_works_everywhere():
    """Before Python 3.13 a union takes no member that cannot be hashed."""

    def tool(value: Annotated[int, {"minimum": 1}] | None = None): ...

    if sys.version_info >= (3, 13):
        assert input_schema(tool)["properties"]["value"] == {"type": "integer", "minimum": 1}
    else:
        with pytest.raises(TypeError, match=r"write Annotated\[int \| None"):
            input_schema(tool)


def test_a_parameter_needs_a_hint_and_a_name():
    def bare(value): ...

    def variadic(*values: int): ...

    def keywords(**values: int): ...

    for function in (bare, variadic, keywords):
        with pytest.raises(TypeError, match="value"):
            input_schema(function)


class Toolset:
    def search(
        self,
        model: str,
        fields: list[str] | None = None,
        limit: Limit = 25,
        *,
        exact: bool = False,
    ) -> NotThere:
        """Search the records of a model.

        Say which fields
        you need.

        :param model: technical name, such as res.partner
        :param list fields: names; the ones
            of the list view
            if left out
        :param limit: records
        :return: a table
        """

    def nothing(self) -> str:
        """Do nothing."""

    def returns_only(self):
        """Give a hint.

        :raise UserError: always
        """

    def undocumented(self, a: int): ...


def test_the_schema_of_a_method_whose_hints_are_text():
    assert input_schema(Toolset.search) == {
        "type": "object",
        "properties": {
            "model": {"type": "string", "description": "technical name, such as res.partner"},
            "fields": {
                "type": "array",
                "items": {"type": "string"},
                "description": "names; the ones of the list view if left out",
            },
            "limit": {"type": "integer", "minimum": 1, "maximum": 200, "description": "records", "default": 25},
            "exact": {"type": "boolean"},
        },
        "required": ["model"],
        "additionalProperties": False,
    }


def test_the_members_keep_the_order_of_the_signature():
    schema = input_schema(Toolset.search)
    assert list(schema) == ["type", "properties", "required", "additionalProperties"]
    assert list(schema["properties"]) == ["model", "fields", "limit", "exact"]
    assert json.dumps(schema) == json.dumps(input_schema(Toolset.search))


def test_the_schemas_are_schemas():
    jsonschema.Draft202012Validator.check_schema(input_schema(Toolset.search))


def test_two_tools_never_share_a_schema():
    input_schema(Toolset.search)["properties"]["limit"]["minimum"] = 5
    assert input_schema(Toolset.search)["properties"]["limit"]["minimum"] == 1


def test_a_tool_without_arguments_takes_none():
    assert input_schema(Toolset.nothing) == {"type": "object", "additionalProperties": False}


def test_a_decorated_method_keeps_its_schema():
    @functools.wraps(Toolset.search)
    def wrapper(*args, **kwargs): ...

    assert input_schema(wrapper) == input_schema(Toolset.search)
    assert describe(wrapper) == describe(Toolset.search)


def test_names_to_skip_are_skipped():
    assert "model" not in input_schema(Toolset.search, skip=("self", "model"))["properties"]


def test_the_description_is_what_comes_before_the_first_field():
    assert describe(Toolset.search) == "Search the records of a model. Say which fields you need."
    assert describe(Toolset.returns_only) == "Give a hint."
    assert describe(Toolset.undocumented) == ""


def test_an_empty_description_does_not_swallow_the_next():
    def tool(a: int, b: int):
        """X.

        :param a:
        :param b: the second
        """

    properties = input_schema(tool)["properties"]
    assert properties == {"a": {"type": "integer"}, "b": {"type": "integer", "description": "the second"}}


def test_a_colon_in_a_description_is_no_field():
    def tool(a: int):
        """X.

        :param a: one of: this, that
            or: those

        More text: not of a.
        """

    assert input_schema(tool)["properties"]["a"]["description"] == "one of: this, that or: those"
