# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from types import SimpleNamespace
from unittest.mock import patch

from lxml import etree

from odoo import release
from odoo.exceptions import AccessError, UserError
from odoo.modules import get_manifest

from odoo.addons.base.models import res_users

from ..compat import LIST_VIEW
from ..models.ir_ui_view import to_17
from .common import McpTransactionCase


class TestViews(McpTransactionCase):
    def test_every_view_opens_on_this_series(self):
        log = self.env["mcp_native.access.log"].with_user(self.plain)
        for kind in (LIST_VIEW, "form", "search", "graph", "pivot"):
            arch = etree.fromstring(log.get_view(view_type=kind)["arch"])
            self.assertEqual(arch.tag, kind)
        for model in ("mcp_native.new.key", "mcp_native.new.key.show"):
            self.env[model].with_user(self.plain).get_view(view_type="form")
        self.assertIn("mcp_native_enabled", self.env["res.config.settings"].get_view(view_type="form")["arch"])

    def test_a_list_is_rewritten_for_17(self):
        arch = '<form><xpath expr="//list/field"/><field name="lines"><list><field name="a"/></list></field></form>'
        self.assertEqual(to_17(arch), arch.replace("list", "tree"))

    def test_the_list_offers_no_changes(self):
        arch = etree.fromstring(self.env["mcp_native.access.log"].get_view(view_type=LIST_VIEW)["arch"])
        self.assertEqual([arch.get(name) for name in ("create", "edit", "delete")], ["false"] * 3)

    def test_the_menu_is_for_users_and_its_settings_for_administrators(self):
        def visible(user):
            menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            return {
                name
                for name in ("root", "access_log", "new_key", "settings")
                if self.env.ref(f"mcp_native.menu_{name}").id in menus
            }

        self.assertEqual(visible(self.plain), {"root", "access_log", "new_key"})
        self.assertEqual(visible(self.env.ref("base.user_admin")), {"root", "access_log", "new_key", "settings"})
        self.assertEqual(visible(self.outsider), set())


class TestManifest(McpTransactionCase):
    def test_the_version_carries_no_series(self):
        version = self.env.ref("base.module_mcp_native").installed_version
        self.assertTrue(version.startswith(release.major_version + "."))
        self.assertEqual(version.count("."), 4)

    def test_the_retention_runs_with_odoos_own_cleaning(self):
        self.assertTrue(self.env["mcp_native.access.log"]._gc_old_rows._autovacuum)

    def test_dependencies_are_those_of_the_design(self):
        names = get_manifest("mcp_native")["external_dependencies"]["python"]
        self.assertEqual(sorted(names), ["fastjsonschema", "markdown-it-py", "markdownify", "oauthlib"])


class TestNewKey(McpTransactionCase):
    def make(self, user, **values):
        wizard = self.env["mcp_native.new.key"].with_user(user).create({"name": "laptop", **values})
        return wizard.action_make_key.__wrapped__(wizard)

    def test_a_user_makes_a_key_that_opens_the_server(self):
        action = self.make(self.plain)
        principal = self.env["mcp_native.principal"]._from_token(action["context"]["default_key"], "https://odoo.example.com/mcp")
        self.assertEqual((principal.uid, principal.credential_name), (self.plain.id, "laptop"))
        self.assertTrue(action["context"]["default_url"].endswith("/mcp"))

    def test_the_key_is_stored_nowhere_in_clear(self):
        self.make(self.plain)
        self.assertFalse(self.env["mcp_native.new.key"].sudo().search([("create_uid", "=", self.plain.id)]))
        self.assertTrue(self.env["mcp_native.new.key.show"]._abstract)

    def test_the_page_is_filled_with_the_key_once(self):
        action = self.make(self.plain)
        show = self.env["mcp_native.new.key.show"].with_user(self.plain).with_context(**action["context"])
        self.assertEqual(show.default_get(["key"])["key"], action["context"]["default_key"])

    def test_the_duration_is_what_odoo_grants(self):
        keys = self.env["res.users.apikeys"]
        wizard = self.env["mcp_native.new.key"].with_user(self.plain)
        offered = [int(days) for days, _label in wizard._selection_duration()]
        if not keys._mcp_native_has_expiry():
            self.assertEqual(offered, [0])
            return
        self.assertNotIn(0, offered)
        administrators = dict(wizard.with_user(self.env.ref("base.user_admin"))._selection_duration())
        self.assertIn("0", administrators)
        self.make(self.plain)
        key = self.plain.sudo().api_key_ids
        lasts = key.expiration_date - key.create_date
        # Odoo cuts the end to the second, but not the beginning.
        self.assertAlmostEqual(lasts.total_seconds(), max(offered) * 86400, delta=60)

    def test_the_identity_is_checked_first(self):
        wizard = self.env["mcp_native.new.key"].with_user(self.plain).create({"name": "laptop"})
        with self.assertRaises(UserError):
            wizard.action_make_key()
        request = SimpleNamespace(session={"identity-check-last": 0})
        with patch.object(res_users, "request", request):
            self.assertEqual(wizard.action_make_key()["res_model"], "res.users.identitycheck")
        self.assertFalse(self.plain.sudo().api_key_ids)

    def test_others_make_none(self):
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self.make(user)

    def test_a_wizard_is_its_makers_own(self):
        wizard = self.env["mcp_native.new.key"].with_user(self.plain).create({"name": "laptop"})
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).read(["name"])
