# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from ipaddress import ip_address
from unittest.mock import patch

from ..models import settings
from ..oauth.client_documents import Rules
from ..setup_check import ADVICE, OK, OutboundChecks, probe
from .setup_case import DOCUMENT, JSON, LOGIN, Handler, Reply, SetupCase, StandIn

FIRST, SECOND = "Document about this server", "Document about the login"
WITHOUT, WITH = "Call without a token", "Call with a token"
WHOLE = "This server, asked over its public address"


class TestSetupAnswers(SetupCase):
    """What comes back over the public address."""

    def reply(self, path: str, reply: Reply) -> None:
        self.stand_in.change = lambda request, right: reply if request.path == path else right

    def test_right_answers_are_all_right(self):
        lines = self.lines()
        for subject in (f"{FIRST}, {SECOND}", WITHOUT, WITH, "Clock", "The MCP server", "Users", "Path"):
            self.assertEqual(lines[subject].state, OK, lines[subject].found)
            self.assertFalse(lines[subject].steps)

    def test_a_proxy_that_takes_the_token_away_is_found(self):
        def strip(request: Handler, _right: Reply) -> Reply:
            del request.headers["Authorization"]
            return self.stand_in.right(request)

        self.stand_in.change = strip
        lines = self.lines()
        self.assert_problem(lines[WITH], "Authorization", "nginx", "CGIPassAuth On", "SetEnvIf", "Traefik")
        self.assertEqual(lines[WITHOUT].state, OK)

    def test_a_page_of_a_firewall_is_found(self):
        page = (200, {"Content-Type": "text/html"}, b"<!doctype html><title>One moment</title>")
        self.reply(DOCUMENT, page)
        lines = self.lines()
        self.assert_problem(lines[FIRST], "A page came instead", "WAF", "/.well-known/oauth-*")
        self.assertEqual(lines[SECOND].state, OK)
        self.reply("/mcp", (403, {"Content-Type": "text/html"}, page[2]))
        self.assert_problem(self.lines()[f"{WITHOUT}, {WITH}"], "status 403", "/mcp")

    def test_what_is_no_json_object_is_found(self):
        for body in (b"[]", b"pong", b"", b"\xff"):
            self.reply(LOGIN, (200, JSON, body))
            with self.subTest(body):
                self.assert_problem(self.lines()[SECOND], "not the document")

    def test_an_issuer_that_differs_in_one_letter_is_found(self):
        base = self.stand_in.origin
        for wrong in (base + "/", base.replace("http", "https"), base.upper(), base.replace("127.0.0.1", "localhost")):
            self.reply(LOGIN, self.stand_in.document({"issuer": wrong}))
            with self.subTest(wrong):
                self.assert_problem(self.lines()[SECOND], wrong, f"must say {base}", "Another database")

    def test_a_document_of_another_program_is_told_from_one_of_another_database(self):
        body = json.dumps({"resource": "https://other.example/mcp"}).encode()
        self.reply(DOCUMENT, (200, {"Content-Type": "application/json"}, body))
        self.assert_problem(self.lines()[FIRST], "https://other.example/mcp", "Another program", "proxy_pass")
        self.reply(DOCUMENT, (200, JSON, body))
        self.assert_problem(self.lines()[FIRST], "https://other.example/mcp", "Another database")

    def test_a_document_without_the_place_to_log_in_is_found(self):
        self.reply(DOCUMENT, self.stand_in.document({"resource": self.stand_in.origin + "/mcp"}))
        self.assert_problem(self.lines()[FIRST], "authorization_servers: null")
        self.parameter(settings.OAUTH, "False")
        lines = self.lines()
        self.assertEqual(lines[FIRST].state, OK)
        self.assertNotIn(SECOND, lines)

    def test_a_redirect_is_not_followed_and_its_target_is_named(self):
        self.reply(DOCUMENT, (301, {"Location": f"https://www.example.com{DOCUMENT}"}, b""))
        self.assert_problem(
            self.lines()[FIRST], f"sent on to https://www.example.com{DOCUMENT}", "https://www.example.com"
        )

    def test_a_hostile_redirect_is_shown_as_text(self):
        self.reply(DOCUMENT, (302, {"Location": "https://a.example/<script>alert(1)</script>"}, b""))
        wizard = self.wizard()
        self.assertIn("&lt;script&gt;", wizard.report)
        self.assertNotIn("<script>", wizard.report)

    def test_a_missing_document_names_the_folder_of_certificates(self):
        self.reply(DOCUMENT, (404, {}, b""))
        self.assert_problem(self.lines()[FIRST], "404", "acme-challenge", "location ~", "ProxyPassMatch", "PathPrefix")

    def test_a_dead_backend_and_a_failing_odoo_are_told_apart(self):
        self.reply(DOCUMENT, (502, {}, b""))
        self.assert_problem(self.lines()[FIRST], "does not reach Odoo (502)", "proxy_pass", "workers = 2")
        self.reply(DOCUMENT, (500, {}, b""))
        self.assert_problem(self.lines()[FIRST], "Odoo failed (500)", "log")

    def test_a_proxy_with_a_password_of_its_own_is_found(self):
        self.reply("/mcp", (401, {"WWW-Authenticate": 'Basic realm="staging"'}, b""))
        self.assert_problem(self.lines()[f"{WITHOUT}, {WITH}"], "password of its own", "auth_basic")

    def test_a_refusal_without_a_place_to_log_in_is_found(self):
        self.reply("/mcp", (401, JSON, b""))
        self.assert_problem(self.lines()[f"{WITHOUT}, {WITH}"], "WWW-Authenticate", "proxy_hide_header")

    def test_a_refusal_that_sends_people_elsewhere_is_found(self):
        challenge = 'Bearer resource_metadata="https://other.example/.well-known/oauth-protected-resource/mcp"'
        self.reply("/mcp", (401, {**JSON, "WWW-Authenticate": challenge}, b""))
        self.assert_problem(self.lines()[WITHOUT], "another address")

    def test_an_open_endpoint_is_found(self):
        self.reply("/mcp", (200, JSON, b"{}"))
        self.assert_problem(self.lines()[f"{WITHOUT}, {WITH}"], "status 200")

    def test_a_slow_server_is_found_and_waited_for_once(self):
        def slow(_request: Handler, right: Reply) -> Reply:
            self.stand_in.closing.wait(20)
            return right

        self.stand_in.change = slow
        started = time.monotonic()
        lines = self.lines(patience=0.3)
        self.assertLess(time.monotonic() - started, 5)
        self.assert_problem(lines[WHOLE], "No answer", "workers = 2", "NAT loopback", DOCUMENT)

    def test_a_body_that_never_ends_is_not_read_to_its_end(self):
        def endless(request: Handler, right: Reply) -> Reply:
            if request.path != DOCUMENT:
                return right
            request.send_response_only(200)
            request.end_headers()
            while not self.stand_in.closing.wait(0.05):
                request.wfile.write(b" ")
            return right

        self.stand_in.change = endless
        self.assert_problem(self.lines(patience=0.3)[FIRST], "No answer")

    def test_a_closed_port_is_found(self):
        self.stand_in.shutdown()
        self.stand_in.server_close()
        self.assert_problem(self.lines()[WHOLE], "Nothing accepts connections", "NAT loopback", "ss -ltnp")

    def test_an_unknown_name_is_found(self):
        self.set_base("https://no-such-name.invalid")
        lines = self.lines()
        self.assert_problem(lines[WHOLE], "no-such-name.invalid was not found", "A record")
        self.assertEqual(lines["Reach"].state, ADVICE)

    def test_https_to_a_port_of_http_is_found(self):
        self.set_base(self.stand_in.origin.replace("http:", "https:"))
        self.assert_problem(self.lines()[WHOLE], "does not speak https")

    def test_a_certificate_of_nobody_is_found(self):
        self.stand_in.speak_tls()
        self.set_base(self.stand_in.origin)
        self.assert_problem(self.lines()[WHOLE], "certificate", "self", "fullchain.pem")

    def test_what_does_not_speak_http_is_found(self):
        def babble(request: Handler, _right: Reply) -> Reply:
            request.wfile.write(b"220 mail.example.com ESMTP\r\n")
            request.close_connection = True
            raise ConnectionAbortedError

        self.stand_in.change = babble
        self.assert_problem(self.lines()[WHOLE], "does not speak HTTP")

    def test_a_public_address_with_another_time_is_found(self):
        past = format_datetime(datetime.now(timezone.utc) - timedelta(seconds=90), usegmt=True)
        self.stand_in.change = lambda _request, right: (right[0], {**right[1], "Date": past}, right[2])
        self.assert_problem(self.lines()["Clock"], "public address", "timedatectl")
        self.stand_in.change = lambda _request, right: (right[0], {**right[1], "Date": "yesterday"}, right[2])
        self.assertEqual(self.lines()["Clock"].state, OK)

    def test_nothing_is_asked_while_the_server_is_off(self):
        asked = []
        self.stand_in.change = lambda request, right: asked.append(request.path) or right
        self.parameter(settings.ENABLED, "False")
        lines = self.lines()
        self.assertFalse(asked)
        self.assert_problem(lines["The MCP server"], "off", "Switch on")


