# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
import logging
from types import SimpleNamespace
from unittest.mock import patch

from werkzeug.datastructures import Headers

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..controllers import mcp as mcp_module
from ..controllers.dispatcher import BODY_LIMIT, asked_for
from ..controllers.origins import set_cors
from ..models import settings
from ..models.refusals import challenge
from ..protocol import HttpReply
from ..protocol.versions import LEGACY
from .common import McpHttpCase

FOREIGN = "https://evil.example"


@tagged("post_install", "-at_install")
class TestEndpoint(McpHttpCase):
    def answering(self, answer):
        return patch.object(mcp_module.Endpoint, "answer", autospec=True, side_effect=answer)

    def test_all_spellings_of_the_path_answer_without_a_redirect(self):
        for path in ("/mcp", "/mcp/", "/mcp_native", "/mcp_native/"):
            self.assertEqual(self.rpc("tools/list", path=path).status_code, 200, path)

    def test_every_version_lists_tools(self):
        for version in LEGACY:
            self.assertTrue(self.result("tools/list", version=version)["tools"], version)
        self.assertTrue(self.result("tools/list")["tools"])

    def test_verbs_other_than_post_are_the_protocols_business(self):
        for verb in ("GET", "DELETE", "PUT"):
            answer = self.send(b"", verb=verb)
            self.assertEqual((answer.status_code, answer.headers["Allow"]), (405, "POST"), verb)
            self.assertEqual(answer.headers["Content-Type"], "application/json")

    def test_a_notification_is_accepted_without_a_body(self):
        body = {"jsonrpc": "2.0", "method": "notifications/initialized"}
        answer = self.send(body, MCP_Protocol_Version="2025-11-25")
        self.assertEqual((answer.status_code, answer.content), (202, b""))
        self.assertNotIn("Content-Type", answer.headers)

    def test_a_server_that_is_off_is_not_there(self):
        self.env["ir.config_parameter"].set_param(settings.ENABLED, "False")
        for path in ("/mcp", "/mcp_native", "/.well-known/oauth-protected-resource"):
            self.assertEqual(self.send(b"{}", path=path, verb="GET").status_code, 404, path)
        self.assertEqual(self.send(b"", verb="OPTIONS", key=None).status_code, 404)

    def test_a_path_left_to_another_module_is_not_ours(self):
        self.env["ir.config_parameter"].set_param(settings.PATH, "/mcp_native")
        self.assertEqual(self.rpc("tools/list", path="/mcp").status_code, 404)
        self.assertEqual(self.rpc("tools/list", path="/mcp_native").status_code, 200)

    def test_a_body_over_the_limit_is_refused_however_it_comes(self):
        body = b'"' + b"x" * BODY_LIMIT + b'"'
        self.assertEqual(self.send(body).status_code, 413)
        self.assertEqual(self.send(b'"' + b"x" * (BODY_LIMIT - 2) + b'"').status_code, 400)
        headers = {"Authorization": f"Bearer {self.key}"}
        chunks = (body[start : start + 65536] for start in range(0, len(body), 65536))
        answer = self.opener.post(self.base_url() + "/mcp", data=chunks, headers=headers, timeout=60)
        self.assertEqual(answer.status_code, 413)
        self.assertEqual(answer.json()["jsonrpc"], "2.0")

    def test_what_is_not_json_is_a_parse_error(self):
        answer = self.send(b"{")
        self.assertEqual((answer.status_code, answer.json()["error"]["code"]), (400, -32700))

    def test_answers_are_not_cached_and_can_be_quoted(self):
        first, second = self.rpc("tools/list"), self.rpc("tools/list")
        self.assertEqual(first.headers["Cache-Control"], "no-store")
        self.assertNotEqual(first.headers["X-Request-Id"], second.headers["X-Request-Id"])

    def test_an_unknown_failure_becomes_an_error_with_a_reference(self):
        def explode(*_args):
            raise RuntimeError("the reason is nobody's business")

        with self.answering(explode), self.assertLogs("odoo", "ERROR") as logs:
            answer = self.rpc("tools/list", request_id="seven", Origin=settings.base_url(self.env))
        self.assertEqual(answer.status_code, 200)
        self.assertEqual((answer.json()["id"], answer.json()["error"]["code"]), ("seven", -32603))
        self.assertNotIn("nobody's business", answer.text)
        self.assertNotIn("Traceback", answer.text)
        reference = answer.headers["X-Request-Id"]
        self.assertIn(reference, answer.json()["error"]["message"])
        self.assertTrue(any(reference in line for line in logs.output))
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], settings.base_url(self.env))

    def test_an_unknown_failure_without_an_id_is_a_server_error(self):
        def explode(*_args):
            raise RuntimeError

        with self.answering(explode), self.assertLogs("odoo", "ERROR"):
            answer = self.send([])
        self.assertEqual(answer.status_code, 500)
        self.assertNotIn("id", answer.json())

    def test_a_business_error_keeps_its_words(self):
        def refuse(*_args):
            raise UserError("Only on Mondays.")

        with self.answering(refuse), self.assertLogs("odoo.http", "WARNING"):
            error = self.rpc("tools/list").json()["error"]
        self.assertEqual(error["message"], "Only on Mondays.")

    def test_a_conflict_is_replayed_with_the_same_body(self):
        bodies = []
        real = mcp_module.Endpoint.answer

        def conflict(endpoint, request):
            bodies.append(request.body)
            if len(bodies) == 1:
                endpoint._service.env.cr.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$")
            return real(endpoint, request)

        with self.answering(conflict), patch("odoo.service.model.time.sleep"), self.assertLogs("odoo", logging.INFO):
            self.assertTrue(self.result("tools/list")["tools"])
        self.assertEqual(len(bodies), 2)
        self.assertEqual(bodies[0], bodies[1])

    def test_a_conflict_that_stays_says_to_try_again(self):
        def conflict(endpoint, _request):
            endpoint._service.env.cr.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$")

        with self.answering(conflict), patch("odoo.service.model.time.sleep"), self.assertLogs("odoo", logging.INFO):
            answer = self.rpc("tools/list")
        self.assertEqual((answer.status_code, answer.json()["id"]), (200, 1))
        self.assertIn("Try again", answer.json()["error"]["message"])

    def test_a_stream_is_passed_on_and_closed(self):
        closed = []

        def stream():
            try:
                yield b"event: message\ndata: 1\n\n"
                yield b"event: message\ndata: 2\n\n"
            finally:
                closed.append(True)

        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        with self.answering(lambda *_args: HttpReply(200, headers, stream=stream())):
            answer = self.rpc("tools/list")
        self.assertEqual(answer.content.count(b"event: message"), 2)
        self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
        self.assertEqual(answer.headers["Cache-Control"], "no-cache")
        self.assertEqual(closed, [True])


