# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
from typing import Any, NamedTuple

from odoo import api, fields, models

from ..oauth import tokens
from .principal import Principal

DAYS = 7


class Kept(NamedTuple):
    """The answer of a call that was made before.

    :param digest: of its tool and arguments
    :param answer: what it was answered
    """

    digest: str
    answer: dict[str, Any]


class McpNativeIdempotency(models.Model):
    """The answers of calls that came with a key of their own, so that a repeated call is not made twice.

    A row is written in the transaction of the call, before it does anything: a second call with the key waits for it,
    and is replayed by Odoo once the first is there. A call that fails takes its row back.

    Nobody has access to it; rows are written and read by SQL only.
    """

    _name = "mcp_native.idempotency"
    _inherit = "mcp_native.unforgeable"
    _description = "MCP Answer of a Repeated Call"
    _log_access = False
    _rec_name = "key"

    uid = fields.Integer(required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True)
    credential_id = fields.Integer(required=True, readonly=True)
    key = fields.Char("Digest of the Key", required=True, readonly=True)
    digest = fields.Char("Digest of the Call", required=True, readonly=True)
    answer = fields.Text(readonly=True)
    date = fields.Datetime(required=True, readonly=True, index=True)

    def init(self) -> None:
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS mcp_native_idempotency_key_uniq
                ON mcp_native_idempotency (uid, kind, credential_id, key)
            """
        )

    @api.model
    def _kept(self, principal: Principal, key: str) -> Kept | None:
        """Return what the call with that key was answered, None where there was none."""
        self.env.cr.execute(
            """
            SELECT digest, answer FROM mcp_native_idempotency
             WHERE uid = %s AND kind = %s AND credential_id = %s AND key = %s AND answer IS NOT NULL
            """,
            _row(principal, key),
        )
        row = self.env.cr.fetchone()
        if not row:
            return None
        return Kept(row[0], json.loads(self.env["mcp_native.file.link"]._with_tokens(row[1], principal)))

    @api.model
    def _begin(self, principal: Principal, key: str, digest: str) -> None:
        """Take a key, before the call does anything.

        ``DO NOTHING`` never happens: a row that this transaction sees was found by ``_kept`` before, and another
        transaction's makes PostgreSQL raise the serialization failure that Odoo replays.
        """
        self.env.cr.execute(
            """
            INSERT INTO mcp_native_idempotency (uid, kind, credential_id, key, digest, date)
                 VALUES (%s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC')
            ON CONFLICT DO NOTHING
            """,
            [*_row(principal, key), digest],
        )

    @api.model
    def _finish(self, principal: Principal, key: str, answer: dict[str, Any]) -> None:
        """Keep the answer of the call that began with that key, without the tokens of links to files."""
        self.env.cr.execute(
            """
            UPDATE mcp_native_idempotency SET answer = %s
             WHERE uid = %s AND kind = %s AND credential_id = %s AND key = %s
            """,
            [self.env["mcp_native.file.link"]._without_tokens(json.dumps(answer)), *_row(principal, key)],
        )

    @api.autovacuum
    def _gc_old(self) -> None:
        self.env.cr.execute(
            "DELETE FROM mcp_native_idempotency WHERE date < now() AT TIME ZONE 'UTC' - %s * interval '1 day'", [DAYS]
        )
        self.invalidate_model()


def _row(principal: Principal, key: str) -> list[Any]:
    return [principal.uid, principal.kind, principal.credential_id, tokens.digest(key)]
