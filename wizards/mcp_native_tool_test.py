# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from odoo import _, fields, models

from ..models.approval_run import answer_text
from ..models.mcp_native_principal import READS_AND_WRITES
from ..models.principal import Principal
from ..orm.rules import APPROVE
from ..protocol import Call, McpError, ToolResult
from ..protocol.arguments import check
from ..toolsets.general_custom import CustomDeclared
from ..toolsets.running import BUSINESS_ERRORS
from ..toolsets.service import McpService
from ..toolsets.writing import Options, Writing
from .tool_inputs import arguments_of, inputs_of


class McpNativeToolTest(models.TransientModel):
    """Tries a custom tool as oneself: with one's own rights, and the profile that one's new assistants would have."""

    _name = "mcp_native.tool.test"
    _description = "Test of an MCP Tool"

    tool_id = fields.Many2one("mcp_native.custom.tool", "Tool", required=True, readonly=True, ondelete="cascade")
    read_only = fields.Boolean(related="tool_id.read_only")
    form_id = fields.Many2one("mcp_native.tool.test.form", required=True, readonly=True, ondelete="cascade")
    has_inputs = fields.Boolean(readonly=True)
    inputs = fields.Properties(definition="form_id.inputs")
    sent = fields.Text("The Assistant Sends", readonly=True)
    answer = fields.Text("The Assistant Gets", readonly=True)
    refused = fields.Boolean(readonly=True)

    def _open(self, tool: models.BaseModel) -> dict[str, Any]:
        """Return the action that opens the page for a tool."""
        inputs = inputs_of(tool._declared(), _("Records"))
        form = self.env["mcp_native.tool.test.form"].sudo().create({"inputs": inputs})  # nobody else may
        page = self.create({"tool_id": tool.id, "form_id": form.id, "has_inputs": bool(inputs)})
        return page._shown()

    def action_preview(self) -> dict[str, Any]:
        """Show what it would change."""
        return self._answered(self._preview)

    def action_run(self) -> dict[str, Any]:
        """Do it. Whoever presses the button agrees to what the profile would ask for."""
        return self._answered(self._run)

    def _preview(
        self, service: McpService, call: Call, item: CustomDeclared, arguments: dict[str, Any]
    ) -> ToolResult:
        return Writing(service, call, item, arguments, Options(dry_run=True)).answer()

    def _run(self, service: McpService, call: Call, item: CustomDeclared, arguments: dict[str, Any]) -> ToolResult:
        if item.declaration.read_only:
            return service.guarded(call, lambda: service.invoke(item, arguments), reading=True)
        return Writing(service, call, item, arguments).carry_out(None, APPROVE)

    def _answered(self, ask: Callable[..., ToolResult]) -> dict[str, Any]:
        """Ask the tool, and show what an assistant would be answered."""
        self.ensure_one()
        item = self.tool_id._declared()
        arguments = arguments_of(item, self.read(["inputs"])[0]["inputs"])
        self.sent = json.dumps({"name": item.declaration.name, "arguments": arguments}, ensure_ascii=False, indent=2)
        self.answer, self.refused = self._outcome(item, arguments, ask)
        return self._shown()

    def _outcome(
        self, item: CustomDeclared, arguments: dict[str, Any], ask: Callable[..., ToolResult]
    ) -> tuple[str, bool]:
        """Return the text of an answer, and whether it is a refusal."""
        service = self._service()
        params = {"name": item.declaration.name, "arguments": arguments}
        call = Call(id=None, method="tools/call", params=params, client_name="Odoo")
        call.facts["tool"] = item.declaration.name
        try:
            result = ask(service, call, item, check(item.declaration.input_schema, arguments))
        except BUSINESS_ERRORS as error:
            return service.explained(call, error), True
        except McpError as error:
            told = _("The assistant is told: %(told)s\nWhat happened: %(cause)s", told=error, cause=error.__cause__)
            return told, True
        return answer_text(result), result.is_error

    def _service(self) -> McpService:
        user = self.env.user
        env = self.env(user=user.id, su=False, context=dict(user.context_get()))
        return McpService(env, Principal(user.id, "api_key", 0, "", READS_AND_WRITES))

    def _shown(self) -> dict[str, Any]:
        return {
            "type": "ir.actions.act_window",
            "name": _("Test: %s", self.tool_id.title),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
