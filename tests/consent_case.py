# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
from typing import Any

from ..protocol import MODERN, Call, InputRequired, ToolResult
from .common import let_everybody, shared_cursor
from .tool_case import ToolCase

ELICITS = {"elicitation": {}}
_TOKEN = re.compile(r'confirmation="(mcpf_[\w-]+)"')


class ConsentCase(ToolCase):
    """Calls tools under the profile *Assistant*, where changes are confirmed and deletions approved."""

    profile = "assistant"

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.rules = let_everybody(cls.env, cls.profile)
        cls.azure = cls.env["res.partner"].create({"name": "Azure Interior", "phone": "+32 1"})
        cls.env.flush_all()

    def setUp(self) -> None:
        super().setUp()
        cursors = shared_cursor(self)
        cursors.__enter__()
        self.addCleanup(cursors.__exit__, None, None, None)

    def ask(
        self,
        name: str,
        user: Any = None,
        /,
        *,
        capabilities: dict[str, Any] | None = None,
        inputs: dict[str, Any] | None = None,
        state: Any = None,
        **arguments: Any,
    ) -> ToolResult | InputRequired:
        """Return what a tool answers; ``self.facts`` then holds what the log would get."""
        params = {"name": name, "arguments": arguments}
        call = Call(id=1, method="tools/call", params=params, version=MODERN, modern=True, client_name="Tester")
        call.client_capabilities = capabilities or {}
        call.inputs, call.state = inputs or {}, state
        self.facts = call.facts
        self.env.flush_all()
        result = self.service(user).call_tool(call, name, arguments)
        self.env.invalidate_all()
        return result

    def asked(self, name: str, /, **arguments: Any) -> tuple[str, str]:
        """Return text and confirmation of an answer that asks for one."""
        result = self.ask(name, **arguments)
        text = result.content[0]["text"]
        self.assertFalse(result.is_error, text)
        self.assertEqual(self.facts["consent"], "asked", text)
        return text, _TOKEN.search(text)[1]

    def phone(self, phone: str = "+32 2", **more: Any) -> dict[str, Any]:
        """Return the arguments of a call that changes a phone number."""
        return {"model": "res.partner", "ids": self.azure.ids, "values": {"phone": phone}, **more}

    def text_of(self, name: str, user: Any = None, /, **arguments: Any) -> str:
        """Return the text of an answer that is no error."""
        result = self.ask(name, user, **arguments)
        text = result.content[0]["text"]
        self.assertFalse(result.is_error, text)
        return text

    def refusal_of(self, name: str, /, **arguments: Any) -> str:
        """Return the text of an answer that is an error."""
        result = self.ask(name, **arguments)
        self.assertTrue(result.is_error, result.content)
        return result.content[0]["text"]
