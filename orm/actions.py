# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a person could press on a record: the buttons of its form, and the actions and reports of its menus."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from odoo import api
from odoo.exceptions import UserError
from odoo.models import BaseModel

from ..compat import LIST_VIEW
from . import methods, narrowing, views
from .errors import ToolError
from .lookup import suggestion
from .rules import CALL, DENY, READ
from .scalars import shown
from .views import Button, View

KINDS = {
    "ir.actions.act_window": "window",
    "ir.actions.server": "server",
    "ir.actions.report": "report",
    "ir.actions.act_url": "url",
    "ir.actions.client": "client",
}
METHOD = "method"
_OWN = "action_mcp_native_calls"
_NOT_CARRIED = frozenset({"lang", "tz", "uid", "allowed_company_ids", "params", "bin_size"})
_OF_ONE_ACTION = ("default_", "search_default_", "show_")
_ABOUT_RECORDS = frozenset({"active_id", "active_ids", "active_model", "active_domain", "group_by", "orderedBy"})


@dataclass(frozen=True)
class Offer:
    """One thing that can be pressed.

    :param key: what ``run_action`` takes: the name of a method, or the kind and the id of an action
    :param kind: ``method``, or a value of ``KINDS``
    :param action: what the client knows of an action, empty for a method
    :param button: the button, if it is one
    """

    key: str
    label: str
    kind: str
    action: Mapping[str, Any]
    button: Button | None = None

    @property
    def method(self) -> str:
        """The name under which a profile knows it."""
        return self.key if self.kind == METHOD else f"action_{self.action['id']}"

    @property
    def runs(self) -> bool:
        """Whether it does something by itself, rather than open something."""
        return self.kind in (METHOD, "server")

    @property
    def confirm(self) -> str:
        return self.button.confirm if self.button else ""

    def described(self, env: api.Environment) -> str:
        """Return in a few words what it does."""
        model = self.action.get("res_model")
        if self.kind == "window":
            return f"opens the wizard {model}" if model in env and env[model]._transient else f"opens {model}"
        if self.kind == "report":
            return f"report {self.action.get('report_name')}"
        if self.kind == "server":
            return f"server action: {self.action['kind']}" if self.action.get("kind") else "server action"
        return {METHOD: METHOD, "url": "opens an address"}.get(self.kind, "client action")


def offers(records: BaseModel) -> list[Offer]:
    """Return what the user and the profile may press: on a record what its state shows, on a model everything.

    :param records: the model, or the records; what is not there for one of them is left out
    """
    found: dict[str, Offer] = {}
    for offer in (*_buttons(records), *_bound(records)):
        if offer.key not in found and _is_allowed(records, offer):
            found[offer.key] = offer
    return list(found.values())


def find(records: BaseModel, key: str) -> Offer:
    """Return the offer with a key, or of an action with this XML id or number.

    :raise ToolError: nothing of that name is there for these records, with the nearest
    """
    there = offers(records)
    wanted = _same_key(records.env, key)
    for offer in there:
        if offer.key == wanted:
            return offer
    keys = [offer.key for offer in there]
    if records and wanted in {offer.key for offer in offers(records.browse())}:
        now = f"{records._name} {', '.join(map(str, records.ids[:5]))}"
        raise ToolError(f"{shown(key)} is not there for {now} as it is now. There: {', '.join(keys) or 'nothing'}.")
    hint = suggestion(key, keys) or " list_actions tells which there are."
    raise ToolError(f"{records._name} has no button or action {shown(key)} for you.{hint}")


def press(records: BaseModel, offer: Offer) -> Any:
    """Do what a button or action does, and return what a client would open next.

    :param records: what it is pressed on, in the context of the form around it
    :raise ToolError: as for ``methods.call``
    """
    records = records.with_context(**_button_context(records, offer))
    if offer.kind == METHOD:
        return methods.call(records, offer.key, _arguments(offer.button))
    if offer.kind != "server":
        return offer.action
    with narrowing.unnarrowed():
        action = records.env["ir.actions.server"].with_context(**_active(records)).browse(offer.action["id"])
        return action.run() or None


