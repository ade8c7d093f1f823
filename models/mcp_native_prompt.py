# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..compat import group_ids

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
MANAGER = "mcp_native.group_manager"
_OTHER_CHARACTERS = re.compile(r"[^a-z0-9]+")
_NAME_LIMIT = 64


class McpNativePrompt(models.Model):
    """A text that a person hands to an assistant by its name, with blanks that are filled in first.

    Personal, or shared with everybody or with groups.
    """

    _name = "mcp_native.prompt"
    _description = "MCP Prompt"
    _rec_name = "title"
    _order = "sequence, title, id"

    title = fields.Char(required=True, translate=True, help="What people choose from the list of their assistant.")
    name = fields.Char(
        "Name for Assistants",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="What programs call it: small letters, digits and underscores.",
    )
    description = fields.Char(translate=True, help="What it is good for, in a sentence.")
    text = fields.Text(
        required=True,
        translate=True,
        help="What the assistant is told. A word of small letters in braces, such as {customer}, is asked for "
        "when the prompt is used.",
    )
    argument_ids = fields.One2many("mcp_native.prompt.argument", "prompt_id", "Asked For", copy=True)
    user_id = fields.Many2one(
        "res.users",
        "Only For",
        default=lambda self: self.env.user,
        index=True,
        ondelete="cascade",
        help="Empty: it is shared.",
    )
    group_ids = fields.Many2many(
        "res.groups",
        "mcp_native_prompt_group_rel",
        "prompt_id",
        "group_id",
        string="Groups",
        copy=False,
        groups=MANAGER,
        help="Whom a shared prompt is for. Empty: all who use assistants.",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    for_me = fields.Boolean(compute="_compute_for_me", compute_sudo=True, search="_search_for_me")
    is_locked = fields.Boolean(compute="_compute_is_locked")
    preview = fields.Html("What the Assistant Gets", compute="_compute_preview", sanitize=False)

    @api.depends("title")
    def _compute_name(self) -> None:
        for prompt in self:
            prompt.name = prompt.name or _as_name(prompt.title or "")

    @api.depends("user_id", "group_ids")
    @api.depends_context("uid")
    def _compute_for_me(self) -> None:
        groups = group_ids(self.env.user)
        for prompt in self:
            shared = not prompt.user_id and (not prompt.group_ids or not groups.isdisjoint(prompt.group_ids.ids))
            prompt.for_me = shared or prompt.user_id == self.env.user

    @api.model
    def _search_for_me(self, operator: str, value: Any) -> list[Any]:
        if operator not in ("=", "in") or not value:
            raise UserError(_("Look for the prompts that are for you, not for the others."))
        groups = list(group_ids(self.env.user))
        # Users may not read who is in which group: the rights of the superuser, for this condition only
        domain = [
            "|", ("user_id", "=", self.env.uid),
            "&", ("user_id", "=", False),
            "|", ("group_ids", "=", False), ("group_ids", "in", groups),
        ]  # fmt: skip
        return [("id", "in", self.sudo().with_context(active_test=False)._search(domain))]

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_locked(self) -> None:
        """Whether it is not for this user to change; a new one, of which 17.0 and 18.0 compute nothing, is not."""
        is_manager = self.env.user.has_group(MANAGER)
        for prompt in self:
            stored = prompt._origin
            prompt.is_locked = bool(stored) and not is_manager and stored.user_id != self.env.user

    @api.depends("text", "title", "description", "argument_ids.name", "argument_ids.required")
    def _compute_preview(self) -> None:
        for prompt in self:
            blanks = {argument.name: f"«{argument.name}»" for argument in prompt.argument_ids}
            lines = Markup("<br/>").join((prompt._filled(blanks)).splitlines())
            prompt.preview = lines and Markup("<div class='font-monospace text-break'>%s</div>") % lines

    @api.onchange("text")
    def _onchange_text(self) -> None:
        """Ask for every word in braces."""
        known = set(self.argument_ids.mapped("name"))
        for name in dict.fromkeys(PLACEHOLDER.findall(self.text or "")):
            if name not in known:
                self.argument_ids = [fields.Command.create({"name": name})]

    def copy_data(self, default: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """A copy is personal: not everybody may make shared ones."""
        copies = super().copy_data({"user_id": self.env.uid, **(default or {})})
        if "title" not in (default or {}):
            for prompt, values in zip(self, copies, strict=True):
                values["title"] = _("%s (copy)", prompt.title)
        return copies

    def _filled(self, values: Mapping[str, str]) -> str:
        """Return the text with values in the place of the words in braces; nothing in a value is replaced again."""
        return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), self.text or "")


def _as_name(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _OTHER_CHARACTERS.sub("_", plain)[:_NAME_LIMIT].strip("_") or ("prompt" if title else "")
