# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Counting calls against the limits of a profile, in PostgreSQL: one answer for any number of workers.

A limit is a bucket that drains evenly (the generic cell rate algorithm): a call is refused while there is no room for
it. All limits of a call are judged and charged by one statement in a transaction of its own, which holds its locks only
for itself, and is rolled back where one of the limits refuses the call. What a call has cost is known after it (rows
read): that is charged with its row in the access log, and refuses the next call.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import BaseCursor

from .own_transaction import opening, own_cursor
from .principal import Principal
from .refusals import RateLimited, Stopped

if TYPE_CHECKING:
    from ..protocol import Call, Outcome

_logger = logging.getLogger(__name__)

CALLS, WRITES, ROWS = "calls", "writes", "rows"

WINDOW = 600
"""Seconds in which a breaker counts, from the first change or error on."""

GENTLE = 60
"""How many refusals are answered as results at most, before they become 429."""

UNDONE = frozenset({"preview", "asked", "declined", "requested", "replayed"})
"""Values of ``facts["consent"]`` of calls that changed nothing."""

_NOUNS = {CALLS: "calls", WRITES: "changing calls", ROWS: "rows read"}
_PERIODS = {60: "a minute", 3600: "an hour", 86400: "a day"}
_SCOPES = {"credential": "this connection", "user": "this user", "profile": "all who share the profile"}

# Rows are locked in the order of their keys, so that no two calls wait for each other.
CHARGE = """
INSERT INTO mcp_native_counter AS old (key, ends, step, room, count)
SELECT key, extract(epoch FROM clock_timestamp()) + step, step, room, count
  FROM (VALUES {rows}) AS due (key, step, room, count)
{condition}
 ORDER BY key
    ON CONFLICT (key) DO UPDATE
"""

ADMIT = f"""{CHARGE}
   SET ends = greatest(old.ends, EXCLUDED.ends - EXCLUDED.step) + EXCLUDED.step
 WHERE greatest(old.ends, EXCLUDED.ends - EXCLUDED.step) <= EXCLUDED.ends - EXCLUDED.step + EXCLUDED.room + 0.001
RETURNING key
"""
"""Adds to each bucket, if there is room in it; a bucket that is too full is not in the answer."""

ADD = f"""{CHARGE}
   SET count = CASE WHEN old.ends <= EXCLUDED.ends - EXCLUDED.step THEN EXCLUDED.count
                    ELSE old.count + EXCLUDED.count END,
       ends = CASE WHEN EXCLUDED.count = 0 THEN greatest(old.ends, EXCLUDED.ends - EXCLUDED.step) + EXCLUDED.step
                   WHEN old.ends <= EXCLUDED.ends - EXCLUDED.step THEN EXCLUDED.ends
                   ELSE old.ends END
RETURNING key, count
"""
"""Adds to each bucket (``count`` 0), however full it is, or counts in a window as long as ``step``."""

IS_STOPPED = "SELECT FROM mcp_native_breaker WHERE kind = %s AND credential_id = %s AND ended IS NULL"

STATE = "SELECT key, ends - extract(epoch FROM clock_timestamp()) FROM mcp_native_counter WHERE key = ANY(%s)"


@dataclass(frozen=True)
class Line:
    """One limit of a profile.

    :param measure: ``calls``, ``writes`` (calls of tools that may change something) or ``rows`` (records read)
    :param scope: whose calls are counted together: ``credential``, ``user`` or ``profile``
    :param period: seconds
    :param amount: in a period, in the long run
    :param burst: at once, 0 for as many as the amount
    """

    measure: str
    scope: str
    period: int
    amount: int
    burst: int = 0

    @property
    def subject(self) -> tuple[str, str, int]:
        """What only one limit of a profile can speak of."""
        return self.measure, self.scope, self.period

    @property
    def step(self) -> float:
        """Seconds after which there is room for one more."""
        return self.period / max(self.amount, 1)

    @property
    def room(self) -> float:
        """Seconds that the bucket takes to drain; nothing fits in it where nothing is allowed."""
        return self.step * (self.burst or self.amount) if self.amount > 0 else 0.0

    @property
    def charge(self) -> float:
        """Seconds that a call adds to the bucket before it is made; the rows it reads are known after it."""
        return 0.0 if self.measure == ROWS else self.step

    def __str__(self) -> str:
        return f"{self.amount:,} {_NOUNS[self.measure]} {_PERIODS.get(self.period, '')} for {_SCOPES[self.scope]}"


