# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an auditor does: the pages in Chromium, the command on a live database, sealing while calls come in."""

from __future__ import annotations

import json
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor

from live import Live

from dev.environment import Environment
from dev.paths import ADDONS

AGED = """
    UPDATE mcp_native_access_log SET date = date - interval '15 minutes'
     WHERE id > (SELECT COALESCE(max(last_id), 0) FROM mcp_native_log_seal)
"""
"""Makes every row that is not sealed yet old enough for it."""


def call_about(server: Live, contact: int) -> None:
    """Let an assistant read a contact, a quarter of an hour ago."""
    arguments = {"model": "res.partner", "ids": [contact]}
    answer = server.wire("admin").rpc("tools/call", {"name": "read_records", "arguments": arguments})
    server.logged(answer.headers["X-Request-Id"])
    server.change(AGED)


def test_an_auditor_goes_from_a_contact_to_its_calls_and_back_and_checks_and_exports_the_log(server, browse):
    name = f"Audited {uuid.uuid4().hex[:8]}"
    contact = server.web("admin").execute("res.partner", "create", [{"name": name, "email": "audited@example.com"}])[0]
    call_about(server, contact)
    seen = browse("audit", "admin", contact=contact)
    assert seen["contact"] == seen["back at"] == name
    assert [row["tool"] for row in seen["calls"]] == ["read_records"]
    assert "The log is whole." in seen["check"]
    assert seen["file"].endswith(".jsonl")
    exported = [json.loads(line) for line in seen["exported"].splitlines()]
    assert [row["record_ids"] for row in exported if row["model"] == "res.partner"][-1] == str(contact)


def check(server: Live, environment: Environment) -> subprocess.CompletedProcess:
    """Run the command as an administrator does. 17.0 and 18.0 look for commands in this --addons-path only."""
    words = environment.odoo("mcp_log_check", "-d", server.database)
    words.insert(2, f"--addons-path={','.join(map(str, [*environment.source.addons, ADDONS]))}")
    return subprocess.run(words, env=environment.environ(), capture_output=True, text=True, check=False, timeout=120)


def test_the_command_tells_a_whole_log_from_one_that_was_changed(server, environment):
    call_about(server, 1)
    server.web("admin").execute("mcp_native.log.check", "action_seal", [])
    whole = check(server, environment)
    assert (whole.returncode, "The log is whole." in whole.stdout) == (0, True), whole.stderr
    (row,) = server.rows("SELECT last_id FROM mcp_native_log_seal ORDER BY last_id DESC LIMIT 1")
    server.change("UPDATE mcp_native_access_log SET tool = 'forged' WHERE id = %s", row[0])
    try:
        broken = check(server, environment)
        assert (broken.returncode, f"Row {row[0]} was altered." in broken.stdout) == (1, True), broken.stderr
    finally:
        server.change("UPDATE mcp_native_access_log SET tool = 'read_records' WHERE id = %s", row[0])


def test_two_who_seal_at_once_make_one_chain(server):
    for _ in range(5):
        call_about(server, 1)
    webs = [server.web("admin") for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        opened = list(pool.map(lambda web: web.execute("mcp_native.log.check", "action_seal", []), webs))
    assert {action["res_model"] for action in opened} == {"mcp_native.log.check"}
    seals = server.rows("SELECT previous, hash FROM mcp_native_log_seal ORDER BY last_id")
    assert [previous for previous, _hash in seals] == ["0" * 64, *(hash_ for _previous, hash_ in seals[:-1])]
