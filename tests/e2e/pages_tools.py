# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an administrator does with tools: makes one of a server action, tries one, renames one."""

from __future__ import annotations

import re
from typing import Any

from pages_desk import Desk
from playwright.sync_api import Locator, expect

PHONE = 768
CREATE = ".o_list_button_add:visible, .o-kanban-button-new:visible, .o_control_panel_collapsed_create:visible"


def tools(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """Make a tool of an action, then try another one: preview, then for real."""
    desk.open_app()
    desk.open_menu("mcp_native.menu_custom_tool")
    _make(desk, plan["action"], plan["made"])
    desk.open_menu("mcp_native.menu_custom_tool")
    row = desk.page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)").filter(has_text=plan["tool"]).first
    expect(row).to_be_visible()
    desk.picture("tools")
    row.locator("td[name=title], strong").first.click()
    expect(desk.field("description")).to_be_visible()
    seen = {"pages": _pages(desk)}
    desk.press_above("action_test")
    dialog = desk.page.locator(".modal")
    word = dialog.locator(".o_property_field", has_text=plan["argument"]).locator("input").last
    expect(word).to_be_visible()
    desk.picture("test")
    records = dialog.locator(".o_property_field", has_text="Records")
    _choose(records.locator("input").last, plan["contact"])
    # Odoo writes all inputs of such a field at once: what is typed before the records are there would be lost.
    expect(records).to_contain_text(plan["contact"])
    word.fill(plan["value"])
    word.press("Tab")
    seen["preview"] = _answered(desk, "action_preview", "Only tried")
    desk.picture("preview")
    desk.press(dialog.locator("button[name=action_run]:visible"))
    desk.press(desk.page.locator(".modal footer button.btn-primary:visible", has_text="Ok"))
    expect(desk.field("answer")).not_to_contain_text("Only tried")
    seen["run"] = desk.field("answer").inner_text()
    desk.picture("run")
    return seen


def tool_names(desk: Desk, plan: dict[str, Any]) -> dict[str, Any]:
    """Give a tool another name."""
    desk.open_app()
    desk.open_menu("mcp_native.menu_tool_wording")
    expect(desk.page.locator(".o_view_nocontent_smiling_face")).to_be_visible()
    desk.picture("no_names")
    desk.press(desk.page.locator(CREATE).first)
    desk.field("tool").locator("select, input").first.wait_for()
    _select(desk, "tool", plan["tool"])
    expect(desk.field("original")).to_be_visible()
    _fill(desk, "name", plan["taken"])
    _save(desk)
    seen = {"refused": _refusal(desk)}
    _fill(desk, "name", plan["name"])
    _fill(desk, "description", plan["description"])
    desk.picture("name")
    _save(desk)
    seen["original"] = desk.field("original").inner_text()
    desk.open_menu("mcp_native.menu_tool_wording")
    row = desk.page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)").filter(has_text=plan["name"]).first
    expect(row).to_be_visible()
    desk.picture("names")
    return seen


def _make(desk: Desk, action: str, made: dict[str, str]) -> None:
    desk.press(desk.page.locator(CREATE).first)
    expect(desk.field("title")).to_be_visible()
    desk.picture("new")
    desk.press(desk.page.get_by_role("tab", name="What Assistants See"))
    expect(desk.page.get_by_text("then it shows here")).to_be_visible()
    for name, value in made.items():
        _fill(desk, name, value)
    _choose(desk.field("action_id").locator("input"), action)
    desk.field("read_only").locator("input").check()
    expect(desk.field("destructive")).to_have_count(0)
    desk.press(desk.page.get_by_role("tab", name="What Assistants See"))
    expect(desk.field("shown")).to_contain_text(made["name"])
    _save(desk)
    desk.picture("made")


def _pages(desk: Desk) -> dict[str, str]:
    """Return what the pages of the form say."""
    seen = {}
    for page in ("Arguments", "Code", "What Assistants See"):
        tab = desk.page.get_by_role("tab", name=page)
        desk.press(tab)
        expect(tab).to_have_class(re.compile("active"))
        seen[page] = desk.page.locator(".o_notebook .tab-pane.active").inner_text()
        desk.picture(f"page_{page.split()[0].lower()}")
    return seen


def _answered(desk: Desk, button: str, beginning: str) -> str:
    desk.press(desk.page.locator(f".modal button[name={button}]:visible"))
    answer = desk.field("answer")
    expect(answer).to_contain_text(beginning)
    return answer.inner_text()


def _save(desk: Desk) -> None:
    with desk.page.expect_response(re.compile("/web_save")):
        desk.press(desk.page.locator(".o_form_button_save:visible").first)


def _refusal(desk: Desk) -> str:
    """Return why the page cannot be saved, and close the message."""
    dialog = desk.page.locator(".modal")
    expect(dialog).to_be_visible()
    desk.picture("refused")
    told = dialog.locator(".modal-body").inner_text()
    desk.press(dialog.locator("footer button").first)
    expect(dialog).to_have_count(0)
    return told


def _fill(desk: Desk, name: str, value: str) -> None:
    box = desk.field(name).locator("input, textarea").first
    box.fill(value)
    box.press("Tab")


def _select(desk: Desk, name: str, label: str) -> None:
    """Choose of a selection: a list of the browser until 18.0, one of Odoo's own from 19.0 on."""
    native = desk.field(name).locator("select")
    if native.count():
        native.select_option(label=label)
    else:
        desk.field(name).locator("input").first.click()  # and not a word: the list would be made again under the click
        entry = desk.page.locator(".o_select_menu_item").get_by_text(label, exact=True)
        entry.click()
        expect(entry).to_have_count(0)


def _choose(box: Locator, text: str) -> None:
    """Write into a box and take the entry that is offered. Phones have a dialog with the records instead."""
    page = box.page
    box.click()
    if page.viewport_size["width"] >= PHONE:
        # An entry of the list before would be gone when the click arrives.
        with page.expect_response(lambda got: "name_search" in got.url and text in (got.request.post_data or "")):
            box.fill(text)
        page.evaluate("new Promise(shown => requestAnimationFrame(() => requestAnimationFrame(shown)))")
    entry = page.locator(".o-autocomplete--dropdown-item").filter(has_text=text)
    card = page.locator(".modal .o_kanban_record:not(.o_kanban_ghost), .modal .o_data_row").filter(has_text=text)
    expect(entry.or_(card).first).to_be_visible()
    entry.or_(card).first.click()
    expect(entry.or_(card)).to_have_count(0)
