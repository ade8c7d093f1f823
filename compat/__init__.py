# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The only place that knows which Odoo series it runs on.

Everything here asks what exists rather than comparing numbers, where that is possible.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2

from odoo import api, exceptions, release
from odoo.exceptions import AccessError
from odoo.fields import Field
from odoo.models import BaseModel
from odoo.tools.query import Query

if release.version_info < (18,):
    from odoo.osv import expression
if release.version_info >= (19,):
    from odoo.fields import Domain

SERIES: int = release.version_info[0]
SERIES_NAME: str = release.major_version

LIST_VIEW: str = "list" if SERIES >= 18 else "tree"
"""The view type of lists: ``tree`` until 17.0, ``list`` from 18.0 on."""

AGGREGATOR: str = "aggregator" if SERIES >= 18 else "group_operator"
"""The key of ``fields_get()`` and the field argument that name a field's own aggregate."""

GROUPS: str = "group_ids" if SERIES >= 19 else "groups_id"
"""The field of an action (a view, a menu) that holds its groups."""

# What 17.0 and 18.0 leave public and 19.0 declares private: never a method for a client.
NEVER_CALLABLE = frozenset(
    "browse check_access concat ensure_one env exists fetch filtered filtered_domain flush_model "
    "flush_recordset grouped init invalidate_model invalidate_recordset lock_for_update mapped modified new pool "
    "search_fetch sorted sudo try_lock_for_update union update with_company with_context with_env with_prefetch "
    "with_user".split()
)


REPLAYED: tuple[type[Exception], ...] = (
    psycopg2.OperationalError,
    psycopg2.errors.ReadOnlySqlTransaction,
    *filter(None, [getattr(exceptions, "ConcurrencyError", None)]),
)
"""What Odoo answers by running the request again; ``ConcurrencyError`` exists from 19.0 on. Never to be swallowed."""


def check_access(records: BaseModel, operation: str) -> None:
    """Raise ``AccessError`` unless the user may do ``operation`` on ``records`` (on the model, for an empty recordset).

    ``check_access`` exists from 18.0 on; 17.0 has one method for the rights and one for the rules.
    """
    if hasattr(records, "check_access"):
        records.check_access(operation)
    else:
        records.check_access_rights(operation)
        records.check_access_rule(operation)


def has_access(records: BaseModel, operation: str) -> bool:
    """Whether ``check_access`` would let ``operation`` pass."""
    if hasattr(records, "has_access"):
        return records.has_access(operation)
    if not records.check_access_rights(operation, raise_exception=False):
        return False
    return not records or len(records._filter_access_rules(operation)) == len(records)


def has_model_access(model: BaseModel, operation: str) -> bool:
    """Whether the access rights (not the record rules) give the user ``operation`` on the model."""
    return has_access(model.browse(), operation)


def readable_part(records: BaseModel) -> BaseModel:
    """Return those records that the record rules let the user read; the user has the read right on the model.

    ``_filtered_access`` exists from 18.0 on.
    """
    if hasattr(records, "_filtered_access"):
        return _checked(records._filtered_access("read"), "read")
    return _checked(records._filter_access_rules("read"), "read")


@contextmanager
def before_dispatch(env: api.Environment) -> Iterator[api.Environment]:
    """Give the environment in which a route may say whether it reads only.

    18.0 closes the request's cursor before it asks, 19.0 goes on with it, 17.0 never asks.
    """
    if SERIES != 18:
        yield env
        return
    with env.registry.cursor(readonly=True) as cr:
        yield env(cr=cr)


def read_format(records: BaseModel, names: list[str]) -> list[dict[str, Any]]:
    """Return values in the form of ``read()``, of records whose access was checked: what ``search_read`` does."""
    return records._read_format(names)


