# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's web client as a person handles it, on a wide window and on a phone's, on 17.0, 18.0 and 19.0."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

NOT_SHIPPED = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
"""In the bundle of Debian's Odoo 19.0, but not in its package."""

ROWS = """rows => rows.map(row => Object.fromEntries(
    [...row.querySelectorAll("td[name]")].map(cell => [cell.getAttribute("name"), cell.innerText.trim()])))"""
MENUS_OF_BUTTONS = (
    ".o_control_panel button:visible:has(> i[class*=ellipsis-v])",
    ".o_control_panel button:visible:has(> i.fa-bolt)",
    ".o_control_panel button.o_control_panel_collapsed_create:visible",
    ".o_statusbar_buttons .dropdown-toggle:visible",
    ".o_cp_action_menus_more:visible",
)
COG = ".o_control_panel button:visible:has(> i.fa-cog)"
"""Where 18.0 has the buttons of a form on a phone; other pages and series have that menu too, without them."""

SOON = 10_000
"""How long a page may take to show its buttons, in milliseconds."""

CHANGING = (
    ".o_list_button_add, .o_form_button_create, .o_form_button_edit, .o_list_button_save, .o_form_button_save, "
    ".o_control_panel .o_list_buttons .btn-primary"
)


class Desk:
    """One window of the web client.

    :param page: an empty page
    :param url: the address of Odoo
    :param pictures: the folder for pictures of the pages
    """

    def __init__(self, page: Page, url: str, pictures: Path) -> None:
        self.page = page
        self.url = url
        self.pictures = pictures
        self.errors: list[str] = []
        self.out_of_reach: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and NOT_SHIPPED not in message.text:
            self.errors.append(f"{message.text} ({message.location.get('url')})")

    def log_in(self, login: str, password: str) -> None:
        """Fill in Odoo's login page, and wait for the web client."""
        self.page.goto(f"{self.url}/web/login")
        form = self.page.locator("form.oe_login_form")
        form.locator("input[name=login]").fill(login)
        form.locator("input[name=password]").fill(password)
        self.press(form.locator("button[type=submit]").first)
        expect(self.page.locator(".o_main_navbar .o_menu_systray")).to_be_visible()

    def press(self, button: Locator) -> None:
        """Click, and note when the button lay beside the window, where only scrolling sideways finds it."""
        button.click(trial=True)
        box = button.bounding_box()
        if not box or box["x"] < 0 or box["x"] + box["width"] > self.page.viewport_size["width"] + 1:
            self.out_of_reach.append(f"{button}: {box}")
        button.click()

    def picture(self, name: str) -> None:
        """Leave a picture of the page, and note when it is wider than the window."""
        self.page.screenshot(path=self.pictures / f"{name}.png")
        width = self.page.evaluate("document.documentElement.scrollWidth")
        if width > self.page.viewport_size["width"]:
            self.out_of_reach.append(f"{name}: the page is {width} pixels wide")

    def open_app(self) -> None:
        """Open the app from the menu of apps: at its first page, the connected assistants."""
        entry = "[data-menu-xmlid='mcp_native.menu_root']"
        if self._has_sidebar():
            self.page.locator(".o_menu_toggle").click()
            self.page.locator(".o_app_menu_sidebar .o_sidebar_topbar .btn-primary").click()
            self.press(self.page.locator(f".o_app_menu_sidebar {entry}"))
        else:
            self.page.locator(".o_navbar_apps_menu button").click()
            self.press(self.page.locator(f".o_app{entry}"))
        first_page = self.page.locator("button[name=action_end], .o_view_nocontent")
        expect(first_page.and_(self.page.locator(":visible")).first).to_be_visible()

    def open_user_menu(self, entry: str) -> None:
        """Open an entry of the user's menu at the top right. Phones have it with the other menus."""
        item = self.page.locator(f"[data-menu='{entry}']")
        self.page.locator(".o_user_menu button").first.click()
        self.press(item)

    def is_phone(self) -> bool:
        """Whether the window is as narrow as a phone's."""
        return self.page.viewport_size["width"] < 768

    def open_menu(self, xmlid: str) -> None:
        """Open a menu of the app that is open."""
        entry = f"[data-menu-xmlid='{xmlid}']"
        wide = self.page.locator(f".o_menu_sections {entry}")
        if self._has_sidebar():
            self.page.locator(".o_menu_toggle").click()
            self.press(self.page.locator(f".o_app_menu_sidebar {entry}"))
            expect(self.page.locator(".o_app_menu_sidebar")).to_have_count(0)
        elif self.page.locator(".o_mobile_menu_toggle").is_visible():
            self.page.locator(".o_mobile_menu_toggle").click()
            self.press(self.page.locator(f".o_burger_menu {entry}"))
            expect(self.page.locator(".o_burger_menu")).to_have_count(0)
        else:
            if not wide.is_visible():  # it is below another one, or below the "+" at the end
                for toggle in self.page.locator(".o_menu_sections button.dropdown-toggle:visible").all()[::-1]:
                    toggle.click()
                    if self.page.locator(f"{entry}:visible").count():
                        break
            self.press(self.page.locator(f"{entry}:visible"))

    def _has_sidebar(self) -> bool:
        """Whether menus are in the sidebar that phones have from 18.0 on."""
        return self.page.locator(".o_menu_toggle").is_visible()

    def rows(self) -> list[dict[str, str]]:
        """Return the rows of the access log, by the names of their columns."""
        expect(self.page.locator(".o_list_view .o_data_row td[name=tool]").first).to_be_visible()
        return self.page.locator(".o_data_row").evaluate_all(ROWS)

    def connection(self, name: str) -> Locator:
        """Return the row of a connected assistant, or its card on a phone."""
        rows = self.page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")
        return rows.filter(has=self.page.get_by_text(name, exact=True))

    def confirm(self) -> str:
        """Say yes to a question, and return it."""
        dialog = self.page.locator(".modal")
        asked = dialog.locator(".modal-body").inner_text()
        self.press(dialog.locator("footer .btn-primary"))
        expect(dialog).to_have_count(0)
        return asked

    def switch_view(self, name: str) -> None:
        """Choose a view of the action by its name."""
        wide = self.page.locator(f".o_switch_view.o_{name.lower()}")
        if wide.is_visible():
            self.press(wide)
        else:
            self.page.locator(".o_control_panel .o_cp_switch_buttons button:visible").first.click()
            self.press(self.page.locator(".dropdown-item:visible", has_text=name))

    def filtered(self, name: str, outcomes: set[str]) -> list[dict[str, str]]:
        """Choose a filter and return the rows, when all have one of these outcomes and each outcome is there."""
        self.rows()
        toggle = self.page.locator(".o_control_panel button:visible:has(> i.fa-search)")
        menu = self.page.locator(".o_searchview_dropdown_toggler")
        expect(toggle.or_(menu).first).to_be_visible()
        if not menu.is_visible():
            self.press(toggle)
        self.press(menu)
        self.press(self.page.locator(".o_filter_menu .o_menu_item").get_by_text(name, exact=True))
        self.page.keyboard.press("Escape")
        expect(self.page.locator(".o_filter_menu")).to_have_count(0)
        cells = self.page.locator(".o_data_row td[name=outcome]")
        for outcome in outcomes:
            expect(cells.filter(has_text=outcome).first).to_be_visible()
            cells = cells.filter(has_not_text=outcome)
        expect(cells).to_have_count(0)
        return self.rows()

    def buttons_that_change(self) -> list[str]:
        """Return the buttons with which the page offers to create or to change a record."""
        return self.page.locator(CHANGING).and_(self.page.locator(":visible")).all_inner_texts()

    def field(self, name: str) -> Locator:
        """Return a field of the form that is on top."""
        return self.page.locator(f".o_field_widget[name={name}]:visible").last

    def press_above(self, name: str) -> None:
        """Press a button above a list or a form. Phones have it in a menu, each series in another one."""
        button = self.page.locator(f"button[name={name}]:not(.o_data_row *):not(.o_kanban_record *):visible")
        menus = self.page.locator(", ".join(MENUS_OF_BUTTONS))
        try:
            expect(button.or_(menus).first).to_be_visible(timeout=SOON)
        except AssertionError:
            menus = self.page.locator(COG)
        if not button.is_visible():
            self.press(menus.first)
        self.press(button)
