# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an auditor does: from a record to the calls about it and back, the check of the log, its export."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pages_desk import Desk
from playwright.sync_api import expect


def audit(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """From a contact to the calls about it, to one of them and back to the contact; check the log; export it."""
    seen: dict[str, Any] = {"contact": _open_contact(desk, plan["contact"], "contact")}
    desk.press(_calls_button(desk))
    seen["calls"] = desk.rows()
    desk.picture("calls")
    desk.page.locator(".o_data_row td[name=tool]").first.click()
    back = desk.page.locator("button[name=action_open_records]:visible")
    expect(back.or_(_more_buttons(desk)).first).to_be_visible()
    desk.picture("call")
    if not back.is_visible():
        desk.press(_more_buttons(desk))
    desk.press(back)
    expect(desk.page.locator(".o_form_view .o_field_widget[name=email]")).to_be_visible()
    seen["back at"] = desk.field("name").first.locator("input, textarea").first.input_value()
    desk.open_app()
    desk.open_menu("mcp_native.menu_access_log")
    desk.rows()
    desk.press_above("action_check")
    expect(desk.page.locator(".modal .alert:visible")).to_be_visible()
    desk.picture("check")
    with desk.page.expect_response(re.compile("/call_button")):
        desk.press(desk.page.locator(".modal button[name=action_seal]:visible"))
    expect(desk.page.locator(".modal")).to_have_count(1)
    expect(desk.page.locator(".modal .alert-success:visible")).to_be_visible()
    seen["check"] = desk.page.locator(".modal-body").inner_text()
    desk.press(desk.page.locator(".modal footer button", has_text="Close"))
    expect(desk.page.locator(".modal")).to_have_count(0)
    desk.press_above("action_export")
    expect(desk.page.locator(".modal .o_field_widget[name=file_format]")).to_be_visible()
    desk.picture("export")
    desk.press(desk.page.locator(".modal").get_by_text("JSON Lines"))
    with desk.page.expect_download() as download:
        desk.press(desk.page.locator(".modal button[name=action_download]:visible"))
    seen["file"] = download.value.suggested_filename
    seen["exported"] = Path(download.value.path()).read_text(encoding="utf-8")
    return seen


def _open_contact(desk: Desk, contact: int, picture: str) -> str:
    desk.page.goto(f"{desk.url}/web#id={contact}&model=res.partner&view_type=form")
    expect(desk.page.locator(".o_form_view .o_field_widget[name=email]")).to_be_visible()
    desk.picture(picture)
    return desk.field("name").first.locator("input, textarea").first.input_value()


def _calls_button(desk: Desk) -> Any:
    """Return the button to the calls; where there is no place for all buttons, it is below "More"."""
    button = desk.page.locator("button[name=action_mcp_native_calls]:visible")
    expect(button.or_(_more_buttons(desk)).first).to_be_visible()
    if not button.is_visible():
        desk.press(_more_buttons(desk))
        desk.picture("more")
    return button


def _more_buttons(desk: Desk) -> Any:
    more = desk.page.locator(".o_button_more:visible, .o-form-buttonbox .dropdown-toggle:visible")
    return more.or_(desk.page.locator(".o_control_panel .o-form-buttonbox button.dropdown-toggle:visible"))
