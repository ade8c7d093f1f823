# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import logging
from typing import Any

from odoo import _, api, fields, models
from odoo.exceptions import AccessError

from ..compat import AGGREGATOR, check_access
from ..oauth import redirects
from .mcp_native_principal import READ_ONLY_SCOPE, READS, READS_AND_WRITES, SCOPE
from .principal import READ_SCOPE, Principal

_logger = logging.getLogger(__name__)

GRANT = "oauth_grant"
KEY = "api_key"

# What is asked of the log stands in subqueries of its own, which PostgreSQL skips for columns that nobody asked for
# and runs by index for the rows that are left, never for the whole log.
QUERY = f"""
SELECT way.*,
       (SELECT profile_id FROM mcp_native_profile_credential
         WHERE kind = way.kind AND credential_id = way.credential_id) AS profile_id,
       (SELECT date FROM mcp_native_access_log
         WHERE credential_kind = way.kind AND credential_id = way.credential_id ORDER BY id LIMIT 1) AS first_use,
       (SELECT date FROM mcp_native_access_log
         WHERE credential_kind = way.kind AND credential_id = way.credential_id ORDER BY id DESC LIMIT 1) AS last_use,
       (SELECT client_name FROM mcp_native_access_log
         WHERE credential_kind = way.kind AND credential_id = way.credential_id ORDER BY id DESC LIMIT 1) AS program,
       (SELECT count(*) FROM mcp_native_access_log
         WHERE credential_kind = way.kind AND credential_id = way.credential_id) AS calls,
       CASE WHEN EXISTS (SELECT FROM mcp_native_breaker
                          WHERE kind = way.kind AND credential_id = way.credential_id AND ended IS NULL)
            THEN 'stopped' ELSE 'live' END AS state
  FROM (
    SELECT 2 * decision.id + 1 AS id,
           '{GRANT}' AS kind,
           decision.id AS credential_id,
           client.name,
           decision.user_id,
           CASE decision.scopes WHEN '{READ_SCOPE}' THEN 'read' ELSE 'write' END AS access,
           FALSE AS opens_all,
           decision.create_date AS connected,
           (SELECT max(expires) FROM mcp_native_oauth_token WHERE grant_id = decision.id AND used IS NULL) AS expires
      FROM mcp_native_oauth_grant decision
      JOIN mcp_native_oauth_client client ON client.id = decision.client_id
     WHERE decision.ended IS NULL
       AND EXISTS (SELECT FROM mcp_native_oauth_token WHERE grant_id = decision.id)
     UNION ALL
    SELECT 2 * key.id,
           '{KEY}',
           key.id,
           key.name,
           key.user_id,
           CASE key.scope WHEN '{READ_ONLY_SCOPE}' THEN 'read' ELSE 'write' END,
           key.scope IS NULL,
           key.create_date,
           %(expires)s
      FROM res_users_apikeys key
      JOIN res_users owner ON owner.id = key.user_id AND owner.active
     WHERE (%(expires)s IS NULL OR %(expires)s > now() AT TIME ZONE 'UTC')
       AND (key.scope IN ('{SCOPE}', '{READ_ONLY_SCOPE}')
            OR key.scope IS NULL AND EXISTS (
                SELECT FROM mcp_native_access_log WHERE credential_kind = '{KEY}' AND credential_id = key.id))
  ) way
"""


