# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Annotated, Any

from odoo import models

from ..orm import methods
from ..orm.lookup import existing
from ..orm.results import method_result
from .arguments import Companies, Id, Language, Model, Schema, Values, Zone
from .declare import tool


class ToolsetMethod(models.AbstractModel):
    _name = "mcp_native.toolset.method"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Methods"
    _toolset = "actions"

    @tool(title="Call method", read_only=False, destructive=True, idempotent=False, open_world=True)
    def call_method(
        self,
        model: Model,
        method: str,
        ids: Annotated[list[Id], Schema(maxItems=1000)] | None = None,
        args: list[Any] | None = None,
        kwargs: Values | None = None,
        companies: Companies | None = None,
        lang: Language | None = None,
        tz: Zone | None = None,
    ) -> str:
        """Run a public method of a model, for what no other tool does. For buttons use run_action.

        :param args: positional, after the records
        """
        records = self._model(model, companies=companies, lang=lang, tz=tz)
        if ids:
            self._note(ids=ids)
            records = existing(records, ids)
        self._intend("call", records, method, touched=methods.also_does(records, method))
        result = methods.call(records, method, args or [], kwargs or {})
        return f"{model}.{method}: {method_result(self.env, result, records)}"
