# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import time
from ipaddress import ip_address
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import config

from ..compat import all_users
from ..models import settings
from ..setup_check import ADVICE, OK, PROBLEM, AddressChecks, Outside, ServerChecks, Site, Visit, server
from .setup_case import LOGIN, SetupCase


class TestSetupAddress(SetupCase):
    """The public address, without asking anyone."""

    def checks(self, base: str, addresses: tuple[str, ...] = (), origin: str = "", **headers: str) -> AddressChecks:
        self.set_base(base)
        visit = Visit(origin, headers) if origin else None
        return AddressChecks(Site(self.env, Outside(addresses=tuple(map(ip_address, addresses))), visit))

    def test_https_and_a_host_name_are_all_right(self):
        for base in ("https://odoo.example.com", "https://odoo.example.com/", "https://odoo.example.com:8443"):
            self.assertEqual(self.checks(base).form().state, OK, base)

    def test_http_is_for_trying_out_only(self):
        self.assertEqual(self.checks("http://localhost:8069").form().state, ADVICE)
        self.assert_problem_finding(
            self.checks("http://odoo.example.com").form(), "proxy_mode = True", "https://odoo.example.com"
        )

    def test_more_than_an_origin_is_a_problem(self):
        for base in (
            "",
            "odoo.example.com",
            "https://odoo.example.com/odoo",
            "https://u@odoo.example.com",
            "ftp://x.example",
        ):
            with self.subTest(base):
                self.assert_problem_finding(self.checks(base).form(), "web.base.url")

    def test_what_programs_write_in_another_way_is_a_problem(self):
        ways = {
            "https://Odoo.Example.com": "https://odoo.example.com",
            "https://odoo.example.com:443": "https://odoo.example.com",
            "https://büro.example": "https://xn--bro-hoa.example",
        }
        for base, right in ways.items():
            with self.subTest(base):
                self.assert_problem_finding(self.checks(base).form(), right)

    def test_a_public_name_can_be_reached(self):
        finding = self.checks("https://odoo.example.com", ("8.8.8.8", "2001:4860:4860::8888")).reach()
        self.assertEqual(finding.state, OK)

    def test_what_assistants_on_the_web_cannot_reach_is_advice_with_its_reason(self):
        cases = [
            ("http://localhost:8069", ("127.0.0.1",), "this computer only"),
            ("https://8.8.8.8", ("8.8.8.8",), "a number"),
            ("https://odoo", ("8.8.8.8",), "your own network"),
            ("https://odoo.lan", ("8.8.8.8",), "your own network"),
            ("https://odoo.example.com", (), "not found"),
            ("https://odoo.example.com", ("8.8.8.8", "10.0.0.5"), "your own network"),
            ("https://odoo.example.com", ("100.64.0.1",), "your own network"),
            ("https://odoo.example.com", ("2001:4860:4860::8888",), "no IPv4"),
            ("https://odoo.example.com:8443", ("8.8.8.8",), "port 8443"),
        ]
        for base, addresses, reason in cases:
            with self.subTest(base, addresses=addresses):
                finding = self.checks(base, addresses).reach()
                self.assertEqual(finding.state, ADVICE)
                self.assertIn(reason, finding.found)

    def test_another_address_in_the_browser_is_a_problem(self):
        finding = self.checks("https://odoo.example.com", origin="http://odoo.example.com").same_as_the_browsers()
        self.assert_problem_finding(finding, "http://odoo.example.com", "https://odoo.example.com")

    def test_the_same_address_in_the_browser_is_all_right_if_it_stays(self):
        checks = self.checks("https://odoo.example.com", origin="https://odoo.example.com:443")
        self.assertEqual(checks.same_as_the_browsers().state, OK)
        self.parameter("web.base.url.freeze", False)
        finding = checks.same_as_the_browsers()
        self.assertEqual(finding.state, ADVICE)
        self.assertIn("web.base.url.freeze", " ".join(step.text for step in finding.steps))

    def test_without_a_browser_nothing_is_said_of_it(self):
        self.assertNotIn("The address in your browser", self.lines())
        self.visit = Visit(self.stand_in.origin, {})
        self.assertEqual(self.lines()["The address in your browser"].state, OK)

    def assert_problem_finding(self, finding: Any, *parts: str) -> None:
        self.assertEqual(finding.state, PROBLEM, finding.found)
        text = "\n".join([finding.found, *(f"{step.text} {step.code}" for step in finding.steps)])
        for part in parts:
            self.assertIn(part, text)


