# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections.abc import Iterable, Mapping

from odoo import models

from ..orm.choice import important_fields
from ..orm.handles import completions, pointed
from ..orm.lookup import field_infos, is_readable

Context = Mapping[str, str]
"""The arguments that are filled in already."""


class McpNativeToolset(models.AbstractModel):
    """What people pick values from while they fill in arguments of prompts and variables of resources."""

    _inherit = "mcp_native.toolset"

    def _complete_model(self, beginning: str, context: Context) -> list[str]:
        """Return technical names of models that one may read."""
        names = (name for name in self.env.registry if not self.env[name]._transient and is_readable(self.env[name]))
        return matching(sorted(names), beginning)

    def _complete_id(self, beginning: str, context: Context) -> list[str]:
        """Return handles of the records of the model that is filled in."""
        return self._completed("model" in context and context["model"], beginning)

    def _complete_field(self, beginning: str, context: Context) -> list[str]:
        """Return names of fields of the model that is filled in, those that matter first."""
        if "model" not in context:
            return []
        records = self._model(context["model"])
        return matching(important_fields(records, field_infos(records, None, ("type",))), beginning)

    def _complete_fields(self, beginning: str, context: Context) -> list[str]:
        """Return what a list of names with commas between them may go on as."""
        before, comma, last = beginning.rpartition(",")
        return [f"{before}{comma}{name}" for name in self._complete_field(last, context)]

    def _pointed(self, model: str, text: str) -> models.BaseModel:
        """Return the one record of a model that a person means by an id, a name or a completion.

        :raise ToolError: none, or several
        """
        return pointed(self._model(model), text)

    def _completed(self, model: str | None, beginning: str) -> list[str]:
        """Return handles of records of a model; none without a model."""
        return completions(self._model(model), beginning) if model else []


def matching(names: Iterable[str], beginning: str) -> list[str]:
    """Return the names that begin with a text, then those that hold it elsewhere."""
    wanted = beginning.strip().lower()
    found = [name for name in names if wanted in name.lower()]
    return sorted(found, key=lambda name: not name.lower().startswith(wanted))
