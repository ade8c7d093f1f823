# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any
from unittest.mock import patch

from odoo.addons.mcp_native.orm import changes
from odoo.addons.mcp_native.orm.changes import Change, recording

from .tool_case import ToolCase


class TestRecording(ToolCase):
    """What a recorder sees of the ORM's work."""

    def setUp(self) -> None:
        super().setUp()
        self.user_env = self.env(user=self.plain)
        self.partners = self.user_env["res.partner"]
        self.tags = self.env["res.partner.category"].create([{"name": "VIP"}, {"name": "Old"}])

    def one(self, recorder: changes.Recorder, model: str = "res.partner", **wanted: Any) -> Change:
        """Return the only change of a model."""
        found = [item for item in recorder.changes() if item.model == model]
        self.assertEqual(len(found), 1, found)
        for name, value in wanted.items():
            self.assertEqual(getattr(found[0], name), value)
        return found[0]

    def test_a_write_has_old_and_new_values_of_what_was_written(self) -> None:
        partner = self.partners.create({"name": "Azure", "phone": "1", "category_id": [(6, 0, self.tags[0].ids)]})
        with recording(self.user_env) as recorder:
            partner.write({"phone": "2", "category_id": [(6, 0, self.tags[1].ids)], "name": "Azure"})
            change = self.one(recorder, kind="write", direct=True, res_id=partner.id, name="Azure")
        self.assertEqual(change.old, {"phone": "1", "category_id": self.tags[0].ids})
        self.assertEqual(change.new, {"phone": "2", "category_id": self.tags[1].ids})

    def test_a_value_that_stays_the_same_is_no_change(self) -> None:
        partner = self.partners.create({"name": "Azure"})
        with recording(self.user_env) as recorder:
            partner.write({"name": "Blue"})
            partner.write({"name": "Azure"})
            self.assertEqual(recorder.changes(), [])

    def test_a_record_written_twice_is_one_change(self) -> None:
        partner = self.partners.create({"name": "Azure"})
        with recording(self.user_env) as recorder:
            partner.write({"name": "Blue"})
            self.user_env.flush_all()
            partner.write({"name": "Red"})
            change = self.one(recorder)
        self.assertEqual((change.old, change.new), ({"name": "Azure"}, {"name": "Red"}))

    def test_a_record_created_and_deleted_is_none(self) -> None:
        with recording(self.env) as recorder:
            self.env["res.partner"].create({"name": "Azure"}).unlink()
            self.assertEqual([item for item in recorder.changes() if item.direct], [])

    def test_what_was_rolled_back_is_none(self) -> None:
        partner = self.partners.create({"name": "Azure"})
        with recording(self.user_env) as recorder:
            try:
                with self.env.cr.savepoint():
                    partner.write({"name": "Blue"})
                    self.partners.create({"name": "Lost"})
                    raise ValueError
            except ValueError:
                pass
            self.assertEqual(recorder.changes(), [])

    def test_a_created_record_has_what_it_was_filled_with(self) -> None:
        with recording(self.user_env) as recorder:
            partner = self.partners.create({"name": "Azure", "category_id": [(6, 0, self.tags.ids)]})
            change = self.one(recorder, kind="create", res_id=partner.id)
        self.assertEqual(change.new["name"], "Azure")
        self.assertEqual(change.new["category_id"], self.tags.ids)
        self.assertFalse(change.old)

    def test_a_deleted_record_has_what_builds_it_again(self) -> None:
        partner = self.env["res.partner"].create({"name": "Azure", "category_id": [(6, 0, self.tags.ids)]})
        with recording(self.env) as recorder:
            partner.write({"name": "Blue"})
            partner.unlink()
            change = self.one(recorder, kind="unlink", name="Blue")
        self.assertEqual(change.old["name"], "Azure")
        self.assertEqual(change.old["category_id"], self.tags.ids)

    def test_lines_are_changes_of_their_own_and_direct(self) -> None:
        partner = self.partners.create({"name": "Azure", "child_ids": [(0, 0, {"name": "Ann"})]})
        ann = partner.child_ids
        with recording(self.user_env) as recorder:
            partner.write({"child_ids": [(1, ann.id, {"name": "Anna"}), (0, 0, {"name": "Ben"})]})
            found = [(item.kind, item.name.split(", ")[-1], item.direct) for item in recorder.changes()]
        self.assertEqual(found, [("write", "Anna", True), ("create", "Ben", True)])

    def test_what_business_code_writes_is_not_direct(self) -> None:
        company = self.partners.create({"name": "Azure", "is_company": True, "vat": "BE0477472701"})
        child = self.partners.create({"name": "Ann", "parent_id": company.id})
        with recording(self.user_env) as recorder:
            company.write({"vat": "BE0428759497"})
            found = {item.res_id: item.direct for item in recorder.changes()}
        self.assertEqual(found, {company.id: True, child.id: False})

    def test_a_copy_is_direct_and_other_transactions_are_not_seen(self) -> None:
        partner = self.partners.create({"name": "Azure"})
        with recording(self.user_env) as recorder:
            copied = partner.copy()
            with self.env.registry.cursor() as cr:
                other = self.env(cr=cr)["res.partner.category"].create({"name": "elsewhere"})
                cr.rollback()
            found = [(item.model, item.res_id, item.kind, item.direct) for item in recorder.changes()]
        self.assertEqual(found, [("res.partner", copied.id, "create", True)])
        self.assertTrue(other)

    def test_wizards_and_rows_of_this_addon_are_no_changes(self) -> None:
        with recording(self.env) as recorder:
            self.env["base.language.export"].create({})
            self.env["mcp_native.profile"].create({"name": "x"})
            self.assertEqual(recorder.changes(), [])

    def test_a_user_is_a_change_with_the_contact_that_odoo_keeps_along(self) -> None:
        with recording(self.env) as recorder:
            self.env["res.users"].with_context(no_reset_password=True).create({"name": "New", "login": "new_one"})
            models = [item.model for item in recorder.changes() if item.direct and item.kind == "create"]
        self.assertEqual(models, ["res.partner", "res.users"])

    def test_many_records_take_hardly_more_queries_than_few(self) -> None:
        def queries(count: int) -> int:
            partners = self.partners.create([{"name": f"P{n}"} for n in range(count)])
            self.env.flush_all()
            with recording(self.user_env) as recorder:
                partners.write({"comment": "x", "category_id": [(4, self.tags[0].id)]})
                self.env.flush_all()
                start = self.env.cr.sql_log_count
                self.assertEqual(len(recorder.changes()), count)
                recorder.derived()
                return self.env.cr.sql_log_count - start

        queries(2)
        self.assertLessEqual(queries(500), queries(10) + 3)

    def test_records_written_one_by_one_are_not_read_one_by_one(self) -> None:
        def queries(record: bool) -> int:
            partners = self.partners.create([{"name": f"P{n}"} for n in range(60)])
            self.env.flush_all()
            with recording(self.user_env if record else self.env(user=self.admin, cr=self.env.cr)) as recorder:
                start = self.env.cr.sql_log_count
                with patch.object(changes, "current", lambda env: recorder if record else None):
                    for number, partner in enumerate(partners):
                        partner.write({"ref": f"R{number}"})
                    self.env.flush_all()
                return self.env.cr.sql_log_count - start

        queries(False)
        self.assertLessEqual(queries(True), queries(False) + 3)
