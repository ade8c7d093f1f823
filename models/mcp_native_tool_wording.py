# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from odoo import _, api, fields, models, tools
from odoo.exceptions import ValidationError

NAME = re.compile(r"[a-z0-9_]{1,64}")
"""As the names of tools that are declared in code."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Wording:
    """What this database says of a tool; what is empty is as the tool itself says it."""

    name: str = ""
    title: str = ""
    description: str = ""
    hidden: bool = False


AS_IT_COMES = Wording()


class McpNativeToolWording(models.Model):
    """Calls a tool otherwise in this database, or hides it. What the tool does and who may use it stays.

    The names that it has had go on to be understood.
    """

    _name = "mcp_native.tool.wording"
    _inherit = "mcp_native.profile.mixin"
    _description = "MCP Tool Wording"
    _order = "tool"
    _rec_name = "tool"

    tool = fields.Selection("_tools", required=True)
    name = fields.Char("Called", help="Its name for assistants. The former one is still understood.")
    aliases = fields.Char(
        "Also Understood",
        copy=False,
        help="Names it had before, with blanks between them: what assistants remember goes on to work.",
    )
    title = fields.Char(translate=True, help="Its name for people.")
    description = fields.Text("When to Use It", help="What the assistant decides by. In English.")
    hidden = fields.Boolean(help="No assistant has this tool, under any name.")
    original = fields.Text("As It Comes", compute="_compute_original")
    list_size = fields.Integer("Characters of the List", compute="_compute_list_size")

    if hasattr(models, "Constraint"):
        _tool_uniq = models.Constraint("UNIQUE(tool)", "This tool is in the list already. Change it there.")
        _name_uniq = models.Constraint("UNIQUE(name)", "Another tool has this name.")
    else:
        _sql_constraints = [
            ("tool_uniq", "UNIQUE(tool)", "This tool is in the list already. Change it there."),
            ("name_uniq", "UNIQUE(name)", "Another tool has this name."),
        ]

    @api.model
    def _tools(self) -> list[tuple[str, str]]:
        return [(name, name) for name in sorted(self.env["mcp_native.toolset"]._every_tool())]

    @api.depends("tool")
    def _compute_original(self) -> None:
        every = self.env["mcp_native.toolset"]._every_tool()
        for wording in self:
            item = every.get(wording.tool)
            wording.original = f"{item.declaration.title}: {item.declaration.description}" if item else False

    @api.depends("tool")  # of what is saved, but 17.0 and 18.0 compute nothing for a new page without it
    def _compute_list_size(self) -> None:
        self.list_size = self.env["mcp_native.toolset"]._list_size()

    # -- names are there once

    @api.constrains("tool", "name", "aliases")
    def _check_names(self) -> None:
        for wording in self:
            for name in wording._names():
                if not NAME.fullmatch(name):
                    raise ValidationError(_("“%s” cannot be a name: write 1 to 64 small letters, digits and _.", name))
                self._check_free(name, wording.tool)

    @api.model
    def _check_free(self, name: str, tool: str) -> None:
        """Refuse a name that stands for another tool, now or from former times.

        :param tool: whose name it may be: the one that it has in its code
        """
        others = {wording.tool for wording in self.sudo().search([("tool", "!=", False)]) if name in wording._names()}
        if name in self.env["mcp_native.toolset"]._every_tool():
            others.add(name)
        if found := others - {tool}:
            owner = ", ".join(sorted(found))
            raise ValidationError(_("“%(name)s” is a name of the tool %(tool)s already.", name=name, tool=owner))

    def _names(self) -> list[str]:
        return [*filter(None, [self.name]), *(self.aliases or "").split()]

    def write(self, vals: dict[str, Any]) -> bool:
        """Keep the former name, unless the aliases are written too."""
        if "name" not in vals or "aliases" in vals:
            return super().write(vals)
        for wording in self:
            kept = [name for name in dict.fromkeys(wording._names()) if name != vals["name"]]
            super(McpNativeToolWording, wording).write({**vals, "aliases": " ".join(kept) or False})
        return True

    # -- what the toolsets ask

    @api.model
    @tools.ormcache("lang")
    def _wordings(self, lang: str | None) -> Mapping[str, Wording]:
        """Return what is said of tools, by the names that they have in their code."""
        found = self.sudo().with_context(lang=lang).search([("tool", "!=", False)])
        every = self.env["mcp_native.toolset"]._every_tool()
        return MappingProxyType(
            {
                wording.tool: Wording(
                    # An addon that came later may bring a tool of this name, which is then its own.
                    name="" if wording.name in every else wording.name or "",
                    title=wording.title or "",
                    description=" ".join((wording.description or "").split()),
                    hidden=wording.hidden,
                )
                for wording in found
            }
        )

    @api.model
    @tools.ormcache()
    def _meanings(self) -> Mapping[str, str]:
        """Return for every name that stands for a tool beside its own, the name that the tool has in its code."""
        every = self.env["mcp_native.toolset"]._every_tool()
        return MappingProxyType(
            {
                name: wording.tool
                for wording in self.sudo().search([("tool", "!=", False)])
                for name in wording._names()
                if name not in every and wording.tool in every
            }
        )

    @api.model
    def _renamed(self, text: str) -> str:
        """Return a text that names tools, with the names of this database."""
        said = {tool: wording.name for tool, wording in self._wordings(None).items() if wording.name}
        return _WORD.sub(lambda word: said.get(word[0], word[0]), text) if said else text


def size(wire: dict[str, Any]) -> int:
    """Return how many characters a tool takes in the list of tools."""
    return len(json.dumps(wire, ensure_ascii=False, separators=(",", ":")))