class TestSetupServer(SetupCase):
    """What this Odoo is told to do."""

    def test_keys_only_is_advice(self):
        self.parameter(settings.OAUTH, "False")
        line = self.lines()["The MCP server"]
        self.assertEqual(line.state, ADVICE)
        self.assertIn("Log In in the Browser", line.steps[0]["text"])

    def test_an_unbelieved_proxy_is_a_problem(self):
        self.configure("proxy_mode", False)
        self.assertEqual(self.lines()["Reverse proxy"].state, OK)
        for name in ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"):
            self.visit = Visit(self.stand_in.origin, {name: "x"})
            self.assert_problem(self.lines()["Reverse proxy"], name, "proxy_mode = True")

    def test_a_proxy_that_hides_its_host_name_is_a_problem(self):
        self.configure("proxy_mode", True)
        self.visit = Visit(self.stand_in.origin, {"X-Forwarded-Proto": "https"})
        self.assert_problem(self.lines()["Reverse proxy"], "X-Forwarded-Host $host", "ProxyPreserveHost")

    def test_a_believed_proxy_should_give_https(self):
        self.configure("proxy_mode", True)
        self.visit = Visit(self.stand_in.origin, {"X-Forwarded-Host": "x", "X-Forwarded-Proto": "https"})
        self.assertEqual(self.lines()["Reverse proxy"].state, ADVICE)
        self.set_base("https://odoo.example.com")
        finding = ServerChecks(Site(self.env, Outside(), self.visit)).proxy()
        self.assertEqual(finding.state, OK)

    def test_another_module_on_the_path_is_a_problem(self):
        with patch.object(type(self.env["ir.http"]), "_mcp_native_rival", return_value="other_module"):
            self.assert_problem(self.lines()["Path"], "other_module", "/mcp_native")

    def test_several_databases_are_a_problem_unless_the_host_name_selects_one(self):
        name = self.env.cr.dbname
        secret = "zz_customer_of_somebody_else"
        self.startPatcher(patch.object(http.odoo.service.db, "list_dbs", return_value=[name, secret]))
        self.configure("dbfilter", f"^{name}$")
        self.assertEqual(self.lines()["Database"].state, OK)
        config["dbfilter"] = ".*"
        text = self.assert_problem(self.lines()["Database"], "2 databases", f"dbfilter = ^{name}$", "dbfilter = ^%d$")
        self.assertNotIn(secret, text)
        config["dbfilter"] = "^zz_"
        text = self.assert_problem(self.lines()["Database"], "does not lead to this database")
        self.assertNotIn(secret, text)

    def test_a_database_with_another_time_is_a_problem(self):
        self.assertEqual(self.lines()["Clock"].state, OK)
        late = SimpleNamespace(time=lambda: time.time() - 40)
        with patch.object(server, "time", late):
            self.assert_problem(self.lines()["Clock"], "PostgreSQL", "40 seconds")

    def test_only_administrators_with_the_right_is_advice(self):
        self.assertEqual(self.lines()["Users"].state, OK)
        group, administrators = self.env.ref("mcp_native.group_user"), all_users(self.env.ref("base.group_system"))
        (all_users(group) - administrators).active = False
        self.assertEqual(self.lines()["Users"].state, ADVICE)
        new_test_user(self.env, "setup_new", groups="base.group_user,mcp_native.group_user")
        self.assertEqual(self.lines()["Users"].state, OK)


class TestSetupWizard(SetupCase):
    def test_only_administrators_can_check(self):
        for user in (self.plain, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["mcp_native.setup.check"].with_user(user).action_open()

    def test_the_worst_comes_first_and_the_report_shows_every_line(self):
        self.stand_in.change = lambda request, right: (404, {}, b"") if request.path == LOGIN else right
        wizard = self.wizard()
        states = wizard.line_ids.mapped("state")
        self.assertEqual(states, sorted(states, key=[PROBLEM, ADVICE, OK].index))
        self.assertEqual(set(states), {PROBLEM, ADVICE, OK})
        for line in wizard.line_ids:
            self.assertIn(line.subject, wizard.report)
        self.assertEqual(wizard.report.count("data-state"), len(states))
        self.assertIn("may keep assistants from connecting", wizard.report)

    def test_checking_again_shows_what_is_true_now(self):
        wizard = self.wizard()
        self.assertNotIn("text-danger", wizard.report)
        self.parameter(settings.ENABLED, "False")
        with patch.object(type(wizard), "_visit", lambda _self: None):
            action = wizard.action_check()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertEqual(wizard.line_ids[0].state, PROBLEM)
        self.assertIn("text-danger", wizard.report)
