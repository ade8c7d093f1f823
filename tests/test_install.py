# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from lxml import etree

from odoo import release
from odoo.modules import get_manifest

from ..compat import LIST_VIEW
from ..models.ir_ui_view import to_17
from .common import McpTransactionCase


class TestViews(McpTransactionCase):
    def test_every_view_opens_on_this_series(self):
        log = self.env["mcp_native.access.log"].with_user(self.plain)
        for kind in (LIST_VIEW, "form", "search", "graph", "pivot"):
            arch = etree.fromstring(log.get_view(view_type=kind)["arch"])
            self.assertEqual(arch.tag, kind)
        self.assertIn("mcp_native_enabled", self.env["res.config.settings"].get_view(view_type="form")["arch"])

    def test_a_list_is_rewritten_for_17(self):
        arch = '<form><xpath expr="//list/field"/><field name="lines"><list><field name="a"/></list></field></form>'
        self.assertEqual(to_17(arch), arch.replace("list", "tree"))

    def test_a_card_is_rewritten_for_17(self):
        card = '<kanban{}><templates><t t-name="card"><b>x</b></t></templates></kanban>'
        box = '<t t-name="kanban-box"><div class="oe_kanban_card{}"><b>x</b></div></t>'
        self.assertIn(box.format(" oe_kanban_global_click"), to_17(card.format("")))
        self.assertIn(box.format(""), to_17(card.format(' can_open="0"')))

    def test_the_list_offers_no_changes(self):
        arch = etree.fromstring(self.env["mcp_native.access.log"].get_view(view_type=LIST_VIEW)["arch"])
        self.assertEqual([arch.get(name) for name in ("create", "edit", "delete")], ["false"] * 3)

    def test_the_menu_is_for_users_and_its_settings_for_administrators(self):
        def visible(user):
            menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            return {
                name
                for name in ("root", "connection", "access_log", "connect", "settings")
                if self.env.ref(f"mcp_native.menu_{name}").id in menus
            }

        self.assertEqual(visible(self.plain), {"root", "connection", "access_log", "connect"})
        administrators = {"root", "connection", "access_log", "connect", "settings"}
        self.assertEqual(visible(self.env.ref("base.user_admin")), administrators)
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
