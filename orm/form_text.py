# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What stands in a form, as an assistant reads it and can send it back: JSON, with what user and profile may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from odoo.models import BaseModel

from ..compat import has_model_access
from . import dates, narrowing, views
from .columns import compact_json
from .describe import field_line
from .forms import CREATE, SET, UPDATE, Form
from .lookup import field_infos
from .names import closed_ids, labelled, readable_names
from .render import cut, named, one_line
from .richtext import to_markdown
from .rules import DENY, READ
from .views import View, ViewField, line_ids

_TEXT = 120
_LINES = 20
_LINKS = 5
_OPAQUE = ("properties", "properties_definition", "json", "serialized")
_CLOSED = object()
"""Stands for a value of which nothing may be shown."""


def prepared(form: Form) -> list[str]:
    """Return what a form came to: the values to send, what Odoo does besides, what is missing, what Odoo warns of."""
    needed = _sendable(form.view, form.needed(), form.given)
    model, record = form.view.model._name, form.record
    about, tool = (f"{model} {named(record)}", "update_records") if record else (f"{model}, new", "create_records")
    head = f"{about}: nothing is stored. Values for {tool} with the same result:"
    beside = _changed(form) if form.record else _filled(form, needed)
    return [head, compact_json(needed), *beside, *missing(form), *warnings(form)]


def missing(form: Form) -> list[str]:
    """Return the line about fields that must be filled in, if there are any."""
    shown = _visible(form.view)
    found = [f"{field.name} ({_called(field)})" for field in form.missing() if field.name in shown]
    return [f"Still missing: {', '.join(found)}"] if found else []


def warnings(form: Form) -> list[str]:
    """Return what Odoo would show in a dialog, a line each."""
    return [f"Odoo warns: {one_line(text, 600)}" for text in form.warnings]


def field_table(form: Form) -> list[str]:
    """Return the fields that a person would see, a line each: ``field|type|label|notes|value``."""
    names, shown = form.names, _visible(form.view)
    fields = [found for found in form.view.fields.values() if found.name in shown and found.is_visible(names)]
    fields = [found for found in fields if found.is_saved(names) or form.values.get(found.name)]
    rows = []
    for found in fields:
        info = {**found.info, "required": found.is_required(names), "readonly": not found.is_saved(names)}
        told = _is_told(form.view, found.name)
        value = _displayed(form.view, found.name, form.values.get(found.name), names) if told else _CLOSED
        text = "" if value is _CLOSED else one_line(_as_text(value), _TEXT * 4)
        rows.append(f"{field_line(found.name, info)}|{text}")
    return ["field|type|label|notes|value", *rows] if rows else []


def _called(field: ViewField) -> str:
    relation = field.info.get("relation")
    kind = f"{field.info['type']} {relation}" if relation else field.info["type"]
    return f"{field.info['string']}, {kind}"


def _visible(view: View) -> set[str]:
    """Return the names of those fields of a view that the user may be shown."""
    return field_infos(view.model, None, ("type",)).keys() & view.fields.keys()


