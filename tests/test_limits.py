# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged

from ..models import failures, settings
from ..models import limits as limits_module
from ..models.addresses import network_of
from ..models.limits import GENTLE, Due, Limits, Line, Throttle, charge_query
from ..models.mcp_native_principal import ADDRESS
from ..models.principal import Principal
from ..models.refusals import RateLimited
from ..protocol import Call, Outcome
from .common import McpHttpCase, McpTransactionCase, let_everybody, make_key, shared_cursor

SEARCH = {"model": "res.partner", "limit": 5}
DAY = 86400


def limited(case: Any, *lines: dict[str, Any], profile: str = "full") -> Any:
    """Give the profile for everybody these limits and no others."""
    found = let_everybody(case.env, profile)
    found.limit_ids.unlink()
    found.write({"limit_ids": [(0, 0, {"period": str(DAY), **line}) for line in lines]})
    case.env.flush_all()
    return found


class TestThrottle(McpTransactionCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(shared_cursor(self))

    def throttle(self, *lines: Line, uid: int = 5, credential: int = 7, profile: int = 3, **breakers: int) -> Throttle:
        principal = Principal(uid, "api_key", credential, "laptop", frozenset())
        return Throttle(self.registry, principal, Limits(profile, lines, **breakers))

    def passed(self, calls: int, *lines: Line, writes: bool = False, **whose: int) -> int:
        """Return how many of some calls pass, each of a request of its own."""
        return sum(self.throttle(*lines, **whose).admit(writes=writes) is None for _call in range(calls))

    def later(self, seconds: float) -> None:
        self.env.cr.execute("UPDATE mcp_native_counter SET ends = ends - %s", [seconds])

    def test_as_many_calls_pass_as_the_limit_says(self):
        self.assertEqual(self.passed(9, Line("calls", "credential", DAY, 4)), 4)

    def test_the_burst_is_what_passes_at_once(self):
        line = Line("calls", "credential", 60, 60, 3)
        self.assertEqual(self.passed(9, line), 3)
        self.later(2)
        self.assertEqual(self.passed(9, line), 2)

    def test_the_wait_is_as_long_as_it_takes(self):
        line = Line("calls", "credential", 3600, 3)
        self.passed(3, line)
        refusal = self.throttle(line).admit(writes=False)
        self.assertEqual((refusal.wait, refusal.firm), (1200, False))
        self.assertEqual(
            refusal.text, "Too many calls: wait 20 minutes. The limit is 3 calls an hour for this connection."
        )
        self.later(1201)
        self.assertEqual(self.passed(2, line), 1)

    def test_short_waits_are_told_in_seconds_and_never_too_short(self):
        for wait, text in ((0.2, "1 second."), (11.2, "12 seconds."), (121, "3 minutes."), (7201, "3 hours.")):
            self.assertIn(f"wait {text}", limits_module._too_many(Line("calls", "user", 60, 1), wait, firm=False).text)

    def test_what_one_limit_refuses_uses_up_no_other(self):
        few, many = Line("calls", "credential", DAY, 2), Line("calls", "profile", DAY, 5)
        self.assertEqual(self.passed(50, few, many), 2)
        self.assertEqual(self.passed(9, few, many, credential=8), 2)
        self.assertEqual(self.passed(9, few, many, credential=9), 1)

    def test_limits_are_counted_for_whom_they_are_meant(self):
        cases = {"credential": (2, 2, 2), "user": (2, 0, 2), "profile": (2, 0, 0)}
        for scope, expected in cases.items():
            with self.subTest(scope):
                line = Line("calls", scope, DAY, 2)
                found = [
                    self.passed(3, line, uid=1, credential=1, profile=9),
                    self.passed(3, line, uid=1, credential=2, profile=9),
                    self.passed(3, line, uid=2, credential=3, profile=9),
                ]
                self.assertEqual(tuple(found), expected)
                self.assertEqual(self.passed(3, line, uid=1, credential=1, profile=10), 2)

    def test_reading_is_not_refused_by_a_limit_of_changes(self):
        line = Line("writes", "credential", DAY, 2)
        self.assertEqual(self.passed(5, line, writes=True), 2)
        self.assertEqual(self.passed(5, line), 5)

    def test_a_limit_of_nothing_lets_nothing_pass(self):
        line = Line("writes", "credential", 60, 0)
        self.assertEqual(self.passed(3, line, writes=True), 0)
        self.assertEqual(self.passed(3, line), 3)

    def test_rows_are_charged_after_the_answer_and_refuse_the_next_call(self):
        line = Line("rows", "credential", DAY, 10)
        for rows, passes in ((9, True), (1, False)):
            throttle = self.throttle(line)
            self.assertIsNone(throttle.admit(writes=False))
            call = Call(1, "tools/call", facts={"ids": list(range(rows))})
            charges = throttle.charges(call, Outcome("ok", None, 1, 1, 0.1), writes=False)
            self.env.cr.execute(*charge_query(charges))
            self.assertEqual(self.passed(1, line), int(passes), rows)

    def test_failed_and_changing_calls_read_no_rows(self):
        throttle = self.throttle(Line("rows", "credential", DAY, 10))
        call = Call(1, "tools/call", facts={"ids": [1, 2]})
        self.assertFalse(throttle.charges(call, Outcome("tool_error", None, 1, 1, 0.1), writes=False))
        self.assertFalse(throttle.charges(call, Outcome("ok", None, 1, 1, 0.1), writes=True))
        self.assertTrue(throttle.charges(call, Outcome("ok", None, 1, 1, 0.1), writes=False))

    def test_a_replayed_request_is_counted_once(self):
        line = Line("calls", "credential", DAY, 2)
        throttle = self.throttle(line)
        for _attempt in range(5):
            throttle.restart()
            self.assertIsNone(throttle.admit(writes=False))
            self.assertIsNone(throttle.admit(writes=False))
        self.assertEqual(self.passed(1, line), 0)

    def test_who_goes_on_far_beyond_is_refused_firmly(self):
        line = Line("calls", "credential", DAY, 3)
        refusals = [self.throttle(line).admit(writes=False) for _call in range(9)]
        self.assertEqual([refusal and refusal.firm for refusal in refusals], [None] * 3 + [False] * 3 + [True] * 3)
        self.assertLess(GENTLE, 1000)

    def test_charges_of_one_key_add_up(self):
        query = charge_query([Due("a", 2), Due("b", 600, count=1), Due("a", 3), Due("b", 600, count=1)])
        self.env.cr.execute(*query)
        self.assertEqual(dict(self.env.cr.fetchall()), {"a": 0, "b": 2})
        self.env.cr.execute(
            "SELECT round((ends - extract(epoch FROM clock_timestamp()))::numeric)"
            "  FROM mcp_native_counter WHERE key = 'a'"
        )
        self.assertEqual(self.env.cr.fetchone()[0], 5)

    def test_a_window_begins_anew_after_its_end(self):
        query = charge_query([Due("w", 600, count=1)])
        for expected in (1, 2, 3):
            self.env.cr.execute(*query)
            self.assertEqual(dict(self.env.cr.fetchall()), {"w": expected})
            self.later(100)
        self.later(301)
        self.env.cr.execute(*query)
        self.assertEqual(dict(self.env.cr.fetchall()), {"w": 1})

    def test_a_database_that_cannot_count_refuses_nobody(self):
        full = patch.object(limits_module, "own_cursor", side_effect=psycopg2.OperationalError("full"))
        with full, self.assertLogs(limits_module.__name__, "ERROR"):
            self.assertEqual(self.passed(1, Line("calls", "credential", DAY, 1)), 1)

    def test_what_has_drained_is_deleted(self):
        self.passed(1, Line("calls", "credential", 60, 60))
        self.passed(1, Line("calls", "credential", DAY, 1))
        self.later(2)
        self.env["mcp_native.counter"]._gc_ended()
        self.env.cr.execute("SELECT key FROM mcp_native_counter WHERE key LIKE 'calls/%%/3/api_key/7'")
        self.assertEqual(self.env.cr.fetchall(), [(f"calls/{DAY}/3/api_key/7",)])

    def test_of_two_limits_that_say_the_same_the_lower_one_holds(self):
        line = {"measure": "calls", "scope": "user"}
        profile = limited(self, {**line, "amount": 9}, {**line, "amount": 2, "burst": 1}, {**line, "amount": 5})
        found = self.env["mcp_native.counter"]._limits(profile.id)
        self.assertEqual(found.lines, (Line("calls", "user", DAY, 2, 1),))
        self.assertEqual((found.breaker_writes, found.breaker_errors), (500, 200))

    def test_a_changed_limit_holds_at_once(self):
        profile = limited(self, {"measure": "calls", "amount": 9})
        counters = self.env["mcp_native.counter"]
        self.assertEqual(counters._limits(profile.id).lines[0].amount, 9)
        profile.limit_ids.amount = 3
        self.assertEqual(counters._limits(profile.id).lines[0].amount, 3)
        self.assertEqual(counters._limits(0), Limits())

    def test_the_table_has_no_rights_for_anybody(self):
        for user in (self.plain, self.manager, self.env.ref("base.user_admin")):
            self.assertFalse(self.env["ir.model.access"].with_user(user).check("mcp_native.counter", "read", False))


@tagged("post_install", "-at_install")
class TestLimitsOverHttp(McpHttpCase):
    def logged(self):
        row = self.env["mcp_native.access.log"].search([], limit=1)
        return row.outcome, row.error_class, row.tool or ""

    def test_a_tool_is_refused_by_a_result_that_says_how_long_to_wait(self):
        limited(self, {"measure": "calls", "amount": 2})
        for _call in range(2):
            self.tool_text("search_records", SEARCH)
        text = self.tool_error("search_records", SEARCH)
        self.assertRegex(text, r"^Too many calls: wait 12 hours\. The limit is 2 calls a day for this connection\.$")
        self.assertEqual(self.logged(), ("tool_error", "RateLimited", "search_records"))

    def test_other_methods_are_refused_by_429_with_the_time_to_wait(self):
        limited(self, {"measure": "calls", "amount": 24})
        for _call in range(24):
            self.result("tools/list")
        for version in ("2026-07-28", "2025-06-18"):
            answer = self.rpc("tools/list", version=version, request_id=77)
            self.assertEqual(answer.status_code, 429, version)
            self.assertTrue(3590 <= int(answer.headers["Retry-After"]) <= 3600, answer.headers)
            self.assertEqual(answer.json()["id"], 77)
            self.assertIn("Too many calls: wait 60 minutes", answer.json()["error"]["message"])

    def test_a_client_that_does_not_listen_is_refused_by_429(self):
        limited(self, {"measure": "calls", "amount": 3})
        params = {"name": "search_records", "arguments": SEARCH}
        statuses = [self.rpc("tools/call", params).status_code for _call in range(8)]
        self.assertEqual(statuses, [200] * 6 + [429] * 2)

    def test_nothing_is_done_by_a_refused_call(self):
        limited(self, {"measure": "writes", "amount": 1})
        values = [{"name": "Beyond the limit"}]
        field = "group_ids" if "group_ids" in self.plain._fields else "groups_id"
        self.plain.write({field: [(4, self.env.ref("base.group_partner_manager").id)]})
        self.tool_text("create_records", {"model": "res.partner", "values": values})
        self.assertIn("changing calls", self.tool_error("create_records", {"model": "res.partner", "values": values}))
        self.assertEqual(self.env["res.partner"].search_count([("name", "=", "Beyond the limit")]), 1)
        self.tool_text("search_records", SEARCH)

    def test_rows_read_refuse_the_next_call(self):
        limited(self, {"measure": "rows", "amount": 5})
        self.assertGreaterEqual(self.env["res.partner"].search_count([]), 5)
        self.tool_text("search_records", SEARCH)
        self.assertIn("5 rows read a day", self.tool_error("search_records", SEARCH))

    def test_each_connection_has_its_own_limit(self):
        limited(self, {"measure": "calls", "amount": 1})
        self.result("tools/list")
        self.assertEqual(self.rpc("tools/list").status_code, 429)
        self.result("tools/list", key=make_key(self.env, self.plain))

    def test_each_request_of_a_batch_counts(self):
        limited(self, {"measure": "calls", "amount": 3})
        call = {"method": "tools/call", "params": {"name": "search_records", "arguments": SEARCH}}
        body = [{"jsonrpc": "2.0", "id": number, **call} for number in range(4)]
        answers = self.send(body, MCP_Protocol_Version="2025-03-26").json()
        self.assertEqual([bool(answer["result"].get("isError")) for answer in answers], [False] * 3 + [True])

    def test_notifications_are_not_counted(self):
        limited(self, {"measure": "calls", "amount": 1})
        for _time in range(3):
            self.send({"jsonrpc": "2.0", "method": "notifications/initialized"}, MCP_Protocol_Version="2025-06-18")
        self.result("tools/list")

    def test_without_limits_nothing_is_refused(self):
        limited(self)
        for _call in range(5):
            self.result("tools/list")


class TestFailedAuthentication(McpTransactionCase):
    """The wire is in the tests of a live server: what a refused request counted is lost in a test's transaction."""

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(shared_cursor(self))
        self.env.registry.clear_cache()
        self.env["ir.config_parameter"].set_param(settings.AUTH_FAILURES, "3")
        self.key = make_key(self.env, self.plain)
        self.wrong = self.key[:8] + "0" * 32

    def refused(self, times: int, token: str = "0" * 40, address: str = "192.0.2.1") -> list[bool]:
        """Return for each of some failures whether it is one too many."""
        return [self.is_refused(lambda: failures.note(self.env, address, token)) for _time in range(times)]

    def is_refused(self, do: Callable[[], Any]) -> bool:
        try:
            do()
        except RateLimited:
            return True
        return False

    def verify(self, token: str, address: str = "192.0.2.1") -> Any:
        principals = self.env["mcp_native.principal"].with_context(**{ADDRESS: address})
        return principals._from_token(token, "https://odoo.example.com/mcp")

    def test_who_guesses_is_told_to_wait(self):
        self.assertEqual(self.refused(5), [False] * 3 + [True] * 2)
        with self.assertRaises(RateLimited) as caught:
            failures.note(self.env, "192.0.2.1", "1" * 40)
        self.assertTrue(1 <= caught.exception.retry_after <= 20)
        self.assertEqual(self.refused(1, address="192.0.2.2"), [False])

    def test_the_wait_does_not_grow_by_further_guesses(self):
        self.refused(50)
        self.env.cr.execute("UPDATE mcp_native_counter SET ends = ends - 21")
        self.assertEqual(self.refused(1), [False])

    def test_a_valid_key_is_not_refused_for_the_guesses_of_others(self):
        self.refused(5)
        self.assertEqual(self.verify(self.key).uid, self.plain.id)

    def test_too_many_wrong_keys_with_the_first_digits_of_a_real_one_are_not_compared(self):
        self.refused(3, self.wrong)
        check = "_check_credentials"
        with patch.object(type(self.env["res.users.apikeys"]), check, side_effect=AssertionError):
            self.assertTrue(self.is_refused(lambda: self.verify(self.wrong)))
        other = make_key(self.env, self.manager)
        self.assertEqual(self.verify(other).uid, self.manager.id)
        self.assertEqual(self.verify(self.key, "192.0.2.2").uid, self.plain.id, "they came from elsewhere")

    def test_a_remembered_key_is_not_refused_for_guesses_of_its_first_digits(self):
        self.verify(self.key)
        self.refused(5, self.wrong)
        self.assertEqual(self.verify(self.key).uid, self.plain.id)

    def test_no_limit_where_the_setting_is_0(self):
        self.env["ir.config_parameter"].set_param(settings.AUTH_FAILURES, "0")
        self.assertEqual(self.refused(6, self.wrong), [False] * 6)
        self.verify(self.key)

    def test_strangers_cannot_fill_the_table(self):
        self.env.cr.execute("DELETE FROM mcp_native_counter")
        for number in range(4):
            self.refused(1, f"{number:040}")
        self.env.cr.execute("SELECT key FROM mcp_native_counter")
        self.assertEqual(self.env.cr.fetchall(), [("failures/192.0.2.1",)])

    def test_the_setting_is_stored_and_shown(self):
        form = self.env["res.config.settings"].create({"mcp_native_auth_failures": 7})
        form.execute()
        self.assertEqual(settings.auth_failures(self.env), 7)
        self.assertEqual(self.env["res.config.settings"].create({}).mcp_native_auth_failures, 7)

    def test_addresses_of_one_customer_count_as_one(self):
        self.assertEqual(network_of("192.0.2.7"), "192.0.2.7")
        self.assertEqual(network_of("::ffff:192.0.2.7"), "192.0.2.7")
        self.assertEqual(network_of("2001:db8:1:2:3::4"), "2001:db8:1:2::/64")
        self.assertEqual(network_of("nonsense"), "unknown")

    def test_the_refusal_says_when_to_come_back(self):
        self.assertIn(("Retry-After", "12"), [(name, str(value)) for name, value in RateLimited("x", 12).get_headers()])
