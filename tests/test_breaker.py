# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.limits import WINDOW, Limits, Throttle, stop, window_key
from ..models.principal import Principal
from ..protocol import Call, Outcome
from .common import McpHttpCase, McpTransactionCase, let_everybody, shared_cursor

MISSING = {"model": "res.partner", "ids": [2**30]}


@tagged("post_install", "-at_install")
class TestBreakerOverHttp(McpHttpCase):
    def profile(self, **values):
        profile = let_everybody(self.env)
        profile.limit_ids.unlink()
        profile.write(values)
        self.env.flush_all()
        return profile

    def breakers(self):
        return self.env["mcp_native.breaker"].search([("user_id", "=", self.plain.id)])

    def connection(self):
        key = self.plain.sudo().api_key_ids
        domain = [("kind", "=", "api_key"), ("credential_id", "=", key.id)]
        return self.env["mcp_native.connection"].search(domain)

    def test_many_errors_stop_a_connection_until_a_manager_lets_it_go_on(self):
        self.profile(breaker_errors=3)
        self.assertEqual(self.connection().state, "live")
        for _call in range(3):
            self.assertNotIn("stopped", self.tool_error("read_records", MISSING))
        self.assertIn("stopped", self.tool_error("search_records", {"model": "res.partner"}))
        row = self.env["mcp_native.access.log"].search([], limit=1)
        self.assertEqual((row.outcome, row.error_class), ("tool_error", "Stopped"))
        answer = self.rpc("tools/list")
        self.assertEqual(answer.status_code, 403)
        self.assertIn("a manager", answer.json()["error"]["message"])
        breaker = self.breakers()
        self.assertEqual((breaker.reason, breaker.amount, breaker.credential_name), ("errors", 3, "test"))
        connection = self.connection()
        self.assertEqual(connection.state, "stopped")
        with self.assertRaises(AccessError):
            connection.with_user(self.plain).action_go_on()
        connection.with_user(self.manager).action_go_on()
        self.assertEqual(connection.state, "live")
        self.assertEqual(breaker.ended_by_id, self.manager)
        self.env.flush_all()
        self.tool_text("search_records", {"model": "res.partner"})
        self.tool_error("read_records", MISSING)
        self.tool_text("search_records", {"model": "res.partner"})

    def test_many_changes_stop_a_connection(self):
        self.profile(breaker_writes=2)
        field = "group_ids" if "group_ids" in self.plain._fields else "groups_id"
        self.plain.write({field: [(4, self.env.ref("base.group_partner_manager").id)]})
        change = {"model": "res.partner", "ids": self.plain.partner_id.ids, "values": {"function": "Tester"}}
        for _call in range(2):
            self.tool_text("update_records", change)
        self.assertIn("stopped", self.tool_error("update_records", change))
        self.assertEqual(self.breakers().reason, "writes")

    def test_errors_that_the_protocol_answers_count_too(self):
        self.profile(breaker_errors=2)
        for _call in range(2):
            self.rpc("no/such/method")
        self.assertEqual(self.rpc("tools/list").status_code, 403)

    def test_who_is_refused_by_a_limit_is_not_stopped_for_it(self):
        profile = self.profile(breaker_errors=2)
        profile.write({"limit_ids": [(0, 0, {"measure": "calls", "amount": 1, "period": "86400"})]})
        self.env.flush_all()
        for _call in range(6):
            self.rpc("tools/list")
        self.assertFalse(self.breakers())

    def test_a_breaker_of_0_never_stops(self):
        self.profile(breaker_errors=0)
        for _call in range(4):
            self.tool_error("read_records", MISSING)
        self.tool_text("search_records", {"model": "res.partner"})


class TestBreaker(McpTransactionCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(shared_cursor(self))
        self.principal = Principal(self.plain.id, "api_key", 4711, "laptop", frozenset())

    def stopped(self):
        stop(self.registry, self.principal, "writes", 500)
        return self.env["mcp_native.breaker"].search([("credential_id", "=", 4711)])

    def test_every_manager_is_told_once(self):
        breaker = self.stopped()
        self.assertEqual(self.stopped(), breaker)
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "mcp_native.breaker"), ("res_id", "=", breaker.id)]
        )
        self.assertEqual(len(activities.filtered(lambda activity: activity.user_id == self.manager)), 1)
        self.assertFalse(activities.filtered(lambda activity: activity.user_id == self.plain))
        self.assertIn("laptop of mcp_plain", activities[0].summary.replace(self.plain.name, "mcp_plain"))

    def test_letting_it_go_on_ends_the_activities_and_counts_anew(self):
        breaker = self.stopped()
        key = window_key("writes", "api_key", 4711)
        self.env.cr.execute("INSERT INTO mcp_native_counter VALUES (%s, 9e9, 600, 0, 500)", [key])
        breaker.with_user(self.manager).action_go_on()
        self.env.cr.execute("SELECT FROM mcp_native_counter WHERE key = %s", [key])
        self.assertFalse(self.env.cr.rowcount)
        self.assertFalse(breaker.sudo().activity_ids)
        self.assertTrue(breaker.ended)
        self.assertNotEqual(self.stopped(), breaker, "it can be stopped again")

    def test_only_managers_see_and_let_go_on(self):
        breaker = self.stopped()
        for user in (self.plain, self.outsider):
            with self.assertRaises(AccessError):
                breaker.with_user(user).read(["reason"])
            with self.assertRaises(AccessError):
                breaker.with_user(user).action_go_on()
        self.assertTrue(breaker.with_user(self.manager).read(["reason"]))

    def test_nobody_makes_changes_or_deletes_one(self):
        breaker = self.stopped()
        values = {"kind": "api_key", "credential_id": 1, "user_id": self.plain.id, "reason": "writes"}
        for user in (self.manager, self.env.ref("base.user_admin")):
            model = self.env["mcp_native.breaker"].with_user(user)
            with self.assertRaises(AccessError):
                model.create({**values, "stopped": "2026-01-01"})
            with self.assertRaises(AccessError):
                model.browse(breaker.id).write({"ended": "2026-01-01"})
            with self.assertRaises(AccessError):
                model.browse(breaker.id).unlink()
        with self.assertRaises(AccessError):
            breaker.write({"ended": "2026-01-01"})

    def test_previews_and_refusals_are_no_changes(self):
        throttle = Throttle(self.registry, self.principal, Limits(1, (), 5, 5))
        done = Outcome("ok", None, 1, 1, 0.1)
        self.assertTrue(throttle.charges(Call(1, "tools/call"), done, writes=True))
        for consent in ("preview", "asked", "requested", "replayed"):
            call = Call(1, "tools/call", facts={"consent": consent})
            self.assertFalse(throttle.charges(call, done, writes=True), consent)
        refused = Outcome("tool_error", None, 1, 1, 0.1)
        self.assertFalse(throttle.charges(Call(1, "tools/call", facts={"error": "RateLimited"}), refused, writes=True))
        charge = throttle.charges(Call(1, "tools/call", facts={"error": "ToolError"}), refused, writes=True)
        self.assertEqual([(due.step, due.count) for due in charge], [(WINDOW, 1)])

    def test_its_form_opens(self):
        breaker = self.stopped()
        view = breaker.with_user(self.manager).get_view(view_type="form")
        self.assertIn("action_go_on", view["arch"])
        domain = breaker.action_calls()["domain"]
        self.assertEqual(domain, [("credential_kind", "=", "api_key"), ("credential_id", "=", 4711)])
