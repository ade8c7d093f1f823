# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Public methods by name, through Odoo's own gate."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from odoo.exceptions import AccessError
from odoo.models import BaseModel

from ..compat import public_method, takes_ids
from . import narrowing
from .copying import copied, touched
from .errors import ToolError
from .lookup import suggestion
from .rules import CALL, CREATE, DENY, READ, WRITE
from .scalars import shown
from .values import checked_values

# What a tool does with checks that Odoo leaves to its web client: hidden fields on create, domains on computed fields.
INSTEAD = {
    **dict.fromkeys(("create", "web_save", "web_save_multi", "load", "copy_data", "copy_multi"), "create_records"),
    **dict.fromkeys(("write", "web_override_translations"), "update_records"),
    "unlink": "delete_records",
    **dict.fromkeys(("search", "search_read", "web_search_read", "name_search", "web_name_search"), "search_records"),
    **dict.fromkeys(("read", "web_read", "export_data"), "read_records"),
    **dict.fromkeys(
        (
            "search_count",
            "read_group",
            "web_read_group",
            "formatted_read_group",
            "formatted_read_grouping_sets",
            "read_progress_bar",
        ),
        "aggregate_records",
    ),
    **dict.fromkeys(
        (
            "update_field_translations",
            "update_field_translations_sha",
            "web_update_field_translations",
            "web_resequence",
            "resequence",
        ),
        "update_records",
    ),
    **dict.fromkeys(
        (
            "get_mention_suggestions",
            "get_mention_suggestions_from_channel",
            "im_search",
            "search_for_channel_invite",
            "search_for_channel_invite_to_string",
        ),
        "find_records",
    ),
    "mail_partner_format": "read_records",
    **dict.fromkeys(("get_field_translations", "get_metadata", "name_get", "get_external_id"), "read_records"),
    **dict.fromkeys(("search_panel_select_range", "search_panel_select_multi_range"), "aggregate_records"),
    **dict.fromkeys(
        ("fields_get", "get_views", "get_view", "load_views", "fields_view_get", "get_property_definition"),
        "describe_model",
    ),
}
_FIELDS = re.compile(r"[\w.:]+(?:\s+(?:asc|desc))?(?:\s*,\s*[\w.:]+(?:\s+(?:asc|desc))?)*[\s,]*", re.IGNORECASE)

FOR_FORMS = frozenset(
    {"onchange", "default_get", "copy_translations", "clear_caches", "check_field_access_rights", "fields_get_keys"}
    | {"message_process", "message_route", "message_parse", "message_new", "message_update", "message_change_thread"}
)
"""What only Odoo's own forms and server call: it reads or writes values past the checks of the tools."""

LIKE_TOOLS = {
    **dict.fromkeys(("copy", "copy_multi", "name_create"), CREATE),
    **dict.fromkeys(("action_archive", "action_unarchive", "toggle_active"), WRITE),
}
"""Methods that do nothing but what a tool does, and need what that needs."""


def call(records: BaseModel, name: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None) -> Any:
    """Call a public method of ``records`` and return what it answers.

    :param records: the model, empty for methods that take no ids
    :param args: positional arguments after the ids
    :raise ToolError: no such public method, ids missing or not wanted, arguments that do not fit its signature
    """
    kwargs = dict(kwargs or {})
    method = _method(records, name)
    _check_allowed(records, name)
    if takes_ids(method) and not records:
        raise ToolError(f"{records._name}.{name} works on records: give their ids.")
    if records and not takes_ids(method):
        raise ToolError(f"{records._name}.{name} works on the model as a whole: leave the ids out.")
    _check_arguments(records, name, method, args, kwargs)
    _check_named([*args, *kwargs.items()], records)
    if name == "copy":
        return _copied(records, *args, **kwargs)
    with narrowing.unnarrowed():
        return getattr(records, name)(*args, **kwargs)


