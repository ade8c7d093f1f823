# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..orm import changes
from ..protocol import Call, InvalidParams
from .common import let_everybody
from .custom_case import CustomCase

FETCH = {"tool": "read_records", "name": "fetch_records"}
READ = {"model": "res.partner"}


@tagged("post_install", "-at_install")
class TestToolWording(CustomCase):
    def word(self, **values: Any) -> Any:
        return self.env["mcp_native.tool.wording"].create(values)

    def listed(self, user: Any = None, **kwargs: Any) -> dict[str, dict[str, Any]]:
        return {tool["name"]: tool for tool in self.service(user, **kwargs).tools()}

    def test_a_renamed_tool_is_listed_by_its_new_name_and_called_by_both(self) -> None:
        before = self.listed()["read_records"]
        self.word(**FETCH)
        tools = self.listed()
        self.assertNotIn("read_records", tools)
        self.assertEqual(tools["fetch_records"] | {"name": "read_records"}, before)
        self.assertEqual(list(tools), sorted(tools))
        for name in ("fetch_records", "read_records"):
            self.assertIn("Azure Interior", self.text(name, **READ, ids=self.azure.ids))
            self.assertEqual(self.facts["tool"], "fetch_records")

    def test_a_tool_has_the_title_and_description_of_this_database(self) -> None:
        self.word(tool="read_records", title="Look at records", description="Shows all of\n one record.")
        tool = self.listed()["read_records"]
        self.assertEqual((tool["title"], tool["description"]), ("Look at records", "Shows all of one record."))

    def test_a_title_is_in_the_language_of_the_user(self) -> None:
        self.env["res.lang"]._activate_lang("fr_FR")
        self.word(tool="read_records", title="Look").with_context(lang="fr_FR").title = "Regarder"
        self.plain.lang = "fr_FR"
        self.assertEqual(self.listed()["read_records"]["title"], "Regarder")
        self.assertEqual(self.listed(self.admin)["read_records"]["title"], "Look")

    def test_a_hidden_tool_is_nobody_s_under_any_name(self) -> None:
        self.word(**FETCH, hidden=True)
        for user in (self.plain, self.admin):
            self.assertFalse({"read_records", "fetch_records"} & set(self.listed(user)))
            for name in ("read_records", "fetch_records"):
                with self.assertRaises(InvalidParams):
                    self.result(name, user, **READ, ids=self.azure.ids)

    def test_an_approval_for_a_tool_that_was_renamed_meanwhile_is_still_carried_out(self) -> None:
        self.word(tool="update_records", name="change_records")
        call = Call(id=None, method="tools/call", params={"name": "update_records", "arguments": self.phone()})
        stamps = changes.stamps(self.env, {"res.partner": self.azure.ids})
        done = self.service().carry_out(call, "update_records", self.phone(), stamps=stamps, level="approve")
        self.assertFalse(done.is_error, done.content)

    def test_former_names_go_on_to_be_understood(self) -> None:
        wording = self.word(**FETCH)
        wording.name = "get_records"
        self.assertEqual(wording.aliases, "fetch_records")
        wording.name = "load_records"
        self.assertEqual(wording.aliases, "get_records fetch_records")
        wording.name = "fetch_records"
        self.assertEqual(wording.aliases, "load_records get_records")
        wording.name = False
        self.assertIn("read_records", self.listed())
        for name in ("fetch_records", "get_records", "load_records", "read_records"):
            self.text(name, **READ, ids=self.azure.ids)
        wording.aliases = False
        with self.assertRaises(InvalidParams):
            self.text("get_records", **READ, ids=self.azure.ids)

    def test_no_name_stands_for_two_tools(self) -> None:
        self.word(**FETCH)
        self.publish("custom_one", "result = 1")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.word(tool="search_records", name="fetch_records")
        taken = ("fetch_records", "delete_records", "custom_one", "read_records")
        for name in taken:
            for tried in ("some_name", name if name != "fetch_records" else "some_name"):
                aliases = name if tried != name else False
                with self.subTest(tried, aliases=aliases), self.assertRaises(ValidationError):
                    with self.env.cr.savepoint():
                        self.word(tool="search_records", name=tried, aliases=aliases)
            if name != "custom_one":
                with self.subTest(name), self.assertRaises(ValidationError), self.env.cr.savepoint():
                    self.publish(name, "result = 1")
        with self.assertRaises(ValidationError):
            self.word(tool="search_records", name="Search Records")

    def test_a_name_that_an_addon_brings_later_is_the_addon_s(self) -> None:
        wording = self.word(tool="read_records", name="some_name", aliases="other_name")
        custom = self.publish("third_name", "result = 'custom'")
        # past the checks, as if the addon had come after them
        self.env.cr.execute(
            "UPDATE mcp_native_tool_wording SET name = 'delete_records', aliases = 'count_records' WHERE id = %s",
            [wording.id],
        )
        self.env.cr.execute(
            "UPDATE mcp_native_custom_tool SET name = 'search_records' WHERE id = %s", [custom.id]
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        tools = self.listed()
        self.assertIn("read_records", tools)
        self.assertFalse(tools["delete_records"]["annotations"]["readOnlyHint"])
        self.assertIn("(archived left out)", self.text("count_records", model="res.partner"))
        self.assertNotEqual(self.text("search_records", model="res.partner", limit=1), "custom")

    def test_a_new_name_gives_no_right(self) -> None:
        """What may write stays what may write, under every name."""
        self.word(tool="delete_records", name="read_more", aliases="read_even_more")
        toolset = self.env["mcp_native.toolset"]
        for name in ("delete_records", "read_more", "read_even_more"):
            self.assertFalse(toolset._is_read_only(name))
            with self.assertRaises(InvalidParams):
                self.service(scopes=frozenset({"mcp:read"}))._tool(name)
        let_everybody(self.env, "assistant")
        text = self.text_of("read_even_more", **READ, ids=self.azure.ids, reason="test")
        self.assertIn("Waits for approval", text)
        self.assertTrue(self.azure.exists())

    def test_a_batch_is_counted_as_its_steps_under_every_name(self) -> None:
        self.word(tool="batch", name="do_several")
        steps = {"steps": [{"tool": "count_records", "arguments": READ}, {"tool": "update_records"}]}
        for name in ("batch", "do_several"):
            self.assertEqual(self.service()._run_by(name, steps), ["count_records", "update_records"])

    def test_texts_that_name_tools_use_the_names_of_this_database(self) -> None:
        self.word(tool="search_records", name="list_rows")
        self.assertIn("list_rows", self.service().instructions())
        self.assertNotIn("search_records", self.service().instructions())
        self.word(tool="find_records", description="Finds; search_records shows them. research_records is no tool.")
        text = self.listed()["find_records"]["description"]
        self.assertEqual(text, "Finds; list_rows shows them. research_records is no tool.")

    def test_custom_tools_are_renamed_too(self) -> None:
        self.publish("custom_one", "result = 'ran'")
        self.word(tool="custom_one", name="custom_two")
        self.assertIn("custom_two", self.listed())
        self.assertEqual(self.text("custom_two"), "ran")
        self.assertEqual(self.text("custom_one"), "ran")

    def test_managers_choose_the_words_and_nobody_else(self) -> None:
        manager = new_test_user(self.env, "mcp_words", groups="base.group_user,mcp_native.group_manager")
        wording = self.env["mcp_native.tool.wording"].with_user(manager).create(FETCH)
        self.assertGreater(wording.list_size, 1000)
        self.assertIn("Read records", wording.original)
        self.assertIn("fetch_records", self.listed())
        for attempt in (
            lambda: wording.with_user(self.plain).write({"hidden": True}),
            lambda: wording.with_user(self.plain).unlink(),
            lambda: wording.with_user(self.plain).create({"tool": "count_records", "hidden": True}),
        ):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                attempt()

    def test_words_that_go_leave_the_tool_as_it_comes(self) -> None:
        self.word(**FETCH).unlink()
        self.assertIn("read_records", self.listed())
        with self.assertRaises(InvalidParams):
            self.result("fetch_records", **READ, ids=self.azure.ids)
