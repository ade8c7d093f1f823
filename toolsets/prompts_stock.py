# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import models

from .completion import Context
from .declare import prompt
from .facts import Facts, can_tell

MOVE, PICKING, QUANT, RULE = "stock.move", "stock.picking", "stock.quant", "stock.warehouse.orderpoint"
COLUMNS = ("name", "partner_id", "scheduled_date", "origin", "state")
OPEN = ["state", "in", ["waiting", "confirmed", "assigned"]]
LACKING = ["state", "in", ["waiting", "confirmed", "partially_available"]]


class ToolsetPromptsStock(models.AbstractModel):
    _name = "mcp_native.toolset.prompts.stock"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Inventory"

    def _is_available(self) -> bool:
        return can_tell(self, MOVE, PICKING)

    @prompt(title="Stock shortage", completions={"product": "_complete_product"})
    def stock_shortage(self, product: str | None = None) -> str:
        """What is missing in stock, which deliveries wait for it, and what to order.

        :param product: a product, by name or id; all without it
        """
        own = [["product_id", "=", self._pointed("product.product", product).id]] if product else []
        through = [["move_ids.product_id", *own[0][1:]]] if own else []
        facts = Facts(self)
        lacking = [*own, LACKING, ["location_dest_id.usage", "=", "customer"]]
        wanted = "product_uom_qty:sum"
        facts.totals("Customers wait for", MOVE, lacking, [wanted], ["product_id"], f"{wanted} desc", 10)
        late = [*through, OPEN, ["scheduled_date", "<", facts.day()]]
        out, into = ["picking_type_code", "=", "outgoing"], ["picking_type_code", "=", "incoming"]
        facts.rows("Late deliveries", PICKING, [*late, out], COLUMNS, "scheduled_date, id")
        facts.rows("Late receipts", PICKING, [*late, into], COLUMNS, "scheduled_date, id")
        if can_tell(self, RULE):
            columns = ["product_id", "qty_on_hand", "qty_forecast", "product_min_qty", "qty_to_order"]
            facts.rows("To be ordered by the reordering rules", RULE, [*own, ["qty_to_order", ">", 0]], columns)
        if can_tell(self, QUANT):
            below = [*own, ["location_id.usage", "=", "internal"], ["quantity", "<", 0]]
            facts.totals("Less than nothing in stock", QUANT, below, ["quantity:sum"], ["product_id"], limit=8)
        return facts.prompt(
            "Find out what is missing in stock, who waits for it, and how we get it.",
            "Connect shortages with late receipts: what comes anyway, and when?",
            "For the rest, look up vendors and lead times, and suggest what to order, how much, from whom.",
            "Name the customers who must be told, and which delivery can go in parts.",
        )

    def _brief(self, facts: Facts) -> None:
        until = ["scheduled_date", "<=", facts.day()]
        kinds = {"deliveries": "outgoing", "receipts": "incoming"}
        cases = {word: [["picking_type_code", "=", code], OPEN, until] for word, code in kinds.items()}
        facts.compared("Transfers late or due today", PICKING, cases)

    def _complete_product(self, beginning: str, context: Context) -> list[str]:
        return self._completed("product.product", beginning)
