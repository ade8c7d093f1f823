# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a public method of Odoo returned, as text for an assistant."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from odoo import api
from odoo.models import BaseModel

from . import dates, narrowing, richtext, technical
from .columns import compact_json, size
from .names import closed_ids, listed, readable_names
from .rules import DENY, READ

_SHOWN_RECORDS = 50
_SHOWN_CONTEXT = 400
_TOKEN = re.compile(r"((?:access_|_|\b)token=|signup_token=|hash=)[\w%.~-]+")


def method_result(env: api.Environment, result: Any, called: BaseModel | None = None) -> str:
    """Return a result as text: records by name and id, an action as what it would open, the rest as compact JSON.

    What the profile hides is taken out as far as it can be known: records, and values under the name of a hidden field.

    :param called: the records whose method it was
    """
    if result is None:
        return "Done; the method returned nothing."
    if isinstance(result, str):
        return _without_tokens(result)
    if isinstance(result, BaseModel):
        return _records(result)
    if isinstance(result, Mapping) and str(result.get("type") or "").startswith("ir.actions."):
        return action(env, result)
    return compact_json(plain(env, result, called))


def _without_tokens(text: str) -> str:
    """Return a text without the tokens that stand in links to the portal."""
    return text if narrowing.current() is None else _TOKEN.sub(r"\1…", text)


def _is_secret(key: Any, called: BaseModel | None) -> bool:
    if called is None or narrowing.current() is None or not isinstance(key, str):
        return False
    return key in narrowing.hidden_fields(called) or technical.sounds_secret(key)


def _shown_ids(records: BaseModel) -> list[int]:
    closed = closed_ids(records, filter(None, records.ids))
    return [record_id for record_id in records.ids if record_id not in closed]


def _records(records: BaseModel) -> str:
    if records and narrowing.current() is not None:
        records = records.browse(_shown_ids(records)) if records.ids else records
        if narrowing.decision(records._name, READ) == DENY:
            return "records that you may not read"
    if not records:
        return f"no records ({records._name})"
    ids = [record_id for record_id in records.ids if record_id]
    if not ids:
        return f"a record that is not stored ({records._name})"
    return f"{records._name}: {listed(ids, readable_names(records.browse(), ids[:_SHOWN_RECORDS]), _SHOWN_RECORDS)}"


def plain(env: api.Environment, result: Any, called: BaseModel | None = None) -> Any:
    """Return a result in JSON values: times in the user's zone, files as sizes, records as model and ids."""
    if isinstance(result, Mapping):
        return {str(key): plain(env, item, called) for key, item in result.items() if not _is_secret(key, called)}
    if isinstance(result, BaseModel):
        if narrowing.decision(result._name, READ) == DENY:
            return "(no access)"
        return {"model": result._name, "ids": _shown_ids(result)}
    if isinstance(result, bytes | bytearray):
        return f"binary, {size(len(result))}"
    if isinstance(result, date):
        return dates.to_user(result, env)
    if isinstance(result, set | frozenset):
        return sorted((plain(env, item, called) for item in result), key=str)
    if isinstance(result, str):
        return _without_tokens(result)
    if isinstance(result, int | float | None):
        return result
    if isinstance(result, list | tuple) or hasattr(result, "__iter__"):
        return [plain(env, item, called) for item in result]
    return str(result)


def action(env: api.Environment, act: Mapping[str, Any]) -> str:
    """Return in one line what a client would do with an action that a method answered."""
    kind = act["type"].removeprefix("ir.actions.")
    describe = {
        "act_window": _window,
        "act_window_close": _close,
        "act_url": _url,
        "report": _report,
        "client": _client,
    }.get(kind)
    name = f' "{act["name"]}"' if act.get("name") else ""
    return describe(env, act, name) if describe else f"Action {act['type']}{name}, which a client would run."


def _window(env: api.Environment, act: Mapping[str, Any], name: str) -> str:
    model = act.get("res_model") or "?"
    place = "a dialog" if act.get("target") == "new" else "a window"
    if narrowing.decision(model, READ) == DENY:
        return f"Would open {place} of records that you may not read"
    opened = act.get("res_id")
    if opened and isinstance(opened, int) and model in env and closed_ids(env[model], [opened]):
        return f"Would open {place} of a record that you may not read"
    target = f"{model} #{opened}" if opened else model
    parts = [f"Would open {place}{name}: {target}"]
    views = [view[1] for view in act.get("views") or ()] or str(act.get("view_mode") or "").split(",")
    if any(views):
        parts.append(f"views {', '.join(views)}")
    if domain := _evaluated(act.get("domain")):
        parts.append(f"domain {compact_json(plain(env, domain))}")
    if context := _useful_context(_evaluated(act.get("context"))):
        parts.append(f"context {compact_json(plain(env, context))[:_SHOWN_CONTEXT]}")
    return "; ".join(parts)


def _evaluated(value: Any) -> Any:
    """Return the domain or context of an action; one that is an expression of the client stays text."""
    if not isinstance(value, str):
        return value
    try:
        return ast.literal_eval(value.strip() or "None")
    except (ValueError, SyntaxError):
        return value


def _useful_context(context: Any) -> Any:
    """Return of a context what the next call needs: default values and the records it is about."""
    if not isinstance(context, Mapping):
        return context
    return {key: value for key, value in context.items() if key.startswith(("default_", "active_"))}


def _close(env: api.Environment, act: Mapping[str, Any], name: str) -> str:
    following = act.get("effect") or act.get("infos")
    said = following.get("message") if isinstance(following, Mapping) else None
    return f"Done: {_sentence(said)}" if said else "Done; a client would close the dialog."


def _url(env: api.Environment, act: Mapping[str, Any], name: str) -> str:
    return f"Would open the address {_without_tokens(str(act.get('url')))}"


def _report(env: api.Environment, act: Mapping[str, Any], name: str) -> str:
    ids = (act.get("context") or {}).get("active_ids") or (act.get("data") or {}).get("ids")
    about = f" for records {', '.join(map(str, ids))}" if isinstance(ids, list) and ids else ""
    return f"Would print the report{name} {act.get('report_name')} ({act.get('report_type')}){about}: use render_report"


def _client(env: api.Environment, act: Mapping[str, Any], name: str) -> str:
    params = act.get("params") if isinstance(act.get("params"), Mapping) else {}
    if act.get("tag") != "display_notification":
        return f"Would start the client action{name} {act.get('tag')}"
    told = ": ".join(_sentence(params[key]) for key in ("title", "message") if params.get(key))
    following = params.get("next")
    after = f" Then: {action(env, following)}" if isinstance(following, Mapping) and following.get("type") else ""
    return f"Message: {told}{after}"


def _sentence(value: Any) -> str:
    return richtext.to_text(str(value)) if richtext.looks_like_html(str(value)) else str(value)
