# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.mcp_native.toolsets.prompts_account import _bounds

from ...protocol import InvalidParams
from .prompt_case import INJECTION, AppPromptCase


@tagged("post_install", "-at_install")
class TestAccountPrompts(AppPromptCase):
    MODEL, GROUPS = "account.move", "account.group_account_user"

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        accounts, journals = cls.env["account.account"], cls.env["account.journal"]
        income, receivable, payable = accounts.create(
            [
                {"name": "Q income", "code": "QZ4000", "account_type": "income"},
                {"name": "Q receivable", "code": "QZ1200", "account_type": "asset_receivable", "reconcile": True},
                {"name": "Q payable", "code": "QZ2200", "account_type": "liability_payable", "reconcile": True},
            ]
        )
        cls.income = income
        cls.partner.property_account_receivable_id = receivable
        cls.partner.property_account_payable_id = payable
        cls.sales, cls.purchases = journals.create(
            [
                {"name": "Q sales", "code": "QZS", "type": "sale", "default_account_id": income.id},
                {"name": "Q purchases", "code": "QZP", "type": "purchase", "default_account_id": income.id},
            ]
        )

    def invoice(self, late: int, amount: float, kind: str = "out_invoice", post: bool = True, **values: object):
        journal = self.sales if kind == "out_invoice" else self.purchases
        line = {"name": "Thing", "account_id": self.income.id, "price_unit": amount, "tax_ids": [(5,)]}
        due = self.day(-late)
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "journal_id": journal.id,
                "partner_id": self.partner.id,
                "invoice_date": min(due, self.day()),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [(0, 0, line)],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def test_late_invoices_are_told_by_age_customer_and_amount(self) -> None:
        self.partner.name = INJECTION
        first, second = self.invoice(10, 100), self.invoice(100, 50)
        self.invoice(-5, 1000)
        self.invoice(20, 7, post=False)
        text = self.told("invoice_chase", customer=str(self.partner.id))
        ages = self.section(text, "How late")
        for line in (r"not due yet\|1000\.00 \w+\|1", r"1-30 days\|100\.00 \w+\|1", r"over 90 days\|50\.00 \w+\|1"):
            self.assertRegex(ages, line)
        self.assertRegex(self.section(text, "Who pays late"), rf"#{self.partner.id}\|150\.00 \w+\|2")
        rows = self.section(text, "Largest late invoices")
        self.assertLess(rows.index(f"\n{first.id}|"), rows.index(f"\n{second.id}|"))

    def test_another_customer_s_invoices_are_left_out(self) -> None:
        self.invoice(10, 100)
        other = self.env["res.partner"].create({"name": "Pays In Time"})
        text = self.told("invoice_chase", customer="pays in time")
        self.assertEqual(self.section(text, "Who pays late"), ": none")
        self.assertEqual(
            self.completions("invoice_chase", "customer", "pays in", self.user), [f"pays-in-time-{other.id}"]
        )

    def test_a_month_is_checked_for_drafts_and_bills_entered_twice(self) -> None:
        last = self.day().replace(day=1) - timedelta(1)
        month = {"date": last, "invoice_date": last}
        draft = self.invoice(0, 11, post=False, **month)
        self.invoice(0, 300, **month)
        for number in (1, 2):
            self.invoice(0, 70, "in_invoice", post=False, ref=f"QZ-77{' ' * number}", **month)
        self.env["account.move"].search([("ref", "like", "QZ-77")]).write({"ref": "QZ-77"})
        text = self.told("month_end_check")
        self.assertIn(f"before {last:%Y-%m} can be closed", text)
        self.assertIn(f"\n{draft.id}|", self.section(text, "The oldest drafts"))
        self.assertRegex(self.section(text, "Drafts up to the end"), rf"Q sales.*#{self.sales.id}\|1")
        self.assertIn("|QZ-77|", self.section(text, "Bills with the same reference"))
        turnover = self.section(text, "Against the month before, untaxed")
        self.assertRegex(turnover, rf"sales {last:%Y-%m}\|.*\d")
        self.assertEqual(text, self.told("month_end_check", month=f"{last:%Y-%m}"))

    def test_a_month_is_a_month(self) -> None:
        self.assertEqual([f"{day}" for day in _bounds("2024-2", self.day())], ["2024-02-01", "2024-02-29"])
        self.assertEqual([f"{day}" for day in _bounds("2025-12", self.day())], ["2025-12-01", "2025-12-31"])
        for month in ("October", "2026-13", "2026", "0000-01"):
            with self.assertRaisesRegex(InvalidParams, "is no month"):
                self.told("month_end_check", month=month)
        found = self.completions("month_end_check", "month", "", self.user)
        self.assertEqual((len(found), found[0]), (12, f"{self.day().replace(day=1) - timedelta(1):%Y-%m}"))

    def test_the_briefing_counts_late_invoices(self) -> None:
        before = self.section(self.told("daily_briefing"), "Customer invoices")
        self.invoice(10, 100)
        self.assertNotEqual(before, self.section(self.told("daily_briefing"), "Customer invoices"))

    def test_it_is_for_accountants(self) -> None:
        self.assertFor("invoice_chase", "month_end_check")
