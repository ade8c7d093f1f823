# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo.tests import TransactionCase, tagged

from odoo.addons.mcp_native.models.mcp_native_profile import NOBODY
from odoo.addons.mcp_native.orm import narrowing, technical
from odoo.addons.mcp_native.orm.rules import ALLOW, CONFIRM, DENY, OPERATIONS, ModelRule, Rules
from odoo.addons.mcp_native.orm.values import touched

SECRETS = ("password", "new_password", "totp_secret", "access_token", "stripe_secret_key", "smtp_pass", "pin", "jwt")
INNOCENT = ("public_key", "grouping_key", "credit", "author_id", "signature", "private_key_filename", "passport_id",
            "inalterable_hash", "google_calendar_token_validity", "color", "key", "tokenize", "hash_date")  # fmt: skip


@tagged("post_install", "-at_install")
class TestTechnical(TransactionCase):
    def test_passwords_keys_and_tokens_are_known_by_their_names(self) -> None:
        self.assertEqual([name for name in SECRETS if not technical.sounds_secret(name)], [])
        self.assertEqual([name for name in INNOCENT if technical.sounds_secret(name)], [])

    def test_a_number_or_a_link_is_no_secret_by_its_name(self) -> None:
        self.assertFalse(technical.sounds_secret("payment_token_ids", "one2many"))
        self.assertFalse(technical.sounds_secret("auth_totp_secret", "boolean"))

    def test_no_pattern_opens_what_is_closed_and_an_exact_rule_does_for_what_it_speaks_of(self) -> None:
        wide = Rules(models=(ModelRule("ir.*", dict.fromkeys(OPERATIONS, ALLOW)),))
        exact = Rules(models=(ModelRule("ir.config_parameter", {"read": ALLOW, "write": CONFIRM}),))
        self.assertEqual(technical.decision(wide, "ir.config_parameter", "read"), DENY)
        self.assertEqual(technical.decision(exact, "ir.config_parameter", "read"), ALLOW)
        self.assertEqual(technical.decision(exact, "ir.config_parameter", "write"), CONFIRM)
        self.assertEqual(technical.decision(exact, "ir.config_parameter", "unlink"), DENY)

    def test_this_addon_keeps_to_itself_what_no_tool_needs(self) -> None:
        rules = Rules()
        own = [name for name in self.env.registry if name.startswith("mcp_native.")]
        readable = {name for name in own if technical.decision(rules, name, "read") == ALLOW}
        self.assertLessEqual(readable, technical.READABLE)
        self.assertTrue(all(technical.decision(rules, name, "write") == DENY for name in own))

    def test_people_and_groups_are_read_and_never_changed(self) -> None:
        for model in ("res.users", "res.groups", "ir.model", "ir.ui.view"):
            self.assertEqual(technical.decision(Rules(), model, "read"), ALLOW)
            self.assertEqual(technical.decision(Rules(), model, "write"), DENY)

    def test_only_the_methods_that_a_rule_names_are_called(self) -> None:
        rules = Rules(models=(ModelRule("sale.*", methods=frozenset({"action_confirm"})),))
        with narrowing.narrowed(rules):
            self.assertEqual(narrowing.decision("sale.order", "call", "action_confirm"), ALLOW)
            self.assertEqual(narrowing.decision("sale.order", "call", "action_cancel"), DENY)
            self.assertEqual(narrowing.decision("res.partner", "call", "action_archive"), ALLOW)

    def test_nothing_is_narrowed_outside_a_call(self) -> None:
        self.assertEqual(narrowing.decision("ir.config_parameter", "unlink"), ALLOW)
        self.assertFalse(narrowing.hidden_fields(self.env["res.users"]))
        self.assertFalse(narrowing.record_domain(self.env["res.partner"], "read"))

    def test_what_is_made_of_a_hidden_field_is_hidden_and_a_rule_can_show_it(self) -> None:
        hiding = ModelRule("res.partner", hidden=frozenset({"image_1920"}))
        with narrowing.narrowed(Rules(models=(hiding,))):
            self.assertIn("image_128", narrowing.hidden_fields(self.env["res.partner"]))
            self.assertIn("image_1920", narrowing.hidden_fields(self.env["res.users"]))
            self.assertIn("password", narrowing.hidden_fields(self.env["res.users"]))
        showing = ModelRule("res.partner", hidden=frozenset({"image_1920"}), shown=frozenset({"image_128"}))
        with narrowing.narrowed(Rules(models=(showing,))):
            self.assertNotIn("image_128", narrowing.hidden_fields(self.env["res.partner"]))

    def test_a_domain_that_fails_leaves_nothing(self) -> None:
        for domain in ("[('no_such_field', '=', 1)]", "1/0", "[("):
            with narrowing.narrowed(Rules(models=(ModelRule("res.partner", domain=domain),))):
                with self.assertLogs("odoo.addons.mcp_native.orm.pointing", "WARNING"):
                    found = self.env["res.partner"].with_user(self.env.ref("base.user_admin")).search_count([])
                self.assertEqual(found, 0)

    def test_a_profile_that_denies_all_changes_can_change_nothing(self) -> None:
        self.assertFalse(NOBODY.can_change)
        self.assertTrue(Rules().can_change)
        opened = ModelRule("res.partner", {"write": CONFIRM})
        self.assertTrue(Rules(defaults=NOBODY.defaults, models=(opened,)).can_change)

    def test_commands_of_lines_touch_their_model(self) -> None:
        partner = self.env["res.partner"]
        values = {"name": "x", "child_ids": [(0, 0, {"bank_ids": [(0, 0, {})]}), (1, 5, {}), (2, 6, 0)]}
        expected = {("res.partner", "create"), ("res.partner", "write"), ("res.partner", "unlink")}
        self.assertEqual(touched(partner, values), expected | {("res.partner.bank", "create")})
        self.assertEqual(touched(partner, {"category_id": [(6, 0, [1])]}), set())
