# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import models

from odoo.addons.base.models.ir_sequence import _predict_nextval

from ..orm import previewing


class IrSequence(models.Model):
    """Tells the next number without using it up, while a call is only tried: PostgreSQL would not take it back."""

    _inherit = "ir.sequence"

    def _next_do(self) -> str:
        if previewing.current() and self.implementation == "standard":
            return self.get_next_char(_next_tried(self, f"{self.id:03d}", self.number_increment))
        return super()._next_do()


class IrSequenceDateRange(models.Model):
    _inherit = "ir.sequence.date_range"

    def _next(self) -> str:
        sequence = self.sequence_id
        if previewing.current() and sequence.implementation == "standard":
            number = _next_tried(self, f"{sequence.id:03d}_{self.id:03d}", sequence.number_increment)
            return sequence.get_next_char(number)
        return super()._next()


def _next_tried(record: models.BaseModel, name: str, step: int) -> int:
    """Return the number that comes next, after those that were tried already."""
    numbers = previewing.current().numbers
    number = numbers[name] + step if name in numbers else _predict_nextval(record, name)
    numbers[name] = number
    return number
