# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which fields of a model matter: for a search without ``fields``, and for the order of a description.

What is cached here is cached for a user, whatever the profile; what the profile hides is left out of it afterwards.

The people who made the model's views have chosen already: the columns of its list come first, then the fields of its
form. What views do not tell is ranked by name and type.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from lxml import etree

from odoo.models import BaseModel
from odoo.tools import ormcache

from ..compat import LIST_VIEW
from . import narrowing
from .names import name_field

_NOT_IN_TABLES = frozenset(
    {"binary", "image", "one2many", "many2many", "html", "text", "properties", "properties_definition", "json"}
)
_NOT_A_COLUMN = frozenset(
    {"handle", "activity_exception", "list_activity", "kanban_activity", "image", "boolean_favorite"}
)
_HIDDEN = frozenset({"1", "True", "true"})
_NAMES = ("complete_name", "display_name", "name")
"""Different spellings of one thing: one of them is enough in a table."""
_BOOKKEEPING = frozenset({"id", "display_name", "create_uid", "create_date", "write_uid", "write_date"})
_TECHNICAL = (
    "message_", "activity_", "my_activity_", "rating_", "website_message_", "access_", "image_", "avatar_",
    "has_message",
)  # fmt: skip
_ASIDE = ("oe_button_box", "alert")
"""Parts of a form that count or warn: not the record itself."""
_LISTED = 60
_COMPUTED = 60
_SCORES = {
    "name": 200, "complete_name": 201, "display_name": 195, "partner_id": 130, "employee_id": 130, "product_id": 125,
    "order_id": 100, "reference": 80, "default_code": 110, "login": 110, "stage_id": 125, "state": 102, "status": 100,
    "amount_total": 128, "total_amount": 125, "expected_revenue": 128, "amount": 110, "list_price": 120,
    "lst_price": 121, "price_subtotal": 110, "price_unit": 70, "qty_available": 100, "quantity": 100,
    "product_uom_qty": 100, "email": 120, "work_email": 115, "email_from": 90, "phone": 115, "work_phone": 110,
    "city": 105, "country_id": 70, "invoice_date": 120, "date_order": 120, "date_deadline": 105, "scheduled_date": 120,
    "date": 100, "start": 120, "stop": 115, "date_from": 110, "date_to": 108, "request_date_from": 100,
    "request_date_to": 98, "user_id": 95, "user_ids": 55, "job_title": 100, "department_id": 60, "project_id": 70,
    "picking_type_id": 106, "holiday_status_id": 120, "payment_state": 110, "origin": 60, "categ_id": 80, "type": 35,
    "move_type": 30, "model": 70, "res_model": 70, "res_id": 70, "partner_name": 25, "contact_name": 20,
    "file_size": 60, "invoice_partner_display_name": 5, "invoice_date_due": 20, "mobile": 5, "vat": 5, "lang": 0,
    "amount_untaxed": 20, "amount_untaxed_signed": 5, "amount_untaxed_in_currency_signed": 5, "amount_total_signed": 5,
    "amount_total_in_currency_signed": 5, "res_field": -60, "priority": -60, "company_id": -30, "currency_id": -40,
    "active": -10, "sequence": -60, "color": -60,
}  # fmt: skip
_SAME = {"list_price": "lst_price"}
_STATE_BESIDE_STAGE = -90
_TYPE_SCORES = {
    "monetary": 40, "many2one": 36, "date": 34, "selection": 32, "char": 30, "datetime": 28, "float": 24, "integer": 14,
    "reference": 14, "many2one_reference": 14, "boolean": 12, "text": 10,
}  # fmt: skip


def default_fields(model: BaseModel, count: int = 6) -> list[str]:
    """Return the fields that a table of this model shows when none are asked for, at most ``count``.

    They are the columns of the model's list view that matter most, in the order of that view, filled up by rank where
    the view shows fewer.
    """
    with narrowing.unnarrowed():
        columns, ranked = _table_fields(model, _views_version(model))
    hidden = narrowing.hidden_fields(model)
    chosen = [name for name in ranked if name not in hidden][:count]
    if hidden.intersection(_NAMES) and not {*_NAMES, model._rec_name}.intersection(chosen):
        # The one spelling of the name that stands for all of them is hidden
        named_by = name_field(model)
        chosen = [*([named_by] if named_by else []), *chosen][:count]
    places = {name: place for place, name in enumerate(columns)}
    return sorted(chosen, key=lambda name: (name not in (*_NAMES, model._rec_name), places.get(name, len(places))))


def important_fields(model: BaseModel, infos: Container[str] | None = None) -> list[str]:
    """Return every field the user may see, what matters first and what only Odoo needs last.

    :param infos: only names in here
    """
    with narrowing.unnarrowed():
        names = _described_fields(model, _views_version(model))
    hidden = narrowing.hidden_fields(model)
    return [name for name in names if name not in hidden and (infos is None or name in infos)]