def public_method(model: BaseModel, name: str) -> Callable[..., Any]:
    """Return the public method ``name`` of ``model``, through Odoo's own gate where the series has one.

    :raise AccessError: the method is private
    :raise AttributeError: there is no such method
    """
    if name.startswith("_") or name in NEVER_CALLABLE:
        refusal = f"{model._name}.{name} is private"  # for callers, who word it themselves
        raise AccessError(refusal)
    try:
        from odoo.service.model import get_public_method
    except ImportError:  # 17.0 has no gate of its own beyond the name
        method = getattr(type(model), name, None)
        if not inspect.isfunction(method):
            raise AttributeError(name) from None
        return method
    return get_public_method(model, name)


def takes_ids(method: Callable[..., Any]) -> bool:
    """Whether a public method works on records, as opposed to ``@api.model`` methods.

    17.0 and 18.0 mark the latter by ``_api``, 19.0 by ``_api_model``.
    """
    return not (getattr(method, "_api_model", False) or getattr(method, "_api", None) in ("model", "model_create"))


def read_param(env: api.Environment, key: str, default: str = "") -> str:
    """Return a system parameter as text. ``get_param`` ends with 19.0; later series have ``get_str``."""
    params = env["ir.config_parameter"].sudo()
    read = params.get_str if hasattr(type(params), "get_str") else params.get_param
    return read(key) or default


def module_version(name: str) -> str:
    """Return the version in a module's manifest. ``get_manifest`` gives way to ``Manifest`` in 19.0."""
    try:
        from odoo.modules.module import Manifest
    except ImportError:
        from odoo.modules.module import get_manifest

        return get_manifest(name)["version"]
    return Manifest.for_addon(name)["version"]


def filtered_access(records: BaseModel, operation: str) -> BaseModel:
    """Return the records that rights and record rules give the user for ``operation``.

    18.0 and later have ``_filtered_access``, which models with rules of their own override. On 17.0 these override
    ``check_access_rule``, which only says yes or no: asked record by record.
    """
    if hasattr(records, "_filtered_access"):
        return _checked(records._filtered_access(operation), operation)
    if not records.check_access_rights(operation, raise_exception=False):
        return records.browse()
    if type(records).check_access_rule is BaseModel.check_access_rule:
        return _checked(records._filter_access_rules(operation), operation)
    return records.filtered(lambda record: _passes(record.check_access_rule, operation))


def _checked(records: BaseModel, operation: str) -> BaseModel:
    """Return of attachments those that pass rules of their own, which are in none of the checks until 19.0."""
    if records._name != "ir.attachment" or SERIES >= 19:
        return records
    return records.filtered(lambda record: _passes(record.check, operation))


def _passes(check: Callable[[str], Any], operation: str) -> bool:
    try:
        check(operation)
    except AccessError:
        return False
    return True


def name_condition(model: BaseModel, operator: str, value: str, negative: bool) -> tuple:
    """Return a domain's leaf for records by their name (``operator`` positive), or for all others (``negative``).

    From 18.0 on ``display_name`` has a search method; on 17.0 a condition on it would match every record, and the name
    search answers. The complement is taken over ids: negated name searches of several fields lose unset ones.
    """
    everything = model.with_context(active_test=False)  # the search around it decides about archived records
    if not model._fields["display_name"]._description_searchable:
        return ("id", "not in" if negative else "in", everything._name_search(value, [], operator))
    leaf = ("display_name", operator, value)
    return ("id", "not in", everything._search([leaf])) if negative else leaf


def name_is_searchable(model: BaseModel) -> bool:
    """Whether records are found by their name.

    Where they are not, Odoo's name search matches every record (no name field, or a computed one) or sends a text to
    a column of another type.
    """
    if own_name_search(model):
        return True
    fields = [_field_at_end(model, name) for name in model._rec_names_search or [model._rec_name] if name]
    return bool(fields) and all(
        field and field._description_searchable and (field.relational or field.type in ("char", "text", "selection"))
        for field in fields
    )


