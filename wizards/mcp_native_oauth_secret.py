# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import fields, models


class McpNativeOauthSecret(models.AbstractModel):
    """Shows a client's new secret. Abstract: the secret is in the page only, never stored in clear."""

    _name = "mcp_native.oauth.secret"
    _description = "Show a New MCP Client Secret"

    id = fields.Id()  # the page asks for it when it fills in the defaults
    identifier = fields.Char("Client ID", readonly=True)
    secret = fields.Char(readonly=True)
