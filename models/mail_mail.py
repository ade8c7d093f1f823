# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import api, models

from ..orm import previewing


class MailMail(models.Model):
    """Notes the mails that a call would send, while it is only tried."""

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> models.BaseModel:
        mails = super().create(vals_list)
        trial = previewing.current()
        if trial is not None:
            trial.mails += len(mails)
            trial.recipients.update(mails.sudo().recipient_ids.ids)  # their names are shown to those who may read them
        return mails
