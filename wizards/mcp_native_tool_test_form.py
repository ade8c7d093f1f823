# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import fields, models


class McpNativeToolTestForm(models.TransientModel):
    """Says which inputs the test of a tool has. Nobody may write it: else the page would offer to add inputs."""

    _name = "mcp_native.tool.test.form"
    _description = "Inputs of a Tool's Test"

    inputs = fields.PropertiesDefinition()
