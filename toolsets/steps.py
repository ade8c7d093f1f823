# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The steps of one batch: tools that run one after the other in one transaction, each as if it were called by itself.

What holds for a call holds for each step: the tools that this principal has, checked arguments, a savepoint, a
read-only transaction for what only reads, and the consent that its own doing needs. What is counted is counted over all
of them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..models.limits import rows_read
from ..orm import changes, previewing
from ..orm.errors import ToolError
from ..orm.previewing import NotPreviewable
from ..orm.references import Offer, Reference, referred, resolved
from ..orm.transaction import undivided
from ..protocol import InvalidParams, ToolResult
from ..protocol.arguments import check
from ..protocol.jsonrpc import canonical
from .consent import apart, name_target, skip
from .mcp_native_toolset import answering
from .running import BUSINESS_ERRORS, AskedBack
from .savepoint import call_savepoint

if TYPE_CHECKING:
    from ..protocol import Call
    from .mcp_native_toolset import Declared
    from .service import McpService

MAX_REFERRED = 100_000
"""Ids that the references of one step may stand for together."""


@dataclass
class Step:
    """One step: what was asked for, and what became of it.

    :param number: counted from 1
    :param arguments: with references in them
    :param facts: what the log needs to know of it, as of a call
    :param text: what the tool answered
    :param error: why an optional step was left out
    """

    number: int
    item: Declared
    arguments: dict[str, Any]
    optional: bool
    facts: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    error: str = ""

    def __str__(self) -> str:
        return f"Step {self.number} ({self.tool})"

    @property
    def tool(self) -> str:
        return self.item.declaration.name

    @property
    def reads(self) -> bool:
        return self.item.declaration.read_only

    @property
    def offer(self) -> Offer:
        ids = tuple(dict.fromkeys(self.facts.get("ids", ())))
        return Offer(self.tool, self.facts.get("model") or "", ids, bool(self.error))


