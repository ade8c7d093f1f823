# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError

from ..compat import LIST_VIEW
from ..models.mcp_native_unforgeable import EDIT_KEY, EDIT_SENTINEL
from .common import McpHttpCase, McpTransactionCase, make_key

GRANT, KEY = "oauth_grant", "api_key"
URIS = "https://claude.ai/api/mcp/auth_callback"


def make_grant(env, user, *, name="Claude", uris=URIS, may_write=True, redeemed=True):
    """Return a new grant of a user to a client of its own."""
    identifier = f"test-{name}-{user.id}"
    values = {"name": name, "identifier": identifier, "kind": "dynamic", "redirect_uris": uris}
    client = env["mcp_native.oauth.client"].sudo().create(values)
    scopes = "mcp:read mcp:write" if may_write else "mcp:read"
    values = {"user_id": user.id, "client_id": client.id, "scopes": scopes}
    grant = env["mcp_native.oauth.grant"].sudo().create(values)
    if redeemed:
        token = {
            "kind": "refresh",
            "digest": identifier,
            "grant_id": grant.id,
            "family": identifier,
            "scopes": scopes,
            "resource": "https://odoo.example.com/mcp",
            "expires": fields.Datetime.now() + timedelta(days=60),
        }
        env["mcp_native.oauth.token"].sudo().create(token)
    return grant


def log_call(env, kind, credential_id, *, days_ago=0, client_name="tests 1.0"):
    """Write a row of the access log about a call that a credential made."""
    log = env["mcp_native.access.log"].sudo().with_context(**{EDIT_KEY: EDIT_SENTINEL})
    date = fields.Datetime.now() - timedelta(days=days_ago)
    values = {"credential_kind": kind, "credential_id": credential_id, "client_name": client_name, "date": date}
    return log.create(values)


class ConnectionCase(McpTransactionCase):
    def setUp(self):
        super().setUp()
        for user in (self.plain, self.manager):
            make_grant(self.env, user)
            make_key(self.env, user)
        self.grant = self.env["mcp_native.oauth.grant"].search([("user_id", "=", self.plain.id)])
        self.key = self.plain.sudo().api_key_ids

    def connections(self, user=None, domain=(), *, of=None):
        """Return what a user finds in the list, of the users of the tests."""
        users = (of or (self.plain | self.manager)).ids
        found = self.env["mcp_native.connection"].with_user(user or self.plain)
        return found.search([("user_id", "in", users), *domain])

    def general_key(self):
        """Return a new key of mcp_plain that opens all of Odoo."""
        make_key(self.env, self.plain, None)
        key = self.env["res.users.apikeys"].sudo().search([("user_id", "=", self.plain.id), ("scope", "=", False)])
        self.assertEqual(len(key), 1)
        return key

    def one(self, kind, user=None):
        return self.connections(user or self.plain, [("kind", "=", kind)], of=user or self.plain)


class TestRows(ConnectionCase):
    def test_a_grant_and_a_key_are_connections(self):
        rows = [(row.kind, row.name, row.access, row.credential_id) for row in self.connections().sorted("kind")]
        expected = [(KEY, "test", "write", self.key.id), (GRANT, "Claude", "write", self.grant.id)]
        self.assertEqual(rows, expected)

    def test_what_reads_only_says_so(self):
        make_grant(self.env, self.plain, name="Cursor", may_write=False)
        make_key(self.env, self.plain, "mcp_native_read")
        rows = self.connections(domain=[("access", "=", "read")])
        self.assertEqual({row.kind for row in rows}, {GRANT, KEY})

    def test_a_key_of_the_preferences_counts_once_it_was_used_here(self):
        key = self.general_key()
        self.assertFalse(self.connections(domain=[("opens_all", "=", True)]))
        log_call(self.env, KEY, key.id)
        self.assertEqual(self.connections(domain=[("opens_all", "=", True)]).credential_id, key.id)

    def test_keys_of_other_things_are_no_connections(self):
        make_key(self.env, self.plain, "2fa_trusted_device")
        self.assertEqual(len(self.connections()), 2)

    def test_what_has_ended_is_no_connection(self):
        self.grant._end("user")
        self.assertFalse(self.one(GRANT))
        if "expiration_date" in self.key._fields:
            make_key(self.env, self.plain, days=-1)
            self.assertEqual(len(self.one(KEY)), 1)
        self.plain.sudo().active = False
        self.assertFalse(self.connections(self.manager, of=self.plain))

    def test_a_consent_that_no_client_has_used_yet_is_no_connection(self):
        make_grant(self.env, self.plain, name="Cursor", redeemed=False)
        self.assertNotIn("Cursor", self.connections().mapped("name"))

    def test_calls_and_their_dates_come_from_the_log(self):
        empty = self.one(GRANT)
        self.assertEqual((empty.calls, empty.first_use, empty.last_use, empty.program), (0, False, False, False))
        rows = [log_call(self.env, GRANT, self.grant.id, days_ago=days, client_name=f"v{days}") for days in (9, 5, 2)]
        log_call(self.env, KEY, self.grant.id)  # another kind of credential with the same id
        self.env.invalidate_all()
        row = self.one(GRANT)
        self.assertEqual((row.calls, row.program), (3, "v2"))
        self.assertEqual((row.first_use, row.last_use), (rows[0].date, rows[2].date))

    def test_the_calls_of_a_connection_open_in_the_log(self):
        log_call(self.env, GRANT, self.grant.id)
        row = self.one(GRANT)
        action = row.action_calls()
        self.assertEqual(self.env[action["res_model"]].sudo().search_count(action["domain"]), 1)
        self.assertIn("Claude", action["name"])

    def test_the_website_of_a_login_is_shown(self):
        make_grant(self.env, self.plain, name="Local", uris="http://localhost/callback\nhttp://127.0.0.1/callback")
        sites = {row.name: row.site for row in self.connections(domain=[("kind", "=", GRANT)])}
        self.assertEqual(sites, {"Claude": "claude.ai", "Local": "a program on a computer"})
        self.assertFalse(self.one(KEY).site)

    def test_what_was_not_used_for_thirty_days_is_found(self):
        self.env.cr.execute("UPDATE mcp_native_oauth_grant SET create_date = create_date - interval '40 days'")
        long_ago = fields.Datetime.now() - timedelta(days=30)
        domain = [("connected", "<", long_ago), "|", ("last_use", "=", False), ("last_use", "<", long_ago)]
        self.assertEqual(self.connections(domain=domain), self.one(GRANT))
        log_call(self.env, GRANT, self.grant.id, days_ago=35)
        self.assertEqual(self.connections(domain=domain), self.one(GRANT))
        log_call(self.env, GRANT, self.grant.id, days_ago=3)
        self.assertFalse(self.connections(domain=domain))