def detail_fields(model: BaseModel, infos: Container[str] | None = None) -> list[str]:
    """Return what a person reads of one record: the fields of its list and form, in their order."""
    with narrowing.unnarrowed():
        viewed = _viewed_fields(model, _views_version(model))
    names = [
        name
        for name in important_fields(model, infos)
        if name in viewed and not (_is_technical(name) or _is_for_widgets(model, name))
    ]
    return names or important_fields(model, infos)


def _is_for_widgets(model: BaseModel, name: str) -> bool:
    """Whether a field holds what only a widget of Odoo's own pages understands: computed, and no value of a person."""
    field = model._fields[name]
    data = field.type == "json" or (field.type == "binary" and not field.exportable) or name.startswith("json_")
    return data and not field.store


def _views_version(model: BaseModel) -> int | None:
    """Return a number that changes in every worker when a view changes: Odoo keeps views in this cache."""
    return model.pool.cache_sequences.get("templates")


# A change of rights or groups clears the default cache; a change of a view changes the number in the key.
# The model is called self because ormcache of 19.0 asks for that name.
@ormcache("self.env.uid", "views_version")
def _table_fields(self: BaseModel, views_version: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns of the list view, and all fields that fit a table in the order of what they tell."""
    infos = {
        name: info
        for name, info in self.fields_get(attributes=["type", "store"]).items()
        if name == self._rec_name or name in _SCORES or not (info["type"] in _NOT_IN_TABLES or _is_technical(name))
    }
    columns = tuple(name for name in _viewed(self, LIST_VIEW) if name in infos)
    scores = {name: _score(self, name, info, name in columns) for name, info in infos.items()}
    if "stage_id" in scores and "state" in scores:
        scores["state"] += _STATE_BESIDE_STAGE
    ranked = sorted((name for name in scores if scores[name] > 0), key=lambda name: (-scores[name], name))
    return columns, tuple(_without_repetition(ranked, infos))


def _without_repetition(ranked: list[str], infos: dict[str, dict[str, object]]) -> Iterator[str]:
    """Yield fields, but one spelling of name and price, and no ``amount_total_signed`` after ``amount_total``."""
    seen: list[str] = []
    for name in ranked:
        if name in _NAMES and any(other in _NAMES for other in seen):
            continue
        if _SAME.get(name) in seen:
            continue
        if infos[name]["type"] == "monetary" and any(name.startswith(f"{other}_") for other in seen):
            continue
        seen.append(name)
        yield name


@ormcache("self.env.uid", "views_version")
def _described_fields(self: BaseModel, views_version: int | None) -> tuple[str, ...]:
    infos = self.fields_get(attributes=["type", "store", "required"])
    places = {name: place for place, name in enumerate(_viewed_fields(self, views_version))}

    def rank(name: str) -> tuple[int, int, str]:
        info = infos[name]
        if name in _BOOKKEEPING or _is_technical(name):
            return 4, 0, name
        if name in (self._rec_name, "name"):
            return 0, -1, name
        if name in places:
            return 0, places[name], name
        if info.get("required"):
            return 1, 0, name
        return (2 if info.get("store") else 3), -_score(self, name, info, listed=False), name

    return tuple(sorted(infos, key=rank))


@ormcache("self.env.uid", "views_version")
def _viewed_fields(self: BaseModel, views_version: int | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*_viewed(self, LIST_VIEW), *_viewed(self, "form")]))


def _is_technical(name: str) -> bool:
    return name.startswith(_TECHNICAL)


def _score(model: BaseModel, name: str, info: dict[str, object], listed: bool) -> int:
    """Return how much a field tells in a table: by its name, its type, its place in the list, its cost."""
    if name == model._rec_name:
        return 200
    if name in _BOOKKEEPING and not listed:
        return 0
    score = _SCORES.get(name, _TYPE_SCORES.get(str(info["type"]), 0))
    return score + (_LISTED if listed else 0) - (0 if info.get("store") or listed else _COMPUTED)


def _viewed(model: BaseModel, view_type: str) -> Iterator[str]:
    """Yield the fields of the model's own view that this user sees at first sight, in order."""
    root = etree.fromstring(model.get_view(view_type=view_type)["arch"])
    for node in root.iter("field"):
        if not _is_hidden(node) and not any(map(_is_aside, node.iterancestors())):
            yield node.get("name")


def _is_aside(parent: etree._Element) -> bool:
    """Whether what stands in a node belongs to other records, or is hidden, or is not the record itself."""
    classes = (parent.get("class") or "").split()
    return parent.tag == "field" or parent.get("invisible") in _HIDDEN or any(name in classes for name in _ASIDE)


def _is_hidden(node: etree._Element) -> bool:
    """Whether a field of a view is for the view only, or shown when asked for."""
    return (
        node.get("optional") == "hide"
        or node.get("invisible") in _HIDDEN
        or node.get("column_invisible") in _HIDDEN
        or node.get("widget") in _NOT_A_COLUMN
    )
