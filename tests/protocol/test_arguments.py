# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The arguments of tools: what is coerced, what is refused, and in which words."""

from __future__ import annotations

import json

import fastjsonschema
import jsonschema
import pytest

from protocol import ArgumentError, check
from protocol.coercion import coerce
from protocol.json_schema import fits, validator

SEARCH = {
    "type": "object",
    "properties": {
        "model": {"type": "string"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 25},
        "ids": {"type": "array", "items": {"type": "integer"}},
        "fields": {"type": "array", "items": {"type": "string"}},
        "values": {"type": "object"},
        "records": {"type": "array", "items": {"type": "object"}},
        "columns": {"type": "array", "items": {"type": ["string", "object"]}},
        "active": {"type": "boolean"},
        "factor": {"type": "number"},
        "domain": {"type": ["array", "string"]},
        "kind": {"type": "string", "enum": ["sum", "average", "count"]},
        "measures": {"type": "object", "additionalProperties": {"type": "integer"}},
        "anything": {},
        "maybe": {"type": ["integer", "null"]},
        "who": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]},
        "line": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "quantity": {"type": "integer"}},
            "required": ["name"],
            "additionalProperties": False,
        },
    },
    "required": ["model"],
    "additionalProperties": False,
}
SCHEMA_2020 = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "number": {"type": "integer"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "other": {"$ref": "#addressDef", "minProperties": 1},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
        "pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False},
    },
    "dependentRequired": {"name": ["phone"]},
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


def checked(**arguments):
    return check(SEARCH, {"model": "m", **arguments})


def refusal(schema=SEARCH, **arguments):
    with pytest.raises(ArgumentError) as caught:
        check(schema, arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "sent", "wanted"),
    [
        ("limit", "5", 5),
        ("limit", " 5 ", 5),
        ("limit", 5.0, 5),
        ("limit", "5.0", 5),
        ("factor", "1.5", 1.5),
        ("factor", "-2e3", -2000.0),
        ("factor", 3, 3),
        ("active", "true", True),
        ("active", "False", False),
        ("ids", "[1, 2]", [1, 2]),
        ("ids", "7", [7]),
        ("ids", 7, [7]),
        ("ids", "1, 2,3", [1, 2, 3]),
        ("ids", ["1", 2.0], [1, 2]),
        ("ids", '["1"]', [1]),
        ("ids", "(1, 2)", [1, 2]),
        ("fields", "name", ["name"]),
        ("fields", "['name', 'email']", ["name", "email"]),
        (
            "values",
            "{'name': 'x', 'active': True, 'lines': [(0, 0, {})]}",
            {"name": "x", "active": True, "lines": [[0, 0, {}]]},
        ),
        ("fields", '["name", "email"]', ["name", "email"]),
        ("fields", [1], ["1"]),
        ("values", '{"name": "x"}', {"name": "x"}),
        ("records", '[{"a": 1}]', [{"a": 1}]),
        ("records", {"a": 1}, [{"a": 1}]),
        ("records", '{"a": 1}', [{"a": 1}]),
        ("columns", '{"a": ["b"]}', [{"a": ["b"]}]),
        ("columns", {"a": True}, [{"a": True}]),
        ("columns", '["a", {"b": ["c"]}]', ["a", {"b": ["c"]}]),
        ("columns", "{a", ["{a"]),
        ("domain", "[]", "[]"),
        ("domain", [["a", "=", 1]], [["a", "=", 1]]),
        ("measures", {"a": "1"}, {"a": 1}),
        ("anything", "5", "5"),
        ("anything", None, None),
        ("maybe", None, None),
        ("maybe", "5", 5),
        ("who", "5", 5),
        ("who", ["5"], [5]),
        ("who", "[5]", [5]),
        ("model", 5, "5"),
        ("line", '{"name": 5, "quantity": "2"}', {"name": "5", "quantity": 2}),
        ("line", {"name": "a", "quantity": None}, {"name": "a"}),
    ],
)
def test_what_models_commonly_send_is_understood(name, sent, wanted):
    result = checked(**{name: sent})[name]
    assert result == wanted
    assert type(result) is type(wanted)


