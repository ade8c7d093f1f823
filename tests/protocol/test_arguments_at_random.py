# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Coercion and validation for schemas and values that nobody thought of."""

from __future__ import annotations

import json

import jsonschema
from hypothesis import assume, given
from hypothesis import strategies as st

from protocol import ArgumentError, check
from protocol.coercion import coerce
from protocol.json_schema import fits, validator

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.floats(allow_nan=False, allow_infinity=False, width=16)
    | st.sampled_from(["5", "1.5", "true", "[1]", '["a"]', '{"a": 1}', "1,2", "x", "", "null", " 7 ", "[[1]]", '"5"'])
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
LEAVES = st.sampled_from(
    [
        {},
        {"type": "integer"},
        {"type": "integer", "minimum": 2, "maximum": 9},
        {"type": "number"},
        {"type": "string"},
        {"type": "string", "minLength": 2},
        {"type": "boolean"},
        {"type": "null"},
        {"type": ["integer", "null"]},
        {"type": ["array", "string"]},
        {"enum": ["5", 5]},
        {"const": "5"},
        {"type": "array"},
        {"type": "object"},
    ]
)


def _compound(inner):
    properties = st.dictionaries(st.sampled_from("abc"), inner, max_size=2)
    return st.one_of(
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(lambda items, size: {"type": "array", "items": items, "minItems": size}, inner, st.integers(0, 2)),
        st.builds(lambda branches: {"anyOf": branches}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda branches: {"oneOf": branches}, st.lists(inner, min_size=1, max_size=2)),
        st.builds(
            lambda members, others, count: {
                "type": "object",
                "properties": members,
                "additionalProperties": others,
                "required": list(members)[:count],
            },
            properties,
            st.booleans() | inner,
            st.integers(0, 2),
        ),
        st.builds(
            lambda pattern, others: {
                "type": "object",
                "patternProperties": {"^a": pattern},
                "additionalProperties": others,
            },
            inner,
            inner,
        ),
    )


SCHEMAS = st.recursive(LEAVES, _compound, max_leaves=5)


@given(SCHEMAS, VALUES)
def test_coercing_twice_is_coercing_once(schema, value):
    once = coerce(schema, value, schema)
    twice = coerce(schema, once, schema)
    assert (twice, json.dumps(twice)) == (once, json.dumps(once))


@given(SCHEMAS, VALUES)
def test_a_valid_value_is_never_changed(schema, value):
    assume(fits(schema, value))
    assert coerce(schema, value, schema) == value


@given(SCHEMAS, VALUES)
def test_our_validator_agrees_with_the_reference_validator(schema, value):
    """On what can be compared: the compiler takes equal numbers of another type for equal, as Python does."""
    assume("const" not in json.dumps(schema) and "enum" not in json.dumps(schema))
    assert fits(schema, value) == jsonschema.Draft202012Validator(schema).is_valid(value)


@given(SCHEMAS, VALUES)
def test_arguments_are_either_valid_or_refused_in_words(schema, value):
    schema = {"type": "object", "properties": {"a": schema}, "required": ["a"], "additionalProperties": False}
    try:
        arguments = check(schema, {"a": value})
    except ArgumentError as error:
        assert "a" in str(error) and "\n" not in str(error)
    else:
        validator(schema)(arguments)
        assert check(schema, arguments) == arguments
