# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Limits with two workers: what many clients do at once is counted as exactly as if they came one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count

import pytest
from live import WORKERS, Live
from wire import Wire

AT_ONCE = 8
TRIES = 40
DAY = "86400"
SEARCH = {"name": "search_records", "arguments": {"model": "res.partner", "limit": 1}}
NAMES = count()


@contextmanager
def limited(server: Live, wires: list[Wire], **values: object) -> Iterator[None]:
    """Give the connections of some clients a profile of their own, with one limit or with a breaker."""
    web = server.web("admin")
    line = {name: values.pop(name) for name in ("measure", "scope", "amount") if name in values}
    full = dict.fromkeys(("create_decision", "write_decision", "unlink_decision", "call_decision"), "allow")
    lines = [(0, 0, {**line, "period": DAY})] if line else []
    profile = web.execute(
        "mcp_native.profile", "create", {"name": f"Live {next(NAMES)}", **full, "limit_ids": lines, **values}
    )
    keys = [key_id(server, wire) for wire in wires]
    assigned = [
        web.execute(
            "mcp_native.profile.credential",
            "create",
            {"kind": "api_key", "credential_id": key, "profile_id": profile},
        )
        for key in keys
    ]
    try:
        yield
    finally:
        web.execute("mcp_native.profile.credential", "unlink", assigned)
        web.execute("mcp_native.profile", "unlink", [profile])


def key_id(server: Live, wire: Wire) -> int:
    ((found,),) = server.rows("SELECT id FROM res_users_apikeys WHERE index = %s", wire.key[:8])
    return found


def outcomes(wires: list[Wire], tries: int = TRIES) -> Counter:
    """Return how often a tool was run, refused by a result and refused as HTTP, of many calls at once."""

    def once(number: int) -> str:
        answer = wires[number % len(wires)].rpc("tools/call", SEARCH)
        if answer.status_code != 200:
            assert answer.status_code == 429, answer.text
            assert int(answer.headers["Retry-After"]) > 0
            return "http"
        return "refused" if answer.json()["result"].get("isError") else "run"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(once, range(tries)))


@pytest.mark.parametrize("amount", [1, 7])
def test_of_many_calls_at_once_exactly_as_many_pass_as_the_limit_says(server: Live, plain: Wire, amount: int) -> None:
    start = server.log_end()
    with limited(server, [plain], measure="calls", scope="credential", amount=amount):
        found = outcomes([plain])
    assert found == {"run": amount, "refused": amount, "http": TRIES - 2 * amount}
    assert len(server.pids_since(start)) == WORKERS, "one worker answered all: this proves nothing"


@pytest.mark.parametrize(("scope", "expected"), [("credential", 10), ("user", 5), ("profile", 5)])
def test_connections_are_counted_together_where_the_limit_says_so(server: Live, scope: str, expected: int) -> None:
    wires = [server.wire("plain"), server.wire("plain", kind="spare_key")]
    with limited(server, wires, measure="calls", scope=scope, amount=5):
        assert outcomes(wires)["run"] == expected


def test_calls_that_wait_for_one_another_do_not_hold_up_the_counting(server: Live, plain: Wire) -> None:
    name = "Limits under load"
    ((partner_id,),) = server.rows("SELECT partner_id FROM res_users WHERE id = %s", server.people["plain"].id)

    def slow(number: int) -> dict:
        arguments = {"partner_id": partner_id, "name": f"{name} {number}", "pause": 0.2}
        return plain.tool("test_slow_increment", arguments)

    with limited(server, [plain], measure="writes", scope="credential", amount=4), ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(slow, range(8)))
    assert sum(not result.get("isError") for result in results) == 4, "a replayed call was counted twice, or none was"


def test_many_errors_stop_a_connection_in_every_worker_until_a_manager_lets_it_go_on(server: Live) -> None:
    wire = server.wire("admin", kind="spare_key")
    web = server.web("admin")
    wrong = {"model": "res.partner", "ids": [2**30]}
    with limited(server, [wire], breaker_errors=6):
        for _call in range(6):
            assert "stopped" not in wire.refusal("read_records", wrong)
        assert set(server.on_each_worker(wire.status).values()) == {403}
        assert "manager" in wire.refusal("read_records", wrong)
        (breaker,) = web.execute("mcp_native.breaker", "search", [["credential_id", "=", key_id(server, wire)]])
        told = server.rows("SELECT count(*) FROM mail_activity WHERE res_model = 'mcp_native.breaker'")
        assert told[0][0] >= 1
        web.execute("mcp_native.breaker", "action_go_on", [breaker])
        assert set(server.on_each_worker(wire.status).values()) == {200}


class TestFailedAuthentication:
    @pytest.fixture(autouse=True)
    def few(self, server: Live) -> Iterator[None]:
        forgotten = "DELETE FROM mcp_native_counter WHERE key LIKE 'failures/%%'"
        server.change(forgotten)
        with server.web("admin").parameter("mcp_native.auth_failures", "5"):
            yield
        server.change(forgotten)

    def test_guesses_at_once_are_refused_after_as_many_as_the_setting_says(self, server: Live, plain: Wire) -> None:
        guesses = [Wire(plain.url, f"{number:040x}") for number in range(20)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = Counter(pool.map(Wire.status, guesses))
        assert set(found) == {401, 429}
        assert found[401] in (5, 6), "the bucket drains by one in 12 seconds"
        answer = guesses[0].rpc("tools/list")
        assert 1 <= int(answer.headers["Retry-After"]) <= 12
        assert "not valid" in answer.json()["error"]["message"]
        assert set(server.on_each_worker(plain.status).values()) == {200}

    def test_ended_access_tokens_are_told_to_renew_however_many(self, plain: Wire) -> None:
        ended = Wire(plain.url, "mcpa_" + "A" * 43)
        assert [ended.status() for _time in range(8)] == [401] * 8

    def test_a_request_without_a_token_is_always_challenged(self, plain: Wire) -> None:
        guess = Wire(plain.url, "0" * 40)
        assert {guess.status() for _time in range(8)} == {401, 429}
        assert Wire(plain.url, None).status() == 401
