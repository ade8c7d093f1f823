# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The check of the set-up, on a live server that asks itself over its public address."""

from __future__ import annotations

import pytest
from live import Live
from wire import Refused, Web


def checked(web: Web) -> dict[str, tuple[str, str, list[dict[str, str]]]]:
    """Run the check as the web client does; return state, sentence and steps by what was checked."""
    action = web.execute("mcp_native.setup.check", "action_open")
    domain = [("check_id", "=", action["res_id"])]
    lines = web.execute("mcp_native.setup.check.line", "search_read", domain, ["subject", "state", "found", "steps"])
    return {line["subject"]: (line["state"], line["found"], line["steps"]) for line in lines}


def test_a_working_server_is_found_to_work_and_advised_for_being_on_one_computer(server: Live):
    found = checked(server.web("admin"))
    assert {subject: state for subject, (state, *_rest) in found.items()} == {
        "The MCP server": "ok",
        "Reverse proxy": "ok",
        "Path": "ok",
        "Database": "ok",
        "Clock": "ok",
        "Users": "ok",
        "Public address": "advice",
        "Reach": "advice",
        "The address in your browser": "ok",
        "Document about this server, Document about the login": "ok",
        "Call without a token": "ok",
        "Call with a token": "ok",
    }
    assert "without https" in found["Public address"][1]
    assert "this computer only" in found["Reach"][1]
    assert server.mcp_url in found["The MCP server"][1]


def test_an_administrator_who_came_by_another_address_is_told_both(server: Live):
    person = server.people["admin"]
    other = server.url.replace("localhost", "127.0.0.1")
    state, text, steps = checked(Web(other, server.database, person.login, person.password))[
        "The address in your browser"
    ]
    assert state == "problem"
    assert other in text
    assert server.url in text
    assert other in [step["code"] for step in steps]


def test_a_proxy_that_odoo_does_not_believe_is_found(server: Live):
    web = server.web("admin")
    web.session.headers["X-Forwarded-Proto"] = "https"
    state, text, steps = checked(web)["Reverse proxy"]
    assert state == "problem"
    assert "X-Forwarded-Proto" in text
    assert "proxy_mode = True" in [step["code"] for step in steps]


def test_without_the_browser_login_its_document_is_not_asked_for(server: Live):
    web = server.web("admin")
    with web.parameter("mcp_native.oauth", "False"):
        found = checked(web)
    assert found["The MCP server"][0] == "advice"
    assert [found[name][0] for name in ("Document about this server", "Call without a token")] == ["ok", "ok"]
    assert not any("about the login" in subject for subject in found)


def test_another_path_is_the_one_that_is_checked(server: Live):
    web = server.web("admin")
    with web.parameter("mcp_native.path", "/mcp_native"):
        found = checked(web)
    assert f"{server.url}/mcp_native" in found["The MCP server"][1]
    assert "problem" not in {state for state, *_rest in found.values()}


def test_only_administrators_can_check(server: Live):
    with pytest.raises(Refused):
        checked(server.web("plain"))
