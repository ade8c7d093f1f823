# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import Mock, patch

from odoo import fields
from odoo.exceptions import AccessDenied
from odoo.tests import tagged

from odoo.addons.base.models import res_users

from ..models import mcp_native_principal as principal_module
from ..models import settings
from .common import McpHttpCase, McpTransactionCase, make_key

UNKNOWN = "0123456789abcdef" * 2 + "01234567"
RESOURCE = "https://odoo.example.com/mcp"


@tagged("post_install", "-at_install")
class TestAuth(McpHttpCase):
    def status(self, **kwargs) -> int:
        return self.rpc("tools/list", **kwargs).status_code

    def test_a_request_without_a_token_is_challenged(self):
        answer = self.rpc("tools/list", key=None)
        self.assertEqual(answer.status_code, 401)
        base = settings.base_url(self.env)
        self.assertEqual(
            answer.headers["WWW-Authenticate"],
            f'Bearer resource_metadata="{base}/.well-known/oauth-protected-resource/mcp", scope="mcp:read mcp:write"',
        )
        self.assertEqual(answer.json()["error"]["code"], -32600)
        self.assertNotIn("result", answer.json())

    def test_the_challenge_names_the_path_that_was_asked_for(self):
        challenge = self.rpc("tools/list", key=None, path="/mcp_native/").headers["WWW-Authenticate"]
        self.assertIn('/.well-known/oauth-protected-resource/mcp_native"', challenge)

    def test_every_method_and_verb_needs_a_token(self):
        for method in ("initialize", "server/discover", "ping", "tools/list", "notifications/initialized", "nonsense"):
            self.assertEqual(self.rpc(method, key=None).status_code, 401, method)
            self.assertEqual(self.rpc(method, key=None, version="2025-11-25").status_code, 401, method)
        for verb in ("GET", "HEAD", "DELETE", "PUT", "PATCH"):
            self.assertEqual(self.send(b"", key=None, verb=verb).status_code, 401, verb)

    def test_an_unknown_token_is_called_invalid(self):
        for token in (UNKNOWN, "nonsense", "a b", "x" * 5000, "é", "0123456789abcdef\t"):
            answer = self.rpc("tools/list", key=None, Authorization=f"Bearer {token}".encode())
            self.assertEqual(answer.status_code, 401, token)
            self.assertIn('error="invalid_token"', answer.headers["WWW-Authenticate"], token)

    def test_only_the_bearer_scheme_counts(self):
        self.assertEqual(self.status(key=None, Authorization=f"Basic {self.key}"), 401)
        self.assertEqual(self.status(key=None, Authorization=self.key), 401)
        self.assertEqual(self.status(key=None, Authorization=f"bearer {self.key}"), 200)

    def test_a_key_in_the_address_does_not_count(self):
        self.assertEqual(self.status(key=None, path=f"/mcp?access_token={self.key}"), 401)

    def test_a_key_of_our_scope_opens_the_server_and_nothing_else(self):
        self.assertEqual(self.status(), 200)
        keys = self.env["res.users.apikeys"]
        self.assertFalse(keys._check_credentials(scope="rpc", key=self.key))

    def test_a_global_key_is_accepted_while_the_setting_says_so(self):
        key = make_key(self.env, self.plain, scope=None)
        self.assertEqual(self.status(key=key), 200)
        self.env["ir.config_parameter"].set_param(settings.GLOBAL_KEYS, "False")
        self.assertEqual(self.status(key=key), 401)
        self.assertEqual(self.status(), 200)
        self.env["ir.config_parameter"].set_param(settings.GLOBAL_KEYS, "True")
        self.assertEqual(self.status(key=key), 200)

    def test_a_key_of_another_scope_is_refused(self):
        self.assertEqual(self.status(key=make_key(self.env, self.plain, scope="other")), 401)

    def test_a_revoked_key_is_refused_at_the_next_call(self):
        key = make_key(self.env, self.plain)
        self.assertEqual(self.status(key=key), 200)
        self.plain.api_key_ids.filtered(lambda record: record.name == "test").with_user(self.plain)._remove()
        self.assertEqual(self.status(key=key), 401)

    def test_an_archived_user_is_refused_at_the_next_call(self):
        self.assertEqual(self.status(), 200)
        self.plain.active = False
        self.assertEqual(self.status(), 401)
        self.plain.active = True
        self.assertEqual(self.status(), 200)

    def test_a_deleted_user_is_refused_at_the_next_call(self):
        key = make_key(self.env, self.manager)
        self.assertEqual(self.status(key=key), 200)
        self.manager.unlink()
        self.assertEqual(self.status(key=key), 401)

    def test_a_user_who_leaves_the_group_is_forbidden_at_the_next_call(self):
        group = self.env.ref("mcp_native.group_user")
        field = "group_ids" if "group_ids" in self.plain._fields else "groups_id"
        self.assertEqual(self.status(), 200)
        self.plain.write({field: [(3, group.id)]})
        answer = self.rpc("tools/list")
        self.assertEqual(answer.status_code, 403)
        self.assertIn("may not use the MCP server", answer.json()["error"]["message"])
        self.plain.write({field: [(4, group.id)]})
        self.assertEqual(self.status(), 200)

    def test_users_outside_the_group_are_forbidden(self):
        for user in (self.outsider, self.portal):
            for scope in ("mcp_native", None):
                answer = self.rpc("tools/list", key=make_key(self.env, user, scope=scope))
                self.assertEqual(answer.status_code, 403, user.login)
                self.assertNotIn("WWW-Authenticate", answer.headers)

    def test_a_session_cookie_opens_nothing(self):
        self.authenticate("mcp_plain", "mcp_plain")
        self.assertEqual(self.status(key=None), 401)

    def test_a_session_cookie_does_not_change_who_calls(self):
        self.authenticate("mcp_manager", "mcp_manager")
        self.assertEqual(self.status(), 200)
        self.assertEqual(self.env["mcp_native.access.log"].search([], limit=1).login, "mcp_plain")

    def test_a_call_sets_no_cookie(self):
        self.opener.cookies.clear()
        self.assertNotIn("session_id", self.rpc("tools/list").cookies)