@pytest.mark.parametrize("name", ["limit", "ids", "values", "active", "kind", "who", "domain"])
def test_null_for_an_optional_argument_is_left_out(name):
    assert checked(**{name: None}) == {"model": "m"}


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("limit", "many"),
        ("limit", "5.5"),
        ("limit", True),
        ("limit", ""),
        ("limit", "9" * 30),
        ("limit", 0),
        ("limit", 201),
        ("active", "yes"),
        ("active", 1),
        ("factor", "NaN"),
        ("factor", "1e999"),
        ("ids", "a"),
        ("ids", [1, "a"]),
        ("ids", {"a": 1}),
        ("ids", "[1"),
        ("values", "[1]"),
        ("values", "{1}"),
        ("values", "{'a': 1e999}"),
        ("values", "{'a': open('x')}"),
        ("ids", "[" * 1_000),
        ("ids", "[" + "-" * 10_000 + "1]"),
        ("ids", "[1," + " " * 30_000 + "'2']x"),
        ("values", 5),
        ("kind", "median"),
        ("model", None),
        ("model", ["m"]),
        ("line", {"quantity": 1}),
        ("line", {"name": "a", "price": 1}),
        ("who", "nobody"),
        ("measures", {"a": "x"}),
    ],
)
def test_what_is_not_beyond_doubt_is_refused_by_name(name, sent):
    assert refusal(**{"model": "m", name: sent}).startswith(name)


def test_the_words_name_the_argument_what_it_should_be_and_an_example():
    assert refusal(model="m", limit="many") == (
        'limit: expected an integer from 1 to 200, got "many". Example: {"limit": 25}'
    )
    assert refusal(model="m", ids=[1, "a"]) == 'ids[1]: expected an integer, got "a". Example: {"ids": [1]}'
    assert refusal(model="m", kind="averge") == (
        'kind: expected one of "sum", "average", "count", got "averge", did you mean "average". '
        'Example: {"kind": "sum"}'
    )
    assert refusal(model="m", active="yes") == 'active: expected true or false, got "yes". Example: {"active": true}'
    assert refusal(model="m", who="x") == (
        'who: expected an integer or a list of integers, got "x". Example: {"who": 1}'
    )


def test_a_long_value_is_shown_in_part():
    text = refusal(model="m", limit="x" * 10_000)
    assert len(text) < 200


def test_all_missing_arguments_are_named_at_once():
    schema = {**SEARCH, "required": ["model", "ids", "kind"]}
    assert refusal(schema) == (
        "missing arguments: model (a string), ids (a list of integers), "
        'kind (one of "sum", "average", "count"). Example: {"model": "…", "ids": [1], "kind": "sum"}'
    )
    assert refusal(schema, model="m", ids=[1]).startswith("missing argument: kind")


def test_an_unknown_argument_is_refused_with_the_nearest_name():
    assert refusal(modle="m").startswith('unknown argument "modle", did you mean "model"? Arguments: model, limit')
    assert refusal(model="m", zzz=1).startswith('unknown argument "zzz". Arguments: model')
    assert refusal({"type": "object", "additionalProperties": False}, x=1) == (
        'unknown argument "x". There are no arguments'
    )


def test_an_unknown_member_is_refused_with_the_nearest_name():
    text = refusal(model="m", line={"name": "a", "quantty": 1})
    assert text.startswith('line: unknown member "quantty", did you mean "quantity"? Known: name, quantity')
    assert refusal(model="m", line={"quantity": 1}).startswith("line: missing name")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 3}, "expected an integer of at least 3"),
        ({"type": "number", "maximum": 3}, "expected a number of at most 3"),
        ({"type": "string", "format": "date"}, "expected a string of the form date"),
        ({"type": "string", "pattern": "^z"}, "expected a string that matches ^z"),
        ({"type": "string", "minLength": 3, "maxLength": 5}, "expected a string of 3 to 5 characters"),
        (
            {"type": "array", "items": {"type": "string"}, "maxItems": 0},
            "expected a list of strings of at most 0 entries",
        ),
        ({"type": "null"}, "expected null"),
        ({"const": "y"}, 'expected "y"'),
        ({"oneOf": [{"type": "integer"}, {"type": "boolean"}]}, "expected an integer or true or false"),
        ({"not": {}}, "expected another value"),
        (False, "expected another value"),
    ],
)
def test_the_words_for_each_kind_of_limit(schema, words):
    assert words in refusal({"type": "object", "properties": {"a": schema}}, a="x" if schema != {"const": "y"} else "n")


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        ({"type": "string", "examples": ["res.partner"]}, '"res.partner"'),
        ({"const": 5}, "5"),
        ({"anyOf": [{"type": "boolean"}, {"type": "string"}]}, "true"),
        ({"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}, '{"n": 1}'),
        ({"type": "null"}, "null"),
        ({"type": ["array", "string"]}, '["…"]'),
        (True, '"…"'),
    ],
)
def test_the_example_is_what_the_schema_offers(schema, shown):
    assert refusal({"type": "object", "properties": {"a": schema}, "required": ["a"]}).endswith(f'{{"a": {shown}}}')


