# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from odoo import api, models

VALUES = ("integer", "float", "char", "text", "datetime")


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    @api.model
    def _mcp_native_tracked(self, messages: Iterable[int], fields: Collection[str]) -> list[dict[str, Any]]:
        """Return what messages tell of changed fields, oldest first.

        Beyond the user's own rights, because Odoo gives these rows to administrators only and shows them in every
        chatter all the same. Only of the fields that the caller may see; what no field says any more stays out.

        :param messages: ids of messages that the user may read
        :param fields: names of the fields of their record's model that this user and profile may see
        :return: per value ``message``, ``field``, ``kind``, ``label`` (of a property), ``old`` and ``new`` with one
            entry for each of ``VALUES``, ``currency``
        """
        domain = [("mail_message_id", "in", list(messages)), ("field_id.name", "in", list(fields))]
        return [row._mcp_native_row() for row in self.sudo().search(domain, order="id")]

    def _mcp_native_row(self) -> dict[str, Any]:
        about = self.field_info or {}
        return {
            "message": self.mail_message_id.id,
            "field": self.field_id.name,
            "kind": about.get("type") or self.field_id.ttype,
            "label": about.get("desc"),
            "old": {kind: self[f"old_value_{kind}"] for kind in VALUES},
            "new": {kind: self[f"new_value_{kind}"] for kind in VALUES},
            "currency": self.currency_id.id,
        }
