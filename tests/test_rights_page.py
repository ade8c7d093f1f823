# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import Form

from .common import McpTransactionCase, let_everybody, make_key
from .test_connections import GRANT, make_grant

OPERATIONS = ("read", "create", "write", "unlink", "call")


class TestRightsPage(McpTransactionCase):
    def setUp(self):
        super().setUp()
        self.assistant = let_everybody(self.env, "assistant")
        self.pages = self.env["mcp_native.rights"]

    def page(self, user=None, **values):
        return self.pages.with_user(user or self.plain).create(values)

    def rows(self, page):
        """Return what the list says, by model."""
        action = page.action_models()
        lines = self.env[action["res_model"]].with_user(page.env.user).search(action["domain"])
        return {line.model: [line[f"{operation}_decision"] for operation in OPERATIONS] for line in lines}

    def shown(self, page):
        """Return what the page shows, by model."""
        models = html.fromstring(page.report).xpath("//*[@data-model]")
        return {row.get("data-model"): row.xpath(".//@data-decision") for row in models}

    def rule(self, **values):
        self.assistant.write({"rule_ids": [(0, 0, values)]})

    def test_a_user_sees_what_an_own_assistant_may_do(self):
        rows = self.rows(self.page())
        self.assertEqual(rows["res.country"], ["allow", "none", "none", "none", "confirm"])
        self.assertNotIn("ir.rule", rows)
        field = "group_ids" if "group_ids" in self.plain._fields else "groups_id"
        self.plain.write({field: [(4, self.env.ref("base.group_partner_manager").id)]})
        self.assertEqual(self.rows(self.page())["res.partner"], ["allow", "confirm", "confirm", "approve", "confirm"])

    def test_the_page_and_the_list_say_the_same(self):
        page = self.page(look_for="countr")
        shown = self.shown(page)
        self.assertIn("res.country", shown)
        self.assertNotIn("res.partner", shown)
        rows = self.rows(page)
        self.assertEqual(shown, {name: rows[name] for name in shown})

    def test_what_a_rule_denies_and_hides_is_said(self):
        self.rule(pattern="res.country", read_decision="deny")
        domain = "[('active', '=', True)]"
        self.rule(pattern="res.currency", call_decision="deny", hidden_fields="symbol", domain=domain)
        rows = self.rows(self.page())
        self.assertEqual(rows["res.country"], ["deny", "none", "none", "none", "deny"])
        self.assertEqual(rows["res.currency"][4], "deny")
        text = html.fromstring(self.page(look_for="res.currency").report).text_content()
        self.assertIn("symbol", text)
        self.assertIn(domain, text)

    def test_tools_that_are_switched_off_are_not_there_and_what_they_do_is_denied(self):
        self.assertIn("Call method", self.page().report)
        self.assistant.toolset_off_ids = self.env["ir.model"]._get("mcp_native.toolset.method")
        page = self.page()
        self.assertNotIn("Call method", page.report)
        self.assertEqual(self.rows(page)["res.country"][4], "deny")

    def test_what_is_technical_is_denied_although_an_administrator_has_the_right(self):
        administrator = self.env.ref("base.user_admin")
        page = self.page(self.manager, user_id=administrator.id)
        self.assertEqual(self.rows(page)["ir.cron"], ["deny"] * 5)
        self.rule(pattern="ir.cron", read_decision="allow")
        rows = self.rows(self.page(self.manager, user_id=administrator.id))
        self.assertEqual(rows["ir.cron"][0], "allow")

    def test_a_connection_for_reading_only_changes_nothing(self):
        grant = make_grant(self.env, self.plain, may_write=False)
        connection = self.env["mcp_native.connection"].search([("kind", "=", GRANT), ("credential_id", "=", grant.id)])
        action = connection.with_user(self.plain).action_rights()
        with Form(self.pages.with_user(self.plain).with_context(**action["context"])) as form:
            self.assertIn("made for reading only", form.report)
            self.assertNotIn("Create records", form.report)
        decisions = self.rows(form.save())["res.country"]
        self.assertEqual(decisions, ["allow", "none", "none", "none", "deny"])

    def test_a_connection_s_own_profile_is_what_is_shown(self):
        make_key(self.env, self.plain)
        connection = self.env["mcp_native.connection"].search([("user_id", "=", self.plain.id)])
        connection.write({"profile_id": self.env.ref("mcp_native.profile_read_only").id})
        page = self.page(connection_id=connection.id)
        self.assertIn("Read only", page.report)
        self.assertIn("given to this connection by a manager", page.report)
        self.assertNotIn("given to this connection", self.page().report)
        self.assertIn("for everybody", self.page().report)

    def test_a_manager_tries_a_profile_out_for_any_user(self):
        read_only = self.env.ref("mcp_native.profile_read_only")
        action = read_only.with_user(self.manager).action_rights()
        with Form(self.pages.with_user(self.manager).with_context(**action["context"])) as form:
            form.user_id = self.plain
            self.assertIn("to try it out", form.report)
        self.assertEqual(self.rows(form.save())["res.country"][4], "deny")

    def test_a_user_sees_the_rights_of_nobody_else(self):
        make_key(self.env, self.manager)
        foreign = self.env["mcp_native.connection"].search([("user_id", "=", self.manager.id)])
        for values in ({"user_id": self.manager.id}, {"user_id": self.manager.id, "connection_id": foreign.id}):
            page = self.page(**values)
            for ask in (lambda page: page.report, lambda page: page.action_models()):
                with self.assertRaises(AccessError):
                    ask(page)
        page = self.page(self.manager)
        with self.assertRaises(AccessError):
            page.with_user(self.plain).read(["report"])

    def test_a_user_tries_no_other_profile(self):
        page = self.page()
        page.sudo().profile_id = self.env.ref("mcp_native.profile_full")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            page.with_user(self.plain).action_models()

    def test_nobody_else_opens_the_page(self):
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self.page(user)

    def test_a_user_who_may_not_use_the_server_is_told_apart(self):
        self.assertIn("may not use the MCP server", self.page(self.manager, user_id=self.outsider.id).report)
        self.assertNotIn("may not use the MCP server", self.page().report)

    def test_limits_networks_and_hours_are_said(self):
        self.assistant.write({"networks": "192.0.2.0/24", "days": "week", "hour_to": 18, "max_rows": 50})
        text = html.fromstring(self.page().report).text_content()
        for said in ("Calls: 60 a minute", "192.0.2.0/24", "Monday to Friday, 00:00–18:00", "Rows in One Answer: 50"):
            self.assertIn(said, text)

    def test_text_of_people_is_shown_as_text(self):
        self.assistant.note = "<script>alert(1)</script>"
        self.assertNotIn("<script>", self.page().report)
