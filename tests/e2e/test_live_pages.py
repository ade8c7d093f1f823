# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every page of this module in Chromium, on a laptop's window and on a phone's, on the live server."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from live import HERE, Live
from wire import Wire

from dev.browser import NoBrowser, find_or_install

WINDOWS = {"laptop": (1366, 768), "phone": (390, 844)}
PARAMETERS = ("enabled", "path", "global_keys", "allowed_origins", "log_days", "log_arguments")


@pytest.fixture(scope="session")
def chromium() -> Path:
    try:
        return find_or_install()
    except NoBrowser as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def undisturbed(server: Live) -> None:
    """Keeps OdooBot from opening its chat over the page at a person's first visit."""
    web = server.web("admin")
    if web.execute("res.users", "fields_get", ["odoobot_state"]):
        ids = [person.id for person in server.people.values()]
        web.execute("res.users", "write", ids, {"odoobot_state": "disabled"})


@pytest.fixture(params=WINDOWS)
def browse(request, server, undisturbed, run, clients_python, chromium, tmp_path) -> Callable[..., dict[str, Any]]:
    """Goes on a journey of `pages_client.py` as a person, and returns what was seen there."""
    width, height = WINDOWS[request.param]

    def browse(journey: str, who: str, **plan: str) -> dict[str, Any]:
        person = server.people[who]
        plan |= {"url": server.url, "login": person.login, "password": person.password, "chromium": str(chromium)}
        plan |= {"width": width, "height": height, "pictures": str(tmp_path), "profile": str(tmp_path / "profile")}
        done = run(clients_python, HERE / "pages_client.py", journey, input=json.dumps(plan), timeout=240)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}\nPictures: {tmp_path}"
        seen = json.loads(done.stdout.splitlines()[-1])
        assert seen["errors"] == []
        assert seen["out of reach"] == []
        return seen

    return browse


@pytest.fixture
def settings_as_before(server: Live):
    """Removes, at the end, the parameters that the settings page stores."""
    yield
    web = server.web("admin")
    for name in PARAMETERS:
        web.execute("ir.config_parameter", "set_param", f"mcp_native.{name}", False)


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
    origins = "https://assistant.example.com\nhttp://localhost:6274"
    seen = browse("settings", "admin", log_days="31", origins=origins)
    assert server.mcp_url in seen["before"]["url"]
    assert (seen["before"]["log_days"], seen["before"]["origins"]) == ("90", "")
    assert (seen["after"]["log_days"], seen["after"]["origins"]) == ("31", origins)
    assert server.wire().send(b"", verb="OPTIONS", headers={"Origin": "http://localhost:6274"}).ok


def test_a_user_makes_a_key_that_works_and_sees_it_once_and_only_own_calls(server, browse):
    call_in_three_ways(server, "admin")
    made = call_in_three_ways(server, "plain")
    name = f"pages {uuid.uuid4().hex}"
    seen = browse("new_key", "plain", key_name=name)
    assert facts(seen["rows"])[:3] == made
    assert {row["login"] for row in seen["rows"]} == {server.people["plain"].login}
    assert server.mcp_url in seen["address"]
    assert seen["copied"] == seen["key"]
    assert not seen["still shown"]
    assert Wire(server.mcp_url, seen["key"]).result("tools/list")["tools"]
    stored = server.rows("SELECT user_id, scope FROM res_users_apikeys WHERE name = %s", name)
    assert stored == [(server.people["plain"].id, "mcp_native")]
