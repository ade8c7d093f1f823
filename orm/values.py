# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Values that an assistant wants to store, checked and typed before ``create`` or ``write`` sees them.

Field names count only if ``fields_get()`` shows them to this user, inside the lines of x2many fields too: 17.0 and 18.0
do not check ``groups`` on create. All series get the same forms: UTC datetimes, ids, commands, HTML, base64, and
properties merged with those that are there (Odoo would drop the others).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odoo.fields import Field
from odoo.models import BaseModel

from ..compat import has_model_access
from . import narrowing
from .closure import related_target
from .dates import from_user
from .errors import ToolError
from .lookup import checked_ids, existing, field_infos, missing_ids
from .names import by_name, name_of
from .properties import checked_properties
from .richtext import looks_like_html, to_html
from .rules import CREATE, DENY, UNLINK, WRITE
from .scalars import base64_text, boolean, check_depth, choice, integer, located, number, shown, text, unset

_ATTRIBUTES = ("type", "string", "readonly", "relation", "size")
_AUTOMATIC = ("id", "create_uid", "create_date", "write_uid", "write_date")
_STRUCTURE = ("parent_path",)
_CANDIDATES = 8
_OPERATIONS = {0: CREATE, 1: WRITE, 2: UNLINK}
_COMMAND_FORMS = (
    "[0, 0, {values}] creates a line, [1, id, {values}] changes one, [2, id] deletes one, [3, id] removes a link, "
    "[4, id] adds a link, [5] removes all, [6, 0, [ids]] sets exactly these"
)


def checked_values(model: BaseModel, values: Mapping[str, Any], *, creating: bool) -> dict[str, Any]:
    """Return ``values`` as ``create`` (``creating``) or ``write`` take them.

    :param model: the model; for writing, the records themselves (properties are merged with what these hold)
    :raise ToolError: a name the user may not see or write, a value of the wrong type, a name of a record that is
        unknown or ambiguous, an id that does not exist; with the field in the message
    """
    if not isinstance(values, Mapping):
        raise ToolError(f'Values are an object such as {{"name": "Azure"}}, not {shown(values)}.')
    check_depth(values)
    infos = field_infos(model, values, _ATTRIBUTES)
    for name, info in infos.items():
        check_writable(model, name, info, creating=creating)
    return {name: _checked(model, name, infos[name], value, values, creating) for name, value in values.items()}


def check_writable(model: BaseModel, name: str, info: Mapping[str, Any], *, creating: bool = False) -> None:
    """Refuse to write a field that is not for that.

    :param info: its entry of ``field_infos``, with ``readonly``
    :raise ToolError: it is computed, or read-only
    """
    if not info["readonly"] and name not in _STRUCTURE:
        return
    if creating and is_set_once(model, name):
        return
    field = model._fields[name]
    why = "computed by Odoo" if field.compute or field.related or name in _AUTOMATIC else "read-only"
    raise ToolError(
        f"{model._name}.{name} is {why} and cannot be written. "
        "A state or a number changes through an action (list_actions) or through the fields it is computed from."
    )


def is_set_once(model: BaseModel, name: str) -> bool:
    """Whether a read-only field is one that a new record is given: what kind it is (``account.move.move_type``).

    It is required and goes along with a copy. What does not, such as a state, is where the record is in its life.
    """
    field = model._fields[name]
    is_kept = field.store and not (field.compute or field.related) and name not in (*_AUTOMATIC, *_STRUCTURE)
    return bool(is_kept and field.required and field.copy) and name not in narrowing.readonly_fields(model)


def _checked(
    model: BaseModel, name: str, info: dict[str, Any], value: Any, values: Mapping[str, Any], creating: bool
) -> Any:
    kind = info["type"]
    with located(f"{model._name}.{name}"):
        if kind in ("one2many", "many2many"):
            return _commands(model.env[info["relation"]], kind, value, creating)
        if kind == "properties":
            return checked_properties(model, name, value, values, creating)
        if kind == "json":
            return value
        if unset(value) or (value == "" and kind not in ("char", "text", "html")):
            return False
        return single(model, name, info, value)


