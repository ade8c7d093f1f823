# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measuring: everyone in turn, call by call, so that a busy moment of the machine hits all alike."""

import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ..progress import Problem
from .client import WrongAnswer
from .contestants import Contestant

WARM_UP = 12
"""Calls of each before the measured ones; both workers get their share."""

PATIENCE = 50.0
"""Seconds after which a call has been measured often enough, on a slow machine."""


@dataclass(frozen=True)
class Measured:
    """The times of one contestant for one call, in milliseconds."""

    contestant: str
    times: list[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """The nearest rank: a time that was measured."""
        return sorted(self.times)[math.ceil(0.95 * len(self.times)) - 1]


def measure(call: str, contestants: Sequence[Contestant], count: int) -> list[Measured]:
    """Return the times of everyone who has the call, after a warm-up; all have been asked as often.

    :param count: measured calls of each, fewer when these take too long

    :raise Problem: a contestant answered something else than was asked for
    """
    asked = [contestant for contestant in contestants if call in contestant.calls]
    times: dict[str, list[float]] = {contestant.name: [] for contestant in asked}
    deadline = time.monotonic() + PATIENCE
    for turn in range(WARM_UP + count):
        if turn > WARM_UP and time.monotonic() > deadline:
            break
        first = turn % len(asked)  # nobody always follows the same one
        for contestant in asked[first:] + asked[:first]:
            seconds = _once(contestant, call)
            if turn >= WARM_UP:
                times[contestant.name].append(seconds * 1000)
    return [Measured(name, found) for name, found in times.items()]


def _once(contestant: Contestant, call: str) -> float:
    try:
        return contestant.calls[call]()
    except (WrongAnswer, OSError) as exception:
        raise Problem(f"{contestant.name} failed at {call}: {exception}") from exception
