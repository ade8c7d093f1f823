# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Activities as an assistant reads them: what is due when, on which record, for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from odoo.models import BaseModel

from . import dates
from .columns import NO_ACCESS
from .lookup import is_readable
from .names import labelled, readable_names
from .render import escaped, one_line
from .richtext import to_text
from .untrusted import MARK

_NOTE = 160
_SHOWN = ("activity_type_id", "date_deadline", "note", "res_id", "res_model", "summary", "user_id")
COLUMNS = "id|due|activity|record|assigned to"


def listed(activities: BaseModel) -> str:
    """Return activities as a table, with their notes where there are any.

    :param activities: that the user may read
    """
    lister = _Lister(activities)
    columns = f"{COLUMNS}|note ({MARK})" if lister.has_notes else COLUMNS
    return "\n".join([columns, *("|".join(lister.cells(activity)) for activity in activities)])


def named(activities: BaseModel) -> str:
    """Return activities on one line: ``Call: Ask for the order #12, …``."""
    lister = _Lister(activities)
    return ", ".join(f"{lister.what(activity)} #{activity.id}" for activity in activities)


class _Lister:
    """Writes activities; the names of what they link to are read once."""

    def __init__(self, activities: BaseModel) -> None:
        self._env = activities.env
        self._visible = set(activities.fields_get(_SHOWN, ["type"]))
        self._today = dates.today(self._env)
        self._types = self._names(activities, "activity_type_id")
        self._users = self._names(activities, "user_id")
        self._records = self._record_names(activities)
        self.has_notes = any(self._note(activity) for activity in activities)

    def cells(self, activity: BaseModel) -> list[str]:
        due = self._value(activity, "date_deadline")
        cells = [str(activity.id), self._due(due) if due else "", self.what(activity), self._record(activity)]
        user = self._value(activity, "user_id")
        cells.append(escaped(labelled(user.id, self._users)) if user else "nobody")
        return [*cells, one_line(self._note(activity), _NOTE)] if self.has_notes else cells

    def what(self, activity: BaseModel) -> str:
        """Return the type and the summary of an activity."""
        kind = self._value(activity, "activity_type_id")
        kind = self._types.get(kind.id) if kind else ""
        return escaped(": ".join(filter(None, [kind, self._value(activity, "summary")])))

    def _value(self, activity: BaseModel, name: str) -> Any:
        return activity[name] if name in self._visible else False

    def _names(self, activities: BaseModel, name: str) -> dict[int, str]:
        linked = activities.mapped(name) if name in self._visible else activities.browse()
        return readable_names(linked.browse(), linked.ids) if linked else {}

    def _due(self, due: date) -> str:
        """Return the day, and how far it is behind: an assistant counts days badly."""
        days = (self._today - due).days
        late = f" ({days} day{'s' if days > 1 else ''} overdue)" if days > 0 else " (today)" if not days else ""
        return f"{due.isoformat()}{late}"

    def _record_names(self, activities: BaseModel) -> dict[str, dict[int, str]]:
        found: dict[str, set[int]] = {}
        for activity in activities if {"res_model", "res_id"} <= self._visible else ():
            if activity.res_model in self._env and is_readable(self._env[activity.res_model]):
                found.setdefault(activity.res_model, set()).add(activity.res_id)
        return {model: readable_names(self._env[model], ids) for model, ids in found.items()}

    def _record(self, activity: BaseModel) -> str:
        """Return what an activity is on; of a record that the user may not read, that there is one."""
        if not {"res_model", "res_id"} <= self._visible or not activity.res_model:
            return ""
        names = self._records.get(activity.res_model, {})
        if activity.res_id not in names:
            return NO_ACCESS
        return f"{escaped(labelled(activity.res_id, names))} ({activity.res_model})"

    def _note(self, activity: BaseModel) -> str:
        return to_text(self._value(activity, "note"))

