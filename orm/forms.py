# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A form being filled in, as the web client does it and with Odoo's own ``onchange``; nothing is stored.

What a form does is business code: it runs unnarrowed, over all fields of the view. What an assistant is shown of it is
for ``form_text`` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

from odoo.models import BaseModel
from odoo.tools import float_compare

from . import views
from .narrowing import unnarrowed
from .views import View, ViewField

CREATE, UPDATE, DELETE, UNLINK, LINK, CLEAR, SET = range(7)
Values = dict[str, Any]


@dataclass
class Form:
    """A form and what stands in it.

    :param view: what the form holds; its model is in the environment in which the form is filled in
    :param record: the record that is changed, empty for a new one
    :param given: what was filled in, as ``checked_values`` returns it
    :param values: of a new record everything, of a stored one what changes: in the forms of ``onchange``
    :param warnings: what Odoo would show meanwhile
    """

    view: View
    record: BaseModel
    given: Values
    values: Values = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def names(self) -> Values:
        """The names for conditions of the view; what ``onchange`` leaves out is empty."""
        lines = _lines(self.view)
        empty = {name: [] if name in lines else False for name in self.view.fields}
        return views.names(self.record, {**empty, **self.before, **self.values})

    @cached_property
    def before(self) -> Values:
        """What is stored, of a stored record."""
        with unnarrowed():
            return views.stored_values(self.record, self.view.fields) if self.record else {}

    def missing(self) -> list[ViewField]:
        """Return the fields that a person would have to fill in, and that are empty."""
        names = self.names
        return [
            found
            for name, found in self.view.fields.items()
            if found.info["type"] not in ("boolean", "integer", "float", "monetary")
            and found.is_required(names)
            and not names.get(name)
        ]

    def saved(self) -> Values:
        """Return what the client would send to be stored."""
        names = self.names
        return {
            name: self.given.get(name, value) if name not in _lines(self.view) else _saved_lines(found, value, names)
            for name, value in self.values.items()
            if (found := self.view.fields.get(name)) and (name in self.given or found.is_saved(names))
        }

    def needed(self) -> Values:
        """Return what must be stored for the same result: what was given, and what Odoo would not do by itself."""
        with unnarrowed():
            twin = self._twin()
            return {
                name: _needed(twin, name, self.given[name], value) if name in self.given else value
                for name, value in self.saved().items()
                if name in self.given or _differs(twin, name, value)
            }

    def _twin(self) -> BaseModel:
        """Return a record that is not stored, and holds what storing the given values alone would make of it."""
        if not self.record:
            return self.view.model.new(self.given)
        # All unsaved records with one origin share their values: those of onchange are forgotten first
        self.record.env.invalidate_all()
        twin = self.record.new(origin=self.record)
        twin.update(self.given)
        return twin


def fill(view: View, given: Values, record: BaseModel | None = None) -> Form:
    """Fill a form in.

    :param given: checked values, each as a person would enter it
    :param record: what is changed; a new one without it
    """
    form = Form(view, view.model.browse() if record is None else record, given)
    with unnarrowed():
        if not form.record:
            _ask(form, {}, [])
        plain = {name: value for name, value in given.items() if not _has_new_lines(view, name, value)}
        if plain:
            _ask(form, plain, list(plain))
        lines = {name: _filled_lines(form, name, value) for name, value in given.items() if name not in plain}
        if lines:
            _ask(form, lines, list(lines))
    return form


def stored(view: View, record: BaseModel) -> Form:
    """Return the form of a stored record, as it is opened."""
    form = Form(view, record, {})
    form.values = dict(form.before)
    return form


def _ask(form: Form, changed: Values, names: list[str]) -> None:
    """Let Odoo say what follows from values, and keep it; what was given stays as it was given."""
    before = {**form.values, **changed}
    answer = (form.record or form.view.model).onchange(dict(before), names, form.view.spec)
    after = answer.get("value") or {}
    for name, value in after.items():
        if name in _lines(form.view):
            before[name] = _merged(before.get(name) or [], value)
        elif name not in form.given:
            before[name] = value
    form.values = before
    if warning := answer.get("warning"):
        form.warnings.append(": ".join(filter(None, (warning.get("title"), warning.get("message")))))


def _lines(view: View) -> set[str]:
    return {name for name, found in view.fields.items() if found.info["type"] in ("one2many", "many2many")}


