# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.mcp_native_access_log import COLUMNS, write_rows
from ..models.mcp_native_unforgeable import EDIT_KEY
from .common import McpHttpCase, McpTransactionCase, shared_cursor


class TestGroups(McpTransactionCase):
    def test_administrators_are_managers_and_managers_are_users(self):
        admin = self.env.ref("base.user_admin")
        for group in ("mcp_native.group_manager", "mcp_native.group_user"):
            self.assertTrue(admin.has_group(group))
            self.assertTrue(self.manager.has_group(group))
        self.assertFalse(self.manager.has_group("base.group_system"))

    def test_a_new_internal_user_may_not_use_mcp(self):
        self.assertFalse(self.outsider.has_group("mcp_native.group_user"))

    def test_a_portal_user_cannot_be_put_in_the_group(self):
        field = "group_ids" if "group_ids" in self.portal._fields else "groups_id"
        with self.assertRaises(ValidationError):
            self.portal.write({field: [(4, self.env.ref("mcp_native.group_user").id)]})
            self.env.flush_all()

    def test_the_groups_have_a_heading_of_their_own(self):
        group = self.env.ref("mcp_native.group_user")
        heading = group.category_id if "category_id" in group._fields else group.privilege_id.category_id
        self.assertEqual(heading, self.env.ref("mcp_native.category"))


class TestLogAccess(McpTransactionCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")

    def setUp(self) -> None:
        super().setUp()
        rows = [{**dict.fromkeys(COLUMNS), "uid": uid, "request_id": "seen"} for uid in (self.plain.id, self.admin.id)]
        with shared_cursor(self):
            write_rows(self.registry, rows)
        self.log = self.env["mcp_native.access.log"]

    def seen_by(self, user):
        return self.log.with_user(user).search([("request_id", "=", "seen")])

    def test_users_see_their_own_rows_and_managers_all(self):
        self.assertEqual(self.seen_by(self.plain).mapped("uid"), [self.plain.id])
        self.assertEqual(len(self.seen_by(self.manager)), 2)
        self.assertEqual(len(self.seen_by(self.admin)), 2)

    def test_a_user_cannot_read_the_row_of_another(self):
        with self.assertRaises(AccessError):
            (self.seen_by(self.admin) - self.seen_by(self.plain)).with_user(self.plain).read(["method"])

    def test_others_see_nothing(self):
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self.seen_by(user)

    def test_nobody_changes_a_row(self):
        forged = ({}, {EDIT_KEY: True}, {EDIT_KEY: "EDIT_SENTINEL"}, {EDIT_KEY: {}})
        for context in forged:
            for user in (self.plain, self.manager, self.admin, self.env.ref("base.user_root")):
                row = self.seen_by(self.admin)[:1].with_user(user).sudo().with_context(**context)
                for change in (
                    lambda row: row.create({"method": "ping"}),
                    lambda row: row.write({"method": "ping"}),
                    lambda row: row.unlink(),
                    lambda row: row.copy(),
                ):
                    with self.subTest(context=context, user=user.login), self.assertRaises(AccessError):
                        change(row)


@tagged("post_install", "-at_install")
class TestForgery(McpHttpCase):
    def rpc_call(self, method, args, context):
        params = {"model": "mcp_native.access.log", "method": method, "args": args, "kwargs": {"context": context}}
        body = {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}
        answer = self.url_open(
            f"/web/dataset/call_kw/mcp_native.access.log/{method}",
            data=json.dumps(body),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def test_no_context_sent_by_rpc_lets_an_administrator_edit_the_log(self):
        self.result("tools/list")
        row = self.env["mcp_native.access.log"].search([], limit=1)
        self.env.ref("base.user_admin").password = "mcp-admin-1"
        self.authenticate("admin", "mcp-admin-1")
        self.assertEqual(self.rpc_call("read", [row.ids, ["method"]], {})["result"][0]["method"], "tools/list")
        for value in (True, "EDIT_SENTINEL", {"__class__": "object"}, None):
            context = {EDIT_KEY: value}
            for method, args in {
                "create": [{"method": "x"}],
                "write": [row.ids, {"method": "x"}],
                "unlink": [row.ids],
                "web_save": [row.ids, {"method": "x"}, {}],
                "load": [["method"], [["x"]]],
            }.items():
                with mute_logger("odoo.http"):
                    answer = self.rpc_call(method, args, context)
                self.assertIn("Nobody may change the access log", json.dumps(answer), method)
        self.assertEqual(row.method, "tools/list")
