# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from psycopg2.errors import ReadOnlySqlTransaction

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..compat import GROUPS
from ..orm import published
from ..protocol import InternalError, InvalidParams
from .common import let_everybody
from .custom_case import EVAL, NEW_NAME, RENAME, CustomCase

CLOSED = {"read_decision": "deny", "create_decision": "deny", "write_decision": "deny", "call_decision": "deny"}


@tagged("post_install", "-at_install")
class TestRunning(CustomCase):
    """What code is given, and what becomes of its result."""

    def test_a_published_action_is_listed_with_the_schema_of_its_arguments(self) -> None:
        link = {"name": "partner", "kind": "record", "model_id": self.partner_model.id}
        choice = {"name": "level", "kind": "choice", "choices": "low, high", "default": "low", "required": True}
        words = {"name": "words", "kind": "list", "required": True, "description": "What to look for."}
        self.publish("partner_report", "result = 'x'", [words, {"name": "since", "kind": "date"}, choice, link])
        tool = next(tool for tool in self.service().tools() if tool["name"] == "partner_report")
        text = {"type": "string"}
        properties = {
            "words": {"type": "array", "items": text, "description": "What to look for"},
            "since": {"type": "string", "description": "YYYY-MM-DD"},
            "level": {"type": "string", "enum": ["low", "high"], "default": "low"},
            "partner": {"type": "integer", "description": "id of res.partner"},
        }
        self.assertEqual(tool["inputSchema"], {"type": "object", "properties": properties, "required": ["words"]})
        self.assertEqual(tool["title"], "Partner report")
        self.assertTrue(tool["annotations"]["readOnlyHint"])

    def test_code_gets_dates_times_records_and_defaults(self) -> None:
        kinds = [
            {"name": "day", "kind": "date"},
            {"name": "moment", "kind": "datetime"},
            {"name": "partner", "kind": "record", "model_id": self.partner_model.id},
            {"name": "others", "kind": "records", "model_id": self.partner_model.id},
            {"name": "count", "kind": "integer", "default": "3"},
            {"name": "nothing", "kind": "text"},
            {"name": "words", "kind": "list"},
            {"name": "sure", "kind": "boolean", "default": "true"},
        ]
        tool = self.publish("show_arguments", "", kinds)
        seen: list[dict[str, Any]] = []
        service = self.service()
        given = {"day": "2026-11-21", "moment": "2026-11-21 14:30", "partner": self.azure.id}
        for argument in tool._declared().arguments:
            value = argument.value(service.env, given.get(argument.name))
            seen.append({argument.name: value})
        found = {name: value for entry in seen for name, value in entry.items()}
        self.assertEqual(found["day"], date(2026, 11, 21))
        self.assertEqual(found["moment"], datetime(2026, 11, 21, 13, 30))  # the user's zone is Brussels
        self.assertEqual((found["partner"], found["partner"].env.uid), (self.azure, self.plain.id))
        self.assertEqual((found["others"]._name, len(found["others"])), ("res.partner", 0))
        self.assertEqual((found["count"], found["nothing"], found["words"], found["sure"]), (3, None, [], True))

    def test_code_runs_as_the_caller_and_never_as_the_superuser(self) -> None:
        self.publish("who_am_i", "result = '%s %s' % (env.user.login, env.su)")
        self.assertEqual(self.text("who_am_i"), f"{self.plain.login} False")

    def test_records_that_the_call_names_are_those_of_the_code(self) -> None:
        self.publish("count_them", "result = '%s %s' % (len(records), record.id)", on_records=True)
        other = self.env["res.partner"].create({"name": "Other"})
        text = self.text("count_them", ids=[self.azure.id, other.id])
        self.assertEqual(text, f"2 {self.azure.id}")
        self.assertEqual(self.facts["ids"], [self.azure.id, other.id])
        self.assertEqual(self.facts["model"], "res.partner")
        self.assertIn("999999999", self.error("count_them", ids=[999999999]))

    def test_records_lists_and_actions_are_answered_as_those_of_any_tool(self) -> None:
        self.publish("give_records", f"result = env['res.partner'].browse({self.azure.id})")
        self.assertEqual(self.text("give_records"), f"res.partner: Azure Interior #{self.azure.id}")
        rows = "[{'name': 'a|b', 'total': 2.5}, {'name': 'c', 'day': datetime.date(2026, 1, 2)}]"
        self.publish("give_rows", f"result = {rows}")
        self.assertEqual(self.text("give_rows"), "name|total|day\na\\|b|2.5|\nc||2026-01-02")
        self.publish("give_action", "action = {'type': 'ir.actions.act_url', 'url': '/odoo'}")
        self.assertEqual(self.text("give_action"), "Would open the address /odoo")
        self.publish("give_nothing", "pass")
        self.assertEqual(self.text("give_nothing"), "Done; the method returned nothing.")

    def test_a_long_table_is_cut_to_what_the_profile_lets_be_read(self) -> None:
        self.rules.max_rows = 2
        self.publish("give_rows", "result = [{'n': n} for n in range(5)]")
        self.assertEqual(self.text("give_rows"), "n\n0\n1\n… and 3 more rows. Ask for fewer.")

    def test_what_code_refuses_is_told_and_leaves_no_trace(self) -> None:
        code = "records.write({'name': 'Half done'})\nraise UserError('Not on Fridays')"
        self.publish("half_done", code, on_records=True, read_only=False)
        self.assertEqual(self.error("half_done", ids=self.azure.ids), "Not on Fridays")
        self.assertEqual(self.azure.name, "Azure Interior")

    def test_a_mistake_in_the_code_is_told_by_a_reference_only(self) -> None:
        self.publish("mistaken", "secret_word = 1 / [][0]")
        with mute_logger(EVAL), self.assertRaises(InternalError) as caught:
            self.result("mistaken")
        self.assertNotIn("secret_word", str(caught.exception))

    def test_arguments_of_another_type_are_refused_before_the_code_runs(self) -> None:
        self.publish("typed", "result = 'ran'", [{"name": "n", "kind": "integer"}, {"name": "day", "kind": "date"}])
        self.assertIn("an integer", self.error("typed", n="many"))
        self.assertIn("day:", self.error("typed", day="tomorrow"))
        self.assertIn("unknown argument", self.error("typed", m=1))

    def test_an_argument_is_a_value_and_no_code(self) -> None:
        self.publish("echo", "result = arguments['word']", [{"name": "word", "kind": "text"}])
        for attack in ("env.user.login", "'); env.cr.commit(); ('", "{0.__class__}", "${env}", "%(env)s", "\\"):
            self.assertEqual(self.text("echo", word=attack), attack)

    def test_other_server_actions_are_given_no_arguments(self) -> None:
        inner = self.action("raise UserError(str(arguments))")
        self.publish("outer", f"env['ir.actions.server'].browse({inner.id}).run()", [{"name": "word", "kind": "text"}])
        with mute_logger(EVAL), self.assertRaises(InternalError) as caught:
            self.result("outer", word="secret")
        self.assertIn("arguments", str(caught.exception.__cause__))

    def test_child_actions_run_as_the_caller_and_have_the_arguments(self) -> None:
        child = self.action("result = '%s %s' % (env.su, arguments['word'])")
        parent = self.action("", state="multi", child_ids=[(6, 0, child.ids)])
        self.publish("parents", "", [{"name": "word", "kind": "text"}], action_id=parent.id, on_records=True)
        self.assertEqual(self.text("parents", word="hello", ids=self.azure.ids), "False hello")


