# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..compat import LIST_VIEW
from ..models import mcp_native_access_log as log_module
from ..models.mcp_native_access_log import COLUMNS, write_rows
from .common import McpTransactionCase, shared_cursor

BUTTON = "//button[@name='action_mcp_native_calls']"


@tagged("post_install", "-at_install")
class TestLinks(McpTransactionCase):
    def setUp(self) -> None:
        super().setUp()
        self.log = self.env["mcp_native.access.log"]
        self.partner = self.env["res.partner"].create({"name": "Linked"})

    def write(self, *record_ids, model="res.partner", user=None, request_id="linked"):
        ids = ", ".join(map(str, record_ids))
        about = {"model": model, "record_ids": ids, "record_count": len(record_ids), "request_id": request_id}
        row = {**dict.fromkeys(COLUMNS), "uid": (user or self.plain).id, "method": "tools/call", **about}
        before = self.log.search([], limit=1).id or 0
        with shared_cursor(self):
            write_rows(self.registry, [row])
        return self.log.search([("id", ">", before)])

    def calls(self, record, user):
        action = record.with_user(user).action_mcp_native_calls()
        self.assertEqual(action["res_model"], "mcp_native.access.log")
        return self.log.with_user(user).search(action["domain"])

    def test_the_calls_about_a_record_are_found(self):
        partner = self.partner.id
        alone, among = self.write(partner), self.write(partner - 1, partner, partner + 1)
        self.write(partner + 1)
        self.write(int(f"{partner}0"))
        self.write(int(f"1{partner}"))
        self.write(partner, model="res.users")
        self.write()
        self.assertEqual(self.calls(self.partner, self.manager), alone | among)

    def test_users_find_their_own_calls_only(self):
        own, _foreign = self.write(self.partner.id), self.write(self.partner.id, user=self.manager)
        self.assertEqual(self.calls(self.partner, self.plain), own)

    def test_the_last_calls_are_found_when_there_are_too_many(self):
        rows = [self.write(self.partner.id) for _ in range(3)]
        with patch.object(log_module, "MAX_FOUND", 2):
            self.assertEqual(self.calls(self.partner, self.manager), rows[1] | rows[2])

    def test_a_record_is_searched_by_equality_only(self):
        with self.assertRaises(UserError):
            self.log.search([("record_ref", "ilike", "res.partner")])
        self.assertFalse(self.log.search([("record_ref", "=", "res.partner")]))
        self.assertFalse(self.log.search([("record_ref", "=", "res.partner,x' OR 1=1 --")]))

    def test_the_search_uses_its_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM mcp_native_access_log WHERE model = 'res.partner' AND record_ids <> '' "
            f"AND {log_module.RECORD_IDS} @> ARRAY['14']"
        )
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertIn("mcp_native_access_log_records_idx", plan)

    def test_a_row_opens_its_records(self):
        action = self.write(self.partner.id).with_user(self.manager).action_open_records()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.partner.id))
        self.partner.active = False
        other = self.plain.partner_id
        action = self.write(self.partner.id, other.id, 2**30).with_user(self.manager).action_open_records()
        self.assertEqual(set(action["domain"][0][2]), {self.partner.id, other.id})

    def test_a_row_without_records_that_can_be_opened_says_so(self):
        for row in (self.write(), self.write(1, model="no.such.model"), self.write(1, model="base"), self.write(2**30)):
            with self.assertRaises(UserError):
                row.action_open_records()

    def test_a_row_knows_of_no_changes_where_none_are_recorded(self):
        self.assertEqual(self.write(self.partner.id, request_id="changes-nothing").change_count, 0)


@tagged("post_install", "-at_install")
class TestButton(McpTransactionCase):
    def form(self, model, user=None, **context):
        model = self.env[model].with_user(user or self.plain).with_context(**context)
        return etree.fromstring(model.get_view(view_type="form")["arch"])

    def test_a_form_has_the_button_for_those_who_use_mcp(self):
        for user in (self.plain, self.manager):
            self.assertEqual(len(self.form("res.partner", user).xpath(BUTTON)), 1)
        self.assertFalse(self.form("res.partner", self.outsider).xpath(BUTTON))

    def test_the_button_stands_in_the_button_box(self):
        for model in ("res.partner", "res.country"):  # the second has no box of its own
            (button,) = self.form(model, self.env.ref("base.user_admin")).xpath(BUTTON)
            box = button.getparent()
            self.assertEqual((box.get("name"), box.getparent().tag), ("button_box", "sheet"))
            self.assertFalse(list(button.iterancestors("field")))

    def test_other_views_and_other_models_have_none(self):
        arch = self.env["res.partner"].with_user(self.plain).get_view(view_type=LIST_VIEW)["arch"]
        self.assertNotIn("action_mcp_native_calls", arch)
        admin = self.env.ref("base.user_admin")
        for model in ("res.config.settings", "mcp_native.access.log", "mcp_native.profile", "base.language.install"):
            self.assertFalse(self.form(model, admin).xpath(BUTTON), model)
        self.assertFalse(self.form("res.partner", admin, studio=True).xpath(BUTTON))

    def test_forms_still_work_with_it(self):
        with Form(self.env["res.partner"].with_user(self.env.ref("base.user_admin"))) as form:
            form.name = "Made in a form"
        self.assertEqual(form.save().name, "Made in a form")
