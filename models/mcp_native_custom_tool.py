# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from odoo import _, api, fields, models, tools
from odoo.exceptions import ValidationError

from ..orm.errors import ToolError
from .mcp_native_tool_wording import NAME, size

if TYPE_CHECKING:
    from ..toolsets.general_custom import CustomDeclared

CODE = "code"
"""The kind of server action that can do without records."""


class McpNativeCustomTool(models.Model):
    """Publishes a server action as a tool of assistants. Whoever may write server actions may do that."""

    _name = "mcp_native.custom.tool"
    _inherit = "mcp_native.profile.mixin"
    _description = "MCP Custom Tool"
    _order = "name"
    _rec_name = "title"

    title = fields.Char(required=True, translate=True, help="What people call it.")
    name = fields.Char(
        "Name for Assistants",
        required=True,
        copy=False,
        help="Small letters, digits and _; a verb first, such as check_credit. "
        "Profiles that list methods name it tool_check_credit.",
    )
    description = fields.Text(
        "When to Use It", required=True, help="The assistant decides by this text whether the tool helps. In English."
    )
    active = fields.Boolean(default=True)
    action_id = fields.Many2one(
        "ir.actions.server",
        "Server Action",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("usage", "=", "ir_actions_server")],
        help="What it does.",
    )
    model_id = fields.Many2one(related="action_id.model_id", string="Model")
    model_name = fields.Char(related="action_id.model_name", string="Model Name")
    state = fields.Selection(related="action_id.state", string="Kind")
    code = fields.Text(related="action_id.code", readonly=False, string="Python Code")
    on_records = fields.Boolean(
        "Runs on Records", help="The assistant names records of the model: “records” in the code."
    )
    argument_ids = fields.One2many("mcp_native.custom.tool.argument", "tool_id", "Arguments", copy=True)
    read_only = fields.Boolean(
        "Only Reads", help="It runs where the database refuses every change, and never needs a confirmation."
    )
    destructive = fields.Boolean(
        "May Change or Delete", default=True, help="What is there, rather than only add to it."
    )
    idempotent = fields.Boolean("Harmless to Repeat", help="Doing it twice changes nothing more.")
    open_world = fields.Boolean("Reaches Outside", help="Sends mails, pays, asks web services.")
    group_ids = fields.Many2many(
        "res.groups",
        "mcp_native_custom_tool_group_rel",
        "tool_id",
        "group_id",
        string="Only for Groups",
        help="Empty: everybody who may run the server action.",
    )
    shown = fields.Text("What Assistants See", compute="_compute_shown")
    shown_size = fields.Integer("Characters", compute="_compute_shown")

    if hasattr(models, "Constraint"):
        _name_uniq = models.Constraint("UNIQUE(name)", "Another tool has this name.")
    else:
        _sql_constraints = [("name_uniq", "UNIQUE(name)", "Another tool has this name.")]

    @api.depends(
        "title", "name", "description", "action_id", "on_records", "read_only", "destructive", "idempotent",
        "open_world", "argument_ids",
        *(f"argument_ids.{name}" for name in ("name", "kind", "required", "description", "choices", "default")),
    )  # fmt: skip
    def _compute_shown(self) -> None:
        for tool in self:
            tool.shown, tool.shown_size = tool._told() if tool._is_complete() else (False, 0)

    @api.onchange("read_only")
    def _onchange_read_only(self) -> None:
        if self.read_only:
            self.destructive = self.open_world = False
            self.idempotent = True

    @api.onchange("action_id")
    def _onchange_action_id(self) -> None:
        if self.action_id and self.state != CODE:
            self.on_records = True

    def _is_complete(self) -> bool:
        written = self.title and self.name and self.description and self.action_id
        return bool(written and all(argument.name and argument.kind for argument in self.argument_ids))

    def _told(self) -> tuple[str, int]:
        """Return what the list of tools says of it, and the characters that takes."""
        try:
            wire = self._declared().declaration.shown(frozenset())
        except ToolError as error:
            return str(error), 0
        return json.dumps(wire, ensure_ascii=False, indent=2), size(wire)

    # -- what may be published

    @api.constrains("name")
    def _check_name(self) -> None:
        for tool in self:
            if not NAME.fullmatch(tool.name):
                raise ValidationError(_("“%s” cannot be a name: write 1 to 64 small letters, digits and _.", tool.name))
            if f"tool:{tool.name}" in self.env["mcp_native.toolset"]._declared():
                raise ValidationError(_("There is a tool “%s” already.", tool.name))
            self.env["mcp_native.tool.wording"]._check_free(tool.name, tool.name)

    @api.constrains("read_only", "destructive", "open_world")
    def _check_hints(self) -> None:
        if any(tool.read_only and (tool.destructive or tool.open_world) for tool in self):
            raise ValidationError(_("A tool that only reads changes nothing and reaches nobody outside."))

    @api.constrains("action_id", "on_records")
    def _check_action(self) -> None:
        for tool in self:
            if tool.env[tool.model_name]._abstract:
                raise ValidationError(_("“%s” has no records. Choose an action of another model.", tool.model_id.name))
            if not tool.on_records and tool.state != CODE:
                raise ValidationError(_("An action of this kind runs on records: switch “Runs on Records” on."))

    @api.constrains("argument_ids", "on_records")
    def _check_arguments(self) -> None:
        for tool in self:
            names = [*tool.argument_ids.mapped("name"), *(["ids"] if tool.on_records else [])]
            if twice := {name for name in names if names.count(name) > 1}:
                raise ValidationError(_("Two arguments have the name “%s”.", ", ".join(sorted(twice))))

    def copy_data(self, default: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        copies = super().copy_data(default)
        for tool, values in zip(self, copies, strict=True):
            values.setdefault("name", f"{tool.name[:58]}_copy")
            values["active"] = False
        return copies

    # -- what people open

    def action_test(self) -> dict[str, Any]:
        """Open the page on which the tool is tried."""
        self.ensure_one()
        return self.env["mcp_native.tool.test"]._open(self)

    # -- what the server asks

    @api.model
    @tools.ormcache("lang")
    def _published(self, lang: str | None) -> Mapping[str, CustomDeclared]:
        """Return every tool that is published, by name, whoever may use it."""
        found = self.sudo().with_context(lang=lang).search([("active", "=", True)])
        return MappingProxyType({tool.name: tool._declared() for tool in found if tool.model_name in self.env})

    def _declared(self) -> CustomDeclared:
        """Return the tool as the toolsets have it, published or not."""
        # Toolsets are loaded after models. With the superuser's rights: only administrators read server actions.
        from ..toolsets.general_custom import declared

        self.ensure_one()
        return declared(self.sudo())
