# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A form view as data: its fields, the lines inside them, its buttons, and when each of them is there.

A view is loaded with the user's own rights, unnarrowed: it is cached for all users, and what a form does must not
depend on what an assistant is shown of it. Whoever shows something of it asks ``field_infos`` first. Only conditions
that speak of what the profile hides are left out: whether something is there would tell the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo import fields as odoo_fields
from odoo.models import BaseModel
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import safe_eval
from odoo.tools.safe_eval import time as safe_time

from ..compat import LIST_VIEW
from . import narrowing
from .rules import Rules

ATTRIBUTES = ("type", "string", "relation", "required", "readonly", "selection")
_LINES = ("one2many", "many2many")
_FILES = ("binary", "image")
_CHATTER = frozenset({"mail.message", "mail.followers", "mail.activity", "rating.rating"})
_ALWAYS, _NEVER = frozenset({"1", "True", "true"}), frozenset({"", "0", "False", "false"})
_BROKEN = (ValueError, SyntaxError, TypeError, NameError, ArithmeticError, LookupError, AttributeError)
_DEPTH = 2
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Place:
    """One place of a field in a view, with the conditions (Python expressions) that hold there.

    :param invisible: it is not seen when one of them holds: its own, and those of what it stands in
    :param force_save: the client sends its value although it cannot be changed there
    """

    invisible: tuple[str, ...] = ()
    readonly: str = ""
    required: str = ""
    force_save: bool = False


@dataclass
class ViewField:
    """A field of a view.

    :param info: its description, as ``fields_get`` gives it to the user
    :param places: where it stands; none for a field that the view does not have
    :param context: the expression of the context that its lines are made in
    :param lines: for an x2many, what is seen of its lines
    """

    name: str
    info: dict[str, Any]
    places: list[Place] = field(default_factory=list)
    context: str = ""
    lines: View | None = None

    def is_visible(self, names: Mapping[str, Any]) -> bool:
        return not self.places or any(not hides(place.invisible, names) for place in self.places)

    def is_required(self, names: Mapping[str, Any]) -> bool:
        """Whether a person would have to fill it in."""
        shown = (place for place in self.places if not hides(place.invisible, names))
        return any(holds(place.required, names) for place in shown)

    def is_saved(self, names: Mapping[str, Any]) -> bool:
        """Whether the client would send its value."""
        return not self.places or any(
            place.force_save or not holds(place.readonly, names) for place in self.places
        )


@dataclass(frozen=True)
class Button:
    """A button of a view.

    :param kind: ``object`` for a method, ``action`` for an action
    :param name: the method's name, or the id of the action
    :param confirm: what a person is asked first
    :param context: an expression, with the names of the record's fields
    :param args: more arguments of the method, as text
    """

    kind: str
    name: str
    label: str
    confirm: str = ""
    context: str = ""
    args: str = ""
    invisible: tuple[str, ...] = ()
    header: bool = False


@dataclass
class View:
    """What a form, or the lines inside one, holds.

    :param model: empty, in the environment in which it is filled in
    """

    model: BaseModel
    fields: dict[str, ViewField]
    buttons: list[Button] = field(default_factory=list)

    @property
    def spec(self) -> dict[str, dict[str, Any]]:
        """The fields as ``onchange`` and ``web_read`` want them."""
        return {
            name: {"fields": field.lines.spec} if field.lines is not None else {}
            for name, field in self.fields.items()
            if name != "id"
        }


def load(
    model: BaseModel,
    view_id: int | None = None,
    kind: str = "form",
    *,
    also: Iterable[str] = (),
    beside: Iterable[str] = (),
) -> View:
    """Return a view for the user at hand.

    :param view_id: which one, the model's own without it
    :param kind: ``form``, or the type of lists (``compat.LIST_VIEW``)
    :param also: fields that are filled in though the view may not have them
    :param beside: fields that are shown though the view may not have them
    """
    rules = narrowing.current()
    with narrowing.unnarrowed():
        untold = _Untold(rules)
        view = _view(model, [_arch(model, view_id, kind)], untold, _DEPTH)
        extra = {**{name: [Place(readonly="1")] for name in beside}, **{name: [] for name in also}}
        missing = [name for name in extra if name not in view.fields]
        infos = model.fields_get(missing, attributes=list(ATTRIBUTES)) if missing else {}
        for name, info in infos.items():
            view.fields[name] = ViewField(name, info, extra[name], lines=_lines(model, info, [], untold, _DEPTH))
        return view


