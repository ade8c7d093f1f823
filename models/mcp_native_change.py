# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..compat import AGGREGATOR
from ..orm import undo
from ..orm.changes import CREATE, UNLINK, Change, recording
from ..orm.diff import change_texts, visible_labels, visible_names
from ..orm.errors import ToolError
from . import settings
from .mcp_native_unforgeable import EDIT_KEY, EDIT_SENTINEL
from .principal import Principal

if TYPE_CHECKING:
    from ..protocol import Call

OTHERS_KEPT = 100
"""How many rows of one call may tell what business code did by itself."""
FROM_ODOO = "odoo"
"""Stands for the tool where a person undid something in Odoo."""


class McpNativeChange(models.Model):
    """One row for each record that a call created, changed or deleted.

    The values are nobody's to read as they are: what a person sees is made of them with that person's rights.
    """

    _name = "mcp_native.change"
    _inherit = "mcp_native.unforgeable"
    _description = "MCP Change"
    _order = "id desc"

    date = fields.Datetime("Time", readonly=True, index=True)
    user_id = fields.Many2one("res.users", "User", readonly=True, index=True, ondelete="set null")
    kind = fields.Selection([("api_key", "Key"), ("oauth_grant", "Login")], "Connected By", readonly=True)
    credential_id = fields.Integer("Credential ID", readonly=True, **{AGGREGATOR: None})
    credential_name = fields.Char("Connection", readonly=True)
    client_name = fields.Char("Assistant", readonly=True)
    request_id = fields.Char("Call", readonly=True, index=True, help="All changes of one call have the same.")
    tool = fields.Char(readonly=True)
    model = fields.Char("Technical Model", readonly=True, index=True)
    model_name = fields.Char("Model", compute="_compute_model_name")
    res_id = fields.Many2oneReference("Record ID", model_field="model", readonly=True, index=True, **{AGGREGATOR: None})
    res_name = fields.Char("Record", compute="_compute_res_name", help="What it was called then.")
    operation = fields.Selection(
        [("create", "Created"), ("write", "Changed"), ("unlink", "Deleted")], readonly=True, required=True
    )
    direct = fields.Boolean(
        "Asked For",
        readonly=True,
        help="The assistant asked for this change. Others are what Odoo itself did because of it.",
    )
    state = fields.Selection([("done", "Done"), ("undone", "Undone")], default="done", required=True, readonly=True)
    undone_by_id = fields.Many2one("res.users", "Undone By", readonly=True, ondelete="set null")
    undone_at = fields.Datetime(readonly=True)
    changed = fields.Text("Changes", compute="_compute_changed", help="Old → new, of what you may see.")
    can_undo = fields.Boolean(compute="_compute_can_undo")
    kept_name = fields.Char(readonly=True, groups=".")
    old_values = fields.Json(readonly=True, groups=".")
    new_values = fields.Json(readonly=True, groups=".")
    lang = fields.Char(readonly=True, groups=".")
    company_id = fields.Integer(readonly=True, groups=".")

    def init(self) -> None:
        self.env.cr.execute(
            """
            CREATE INDEX IF NOT EXISTS mcp_native_change_credential_idx
                ON mcp_native_change (kind, credential_id, id);
            CREATE INDEX IF NOT EXISTS mcp_native_change_record_idx ON mcp_native_change (model, res_id, id)
            """
        )

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_model_name(self) -> None:
        for row in self:
            row.model_name = self.env["ir.model"]._get(row.model).name or row.model

    @api.depends("model", "res_id", "operation")
    @api.depends_context("uid")
    def _compute_res_name(self) -> None:
        names = visible_names(self.env, self._changes())
        for row, name in zip(self, names, strict=True):
            row.res_name = name or (f"#{row.res_id}" if row.res_id else False)

    @api.depends("operation", "model", "res_name")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self) -> None:
        labels = dict(self._fields["operation"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{labels.get(row.operation, '')}: {row.model_name} {row.res_name or ''}".strip()

    @api.depends("model", "res_id", "operation", "state")
    @api.depends_context("uid", "lang", "tz")
    def _compute_changed(self) -> None:
        for row, text in zip(self, change_texts(self.env, self._changes()), strict=True):
            row.changed = text

    @api.depends("direct", "state")
    def _compute_can_undo(self) -> None:
        for row in self:
            row.can_undo = row.direct and row.state == "done"

    @api.autovacuum
    def _gc_old_rows(self) -> None:
        """Delete what is older than the access log keeps: former values are not kept for ever."""
        days = settings.log_days(self.env)
        if days:
            past = "DELETE FROM mcp_native_change WHERE date < now() AT TIME ZONE 'UTC' - %s * interval '1 day'"
            self.env.cr.execute(past, [days])
            self.invalidate_model()

    # -- written along with the call

    @api.model
    def _keep(
        self, changes: Iterable[Change], principal: Principal | None, call: Call | None, request_id: str
    ) -> McpNativeChange:
        """Keep the changes of a call that was carried out, in its transaction, and tell the records' chatter.

        :param changes: as the recorder gives them; those of business code are kept as far as they are few
        :param principal: whose credential it was; None where a person acts in Odoo
        :param call: names the client and the tool
        :return: the rows, in the order of the changes
        """
        kept = _worth_keeping(changes)
        common = {
            "date": self.env.cr.now(),
            "user_id": self.env.uid,
            "kind": principal.kind if principal else False,
            "credential_id": principal.credential_id if principal else 0,
            "credential_name": principal.credential_name if principal else False,
            "client_name": (call and call.client_name) or (principal.credential_name if principal else "Odoo"),
            "request_id": request_id,
            "tool": call.facts.get("tool") if call else FROM_ODOO,
        }
        # sudo: rows that the user may neither write nor read in full
        rows = self._editable().create([{**common, **_values(change)} for change in kept])
        self._tell(kept, principal, call)
        return rows.with_env(self.env)

    def _editable(self) -> McpNativeChange:
        return self.sudo().with_context(**{EDIT_KEY: EDIT_SENTINEL})

    @api.model
    def _tell(self, changes: list[Change], principal: Principal | None, call: Call | None) -> None:
        """Write one line into the chatter of each record that has one."""
        lines: dict[str, dict[int, str]] = defaultdict(dict)
        for model, ids, method in _run_methods(call) if call and changes else ():
            if model in self.env:
                lines[model].update(dict.fromkeys(ids, _("ran %s", method)))
        told = [change for change in changes if change.direct and change.kind != UNLINK]
        for change, labels in zip(told, visible_labels(self.env, told), strict=True):
            lines[change.model][change.res_id] = self._line(change, labels)
        for model, found in lines.items():
            records = self.env[model].browse(found).exists()
            if hasattr(records, "_message_log_batch"):
                who = self._who(principal, call)
                records._message_log_batch({one: Markup("%s: %s") % (who, found[one]) for one in records.ids})

    @api.model
    def _line(self, change: Change, labels: list[str]) -> str:
        if change.kind == CREATE:
            return _("created this")
        return _("changed %s", ", ".join(labels)) if labels else _("changed this")

    @api.model
    def _who(self, principal: Principal | None, call: Call | None) -> Markup:
        if not principal:
            return escape(_("Undone by %s", self.env.user.name))
        name = (call.client_name if call else "") or principal.credential_name
        return escape(_("%(assistant)s on behalf of %(user)s", assistant=name, user=self.env.user.name))

    # -- undoing

    def _changes(self, principal: Principal | None = None) -> list[Change]:
        """Return the rows as the recorder gave them.

        :param principal: whose connection asks; None where a person does, in Odoo
        """
        return [
            Change(
                row.model,
                row.res_id,
                row.operation,
                row.old_values or {},
                row.new_values or {},
                row.kept_name or "",
                row.direct,
                row.lang or "en_US",
                row.company_id,
                principal is None or (row.kind, row.credential_id) == (principal.kind, principal.credential_id),
            )
            for row in self.sudo()  # the values, which only this class reads
        ]

    def _undoable(self) -> McpNativeChange:
        """Return those rows that can be undone by themselves, the newest first.

        :raise ToolError: there are none, with the reason
        """
        found = self.filtered("can_undo").sorted("id", reverse=True)
        if found:
            return found
        if self and not self.filtered("direct"):
            raise ToolError(_("Odoo did this by itself, after a method or another change. It cannot be undone here."))
        raise ToolError(_("There is nothing to undo: undone already.") if self else _("There are no such changes."))

    def _undo(self, principal: Principal | None = None) -> list[str]:
        """Undo the changes of these rows, the newest first, all or none, with the rights of the user.

        :param principal: as for ``_changes``
        :return: what came out differently, in sentences
        :raise ToolError: what cannot be undone and why
        """
        rows = self._undoable()
        notes = undo.undo(self.env, rows._changes(principal), [row.date for row in rows])
        rows._editable().write({"state": "undone", "undone_by_id": self.env.uid, "undone_at": fields.Datetime.now()})
        return notes

    def _same_call(self) -> McpNativeChange:
        """Return all changes of the calls of these rows that the user may see."""
        return self.search([("request_id", "in", self.mapped("request_id")), ("direct", "=", True)])

    def _since(self) -> McpNativeChange:
        """Return what the connections of these rows did since the earliest of them."""
        first = self.sorted("id")[:1]
        names = ("kind", "credential_id", "user_id")
        same = [(name, "=", self._fields[name].convert_to_write(first[name], first)) for name in names]
        return self.search([*same, ("id", ">=", first.id), ("direct", "=", True), ("state", "=", "done")])

    def action_undo(self) -> dict[str, Any]:
        """Undo these changes."""
        return self._undo_here()

    def action_undo_call(self) -> dict[str, Any]:
        """Undo the whole calls that these changes belong to."""
        return self._same_call()._undo_here()

    def action_undo_since(self) -> dict[str, Any]:
        """Undo everything that the connection did since this change."""
        self.ensure_one()
        return self._since()._undo_here()

    def _undo_here(self) -> dict[str, Any]:
        """Undo for a person in Odoo: kept as changes too, and told."""
        request = f"undo-{self.env.cr.now():%Y%m%d%H%M%S%f}-{self.env.uid}"
        try:
            with recording(self.env) as recorder:
                notes = self._undo()
                changes = recorder.changes()
        except ToolError as error:
            raise UserError(str(error)) from error
        self._keep(changes, None, None, request)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if notes else "success",
                "title": _("Undone"),
                "message": " ".join(notes) or _("The records are as they were before."),
                "sticky": bool(notes),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_record(self) -> dict[str, Any]:
        """Open the record."""
        self.ensure_one()
        if self.model not in self.env or not self.env[self.model].browse(self.res_id).exists():
            raise UserError(_("The record is not there any more."))
        views = [(False, "form")]
        return {"type": "ir.actions.act_window", "res_model": self.model, "res_id": self.res_id, "views": views}

    def action_open_call(self) -> dict[str, Any]:
        """Show all changes of the same call."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": _("Changes of One Call"),
            "res_model": self._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("request_id", "=", self.request_id)],
        }


def _run_methods(call: Call) -> Iterator[tuple[str, Iterable[int], str]]:
    """Yield model, ids and name of each method that a call, or a step of it, ran."""
    whole = {**call.facts, "method": (call.params.get("arguments") or {}).get("method")}
    for facts in call.facts.get("steps") or [whole]:
        if facts.get("method") and not facts.get("error"):
            yield facts.get("model") or "", facts.get("ids", ()), facts["method"]


def _worth_keeping(changes: Iterable[Change]) -> list[Change]:
    """Return what was asked for, and the first of what business code did."""
    changes = list(changes)
    others = {id(change) for change in [change for change in changes if not change.direct][OTHERS_KEPT:]}
    return [change for change in changes if id(change) not in others]


def _values(change: Change) -> dict[str, Any]:
    return {
        "model": change.model,
        "res_id": change.res_id,
        "kept_name": change.name,
        "operation": change.kind,
        "direct": change.direct,
        "old_values": change.old,
        "new_values": change.new,
        "lang": change.lang,
        "company_id": change.company_id,
    }
