# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ..protocol import MODERN, Call, McpError
from .tool_case import ToolCase


class ResourceCase(ToolCase):
    """Reads resources, gets prompts and asks for completions as a client does."""

    def call(self, method: str, **params: Any) -> Call:
        call = Call(id=1, method=method, params=params, version=MODERN, modern=True)
        self.facts = call.facts
        return call

    def contents(self, uri: str, user: Any = None) -> list[dict[str, Any]]:
        """Return the contents of a resource."""
        return self.service(user).read_resource(self.call("resources/read", uri=uri), uri)

    def read(self, uri: str, user: Any = None) -> str:
        """Return the text of a resource."""
        (entry,) = self.contents(uri, user)
        self.assertEqual(entry["uri"], uri)
        return entry["text"]

    def refusal(self, uri: str, user: Any = None) -> str:
        """Return why a resource is not there."""
        with self.assertRaises(McpError) as caught:
            self.contents(uri, user)
        self.assertEqual((caught.exception.code, caught.exception.data), (-32602, {"uri": uri}))
        return caught.exception.message

    def completions(self, ref: str, argument: str, value: str, user: Any = None, **context: str) -> list[str]:
        """Return what an argument may go on as.

        :param ref: the name of a prompt, or the URI of a resource
        """
        named = {"type": "ref/resource", "uri": ref} if "://" in ref else {"type": "ref/prompt", "name": ref}
        call = self.call("completion/complete")
        return self.service(user).complete(call, named, {"name": argument, "value": value}, context)

    def prompt(self, name: str, user: Any = None, **arguments: str) -> str:
        """Return the text of a prompt."""
        call = self.call("prompts/get", name=name)
        (message,) = self.service(user).get_prompt(call, name, arguments)["messages"]
        self.assertEqual((message["role"], message["content"]["type"]), ("user", "text"))
        return message["content"]["text"]

    def assertSnapshot(self, path: Path, value: Any) -> None:
        """Compare a wire form with the one kept; MCP_NATIVE_SNAPSHOTS=write keeps it instead."""
        text = json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        if os.environ.get("MCP_NATIVE_SNAPSHOTS") == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.assertEqual(path.read_text(encoding="utf-8"), text)