@dataclass(frozen=True)
class Limits:
    """All that one profile says about how much."""

    profile_id: int = 0
    lines: tuple[Line, ...] = ()
    breaker_writes: int = 0
    breaker_errors: int = 0

    @cached_property
    def reads_rows(self) -> bool:
        return any(line.measure == ROWS for line in self.lines)


@dataclass(frozen=True)
class Refusal:
    """Why a call is refused.

    :param text: for the assistant
    :param wait: seconds, 0 where waiting does not help
    :param firm: the client has been told often enough: as HTTP from now on
    """

    text: str
    wait: int = 0
    firm: bool = False

    @property
    def error(self) -> RateLimited | Stopped:
        """The same in HTTP's own terms."""
        return RateLimited(self.text, self.wait) if self.wait else Stopped(self.text)


class Due(NamedTuple):
    """What is added to a counter: to a bucket (``count`` 0), or one more in a window.

    :param step: seconds to drain, or those of the window
    :param room: seconds that the bucket may hold before, where it is asked
    """

    key: str
    step: float
    room: float = 0
    count: int = 0


STOPPED = Refusal(
    "This connection is stopped, because it made unusually many changes or errors. Nothing is done until a manager of "
    "the MCP server lets it go on (in Odoo: MCP, Connected Assistants). Tell the person, and do not try again."
)


class Throttle:
    """Counts the calls of one HTTP request. It is kept when Odoo replays the request, and counts nothing twice."""

    def __init__(self, registry: Registry, principal: Principal, limits: Limits) -> None:
        self._registry = registry
        self._principal = principal
        self._limits = limits
        self._answers: list[Refusal | None] = []
        self._turn = 0

    def restart(self) -> Throttle:
        """Begin the request anew."""
        self._turn = 0
        return self

    def admit(self, *, writes: int, calls: int = 1) -> Refusal | None:
        """Count the next call of the request, and return why it is refused, if it is.

        :param writes: how many of the tools that it runs may change something
        :param calls: how many tools it runs: more than one for a batch, which counts as so many calls
        """
        if self._turn == len(self._answers):
            self._answers.append(self._judged({CALLS: calls, WRITES: int(writes), ROWS: 1}))
        self._turn += 1
        return self._answers[self._turn - 1]

    def charges(self, call: Call, outcome: Outcome, *, writes: bool) -> list[Due]:
        """Return what an answered call has cost."""
        facts = call.facts
        if facts.get("error") in (RateLimited.__name__, Stopped.__name__):
            return []
        failed = outcome.kind in ("tool_error", "error")
        steps = facts.get("steps") or [{**facts, "writes": writes}]
        done = [] if failed or facts.get("consent") in UNDONE else [step for step in steps if not step.get("error")]
        rows = sum(rows_read(step) for step in done if not step["writes"])
        changes = sum(step["writes"] for step in done)
        found = self.failure() if failed else self.failure(sum("error" in step for step in facts.get("steps", ())))
        if rows and self._limits.reads_rows:
            found += [Due(self._key(line), line.step * rows) for line in self._limits.lines if _reads(line)]
        if changes and outcome.kind == "ok" and self._limits.breaker_writes:
            found.append(Due(self._window(WRITES), WINDOW, count=changes))
        return found

    def failure(self, count: int = 1) -> list[Due]:
        """Return what a failed call costs, or some steps that failed."""
        return [Due(self._window("errors"), WINDOW, count=count)] if count and self._limits.breaker_errors else []

    def settle(self, counts: Mapping[str, int]) -> None:
        """Stop the credential if it has done too much.

        :param counts: what the windows stand at, by key
        """
        most = {WRITES: self._limits.breaker_writes, "errors": self._limits.breaker_errors}
        for reason, limit in most.items():
            if limit and counts.get(self._window(reason), 0) >= limit:
                stop(self._registry, self._principal, reason, limit)

    # -- inner parts

    def _judged(self, counts: Mapping[str, int]) -> Refusal | None:
        """Count a call, and return why it is refused.

        :param counts: how much of each measure it takes
        """
        lines = {self._key(line): line for line in self._limits.lines if counts[line.measure]}
        for line in lines.values():
            if line.amount <= 0:
                return _too_many(line, line.period, firm=False)
            if counts[line.measure] > (line.burst or line.amount):
                return Refusal(f"So many steps never fit in one call: the limit is {line}. Use fewer.", line.period)
        try:
            with own_cursor(self._registry) as cr:
                return None if self._passes(cr, lines, counts) else self._refusal(cr, lines, counts)
        except psycopg2.Error:
            _logger.exception("MCP limits: a call could not be counted")
            return None  # a database that cannot count refuses nobody

    def _passes(self, cr: BaseCursor, lines: Mapping[str, Line], counts: Mapping[str, int]) -> bool:
        """Count a call by all its limits, if none of them and no breaker refuses it."""
        credential = [self._principal.kind, self._principal.credential_id]
        if not lines:
            cr.execute(IS_STOPPED, credential)
            return not cr.rowcount
        dues = [
            Due(key, line.charge * counts[line.measure], line.room - line.step * counts[line.measure], 0)
            for key, line in lines.items()
        ]
        query, params = filled(ADMIT, dues, f"WHERE NOT EXISTS ({IS_STOPPED})")
        cr.execute(opening() + query, [*params, *credential])
        if cr.rowcount == len(lines):
            return True
        cr.rollback()  # what is refused by one of them counts for none
        return False

    def _refusal(self, cr: BaseCursor, lines: Mapping[str, Line], counts: Mapping[str, int]) -> Refusal:
        cr.execute(IS_STOPPED, [self._principal.kind, self._principal.credential_id])
        if cr.rowcount:
            return STOPPED
        cr.execute(STATE, [list(lines)])
        left = dict(cr.fetchall())
        waits = {
            key: left.get(key, 0.0) + line.step * counts[line.measure] - line.room for key, line in lines.items()
        }
        worst = max(waits, key=waits.__getitem__)
        line = lines[worst]
        due = Due(f"refusals/{worst}/{self._credential}", line.step, min(line.room, GENTLE * line.step) - line.step, 0)
        query, params = filled(ADMIT, [due])
        cr.execute(opening() + query, params)
        return _too_many(line, waits[worst], firm=not cr.rowcount)

    @property
    def _credential(self) -> str:
        return f"{self._principal.kind}/{self._principal.credential_id}"

    def _key(self, line: Line) -> str:
        whose = {"credential": self._credential, "user": f"user/{self._principal.uid}", "profile": "all"}[line.scope]
        return f"{line.measure}/{line.period}/{self._limits.profile_id}/{whose}"

    def _window(self, reason: str) -> str:
        return window_key(reason, self._principal.kind, self._principal.credential_id)