@tagged("post_install", "-at_install")
class TestOriginsOverHttp(McpHttpCase):
    def setUp(self) -> None:
        super().setUp()
        self.own = settings.base_url(self.env)

    def preflight(self, origin, path="/mcp"):
        return self.send(b"", key=None, verb="OPTIONS", path=path, Origin=origin, Access_Control_Request_Method="POST")

    def test_a_page_of_an_allowed_origin_may_ask_and_read(self):
        preflight = self.preflight(self.own)
        self.assertEqual(preflight.status_code, 204)
        self.assertEqual(preflight.headers["Access-Control-Allow-Origin"], self.own)
        allowed = preflight.headers["Access-Control-Allow-Headers"].lower()
        for name in ("authorization", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name"):
            self.assertIn(name, allowed)
        answer = self.rpc("tools/list", Origin=self.own)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], self.own)
        self.assertEqual(answer.headers["Vary"], "Origin")

    def test_a_page_of_a_foreign_origin_may_neither_ask_nor_read(self):
        for origin in (FOREIGN, "null", ""):
            for answer in (self.preflight(origin), self.rpc("tools/list", Origin=origin)):
                self.assertEqual(answer.status_code, 403, origin)
                self.assertNotIn("Access-Control-Allow-Origin", answer.headers, origin)
                self.assertEqual(answer.json()["jsonrpc"], "2.0")

    def test_the_origin_is_judged_before_the_token(self):
        self.assertEqual(self.rpc("tools/list", key=None, Origin=FOREIGN).status_code, 403)

    def test_the_host_header_does_not_vouch_for_an_origin(self):
        answer = self.rpc("tools/list", Origin=FOREIGN, Host="evil.example")
        self.assertNotEqual(answer.status_code, 200)

    def test_a_configured_origin_is_allowed_at_the_next_call(self):
        self.assertEqual(self.preflight("http://localhost:6274").status_code, 403)
        self.env["ir.config_parameter"].set_param(settings.ORIGINS, "http://localhost:6274")
        self.assertEqual(self.preflight("http://localhost:6274").status_code, 204)

    def test_a_client_that_is_no_page_gets_no_cors_headers(self):
        answer = self.rpc("tools/list")
        self.assertFalse([name for name in answer.headers if name.lower().startswith("access-control-")])

    def test_a_page_of_an_allowed_origin_can_read_refusals(self):
        answer = self.rpc("tools/list", key=None, Origin=self.own)
        self.assertEqual(answer.status_code, 401)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], self.own)
        self.assertIn("WWW-Authenticate", answer.headers["Access-Control-Expose-Headers"])


