# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo.tests import tagged

from odoo.addons.mcp_native.orm import technical

from .tool_case import ToolCase


@tagged("post_install", "-at_install")
class TestModels(ToolCase):
    def test_models_are_found_by_the_name_people_see(self) -> None:
        self.assertIn("res.partner|", self.text("list_models", search="contact"))

    def test_only_models_that_the_user_may_read_are_listed(self) -> None:
        opened = {"pattern": "ir.config_parameter", "read_decision": "allow"}
        self.env.ref("mcp_native.profile_full").write({"rule_ids": [(0, 0, opened)]})
        self.assertIn("ir.config_parameter|", self.text("list_models", self.admin, search="ir.config_parameter"))
        text = self.error("list_models", search="ir.config_parameter")
        self.assertNotIn("ir.config_parameter|", text)

    def test_a_model_that_may_not_be_read_is_as_unknown_as_one_that_is_not_there(self) -> None:
        told = self.error("describe_model", model="ir.config_parameter")
        same = self.error("describe_model", model="ir.config_parametre")
        self.assertEqual(told.replace("ir.config_parameter", "?"), same.replace("ir.config_parametre", "?"))

    def test_the_fields_of_a_contact_take_at_most_6000_characters_and_the_main_ones_come_first(self) -> None:
        text = self.text("describe_model", model="res.partner")
        self.assertLessEqual(len(text), 6000)
        first = text.splitlines()[2:14]
        self.assertTrue(any(line.startswith("name|") for line in first), first)
        self.assertTrue(any(line.startswith("email|") for line in first), first)

    def test_all_fields_come_on_request(self) -> None:
        text = self.text("describe_model", model="res.partner", all_fields=True)
        names = {line.partition("|")[0] for line in text.splitlines()[2:]}
        there = self.env["res.partner"].with_user(self.plain).fields_get(attributes=["type"])
        secrets = {name for name, info in there.items() if technical.sounds_secret(name, info["type"])}
        self.assertEqual(names, set(there) - secrets)

    def test_selection_values_and_relations_are_told(self) -> None:
        text = self.text("describe_model", model="res.partner", fields=["type", "country_id"])
        self.assertIn("invoice=", text)
        self.assertIn("many2one res.country", text)

    def test_fields_are_found_by_their_label(self) -> None:
        self.assertIn("street|", self.text("describe_model", model="res.partner", search="street"))


@tagged("post_install", "-at_install")
class TestContext(ToolCase):
    def test_the_context_tells_user_company_zone_language_and_rights(self) -> None:
        text = self.text("get_context")
        for word in (self.plain.login, self.env.company.name, "Europe/Brussels", "en_US", "read:", "delete:"):
            self.assertIn(word, text)
        self.assertNotIn("administrator", text)
        self.assertIn("administrator", self.text("get_context", self.admin))
