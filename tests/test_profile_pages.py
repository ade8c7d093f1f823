# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form

from ..compat import LIST_VIEW
from .common import McpTransactionCase, let_everybody, make_key
from .test_connections import GRANT, KEY, make_grant


class TestPages(McpTransactionCase):
    def test_the_views_open_for_a_manager(self):
        for model in ("mcp_native.profile", "mcp_native.rights.line"):
            for kind in (LIST_VIEW, "kanban", "search"):
                arch = self.env[model].with_user(self.manager).get_view(view_type=kind)["arch"]
                self.assertEqual(etree.fromstring(arch).tag, kind)

    def test_the_menu_is_for_managers(self):
        menu, menus = self.env.ref("mcp_native.menu_profile"), self.env["ir.ui.menu"]
        users = (self.plain, self.manager)
        visible = {user.login: menu.id in menus.with_user(user)._visible_menu_ids() for user in users}
        self.assertEqual(visible, {"mcp_plain": False, "mcp_manager": True})

    def test_a_manager_who_administrates_nothing_else_makes_a_profile(self):
        toolset = self.env["ir.model"]._get("mcp_native.toolset.method")
        with Form(self.env["mcp_native.profile"].with_user(self.manager)) as form:
            form.name = "Sales"
            form.toolset_off_ids.add(toolset)
            with form.rule_ids.new() as rule:
                rule.model_id = self.env["ir.model"]._get("res.partner")
                self.assertEqual((rule.pattern, rule.found), ("res.partner", "Contact"))
                rule.hidden_fields = "vat"
            with form.limit_ids.new() as limit:
                limit.amount = 10
        profile = form.record if hasattr(form, "record") else form.save()
        rules = profile._rules_of(profile.id)
        self.assertEqual(rules.toolsets_off, {"mcp_native.toolset.method"})
        self.assertEqual([rule.pattern for rule in rules.models], ["res.partner"])
        self.assertIn("call_method", profile.toolsets)

    def test_a_card_of_a_rule_says_what_it_says(self):
        rule = self.env["mcp_native.profile.rule"].new(
            {"pattern": "res.partner", "write_decision": "approve", "hidden_fields": "vat"}
        )
        self.assertEqual(rule.summary, "Change: Approve; Hidden Fields: vat")


class TestConnectionProfile(McpTransactionCase):
    def setUp(self):
        super().setUp()
        make_grant(self.env, self.plain)
        make_key(self.env, self.plain)
        self.rows = self.env["mcp_native.connection"].search([("user_id", "=", self.plain.id)])
        self.read_only = self.env.ref("mcp_native.profile_read_only")

    def wizard(self, rows):
        action = rows.action_profile()
        return self.env[action["res_model"]].with_user(rows.env.user).with_context(**action["context"])

    def test_a_manager_gives_connections_a_profile_and_takes_it_back(self):
        rows = self.rows.with_user(self.manager)
        self.assertEqual(set(rows.mapped("profile_name")), {"Full"})
        with Form(self.wizard(rows)) as form:
            self.assertIn("Claude (mcp_plain", form.names)
            self.assertIn("Full", form.note)
            form.profile_id = self.read_only
            self.assertEqual(form.note, self.read_only.note)
        form.save().action_save()
        self.assertEqual((rows.profile_id, set(rows.mapped("profile_name"))), (self.read_only, {"Read only"}))
        self.assertEqual(self.read_only.with_user(self.manager).connection_count, 2)
        found = rows.search(self.read_only.with_user(self.manager).action_connections()["domain"])
        self.assertEqual(found, rows)
        wizard = self.wizard(rows).create({"profile_id": False})
        wizard.action_save()
        self.assertFalse(rows.profile_id)

    def test_a_user_sees_the_name_of_the_profile_and_cannot_change_it(self):
        rows = self.rows.with_user(self.plain)
        self.assertEqual(set(rows.mapped("profile_name")), {"Full"})
        self.assertNotIn("profile_id", rows.fields_get())
        with self.assertRaises(AccessError):
            rows.write({"profile_id": self.read_only.id})
        with self.assertRaises(AccessError):
            self.wizard(rows).create({})

    def test_a_manager_changes_nothing_else(self):
        for values in ({"access": "write"}, {"profile_id": False, "user_id": self.manager.id}):
            with self.assertRaisesRegex(AccessError, "only ended"):
                self.rows.with_user(self.manager).write(values)

    def test_connections_are_found_by_their_own_profile(self):
        grant = self.rows.filtered(lambda row: row.kind == GRANT)
        grant.write({"profile_id": self.read_only.id})
        domain = [("user_id", "=", self.plain.id), ("profile_id", "!=", False)]
        self.assertEqual(self.env["mcp_native.connection"].search(domain), grant)
        self.assertEqual({row.kind for row in self.rows - grant}, {KEY})


class TestTold(McpTransactionCase):
    def test_the_page_to_connect_tells_the_profile(self):
        let_everybody(self.env, "assistant")
        with Form(self.env["mcp_native.connect"].with_user(self.plain)) as form:
            self.assertRegex(form.profile, r"^Assistant\. Finds and reads\. Changes wait for your yes")

    def test_people_read_it_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        full = self.env.ref("mcp_native.profile_full")
        full.with_context(lang="fr_FR").name = "Tout"
        told = self.env["mcp_native.profile"].with_context(lang="fr_FR")._told(self.plain.id)
        self.assertEqual(told[0], "Tout")

    def test_without_a_profile_they_read_that_assistants_only_read(self):
        self.env.ref("mcp_native.profile_full").everybody = False
        name, note = self.env["mcp_native.profile"]._told(self.plain.id)
        self.assertEqual(name, "Reading only")
        self.assertIn("change nothing", note)
