# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The whole way of a change: asked for by an assistant, approved in a browser, told to the assistant, undone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from live import Live


@pytest.fixture
def careful(server: Live) -> Iterator[None]:
    """Lets the spare key of the ordinary user change contacts with an approval only, for as long as a test takes."""
    web = server.web("admin")
    query = "SELECT id FROM res_users_apikeys WHERE user_id = %s AND name = 'spare'"
    key = server.rows(query, server.people["plain"].id)[0][0]
    profile = web.execute("mcp_native.profile", "create", [{"name": "Careful", "write_decision": "approve"}])
    given = {"kind": "api_key", "credential_id": key, "profile_id": profile[0]}
    assigned = web.execute("mcp_native.profile.credential", "create", [given])
    yield
    web.execute("mcp_native.profile.credential", "unlink", assigned)
    web.execute("mcp_native.profile", "unlink", profile)


def test_a_change_is_asked_for_approved_in_the_browser_and_undone_there(server, careful, browse):
    name = f"Story {uuid.uuid4().hex[:8]}"
    contact = {"model": "res.partner", "values": [{"name": name, "ref": "before"}]}
    made = server.wire("plain").text("create_records", contact)
    partner = int(re.search(r"#(\d+)", made)[1])
    assistant = server.wire("plain", kind="spare_key")

    asked = {"model": "res.partner", "ids": [partner], "values": {"ref": "after"}, "reason": "The number is wrong."}
    answer = assistant.text("update_records", asked)
    number = int(re.search(r"approval #(\d+)", answer)[1])
    assert "before → after" in answer
    assert reference(server, partner) == "before"
    assert "waits for a person's decision" in assistant.text("get_approval", {"id": number})

    seen = browse("approve", "admin", name=name)
    assert "before → after" in seen["card"]
    assert "The number is wrong." in seen["card"]
    assert reference(server, partner) == "after"
    told = assistant.text("get_approval", {"id": number})
    assert f"Updated 1 res.partner: {name} #{partner}" in told

    seen = browse("undo", "admin", name=name)
    assert "before → after" in seen["change"]
    assert reference(server, partner) == "before"
    assert "undone" in assistant.text("list_changes", {"model": "res.partner", "ids": [partner]})


def reference(server: Live, partner: int) -> str:
    """Return what the database holds."""
    return server.rows("SELECT ref FROM res_partner WHERE id = %s", partner)[0][0]
