# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import models

from ..orm import access
from ..orm.lookup import existing
from ..orm.narrowing import unnarrowed
from .arguments import Id, Model
from .declare import tool


class ToolsetFile(models.AbstractModel):
    _name = "mcp_native.toolset.file"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Files"
    _toolset = "files"

    @tool(title="Attach file", read_only=False, destructive=False, idempotent=False, open_world=False)
    def attach_file(self, model: Model, id: Id, name: str) -> str:
        """Attach a file to a record."""
        record = existing(self._model(model), [id])
        attachments = self.env["ir.attachment"]
        content = self._call().facts.get("upload")
        access.check(attachments, "create")
        self._intend("create", attachments, count=1)
        if content is None:
            url = self.env["mcp_native.file.link"]._ask_upload(model, id, name)
            return f"PUT the file to {url}"
        with unnarrowed():
            made = attachments.create({"name": name, "raw": content, "res_model": model, "res_id": record.id})
        return f"Attached {made.name} #{made.id}"
