# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Chromium as a person who is asked whether a client may connect: `oauth_browser.py`, what to do as JSON on stdin.

Prints what it saw as JSON. Pictures of the pages are left in the folder it is told.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pages_client import window
from pages_desk import Desk
from playwright.sync_api import Error, Page, expect


def decide(plan: dict[str, Any]) -> dict[str, Any]:
    """Open a client's address, log in if that is asked for, decide, and wait until the client has the answer.

    :param plan: of the window, and ``authorize``, ``login``, ``password``, ``decision`` and ``access``
    :return: the text of the consent page, whether a login was asked for, where the browser ended, what pages logged
    """
    with window(plan) as context:
        desk = Desk(context.pages[0], plan["url"], Path(plan["pictures"]))
        try:
            seen = _decide(desk, plan)
            return {**seen, "errors": _own_errors(desk, seen["address"]), "out of reach": desk.out_of_reach}
        except (AssertionError, Error):
            desk.picture("consent-failure")
            print(json.dumps({"errors": desk.errors, "address": desk.page.url}), file=sys.stderr)
            raise


def _decide(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    page = desk.page
    page.goto(plan["authorize"])
    form = page.locator("form:has([name=decision])")
    login = page.locator("form.oe_login_form")
    expect(form.or_(login).first).to_be_visible()
    asked = login.is_visible()
    if asked:
        desk.picture("consent-login")
        login.locator("input[name=login]").fill(plan["login"])
        login.locator("input[name=password]").fill(plan["password"])
        desk.press(login.locator("button[type=submit]").first)
    expect(form).to_be_visible()
    desk.picture("consent")
    text = page.locator("body").inner_text()
    if plan["decision"] == "connect":
        form.locator(f"input[name=access][value={plan['access']}]").check()
    desk.press(form.locator(f"[name=decision][value={plan['decision']}]"))
    _wait_for_answer(page, plan["url"])
    return {"text": text, "login": asked, "address": page.url}


def _wait_for_answer(page: Page, origin: str) -> None:
    """Wait until the client's own page has loaded."""
    page.wait_for_url(lambda address: not address.startswith(origin + "/"))


def _own_errors(desk: Desk, address: str) -> list[str]:
    """Return what went wrong on pages, except for the last one, which is the client's: it has no icon, perhaps."""
    parts = urlsplit(address)
    return [error for error in desk.errors if f"({parts.scheme}://{parts.netloc}/" not in error]


if __name__ == "__main__":
    print(json.dumps(decide(json.load(sys.stdin))))
