# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tables, as Markdown."""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone

from .contestants import FLOOR, Sizes
from .measure import WARM_UP, Measured


def heading(series: str, database: str, results: dict[str, list[Measured]]) -> str:
    """Return what was measured, when and on what."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    now = datetime.now(timezone.utc)
    counts = sorted({len(item.times) for measured in results.values() for item in measured})
    shown = " to ".join(map(str, dict.fromkeys([counts[0], counts[-1]])))
    return (
        f"Odoo {series}, two workers, {database}, Python {platform.python_version()}, {os.cpu_count()} cores,"
        f" {memory:.0f} GB, load {os.getloadavg()[1]:.1f}; {now:%Y-%m-%d %H:%M} UTC.\n"
        f"{shown} calls of each, in turn, after {WARM_UP} to warm up."
    )


def times(results: dict[str, list[Measured]], yardstick: str) -> str:
    """Return the table of times, with ratios of the medians.

    :param yardstick: Odoo's own interface to compare with
    """
    lines = []
    for call, measured in results.items():
        medians = {item.contestant: item.p50 for item in measured}
        lines += [[call, item.contestant, *_time_cells(item, medians, yardstick)] for item in measured]
    return _table(["call", "who", "p50 ms", "p95 ms", f"ratio to {yardstick}", f"to {FLOOR}"], lines, texts=2)


def sizes(found: Iterable[Sizes]) -> str:
    """Return the table of characters: `read` is what an assistant gets, `sent` the whole answer on the wire."""
    head = ["who", "tools", "tools/list", "contacts, read", "contacts, sent", "fields, read", "fields, sent"]
    lines = []
    for item in found:
        numbers = [*(item.tools or (None, None)), *item.contacts, *item.fields]
        lines.append([item.name, *("" if number is None else f"{number:,}" for number in numbers)])
    return _table(head, lines, texts=1)


def _time_cells(item: Measured, medians: dict[str, float], yardstick: str) -> list[str]:
    ratios = [f"{item.p50 / medians[name]:.2f}" if name in medians else "" for name in (yardstick, FLOOR)]
    return [f"{item.p50:.1f}", f"{item.p95:.1f}", *ratios]


def _table(head: Sequence[str], lines: Iterable[Sequence[str]], *, texts: int) -> str:
    """Return a table whose first columns are texts, the others numbers."""
    rows = [list(head), *map(list, lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    padded = [
        [cell.ljust(width) if column < texts else cell.rjust(width) for column, (cell, width) in enumerate(pairs)]
        for pairs in ([*zip(row, widths, strict=True)] for row in rows)
    ]
    rule = ["-" * width if column < texts else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [padded[0], rule, *padded[1:]])
