# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Annotated, Any

from odoo import models

from ..models.settings import state_key
from ..orm import access, actions, form_text, forms, methods, narrowing, views, wizards
from ..orm.choice import default_fields
from ..orm.errors import ToolError
from ..orm.lookup import existing, field_infos
from ..orm.render import named, one_line, value
from ..orm.results import method_result
from ..orm.rules import CALL, DENY
from ..orm.values import checked_values
from ..protocol import InvalidParams
from ..protocol.state import sign, verify
from .arguments import Companies, Id, Language, Model, Schema, Values
from .declare import tool

KEPT = 30 * 24 * 3600
"""Seconds for which an opened wizard can be confirmed: longer than any approval of it waits."""
SHOWN = 60
"""The most actions in one answer."""
Token = str


class ToolsetAction(models.AbstractModel):
    _name = "mcp_native.toolset.action"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Forms and Actions"
    _toolset = "actions"

    @tool(title="Prepare record", read_only=True, destructive=False, idempotent=True, open_world=False)
    def prepare_record(
        self,
        model: Model,
        values: Values | None = None,
        id: Id | None = None,
        companies: Companies | None = None,
        lang: Language | None = None,
    ) -> str:
        """Try a form without saving: defaults, what follows, what is missing, warnings."""
        records = self._model(model, companies=companies, lang=lang)
        record = existing(records, [id]) if id else None
        self._note(ids=[id] if id else [])
        access.check(record or records, "write" if record else "create")
        checked = checked_values(record or records, values or {}, creating=not record)
        view = views.load(records, also=checked, beside=default_fields(records))
        return "\n".join(form_text.prepared(forms.fill(view, checked, record)))

    @tool(title="List actions", read_only=True, destructive=False, idempotent=True, open_world=False)
    def list_actions(self, model: Model, id: Id | None = None, lang: Language | None = None) -> str:
        """What can be pressed on a record: buttons, actions, wizards, reports."""
        records = self._model(model, lang=lang)
        records = existing(records, [id]) if id else records
        self._note(ids=records.ids)
        offers = actions.offers(records)
        if not offers:
            return f"{_about(records)}: nothing can be pressed."
        rows = [_row(self.env, offer) for offer in offers[:SHOWN]]
        more = [f"… {len(offers) - SHOWN} more"] if len(offers) > SHOWN else []
        head = f"{_about(records)}: {len(offers)} for run_action"
        said = "" if id else "; which of them are there depends on the record: give an id"
        return "\n".join([f"{head}{said}", "action|label|does|asks first", *rows, *more])

    @tool(title="Run action", read_only=False, destructive=True, idempotent=False, open_world=True)
    def run_action(
        self,
        model: Model,
        action: str,
        ids: Annotated[list[Id], Schema(maxItems=1000)] | None = None,
        values: Values | None = None,
        wizard: Token | None = None,
        companies: Companies | None = None,
        lang: Language | None = None,
    ) -> str:
        """Run what list_actions names. A wizard is answered with its fields; a second call fills it in and confirms."""
        if wizard or (not ids and self._is_wizard(model)):
            return self._confirmed(model, action, values or {}, wizard, companies, lang)
        if values:
            raise ToolError("values: only a wizard is filled in. Run the action without them first.")
        records = self._model(model, companies=companies, lang=lang)
        if ids:
            self._note(ids=ids)
            records = existing(records, ids)
        offer = actions.find(records, action)
        if offer.runs:
            self._intend(CALL, records, offer.method, touched=methods.also_does(records, offer.method))
        return self._pressed(records, offer, companies, records)

    def _is_wizard(self, model: str) -> bool:
        return model in self.env and self.env[model]._transient

    def _confirmed(
        self,
        model: str,
        method: str,
        values: Values,
        token: str | None,
        companies: list[int] | None,
        lang: str | None,
    ) -> str:
        """Fill a wizard in and press one of its buttons."""
        opened = self._verified(token) if token else wizards.Opened(model)
        if opened.model != model:
            raise ToolError(f'This wizard is of the model {opened.model}: call with model="{opened.model}".')
        records = self._model(model, companies=companies or opened.companies, lang=lang)
        record, checked = wizards.checked(records.env, opened, values)
        about = opened.about(records.env)
        self._note(about._name, about.ids)
        touched = set() if about._name == model else {(about._name, CALL)}
        self._intend(CALL, record, method, touched=touched, count=max(len(about), 1))
        record, button = wizards.filled(record, opened, checked, method)
        return self._pressed(record, button, companies or opened.companies, about)

    def _pressed(
        self,
        records: models.BaseModel,
        offer: actions.Offer,
        companies: list[int] | None,
        about: models.BaseModel,
    ) -> str:
        """Press something, and return what came of it: a wizard with its fields, or a line.

        :param about: the records that it does something with
        """
        result = actions.press(records, offer)
        following = _following(result)
        opened = wizards.opened_by(records, offer, following)
        head = f"{one_line(offer.label, 80)}: {'done. ' if offer.runs else ''}"
        if not opened:
            said = "" if _says_nothing(result) else method_result(self.env, result, records)
            return " ".join(filter(None, [f"{head}{said}".strip(), _state(about)]))
        lines, buttons = wizards.described(records.env, opened, following.get("name") or "")
        if following is not result:
            lines.insert(0, f"{head}{method_result(self.env, _without_next(result))}")
        elif not buttons:
            lines.insert(0, head.strip())
        on = self._how_to_go_on(dataclasses.replace(opened, companies=companies or []), buttons) if buttons else []
        return "\n".join([*lines, *on])

    def _how_to_go_on(self, opened: wizards.Opened, buttons: list[str]) -> list[str]:
        if narrowing.decision(opened.model, CALL) == DENY:
            return [narrowing.refused(opened.model, CALL)]
        return [
            "Buttons:",
            *buttons,
            f'To go on: run_action with model="{opened.model}", action=one of the buttons, values=what differs from '
            f'the above, wizard="{self._signed(opened)}"',
        ]

    # What a client carries between two calls

    def _signed(self, opened: wizards.Opened) -> Token:
        return sign(state_key(self.env), opened.packed(), self._bearer(), "wizard", "", KEPT)

    def _verified(self, token: Token) -> wizards.Opened:
        try:
            return wizards.Opened(*verify(state_key(self.env), token, self._bearer(), "wizard", ""))
        except (InvalidParams, TypeError) as error:
            raise ToolError(
                "wizard: not what this connection was given, or too old. Copy it unchanged, or open the wizard again."
            ) from error

    def _bearer(self) -> str:
        """Return whom a wizard was opened for: nobody else can confirm it."""
        principal = self._call().facts.get("principal")
        who = (principal.kind, principal.credential_id) if principal else ()
        return ":".join(map(str, (self.env.cr.dbname, self.env.uid, *who)))


