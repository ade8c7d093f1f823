# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import keyword
import re

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..orm.custom_arguments import CHOICE, LINKS, TEXT, Argument
from ..orm.errors import ToolError

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class McpNativeCustomToolArgument(models.Model):
    """What an assistant gives a custom tool, and the code finds under the same name in ``arguments``."""

    _name = "mcp_native.custom.tool.argument"
    _inherit = "mcp_native.profile.mixin"
    _description = "MCP Custom Tool Argument"
    _order = "tool_id, sequence, id"

    tool_id = fields.Many2one("mcp_native.custom.tool", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, help="Small letters, digits and _. In the code: arguments['name'].")
    kind = fields.Selection(
        [
            ("text", "Text"),
            ("number", "Number"),
            ("integer", "Whole number"),
            ("boolean", "Yes or no"),
            ("date", "Date"),
            ("datetime", "Date and time"),
            ("choice", "Choice"),
            ("record", "Record"),
            ("records", "Records"),
            ("list", "List of texts"),
        ],
        "Type",
        required=True,
        default=TEXT,
    )
    required = fields.Boolean()
    description = fields.Char(help="Only what the name does not say. In English.")
    choices = fields.Char(help="The values of a choice, with commas between them.")
    model_id = fields.Many2one("ir.model", "Records Of", ondelete="cascade", domain=[("transient", "=", False)])
    model_name = fields.Char(related="model_id.model", string="Model Name")
    default = fields.Char(help="What holds where the assistant gives nothing.")

    @api.constrains("name")
    def _check_name(self) -> None:
        # Toolsets are loaded after models.
        from ..toolsets.declare import OPTIONS

        for argument in self:
            if not NAME.fullmatch(argument.name) or keyword.iskeyword(argument.name):
                raise ValidationError(_("“%s” is no name: write a word such as from_date.", argument.name))
            if argument.name in OPTIONS:
                raise ValidationError(_("“%s” is an argument of every tool that changes data.", argument.name))

    @api.constrains("kind", "choices", "model_id", "default", "required")
    def _check_kind(self) -> None:
        for argument in self:
            if argument.kind == CHOICE and not argument._choices():
                raise ValidationError(_("Write the choices of “%s”, with commas between them.", argument.name))
            if argument.kind in LINKS and not argument.model_id:
                raise ValidationError(_("Choose of which model “%s” are records.", argument.name))
            if argument.default:
                argument._check_default()

    def _check_default(self) -> None:
        if self.kind in LINKS:
            raise ValidationError(_("“%s”: records have no default.", self.name))
        try:
            self._argument().value(self.env, None)
        except ToolError as error:
            raise ValidationError(_("The default does not fit. %s", error)) from None

    def _choices(self) -> tuple[str, ...]:
        """Return the values of a choice."""
        words = (word.strip() for word in (self.choices or "").split(","))
        return tuple(dict.fromkeys(filter(None, words))) if self.kind == CHOICE else ()

    def _argument(self) -> Argument:
        self.ensure_one()
        return Argument(
            name=self.name,
            kind=self.kind,
            required=self.required and not self.default,
            description=self.description or "",
            choices=self._choices(),
            model=self.model_name or "" if self.kind in LINKS else "",
            default=self.default or "",
        )
