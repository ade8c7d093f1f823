# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a tool raises when the assistant can do better on its next try."""

from __future__ import annotations

from odoo.exceptions import UserError


class ToolError(UserError):
    """A message for the assistant: what was wrong, and what would be right.

    Becomes a result with ``isError: true``; the call's savepoint is rolled back.
    """
