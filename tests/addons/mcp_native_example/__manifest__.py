# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "MCP Native: Example",
    "summary": "Tools, a prompt and a resource of another addon, as the documentation shows them",
    "version": "1.0.0",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "mcp_native contributors",
    "depends": ["mcp_native"],
    "installable": True,
}
