# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
import logging
import time
from unittest.mock import patch

import psycopg2

from odoo import api
from odoo.tests import tagged

from ..controllers.call_log import MAX_IDS, CallLog, log_death
from ..controllers.masking import MAX_TEXT, answer, arguments, masked, word
from ..models import mcp_native_access_log as log_module
from ..models import own_transaction, settings
from ..models.mcp_native_access_log import COLUMNS, write_rows
from ..models.mcp_native_unforgeable import EDIT_KEY, EDIT_SENTINEL
from ..models.principal import Principal
from ..protocol import Call, Outcome
from .common import McpHttpCase, McpTransactionCase, shared_cursor


@tagged("post_install", "-at_install")
class TestAccessLogOverHttp(McpHttpCase):
    def setUp(self) -> None:
        super().setUp()
        self.log = self.env["mcp_native.access.log"]
        self.before = self.log.search([], limit=1).id or 0

    def rows(self):
        return self.log.search([("id", ">", self.before)], order="id")

    def test_a_tool_call_leaves_one_row(self):
        partner = self.plain.partner_id
        answer = self.rpc(
            "tools/call", {"name": "read_records", "arguments": {"model": "res.partner", "ids": partner.ids}}
        )
        row = self.rows()
        self.assertEqual(len(row), 1)
        self.assertEqual((row.uid, row.login, row.user_id), (self.plain.id, "mcp_plain", self.plain))
        self.assertEqual((row.credential_kind, row.credential_name), ("api_key", "test"))
        self.assertEqual(row.credential_id, self.plain.sudo().api_key_ids.id)
        self.assertEqual((row.client_name, row.client_version), ("mcp_native tests", "1.0"))
        self.assertEqual((row.protocol_version, row.method), ("2026-07-28", "tools/call"))
        self.assertEqual((row.tool, row.model, row.writes), ("read_records", "res.partner", False))
        self.assertEqual((row.record_ids, row.record_count), (str(partner.id), 1))
        self.assertEqual((row.outcome, row.error_class, row.error_code), ("ok", "", 0))
        self.assertEqual((row.remote_address, row.request_id), ("127.0.0.1", answer.headers["X-Request-Id"]))
        self.assertEqual(row.response_size, len(answer.content))
        self.assertGreater(row.request_size, 100)
        self.assertGreater(row.duration, 0)
        self.assertFalse(row.arguments)
        self.assertTrue(row.date)

    def test_a_client_of_an_older_protocol_is_known_by_its_user_agent(self):
        self.result("tools/list", version="2025-06-18", User_Agent="claude-user/1.0")
        self.assertEqual(self.rows().client_name, "claude-user/1.0")

    def test_a_tool_error_is_told_from_success(self):
        self.tool_error("read_records", {"model": "res.partner", "ids": [2**30]})
        row = self.rows()
        self.assertEqual((row.outcome, row.tool), ("tool_error", "read_records"))
        self.assertTrue(row.error_class)

    def test_a_protocol_error_is_logged_with_its_code(self):
        self.rpc("no/such/method")
        row = self.rows()
        self.assertEqual((row.method, row.outcome, row.error_code), ("no/such/method", "error", -32601))

    def test_a_tool_that_may_write_is_marked(self):
        self.rpc("tools/call", {"name": "delete_records", "arguments": {"model": "res.partner", "ids": [2**30]}})
        self.assertTrue(self.rows().writes)

    def test_each_request_of_a_batch_has_a_row(self):
        body = [{"jsonrpc": "2.0", "id": number, "method": "ping"} for number in (1, 2, 3)]
        body.append({"jsonrpc": "2.0", "method": "notifications/initialized"})
        answer = self.send(body, MCP_Protocol_Version="2025-03-26")
        self.assertEqual(len(answer.json()), 3)
        self.assertEqual(self.rows().mapped("method"), ["ping", "ping", "ping"])
        self.assertEqual(set(self.rows().mapped("request_id")), {answer.headers["X-Request-Id"]})

    def test_strangers_leave_no_rows(self):
        self.rpc("tools/list", key=None)
        self.rpc("tools/list", key="0" * 40)
        self.assertFalse(self.rows())

    def test_a_refused_token_leaves_a_line_in_the_servers_log(self):
        with self.assertLogs("odoo.addons.mcp_native", logging.INFO) as logs:
            self.rpc("tools/list", key="0" * 40)
        self.assertIn("127.0.0.1", "".join(logs.output))
        self.assertNotIn("0" * 40, "".join(logs.output))

    def test_what_a_client_calls_itself_cannot_break_the_log(self):
        name = "a\x00b\ud800\n" + "x" * 500
        meta = {"io.modelcontextprotocol/clientInfo": {"name": name, "version": "1"}}
        self.result("tools/list", {"_meta": meta})
        row = self.rows()
        self.assertEqual(row.client_name, "a b  " + "x" * (100 - 5))

    def test_arguments_are_kept_only_when_the_setting_says_so(self):
        self.env["ir.config_parameter"].set_param(settings.LOG_ARGUMENTS, "True")
        self.tool("search_records", {"model": "res.partner", "limit": 1})
        self.assertEqual(json.loads(self.rows().arguments), {"model": "res.partner", "limit": 1})

    def test_answers_are_kept_only_when_the_setting_says_so(self):
        text = self.tool_text("count_records", {"model": "res.users"})
        self.assertFalse(self.rows().result)
        self.env["ir.config_parameter"].set_param(settings.LOG_RESULTS, "True")
        self.tool("count_records", {"model": "res.users"})
        self.assertEqual(self.rows()[-1].result, text)
        refusal = self.tool_error("count_records", {"model": "res.usrs"})
        self.assertEqual(self.rows()[-1].result, refusal)
        self.result("tools/list")
        self.assertFalse(self.rows()[-1].result)

    def test_a_row_that_cannot_be_written_fails_no_call_and_is_not_lost(self):
        broken = patch.object(own_transaction, "LOCK_TIMEOUT", "no time at all")
        with broken, self.assertLogs("odoo.addons.mcp_native.models.mcp_native_access_log", "ERROR") as logs:
            self.assertTrue(self.result("tools/list")["tools"])
        self.assertIn("'method': 'tools/list'", "".join(logs.output))