class TestSetupProbe(SetupCase):
    """The requests themselves."""

    def test_every_request_goes_to_the_own_address_and_has_no_cookie(self):
        seen = []
        self.stand_in.change = (
            lambda request, right: seen.append((request.command, request.path, request.headers)) or right
        )
        self.lines()
        self.assertEqual(
            sorted(found[:2] for found in seen), [("GET", LOGIN), ("GET", DOCUMENT), ("POST", "/mcp"), ("POST", "/mcp")]
        )
        self.assertFalse([headers["Cookie"] for _verb, _path, headers in seen if "Cookie" in headers])

    def test_several_headers_of_one_name_are_all_seen(self):
        class Twice(Handler):
            def do_GET(self) -> None:
                self.send_response_only(401)
                self.send_header("WWW-Authenticate", 'Basic realm="a"')
                self.send_header("WWW-Authenticate", 'Bearer error="invalid_token"')
                self.end_headers()

        self.stand_in.RequestHandlerClass = Twice
        answer = probe.ask(probe.Question("GET", self.stand_in.origin + "/"))
        self.assertEqual(answer.headers["www-authenticate"], 'Basic realm="a", Bearer error="invalid_token"')

    def test_an_address_that_is_none_fails_without_an_exception(self):
        for url in (
            "http://a b/",
            "http://[::1/",
            "http://x:99999/",
            "http://..../",
            f"http://{'a' * 70}.example/",
            "http:///",
        ):
            with self.subTest(url):
                self.assertTrue(probe.ask(probe.Question("GET", url), 0.5).failure)

    def test_the_addresses_of_a_host_are_found(self):
        self.assertIn(ip_address("127.0.0.1"), probe.resolve("localhost"))
        self.assertIsNone(probe.resolve("no-such-name.invalid"))
        self.assertIsNone(probe.resolve("a" * 70))


