# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from datetime import datetime, timedelta

from odoo.tests import tagged

from ...protocol import InvalidParams
from .prompt_case import INJECTION, AppPromptCase


@tagged("post_install", "-at_install")
class TestSalePrompts(AppPromptCase):
    MODEL, GROUPS = "sale.order", "sales_team.group_sale_salesman"

    def order(self, days: int, state: str = "sent", **values: object):
        product = self.env["product.product"].create({"name": "Thing", "list_price": 100, "taxes_id": False})
        return self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "user_id": self.user.id,
                "state": state,
                "date_order": datetime.now() - timedelta(days),
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1, "price_unit": 100})],
                **values,
            }
        )

    def test_quotations_without_an_answer_are_told_by_age(self) -> None:
        self.partner.name = INJECTION
        old, fresh = self.order(20), self.order(2)
        text = self.told("quotation_follow_up")
        waiting = self.section(text, "Sent 7 days ago or earlier, no answer")
        self.assertIn(f"\n{old.id}|{old.name}|", waiting)
        self.assertNotIn(f"\n{fresh.id}|", waiting)
        both = self.section(self.told("quotation_follow_up", days="1"), "Sent 1 days ago or earlier, no answer")
        self.assertIn(f"\n{fresh.id}|", both)
        self.assertRegex(self.section(text, "Quotations"), r"\|200\.00 \w+\|2")

    def test_what_expires_is_told(self) -> None:
        expired = self.order(1, validity_date=self.day(-1))
        ending = self.order(1, validity_date=self.day(1))
        text = self.told("quotation_follow_up")
        self.assertIn(f"\n{expired.id}|", self.section(text, "Expired"))
        self.assertIn(f"\n{ending.id}|", self.section(text, "Expire within a week"))
        briefing = self.section(self.told("daily_briefing"), "My quotations that expire by tomorrow")
        self.assertIn(f"\n{ending.id}|", briefing)

    def test_days_are_a_number_within_a_year(self) -> None:
        for days in ("soon", "0", "1000"):
            with self.assertRaisesRegex(InvalidParams, "days: expected an integer from 1 to 365"):
                self.told("quotation_follow_up", days=days)

    def test_it_is_for_sales_people(self) -> None:
        self.assertFor("quotation_follow_up")
