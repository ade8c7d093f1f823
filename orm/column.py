# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One field of many records: what the user may know of it, as text for a reader and as typed values for a program."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.models import BaseModel

from . import narrowing
from .errors import ToolError

_logger = logging.getLogger(__name__)

NO_ACCESS = "(no access)"
BLANK = object()
"""Stands where there is nothing to have a value: the currency of the company of a contact without a company."""

PLAIN_TYPES = frozenset({"boolean", "integer", "float", "monetary", "date", "datetime", "many2one_reference"})
"""Types whose text holds no character of a user's choosing."""
BLOCK_TYPES = frozenset({"text", "html"})
"""Types whose text is long, and written by whoever."""
TO_MANY = frozenset({"one2many", "many2many"})
NAMED, MONEY, REFERENCE = ("name", "id"), ("amount", "currency"), ("name", "model", "id")
"""The members of typed values that are objects, the most telling first."""

_COMPUTE_FAILURES = (UserError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, eq=False)
class Column:
    """One field of many records, or one group or measure of totals.

    :param found: a value for each record; ``NO_ACCESS`` where the user may not know it, ``BLANK`` where there is none
    :param write: returns the text of a value, empty for nothing
    :param typed: returns a value as JSON holds it
    :param unit: what all texts share and leave out: the currency
    :param parts: the members of a typed value that is an object, or a list of objects
    :param timed: whether the texts hold times of the user's zone
    """

    name: str
    type: str
    found: Sequence[Any]
    write: Callable[[Any], str]
    typed: Callable[[Any], Any]
    unit: str = ""
    parts: tuple[str, ...] = ()
    timed: bool = False

    @cached_property
    def cells(self) -> list[str]:
        """The texts, one per record; ``""`` where there is no value."""
        return ["" if item is BLANK else item if item is NO_ACCESS else self.write(item) for item in self.found]

    @cached_property
    def values(self) -> list[Any]:
        """The typed values, one per record; ``None`` where there is no value, ``NO_ACCESS`` as it is."""
        return [None if item is BLANK else item if item is NO_ACCESS else self.typed(item) for item in self.found]

    @property
    def is_empty(self) -> bool:
        return not any(self.cells)

    @property
    def is_hidden(self) -> bool:
        """Whether there are values, and the user may read none of them."""
        return not self.is_empty and all(cell in ("", NO_ACCESS) for cell in self.cells)

    def is_closed(self, row: int) -> bool:
        """Whether there is a value in a row that the user may not know."""
        return self.found[row] is NO_ACCESS

    def is_nothing(self, row: int) -> bool:
        return not self.cells[row]

    def at(self, places: Sequence[int | None], prefix: str = "") -> Column:
        """Return the column of other rows: those at ``places`` of this one, nothing where that is ``None``."""
        found = [BLANK if place is None else self.found[place] for place in places]
        return replace(self, name=f"{prefix}{self.name}", found=found)


@dataclass(frozen=True)
class Source:
    """Where a column comes from.

    :param info: the field's entry of ``fields_get()``
    :param full: for the details of a record: see ``columns.column``
    """

    records: BaseModel
    name: str
    info: dict[str, Any]
    full: bool

    @property
    def comodel(self) -> BaseModel:
        return self.records.env[self.records._fields[self.name].comodel_name]

    def values(self, records: BaseModel | None = None) -> list[Any]:
        """Return the values as Odoo gives them; ``NO_ACCESS`` where the user may not read."""
        records = self.records if records is None else records
        closed = narrowing.guarded_ids(records, self.name)
        try:
            return [NO_ACCESS if record.id in closed else record[self.name] for record in records]
        except (AccessError, MissingError):
            return [NO_ACCESS if record.id in closed else self._value(record) for record in records]
        except _COMPUTE_FAILURES as error:
            raise self._failure(error) from error

    def _value(self, record: BaseModel) -> Any:
        try:
            return record[self.name]
        except (AccessError, MissingError):
            return NO_ACCESS
        except _COMPUTE_FAILURES as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> ToolError:
        _logger.warning("%s.%s cannot be computed", self.records._name, self.name, exc_info=error)
        reason = str(error) if isinstance(error, UserError) else type(error).__name__
        return ToolError(
            f"Odoo could not compute the field {self.name} of {self.records._name} ({reason}). Leave it out of fields."
        )

    def column(
        self,
        found: Sequence[Any],
        write: Callable[[Any], str] = str,
        typed: Callable[[Any], Any] | None = None,
        **more: Any,
    ) -> Column:
        """Return a column of values found.

        :param typed: the text itself where nothing is given, ``None`` for an empty one
        :param more: other members of ``Column``
        """
        return Column(self.name, self.info["type"], found, write, typed or _text_of(write), **more)

    def each(self, write: Callable[[Any], str], typed: Callable[[Any], Any] | None = None, **more: Any) -> Column:
        """Return a column of the values that Odoo gives. Parameters as for ``column``."""
        return self.column(self.values(), write, typed, **more)


def _text_of(write: Callable[[Any], str]) -> Callable[[Any], str | None]:
    return lambda item: write(item) or None
