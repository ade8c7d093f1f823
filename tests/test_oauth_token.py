# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import base64
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo import fields
from odoo.tests import tagged

from ..models import mcp_native_oauth_token as token_module
from ..models import settings
from ..oauth import tokens
from ..oauth.server import AnswerClient, UnknownClient
from .oauth_case import BOTH, CALLBACK, VERIFIER, OAuthCase, s256

OTHER_VERIFIER = "another-verifier-of-forty-three-characters-or-more"


@tagged("post_install", "-at_install")
class TestAuthorizationRequest(OAuthCase):
    def error(self, **changed) -> dict[str, str]:
        """Return what a client is told of a request that is not in order."""
        with self.assertRaises(AnswerClient) as caught:
            self.server().asked(self.uri(**changed))
        self.assertTrue(caught.exception.location.startswith(f"{CALLBACK}?"))
        return {name: values[0] for name, values in parse_qs(urlsplit(caught.exception.location).query).items()}

    def assert_unknown(self, **changed) -> None:
        with self.assertRaises(UnknownClient):
            self.server().asked(self.uri(**changed))

    def test_a_request_in_order_says_what_may_be_granted(self):
        asked = self.server().asked(self.uri(prompt="consent"))
        self.assertEqual(asked.client, self.client)
        self.assertEqual(asked.redirect_uri, CALLBACK)
        self.assertEqual(asked.scopes, {"mcp:read", "mcp:write"})
        self.assertEqual((asked.resource, asked.state), (self.resource, "a state"))
        self.assertEqual(asked.prompt, {"consent"})

    def test_an_approval_goes_back_with_code_state_and_issuer(self):
        location = self.server().approve(self.uri(state="a&b=c d\r\nX: y"), may_write=True)
        answer = parse_qs(urlsplit(location).query)
        self.assertEqual(set(answer), {"code", "state", "iss"})
        self.assertEqual(answer["state"], ["a&b=c d\r\nX: y"])
        self.assertEqual(answer["iss"], [settings.base_url(self.env)])
        self.assertNotIn("\r", location)
        self.assertTrue(tokens.is_token(answer["code"][0], tokens.CODE))

    def test_a_refusal_goes_back_with_the_issuer_too(self):
        server = self.server()
        location = server.deny(server.asked(self.uri()))
        answer = parse_qs(urlsplit(location).query)
        issuer = settings.base_url(self.env)
        self.assertEqual(answer, {"error": ["access_denied"], "state": ["a state"], "iss": [issuer]})

    def test_an_unknown_client_is_never_answered(self):
        self.assert_unknown(client_id="nobody")
        self.assert_unknown(client_id=None)
        self.assert_unknown(client_id="")

    def test_a_foreign_redirect_uri_is_never_answered(self):
        for uri in (
            "https://evil.example.com/callback",
            "https://assistant.example.com/callback/../other",
            "https://assistant.example.com/callback?next=x",
            "https://assistant.example.com/callback#x",
            "https://user@assistant.example.com/callback",
            "https://assistant.example.com:8443/callback",
            "http://assistant.example.com/callback",
            "javascript:alert(1)",
            "/callback",
        ):
            with self.subTest(uri=uri):
                self.assert_unknown(redirect_uri=uri)
        self.assert_unknown(redirect_uri=None)

    def test_a_parameter_given_twice_is_never_answered(self):
        with self.assertRaises(UnknownClient):
            self.server().asked(self.uri() + "&client_id=keeper")
        with self.assertRaises(UnknownClient):
            self.server().asked(self.uri() + "&redirect_uri=https%3A%2F%2Fevil.example.com")

    def test_an_address_that_is_not_well_formed_is_never_answered(self):
        for junk in ("&x=%zz", "&x=a b", '&x="', "&x=\u20ac"):
            with self.subTest(junk=junk), self.assertRaises(UnknownClient):
                self.server().asked(self.uri() + junk)

    def test_the_challenge_must_be_there_and_s256(self):
        self.assertEqual(self.error(code_challenge=None)["error"], "invalid_request")
        self.assertEqual(self.error(code_challenge_method="plain")["error"], "invalid_request")
        self.assertEqual(self.error(code_challenge_method=None)["error"], "invalid_request")
        self.assertEqual(self.error(code_challenge="short")["error"], "invalid_request")

    def test_other_ways_to_answer_are_refused(self):
        for kind in ("token", "code token", "id_token", "none", "xcode"):
            with self.subTest(kind=kind):
                error = self.error(response_type=kind)["error"]
                self.assertIn(error, ("unsupported_response_type", "unauthorized_client"))
        self.assertEqual(self.error(response_type=None)["error"], "invalid_request")
        self.assertEqual(self.error(response_mode="fragment")["error"], "invalid_request")

    def test_errors_carry_state_and_issuer(self):
        error = self.error(resource="https://evil.example.com/mcp")
        self.assertEqual(error["error"], "invalid_target")
        self.assertEqual((error["state"], error["iss"]), ("a state", settings.base_url(self.env)))

    def test_a_resource_is_recognised_in_the_forms_that_clients_write(self):
        base = settings.base_url(self.env)
        for resource in (self.resource, self.resource + "/", self.resource.replace("http://", "HTTP://")):
            with self.subTest(resource=resource):
                self.assertEqual(self.server().asked(self.uri(resource=resource)).resource, self.resource)
        self.assertEqual(self.server().asked(self.uri(resource=base + "/mcp_native")).resource, base + "/mcp_native")
        self.assertEqual(self.server().asked(self.uri(resource=None)).resource, self.resource)
        self.assertEqual(self.server().asked(self.uri() + f"&resource={self.resource}").resource, self.resource)

    def test_other_resources_are_refused(self):
        base = settings.base_url(self.env)
        for resource in (base, base + "/web", base + "/mcp/x", base + "/mcp?x=1", base + "/mcp#x", "mcp", ""):
            with self.subTest(resource=resource):
                self.assertEqual(self.error(resource=resource)["error"], "invalid_target")
        with self.assertRaises(AnswerClient):
            self.server().asked(self.uri() + f"&resource={base}/mcp_native")

    def test_scopes_without_meaning_here_do_no_harm(self):
        both = {"mcp:read", "mcp:write"}
        for scope, expected in (
            (None, both),
            ("", both),
            ("offline_access", both),
            ("mcp:read offline_access", {"mcp:read"}),
            ("mcp:write", both),
            ("openid mcp:read", {"mcp:read"}),
        ):
            with self.subTest(scope=scope):
                self.assertEqual(self.server().asked(self.uri(scope=scope)).scopes, expected)
        self.assertEqual(self.error(scope="openid profile")["error"], "invalid_scope")

    def test_nobody_can_be_granted_more_than_was_asked_for(self):
        token = self.granted(scope="mcp:read", may_write=True)
        self.assertEqual(token["scope"], "mcp:read")

    def test_what_was_decided_before_is_known(self):
        server = self.server()
        self.assertFalse(server.previous(self.client))
        self.code(may_write=False)
        self.assertEqual(server.previous(self.client).scopes, "mcp:read")
        self.assertFalse(self.server(self.manager).previous(self.client))

    def test_there_is_one_decision_for_each_client_and_user(self):
        for may_write in (True, False, True):
            self.code(may_write=may_write)
        self.code(user=self.manager)
        grants = self.env["mcp_native.oauth.grant"].sudo().search([("client_id", "=", self.client.id)])
        self.assertEqual(sorted(grants.mapped("user_id.login")), ["mcp_manager", "mcp_plain"])
        self.assertEqual(set(grants.mapped("scopes")), {BOTH})


