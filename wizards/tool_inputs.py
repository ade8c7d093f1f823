# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The arguments of a custom tool as the inputs of a page, in the form of Odoo's properties."""

from __future__ import annotations

from typing import Any

from ..orm import custom_arguments as kinds
from ..orm.custom_arguments import Argument
from ..toolsets.general_custom import RECORDS, CustomDeclared

Property = dict[str, Any]

_TYPES = {
    kinds.TEXT: "char",
    kinds.NUMBER: "float",
    kinds.INTEGER: "integer",
    kinds.BOOLEAN: "boolean",
    kinds.DATE: "date",
    kinds.DATETIME: "datetime",
    kinds.CHOICE: "selection",
    kinds.RECORD: "many2one",
    kinds.RECORDS: "many2many",
    kinds.LIST: "char",
}


def inputs_of(tool: CustomDeclared, records: str) -> list[Property]:
    """Return an input for each argument, the records it runs on first.

    :param records: what these are called on the page
    """
    return [_input(argument, records if argument.name == RECORDS else argument.name) for argument in _arguments(tool)]


def arguments_of(tool: CustomDeclared, inputs: list[Property]) -> dict[str, Any]:
    """Return what an assistant would send, without what was left empty.

    :param inputs: the definitions with their values, as ``read()`` gives them
    """
    values = {entry["name"]: entry.get("value") for entry in inputs or ()}
    found = {argument.name: _sent(argument, values.get(argument.name)) for argument in _arguments(tool)}
    return {name: value for name, value in found.items() if value is not None}


def _arguments(tool: CustomDeclared) -> tuple[Argument, ...]:
    own = (Argument(RECORDS, kinds.RECORDS, required=True, model=tool.subject),) if tool.on_records else ()
    return own + tool.arguments


def _input(argument: Argument, label: str) -> Property:
    entry: Property = {
        "name": argument.name,
        "string": f"{label} *" if argument.required else label,
        "type": _TYPES[argument.kind],
    }
    if argument.choices:
        entry["selection"] = [[choice, choice] for choice in argument.choices]
    if argument.model:
        entry["comodel"] = argument.model
    if argument.default:
        entry["default"] = argument.parsed_default
    return entry


def _sent(argument: Argument, value: Any) -> Any:
    """Return a value of an input as JSON, None where it is empty."""
    if argument.kind == kinds.BOOLEAN:
        return bool(value)
    if value is None or value is False or value in ("", []):
        return None
    if argument.kind == kinds.RECORD:
        return _id(value)
    if argument.kind == kinds.RECORDS:
        return [_id(link) for link in value]
    if argument.kind == kinds.LIST:
        return [word.strip() for word in value.split(",")]
    return f"{value}Z" if argument.kind == kinds.DATETIME else value


def _id(link: Any) -> int:
    """Return the id of a record that is shown as (id, name)."""
    return link[0] if isinstance(link, list | tuple) else link
