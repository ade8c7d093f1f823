# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import _, api, fields, models, tools
from odoo.exceptions import ValidationError

from ..orm.rules import ALLOW, APPROVE, CONFIRM, DENY, Rules
from .principal import Principal

NOBODY = Rules(name="none", defaults=dict.fromkeys(("create", "write", "unlink", "call"), DENY))
"""What holds where no profile is for everybody: reading, within the user's rights."""


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
    everybody = fields.Boolean("For Everybody", help="Holds where no connection or group says otherwise.")
    group_ids = fields.Many2many(
        "res.groups",
        "mcp_native_profile_group_rel",
        "profile_id",
        "group_id",
        string="Groups",
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
        domain=[("model", "=like", "mcp_native.toolset.%")],
    )
    company_ids = fields.Many2many(
        "res.company",
        "mcp_native_profile_company_rel",
        "profile_id",
        "company_id",
        string="Only in Companies",
        help="Empty: all companies of the user.",
    )
    networks = fields.Text(
        "Only from Networks", help="IP addresses or networks (192.0.2.0/24), one a line. Empty: from anywhere."
    )
    days = fields.Selection([("all", "Every day"), ("week", "Monday to Friday")], required=True, default="all")
    hour_from = fields.Float("From", default=0.0, help="In the user's time zone.")
    hour_to = fields.Float("To", default=24.0, help="In the user's time zone.")
    max_rows = fields.Integer("Rows in One Answer", help="0: as many as the tool allows.")
    max_characters = fields.Integer("Characters in One Answer", help="0: 60,000.")
    max_records = fields.Integer("Records Changed by One Call", default=100, help="0: any number.")
    lang = fields.Selection("_languages", "Language of Answers", help="Empty: the user's.")
    approver_group_id = fields.Many2one(
        "res.groups", "Approvers", help="Who may approve; empty: the managers of the MCP server."
    )
    approver_ids = fields.Many2many(
        "res.users", "mcp_native_profile_approver_rel", "profile_id", "user_id", string="Named Approvers"
    )
    approve_own = fields.Boolean("May Approve Own", help="An approver may approve what their own assistant asks for.")
    approval_days = fields.Integer("Approvals Expire After (Days)", default=7)
    breaker_writes = fields.Integer("Stop After Changes", default=500, help="Changing calls in ten minutes. 0: never.")
    breaker_errors = fields.Integer("Stop After Errors", default=200, help="Failed calls in ten minutes. 0: never.")

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

    @api.constrains("hour_from", "hour_to")
    def _check_hours(self) -> None:
        if any(not 0 <= profile.hour_from < profile.hour_to <= 24 for profile in self):
            raise ValidationError(_("The hours must be between 0 and 24, the first before the last."))

    @api.model
    def _rules_for(self, principal: Principal) -> Rules:
        """Return what holds for a principal's calls."""
        profile_id = self.sudo()._profile_id(principal.uid, principal.kind, principal.credential_id)
        return self.sudo()._rules(profile_id) if profile_id else NOBODY

    @api.model
    @tools.ormcache("uid", "kind", "credential_id")
    def _profile_id(self, uid: int, kind: str, credential_id: int) -> int:
        """Return the profile of a credential, 0 for none."""
        own = self.env["mcp_native.profile.credential"].search(
            [("kind", "=", kind), ("credential_id", "=", credential_id), ("profile_id.active", "=", True)], limit=1
        )
        if own:
            return own.profile_id.id
        user = self.env["res.users"].browse(uid)
        groups = user[next(name for name in ("all_group_ids", "groups_id") if name in user._fields)]
        found = self.search([("group_ids", "in", groups.ids)], limit=1) or self.search([("everybody", "=", True)])
        return found.id or 0

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