@tagged("post_install", "-at_install")
class TestTokenRequest(OAuthCase):
    def test_a_code_becomes_tokens_that_open_the_server(self):
        answer = self.redeem(self.code())
        token = answer.json()
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual((answer.headers["Cache-Control"], answer.headers["Pragma"]), ("no-store", "no-cache"))
        self.assertEqual(set(token), {"access_token", "token_type", "expires_in", "refresh_token", "scope"})
        self.assertEqual((token["token_type"], token["expires_in"], token["scope"]), ("Bearer", 8 * 3600, BOTH))
        self.assertIn("mcp_plain", self.tool_text("get_context", key=token["access_token"]))

    def test_a_refresh_token_does_not_open_the_server(self):
        token = self.granted()
        self.assertEqual(self.status(token["refresh_token"]), 401)
        self.assertEqual(self.status(self.code()), 401)

    def test_a_code_works_once_and_a_second_use_ends_what_came_of_it(self):
        code = self.code()
        token = self.redeem(code).json()
        self.assertEqual(self.status(token["access_token"]), 200)
        self.assert_refused(self.redeem(code), "invalid_grant")
        self.assertEqual(self.status(token["access_token"]), 401)
        self.assert_refused(self.refresh(token["refresh_token"]), "invalid_grant")

    def test_a_second_use_of_a_code_leaves_other_connections_alone(self):
        other = self.granted()
        code = self.code()
        self.redeem(code)
        self.redeem(code)
        self.assertEqual(self.status(other["access_token"]), 200)

    def test_a_client_cannot_choose_what_its_tokens_are_made_of(self):
        seed = "00" * 32
        answer = self.redeem(self.code(), seed=seed, refresh_token="x", code_record="x", refresh_record="x", client="x")
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertNotEqual(answer.json()["access_token"], tokens.successor(tokens.ACCESS, seed, "x"))
        self.assertEqual(self.redeem(self.code(), seed="zz", user="1", scopes="x", origin="x").status_code, 200)
        answer = self.refresh(answer.json()["refresh_token"], seed=seed, refresh_record="x", code_record="x")
        self.assertEqual(answer.status_code, 200, answer.text)
        with self.assertRaises(UnknownClient):
            self.server().asked(self.uri(redirect_uri=None, code_record="x", origin="x"))

    def test_what_was_registered_of_a_redirect_uri_stays_as_it_was_written(self):
        uri = f"{CALLBACK}?flag&b=a%20b"
        self.make_client("odd", redirect_uris=uri)
        location = self.server().approve(self.uri(client_id="odd", redirect_uri=uri), may_write=False)
        self.assertTrue(location.startswith(f"{uri}&code="), location)

    def test_a_code_ends_after_a_minute(self):
        code = self.code()
        record = self.env["mcp_native.oauth.code"].sudo().search([("digest", "=", tokens.digest(code))])
        self.assertLessEqual(record.expires, fields.Datetime.now() + timedelta(seconds=60))
        record.expires = fields.Datetime.now()
        self.env.flush_all()
        self.assert_refused(self.redeem(code), "invalid_grant")

    def test_a_code_is_for_the_client_that_asked(self):
        code = self.code()
        self.make_client("rival")
        self.assert_refused(self.redeem(code, client_id="rival"), "invalid_grant")
        self.assertEqual(self.redeem(code).status_code, 200)

    def test_a_code_needs_its_verifier(self):
        code = self.code()
        self.assert_refused(self.redeem(code, code_verifier=OTHER_VERIFIER), "invalid_grant")
        self.assert_refused(self.redeem(code, code_verifier=None), "invalid_request")
        self.assert_refused(self.redeem(code, code_verifier=s256(VERIFIER)), "invalid_grant")
        self.assert_refused(self.redeem(code, code_verifier="short"), "invalid_request")
        self.assertEqual(self.redeem(code).status_code, 200)

    def test_a_code_needs_the_redirect_uri_it_was_asked_with(self):
        code = self.code()
        self.assert_refused(self.redeem(code, redirect_uri=CALLBACK + "/"), "invalid_grant")
        self.assertEqual(self.redeem(code, redirect_uri=None).status_code, 200)

    def test_a_code_is_for_the_resource_it_was_asked_for(self):
        other = self.resource + "_native"
        code = self.code()
        self.assert_refused(self.redeem(code, resource=other), "invalid_target")
        token = self.redeem(code, resource=None).json()["access_token"]
        self.assertEqual(self.status(token), 200)
        self.assertEqual(self.status(token, path="/mcp_native"), 401)
        token = self.redeem(self.code(resource=other), resource=other).json()
        self.assertEqual(self.status(token["access_token"], path="/mcp_native"), 200)
        self.assertEqual(self.status(token["access_token"]), 401)

    def test_a_made_up_code_is_refused(self):
        for code in ("x", "mcpc_" + "A" * 43, "mcpc_\x00" + "A" * 42, tokens.new(tokens.REFRESH)):
            with self.subTest(code=code):
                self.assert_refused(self.redeem(code), "invalid_grant")
        self.assert_refused(self.redeem(None), "invalid_request")

    def test_a_confidential_client_proves_itself_in_the_header_or_in_the_body(self):
        header = "Basic " + base64.b64encode(f"keeper:{self.secret}".encode()).decode()
        code = self.code(client_id="keeper")
        data = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        self.assertEqual(self.post("/oauth/token", data, Authorization=header).status_code, 200)
        answer = self.redeem(self.code(client_id="keeper"), client_id="keeper", client_secret=self.secret)
        self.assertEqual(answer.status_code, 200, answer.text)

    def test_a_confidential_client_without_its_secret_is_refused(self):
        code = self.code(client_id="keeper")
        self.assert_refused(self.redeem(code, client_id="keeper"), "invalid_client", 401)
        wrong = tokens.new(tokens.SECRET)
        self.assert_refused(self.redeem(code, client_id="keeper", client_secret=wrong), "invalid_client", 401)
        stored = self.keeper.sudo().secret_digest
        self.assert_refused(self.redeem(code, client_id="keeper", client_secret=stored), "invalid_client", 401)
        for text in ("keeper:wrong", "keeper:", ":", "", "assistant:" + self.secret):
            header = "Basic " + base64.b64encode(text.encode()).decode()
            data = {"grant_type": "refresh_token", "refresh_token": "x"}
            answer = self.post("/oauth/token", data, Authorization=header)
            with self.subTest(text=text):
                self.assertIn(answer.status_code, (400, 401))
                self.assertIn(answer.json()["error"], ("invalid_client", "invalid_grant"))
        data = {"grant_type": "authorization_code", "code": code, "client_id": "assistant"}
        self.assert_refused(self.post("/oauth/token", data, Authorization="Basic %%%"), "invalid_client", 401)

    def test_header_and_body_must_name_one_client(self):
        header = "Basic " + base64.b64encode(f"keeper:{self.secret}".encode()).decode()
        data = {"grant_type": "refresh_token", "refresh_token": "x", "client_id": "assistant"}
        answer = self.post("/oauth/token", data, Authorization=header)
        self.assert_refused(answer, "invalid_client", 401)
        self.assertTrue(answer.headers["WWW-Authenticate"].startswith("Basic "))

    def test_an_unknown_client_is_told_so(self):
        """Clients then register afresh."""
        self.assert_refused(self.redeem(self.code(), client_id="nobody"), "invalid_client", 401)
        self.assert_refused(self.refresh(tokens.new(tokens.REFRESH), client_id="nobody"), "invalid_client", 401)
        self.assert_refused(self.refresh(tokens.new(tokens.REFRESH), client_id=None), "invalid_client", 401)

    def test_what_is_no_token_request_is_answered_with_json(self):
        self.assert_refused(self.post("/oauth/token", {"code": "x"}), "unsupported_grant_type")
        self.assert_refused(self.post("/oauth/token", {"grant_type": "password"}), "unsupported_grant_type")
        self.assert_refused(self.post("/oauth/token", {"grant_type": "client_credentials"}), "unsupported_grant_type")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for body in (b"\xff", b"grant_type=%zz", b"a b", b"grant_type=x&" * 10_000):
            with self.subTest(body=body[:20]):
                answer = self.post("/oauth/token", body, **form)
                self.assertIn(answer.status_code, (400, 413))
                self.assertIn("error", answer.json())
        answer = self.post("/oauth/token", b"{}", **{"Content-Type": "application/json"})
        self.assert_refused(answer, "invalid_request")
        self.assert_refused(self.post("/oauth/token?client_id=x", {"grant_type": "refresh_token"}), "invalid_request")
        answer = self.opener.get(self.base_url() + "/oauth/token", timeout=60)
        self.assert_refused(answer, "invalid_request", 405)
        self.assertIn("POST", answer.headers["Allow"])

    def test_pages_of_any_origin_may_ask_for_tokens(self):
        answer = self.opener.options(
            self.base_url() + "/oauth/token",
            headers={"Origin": "https://inspector.example.com", "Access-Control-Request-Method": "POST"},
            timeout=60,
        )
        self.assertEqual((answer.status_code, answer.headers["Access-Control-Allow-Origin"]), (204, "*"))
        answer = self.post("/oauth/token", {}, Origin="https://inspector.example.com")
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")

    def test_nothing_is_answered_when_logging_in_is_switched_off(self):
        token = self.granted()
        self.env["ir.config_parameter"].sudo().set_param(settings.OAUTH, "False")
        self.assertEqual(self.refresh(token["refresh_token"]).status_code, 404)
        self.assertEqual(self.status(token["access_token"]), 401)

    def test_the_lifetime_is_a_setting(self):
        self.env["ir.config_parameter"].sudo().set_param(settings.OAUTH_ACCESS_HOURS, "2")
        self.env["ir.config_parameter"].sudo().set_param(settings.OAUTH_REFRESH_DAYS, "3")
        token = self.granted()
        self.assertEqual(token["expires_in"], 2 * 3600)
        digest = tokens.digest(token["refresh_token"])
        record = self.env["mcp_native.oauth.token"].sudo().search([("digest", "=", digest)])
        self.assertAlmostEqual(record.expires, fields.Datetime.now() + timedelta(days=3), delta=timedelta(minutes=1))

    def test_an_access_token_that_ended_is_refused(self):
        token = self.granted()["access_token"]
        record = self.env["mcp_native.oauth.token"].sudo().search([("digest", "=", tokens.digest(token))])
        record.expires = fields.Datetime.now() - timedelta(seconds=1)
        self.env.flush_all()
        self.assertEqual(self.status(token), 401)


