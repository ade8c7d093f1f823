# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Counting calls against the limits of a profile, in PostgreSQL: one answer for any number of workers.

A limit is a bucket that drains evenly (the generic cell rate algorithm): a call is refused while there is no room for
it. All limits of a call are judged, and charged or not, by one statement in a transaction of its own, which holds its
locks only for itself. What a call has cost is known after it (rows read): that is charged with its row in the access
log, and refuses the next call.
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

UNDONE = frozenset({"preview", "asked", "requested", "replayed"})
"""Values of ``facts["consent"]`` of calls that changed nothing."""

_NOUNS = {CALLS: "calls", WRITES: "changing calls", ROWS: "rows read"}
_PERIODS = {60: "a minute", 3600: "an hour", 86400: "a day"}
_SCOPES = {"credential": "this connection", "user": "this user", "profile": "all who share the profile"}

# `held` locks what is there, in one order, and sees it as it is after the wait. A row that is not there yet may come
# from another call at the same moment: the condition of the upsert judges that one again.
ADMIT = """
WITH clock AS MATERIALIZED (SELECT extract(epoch FROM clock_timestamp())::float8 AS now),
asked AS (
    SELECT * FROM unnest(%(keys)s::text[], %(steps)s::float8[], %(rooms)s::float8[], %(charged)s::bool[])
        AS line (key, step, room, charged)),
held AS MATERIALIZED (SELECT key, ends FROM mcp_native_counter WHERE key = ANY(%(keys)s) ORDER BY key FOR UPDATE),
judged AS MATERIALIZED (
    SELECT asked.*, now, greatest(coalesce(ends, 0), now) - now + step - room AS wait
      FROM asked CROSS JOIN clock LEFT JOIN held USING (key)),
verdict AS MATERIALIZED (
    SELECT coalesce(max(wait) > 0.001, FALSE) AS refused,
           EXISTS (SELECT FROM mcp_native_breaker
                    WHERE kind = %(kind)s AND credential_id = %(credential_id)s AND ended IS NULL) AS stopped
      FROM judged),
worst AS MATERIALIZED (SELECT * FROM judged ORDER BY wait DESC LIMIT 1),
written AS (
    INSERT INTO mcp_native_counter AS old (key, ends, step, room, count)
    SELECT key, now + step, step, room, 0 FROM (
        SELECT key, now, step, room FROM judged, verdict WHERE charged AND NOT refused AND NOT stopped
         UNION ALL
        SELECT %(refusals)s, now, step, least(room, %(gentle)s * step)
          FROM worst, verdict WHERE refused AND NOT stopped) AS due
     ORDER BY key
        ON CONFLICT (key) DO UPDATE
       SET ends = greatest(old.ends, EXCLUDED.ends - EXCLUDED.step) + EXCLUDED.step
     WHERE greatest(old.ends, EXCLUDED.ends - EXCLUDED.step) + EXCLUDED.step
           <= EXCLUDED.ends - EXCLUDED.step + EXCLUDED.room + 0.001
    RETURNING key)
SELECT stopped, refused, (SELECT count(*) FROM written), (SELECT key FROM worst), (SELECT wait FROM worst)
  FROM verdict
"""

CHARGE = """
INSERT INTO mcp_native_counter AS old (key, ends, step, room, count)
SELECT key, extract(epoch FROM clock_timestamp()) + step, step, 0, count
  FROM unnest(%s::text[], %s::float8[], %s::int[]) AS due (key, step, count)
 ORDER BY key
    ON CONFLICT (key) DO UPDATE
   SET count = CASE WHEN old.ends <= EXCLUDED.ends - EXCLUDED.step THEN EXCLUDED.count
                    ELSE old.count + EXCLUDED.count END,
       ends = CASE WHEN EXCLUDED.count = 0 THEN greatest(old.ends, EXCLUDED.ends - EXCLUDED.step) + EXCLUDED.step
                   WHEN old.ends <= EXCLUDED.ends - EXCLUDED.step THEN EXCLUDED.ends
                   ELSE old.ends END
RETURNING key, count
"""


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


