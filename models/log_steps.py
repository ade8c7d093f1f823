# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A batch in the access log: a row for the call, and one for each step, so that a record finds what was done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

STEP = "step"
"""What stands for the method of the protocol in the row of a step."""

_OF_THE_CALL = dict.fromkeys(("error_code", "request_size", "response_size", "arguments", "result"))


def with_steps(
    row: dict[str, Any], facts: Mapping[str, Any], about: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the row of a call, and after it those of the steps that it had.

    :param facts: of the call
    :param about: returns the columns that are made of the facts of a call or a step
    """
    return [row, *(_step_row(row, step, about(step)) for step in facts.get("steps", ()))]


def _step_row(row: dict[str, Any], facts: Mapping[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    failed = "tool_error" if facts.get("error") else "ok"
    return {
        **row,
        **_OF_THE_CALL,
        **about,
        "method": STEP,
        "writes": facts["writes"],
        "outcome": failed if row["outcome"] == "ok" else row["outcome"],
        "duration": facts.get("duration", 0.0) * 1000,
    }
