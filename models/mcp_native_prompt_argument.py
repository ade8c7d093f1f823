# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..orm.find import readable_common_models
from .mcp_native_prompt import PLACEHOLDER


class McpNativePromptArgument(models.Model):
    """A blank in a prompt, filled in by the person who uses it."""

    _name = "mcp_native.prompt.argument"
    _description = "MCP Prompt Argument"
    _order = "prompt_id, sequence, id"

    prompt_id = fields.Many2one("mcp_native.prompt", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char("Word in Braces", required=True)
    description = fields.Char("What to Fill In", translate=True)
    required = fields.Boolean("Needed", default=True)
    record_model = fields.Selection(
        "_record_models", "Record Of", help="The assistant is told the name and the id of the record that is chosen."
    )

    @api.model
    def _record_models(self) -> list[tuple[str, str]]:
        """Return the models that people look for by name: those that the user may read."""
        return [(name, self.env["ir.model"]._get(name).name) for name in readable_common_models(self.env)]

    @api.constrains("name", "prompt_id")
    def _check_name(self) -> None:
        for argument in self:
            if not PLACEHOLDER.fullmatch(f"{{{argument.name}}}"):
                raise ValidationError(
                    _("“%s” cannot be asked for: write small letters, digits and underscores.", argument.name)
                )
            if argument.prompt_id.argument_ids.mapped("name").count(argument.name) > 1:
                raise ValidationError(_("“%s” is asked for twice.", argument.name))
