# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Properties: the small fields that people define on a project, a team… for its tasks, leads…

Odoo replaces all properties of a record by what is written (17.0 to 19.0), so a change is merged with what is there.
Definitions are never changed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odoo.models import BaseModel

from ..compat import has_model_access
from .dates import from_user
from .errors import ToolError
from .lookup import existing, suggestion
from .scalars import boolean, choice, integer, number, shown, text, unset

Definition = dict[str, Any]


def checked_properties(
    model: BaseModel, name: str, value: Any, values: Mapping[str, Any], creating: bool
) -> dict[str, Any]:
    """Return all properties to store.

    :param model: the records to write, or the model to create in
    :param value: ``{property: value}``, each property by its technical name or its label
    :param values: everything that is written; when creating, the container of the definitions is taken from it
    :raise ToolError: an unknown property or a wrong value; records whose properties would differ after the write
    """
    if unset(value):
        value = {}
    if not isinstance(value, Mapping):
        raise ToolError(f'expects an object of properties such as {{"priority": "high"}}, not {shown(value)}.')
    if creating:
        return _merged(model, _new_definitions(model, name, values), value)
    results = [_merged(model, record.read([name])[0][name], value) for record in model]
    if any(result != results[0] for result in results):
        raise ToolError("these records hold different properties: write them one record at a time.")
    return results[0] if results else {}


def defined_names(model: BaseModel, name: str) -> set[str] | None:
    """Return the technical names defined on any container that the user may read; ``None`` if there is no telling."""
    container, field_name = _container(model, name)
    if not container.fields_get([field_name], attributes=["type"]) or not has_model_access(container, "read"):
        return None
    records = container.with_context(active_test=False).search([(field_name, "!=", False)])
    return {item["name"] for record in records for item in record[field_name]}


def _container(model: BaseModel, name: str) -> tuple[BaseModel, str]:
    """Return the empty model whose records define the properties, and its field that holds the definitions."""
    field = model._fields[name]
    return model.env[model._fields[field.definition_record].comodel_name], field.definition_record_field


def _new_definitions(model: BaseModel, name: str, values: Mapping[str, Any]) -> list[Definition]:
    """Return the definitions that apply to a record to be created."""
    link = model._fields[name].definition_record
    container, field_name = _container(model, name)
    chosen = values.get(link)
    if not isinstance(chosen, int) or isinstance(chosen, bool):
        raise ToolError(f"give {link} as an id in the same values: its record defines the properties.")
    return list(existing(container, [chosen])[field_name] or [])


def _merged(model: BaseModel, definitions: list[Definition], value: Mapping[str, Any]) -> dict[str, Any]:
    result = {item["name"]: _stored(item) for item in definitions if "value" in item}
    for key, new in value.items():
        definition = _definition(definitions, key)
        result[definition["name"]] = False if unset(new) else _typed(model, definition, new)
    return result


def _stored(definition: Definition) -> Any:
    """Return a value as it was read in the form in which it is written: ids without names."""
    value = definition["value"]
    if definition["type"] == "many2one" and isinstance(value, (list, tuple)):
        return value[0]
    if definition["type"] == "many2many" and value:
        return [item[0] if isinstance(item, (list, tuple)) else item for item in value]
    return value


def _definition(definitions: list[Definition], key: str) -> Definition:
    usable = [item for item in definitions if item["type"] != "separator"]
    found = [item for item in usable if item["name"] == key] or [item for item in usable if item["string"] == key]
    if len(found) == 1:
        return found[0]
    near = suggestion(key, [item["string"] for item in usable])
    listed = ", ".join(f"{item['name']} ({item['string']})" for item in usable) or "none"
    raise ToolError(f"there is no property {shown(key)}.{near} Properties: {listed}.")


def _typed(model: BaseModel, definition: Definition, value: Any) -> Any:
    kind = definition["type"]
    if kind in ("many2one", "many2many"):
        return _linked(model, definition, value)
    if kind in ("date", "datetime"):
        return from_user(value, model.env, kind)
    if kind == "selection":
        return choice(value, definition.get("selection") or ())
    if kind == "tags":
        return [choice(item, [tag[:2] for tag in definition.get("tags") or ()]) for item in _listed(value)]
    return {"boolean": boolean, "integer": integer, "float": number}.get(kind, text)(value)


def _linked(model: BaseModel, definition: Definition, value: Any) -> Any:
    comodel = model.env[definition["comodel"]]
    if not has_model_access(comodel, "read"):
        raise ToolError(f"you may not read the records that {definition['name']} points to.")
    if definition["type"] == "many2one":
        return existing(comodel, [value]).id
    return existing(comodel, _listed(value)).ids


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
