# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo.models import BaseModel

from ..compat import GROUPS
from .consent_case import ConsentCase

EVAL = "odoo.addons.mcp_native.toolsets.service"
"""Where the log tells what broke."""
RENAME = "records.write({'name': arguments['new_name']})\nresult = records"
NEW_NAME = {"name": "new_name", "kind": "text", "required": True}


class CustomCase(ConsentCase):
    """Publishes server actions as tools; nothing needs a confirmation unless a test says so."""

    profile = "full"

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.partner_model = cls.env["ir.model"]._get("res.partner")

    def action(self, code: str, model: str = "res.partner", groups: BaseModel | None = None, **more: Any) -> BaseModel:
        values = {"name": "Published", "model_id": self.env["ir.model"]._get_id(model), "state": "code", "code": code}
        return self.env["ir.actions.server"].create({**values, **({GROUPS: groups.ids} if groups else {}), **more})

    def publish(
        self, name: str, code: str, arguments: list[dict[str, Any]] = (), groups: BaseModel | None = None, **more: Any
    ) -> BaseModel:
        """Return a new tool that reads, unless told otherwise.

        :param groups: of the action
        :param more: values of the tool
        """
        values = {"title": name.replace("_", " ").capitalize(), "name": name, "description": "For tests."}
        hints = {"read_only": True, "destructive": False, "idempotent": True}
        if more.get("read_only") is False:
            hints = {"destructive": True}
        lines = [(0, 0, argument) for argument in arguments]
        if "action_id" not in more:
            more["action_id"] = self.action(code, groups=groups).id
        return self.env["mcp_native.custom.tool"].create({**values, **hints, "argument_ids": lines, **more})
