# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import models

from ..orm import published
from ..orm.narrowing import narrowed


class IrActionsServer(models.Model):
    """Lets an action that is published as a tool have arguments and a result."""

    _inherit = "ir.actions.server"

    def _get_eval_context(self, action: models.BaseModel | None = None) -> dict[str, Any]:
        context = super()._get_eval_context(action=action)
        run = action and published.current(action)
        return {**context, "arguments": dict(run.arguments)} if run else context

    def _run_action_code_multi(self, eval_context: dict[str, Any]) -> Any:
        run = published.current(self)
        if not run:
            return super()._run_action_code_multi(eval_context)
        with narrowed(run.rules):
            answered = super()._run_action_code_multi(eval_context)
        run.result = eval_context.get("result", run.result)
        return answered

    def _run_action_multi(self, eval_context: dict[str, Any] | None = None) -> Any:
        """Run child actions as the caller: Odoo runs them as the superuser, who must not get a stranger's arguments."""
        run = published.current(self)
        if not run:
            return super()._run_action_multi(eval_context=eval_context)
        answered = False
        for child in self.child_ids.sorted():
            run.actions.add(child.id)
            answered = child.sudo(False).run() or answered
        return answered
