# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every page of this module in Chromium, on a laptop's window and on a phone's, on the live server."""

from __future__ import annotations

import json
import secrets
import uuid

import pytest
from live import Live
from passlib.context import CryptContext
from wire import Wire


@pytest.fixture
def settings_as_before(server: Live):
    """Removes, at the end, the parameters that the settings page stores."""
    yield
    web = server.web("admin")
    stored = web.execute("ir.config_parameter", "search", [("key", "=like", "mcp_native.%")])
    web.execute("ir.config_parameter", "unlink", stored)


def call_in_three_ways(server: Live, who: str) -> list[tuple[str, str, str]]:
    """Make a call that is answered, one that is refused and one that fails.

    :return: tool, outcome and login of the rows that the access log then shows, the last one first
    """
    wire = server.wire(who)
    called = [("count_records", {"model": "res.users"}), ("count_records", {"model": "res.usrs"}), ("no_such_tool", {})]
    for name, arguments in called:
        answer = wire.rpc("tools/call", {"name": name, "arguments": arguments})
        server.logged(answer.headers["X-Request-Id"])
    login = server.people[who].login
    outcomes = ["Done", "Refused", "Failed"]
    return [(name, outcome, login) for (name, _arguments), outcome in zip(called, outcomes, strict=True)][::-1]


def facts(rows: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    """Return tool, outcome and login of rows of the list."""
    return [(row["tool"], row["outcome"], row["login"]) for row in rows]


def test_an_administrator_finds_every_call_in_the_access_log_and_can_change_nothing(server, browse):
    made = call_in_three_ways(server, "admin") + call_in_three_ways(server, "plain")
    made = made[3:] + made[:3]
    seen = browse("access_log", "admin")
    assert facts(seen["rows"])[:6] == made
    assert facts(seen["refused"])[:2] == [made[1], made[4]]
    assert facts(seen["refused or failed"])[:4] == [made[0], made[1], made[3], made[4]]
    assert "count_records" in seen["pivot"]
    assert "no_such_tool" in seen["form"]
    assert "Failed" in seen["form"]
    assert seen["buttons of the list"] == []
    assert seen["buttons of the form"] == []
    assert seen["inputs of the form"] == 0


@pytest.mark.usefixtures("settings_as_before")
def test_settings_are_kept(server, browse):
    values = {
        "log_days": "31",
        "allowed_origins": "https://assistant.example.com\nhttp://localhost:6274",
        "oauth_schemes": "com.example.app cursor",
        "oauth_access_hours": "24",
        "oauth_refresh_days": "30",
    }
    switched_off = ["oauth_registration", "oauth_documents", "oauth_end_on_password", "global_keys"]
    seen = browse("settings", "admin", values=values, switched_off=switched_off)
    before = seen["before"]
    assert server.mcp_url in before["url"]
    assert all(before[name] for name in (*switched_off, "oauth", "enabled"))
    schemes = "cursor raycast vscode vscode-insiders windsurf zed"
    assert [before[name] for name in values] == ["90", "", schemes, "8", "60"]
    assert seen["after"] == before | values | dict.fromkeys(switched_off, False)
    assert seen["check"] == seen["check again"]
    assert {state for state, _subject in seen["check"]} == {"advice", "ok"}
    assert server.wire().send(b"", verb="OPTIONS", headers={"Origin": "http://localhost:6274"}).ok


def test_a_user_sees_how_to_connect_each_assistant_and_makes_a_key_that_works_and_is_shown_once(server, browse):
    name = f"pages {uuid.uuid4().hex}"
    seen = browse("connect", "plain", assistant="VS Code", key_name=name)
    assert seen["assistants"][0] == "Claude"
    assert [assistant for assistant, steps in seen["steps"].items() if len(steps) < 3] == ["n8n"]
    assert server.mcp_url in seen["address"]
    assert seen["copied"] == seen["key"]
    entry = json.loads(seen["snippet"])["servers"]["odoo"]
    assert entry["headers"] == {"Authorization": f"Bearer {seen['key']}"}
    assert not seen["still shown"]
    tools = {tool["name"] for tool in Wire(entry["url"], seen["key"]).result("tools/list")["tools"]}
    assert "search_records" in tools
    assert "create_records" not in tools
    stored = server.rows("SELECT user_id, scope FROM res_users_apikeys WHERE name = %s", name)
    assert stored == [(server.people["plain"].id, "mcp_native_read")]


def new_key(server: Live, who: str, name: str) -> Wire:
    """Return a client with a key of its own, stored the way Odoo stores one."""
    key = secrets.token_hex(20)
    digest = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=6000).hash(key)
    query = "INSERT INTO res_users_apikeys (name, user_id, scope, index, key) VALUES (%s, %s, 'mcp_native', %s, %s)"
    assert server.change(query, name, server.people[who].id, key[:8], digest) == 1
    return Wire(server.mcp_url, key)


def test_a_user_ends_an_own_connection_and_its_next_call_is_refused(server, browse):
    own, foreign = (f"{who} {uuid.uuid4().hex}" for who in ("plain", "admin"))
    plain, admin = new_key(server, "plain", own), new_key(server, "admin", foreign)
    for wire in (plain, admin):
        answer = wire.rpc("tools/call", {"name": "count_records", "arguments": {"model": "res.users"}})
        server.logged(answer.headers["X-Request-Id"])
    seen = browse("connections", "plain", name=own, foreign=foreign)
    assert "Read and change" in seen["shown"]
    assert seen["others"] == 0
    assert [row["tool"] for row in seen["calls"]] == ["count_records"]
    assert "refused from its next call on" in seen["asked"]
    assert plain.status() == 401
    assert admin.status() == 200


@pytest.mark.usefixtures("approving")
def test_an_approver_sees_what_an_assistant_asks_for_and_decides(server, browse):
    web = server.web("admin")
    names = {key: f"{key} {uuid.uuid4().hex[:8]}" for key in ("approve", "refuse", "third")}
    for name in names.values():
        contact = web.execute("res.partner", "create", {"name": name, "phone": "+32 1 23"})
        values = {"phone": "+32 2 290 34 90", "email": "new@example.com", "street": "Chaussee de Namur 40"}
        reason = "The customer wrote on Monday that they moved to a new office, with another number."
        arguments = {"model": "res.partner", "ids": [contact], "values": values, "reason": reason}
        assert "Waits for approval" in server.wire("plain").text("update_records", arguments)
    seen = browse("approvals", "admin", **names, **{"why not": "They did not move"})
    for shown in (seen["card"], seen["form"]):
        assert names["approve"] in shown
        assert "+32 1 23 → +32 2 290 34 90" in shown
        assert "moved to a new office" in shown
        assert "for live_plain" in shown
    query = "SELECT phone FROM res_partner WHERE name = %s"
    phones = [server.rows(query, names[key]) for key in ("approve", "refuse")]
    assert phones == [[("+32 2 290 34 90",)], [("+32 1 23",)]]
    states = "SELECT state, refusal FROM mcp_native_approval WHERE diff LIKE %s"
    assert server.rows(states, f"%{names['refuse']}%") == [("refused", "They did not move")]
