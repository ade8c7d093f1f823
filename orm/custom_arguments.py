# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The arguments of a tool that was made in Odoo: what an assistant is shown, and what the code is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from odoo import api, fields
from odoo.models import BaseModel

from ..protocol.arguments import ArgumentError, check
from .dates import from_user
from .errors import ToolError
from .lookup import existing, get_model

TEXT, NUMBER, INTEGER, BOOLEAN, DATE, DATETIME, CHOICE, RECORD, RECORDS, LIST = KINDS = (
    "text", "number", "integer", "boolean", "date", "datetime", "choice", "record", "records", "list",
)  # fmt: skip

LINKS = (RECORD, RECORDS)
IDS = {"type": "array", "items": {"type": "integer"}, "maxItems": 1000}
SCHEMAS: dict[str, dict[str, Any]] = {
    TEXT: {"type": "string"},
    NUMBER: {"type": "number"},
    INTEGER: {"type": "integer"},
    BOOLEAN: {"type": "boolean"},
    DATE: {"type": "string"},
    DATETIME: {"type": "string"},
    CHOICE: {"type": "string"},
    RECORD: {"type": "integer"},
    RECORDS: IDS,
    LIST: {"type": "array", "items": {"type": "string"}, "maxItems": 1000},
}


@dataclass(frozen=True)
class Argument:
    """One argument.

    :param kind: a value of ``KINDS``
    :param choices: the only values, of a ``choice``
    :param model: whose records are meant, of ``record`` and ``records``
    :param default: what holds where the call leaves it out, as somebody typed it; empty for nothing
    """

    name: str
    kind: str
    required: bool = False
    description: str = ""
    choices: tuple[str, ...] = ()
    model: str = ""
    default: str = ""

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The property of the input schema."""
        schema = dict(SCHEMAS[self.kind])
        if text := ". ".join(filter(None, [self.description.strip().rstrip("."), self._form])):
            schema["description"] = text
        if self.choices:
            schema["enum"] = list(self.choices)
        if self.default:
            schema["default"] = self.parsed_default
        return schema

    @property
    def _form(self) -> str:
        """What the JSON type does not say."""
        return {DATE: "YYYY-MM-DD", RECORD: f"id of {self.model}", RECORDS: f"ids of {self.model}"}.get(self.kind, "")

    @property
    def parsed_default(self) -> Any:
        """The default as the schema wants it.

        :raise ToolError: it does not fit the kind
        """
        kind = {**SCHEMAS[self.kind], **({"enum": list(self.choices)} if self.choices else {})}
        try:
            return check({"type": "object", "properties": {self.name: kind}}, {self.name: self.default})[self.name]
        except ArgumentError as error:
            raise ToolError(str(error)) from None

    def value(self, env: api.Environment, given: Any) -> Any:
        """Return what the code gets: Odoo's dates and times (UTC), records that the user may read, else the value.

        Where nothing was given: the default, else no records, an empty list, None.

        :param given: fits the schema, or None
        :raise ToolError: no such day, model or record, naming the argument
        """
        if given is None and self.default:
            given = self.parsed_default
        try:
            return self._converted(env, given)
        except ToolError as error:
            raise ToolError(f"{self.name}: {error}") from None

    def _converted(self, env: api.Environment, given: Any) -> Any:
        if self.kind in LINKS:
            ids = [given] if self.kind == RECORD and given is not None else given or []
            return self._records(env, ids)
        if self.kind == LIST:
            return given or []
        convert = _TIMES.get(self.kind)
        return convert(given, env) if convert and given is not None else given

    def _records(self, env: api.Environment, ids: list[int]) -> BaseModel:
        model = get_model(env, self.model)
        return existing(model, ids) if ids else model.browse()


def _date(given: str, env: api.Environment) -> date:
    return fields.Date.to_date(from_user(given, env, "date"))


def _datetime(given: str, env: api.Environment) -> datetime:
    return fields.Datetime.to_datetime(from_user(given, env, "datetime"))


_TIMES: dict[str, Callable[[str, api.Environment], Any]] = {DATE: _date, DATETIME: _datetime}
