# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..compat import all_users
from ..orm.errors import ToolError
from ..orm.narrowing import unnarrowed
from . import approval_run, approval_text
from .mcp_native_unforgeable import EDIT_KEY, EDIT_SENTINEL

if TYPE_CHECKING:
    from ..protocol import Call
    from ..toolsets.preview import Preview
    from ..toolsets.service import McpService

ACTIVITY = "mcp_native.mail_activity_type_approval"
OPEN, DONE, FAILED, REFUSED, EXPIRED, CANCELLED = "pending", "done", "failed", "refused", "expired", "cancelled"


class McpNativeApproval(models.Model):
    """What an assistant asked to do and a person must approve first: the call itself, and what it would change.

    Nobody creates, edits or deletes one, administrators included; its methods alone take it from state to state.
    """

    _name = "mcp_native.approval"
    _inherit = ["mcp_native.unforgeable", "mail.thread", "mail.activity.mixin"]
    _description = "MCP Approval"
    _order = "id desc"
    _mail_post_access = "read"

    summary = fields.Char(compute="_compute_summary", compute_sudo=True, help="What the assistant asks to do.")
    asked_by = fields.Char(compute="_compute_asked_by", compute_sudo=True)
    user_id = fields.Many2one(
        "res.users", "For", readonly=True, index=True, ondelete="set null", help="Whose assistant asks."
    )
    credential_kind = fields.Selection([("api_key", "Key"), ("oauth_grant", "Login")], "Connected By", readonly=True)
    credential_id = fields.Integer("Credential ID", readonly=True)
    credential_name = fields.Char("Connection", readonly=True)
    client_name = fields.Char("Client", readonly=True, help="What the program calls itself.")
    profile_id = fields.Many2one("mcp_native.profile", readonly=True, ondelete="set null")
    tool = fields.Char(readonly=True)
    arguments = fields.Text(readonly=True, help="What the tool is called with, as JSON.")
    model = fields.Char(readonly=True)
    res_ids = fields.Char("Records", readonly=True, help="Ids with commas between them.")
    diff = fields.Text("Changes", readonly=True, help="What it would change, as a trial run showed.")
    diff_html = fields.Html("What Changes", compute="_compute_diff_html", sanitize=False)
    is_long = fields.Boolean(compute="_compute_diff_html", help="A card cannot show all of the changes.")
    warnings = fields.Text(readonly=True)
    reason = fields.Text("Why", readonly=True, help="In the words of the assistant.")
    stamps = fields.Text(readonly=True, help="The versions of the records that the changes were shown for, as JSON.")
    level = fields.Char(readonly=True)
    changed_since = fields.Boolean(
        "Records Changed Since", readonly=True, help="Somebody changed the records after the assistant asked."
    )
    state = fields.Selection(
        [
            (OPEN, "To Decide"),
            (DONE, "Done"),
            (FAILED, "Failed"),
            (REFUSED, "Refused"),
            (EXPIRED, "Expired"),
            (CANCELLED, "Cancelled"),
        ],
        required=True,
        readonly=True,
        default=OPEN,
        index=True,
        group_expand="_all_states",
    )
    expires = fields.Datetime(readonly=True, required=True, index=True)
    approver_ids = fields.Many2many(
        "res.users", "mcp_native_approval_approver_rel", "approval_id", "user_id", string="Approvers", readonly=True
    )
    allow_own = fields.Boolean("Own May Be Approved", readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided By", readonly=True, ondelete="set null")
    decided_at = fields.Datetime("Decided", readonly=True)
    decider = fields.Char("Decided By (Name)", related="decided_by_id.name", related_sudo=True)
    refusal = fields.Text("Why Not", readonly=True, help="What the assistant is told.")
    result = fields.Text(readonly=True, help="What the tool answered, or why it failed.")
    request_id = fields.Char("Request ID", readonly=True, index=True, help="Of the call that asked.")
    run_request_id = fields.Char("Request ID of the Run", readonly=True, index=True)
    may_decide = fields.Boolean(compute="_compute_may_decide")
    may_cancel = fields.Boolean(compute="_compute_may_decide")

    # -- what pages show

    @api.depends("tool", "model", "res_ids", "arguments")
    @api.depends_context("lang")
    def _compute_summary(self) -> None:
        for approval in self:
            approval.summary = approval_text.summary(approval)

    @api.depends("user_id", "client_name", "credential_name")
    @api.depends_context("lang")
    def _compute_asked_by(self) -> None:
        for approval in self:
            approval.asked_by = approval_text.asked_by(approval)

    @api.depends("summary")
    @api.depends_context("lang")
    def _compute_display_name(self) -> None:
        for approval in self:
            approval.display_name = f"#{approval.id} {approval.summary}"

    @api.depends("diff")
    def _compute_diff_html(self) -> None:
        for approval in self:
            approval.diff_html = approval_text.diff_html(approval.diff or "")
            approval.is_long = approval_text.is_long(approval.diff or "")

    @api.depends("state", "approver_ids", "user_id", "allow_own")
    @api.depends_context("uid")
    def _compute_may_decide(self) -> None:
        user = self.env.user
        for approval in self:
            is_open = approval.state == OPEN
            approval.may_decide = is_open and approval.sudo()._is_decided_by(user)
            approval.may_cancel = is_open and approval.user_id == user and not approval.may_decide

    @api.model
    def _all_states(self, states: Any, *_args: Any) -> list[str]:
        return [OPEN, DONE, FAILED, REFUSED, EXPIRED, CANCELLED]

    # -- asking

    @api.model
    def _request(
        self, service: McpService, call: Call, *, tool: str, arguments: dict[str, Any], preview: Preview, reason: str
    ) -> models.BaseModel:
        """Store what a call asks for, and tell those who may approve it.

        The same call of the same connection that waits already is not asked for again: it gets the preview of now.

        :param arguments: checked against the tool's schema, without those that ask for consent
        :param preview: what it would change
        :param reason: why, in the assistant's words
        :raise ToolError: nobody could approve it
        """
        with unnarrowed():
            editor = self.sudo()._editor()
            values = editor._values(service, call, tool, arguments, preview, reason)
            same = ("user_id", "credential_kind", "credential_id", "tool", "arguments", "state")
            waiting = editor.search(
                [(name, "=", values.get(name, OPEN)) for name in same] + [("expires", ">", fields.Datetime.now())],
                limit=1,
            )
            if waiting:
                waiting._show(preview)
                return waiting.with_env(self.env)
            approvers = self._approvers(service.rules.profile_id, self.env.user)
            if not approvers:
                raise ToolError(
                    "This needs a person's approval in Odoo, and nobody may give it: the MCP profile names no approver "
                    "besides you. A manager of the MCP server can name one."
                )
            approval = editor.create({**values, "approver_ids": [(6, 0, approvers.ids)]})
            approval._tell_approvers()
            return approval.with_env(self.env)

    @api.model
    def _values(
        self,
        service: McpService,
        call: Call,
        tool: str,
        arguments: dict[str, Any],
        preview: Preview,
        reason: str,
    ) -> dict[str, Any]:
        principal = service.principal
        profile = self.env["mcp_native.profile"].browse(service.rules.profile_id).exists()
        model = arguments.get("model") or call.facts.get("model")
        ids = arguments.get("ids") or call.facts.get("ids") or []
        return {
            "user_id": principal.uid,
            "credential_kind": principal.kind,
            "credential_id": principal.credential_id,
            "credential_name": principal.credential_name,
            "client_name": call.client_name,
            "profile_id": profile.id,
            "allow_own": profile.approve_own,
            "tool": tool,
            "arguments": json.dumps(arguments, sort_keys=True),
            "model": model if isinstance(model, str) and model in self.env else False,
            "res_ids": ", ".join(map(str, ids)) if isinstance(ids, list) else False,
            "reason": reason,
            "level": preview.level,
            "expires": fields.Datetime.now() + timedelta(days=max(profile.approval_days, 1)),
            "request_id": service.reference,
            **self._shown(preview),
        }

    @api.model
    def _shown(self, preview: Preview) -> dict[str, str]:
        return {
            "diff": preview.text,
            "warnings": "\n".join([*preview.warnings, *filter(None, [preview.failure])]),
            "stamps": json.dumps(preview.stamps, sort_keys=True),
        }

    def _show(self, preview: Preview, *, changed: bool = False) -> None:
        """Store what a call would change now.

        :param changed: an approver agreed to something else, and must be told
        """
        self._editor().write({**self._shown(preview), "changed_since": changed})

    # -- who decides

    @api.model
    def _approvers(self, profile_id: int, requester: models.BaseModel) -> models.BaseModel:
        """Return who may approve now what a user's assistant asks for: those the profile names, else the managers."""
        profile = self.env["mcp_native.profile"].sudo().browse(profile_id).exists()
        found = profile.approver_ids
        if profile.approver_group_id:
            found |= all_users(profile.approver_group_id)
        if not found:
            found = all_users(self.env.ref("mcp_native.group_manager").sudo())
        found = found.filtered(lambda user: user.active and not user.share)
        return found if profile.approve_own else found - requester

    def _is_decided_by(self, user: models.BaseModel) -> bool:
        """Whether a user may decide: was asked to, and may still."""
        self.ensure_one()
        found = self.approver_ids & self._approvers(self.profile_id.id, self.user_id)
        return user in (found if self.allow_own else found - self.user_id)

    def _check_person(self) -> None:
        # Toolsets are loaded after models.
        from ..toolsets.mcp_native_toolset import is_answering

        if is_answering():
            raise AccessError(_("Only a person can decide this, in Odoo."))

    def _check_decider(self) -> None:
        self._check_person()
        for approval in self.sudo():
            if not approval._is_decided_by(self.env.user):
                raise AccessError(_("%s: you are not among those who may decide this.", approval.display_name))

    # -- deciding

    def action_approve(self) -> dict[str, Any] | bool:
        """Run what was asked for, as the user whose assistant asked.

        :raise AccessError: one of them is not for this user to decide
        :raise UserError: the only one was decided before
        """
        self._check_decider()
        self._lock()
        done = self.browse()
        for approval in self:
            if approval._is_open():
                approval.sudo()._run(alone=not done)
                done |= approval
        return self._told(done)

    def action_refuse(self) -> dict[str, Any]:
        """Ask for the reason of a refusal."""
        self._check_decider()
        return {
            "type": "ir.actions.act_window",
            "name": _("Refuse"),
            "res_model": "mcp_native.approval.refusal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_approval_ids": [(6, 0, self.ids)]},
        }

    def action_cancel(self) -> None:
        """Take back what one's own assistant asked for.

        :raise AccessError: one of them is of somebody else's assistant
        """
        self._check_person()
        if any(approval.user_id != self.env.user for approval in self):
            raise AccessError(_("Only the user whose assistant asked can take this back."))
        self._lock()
        for approval in self.filtered(lambda one: one._is_open()):
            approval.sudo()._decide(CANCELLED, {})

    def action_open_records(self) -> dict[str, Any]:
        """Open the records that it is about."""
        self.ensure_one()
        ids = [int(found) for found in (self.res_ids or "").split(",") if found.strip().isdigit()]
        action = {"type": "ir.actions.act_window", "name": _("Records"), "res_model": self.model}
        if len(ids) == 1:
            return {**action, "view_mode": "form", "res_id": ids[0]}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", ids)]}

    def _refuse(self, reason: str) -> None:
        """Refuse what was asked for, with a reason that the assistant is told.

        :raise AccessError: one of them is not for this user to decide
        """
        self._check_decider()
        self._lock()
        for approval in self.filtered(lambda one: one._is_open()):
            approval.sudo()._decide(REFUSED, {"refusal": reason})

    def _lock(self) -> None:
        """Wait for whoever decides the same; where they decided, Odoo does all of this again, and finds it decided."""
        self.env.cr.execute(f"SELECT id FROM {self._table} WHERE id IN %s ORDER BY id FOR UPDATE", [tuple(self.ids)])
        self.invalidate_recordset(["state"])

    def _is_open(self) -> bool:
        """Whether it can be decided. One whose time is over ends here."""
        if self.state == OPEN and self._state_now() == EXPIRED:
            self.sudo()._decide(EXPIRED, {})
        return self.state == OPEN

    def _state_now(self) -> str:
        """Return the state; nobody may have ended yet what expired."""
        return EXPIRED if self.state == OPEN and self.expires <= fields.Datetime.now() else self.state

    def _run(self, *, alone: bool) -> None:
        """Do what was asked for, once.

        :param alone: nothing else was done in this transaction, so that another one can look at what would change now
        """
        outcome = approval_run.run(self, look_again=alone)
        if outcome.preview:
            self._show(outcome.preview, changed=True)
        elif outcome.outdated:
            self._editor().write({"changed_since": True})
        else:
            text = self.env["mcp_native.file.link"]._without_tokens(outcome.text)
            values = {"result": text, "run_request_id": outcome.request_id}
            self._decide(DONE if outcome.done else FAILED, values)

    def _decide(self, state: str, values: dict[str, Any]) -> None:
        by_person = state not in (EXPIRED, CANCELLED)
        decided = {"decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()} if by_person else {}
        self._editor().write({**values, **decided, "state": state, "changed_since": False})
        self._close_activities()
        self._tell_requester()

    @api.model
    def _expire(self) -> None:
        """End those that nobody decided in time."""
        for approval in self.search([("state", "=", OPEN), ("expires", "<=", fields.Datetime.now())]):
            approval.sudo()._decide(EXPIRED, {})

    # -- telling

    def _tell_approvers(self) -> None:
        for user in self.approver_ids:
            self.with_context(lang=user.lang).activity_schedule(
                ACTIVITY,
                date_deadline=fields.Date.context_today(self.with_user(user)),
                user_id=user.id,
                note=approval_text.note(self.with_context(lang=user.lang)),
            )

    def _close_activities(self) -> None:
        """Take the task from everybody's list."""
        self.activity_unlink([ACTIVITY])

    def _tell_requester(self) -> None:
        user = self.user_id
        other = user if user != self.env.user else user.browse()
        here = self.with_context(lang=user.lang or self.env.lang)
        here.message_post(
            body=approval_text.decision(here),
            partner_ids=other.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _told(self, done: models.BaseModel) -> dict[str, Any] | bool:
        """Return what the client shows after approving: how it went, in a word or two."""
        if not done and len(self) == 1:
            raise UserError(approval_text.decided_before(self))
        return approval_text.notification(self, done)

    # -- nobody edits

    def _editor(self) -> models.BaseModel:
        return self.with_context(**{EDIT_KEY: EDIT_SENTINEL})

    def _refusal(self) -> str:
        return _("Nobody may change an approval, or make one: decide it with its buttons.")
