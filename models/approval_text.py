# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Approvals in words, in the language of who reads."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from odoo import _

from ..orm.diff import BETWEEN

if TYPE_CHECKING:
    from odoo.models import BaseModel

_ARROW = " → "
_HEAD = re.compile(r'(?P<head>[^"]*?(?:"(?P<name>.*?)" ?)?(?:#\d+)?)(?:: (?P<parts>.*))?')
_NOTE_LINES = 6
_CARD, _CARD_LINES = 600, 6
"""Characters and records that a card shows in whole."""


def summary(approval: BaseModel) -> str:
    """Return in a few words what is asked for: ``Delete 3 × Contact``."""
    self = approval
    label = self.env["ir.model"]._get(self.model).name if self.model else ""
    count = _count(self)
    what = f"{count} × {label}" if count > 1 else label
    if self.tool == "create_records":
        return _("Create %s", what)
    if self.tool == "update_records":
        return _("Change %s", what)
    if self.tool == "delete_records":
        return _("Delete %s", what)
    if self.tool == "call_method":
        return _("Run %(method)s on %(what)s", method=json.loads(self.arguments).get("method"), what=what)
    title = _title(self)
    if steps := _steps(self):
        return f"{title}: {', '.join(steps)}"
    return f"{title}: {what}" if what else title


def asked_by(approval: BaseModel) -> str:
    """Return who asks: the assistant, and for whom."""
    self = approval
    assistant = self.client_name or self.credential_name or _("An assistant")
    return _("Asked by %(assistant)s, for %(user)s", assistant=assistant, user=self.user_id.name or _("a deleted user"))


def is_long(text: str) -> bool:
    """Whether changes are too many to be decided on a card."""
    return len(text) > _CARD or len(text.splitlines()) > _CARD_LINES


def diff_html(text: str) -> Markup:
    """Return the changes with a block for each record and a line for each field, old values struck through."""
    return Markup("").join(_block(line) for line in text.splitlines() if line.strip())


def note(approval: BaseModel) -> Markup:
    """Return what an approver's list of tasks shows: who asks, why, and the first of the changes."""
    self = approval
    lines = (self.diff or "").splitlines()
    shown = [self.asked_by, *([_("Why: %s", self.reason)] if self.reason else []), *lines[:_NOTE_LINES]]
    if len(lines) > _NOTE_LINES:
        shown.append("…")
    return Markup("<br/>").join(shown)


def decision(approval: BaseModel) -> Markup:
    """Return what the requester is told."""
    self = approval
    who = self.decided_by_id.name or ""
    words = {
        "done": _("Approved by %s, and done.", who),
        "failed": _("Approved by %s, but it failed.", who),
        "refused": _("Refused by %s.", who),
        "expired": _("Nobody decided in time: it expired."),
        "cancelled": _("Taken back."),
    }
    more = self.refusal or self.result
    return Markup("<br/>").join([words[self.state], *(more.splitlines()[:20] if more else [])])


def decided_before(approval: BaseModel) -> str:
    """Return why there is nothing to decide any more.

    With the superuser's rights, once the caller was let in: who decided before may be a user that they cannot read.
    """
    self = approval.sudo()
    state = dict(self._fields["state"]._description_selection(self.env))[self.state]
    if self.decided_by_id:
        return _("%(name)s was decided before, by %(user)s: %(state)s.", name=self.display_name,
                 user=self.decided_by_id.name, state=state)  # fmt: skip
    return _("%(name)s cannot be decided any more: %(state)s.", name=self.display_name, state=state)


def notification(approvals: BaseModel, decided: BaseModel) -> dict[str, Any]:
    """Return the action that says how it went, and shows the pages anew.

    With the superuser's rights: what the run changed may have taken its approval out of the decider's sight.
    """
    self = approvals.sudo()
    done, failed = (self.filtered(lambda one, state=state: one.state == state) for state in ("done", "failed"))
    changed = self.filtered(lambda one: one.state == "pending" and one.changed_since)
    others = self - done - failed - changed | (self - decided.sudo())
    lines = []
    if done & decided:
        lines.append(_("Done: %s", _names(done & decided)))
    if failed & decided:
        lines.append(_("Failed: %s", _names(failed & decided)))
    if changed:
        lines.append(_("Records changed since the assistant asked. Look again at: %s", _names(changed)))
    if others - changed:
        lines.append(_("Not to be decided any more: %s", _names(others - changed)))
    kind = "success" if lines and self == done & decided else "warning"
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "message": "\n".join(lines),
            "type": kind,
            "sticky": kind != "success",
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
        },
    }


def _names(approvals: BaseModel) -> str:
    return ", ".join(approvals.mapped("display_name"))


def _count(approval: BaseModel) -> int:
    if approval.res_ids:
        return approval.res_ids.count(",") + 1
    values = json.loads(approval.arguments or "{}").get("values")
    return len(values) if isinstance(values, list) else 0


def _steps(approval: BaseModel) -> list[str]:
    """Return the names of the tools that a batch runs, each with how often: ``update_records × 2``."""
    steps = json.loads(approval.arguments or "{}").get("steps")
    if not isinstance(steps, list):
        return []
    counts = Counter(step["tool"] for step in steps if isinstance(step, dict) and isinstance(step.get("tool"), str))
    return [f"{name} × {count}" if count > 1 else name for name, count in counts.items()]


def _title(approval: BaseModel) -> str:
    toolset = approval.env["mcp_native.toolset"]
    item = toolset._tool_called(approval.tool)
    return (toolset._worded(item) or item).declaration.title if item else approval.tool or ""


def _block(line: str) -> Markup:
    found = _HEAD.fullmatch(line)
    head, parts = (found["head"], found["parts"]) if found else ("", line)
    rows = Markup("").join(_row(part) for part in (parts or "").split(BETWEEN) if part)
    return Markup('<div class="o_mcp_change"><div class="o_mcp_record">{}</div>{}</div>').format(head, rows)


def _row(part: str) -> Markup:
    label, colon, value = part.partition(": ")
    if not colon:
        return Markup('<div class="o_mcp_field">{}</div>').format(part)
    old, arrow, new = value.partition(_ARROW)
    shown = Markup("<del>{}</del> → <ins>{}</ins>").format(old, new) if arrow else Markup("<ins>{}</ins>").format(value)
    return Markup('<div class="o_mcp_field"><span class="text-muted">{}</span> {}</div>').format(escape(label), shown)