def context_of(records: BaseModel, offer: Offer, action: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context in which the web client opens an action that something pressed gave.

    :param records: see ``press``
    """
    kept = {key: value for key, value in records.env.context.items() if not _is_of_one_action(key)}
    own = action.get("context") or {}
    if isinstance(own, str):
        own = views.evaluated(own, {**views.names(records.browse(), {}), **_active(records)})
    context = {**kept, **_button_context(records, offer), **_active(records), **own}
    return {key: value for key, value in context.items() if key not in _NOT_CARRIED}


def _active(records: BaseModel) -> dict[str, Any]:
    """Return what actions are told of the records that they were opened on."""
    return {"active_model": records._name, "active_id": next(iter(records.ids), False), "active_ids": records.ids}


def _is_of_one_action(key: str) -> bool:
    return key.startswith(_OF_ONE_ACTION) or key.endswith("_view_ref") or key in _ABOUT_RECORDS


def _button_context(records: BaseModel, offer: Offer) -> dict[str, Any]:
    """Return the context of a button; with several records, that of the first."""
    if not offer.button or not offer.button.context:
        return {}
    with narrowing.unnarrowed():
        record = records.browse(records.ids[:1])
        return views.evaluated(offer.button.context, views.names(record, _values(record, {offer.button.context})))


def _arguments(button: Button | None) -> list[Any]:
    if not button or not button.args:
        return []
    try:
        found = json.loads(button.args.replace("'", '"'))
    except ValueError:
        return []
    return found if isinstance(found, list) else [found]


# What is there


def _buttons(records: BaseModel) -> Iterator[Offer]:
    form = views.load(records)
    shown_ones = _shown_buttons(form, records)
    listed = [button for button in views.load(records.browse(), kind=LIST_VIEW).buttons if button.header]
    for button in (*shown_ones, *listed):
        if offer := _pressed(records.env, button):
            yield offer


def _shown_buttons(form: View, records: BaseModel) -> list[Button]:
    """Return the buttons that the form of each of the records shows."""
    if not records:
        return form.buttons
    conditions = {expression for button in form.buttons for expression in button.invisible}
    states = [views.names(record, _values(record, conditions)) for record in records]
    return [button for button in form.buttons if not any(views.hides(button.invisible, names) for names in states)]


def _values(record: BaseModel, expressions: Iterable[str]) -> dict[str, Any]:
    """Return those values of a record that expressions of its view speak of."""
    if not record:
        return {}
    names = [name for name in views.words(expressions) if name in record._fields]
    try:
        return views.stored_values(record, names)
    except UserError:  # one that is computed of what may not be read is unknown
        return dict(chain.from_iterable(_value(record, name) for name in names))


def _value(record: BaseModel, name: str) -> Iterable[tuple[str, Any]]:
    try:
        return views.stored_values(record, [name]).items()
    except UserError:
        return ()


def _pressed(env: api.Environment, button: Button) -> Offer | None:
    if button.kind == "object":
        return None if button.name == _OWN else Offer(button.name, button.label or button.name, METHOD, {}, button)
    action = _loaded(env, button.name)
    return _offer(action, button) if action else None


def _bound(records: BaseModel) -> Iterator[Offer]:
    """Yield what Odoo shows in the menus above a form or a list: actions and reports."""
    with narrowing.unnarrowed():
        known = records.env["ir.actions.actions"]
        bound = chain.from_iterable(known.get_bindings(records._name).values())
        found = [known._mcp_native_loaded(one["id"]) for one in bound]
    for action in found:
        if action.get("type") in KINDS:
            yield _offer(action)


def _offer(action: Mapping[str, Any], button: Button | None = None) -> Offer:
    kind = KINDS[action["type"]]
    label = (button.label if button else "") or action.get("name") or ""
    return Offer(f"{kind}:{action['id']}", label, kind, action, button)


def _loaded(env: api.Environment, reference: str) -> dict[str, Any]:
    with narrowing.unnarrowed():
        action = env["ir.actions.actions"]._mcp_native_loaded(reference)
    return action if action.get("type") in KINDS else {}


def _same_key(env: api.Environment, key: str) -> str:
    """Return the key of an action that is named by its XML id or number."""
    if key.isdigit() or ("." in key and ":" not in key):
        action = _loaded(env, key)
        return _offer(action).key if action else key
    return key


def _is_allowed(records: BaseModel, offer: Offer) -> bool:
    """Whether the profile lets it be pressed, and what it opens be read."""
    if offer.runs:
        return narrowing.decision(records._name, CALL, offer.method) != DENY
    model = offer.action.get("res_model")
    return model not in records.env or narrowing.decision(model, READ) != DENY