def window_key(reason: str, kind: str, credential_id: int) -> str:
    """Return the key of what a breaker counts: ``writes`` or ``errors`` of a credential."""
    return f"breaker/{reason}/{kind}/{credential_id}"


def charge_query(charges: Sequence[Due]) -> tuple[str, list[Any]]:
    """Return the statement that charges, and its parameters; it returns each key and the count it stands at."""
    sums: dict[str, Due] = {}
    for charge in charges:
        known = sums.get(charge.key)
        if known is None:
            sums[charge.key] = charge
        else:  # of one key there is a sum of seconds, or of counts in the same window
            step = charge.step if charge.count else known.step + charge.step
            sums[charge.key] = charge._replace(step=step, count=known.count + charge.count)
    return filled(ADD, list(sums.values()))


def filled(query: str, dues: Sequence[Due], condition: str = "") -> tuple[str, list[Any]]:
    """Return one of the statements for some rows, and its parameters."""
    rows = ", ".join(["(%s, %s::float8, %s::float8, %s)"] * len(dues))
    return query.format(rows=rows, condition=condition), [value for due in dues for value in due]


def stop(registry: Registry, principal: Principal, reason: str, limit: int) -> None:
    """Stop a credential in a transaction of its own, whatever becomes of the call that was too much."""
    try:
        with own_cursor(registry) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})  # nobody but the server stops
            env["mcp_native.breaker"]._stop(principal, reason, limit)
    except psycopg2.Error:
        _logger.exception("MCP: %s %s could not be stopped", principal.kind, principal.credential_id)


def rows_read(facts: Mapping[str, Any]) -> int:
    """Return how many rows a call, or a step of one, has read."""
    return len(facts.get("ids") or ()) + facts.get("rows", 0)


def _reads(line: Line) -> bool:
    return line.measure == ROWS


def _too_many(line: Line, wait: float, *, firm: bool) -> Refusal:
    seconds = max(math.ceil(wait), 1)
    return Refusal(f"Too many calls: wait {_duration(seconds)}. The limit is {line}.", seconds, firm)


def _duration(seconds: int) -> str:
    """Return a time to wait, never too short."""
    if seconds <= 120:
        return f"{seconds} second{'s' * (seconds != 1)}"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} minutes" if minutes <= 120 else f"{math.ceil(minutes / 60)} hours"
