# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two workers and a profile that asks first: what is agreed to once is done once, however often it is sent."""

from __future__ import annotations

import itertools
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from wire import text_of

COUNTER = itertools.count(1)
ELICITS = {"io.modelcontextprotocol/clientCapabilities": {"elicitation": {}}}
YES = {"confirm": {"action": "accept", "content": {"yes": True}}}
NO = {"confirm": {"action": "decline"}}


@pytest.fixture(scope="module")
def careful(server):
    """A client whose connection has the profile *Assistant*: changes are confirmed, deletions approved."""
    web = server.web("admin")
    query = "SELECT id FROM res_users_apikeys WHERE user_id = %s AND name = 'spare'"
    ((key_id,),) = server.rows(query, server.people["plain"].id)
    (profile,) = web.execute("mcp_native.profile", "search", [["name", "=", "Assistant"]])
    values = {"kind": "api_key", "credential_id": key_id, "profile_id": profile}
    (row,) = web.execute("mcp_native.profile.credential", "create", [values])
    yield server.wire("plain", kind="spare_key")
    web.execute("mcp_native.profile.credential", "unlink", [row])


@pytest.fixture
def name():
    return f"Consent {next(COUNTER)}"


def together(*calls):
    """Make calls at once, and return their results in order."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(lambda call: call(), calls))


def creation(name, **more):
    return {"model": "res.partner", "values": [{"name": name}], **more}


def confirmation_of(text):
    return re.search(r'confirmation="(mcpf_[\w-]+)"', text)[1]


def elicited(wire, arguments, answers=None, state=None):
    """Return the result of a call by a client that can show forms."""
    params = {"name": "create_records", "arguments": arguments, "_meta": ELICITS}
    if state is not None:
        params.update(inputResponses=answers, requestState=state)
    return wire.result("tools/call", params)


def test_a_preview_leaves_nothing_in_the_database(server, careful, name):
    text = careful.text("create_records", creation(name, dry_run=True))
    assert name in text
    assert "nothing was changed" in text
    assert server.partners(name) == 0


def test_one_confirmation_at_both_workers_at_once_makes_one_record_and_both_get_its_answer(server, careful, name):
    token = confirmation_of(careful.text("create_records", creation(name)))
    assert server.partners(name) == 0
    confirmed = creation(name, confirmation=token)
    texts = together(*[lambda: careful.text("create_records", confirmed)] * 4)
    assert server.partners(name) == 1
    assert len(set(texts)) == 1, texts


def test_one_confirmation_with_several_keys_at_once_makes_one_record(server, careful, name):
    token = confirmation_of(careful.text("create_records", creation(name)))
    confirmed = [creation(name, confirmation=token, idempotency_key=f"{name} {number}") for number in range(4)]
    results = together(*[lambda one=one: careful.tool("create_records", one) for one in confirmed])
    assert server.partners(name) == 1
    done = [result for result in results if not result.get("isError")]
    assert len(done) == 1
    assert all("done already" in text_of(result) for result in results if result.get("isError"))


def test_one_idempotency_key_at_both_workers_at_once_makes_one_record(server, plain, name):
    arguments = creation(name, idempotency_key=name)
    texts = together(*[lambda: plain.text("create_records", arguments)] * 4)
    assert server.partners(name) == 1
    assert len(set(texts)) == 1, texts


def test_a_slow_call_with_a_key_is_waited_for(server, plain, name):
    plain.text("create_records", creation(f"{name} target"))
    ((partner_id,),) = server.rows("SELECT id FROM res_partner WHERE name = %s", f"{name} target")
    arguments = {"partner_id": partner_id, "name": name, "pause": 1.0, "idempotency_key": name}
    texts = together(*[lambda: plain.text("test_slow_increment", arguments)] * 2)
    assert server.partners(name) == 1
    assert len(set(texts)) == 1, texts


def test_a_record_that_somebody_else_changes_meanwhile_is_not_overwritten(server, careful, plain, name):
    plain.text("create_records", creation(name))
    ((partner_id,),) = server.rows("SELECT id FROM res_partner WHERE name = %s", name)
    change = {"model": "res.partner", "ids": [partner_id], "values": {"phone": "+32 2"}}
    token = confirmation_of(careful.text("update_records", change))
    plain.text("update_records", {**change, "values": {"phone": "+32 7"}})
    text = careful.text("update_records", {**change, "confirmation": token})
    assert f"Somebody changed res.partner #{partner_id}" in text
    assert server.rows("SELECT phone FROM res_partner WHERE id = %s", partner_id) == [("+32 7",)]
    careful.text("update_records", {**change, "confirmation": confirmation_of(text)})
    assert server.rows("SELECT phone FROM res_partner WHERE id = %s", partner_id) == [("+32 2",)]


def test_a_person_is_asked_in_a_form_and_their_yes_counts_once(server, careful, name):
    asked = elicited(careful, creation(name))
    assert asked["resultType"] == "input_required"
    assert name in asked["inputRequests"]["confirm"]["params"]["message"]
    results = together(*[lambda: elicited(careful, creation(name), YES, asked["requestState"])] * 3)
    assert server.partners(name) == 1
    assert len({text_of(result) for result in results}) == 1


def test_a_no_in_the_form_changes_nothing_for_good(server, careful, name):
    asked = elicited(careful, creation(name))
    assert "said no" in text_of(elicited(careful, creation(name), NO, asked["requestState"]))
    again = elicited(careful, creation(name), YES, asked["requestState"])
    assert again["resultType"] == "input_required"
    assert server.partners(name) == 0


def test_a_tool_of_another_addon_that_says_nothing_is_held_to_the_profile_too(server, careful, name):
    arguments = {"name": name, "steps": 2, "pause": 0}
    text = careful.text("test_steps", arguments)
    assert "Not done yet" in text
    assert server.partners(name) == 0
    careful.text("test_steps", {**arguments, "confirmation": confirmation_of(text)})
    assert server.partners(name) == 2


def test_consent_works_in_a_stream_too(server, careful, name):
    token = confirmation_of(careful.text("create_records", creation(name)))
    with careful.stream("create_records", creation(name, confirmation=token)) as stream:
        last = list(stream.events())[-1]
    assert "Created 1" in text_of(last["result"])
    assert server.partners(name) == 1


def test_calls_of_one_batch_that_need_the_same_record_end_in_words(server, plain, careful, name):
    """A preview waits only shortly for what an earlier call of the same request has locked."""
    plain.text("create_records", creation(name))
    ((partner_id,),) = server.rows("SELECT id FROM res_partner WHERE name = %s", name)
    change = {"model": "res.partner", "ids": [partner_id], "values": {"phone": "+32 2"}}
    calls = [change, {**change, "values": {"phone": "+32 3"}, "dry_run": True}]
    batch = [
        {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": "update_records", "arguments": one}}
        for number, one in enumerate(calls)
    ]
    answers = plain.send(batch, headers={"MCP-Protocol-Version": "2025-03-26"}).json()
    assert "Updated" in text_of(answers[0]["result"])
    assert "at the moment" in text_of(answers[1]["result"])
    assert server.rows("SELECT phone FROM res_partner WHERE id = %s", partner_id) == [("+32 2",)]