@tagged("post_install", "-at_install")
class TestWellKnown(McpHttpCase):
    PATH = "/.well-known/oauth-protected-resource"

    def test_the_document_names_the_resource_of_its_path(self):
        base = settings.base_url(self.env)
        for path, resource in {"": "/mcp", "/mcp": "/mcp", "/mcp_native": "/mcp_native"}.items():
            answer = self.send(b"", key=None, verb="GET", path=self.PATH + path, Origin=FOREIGN)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.headers["Content-Type"], "application/json")
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
            self.assertEqual(
                answer.json(),
                {
                    "resource": base + resource,
                    "authorization_servers": [base],
                    "scopes_supported": ["mcp:read", "mcp:write"],
                    "bearer_methods_supported": ["header"],
                    "resource_name": "Odoo",
                },
            )

    def test_it_can_be_asked_for_by_head_and_options(self):
        self.assertEqual(self.send(b"", key=None, verb="HEAD", path=self.PATH).status_code, 200)
        preflight = self.send(b"", key=None, verb="OPTIONS", path=self.PATH + "/mcp", Origin=FOREIGN)
        self.assertEqual(preflight.status_code, 204)
        self.assertIn("MCP-Protocol-Version", preflight.headers["Access-Control-Allow-Headers"])

    def test_it_cannot_be_written_to(self):
        answer = self.send(b"{}", key=None, path=self.PATH)
        self.assertEqual(answer.status_code, 405)
        self.assertIn("GET", answer.headers["Allow"])

    def test_there_is_none_for_a_path_that_is_not_served(self):
        self.env["ir.config_parameter"].set_param(settings.PATH, "/mcp_native")
        self.assertEqual(self.send(b"", key=None, verb="GET", path=self.PATH + "/mcp").status_code, 404)
        root = self.send(b"", key=None, verb="GET", path=self.PATH)
        self.assertTrue(root.json()["resource"].endswith("/mcp_native"))


class TestReadOnlyChoice(TransactionCase):
    """Which requests may run on a read-only cursor."""

    def reads_only(self, body, method="POST", authorization="Bearer x", length=None) -> bool:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        httprequest = SimpleNamespace(
            method=method,
            headers={"Authorization": authorization} if authorization else {},
            content_length=len(data) if length is None else length,
            get_data=lambda: data,
        )
        with patch.object(mcp_module, "request", SimpleNamespace(httprequest=httprequest, env=self.env)):
            return mcp_module.McpController()._reads_only("rule", {})

    def call(self, name):
        return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name}}

    def test_methods_that_cannot_write_read_only(self):
        self.assertTrue(self.reads_only({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}))
        self.assertTrue(self.reads_only(self.call("search_records")))
        self.assertTrue(self.reads_only(b"{"))
        self.assertTrue(self.reads_only(b"", method="GET"))

    def test_tools_that_may_write_do_not(self):
        for name in ("create_records", "call_method", "unknown", None, {}):
            self.assertFalse(self.reads_only(self.call(name)), name)

    def test_one_writer_in_a_batch_decides(self):
        self.assertTrue(self.reads_only([self.call("search_records"), self.call("read_records")]))
        self.assertFalse(self.reads_only([self.call("search_records"), self.call("create_records")]))

    def test_a_large_body_is_not_looked_at(self):
        self.assertFalse(self.reads_only(self.call("search_records"), length=mcp_module.PEEKED + 1))

    def test_a_body_without_a_token_is_not_looked_at(self):
        self.assertTrue(self.reads_only(self.call("create_records"), authorization=None))


class TestParts(TransactionCase):
    def test_a_challenge_quotes_its_parameters(self):
        header = challenge(self.env, "/mcp", error_description='say "no"\r\nSet-Cookie: a=\\b é')
        self.assertIn('error_description="say \\"no\\"  Set-Cookie: a=\\\\b  "', header)
        self.assertNotIn("\n", header)

    def test_cors_headers_that_odoo_set_are_replaced(self):
        headers = Headers({"Access-Control-Allow-Origin": "True", "Access-Control-Max-Age": "1"})
        set_cors(headers, None)
        self.assertEqual(list(headers), [("Vary", "Origin")])

    def test_what_a_broken_body_asks_for_is_unknown(self):
        for body in (b"", b"{", b"[]", b"1", b"[" * 100_000, b"\xff"):
            self.assertEqual(asked_for(body), (None, "", ""))
        asked = asked_for(b'{"id": 5, "method": "tools/call", "params": {"name": "x"}}')
        self.assertEqual(asked, (5, "tools/call", "x"))
        self.assertEqual(asked_for(b'{"id": {}, "method": 3, "params": []}'), (None, "3", ""))
