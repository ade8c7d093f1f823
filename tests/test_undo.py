# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
from typing import Any

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.mcp_native.orm.rules import ModelRule, Rules

from .common import shared_cursor
from .tool_case import ToolCase

PARTNER = "res.partner"


class UndoCase(ToolCase):
    def setUp(self) -> None:
        super().setUp()
        self.changes = self.env["mcp_native.change"]
        self.tags = self.env["res.partner.category"].create([{"name": "VIP"}, {"name": "Old"}])

    def make(self, **values: Any) -> Any:
        """Return a partner that no assistant made."""
        return self.env[PARTNER].create({"name": "Azure", **values})

    def change(self, records: Any, user: Any = None, **values: Any) -> Any:
        """Let an assistant write, and return the rows that were kept of it."""
        before = self.changes.search([], limit=1).id or 0
        self.text("update_records", user, model=records._name, ids=records.ids, values=values)
        return self.changes.search([("id", ">", before)])

    def created(self, user: Any = None, model: str = PARTNER, **values: Any) -> Any:
        """Let an assistant create a record, and return it."""
        text = self.text("create_records", user, model=model, values=[values])
        return self.env[model].browse(int(re.search(r"#(\d+)", text)[1]))

    def last(self) -> Any:
        return self.changes.search([], limit=1)

    def undo(self, rows: Any, user: Any = None) -> str:
        return self.text("undo_changes", user, changes=rows.ids)

    def refused(self, rows: Any, user: Any = None) -> str:
        return self.error("undo_changes", user, changes=rows.ids)


