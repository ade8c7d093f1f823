# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a run of a tool may do, and what it said it is about to do: the one gate for deny, size, confirm and approve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from odoo import api
from odoo.models import BaseModel

from ..orm import changes, narrowing
from ..orm.errors import ToolError
from ..orm.rules import ALLOW, CALL, DECISIONS, DENY, strictest

if TYPE_CHECKING:
    from ..orm.changes import Change


class Interrupted(Exception):
    """Ends a run on purpose: it leaves the savepoint, so that nothing has happened."""


class ConsentNeeded(Interrupted):
    """A run is about to do what nobody has agreed to yet.

    :param level: ``confirm`` or ``approve``
    """

    def __init__(self, level: str) -> None:
        super().__init__(level)
        self.level = level


@dataclass
class Grant:
    """What one run may do, and what it said so far.

    :param level: the strictest decision it may pass: ``allow`` until somebody agreed
    :param needed: the strictest decision it met
    :param targets: ids by model of the records that it named
    :param calls: the methods that it named, as ``model.method``
    :param spoke: whether the tool said anything; what a silent one did is looked at afterwards
    :param skipped: what it left out because it would fail, a sentence each
    """

    level: str = ALLOW
    needed: str = ALLOW
    targets: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    calls: list[str] = field(default_factory=list)
    spoke: bool = False
    skipped: list[str] = field(default_factory=list)
    _records: int = 0

    def pass_(self, steps: Iterable[tuple[str, str, str | None]], count: int) -> None:
        """Let steps through, or not.

        :param steps: model, operation, and the method of a ``call``
        :param count: how many records they are about
        :raise ToolError: the profile denies one, or so many
        :raise ConsentNeeded: a person must agree first
        """
        _check_count(self._records + count)
        self._records += count
        self.needed = strictest([self.needed, *(_decided(*step) for step in steps)])
        if DECISIONS.index(self.needed) > DECISIONS.index(self.level):
            raise ConsentNeeded(self.needed)

    def check(self, changes: Iterable[Change]) -> None:
        """Let through what a tool did that said nothing before. Arguments and errors as for ``pass_``."""
        if self.spoke:
            return
        direct = [change for change in changes if change.direct]
        self.pass_(dict.fromkeys((change.model, change.kind, None) for change in direct), len(direct))


_current: ContextVar[Grant | None] = ContextVar("mcp_native_grant", default=None)


@contextmanager
def granting(level: str) -> Iterator[Grant]:
    """Run a tool with consent to everything up to ``level``."""
    grant = Grant(level)
    token = _current.set(grant)
    try:
        yield grant
    finally:
        _current.reset(token)


def intend(
    operation: str,
    records: BaseModel,
    method: str | None = None,
    touched: Iterable[tuple[str, str]] = (),
    count: int | None = None,
) -> None:
    """Say what a tool is about to do, before it does it.

    :param operation: ``create``, ``write``, ``unlink`` or ``call``
    :param records: what it is done to; empty for creating, and for methods of the model
    :param method: the name, of a ``call``
    :param touched: models and operations of the lines that are written along
    :param count: how many records, if not those of ``records``
    :raise ToolError: the profile denies it, or so many records
    :raise ConsentNeeded: a person must agree first
    """
    grant = _current.get() or Grant()
    grant.spoke = True
    grant.targets[records._name].update(records._ids)
    if operation == CALL:
        grant.calls.append(f"{records._name}.{method}")
    steps = [(records._name, operation, method), *((model, step, None) for model, step in touched)]
    grant.pass_(steps, len(records) if count is None else count)


@contextmanager
def apart(env: api.Environment) -> Iterator[None]:
    """Judge by itself what happens inside, one of several things that a run does: it may say nothing though others do.

    :raise ToolError: the profile denies it, or so many records
    :raise ConsentNeeded: a person must agree first
    """
    grant, recorder = _current.get(), changes.current(env)
    mark, grant.spoke = recorder.mark, False
    try:
        yield
        if not grant.spoke:
            grant.check(recorder.changes_since(mark))
    finally:
        grant.spoke = True


def name_target(model: str, record_id: int) -> None:
    """Say that the run at hand is about one more thing: a consent that was given without it does not hold."""
    _current.get().targets[model].add(record_id)


def skip(sentence: str) -> None:
    """Say what the run at hand leaves out because it fails."""
    _current.get().skipped.append(sentence)


def _decided(model: str, operation: str, method: str | None) -> str:
    decision = narrowing.decision(model, operation, method)
    if decision == DENY:
        what = f" ({method})" if method else ""
        raise ToolError(f"{narrowing.refused(model, operation).rstrip('.')}{what}.")
    return decision


def _check_count(count: int) -> None:
    rules = narrowing.current()
    if rules and rules.max_records and count > rules.max_records:
        raise ToolError(
            f'{count} records in one call: the MCP profile "{rules.name}" allows {rules.max_records}. '
            "Do fewer in one call."
        )