def single(model: BaseModel, name: str, info: dict[str, Any], value: Any) -> Any:
    """Return a value that is one thing, in the field's type: no list of records, and set.

    :param info: its entry of ``field_infos``, with ``type``, ``relation`` and ``size``
    :raise ToolError: it is of another type, or names no record
    """
    kind = info["type"]
    if kind == "many2one":
        return record_id(model.env[info["relation"]], value)
    if kind == "selection":
        return choice(value, field_infos(model, [name], ("selection",))[name]["selection"])
    if kind in ("date", "datetime"):
        return from_user(value, model.env, kind)
    if kind in ("char", "text"):
        return _sized(text(value), info.get("size"))
    if kind == "html":
        return text(value) if looks_like_html(text(value)) else to_html(text(value))
    if kind == "reference":
        return _reference(model, value)
    return _TYPES[kind](value)


_TYPES = {
    "integer": integer,
    "many2one_reference": integer,
    "float": number,
    "monetary": number,
    "boolean": boolean,
    "binary": base64_text,
    "image": base64_text,
}


def _sized(value: str, size: int | None) -> str:
    if size and len(value) > size:
        raise ToolError(f"takes at most {size} characters, not {len(value)}.")
    return value


def _reference(model: BaseModel, value: Any) -> str:
    name, _comma, digits = text(value).partition(",")
    if name not in model.env or not digits.isdigit() or not has_model_access(model.env[name], "read"):
        raise ToolError(
            f'expects "model,id" of a record that you may read, such as "res.partner,14", not {shown(value)}.'
        )
    return f"{name},{existing(model.env[name], [integer(digits)]).id}"


def record_id(comodel: BaseModel, value: Any) -> int:
    """Return the id of one record given by id, by ``[id, name]`` as answers show it, or by its exact name.

    :raise ToolError: no such record, or several with this name (with their ids)
    """
    if isinstance(value, (list, tuple)) and len(value) == 2 and not isinstance(value[0], (str, bool)):
        value = value[0]
    if isinstance(value, str):
        return _named(comodel, text(value))
    return linkable(comodel, [value])[0]


def linkable(comodel: BaseModel, ids: list[Any]) -> list[int]:
    """Return ids that exist and, where the user reads the model at all, are not hidden by a record rule."""
    if has_model_access(comodel, "read"):
        return existing(comodel, ids).ids
    if narrowing.is_limited(comodel):
        raise ToolError("you may not link to these records: your profile keeps them from you.")
    records = comodel.browse(checked_ids(ids))
    missing = records - records.exists()
    if missing:
        raise missing_ids(comodel, missing.ids)
    return records.ids


def _named(comodel: BaseModel, name: str) -> int:
    """Return the id of the one record with this name; a number in quotes is an id when nothing is called so."""
    if not has_model_access(comodel, "read"):
        raise ToolError("expects an id: you may not look up these records by name.")
    found = _pairs_of(by_name(comodel, name, "=", _CANDIDATES))
    alike = [] if found else _pairs_of(by_name(comodel, name, "ilike", _CANDIDATES))
    found = found or [pair for pair in alike if pair[1].casefold() == name.casefold()]
    if len(found) == 1:
        return found[0][0]
    if not found and name.strip().isdigit():
        return linkable(comodel, [integer(name)])[0]
    if found:
        raise ToolError(f"several records are called {shown(name)}: {_pairs(found)}. Give the id.")
    hint = f"Alike: {_pairs(alike)}." if alike else "Find it with find_records."
    raise ToolError(f"no {comodel._name} is called {shown(name)}. {hint} Give the id.")


def _pairs_of(records: BaseModel) -> list[tuple[int, str]]:
    return [(record.id, name_of(record)) for record in records]


def _pairs(pairs: list[tuple[int, str]]) -> str:
    return ", ".join(f"{name} #{record_id}" for record_id, name in pairs)


def _commands(comodel: BaseModel, kind: str, value: Any, creating: bool) -> list[tuple]:
    """Return the commands for an x2many: from commands, from ids or names (many2many), from lines (objects)."""
    if unset(value):
        value = []
    if not isinstance(value, (list, tuple)):
        raise ToolError(f"expects a list, not {shown(value)}: {_COMMAND_FORMS}.")
    if value and all(isinstance(item, Mapping) for item in value):
        return [_command(comodel, (0, 0, item)) for item in value]
    if all(_is_link(item) for item in value):
        if kind == "one2many" and not creating:
            raise ToolError(f"lines are not set by a list of ids, it would delete the others. {_COMMAND_FORMS}.")
        return [
            (6, 0, [record_id(comodel, item) if isinstance(item, str) else item for item in _known(comodel, value)])
        ]
    return [_command(comodel, item) for item in value]