@tagged("post_install", "-at_install")
class TestKeptChanges(UndoCase):
    """What is kept of a call, and who sees it."""

    def test_a_call_leaves_a_row_for_each_record(self) -> None:
        partners = self.make() + self.make(name="Blue")
        rows = self.change(partners, phone="2")
        self.assertEqual(rows.mapped("res_id"), partners.ids[::-1])
        self.assertEqual(set(rows.mapped("operation")), {"write"})
        self.assertEqual(rows.mapped("tool"), ["update_records"] * 2)
        self.assertEqual(len(set(rows.mapped("request_id"))), 1)
        self.assertEqual(rows.user_id, self.plain)
        self.assertIn("(empty) → 2", rows[0].changed)

    def test_a_failed_call_leaves_none(self) -> None:
        before = self.changes.search_count([])
        self.error("create_records", model=PARTNER, values=[{"name": "A"}, {"name": False, "type": "contact"}])
        self.assertEqual(self.changes.search_count([]), before)

    def test_the_values_themselves_are_nobodys_to_read(self) -> None:
        row = self.change(self.make(), phone="2")
        for user in (self.plain, self.admin):
            for name in ("old_values", "new_values", "kept_name"):
                with self.assertRaises(AccessError):
                    row.with_user(user).read([name])

    def test_nobody_forges_rows(self) -> None:
        row = self.change(self.make(), phone="2")
        for user in (self.plain, self.admin):
            rows = row.with_user(user)
            with self.assertRaises(AccessError):
                rows.write({"state": "undone"})
            with self.assertRaises(AccessError):
                rows.unlink()
            with self.assertRaises(AccessError):
                rows.create({"operation": "write", "model": PARTNER})

    def test_users_see_their_own_and_managers_all(self) -> None:
        row = self.change(self.make(), phone="2")
        other = new_test_user(self.env, "mcp_other", groups="base.group_user,mcp_native.group_user")
        boss = new_test_user(self.env, "mcp_boss", groups="base.group_user,mcp_native.group_manager")
        found = {user.login: row in self.changes.with_user(user).search([]) for user in (self.plain, other, boss)}
        self.assertEqual(found, {"mcp_tool_plain": True, "mcp_other": False, "mcp_boss": True})

    def test_what_a_record_rule_hides_later_is_not_shown_any_more(self) -> None:
        partner = self.make(name="Secret Name")
        row = self.change(partner, phone="2")
        self.env["ir.rule"].create(
            {
                "name": "test",
                "model_id": self.env["ir.model"]._get(PARTNER).id,
                "domain_force": f"[('id', '!=', {partner.id})] if user.id == {self.plain.id} else []",
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        seen = row.with_user(self.plain)
        self.assertFalse(seen.changed)
        self.assertNotIn("Secret", seen.display_name)
        self.assertNotIn("Secret", self.text("list_changes"))

    def test_what_a_profile_hides_is_not_in_the_list(self) -> None:
        row = self.change(self.make(), phone="marker-2", ref="shown-3")
        self.assertIn("marker-2", self.text("list_changes"))
        rule = ModelRule(PARTNER, hidden=frozenset({"phone"}))
        service = type(self.service())
        self.patch(service, "rules", Rules(name="Test", models=(rule,)))
        text = self.text("list_changes")
        self.assertIn(f"{row.id}|", text)
        self.assertIn("shown-3", text)
        self.assertNotIn("marker-2", text)

    def test_what_a_profile_hides_or_keeps_from_writing_is_not_undone(self) -> None:
        partner = self.make(phone="1")
        row = self.change(partner, phone="2")
        service = type(self.service())
        for held in ({"hidden": frozenset({"phone"})}, {"readonly": frozenset({"phone"})}, {"domain": "[(0, '=', 1)]"}):
            with self.subTest(held):
                self.patch(service, "rules", Rules(name="Test", models=(ModelRule(PARTNER, **held),)))
                self.assertTrue(self.refused(row))
                self.assertEqual(partner.phone, "2")

    def test_a_profile_that_denies_a_change_denies_to_undo_it(self) -> None:
        created = self.created(self.admin, name="Fresh")
        row = self.last()
        rule = ModelRule(PARTNER, {"unlink": "deny"})
        self.patch(type(self.service()), "rules", Rules(name="Test", models=(rule,)))
        self.assertIn("delete", self.refused(row, self.admin))
        self.assertTrue(created.exists())

    def test_an_undo_waits_for_consent_as_any_write_does(self) -> None:
        partner = self.make(phone="1")
        row = self.change(partner, phone="2")
        rule = ModelRule(PARTNER, {"write": "confirm"})
        self.patch(type(self.service()), "rules", Rules(name="Test", models=(rule,)))
        with shared_cursor(self):
            text = self.text("undo_changes", changes=row.ids)
            self.env.invalidate_all()
            self.assertEqual((partner.phone, row.state), ("2", "done"))
            self.assertIn("Phone: 2 → 1", text)
            token = re.search(r'confirmation="([^"]+)"', text)[1]
            self.text("undo_changes", changes=row.ids, confirmation=token)
        self.env.invalidate_all()
        self.assertEqual((partner.phone, row.state), ("1", "undone"))

    def test_the_chatter_gets_one_line_a_call_that_nobody_is_notified_of(self) -> None:
        partner = self.make()
        before = partner.message_ids
        self.change(partner, phone="2", email="x@example.com")
        message = (partner.message_ids - before).filtered(lambda one: "on behalf" in one.body)
        self.assertEqual(len(message), 1)
        self.assertIn("test on behalf of mcp_tool_plain", message.body)
        self.assertIn("Phone", message.body)
        self.assertIn("Email", message.body)
        self.assertFalse(message.notification_ids)

    def test_old_rows_go_with_the_log(self) -> None:
        row = self.change(self.make(), phone="2")
        self.env.flush_all()
        self.env.cr.execute("UPDATE mcp_native_change SET date = date - interval '9999 days' WHERE id = %s", row.ids)
        self.env["ir.config_parameter"].set_param("mcp_native.log_days", "30")
        self.changes._gc_old_rows()
        self.assertFalse(row.exists())

    def test_list_changes_finds_by_record_and_time(self) -> None:
        partner = self.make()
        row = self.change(partner, phone="2")
        self.assertIn(f"{row.id}|call {row.request_id}|", self.text("list_changes", model=PARTNER, ids=partner.ids))
        self.assertEqual(self.text("list_changes", model=PARTNER, ids=self.make().ids), "No changes.")
        self.assertEqual(self.text("list_changes", since="2100-01-01"), "No changes.")


@tagged("post_install", "-at_install")
class TestUndo(UndoCase):
    """Taking back what an assistant did."""

    def test_a_write_is_undone(self) -> None:
        partner = self.make(phone="1", category_id=[(6, 0, self.tags[0].ids)], comment="<p>old</p>")
        rows = self.change(partner, phone="2", category_id=self.tags[1].ids, comment="new", name="Blue")
        self.undo(rows)
        self.assertEqual((partner.phone, partner.category_id, partner.name), ("1", self.tags[0], "Azure"))
        self.assertEqual(partner.comment, "<p>old</p>")
        self.assertEqual((rows.state, rows.undone_by_id), ("undone", self.plain))

    def test_an_undo_is_a_change_that_can_be_undone(self) -> None:
        partner = self.make(phone="1")
        self.undo(self.change(partner, phone="2"))
        self.undo(self.last())
        self.assertEqual(partner.phone, "2")

    def test_nothing_is_undone_twice(self) -> None:
        row = self.change(self.make(phone="1"), phone="2")
        self.undo(row)
        self.assertIn("undone already", self.refused(row))

    def test_a_value_that_somebody_changed_after_is_not_overwritten(self) -> None:
        partner = self.make(phone="1", email="a@example.com")
        row = self.change(partner, phone="2", email="b@example.com")
        partner.phone = "3"
        text = self.refused(row)
        self.assertIn("Phone", text)
        self.assertNotIn("Email", text)
        self.assertEqual((partner.phone, partner.email, row.state), ("3", "b@example.com", "done"))

    def test_another_field_changed_after_does_not_matter(self) -> None:
        partner = self.make(phone="1")
        row = self.change(partner, phone="2")
        partner.email = "c@example.com"
        self.undo(row)
        self.assertEqual((partner.phone, partner.email), ("1", "c@example.com"))

    def test_of_several_changes_all_or_none_are_undone(self) -> None:
        first, second = self.make(phone="1"), self.make(phone="1")
        rows = self.change(first + second, phone="2")
        second.phone = "3"
        self.refused(rows)
        self.assertEqual(first.phone, "2")

    def test_changes_of_the_same_record_are_undone_in_reverse(self) -> None:
        partner = self.make(phone="1")
        rows = self.change(partner, phone="2") + self.change(partner, phone="3")
        self.assertIn("Phone", self.refused(rows[0]))
        self.undo(rows)
        self.assertEqual(partner.phone, "1")

    def test_a_created_record_is_deleted(self) -> None:
        partner = self.created(self.admin, name="Fresh", category_id=self.tags.ids)
        self.undo(self.last(), self.admin)
        self.assertFalse(partner.exists())

    def test_a_created_record_that_was_changed_after_stays(self) -> None:
        partner = self.created(self.admin, name="Fresh", phone="1")
        row = self.last()
        partner.phone = "2"
        self.assertIn("Phone", self.refused(row, self.admin))
        self.assertTrue(partner.exists())

    def test_a_created_record_that_others_added_to_stays(self) -> None:
        lang = self.created(self.admin, "res.partner", name="Company")
        row = self.last()
        self.env["res.partner.bank"].create({"acc_number": "BE42", "partner_id": lang.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner_bank SET create_date = create_date + interval '1 day'")
        self.refused(row, self.admin)
        self.assertTrue(lang.exists())

    def test_a_deleted_record_is_built_again_with_another_id(self) -> None:
        partner = self.make(phone="1", category_id=[(6, 0, self.tags.ids)], active=True, is_company=True)
        self.env.flush_all()
        self.text("delete_records", self.admin, model=PARTNER, ids=partner.ids)
        text = self.undo(self.last(), self.admin)
        again = self.env[PARTNER].search([("name", "=", "Azure")], order="id desc", limit=1)
        self.assertIn(f"#{again.id} now", text)
        self.assertGreater(again.id, partner.id)
        self.assertEqual((again.phone, again.category_id, again.is_company), ("1", self.tags, True))

    def test_lines_are_built_again_with_the_record_they_belong_to(self) -> None:
        bank = self.env["res.partner"].create(
            {"name": "Azure", "bank_ids": [(0, 0, {"acc_number": "BE42"}), (0, 0, {"acc_number": "BE43"})]}
        )
        self.env.flush_all()
        before = self.changes.search([], limit=1).id or 0
        self.text("delete_records", self.admin, model=PARTNER, ids=bank.ids)
        rows = self.changes.search([("id", ">", before)])
        if set(rows.mapped("model")) == {PARTNER}:
            self.skipTest("bank accounts do not go with their partner here")
        self.text("undo_changes", self.admin, call=rows[0].request_id)
        again = self.env[PARTNER].search([("name", "=", "Azure")], order="id desc", limit=1)
        self.assertEqual(set(again.bank_ids.mapped("acc_number")), {"BE42", "BE43"})

    def test_a_whole_call_is_undone_by_its_name(self) -> None:
        partners = self.make(phone="1") + self.make(phone="2")
        rows = self.change(partners, phone="9")
        self.text("undo_changes", call=rows[0].request_id)
        self.assertEqual(partners.mapped("phone"), ["1", "2"])

    def test_all_that_this_connection_did_since_a_time_is_undone(self) -> None:
        partner = self.make(phone="1")
        self.change(partner, phone="2")
        self.change(partner, phone="3")
        self.text("undo_changes", since="2020-01-01")
        self.assertEqual(partner.phone, "1")

    def test_lines_created_changed_and_deleted_come_back(self) -> None:
        partner = self.make(child_ids=[(0, 0, {"name": "Ann"}), (0, 0, {"name": "Ben"})])
        ann, ben = partner.child_ids.sorted("name")
        self.change(
            partner, self.admin, child_ids=[[1, ann.id, {"name": "Anna"}], [2, ben.id], [0, 0, {"name": "Cem"}]]
        )
        self.assertEqual(set(partner.child_ids.mapped("name")), {"Anna", "Cem"})
        self.text("undo_changes", self.admin, call=self.last().request_id)
        self.env.invalidate_all()
        self.assertEqual(set(partner.child_ids.mapped("name")), {"Ann", "Ben"})

    def test_an_archived_record_is_active_again(self) -> None:
        partner = self.make()
        self.undo(self.change(partner, active=False))
        self.assertTrue(partner.active)

    def test_a_text_is_undone_in_the_language_it_was_written_in(self) -> None:
        self.env["res.lang"]._activate_lang("fr_FR")
        tag = self.tags[0]
        tag.with_context(lang="fr_FR").name = "Ancien"
        text = self.text(
            "update_records", self.admin, model=tag._name, ids=tag.ids, values={"name": "Neuf"}, lang="fr_FR"
        )
        self.assertIn("Updated", text)
        self.undo(self.last(), self.admin)
        self.assertEqual((tag.with_context(lang="fr_FR").name, tag.with_context(lang="en_US").name), ("Ancien", "VIP"))

    def test_a_value_of_a_company_is_undone_in_that_company(self) -> None:
        fields = {
            name for name, item in self.env[PARTNER]._fields.items() if item.company_dependent and item.type == "char"
        }
        name = "barcode" if "barcode" in fields else next(iter(fields), None)
        if not name:
            self.skipTest("no text depends on the company here")
        partner = self.make(**{name: "1"})
        self.undo(self.change(partner, self.admin, **{name: "2"}), self.admin)
        self.assertEqual(partner[name], "1")

    def test_an_old_file_is_not_kept_and_this_is_said(self) -> None:
        pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        other = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
        partner = self.make()
        first = self.change(partner, image_1920=pixel)
        second = self.change(partner, image_1920=other)
        self.assertIn("was not kept", self.refused(second))
        self.assertIn("Image", self.refused(first))

    def test_what_the_user_may_not_do_is_not_undone_either(self) -> None:
        row = self.change(self.make(phone="1"), phone="2")
        self.plain.write({"groups_id" if "groups_id" in self.plain._fields else "group_ids": [
            (3, self.env.ref("base.group_partner_manager").id)
        ]})  # fmt: skip
        text = self.refused(row)
        self.assertTrue(text)
        self.assertEqual(row.state, "done")

    def test_changes_of_somebody_else_cannot_be_undone_by_number(self) -> None:
        row = self.change(self.make(phone="1"), self.admin, phone="2")
        self.assertIn("no changes", self.refused(row))

    def test_what_a_method_did_is_listed_and_not_undone(self) -> None:
        partner = self.make()
        self.text("call_method", self.admin, model=PARTNER, method="create_company", ids=partner.ids)
        text = self.text("list_changes", self.admin)
        self.assertNotIn("Traceback", text)

    def test_a_button_undoes_in_odoo_and_says_so_in_the_list(self) -> None:
        partner = self.make(phone="1")
        row = self.change(partner, phone="2")
        row.with_user(self.plain).action_undo()
        self.assertEqual((partner.phone, row.state), ("1", "undone"))
        self.assertEqual((self.last().tool, self.last().user_id), ("odoo", self.plain))

    def test_a_button_undoes_everything_since(self) -> None:
        partner = self.make(phone="1")
        row = self.change(partner, phone="2")
        self.change(partner, phone="3")
        row.with_user(self.plain).action_undo_since()
        self.assertEqual(partner.phone, "1")

    def test_a_refused_button_says_why(self) -> None:
        partner = self.make(phone="1")
        row = self.change(partner, phone="2")
        partner.phone = "3"
        with self.assertRaisesRegex(UserError, "Phone"):
            row.with_user(self.plain).action_undo_call()

    def test_many_changes_are_undone_in_few_queries(self) -> None:
        def queries(count: int) -> int:
            partners = self.env["res.partner.category"].create([{"name": f"T{n}"} for n in range(count)])
            rows = self.change(partners, self.admin, color=5)
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self.undo(rows, self.admin)
            return self.env.cr.sql_log_count - start

        queries(3)
        self.assertLessEqual(queries(200), queries(20) + 30)
