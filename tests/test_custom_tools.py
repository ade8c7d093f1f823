# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo.tests import tagged

from .custom_case import CustomCase


@tagged("post_install", "-at_install")
class TestCustomTools(CustomCase):
    def test_a_published_action_is_a_tool_with_the_schema_of_its_arguments(self) -> None:
        self.publish("partner_report", "result = 'x'", [
            {"name": "text", "kind": "text", "required": True, "description": "what"},
            {"name": "since", "kind": "date"},
            {"name": "level", "kind": "choice", "choices": "low, high", "default": "low"},
            {"name": "partner", "kind": "record", "model_id": self.partner_model.id},
            {"name": "words", "kind": "list"},
        ])
        tool = next(tool for tool in self.service().tools() if tool["name"] == "partner_report")
        print(tool)
        print(self.text("partner_report", text="a"))
