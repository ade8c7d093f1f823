# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Annotated

from odoo import models

from .arguments import Schema
from .declare import prompt
from .facts import Facts, can_tell

ORDER = "sale.order"
COLUMNS = ("name", "partner_id", "amount_total", "state", "date_order", "validity_date", "user_id")
BY_AMOUNT = "amount_total desc, id"
QUOTATION = ["state", "in", ["draft", "sent"]]


class ToolsetPromptsSale(models.AbstractModel):
    _name = "mcp_native.toolset.prompts.sale"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Sales"

    def _is_available(self) -> bool:
        return can_tell(self, ORDER)

    @prompt(title="Follow up quotations")
    def quotation_follow_up(self, days: Annotated[int, Schema(minimum=1, maximum=365)] = 7) -> str:
        """Quotations that wait for an answer, expire or have expired, and whom to write to.

        :param days: how long a customer may take to answer, 7 by default
        """
        facts = Facts(self)
        facts.totals("Quotations", ORDER, [QUOTATION], ["amount_total:sum"], ["state"])
        waiting = [["state", "=", "sent"], ["date_order", "<=", facts.day(-days)]]
        facts.rows(f"Sent {days} days ago or earlier, no answer", ORDER, waiting, COLUMNS, BY_AMOUNT, 10)
        expired = [QUOTATION, ["validity_date", "<", facts.day()]]
        facts.rows("Expired", ORDER, expired, COLUMNS, BY_AMOUNT, 6)
        ending = [QUOTATION, ["validity_date", ">=", facts.day()], ["validity_date", "<=", facts.day(7)]]
        facts.rows("Expire within a week", ORDER, ending, COLUMNS, "validity_date, id")
        forgotten = [["state", "=", "draft"], ["create_date", "<=", facts.day(-days)]]
        facts.rows("Written, but never sent", ORDER, forgotten, COLUMNS, BY_AMOUNT, 6)
        return facts.prompt(
            "Help me to follow up my quotations.",
            "Choose those that are worth a reminder first: by amount, by age, by what customers bought before.",
            "Read the messages of those, so that nobody is asked what they have answered already.",
            "Draft a short, friendly message for each, in the language of the customer, and say who should send it.",
            "Say which quotations to cancel or to renew.",
        )

    def _brief(self, facts: Facts) -> None:
        mine = [QUOTATION, ["user_id", "=", self.env.uid], ["validity_date", "<=", facts.day(1)]]
        facts.rows("My quotations that expire by tomorrow", ORDER, mine, COLUMNS[:6], BY_AMOUNT, 5)
