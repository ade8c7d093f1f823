# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import psycopg2

from odoo import _, api, fields, models
from odoo.exceptions import AccessError
from odoo.modules.registry import Registry
from odoo.tools.sql import create_index

from ..compat import AGGREGATOR
from . import settings
from .limits import Due, charge_query
from .own_transaction import opening, own_cursor

_logger = logging.getLogger(__name__)

EDIT_SENTINEL = object()
"""Its presence in the context under EDIT_KEY proves that code of this process asks: no client can send it."""
EDIT_KEY = "mcp_native_log_edit"

COLUMNS = (
    "uid",
    "credential_kind",
    "credential_id",
    "credential_name",
    "client_name",
    "client_version",
    "protocol_version",
    "method",
    "tool",
    "writes",
    "model",
    "record_ids",
    "record_count",
    "outcome",
    "error_class",
    "error_code",
    "duration",
    "request_size",
    "response_size",
    "remote_address",
    "request_id",
    "arguments",
)


class McpNativeAccessLog(models.Model):
    """One row for each JSON-RPC request that came with a valid token.

    Rows have no foreign keys: writing one never waits for a user's row that the call itself has locked, and a row
    outlives its user.
    """

    _name = "mcp_native.access.log"
    _description = "MCP Access Log"
    _order = "id desc"
    _log_access = False

    date = fields.Datetime("Time", readonly=True, index=True)
    uid = fields.Integer("User ID", readonly=True, **{AGGREGATOR: None})
    login = fields.Char("User", readonly=True)
    user_id = fields.Many2one("res.users", "User Record", compute="_compute_user_id", search="_search_user_id")
    credential_kind = fields.Selection([("api_key", "API Key"), ("oauth_grant", "Login")], "Credential", readonly=True)
    credential_id = fields.Integer("Credential ID", readonly=True, **{AGGREGATOR: None})
    credential_name = fields.Char(readonly=True)
    client_name = fields.Char("Client", readonly=True)
    client_version = fields.Char(readonly=True)
    protocol_version = fields.Char(readonly=True)
    method = fields.Char(readonly=True)
    tool = fields.Char(readonly=True)
    writes = fields.Boolean("May Write", readonly=True, help="The tool is not a read-only one.")
    model = fields.Char(readonly=True)
    record_ids = fields.Char("Records", readonly=True, help="The first of the records the call was about.")
    record_count = fields.Integer("Number of Records", readonly=True)
    outcome = fields.Selection(
        [("ok", "Done"), ("tool_error", "Refused"), ("input_required", "Asked Back"), ("error", "Failed")],
        readonly=True,
        help="Done: answered. Refused: the tool answered with an error that the assistant can act upon. "
        "Asked Back: the person must answer first. Failed: an error of the protocol or of the server.",
    )
    error_class = fields.Char("Error", readonly=True)
    error_code = fields.Integer(readonly=True, **{AGGREGATOR: None})
    duration = fields.Float("Duration (ms)", digits=(12, 1), readonly=True, **{AGGREGATOR: "avg"})
    request_size = fields.Integer(readonly=True, help="Bytes.")
    response_size = fields.Integer(readonly=True, help="Bytes.")
    remote_address = fields.Char(readonly=True)
    request_id = fields.Char("Request ID", readonly=True, index=True, help="The client got it as X-Request-Id.")
    arguments = fields.Text(readonly=True)

    def init(self) -> None:
        create_index(self.env.cr, "mcp_native_access_log_uid_id_idx", self._table, ["uid", "id"])
        credential = ["credential_kind", "credential_id", "id"]
        create_index(self.env.cr, "mcp_native_access_log_credential_idx", self._table, credential)

    @api.depends("method", "tool")
    def _compute_display_name(self) -> None:
        for row in self:
            row.display_name = " ".join(filter(None, [row.method, row.tool]))

    @api.depends("uid")
    def _compute_user_id(self) -> None:
        users = self.env["res.users"].with_context(active_test=False).browse(set(self.mapped("uid"))).exists()
        known = {user.id: user for user in users}
        for row in self:
            row.user_id = known.get(row.uid)

    @api.model
    def _search_user_id(self, operator: str, value: Any) -> list[Any]:
        if operator in ("any", "not any"):  # how 19.0 asks for a name
            users = self.env["res.users"].with_context(active_test=False).search(list(value))
            return [("uid", operator.replace("any", "in"), users.ids)]
        return [("login" if isinstance(value, str) else "uid", operator, value)]

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> models.BaseModel:
        self._check_editable()
        return super().create(vals_list)

    def write(self, vals: dict[str, Any]) -> bool:
        self._check_editable()
        return super().write(vals)

    def unlink(self) -> bool:
        self._check_editable()
        return super().unlink()

    def _check_editable(self) -> None:
        if self.env.context.get(EDIT_KEY) is not EDIT_SENTINEL:
            raise AccessError(_("Nobody may change the access log of the MCP server."))

    @api.autovacuum
    def _gc_old_rows(self) -> None:
        """Delete what is older than the setting says."""
        days = settings.log_days(self.env)
        if not days:
            return
        self.env.cr.execute(
            f"DELETE FROM {self._table} WHERE date < now() AT TIME ZONE 'UTC' - %s * interval '1 day'", [days]
        )
        if self.env.cr.rowcount:
            _logger.info("MCP access log: %s rows of more than %s days deleted", self.env.cr.rowcount, days)
        self.invalidate_model()


def write_rows(
    registry: Registry, rows: Sequence[dict[str, Any]], charges: Sequence[Due] = ()
) -> dict[str, int]:
    """Write rows in a transaction of their own, which survives whatever becomes of the call's.

    The commit does not wait for the disk: a crash of the database server may cost the rows of its last moment.
    A row that cannot be written goes to the server's log instead, and the call goes on.

    :param rows: values by the names in COLUMNS
    :param charges: what the calls have cost, in the same round trip
    :return: what the windows that were charged stand at, by key
    """
    template = f"(now() AT TIME ZONE 'UTC', (SELECT login FROM res_users WHERE id = %s){', %s' * len(COLUMNS)})"
    query = f"""
        {opening()}
        INSERT INTO mcp_native_access_log (date, login, {", ".join(COLUMNS)})
        VALUES {", ".join([template] * len(rows))}
    """
    params = [value for row in rows for value in (row["uid"], *(row[column] for column in COLUMNS))]
    if charges:
        charging, more = charge_query(charges)
        query, params = f"{query};{charging}", [*params, *more]
    try:
        with own_cursor(registry) as cr:
            cr.execute(query, params)
            return dict(cr.fetchall()) if charges else {}
    except psycopg2.Error:
        for row in rows:
            _logger.exception("MCP access log: a row could not be written: %s", {**row, "arguments": None})
    return {}
