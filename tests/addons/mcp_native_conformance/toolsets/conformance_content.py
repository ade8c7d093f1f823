# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import time
from typing import Annotated

from odoo import models

from odoo.addons.mcp_native.protocol import MissingCapability, ToolResult, content
from odoo.addons.mcp_native.toolsets import tool

from .media import PNG, WAV

STEP = 0.05
READS = {"read_only": True, "destructive": False, "idempotent": True, "open_world": False}

DIALECT_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


class ConformanceContent(models.AbstractModel):
    _name = "mcp_native.toolset.conformance.content"
    _inherit = "mcp_native.toolset"
    _description = "MCP Conformance: Content"

    @tool(title="Simple text", **READS)
    def test_simple_text(self) -> str:
        """Return a text."""
        return "This is a simple text response for testing."

    @tool(title="Image", **READS)
    def test_image_content(self) -> ToolResult:
        """Return an image."""
        return ToolResult([content.image(PNG, "image/png")])

    @tool(title="Audio", **READS)
    def test_audio_content(self) -> ToolResult:
        """Return a sound."""
        return ToolResult([content.audio(WAV, "audio/wav")])

    @tool(title="Embedded resource", **READS)
    def test_embedded_resource(self) -> ToolResult:
        """Return an embedded resource."""
        text = "This is an embedded resource content."
        return ToolResult([content.embedded("test://embedded-resource", "text/plain", text=text)])

    @tool(title="Several types", **READS)
    def test_multiple_content_types(self) -> ToolResult:
        """Return a text, an image and a resource."""
        return ToolResult(
            [
                content.text("Multiple content types test:"),
                content.image(PNG, "image/png"),
                content.embedded(
                    "test://mixed-content-resource", "application/json", text='{"test":"data","value":123}'
                ),
            ]
        )

    @tool(title="Log messages", logging=True, **READS)
    def test_tool_with_logging(self) -> str:
        """Send three log messages while working."""
        for position, text in enumerate(("started", "processing data", "completed")):
            if position:
                time.sleep(STEP)
            self._call().log("info", f"Tool {text}" if "data" in text else f"Tool execution {text}")
        return "Logged."

    @tool(title="Log on request", logging=True, **READS)
    def test_logging_tool(self) -> str:
        """Send a log message to those who asked for it."""
        self._call().log("info", "Only for those who asked")
        return "Logged."

    @tool(title="Error", **READS)
    def test_error_handling(self) -> ToolResult:
        """Return an error."""
        return ToolResult.of("This tool intentionally returns an error for testing", is_error=True)

    @tool(title="Progress", progress=True, **READS)
    def test_tool_with_progress(self) -> str:
        """Report progress in three steps."""
        for done in (0, 50, 100):
            if done:
                time.sleep(STEP)
            self._call().progress(done, 100)
        return "Done."

    @tool(title="Capability", **READS)
    def test_missing_capability(self) -> str:
        """Need a client that can sample."""
        if self._call().modern and not self._call().can("sampling"):
            raise MissingCapability({"sampling": {}})
        return "The client can sample."

    @tool(title="Dialect", schema=DIALECT_SCHEMA, **READS)
    def json_schema_2020_12_tool(self, **arguments: str) -> str:
        """Show a schema of JSON Schema 2020-12 as it is."""
        return "Only the schema matters."

    @tool(title="Header", **READS)
    def test_header_parameter(self, region: Annotated[str | None, {"x-mcp-header": "Region"}] = None) -> str:
        """Take an argument that is mirrored in a header."""
        return f"Region: {region}"
