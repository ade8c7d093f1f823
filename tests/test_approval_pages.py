# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from lxml import etree

from odoo.tools.safe_eval import safe_eval

from ..compat import LIST_VIEW
from ..toolsets.preview import Preview
from .test_approvals import ApprovalCase


class TestApprovalPages(ApprovalCase):
    def arch(self, kind: str, user: object = None) -> etree._Element:
        model = self.env["mcp_native.approval"].with_user(user or self.boss)
        return etree.fromstring(model.get_view(view_type=kind)["arch"])

    def test_no_page_offers_to_make_edit_or_delete_one(self) -> None:
        for kind in ("kanban", LIST_VIEW, "form"):
            with self.subTest(kind):
                arch = self.arch(kind)
                self.assertEqual([arch.get(name) for name in ("create", "edit", "delete")], ["false"] * 3)

    def test_every_page_has_the_buttons_to_decide(self) -> None:
        for kind in ("kanban", LIST_VIEW, "form"):
            buttons = {button.get("name") for button in self.arch(kind).iter("button")}
            with self.subTest(kind):
                self.assertLessEqual({"action_approve", "action_refuse"}, buttons)

    def test_the_menu_opens_what_is_to_be_decided_by_oneself(self) -> None:
        action = self.env["ir.actions.act_window"]._for_xml_id("mcp_native.approval_action")
        self.assertEqual(safe_eval(action["context"]), {"search_default_to_decide": 1})
        chosen = self.arch("search").find(".//filter[@name='to_decide']").get("domain")
        approval = self.ask()
        for user, seen in ((self.boss, True), (self.plain, False), (self.manager, False)):
            domain = safe_eval(chosen, {"uid": user.id})
            with self.subTest(user.login):
                self.assertEqual(approval in approval.with_user(user).search(domain), seen)
        self.seen(approval, self.boss)._refuse("no")
        self.assertFalse(approval.with_user(self.boss).search(safe_eval(chosen, {"uid": self.boss.id})))

    def test_what_a_card_cannot_show_in_whole_is_decided_on_its_page(self) -> None:
        self.assertFalse(self.ask().is_long)
        lines = "\n".join(f'Contact "Azure" #{number}: Phone: 1 → 2' for number in range(10))
        self.assertTrue(self.ask(preview=Preview(text=lines, level="approve")).is_long)

    def test_the_records_can_be_opened(self) -> None:
        approval = self.ask()
        action = approval.action_open_records()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.partner.id))
