# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from odoo import _, api, fields, models

from ..oauth import tokens
from .principal import Principal

MINUTES = 15

Stamps = Mapping[str, Mapping[str, str]]


class Claim(NamedTuple):
    """A confirmation that holds, or why it does not.

    :param level: what it consents to, empty where it does not hold
    :param stamps: the versions of the records that the person saw
    :param problem: ``unknown``, ``other`` (another tool or other arguments), ``expired``, ``used``, or empty
    :param used: when it was used (UTC)
    """

    level: str = ""
    stamps: Stamps = {}
    problem: str = ""
    used: datetime | None = None


class McpNativeConfirmation(models.Model):
    """What was asked before a change: it may be made once, by the same connection, with the same arguments.

    Nobody has access to it; rows are written and read by SQL only.
    """

    _name = "mcp_native.confirmation"
    _inherit = "mcp_native.unforgeable"
    _description = "MCP Confirmation"
    _log_access = False
    _rec_name = "tool"

    digest = fields.Char(required=True, readonly=True)
    uid = fields.Integer(required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True)
    credential_id = fields.Integer(required=True, readonly=True)
    tool = fields.Char(required=True, readonly=True)
    arguments = fields.Char("Digest of the Arguments", required=True, readonly=True)
    level = fields.Char(required=True, readonly=True)
    stamps = fields.Text(required=True, readonly=True)
    expires = fields.Datetime(required=True, readonly=True, index=True)
    used = fields.Datetime(readonly=True)

    def init(self) -> None:
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS mcp_native_confirmation_digest_uniq ON mcp_native_confirmation (digest)"
        )

    @api.model
    def _issue(self, principal: Principal, tool: str, arguments: str, level: str, stamps: Stamps) -> str:
        """Return a token that lets a call be made once, in the next minutes.

        :param arguments: their digest
        :param level: what it consents to
        """
        token = tokens.new(tokens.CONFIRMATION)
        self.env.cr.execute(
            """
            INSERT INTO mcp_native_confirmation
                        (digest, uid, kind, credential_id, tool, arguments, level, stamps, expires)
                 VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC' + %s * interval '1 minute')
            """,
            [tokens.digest(token), *_whose(principal), tool, arguments, level, json.dumps(stamps), MINUTES],
        )
        return token

    @api.model
    def _claim(self, principal: Principal, token: str, tool: str, arguments: str) -> Claim:
        """Use a token up, within the call's transaction: whatever else asks for it waits, and is replayed by Odoo."""
        self.env.cr.execute(
            """
               UPDATE mcp_native_confirmation SET used = clock_timestamp() AT TIME ZONE 'UTC'
                WHERE digest = %s AND uid = %s AND kind = %s AND credential_id = %s AND tool = %s AND arguments = %s
                  AND used IS NULL AND expires > clock_timestamp() AT TIME ZONE 'UTC'
            RETURNING level, stamps
            """,
            [tokens.digest(token), *_whose(principal), tool, arguments],
        )
        row = self.env.cr.fetchone()
        return Claim(row[0], json.loads(row[1])) if row else self._problem(principal, token, tool, arguments)

    @api.model
    def _problem(self, principal: Principal, token: str, tool: str, arguments: str) -> Claim:
        self.env.cr.execute(
            """
            SELECT tool, arguments, used FROM mcp_native_confirmation
             WHERE digest = %s AND uid = %s AND kind = %s AND credential_id = %s
            """,
            [tokens.digest(token), *_whose(principal)],
        )
        row = self.env.cr.fetchone()
        if not row:
            return Claim(problem="unknown")
        if row[:2] != (tool, arguments):
            return Claim(problem="other")
        return Claim(problem="used", used=row[2]) if row[2] else Claim(problem="expired")

    @api.model
    def _cancel(self, principal: Principal, token: str) -> None:
        """Forget a token: the person said no."""
        self.env.cr.execute(
            "DELETE FROM mcp_native_confirmation WHERE digest = %s AND uid = %s AND used IS NULL",
            [tokens.digest(token), principal.uid],
        )

    @api.model
    def _question(self, lines: Sequence[str], client: str, reason: str, why: str) -> str:
        """Return what a person is asked, in the language of the environment.

        :param lines: what would change, and warnings
        :param client: what the assistant's program calls itself, empty if not known
        :param reason: the assistant's own words
        :param why: why it is asked again
        """
        head = _("%s wants to do this in Odoo:", client or _("An assistant"))
        said = [_("The assistant gives as its reason: %s", reason)] if reason else []
        return "\n".join([*filter(None, [why]), head, *lines, *said])

    @api.model
    def _yes(self) -> str:
        """Return the label of the box that a person ticks."""
        return _("Yes, do it")

    @api.autovacuum
    def _gc_ended(self) -> None:
        self.env.cr.execute(
            "DELETE FROM mcp_native_confirmation WHERE expires < now() AT TIME ZONE 'UTC' - interval '1 day'"
        )
        self.invalidate_model()


def _whose(principal: Principal) -> tuple[int, str, int]:
    return principal.uid, principal.kind, principal.credential_id
