# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From an answered call to the rows of the access log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from odoo import api
from odoo.modules.registry import Registry

from ..models import settings
from ..models.limits import Due, Throttle
from ..models.log_steps import with_steps
from ..models.mcp_native_access_log import COLUMNS, write_rows
from ..models.principal import Principal
from ..models.refusals import RateLimited, Stopped
from .masking import answer, arguments, word

if TYPE_CHECKING:
    from ..protocol import Call, Outcome

MAX_IDS = 500
"""Records of one call that are found again by it: more than the longest page of a tool has."""

RUNS_TOOL = frozenset({"tools/call", "files/upload"})
"""Methods that run a tool, which may write."""

WITH_CONTENT = frozenset({"tools/call", "prompts/get", "resources/read"})
"""Methods whose answers say something about the database."""


class CallLog:
    """Collects the rows of one HTTP request and writes them at its end.

    At the end, because Odoo may replay the request: the calls of a batch that were rolled back with it are not logged.
    Calls that end later, in a stream, are written as they end.

    :param env: the environment of the principal's user; its cursor may be closed afterwards
    :param remote_address: where the request came from
    :param request_id: what the client was given to quote
    :param user_agent: names the client where the protocol does not: before 2026-07-28 only ``initialize`` did
    :param throttle: what the calls cost is charged there, in the transaction of their rows
    """

    def __init__(
        self,
        env: api.Environment,
        principal: Principal,
        remote_address: str,
        request_id: str,
        user_agent: str = "",
        throttle: Throttle | None = None,
    ) -> None:
        self._throttle = throttle
        self._charges: list[Due] = []
        self._user_agent = user_agent
        self._registry = env.registry
        self._keeps_arguments = settings.log_arguments(env)
        self._keeps_results = settings.log_results(env)
        self._rows: list[dict[str, Any]] = []
        self._handed_over = False
        self._common = _common(principal, remote_address, request_id)

    def observe(self, call: Call, outcome: Outcome) -> None:
        """Note a request that was answered. Notifications are not logged: they ask for nothing."""
        if call.id is None:
            return
        row = self._row(call, outcome)
        self._rows += with_steps(row, call.facts, _about)
        if self._throttle:
            self._charges += self._throttle.charges(call, outcome, writes=row["writes"])
        if self._handed_over:
            self._write()

    def hand_over(self) -> None:
        """Write what was noted; from now on every call is written at once."""
        self._handed_over = True
        self._write()

    def _row(self, call: Call, outcome: Outcome) -> dict[str, Any]:
        facts = call.facts
        return {
            **self._common,
            **_about(facts),
            "client_name": word(call.client_name or self._user_agent),
            "client_version": word(call.client_version),
            "protocol_version": word(call.version),
            "method": word(call.method),
            "writes": call.method in RUNS_TOOL and facts.get("writes", True),
            "outcome": outcome.kind,
            "error_code": outcome.code,
            "duration": outcome.duration * 1000,
            "request_size": outcome.request_size,
            "response_size": outcome.response_size,
            "arguments": arguments(call.params.get("arguments")) if self._keeps_arguments else None,
            "result": answer(outcome.answer) if self._keeps_results and call.method in WITH_CONTENT else None,
            "consent": word(facts.get("consent")) or None,
        }

    def _write(self) -> None:
        rows, self._rows = self._rows, []
        charges, self._charges = self._charges, []
        if rows:
            _write(self._registry, rows, charges, self._throttle)


def log_death(
    registry: Registry,
    principal: Principal,
    remote_address: str,
    request_id: str,
    *,
    method: str,
    tool: str,
    error_class: str,
    request_size: int,
    throttle: Throttle | None = None,
) -> None:
    """Write a row for a request that an exception ended. The request's own cursor may be of no use any more."""
    row = {
        **dict.fromkeys(COLUMNS),
        **_common(principal, remote_address, request_id),
        "method": word(method),
        "tool": word(tool),
        "outcome": "error",
        "error_class": error_class,
        "request_size": request_size,
    }
    charges = throttle.failure() if throttle and error_class not in (RateLimited.__name__, Stopped.__name__) else []
    _write(registry, [row], charges, throttle)


def _write(
    registry: Registry, rows: list[dict[str, Any]], charges: list[Due], throttle: Throttle | None
) -> None:
    counts = write_rows(registry, rows, charges)
    if throttle and counts:
        throttle.settle(counts)


def _about(facts: Mapping[str, Any]) -> dict[str, Any]:
    ids = list(facts.get("ids") or ())
    return {
        "tool": word(facts.get("tool")),
        "model": word(facts.get("model")),
        "record_ids": ", ".join(map(str, ids[:MAX_IDS])),
        "record_count": len(ids),
        "error_class": word(facts.get("error")),
    }


def _common(principal: Principal, remote_address: str, request_id: str) -> dict[str, Any]:
    return {
        "uid": principal.uid,
        "credential_kind": principal.kind,
        "credential_id": principal.credential_id,
        "credential_name": word(principal.credential_name),
        "remote_address": word(remote_address),
        "request_id": request_id,
    }

