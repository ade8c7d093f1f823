# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a profile says beside its rules, as a call meets it: tools, companies, language, sizes."""

from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from odoo.addons.mcp_native.protocol import InvalidParams

from .common import let_everybody, shared_cursor
from .tool_case import ToolCase

WRITING = (
    "archive_records",
    "attach_file",
    "batch",
    "call_method",
    "complete_activity",
    "copy_records",
    "create_records",
    "delete_records",
    "follow_record",
    "import_records",
    "post_message",
    "run_action",
    "schedule_activity",
    "undo_changes",
    "update_records",
)


class ProfileCase(ToolCase):
    profile_name = "full"

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.profile = let_everybody(cls.env, cls.profile_name)
        cls.partners = cls.env["res.partner"].create([{"name": f"Sized {number}"} for number in range(5)])
        cls.activity = cls.partners[0].activity_schedule("mail.mail_activity_data_todo", user_id=cls.plain.id)
        model = cls.env["ir.model"]._get("res.partner")
        code = {"state": "code", "code": "records.write({'name': 'Sized by action'})", "binding_model_id": model.id}
        cls.action = cls.env["ir.actions.server"].create({"name": "Resize", "model_id": model.id, **code})
        cls.env.flush_all()

    def names(self, user: Any = None) -> set[str]:
        return {tool["name"] for tool in self.service(user).tools()}

    def writing_calls(self) -> dict[str, dict[str, Any]]:
        one = self.partners[:1].ids
        changed = {"model": "res.partner", "ids": one, "values": {"name": "Sized changed"}}
        record = {"model": "res.partner", "id": one[0]}
        return {
            "archive_records": {"model": "res.partner", "ids": one},
            "attach_file": {**record, "name": "sized.txt", "text": "Sized"},
            "complete_activity": {"ids": self.activity.ids},
            "copy_records": {"model": "res.partner", "ids": one},
            "follow_record": record,
            "import_records": {"model": "res.partner", "fields": ["name"], "rows": [["Sized imported"]]},
            "post_message": {**record, "body": "Sized"},
            "run_action": {"model": "res.partner", "ids": one, "action": f"server:{self.action.id}"},
            "schedule_activity": {"model": "res.partner", "ids": one, "summary": "Size", "due": "2030-01-01"},
            "batch": {"steps": [{"tool": "update_records", "arguments": changed}]},
            "create_records": {"model": "res.partner", "values": [{"name": "Sized new"}]},
            "update_records": changed,
            "delete_records": {"model": "res.partner", "ids": one},
            "call_method": {"model": "res.partner", "method": "action_archive", "ids": one},
            "undo_changes": {"changes": self.changes.ids},
        }


@tagged("post_install", "-at_install")
class TestToolsOff(ProfileCase):
    def test_a_toolset_that_is_off_is_not_listed_and_not_known(self) -> None:
        self.assertIn("aggregate_records", self.names())
        self.profile.toolset_off_ids = self.env["ir.model"]._get("mcp_native.toolset.read")
        self.assertFalse({"aggregate_records", "search_records"} & self.names())
        self.assertIn("update_records", self.names())
        with self.assertRaisesRegex(InvalidParams, "There is no tool 'search_records'"):
            self.result("search_records", model="res.partner")