class TestPrincipal(McpTransactionCase):
    def setUp(self) -> None:
        super().setUp()
        self.env.registry.clear_cache()
        self.addCleanup(self.env.registry.clear_cache)
        self.principals = self.env["mcp_native.principal"]

    @contextmanager
    def hashing(self):
        """Count what is hashed, by Odoo and by us."""
        context = Mock(wraps=res_users.KEY_CRYPT_CONTEXT)
        with (
            patch.object(res_users, "KEY_CRYPT_CONTEXT", context),
            patch.object(principal_module, "KEY_CRYPT_CONTEXT", context),
        ):
            yield context.verify

    def test_a_principal_says_who_and_by_what(self):
        token = make_key(self.env, self.plain)
        principal = self.principals._from_token(token, RESOURCE)
        key = self.plain.sudo().api_key_ids
        self.assertEqual((principal.uid, principal.kind), (self.plain.id, "api_key"))
        self.assertEqual((principal.credential_id, principal.credential_name), (key.id, "test"))
        self.assertEqual(principal.scopes, {"mcp:read", "mcp:write"})
        if key._mcp_native_has_expiry():
            self.assertEqual(principal.expires, key.expiration_date)
        else:
            self.assertIsNone(principal.expires)

    def test_a_remembered_key_is_not_hashed_again(self):
        token = make_key(self.env, self.plain)
        first = self.principals._from_token(token, RESOURCE)
        with self.hashing() as verify:
            self.assertEqual(self.principals._from_token(token, RESOURCE), first)
        verify.assert_not_called()

    def test_a_remembered_key_is_verified_afresh_after_a_while(self):
        token = make_key(self.env, self.plain)
        self.principals._from_token(token, RESOURCE)
        later = principal_module.time.time() + principal_module.REVERIFIED_EVERY
        with self.hashing() as verify, patch.object(principal_module.time, "time", return_value=later):
            self.principals._from_token(token, RESOURCE)
        verify.assert_called()

    def test_an_unknown_key_is_not_hashed_and_not_remembered(self):
        checks = type(self.env["res.users.apikeys"])
        counted = {"autospec": True, "side_effect": checks._check_credentials}
        for _try in range(2):
            with (
                self.hashing() as verify,
                patch.object(checks, "_check_credentials", **counted) as check,
                self.assertRaises(AccessDenied),
            ):
                self.principals._from_token(UNKNOWN, RESOURCE)
            verify.assert_not_called()
            self.assertEqual(check.call_count, 2, "once for each kind of key, each time")

    def test_a_key_with_a_known_beginning_is_refused(self):
        token = make_key(self.env, self.plain)
        with self.assertRaises(AccessDenied):
            self.principals._from_token(token[:-1] + ("0" if token[-1] != "0" else "1"), RESOURCE)

    def test_of_two_keys_with_one_beginning_each_is_itself(self):
        first, second = make_key(self.env, self.plain), make_key(self.env, self.plain)
        ids = self.plain.sudo().api_key_ids.sorted("id").ids
        second = first[:8] + second[8:]
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET index = %s, key = %s WHERE id = %s",
            [first[:8], principal_module.KEY_CRYPT_CONTEXT.hash(second), ids[1]],
        )
        self.assertEqual([self.principals._from_token(token, RESOURCE).credential_id for token in (first, second)], ids)

    def test_a_remembered_key_ends_when_it_expires(self):
        token = make_key(self.env, self.plain, days=1)
        expires = self.principals._from_token(token, RESOURCE).expires
        tomorrow = fields.Datetime.now() + timedelta(days=2)
        with patch.object(fields.Datetime, "now", return_value=tomorrow):
            if expires:
                with self.assertRaises(AccessDenied):
                    self.principals._from_token(token, RESOURCE)
            else:  # 17.0 knows no expiry
                self.assertEqual(self.principals._from_token(token, RESOURCE).uid, self.plain.id)

    def test_a_revocation_is_forgotten_again_after_its_transaction(self):
        token = make_key(self.env, self.plain)
        self.principals._from_token(token, RESOURCE)
        with patch.object(type(self.env.registry), "clear_cache") as clear:
            self.plain.sudo().api_key_ids.unlink()
            clear.assert_called()
            clear.reset_mock()
            self.env.cr.postcommit.run()
            clear.assert_called()

    def test_a_key_made_for_mcp_carries_our_scope(self):
        token = self.env["res.users.apikeys"].with_user(self.plain)._mcp_native_generate("laptop", 30)
        key = self.plain.sudo().api_key_ids
        self.assertEqual((key.name, key.scope), ("laptop", "mcp_native"))
        self.assertEqual(self.principals._from_token(token, RESOURCE).credential_name, "laptop")
