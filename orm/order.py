# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The order of a search, checked before it becomes SQL."""

from __future__ import annotations

import re

from odoo.models import BaseModel

from ..compat import has_model_access
from . import narrowing
from .errors import ToolError
from .lookup import field_infos
from .scalars import shown

_TERM = re.compile(
    r"(?P<minus>-)?(?P<field>[a-z]\w*)(?:[\s:]+(?P<direction>asc|desc))?(?:\s+(?P<nulls>nulls\s+(?:first|last)))?",
    re.IGNORECASE | re.ASCII,
)
_DEPTH = 4


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


def own_order(model: BaseModel) -> str:
    """Return a model's own order without what the profile hides, with the id at its end.

    Without the id, equal records may change pages.
    """
    order = model._order
    if not has_open_order(model):
        terms = [term.strip() for term in order.split(",")]
        order = ", ".join(term for term in terms if _is_open(model, _field_of(term), _DEPTH))
    if re.search(r"\bid\b", order):
        return order
    return f"{order}, id" if order else "id"


def has_open_order(model: BaseModel, depth: int = _DEPTH) -> bool:
    """Whether records in their model's own order tell nothing that the profile hides."""
    if narrowing.current() is None:
        return True
    return all(_is_open(model, _field_of(term.strip()), depth) for term in model._order.split(","))


def _field_of(term: str) -> str:
    return re.split(r"[\s.:]", term.strip('"'), maxsplit=1)[0].strip('"')


def _is_open(model: BaseModel, name: str, depth: int) -> bool:
    field = model._fields.get(name)
    if field is None or name in narrowing.hidden_fields(model):
        return field is None
    if field.type != "many2one" or depth == 0:
        return True
    comodel = model.env[field.comodel_name]
    return comodel._name == model._name or (not narrowing.is_limited(comodel) and has_open_order(comodel, depth - 1))


def check_sorting_by(model: BaseModel, name: str) -> None:
    """Refuse to sort by a many2one where the order would tell about records that may not be read.

    :raise ToolError: it sorts by hidden names, or by records that the user may not read
    """
    field = model._fields[name]
    if field.type != "many2one":
        return
    comodel = model.env[field.comodel_name]
    if not has_model_access(comodel, "read") or not _is_open(model, name, _DEPTH) or narrowing.is_limited(comodel):
        raise ToolError(f"you may not sort {model._name} by {name}: not all of what it points to is for you.")


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
        check_sorting_by(model, name)
        return name
    if name == "display_name" and model._rec_name and model._rec_name != name:
        return _sortable(model, model._rec_name)
    raise ToolError(
        f"{model._name} cannot be sorted by {name}: it is computed or holds many records. "
        f"Sort by a stored field; describe_model {model._name} lists them."
    )
