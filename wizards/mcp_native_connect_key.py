# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import fields, models


class McpNativeConnectKey(models.AbstractModel):
    """Shows a new key, with what to do with it. Abstract: the key is in the page only, never stored in clear."""

    _name = "mcp_native.connect.key"
    _description = "Show a New MCP Key"

    id = fields.Id()  # the page asks for it when it fills in the defaults
    key = fields.Char(readonly=True)
    url = fields.Char("Address", readonly=True)
    snippet = fields.Text(readonly=True)
    steps = fields.Html(readonly=True, sanitize=False)
    remark = fields.Html(readonly=True, sanitize=False)
