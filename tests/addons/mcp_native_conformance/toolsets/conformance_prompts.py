# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import models

from odoo.addons.mcp_native.protocol import InputRequired, content, elicit
from odoo.addons.mcp_native.toolsets import prompt

from .media import PNG


class ConformancePrompts(models.AbstractModel):
    _name = "mcp_native.toolset.conformance.prompts"
    _inherit = "mcp_native.toolset"
    _description = "MCP Conformance: Prompts"

    @prompt(title="Simple prompt")
    def test_simple_prompt(self) -> str:
        """A prompt without arguments."""
        return "This is a simple prompt for testing."

    @prompt(title="Prompt with arguments", completions={"arg1": "_complete_arg1"})
    def test_prompt_with_arguments(self, arg1: str, arg2: str) -> str:
        """A prompt with two arguments.

        :param arg1: the first
        :param arg2: the second
        """
        return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"

    @prompt(title="Prompt with a resource")
    def test_prompt_with_embedded_resource(self, resourceUri: str) -> list[dict]:
        """A prompt that brings a resource along.

        :param resourceUri: the resource's URI
        """
        text = "Embedded resource content for testing."
        return [
            {"role": "user", "content": content.embedded(resourceUri, "text/plain", text=text)},
            {"role": "user", "content": content.text("Please process the embedded resource above.")},
        ]

    @prompt(title="Prompt with an image")
    def test_prompt_with_image(self) -> list[dict]:
        """A prompt that brings an image along."""
        return [
            {"role": "user", "content": content.image(PNG, "image/png")},
            {"role": "user", "content": content.text("Please analyze the image above.")},
        ]

    @prompt(title="Prompt that asks")
    def test_input_required_result_prompt(self) -> str | InputRequired:
        """A prompt that asks the person first."""
        answer = self._call().inputs.get("user_context") or {}
        if answer.get("action") != "accept":
            question = elicit("What context should the prompt use?", {"context": {"type": "string"}})
            return InputRequired({"user_context": question})
        return f"Use this context: {answer['content']['context']}"

    def _complete_arg1(self, beginning: str, context: dict) -> list[str]:
        return [word for word in ("paris", "park", "party", "rome") if word.startswith(beginning)]
