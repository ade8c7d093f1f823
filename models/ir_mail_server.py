# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from odoo import api, models

from ..orm import previewing


class IrMailServer(models.Model):
    """Sends nothing while a call is only tried, and notes what it would have sent."""

    _inherit = "ir.mail_server"

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        return None if previewing.current() else super().connect(*args, **kwargs)

    def _connect__(self, *args: Any, **kwargs: Any) -> Any:
        return None if previewing.current() else super()._connect__(*args, **kwargs)

    @api.model
    def send_email(self, message: EmailMessage, *args: Any, **kwargs: Any) -> str:
        trial = previewing.current()
        if trial is None:
            return super().send_email(message, *args, **kwargs)
        trial.mails += 1
        return message["Message-Id"] or ""
