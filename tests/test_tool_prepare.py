# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from .action_case import ActionCase


@tagged("post_install", "-at_install")
class TestPrepareRecord(ActionCase):
    def prepared(self, user: Any = None, /, **arguments: Any) -> str:
        return self.text("prepare_record", user, model="res.partner", **arguments)

    def values(self, text: str) -> dict[str, Any]:
        """Return the values that an answer says to send."""
        return json.loads(text.splitlines()[1])

    def test_what_follows_from_the_values_is_among_those_to_send(self) -> None:
        text = self.prepared(values={"name": "Austin Desks", "state_id": self.texas.id})
        self.assertEqual(self.values(text)["country_id"][0], self.texas.country_id.id)
        self.text("create_records", model="res.partner", values=[self.values(text)])
        made = self.env["res.partner"].search([("name", "=", "Austin Desks")])
        self.assertEqual((made.state_id, made.country_id), (self.texas, self.texas.country_id))

    def test_nothing_is_stored(self) -> None:
        before = self.env["res.partner"].with_context(active_test=False).search_count([])
        self.prepared(values={"name": "Nobody"})
        self.prepared(id=self.partner.id, values={"name": "Somebody Else"})
        self.env.invalidate_all()
        self.assertEqual(self.env["res.partner"].with_context(active_test=False).search_count([]), before)
        self.assertEqual(self.partner.name, "Actual")

    def test_what_a_person_would_have_to_fill_in_is_named_when_its_condition_holds(self) -> None:
        self.assertIn("Still missing: name (", self.prepared())
        self.assertNotIn("Still missing", self.prepared(values={"is_company": True}))
        self.assertNotIn("Still missing", self.prepared(values={"name": "Named"}))

    def test_of_a_stored_record_what_would_change_is_shown_old_and_new(self) -> None:
        text = self.prepared(id=self.partner.id, values={"state_id": self.texas.id})
        self.assertIn(f"country_id: (empty) → [{self.texas.country_id.id},", text)
        self.assertEqual(set(self.values(text)), {"state_id", "country_id"})
        self.text("update_records", model="res.partner", ids=self.partner.ids, values=self.values(text))
        self.assertEqual(self.partner.country_id, self.texas.country_id)

    def test_what_odoo_fills_in_by_itself_is_shown_and_need_not_be_sent(self) -> None:
        text = self.text("prepare_record", self.admin, model="mail.activity.type", values={"name": "Wave"})
        self.assertEqual(self.values(text), {"name": "Wave"})
        self.assertRegex(text, r"Odoo fills in besides: .*\"delay_unit\":\"days\"")

    def test_a_warning_of_odoo_is_passed_on(self) -> None:
        partners = type(self.env["res.partner"])
        original = partners.onchange

        def onchange(records: Any, *args: Any) -> dict[str, Any]:
            return {**original(records, *args), "warning": {"title": "Careful", "message": "It\nbites"}}

        with patch.object(partners, "onchange", onchange):
            self.assertIn("Odoo warns: Careful: It\\nbites", self.prepared(values={"name": "W"}))

    def test_new_lines_are_filled_in_as_their_own_form_would(self) -> None:
        text = self.prepared(values={"name": "Parent", "child_ids": [{"name": "Child"}]})
        self.assertEqual(self.values(text)["child_ids"][0]["name"], "Child")
        self.text("create_records", model="res.partner", values=[self.values(text)])
        self.assertEqual(self.env["res.partner"].search([("name", "=", "Parent")]).child_ids.mapped("name"), ["Child"])

    def test_lines_of_a_stored_record_keep_the_commands_that_were_given(self) -> None:
        child = self.env["res.partner"].create({"name": "Line", "parent_id": self.partner.id})
        text = self.prepared(id=self.partner.id, values={"child_ids": [[1, child.id, {"name": "Changed"}]]})
        self.assertEqual(self.values(text), {"child_ids": [[1, child.id, {"name": "Changed"}]]})
        self.assertEqual(child.name, "Line")

    def test_values_are_checked_as_those_that_are_stored(self) -> None:
        for values, word in (
            ({"nam": "x"}, "name"),
            ({"country_id": "Nowhere at all"}, "Nowhere at all"),
            ({"create_date": "2026-01-01"}, "cannot be written"),
            ({"child_ids": "x"}, "list"),
        ):
            with self.subTest(values):
                self.assertIn(word, self.error("prepare_record", model="res.partner", values=values))
        self.assertIn("no record", self.error("prepare_record", model="res.partner", id=2**31 - 1))

    def test_who_may_not_create_is_told_so_at_once(self) -> None:
        reader = new_test_user(self.env, "mcp_prepare_reader", groups="base.group_user,mcp_native.group_user")
        self.assertIn("may not create", self.error("prepare_record", reader, model="res.partner"))
        self.assertIn("may not change", self.error("prepare_record", reader, model="res.partner", id=self.partner.id))

    def test_texts_of_records_stay_inside_their_line(self) -> None:
        country = self.env["res.country"].create({"name": "Line\nMore: break", "code": "QZ"})
        text = self.prepared(values={"name": "x", "country_id": country.id})
        self.assertNotIn("\nMore: break", text)
        self.assertLess(len(self.prepared(values={"name": "y" * 5000})), 12000)
