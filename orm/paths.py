# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Columns of files as Odoo's export and import name them: ``order_line/product_id``, ``parent_id/.id``, ``id``.

``id`` is the external id (``base.main_partner``), ``.id`` the number in the database; both end a path. Dots instead of
slashes are understood, as are the old forms ``parent_id.id`` (the number) and ``parent_id:id`` (the external id).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from odoo.models import BaseModel

from .errors import ToolError
from .lookup import field_infos, is_readable
from .scalars import shown

Path = tuple[str, ...]

EXTERNAL, NUMBER = "id", ".id"
REFERENCES = (EXTERNAL, NUMBER)
MAX_DEPTH = 5
MAX_COLUMNS = 200
_NUMBER_AT_END = re.compile(r"([^/])\.id$")
_SEPARATOR = re.compile(r"([^/])[.:]")
_ATTRIBUTES = ("type", "relation", "readonly", "selection")


def parsed(text: Any) -> Path:
    """Return the steps of a column's name.

    :raise ToolError: no text, an empty step, or too many of them
    """
    if not isinstance(text, str) or not text.strip():
        raise ToolError(f'A column is named by a path such as "name" or "parent_id/id", not {shown(text)}.')
    path = tuple(_SEPARATOR.sub(r"\1/", _NUMBER_AT_END.sub(r"\1/.id", text.strip())).split("/"))
    if not all(path) or len(path) > MAX_DEPTH:
        raise ToolError(f"{shown(text)} is no path of 1 to {MAX_DEPTH} fields such as order_line/product_id.")
    return path


def written(path: Path) -> str:
    """Return a path as it stands above a column."""
    return "/".join(path)


def steps(model: BaseModel, path: Path) -> Iterator[tuple[BaseModel, str, dict[str, Any], Path]]:
    """Yield each field along a path: its model, its name, its description for this user, and the rest of the path.

    References (``id``, ``.id``) are no fields and not among them.

    :raise ToolError: a field that the user may not see, one that leads nowhere, a model that may not be read, a
        reference that is not at the end
    """
    for place, name in enumerate(path):
        rest = path[place + 1 :]
        if name in REFERENCES:
            if rest:
                raise ToolError(f"{written(path)}: {name} ends a path.")
            return
        info = field_infos(model, [name], _ATTRIBUTES)[name]
        yield model, name, info, rest
        if rest:
            model = _comodel(model, name, info, path)


def _comodel(model: BaseModel, name: str, info: dict[str, Any], path: Path) -> BaseModel:
    if info["type"] not in ("many2one", "one2many", "many2many"):
        raise ToolError(f"{written(path)}: {model._name}.{name} is no link to other records.")
    comodel = model.env[info["relation"]]
    if not is_readable(comodel):
        raise ToolError(f"{written(path)}: you may not read the records that {model._name}.{name} leads to.")
    return comodel