class TestSight(ConnectionCase):
    def test_users_see_their_own_and_managers_all(self):
        self.assertEqual(self.connections(self.plain).user_id, self.plain)
        self.assertEqual(len(self.connections(self.plain)), 2)
        self.assertEqual(len(self.connections(self.manager)), 4)

    def test_others_see_none(self):
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self.connections(user)

    def test_neither_counts_nor_groups_nor_reads_show_what_is_anothers(self):
        model = self.env["mcp_native.connection"].with_user(self.plain)
        foreign = self.connections(self.manager, of=self.manager)
        self.assertEqual(model.search_count([]), 2)
        self.assertEqual(model._read_group([], ["user_id"], ["__count"]), [(self.plain, 2)])
        self.assertEqual(model.name_search("Claude"), [(self.one(GRANT).id, "Claude")])
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            foreign.with_user(self.plain).read(["name"])

    def test_nobody_writes_into_the_list(self):
        row = self.one(GRANT)
        for user in (self.plain, self.manager, self.env.ref("base.user_admin")):
            model = self.env["mcp_native.connection"].with_user(user)
            with self.assertRaises(AccessError):
                model.create({"name": "x"})
            with self.assertRaises(AccessError):
                model.browse(row.id).write({"access": "write"})
            with self.assertRaises(AccessError):
                model.browse(row.id).unlink()

    def test_the_views_open_and_offer_no_changes(self):
        model = self.env["mcp_native.connection"].with_user(self.plain)
        for kind in (LIST_VIEW, "kanban", "search"):
            arch = etree.fromstring(model.get_view(view_type=kind)["arch"])
            self.assertEqual(arch.tag, kind)
            if kind != "search":
                self.assertEqual([arch.get(name) for name in ("create", "edit", "delete")], ["false"] * 3)


class TestEnd(ConnectionCase):
    def test_a_user_ends_own_connections(self):
        log_call(self.env, GRANT, self.grant.id)
        self.connections().action_end()
        self.assertFalse(self.connections())
        self.assertEqual(self.grant.ended_reason, "user")
        self.assertFalse(self.key.exists())
        self.assertEqual(len(self.connections(self.manager, of=self.manager)), 2)

    def test_a_user_ends_no_connection_of_another(self):
        foreign = self.connections(self.manager, of=self.manager)
        for rows in (*foreign, foreign, foreign | self.connections()):
            with self.assertRaises(AccessError):
                rows.with_user(self.plain).action_end()
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self.connections().with_user(user).action_end()
        self.assertEqual(len(self.connections(self.manager)), 4)

    def test_a_manager_ends_those_of_all(self):
        self.connections(self.manager).action_end()
        self.assertFalse(self.connections(self.manager))
        own = self.env["mcp_native.oauth.grant"].search([("user_id", "=", self.manager.id)])
        self.assertEqual((self.grant.ended_reason, own.ended_reason), ("manager", "user"))


    def test_a_general_key_of_another_is_ended_by_administrators_only(self):
        key = self.general_key()
        log_call(self.env, KEY, key.id)
        found = self.connections(domain=[("opens_all", "=", True)])
        self.assertEqual(found.credential_id, key.id)
        with self.assertRaises(AccessError):
            found.with_user(self.manager).action_end()
        found.with_user(self.env.ref("base.user_admin")).action_end()
        self.assertFalse(key.exists())


class TestCalls(McpHttpCase):
    def connection(self, name="test"):
        model = self.env["mcp_native.connection"].with_user(self.plain)
        return model.search([("user_id", "=", self.plain.id), ("name", "=", name)])

    def test_calls_and_dates_are_right_after_real_calls(self):
        before = fields.Datetime.now()
        self.assertEqual(self.connection().calls, 0)
        self.result("tools/list")
        self.tool_text("count_records", {"model": "res.users"})
        self.env.invalidate_all()
        connection = self.connection()
        self.assertEqual((connection.calls, connection.program), (2, "mcp_native tests"))
        self.assertLessEqual(connection.first_use, connection.last_use)
        self.assertLess(abs((connection.last_use - before).total_seconds()), 120)

    def test_the_call_after_the_end_is_refused(self):
        self.result("tools/list")
        self.connection().action_end()
        self.env.flush_all()
        self.assertEqual(self.rpc("tools/list").status_code, 401)
        self.assertFalse(self.connection())

    def test_a_key_of_the_preferences_shows_after_its_first_call(self):
        key = make_key(self.env, self.plain, None)
        self.assertEqual(len(self.connection()), 1)
        self.result("tools/list", key=key)
        self.env.invalidate_all()
        self.assertEqual(sorted(self.connection().mapped("opens_all")), [False, True])
