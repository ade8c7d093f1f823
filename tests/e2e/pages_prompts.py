# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a person does to write a prompt for their assistant."""

from __future__ import annotations

import re
from typing import Any

from pages_desk import Desk
from playwright.sync_api import expect


def prompts(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """Write a prompt with a word in braces, look at what the assistant gets, and find it among the cards."""
    desk.open_app()
    desk.open_menu("mcp_native.menu_prompt")
    new = desk.page.locator(".o-kanban-button-new:visible")
    expect(new.first).to_be_visible()
    desk.picture("prompts_empty")
    desk.press(new.first)
    desk.field("title").locator("input, textarea").first.fill(plan["title"])
    desk.field("description").locator("input, textarea").first.fill("What to know before I see a customer")
    text = desk.field("text").locator("textarea").first
    text.fill(plan["text"])
    with desk.page.expect_response(re.compile("/onchange")):
        text.blur()
    asked = desk.field("argument_ids")
    expect(asked).to_contain_text("customer")
    desk.picture("prompt")
    desk.press(desk.page.locator(".o_notebook .nav-link", has_text="What the Assistant Gets"))
    expect(desk.field("preview")).to_contain_text("«customer»")
    desk.picture("prompt_preview")
    seen = {"preview": desk.field("preview").inner_text()}
    desk.press(desk.page.locator(".o_notebook .nav-link", has_text="Who Has It"))
    expect(desk.field("name")).to_be_visible()
    expect(desk.page.get_by_text("Only you have it.")).to_be_visible()
    desk.picture("prompt_who")
    with desk.page.expect_response(re.compile("/web_save")):
        desk.press(desk.page.locator(".o_form_button_save:visible"))
    desk.open_menu("mcp_native.menu_prompt")
    card = desk.page.locator(".o_kanban_record:not(.o_kanban_ghost)", has_text=plan["title"])
    expect(card).to_be_visible()
    seen["card"] = card.inner_text()
    desk.picture("prompts")
    if not desk.is_phone():
        desk.switch_view("List")
        expect(desk.page.locator(".o_data_row", has_text=plan["title"])).to_be_visible()
        desk.picture("prompt_list")
    return seen
