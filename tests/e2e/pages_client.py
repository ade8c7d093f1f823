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

from pages_desk import Desk
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
    seen: dict[str, Any] = {"rows": desk.open_app()}
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
    """Change two settings, save, load the page again and read them."""
    desk.open_app()
    desk.open_menu("mcp_native.menu_settings")
    seen = {"before": _settings(desk)}
    desk.picture("settings")
    _input(desk, "mcp_native_log_days").fill(plan["log_days"])
    _input(desk, "mcp_native_allowed_origins").fill(plan["origins"])
    with desk.page.expect_event("load"):
        desk.press(desk.page.locator(".o_form_button_save:visible"))
    expect(_input(desk, "mcp_native_log_days")).to_be_visible()
    desk.page.reload()
    seen["after"] = _settings(desk)
    desk.picture("saved")
    return seen


def _input(desk: Desk, name: str) -> Any:
    return desk.field(name).locator("input, textarea").first


def _settings(desk: Desk) -> dict[str, str]:
    expect(_input(desk, "mcp_native_log_days")).to_be_visible()
    return {
        "url": desk.field("mcp_native_url").inner_text(),
        "log_days": _input(desk, "mcp_native_log_days").input_value(),
        "origins": _input(desk, "mcp_native_allowed_origins").input_value(),
    }


def new_key(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """Make a key, after the password is asked for, and copy it with its button."""
    seen: dict[str, Any] = {"rows": desk.open_app()}
    desk.picture("own_list")
    desk.open_menu("mcp_native.menu_new_key")
    desk.field("name").locator("input").fill(plan["key_name"])
    desk.picture("new_key")
    desk.press(desk.page.locator("button[name=action_make_key]"))
    desk.field("password").locator("input").fill(plan["password"])
    desk.picture("identity")
    desk.press(desk.page.locator(".modal button[name=run_check]:visible"))
    shown = desk.field("key")
    expect(shown).to_contain_text(KEY)
    desk.picture("key")
    seen["key"] = KEY.search(shown.inner_text())[0]
    seen["address"] = desk.field("url").inner_text()
    desk.press(shown.locator("button"))
    seen["copied"] = desk.page.evaluate("navigator.clipboard.readText()")
    desk.press(desk.page.locator(".modal footer .btn-primary:visible"))
    expect(desk.page.locator(".modal")).to_have_count(0)
    seen["still shown"] = seen["key"] in desk.page.content()
    return seen


JOURNEYS = {"access_log": access_log, "settings": settings, "new_key": new_key}


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
