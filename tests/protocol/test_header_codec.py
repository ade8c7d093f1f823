# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Header values that stand for text, and headers that repeat arguments."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_wire import LEAVE_OUT, modern_headers, modern_meta, request

from protocol import HeaderMismatch
from protocol.headers import Headers, decode, marked

PLAIN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E))


def encoded(text):
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="


def as_a_client_sends_it(text):
    plain = text.isascii() and text.isprintable() and text == text.strip() and not text.startswith("=?base64?")
    return text if plain else encoded(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("us-west1", "us-west1"),
        ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
        (" padded ", "=?base64?IHBhZGRlZCA=?="),
        ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
        ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="),
        ("", ""),
        ("", "=?base64??="),
        ("=?base64?SGk=", "=?base64?SGk="),
        ("SGk=?=", "SGk=?="),
        ("=?BASE64?SGk=?=", "=?BASE64?SGk=?="),
        ("=?base64?=", "=?base64?="),
    ],
)
def test_the_examples_of_the_specification(text, value):
    assert decode(value) == text


@given(st.text())
def test_every_text_survives_the_way_through_a_header(text):
    assert decode(as_a_client_sends_it(text)) == text


@given(PLAIN)
def test_a_plain_value_is_itself_or_was_meant_to_be_encoded(text):
    if not (text.startswith("=?base64?") and text.endswith("?=")):
        assert decode(text) == text


@pytest.mark.parametrize(
    "payload", ["SGk", "SGk==", "SG k=", "SGk=\n", "!!!!", "_-8=", "=", "gA==", "7aCA", "SGk=SGk="]
)
def test_what_is_not_base64_of_utf8_is_refused(payload):
    with pytest.raises(HeaderMismatch):
        decode(f"=?base64?{payload}?=")


@pytest.mark.parametrize("value", ["é", "a\nb", "a\x00", "\x7f", "\u2028"])
def test_characters_that_no_header_has_are_refused(value):
    with pytest.raises(HeaderMismatch):
        decode(value)


@given(st.text())
def test_any_value_is_a_text_or_a_mismatch(value):
    with contextlib.suppress(HeaderMismatch):
        assert isinstance(decode(value), str)


def test_a_name_may_be_encoded(wire, service):
    service.tool_größe = service.tool_region
    params = {"name": "größe", "_meta": modern_meta()}
    headers = [
        ("Mcp-Name", encoded("größe")) if n == "Mcp-Name" else (n, v) for n, v in modern_headers("tools/call", params)
    ]
    assert wire.send(request("tools/call", params), headers).text == "served"


def call(wire, arguments, **headers):
    return wire.modern("tools/call", {"name": "region", "arguments": arguments}, **headers)


@pytest.mark.parametrize(
    ("arguments", "headers"),
    [
        ({}, {}),
        ({"region": None}, {}),
        ({"region": "eu"}, {"Mcp_Param_Region": "eu"}),
        ({"region": "eu"}, {"mcp_param_REGION": " eu "}),
        ({"region": "eu"}, {"Mcp_Param_Region": encoded("eu")}),
        ({"region": "世界"}, {"Mcp_Param_Region": encoded("世界")}),
        ({"region": "=?base64?x"}, {"Mcp_Param_Region": "=?base64?x"}),
        ({"region": ""}, {"Mcp_Param_Region": ""}),
        ({"count": 5}, {"Mcp_Param_Count": "5"}),
        ({"count": 5}, {"Mcp_Param_Count": "+05"}),
        ({"count": 5.0}, {"Mcp_Param_Count": "5"}),
        ({"count": -5}, {"Mcp_Param_Count": "-5"}),
        ({"dry": True}, {"Mcp_Param_Dry": "true"}),
        ({"dry": False}, {"Mcp_Param_Dry": "false"}),
        ({"place": {"city": "Ulm"}}, {"Mcp_Param_City": "Ulm"}),
        ({"place": {}}, {}),
        ({"place": "Ulm"}, {}),
        ({"price": 1.5}, {}),
        ({"region": ["a"]}, {}),
    ],
)
def test_a_header_that_repeats_its_argument_passes(wire, arguments, headers):
    assert call(wire, arguments, **headers).text == "served"


@pytest.mark.parametrize(
    ("arguments", "headers"),
    [
        ({"region": "eu"}, {}),
        ({"region": "eu"}, {"Mcp_Param_Region": "us"}),
        ({"region": "eu"}, {"Mcp_Param_Region": "EU"}),
        ({"region": "eu"}, {"Mcp_Param_Region": "=?base64?ZXU?="}),
        ({"region": "eu"}, {"Mcp_Param_Region": "=?base64?Z!U=?="}),
        ({"region": "é"}, {"Mcp_Param_Region": "é"}),
        ({"count": 5}, {"Mcp_Param_Count": "6"}),
        ({"count": 5}, {"Mcp_Param_Count": "five"}),
        ({"count": 5}, {"Mcp_Param_Count": "5.0"}),
        ({"count": 1}, {"Mcp_Param_Count": "true"}),
        ({"dry": True}, {"Mcp_Param_Dry": "True"}),
        ({"dry": True}, {"Mcp_Param_Dry": "1"}),
        ({"place": {"city": "Ulm"}}, {}),
    ],
)
def test_a_header_that_is_missing_or_different_is_32020(wire, service, arguments, headers):
    answer = call(wire, arguments, **headers)
    assert (answer.status, answer.error["code"]) == (400, -32020)
    assert service.calls == []


def test_legacy_clients_send_no_such_headers(wire):
    assert wire.legacy("tools/call", {"name": "region", "arguments": {"region": "eu"}}).text == "served"


def test_marks_count_only_on_primitive_properties_reached_through_properties():
    mark = {"type": "string", "x-mcp-header": "X"}
    schema = {
        "properties": {
            "a": mark,
            "b": {"properties": {"c": {**mark, "x-mcp-header": "Y"}}},
            "d": {"type": "array", "items": mark},
            "e": {"anyOf": [mark]},
            "f": {"type": "number", "x-mcp-header": "F"},
            "g": True,
        },
        "$defs": {"h": mark},
    }
    assert list(marked(schema)) == [(("a",), "X"), (("b", "c"), "Y")]


def test_a_repeated_header_reads_as_a_list():
    headers = Headers([("Accept", "a"), ("ACCEPT", " b ")])
    assert headers.get("accept") == "a, b"
    assert list(headers.repeated()) == ["accept"]
    assert headers.get("none") is None


def test_a_name_header_is_needed_even_if_empty(wire):
    assert wire.modern("tools/call", {"name": "echo"}, Mcp_Name=LEAVE_OUT).error["code"] == -32020
