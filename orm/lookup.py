# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the names and ids that an assistant writes to models, fields and records of this user.

What the user may not see and what does not exist are answered with the same sentence, and only what the user may see
is suggested.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from odoo import api
from odoo.models import BaseModel

from ..compat import filtered_access, has_model_access
from . import narrowing
from .errors import ToolError
from .scalars import ID_MAX, shown

ATTRIBUTES = ("type", "required", "readonly", "relation", "store", "searchable", "sortable")
"""What ``field_infos`` asks by default. Not ``selection``, ``string`` and ``help``, which cost."""

ALIKE = 0.6
SHOWN_IDS = 20
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def get_model(env: api.Environment, name: str) -> BaseModel:
    """Return the model ``name``, empty, in ``env``.

    :raise ToolError: there is no such model or the user has no read right on it (one sentence for both), with the
        nearest names among the models that the user may read
    """
    if isinstance(name, str) and name in env and is_readable(env[name]):
        return env[name]
    near = _near_models(env, name) if isinstance(name, str) else []
    hint = f" Nearest: {', '.join(near)}." if near else " Look for it with list_models."
    raise ToolError(f"There is no model {shown(name)} that you may read.{hint}")


def is_readable(model: BaseModel) -> bool:
    """Whether the user has the read right on a model that has records."""
    return not model._abstract and has_model_access(model, "read")


def field_infos(
    model: BaseModel, names: Iterable[str] | None = None, attributes: Collection[str] = ATTRIBUTES
) -> dict[str, dict[str, Any]]:
    """Return the description of fields as ``fields_get()`` shows them to this user, in the order of ``names``.

    :param names: technical names; ``None`` for all fields
    :raise ToolError: a name is unknown or hidden from the user by groups (one sentence for both)
    """
    if names is None:
        return _all_infos(model, attributes)
    wanted = list(names)
    for name in wanted:
        if not isinstance(name, str):
            raise unknown_field(model, name)
    wanted = list(dict.fromkeys(wanted))
    known = [name for name in wanted if name in model._fields]
    # fields_get([]) would mean all fields
    infos = model.fields_get(known, attributes=list(attributes)) if known else {}
    for name in wanted:
        if name not in infos:
            raise unknown_field(model, name)
    return {name: infos[name] for name in wanted}


