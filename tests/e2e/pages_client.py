# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Chromium as a person's browser: `pages_client.py JOURNEY`, what it is to do as JSON on stdin.

Prints what it saw as JSON. A picture of each page is left in the folder it is told.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pages_audit import audit
from pages_desk import Desk
from pages_prompts import prompts
from pages_story import approvals, approve, undo
from pages_tools import tool_names, tools
from playwright.sync_api import BrowserContext, Error, expect, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 30_000
KEY = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}")


@contextmanager
def window(plan: dict[str, Any]) -> Iterator[BrowserContext]:
    """Open a browser with a profile of its own and a window of the size that the plan says."""
    phone = plan["width"] < 768
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            plan["profile"],
            executable_path=plan["chromium"],
            headless=True,
            args=list(FLAGS),
            viewport={"width": plan["width"], "height": plan["height"]},
            is_mobile=phone,
            has_touch=phone,
            locale="en-US",
            reduced_motion="reduce",
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=plan["url"])
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        try:
            yield context
        finally:
            context.close()


def access_log(desk: Desk, _plan: dict[str, Any]) -> dict[str, Any]:
    """Look through the access log: list, graph, pivot, the two filters of what went wrong, one row."""
    desk.open_app()
    desk.open_menu("mcp_native.menu_access_log")
    seen: dict[str, Any] = {"rows": desk.rows()}
    desk.picture("list")
    desk.switch_view("Graph")
    expect(desk.page.locator(".o_graph_renderer canvas")).to_be_visible()
    desk.picture("graph")
    desk.switch_view("Pivot")
    expect(desk.page.locator("div.o_pivot tbody tr").first).to_be_visible()
    seen["pivot"] = desk.page.locator("div.o_pivot").inner_text()
    desk.picture("pivot")
    desk.switch_view("List")
    seen["refused"] = desk.filtered("Refused", {"Refused"})
    desk.picture("refused")
    seen["refused or failed"] = desk.filtered("Failed", {"Refused", "Failed"})
    seen["buttons of the list"] = desk.buttons_that_change()
    desk.page.locator(".o_data_row td[name=tool]").first.click()
    expect(desk.page.locator(".o_form_view .o_field_widget[name=outcome]")).to_be_visible()
    desk.picture("form")
    seen["form"] = desk.page.locator(".o_form_sheet").inner_text()
    seen["buttons of the form"] = desk.buttons_that_change()
    seen["inputs of the form"] = desk.page.locator(".o_form_sheet :is(input, textarea, select):enabled").count()
    return seen