class McpNativeConnection(models.Model):
    """What assistants can get in with now: grants and keys, with what the access log knows of their use.

    Keys of the user's preferences, which open the rest of Odoo too, count once they were used here.
    """

    _name = "mcp_native.connection"
    _description = "Connected Assistant"
    _auto = False
    _order = "connected desc, id desc"
    _depends = {
        "mcp_native.breaker": ["kind", "credential_id", "ended"],
        "mcp_native.oauth.grant": ["user_id", "client_id", "scopes", "ended"],
        "mcp_native.oauth.client": ["name"],
        "mcp_native.oauth.token": ["grant_id", "used", "expires"],
        "mcp_native.profile.credential": ["kind", "credential_id", "profile_id"],
        "res.users": ["active"],
    }

    name = fields.Char("Assistant", readonly=True)
    kind = fields.Selection(
        [(GRANT, "Login"), (KEY, "Key")],
        "Connected By",
        readonly=True,
        help="Login: you allowed it in the browser. Key: it has a key that was made for it.",
    )
    credential_id = fields.Integer("Credential ID", readonly=True, **{AGGREGATOR: None})
    user_id = fields.Many2one("res.users", "User", readonly=True, help="Whose rights the assistant has.")
    access = fields.Selection([("read", "Read only"), ("write", "Read and change")], readonly=True)
    opens_all = fields.Boolean(
        "General API Key", readonly=True, help="A key of the user's preferences: it opens the rest of Odoo too."
    )
    connected = fields.Datetime(readonly=True)
    expires = fields.Datetime(
        "Ends", readonly=True, help="When a key ends, or when a login ends if the assistant makes no call until then."
    )
    first_use = fields.Datetime("First Call", readonly=True, help="As far back as the access log reaches.")
    last_use = fields.Datetime("Last Call", readonly=True, help="As far back as the access log reaches.")
    calls = fields.Integer(readonly=True, help="All requests, as far back as the access log reaches.")
    state = fields.Selection(
        [("live", "Active"), ("stopped", "Stopped")],
        readonly=True,
        help="Stopped: it made unusually many changes or errors. Its calls are refused until a manager lets it go on.",
    )
    program = fields.Char(readonly=True, help="What the program that made the last call calls itself.")
    site = fields.Char(
        "Website", compute="_compute_site", help="Where the login of this assistant ends: its website, or a computer."
    )

    profile_id = fields.Many2one(
        "mcp_native.profile",
        "Own Profile",
        groups="mcp_native.group_manager",
        help="Given to this connection by a manager. Empty: that of the user's groups, or the one for everybody.",
    )
    profile_name = fields.Char(
        "Profile", compute="_compute_profile_name", compute_sudo=True, help="What limits it within the user's rights."
    )

    @property
    def _table_query(self) -> str:
        has_expiry = self.env["res.users.apikeys"]._mcp_native_has_expiry()
        return QUERY % {"expires": "key.expiration_date" if has_expiry else "NULL::timestamp"}

    @api.depends("kind", "credential_id")
    def _compute_site(self) -> None:
        for connection in self:
            uris = (connection._credentials(GRANT).client_id.redirect_uris or "").split()
            sites = [_("a program on a computer") if redirects.is_local(uri) else redirects.host(uri) for uri in uris]
            connection.site = ", ".join(dict.fromkeys(sites))

    @api.depends("kind", "credential_id", "user_id")
    @api.depends_context("lang")
    def _compute_profile_name(self) -> None:
        profiles = self.env["mcp_native.profile"]
        for connection in self:
            told = profiles._told(connection.user_id.id, connection.kind, connection.credential_id)
            connection.profile_name = told[0]

    def write(self, vals: dict[str, Any]) -> bool:
        """Give connections a profile of their own, or none. Nothing else can be written.

        :raise AccessError: the user is no manager
        """
        check_access(self, "write")
        if set(vals) - {"profile_id"}:
            raise AccessError(_("Connections cannot be changed, only ended."))
        if "profile_id" in vals:
            self._set_profile(self.env["mcp_native.profile"].browse(vals["profile_id"] or []))
        return super().write({})  # the list is a query: it has no rows of its own

    def _set_profile(self, profile: models.BaseModel) -> None:
        """Give connections a profile of their own, or none for an empty recordset."""
        credentials = self.env["mcp_native.profile.credential"]
        for kind in (GRANT, KEY):
            ids = self.filtered(lambda connection, kind=kind: connection.kind == kind).mapped("credential_id")
            credentials._assign(kind, ids, profile)
        self.invalidate_model()
        _logger.info("MCP profile %s given by user %s to %s", profile.id, self.env.uid, self._told_ids())

    def _told_names(self) -> str:
        """Return assistants with their users, for people."""
        return ", ".join(f"{connection.name} ({connection.user_id.name})" for connection in self)

    def _told_ids(self) -> list[tuple[str, int]]:
        return [(connection.kind, connection.credential_id) for connection in self]

    def _principal(self) -> Principal:
        """Return who calls through a connection."""
        self.ensure_one()
        return Principal(
            uid=self.user_id.id,
            kind=self.kind,
            credential_id=self.credential_id,
            credential_name=self.name,
            scopes=READS if self.access == "read" else READS_AND_WRITES,
        )

    def _credentials(self, kind: str) -> models.BaseModel:
        """Return the grants or the keys behind connections, with the rights of the superuser."""
        model = {GRANT: "mcp_native.oauth.grant", KEY: "res.users.apikeys"}[kind]
        ids = self.filtered(lambda connection: connection.kind == kind).mapped("credential_id")
        return self.env[model].sudo().browse(ids)

    def action_end(self) -> None:
        """End connections: the assistants are refused from their next call on.

        :raise AccessError: one of them is another user's, and the user is no manager
        """
        check_access(self, "read")
        own = self.filtered(lambda connection: connection.user_id == self.env.user)
        others = self - own
        if others and not self.env.user.has_group("mcp_native.group_manager"):
            raise AccessError(_("Only a manager may end the connections of others."))
        if any(others.mapped("opens_all")) and not self.env.user.has_group("base.group_system"):
            raise AccessError(_("Only an administrator may end general API keys of others: they open all of Odoo."))
        ended = self._told_ids()
        # All of them first: what has ended is no connection any more, and cannot be read.
        own_grants, other_grants, keys = own._credentials(GRANT), others._credentials(GRANT), self._credentials(KEY)
        own_grants._end("user")
        other_grants._end("manager")
        keys.unlink()
        self.invalidate_model()
        _logger.info("MCP connections ended by user %s: %s", self.env.uid, ended)

    def action_go_on(self) -> None:
        """Let connections go on that the breaker has stopped.

        :raise AccessError: the user is no manager
        """
        check_access(self, "read")
        ways = [(connection.kind, connection.credential_id) for connection in self]
        for kind, credential_id in ways:
            domain = [("kind", "=", kind), ("credential_id", "=", credential_id), ("ended", "=", False)]
            self.env["mcp_native.breaker"].search(domain).action_go_on()
        self.invalidate_model()

    def action_calls(self) -> dict[str, Any]:
        """Open the access log with the calls of a connection."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("mcp_native.access_log_action")
        name = _("Calls of %s", self.name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("credential_kind", "=", self.kind), ("credential_id", "=", self.credential_id)],
            "context": {},
        }

    def action_rights(self) -> dict[str, Any]:
        """Open the page that shows what the assistant of a connection may do."""
        self.ensure_one()
        return self.env["mcp_native.rights"]._open(user_id=self.user_id.id, connection_id=self.id)

    def action_profile(self) -> dict[str, Any]:
        """Ask a manager which profile connections get."""
        return {
            "type": "ir.actions.act_window",
            "name": _("Profile"),
            "res_model": "mcp_native.connection.profile",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_connection_ids": self.ids, "default_profile_id": self[:1].profile_id.id},
        }