class TestAccessLog(McpTransactionCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.log = cls.env["mcp_native.access.log"]

    def principal(self):
        return Principal(self.plain.id, "api_key", 7, "laptop", frozenset(), None)

    def row(self, **values):
        return {**dict.fromkeys(COLUMNS), "uid": self.plain.id, "method": "ping", "outcome": "ok", **values}

    def observe(self, call, kind="ok"):
        before = self.log.search([], limit=1).id or 0
        with shared_cursor(self):
            log = CallLog(self.env, self.principal(), "10.0.0.1", "abc")
            log.observe(call, Outcome(kind, None, 10, 20, 0.0015))
            self.assertFalse(self.log.search([("id", ">", before)]))
            log.hand_over()
        return self.log.search([("id", ">", before)])

    def test_rows_wait_for_the_end_of_the_request(self):
        row = self.observe(Call(1, "ping"))
        self.assertEqual((row.method, row.duration, row.remote_address), ("ping", 1.5, "10.0.0.1"))

    def test_a_call_that_ends_later_is_written_as_it_ends(self):
        with shared_cursor(self):
            log = CallLog(self.env, self.principal(), "10.0.0.1", "streamed")
            log.hand_over()
            log.observe(Call(1, "tools/call"), Outcome("ok", None, 10, 20, 0.5))
        self.assertEqual(self.log.search_count([("request_id", "=", "streamed")]), 1)

    def test_a_call_that_ends_later_needs_no_cursor_of_its_request(self):
        facts = {"tool": "search_records", "writes": False}
        with shared_cursor(self):
            with self.registry.cursor() as cr:
                log = CallLog(self.env(cr=cr), self.principal(), "10.0.0.1", "streamed")
                log.hand_over()
            self.env.registry.clear_cache()
            log.observe(Call(1, "tools/call", facts=facts), Outcome("ok", None, 10, 20, 0.5))
        self.assertEqual(self.log.search([("request_id", "=", "streamed")]).mapped("writes"), [False])

    def test_notifications_are_not_logged(self):
        self.assertFalse(self.observe(Call(None, "notifications/initialized")))

    def test_the_number_of_record_ids_is_bounded(self):
        facts = {"ids": range(1, 1001), "model": "res.partner", "consent": "confirmed"}
        row = self.observe(Call(1, "tools/call", facts=facts))
        self.assertEqual(row.consent, "confirmed")
        self.assertEqual(row.record_count, 1000)
        self.assertEqual(len(row.record_ids.split(", ")), MAX_IDS)

    def test_a_request_that_died_has_a_row(self):
        with shared_cursor(self):
            facts = {
                "method": "tools/call",
                "tool": "search_records",
                "error_class": "RuntimeError",
                "request_size": 42,
            }
            log_death(self.registry, self.principal(), "10.0.0.1", "died", **facts)
        row = self.log.search([("request_id", "=", "died")])
        self.assertEqual((row.outcome, row.error_class, row.tool), ("error", "RuntimeError", "search_records"))

    def test_a_row_survives_the_rollback_of_the_call(self):
        request_id = "survives-a-rollback"
        write_rows(self.registry, [self.row(request_id=request_id)])  # a second connection, which commits
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM mcp_native_access_log WHERE request_id = %s RETURNING method", [request_id])
            self.assertEqual(cr.fetchall(), [("ping",)])

    def test_a_row_does_not_wait_for_a_user_that_the_call_has_locked(self):
        admin = self.env.ref("base.user_admin")
        request_id = "locked-user"
        self.env.cr.execute("SELECT id FROM res_users WHERE id = %s FOR UPDATE", [admin.id])
        write_rows(self.registry, [self.row(uid=admin.id, request_id=request_id)])
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM mcp_native_access_log WHERE request_id = %s RETURNING login", [request_id])
            self.assertEqual(cr.fetchall(), [(admin.login,)])

    def test_a_database_that_has_no_connection_left_fails_no_call(self):
        full = patch.object(type(self.registry), "cursor", side_effect=psycopg2.OperationalError("full"))
        with full, self.assertLogs(log_module.__name__, "ERROR") as logs:
            write_rows(self.registry, [self.row(arguments="private")])
        self.assertNotIn("private", "".join(logs.output))

    def test_old_rows_are_deleted_after_the_days_of_the_setting(self):
        with shared_cursor(self):
            write_rows(self.registry, [self.row(request_id="old"), self.row(request_id="new")])
        self.env.cr.execute(
            "UPDATE mcp_native_access_log SET date = now() - interval '31 days' WHERE request_id = 'old'"
        )
        parameters, kept = self.env["ir.config_parameter"], [("request_id", "in", ("old", "new"))]
        for days, left in (("0", 2), ("32", 2), ("30", 1)):
            parameters.set_param(settings.LOG_DAYS, days)
            with shared_cursor(self):
                self.log._gc_old_rows()
            self.assertEqual(self.log.search_count(kept), left, days)
        self.assertEqual(self.log.search(kept).request_id, "new")

    def test_a_row_outlives_its_user(self):
        with shared_cursor(self):
            write_rows(self.registry, [self.row(request_id="outlives")])
        row = self.log.search([("request_id", "=", "outlives")])
        self.assertEqual(row.user_id, self.plain)
        self.assertEqual(self.log.search([("user_id", "=", self.plain.id)]), row)
        self.assertIn(row, self.log.search([("user_id", "ilike", "mcp_pl")]))
        self.plain.unlink()
        row.invalidate_recordset()
        self.assertFalse(row.user_id)
        self.assertEqual(row.login, "mcp_plain")

    def test_code_of_this_process_may_edit_with_the_sentinel(self):
        trusted = self.log.with_context(**{EDIT_KEY: EDIT_SENTINEL})
        row = trusted.create({"method": "ping", "tool": "x"})
        row.write({"tool": "y"})
        self.assertEqual(row.display_name, "ping y")
        row.unlink()
        self.assertFalse(row.exists())

    def test_a_row_without_a_tool_is_named_by_its_method(self):
        env = api.Environment(self.env.cr, self.env.uid, {EDIT_KEY: EDIT_SENTINEL})
        self.assertEqual(env["mcp_native.access.log"].create({"method": "ping"}).display_name, "ping")


class TestCleaning(McpTransactionCase):
    def test_words_are_short_and_storable(self):
        self.assertEqual(word(None), "")
        self.assertEqual(word("a\x00\x1b\ud800b"), "a   b")
        self.assertEqual(len(word("x" * 1000)), 100)

    def test_secrets_are_masked_at_any_depth(self):
        text = arguments({"values": [{"Password": "p", "api_key": ["k"], "name": "n"}], "client_secret": {"a": "b"}})
        self.assertEqual(
            json.loads(text), {"values": [{"Password": "***", "api_key": "***", "name": "n"}], "client_secret": "***"}
        )

    def test_a_secret_is_masked_by_its_form_wherever_it_stands(self):
        secrets = (
            "mcpa_" + "x" * 43,
            "mcpf_" + "y" * 30,
            "0123456789abcdef" * 2 + "01234567",
            "eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl",
            "sk-" + "a" * 30,
            "ghp_" + "b" * 36,
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        )
        for secret in secrets:
            with self.subTest(secret):
                self.assertEqual(masked(f"see {secret} there"), "see *** there")
                self.assertNotIn(secret, arguments({"values": [{"note": f"({secret})"}]}))
        self.assertEqual(masked("Authorization: Bearer abcdefgh.12345"), "Authorization: Bearer ***")
        self.assertEqual(masked("postgres://odoo:hunter2@db/x"), "postgres://odoo:***@db/x")
        self.assertEqual(masked("/my/orders/7?access_token=1b2c-3d&x=1"), "/my/orders/7?access_token=***&x=1")
        self.assertEqual(masked('smtp_password: "hunter2"'), "smtp_password: ***")

    def test_what_is_no_secret_stays(self):
        for text in ("Azure Interior, +32 2 290 34 90", "S00042: 3 lines, 1,200.00 €", "the secret garden", "tokens"):
            self.assertEqual(masked(text), text)

    def test_the_value_of_a_condition_on_a_secret_is_masked(self):
        text = arguments({"domain": [["access_token", "=", "abc"], ["name", "=", "abc"]]})
        self.assertEqual(json.loads(text), {"domain": [["access_token", "=", "***"], ["name", "=", "abc"]]})

    def test_an_answer_is_kept_as_text_where_it_is_text_and_cut(self):
        def message(**result):
            return json.dumps({"jsonrpc": "2.0", "id": 1, **result}).encode()

        blocks = [{"type": "text", "text": "a\nb"}, {"type": "text", "text": "x" * 20_000}]
        kept = answer(message(result={"content": blocks}))
        self.assertTrue(kept.startswith("a\nb\nxxx"))
        self.assertEqual(len(kept), MAX_TEXT + 1)
        structured = {"content": blocks[:1], "structuredContent": {"api_key": "k", "n": 1}}
        kept = json.loads(answer(message(result=structured)))
        self.assertEqual(kept["structuredContent"], {"api_key": "***", "n": 1})
        image = [{"type": "image", "data": "A" * 5000, "mimeType": "image/png"}]
        self.assertIn("(5000 characters)", answer(message(result={"content": image})))
        self.assertEqual(answer(message(error={"code": -32602, "message": "no such tool"})), "no such tool")
        self.assertIsNone(answer(b""))

    def test_masking_takes_no_time_on_hostile_texts(self):
        started = time.perf_counter()
        pieces = ("token", "eyJaaaaaa", "-----BEGIN ", "a:", "mcpa_", "a" * 39 + " ", "http://x:", "===", "A_token")
        for piece in pieces:
            masked(piece * (16_000 // len(piece)))
        self.assertLess(time.perf_counter() - started, 2)

    def test_long_arguments_are_cut(self):
        self.assertIn("(9000 characters)", arguments({"text": "x" * 9000}))
        self.assertEqual(len(arguments({"list": ["x" * 100] * 1000})), MAX_TEXT)
        self.assertIsNone(arguments({}))