def _all_infos(model: BaseModel, attributes: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the description of all fields, without those of forms only (``sel_groups_1_9``, 17.0 and 18.0)."""
    infos = model.fields_get(attributes=list(attributes))
    return {name: info for name, info in infos.items() if name in model._fields}


def unknown_field(model: BaseModel, name: Any) -> ToolError:
    """Return the error for a field that does not exist or that the user may not see."""
    near = []
    if isinstance(name, str):
        labels = {field: info["string"] for field, info in _all_infos(model, ["string"]).items()}
        near = _nearest_labelled(name, labels, 3)
    hint = f" Nearest: {', '.join(near)}." if near else f" describe_model {model._name} lists the fields."
    return ToolError(f"{model._name} has no field {shown(name)} that you may see.{hint}")


def existing(model: BaseModel, ids: Iterable[int], fields: Iterable[str] = ()) -> BaseModel:
    """Return the records with these ids, archived ones too, in the order of ``ids`` without repetitions.

    One query when all is well.

    :param fields: names to fetch in that query; their access was checked before
    :raise ToolError: ids that do not exist, or that a record rule hides from the user; it names them
    """
    wanted = checked_ids(ids)
    if not wanted:
        return model.browse()
    columns = [name for name in fields if model._fields[name].column_type]
    visible = model.with_context(active_test=False).search_fetch([("id", "in", wanted)], columns, order="id")
    if len(visible) < len(wanted):
        lost = model.browse(wanted) - visible.with_env(model.env)
        missing = lost - lost.exists()
        raise missing_ids(model, missing.ids) if missing else hidden_ids(model, lost.ids)
    return model.browse(wanted)


def visible_ids(model: BaseModel, ids: Iterable[int]) -> set[int]:
    """Return those ids that a search of the user finds, archived ones too.

    Not by the rules alone: on 17.0, what messages and attachments check of their own is asked for by a search only.
    """
    wanted = sorted(set(ids))
    found = model.with_context(active_test=False).search([("id", "in", wanted)], order="id") if wanted else model
    return set(found.ids)


def checked_ids(ids: Iterable[int]) -> list[int]:
    """Return record ids without repetitions.

    :raise ToolError: not a positive whole number
    """
    wanted = list(ids)
    for value in wanted:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= ID_MAX:
            raise ToolError(f"{shown(value)} is not a record id. Ids are positive whole numbers such as 42.")
    return list(dict.fromkeys(wanted))


def missing_ids(model: BaseModel, ids: Collection[int]) -> ToolError:
    """Return the error for ids that are not in the database."""
    return ToolError(f"{model._name} has no record with id {listed(ids)}: deleted, or never there.")


def hidden_ids(model: BaseModel, ids: Collection[int]) -> ToolError:
    """Return the error for records that exist but are not for this user, with the layer that hides them."""
    if narrowing.is_limited(model):
        with narrowing.unnarrowed():
            by_rule = model.browse(ids) - filtered_access(model.browse(ids), "read")
        if not by_rule:
            return ToolError(f"{narrowing.limits(model._name)}: you may not read {listed(ids)}.")
    return ToolError(f"A record rule keeps you from reading {model._name} {listed(ids)}.")


def listed(ids: Collection[int]) -> str:
    """Return ids as text, bounded."""
    ids = list(ids)
    rest = f" and {len(ids) - SHOWN_IDS} more" if len(ids) > SHOWN_IDS else ""
    return ", ".join(map(str, ids[:SHOWN_IDS])) + rest


def nearest(name: str, candidates: Iterable[str], count: int = 3) -> list[str]:
    """Return the candidates that are most like ``name``, best first; empty when none is alike."""
    return _nearest_labelled(name, dict.fromkeys(candidates, ""), count)


def suggestion(name: Any, candidates: Iterable[str]) -> str:
    """Return `` Nearest: a, b.`` or nothing."""
    near = nearest(name, candidates) if isinstance(name, str) else []
    return f" Nearest: {', '.join(near)}." if near else ""


def _nearest_labelled(name: str, labels: Mapping[str, str], count: int) -> list[str]:
    return _ranked(name, labels)[:count]


def _near_models(env: api.Environment, name: str, count: int = 3) -> list[str]:
    """Return readable models with a like name or description; rights are asked from the best on until it is enough."""
    near: list[str] = []
    descriptions = {key: model._description or "" for key, model in env.registry.items() if not model._abstract}
    for candidate in _ranked(name, descriptions):
        if is_readable(env[candidate]):
            near.append(candidate)
        if len(near) == count:
            break
    return near


def _ranked(name: str, labels: Mapping[str, str]) -> list[str]:
    wanted = _plain(name[:80])
    if not wanted:
        return []
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    scored = [
        (max(_likeness(matcher, _plain(key)), _likeness(matcher, _plain(label)) - 0.05), key)
        for key, label in labels.items()
    ]
    best = sorted((-score, len(key), key) for score, key in scored if score >= ALIKE)
    return [key for _score, _length, key in best]


def _plain(text: str) -> str:
    return _SEPARATORS.sub(" ", text.lower()).strip()


def _likeness(matcher: SequenceMatcher, candidate: str) -> float:
    """Return how alike a candidate is to the matcher's text, 0 to 1; all words of one in the other count much."""
    if not candidate:
        return 0.0
    if candidate == matcher.b:
        return 1.0
    wanted, words = set(matcher.b.split()), set(candidate.split())
    if wanted <= words or words <= wanted:
        return 0.9 - 0.02 * abs(len(candidate) - len(matcher.b)) / 2
    matcher.set_seq1(candidate)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
