# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import api, models

from ..orm import changes
from ..orm.load import explained


class Base(models.AbstractModel):
    """Lets a recorder and an import see what the ORM does; where there is none, each method looks at a variable.

    In one file, because ``orm/origin.py`` knows it as the place where a change passes.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> models.BaseModel:
        records = super().create(vals_list)
        if recorder := changes.current(self.env):
            recorder.after_create(records, vals_list)
        return records

    def write(self, vals: dict[str, Any]) -> bool:
        if recorder := changes.current(self.env):
            recorder.before_write(self, vals)
        return super().write(vals)

    def unlink(self) -> bool:
        if recorder := changes.current(self.env):
            recorder.before_unlink(self)
        return super().unlink()

    def _load_records(self, data_list: list[dict[str, Any]], *args: Any, **options: Any) -> models.BaseModel:
        with explained(self, len(data_list)):
            return super()._load_records(data_list, *args, **options)

    def _flush(self, *args: Any) -> Any:
        if recorder := changes.current(self.env):
            recorder.before_flush()
        return super()._flush(*args)