class Charge(NamedTuple):
    """What a call has cost: seconds of a bucket (``count`` 0), or one more in a window of that length."""

    key: str
    step: float
    count: int


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

    def admit(self, *, writes: bool) -> Refusal | None:
        """Count the next call of the request, and return why it is refused, if it is.

        :param writes: its tool may change something
        """
        if self._turn == len(self._answers):
            self._answers.append(self._judged(writes))
        self._turn += 1
        return self._answers[self._turn - 1]

    def charges(self, call: Call, outcome: Outcome, *, writes: bool) -> list[Charge]:
        """Return what an answered call has cost."""
        facts = call.facts
        if facts.get("error") in (RateLimited.__name__, Stopped.__name__):
            return []
        failed = outcome.kind in ("tool_error", "error")
        found = self.failure() if failed else []
        rows = 0 if failed or writes else len(facts.get("ids") or ()) + facts.get("rows", 0)
        if rows and self._limits.reads_rows:
            found += [Charge(self._key(line), line.step * rows, 0) for line in self._limits.lines if _reads(line)]
        if writes and outcome.kind == "ok" and facts.get("consent") not in UNDONE and self._limits.breaker_writes:
            found.append(Charge(self._window(WRITES), WINDOW, 1))
        return found

    def failure(self) -> list[Charge]:
        """Return what a failed call costs."""
        return [Charge(self._window("errors"), WINDOW, 1)] if self._limits.breaker_errors else []

    def settle(self, counts: Mapping[str, int]) -> None:
        """Stop the credential if it has done too much.

        :param counts: what the windows stand at, by key
        """
        most = {WRITES: self._limits.breaker_writes, "errors": self._limits.breaker_errors}
        for reason, limit in most.items():
            if limit and counts.get(self._window(reason), 0) >= limit:
                stop(self._registry, self._principal, reason, limit)

    # -- inner parts

    def _judged(self, writes: bool) -> Refusal | None:
        measures = {CALLS, WRITES, ROWS} if writes else {CALLS, ROWS}
        lines = {self._key(line): line for line in self._limits.lines if line.measure in measures}
        params = {
            "keys": list(lines),
            "steps": [line.step for line in lines.values()],
            "rooms": [line.room for line in lines.values()],
            "charged": [line.measure != ROWS for line in lines.values()],
            "kind": self._principal.kind,
            "credential_id": self._principal.credential_id,
            "refusals": f"refusals/{self._credential}",
            "gentle": GENTLE,
        }
        try:
            with own_cursor(self._registry) as cr:
                cr.execute(opening() + ADMIT, params)
                stopped, refused, written, worst, wait = cr.fetchone()
        except psycopg2.Error:
            _logger.exception("MCP limits: a call could not be counted")
            return None  # a database that cannot count refuses nobody
        if stopped:
            return STOPPED
        if refused:
            return _too_many(lines[worst], wait, firm=not written)
        raced = written < sum(params["charged"])
        return _too_many(lines[worst], lines[worst].step, firm=False) if raced else None

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


def charge_query(charges: Sequence[Charge]) -> tuple[str, list[Any]]:
    """Return the statement that charges, and its parameters; it returns each key and the count it stands at."""
    due: dict[str, Charge] = {}
    for charge in charges:
        known = due.get(charge.key)
        if known is None:
            due[charge.key] = charge
        else:  # of one key there is a sum of seconds, or of counts in the same window
            step = charge.step if charge.count else known.step + charge.step
            due[charge.key] = Charge(charge.key, step, known.count + charge.count)
    return CHARGE, [list(column) for column in zip(*due.values(), strict=True)]


def stop(registry: Registry, principal: Principal, reason: str, limit: int) -> None:
    """Stop a credential in a transaction of its own, whatever becomes of the call that was too much."""
    try:
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})  # nobody but the server stops
            env["mcp_native.breaker"]._stop(principal, reason, limit)
    except psycopg2.Error:
        _logger.exception("MCP: %s %s could not be stopped", principal.kind, principal.credential_id)


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
