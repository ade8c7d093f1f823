# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import base64
import json

from odoo import models

from odoo.addons.mcp_native.toolsets import resource

from .media import PNG


class ConformanceResources(models.AbstractModel):
    _name = "mcp_native.toolset.conformance.resources"
    _inherit = "mcp_native.toolset"
    _description = "MCP Conformance: Resources"

    @resource("test://static-text", title="Static text")
    def static_text(self) -> str:
        """A text that never changes."""
        return "This is the content of the static text resource."

    @resource("test://static-binary", title="Static picture", mime_type="image/png")
    def static_binary(self) -> bytes:
        """A picture that never changes."""
        return base64.b64decode(PNG)

    @resource("test://watched-resource", title="Watched text")
    def watched_resource(self) -> str:
        """A text that a client may subscribe to."""
        return "Watched."

    @resource("test://template/{id}/data", title="Template", mime_type="application/json")
    def template_data(self, id: str) -> str:
        """Data of a number."""
        return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})
