# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from odoo import api, models

from ..compat import GROUPS, check_access, group_ids, has_model_access
from ..orm import narrowing, published
from ..orm.answers import answer
from ..orm.custom_arguments import IDS, Argument
from ..orm.errors import ToolError
from ..orm.lookup import existing
from ..orm.rules import CALL, Rules
from .consent import name_target
from .declare import ToolDeclaration
from .mcp_native_toolset import Declared

MODEL = "mcp_native.toolset.custom"
RECORDS = "ids"
"""The argument that names the records an action runs on."""


@dataclass(frozen=True)
class CustomDeclared(Declared):
    """A server action that is published as a tool.

    :param action_id: the action
    :param is_code: whether it runs Python code in Odoo's sandbox, rather than what was chosen in its form
    :param subject: the action's model
    :param on_records: whether it runs on records that the call names
    :param arguments: what the code is given
    :param groups: ids of groups; whose users have it, all where there are none
    :param action_groups: those of the action itself, which Odoo asks for when it runs
    """

    action_id: int
    is_code: bool
    subject: str
    on_records: bool
    arguments: tuple[Argument, ...]
    groups: frozenset[int]
    action_groups: frozenset[int]

    def run(self, env: api.Environment, arguments: Mapping[str, Any]) -> str:
        return env[self.model]._run_action(self, dict(arguments))

    def is_for(self, env: api.Environment) -> bool:
        """Whether Odoo lets the user run it: by the action's groups or, without these, by the right to write."""
        held = group_ids(env.user)
        if self.groups and not self.groups & held:
            return False
        if self.action_groups:
            return bool(self.action_groups & held)
        return self.subject in env and has_model_access(env[self.subject], "write")

    @property
    def called_as(self) -> str:
        """How profiles name it in a list of methods."""
        return published.method_name(self.method)


def declared(tool: models.BaseModel) -> CustomDeclared:
    """Return a record of ``mcp_native.custom.tool`` as a tool.

    :param tool: in an environment that may read server actions
    :raise ToolError: the default of an argument does not fit
    """
    arguments = tuple(argument._argument() for argument in tool.argument_ids)
    action = tool.action_id
    return CustomDeclared(
        model=MODEL,
        method=tool.name,
        declaration=_declaration(tool, arguments),
        action_id=action.id,
        is_code=action.state == "code",
        subject=action.model_name,
        on_records=tool.on_records,
        arguments=arguments,
        groups=frozenset(tool.group_ids.ids),
        action_groups=frozenset(action[GROUPS].ids),
    )


def _declaration(tool: models.BaseModel, arguments: tuple[Argument, ...]) -> ToolDeclaration:
    return ToolDeclaration(
        function=CustomDeclared.run,
        name=tool.name,
        title=tool.title,
        text=" ".join(tool.description.split()),
        read_only=tool.read_only,
        destructive=tool.destructive,
        idempotent=tool.idempotent,
        open_world=tool.open_world,
        schema=_schema(tool, arguments),
        shows_words=True,
    )


def _schema(tool: models.BaseModel, arguments: tuple[Argument, ...]) -> dict[str, Any]:
    ids = {RECORDS: {**IDS, "minItems": 1, "description": f"records of {tool.model_name}"}} if tool.on_records else {}
    properties = {**ids, **{argument.name: argument.schema for argument in arguments}}
    required = [*ids, *(argument.name for argument in arguments if argument.required)]
    schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {key: value for key, value in schema.items() if value or value is False}


class ToolsetCustom(models.AbstractModel):
    """Has no methods that are tools: what it offers are records of ``mcp_native.custom.tool``."""

    _name = MODEL
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Made in Odoo"
    _toolset = "custom"

    @api.model
    def _declared_here(self) -> list[CustomDeclared]:
        """Return the tools of the user: see ``RECORDED``."""
        published_here = self.env["mcp_native.custom.tool"]._published(self.env.lang)
        return [item for item in published_here.values() if item.is_for(self.env)]

    def _run_action(self, tool: CustomDeclared, arguments: dict[str, Any]) -> str:
        """Run a published action as the user of the call, and return what it answered as text.

        :raise ToolError: arguments that name nothing, or the profile denies it
        :raise AccessError: Odoo keeps the user from running the action
        """
        model = self._model(tool.subject)
        records = existing(model, arguments[RECORDS]) if tool.on_records else model
        self._note(ids=records.ids)
        given = {argument.name: argument.value(self.env, arguments.get(argument.name)) for argument in tool.arguments}
        rules = self._admitted(tool, records)
        if not tool.is_code:
            self._check_own_rights(records)
        result = published.carry_out(self.env["ir.actions.server"].browse(tool.action_id), records, given, rules)
        return answer(self.env, result, records, rows=self._rows(1000))

    def _admitted(self, tool: CustomDeclared, records: models.BaseModel) -> Rules | None:
        """Ask the profile, and return the rules under which the code runs.

        What changes data is what a button's method is: decided before, then business code. What only reads is a
        tool like any other: its code sees no more records than the profile leaves.

        :raise ToolError: the profile denies it
        :raise ConsentNeeded: a person must agree first
        """
        if not tool.declaration.read_only:
            name_target(published.ACTIONS, tool.action_id)  # whoever agreed, agreed to the action as it was then
            self._intend(CALL, records, tool.called_as)
            return None
        if not narrowing.may_call(records._name, tool.called_as):
            raise ToolError(f"{narrowing.refused(records._name, CALL).rstrip('.')} ({tool.called_as}).")
        return narrowing.current()

    def _check_own_rights(self, records: models.BaseModel) -> None:
        """Refuse records that the user may not change: Odoo does what was chosen in a form with the superuser's rights.

        :raise AccessError: they may not
        """
        with narrowing.unnarrowed():
            check_access(records, "write")
