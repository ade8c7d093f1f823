# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The order of a search, checked before it becomes SQL."""

from __future__ import annotations

import re

from odoo.models import BaseModel

from .errors import ToolError
from .lookup import field_infos
from .scalars import shown

_TERM = re.compile(
    r"(?P<minus>-)?(?P<field>[a-z]\w*)(?:[\s:]+(?P<direction>asc|desc))?(?:\s+(?P<nulls>nulls\s+(?:first|last)))?",
    re.IGNORECASE | re.ASCII,
)


def checked_order(model: BaseModel, order: str | None) -> str | None:
    """Return an order for ``search``; ``None`` and blank text keep the model's own.

    :param order: ``date desc, name``; ``-date`` means ``date desc``. ``id`` is added at the end, so that records that
        are equal otherwise never change places between two pages.
    :raise ToolError: the form, or a field that the user may not see or that cannot be sorted by
    """
    if order is None or not str(order).strip():
        return None
    terms = [_checked_term(model, term.strip()) for term in str(order).split(",")]
    if "id" not in (term.split()[0] for term in terms):
        terms.append("id")
    return ", ".join(terms)


def _checked_term(model: BaseModel, term: str) -> str:
    match = _TERM.fullmatch(term)
    if not match:
        raise ToolError(f'{shown(term)} is no order. Write it as "date desc, name"; dotted paths cannot be sorted by.')
    name = _sortable(model, match["field"])
    direction = "desc" if match["minus"] else (match["direction"] or "asc").lower()
    return " ".join(filter(None, [name, direction, (match["nulls"] or "").lower()]))


def _sortable(model: BaseModel, name: str) -> str:
    """Return the field to sort by. ``display_name`` has no column on 17.0: there the field that names records."""
    info = field_infos(model, [name], ("sortable", "type"))[name]
    if info["sortable"]:
        return name
    if name == "display_name" and model._rec_name and model._rec_name != name:
        return _sortable(model, model._rec_name)
    raise ToolError(
        f"{model._name} cannot be sorted by {name}: it is computed or holds many records. "
        f"Sort by a stored field; describe_model {model._name} lists them."
    )
