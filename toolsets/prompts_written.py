# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prompts that people write in Odoo, as a client sees them beside the built-in ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from odoo import _, api, models
from odoo.exceptions import ValidationError

from ..compat import has_model_access
from ..orm.names import name_of
from ..orm.narrowing import unnarrowed
from ..orm.render import one_line
from .declare import NAME, PromptDeclaration
from .mcp_native_toolset import Declared

NOT_GIVEN = "(not given)"
NAME_LIMIT = 120


@dataclass(frozen=True)
class Blank:
    """An argument of a written prompt.

    :param model: the model whose records it is one of; empty for any text
    """

    name: str
    description: str
    required: bool
    model: str


@dataclass(frozen=True)
class WrittenDeclaration(PromptDeclaration):
    """A prompt that is a record."""

    summary: str = ""
    blanks: tuple[Blank, ...] = ()

    @cached_property
    def description(self) -> str:
        return self.summary

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {blank.name: {"type": "string", "description": blank.description} for blank in self.blanks},
            "required": [blank.name for blank in self.blanks if blank.required],
        }


@dataclass(frozen=True)
class WrittenPrompt(Declared):
    """A prompt that is a record, and the record."""

    res_id: int

    def run(self, env: api.Environment, arguments: Mapping[str, str]) -> str:
        values = {blank.name: self._value(env, blank, arguments.get(blank.name, "")) for blank in self._blanks}
        with unnarrowed():  # the words are for this user, whatever the profile of a call says of the model of prompts
            return env[self.model].browse(self.res_id)._filled(values)

    def complete(
        self, env: api.Environment, argument: str, beginning: str, context: Mapping[str, str]
    ) -> Iterable[str]:
        models_of = {blank.name: blank.model for blank in self._blanks}
        return env["mcp_native.toolset"]._completed(models_of.get(argument), beginning)

    @property
    def _blanks(self) -> tuple[Blank, ...]:
        return self.declaration.blanks

    def _value(self, env: api.Environment, blank: Blank, text: str) -> str:
        """Return what stands in the place of a blank: of a record, its name, model and id."""
        if not text.strip():
            return NOT_GIVEN
        if not blank.model:
            return text
        record = env["mcp_native.toolset"]._pointed(blank.model, text)
        return f"{one_line(name_of(record), NAME_LIMIT)} ({blank.model} {record.id})"


class McpNativePrompt(models.Model):
    _inherit = "mcp_native.prompt"

    _toolset = "prompts"

    @api.model
    def _is_available(self) -> bool:
        return True

    @api.model
    def _declared_here(self) -> list[Declared]:
        """Return the prompts that are for this user; one's own stands before a shared one of the same name."""
        if not has_model_access(self, "read"):
            return []
        found = self.search([("for_me", "=", True), ("name", "not in", list(self._built_in_names()))])
        shared_first = found.sorted(lambda prompt: bool(prompt.user_id))
        return list({prompt.name: prompt._as_declared() for prompt in shared_first}.values())

    def _as_declared(self) -> WrittenPrompt:
        blanks = tuple(
            Blank(argument.name, argument.description or "", argument.required, argument.record_model or "")
            for argument in self.argument_ids
        )
        declaration = WrittenDeclaration(
            type(self)._filled, self.name, self.title, summary=self.description or self.title, blanks=blanks
        )
        return WrittenPrompt(self._name, "_filled", declaration, self.id)

    @api.model
    def _built_in_names(self) -> set[str]:
        declared = self.env["mcp_native.toolset"]._declared()
        return {key.removeprefix("prompt:") for key in declared if key.startswith("prompt:")}

    @api.constrains("name", "user_id")
    def _check_name(self) -> None:
        built_in = self._built_in_names()
        for prompt in self:
            if not NAME.fullmatch(prompt.name or ""):
                raise ValidationError(
                    _("“%s” is no name for a prompt: write at most 64 small letters, digits and _.", prompt.name or "")
                )
            if prompt.name in built_in:
                raise ValidationError(_("A prompt that comes with Odoo is called “%s”. Choose another.", prompt.name))
            same = [("name", "=", prompt.name), ("user_id", "=", prompt.user_id.id), ("id", "!=", prompt.id)]
            if prompt.with_context(active_test=False).search_count(same):
                raise ValidationError(_("Another prompt is called “%s” already. Choose another name.", prompt.name))
