# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import requests

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models import mcp_native_oauth_client as client_module
from ..models import mcp_native_oauth_registration as registration_module
from ..models import settings
from ..models.mcp_native_oauth_registration import TooManyRegistrations
from ..oauth import client_documents, tokens
from ..oauth.client_documents import DocumentRefused, Fetched, Rules
from ..oauth.client_metadata import BadMetadata
from .common import McpHttpCase, McpTransactionCase
from .test_oauth_client_metadata import CLAUDE, CLAUDE_URL, REGISTRATIONS

CALLBACK = "https://assistant.example.com/callback"
MODEL = "mcp_native.oauth.client"
LOGGER = client_module.__name__


class ClientsCase(McpTransactionCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.clients = cls.env[MODEL].sudo()
        cls.mine = cls.clients.with_user(cls.manager).sudo(False)

    def registered(self, **values: Any) -> models.BaseModel:
        """Return a client that a manager has added, as the manager sees it."""
        return self.mine.create({"name": "Agent", "redirect_uris": CALLBACK, **values})

    def itself(self, **values: Any) -> models.BaseModel:
        """Return a client that has registered itself, as this module's code sees it."""
        return self.clients.create({"name": "Itself", "kind": "dynamic", "redirect_uris": CALLBACK, **values})

    def grant(self, client: models.BaseModel, **values: Any) -> models.BaseModel:
        return self.env["mcp_native.oauth.grant"].create(
            {"user_id": self.plain.id, "client_id": client.id, "scopes": "mcp:read", **values}
        )

    def age(self, client: models.BaseModel, **ago: float) -> None:
        """Make a client older than it is."""
        self.env.flush_all()
        date = fields.Datetime.now() - timedelta(**ago)
        self.env.cr.execute("UPDATE mcp_native_oauth_client SET create_date = %s WHERE id = %s", [date, client.id])
        client.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestOauthClients(ClientsCase):
    # -- what managers do

    def test_a_manager_adds_a_client(self):
        client = self.registered(
            name=" Our\n agent\u202e ", redirect_uris=f"\n {CALLBACK} \n\n http://localhost/cb\t\n"
        )
        self.assertEqual((client.name, client.kind, client.auth_method), ("Our agent", "registered", "none"))
        self.assertEqual(client.redirect_uris, f"{CALLBACK}\nhttp://localhost/cb")
        self.assertEqual(client.hosts, "assistant.example.com, localhost")
        self.assertRegex(client.identifier, r"\A[0-9a-f]{32}\Z")
        self.assertEqual(self.clients._resolve(client.identifier), client)

    def test_an_address_that_cannot_be_one_is_named_by_its_line(self):
        client = self.registered()
        for uri in ("http://evil.com/x", "javascript:alert(1)", "https://a@b/x", "https://a/#x", "unknown://x/y", "x"):
            text = f"{CALLBACK}\n\n{uri}\n{CALLBACK}/2"
            with self.subTest(uri):
                with self.assertRaisesRegex(ValidationError, "Line 2: "):
                    self.registered(redirect_uris=text)
                with self.assertRaisesRegex(ValidationError, "Line 2: "), self.env.cr.savepoint():
                    client.redirect_uris = text
        for text in ("\n \n", "\n".join(f"{CALLBACK}/{number}" for number in range(21))):
            with self.assertRaisesRegex(ValidationError, "at least one"):
                self.registered(redirect_uris=text)
        client.invalidate_recordset()
        self.assertEqual(client.redirect_uris, CALLBACK)

    def test_a_name_that_nobody_can_read_is_refused(self):
        for name in ("\u200b\u202e", " \n", "\u3164"):
            with self.assertRaisesRegex(ValidationError, "name"):
                self.registered(name=name)

    def test_a_scheme_is_good_while_the_setting_has_it(self):
        client = self.registered(redirect_uris=f"cursor://anysphere.cursor-mcp/oauth/callback\n{CALLBACK}")
        self.assertTrue(client._redirect_allowed("cursor://anysphere.cursor-mcp/oauth/callback"))
        self.env["ir.config_parameter"].set_param(settings.OAUTH_SCHEMES, "none")
        self.assertFalse(client._redirect_allowed("cursor://anysphere.cursor-mcp/oauth/callback"))
        self.assertTrue(client._redirect_allowed(CALLBACK))
        with self.assertRaises(ValidationError):
            self.registered(redirect_uris="cursor://anysphere.cursor-mcp/oauth/callback")

    def test_only_registered_addresses_are_answered(self):
        client = self.registered(redirect_uris=f"{CALLBACK}\nhttp://localhost/cb")
        for uri in (CALLBACK, "http://localhost/cb", "http://localhost:5123/cb"):
            self.assertTrue(client._redirect_allowed(uri), uri)
        for uri in (
            f"{CALLBACK}/",
            f"{CALLBACK}#",
            "http://localhost:5123/other",
            "https://evil.com/callback",
            "",
            "x",
        ):
            self.assertFalse(client._redirect_allowed(uri), uri)

    def test_nobody_but_managers_has_anything_to_do_with_clients(self):
        client = self.registered()
        for user in (self.plain, self.outsider, self.portal):
            theirs = client.with_user(user)
            for attempt in (
                lambda theirs=theirs: theirs.read(["name"]),
                lambda theirs=theirs: theirs.search([]),
                lambda theirs=theirs: theirs.write({"active": False}),
                lambda theirs=theirs: theirs.create({"name": "x", "redirect_uris": CALLBACK}),
                lambda theirs=theirs: theirs.unlink(),
                lambda theirs=theirs: new_secret(theirs),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_a_manager_cannot_forge_a_client(self):
        values = {
            "identifier": "mine",
            "kind": "dynamic",
            "secret_digest": tokens.digest("mcps_guess"),
            "registered_from": "8.8.8.8",
            "client_uri": "https://claude.ai",
            "document_expires": "2100-01-01 00:00:00",
            "document_fetched": "2100-01-01 00:00:00",
            "document_retry": "2100-01-01 00:00:00",
            "grant_ids": [(0, 0, {"user_id": self.plain.id, "scopes": "mcp:read"})],
            "create_date": "2020-01-01 00:00:00",
        }
        client = self.registered(auth_method="client_secret_post")
        for name, value in values.items():
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    self.registered(**{name: value})
                with self.assertRaises(AccessError):
                    client.write({name: value})
        with self.assertRaises(AccessError):
            client.auth_method = "none"

    def test_no_default_stands_in_for_what_a_manager_may_not_set(self):
        forged = {
            "identifier": CLAUDE_URL,
            "kind": "document",
            "secret_digest": tokens.digest("mcps_guess"),
            "registered_from": "8.8.8.8",
        }
        context = {f"default_{name}": value for name, value in forged.items()}
        client = self.mine.with_context(**context).create({"name": "Agent", "redirect_uris": CALLBACK}).sudo()
        self.assertEqual(client.kind, "registered")
        self.assertNotEqual(client.identifier, CLAUDE_URL)
        self.assertFalse(client.secret_digest or client.registered_from)
        self.assertEqual(client.create_uid, self.manager)

    def test_what_a_client_says_of_itself_is_not_changed_by_a_manager(self):
        client = self.itself().with_user(self.manager).sudo(False)
        for values in ({"name": "x"}, {"redirect_uris": "https://evil.com/x"}):
            with self.assertRaises(AccessError):
                client.write(values)
            with self.assertRaises(AccessError):
                (client + self.registered()).write(values)
        client.active = False
        self.assertFalse(client.active)

    def test_the_digest_of_a_secret_is_out_of_reach_for_everybody(self):
        client = self.registered(auth_method="client_secret_basic")
        new_secret(client)
        digest = client.sudo().secret_digest
        for user in (self.manager, self.env.ref("base.user_admin")):
            theirs = client.with_user(user).sudo(False)
            self.assertNotIn("secret_digest", theirs.fields_get())
            self.assertNotIn(digest, repr(theirs.read()))
            for attempt in (
                lambda theirs=theirs: theirs.read(["secret_digest"]),
                lambda theirs=theirs: theirs.search([("secret_digest", "=like", "a%")]),
                lambda theirs=theirs: theirs.search([], order="secret_digest").mapped("name"),
                lambda theirs=theirs: theirs._read_group([], ["secret_digest"]),
                lambda theirs=theirs: theirs.write({"secret_digest": "x"}),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_a_copy_is_a_client_of_its_own(self):
        client = self.registered(auth_method="client_secret_basic")
        new_secret(client)
        copy = client.copy()
        self.assertNotEqual(copy.identifier, client.identifier)
        self.assertEqual((copy.kind, copy.redirect_uris, copy.has_secret), ("registered", CALLBACK, False))

    # -- secrets

    def test_a_new_secret_replaces_the_old_one_and_is_kept_as_a_digest(self):
        client = self.registered(auth_method="client_secret_basic")
        self.assertFalse(client.has_secret)
        self.assertFalse(client._secret_matches(""))
        with self.assertLogs(LOGGER, logging.INFO) as logs:
            first = new_secret(client)
            second = new_secret(client)
        self.assertTrue(tokens.is_token(first, tokens.SECRET))
        self.assertFalse(client._secret_matches(first))
        self.assertTrue(client._secret_matches(second))
        self.assertTrue(client.has_secret)
        self.assertEqual(client.sudo().secret_digest, tokens.digest(second))
        for word in (first, second, tokens.digest(second)):
            self.assertNotIn(word, repr(logs.output))

    def test_a_secret_is_made_only_for_clients_that_were_added_with_one(self):
        for client in (self.registered(), self.itself(auth_method="client_secret_post").with_user(self.manager)):
            with self.assertRaises(UserError):
                new_secret(client)

    def test_a_secret_is_made_only_after_the_password_was_asked_for(self):
        client = self.registered(auth_method="client_secret_basic")
        with self.assertRaises(UserError):
            client.action_new_secret()
        self.assertFalse(client.has_secret)

    def test_a_public_client_matches_no_secret(self):
        for secret in ("", "None", "False", tokens.new(tokens.SECRET)):
            self.assertFalse(self.registered()._secret_matches(secret))

    # -- the end

    def test_archiving_a_client_ends_its_grants(self):
        client = self.registered()
        grant, other = self.grant(client), self.grant(self.registered())
        self.assertEqual(client.live_grant_count, 1)
        client.active = False
        self.assertEqual((bool(grant.ended), grant.ended_reason), (True, "client"))
        self.assertEqual(client.live_grant_count, 0)
        self.assertFalse(other.ended)
        client.active = True
        self.assertTrue(grant.ended)

    def test_deleting_a_client_deletes_its_grants(self):
        client = self.registered()
        grant = self.grant(client)
        client.unlink()
        self.assertFalse(grant.exists())

    def test_an_archived_client_is_unknown(self):
        for client in (self.registered(), self.itself()):
            self.assertEqual(self.clients._resolve(client.identifier), client)
            client.active = False
            self.assertFalse(self.clients._resolve(client.identifier))

    def test_what_cannot_be_an_identifier_is_unknown(self):
        for identifier in (
            "",
            "unknown",
            "a b",
            "a\x00b",
            "é",
            "x" * 501,
            "%",
            None,
            False,
            7,
            ["x"],
            "https://claude.ai/",
        ):
            self.assertFalse(self.clients._resolve(identifier))

    def test_what_nobody_uses_is_deleted_after_a_while(self):
        ended = fields.Datetime.now() - timedelta(days=89)
        long_ago = ended - timedelta(days=2)
        kept = [self.registered(), self.itself()]
        self.age(kept[0], days=400)
        self.age(kept[1], days=6.9)
        for values in ({}, {"ended": ended, "ended_reason": "user"}):
            kept.append(self.itself())
            self.age(kept[-1], days=400)
            self.grant(kept[-1], **values)
        kept.append(self.itself(active=False))
        self.age(kept[-1], days=400)
        both = self.itself()
        self.age(both, days=400)
        self.grant(both, ended=long_ago, ended_reason="user")
        self.grant(both)
        gone = [self.itself(), self.itself(), self.itself(kind="document", identifier=CLAUDE_URL)]
        for client in gone:
            self.age(client, days=400)
        self.age(gone[0], days=7.1)
        self.grant(gone[1], ended=long_ago, ended_reason="user")
        self.clients._gc_unused()
        for client in [*kept, both]:
            self.assertTrue(client.exists())
        for client in gone:
            self.assertFalse(client.exists())


@tagged("post_install", "-at_install")
class TestOauthDocumentClients(ClientsCase):
    def setUp(self) -> None:
        super().setUp()
        self.document: dict[str, Any] = CLAUDE
        self.away = False
        self.fetched: list[tuple[str, Rules]] = []
        patcher = patch.object(client_documents, "fetch", self.fetch)
        patcher.start()
        self.addCleanup(patcher.stop)

    def fetch(self, url: str, rules: Rules) -> Fetched:
        self.fetched.append((url, rules))
        if self.away:
            raise DocumentRefused("The server of the client's document does not answer.")
        return Fetched(self.document, 3600)

    def outdated(self, **ago: float) -> models.BaseModel:
        """Return a client whose document was good until some time ago."""
        client = self.clients._resolve(CLAUDE_URL)
        client.document_expires = fields.Datetime.now() - timedelta(**ago)
        self.fetched.clear()
        return client

    def test_an_unknown_document_is_fetched_and_kept_as_long_as_it_is_good(self):
        client = self.clients._resolve(CLAUDE_URL)
        self.assertEqual((client.name, client.kind, client.identifier), ("Claude", "document", CLAUDE_URL))
        self.assertEqual((client.auth_method, client.redirect_uris), ("none", CLAUDE["redirect_uris"][0]))
        self.assertTrue(client.active and client.create_date and client.document_fetched)
        left = client.document_expires - fields.Datetime.now()
        self.assertAlmostEqual(left.total_seconds(), 3600, delta=30)
        self.assertEqual(self.clients._resolve(CLAUDE_URL), client)
        self.assertEqual(self.clients._resolve(CLAUDE_URL, fresh=False), client)
        self.assertEqual(self.fetched, [(CLAUDE_URL, Rules())])

    def test_a_document_whose_time_is_over_is_fetched_again(self):
        for fresh in (True, False):
            client = self.outdated(seconds=1)
            self.document = {**CLAUDE, "client_name": f"Claude {fresh}", "redirect_uris": [f"{CALLBACK}/{fresh}"]}
            self.assertEqual(self.clients._resolve(CLAUDE_URL, fresh=fresh), client)
            self.assertEqual((client.name, client.redirect_uris), (f"Claude {fresh}", f"{CALLBACK}/{fresh}"))
            self.assertGreater(client.document_expires, fields.Datetime.now())
            self.assertEqual(len(self.fetched), 1)

    def test_the_token_endpoint_fetches_no_unknown_document(self):
        self.assertFalse(self.clients._resolve(CLAUDE_URL, fresh=False))
        self.assertEqual(self.fetched, [])

    def test_who_is_connected_stays_so_while_the_server_of_the_document_is_away(self):
        client = self.outdated(days=6, hours=23)
        self.away = True
        with self.assertLogs(LOGGER, logging.INFO):
            self.assertEqual(self.clients._resolve(CLAUDE_URL, fresh=False), client)
        self.assertEqual(self.clients._resolve(CLAUDE_URL, fresh=False), client)
        self.assertEqual(len(self.fetched), 1, "it is left alone for a while")
        client.document_retry = fields.Datetime.now()
        self.away = False
        self.assertEqual(self.clients._resolve(CLAUDE_URL, fresh=False), client)
        self.assertEqual(len(self.fetched), 2)
        self.assertFalse(client.document_retry)

    def test_a_document_that_was_away_too_long_is_refused(self):
        self.outdated(days=7, seconds=1)
        self.away = True
        for _request in range(3):
            self.assertFalse(self.clients._resolve(CLAUDE_URL, fresh=False))
        self.assertEqual(len(self.fetched), 1, "strangers cannot have it fetched again and again")

    def test_a_document_is_fetched_by_one_request_at_a_time(self):
        client = self.outdated(seconds=1)
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [client_module.FETCH_LOCK, client.id])
            self.assertEqual(self.clients._resolve(CLAUDE_URL, fresh=False), client)
        self.assertEqual(self.fetched, [])

    def test_nobody_new_is_let_in_by_an_old_document(self):
        self.outdated(seconds=1)
        self.away = True
        with self.assertRaises(DocumentRefused):
            self.clients._resolve(CLAUDE_URL)

    def test_a_document_that_has_become_another_one_is_refused_at_once(self):
        self.outdated(seconds=1)
        self.document = {**CLAUDE, "client_id": "https://evil.com/x"}
        with self.assertRaises(BadMetadata):
            self.clients._resolve(CLAUDE_URL)
        self.fetched.clear()
        for _request in range(3):
            self.assertFalse(self.clients._resolve(CLAUDE_URL, fresh=False))
        self.assertEqual(len(self.fetched), 1)

    def test_a_document_of_another_client_is_stored_nowhere(self):
        self.document = {**CLAUDE, "client_id": "https://evil.com/x"}
        with self.assertRaises(BadMetadata):
            self.clients._resolve(CLAUDE_URL)
        self.assertFalse(self.clients.with_context(active_test=False).search([("identifier", "=", CLAUDE_URL)]))

    def test_an_archived_document_client_stays_unknown_and_its_document_unread(self):
        client = self.outdated(seconds=1)
        client.active = False
        for fresh in (True, False):
            self.assertFalse(self.clients._resolve(CLAUDE_URL, fresh=fresh))
        self.assertFalse(self.clients.with_context(active_test=False)._resolve(CLAUDE_URL))
        self.assertEqual(self.fetched, [])

    def test_no_document_is_read_while_the_setting_is_off(self):
        client = self.clients._resolve(CLAUDE_URL)
        self.env["ir.config_parameter"].set_param(settings.OAUTH_DOCUMENTS, "False")
        self.assertFalse(self.clients._resolve(CLAUDE_URL))
        self.assertFalse(self.clients._resolve("https://other.example.com/client.json"))
        self.env["ir.config_parameter"].set_param(settings.OAUTH_DOCUMENTS, "True")
        self.assertEqual(self.clients._resolve(CLAUDE_URL), client)
        self.assertEqual(len(self.fetched), 1)

    def test_the_rules_of_a_fetch_can_be_overridden(self):
        rules = Rules(ports=frozenset({8443}))
        with patch.object(type(self.clients), "_document_rules", lambda _self: rules):
            self.clients._resolve(CLAUDE_URL)
        self.assertEqual(self.fetched, [(CLAUDE_URL, rules)])

    def test_what_is_no_address_of_a_document_is_not_fetched(self):
        for identifier in (
            "http://claude.ai/x",
            "https://claude.ai/",
            "https://a@claude.ai/x",
            "https://claude.ai/../x",
        ):
            self.assertFalse(self.clients._resolve(identifier))
        self.assertEqual(self.fetched, [])


@tagged("post_install", "-at_install")
class TestOauthRegistrationModel(ClientsCase):
    def register(self, address: str = "192.0.2.1", **values: Any) -> dict[str, Any]:
        return self.clients._register_client({"redirect_uris": [CALLBACK], **values}, address)

    def client_of(self, answer: dict[str, Any]) -> models.BaseModel:
        return self.clients._resolve(answer["client_id"])

    def test_what_was_sent_is_answered_with_what_was_made_of_it(self):
        for who, data in REGISTRATIONS.items():
            with self.subTest(who):
                answer = self.clients._register_client(data, "192.0.2.1")
                changed = {"grant_types", "scope", "token_endpoint_auth_method"}
                sent = {name: value for name, value in data.items() if value and name not in changed}
                self.assertEqual({name: answer.get(name) for name in sent}, sent)
                self.assertEqual(answer["token_endpoint_auth_method"], data["token_endpoint_auth_method"] or "none")
                self.assertNotIn(None, answer.values())
                client = self.client_of(answer)
                self.assertEqual((client.kind, client.registered_from), ("dynamic", "192.0.2.1"))
                self.assertEqual(client.redirect_uris.splitlines(), data["redirect_uris"])

    def test_a_confidential_client_gets_its_secret_once_and_it_is_kept_as_a_digest(self):
        with self.assertLogs(registration_module.__name__, logging.INFO) as logs:
            answer = self.register(token_endpoint_auth_method="client_secret_post")
        self.assertEqual(answer["client_secret_expires_at"], 0)
        client = self.client_of(answer)
        self.assertTrue(client._secret_matches(answer["client_secret"]))
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(c)::text FROM mcp_native_oauth_client c WHERE id = %s", [client.id])
        self.assertNotIn(answer["client_secret"], self.env.cr.fetchone()[0])
        self.assertNotIn(answer["client_secret"], repr(logs.output))

    def test_a_public_client_gets_no_secret(self):
        self.assertFalse({"client_secret", "client_secret_expires_at"} & set(self.register()))

    def test_nothing_of_what_a_client_says_is_logged(self):
        evil = "Evil\r\n2026-01-01 ERROR forged\x1b[31m"
        with self.assertLogs(registration_module.__name__, logging.INFO) as logs:
            answer = self.register("evil\r\nforged", client_name=evil, software_id=evil, client_uri=evil)
        for word in ("forged", "Evil", "evil", "\r", "\x1b"):
            self.assertNotIn(word, "".join(logs.output))
        self.assertEqual(answer["client_name"], "Evil 2026-01-01 ERROR forged [31m")

    def test_scopes_that_are_not_here_are_not_promised(self):
        for asked, registered in (
            ("mcp:read", "mcp:read"),
            ("mcp:write mcp:read offline_access", "mcp:read mcp:write offline_access"),
            ("openid email profile", "mcp:read mcp:write"),
            ("", "mcp:read mcp:write"),
            (None, "mcp:read mcp:write"),
            (["mcp:read"], "mcp:read mcp:write"),
        ):
            self.assertEqual(self.register(scope=asked)["scope"], registered)

    def test_one_address_cannot_register_without_end(self):
        with patch.object(registration_module, "PER_HOUR_AND_ADDRESS", 3):
            first = self.client_of(self.register())
            self.age(first, minutes=50)
            self.register()
            self.register()
            with self.assertRaises(TooManyRegistrations) as caught:
                self.register()
            self.assertAlmostEqual(caught.exception.retry_after, 600, delta=30)
            self.register("192.0.2.2")
            first.active = False
            with self.assertRaises(TooManyRegistrations):
                self.register()
            self.age(first, minutes=61)
            self.register()

    def test_a_customers_network_of_ipv6_counts_as_one_address(self):
        with patch.object(registration_module, "PER_HOUR_AND_ADDRESS", 1):
            self.register("2001:db8:1:2::1")
            with self.assertRaises(TooManyRegistrations):
                self.register("2001:db8:1:2:ffff::9")
            self.register("2001:db8:1:3::1")
            self.register("::ffff:192.0.2.1")
            with self.assertRaises(TooManyRegistrations):
                self.register("192.0.2.1")

    def test_a_flood_leaves_little_to_each_address_and_something_to_every_one(self):
        with patch.multiple(registration_module, PER_HOUR=3, PER_HOUR_AND_ADDRESS_WHEN_CROWDED=2):
            for number in range(3):
                self.register(f"192.0.2.{number}")
            self.register("192.0.2.9")
            self.register("192.0.2.9")
            with self.assertRaises(TooManyRegistrations):
                self.register("192.0.2.9")

    def test_with_registration_off_those_that_nobody_agreed_to_are_out(self):
        client = self.env["mcp_native.oauth.client"].sudo().search([("identifier", "=", self.register()["client_id"])])
        self.env["ir.config_parameter"].sudo().set_param(settings.OAUTH_REGISTRATION, "False")
        self.assertFalse(client._resolve(client.identifier))
        self.env["mcp_native.oauth.grant"].sudo()._decide(self.plain, client, may_write=False)
        self.assertEqual(client._resolve(client.identifier), client)

    def test_a_refused_registration_does_not_count(self):
        with patch.object(registration_module, "PER_HOUR_AND_ADDRESS", 1):
            with self.assertRaises(BadMetadata):
                self.register(redirect_uris=["http://evil.com/x"])
            self.register()

    def test_clients_that_nobody_connected_make_room_when_there_are_too_many(self):
        with patch.object(registration_module, "MOST_UNUSED", 3):
            old = [self.client_of(self.register()) for _number in range(3)]
            self.grant(old[2])
            for client in old:
                self.age(client, hours=2)
            self.register()
            self.assertTrue(all(client.exists() for client in old))
            self.register()
            self.assertEqual([bool(client.exists()) for client in old], [False, True, True])

    def test_clients_whose_grants_ended_do_not_make_room(self):
        with patch.object(registration_module, "MOST_UNUSED", 2):
            for _number in range(2):
                client = self.client_of(self.register())
                self.grant(client, ended=fields.Datetime.now(), ended_reason="user")
                self.age(client, hours=2)
            with self.assertRaises(TooManyRegistrations):
                self.register()

    def test_clients_of_the_last_hour_do_not_make_room(self):
        with patch.object(registration_module, "MOST_UNUSED", 2):
            self.register()
            self.register()
            with self.assertRaises(TooManyRegistrations):
                self.register()


@tagged("post_install", "-at_install")
class TestOauthRegistration(McpHttpCase):
    def register(self, data: Any, verb: str = "POST", **headers: str) -> requests.Response:
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        return self.opener.request(
            verb,
            self.base_url() + "/oauth/register",
            data=body,
            headers={"Content-Type": "application/json", **headers},
            timeout=60,
            allow_redirects=False,
        )

    def assert_refused(self, answer: requests.Response, status: int, error: str) -> None:
        self.assertEqual((answer.status_code, answer.json()["error"]), (status, error), answer.text)
        self.assertTrue(answer.json()["error_description"].isascii())
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")

    def test_known_clients_register(self):
        for who, data in REGISTRATIONS.items():
            with self.subTest(who):
                answer = self.register(data)
                self.assertEqual(answer.status_code, 201, answer.text)
                self.assertEqual(answer.headers["Content-Type"].partition(";")[0], "application/json")
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
                self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
                self.assertNotIn("Set-Cookie", answer.headers)
                self.assertEqual(answer.json()["redirect_uris"], data["redirect_uris"])
                client = self.env[MODEL].sudo()._resolve(answer.json()["client_id"])
                self.assertEqual(client.name, data["client_name"])

    def test_a_body_that_is_no_json_object_is_refused(self):
        for body in (b"", b"{", b"redirect_uris=https://a/b", b"\xff", b"[" * 60_000, [], None, 7, "x"):
            self.assert_refused(self.register(body), 400, "invalid_client_metadata")

    def test_bad_metadata_is_refused_in_the_words_of_the_standard(self):
        self.assert_refused(self.register({}), 400, "invalid_redirect_uri")
        self.assert_refused(self.register({"redirect_uris": ["http://evil.com/x"]}), 400, "invalid_redirect_uri")
        data = {"redirect_uris": [CALLBACK], "grant_types": ["implicit"]}
        self.assert_refused(self.register(data), 400, "invalid_client_metadata")

    def test_a_body_that_is_too_large_is_refused(self):
        answer = self.register({"redirect_uris": [CALLBACK], "x": "y" * 65536})
        self.assertEqual(answer.status_code, 413)
        self.assertIn("error", answer.json())

    def test_other_verbs_are_refused_in_json(self):
        for verb in ("GET", "PUT", "DELETE"):
            answer = self.register(b"", verb)
            self.assert_refused(answer, 405, "invalid_request")
            self.assertIn("POST", answer.headers["Allow"])

    def test_any_web_page_may_ask(self):
        answer = self.register(b"", "OPTIONS", Origin="https://inspector.example.com")
        self.assertEqual(answer.status_code, 204)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")

    def test_nobody_registers_while_a_setting_is_off(self):
        for setting in (settings.OAUTH_REGISTRATION, settings.OAUTH, settings.ENABLED):
            self.env["ir.config_parameter"].set_param(setting, "False")
            for verb in ("POST", "GET"):
                self.assertEqual(self.register(REGISTRATIONS["Codex"], verb).status_code, 404, setting)
            self.env["ir.config_parameter"].set_param(setting, "True")
        self.assertEqual(self.register(REGISTRATIONS["Codex"]).status_code, 201)

    def test_a_flood_is_told_when_to_come_back(self):
        with patch.object(registration_module, "PER_HOUR_AND_ADDRESS", 2):
            for status in (201, 201):
                self.assertEqual(self.register(REGISTRATIONS["Codex"]).status_code, status)
            answer = self.register(REGISTRATIONS["Codex"])
        self.assert_refused(answer, 429, "temporarily_unavailable")
        self.assertTrue(3500 < int(answer.headers["Retry-After"]) <= 3600, answer.headers)

    def test_nothing_of_a_registration_can_break_out_of_its_answer(self):
        name = 'Evil\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>"\u202e'
        answer = self.register({"redirect_uris": [CALLBACK], "client_name": name})
        self.assertEqual(answer.status_code, 201)
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertEqual(answer.json()["client_name"], 'Evil Set-Cookie: a=b <script>alert(1)</script>"')


def new_secret(client: models.BaseModel) -> str:
    """Return the new secret of a client, as if the password had been asked for."""
    return type(client).action_new_secret.__wrapped__(client)["context"]["default_secret"]
