# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mcp_native.models.principal import Principal

from .action_case import ActionCase
from .common import shared_cursor
from .test_profile_leaks import LeakCase
from .tool_case import SCOPES

MERGE = "base.action_partner_merge"
WIZARD = "base.partner.merge.automatic.wizard"


class WizardCase(ActionCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.first = partners.create({"name": "Twin", "email": "twin@example.com"})
        cls.second = partners.create({"name": "Twin Too", "email": "twin@example.com"})
        cls.twins = [cls.first.id, cls.second.id]
        cls.env.flush_all()

    def opened(self, **arguments: Any) -> str:
        return self.press(MERGE, self.admin, ids=self.twins, **arguments)

    def confirmed(self, token: str, /, *, action: str = "action_merge", refused: bool = False, **arguments: Any) -> str:
        ask = self.error if refused else self.text
        return ask("run_action", self.admin, model=WIZARD, action=action, wizard=token, **arguments)


@tagged("post_install", "-at_install")
class TestWizards(WizardCase):
    def test_an_action_that_opens_a_wizard_is_answered_with_its_fields_and_buttons(self) -> None:
        before = self.env[WIZARD].search_count([])
        text = self.opened()
        self.assertIn(WIZARD, text)
        self.assertRegex(text, r"\ndst_partner_id\|many2one res\.partner\|[^|]*\|required\|\[\d+,\"Twin")
        self.assertRegex(text, r"\naction_merge\|")
        self.assertLess(len(text), 1500)
        self.assertEqual(self.env[WIZARD].search_count([]), before, "nothing is stored for it")

    def test_a_second_call_fills_it_in_and_confirms_it(self) -> None:
        token = self.wizard(self.opened())
        self.confirmed(token, values={"dst_partner_id": self.first.id})
        self.assertFalse(self.second.exists())
        self.assertTrue(self.first.exists())
        self.assertEqual(self.facts["model"], "res.partner")

    def test_what_the_wizard_proposes_is_taken_where_nothing_else_is_said(self) -> None:
        text = self.opened()
        self.confirmed(self.wizard(text))
        self.assertEqual(len((self.first + self.second).exists()), 1)

    def test_what_must_be_filled_in_is_named_and_nothing_is_done(self) -> None:
        text = self.confirmed(self.wizard(self.opened()), values={"dst_partner_id": False}, refused=True)
        self.assertIn("Still missing: dst_partner_id", text)
        self.assertEqual(len((self.first + self.second).exists()), 2)

    def test_values_and_buttons_that_it_has_not_are_errors(self) -> None:
        token = self.wizard(self.opened())
        self.assertIn("dst_partner_id", self.confirmed(token, values={"dst_partner": 1}, refused=True))
        text = self.confirmed(token, action="unlink", refused=True)
        self.assertIn("action_merge", text)
        for private in ("_merge", "sudo", "write"):
            self.confirmed(token, action=private, refused=True)
        self.assertEqual(len((self.first + self.second).exists()), 2)

    def test_a_wizard_whose_button_opens_another_page_goes_on_from_there(self) -> None:
        """Merging by e-mail: the second page is a record that the first one made."""
        start = {"action": "action_start_manual_process", "values": {"group_by_email": True}}
        text = self.text("run_action", self.admin, model=WIZARD, **start)
        self.assertIn("action_merge|", text)
        last = self.confirmed(self.wizard(text), values={"dst_partner_id": self.second.id})
        self.assertFalse(self.first.exists())
        self.assertIn("nothing to press", last)

    def test_a_dry_run_of_the_second_call_shows_what_would_go(self) -> None:
        token = self.wizard(self.opened())
        with shared_cursor(self):
            text = self.confirmed(token, dry_run=True)
        self.assertIn("Deleted", text)
        self.assertEqual(len((self.first + self.second).exists()), 2)

    def test_another_model_than_the_wizards_is_refused(self) -> None:
        token = self.wizard(self.opened())
        text = self.error("run_action", self.admin, model="res.partner", action="action_merge", wizard=token)
        self.assertIn(WIZARD, text)


@tagged("post_install", "-at_install")
class TestOpenedWizards(WizardCase):
    """What a client carries between the two calls gives nobody more than what he was given."""

    def test_a_changed_one_is_refused(self) -> None:
        token = self.wizard(self.opened())
        body, _dot, mac = token.partition(".")
        for forged in (f"{body[:-2]}AA.{mac}", f"{body}.{mac[:-2]}AA", body, "x", "..", f"{token}=", "é.é"):
            with self.subTest(forged):
                self.assertIn("wizard:", self.confirmed(forged, refused=True))
        self.assertEqual(len((self.first + self.second).exists()), 2)

    def test_it_is_good_for_the_same_user_and_connection_only(self) -> None:
        token = self.wizard(self.opened())
        self.plain.write({"company_ids": [(4, self.admin.company_id.id)]})
        text = self.error("run_action", self.plain, model=WIZARD, action="action_merge", wizard=token)
        self.assertRegex(text, "wizard:|There is no model")
        make = type(self).service

        def other(case: Any, user: Any = None, *args: Any) -> Any:
            found = make(case, user, *args)
            found.principal = Principal(found.principal.uid, "api_key", 99, "another key", SCOPES)
            return found

        with patch.object(type(self), "service", other):
            self.assertIn("wizard:", self.confirmed(token, refused=True))
        self.assertEqual(len((self.first + self.second).exists()), 2)

    def test_it_is_too_old_some_day(self) -> None:
        token = self.wizard(self.opened())
        with patch("odoo.addons.mcp_native.protocol.state.time.time", return_value=4e9):
            self.assertIn("too old", self.confirmed(token, refused=True))

    def test_no_context_of_the_client_reaches_the_wizard(self) -> None:
        values = {"context": {"active_ids": self.twins}}
        arguments = {"model": WIZARD, "action": "action_merge", **values}
        self.assertIn("context", self.error("run_action", self.admin, **arguments))


@tagged("post_install", "-at_install")
class TestWizardsUnderAProfile(WizardCase, LeakCase):
    def test_a_wizard_may_do_what_calls_on_the_records_it_is_about_may(self) -> None:
        self.profile.rule_ids = [(0, 0, {"pattern": "res.partner.bank", "hidden_fields": "acc_number"})]
        token = self.wizard(self.opened())
        self.profile.rule_ids.filtered(lambda rule: rule.pattern == "res.partner").call_decision = "deny"
        self.assertIn("does not let you run methods of res.partner", self.confirmed(token, refused=True))
        self.assertTrue(self.first.exists() and self.second.exists())

    def test_records_that_the_profile_leaves_out_by_now_are_not_touched(self) -> None:
        token = self.wizard(self.opened())
        self.second.city = "Nowhere"
        self.assertIn("leaves only some records", self.confirmed(token, refused=True))
        self.assertTrue(self.first.exists() and self.second.exists())

    def test_a_profile_that_denies_the_wizard_says_so_when_it_opens(self) -> None:
        self.profile.rule_ids = [(0, 0, {"pattern": WIZARD, "call_decision": "deny"})]
        text = self.opened()
        self.assertIn(f"does not let you run methods of {WIZARD}", text)
        self.assertNotIn("wizard=", text)

    def test_a_wizard_on_a_model_that_is_hidden_is_not_there(self) -> None:
        self.profile.rule_ids = [(0, 0, {"pattern": WIZARD, "read_decision": "deny"})]
        self.assertNotIn(WIZARD, self.text("list_actions", self.admin, model="res.partner"))
        self.assertNotIn(WIZARD, self.not_pressed(MERGE, self.admin, ids=self.twins))

    def test_how_many_records_a_wizard_is_about_counts(self) -> None:
        token = self.wizard(self.opened())
        self.profile.max_records = 1
        self.assertIn("2 records in one call", self.confirmed(token, refused=True))
