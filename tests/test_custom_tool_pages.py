# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import let_everybody
from .custom_case import EVAL, NEW_NAME, RENAME, CustomCase


@tagged("post_install", "-at_install")
class TestMaking(CustomCase):
    """Who makes tools, and what is no tool."""

    def test_only_who_may_write_server_actions_makes_tools(self) -> None:
        manager = new_test_user(self.env, "mcp_maker", groups="base.group_user,mcp_native.group_manager")
        tool = self.publish("made_by_admin", "result = 1", [{"name": "word", "kind": "text"}])
        values = {"title": "T", "name": "mine", "description": "d", "action_id": tool.action_id.id}
        for user in (self.plain, manager):
            mine = tool.with_user(user)
            for attempt in (
                lambda mine=mine: mine.create(values),
                lambda mine=mine: mine.write({"code": "result = 2"}),
                lambda mine=mine: mine.write({"group_ids": [(5,)]}),
                lambda mine=mine: mine.argument_ids.write({"default": "x"}),
                lambda mine=mine: mine.copy(),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.action_test(),
            ):
                with self.subTest(user.login), mute_logger("odoo.addons.base.models.ir_model"):
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        attempt()
        self.assertEqual(tool.with_user(manager).read(["name"])[0]["name"], "made_by_admin")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            tool.with_user(self.plain).read(["name"])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            tool.with_user(manager).read(["code"])

    def test_an_assistant_cannot_make_tools_even_for_an_administrator(self) -> None:
        self.publish("victim", "result = 1")
        for model in ("mcp_native.custom.tool", "mcp_native.custom.tool.argument", "mcp_native.tool.wording"):
            self.assertIn("no model", self.error("search_records", self.admin, model=model))
            self.error("create_records", self.admin, model=model, values=[{"name": "x"}])

    def test_the_administrator_makes_one_in_the_form(self) -> None:
        tool = self.publish("made_here", "result = 1", [{"name": "word", "kind": "text"}]).with_user(self.admin)
        tool.code = "result = arguments['word']"
        self.assertEqual(self.text("made_here", word="new code"), "new code")
        self.assertIn('"made_here"', tool.shown)
        self.assertGreater(tool.shown_size, 100)

    def test_wrong_names_are_refused(self) -> None:
        for name in ("Check", "a b", "x" * 65, "search_records", "naïve"):
            with self.subTest(name), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.publish(name, "pass")

    def test_wrong_arguments_are_refused(self) -> None:
        wrong = (
            {"name": "Word"},
            {"name": "import"},
            {"name": "dry_run"},
            {"name": "__class__"},
            {"name": "level", "kind": "choice"},
            {"name": "partner", "kind": "record"},
            {"name": "count", "kind": "integer", "default": "many"},
            {"name": "day", "kind": "date", "default": "today"},
            {"name": "level", "kind": "choice", "choices": "low, high", "default": "middle"},
        )
        for values in wrong:
            with self.subTest(values), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.publish("wrong_one", "pass", [{"kind": "text", **values}])
        ids = {"name": "ids", "kind": "records", "model_id": self.partner_model.id}
        for twice in ([ids], [{"name": "a", "kind": "text"}, {"name": "a", "kind": "date"}]):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.publish("wrong_one", "pass", twice, on_records=True)

    def test_what_reads_neither_destroys_nor_reaches_outside(self) -> None:
        for hint in ("destructive", "open_world"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.publish("wrong_one", "pass", **{hint: True})

    def test_what_is_chosen_in_a_form_needs_records(self) -> None:
        action = self.action("", state="webhook", webhook_url="https://example.com/hook")
        with self.assertRaises(ValidationError):
            self.publish("wrong_one", "", action_id=action.id, read_only=False)

    def test_an_archived_tool_and_one_whose_action_is_gone_are_not_there(self) -> None:
        tool = self.publish("short_lived", "result = 1")
        self.text("short_lived")
        tool.active = False
        self.assertNotIn("short_lived", [found["name"] for found in self.service().tools()])
        tool.active = True
        self.text("short_lived")
        tool.action_id.unlink()
        self.assertNotIn("short_lived", [found["name"] for found in self.service().tools()])
        self.assertFalse(tool.exists())

    def test_a_copy_waits_archived_under_a_name_of_its_own(self) -> None:
        copy = self.publish("original", "result = 1", [{"name": "word", "kind": "text"}]).copy()
        self.assertEqual((copy.name, copy.active, copy.argument_ids.mapped("name")), ("original_copy", False, ["word"]))


@tagged("post_install", "-at_install")
class TestTesting(CustomCase):
    """The page on which an administrator tries a tool."""

    def page(self, tool: Any, **inputs: Any) -> Any:
        action = tool.with_user(self.admin).action_test()
        page = self.env[action["res_model"]].with_user(self.admin).browse(action["res_id"])
        defined = page.read(["inputs"])[0]["inputs"]
        for entry in defined:
            if entry["name"] in inputs:
                entry["value"] = inputs[entry["name"]]
        page.inputs = defined
        self.env.flush_all()
        return page

    def test_the_page_has_an_input_for_every_argument(self) -> None:
        kinds = ["text", "number", "integer", "boolean", "date", "datetime", "list"]
        lines = [{"name": f"a_{kind}", "kind": kind} for kind in kinds]
        lines += [
            {"name": "a_choice", "kind": "choice", "choices": "low,high", "required": True},
            {"name": "a_record", "kind": "record", "model_id": self.partner_model.id},
            {"name": "a_records", "kind": "records", "model_id": self.partner_model.id},
        ]
        code = "result = ', '.join(sorted(name for name, value in arguments.items() if value))"
        tool = self.publish("many_kinds", code, lines, on_records=True)
        page = self.page(
            tool,
            ids=self.azure.ids,
            a_text="word",
            a_number=2.5,
            a_integer=3,
            a_boolean=True,
            a_date="2026-11-21",
            a_datetime="2026-11-21 10:00:00",
            a_list="one, two",
            a_choice="high",
            a_record=self.azure.id,
            a_records=self.azure.ids,
        )
        page.action_run()
        self.assertFalse(page.refused, page.answer)
        self.assertEqual(page.answer, ", ".join(sorted(line["name"] for line in lines)))
        self.assertIn('"a_list": [\n', page.sent)
        self.assertIn('"2026-11-21 10:00:00Z"', page.sent)

    def test_a_preview_changes_nothing_and_a_run_does(self) -> None:
        self.rules = let_everybody(self.env, "assistant")
        tool = self.publish("rename_them", RENAME, [NEW_NAME], on_records=True, read_only=False)
        page = self.page(tool, ids=self.azure.ids, new_name="Renamed")
        page.action_preview()
        self.assertIn("Azure Interior → Renamed", page.answer)
        self.assertEqual(self.azure.name, "Azure Interior")
        page.action_run()
        self.assertIn("Renamed", page.answer)
        self.env.invalidate_all()
        self.assertEqual(self.azure.name, "Renamed")

    def test_a_refusal_and_a_mistake_are_shown(self) -> None:
        page = self.page(self.publish("refuses", "raise UserError('Not today')"))
        page.action_run()
        self.assertEqual((page.answer, page.refused), ("Not today", True))
        page = self.page(self.publish("mistaken", "1 / [][0]"))
        with mute_logger(EVAL):
            page.action_run()
        self.assertTrue(page.refused)
        self.assertIn("IndexError", page.answer)

    def test_an_archived_tool_is_tried_before_it_is_published(self) -> None:
        page = self.page(self.publish("draft", "result = env.user.login", active=False))
        page.action_run()
        self.assertEqual(page.answer, self.admin.login)

    def test_nobody_adds_inputs_to_the_page(self) -> None:
        page = self.page(self.publish("draft", "result = 1", [{"name": "word", "kind": "text"}]))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            page.form_id.with_user(self.admin).write({"inputs": []})
