# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo.tests import TransactionCase, new_test_user

from odoo.addons.mcp_native.models.principal import Principal
from odoo.addons.mcp_native.protocol import MODERN, Call, ToolResult
from odoo.addons.mcp_native.toolsets.service import McpService

from .common import let_everybody

SCOPES = frozenset({"mcp:read", "mcp:write"})


class ToolCase(TransactionCase):
    """Calls tools as a client's call reaches them: checked arguments, savepoint, the user's own rights."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        let_everybody(cls.env)
        groups = "base.group_user,base.group_partner_manager,base.group_allow_export,mcp_native.group_user"
        cls.plain = new_test_user(cls.env, "mcp_tool_plain", groups=groups, tz="Europe/Brussels")
        cls.admin = cls.env.ref("base.user_admin")

    def service(self, user: Any = None, scopes: frozenset[str] = SCOPES) -> McpService:
        user = user or self.plain
        env = self.env(user=user, context=dict(self.env["res.users"].with_user(user).context_get()))
        principal = Principal(
            uid=user.id, kind="api_key", credential_id=1, credential_name="test", scopes=scopes, expires=None
        )
        return McpService(env, principal)

    def result(self, name: str, /, user: Any = None, **arguments: Any) -> ToolResult:
        """Return a tool's result; ``self.facts`` then holds what the log would get."""
        params = {"name": name, "arguments": arguments}
        call = Call(id=1, method="tools/call", params=params, version=MODERN, modern=True)
        self.facts = call.facts
        return self.service(user).call_tool(call, name, arguments)

    def text(self, name: str, /, user: Any = None, **arguments: Any) -> str:
        """Return the text of a tool's answer, which must not be an error."""
        result = self.result(name, user, **arguments)
        text = result.content[0]["text"]
        self.assertFalse(result.is_error, text)
        return text

    def error(self, name: str, /, user: Any = None, **arguments: Any) -> str:
        """Return the text of a tool's answer, which must be an error."""
        result = self.result(name, user, **arguments)
        self.assertTrue(result.is_error, result.content)
        return result.content[0]["text"]
