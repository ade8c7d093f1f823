# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A batch counts as what it does: calls, changes and rows of all of its steps, and each is in the log."""

from __future__ import annotations

import json
from typing import Any

from odoo.tests import tagged

from ..models.limits import Limits, Line, Throttle
from ..models.principal import Principal
from ..protocol import MODERN, Call, Outcome
from .common import McpHttpCase, let_everybody, shared_cursor
from .test_batch import PARTNER, BatchCase, create, search, step, update
from .tool_case import SCOPES

DAY = 86400
READ = step("get_context")


class LimitCase(BatchCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(shared_cursor(self))

    def throttle(self, *lines: Line, **breakers: int) -> Throttle:
        principal = Principal(self.plain.id, "api_key", 1, "test", SCOPES)
        return Throttle(self.registry, principal, Limits(3, lines, **breakers))


@tagged("post_install", "-at_install")
class TestCounted(LimitCase):
    def admitted(self, line: Line, steps: Any, **options: Any) -> str:
        """Return why a batch is refused, empty where it is not."""
        service = self.service()
        service.throttle = self.throttle(line)
        params = {"name": "batch", "arguments": {"steps": steps, **options}}
        refused = service.admit(Call(1, "tools/call", params, MODERN, modern=True))
        return refused.content[0]["text"] if refused else ""

    def test_each_step_counts_as_a_call(self) -> None:
        line = Line("calls", "credential", DAY, 5)
        self.assertEqual(self.admitted(line, [READ] * 3), "")
        self.assertIn("Too many calls: wait", self.admitted(line, [READ] * 3))
        self.assertEqual(self.admitted(line, [READ] * 2), "")
        self.assertIn("Too many calls", self.admitted(line, [READ]))

    def test_each_changing_step_counts_as_a_change(self) -> None:
        line = Line("writes", "credential", DAY, 3)
        self.assertEqual(self.admitted(line, [READ] * 9), "")
        self.assertEqual(self.admitted(line, [create("QZ"), READ, create("QZ")]), "")
        self.assertIn("Too many calls", self.admitted(line, [create("QZ"), create("QZ")]))
        self.assertEqual(self.admitted(line, [create("QZ"), create("QZ")], dry_run=True), "")
        self.assertEqual(self.admitted(line, [create("QZ")]), "")

    def test_steps_that_came_as_text_count_too(self) -> None:
        line = Line("calls", "credential", DAY, 5)
        for steps in (json.dumps([READ] * 4), str([READ] * 4)):
            self.assertEqual(self.admitted(line, steps), "")
            self.assertIn("Too many calls", self.admitted(line, steps))
            self.env.cr.execute("DELETE FROM mcp_native_counter")

    def test_an_unknown_step_counts_as_a_change(self) -> None:
        line = Line("writes", "credential", DAY, 1)
        self.assertIn("never fit", self.admitted(line, [step("x"), 5]))

    def test_more_steps_than_ever_fit_are_told_so(self) -> None:
        self.assertIn("Use fewer", self.admitted(Line("calls", "credential", 60, 60, 3), [READ] * 4))
        self.assertEqual(self.admitted(Line("calls", "credential", 60, 60, 3), [READ] * 3), "")

    def test_the_wait_is_as_long_as_it_takes_for_all_steps(self) -> None:
        line = Line("calls", "credential", 3600, 6)
        self.admitted(line, [READ] * 6)
        self.assertIn("wait 40 minutes", self.admitted(line, [READ] * 4))

    def test_rows_that_its_steps_read_are_charged(self) -> None:
        self.batch(create("QZ", "QZ", "QZ"), search("QZ"), search("QZ"))
        call = Call(1, "tools/call", facts=self.facts)
        throttle = self.throttle(Line("rows", "credential", DAY, 6))
        charges = throttle.charges(call, Outcome("ok", None, 1, 1, 0.1), writes=True)
        self.assertEqual([charge.step for charge in charges], [DAY])
        self.assertFalse(throttle.charges(call, Outcome("tool_error", None, 1, 1, 0.1), writes=True))

    def test_the_breaker_counts_every_change(self) -> None:
        self.batch(create("QZ"), READ, update("$1.ids", city="Ghent"), update([0], city="x", optional=True))
        call = Call(1, "tools/call", facts=self.facts)
        charges = self.throttle(breaker_writes=9).charges(call, Outcome("ok", None, 1, 1, 0.1), writes=True)
        self.assertEqual([charge.count for charge in charges], [2])

    def test_the_breaker_counts_every_step_that_failed(self) -> None:
        probe = step("read_records", model=PARTNER, ids=[0], optional=True)
        self.batch(probe, READ, probe)
        throttle, call = self.throttle(breaker_errors=9), Call(1, "tools/call", facts=self.facts)
        for outcome, count in (("ok", 2), ("tool_error", 1)):
            charges = throttle.charges(call, Outcome(outcome, None, 1, 1, 0.1), writes=True)
            self.assertEqual([charge.count for charge in charges], [count])


@tagged("post_install", "-at_install")
class TestSizes(BatchCase):
    def setUp(self) -> None:
        super().setUp()
        self.profile = let_everybody(self.env, "full")
        self.many = self.env[PARTNER].create([{"name": "QZ Many"}] * 5)
        self.env.flush_all()

    def test_one_answer_has_as_many_rows_as_the_profile_allows(self) -> None:
        self.profile.max_rows = 4
        many = step("search_records", model=PARTNER, domain=[["name", "=", "QZ Many"]], fields=["name"], limit=3)
        text = self.batch(many, many)
        self.assertEqual(text.count("|QZ Many"), 4)
        self.assertIn("allows 4 records in one answer: the steps before have them", self.refused(many, many, many))
        read = step("read_records", model=PARTNER, ids=self.many[:3].ids, fields=["name"])
        self.assertIn("allows 1 records", self.refused(many, read))

    def test_tools_that_do_not_tell_their_rows_take_what_they_were_allowed(self) -> None:
        self.profile.max_rows = 4
        find = step("list_models", limit=3)
        self.batch(find, find)
        self.assertIn("the steps before have them", self.refused(find, find, find))

    def test_an_empty_search_takes_no_rows(self) -> None:
        self.profile.max_rows = 4
        self.assertIn("All 9 steps", self.batch(*[search("QZ nobody")] * 9))
        add_up = step("aggregate_records", model=PARTNER, domain=[["name", "=", "QZ nobody"]], group_by=["type"])
        self.assertIn("All 9 steps", self.batch(*[add_up] * 9))

    def test_one_answer_has_as_many_characters_as_the_profile_allows(self) -> None:
        self.profile.max_characters = 500
        self.assertLess(len(self.batch(*[READ] * 9)), 800)

    def test_references_cannot_be_blown_up(self) -> None:
        ids = ["$1.ids"] * 30_000
        text = self.refused(search("QZ Many"), step("call_method", model=PARTNER, method="read", args=[ids]))
        self.assertIn("may stand for 100,000 ids at most", text)


@tagged("post_install", "-at_install")
class TestLogged(McpHttpCase):
    def rows(self) -> Any:
        self.env.invalidate_all()
        return self.env["mcp_native.access.log"].search([("uid", "=", self.plain.id)], order="id")

    def batch(self, *steps: dict[str, Any]) -> Any:
        before = self.rows()
        self.tool("batch", {"steps": list(steps)})
        return self.rows() - before

    def test_a_batch_has_a_row_and_each_step_has_one(self) -> None:
        find = step("search_records", model="res.users", domain=[["id", "=", self.plain.id]])
        rows = self.batch(
            find, step("count_records", model=PARTNER), step("read_records", model=PARTNER, ids=[0], optional=True)
        )
        found = [(row.method, row.tool, row.writes, row.model, row.record_ids, row.outcome) for row in rows]
        self.assertEqual(
            found,
            [
                ("tools/call", "batch", True, "", "", "ok"),
                ("step", "search_records", False, "res.users", str(self.plain.id), "ok"),
                ("step", "count_records", False, PARTNER, "", "ok"),
                ("step", "read_records", False, PARTNER, rows[3].record_ids, "tool_error"),
            ],
        )
        self.assertEqual(len(set(rows.mapped("request_id"))), 1)
        log = self.env["mcp_native.access.log"]
        self.assertIn(rows[1], log.search([("record_ref", "=", f"res.users,{self.plain.id}")]))

    def test_a_model_that_is_no_name_at_all_is_written_without_harm(self) -> None:
        (_row, of_step) = self.batch(step("count_records", model="\x00" + "x" * 500))
        self.assertEqual((of_step.outcome, len(of_step.model)), ("tool_error", 100))
