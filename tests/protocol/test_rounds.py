# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Multi round-trip requests: questions, answers, and the signed state between them."""

from __future__ import annotations

import pytest
from fake_service import ASK_NAME
from hypothesis import given
from hypothesis import strategies as st
from mcp_types.methods import validate_server_result
from mcp_wire import Wire

from protocol import MODERN, InputRequired, InvalidParams, elicit, sample
from protocol.state import params_digest, sign, verify

ALL = {"elicitation": {}, "sampling": {}, "roots": {}}
NAME = {"action": "accept", "content": {"name": "Ada"}}
GREETING = {"role": "assistant", "content": {"type": "text", "text": "Hi"}, "model": "m"}
ROOTS = {"roots": [{"uri": "file:///home"}]}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def call(wire, tool, answers=None, state=None, *, capabilities=None, **arguments):
    params = {"name": tool, "arguments": arguments}
    if answers is not None:
        params["inputResponses"] = answers
    if state is not None:
        params["requestState"] = state
    return wire.modern("tools/call", params, capabilities=ALL if capabilities is None else capabilities)


def test_a_question_comes_with_a_state_and_fits_the_schema(wire):
    result = call(wire, "ask_name").result
    assert result["resultType"] == "input_required"
    assert result["inputRequests"] == {"user": ASK_NAME}
    assert isinstance(result["requestState"], str)
    assert "ttlMs" not in result
    validate_server_result("tools/call", MODERN, result)


def test_the_answer_completes_the_call(wire):
    state = call(wire, "ask_name").result["requestState"]
    answer = call(wire, "ask_name", {"user": NAME}, state)
    assert (answer.text, answer.result["resultType"]) == ("Hello, Ada!", "complete")


def test_a_user_may_decline(wire):
    state = call(wire, "ask_name").result["requestState"]
    for action in ("decline", "cancel"):
        assert call(wire, "ask_name", {"user": {"action": action}}, state).text == "Bye."


def test_an_answer_without_the_state_counts_once_the_question_is_known(wire):
    assert call(wire, "ask_name", {"user": NAME}).text == "Hello, Ada!"


def test_an_answer_to_a_tool_that_asks_nothing_is_ignored(wire):
    assert call(wire, "echo", {"user": NAME}).text == "{}"


def test_all_questions_of_a_round_may_be_answered_at_once_or_asked_again(wire):
    state = call(wire, "ask_all").result["requestState"]
    answers = {"user": NAME, "greeting": GREETING, "roots": ROOTS}
    assert call(wire, "ask_all", answers, state).text == "all there"
    for missing in answers:
        some = {key: value for key, value in answers.items() if key != missing}
        again = call(wire, "ask_all", some, state).result
        assert set(again["inputRequests"]) == set(answers)


def test_keys_that_nobody_asked_for_are_ignored(wire):
    state = call(wire, "ask_name").result["requestState"]
    assert call(wire, "ask_name", {"user": NAME, "more": {"action": "accept"}, "x": 5}, state).text == "Hello, Ada!"
    assert call(wire, "ask_name", {"other": NAME}, state).result["resultType"] == "input_required"


MALFORMED = [
    ("user", None),
    ("user", 12345),
    ("user", "Ada"),
    ("user", []),
    ("user", {}),
    ("user", {"action": "yes", "content": {"name": "Ada"}}),
    ("user", {"action": "accept"}),
    ("user", {"action": "accept", "content": "Ada"}),
    ("user", {"action": "accept", "content": {}}),
    ("user", {"action": "accept", "content": {"name": 5}}),
    ("greeting", {"role": "assistant", "content": "Hi", "model": "m"}),
    ("greeting", {"role": "assistant", "content": {"type": "text", "text": "Hi"}}),
    ("greeting", {"role": "robot", "content": {"type": "text", "text": "Hi"}, "model": "m"}),
    ("greeting", NAME),
    ("roots", {"roots": {}}),
    ("roots", {"roots": [{}]}),
    ("roots", {"roots": ["file:///home"]}),
    ("roots", NAME),
]