@tagged("post_install", "-at_install")
class TestReadOnly(ProfileCase):
    profile_name = "read_only"

    def setUp(self) -> None:
        super().setUp()
        let_everybody(self.env, "full")
        self.text("update_records", model="res.partner", ids=self.partners[1].ids, values={"name": "Sized once"})
        self.changes = self.env["mcp_native.change"].search([("res_id", "=", self.partners[1].id)], limit=1)
        self.assertTrue(self.changes)
        self.activity = self.partners[0].activity_schedule(user_id=self.plain.id, summary="Sized activity")
        partner_model = self.env["ir.model"]._get("res.partner").id
        self.action = self.env["ir.actions.server"].create(
            {
                "name": "Size",
                "model_id": partner_model,
                "binding_model_id": partner_model,
                "state": "code",
                "code": "records.write({'name': 'Sized by an action'})",
            }
        )

    def state(self) -> list[Any]:
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.env["res.partner"].with_context(active_test=False).search([("name", "like", "Sized")], order="id")
        beside = (found[name].ids for name in ("activity_ids", "message_ids", "message_follower_ids"))
        attachments = self.env["ir.attachment"].search([("res_model", "=", "res.partner"), ("res_id", "in", found.ids)])
        return [found.ids, found.mapped("name"), found.mapped("active"), *beside, attachments.ids]

    def test_no_tool_that_writes_is_there_and_none_writes(self) -> None:
        let_everybody(self.env, "read_only")
        every = {tool["name"] for tool in self.service().tools()}
        self.assertFalse(every & set(WRITING))
        before = self.state()
        for name, arguments in self.writing_calls().items():
            for more in ({}, {"dry_run": True}, {"confirmation": "mcpf_x"}):
                with self.assertRaisesRegex(InvalidParams, "lets nothing be changed"):
                    self.result(name, **arguments, **more)
        self.assertEqual(self.state(), before)

    def test_each_writing_tool_has_its_call_here(self) -> None:
        declared = self.env["mcp_native.toolset"]._declared().values()
        own = {
            item.declaration.name
            for item in declared
            if getattr(item.declaration, "read_only", True) is False
            and self.env[item.model]._original_module == "mcp_native"
        }
        self.assertEqual(own, set(self.writing_calls()))
        with shared_cursor(self):
            for name, arguments in self.writing_calls().items():
                result = self.result(name, **arguments, dry_run=True)
                self.assertFalse(result.is_error, f"{name} is kept from nothing here: {result.content}")

    def test_a_profile_that_denies_what_a_tool_does_changes_nothing(self) -> None:
        """A rule for another model makes the tools be there."""
        profile = let_everybody(self.env, "read_only")
        profile.rule_ids = [(0, 0, {"pattern": "res.country.state", "write_decision": "allow"})]
        self.assertLessEqual(set(WRITING), self.names())
        before = self.state()
        with shared_cursor(self):
            for name, arguments in self.writing_calls().items():
                for more in ({}, {"dry_run": True}, {"confirmation": "mcpf_x"}):
                    text = self.result(name, **arguments, **more).content[0]["text"]
                    # an action that may not be run is not there
                    refused = r'The MCP profile "Read only" does not let you|res.partner has no button or action'
                    self.assertRegex(text, refused, name)
        self.assertEqual(self.state(), before)