def _sendable(view: View, values: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return values in the forms that ``checked_values`` takes.

    :param given: those of them that the assistant knows already
    """
    shown, found = _visible(view), {}
    for name, value in values.items():
        if name in shown and (name in given or _is_told(view, name)):
            found[name] = _sent(view.fields[name], view.model, value, given.get(name))
    return {name: value for name, value in found.items() if value is not _CLOSED}


def _is_told(view: View, name: str) -> bool:
    """Whether a value that Odoo worked out may be shown, if anything of the field may."""
    return view.fields[name].info["type"] not in _OPAQUE and not narrowing.guard(view.model, name)


def _sent(field: ViewField, model: BaseModel, value: Any, given: Any) -> Any:
    kind = field.info["type"]
    if kind not in ("one2many", "many2many"):
        return _single(model, field.name, field.info, value)
    comodel = model.env[field.info["relation"]]
    commands = _told(comodel, value)
    if kind == "many2many" and not any(command[0] in (CREATE, UPDATE) for command in commands):
        return sorted(line_ids(commands))
    lines = [_sent_line(field, command, _given_line(given, value, command)) for command in commands]
    return [line[2] for line in lines] if all(line[0] == CREATE for line in lines) else lines


def _told(comodel: BaseModel, commands: list[Any]) -> list[Any]:
    """Return commands without those for lines that the profile leaves out."""
    if not narrowing.is_limited(comodel):
        return commands
    if narrowing.decision(comodel._name, READ) == DENY:
        return []
    ids = {one for one in line_ids(commands) if isinstance(one, int)}
    ids |= {command[1] for command in commands if isinstance(command, list | tuple) and command[0] in (2, 3)}
    closed = closed_ids(comodel, ids - {0})
    return [_without(command, closed) for command in commands if _target(command) not in closed]


def _target(command: Any) -> Any:
    return command[1] if isinstance(command, list | tuple) else command


def _without(command: Any, closed: set[int]) -> Any:
    if not isinstance(command, list | tuple) or command[0] != SET:
        return command
    return SET, 0, [one for one in command[2] if one not in closed]


def _given_line(given: Any, commands: list[Any], command: Any) -> Mapping[str, Any]:
    """Return what was given for the line of a command; the commands are those given, in their order."""
    if not given or len(given) != len(commands):
        return {}
    first = given[commands.index(command)]
    return first[2] if first[0] in (CREATE, UPDATE) else {}


def _sent_line(field: ViewField, command: Any, given: Mapping[str, Any]) -> list[Any]:
    if command[0] not in (CREATE, UPDATE) or field.lines is None:
        return list(command)
    return [int(command[0]), command[1], _sendable(field.lines, command[2], given)]


def _filled(form: Form, needed: Mapping[str, Any]) -> list[str]:
    """Return the line about what Odoo fills in by itself in a new record."""
    names = form.names
    values = {
        name: value
        for name, value in _displayable(form).items()
        if value and (name not in needed or _has_lines(form.view, name)) and form.view.fields[name].is_visible(names)
    }
    return [f"Odoo fills in besides: {compact_json(values)}"] if values else []


def _changed(form: Form) -> list[str]:
    """Return a line for each field of a stored record that would change: old → new."""
    names = form.names
    lines = []
    for name, value in _displayable(form).items():
        if form.record.id in narrowing.guarded_ids(form.record, name) or not form.view.fields[name].is_visible(names):
            continue
        old = _displayed(form.view, name, form.before.get(name), names)
        if old is not _CLOSED and old != value:
            lines.append(f"{name}: {_as_text(old) or '(empty)'} → {_as_text(value) or '(empty)'}")
    return lines


def _has_lines(view: View, name: str) -> bool:
    return view.fields[name].info["type"] == "one2many"


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | dict):
        return compact_json(value) if value else ""
    return "" if value is None else str(value)


def _displayable(form: Form) -> dict[str, Any]:
    """Return the values of a form that may be shown, with names beside ids."""
    shown = _visible(form.view)
    names = form.names
    found = {
        name: _displayed(form.view, name, value, names)
        for name, value in form.values.items()
        if name in shown and (name in form.given or _is_told(form.view, name))
    }
    return {name: value for name, value in found.items() if value is not _CLOSED}


def _displayed(view: View, name: str, value: Any, parent: Mapping[str, Any]) -> Any:
    """Return a value to read: texts cut, linked records by name, lines with what is seen of them.

    :param parent: the names of the record's own form, for conditions of its lines
    """
    field = view.fields[name]
    if field.info["type"] in _OPAQUE:
        return _CLOSED
    if field.info["type"] not in ("one2many", "many2many"):
        shown = _single(view.model, name, field.info, value)
        return cut(shown, _TEXT) if isinstance(shown, str) else shown
    comodel = view.model.env[field.info["relation"]]
    value = _told(comodel, value or [])
    lines = [command for command in value if isinstance(command, list | tuple) and command[0] in (CREATE, UPDATE)]
    if lines and field.lines is not None:
        more = [f"… {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
        return [*(_displayed_line(field.lines, command, parent) for command in lines[:_LINES]), *more]
    return _links(comodel, [one for one in line_ids(value) if isinstance(one, int)])


def _links(comodel: BaseModel, ids: list[int]) -> list[str]:
    names = readable_names(comodel, ids[:_LINKS])
    more = [f"… ({len(ids)})"] if len(ids) > _LINKS else []
    return [*(labelled(one, names) for one in ids[:_LINKS]), *more]


def _displayed_line(lines: View, command: Any, parent: Mapping[str, Any]) -> dict[str, Any]:
    shown, names = _visible(lines), views.names(lines.model, command[2], parent)
    values = {
        name: _displayed(lines, name, value, names)
        for name, value in command[2].items()
        if value and name in shown and lines.fields[name].is_visible(names) and _is_told(lines, name)
    }
    own = {"id": command[1]} if command[0] == UPDATE else {}
    return {**own, **{name: value for name, value in values.items() if value is not _CLOSED}}


def _single(model: BaseModel, name: str, info: Mapping[str, Any], value: Any) -> Any:
    """Return the value of a field that is one thing in JSON, as an assistant may send it again."""
    kind = info["type"]
    if kind == "boolean":
        return bool(value)
    if kind in ("float", "monetary"):
        digits = model._fields[name].get_digits(model.env) if kind == "float" else None
        return round(value or 0.0, digits[1] if digits else 6)
    if kind == "integer":
        return value or 0
    if not value:
        return None
    if kind == "many2one":
        return _link(model.env[info["relation"]], value)
    if isinstance(value, date):
        return dates.to_user(value, model.env)
    if kind == "html":
        return to_markdown(value)
    if kind == "reference":
        return _reference(model, str(value))
    return value


def _link(comodel: BaseModel, record_id: Any) -> Any:
    if not isinstance(record_id, int) or closed_ids(comodel, [record_id]):
        return _CLOSED
    name = readable_names(comodel, [record_id]).get(record_id)
    return [record_id, name] if name else record_id


def _reference(model: BaseModel, text: str) -> Any:
    name, _comma, digits = text.partition(",")
    if name not in model.env or not digits.isdigit() or not has_model_access(model.env[name], "read"):
        return _CLOSED
    return _CLOSED if closed_ids(model.env[name], [int(digits)]) else text
