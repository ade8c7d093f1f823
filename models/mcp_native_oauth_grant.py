# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import api, fields, models

from .principal import READ_SCOPE, SCOPES

READ_ONLY = READ_SCOPE
READ_WRITE = " ".join(SCOPES)

STATE = ("mcp_native.oauth.code", "mcp_native.oauth.token")
"""What holds a grant's secrets, as digests."""


class McpNativeOauthGrant(models.Model):
    """What one user decided about one client. An ended grant stays, for the calls that were made with it."""

    _name = "mcp_native.oauth.grant"
    _description = "MCP Grant"
    _order = "id desc"

    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True, ondelete="cascade")
    client_id = fields.Many2one("mcp_native.oauth.client", required=True, readonly=True, index=True, ondelete="cascade")
    scopes = fields.Selection(
        [(READ_ONLY, "Read only"), (READ_WRITE, "Read and change")],
        "Access",
        required=True,
        readonly=True,
        help="What the assistant may do at most, whatever its user may.",
    )
    ended = fields.Datetime(readonly=True)
    ended_reason = fields.Selection(
        [
            ("user", "Ended by its user"),
            ("manager", "Ended by a manager"),
            ("password", "New password"),
            ("devices", "Logged out from all devices"),
            ("archived", "User archived"),
            ("client", "Client archived"),
            ("revoked", "Ended by the assistant"),
            ("replay", "A token was used twice"),
            ("unused", "Not used for long"),
        ],
        readonly=True,
    )

    def init(self) -> None:
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS mcp_native_oauth_grant_live_uniq
                ON mcp_native_oauth_grant (user_id, client_id) WHERE ended IS NULL
            """
        )

    @api.depends("client_id")
    def _compute_display_name(self) -> None:
        for grant in self:
            grant.display_name = grant.client_id.name

    @api.model
    def _live(self, user: models.BaseModel, client: models.BaseModel) -> models.BaseModel:
        """Return what a user decided about a client, or nothing."""
        return self.search([("user_id", "=", user.id), ("client_id", "=", client.id), ("ended", "=", False)])

    @api.model
    def _decide(self, user: models.BaseModel, client: models.BaseModel, *, may_write: bool) -> models.BaseModel:
        """Store what a user decided about a client, and return it.

        A later decision also holds for what came of an earlier one. Of two decisions at the same time the second one
        fails as a conflict, which Odoo replays; so does a decision or the archiving or new password of its user,
        whichever of these two comes second, because both write the user's row.
        """
        self.env.cr.execute("UPDATE res_users SET active = active WHERE id = %s", [user.id])
        self.env.cr.execute(
            f"""
            INSERT INTO {self._table} (user_id, client_id, scopes, create_uid, create_date, write_uid, write_date)
                 VALUES (%(user)s, %(client)s, %(scopes)s, %(user)s, %(now)s, %(user)s, %(now)s)
            ON CONFLICT (user_id, client_id) WHERE ended IS NULL
              DO UPDATE SET scopes = EXCLUDED.scopes, write_date = EXCLUDED.write_date
              RETURNING id
            """,
            {
                "user": user.id,
                "client": client.id,
                "scopes": READ_WRITE if may_write else READ_ONLY,
                "now": fields.Datetime.now(),
            },
        )
        grant = self.browse(self.env.cr.fetchone())
        grant.invalidate_recordset()
        return grant

    def _end(self, reason: str) -> None:
        """End grants: every token of theirs is refused from the next call on, in every worker.

        :param reason: a value of ``ended_reason``
        """
        live = self.filtered(lambda grant: not grant.ended)
        live.write({"ended": fields.Datetime.now(), "ended_reason": reason})
        for model in STATE:
            self.env[model].search([("grant_id", "in", live.ids)]).unlink()
        self.env["mcp_native.profile.credential"].sudo()._credentials_ended("oauth_grant", live.ids)

    def _end_empty(self, reason: str) -> None:
        """End those of these grants that no code and no token is left of."""
        held = [self.env[model].search([("grant_id", "in", self.ids)]).grant_id for model in STATE]
        (self - held[0] - held[1])._end(reason)

    @api.autovacuum
    def _gc_unused(self) -> None:
        self.search([("ended", "=", False)])._end_empty("unused")