def settings(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """Change settings, save, load the page again and read them; then check the set-up, twice."""
    desk.open_app()
    desk.open_menu("mcp_native.menu_settings")
    seen: dict[str, Any] = {"before": _settings(desk)}
    desk.picture("settings")
    _input(desk, "mcp_native_oauth").uncheck()
    expect(desk.page.locator("#mcp_native_oauth_schemes")).to_have_count(0)
    desk.picture("keys_only")
    _input(desk, "mcp_native_oauth").check()
    for name, value in plan["values"].items():
        _input(desk, f"mcp_native_{name}").fill(value)
    for name in plan["switched_off"]:
        _input(desk, f"mcp_native_{name}").uncheck()
    with desk.page.expect_event("load"):
        desk.press(desk.page.locator(".o_form_button_save:visible"))
    expect(_input(desk, "mcp_native_log_days")).to_be_visible()
    desk.page.reload()
    seen["after"] = _settings(desk)
    desk.picture("saved")
    desk.press(desk.page.get_by_role("button", name="Check My Set-Up"))
    seen["check"] = _set_up(desk)
    desk.picture("check")
    with desk.page.expect_response(re.compile("/call_button")):
        desk.press(desk.page.locator(".modal button[name=action_check]:visible"))
    expect(desk.page.locator(".modal")).to_have_count(1)
    seen["check again"] = _set_up(desk)
    desk.press(desk.page.locator(".modal footer button", has_text="Close"))
    expect(desk.page.locator(".modal")).to_have_count(0)
    return seen


def _set_up(desk: Desk) -> list[list[str]]:
    """Return state and subject of each line of the check that is on top."""
    lines = desk.page.locator(".modal [data-state]")
    expect(lines.first).to_be_visible()
    return lines.evaluate_all("all => all.map(e => [e.dataset.state, e.querySelector('strong').innerText])")


def _input(desk: Desk, name: str) -> Any:
    return desk.field(name).locator("input, textarea").first


def _settings(desk: Desk) -> dict[str, Any]:
    """Return what the page shows: switches, texts and numbers by their names."""
    expect(_input(desk, "mcp_native_log_days")).to_be_visible()
    inputs = desk.page.locator(".app_settings_block .o_field_widget[name^=mcp_native_] :is(input, textarea)")
    shown = inputs.evaluate_all(
        """all => all.filter(e => e.checkVisibility() && e.type != "radio").map(e => [
            e.closest("[name^=mcp_native_]").getAttribute("name").replace("mcp_native_", ""),
            e.type == "checkbox" ? e.checked : e.value])"""
    )
    return {"url": desk.field("mcp_native_url").inner_text(), **dict(shown)}


def connect(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """Look at the steps of every assistant, make a key for one, after the password is asked for, and copy it."""
    desk.open_app()
    if desk.is_phone():
        desk.open_menu("mcp_native.menu_connect")
    else:
        desk.open_user_menu("mcp_native_connect")
    badges = desk.page.locator(".modal .o_selection_badge")
    expect(badges.first).to_be_visible()
    seen: dict[str, Any] = {"assistants": badges.all_inner_texts(), "steps": {}}
    for name in seen["assistants"]:
        desk.press(badges.get_by_text(name, exact=True))
        expect(badges.and_(desk.page.locator(".active"))).to_have_text(name)
        seen["steps"][name] = desk.page.locator(".modal .o_mcp_guide:visible li").all_inner_texts()
        desk.picture(f"connect_{name}")
    desk.press(badges.get_by_text(plan["assistant"], exact=True))
    desk.press(desk.page.locator(".modal").get_by_text("Use a key", exact=True))
    desk.field("name").locator("input").fill(plan["key_name"])
    desk.press(desk.field("access").get_by_text("Read only", exact=True))
    desk.picture("connect_key")
    desk.press(desk.page.locator("button[name=action_make_key]"))
    desk.field("password").locator("input").fill(plan["password"])
    desk.picture("identity")
    desk.press(desk.page.locator(".modal button[name=run_check]:visible"))
    return {**seen, **_key_shown(desk)}


def _key_shown(desk: Desk) -> dict[str, Any]:
    shown = desk.field("key")
    expect(shown).to_contain_text(KEY)
    desk.picture("key")
    seen = {"key": KEY.search(shown.inner_text())[0], "address": desk.field("url").inner_text()}
    desk.press(shown.locator("button"))
    seen["copied"] = desk.page.evaluate("navigator.clipboard.readText()")
    desk.press(desk.page.locator(".modal .o_mcp_snippet button"))
    seen["snippet"] = desk.page.evaluate("navigator.clipboard.readText()")
    desk.press(desk.page.locator(".modal footer .btn-primary:visible"))
    expect(desk.page.locator(".modal")).to_have_count(0)
    return {**seen, "still shown": seen["key"] in desk.page.content()}


def connections(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """Look at the connected assistants, see the calls of one, and end it."""
    desk.open_app()
    desk.picture("connections")
    one = desk.connection(plan["name"])
    seen = {"shown": one.inner_text(), "others": desk.page.get_by_text(plan["foreign"]).count()}
    desk.press(one.locator("button[name=action_calls]:visible"))
    seen["calls"] = desk.rows()
    desk.picture("calls")
    desk.open_menu("mcp_native.menu_connection")
    desk.press(one.locator("button[name=action_end]:visible"))
    desk.picture("end")
    seen["asked"] = desk.confirm()
    expect(one).to_have_count(0)
    desk.picture("ended")
    return seen


JOURNEYS = {
    "access_log": access_log,
    "approvals": approvals,
    "approve": approve,
    "audit": audit,
    "connect": connect,
    "connections": connections,
    "prompts": prompts,
    "settings": settings,
    "tool_names": tool_names,
    "tools": tools,
    "undo": undo,
}


def main(journey: str, plan: dict[str, Any]) -> dict[str, Any]:
    """Return what a journey saw, what the pages logged, and what lay outside the window."""
    with window(plan) as context:
        desk = Desk(context.pages[0], plan["url"], Path(plan["pictures"]))
        try:
            desk.log_in(plan["login"], plan["password"])
            seen = JOURNEYS[journey](desk, plan)
        except (AssertionError, Error):
            desk.picture("failure")
            print(json.dumps({"errors": desk.errors}), file=sys.stderr)
            raise
        return {**seen, "errors": desk.errors, "out of reach": desk.out_of_reach}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.load(sys.stdin))))
