# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from markupsafe import Markup

from odoo import _, api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..compat import group_ids
from ..orm.rules import ALLOW, APPROVE, CONFIRM, DENY, Rules
from .ir_model import TOOLSET_NAMES
from .principal import Principal

NOBODY = Rules(name="none", defaults=dict.fromkeys(("create", "write", "unlink", "call"), DENY))
"""What holds where no profile is for everybody: reading, within the user's rights."""

NOT_NEGATIVE = ("max_rows", "max_characters", "max_records", "breaker_writes", "breaker_errors")


class McpNativeProfile(models.Model):
    """What assistants may do within the rights of their users, how much, and what needs a person's yes.

    The most specific assignment wins: a connection's own profile, then that of a group, then the one for everybody.
    """

    _name = "mcp_native.profile"
    _inherit = "mcp_native.profile.mixin"
    _description = "MCP Profile"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="Of several groups' profiles the first one holds.")
    note = fields.Text("Description", translate=True, help="What people are told when they connect an assistant.")
    everybody = fields.Boolean(
        "For Everybody", copy=False, help="Holds where no connection or group says otherwise. One profile can be that."
    )
    group_ids = fields.Many2many(
        "res.groups",
        "mcp_native_profile_group_rel",
        "profile_id",
        "group_id",
        string="Groups",
        copy=False,
        help="Whose assistants it is for, unless their connection has a profile of its own.",
    )
    create_decision = fields.Selection("_decisions", "Create", required=True, default=CONFIRM)
    write_decision = fields.Selection("_decisions", "Change", required=True, default=CONFIRM)
    unlink_decision = fields.Selection("_decisions", "Delete", required=True, default=APPROVE)
    call_decision = fields.Selection("_decisions", "Run Methods", required=True, default=CONFIRM)
    read_decision = fields.Selection([(ALLOW, "Allow"), (DENY, "Deny")], "Read", required=True, default=ALLOW)
    rule_ids = fields.One2many("mcp_native.profile.rule", "profile_id", "Rules", copy=True)
    limit_ids = fields.One2many("mcp_native.profile.limit", "profile_id", "Limits", copy=True)
    toolset_off_ids = fields.Many2many(
        "ir.model",
        "mcp_native_profile_toolset_off_rel",
        "profile_id",
        "model_id",
        string="Tools Switched Off",
        domain=lambda self: [("model", "in", list(self.env["mcp_native.toolset"]._groups()))],
        context={TOOLSET_NAMES: True},
    )
    toolsets = fields.Html("Which Tools There Are", compute="_compute_toolsets", sanitize=False)
    company_ids = fields.Many2many(
        "res.company",
        "mcp_native_profile_company_rel",
        "profile_id",
        "company_id",
        string="Only in Companies",
        ondelete="restrict",  # none left would mean all of them
        help="Empty: all companies of the user.",
    )
    max_rows = fields.Integer("Rows in One Answer", help="0: as many as the tool allows.")
    max_characters = fields.Integer("Characters in One Answer", help="0: 60,000.")
    max_records = fields.Integer("Records Changed by One Call", default=100, help="0: any number.")
    lang = fields.Selection("_languages", "Language of Answers", help="Empty: the user's.")
    approver_group_id = fields.Many2one(
        "res.groups", "Approvers", help="Who may approve; empty: the managers of the MCP server."
    )
    approver_ids = fields.Many2many(
        "res.users",
        "mcp_native_profile_approver_rel",
        "profile_id",
        "user_id",
        string="Named Approvers",
        domain=[("share", "=", False)],
    )
    approve_own = fields.Boolean("May Approve Own", help="An approver may approve what their own assistant asks for.")
    approval_days = fields.Integer("Approvals Expire After (Days)", default=7)
    breaker_writes = fields.Integer("Stop After Changes", default=500, help="Changing calls in ten minutes. 0: never.")
    breaker_errors = fields.Integer("Stop After Errors", default=200, help="Failed calls in ten minutes. 0: never.")
    connection_count = fields.Integer("Connections", compute="_compute_connection_count")
    nobody = fields.Boolean("No Profile for Everybody", compute="_compute_nobody")

    def init(self) -> None:
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS mcp_native_profile_everybody_uniq
                ON mcp_native_profile (everybody) WHERE everybody AND active
            """
        )

    @api.model
    def _decisions(self) -> list[tuple[str, str]]:
        return [(ALLOW, _("Allow")), (CONFIRM, _("Confirm")), (APPROVE, _("Approve")), (DENY, _("Deny"))]

    @api.model
    def _languages(self) -> list[tuple[str, str]]:
        return self.env["res.lang"].get_installed()

    def _compute_connection_count(self) -> None:
        """Count the connections that a manager gave these profiles."""
        counts = dict(
            self.env["mcp_native.connection"]._read_group(
                [("profile_id", "in", self.ids)], ["profile_id"], ["__count"]
            )
        )
        for profile in self:
            profile.connection_count = counts.get(profile._origin, 0)

    @api.depends("everybody", "active")
    def _compute_nobody(self) -> None:
        stored = self.search([("everybody", "=", True)])
        for profile in self:
            profile.nobody = not (profile.everybody and profile.active) and not stored - profile._origin

    @api.depends("toolset_off_ids")
    def _compute_toolsets(self) -> None:
        toolsets = self.env["mcp_native.toolset"]
        tools_of: dict[str, list[str]] = {}
        for name, item in toolsets._every_tool().items():
            tools_of.setdefault(item.model, []).append(name)
        label = self.env["ir.model"]._mcp_native_toolset_name
        found = [(group, label(model), sorted(tools_of.get(model, ()))) for model, group in toolsets._groups().items()]
        line = Markup("<div class='mb-1'><b>%s</b> (%s): %s</div>")
        told = Markup().join(line % (name, group, ", ".join(names)) for group, name, names in sorted(found) if names)
        self.toolsets = Markup("<div>%s</div>") % told

    @api.constrains(*NOT_NEGATIVE)
    def _check_numbers(self) -> None:
        if any(profile[name] < 0 for profile in self for name in NOT_NEGATIVE):
            raise ValidationError(_("A number must not be less than 0."))

    @api.constrains("approval_days")
    def _check_approval_days(self) -> None:
        if any(profile.approval_days < 1 for profile in self):
            raise ValidationError(_("Approvals must last at least a day."))

    # -- one for everybody; none that connections have goes away

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> models.BaseModel:
        if any(vals.get("everybody") for vals in vals_list):
            self._leave_everybody()
        return super().create(vals_list)

    def write(self, vals: dict[str, Any]) -> bool:
        if "active" in vals and not vals["active"]:
            self._check_unused()
            vals = {**vals, "everybody": False}
        if vals.get("everybody"):
            self._leave_everybody()
        return super().write(vals)

    def copy_data(self, default: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        copies = super().copy_data(default)
        if "name" not in (default or {}):
            for profile, values in zip(self, copies, strict=True):
                values["name"] = _("%s (copy)", profile.name)
        return copies

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self) -> None:
        self._check_unused()
        if any(xmlid.startswith("mcp_native.") for xmlid in self.get_external_id().values()):
            # The next upgrade would create it again, for everybody.
            raise UserError(_("This profile comes with the MCP server. Archive it instead."))

    @api.model
    def _leave_everybody(self) -> None:
        """Make room for another profile for everybody: there can be one."""
        self.search([("everybody", "=", True)]).write({"everybody": False})
        self.flush_model(["everybody"])

    def _check_unused(self) -> None:
        """Refuse where connections would silently get another profile, which may let them do more."""
        for profile in self:
            found = self.env["mcp_native.connection"].search([("profile_id", "=", profile.id)], limit=10)
            if found:
                raise UserError(
                    _(
                        "Connected assistants have the profile “%(profile)s”: %(names)s. Give them another one first.",
                        profile=profile.name,
                        names=found._told_names(),
                    )
                )

    # -- what people open

    def action_connections(self) -> dict[str, Any]:
        """Open the connections that a manager gave this profile."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("mcp_native.connection_action")
        return {**action, "domain": [("profile_id", "=", self.id)], "context": {}}

    def action_rights(self) -> dict[str, Any]:
        """Open the page that shows what an assistant of some user could do with this profile."""
        self.ensure_one()
        return self.env["mcp_native.rights"]._open(profile_id=self.id)

    # -- what the server asks

    @api.model
    def _rules_for(self, principal: Principal) -> Rules:
        """Return what holds for a principal's calls."""
        return self._rules_of(self._profile_id(principal.uid, principal.kind, principal.credential_id))

    @api.model
    def _rules_of(self, profile_id: int) -> Rules:
        """Return what a profile says, or what holds where there is none."""
        return self.sudo()._rules(profile_id) if profile_id else NOBODY

    @api.model
    def _profile_id(self, uid: int, kind: str, credential_id: int) -> int:
        """Return the profile of a credential, 0 for none.

        Users' groups are not part of what is remembered here: Odoo remembers them in caches of its own.
        """
        profiles = self.sudo()
        own = profiles._own_profile_id(kind, credential_id) if credential_id else 0
        if own:
            return own
        by_group, everybody = profiles._assigned()
        held = group_ids(profiles.env["res.users"].browse(uid)) if by_group else frozenset()
        return next((profile_id for profile_id, groups in by_group if groups & held), everybody)

    @api.model
    @tools.ormcache("kind", "credential_id")
    def _own_profile_id(self, kind: str, credential_id: int) -> int:
        credentials = self.env["mcp_native.profile.credential"]
        domain = [("kind", "=", kind), ("credential_id", "=", credential_id), ("profile_id.active", "=", True)]
        return credentials.search(domain, limit=1).profile_id.id or 0

    @api.model
    @tools.ormcache()
    def _assigned(self) -> tuple[tuple[tuple[int, frozenset[int]], ...], int]:
        """Return the profiles of groups, each with the groups' ids, the first one first, and that for everybody."""
        by_group = self.search([("group_ids", "!=", False)])
        everybody = self.search([("everybody", "=", True)], limit=1)
        return tuple((profile.id, frozenset(profile.group_ids.ids)) for profile in by_group), everybody.id or 0

    @api.model
    @tools.ormcache("profile_id")
    def _rules(self, profile_id: int) -> Rules:
        profile = self.with_context(lang=None).browse(profile_id)
        operations = ("read", "create", "write", "unlink", "call")
        return Rules(
            profile_id=profile.id,
            name=profile.name,
            defaults={operation: profile[f"{operation}_decision"] for operation in operations},
            models=tuple(rule._rule() for rule in profile.rule_ids),
            toolsets_off=frozenset(profile.toolset_off_ids.mapped("model")),
            companies=frozenset(profile.company_ids.ids),
            max_rows=profile.max_rows,
            max_characters=profile.max_characters,
            max_records=profile.max_records,
            lang=profile.lang or "",
        )

    @api.model
    def _told(self, uid: int, kind: str = "", credential_id: int = 0) -> tuple[str, str]:
        """Return name and description, in the reader's language, of the profile of a credential or of a new one."""
        profile = self.sudo().browse(self._profile_id(uid, kind, credential_id) or [])
        if not profile:
            return _("Reading only"), _("No profile is for everybody. Assistants find and read, and change nothing.")
        return profile.name, profile.note or ""

    # -- upgrades

    @api.model
    def _keep_connections_full(self) -> None:
        """Give what is connected already the profile with which nothing changes for it.

        For databases of the time before profiles: what people set up to run alone goes on, and what they connect from
        now on asks.
        """
        full = self.env.ref("mcp_native.profile_full", raise_if_not_found=False)
        if full:
            self.env["mcp_native.connection"].search([("credential_id", "!=", False)])._set_profile(full)