@tagged("post_install", "-at_install")
class TestHeld(CustomCase):
    """A custom tool is held by rights, profile and consent as any other."""

    def rename_tool(self, **more: Any) -> None:
        self.publish("rename_them", RENAME, [NEW_NAME], on_records=True, read_only=False, **more)

    def rule(self, pattern: str = "res.partner", **values: Any) -> None:
        self.env["mcp_native.profile.rule"].create({"profile_id": self.rules.id, "pattern": pattern, **values})

    def names(self, user: Any = None, **kwargs: Any) -> list[str]:
        return [tool["name"] for tool in self.service(user, **kwargs).tools()]

    # -- rights of Odoo

    def test_only_users_of_its_groups_have_it(self) -> None:
        group = self.env["res.groups"].create({"name": "Chosen"})
        self.publish("for_some", "result = 'ok'", group_ids=[(6, 0, group.ids)])
        self.assertNotIn("for_some", self.names())
        with self.assertRaisesRegex(InvalidParams, "no tool"):
            self.result("for_some")
        member = new_test_user(self.env, "mcp_member", groups="base.group_user,mcp_native.group_user")
        field = "group_ids" if "group_ids" in member._fields else "groups_id"
        member.write({field: [(4, group.id)]})
        self.env.user.write({field: [(4, self.env.ref("base.group_partner_manager").id)]})
        self.assertNotIn("for_some", self.names(member))  # may not change contacts, which Odoo asks for
        member.write({field: [(4, self.env.ref("base.group_partner_manager").id)]})
        self.assertIn("for_some", self.names(member))
        self.assertEqual(self.text("for_some", member), "ok")

    def test_the_groups_of_the_action_hold(self) -> None:
        self.publish("for_system", "result = 'ok'", groups=self.env.ref("base.group_system"))
        self.assertNotIn("for_system", self.names())
        self.assertEqual(self.text("for_system", self.admin), "ok")

    def test_groups_that_the_action_gets_later_hold_at_once(self) -> None:
        tool = self.publish("for_all", "result = 'ok'")
        self.assertIn("for_all", self.names())
        tool.action_id[GROUPS] = self.env.ref("base.group_system")
        self.assertNotIn("for_all", self.names())

    def test_who_may_only_read_the_model_has_it_through_a_group_of_the_action(self) -> None:
        reader = new_test_user(self.env, "mcp_reader", groups="base.group_user,mcp_native.group_user")
        self.publish("by_right", "result = 'ok'")
        self.publish("by_group", "result = 'ok'", groups=self.env.ref("base.group_user"))
        self.assertNotIn("by_right", self.names(reader))
        self.assertEqual(self.text("by_group", reader), "ok")

    def test_what_was_chosen_in_a_form_is_not_done_to_records_that_the_user_may_not_change(self) -> None:
        name = self.env["ir.model.fields"]._get("res.partner", "name")
        values = {"state": "object_write", "value": "Overwritten"}
        path = {"update_path": "name"} if "update_path" in self.env["ir.actions.server"]._fields else {}
        action = self.action("", groups=self.env.ref("base.group_user"), update_field_id=name.id, **values, **path)
        self.publish("overwrite", "", action_id=action.id, on_records=True, read_only=False)
        reader = new_test_user(self.env, "mcp_reader", groups="base.group_user,mcp_native.group_user")
        self.error("overwrite", reader, ids=self.azure.ids)
        self.assertEqual(self.azure.name, "Azure Interior")
        self.text("overwrite", ids=self.azure.ids)
        self.azure.invalidate_recordset()
        self.assertEqual(self.azure.name, "Overwritten")

    def test_a_tool_that_only_reads_cannot_write(self) -> None:
        self.publish("writes_secretly", "record.write({'name': 'Changed'})\nenv.flush_all()", on_records=True)
        text = self.error("writes_secretly", ids=self.azure.ids)
        self.assertIn("would write", text)
        self.assertEqual(self.azure.name, "Azure Interior")

    def test_a_write_on_a_read_only_cursor_is_left_to_odoo_to_replay(self) -> None:
        tool = self.publish("sql_writes", "env.cr.execute('UPDATE res_partner SET name = name WHERE id = 0')")
        with self.assertRaises(ReadOnlySqlTransaction), self.env.cr.savepoint():
            self.env.cr.execute("SET TRANSACTION READ ONLY")
            published.carry_out(tool.action_id, self.env["res.partner"], {})

    def test_a_credential_for_reading_has_only_those_that_read(self) -> None:
        self.rename_tool()
        self.publish("only_reads", "result = 'ok'")
        names = self.names(scopes=frozenset({"mcp:read"}))
        self.assertIn("only_reads", names)
        self.assertNotIn("rename_them", names)

    # -- the profile

    def test_a_profile_that_lets_nothing_be_changed_leaves_those_that_read(self) -> None:
        let_everybody(self.env, "read_only")
        self.rename_tool()
        self.publish("only_reads", f"result = env['res.partner'].search_count([('id', '=', {self.azure.id})])")
        self.assertNotIn("rename_them", self.names())
        self.assertEqual(self.text("only_reads"), "1")

    def test_all_of_them_are_switched_off_as_a_toolset(self) -> None:
        self.publish("only_reads", "result = 'ok'")
        self.rules.toolset_off_ids = self.env["ir.model"]._get("mcp_native.toolset.custom")
        self.assertNotIn("only_reads", self.names())
        with self.assertRaises(InvalidParams):
            self.result("only_reads")

    def test_a_model_that_may_not_be_read_has_no_tools_that_work(self) -> None:
        self.publish("only_reads", "result = 'leak'")
        self.rule(**CLOSED)
        self.assertIn("no model", self.error("only_reads"))

    def test_methods_that_a_profile_lists_are_the_only_tools_too(self) -> None:
        self.publish("first_tool", "result = 'ok'")
        self.publish("second_tool", "result = 'ok'", read_only=False)
        self.publish("third_tool", "result = 'ok'")
        self.rule(methods="tool_first_tool")
        self.assertEqual(self.text("first_tool"), "ok")
        self.assertIn("tool_second_tool", self.error("second_tool"))
        self.assertIn("tool_third_tool", self.error("third_tool"))

    def test_a_profile_that_denies_calls_denies_what_changes_data(self) -> None:
        self.rename_tool()
        self.rule(call_decision="deny")
        self.assertIn("does not let you", self.error("rename_them", ids=self.azure.ids, new_name="X"))
        self.assertEqual(self.azure.name, "Azure Interior")

    def test_code_that_reads_sees_no_records_outside_the_profile(self) -> None:
        hidden = self.env["res.partner"].create({"name": "Zq Hidden"})
        self.publish("look", "result = env['res.partner'].search([('name', 'like', 'Zq')])")
        self.publish("of_records", "result = 'ran'", on_records=True)
        self.publish("of_argument", "result = 'ran'", [
            {"name": "partner", "kind": "record", "model_id": self.partner_model.id}
        ])  # fmt: skip
        self.assertIn("Zq Hidden", self.text("look"))
        self.rule(domain=f"[('id', '!=', {hidden.id})]")
        self.assertEqual(self.text("look"), "no records (res.partner)")
        self.assertIn("leaves only some", self.error("of_records", ids=hidden.ids))
        self.assertIn("leaves only some", self.error("of_argument", partner=hidden.id))

    def test_what_the_profile_hides_is_taken_out_of_results_of_business_code(self) -> None:
        hidden = self.env["res.partner"].create({"name": "Zq Hidden", "ref": "Zq Ref"})
        code = "found = env['res.partner'].search([('name', 'like', 'Zq')])\nresult = %s"
        self.publish("give_records", code % "found", read_only=False)
        self.publish("give_rows", code % "[{'ref': one.ref, 'n': 1} for one in found]", read_only=False)
        self.rule(domain=f"[('id', '!=', {hidden.id})]", hidden_fields="ref")
        self.assertEqual(self.text("give_records"), "no records (res.partner)")
        self.assertEqual(self.text("give_rows"), "n\n1")

    def test_more_records_than_the_profile_allows_are_refused(self) -> None:
        self.rename_tool()
        self.rules.max_records = 1
        other = self.env["res.partner"].create({"name": "Other"})
        self.assertIn("allows 1", self.error("rename_them", ids=[self.azure.id, other.id], new_name="X"))

    # -- consent, undo, log

    def test_a_preview_shows_the_changes_and_makes_none(self) -> None:
        self.rename_tool()
        text = self.text("rename_them", ids=self.azure.ids, new_name="Renamed", dry_run=True)
        self.assertIn("Azure Interior → Renamed", text)
        self.assertNotIn("cannot be undone", text)
        self.env.invalidate_all()
        self.assertEqual(self.azure.name, "Azure Interior")

    def test_a_confirmation_is_asked_for_and_holds_once(self) -> None:
        let_everybody(self.env, "assistant")
        self.rename_tool()
        text, token = self.asked("rename_them", ids=self.azure.ids, new_name="Renamed")
        self.assertIn("Azure Interior → Renamed", text)
        self.assertEqual(self.azure.name, "Azure Interior")
        self.text_of("rename_them", ids=self.azure.ids, new_name="Renamed", confirmation=token)
        self.assertEqual(self.azure.name, "Renamed")

    def test_a_confirmation_does_not_hold_for_code_that_was_changed_meanwhile(self) -> None:
        let_everybody(self.env, "assistant")
        self.rename_tool()
        _text, token = self.asked("rename_them", ids=self.azure.ids, new_name="Renamed")
        tool = self.env["mcp_native.custom.tool"].search([("name", "=", "rename_them")])
        self.env.flush_all()
        stamp = "UPDATE ir_act_server SET write_date = write_date + interval '1 second' WHERE id = %s"
        self.env.cr.execute(stamp, [tool.action_id.id])  # a test has one time for all that it writes
        text = self.text_of("rename_them", ids=self.azure.ids, new_name="Renamed", confirmation=token)
        self.assertIn("Somebody changed", text)
        self.assertEqual(self.azure.name, "Azure Interior")

    def test_a_connection_can_ask_for_these_tools_only(self) -> None:
        self.publish("only_reads", "result = 'ok'")
        toolset = self.env["mcp_native.toolset"]
        self.assertEqual(toolset._groups()["mcp_native.toolset.custom"], "custom")
        for groups, there in (("custom", True), ("records", False)):
            service = self.service()
            service.toolsets = toolset._chosen_groups([groups])
            self.assertEqual("only_reads" in [tool["name"] for tool in service.tools()], there)

    def test_a_tool_is_a_step_of_a_batch(self) -> None:
        self.rename_tool()
        steps = [
            {"tool": "search_records", "arguments": {"model": "res.partner", "domain": [["id", "=", self.azure.id]]}},
            {"tool": "rename_them", "arguments": {"ids": "$1.ids", "new_name": "Renamed"}},
        ]
        self.text("batch", steps=steps)
        self.assertEqual(self.azure.name, "Renamed")

    def test_code_does_not_commit_in_the_middle(self) -> None:
        code = "records.write({'name': 'Kept'})\nenv.cr.commit()\nraise UserError('too late')"
        self.publish("commits", code, on_records=True, read_only=False)
        self.assertIn("commit", self.error("commits", ids=self.azure.ids))
        self.assertEqual(self.azure.name, "Azure Interior")

    def test_an_approval_is_asked_for_and_carried_out_later(self) -> None:
        self.rename_tool()
        self.rule(call_decision="approve")
        text = self.text_of("rename_them", ids=self.azure.ids, new_name="Renamed", reason="asked")
        approval = self.env["mcp_native.approval"].search([("tool", "=", "rename_them")])
        self.assertIn(f"#{approval.id}", text)
        self.assertIn("Rename them", approval.display_name)
        self.assertEqual(self.azure.name, "Azure Interior")

    def test_what_it_changed_is_undone(self) -> None:
        self.rename_tool()
        self.text("rename_them", ids=self.azure.ids, new_name="Renamed")
        change = self.env["mcp_native.change"].search([("tool", "=", "rename_them")])
        self.assertEqual((change.model, change.res_id, change.direct), ("res.partner", self.azure.id, True))
        self.text("undo_changes", changes=change.ids)
        self.env.invalidate_all()
        self.assertEqual(self.azure.name, "Azure Interior")

    def test_the_limits_count_it_as_what_it_is(self) -> None:
        self.rename_tool()
        self.publish("only_reads", "result = 'ok'")
        toolset = self.env["mcp_native.toolset"]
        self.assertFalse(toolset._is_read_only("rename_them"))
        self.assertTrue(toolset._is_read_only("only_reads"))
        self.assertTrue(toolset.with_user(self.env.ref("base.public_user"))._is_read_only("only_reads"))
