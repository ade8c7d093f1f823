# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from freezegun import freeze_time
from psycopg2 import IntegrityError
from werkzeug.exceptions import Forbidden

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.mcp_native_profile import NOBODY
from ..models.principal import SCOPES, Principal
from ..orm.rules import ALLOW, APPROVE, CONFIRM, DENY
from .common import McpHttpCase, McpTransactionCase, make_key
from .test_connections import GRANT, KEY, make_grant

WRITING = ("create", "write", "unlink", "call")


class ProfileCase(McpTransactionCase):
    def setUp(self):
        super().setUp()
        self.profiles = self.env["mcp_native.profile"]
        self.full = self.env.ref("mcp_native.profile_full")
        self.assistant = self.env.ref("mcp_native.profile_assistant")
        self.read_only = self.env.ref("mcp_native.profile_read_only")

    def principal(self, user=None, kind=KEY, credential_id=0):
        return Principal((user or self.plain).id, kind, credential_id, "test", frozenset(SCOPES))

    def profile_of(self, user=None, kind=KEY, credential_id=0):
        """Return the profile that holds for a credential."""
        rules = self.profiles._rules_for(self.principal(user, kind, credential_id))
        return self.profiles.browse(rules.profile_id or [])

    def new_group(self, **values):
        return self.env["res.groups"].create({"name": "Assistants' people", **values})

    def group_field(self):
        return "group_ids" if "group_ids" in self.plain._fields else "groups_id"

    def rule(self, **values):
        profile = self.profiles.create({"name": "One rule"})
        return self.env["mcp_native.profile.rule"].create({"profile_id": profile.id, **values})


class TestReadyMade(ProfileCase):
    def test_the_assistant_reads_at_once_asks_before_changes_and_needs_approval_to_delete(self):
        rules = self.profiles._rules_of(self.assistant.id)
        decisions = {name: rules.decision("res.partner", name) for name in ("read", *WRITING)}
        expected = {"read": ALLOW, "create": CONFIRM, "write": CONFIRM, "unlink": APPROVE, "call": CONFIRM}
        self.assertEqual(decisions, expected)

    def test_read_only_changes_nothing_and_full_asks_for_nothing(self):
        for profile, decision in ((self.read_only, DENY), (self.full, ALLOW)):
            rules = self.profiles._rules_of(profile.id)
            self.assertEqual({rules.decision("res.partner", name) for name in WRITING}, {decision})

    def test_each_has_limits_and_words_for_people(self):
        for profile in self.full | self.assistant | self.read_only:
            self.assertTrue(profile.limit_ids)
            self.assertTrue(profile.note)
        limits = self.assistant.limit_ids.mapped("display_name")
        self.assertIn("Calls: 60 a minute, at most 30 at once (Each connection)", limits)
        self.assertIn("Rows read: 20,000 an hour (Each connection)", limits)

    def test_the_data_makes_the_assistant_the_one_for_everybody(self):
        # The tests themselves run with another one: see tests/common.py.
        self.assistant.everybody = True
        self.assertEqual(self.profiles.search([("everybody", "=", True)]), self.assistant)

    def test_they_are_archived_not_deleted(self):
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.read_only.unlink()
        self.read_only.active = False

    def test_after_an_upgrade_what_was_connected_goes_on_and_new_connections_ask(self):
        self.assistant.everybody = True
        grant = make_grant(self.env, self.plain)
        make_key(self.env, self.manager)
        key = self.manager.sudo().api_key_ids
        self.profiles._keep_connections_full()
        self.assertEqual(self.profile_of(kind=GRANT, credential_id=grant.id), self.full)
        self.assertEqual(self.profile_of(self.manager, KEY, key.id), self.full)
        later = make_grant(self.env, self.plain, name="Cursor")
        self.assertEqual(self.profile_of(kind=GRANT, credential_id=later.id), self.assistant)