def _has_new_lines(view: View, name: str, value: Any) -> bool:
    return name in _lines(view) and any(command[0] == CREATE for command in value)


def _filled_lines(form: Form, name: str, commands: list[Any]) -> list[Any]:
    """Return commands with new lines filled in as their own form would, before the record's form sees them."""
    number = count(1)
    return [
        (CREATE, f"virtual_{name}_{next(number)}", _filled_line(form, name, command[2]))
        if command[0] == CREATE
        else command
        for command in commands
    ]


def _filled_line(form: Form, name: str, line: Values) -> Values:
    found = form.view.fields[name]
    if found.lines is None:
        return line
    inverse = getattr(form.view.model._fields[name], "inverse_name", None)
    context = views.evaluated(found.context, form.names)
    model = found.lines.model.with_context(**context)
    values = {**line, **({inverse: _parent(form)} if inverse else {})}
    spec = {**found.lines.spec, **{one: {} for one in line if one not in found.lines.spec}}
    answer = model.onchange(values, [], spec).get("value") or {}
    return {**{one: value for one, value in answer.items() if one != inverse}, **line}


def _parent(form: Form) -> Values:
    """Return what a line's form knows of the record around it."""
    lines = _lines(form.view)
    return {"id": form.record.id, **{name: value for name, value in form.values.items() if name not in lines}}


def _merged(before: list[Any], commands: list[Any]) -> list[Any]:
    """Return the commands of a field after what ``onchange`` answered to them."""
    if any(command[0] in (SET, CLEAR) for command in before):
        before = [(LINK, one, {}) for command in before if command[0] == SET for one in command[2]]
    held = {command[1]: command for command in before}
    for command in commands:
        held[command[1]] = _followed(held.get(command[1]), command)
    return [command for command in held.values() if command is not None]


def _followed(first: Any, then: Any) -> Any:
    """Return one command for a line in place of two that follow each other, None for none."""
    if first is None or then[0] in (CREATE, LINK):
        return then
    if then[0] in (DELETE, UNLINK):
        return None if first[0] == CREATE else then
    code = UPDATE if first[0] == LINK else first[0]
    return code, then[1], {**(first[2] or {} if first[0] != LINK else {}), **then[2]}


def _saved_lines(found: ViewField, commands: list[Any], parent: Mapping[str, Any]) -> list[Any]:
    """Return commands as they are stored: without what is only for showing, and what cannot be changed in a line."""
    return [_saved_line(found.lines, command, parent) for command in commands]


def _saved_line(lines: View | None, command: Any, parent: Mapping[str, Any]) -> Any:
    code, key, *rest = command
    if code not in (CREATE, UPDATE):
        return (code, key, *([rest[0]] if code == SET else [0]))
    values = rest[0]
    names = views.names(lines.model, values, parent) if lines else {}
    kept = {
        name: _saved_lines(lines.fields[name], value, names) if lines and name in _lines(lines) else value
        for name, value in values.items()
        if not lines or name not in lines.fields or lines.fields[name].is_saved(names)
    }
    return code, 0 if code == CREATE else key, kept


def _needed(twin: BaseModel, name: str, given: Any, saved: Any) -> Any:
    """Return what was given for a field, its new lines with what their own form made of them."""
    if twin._fields[name].type not in ("one2many", "many2many"):
        return given
    lines = iter(line for line in twin[name] if not line._origin)
    made = iter(command for command in saved if command[0] == CREATE)
    return [_needed_line(command, next(lines), next(made)) if command[0] == CREATE else command for command in given]


def _needed_line(given: Any, twin: BaseModel, saved: Any) -> Any:
    values = {
        name: given[2].get(name, value)
        for name, value in saved[2].items()
        if name in given[2] or (value and _differs(twin, name, value))
    }
    return CREATE, 0, {**values, **given[2]}


def _differs(twin: BaseModel, name: str, value: Any) -> bool:
    """Whether a field of a record that was made without it holds something else."""
    column, own = twin._fields[name], twin[name]
    if column.type in ("one2many", "many2many"):
        return len(own) != len(views.line_ids(value))
    if column.type == "many2one":
        return (own._origin.id or False) != (value or False)
    if column.type in ("float", "monetary"):
        return float_compare(own or 0.0, value or 0.0, precision_digits=6) != 0
    if column.type in ("reference", "properties", "json"):
        return False
    return (own or False) != (value or False)
