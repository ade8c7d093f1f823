# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import _, api, fields, models
from odoo.exceptions import AccessError

from ..compat import check_access, group_ids
from ..models.mcp_native_principal import READS_AND_WRITES
from ..models.mcp_native_profile import NOBODY
from ..models.mcp_native_profile_admission import clock_text
from ..models.principal import WRITE_SCOPE, Principal
from ..orm.rules import ALLOW, OPERATIONS
from .effective import Effective, ModelRights

SHOWN = 60
"""Models on the page; the list has all of them."""

MANAGER = "mcp_native.group_manager"


class McpNativeRights(models.TransientModel):
    """Shows what an assistant may do: the rights of its user, less what its profile takes away."""

    _name = "mcp_native.rights"
    _description = "What May This Assistant Do?"

    user_id = fields.Many2one(
        "res.users",
        "User",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    connection_id = fields.Many2one(
        "mcp_native.connection", "Assistant", help="Empty: an assistant that this user connects now."
    )
    profile_id = fields.Many2one(
        "mcp_native.profile",
        "As If Its Profile Were",
        groups=MANAGER,
        help="To try a profile out. Empty: the profile that holds.",
    )
    is_manager = fields.Boolean(compute="_compute_is_manager")
    look_for = fields.Char("Find a Model", help="Part of its name, for example invoice.")
    report = fields.Html(compute="_compute_report", sanitize=False)  # made by our own template, which escapes

    @api.depends("user_id")  # of none, but 17.0 and 18.0 then compute nothing for a new page
    @api.depends_context("uid")
    def _compute_is_manager(self) -> None:
        self.is_manager = self.env.user.has_group(MANAGER)

    @api.onchange("user_id")
    def _onchange_user_id(self) -> None:
        if self.connection_id.user_id != self.user_id:
            self.connection_id = False

    @api.depends("user_id", "connection_id", "profile_id", "look_for")
    @api.depends_context("uid", "lang")
    def _compute_report(self) -> None:
        for page in self:
            page.report = page.user_id and self.env["ir.qweb"]._render("mcp_native.rights_report", page._values())

    @api.model
    def _open(self, **values: Any) -> dict[str, Any]:
        """Return the action that opens the page.

        :param values: of its fields
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("mcp_native.rights_action")
        defaults = {f"default_{name}": value for name, value in values.items()}
        return {**action, "context": {"dialog_size": "extra-large", **defaults}}

    def action_models(self) -> dict[str, Any]:
        """Open the rights on all models as a list, to filter, group and export."""
        self.ensure_one()
        effective = self._effective()
        lines = self.env["mcp_native.rights.line"].sudo()
        lines.create([{"rights_id": self.id, **self._line(effective, rights)} for rights in effective.models()])
        action = self.env["ir.actions.act_window"]._for_xml_id("mcp_native.rights_line_action")
        name = _("What May It Do? %s", self._title())
        context = {"search_default_name": self.look_for} if self.look_for else {}
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("rights_id", "=", self.id)],
            "context": context,
        }

    # -- who is meant

    def _checked(self) -> models.BaseModel:
        """Return the page with superuser rights, after whose rights it shows was checked.

        :raise AccessError: those of another user, or with another profile, and the reader is no manager
        """
        self.ensure_one()
        page = self.sudo()
        if not self.env.user.has_group(MANAGER) and (page.user_id != self.env.user or page.profile_id):
            raise AccessError(_("Only a manager may see what the assistants of others may do."))
        if page.connection_id:
            check_access(page.connection_id.sudo(False), "read")
        return page

    def _principal(self) -> Principal:
        """Return who calls: a connection, or one that the user would make now."""
        page = self._checked()
        if page.connection_id and page.connection_id.user_id == page.user_id:
            return page.connection_id._principal()
        return Principal(page.user_id.id, "api_key", 0, "", READS_AND_WRITES)

    def _profile(self) -> models.BaseModel:
        principal = self._principal()
        page = self.sudo()
        found = page.profile_id.id or page.env["mcp_native.profile"]._profile_id(
            principal.uid, principal.kind, principal.credential_id
        )
        return page.env["mcp_native.profile"].browse(found or [])

    def _effective(self) -> Effective:
        profile = self._profile()
        # Of the reader's context only the language: the user may not be in the reader's companies.
        env = self.env(user=self.user_id.id, su=False, context={"lang": self.env.lang})
        return Effective(env, self._principal(), profile._rules_of(profile.id) if profile else NOBODY)

    # -- what the page says

    def _title(self) -> str:
        page = self.sudo()
        return f"{page.connection_id.name}, {page.user_id.name}" if page.connection_id else page.user_id.name

    def _values(self) -> dict[str, Any]:
        profile, principal, effective = self._profile(), self._principal(), self._effective()
        user = self.sudo().user_id
        found = effective.models(self.look_for or "")
        return {
            "profile": profile,
            "told": profile.note if profile else self.env["mcp_native.profile"]._told(0)[1],
            "source": self._source(profile, principal),
            "user": user,
            "may_use": user._mcp_native_may_connect(),
            "reads_only": WRITE_SCOPE not in principal.scopes,
            "reading": [tool["title"] for tool in effective.tools if tool["annotations"]["readOnlyHint"]],
            "changing": [tool["title"] for tool in effective.tools if not tool["annotations"]["readOnlyHint"]],
            "limits": [*profile.limit_ids.mapped("display_name"), *_sizes(profile)],
            "conditions": self._conditions(profile, user),
            "models": [self._row(effective, rights) for rights in found[:SHOWN]],
            "more": max(len(found) - SHOWN, 0),
            "search": self.look_for,
            "operations": list(self._operations().items()),
            "words": dict(self.env["mcp_native.rights.line"]._said()),
        }

    @api.model
    def _operations(self) -> dict[str, str]:
        return {
            "read": _("Read"),
            "create": _("Create"),
            "write": _("Change"),
            "unlink": _("Delete"),
            "call": _("Methods"),
        }

    def _source(self, profile: models.BaseModel, principal: Principal) -> str:
        """Return why it is this profile."""
        page = self.sudo()
        if page.profile_id:
            return _("chosen on this page, to try it out")
        own = principal.credential_id and profile._own_profile_id(principal.kind, principal.credential_id)
        if own:
            return _("given to this connection by a manager")
        if profile.everybody and profile._assigned()[1] == profile.id and not self._shared_groups(profile):
            return _("for everybody")
        return _("for the group %s", ", ".join(self._shared_groups(profile))) if profile else ""

    def _shared_groups(self, profile: models.BaseModel) -> list[str]:
        """Return the names of the groups by which the user has a profile."""
        held = group_ids(self.sudo().user_id)
        return [group.display_name for group in profile.group_ids if group.id in held]

    def _conditions(self, profile: models.BaseModel, user: models.BaseModel) -> list[tuple[str, str]]:
        """Return what else a profile says, as label and text."""
        found = []
        if profile.networks:
            found.append((_("Only from"), ", ".join(profile.networks.split())))
        if profile.days == "week" or profile.hour_from > 0 or profile.hour_to < 24:
            days = dict(profile._fields["days"]._description_selection(self.env)).get(profile.days, "")
            hours = f"{clock_text(profile.hour_from)}–{clock_text(profile.hour_to)}"
            found.append((_("Only at"), f"{days}, {hours} ({user.tz or 'UTC'})"))
        if profile.company_ids:
            names = (profile.company_ids & user.company_ids).mapped("name")
            found.append((_("Only in"), ", ".join(names) or _("no company of this user: it can do nothing")))
        if profile.lang:
            found.append((_("Answers in"), dict(profile._languages()).get(profile.lang, profile.lang)))
        return found

    def _row(self, effective: Effective, rights: ModelRights) -> dict[str, Any]:
        """Return what the page shows of a model."""
        methods = effective.methods(rights.model)
        readable = rights.decisions["read"] == ALLOW
        domain = " ".join(effective.domains(rights.model))
        if readable and not domain and effective.is_limited(rights.model):
            domain = _("those about records that it may read")
        return {
            "rights": rights,
            "methods": ", ".join(methods) if methods is not None else "",
            "hidden": ", ".join(effective.hidden(rights.model)) if readable else "",
            "readonly": ", ".join(effective.readonly(rights.model)),
            "domain": domain if readable else "",
        }

    def _line(self, effective: Effective, rights: ModelRights) -> dict[str, Any]:
        """Return the values of a line of the list."""
        said = {f"{operation}_decision": rights.decisions[operation] for operation in OPERATIONS}
        row = self._row(effective, rights)
        details = {name: row[name] for name in ("methods", "hidden", "readonly", "domain")}
        return {"model": rights.model, "name": rights.name, **said, **details}


def _sizes(profile: models.BaseModel) -> list[str]:
    """Return the limits of single calls that a profile sets, in words."""
    names = ("max_records", "max_rows", "max_characters")
    labels = profile.fields_get(names, ["string"])
    return [f"{labels[name]['string']}: {profile[name]:,}" for name in names if profile and profile[name]]
