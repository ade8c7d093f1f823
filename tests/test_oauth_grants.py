# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..compat import SERIES
from ..models import settings
from ..models.mcp_native_principal import READ_ONLY_SCOPE
from ..oauth import tokens
from .common import make_key
from .oauth_case import OAuthCase


@tagged("post_install", "-at_install")
class TestGrants(OAuthCase):
    def grant(self):
        return self.env["mcp_native.oauth.grant"].sudo().search([("user_id", "=", self.plain.id)], limit=1)

    def assert_ended(self, token: dict[str, str], reason: str) -> None:
        self.env.flush_all()
        self.assertEqual(self.status(token["access_token"]), 401)
        self.assert_refused(self.refresh(token["refresh_token"]), "invalid_grant")
        self.assertEqual(self.grant().ended_reason, reason)

    def test_an_ended_grant_is_refused_at_the_next_call(self):
        token = self.granted()
        self.assertEqual(self.status(token["access_token"]), 200)
        self.grant()._end("user")
        self.assert_ended(token, "user")

    def test_a_code_of_an_ended_grant_is_refused(self):
        code = self.code()
        self.grant()._end("user")
        self.env.flush_all()
        self.assert_refused(self.redeem(code), "invalid_grant")

    def test_archiving_the_user_ends_the_grant_for_ever(self):
        token = self.granted()
        self.plain.write({"active": 0})
        self.assert_ended(token, "archived")
        self.plain.active = True
        self.assert_ended(token, "archived")

    def test_a_new_password_ends_the_grant(self):
        token = self.granted()
        self.plain.password = "a new password"
        self.assert_ended(token, "password")

    def test_logging_out_from_all_devices_ends_the_grant(self):
        token = self.granted()
        if SERIES >= 18:
            self.plain._action_revoke_all_devices()
            self.assert_ended(token, "devices")
        else:
            self.plain._change_password("mcp_plain")  # what 17.0 does for it
            self.assert_ended(token, "password")

    def test_a_new_password_leaves_the_grant_alone_where_the_setting_says_so(self):
        self.env["ir.config_parameter"].sudo().set_param(settings.OAUTH_END_ON_PASSWORD, "False")
        token = self.granted()
        self.plain.password = "a new password"
        self.env.flush_all()
        self.assertEqual(self.status(token["access_token"]), 200)

    def test_archiving_the_client_ends_its_grants(self):
        token = self.granted()
        self.client.active = False
        self.env.flush_all()
        self.assertEqual(self.status(token["access_token"]), 401)
        self.assert_refused(self.refresh(token["refresh_token"]), "invalid_client", 401)
        self.assertEqual(self.grant().ended_reason, "client")

    def test_deleting_the_user_takes_the_grant_along(self):
        token = self.granted(user=self.manager)
        self.manager.unlink()
        self.env.flush_all()
        self.assertEqual(self.status(token["access_token"]), 401)

    def test_a_user_who_lost_the_right_is_refused(self):
        token = self.granted()
        field = "group_ids" if "group_ids" in self.plain._fields else "groups_id"
        self.plain.write({field: [(3, self.env.ref("mcp_native.group_user").id)]})
        self.env.flush_all()
        self.assertEqual(self.status(token["access_token"]), 403)

    def test_a_client_known_by_a_document_is_refused_once_documents_are_switched_off(self):
        token = self.granted()["access_token"]
        self.client.sudo().kind = "document"
        self.env.flush_all()
        self.assertEqual(self.status(token), 200)
        self.env["ir.config_parameter"].sudo().set_param(settings.OAUTH_DOCUMENTS, "False")
        self.assertEqual(self.status(token), 401)

    def test_a_later_decision_to_read_only_holds_for_earlier_tokens(self):
        token = self.granted()
        self.code(may_write=False)
        self.env.flush_all()
        names = {tool["name"] for tool in self.result("tools/list", key=token["access_token"])["tools"]}
        self.assertIn("search_records", names)
        self.assertNotIn("create_records", names)

    def test_a_later_decision_to_change_does_not_widen_earlier_tokens(self):
        token = self.granted(may_write=False)
        self.code(may_write=True)
        self.env.flush_all()
        names = {tool["name"] for tool in self.result("tools/list", key=token["access_token"])["tools"]}
        self.assertNotIn("create_records", names)

    def test_a_read_only_connection_is_told_which_scopes_a_change_needs(self):
        token = self.granted(may_write=False)["access_token"]
        call = {"name": "create_records", "arguments": {"model": "res.partner", "records": [{"name": "Step-up"}]}}
        for version in ("2026-07-28", "2025-11-25", "2025-06-18"):
            answer = self.rpc("tools/call", call, key=token, version=version)
            challenge = answer.headers["WWW-Authenticate"]
            with self.subTest(version=version):
                self.assertEqual(answer.status_code, 403, answer.text)
                self.assertIn('error="insufficient_scope"', challenge)
                self.assertIn('scope="mcp:read mcp:write"', challenge)
                self.assertIn("/.well-known/oauth-protected-resource/mcp", challenge)
                self.assertEqual(answer.json()["id"], 1)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Step-up")]))

    def test_a_list_without_the_tools_that_change_is_not_to_be_kept(self):
        reading, writing = self.granted(may_write=False), self.granted(user=self.manager)
        self.assertEqual(self.result("tools/list", key=reading["access_token"])["ttlMs"], 0)
        self.assertGreater(self.result("tools/list", key=writing["access_token"])["ttlMs"], 0)

    def test_an_unknown_tool_asks_for_no_scope(self):
        token = self.granted(may_write=False)["access_token"]
        answer = self.rpc("tools/call", {"name": "no_such_tool", "arguments": {}}, key=token, version="2025-11-25")
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("WWW-Authenticate", answer.headers)

    def test_a_read_only_key_cannot_change_anything_and_is_told_so(self):
        key = make_key(self.env, self.plain, READ_ONLY_SCOPE)
        names = {tool["name"] for tool in self.result("tools/list", key=key)["tools"]}
        self.assertIn("search_records", names)
        self.assertNotIn("create_records", names)
        call = {"name": "create_records", "arguments": {"model": "res.partner", "records": [{"name": "Read only"}]}}
        answer = self.rpc("tools/call", call, key=key)
        self.assertIn("this key is read only", answer.json()["error"]["message"])
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Read only")]))

    def test_the_log_names_the_client(self):
        token = self.granted()["access_token"]
        self.rpc("tools/list", key=token)
        row = self.env["mcp_native.access.log"].search([], limit=1)
        self.assertEqual((row.credential_kind, row.credential_id), ("oauth_grant", self.grant().id))
        self.assertEqual((row.credential_name, row.login), ("Assistant", "mcp_plain"))

    def test_nobody_reads_or_writes_tokens_through_rpc(self):
        self.granted()
        for user in (self.plain, self.manager, self.env.ref("base.user_admin")):
            for model in ("mcp_native.oauth.code", "mcp_native.oauth.token"):
                records = self.env[model].with_user(user)
                with self.subTest(user=user.login, model=model):
                    with self.assertRaises(AccessError):
                        records.search([])
                    with self.assertRaises(AccessError):
                        records.create({"digest": "x"})
            with self.assertRaises(AccessError):
                self.env["mcp_native.oauth.grant"].with_user(user).browse(self.grant().id).write({"scopes": "mcp:read"})

    def test_what_ended_is_cleaned_up(self):
        self.granted()
        code = self.code(user=self.manager)
        long_ago = fields.Datetime.now() - timedelta(days=2)
        codes, records = self.env["mcp_native.oauth.code"].sudo(), self.env["mcp_native.oauth.token"].sudo()
        codes.search([]).write({"expires": long_ago})
        records.search([]).write({"expires": long_ago})
        kept = self.granted()
        codes._gc_ended()
        records._gc_ended()
        self.env["mcp_native.oauth.grant"].sudo()._gc_unused()
        self.assertFalse(codes.search([("digest", "=", tokens.digest(code))]))
        self.assertEqual(len(records.search([])), 2)
        grants = self.env["mcp_native.oauth.grant"].sudo().search([])
        ended = {grant.user_id.login: grant.ended_reason for grant in grants}
        self.assertEqual(ended, {"mcp_plain": False, "mcp_manager": "unused"})
        self.assertEqual(self.status(kept["access_token"]), 200)

    def test_only_digests_are_stored(self):
        code = self.code()
        token = self.redeem(code).json()
        token |= self.refresh(token["refresh_token"]).json() | {"first": token["refresh_token"], "code": code}
        for table in ("mcp_native_oauth_code", "mcp_native_oauth_token", "mcp_native_oauth_grant"):
            self.env.cr.execute(f"SELECT row_to_json(t)::text FROM {table} t")  # pylint: disable=E8103
            stored = "\n".join(row[0] for row in self.env.cr.fetchall())
            for name in ("access_token", "refresh_token", "first", "code"):
                self.assertNotIn(token[name], stored)
                self.assertNotIn(token[name].partition("_")[2], stored)


