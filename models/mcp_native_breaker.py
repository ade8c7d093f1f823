# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import logging
from typing import Any

from odoo import _, api, fields, models
from odoo.exceptions import AccessError

from ..compat import AGGREGATOR, all_users, check_access
from .limits import window_key
from .mcp_native_unforgeable import EDIT_KEY, EDIT_SENTINEL
from .principal import Principal

_logger = logging.getLogger(__name__)


class McpNativeBreaker(models.Model):
    """A connection that made unusually many changes or errors: every call of it is refused until a manager says so."""

    _name = "mcp_native.breaker"
    _inherit = ["mcp_native.unforgeable", "mail.thread", "mail.activity.mixin"]  # activities subscribe whom they tell
    _description = "Stopped MCP Connection"
    _order = "id desc"
    _rec_name = "credential_name"

    kind = fields.Selection(
        [("api_key", "Key"), ("oauth_grant", "Login")], "Connected By", required=True, readonly=True
    )
    credential_id = fields.Integer("Credential ID", required=True, readonly=True, **{AGGREGATOR: None})
    credential_name = fields.Char("Assistant", readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True, ondelete="cascade")
    reason = fields.Selection([("writes", "Many changes"), ("errors", "Many errors")], required=True, readonly=True)
    amount = fields.Integer("Within Ten Minutes", readonly=True, help="Changes or errors.", **{AGGREGATOR: None})
    stopped = fields.Datetime(required=True, readonly=True)
    ended = fields.Datetime("Let Go On", readonly=True)
    ended_by_id = fields.Many2one("res.users", "Let Go On By", readonly=True, ondelete="set null")

    def init(self) -> None:
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS mcp_native_breaker_stopped_uniq
                ON mcp_native_breaker (kind, credential_id) WHERE ended IS NULL
            """
        )

    def _refusal(self) -> str:
        return _("Only the MCP server itself stops connections.")

    @api.model
    def _stop(self, principal: Principal, reason: str, amount: int) -> None:
        """Stop a credential, unless it is stopped already, and tell the managers.

        :param reason: ``writes`` or ``errors``
        :param amount: how many of them were too many
        """
        user = self.env["res.users"].browse(principal.uid)
        self.env.cr.execute(
            f"""
            INSERT INTO {self._table} (kind, credential_id, credential_name, user_id, reason, amount, stopped,
                                       create_uid, create_date, write_uid, write_date)
            SELECT %s, %s, %s, %s, %s, %s, now_, %s, now_, %s, now_ FROM (SELECT now() AT TIME ZONE 'UTC' AS now_) AS t
            ON CONFLICT (kind, credential_id) WHERE ended IS NULL DO NOTHING
            RETURNING id
            """,
            [principal.kind, principal.credential_id, principal.credential_name, user.id, reason, amount]
            + [self.env.uid] * 2,
        )
        row = self.browse([found for (found,) in self.env.cr.fetchall()])
        if row:
            _logger.warning("MCP: %s %s of user %s is stopped: many %s", row.kind, row.credential_id, user.id, reason)
            row._tell_managers()

    def _tell_managers(self) -> None:
        self.ensure_one()
        managers = all_users(self.env.ref("mcp_native.group_manager")).filtered(lambda user: not user.share)
        for manager in managers - self.env.ref("base.user_root"):
            # Without the mail about it: a mail server that does not answer would hold the call that was too much.
            record = self.with_context(mail_activity_quick_update=True, lang=manager.lang)
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=manager.id,
                summary=record._summary(),
                note=_("Look at its calls first. It goes on when you press “Let It Go On”, here or on its connection."),
            )

    def _summary(self) -> str:
        names = {"assistant": self.credential_name, "user": self.user_id.name, "number": self.amount}
        if self.reason == "errors":
            return _("%(assistant)s of %(user)s was stopped: %(number)s errors within ten minutes", **names)
        return _("%(assistant)s of %(user)s was stopped: %(number)s changes within ten minutes", **names)

    def action_go_on(self) -> None:
        """Let stopped connections go on, and begin to count anew.

        :raise AccessError: the user is no manager
        """
        if not self.env.user.has_group("mcp_native.group_manager"):
            raise AccessError(_("Only a manager may let a connection go on."))
        check_access(self, "read")
        open_ones = self.sudo().with_context(**{EDIT_KEY: EDIT_SENTINEL}).filtered(lambda row: not row.ended)
        open_ones.write({"ended": fields.Datetime.now(), "ended_by_id": self.env.uid})
        open_ones.activity_ids.unlink()
        keys = [window_key(kind, row.kind, row.credential_id) for row in open_ones for kind in ("writes", "errors")]
        self.env.cr.execute("DELETE FROM mcp_native_counter WHERE key = ANY(%s)", [keys])
        _logger.info("MCP connections let go on by user %s: breakers %s", self.env.uid, open_ones.ids)

    def action_calls(self) -> dict[str, Any]:
        """Open the access log with the calls of the connection."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("mcp_native.access_log_action")
        domain = [("credential_kind", "=", self.kind), ("credential_id", "=", self.credential_id)]
        return {**action, "domain": domain, "context": {}}
