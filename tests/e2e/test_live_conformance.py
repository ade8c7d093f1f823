# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The protocol's own conformance suite against the live server."""

from __future__ import annotations

import pytest
from live import HERE

BASELINE = HERE / "conformance-baseline-2025-11-25.yml"
MOST_EXCEPTIONS = 5


@pytest.fixture
def suite(server, node, run, tmp_path):
    """Runs the suite with a key and returns what became of it."""

    def run_suite(*options):
        environ = {
            "MCP_TEST_SUITE": str(node.conformance),
            "MCP_TEST_ORIGIN": server.url,
            "MCP_TEST_TOKEN": server.people["admin"].key,
        }
        command = [node.program, "--import", HERE / "bearer.mjs", node.conformance, "server", "--url", server.mcp_url]
        return run(*command, *options, "-o", tmp_path, env=environ)

    return run_suite


def test_every_scored_scenario_of_2026_07_28_passes(suite):
    done = suite("--requirements", "2026-07-28")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_scored_scenario_of_2025_11_25_passes_but_those_of_the_baseline(suite):
    done = suite("--requirements", "2025-11-25", "--expected-failures", BASELINE)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_baseline_has_few_lines_and_each_is_explained():
    lines = BASELINE.read_text().splitlines()
    entries = [number for number, line in enumerate(lines) if line.startswith("  - ")]
    assert len(entries) <= MOST_EXCEPTIONS
    assert all(lines[number - 1].startswith("  #") for number in entries)