@pytest.mark.parametrize("with_state", [True, False])
@pytest.mark.parametrize(("key", "value"), MALFORMED)
def test_a_malformed_answer_is_asked_for_again(wire, key, value, with_state):
    state = call(wire, "ask_all").result["requestState"] if with_state else None
    answers = {"user": NAME, "greeting": GREETING, "roots": ROOTS, key: value}
    answer = call(wire, "ask_all", answers, state)
    assert answer.result["resultType"] == "input_required"


def test_null_for_all_answers_asks_again(wire):
    params = {"name": "ask_name", "inputResponses": None}
    assert wire.modern("tools/call", params, capabilities=ALL).result["resultType"] == "input_required"


@pytest.mark.parametrize("answers", [5, "x", [], True])
def test_answers_that_are_no_object_are_32602(wire, answers):
    assert call(wire, "ask_name", answers).error["code"] == -32602


def test_a_question_by_link_is_answered_by_an_action_alone(wire):
    capabilities = {"elicitation": {"url": {}}}
    result = call(wire, "ask_link", capabilities=capabilities).result
    answers = {"login": {"action": "accept"}}
    assert call(wire, "ask_link", answers, result["requestState"], capabilities=capabilities).text == "in"


def test_the_state_of_a_tool_comes_back_in_the_next_round(wire):
    first = call(wire, "two_rounds").result
    second = call(wire, "two_rounds", {"user": NAME}, first["requestState"]).result
    assert set(second["inputRequests"]) == {"color"}
    assert second["requestState"] != first["requestState"]
    color = {"color": {"action": "accept", "content": {"color": "blue"}}}
    assert call(wire, "two_rounds", color, second["requestState"]).text == "Ada: blue"


@pytest.mark.parametrize(
    ("tool", "declared", "required"),
    [
        ("ask_name", {}, {"elicitation": {}}),
        ("ask_name", {"elicitation": {"url": {}}}, {"elicitation": {}}),
        ("ask_name", {"elicitation": True}, {"elicitation": {}}),
        ("ask_link", {"elicitation": {}}, {"elicitation": {"url": {}}}),
        ("ask_all", {}, {"elicitation": {}, "sampling": {}, "roots": {}}),
        ("ask_all", {"sampling": {}}, {"elicitation": {}, "roots": {}}),
    ],
)
def test_a_question_that_the_client_cannot_ask_is_32021_with_what_is_missing(wire, tool, declared, required):
    answer = call(wire, tool, capabilities=declared)
    assert (answer.status, answer.error["code"]) == (400, -32021)
    assert answer.error["data"] == {"requiredCapabilities": required}


@pytest.mark.parametrize("declared", [{"elicitation": {}}, {"elicitation": {"form": {}}}])
def test_an_empty_elicitation_capability_means_forms(wire, declared):
    assert call(wire, "ask_name", capabilities=declared).status == 200


def test_what_is_no_question_is_a_fault_of_the_tool(wire):
    with pytest.raises(ValueError, match="tools/call"):
        call(wire, "ask_nonsense")


def test_prompts_and_resources_may_ask_too(wire):
    result = wire.modern("prompts/get", {"name": "ask"}, capabilities=ALL).result
    validate_server_result("prompts/get", MODERN, result)
    params = {"name": "ask", "inputResponses": {"user": NAME}, "requestState": result["requestState"]}
    assert wire.modern("prompts/get", params, capabilities=ALL).result["resultType"] == "complete"
    result = wire.modern("resources/read", {"uri": "odoo://ask"}, capabilities=ALL).result
    assert result["resultType"] == "input_required"
    assert not {"ttlMs", "cacheScope"} & set(result)


def test_a_round_may_carry_a_state_and_no_question(wire, service):
    def later(call, arguments):
        return service.tool_fail(call, arguments) if call.state == "seen" else InputRequired({}, state="seen")

    service.tool_later = later
    result = call(wire, "later").result
    validate_server_result("tools/call", MODERN, result)
    assert "inputRequests" not in result
    assert call(wire, "later", state=result["requestState"]).result["isError"] is True


def test_sampling_may_have_a_system_prompt_and_tools_need_their_own_capability(wire, service):
    question = sample("Greet", 50, system="Be brief.")
    assert question["params"]["systemPrompt"] == "Be brief."
    question["params"]["tools"] = [{"name": "t", "inputSchema": {"type": "object"}}]
    service.tool_greet = lambda call, arguments: InputRequired({"greeting": question})
    error = call(wire, "greet").error
    assert error["data"] == {"requiredCapabilities": {"sampling": {"tools": {}}}}
    assert call(wire, "greet", capabilities={"sampling": {"tools": {}}}).status == 200