class Steps:
    """Runs the steps of a batch.

    :param service: answers the batch
    :param call: the call of the batch
    :param given: ``{"tool", "arguments", "optional"}`` for each step, checked
    :param owner: the model of the batch itself, whose tools are no steps
    :raise ToolError: a step names no tool, or refers to what does not come before it
    """

    def __init__(self, service: McpService, call: Call, given: list[dict[str, Any]], owner: str) -> None:
        self._service = service
        self._env = service.env
        self._call = call
        self._owner = owner
        self._steps = [self._planned(number, one) for number, one in enumerate(given, 1)]
        self._used: list[list[Any]] = []
        self._room = MAX_REFERRED

    def run(self) -> list[Step]:
        """Do all of them.

        :return: the steps, with what became of them; those with an ``error`` left no trace
        :raise ToolError: one that is not optional failed
        :raise Cancelled: the client has gone
        """
        noted = self._call.facts["steps"] = []
        with undivided(self._env.cr, self._commit):
            for step in self._steps:
                self._call.progress(step.number - 1, len(self._steps), step.tool)
                noted.append(step.facts)
                self._try(step)
        self._call.progress(len(self._steps), len(self._steps))
        if self._used:
            name_target(self._owner, self._digest())
        return self._steps

    # -- before anything is done

    def _planned(self, number: int, given: dict[str, Any]) -> Step:
        try:
            item = self._service._tool(given["tool"])
        except InvalidParams as error:
            raise ToolError(f"Step {number}: {error}") from error
        if item.model == self._owner:
            raise ToolError(f"Step {number}: a batch cannot be a step of a batch.")
        step = Step(number, item, given.get("arguments") or {}, given.get("optional", False))
        try:
            _check_references(step)
        except ToolError as error:
            raise ToolError(f"{step}: {error}") from error
        return step

    # -- one step

    def _try(self, step: Step) -> None:
        """Do a step, or note why an optional one is left out."""
        started = time.monotonic()
        call = self._call_of(step)
        try:
            passes = step.item.declaration.is_taken_back
            with (
                call_savepoint(self._env.cr, reading=step.reads, passes=passes),
                answering(call, self._service),
                apart(self._env),
            ):
                step.text = self._answer(step)
        except NotPreviewable as stopped:
            raise ToolError(
                f"{step}: {stopped} Nobody could be shown what the batch does: call it by itself."
            ) from None
        except BUSINESS_ERRORS as exception:
            step.error = self._service.explained(call, exception)
            self._left_out(step, exception)
        finally:
            step.facts["duration"] = time.monotonic() - started

    def _answer(self, step: Step) -> str:
        """Return what a step's tool answers in words.

        :raise ToolError: it answers with an error, or asks the person
        """
        self._room = MAX_REFERRED
        checked = check(step.item.declaration.own_schema, resolved(step.arguments, self._value))
        try:
            result = self._service.invoke(step.item, checked)
        except AskedBack:
            raise ToolError("It asks the person a question, which no step can: call it by itself.") from None
        text = _text(result)
        if isinstance(result, ToolResult) and result.is_error:
            raise ToolError(text)
        return text

    def _left_out(self, step: Step, exception: Exception) -> None:
        """Go on after an optional step that failed.

        :raise ToolError: it was not optional
        """
        if not step.optional:
            self._call.facts["steps"] = [step.facts]  # the others were not done
            raise ToolError(f"{step} failed, so none was done: {step.error}") from exception
        skip(f"{step} would fail and be left out: {step.error}")

    def _call_of(self, step: Step) -> Call:
        """Return a step's own call: its facts are its own, its progress is a part of that of the batch."""
        step.facts.update(
            tool=step.tool,
            writes=not step.reads,
            method=step.arguments.get("method"),
            principal=self._service.principal,
            rows_before=sum(_rows_shown(one.facts) for one in self._steps[: step.number - 1] if one.reads),
        )
        reporter = self._reporter(step) if self._call.reporter else None
        return dataclasses.replace(self._call, inputs={}, state=None, facts=step.facts, reporter=reporter)

    def _reporter(self, step: Step) -> Callable[[dict[str, Any]], None]:
        def report(message: dict[str, Any]) -> None:
            if message["method"] != "notifications/progress":
                return self._call.reporter(message)
            params = message["params"]
            done, total = params["progress"], params.get("total")
            part = done / total if total else done / (done + 1)
            return self._call.progress(step.number - 1 + min(part, 1), len(self._steps), step.tool)

        return report

    def _commit(self) -> None:
        """Refuse what would keep the steps so far, whatever becomes of the others."""
        if trial := previewing.current():
            trial.stop(previewing.COMMITS)
        raise ToolError("It commits its work in the middle, which no step may: call it by itself.")

    # -- references

    def _value(self, reference: Reference) -> Any:
        """Return what a reference stands for, and remember it: what a person agreed to is about the same records."""
        offer = self._steps[reference.step - 1].offer
        value = offer.value(reference)
        ids = value if isinstance(value, list) else [value]
        self._room -= len(ids)
        if self._room < 0:
            raise ToolError(f"The references of one step may stand for {MAX_REFERRED:,} ids at most.")
        made = changes.current(self._env).created
        self._used.append([str(reference), offer.model, *("new" if (offer.model, one) in made else one for one in ids)])
        return value

    def _digest(self) -> int:
        """Return a number for all that the references stood for; what the batch itself created counts as new."""
        return int(hashlib.sha256(canonical(self._used)).hexdigest()[:15], 16)


def _check_references(step: Step) -> None:
    for reference in referred(step.arguments):
        if step.number == 1:
            raise ToolError(f"{reference} must name a step before it: there is none.")
        if not 0 < reference.step < step.number:
            raise ToolError(f"{reference} must name a step before it, from 1 to {step.number - 1}.")


def _rows_shown(facts: dict[str, Any]) -> int:
    """Return how many rows the answer of a step has: as many as it was allowed, where it does not say."""
    if "ids" in facts or "rows" in facts:
        return rows_read(facts)
    return facts.get("rows_allowed", 0)


def _text(result: Any) -> str:
    """Return a result in words; what is no text is named."""
    if not isinstance(result, ToolResult):
        return str(result)
    return "\n".join(_block(block) for block in result.content)


def _block(block: dict[str, Any]) -> str:
    if block["type"] == "resource_link":
        return f"{block['name']}: {block['uri']}"
    return block["text"] if block["type"] == "text" else f"({block['type']}: call the tool by itself to get it)"
