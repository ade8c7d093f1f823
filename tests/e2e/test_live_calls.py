# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a call leaves behind: everything, or nothing but its row in the access log."""

from __future__ import annotations

import itertools

import pytest
from wire import LEGACY, MODERN, text_of

COUNTER = itertools.count(1)


def values_of(server, partner_id: int) -> tuple:
    query = "SELECT name, parent_id, ref, write_date FROM res_partner WHERE id = %s"
    return server.rows(query, partner_id)[0]


def messages_of(server, partner_id: int) -> int:
    query = "SELECT count(*) FROM mail_message WHERE model = 'res.partner' AND res_id = %s"
    return server.rows(query, partner_id)[0][0]


@pytest.fixture
def partner_id(server, plain) -> int:
    name = f"Untouched {next(COUNTER)}"
    plain.text("create_records", {"model": "res.partner", "values": [{"name": name}]})
    return server.rows("SELECT id FROM res_partner WHERE name = %s", name)[0][0]


@pytest.mark.parametrize("version", [MODERN, *LEGACY])
@pytest.mark.parametrize("person", ["plain", "admin"])
def test_bug_1_a_contact_made_its_own_parent_keeps_its_name_and_parent(server, partner_id, person, version):
    before, messages = values_of(server, partner_id), messages_of(server, partner_id)
    arguments = {"model": "res.partner", "ids": [partner_id], "values": {"name": "Loop", "parent_id": partner_id}}
    result = server.wire(person).tool("update_records", arguments, version=version)
    assert result["isError"] is True
    assert "recursive" in text_of(result)
    assert values_of(server, partner_id) == before
    assert messages_of(server, partner_id) == messages


def test_bug_2_a_failure_in_the_third_record_leaves_none_of_the_three(server, plain):
    names = [f"Batch {next(COUNTER)}" for _ in range(3)]
    plain.text("create_records", {"model": "res.partner", "values": [{"name": name} for name in names]})
    query = "SELECT id FROM res_partner WHERE name = ANY(%s) ORDER BY id"
    ids = [row[0] for row in server.rows(query, names)]
    before = [values_of(server, partner_id) for partner_id in ids]
    values = [{"name": "Changed"}, {"name": "Changed"}, {"name": "Changed", "parent_id": ids[2]}]
    assert "recursive" in plain.refusal("update_records", {"model": "res.partner", "ids": ids, "values": values})
    assert [values_of(server, partner_id) for partner_id in ids] == before


def test_a_failure_while_streaming_leaves_nothing_either(server, plain, partner_id):
    before = values_of(server, partner_id)
    arguments = {"model": "res.partner", "ids": [partner_id], "values": {"name": "Loop", "parent_id": partner_id}}
    with plain.stream("update_records", arguments) as stream:
        answer = list(stream.events())[-1]
    assert answer["result"]["isError"] is True
    assert values_of(server, partner_id) == before


def test_a_success_is_there_when_it_is_answered(server, plain, partner_id):
    plain.text("update_records", {"model": "res.partner", "ids": [partner_id], "values": {"ref": "kept"}})
    assert values_of(server, partner_id)[2] == "kept"


class TestAccessLog:
    def test_the_row_of_a_refused_call_stays(self, server, plain):
        arguments = {"model": "res.partner", "ids": [99999999]}
        answer = plain.rpc("tools/call", {"name": "read_records", "arguments": arguments})
        assert answer.json()["result"]["isError"] is True
        (row,) = server.logged(answer.headers["X-Request-Id"])
        assert (row["outcome"], row["tool"], row["model"]) == ("tool_error", "read_records", "res.partner")
        assert row["login"] == "live_plain"

    def test_the_row_of_a_rolled_back_write_stays(self, server, plain, partner_id):
        arguments = {"model": "res.partner", "ids": [partner_id], "values": {"parent_id": partner_id}}
        answer = plain.rpc("tools/call", {"name": "update_records", "arguments": arguments})
        (row,) = server.logged(answer.headers["X-Request-Id"])
        assert (row["outcome"], row["record_ids"]) == ("tool_error", str(partner_id))

    @pytest.mark.parametrize("version", [MODERN, "2025-11-25"])
    def test_a_call_that_broke_leaves_its_row_its_reference_and_a_traceback_in_the_log(self, server, plain, version):
        start, name = server.log_end(), f"Broken {next(COUNTER)}"
        answer = plain.rpc("tools/call", {"name": "test_break", "arguments": {"name": name}}, version=version)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (200, -32603)
        request_id = answer.headers["X-Request-Id"]
        assert request_id in error["message"]
        (row,) = server.logged(request_id)
        assert (row["outcome"], row["error_class"], row["error_code"]) == ("error", "ZeroDivisionError", -32603)
        assert (row["tool"], row["login"]) == ("test_break", "live_plain")
        log = server.log_since(start)
        assert request_id in log
        assert "a secret of the server" in log
        assert server.partners(name) == 0

    def test_bug_35_nothing_of_the_traceback_is_in_the_answer(self, plain):
        answer = plain.rpc("tools/call", {"name": "test_break", "arguments": {"name": "Broken"}})
        for word in ("secret", "Traceback", "ZeroDivisionError", ".py", "conformance_live"):
            assert word not in answer.text

    def test_a_row_is_written_for_every_request_with_a_token_and_for_none_without(self, server, plain):
        answer = plain.rpc("tools/list")
        (row,) = server.logged(answer.headers["X-Request-Id"])
        assert (row["method"], row["outcome"]) == ("tools/list", "ok")
        refused = server.wire(None).rpc("tools/list")
        query = "SELECT count(*) FROM mcp_native_access_log WHERE request_id = %s"
        assert server.rows(query, refused.headers["X-Request-Id"]) == [(0,)]
