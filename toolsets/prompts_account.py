# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

from odoo import models

from ..orm.errors import ToolError
from ..orm.scalars import shown
from .completion import Context
from .declare import prompt
from .facts import Domain, Facts, can_tell

MOVE = "account.move"
LINE = "account.bank.statement.line"
COLUMNS = ("name", "partner_id", "invoice_date_due", "amount_residual", "amount_total", "currency_id")
OPEN = ["payment_state", "in", ["not_paid", "partial"]]
SALES = ["move_type", "in", ["out_invoice", "out_refund", "out_receipt"]]
PURCHASES = ["move_type", "in", ["in_invoice", "in_refund", "in_receipt"]]
POSTED = ["state", "=", "posted"]
INVOICES = [["move_type", "=", "out_invoice"], POSTED, OPEN]
RESIDUAL = "amount_residual_signed:sum"
LOCKS = ("fiscalyear_lock_date", "tax_lock_date", "sale_lock_date", "purchase_lock_date", "hard_lock_date")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


class ToolsetPromptsAccount(models.AbstractModel):
    _name = "mcp_native.toolset.prompts.account"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Accounting"

    def _is_available(self) -> bool:
        return can_tell(self, MOVE)

    @prompt(title="Chase invoices", completions={"customer": "_complete_customer"})
    def invoice_chase(self, customer: str | None = None) -> str:
        """Customers who pay late: how much, how long, and what to write to them.

        :param customer: a contact, by name or id; all customers without it
        """
        due = list(INVOICES)
        if customer:
            due.append(["partner_id", "child_of", self._pointed("res.partner", customer).id])
        facts = Facts(self)
        late = [*due, ["invoice_date_due", "<", facts.day()]]
        facts.compared("How late", MOVE, self._ages(facts, due), [RESIDUAL])
        facts.totals("Who pays late", MOVE, late, [RESIDUAL], ["commercial_partner_id"], f"{RESIDUAL} desc", 10)
        facts.rows("Largest late invoices", MOVE, late, COLUMNS, "amount_residual_signed desc, id", 10)
        return facts.prompt(
            "Help me to collect what customers owe us and should have paid.",
            "Rank the customers by amount and delay. Look up how they paid before, and what was agreed in messages.",
            "Say which invoices are disputed or simply forgotten, as far as you can tell.",
            "Draft a message for each of the first five: friendly up to 30 days, firm after 60; with number, date and "
            "amount of each invoice, in the language of the customer.",
        )

    def _ages(self, facts: Facts, due: Domain) -> dict[str, Domain]:
        """Return the domains of invoices by how late they are."""
        field, steps = "invoice_date_due", (0, 30, 60, 90)
        ages = {
            f"{first + 1}-{last} days": [*due, [field, "<", facts.day(-first)], [field, ">=", facts.day(-last)]]
            for first, last in pairwise(steps)
        }
        return {
            "not due yet": [*due, [field, ">=", facts.day()]],
            **ages,
            "over 90 days": [*due, [field, "<", facts.day(-90)]],
        }

    @prompt(title="Month-end check", completions={"month": "_complete_month"})
    def month_end_check(self, month: str | None = None) -> str:
        """What is missing before a month can be closed: drafts, open bank lines, doubtful bills.

        :param month: such as 2026-10; the last one without it
        """
        facts = Facts(self)
        first, last = _bounds(month, facts.today)
        within = [["date", ">=", first.isoformat()], ["date", "<=", last.isoformat()]]
        until = ["date", "<=", last.isoformat()]
        facts.record("Lock dates", "res.company", self.env.company.id, ["name", *LOCKS])
        facts.totals("Drafts up to the end", MOVE, [["state", "=", "draft"], until], [], ["journal_id"])
        drafts = ["name", "partner_id", "journal_id", "date", "amount_total"]
        facts.rows("The oldest drafts", MOVE, [["state", "=", "draft"], until], drafts, "date, id", 6)
        if can_tell(self, LINE):
            unmatched = [["is_reconciled", "=", False], until]
            facts.totals("Bank lines not reconciled", LINE, unmatched, ["amount:sum"], ["journal_id"])
        twice = [PURCHASES, within[0], within[1], ["state", "!=", "cancel"], ["ref", "!=", False]]
        facts.totals(
            "Bills with the same reference", MOVE, twice, ["amount_total_signed:sum"], ["commercial_partner_id", "ref"],
            having=[["__count", ">", 1]], order="__count desc",
        )  # fmt: skip
        before_first, before_last = _month_before(first)
        before = [["date", ">=", before_first.isoformat()], ["date", "<=", before_last.isoformat()]]
        months = {f"{first:%Y-%m}": within, f"{before_first:%Y-%m}": before}
        turnover = {
            f"{word} {name}": [kind, POSTED, *span]
            for word, kind in (("sales", SALES), ("purchases", PURCHASES))
            for name, span in months.items()
        }
        facts.compared("Against the month before, untaxed", MOVE, turnover, ["amount_untaxed_signed:sum"])
        return facts.prompt(
            f"Check what is left to do before {first:%Y-%m} can be closed.",
            "List what blocks the closing, the most important first, with the entries it is about.",
            "Say what looks wrong: bills entered twice, drafts that should be posted or cancelled, unusual changes "
            "against the month before. Look at the entries before you say so.",
            "Make a checklist with who has to do what.",
        )

    def _brief(self, facts: Facts) -> None:
        facts.compared(
            "Customer invoices",
            MOVE,
            {
                "late": [*INVOICES, ["invoice_date_due", "<", facts.day()]],
                "due within a week": [
                    *INVOICES, ["invoice_date_due", ">=", facts.day()], ["invoice_date_due", "<=", facts.day(7)]
                ],
            },
            [RESIDUAL],
        )  # fmt: skip

    def _complete_customer(self, beginning: str, context: Context) -> list[str]:
        return self._completed("res.partner", beginning)

    def _complete_month(self, beginning: str, context: Context) -> list[str]:
        """Return the last twelve months."""
        first = Facts(self).today.replace(day=1)
        found = []
        for _number in range(12):
            first = _month_before(first)[0]
            found.append(f"{first:%Y-%m}")
        return [month for month in found if month.startswith(beginning.strip())]


def _bounds(month: str | None, today: date) -> tuple[date, date]:
    """Return the first and the last day of a month, by default of the last one that is over.

    :raise ToolError: not a month
    """
    if not month:
        return _month_before(today)
    found = _MONTH.fullmatch(month.strip())
    if not found or not 1 <= int(found[2]) <= 12 or not 1900 <= int(found[1]) <= 2999:
        raise ToolError(f"month: {shown(month)} is no month. Write it as {today:%Y-%m}.")
    first = date(int(found[1]), int(found[2]), 1)
    return first, (first + timedelta(31)).replace(day=1) - timedelta(1)


def _month_before(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month before the one of a day."""
    last = day.replace(day=1) - timedelta(1)
    return last.replace(day=1), last