def own_name_search(model: BaseModel) -> bool:
    """Whether an addon wrote a name search for this model, which may look anywhere."""
    method = "_search_display_name" if hasattr(model, "_search_display_name") else "_name_search"
    return getattr(type(model), method) is not getattr(BaseModel, method)


def _field_at_end(model: BaseModel, path: str) -> Field | None:
    """Return the last field of a dotted path, or ``None`` if it leads nowhere."""
    for name in path.split("."):
        field = model._fields.get(name)
        if not field:
            return None
        model = model.env[field.comodel_name] if field.comodel_name else model
    return field


def related_condition(model: BaseModel, name: str, domain: list, negative: bool) -> tuple:
    """Return a domain's leaf: a record of the relation ``name`` satisfies ``domain`` (or none does).

    17.0 hands ``any`` to the search methods of computed relations, which do not know it, and leaves out the field's
    own domain on x2many; from 18.0 on Odoo does both.
    """
    if SERIES >= 18:
        return (name, "not any" if negative else "any", domain)
    field = model._fields[name].base_field
    if field.type == "many2many" or (field.type == "one2many" and field.inverse_name):
        domain = expression.AND([domain, field.get_domain_list(model.env[field.model_name])])
    if field.store:
        return (name, "not any" if negative else "any", domain)
    comodel = model.env[field.comodel_name]
    context = {"active_test": False} if field.type == "many2one" else field.context
    return (name, "not in" if negative else "in", list(comodel.with_context(**context)._search(domain)))


def groups_with_access(env: api.Environment, model: str, operation: str) -> list[str]:
    """Return the names of the groups that have a right on a model, as Odoo's own access errors list them."""
    return list(dict.fromkeys(env["ir.model.access"].group_names_with_access(model, operation)))


def constraint_message(env: api.Environment, name: str) -> str:
    """Return the message of an SQL constraint in the user's language, or nothing when Odoo declares none."""
    env.cr.execute(
        "SELECT COALESCE(message->>%s, message->>'en_US') FROM ir_model_constraint WHERE name = %s",
        [env.lang or "en_US", name],
    )
    return next((message for (message,) in env.cr.fetchall() if message), "")


def group_ids(user: BaseModel) -> frozenset[int]:
    """Return the ids of all groups of a user, by other groups too. 18.0 and later remember them in a cache."""
    return frozenset(user._get_group_ids() if hasattr(user, "_get_group_ids") else user.groups_id.ids)


def report_groups(report: BaseModel) -> BaseModel:
    """Return the groups that a report is for, none for everybody. The field has another name from 19.0 on."""
    return report["group_ids" if "group_ids" in report._fields else "groups_id"]


def all_users(group: BaseModel) -> BaseModel:
    """Return the active users that have a group, by other groups too. 19.0 keeps these apart from the direct ones."""
    users = group.all_user_ids if "all_user_ids" in group._fields else group.users
    return users.filtered("active")


def dirty_ids(env: api.Environment) -> dict[Field, list[int]]:
    """Return which records have values that the ORM has not sent to the database yet, by field.

    19.0 keeps them in the environment, 17.0 and 18.0 in its cache.
    """
    dirty = env._field_dirty if hasattr(env, "_field_dirty") else env.cache._dirty
    return {field: list(ids) for field, ids in dirty.items() if ids}


def both_domains(domain: Any, other: list) -> Any:
    """Return what record rules gave (a list, from 19.0 on a ``Domain``) and another domain, joined by "and"."""
    return [*domain, *other] if isinstance(domain, list) else domain & Domain(other)


def evaluable(domain: Any) -> Any:
    """Return a domain that ``filtered_domain`` understands: 17.0 and 18.0 take a query for one value."""
    if SERIES >= 19 or not isinstance(domain, list):
        return domain
    return [
        (*term[:2], list(term[2])) if isinstance(term, list | tuple) and isinstance(term[2], Query) else term
        for term in domain
    ]