def test_other_arguments_pass_where_the_schema_lets_them():
    assert check({"type": "object"}, {"x": "5"}) == {"x": "5"}
    schema = {"type": "object", "patternProperties": {"^x": {"type": "string"}}, "additionalProperties": False}
    assert check(schema, {"x1": "5"}) == {"x1": "5"}
    assert "y" in refusal(schema, y=1)


def test_the_arguments_that_came_in_are_not_changed():
    arguments = {"model": "m", "limit": "5", "ids": ["1"], "line": {"name": "a", "quantity": None}}
    before = json.dumps(arguments)
    check(SEARCH, arguments)
    assert json.dumps(arguments) == before


def test_defaults_are_not_filled_in():
    assert checked() == {"model": "m"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"email": "a@b"},
        {"phone": "1", "contactMethod": "phone"},
        {"name": "n", "phone": "1", "email": "e"},
        {"email": "e", "address": {"street": "s"}, "other": {"street": "s"}},
        {"email": "e", "pair": [1, "a"]},
    ],
)
def test_a_2020_12_schema_admits_what_it_should(arguments):
    jsonschema.validate(arguments, SCHEMA_2020)
    assert check(SCHEMA_2020, arguments) == arguments


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"phone": "1"},
        {"email": "e", "contactMethod": "phone"},
        {"email": "e", "name": "n"},
        {"email": "e", "address": {"street": ["s"]}},
        {"email": "e", "other": {}},
        {"email": "e", "other": {"number": "x"}},
        {"email": "e", "pair": ["a", "a"]},
        {"email": "e", "pair": [1, "a", 2]},
        {"email": "e", "unknown": 1},
    ],
)
def test_a_2020_12_schema_refuses_what_it_should(arguments):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(arguments, SCHEMA_2020)
    assert refusal(SCHEMA_2020, **arguments)


def test_values_behind_a_local_reference_are_coerced():
    arguments = {"email": "e", "address": '{"number": "5"}', "other": {"number": "6"}}
    assert check(SCHEMA_2020, arguments) == {"email": "e", "address": {"number": 5}, "other": {"number": 6}}


def test_a_schema_may_refer_to_itself():
    schema = {"type": "object", "properties": {"child": {"$ref": "#"}, "n": {"type": "integer"}}}
    assert check(schema, {"child": {"child": {"n": "1"}}}) == {"child": {"child": {"n": 1}}}
    assert "n" in refusal(schema, child={"n": "x"})


def test_a_reference_that_leads_nowhere_admits_anything():
    for reference in ("#/$defs/none", "#none", "#/properties/a/9", "other.json"):
        schema = {"type": "object", "properties": {"a": {"$ref": reference}}}
        assert coerce(schema, {"a": 1}, schema) == {"a": 1}
    loop = {"type": "object", "properties": {"a": {"$ref": "#/properties/a"}}}
    assert coerce(loop, {"a": 1}, loop) == {"a": 1}


@pytest.mark.parametrize(
    "reference", ["http://127.0.0.1:9/s.json", "https://example.com/s", "file:///etc/hostname", "ftp://x/y", "s.json"]
)
def test_a_remote_reference_is_never_fetched(monkeypatch, reference):
    def fetch(*args, **kwargs):
        raise AssertionError("fetched")

    monkeypatch.setattr("urllib.request.urlopen", fetch)
    monkeypatch.setattr("socket.socket.connect", fetch)
    schema = {
        "$id": "https://example.org/tool",
        "type": "object",
        "properties": {"a": {"$ref": reference}, "b": {"type": "integer"}},
    }
    assert check(schema, {"a": {"any": "thing"}, "b": "1"}) == {"a": {"any": "thing"}, "b": 1}
    assert refusal(schema, b="x")
    old = {"type": "object", "dependencies": {"a": {"$ref": reference}}}
    assert fits(old, {"a": 1})


def test_properties_may_be_called_like_keywords():
    names = ["id", "$id", "$ref", "type", "properties", "required", "items", "enum", "default", "$anchor"]
    schema = {"type": "object", "properties": {name: {"type": "integer"} for name in names}}
    assert check(schema, dict.fromkeys(names, "1")) == dict.fromkeys(names, 1)


def test_equal_schemas_are_compiled_once():
    first = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}
    second = {"properties": {"b": {"type": "string"}, "a": {"type": "integer"}}, "type": "object"}
    assert validator(first) is validator(second)


def test_the_validator_says_why():
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        validator({"type": "integer"})("x")


def test_a_const_has_the_type_of_its_value():
    for value in (None, True, 1, 1.5, "x", [], {}):
        schema = {"type": "object", "properties": {"a": {"const": value}}, "required": ["a"]}
        assert check(schema, {"a": value}) == {"a": value}
