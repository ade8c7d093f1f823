# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an assistant may do, for people: asked of the same code that decides about its calls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from odoo import api

from ..compat import has_model_access
from ..models.principal import Principal
from ..orm import narrowing
from ..orm.narrowing import narrowed
from ..orm.rules import CALL, CREATE, DENY, OPERATIONS, READ, UNLINK, WRITE, Rules
from ..toolsets.service import McpService

NO_RIGHT = "none"
"""What is said where Odoo's own access rights refuse, whatever the profile says."""

TOOL_FOR = {
    READ: "search_records",
    CREATE: "create_records",
    WRITE: "update_records",
    UNLINK: "delete_records",
    CALL: "call_method",
}
"""Without this tool nothing of the kind is possible on models in general."""


@dataclass(frozen=True)
class ModelRights:
    """What an assistant may do with the records of one model.

    :param decisions: operation -> ``allow``, ``confirm``, ``approve``, ``deny``, or ``NO_RIGHT``
    """

    model: str
    name: str
    decisions: dict[str, str]


class Effective:
    """The rights of a principal.

    :param env: of the principal's user, without superuser rights; its language is the reader's
    :param rules: what the profile says
    """

    def __init__(self, env: api.Environment, principal: Principal, rules: Rules) -> None:
        self.env = env
        self.rules = rules
        self._service = McpService(env, principal)
        self._service.rules = rules

    @cached_property
    def tools(self) -> list[dict[str, Any]]:
        """The tools that the assistant sees, as the protocol has them."""
        return self._service.tools()

    @cached_property
    def _possible(self) -> frozenset[str]:
        names = {tool["name"] for tool in self.tools}
        return frozenset(operation for operation, tool in TOOL_FOR.items() if tool in names)

    def models(self, search: str = "") -> list[ModelRights]:
        """Return the models on which the user has a right, by their names.

        :param search: only those whose technical or shown name contains it
        """
        wanted = search.strip().lower()
        labels = self._labels()
        found = [
            self._rights(name, label)
            for name, label in sorted(labels.items(), key=lambda item: (item[1].lower(), item[0]))
            if wanted in f"{name} {label}".lower()
        ]
        return [rights for rights in found if set(rights.decisions.values()) != {NO_RIGHT}]

    def _labels(self) -> dict[str, str]:
        names = self.env["ir.model"].sudo().search_read([("transient", "=", False)], ["model", "name"])
        labels = {row["model"]: row["name"] for row in names}
        stored = [name for name, known in self.env.registry.items() if not known._abstract]
        return {name: labels[name] for name in stored if name in labels}

    def _rights(self, name: str, label: str) -> ModelRights:
        model = self.env[name]
        held = {operation: has_model_access(model, operation) for operation in OPERATIONS if operation != CALL}
        held[CALL] = held[READ]  # methods check for themselves what they do
        with narrowed(self.rules):
            decided = {operation: narrowing.decision(name, operation) for operation in OPERATIONS}
        return ModelRights(name, label, {operation: self._said(operation, held, decided) for operation in OPERATIONS})

    def _said(self, operation: str, held: dict[str, bool], decided: dict[str, str]) -> str:
        if not held[operation] or not held[READ]:
            return NO_RIGHT  # a model that cannot be read does not exist for an assistant
        if operation not in self._possible or decided[READ] == DENY:
            return DENY
        return decided[operation]

    def hidden(self, name: str) -> list[str]:
        """Return the fields of a model that do not exist for the assistant."""
        with narrowed(self.rules):
            return sorted(narrowing.hidden_fields(self.env[name]))

    def readonly(self, name: str) -> list[str]:
        """Return the fields of a model that the assistant cannot write, beside those that nobody can."""
        with narrowed(self.rules):
            return sorted(narrowing.readonly_fields(self.env[name]))

    def methods(self, name: str) -> list[str] | None:
        """Return the only methods of a model that may be run, None for all of them."""
        found = (rule.methods for rule in self.rules.speaking_of(name) if rule.methods is not None)
        return next((sorted(methods) for methods in found), None)

    def domains(self, name: str) -> list[str]:
        """Return the domains that records of a model must satisfy, as they are written."""
        return [rule.domain for rule in self.rules.speaking_of(name) if rule.domain]

    def is_limited(self, name: str) -> bool:
        """Whether the assistant may read only some records of a model, by a domain or by what they are about."""
        with narrowed(self.rules):
            return narrowing.is_limited(self.env[name])

