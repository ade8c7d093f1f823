# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.base.models.res_users import check_identity

from ..models import settings
from ..oauth import hosts
from .connect_guides import Guide, Way

FOR_EVER = "0"
_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_STEP = Markup("<li class='mb-2'>%s</li>")


def in_the_internet(url: str) -> bool:
    """Whether an address looks like one that the whole internet can reach by https."""
    parts = urlsplit(url)
    return parts.scheme == "https" and not hosts.is_inside(parts.hostname or "")


def to_html(way: Way) -> tuple[Markup, Markup]:
    """Return the steps of a way as a numbered list, and its remark."""
    steps = Markup().join(_STEP % Markup(_MARKDOWN.renderInline(step)) for step in way.steps)
    links = Markup('<a target="_blank" rel="noopener" ')
    return Markup("<ol class='mb-0 ps-4'>%s</ol>") % steps.replace(Markup("<a "), links), Markup(
        _MARKDOWN.renderInline(way.remark)
    )


class McpNativeConnect(models.TransientModel):
    """Shows how to connect an assistant, and makes a key for those that need one."""

    _name = "mcp_native.connect"
    _description = "Connect an Assistant"

    client = fields.Selection("_selection_client", "Assistant", required=True, default="claude")
    way = fields.Selection(
        [("login", "Log in with the browser (recommended)"), ("key", "Use a key")],
        compute="_compute_way",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    profile = fields.Char(compute="_compute_profile")
    can_choose = fields.Boolean(compute="_compute_guide")
    url = fields.Char("Address", compute="_compute_guide")
    steps = fields.Html(compute="_compute_guide", sanitize=False)
    remark = fields.Html(compute="_compute_guide", sanitize=False)
    snippet = fields.Text(compute="_compute_guide")
    warning = fields.Char(compute="_compute_guide")
    name = fields.Char(
        "Name of the Key",
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="What the key is for, as your list of connected assistants shows it.",
    )
    access = fields.Selection(
        [("read", "Read only"), ("write", "Read and change")], "Allows", required=True, default="write"
    )
    duration = fields.Selection(
        "_selection_duration", "Ends After", required=True, default=lambda self: self._default_duration()
    )
    has_expiry = fields.Boolean(default=lambda self: self.env["res.users.apikeys"]._mcp_native_has_expiry())

    @api.model
    def _selection_client(self) -> list[tuple[str, str]]:
        return [(guide.code, guide.name) for guide in self.env["mcp_native.connect.guides"]._guides("").values()]

    @api.model
    def _selection_duration(self) -> list[tuple[str, str]]:
        """Return the durations Odoo grants to this user. On 17.0 keys have no end."""
        if not self.env["res.users.apikeys"]._mcp_native_has_expiry():
            return [(FOR_EVER, _("Until it is deleted"))]
        granted = self.env["res.users.apikeys.description"]._selection_duration()
        return [(days, label) for days, label in granted if int(days) >= 0]  # -1 asks for a date

    @api.model
    def _default_duration(self) -> str:
        """Return the longest duration that ends."""
        return max((days for days, _label in self._selection_duration()), key=int)

    def _guide(self, key: str = "") -> Guide | None:
        return self.env["mcp_native.connect.guides"]._guides(settings.url(self.env), key).get(self.client)

    @api.depends("client")
    def _compute_way(self) -> None:
        for wizard in self:
            guide = wizard._guide()
            wizard.way = "login" if guide and guide.login and settings.oauth(self.env) else "key"

    @api.depends("client")
    def _compute_name(self) -> None:
        for wizard in self:
            guide = wizard._guide()
            wizard.name = guide and guide.name

    @api.depends("client", "way")
    def _compute_guide(self) -> None:
        for wizard in self:
            guide = wizard._guide()
            login = guide and settings.oauth(self.env) and guide.login
            shown = wizard.way == "login" and login
            wizard.url = settings.url(self.env)
            wizard.can_choose = bool(login)
            wizard.steps, wizard.remark = to_html(shown) if shown else (False, False)
            wizard.snippet = shown and shown.snippet
            wizard.warning = guide and wizard._warning(guide)

    @api.depends("client")  # of none, but 17.0 and 18.0 then compute nothing for a new page
    @api.depends_context("uid", "lang")
    def _compute_profile(self) -> None:
        """Tell what limits what is connected now."""
        self.profile = ". ".join(filter(None, self.env["mcp_native.profile"]._told(self.env.uid)))

    def _warning(self, guide: Guide) -> str | bool:
        """Return what stands in the way of connecting an assistant, False for nothing."""
        url = settings.url(self.env)
        if not settings.enabled(self.env):
            return _("Assistants cannot connect: an administrator has switched the MCP server off.")
        if self.way == "login" and guide.hosted and not in_the_internet(url):
            return _(
                "%s works from the internet and cannot reach this address. It needs one that starts with https and "
                "that is not only known inside your network.",
                guide.name,
            )
        if not url.startswith("https:") and not hosts.on_this_computer(urlsplit(url).hostname or ""):
            return _(
                "This address does not start with https, so that others in the network can read along. Most assistants "
                "refuse it. Ask your administrator."
            )
        return False

    @check_identity
    def action_make_key(self) -> dict[str, Any]:
        """Make the key and show it, once.

        :raise AccessError: the user may not use the server, so the key would open nothing
        """
        if not self.env.user.has_group("mcp_native.group_user"):
            raise AccessError(_("Only users of the MCP server can make a key for it."))
        wizard = self.sudo()
        days = int(wizard.duration) or None
        read_only = wizard.access == "read"
        key = self.env["res.users.apikeys"]._mcp_native_generate(wizard.name, days, read_only=read_only)
        guide = self._guide(key)
        steps, remark = to_html(guide.key)
        shown = {"key": key, "url": settings.url(self.env), "snippet": guide.key.snippet}
        shown |= {"steps": str(steps), "remark": str(remark)}
        wizard.unlink()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mcp_native.connect.key",
            "name": _("Your Key for %s", guide.name),
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{field}": value for field, value in shown.items()},
        }