class TestSetupInternet(SetupCase):
    """The check that asks a foreign host, here one of the loopback interface."""

    def setUp(self) -> None:
        super().setUp()
        self.foreign = StandIn()
        self.serve(self.foreign)
        trusted = self.foreign.speak_tls()
        self.startPatcher(patch.dict("os.environ", {"SSL_CERT_FILE": trusted, "REQUESTS_CA_BUNDLE": trusted}))
        self.startPatcher(patch.object(OutboundChecks, "url", self.foreign.origin + "/client.json"))
        self.asked: list[str] = []
        self.foreign.change = lambda request, _right: self.asked.append(request.path) or self.foreign.document({})

    def allow(self, is_allowed: bool) -> None:
        rules = Rules(is_allowed=lambda _address: is_allowed, ports=frozenset({self.foreign.server_port}))
        model = type(self.env["mcp_native.oauth.client"])
        self.startPatcher(patch.object(model, "_document_rules", lambda _self: rules))

    def test_a_document_that_can_be_had_is_all_right(self):
        self.allow(True)
        self.assertEqual(self.lines(button="action_check_internet")["The internet"].state, OK)
        self.assertEqual(self.asked, ["/client.json"])

    def test_a_document_that_cannot_be_had_is_a_problem_with_its_reason(self):
        self.allow(False)
        line = self.lines(button="action_check_internet")["The internet"]
        self.assert_problem(line, "127.0.0.1", "not on the public internet", "port 443", "Known by Their Web Address")
        self.assertFalse(self.asked)

    def test_nobody_is_asked_without_that_button_or_where_no_document_is_needed(self):
        self.allow(True)
        self.assertNotIn("The internet", self.lines())
        self.parameter(settings.OAUTH_DOCUMENTS, "False")
        self.assertEqual(self.lines(button="action_check_internet")["The internet"].state, OK)
        self.assertFalse(self.asked)
