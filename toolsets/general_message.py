# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Annotated

from odoo import models

from ..orm import access, chatter, dates, origin, recipients, richtext
from ..orm.errors import ToolError
from ..orm.lookup import existing
from ..orm.narrowing import unnarrowed
from ..orm.render import bounded
from .arguments import Cursor, Id, Model, Schema
from .declare import tool
from .page import Page

MOST = 50
"""Messages in one answer."""

Contacts = list[Id | str]


class ToolsetMessage(models.AbstractModel):
    _name = "mcp_native.toolset.message"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Messages"
    _toolset = "messages"

    @tool(title="Read messages", read_only=True, destructive=False, idempotent=True, open_world=False)
    def read_messages(
        self,
        model: Model,
        id: Id,
        limit: Annotated[int, Schema(minimum=1)] = 10,
        cursor: Cursor | None = None,
    ) -> str:
        """Read a record's chatter, newest first: messages, e-mails, notes, tracked changes, files."""
        record = self._thread(model, id)
        limit = self._rows(min(limit, MOST))
        page = Page.of(cursor, limit, "messages", model, id)
        found = chatter.messages_of(record, page.start, limit + 1)
        head = f"{chatter.title(record)}: "
        if not found:
            return "\n".join([f"{head}no {'more ' if page.start else ''}messages.", *chatter.followers_line(record)])
        shown = found[:limit]
        self._call().facts["rows"] = len(shown)
        head += f"messages {page.start + 1}-{page.start + len(shown)}, newest first; times in {dates.zone(self.env)}"
        lines = [head, *([] if page.start else chatter.followers_line(record)), chatter.written(record, shown)]
        return "\n".join([bounded("\n".join(lines)), *page.more(len(found) > limit)])

    @tool(title="Post message", read_only=False, destructive=False, idempotent=False, open_world=True)
    def post_message(
        self,
        model: Model,
        id: Id,
        body: str,
        note: bool = True,
        to: Contacts | None = None,
        subject: str | None = None,
        attachment_ids: list[Id] | None = None,
    ) -> str:
        """Write in a record's chatter: an internal note; with note=false a message that followers get by e-mail.

        :param body: Markdown; mention by [@Name](odoo://res.partner/14)
        :param to: further contacts: ids, names or e-mail addresses
        """
        record = self._thread(model, id)
        if not (body.strip() or attachment_ids):
            raise ToolError("body: there is nothing to post.")
        html = richtext.as_html(body)
        partners = recipients.contacts(self.env, to or [], "to")
        partners |= recipients.contacts(self.env, richtext.mentioned(html), "body, a mention")
        if note and (outside := chatter.outsiders(partners)):
            raise ToolError(
                f"A note is for internal users only, and these are none: {chatter.people(partners, outside.ids)}. "
                "Use note=false to write to them; every follower would get it."
            )
        files = existing(self.env["ir.attachment"], attachment_ids or [])
        mailed = [("mail.mail", "create")] if partners or not note else []
        self._intend("create", self.env["mail.message"], touched=mailed, count=1)
        with unnarrowed(), origin.meaning("mail.message"):
            message = record.message_post(
                body=html,
                subject=subject or False,
                message_type="comment",
                subtype_xmlid="mail.mt_note" if note else "mail.mt_comment",
                partner_ids=partners.ids,
                attachment_ids=files.ids,
            )
        told = recipients.told(message)
        kind = "note" if note else "message"
        return f"Posted {kind} #{message.id} on {chatter.title(record)}. Notified: {told or 'nobody'}."

    @tool(title="Follow record", read_only=False, destructive=False, idempotent=True, open_world=False)
    def follow_record(self, model: Model, id: Id, partners: Contacts | None = None, unfollow: bool = False) -> str:
        """Let the user, or contacts, follow a record and get its messages; or stop that."""
        record = self._thread(model, id)
        chosen = recipients.contacts(self.env, partners, "partners") if partners else self.env.user.partner_id
        if chosen != self.env.user.partner_id:
            access.check(record, "write")
        operation = "unlink" if unfollow else "create"
        self._intend(operation, self.env["mail.followers"], count=len(chosen))
        with unnarrowed(), origin.meaning("mail.followers"):
            change = record.message_unsubscribe if unfollow else record.message_subscribe
            change(partner_ids=chosen.ids)
        return "\n".join([f"{chatter.title(record)}:", *(chatter.followers_line(record) or ["nobody follows it now."])])

    def _thread(self, model: str, record_id: int) -> models.BaseModel:
        """Return a record that has a chatter.

        :raise ToolError: no such record, or none with messages
        """
        records = self._model(model)
        chatter.check_thread(records)
        self._note(ids=[record_id])
        return existing(records, [record_id])
