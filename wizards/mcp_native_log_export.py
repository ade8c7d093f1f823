# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import api, fields, models


class McpNativeLogExport(models.TransientModel):
    """Which rows of the access log to download, and in which form."""

    _name = "mcp_native.log.export"
    _description = "Export of the MCP Access Log"

    file_format = fields.Selection(
        [("csv", "CSV, for spreadsheets"), ("jsonl", "JSON Lines, for programs")],
        "Format",
        default="csv",
        required=True,
    )
    domain = fields.Json("Filter", readonly=True)
    row_count = fields.Integer("Rows", compute="_compute_row_count")

    @api.depends("domain")
    def _compute_row_count(self) -> None:
        for export in self:
            export.row_count = self.env["mcp_native.access.log"].search_count(export.domain or [])

    def action_download(self) -> dict[str, Any]:
        """Download the file."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/mcp_native/access_log/{self.id}", "target": "self"}