@tagged("post_install", "-at_install")
class TestRefresh(OAuthCase):
    def moved_back(self, refresh_token: str, seconds: int) -> None:
        """Let it be that long ago that a refresh token was used."""
        record = self.env["mcp_native.oauth.token"].sudo().search([("digest", "=", tokens.digest(refresh_token))])
        record.used = fields.Datetime.now() - timedelta(seconds=seconds)
        self.env.flush_all()

    def test_a_refresh_token_is_exchanged_for_new_ones(self):
        first = self.granted()
        second = self.refresh(first["refresh_token"])
        self.assertEqual(second.status_code, 200, second.text)
        self.assertEqual(second.json()["scope"], BOTH)
        self.assertNotEqual(second.json()["access_token"], first["access_token"])
        self.assertNotEqual(second.json()["refresh_token"], first["refresh_token"])
        self.assertEqual(self.status(second.json()["access_token"]), 200)
        self.assertEqual(self.refresh(second.json()["refresh_token"]).status_code, 200)

    def test_a_second_use_within_two_minutes_gets_the_same_answer(self):
        first = self.granted()["refresh_token"]
        second = self.refresh(first).json()
        self.moved_back(first, 110)
        again = self.refresh(first).json()
        self.assertEqual(again["access_token"], second["access_token"])
        self.assertEqual(again["refresh_token"], second["refresh_token"])
        self.assertAlmostEqual(again["expires_in"], second["expires_in"] - 110, delta=5)
        count = self.env["mcp_native.oauth.token"].sudo().search_count([("grant_id.client_id", "=", self.client.id)])
        self.assertEqual(count, 4)

    def test_a_second_use_after_that_ends_the_family(self):
        first = self.granted()["refresh_token"]
        other = self.granted()
        second = self.refresh(first).json()
        self.moved_back(first, 121)
        self.assert_refused(self.refresh(first), "invalid_grant")
        self.assertEqual(self.status(second["access_token"]), 401)
        self.assert_refused(self.refresh(second["refresh_token"]), "invalid_grant")
        self.assertEqual(self.status(other["access_token"]), 200, "another login of the same client goes on")

    def test_a_refresh_token_is_for_its_client(self):
        token = self.granted()["refresh_token"]
        self.make_client("rival")
        self.assert_refused(self.refresh(token, client_id="rival"), "invalid_grant")
        self.assertEqual(self.refresh(token).status_code, 200)

    def test_a_refresh_cannot_widen_the_scope_and_may_narrow_it(self):
        reading = self.granted(may_write=False)
        self.assert_refused(self.refresh(reading["refresh_token"], scope=BOTH), "invalid_scope")
        self.assert_refused(self.refresh(reading["refresh_token"], scope="mcp:write"), "invalid_scope")
        writing = self.granted()
        narrowed = self.refresh(writing["refresh_token"], scope="mcp:read offline_access").json()
        self.assertEqual(narrowed["scope"], "mcp:read")
        self.assertEqual(self.refresh(writing["refresh_token"], scope=BOTH).json()["scope"], "mcp:read")
        self.assertEqual(self.refresh(narrowed["refresh_token"]).json()["scope"], BOTH)

    def test_a_refresh_that_names_no_scope_of_this_server_keeps_those_it_had(self):
        for may_write, scope in ((False, "mcp:read"), (True, BOTH)):
            token = self.granted(may_write=may_write)["refresh_token"]
            self.assertEqual(self.refresh(token, scope="offline_access").json()["scope"], scope)

    def test_a_refresh_says_what_the_user_still_allows(self):
        token = self.granted()
        self.code(may_write=False)
        self.assertEqual(self.refresh(token["refresh_token"]).json()["scope"], "mcp:read")
        again = self.refresh(token["refresh_token"], scope=BOTH)
        self.assertEqual(again.json()["scope"], "mcp:read")

    def test_what_successors_are_derived_with_is_forgotten_in_time(self):
        first = self.granted()["refresh_token"]
        second = self.refresh(first).json()["refresh_token"]
        record = self.env["mcp_native.oauth.token"].sudo().search([("digest", "=", tokens.digest(first))])
        self.assertTrue(record.seed)
        self.moved_back(first, 121)
        self.refresh(second)
        self.env.invalidate_all()
        self.assertFalse(record.seed)

    def test_one_login_holds_no_more_than_so_many_tokens(self):
        token = self.granted()
        first = token["access_token"]
        with patch.multiple(token_module, MOST_ACCESS=3, MOST_USED=2):
            for _turn in range(5):
                token = self.refresh(token["refresh_token"]).json()
        records = self.env["mcp_native.oauth.token"].sudo()
        self.assertEqual(
            records.search_count([("kind", "=", "access"), ("grant_id.client_id", "=", self.client.id)]), 3
        )
        self.assertEqual(records.search_count([("used", "!=", False), ("grant_id.client_id", "=", self.client.id)]), 2)
        self.assertEqual(self.status(first), 401)
        self.assertEqual(self.status(token["access_token"]), 200)

    def test_a_refresh_is_for_the_same_resource(self):
        token = self.granted()["refresh_token"]
        self.assert_refused(self.refresh(token, resource=self.resource + "_native"), "invalid_target")
        self.assertEqual(self.refresh(token, resource=self.resource + "/").status_code, 200)

    def test_a_refresh_token_that_ended_is_refused(self):
        token = self.granted()["refresh_token"]
        record = self.env["mcp_native.oauth.token"].sudo().search([("digest", "=", tokens.digest(token))])
        record.expires = fields.Datetime.now()
        self.env.flush_all()
        self.assert_refused(self.refresh(token), "invalid_grant")

    def test_each_refresh_puts_the_end_off(self):
        first = self.granted()["refresh_token"]
        records = self.env["mcp_native.oauth.token"].sudo()
        records.search([("digest", "=", tokens.digest(first))]).expires = fields.Datetime.now() + timedelta(hours=1)
        self.env.flush_all()
        second = records.search([("digest", "=", tokens.digest(self.refresh(first).json()["refresh_token"]))])
        self.assertGreater(second.expires, fields.Datetime.now() + timedelta(days=59))


