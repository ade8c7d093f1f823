# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An assistant asks over the wire, a person decides in Odoo, the assistant sees what came of it: on two workers."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from live import Live
from wire import Refused, Web


def ask(server: Live, name: str, reason: str = "A new customer") -> int:
    """Let the assistant ask for a new contact, and return the number of the approval."""
    text = server.wire("plain").text(
        "create_records", {"model": "res.partner", "values": [{"name": name}], "reason": reason}
    )
    return int(re.search(r"approval #(\d+)", text)[1])


def test_what_was_asked_for_is_done_once_a_person_approved_it(server, approving):
    name = f"approved {uuid.uuid4().hex}"
    number = ask(server, name)
    wire = server.wire("plain")
    assert "waits for a person" in wire.text("get_approval", {"id": number})
    assert server.partners(name) == 0
    approving.execute("mcp_native.approval", "action_approve", [number])
    assert server.partners(name) == 1
    assert "approved and done" in wire.text("get_approval", {"id": number})
    made = server.rows("SELECT create_uid FROM res_partner WHERE name = %s", name)
    assert made == [(server.people["plain"].id,)]
    request_id = server.rows("SELECT run_request_id FROM mcp_native_approval WHERE id = %s", number)[0][0]
    logged = server.logged(request_id)
    assert [(row["tool"], row["outcome"], row["login"]) for row in logged] == [("create_records", "ok", "live_plain")]


def test_a_deletion_is_done_once_a_person_approved_it(server, approving):
    name = f"deleted {uuid.uuid4().hex}"
    contact = approving.execute("res.partner", "create", {"name": name})
    arguments = {"model": "res.partner", "ids": [contact], "reason": "A duplicate"}
    number = int(re.search(r"approval #(\d+)", server.wire("plain").text("delete_records", arguments))[1])
    assert server.partners(name) == 1
    approving.execute("mcp_native.approval", "action_approve", [number])
    assert server.partners(name) == 0


def test_what_was_refused_is_not_done_and_the_assistant_learns_why(server, approving):
    name = f"refused {uuid.uuid4().hex}"
    number = ask(server, name)
    context = {"default_approval_ids": [[6, 0, [number]]]}
    wizard = approving.execute("mcp_native.approval.refusal", "create", {"reason": "We know them"}, context=context)
    approving.execute("mcp_native.approval.refusal", "action_refuse", [wizard])
    text = server.wire("plain").text("get_approval", {"id": number})
    assert "We know them" in text
    assert server.partners(name) == 0


def test_of_two_who_approve_at_once_one_does_it(server, approving):
    name = f"raced {uuid.uuid4().hex}"
    number = ask(server, name)
    windows = [approving, *[server.web("admin") for _ in range(3)]]

    def approve(web: Web) -> str:
        try:
            web.execute("mcp_native.approval", "action_approve", [number])
        except Refused as refused:
            return str(refused)
        return "done"

    with ThreadPoolExecutor(len(windows)) as pool:
        answers = sorted(pool.map(approve, windows))
    assert server.partners(name) == 1
    assert answers.count("done") == 1, answers
    assert all("decided before" in answer for answer in answers if answer != "done"), answers


def test_nobody_but_the_approver_decides(server, approving):
    name = f"own {uuid.uuid4().hex}"
    number = ask(server, name)
    requester = server.web("plain")
    for method in ("action_approve", "action_refuse"):
        with pytest.raises(Refused):
            requester.execute("mcp_native.approval", method, [number])
    for method, args in (("write", [[number], {"state": "done"}]), ("unlink", [[number]]), ("create", [{"tool": "x"}])):
        for web in (requester, approving):
            with pytest.raises(Refused):
                web.execute("mcp_native.approval", method, *args)
    assert server.partners(name) == 0
    requester.execute("mcp_native.approval", "action_cancel", [number])
    assert "taken back" in server.wire("plain").text("get_approval", {"id": number})


def test_an_assistant_cannot_approve(server, approving):
    number = ask(server, f"self {uuid.uuid4().hex}")
    arguments = {"model": "mcp_native.approval", "method": "action_approve", "ids": [number]}
    server.wire("admin").refusal("call_method", arguments)
    assert server.rows("SELECT state FROM mcp_native_approval WHERE id = %s", number) == [("pending",)]
