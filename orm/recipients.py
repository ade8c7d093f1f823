# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whom a message goes to: contacts by id, name or e-mail address, and those that its text mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from odoo import api
from odoo.models import BaseModel
from odoo.tools import email_normalize

from .domain import checked_domain
from .errors import ToolError
from .lookup import existing
from .names import closed_ids, listed, readable_names
from .render import one_line
from .scalars import located, shown
from .values import record_id

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CANDIDATES = 5
_FAILED = {"exception": "not sent", "bounce": "bounced", "canceled": "not sent"}


def contacts(env: api.Environment, given: Iterable[int | str], place: str) -> BaseModel:
    """Return the contacts that an assistant named, without repetitions.

    Nobody is created: an address that no contact has is an error, so that a message goes only to who is known.

    :param given: ids, exact names, or e-mail addresses
    :param place: the argument they were given in, for errors
    :raise ToolError: no such contact, or several
    """
    partners = env["res.partner"]
    with located(place):
        ids = [_by_address(partners, one) if _is_address(one) else record_id(partners, one) for one in given]
    return existing(partners, ids)


def _is_address(given: int | str) -> bool:
    return isinstance(given, str) and bool(_ADDRESS.fullmatch(given.strip()))


def _by_address(partners: BaseModel, address: str) -> int:
    domain = checked_domain(partners, [["email_normalized", "=", email_normalize(address) or address]])
    found = partners.search(domain, limit=_CANDIDATES)
    if len(found) == 1:
        return found.id
    if not found:
        raise ToolError(f"no contact has the address {shown(address)}. create_records can make one; then give its id.")
    names = one_line(listed(found.ids, readable_names(partners, found.ids), _CANDIDATES), 400)
    raise ToolError(f"several contacts have the address {shown(address)}: {names}. Give the id.")


def told(message: BaseModel) -> str:
    """Return who was notified of a message that was just posted, and how: ``Marc #7 (inbox), Jane #9 (e-mail)``."""
    notifications = message.env["mail.notification"].search([("mail_message_id", "=", message.id)])
    partners = message.env["res.partner"]
    ids = notifications.res_partner_id.ids
    names, closed = readable_names(partners, ids), closed_ids(partners, ids)
    texts = [
        f"{one_line(listed(one.res_partner_id.ids, names, 1), 80)} ({_how(one)})"
        for one in notifications
        if one.res_partner_id.id not in closed
    ]
    return ", ".join(texts[:20]) + (f" and {len(texts) - 20} more" if len(texts) > 20 else "")


def _how(notification: BaseModel) -> str:
    kind = "inbox" if notification.notification_type == "inbox" else "e-mail"
    failed = _FAILED.get(notification.notification_status)
    return f"{kind}, {failed}: {notification.failure_type or 'unknown'}" if failed else kind