@tagged("post_install", "-at_install")
class TestMetadata(OAuthCase):
    def document(self, path: str) -> dict:
        answer = self.opener.get(self.base_url() + path, timeout=60)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        return answer.json()

    def test_the_issuer_is_the_same_everywhere(self):
        base = settings.base_url(self.env)
        for path in ("", "/mcp", "/mcp_native"):
            resource = self.document("/.well-known/oauth-protected-resource" + path)
            self.assertEqual(resource["authorization_servers"], [base])
            self.assertEqual(resource["resource"], base + (path or "/mcp"))
            self.assertEqual(resource["scopes_supported"], ["mcp:read", "mcp:write"])
            for name in ("oauth-authorization-server", "openid-configuration"):
                self.assertEqual(self.document(f"/.well-known/{name}{path}")["issuer"], base)

    def test_the_document_says_what_clients_insist_on(self):
        document = self.document("/.well-known/oauth-authorization-server")
        base = settings.base_url(self.env)
        self.assertEqual(document["authorization_endpoint"], base + "/oauth/authorize")
        self.assertEqual(document["token_endpoint"], base + "/oauth/token")
        self.assertEqual(document["registration_endpoint"], base + "/oauth/register")
        self.assertEqual(document["revocation_endpoint"], base + "/oauth/revoke")
        self.assertEqual(document["code_challenge_methods_supported"], ["S256"])
        self.assertEqual(document["response_types_supported"], ["code"])
        self.assertIn("none", document["token_endpoint_auth_methods_supported"])
        self.assertTrue(document["client_id_metadata_document_supported"])
        self.assertTrue(document["authorization_response_iss_parameter_supported"])
        self.assertNotIn(None, document.values())

    def test_what_is_switched_off_is_not_offered(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(settings.OAUTH_REGISTRATION, "False")
        parameters.set_param(settings.OAUTH_DOCUMENTS, "False")
        document = self.document("/.well-known/oauth-authorization-server")
        self.assertNotIn("registration_endpoint", document)
        self.assertFalse(document["client_id_metadata_document_supported"])
        parameters.set_param(settings.OAUTH, "False")
        self.assertNotIn("authorization_servers", self.document("/.well-known/oauth-protected-resource"))
        answer = self.opener.get(self.base_url() + "/.well-known/oauth-authorization-server", timeout=60)
        self.assertEqual(answer.status_code, 404)

    def test_the_host_header_changes_no_document(self):
        for name in ("oauth-protected-resource", "oauth-authorization-server"):
            path = f"{self.base_url()}/.well-known/{name}"
            forged = {"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com"}
            answer = self.opener.get(path, headers=forged, timeout=60)
            self.assertNotIn("evil", answer.text)

    def test_a_preflight_of_a_document_is_answered(self):
        answer = self.opener.options(
            self.base_url() + "/.well-known/oauth-authorization-server",
            headers={"Origin": "https://x.example.com", "Access-Control-Request-Headers": "mcp-protocol-version"},
            timeout=60,
        )
        self.assertEqual(answer.status_code, 204)
        self.assertIn("mcp-protocol-version", answer.headers["Access-Control-Allow-Headers"].lower())
