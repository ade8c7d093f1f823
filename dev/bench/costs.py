# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What limits and access log add to a call: the two short transactions beside the call's own."""

import json

from ..environment import Environment
from .measure import Measured

TARGET = 1.5
"""Milliseconds that both may take for a call."""

MEASURE = """
import json, time
from odoo.addons.mcp_native.models.limits import WINDOW, Due, Limits, Line, Throttle
from odoo.addons.mcp_native.models.mcp_native_access_log import COLUMNS, write_rows
from odoo.addons.mcp_native.models.principal import Principal
lines = (Line("calls", "credential", 60, 10**9), Line("writes", "credential", 60, 10**9),
         Line("rows", "credential", 3600, 10**9), Line("calls", "credential", 86400, 10**9))
limits = Limits(0, lines, 500, 200)
row = {**dict.fromkeys(COLUMNS), "uid": 2, "method": "costs", "outcome": "ok"}
dues = [Due("costs/rows", 1e-6), Due("costs/writes", WINDOW, count=1)]
principal = Principal(2, "api_key", 0, "costs", frozenset())
def admit():
    assert Throttle(env.registry, principal, limits).admit(writes=True) is None
def log():
    write_rows(env.registry, [row], dues)
def once(do):
    start = time.perf_counter()
    do()
    return (time.perf_counter() - start) * 1000
for _turn in range(20):
    admit(), log()
found = [(once(admit), once(log)) for _turn in range(count)]
with env.registry.cursor() as cr:
    cr.execute("DELETE FROM mcp_native_access_log WHERE method = 'costs'")
print(">>> " + json.dumps(found))
"""


def costs(environment: Environment, database: str, count: int) -> list[Measured]:
    """Return the times of counting by four limits, of writing the log's row with two charges, and of both."""
    found = json.loads(environment.shell(database, f"count = {count}\n{MEASURE}")[-1])
    limits, log = ([pair[part] for pair in found] for part in (0, 1))
    return [Measured("limits", limits), Measured("log", log), Measured("both", list(map(sum, found)))]


def sentence(measured: list[Measured]) -> str:
    """Return them as one line under the table of times."""
    parts = ", ".join(f"{item.contestant} {item.p50:.2f} (p95 {item.p95:.2f})" for item in measured)
    return f"Of each of our calls, ms: {parts}; to reach: {TARGET} for both."