def _check_allowed(records: BaseModel, name: str) -> None:
    """Refuse what the profile denies of calling and, for methods that only create, of creating.

    :raise ToolError: with the profile
    """
    if narrowing.decision(records._name, CALL, name) == DENY:
        if narrowing.decision(records._name, CALL) == DENY:
            raise ToolError(narrowing.refused(records._name, CALL))
        refused = narrowing.refused(records._name, CALL).removesuffix(".")
        raise ToolError(f"{refused} but those that it names: {shown(name)} is not among them.")
    for model, operation in also_does(records, name):
        if narrowing.decision(model, operation) == DENY:
            raise ToolError(narrowing.refused(model, operation))
    if LIKE_TOOLS.get(name) == WRITE and records._active_name in narrowing.readonly_fields(records):
        raise ToolError(f"{records._name}.{records._active_name} is read-only and cannot be written.")


def also_does(records: BaseModel, name: str) -> set[tuple[str, str]]:
    """Return what a method does that a tool does too, as (model, operation): see ``LIKE_TOOLS``."""
    if name not in LIKE_TOOLS:
        return set()
    return {(records._name, LIKE_TOOLS[name]), *(touched(records, {}) if name == "copy" else ())}


def _check_named(value: Any, records: BaseModel) -> None:
    """Refuse arguments that name what is hidden: a field list, a domain or a model's name, however deep.

    The method itself is not narrowed, so a hidden field in a domain would be answered.

    :raise ToolError: as for a field or a model that does not exist
    """
    if isinstance(value, Mapping):
        value = value.items()
    elif isinstance(value, str):
        _check_name(value, records)
        return
    elif not isinstance(value, list | tuple | set):
        return
    for item in value:
        _check_named(item, records)


def _check_name(text: str, records: BaseModel) -> None:
    if text in records.env and narrowing.decision(text, READ) == DENY:
        raise ToolError(f"There is no model {shown(text)} that you may read. Look for it with list_models.")
    if any(narrowing.is_hidden_name(records, part) for part in _words(text)):
        raise ToolError(f"{shown(text)} names a field that you may not see.")


def _words(text: str) -> list[str]:
    """Return what may be names of fields in a text: of a path, an order, a domain; of prose the beginning only."""
    if text.lstrip()[:1] in ("[", "(", "{"):
        return re.split(r"\W+", text)
    return re.split(r"[.:,\s]+", text if _FIELDS.fullmatch(text) else text[:200])


def _copied(records: BaseModel, default: Mapping[str, Any] | None = None) -> BaseModel:
    """Copy records. The defaults are checked as those of a new record (17.0 and 18.0 do not look at ``groups``)."""
    return copied(records, checked_values(records.browse(), default or {}, creating=True))


def _method(records: BaseModel, name: str) -> Callable[..., Any]:
    """Return the method's function. Private and unknown names are refused with one sentence."""
    if name in INSTEAD:
        raise ToolError(f"{name} is not called by name here: use the tool {INSTEAD[name]}.")
    if name in FOR_FORMS:
        tools = "create_records, read_records and update_records"
        raise ToolError(f"{name} is for Odoo's own forms and server: use {tools}.")
    try:
        return public_method(records, name)
    except (AccessError, AttributeError) as error:
        near = suggestion(name, _public_names(records))
        raise ToolError(f"{records._name} has no public method {shown(name)}.{near}") from error


def _public_names(records: BaseModel) -> Iterator[str]:
    for name, _method in inspect.getmembers(type(records), inspect.isfunction):
        if name in INSTEAD or name in FOR_FORMS:
            continue
        try:
            public_method(records, name)
        except (AccessError, AttributeError):
            continue
        yield name


def _check_arguments(
    records: BaseModel, name: str, method: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> None:
    signature = inspect.signature(method)
    parameters = list(signature.parameters.values())[1:]
    names = [parameter.name for parameter in parameters]
    form = f"{records._name}.{name}({', '.join(map(str, parameters))})"
    if "context" in kwargs and "context" not in names:
        raise ToolError("A context cannot be given: company, language and time zone are arguments of the tool.")
    if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        for unknown in (key for key in kwargs if key not in names):
            raise ToolError(f"{form} has no argument {shown(unknown)}.{suggestion(unknown, names)}")
    try:
        signature.bind(records, *args, **kwargs)
    except TypeError as error:
        raise ToolError(f"{form}: {error}.") from error