@dataclass(frozen=True)
class _Untold:
    """Takes out of a view the conditions that speak of what the profile hides.

    :param models: the model of the view, and those of the views around it
    """

    rules: Rules | None
    models: tuple[BaseModel, ...] = ()

    def inside(self, model: BaseModel) -> _Untold:
        return _Untold(self.rules, (*self.models, model))

    def told(self, expression: str | None) -> str:
        """Return an expression, empty when it speaks of what is hidden."""
        if not expression or self.rules is None:
            return expression or ""
        with narrowing.narrowed(self.rules):
            is_untold = any(narrowing.is_untold(model, word) for model in self.models for word in words([expression]))
        return "" if is_untold else expression


def _arch(model: BaseModel, view_id: int | None, kind: str) -> etree._Element:
    return etree.fromstring(model.get_view(view_id or None, kind)["arch"])


def _view(model: BaseModel, archs: list[etree._Element], untold: _Untold, depth: int) -> View:
    untold = untold.inside(model)
    nodes: dict[str, list[etree._Element]] = {}
    for arch in archs:
        for node in arch.iter("field"):
            if _owner(node, arch) is None:
                nodes.setdefault(node.get("name"), []).append(node)
    known = [name for name in nodes if name in model._fields]
    infos = model.fields_get(known, attributes=list(ATTRIBUTES)) if known else {}
    fields = {
        name: _field(model, name, infos[name], nodes[name], untold, depth)
        for name in known
        if name in infos and not _is_left_out(infos[name])
    }
    buttons = [button for arch in archs for node in _button_nodes(arch) if (button := _button(node, untold))]
    return View(model, fields, buttons)


def _is_left_out(info: Mapping[str, Any]) -> bool:
    """Whether nobody fills the field in: files would be sent whole, the chatter has tools of its own."""
    return info["type"] in _FILES or (info["type"] in _LINES and info["relation"] in _CHATTER)


def _field(
    model: BaseModel, name: str, info: dict[str, Any], nodes: list[etree._Element], untold: _Untold, depth: int
) -> ViewField:
    places = [_place(node, info, untold) for node in nodes]
    context = next(filter(None, (node.get("context") for node in nodes)), "")
    return ViewField(name, info, places, context, _lines(model, info, nodes, untold, depth))


def _place(node: etree._Element, info: Mapping[str, Any], untold: _Untold) -> Place:
    return Place(
        _invisible(node, untold),
        untold.told(node.get("readonly") or ("1" if info.get("readonly") else "")),
        untold.told(node.get("required") or ("1" if info.get("required") else "")),
        node.get("force_save") in _ALWAYS,
    )


def _invisible(node: etree._Element, untold: _Untold) -> tuple[str, ...]:
    """Return the conditions under which a node is not seen, up to the field whose lines it is about."""
    found = [node.get("invisible"), node.get("column_invisible")]
    for parent in node.iterancestors():
        if parent.tag == "field":
            break
        found.append(parent.get("invisible"))
    return tuple(expression for expression in map(untold.told, found) if expression not in _NEVER)


def _lines(
    model: BaseModel, info: Mapping[str, Any], nodes: list[etree._Element], untold: _Untold, depth: int
) -> View | None:
    """Return what is seen of the lines of an x2many: the views inside it, or the list of their model."""
    if info["type"] not in _LINES or not depth or info["relation"] not in model.env:
        return None
    comodel = model.env[info["relation"]]
    archs = [child for node in nodes for child in node if child.find(".//field") is not None]
    if not archs and info["type"] == "one2many":
        archs = [_arch(comodel, None, LIST_VIEW)]
    return _view(comodel, archs, untold, depth - 1) if archs else None


def _owner(node: etree._Element, arch: etree._Element) -> etree._Element | None:
    """Return the field inside of which a node stands, below ``arch``."""
    for parent in node.iterancestors():
        if parent is arch:
            return None
        if parent.tag == "field":
            return parent
    return None


def _button_nodes(arch: etree._Element) -> list[etree._Element]:
    """Return the buttons of a form: those of its header first, then those of its footer, then the others."""
    nodes = [node for node in arch.iter("button") if _owner(node, arch) is None]
    return sorted(nodes, key=_rank)


