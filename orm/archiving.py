# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Archiving as Odoo's own menu does it: models have their own ways, and some ask something first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odoo.models import BaseModel

from .errors import ToolError
from .lookup import field_infos
from .narrowing import unnarrowed
from .render import named
from .results import method_result


def others(records: BaseModel, *, active: bool) -> BaseModel:
    """Return those records that are not yet ``active`` or archived as they should be.

    :raise ToolError: the model has nothing to archive by, or the user may not see or change it
    """
    name = records._active_name
    if not name:
        raise ToolError(f"{records._name} has no field active: its records cannot be archived.")
    if field_infos(records, [name], ["readonly"])[name]["readonly"]:
        raise ToolError(f"{records._name}.{name} is read-only: its records cannot be archived.")
    return records.filtered(lambda record: bool(record[name]) != active)


def archive(records: BaseModel, *, active: bool) -> Any:
    """Restore (``active``) or archive records, and return what Odoo answers: an action where it asks something."""
    with unnarrowed():
        return (records.action_unarchive() if active else records.action_archive()) if records else None


def told(records: BaseModel, changed: BaseModel, *, active: bool, result: Any) -> str:
    """Return what came of it.

    :param changed: those of the records that were to be changed
    :param result: what ``archive`` returned
    """
    word = "Restored" if active else "Archived"
    done = changed - others(changed, active=active)
    text = f"{word} {len(done)} {records._name}{': ' if done else ''}{named(done)}"
    if same := records - changed:
        text += f"; {len(same)} {'were not archived' if active else 'were archived already'}"
    if left := changed - done:
        text += f"; not yet: {named(left)}"
    if isinstance(result, Mapping):
        text += f". {method_result(records.env, result, records)}"
    return text
