# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The messages of a record as an assistant reads them: who, when, what kind, what changed, and what was written.

A head line for each message, its text indented under it. What somebody outside wrote is marked as data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from odoo.models import BaseModel

from ..compat import filtered_access, readable_part
from . import dates, narrowing
from .columns import NO_ACCESS, size
from .errors import ToolError
from .lookup import is_readable
from .names import closed_ids, labelled, listed, name_of, readable_names
from .render import indented, one_line
from .richtext import without_quotes
from .tracking import tracked
from .untrusted import marked

TEXT_LIMIT = 2000
"""Characters of one message in a list of them."""

_NAME = 80
_RECIPIENTS = 5
_FOLLOWERS = 20
_KINDS = {
    "email": "e-mail in",
    "email_outgoing": "e-mail out",
    "notification": "log",
    "auto_comment": "automatic message",
    "out_of_office": "out-of-office reply",
}
_SHOWN = ("attachment_ids", "author_id", "body", "date", "email_from", "message_type", "partner_ids", "subject")


def check_thread(records: BaseModel, name: str = "message_ids", what: str = "messages") -> None:
    """Refuse a model whose records have no chatter, or where this user may not see it.

    :param name: the field that only records with a chatter have
    :raise ToolError: with the model
    """
    if name not in records.fields_get([name], ["type"]):
        raise ToolError(f"{records._name} has no {what} that you may see.")


def messages_of(record: BaseModel, start: int, limit: int) -> BaseModel:
    """Return what the chatter of a record shows to this user, newest first; other users' notifications are no part."""
    domain = [("model", "=", record._name), ("res_id", "=", record.id), ("message_type", "!=", "user_notification")]
    return record.env["mail.message"].search(domain, offset=start, limit=limit, order="id desc")


def follower_ids(record: BaseModel) -> list[int]:
    """Return the ids of the contacts that follow a record, those that this user may know of."""
    if "message_follower_ids" not in record.fields_get(["message_follower_ids"], ["type"]):
        return []
    domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
    ids = record.env["mail.followers"].search(domain, order="id").partner_id.ids
    closed = closed_ids(record.env["res.partner"], ids)
    return [one for one in ids if one not in closed]


def people(partners: BaseModel, ids: Sequence[int], shown: int = _FOLLOWERS) -> str:
    """Return contacts by name and id, on one line."""
    return one_line(listed(ids, readable_names(partners.browse(), ids[:shown]), shown), 2000)


def outsiders(partners: BaseModel) -> BaseModel:
    """Return those contacts that are no internal users."""
    with narrowing.unnarrowed():  # only what kind of contact it is
        return partners.filtered("partner_share")


def written(record: BaseModel, messages: BaseModel) -> str:
    """Return messages of a record as blocks of lines, with a note on how to read whole what is cut.

    :param messages: that the user may read
    """
    thread = _Thread(record, messages)
    blocks = [thread.block(message) for message in messages]
    if thread.cut:
        ids = ", ".join(map(str, thread.cut))
        blocks.append(f'Whole texts: read_records with model="mail.message", ids=[{ids}], fields=["body"].')
    return "\n".join(blocks)


class _Thread:
    """Writes messages of a record; what several of them need is read once.

    ``cut`` holds the ids of those whose texts were not shown whole.
    """

    def __init__(self, record: BaseModel, messages: BaseModel) -> None:
        self.cut: list[int] = []
        self._visible = set(messages.fields_get(_SHOWN, ["type"]))
        partners = record.env["res.partner"]
        authors = messages.author_id if "author_id" in self._visible else partners
        known = {*authors.ids, *self._linked(messages, "partner_ids").ids}
        self._names = readable_names(partners, known)
        self._closed = closed_ids(partners, known)
        with narrowing.unnarrowed():  # what kind of contact or message it is, not who
            readable = readable_part(authors)
            self._inside = set((readable - outsiders(readable)).ids)
            self._notes = {message.id for message in messages if _is_note(message)}
        self._files = set(filtered_access(self._linked(messages, "attachment_ids"), "read").ids)
        self._changes = tracked(record, messages)

    def block(self, message: BaseModel) -> str:
        """Return the head of a message, what changed, its files and its text."""
        text = self._text(message)
        head = self._head(message)
        lines = [marked(head) if text and not self._is_inside(message) else head]
        lines += [f"  changed {change}" for change in self._changes.get(message.id, ())]
        if files := self._file_names(message):
            lines.append(f"  files: {files}")
        return "\n".join([*lines, *([text] if text else [])])

    def _linked(self, messages: BaseModel, name: str) -> BaseModel:
        """Return the records that messages link to by a field, none where the user may not read such."""
        comodel = messages.env[messages._fields[name].comodel_name]
        return messages.mapped(name) if name in self._visible and is_readable(comodel) else comodel

    def _value(self, message: BaseModel, name: str) -> Any:
        return message[name] if name in self._visible else False

    def _head(self, message: BaseModel) -> str:
        moment = self._value(message, "date")
        parts = [f"#{message.id}", dates.to_user(moment.replace(second=0), message.env) if moment else ""]
        parts += [self._kind(message), f"by {self._author(message)}"]
        if recipients := self._recipients(message):
            parts.append(f"to {recipients}")
        return " ".join(filter(None, parts))

    def _kind(self, message: BaseModel) -> str:
        kind = self._value(message, "message_type")
        return _KINDS.get(kind) or ("note" if message.id in self._notes else "message")

    def _author(self, message: BaseModel) -> str:
        author = self._value(message, "author_id")
        if author:
            return NO_ACCESS if author.id in self._closed else one_line(labelled(author.id, self._names), _NAME)
        return one_line(self._value(message, "email_from") or "nobody named", _NAME)

    def _is_inside(self, message: BaseModel) -> bool:
        """Whether an internal user wrote a message. Of mails that came in, nobody knows who did."""
        author = self._value(message, "author_id")
        return bool(author) and author.id in self._inside and message.message_type != "email"

    def _recipients(self, message: BaseModel) -> str:
        ids = [one.id for one in self._linked(message, "partner_ids") if one.id not in self._closed]
        return one_line(listed(ids, self._names, _RECIPIENTS), 300)

    def _file_names(self, message: BaseModel) -> str:
        return ", ".join(
            f"{one_line(file.name or '', _NAME)} #{file.id} ({size(file.file_size or 0)})"
            for file in self._linked(message, "attachment_ids")
            if file.id in self._files
        )

    def _text(self, message: BaseModel) -> str:
        body, quoted = without_quotes(self._value(message, "body") or "")
        subject = self._value(message, "subject")
        parts = [f"Subject: {one_line(subject, 200)}" if subject else "", body, _left_out(quoted)]
        text = "\n".join(filter(None, parts))
        if quoted or len(text) > TEXT_LIMIT:
            self.cut.append(message.id)
        return indented(text, TEXT_LIMIT) if text else ""


def _left_out(quoted: int) -> str:
    return f"(quoted text and signature left out: {quoted:,} chars)" if quoted else ""


def _is_note(message: BaseModel) -> bool:
    """Whether only internal users see a message."""
    return bool(message.is_internal or not message.subtype_id or message.subtype_id.internal)


def title(record: BaseModel) -> str:
    """Return a record by name and id, with its model."""
    return f"{one_line(name_of(record), _NAME) or record._name} #{record.id} ({record._name})"


def followers_line(record: BaseModel) -> Iterable[str]:
    """Return the line that names who follows a record, if this user may know."""
    ids = follower_ids(record)
    return [f"Followers: {people(record.env['res.partner'], ids)}"] if ids else []