def test_all_fields_of_a_form_are_required_unless_said():
    fields = {"a": {"type": "string"}, "b": {"type": "string"}}
    assert elicit("?", fields)["params"]["requestedSchema"]["required"] == ["a", "b"]
    assert elicit("?", fields, required=["a"])["params"]["requestedSchema"]["required"] == ["a"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s: s + "-TAMPERED",
        lambda s: s[:-1],
        lambda s: "A" + s,
        lambda s: s.replace(".", ""),
        lambda s: "",
        lambda s: ".",
        lambda s: "é" + s,
        lambda s: "\ud800" + s,
    ],
)
def test_a_forged_state_is_32602_and_never_asks_again(wire, spoil):
    state = call(wire, "ask_name").result["requestState"]
    assert call(wire, "ask_name", {"user": NAME}, spoil(state)).error["code"] == -32602


def test_a_state_belongs_to_the_principal_the_key_the_method_and_the_params(wire, service):
    state = call(wire, "ask_name").result["requestState"]
    other_key = Wire(service, key=b"x" * 32)
    assert call(other_key, "ask_name", {"user": NAME}, state).error["code"] == -32602
    assert call(wire, "ask_all", {"user": NAME}, state).error["code"] == -32602
    assert call(wire, "ask_name", {"user": NAME}, state, other="argument").error["code"] == -32602
    service.context = "db:8"
    assert call(wire, "ask_name", {"user": NAME}, state).error["code"] == -32602


@pytest.mark.parametrize("state", [5, {}, True])
def test_a_state_that_is_no_text_is_32602(wire, state):
    assert call(wire, "ask_name", {}, state).error["code"] == -32602


@given(JSON, st.text(), st.text(), st.text())
def test_a_signed_payload_comes_back_equal(payload, context, method, digest):
    assert verify(b"key", sign(b"key", payload, context, method, digest), context, method, digest) == payload


@given(st.data())
def test_any_change_to_a_signed_state_is_refused(data):
    state = sign(b"key", {"name": "Ada", "ids": [1, 2]}, "db:7", "tools/call", "digest")
    place = data.draw(st.integers(0, len(state) - 1))
    other = data.draw(st.characters().filter(lambda c: c != state[place]))
    for changed in (state[:place] + other + state[place + 1 :], state[:place], state[:place] + other + state[place:]):
        with pytest.raises(InvalidParams):
            verify(b"key", changed, "db:7", "tools/call", "digest")


@given(st.lists(st.text(), min_size=3, max_size=3), st.lists(st.text(), min_size=3, max_size=3))
def test_a_state_fits_one_context_method_and_digest_only(signed, presented):
    state = sign(b"key", 1, *signed)
    if signed == presented:
        assert verify(b"key", state, *presented) == 1
    else:
        with pytest.raises(InvalidParams):
            verify(b"key", state, *presented)


def test_the_parts_a_state_is_bound_to_do_not_run_into_each_other():
    state = sign(b"key", 1, "db:1", "2tools/call", "digest")
    with pytest.raises(InvalidParams):
        verify(b"key", state, "db:12", "tools/call", "digest")


@given(st.text())
def test_no_invented_text_is_a_state(text):
    with pytest.raises(InvalidParams):
        verify(b"key", text, "db:7", "tools/call", "digest")


def test_a_state_expires():
    assert verify(b"key", sign(b"key", 1, "c", "m", "d", ttl=60), "c", "m", "d") == 1
    with pytest.raises(InvalidParams):
        verify(b"key", sign(b"key", 1, "c", "m", "d", ttl=-1), "c", "m", "d")


def test_the_digest_of_params_leaves_out_what_changes_between_rounds():
    first = {"name": "t", "arguments": {"a": 1, "b": 2}, "_meta": {"progressToken": 1}}
    second = {"arguments": {"b": 2, "a": 1}, "name": "t", "inputResponses": {}, "requestState": "s", "_meta": {}}
    assert params_digest(first) == params_digest(second)
    assert params_digest(first) != params_digest({**first, "arguments": {"a": 1}})
