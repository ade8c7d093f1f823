# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a person does with the changes of an assistant: approves one, undoes one."""

from __future__ import annotations

import re
from typing import Any

from pages_desk import Desk
from playwright.sync_api import expect


def approvals(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """Decide what an assistant asks for: approve one on its own page, refuse another one with a reason."""
    desk.open_app()
    desk.open_menu("mcp_native.menu_approval")
    cards = desk.page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    card = cards.filter(has_text=plan["approve"])
    expect(card).to_be_visible()
    desk.picture("approvals")
    seen: dict[str, Any] = {"card": card.inner_text()}
    card.locator("strong").click()
    approve = desk.page.locator(".o_form_view button[name=action_approve]:visible")
    expect(approve).to_be_in_viewport(ratio=1)
    desk.picture("approval")
    seen["form"] = desk.page.locator(".o_form_sheet").inner_text()
    with desk.page.expect_response(re.compile("/call_button")):
        desk.press(approve)
    expect(approve).to_have_count(0)
    expect(desk.page.locator(".o_form_sheet")).to_contain_text("The assistant is answered")
    desk.picture("approved")
    desk.open_menu("mcp_native.menu_approval")
    expect(card).to_have_count(0)
    other = cards.filter(has_text=plan["refuse"])
    desk.press(other.locator("button[name=action_refuse]"))
    desk.field("reason").locator("textarea").fill(plan["why not"])
    desk.picture("refuse")
    desk.press(desk.page.locator(".modal footer button[name=action_refuse]:visible"))
    expect(other).to_have_count(0)
    desk.picture("refused_approval")
    if not desk.is_phone():
        desk.switch_view("List")
        expect(desk.page.locator(".o_data_row", has_text=plan["third"])).to_be_visible()
        desk.picture("approval_list")
    return seen


def approve(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """Find what waits for a decision among the cards, and approve it there."""
    desk.open_app()
    desk.open_menu("mcp_native.menu_approval")
    card = desk.page.locator(".o_kanban_record:not(.o_kanban_ghost)").filter(has_text=plan["name"])
    expect(card).to_be_visible()
    desk.picture("approvals")
    seen = {"card": card.inner_text()}
    desk.press(card.locator("button[name=action_approve]"))
    expect(card).to_have_count(0)
    desk.picture("approved")
    return seen


def undo(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """Open a change from the list of changes, and undo it."""
    desk.open_app()
    desk.open_menu("mcp_native.menu_change")
    rows = desk.page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")
    row = rows.filter(has_text=plan["name"]).filter(has_text="after").first
    expect(row).to_be_visible()
    desk.picture("changes")
    row.locator("td[name=res_name], strong").first.click()
    expect(desk.page.locator(".o_form_view")).to_be_visible()
    change = desk.field("changed")
    expect(change).to_contain_text("after")
    desk.picture("change")
    seen = {"change": change.inner_text()}
    desk.press_above("action_undo")
    desk.confirm()
    expect(desk.field("undone_at")).to_be_visible()
    desk.picture("undone")
    return seen