def _is_link(item: Any) -> bool:
    return isinstance(item, (int, str)) and not isinstance(item, bool)


def _known(comodel: BaseModel, items: list[Any]) -> list[Any]:
    """Return ids and names; the ids are checked in one query."""
    linkable(comodel, [item for item in items if isinstance(item, int)])
    return items


def _command(comodel: BaseModel, item: Any) -> tuple:
    """Return one checked command of Odoo's ``Command`` protocol."""
    code = item[0] if isinstance(item, (list, tuple)) and item else None
    if type(code) is not int or code not in _CHECKS:
        raise ToolError(f"{shown(item)} is no command: {_COMMAND_FORMS}.")
    if code in _OPERATIONS and narrowing.decision(comodel._name, _OPERATIONS[code]) == DENY:
        raise ToolError(narrowing.refused(comodel._name, _OPERATIONS[code]))
    return _CHECKS[code](comodel, [*item[1:], None, None])


def _write_line(comodel: BaseModel, rest: list[Any]) -> tuple:
    line = existing(comodel, [rest[0]])
    return 1, line.id, checked_values(line, rest[1], creating=False)


def _set(comodel: BaseModel, rest: list[Any]) -> tuple:
    ids = rest[1]
    if not isinstance(ids, (list, tuple)):
        raise ToolError(f"expects [6, 0, [ids]], not {shown([6, *rest[:2]])}.")
    return 6, 0, linkable(comodel, list(ids))


def touched(model: BaseModel, values: Mapping[str, Any], *, creating: bool = False) -> set[tuple[str, str]]:
    """Return which operations on other models ``values`` make, as (model, operation).

    By commands for lines, and by fields that stand in another record: of a model that this one delegates to, related.

    :param values: checked: as ``checked_values`` returns them
    """
    found: set[tuple[str, str]] = set()
    for name, value in values.items():
        field = model._fields[name]
        if target := related_target(model, field):
            found.add((target.model_name, CREATE if creating and field.inherited else WRITE))
        if field.type not in ("one2many", "many2many") or not value:
            continue
        comodel = model.env[field.comodel_name]
        for command in value:
            found |= _touched_by(field, comodel, command)
    return found


def lines(model: BaseModel, values: Mapping[str, Any], records: BaseModel | None = None) -> int:
    """Return how many records besides its own the commands in ``values`` create, change or delete.

    :param values: checked: as ``checked_values`` returns them
    :param records: what is written, whose present lines may go
    """
    found = 0
    for name, value in values.items():
        field = model._fields[name]
        if field.type not in ("one2many", "many2many") or not value:
            continue
        comodel = model.env[field.comodel_name]
        for command in value:
            if command[0] in (0, 1):
                found += 1 + lines(comodel, command[2], comodel.browse(command[1] or ()))
            elif command[0] == 2 or (field.type == "one2many" and command[0] in (3, 4)):
                found += 1
            elif field.type == "one2many":  # sets what is there, which others leave
                there = set(records[name].ids) if records else set()
                found += len(there ^ set(command[2] or ()))
    return found


def _touched_by(field: Field, comodel: BaseModel, command: tuple) -> set[tuple[str, str]]:
    code = command[0]
    if code in (0, 1):
        operation = "create" if code == 0 else "write"
        return {(comodel._name, operation), *touched(comodel, command[2], creating=code == 0)}
    if code == 2:
        return {(comodel._name, "unlink")}
    if field.type == "many2many":
        return set()
    # Lines that are linked change their parent; those that lose it may be deleted with it.
    inverse = comodel._fields.get(field.inverse_name)
    loses = code in (3, 5, 6) and inverse is not None and getattr(inverse, "ondelete", "") == "cascade"
    return {(comodel._name, "write"), *([(comodel._name, "unlink")] if loses else [])}


_CHECKS = {
    0: lambda comodel, rest: (0, 0, checked_values(comodel, rest[1], creating=True)),
    1: _write_line,
    2: lambda comodel, rest: (2, linkable(comodel, rest[:1])[0], 0),
    3: lambda comodel, rest: (3, linkable(comodel, rest[:1])[0], 0),
    4: lambda comodel, rest: (4, linkable(comodel, rest[:1])[0], 0),
    5: lambda comodel, rest: (5, 0, 0),
    6: _set,
}