def _about(records: models.BaseModel) -> str:
    return f"{records._name} {named(records)}" if records else records._name


def _row(env: Any, offer: actions.Offer) -> str:
    return "|".join(one_line(text, 120) for text in (offer.key, offer.label, offer.described(env), offer.confirm))


def _following(result: Any) -> Any:
    """Return the action that opens at last: that after a message, where there is one."""
    following = _params(result).get("next")
    return following if isinstance(following, Mapping) and following.get("res_model") else result


def _params(result: Any) -> Mapping[str, Any]:
    params = result.get("params") if isinstance(result, Mapping) else None
    return params if isinstance(params, Mapping) else {}


def _says_nothing(result: Any) -> bool:
    """Whether there is nothing to tell but that something is done: no result, or a dialog that closes."""
    closes = isinstance(result, Mapping) and result.get("type") == "ir.actions.act_window_close"
    return result in (None, True, False) or (closes and not (result.get("effect") or result.get("infos")))


def _without_next(result: Mapping[str, Any]) -> dict[str, Any]:
    return {**result, "params": {key: value for key, value in _params(result).items() if key != "next"}}


def _state(records: models.BaseModel) -> str:
    """Return in which state records are now, where their model has states that may be seen."""
    info = field_infos(records, None, ("type", "selection")).get("state", {})
    there = records.exists() if info.get("type") == "selection" and not records._transient else ()
    states = {value(record, "state", info) for record in there}
    return f"State: {', '.join(sorted(states))}." if states else ""
