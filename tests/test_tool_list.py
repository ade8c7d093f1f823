# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
import os
import re
from pathlib import Path

from odoo.tests import tagged

from ..orm.methods import INSTEAD
from ..protocol import InvalidParams
from .common import let_everybody
from .tool_case import ToolCase

SNAPSHOTS = Path(__file__).parent / "snapshots"
GENERAL_TOOLS = [
    "aggregate_records",
    "archive_records",
    "attach_file",
    "batch",
    "call_method",
    "complete_activity",
    "copy_records",
    "create_records",
    "delete_records",
    "describe_model",
    "export_records",
    "find_records",
    "follow_record",
    "get_approval",
    "get_context",
    "import_records",
    "list_actions",
    "list_activities",
    "list_attachments",
    "list_changes",
    "list_models",
    "post_message",
    "prepare_record",
    "read_attachment",
    "read_messages",
    "read_records",
    "render_report",
    "run_action",
    "schedule_activity",
    "search_records",
    "undo_changes",
    "update_records",
]


@tagged("post_install", "-at_install")
class TestToolList(ToolCase):
    def general_tools(self) -> list[dict]:
        return [tool for tool in self.service().tools() if tool["name"] in GENERAL_TOOLS]

    def test_the_general_tools_are_there_in_the_order_of_their_names(self) -> None:
        names = [tool["name"] for tool in self.service().tools()]
        self.assertEqual(names, sorted(names))
        self.assertEqual([tool["name"] for tool in self.general_tools()], GENERAL_TOOLS)

    def test_the_list_of_general_tools_stays_under_16000_characters_in_every_ready_made_profile(self) -> None:
        for profile in ("read_only", "assistant", "full"):
            let_everybody(self.env, profile)
            with self.subTest(profile):
                wire = json.dumps(self.general_tools(), ensure_ascii=False, separators=(",", ":"))
                self.assertLessEqual(len(wire), 16000)

    def test_arguments_that_cannot_matter_are_not_shown_and_accepted_all_the_same(self) -> None:
        shown = {tool["name"]: tool["inputSchema"].get("properties", {}) for tool in self.general_tools()}
        self.assertNotIn("companies", shown["search_records"])
        self.assertNotIn("confirmation", shown["delete_records"])
        self.text("count_records", model="res.partner", companies=self.plain.company_id.ids)
        other = self.env["res.company"].create({"name": "Second Company"})
        self.plain.company_ids += other
        let_everybody(self.env, "assistant")
        shown = {tool["name"]: tool["inputSchema"].get("properties", {}) for tool in self.general_tools()}
        self.assertEqual(shown["search_records"]["companies"], {"type": "array", "items": {"type": "integer"}})
        self.assertIn("confirmation", shown["delete_records"])

    def test_a_tool_that_another_one_replaced_is_in_no_list_and_can_be_called(self) -> None:
        self.assertNotIn("count_records", [tool["name"] for tool in self.service().tools()])
        self.assertRegex(self.text("count_records", model="res.partner"), r"^\d+ res.partner")

    def test_what_is_said_to_use_instead_of_a_method_is_in_the_list(self) -> None:
        self.assertLessEqual(set(INSTEAD.values()), {tool["name"] for tool in self.service().tools()})

    def test_every_tool_states_its_title_its_description_and_its_hints(self) -> None:
        """A hint is left out where it would say what the protocol takes for granted (ToolAnnotations)."""
        for tool in self.service().tools():
            with self.subTest(tool["name"]):
                self.assertTrue(tool["title"])
                self.assertTrue(0 < len(tool["description"]) <= 600, tool["description"])
                taken = {"readOnlyHint": False, "destructiveHint": True, "idempotentHint": False, "openWorldHint": True}
                declaration = self.service()._tool(tool["name"]).declaration
                stated = {**taken, **tool["annotations"]}
                self.assertIn("readOnlyHint", tool["annotations"])
                self.assertEqual(stated["readOnlyHint"], declaration.read_only)
                self.assertEqual(stated["openWorldHint"], declaration.open_world)
                if not declaration.read_only:
                    self.assertEqual(stated["destructiveHint"], declaration.destructive)
                    self.assertEqual(stated["idempotentHint"], declaration.idempotent)
                self.assertEqual(tool["inputSchema"]["type"], "object")

    def test_the_wire_form_of_every_tool_is_the_one_kept_as_a_snapshot(self) -> None:
        """To accept a change on purpose, run this test with MCP_NATIVE_SNAPSHOTS=write and commit the files."""
        for tool in self.general_tools():
            path = SNAPSHOTS / f"{tool['name']}.json"
            text = json.dumps(tool, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
            if os.environ.get("MCP_NATIVE_SNAPSHOTS") == "write":
                path.write_text(text, encoding="utf-8")
            with self.subTest(tool["name"]):
                self.assertEqual(path.read_text(encoding="utf-8"), text)
        self.assertEqual(sorted(path.stem for path in SNAPSHOTS.glob("*.json")), GENERAL_TOOLS)

    def test_the_table_of_the_readme_names_exactly_the_general_tools(self) -> None:
        readme = Path(__file__).parent.parent / "README.rst"
        named = re.findall(r"^``([a-z_]+)`` {2,}\S", readme.read_text(encoding="utf-8"), re.MULTILINE)
        self.assertEqual(sorted(named), GENERAL_TOOLS)

    def test_an_unknown_tool_is_an_error_with_the_nearest_name(self) -> None:
        with self.assertRaisesRegex(InvalidParams, "search_records"):
            self.result("search_record", model="res.partner")

    def test_an_argument_of_another_name_is_an_error_with_the_nearest_name(self) -> None:
        text = self.error("search_records", model="res.partner", feilds=["name"])
        self.assertIn("fields", text)

    def test_the_instructions_say_who_where_and_when_in_2000_characters(self) -> None:
        text = self.service().instructions()
        self.assertLessEqual(len(text), 2000)
        for word in (self.plain.name, self.env.company.name, "Europe/Brussels", "en_US"):
            self.assertIn(word, text)
