# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import psycopg2

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools.sql import create_index

from ..compat import AGGREGATOR, read_param
from . import settings
from .limits import Due, charge_query
from .own_transaction import opening, own_cursor

_logger = logging.getLogger(__name__)

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
    "result",
    "consent",
)

RECORD_IDS = "string_to_array(record_ids, ', ')"
"""The ids of a row's records, in the very words of the index over them."""

# Without fastupdate: its list of pending entries would be merged by some unlucky call.
RECORDS_INDEX = f"""
    CREATE INDEX IF NOT EXISTS mcp_native_access_log_records_idx ON mcp_native_access_log
     USING gin ({RECORD_IDS}) WITH (fastupdate = off) WHERE record_ids <> ''
"""

MAX_FOUND = 10_000
"""Calls of one record that are found, the last ones first."""


class McpNativeAccessLog(models.Model):
    """One row for each JSON-RPC request that came with a valid token, and one for each step of a batch.

    Rows have no foreign keys: writing one never waits for a user's row that the call itself has locked, and a row
    outlives its user.
    """

    _name = "mcp_native.access.log"
    _inherit = ["mcp_native.unforgeable"]
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
    result = fields.Text("Answer", readonly=True)
    consent = fields.Selection(
        [
            ("preview", "Previewed"),
            ("asked", "Confirmation Asked"),
            ("confirmed", "Confirmed"),
            ("requested", "Approval Requested"),
            ("approved", "Approved"),
            ("replayed", "Answered Again"),
        ],
        readonly=True,
        help="What came of a change that a person has to agree to. Previewed, Confirmation Asked and Approval "
        "Requested changed nothing; Answered Again repeats the answer of an earlier call.",
    )
    record_ref = fields.Char(
        "Record",
        compute="_compute_record_ref",
        search="_search_record_ref",
        help="Finds the calls that touched a record, given as res.partner,14.",
    )
    change_count = fields.Integer("Changes", compute="_compute_change_count", **{AGGREGATOR: None})

    def init(self) -> None:
        create_index(self.env.cr, "mcp_native_access_log_uid_id_idx", self._table, ["uid", "id"])
        credential = ["credential_kind", "credential_id", "id"]
        create_index(self.env.cr, "mcp_native_access_log_credential_idx", self._table, credential)
        self.env.cr.execute(RECORDS_INDEX)

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

    def _compute_record_ref(self) -> None:
        for row in self:
            row.record_ref = f"{row.model},{row.record_ids}" if row.record_count == 1 else False

    @api.model
    def _search_record_ref(self, operator: str, value: Any) -> list[Any]:
        """Return a domain: the calls that touched a record, by the log itself or by a change that one of them made."""
        refs = [value] if isinstance(value, str) else list(value or ())
        if operator not in ("=", "in") or not all(isinstance(ref, str) for ref in refs):
            raise UserError(_("A record is searched as “is equal to”, such as res.partner,14."))
        return [("id", "in", [id_ for ref in refs for id_ in self._touching(*_model_and_id(ref))])]

    @api.model
    def _touching(self, model: str, record_id: str) -> list[int]:
        """Return the ids of the rows about a record, the last ones first; access rules have not been looked at."""
        query = f"""
            SELECT id FROM {self._table} WHERE model = %s AND record_ids <> '' AND {RECORD_IDS} @> ARRAY[%s]
        """
        params: list[Any] = [model, record_id]
        if "mcp_native.change" in self.env and record_id.isdecimal():
            self.env["mcp_native.change"].flush_model(["model", "res_id", "request_id"])
            query += f"""
                UNION
                SELECT log.id FROM {self._table} AS log
                  JOIN mcp_native_change AS change ON change.request_id = log.request_id
                 WHERE change.model = %s AND change.res_id = %s
            """
            params += [model, int(record_id)]
        self.env.cr.execute(f"{query} ORDER BY id DESC LIMIT {MAX_FOUND}", params)
        return [id_ for (id_,) in self.env.cr.fetchall()]

    @api.depends("request_id")
    def _compute_change_count(self) -> None:
        changes = self.env.get("mcp_native.change")
        for row in self:
            domain = [("request_id", "=", row.request_id)]
            row.change_count = changes.search_count(domain) if changes is not None and row.request_id else 0

    def action_open_records(self) -> dict[str, Any]:
        """Open the records that a call was about, those that are left and that the user may see.

        :raise UserError: there are none, or their model is gone
        """
        self.ensure_one()
        if not self.record_ids or self.model not in self.env or self.env[self.model]._abstract:
            raise UserError(_("This call was about no records that can be opened."))
        ids = [int(id_) for id_ in self.record_ids.split(", ")]
        found = self.env[self.model].with_context(active_test=False).search([("id", "in", ids)])
        if not found:
            raise UserError(_("These records are gone, or you may not see them."))
        action = {
            "type": "ir.actions.act_window",
            "name": _("Records of a Call"),
            "res_model": self.model,
            "domain": [("id", "in", found.ids)],
            "context": {"active_test": False},
            "views": [(False, "list"), (False, "form")],
        }
        return {**action, "res_id": found.id, "views": [(False, "form")]} if len(found) == 1 else action

    def action_open_changes(self) -> dict[str, Any]:
        """Open what the call, and those of the same request, changed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": _("Changes of a Call"),
            "res_model": "mcp_native.change",
            "domain": [("request_id", "=", self.request_id)],
            "views": [(False, "list"), (False, "form")],
        }

    def action_export(self) -> dict[str, Any]:
        """Open the export of the chosen rows, or of all that the list shows when none is chosen."""
        every = read_param(self.env, "web.active_ids_limit", "20000")  # more are not sent, although they were chosen
        shown = self.env.context.get("active_domain") or []
        domain = [("id", "in", self.ids)] if 0 < len(self) < int(every) else shown
        export = self.env["mcp_native.log.export"].create({"domain": domain})
        return {
            "type": "ir.actions.act_window",
            "name": _("Export Calls"),
            "res_model": export._name,
            "res_id": export.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_check(self) -> dict[str, Any]:
        """Check that the log is as it was sealed, and show the answer."""
        return self.env["mcp_native.log.check"].action_check()

    def _refusal(self) -> str:
        return _("Nobody may change the access log of the MCP server.")

    @api.autovacuum
    def _gc_old_rows(self) -> None:
        """Delete what is older than the setting says, by whole seals, so that the rest can still be verified."""
        days = settings.log_days(self.env)
        if not days:
            return
        deleted = self.env["mcp_native.log.seal"]._delete_rows_older_than(days)
        if deleted:
            _logger.info("MCP access log: %s rows of more than %s days deleted", deleted, days)
        self.invalidate_model()


def _model_and_id(ref: str) -> tuple[str, str]:
    model, _comma, record_id = ref.partition(",")
    return model, record_id


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
        unsaid = {"arguments": None, "result": None}
        for row in rows:
            _logger.exception("MCP access log: a row could not be written: %s", {**row, **unsaid})
    return {}