def _rank(node: etree._Element) -> int:
    tags = [parent.tag for parent in node.iterancestors()]
    return 0 if "header" in tags else 1 if "footer" in tags else 2


def _button(node: etree._Element, untold: _Untold) -> Button | None:
    if node.get("special") or node.get("type") not in ("object", "action") or not node.get("name"):
        return None
    return Button(
        node.get("type"),
        node.get("name"),
        _label(node),
        node.get("confirm") or "",
        node.get("context") or "",
        node.get("args") or "",
        _invisible(node, untold),
        _rank(node) == 0,
    )


def _label(node: etree._Element) -> str:
    """Return what a person reads on a button; of those with a number, the words beside it."""
    beside = [part for part in node.iter("span", "div") if "o_stat_text" in (part.get("class") or "").split()]
    inner = (child.get("string") for child in node.iter("field"))
    found = (node.get("string"), _words_of(beside[:1]), _words_of([node]), *inner, node.get("title"), node.get("help"))
    return next((text.strip() for text in found if text and text.strip()), "")


def _words_of(nodes: Iterable[etree._Element]) -> str:
    return " ".join(word for node in nodes for text in node.itertext() for word in text.split())


# When something is there


def holds(expression: str, names: Mapping[str, Any], unknown: bool = False) -> bool:
    """Return what a condition of a view says.

    :param names: see ``names``
    :param unknown: the answer where it speaks of what is not among them
    """
    if expression in _NEVER or expression in _ALWAYS:
        return expression in _ALWAYS
    try:
        return bool(safe_eval(expression, dict(names)))
    except _BROKEN:
        return unknown


def hides(expressions: Iterable[str], names: Mapping[str, Any]) -> bool:
    return any(holds(expression, names) for expression in expressions)


def evaluated(expression: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context that an expression of a view gives, none where it speaks of what is not known."""
    try:
        found = safe_eval(expression, dict(names)) if expression.strip() else {}
    except _BROKEN:
        return {}
    return dict(found) if isinstance(found, Mapping) else {}


def names(
    record: BaseModel, values: Mapping[str, Any], parent: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the names that conditions and contexts of a view may use.

    :param record: the record, empty for a new one
    :param values: of its fields: as ``web_read`` and ``onchange`` give them
    :param parent: the names of the record that a line belongs to
    """
    env, today = record.env, odoo_fields.Date.context_today(record)
    context = {**env.context, "uid": env.uid}
    return {
        "context": context,
        "uid": env.uid,
        "allowed_company_ids": env.companies.ids,
        "active_id": env.context.get("active_id", record.id),
        "active_ids": env.context.get("active_ids", record.ids),
        "active_model": env.context.get("active_model", record._name),
        "current_date": today.isoformat(),
        "today": today.isoformat(),
        "now": odoo_fields.Datetime.to_string(odoo_fields.Datetime.now()),
        "context_today": lambda: today,
        "datetime": safe_datetime,
        "time": safe_time,
        "relativedelta": relativedelta,
        **({"parent": SimpleNamespace(**parent)} if parent else {}),
        **{name: _evaluable(value) for name, value in values.items()},
        "id": record.id,
    }


def words(expressions: Iterable[str]) -> set[str]:
    """Return all names that expressions could speak of."""
    return {word for expression in expressions for word in _WORD.findall(expression)}


def stored_values(record: BaseModel, wanted: Iterable[str]) -> dict[str, Any]:
    """Return values of one stored record, with ids for what it links to."""
    [found] = record.read(list(wanted), load=None)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _evaluable(value: Any) -> Any:
    """Return a value as the web client's expressions see it: dates as text, lines as ids."""
    if isinstance(value, datetime):
        return odoo_fields.Datetime.to_string(value)
    if isinstance(value, date):
        return odoo_fields.Date.to_string(value)
    if isinstance(value, list):
        return line_ids(value)
    return value


def line_ids(commands: Iterable[Any]) -> list[Any]:
    """Return the ids of the lines that commands leave; what was never stored stands under its own name."""
    found: list[Any] = []
    for command in commands:
        if not isinstance(command, list | tuple):
            found.append(command)
        elif command[0] == 6:
            found += command[2]
        elif command[0] not in (2, 3, 5) and command[1] not in found:
            found.append(command[1])
    return found
