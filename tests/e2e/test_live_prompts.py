# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Resources, prompts and completion on the live server, as clients and as a person in Odoo use them."""

from __future__ import annotations

import json
import re
import uuid

import pytest
import requests
from live import HERE
from wire import LEGACY, MODERN


@pytest.fixture
def contact(server) -> tuple[int, str]:
    """A contact of its own: id and name."""
    name = f"Zephyr {uuid.uuid4().hex[:8]}"
    return server.web("admin").execute("res.partner", "create", {"name": name, "city": "Ghent"}), name


@pytest.fixture(scope="module")
def many(server) -> str:
    """The name of more contacts than one part of an export has."""
    name = f"Many {uuid.uuid4().hex[:8]}"
    server.web("admin").execute("res.partner", "create", [{"name": name, "ref": str(one)} for one in range(1100)])
    return name


@pytest.fixture(params=["python", "typescript"])
def sdk(request, run, clients_python):
    """Runs one of the protocol's own clients, with a key, on an address, in a mode, with a plan."""

    def sdk(url: str, key: str, mode: str, plan: dict) -> dict:
        if request.param == "python":
            command = [clients_python, HERE / "sdk_context.py"]
        else:
            node = request.getfixturevalue("node")
            command = [node.program, HERE / "sdk_context.mjs", node.modules.parent]
        done = run(*command, url, mode, env={"MCP_KEY": key}, input=json.dumps(plan))
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return sdk


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_sdks_read_complete_get_prompts_and_follow_a_link(server, sdk, contact, many, mode):
    record, name = contact
    export = {"model": "res.partner", "fields": ["name", "ref"], "domain": [["name", "=", many]]}
    listed = f'odoo://res.partner?domain=[["id","=",{record}]]'
    plan = {
        "uris": ["odoo://instructions", f"odoo://res.partner/{record}", listed],
        "prompt": ["record_summary", {"model": "res.partner", "id": name}],
        "complete": ["odoo://{model}/{id}", "id", name[:12], {"model": "res.partner"}],
        "tool": ["export_records", export],
    }
    seen = sdk(server.mcp_url, server.people["seller"].key, mode, plan)
    assert {"odoo://instructions", "odoo://apps", "odoo://activities/mine"} <= set(seen["resources"])
    assert {"odoo://{model}/{id}", "odoo://{model}{?domain,fields,limit,cursor}"} <= set(seen["templates"])
    assert {"daily_briefing", "data_quality", "record_summary"} <= set(seen["prompts"])
    assert [name in entry["text"] for entry in seen["read"]] == [False, True, True]
    assert name in seen["prompt"]
    assert seen["completed"] == [f"{name.lower().replace(' ', '-')}-{record}"]
    assert seen["progress"] == [[500, 1100], [1000, 1100], [1100, 1100]]
    path = re.search(r"https?://[^/\s]+(/\S+)", seen["answer"])[1]
    fetched = requests.get(server.url + path, timeout=60)
    assert fetched.status_code == 200
    assert len(fetched.text.splitlines()) == 1101


@pytest.mark.parametrize("version", [MODERN, *LEGACY])
def test_what_is_not_there_is_the_error_of_its_version(plain, version):
    uri = "odoo://res.partner/2000000000"
    error = plain.rpc("resources/read", {"uri": uri}, version=version).json()["error"]
    assert error["code"] == (-32602 if version == MODERN else -32002)
    assert error["data"] == {"uri": uri}
    assert "2000000000" in error["message"]


def test_a_person_writes_a_prompt_and_their_assistant_has_it(server, browse, contact):
    record, name = contact
    title = f"Prepare {uuid.uuid4().hex[:6]}"
    seen = browse("prompts", "plain", title=title, text="I visit {customer}.\nWhat did they buy this year?")
    assert seen["preview"].split() == "I visit «customer». What did they buy this year?".split()
    assert title in seen["card"]
    wire_name = title.lower().replace(" ", "_")
    listed = {prompt["name"]: prompt for prompt in server.wire("plain").result("prompts/list")["prompts"]}
    assert listed[wire_name]["title"] == title
    assert listed[wire_name]["arguments"] == [{"name": "customer", "required": True}]
    got = server.wire("plain").result("prompts/get", {"name": wire_name, "arguments": {"customer": name}})
    assert got["messages"][0]["content"]["text"] == f"I visit {name}.\nWhat did they buy this year?"
    others = server.wire("admin").result("prompts/list")["prompts"]
    assert wire_name not in {prompt["name"] for prompt in others}