@tagged("post_install", "-at_install")
class TestCompanies(ProfileCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.first = cls.plain.company_id
        cls.second, cls.third = cls.env["res.company"].create([{"name": "Second Co"}, {"name": "Third Co"}])
        cls.plain.company_ids = cls.first + cls.second
        cls.env.flush_all()

    def in_companies(self, companies: Any) -> None:
        self.profile.company_ids = companies

    def test_calls_work_in_the_companies_of_the_profile(self) -> None:
        self.in_companies(self.second)
        self.assertIn("Second Co", self.text("get_context"))
        self.assertNotIn(f"(id {self.first.id},", self.text("get_context"))
        self.assertEqual(self.service().narrowed_env.companies, self.second)
        self.in_companies(self.first + self.second)
        self.assertEqual(self.service().narrowed_env.company, self.first)

    def test_records_of_another_company_are_not_found(self) -> None:
        self.partners[0].company_id = self.first
        self.partners[1].company_id = self.second
        rule = self.env.ref("base.res_partner_rule")
        rule.active = True
        self.in_companies(self.second)
        text = self.text("search_records", model="res.partner", domain=[["name", "like", "Sized"]])
        self.assertNotIn("Sized 0", text)
        self.assertIn("Sized 1", text)
        self.error("read_records", model="res.partner", ids=self.partners[0].ids)

    def test_a_company_outside_cannot_be_asked_for(self) -> None:
        self.in_companies(self.second)
        for company in (self.first, self.third):
            text = self.error("count_records", model="res.partner", companies=company.ids)
            self.assertIn("are not among your companies", text)
            self.assertIn("Second Co", text)
            self.assertNotIn(f"{self.first.id} (", text)
        self.text("count_records", model="res.partner", companies=self.second.ids)

    def test_where_no_company_is_left_every_call_is_refused_with_words(self) -> None:
        self.in_companies(self.third)
        for name, arguments in (
            ("count_records", {"model": "res.partner"}),
            ("get_context", {}),
            ("update_records", {"model": "res.partner", "ids": self.partners[0].ids, "values": {"name": "x"}}),
        ):
            self.assertIn("is for companies that you do not work in", self.error(name, **arguments))
        self.assertEqual(self.partners[0].name, "Sized 0")


@tagged("post_install", "-at_install")
class TestSizes(ProfileCase):
    def test_the_language_of_the_profile_holds_where_the_call_names_none(self) -> None:
        self.env["res.lang"]._activate_lang("fr_FR")
        country = self.env.ref("base.be")
        country.with_context(lang="fr_FR").name = "Belgique-qz"
        self.profile.lang = "fr_FR"
        self.assertIn("Belgique-qz", self.text("read_records", model="res.country", ids=country.ids))
        text = self.text("read_records", model="res.country", ids=country.ids, lang="en_US")
        self.assertNotIn("Belgique-qz", text)

    def test_no_answer_has_more_rows_than_the_profile_allows(self) -> None:
        self.profile.max_rows = 2
        domain = [["id", "in", self.partners.ids]]
        text = self.text("search_records", model="res.partner", domain=domain, limit=200)
        self.assertIn("1-2 of 5", text)
        self.assertEqual(text.count("Sized"), 2)
        self.assertEqual(len(self.facts["ids"]), 2)
        self.assertIn("allows 2 records", self.error("read_records", model="res.partner", ids=self.partners.ids))
        text = self.text("aggregate_records", model="res.partner", group_by=["name"], domain=domain, limit=500)
        self.assertEqual(text.count("Sized"), 2)
        self.assertLessEqual(self.text("find_records", text="Sized", model="res.partner", limit=50).count("Sized "), 2)
        self.assertEqual(self.text("list_models", limit=500).count("\n"), 2 + 2)

    def test_no_answer_has_more_characters_than_the_profile_allows(self) -> None:
        self.profile.max_characters = 500
        text = self.text("describe_model", model="res.partner", all_fields=True)
        self.assertLess(len(text), 800)

    def test_no_call_changes_more_records_than_the_profile_allows(self) -> None:
        self.profile.max_records = 2
        ids, two = self.partners.ids, self.partners[:2].ids
        for name, arguments in (
            ("update_records", {"values": {"city": "Many"}, "ids": ids}),
            ("delete_records", {"ids": ids}),
            ("call_method", {"method": "action_archive", "ids": ids}),
            ("create_records", {"values": [{"name": "Many"}] * 3}),
        ):
            self.assertIn("allows 2", self.error(name, model="res.partner", **arguments))
        self.env.invalidate_all()
        self.assertEqual(len(self.partners.exists().filtered(lambda one: one.active and not one.city)), 5)
        self.assertFalse(self.env["res.partner"].search_count([("name", "=", "Many")]))
        self.text("update_records", model="res.partner", ids=two, values={"city": "Few"})

    def test_groups_of_totals_count_as_rows(self) -> None:
        domain = [["id", "in", self.partners.ids]]
        self.text("aggregate_records", model="res.partner", group_by=["name"], domain=domain)
        self.assertEqual(self.facts["rows"], 5)
        self.text("aggregate_records", model="res.partner", group_by=["name"], domain=domain, limit=3)
        self.assertEqual(self.facts["rows"], 3)
        self.text("aggregate_records", model="res.partner", domain=[["name", "=", "qz"]])
        self.assertLessEqual(self.facts["rows"], 1)