@tagged("post_install", "-at_install")
class TestRevocation(OAuthCase):
    def revoke(self, token: str, client_id: str = "assistant", **more: str):
        return self.post("/oauth/revoke", {"token": token, "client_id": client_id, **more})

    def test_a_revoked_refresh_token_ends_the_connection(self):
        token = self.granted()
        other = self.granted()
        answer = self.revoke(token["refresh_token"], token_type_hint="refresh_token")
        self.assertEqual((answer.status_code, answer.content), (200, b""))
        self.assertEqual(self.status(token["access_token"]), 401)
        self.assertEqual(self.status(other["access_token"]), 200)
        self.revoke(other["refresh_token"])
        grant = self.env["mcp_native.oauth.grant"].sudo().search([("client_id", "=", self.client.id)])
        self.assertEqual(grant.ended_reason, "revoked")

    def test_a_revoked_access_token_ends_alone(self):
        token = self.granted()
        self.revoke(token["access_token"])
        self.assertEqual(self.status(token["access_token"]), 401)
        self.assertEqual(self.refresh(token["refresh_token"]).status_code, 200)

    def test_nobody_revokes_the_tokens_of_another_client(self):
        token = self.granted()
        self.make_client("rival")
        self.assertEqual(self.revoke(token["refresh_token"], "rival").status_code, 200)
        self.assertEqual(self.status(token["access_token"]), 200)
        self.assert_refused(self.revoke(token["refresh_token"], "nobody"), "invalid_client", 401)
        self.assert_refused(self.revoke(token["refresh_token"], "keeper"), "invalid_client", 401)

    def test_an_unknown_token_is_no_error(self):
        self.assertEqual(self.revoke("x").status_code, 200)
        self.assert_refused(self.revoke(""), "invalid_request")
