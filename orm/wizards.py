# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Wizards: what an action opened is told with its fields, and filled in and confirmed by another call.

Nothing is kept in between: what the action gave to its wizard (model, view, context) travels with the client, signed
by the caller, and the wizard's own values are worked out again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from odoo import api
from odoo.models import BaseModel

from . import actions, form_text, forms, narrowing, views
from .columns import compact_json
from .errors import ToolError
from .lookup import existing, hidden_ids, is_readable
from .names import closed_ids
from .render import one_line
from .scalars import shown
from .values import checked_values


@dataclass(frozen=True)
class Opened:
    """A wizard as an action opened it.

    :param view: the id of its form, 0 for the model's own
    :param record: the id of the transient record that business code made already, 0 for none
    :param context: what the action gave it: the records it is about, default values
    :param companies: those that the call was for, where it said so
    """

    model: str
    view: int = 0
    record: int = 0
    context: dict[str, Any] = field(default_factory=dict)
    companies: list[int] = field(default_factory=list)

    def about(self, env: api.Environment) -> BaseModel:
        """Return the records that it was opened on, of its own model where it was opened on none.

        :raise ToolError: the profile leaves some of them out by now
        """
        name = self.context.get("active_model")
        if name not in env:
            return env[self.model]
        records = env[name].browse(self.context.get("active_ids") or ())
        if closed := closed_ids(records, records.ids):
            raise hidden_ids(records, sorted(closed))
        return records

    def packed(self) -> list[Any]:
        """Return it as a short JSON value."""
        return list(asdict(self).values())


def opened_by(records: BaseModel, offer: actions.Offer, action: Any) -> Opened | None:
    """Return the wizard that an action opens, if it opens one that the user may read.

    :param records: what the action came from being pressed on
    """
    env, model = records.env, action.get("res_model") if isinstance(action, Mapping) else None
    if model not in env or not env[model]._transient or not is_readable(env[model]):
        return None
    context = json.loads(compact_json(actions.context_of(records, offer, action)))
    return Opened(model, _view_id(action), action.get("res_id") or 0, context)


def _view_id(action: Mapping[str, Any]) -> int:
    forms_ = [view for view, kind in action.get("views") or () if kind == "form" and view]
    own = action.get("view_id") or 0
    return next(iter(forms_), own[0] if isinstance(own, list | tuple) else own)


def described(env: api.Environment, opened: Opened, title: str) -> tuple[list[str], list[str]]:
    """Return what a wizard shows, and its buttons: a line each."""
    records = env[opened.model].with_context(**opened.context)
    view = views.load(records, opened.view)
    record = records.browse(opened.record or ())
    form = forms.stored(view, record) if record else forms.fill(view, {})
    buttons = [button for button in _shown_buttons(form) if button.kind == "object"]
    name = f' "{one_line(title, 80)}"' if title else ""
    head = f"Opens the wizard{name} ({opened.model})"
    does = "nothing is done by it yet." if buttons else "there is nothing to press."
    lines = [f"{head}; {does}", *form_text.field_table(form), *form_text.warnings(form)]
    return lines, [_button_line(button) for button in buttons]


def _button_line(button: views.Button) -> str:
    asks = f" (a person would be asked: {one_line(button.confirm, 200)})" if button.confirm else ""
    return f"{button.name}|{one_line(button.label, 80)}{asks}"


def _shown_buttons(form: forms.Form) -> list[views.Button]:
    names = form.names
    found = {button.name: button for button in reversed(form.view.buttons) if not views.hides(button.invisible, names)}
    return list(reversed(found.values()))


def checked(env: api.Environment, opened: Opened, values: Mapping[str, Any]) -> tuple[BaseModel, dict[str, Any]]:
    """Return the wizard's record, empty for one that is made when it is confirmed, and the values for it.

    :raise ToolError: as for ``checked_values``; the record is gone
    """
    records = env[opened.model].with_context(**opened.context)
    record = existing(records, [opened.record]) if opened.record else records
    return record, checked_values(record, values, creating=not record)


def filled(
    record: BaseModel, opened: Opened, values: dict[str, Any], method: str
) -> tuple[BaseModel, actions.Offer]:
    """Fill a wizard in, and return its record and the button that is to be pressed on it.

    :param record: see ``checked``
    :param values: what differs from what the wizard proposes
    :raise ToolError: no such button, or a field that must be filled in is empty
    """
    view = views.load(record.browse(), opened.view, also=values)
    form = forms.fill(view, values, record or None)
    if lines := form_text.missing(form):
        raise ToolError(lines[0])
    button = _button(form, method)
    with narrowing.unnarrowed():
        record = _saved(form, record)
    return record, actions.Offer(method, button.label, actions.METHOD, {}, button)


def _button(form: forms.Form, method: str) -> views.Button:
    buttons = _shown_buttons(form)
    for button in buttons:
        if button.name == method:
            return button
    there = ", ".join(button.name for button in buttons) or "none"
    raise ToolError(f"This wizard has no button {shown(method)} with these values. It has: {there}.")


def _saved(form: forms.Form, record: BaseModel) -> BaseModel:
    values = form.saved()
    if not record:
        return record.create(values)
    if values:
        record.write(values)
    return record
