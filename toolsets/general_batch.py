# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Annotated, Any

from odoo import models

from ..orm.errors import ToolError
from ..orm.render import indented
from .arguments import Schema
from .declare import tool
from .steps import Step, Steps

MAX_STEPS = 50
ROOM = 40_000
"""Characters of the answers of all steps together."""
MIN_ROOM = 400
"""Characters of one answer that are shown in any case."""

STEP = {
    "type": "object",
    "properties": {"tool": {"type": "string"}, "arguments": {"type": "object"}, "optional": {"type": "boolean"}},
    "required": ["tool"],
}


class ToolsetBatch(models.AbstractModel):
    _name = "mcp_native.toolset.batch"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Batch"
    _toolset = "batch"

    @tool(
        title="Batch",
        read_only=False,
        destructive=True,
        idempotent=False,
        open_world=True,
        progress=True,
        parts="_tools_of",
    )
    def batch(self, steps: Annotated[list[dict[str, Any]], Schema(items=STEP)]) -> str:
        """Run several tools in one transaction, all or nothing. Later steps take ids of earlier ones: "$1.ids[0]",
        "$2.ids".
        """
        if not 0 < len(steps) <= MAX_STEPS:
            raise ToolError(f"steps: from 1 to {MAX_STEPS}, not {len(steps)}.")
        done = Steps(self._service(), self._call(), steps, self._name).run()
        failed = [step for step in done if step.error]
        head = (
            f"Done: {len(done) - len(failed)} of {len(done)} steps." if failed else f"All {len(done)} steps are done."
        )
        limit = max(ROOM // len(done), MIN_ROOM)
        lines = [head, *(_line(step, limit) for step in done)]
        if cut := [step.tool for step in done if len(step.text) > limit]:
            lines.append(f"Cut: {', '.join(dict.fromkeys(cut))}; call it by itself to see all.")
        return "\n".join(lines)

    def _tools_of(self, arguments: dict[str, Any]) -> list[str]:
        """Return the tools that a batch names, before anybody has checked its arguments."""
        steps = arguments.get("steps")
        if not isinstance(steps, list):
            return []
        return [str(step.get("tool")) if isinstance(step, dict) else "" for step in steps[:MAX_STEPS]]


def _line(step: Step, limit: int) -> str:
    """Return what became of a step; what its tool answered cannot pass for the answer of another step."""
    head = f"{step.number} {step.tool}:" + (" left out:" if step.error else "")
    text = indented(step.error or step.text, limit)
    return f"{head}\n{text}" if "\n" in text else f"{head} {text.strip()}"
