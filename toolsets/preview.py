# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a call would do: done for real in a transaction of its own, looked at, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..orm.rules import ALLOW

if TYPE_CHECKING:
    from ..orm.changes import Change


@dataclass
class Preview:
    """What a call would do.

    :param text: the changes, old → new with labels, in the language of the call; bounded
    :param changes: the same as data
    :param stamps: the versions that this holds for, as ``changes.stamps`` gives them
    :param level: the strictest decision that it met: ``allow``, ``confirm`` or ``approve``
    :param warnings: what cannot be undone, what would be sent, what a preview cannot show; a sentence each
    :param failure: why it would fail, None where it would not
    """

    text: str = ""
    changes: list[Change] = field(default_factory=list)
    stamps: dict[str, dict[str, str]] = field(default_factory=dict)
    level: str = ALLOW
    warnings: list[str] = field(default_factory=list)
    failure: str | None = None

    def lines(self) -> list[str]:
        """Return what a person is shown: the changes, and the warnings under them."""
        return [*filter(None, [self.text]), *self.warnings]


class Outdated(Exception):
    """Records are no longer what they were when a person agreed to a change."""

    def __init__(self, changed: dict[str, Any]) -> None:
        super().__init__()
        self.changed = changed
