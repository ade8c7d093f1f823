# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Annotated

from odoo import models

from ..compat import has_model_access
from ..orm import narrowing
from ..orm.choice import important_fields
from ..orm.describe import DESCRIBED, field_lines
from ..orm.errors import ToolError
from ..orm.lookup import field_infos, is_readable, suggestion
from ..orm.rules import APPROVE, CALL, CONFIRM, CREATE, UNLINK, WRITE
from .arguments import Cursor, Language, Model, Schema
from .declare import tool
from .page import Page

CHANGES = {CREATE: "create", WRITE: "update", UNLINK: "delete", CALL: "call_method"}
CONSENTS = {CONFIRM: "after the person's yes", APPROVE: "after an approval in Odoo"}
LETTERS = {"create": "c", "read": "r", "write": "u", "unlink": "d"}

ALSO_CALLED = {
    "account.move": "invoice bill credit note refund vendor customer",
    "account.move.line": "journal item invoice line",
    "crm.lead": "opportunity pipeline prospect",
    "hr.expense": "receipt",
    "hr.leave": "time off holiday vacation absence",
    "product.template": "article item",
    "project.task": "to-do todo",
    "purchase.order": "request for quotation rfq",
    "res.partner": "customer vendor supplier client company address",
    "res.users": "person colleague",
    "sale.order": "quotation quote",
    "stock.picking": "delivery receipt shipment transfer",
    "stock.quant": "stock on hand inventory quantity",
}
"""Words of people for models whose own name and label do not hold them."""


class ToolsetModels(models.AbstractModel):
    _name = "mcp_native.toolset.models"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Models"
    _toolset = "records"

    @tool(title="List models", read_only=True, destructive=False, idempotent=True, open_world=False)
    def list_models(
        self,
        search: str | None = None,
        limit: Annotated[int, Schema(minimum=1, maximum=500)] = 50,
        cursor: Cursor | None = None,
    ) -> str:
        """Find the technical name of a kind of record. Lists the models you may read, with your rights on each.

        :param search: part of the technical or the shown name, e.g. invoice
        """
        names = self._matching(search)
        limit = self._rows(limit)
        page = Page.of(cursor, limit, search)
        shown = names[page.start : page.end]
        lines = [f"{name}|{label}|{self._letters(name)}" for name, label in shown]
        head = f"{len(names)} models; rights: c create, r read, u update, d delete"
        return "\n".join([head, "model|name|rights", *lines, *page.more(page.end < len(names))])

    @tool(title="Describe model", read_only=True, destructive=False, idempotent=True, open_world=False)
    def describe_model(
        self,
        model: Model,
        fields: list[str] | None = None,
        search: str | None = None,
        all_fields: bool = False,
        lang: Language | None = None,
    ) -> str:
        """Tell a model's fields: name, type, label, values, related model, required, read-only. Those that
        matter come first.

        :param fields: only these, in full
        :param search: fields whose name or label contains this
        :param all_fields: every field
        """
        records = self._model(model, lang=lang)
        infos = field_infos(records, fields or None, attributes=DESCRIBED)
        if search:
            infos = _found(infos, search, model)
        whole = bool(fields or search or all_fields)
        names = important_fields(records, infos)
        label = self._labels([model])[model]
        head = f"{model} ({label}); you may: {self._letters(model)}; named by {records._rec_name or 'id'}"
        return "\n".join([head, *self._consents(model), *field_lines(infos, names, whole=whole)])

    def _matching(self, search: str | None) -> list[tuple[str, str]]:
        labels = self._labels()
        if not search:
            return sorted(labels.items())
        wanted = search.lower()
        found = [
            (name, label)
            for name, label in labels.items()
            if wanted in f"{name} {label} {ALSO_CALLED.get(name, '')}".lower()
        ]
        if not found:
            names = {label.lower(): name for name, label in labels.items()} | {name: name for name in labels}
            raise ToolError(f"No model you may read contains {search!r}.{suggestion(wanted, names)}")
        return sorted(found, key=lambda item: (_distance(wanted, *item), len(item[0]), item[0]))

    def _labels(self, names: list[str] | None = None) -> dict[str, str]:
        """Return the shown names of models, by default of all that the user may read; in one query."""
        if names is None:
            candidates = map(self.env.get, self.env.registry)
            names = [model._name for model in candidates if is_readable(model) and not model._transient]
        labels = {name: self.env[name]._description or name for name in names}
        shown = self.env["ir.model"].display_name_for(names)
        return labels | {item["model"]: item["display_name"] for item in shown if item["display_name"] != item["model"]}

    def _letters(self, name: str) -> str:
        return "".join(letter for operation, letter in LETTERS.items() if has_model_access(self.env[name], operation))

    def _consents(self, name: str) -> list[str]:
        """Return the line that tells which changes a person must agree to first, if any."""
        asked = {decision: [] for decision in CONSENTS}
        for operation, verb in CHANGES.items():
            decision = narrowing.decision(name, operation)
            if decision in asked and (operation == CALL or has_model_access(self.env[name], operation)):
                asked[decision].append(verb)
        said = [f"{', '.join(verbs)}: {CONSENTS[decision]}" for decision, verbs in asked.items() if verbs]
        return ["; ".join(said)] if said else []


def _distance(wanted: str, name: str, label: str) -> int:
    """Return how far a model that matches is from what was looked for: called so, known so, contains it."""
    if wanted in (name, label.lower()):
        return 0
    return 1 if wanted in ALSO_CALLED.get(name, "").split() else 2


def _found(infos: dict[str, dict], search: str, model: str) -> dict[str, dict]:
    wanted = search.lower()
    found = {name: info for name, info in infos.items() if wanted in f"{name} {info['string']}".lower()}
    if not found:
        raise ToolError(f"No field of {model} contains {search!r}.{suggestion(wanted, infos)}")
    return found