class TestAssignment(ProfileCase):
    def test_one_profile_is_for_everybody_and_another_one_takes_its_place(self):
        self.assertEqual(self.profile_of(), self.full)
        self.assistant.everybody = True
        self.assertFalse(self.full.everybody)
        self.assertEqual(self.profile_of(), self.assistant)
        new = self.profiles.create({"name": "Mine", "everybody": True})
        self.assertEqual(self.profile_of(), new)

    def test_the_database_holds_that_there_is_one(self):
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute("UPDATE mcp_native_profile SET everybody = TRUE")

    def test_without_one_assistants_only_read(self):
        self.full.everybody = False
        rules = self.profiles._rules_for(self.principal())
        self.assertEqual(rules, NOBODY)
        self.assertEqual(rules.decision("res.partner", "read"), ALLOW)
        self.assertEqual({rules.decision("res.partner", name) for name in WRITING}, {DENY})
        self.assertTrue(self.full.nobody)

    def test_a_group_comes_before_everybody_and_the_first_of_several_groups_holds(self):
        group = self.new_group()
        self.plain.write({self.group_field(): [(4, group.id)]})
        self.assistant.group_ids = group
        self.assertEqual(self.profile_of(), self.assistant)
        self.read_only.group_ids = group
        self.assertEqual(self.profile_of(), self.read_only)
        self.read_only.sequence = 50
        self.assertEqual(self.profile_of(), self.assistant)
        self.assertEqual(self.profile_of(self.manager), self.full)

    def test_joining_and_leaving_a_group_holds_at_once(self):
        group, other = self.new_group(), self.new_group(name="Wider")
        self.read_only.group_ids = group
        self.assertEqual(self.profile_of(), self.full)
        self.plain.write({self.group_field(): [(4, group.id)]})
        self.assertEqual(self.profile_of(), self.read_only)
        self.plain.write({self.group_field(): [(3, group.id)]})
        self.assertEqual(self.profile_of(), self.full)
        self.plain.write({self.group_field(): [(4, other.id)]})
        self.assertEqual(self.profile_of(), self.full)
        other.write({"implied_ids": [(4, group.id)]})
        self.assertEqual(self.profile_of(), self.read_only)

    def test_a_connection_s_own_profile_comes_first(self):
        grant = make_grant(self.env, self.plain)
        group = self.new_group()
        self.plain.write({self.group_field(): [(4, group.id)]})
        self.assistant.group_ids = group
        connection = self.env["mcp_native.connection"].search([("credential_id", "=", grant.id), ("kind", "=", GRANT)])
        connection.with_user(self.manager).write({"profile_id": self.read_only.id})
        self.assertEqual(self.profile_of(kind=GRANT, credential_id=grant.id), self.read_only)
        self.assertEqual(self.profile_of(kind=KEY, credential_id=grant.id), self.assistant)
        connection.with_user(self.manager).write({"profile_id": False})
        self.assertEqual(self.profile_of(kind=GRANT, credential_id=grant.id), self.assistant)

    def test_it_is_forgotten_when_the_connection_ends(self):
        chosen = self.env["mcp_native.profile.credential"]
        grant = make_grant(self.env, self.plain)
        make_key(self.env, self.plain)
        key = self.plain.sudo().api_key_ids
        make_key(self.env, self.plain)
        keys = self.env["res.users.apikeys"].sudo()
        deleted_in_sql = keys.search([("user_id", "=", self.plain.id)]) - key
        self.env["mcp_native.connection"].search([("user_id", "=", self.plain.id)])._set_profile(self.read_only)
        self.assertEqual(len(chosen.search([])), 3)
        grant._end("user")
        self.assertEqual(set(chosen.search([]).mapped("kind")), {KEY})
        key.with_user(self.plain).sudo().unlink()
        self.assertEqual(chosen.search([]).credential_id, deleted_in_sql.id)
        self.cr.execute("DELETE FROM res_users_apikeys WHERE id = %s", [deleted_in_sql.id])
        chosen._gc_ended()
        self.assertFalse(chosen.search([]))

    def test_a_profile_that_connections_have_neither_goes_nor_is_archived(self):
        mine = self.profiles.create({"name": "Mine"})
        make_grant(self.env, self.plain)
        connections = self.env["mcp_native.connection"].search([("user_id", "=", self.plain.id)])
        connections._set_profile(mine)
        for change in (mine.unlink, mine.action_archive):
            with self.assertRaisesRegex(UserError, "Claude \\(mcp_plain"):
                change()
        connections._set_profile(self.full)
        mine.unlink()

    def test_an_archived_profile_holds_for_nobody(self):
        self.assistant.everybody = True
        self.assistant.action_archive()
        self.assertFalse(self.assistant.everybody)
        self.assertFalse(self.profile_of())

    def test_a_copy_is_for_nobody_yet_and_has_the_same_rules(self):
        self.full.write({"group_ids": [(4, self.new_group().id)], "rule_ids": [(0, 0, {"pattern": "res.partner"})]})
        copied = self.full.copy()
        self.assertEqual(copied.name, "Full (copy)")
        self.assertFalse(copied.everybody or copied.group_ids)
        self.assertEqual(copied.rule_ids.mapped("pattern"), ["res.partner"])
        self.assertEqual(len(copied.limit_ids), len(self.full.limit_ids))

    def test_only_managers_read_and_write_profiles(self):
        for user in (self.plain, self.outsider, self.portal):
            for change in (
                lambda profile: profile.read(["name"]),
                lambda profile: profile.write({"create_decision": ALLOW}),
                lambda profile: profile.create({"name": "Mine"}),
                lambda profile: profile.rule_ids.create({"profile_id": profile.id, "pattern": "*"}),
                lambda profile: profile.limit_ids.unlink(),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    change(self.full.with_user(user))
        self.full.with_user(self.manager).write({"create_decision": CONFIRM})
        self.assertEqual(self.profiles._rules_for(self.principal()).decision("res.partner", "create"), CONFIRM)


class TestRules(ProfileCase):
    def test_what_is_written_is_what_the_server_gets(self):
        rule = self.rule(
            pattern=" res.partner ",
            write_decision=APPROVE,
            methods="message_post, action_archive",
            hidden_fields="vat\ncomment",
            readonly_fields="name",
            shown_fields="ref",
            domain="[('user_id', '=', user.id)]",
        )._rule()
        self.assertEqual((rule.pattern, dict(rule.decisions)), ("res.partner", {"write": APPROVE}))
        self.assertEqual(rule.methods, {"message_post", "action_archive"})
        self.assertEqual((rule.hidden, rule.readonly, rule.shown), ({"vat", "comment"}, {"name"}, {"ref"}))
        self.assertEqual(rule.domain, "[('user_id', '=', user.id)]")

    def test_a_rule_says_which_models_it_is_about(self):
        self.assertEqual(self.rule(pattern="res.partner").found, "Contact")
        self.assertRegex(self.rule(pattern="res.partner*").found, r"\d+ models")
        nothing = self.rule(pattern="no.such.model")
        self.assertTrue(nothing.is_nothing)
        self.assertEqual(nothing.found, "no model of this database")

    def test_a_model_can_be_chosen(self):
        rule = self.rule(pattern="res.partner")
        rule.model_id = self.env["ir.model"]._get("res.country")
        self.assertEqual(rule.pattern, "res.country")

    def test_what_is_no_model_is_refused(self):
        for pattern in ("res partner", "sale.order;", "[ab]*", "Kontakt!"):
            with self.subTest(pattern), self.assertRaisesRegex(ValidationError, "is no model"):
                self.rule(pattern=pattern)

    def test_an_unknown_field_is_refused_with_the_nearest_one(self):
        with self.assertRaisesRegex(ValidationError, "no field “emial”. Did you mean email"):
            self.rule(pattern="res.partner", hidden_fields="vat emial")
        with self.assertRaisesRegex(ValidationError, "no field"):
            self.rule(pattern="res.*", shown_fields="no_such_field_at_all")
        self.rule(pattern="no.such.model", hidden_fields="anything")

    def test_an_unknown_or_private_method_is_refused(self):
        for method in ("no_such_method", "_compute_display_name"):
            with self.subTest(method), self.assertRaisesRegex(ValidationError, "no public method"):
                self.rule(pattern="res.partner", methods=method)

    def test_a_domain_that_does_not_evaluate_or_fit_is_refused(self):
        for domain in ("[('name', '=', ]", "nobody_knows", "{'a': 1}", "[('no_such', '=', 1)]", "[('name', '~', 1)]"):
            with self.subTest(domain), self.assertRaises(ValidationError):
                self.rule(pattern="res.partner", domain=domain)
        self.rule(pattern="res.partner", domain="[('company_id', 'in', [False] + company_ids)]")

    def test_limits_allow_something(self):
        for values in ({"amount": 0}, {"amount": -1}, {"amount": 5, "burst": 6}, {"amount": 5, "burst": -1}):
            with self.subTest(values), self.assertRaises(ValidationError), self.cr.savepoint():
                self.full.limit_ids.create({"profile_id": self.full.id, **values})

    def test_numbers_are_not_negative(self):
        for values in ({"max_rows": -1}, {"breaker_errors": -5}, {"approval_days": 0}):
            with self.subTest(values), self.assertRaises(ValidationError), self.cr.savepoint():
                self.full.write(values)


class TestAdmission(ProfileCase):
    def admitted(self, address="203.0.113.9"):
        try:
            self.profiles._admission(self.principal(), address)
        except Forbidden as refusal:
            self.assertIn('The MCP profile "Full"', refusal.description)
            return False
        return True

    def test_without_networks_and_hours_everybody_gets_in(self):
        self.assertTrue(self.admitted())
        self.assertTrue(self.admitted(""))
        self.full.everybody = False
        self.assertTrue(self.admitted())

    def test_only_addresses_of_the_networks_get_in(self):
        self.full.networks = "192.0.2.0/24\n198.51.100.7, 2001:db8::/32"
        for address in ("192.0.2.1", "198.51.100.7", "2001:db8::5", "::ffff:192.0.2.99"):
            self.assertTrue(self.admitted(address), address)
        for address in ("192.0.3.1", "198.51.100.8", "2001:db9::5", "::ffff:198.51.100.8", "", None, "unknown"):
            self.assertFalse(self.admitted(address), address)

    def test_what_is_no_network_is_refused(self):
        for networks in ("my office", "192.0.2.0/33", "192.0.2", "10.0.0.1-10.0.0.9"):
            with self.subTest(networks), self.assertRaisesRegex(ValidationError, "no IP address"):
                self.full.networks = networks

    def test_the_hours_are_those_of_the_user_s_clock(self):
        self.plain.tz = "Europe/Brussels"  # one hour before UTC in November
        self.full.write({"hour_from": 8, "hour_to": 18.5})
        for time, admitted in (("06:59:59", False), ("07:00:00", True), ("17:29:59", True), ("17:30:00", False)):
            with freeze_time(f"2026-11-20 {time}"):
                self.assertEqual(self.admitted(), admitted, time)
        self.plain.tz = False
        with freeze_time("2026-11-20 07:59:59"):
            self.assertFalse(self.admitted())

    def test_the_weekend_begins_by_the_user_s_clock(self):
        self.full.days = "week"
        self.plain.tz = "Pacific/Auckland"  # Friday noon in UTC is Saturday there
        with freeze_time("2026-11-20 12:00:00"):
            self.assertFalse(self.admitted())
            self.plain.tz = "America/New_York"
            self.assertTrue(self.admitted())

    def test_hours_are_within_a_day(self):
        for values in ({"hour_from": 18, "hour_to": 8}, {"hour_from": -1}, {"hour_to": 25}):
            with self.subTest(values), self.assertRaises(ValidationError), self.cr.savepoint():
                self.full.write(values)


@tagged("post_install", "-at_install")
class TestDoor(McpHttpCase):
    def test_a_call_from_another_network_is_refused_with_words_and_let_in_again(self):
        full = self.env.ref("mcp_native.profile_full")
        full.networks = "192.0.2.0/24"
        self.env.flush_all()
        answer = self.rpc("tools/list")
        self.assertEqual(answer.status_code, 403)
        said = answer.json()["error"]["message"]
        self.assertRegex(said, r'The MCP profile "Full" lets nobody in from the address \S+')
        full.networks = "127.0.0.0/8 ::1"
        self.env.flush_all()
        self.result("tools/list")

    def test_a_header_of_the_client_changes_no_address(self):
        full = self.env.ref("mcp_native.profile_full")
        full.networks = "192.0.2.0/24"
        self.env.flush_all()
        answer = self.rpc("tools/list", X_Forwarded_For="192.0.2.5", X_Real_IP="192.0.2.5")
        self.assertEqual(answer.status_code, 403)
