# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from datetime import datetime, timedelta

from odoo.tests import tagged

from .prompt_case import AppPromptCase


@tagged("post_install", "-at_install")
class TestStockPrompts(AppPromptCase):
    MODEL, GROUPS = "stock.picking", "stock.group_stock_user"

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        products = cls.env["product.product"]
        storable = {"is_storable": True} if "is_storable" in products._fields else {"detailed_type": "product"}
        cls.product, cls.other = products.create(
            [{"name": "Quixotic Chair", **storable}, {"name": "Other Chair", **storable}]
        )
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.env.company.id)], limit=1)

    def transfer(self, kind: str, product, days: int, quantity: float = 5):
        operation = self.warehouse[f"{kind}_type_id"]
        stock, outside = self.warehouse.lot_stock_id, self.env.ref("stock.stock_location_customers")
        if kind == "in":
            stock, outside = self.env.ref("stock.stock_location_suppliers"), stock
        move = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "location_id": stock.id,
            "location_dest_id": outside.id,
        }
        if "name" in self.env["stock.move"]._fields:
            move["name"] = product.name
        picking = self.env["stock.picking"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": operation.id,
                "location_id": stock.id,
                "location_dest_id": outside.id,
                "move_ids": [(0, 0, move)],
            }
        )
        picking.action_confirm()
        picking.scheduled_date = datetime.now() + timedelta(days)
        return picking

    def test_what_customers_wait_for_and_what_is_late_is_told(self) -> None:
        late, coming = self.transfer("out", self.product, -3), self.transfer("out", self.product, 3, 2)
        receipt = self.transfer("in", self.product, -4)
        elsewhere = self.transfer("out", self.other, -3)
        text = self.told("stock_shortage", product="quixotic chair")
        self.assertRegex(self.section(text, "Customers wait for"), rf"#{self.product.id}\|7\.0+\|2")
        deliveries = self.section(text, "Late deliveries")
        self.assertIn(f"\n{late.id}|{late.name}|", deliveries)
        for picking in (coming, elsewhere, receipt):
            self.assertNotIn(f"\n{picking.id}|", deliveries)
        self.assertIn(f"\n{receipt.id}|", self.section(text, "Late receipts"))

    def test_all_products_are_told_without_one(self) -> None:
        self.transfer("out", self.product, -3, 100000)
        self.transfer("out", self.other, -3, 200000)
        lacking = self.section(self.told("stock_shortage"), "Customers wait for")
        self.assertLess(lacking.index(f"#{self.other.id}|"), lacking.index(f"#{self.product.id}|"))

    def test_reordering_rules_say_what_to_order(self) -> None:
        rule = self.env["stock.warehouse.orderpoint"].create(
            {"product_id": self.product.id, "product_min_qty": 4, "product_max_qty": 9, "trigger": "manual"}
        )
        section = self.section(self.told("stock_shortage", product=str(self.product.id)), "To be ordered")
        self.assertIn(f"\n{rule.id}|", section)

    def test_the_briefing_counts_transfers(self) -> None:
        self.transfer("out", self.product, -3)
        section = self.section(self.told("daily_briefing"), "Transfers late or due today")
        self.assertRegex(section, r"deliveries\|[1-9]")

    def test_products_are_completed(self) -> None:
        found = self.completions("stock_shortage", "product", "quixotic", self.user)
        self.assertEqual(found, [f"quixotic-chair-{self.product.id}"])

    def test_it_is_for_those_in_the_warehouse(self) -> None:
        self.assertFor("stock_shortage")
