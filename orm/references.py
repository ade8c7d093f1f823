# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""References from the arguments of one step to what an earlier step was about.

``"$1.ids"``, ``"$1.ids[0]"``, ``"$1.id"`` and ``"$1.model"`` are a whole value; ``"Order ${1.id}"`` puts one into a
text. A second ``$`` in front makes either the text itself. What a reference stands for is never looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .errors import ToolError
from .scalars import shown

NAMES = ("id", "ids", "model")
MAX_DEPTH = 100

_FORM = r"(\d{1,4})\.([a-z_]+)(?:\[(-?\d{1,6})\])?"
_WHOLE = re.compile(rf"\${_FORM}")
_INSIDE = re.compile(rf"(\$?)\$\{{{_FORM}\}}")
_LIKE_WHOLE = re.compile(r"\$\d+\.[a-z_]", re.IGNORECASE)
_LIKE_INSIDE = re.compile(r"(?<!\$)\$\{\d+\.[a-z_]", re.IGNORECASE)
_ESCAPED = re.compile(r"\$\$\d+\.[a-z_]", re.IGNORECASE)

HOW = (
    'Write "$1.ids", "$1.ids[0]", "$1.id" or "$1.model" as a whole value, "${1.id}" inside a text, "$$1…" for the text.'
)


@dataclass(frozen=True)
class Reference:
    """What an argument refers to.

    :param step: counted from 1
    :param what: one of ``NAMES``
    :param index: of ``ids``, counted from 0, from the end where negative; None for all of them
    """

    step: int
    what: str
    index: int | None = None

    def __str__(self) -> str:
        return f"${self.step}.{self.what}" + ("" if self.index is None else f"[{self.index}]")


@dataclass(frozen=True)
class Offer:
    """What the references to one step stand for.

    :param tool: its name
    :param model: of the records that it was about, empty for none
    :param ids: of these records, in the order of its answer
    :param failed: it was an optional one
    """

    tool: str
    model: str = ""
    ids: tuple[int, ...] = ()
    failed: bool = False

    def value(self, reference: Reference) -> Any:
        """Return what a reference stands for.

        :raise ToolError: there is no such thing
        """
        if self.failed:
            raise ToolError(f"{reference}: step {reference.step} ({self.tool}) failed.")
        if reference.what == "model":
            return self.model or self._lack(reference, "names no model")
        if reference.what == "id":
            return self.ids[0] if len(self.ids) == 1 else self._lack(reference, f"has {len(self.ids)} records, not one")
        if reference.index is None:
            return list(self.ids)
        if not -len(self.ids) <= reference.index < len(self.ids):
            return self._lack(reference, f"has {len(self.ids)} records")
        return self.ids[reference.index]

    def _lack(self, reference: Reference, problem: str) -> Any:
        raise ToolError(f"{reference}: step {reference.step} ({self.tool}) {problem}.")


def referred(arguments: Any) -> list[Reference]:
    """Return the references in the arguments of a step, in their order.

    :raise ToolError: one is malformed, or the arguments are nested too deeply
    """
    found: list[Reference] = []
    resolved(arguments, lambda reference: found.append(reference) or "")
    return found


def resolved(arguments: Any, value_of: Callable[[Reference], Any], depth: int = 0) -> Any:
    """Return the arguments of a step with values in the place of references; keys are left alone.

    Errors as for ``referred``, and those of ``value_of``.
    """
    if depth > MAX_DEPTH:
        raise ToolError("The arguments are nested too deeply.")
    if isinstance(arguments, dict):
        return {key: resolved(member, value_of, depth + 1) for key, member in arguments.items()}
    if isinstance(arguments, list):
        return [resolved(member, value_of, depth + 1) for member in arguments]
    return _text(arguments, value_of) if isinstance(arguments, str) and "$" in arguments else arguments


def _text(text: str, value_of: Callable[[Reference], Any]) -> Any:
    if _LIKE_WHOLE.match(text):
        match = _WHOLE.fullmatch(text)
        return value_of(_reference(text, *match.groups()) if match else _refused(text))
    if _ESCAPED.match(text):
        text = text[1:]
    for like in _LIKE_INSIDE.finditer(text):
        if not _INSIDE.match(text, like.start()):
            _refused(text[like.start() :])
    return _INSIDE.sub(lambda match: _inserted(match, value_of), text)


def _inserted(match: re.Match[str], value_of: Callable[[Reference], Any]) -> str:
    if match[1]:
        return match[0][1:]
    value = value_of(_reference(match[0], *match.groups()[1:]))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _reference(text: str, step: str, what: str, index: str | None) -> Reference:
    if what not in NAMES or (index is not None and what != "ids"):
        _refused(text)
    return Reference(int(step), what, None if index is None else int(index))


def _refused(text: str) -> Any:
    raise ToolError(f"{shown(text[:40])} is no reference to a step. {HOW}")
