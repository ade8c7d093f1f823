# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tools that an administrator makes, renames and hides, on two workers and in a browser."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from live import WORKERS, Live
from wire import Web

CODE = "records.write({'city': arguments['city']})\nresult = records"


@pytest.fixture
def web(server: Live) -> Iterator[Web]:
    """The administrator's browser; what it makes is removed at the end."""
    web = server.web("admin")
    yield web
    for model in ("mcp_native.tool.wording", "mcp_native.custom.tool"):
        domain = [("active", "in", [True, False])] if model.endswith("custom.tool") else []
        web.execute(model, "unlink", web.execute(model, "search", domain))


@pytest.fixture
def make(web: Web):
    """Publishes Python code as a tool."""

    def make(name: str, code: str, arguments: list[dict[str, Any]] = (), **more: Any) -> int:
        (partner,) = web.execute("ir.model", "search", [("model", "=", "res.partner")])
        action = {"name": name, "model_id": partner, "state": "code", "code": code}
        values = {"title": name.capitalize(), "name": name, "description": "For tests.", "destructive": False}
        values |= {"action_id": web.execute("ir.actions.server", "create", action)}
        values |= {"argument_ids": [[0, 0, argument] for argument in arguments], **more}
        return web.execute("mcp_native.custom.tool", "create", values)

    return make


def test_what_is_made_changed_and_removed_is_so_in_every_worker_at_once(server, web, make, plain):
    def answers() -> list[str]:
        found = server.on_each_worker(lambda: plain.text("tell_number"))
        assert len(found) == WORKERS
        return sorted(set(found.values()))

    def listed() -> set[tuple[str, ...]]:
        found = server.on_each_worker(lambda: [tool["name"] for tool in plain.result("tools/list")["tools"]])
        return {tuple(name for name in names if name.endswith("_number")) for names in found.values()}

    tool = make("tell_number", "result = '1'", read_only=True, idempotent=True)
    assert answers() == ["1"]
    web.execute("mcp_native.custom.tool", "write", [tool], {"code": "result = '2'"})
    assert answers() == ["2"]
    word = {"tool": "tell_number", "name": "say_number"}
    wording = web.execute("mcp_native.tool.wording", "create", word)
    assert answers() == ["2"]
    assert listed() == {("say_number",)}
    web.execute("mcp_native.tool.wording", "write", [wording], {"hidden": True})
    assert listed() == {()}


def test_a_call_is_in_the_log_and_its_change_is_undone(server, make, plain):
    make("move_contact", CODE, [{"name": "city", "kind": "text", "required": True}], on_records=True)
    name = f"Mover {uuid.uuid4().hex[:8]}"
    contact = server.web("admin").execute("res.partner", "create", {"name": name, "city": "Before"})
    answer = plain.rpc("tools/call", {"name": "move_contact", "arguments": {"ids": [contact], "city": "After"}})
    (row,) = server.logged(answer.headers["X-Request-Id"])
    assert (row["tool"], row["outcome"]) == ("move_contact", "ok")
    query = "SELECT city FROM res_partner WHERE id = %s"
    assert server.rows(query, contact) == [("After",)]
    assert "move_contact" in plain.text("list_changes")
    plain.text("undo_changes", {"call": answer.headers["X-Request-Id"]})
    assert server.rows(query, contact) == [("Before",)]


def test_an_administrator_makes_and_tries_tools(server, web, make, browse):
    tag = uuid.uuid4().hex[:8]
    make(f"move_{tag}", CODE, [{"name": "city", "kind": "text", "required": True}], on_records=True)
    contact = web.execute("res.partner", "create", {"name": f"Mover {tag}", "city": "Before"})
    (partner,) = web.execute("ir.model", "search", [("model", "=", "res.partner")])
    action = {"name": f"Action {tag}", "model_id": partner, "state": "code", "sequence": -1}
    action["code"] = "result = 'made here'"
    web.execute("ir.actions.server", "create", action)
    made = {
        "title": "Tell where a contact lives",
        "name": f"made_{tag}",
        "description": "Tells where a contact lives. Use it before a visit.",
    }
    plan = {"tool": f"move_{tag}", "argument": "city", "value": "After", "contact": f"Mover {tag}"}
    seen = browse("tools", "admin", action=f"Action {tag}", made=made, **plan)
    assert "city" in seen["pages"]["Arguments"]
    assert f'"name": "move_{tag}"' in seen["pages"]["What Assistants See"]
    assert "Before → After" in seen["preview"]
    assert f"Mover {tag} #{contact}" in seen["run"]
    assert server.rows("SELECT city FROM res_partner WHERE id = %s", contact) == [("After",)]
    assert server.wire("admin").text(f"made_{tag}") == "made here"


def test_a_manager_renames_a_tool(server, web, browse, plain):
    words = {"name": "which_models", "description": "Says which there are."}
    seen = browse("tool_names", "admin", tool="list_models", taken="search_records", **words)
    assert "“search_records” is a name of the tool search_records already" in seen["refused"]
    assert "List models" in seen["original"]
    tools = {tool["name"]: tool for tool in plain.result("tools/list")["tools"]}
    assert tools["which_models"]["description"] == "Says which there are."
    assert plain.text("which_models", {"search": "contact"}) == plain.text("list_models", {"search": "contact"})
