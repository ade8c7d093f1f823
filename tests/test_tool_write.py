# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from ..protocol import InternalError
from .tool_case import ToolCase


@tagged("post_install", "-at_install")
class TestFailedWritesLeaveNoTrace(ToolCase):
    """Lessons 1 to 3: elsewhere, what failed was committed all the same."""

    def setUp(self) -> None:
        super().setUp()
        self.partner = self.env["res.partner"].create({"name": "Before", "is_company": True})

    @contextmanager
    def breaking(self) -> Iterator[None]:
        """What is inside ends as an internal error, which the server's log holds and the client gets a reference of."""
        with self.assertLogs("odoo.addons.mcp_native", "ERROR"), self.assertRaisesRegex(InternalError, "reference"):
            yield

    def check_self_parent(self, user) -> None:
        text = self.error(
            "update_records",
            user,
            model="res.partner",
            ids=[self.partner.id],
            values={"name": "After", "parent_id": self.partner.id},
        )
        self.assertIn("recursive", text.lower())
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.execute("SELECT name, parent_id FROM res_partner WHERE id = %s", [self.partner.id])
        self.assertEqual(self.env.cr.fetchone(), ("Before", None))

    def test_a_partner_made_its_own_parent_keeps_its_name_for_a_plain_user(self) -> None:
        self.check_self_parent(self.plain)

    def test_a_partner_made_its_own_parent_keeps_its_name_for_admin(self) -> None:
        self.check_self_parent(self.admin)

    def test_the_third_record_of_a_batch_takes_the_first_two_with_it(self) -> None:
        values = [{"name": "Batch 1"}, {"name": "Batch 2"}, {"name": "Batch 3", "parent_id": "Nobody Of That Name"}]
        text = self.error("create_records", model="res.partner", values=values)
        self.assertIn("values[2]", text)
        self.assertFalse(self.env["res.partner"].search_count([("name", "like", "Batch ")]))

    def test_a_third_record_refused_by_a_constraint_takes_the_first_two_with_it(self) -> None:
        values = [{"name": "Batch 1"}, {"name": "Batch 2"}, {"type": "contact", "name": False}]
        text = self.error("create_records", model="res.partner", values=values)
        self.assertTrue(text)
        self.assertFalse(self.env["res.partner"].search_count([("name", "like", "Batch ")]))

    def test_a_failure_at_the_flush_leaves_nothing(self) -> None:
        def failing_flush(self, *args):
            raise ValueError("broken at the flush")

        model = type(self.env["res.partner"])
        # 18.0 on flush many records at once.
        flush = "_write_multi" if hasattr(model, "_write_multi") else "_write"
        with patch.object(model, flush, failing_flush), self.breaking():
            self.result("update_records", model="res.partner", ids=[self.partner.id], values={"name": "After"})
        self.env.invalidate_all()
        self.assertEqual(self.partner.name, "Before")

    def test_a_failure_in_a_computed_field_leaves_nothing(self) -> None:
        def failing_compute(self) -> None:
            raise ZeroDivisionError

        compute = patch.object(type(self.partner), "_compute_commercial_company_name", failing_compute)
        with compute, self.breaking():
            self.result(
                "update_records",
                model="res.partner",
                ids=[self.partner.id],
                values={"name": "After", "is_company": False, "company_name": "Firm"},
            )
        self.env.invalidate_all()
        self.assertEqual(self.partner.name, "Before")

    def test_an_sql_constraint_is_told_in_its_own_words_and_leaves_nothing(self) -> None:
        opened = {"pattern": "res.users", "create_decision": "allow"}
        self.env.ref("mcp_native.profile_full").write({"rule_ids": [(0, 0, opened)]})
        existing = self.env["res.users"].search([], limit=1).login
        text = self.error(
            "create_records",
            self.admin,
            model="res.users",
            values=[{"name": "Doubled", "login": existing}],
        )
        self.assertIn("login", text.lower())
        self.assertFalse(self.env["res.partner"].search_count([("name", "=", "Doubled")]))

    def test_after_a_failure_the_next_call_reads_what_is_stored(self) -> None:
        values = {"name": "After", "parent_id": self.partner.id}
        self.error("update_records", model="res.partner", ids=[self.partner.id], values=values)
        text = self.text("read_records", model="res.partner", ids=[self.partner.id], fields=["name", "parent_id"])
        self.assertIn("Before", text)
        self.assertNotIn("After", text)
        self.assertEqual((self.partner.name, self.partner.parent_id.id), ("Before", False))

    def test_the_work_planned_for_the_commit_goes_with_a_failed_call(self) -> None:
        planned = []

        def planning_write(self, vals):
            self.env.cr.postcommit.add(lambda: planned.append("sent"))
            raise ZeroDivisionError

        before = list(self.env.cr.postcommit._funcs)
        with patch.object(type(self.env["res.partner"]), "write", planning_write), self.breaking():
            self.result("update_records", model="res.partner", ids=[self.partner.id], values={"name": "After"})
        self.assertEqual(list(self.env.cr.postcommit._funcs), before)


@tagged("post_install", "-at_install")
class TestWriting(ToolCase):
    def test_many_records_are_created_at_once_and_named_with_their_ids(self) -> None:
        text = self.text("create_records", model="res.partner", values=[{"name": "Ann"}, {"name": "Bob"}])
        ann, bob = self.env["res.partner"].search([("name", "in", ["Ann", "Bob"])], order="name")
        self.assertIn(str(ann.id), text)
        self.assertIn(f"{bob.id}", text)
        self.assertEqual(self.facts["ids"], [ann.id, bob.id])

    def test_each_record_may_get_its_own_values(self) -> None:
        ann, bob = self.env["res.partner"].create([{"name": "Ann"}, {"name": "Bob"}])
        self.text(
            "update_records", model="res.partner", ids=[bob.id, ann.id], values=[{"phone": "2"}, {"phone": "1"}]
        )
        self.assertEqual((ann.phone, bob.phone), ("1", "2"))

    def test_a_list_of_values_of_another_length_than_the_ids_is_refused(self) -> None:
        partner = self.env["res.partner"].create({"name": "Ann"})
        text = self.error("update_records", model="res.partner", ids=[partner.id], values=[{"phone": "1"}] * 2)
        self.assertIn("2 objects for 1 ids", text)

    def test_html_may_be_written_as_markdown(self) -> None:
        partner = self.env["res.partner"].create({"name": "Ann"})
        self.text("update_records", model="res.partner", ids=[partner.id], values={"comment": "A **bold** word"})
        self.assertIn("<strong>bold</strong>", str(partner.comment))

    def test_deleted_records_are_named_one_last_time(self) -> None:
        partner = self.env["res.partner"].create({"name": "Gone Soon"})
        text = self.text("delete_records", model="res.partner", ids=[partner.id])
        self.assertIn("Gone Soon", text)
        self.assertFalse(partner.exists())

    def test_a_missing_id_is_named_and_nothing_is_deleted(self) -> None:
        partner = self.env["res.partner"].create({"name": "Stays"})
        text = self.error("delete_records", model="res.partner", ids=[partner.id, 2147483000])
        self.assertIn("2147483000", text)
        self.assertTrue(partner.exists())

    def test_a_plain_user_is_told_that_an_access_right_is_missing(self) -> None:
        currency = self.env.company.currency_id
        text = self.error("update_records", model="res.currency", ids=[currency.id], values={"symbol": "X"})
        self.assertIn("res.currency", text)
        self.assertIn("access right", text)

    def test_a_credential_without_the_write_scope_has_no_tool_that_writes(self) -> None:
        tools = {tool["name"]: tool for tool in self.service(scopes=frozenset({"mcp:read"})).tools()}
        self.assertIn("search_records", tools)
        self.assertTrue(all(tool["annotations"]["readOnlyHint"] for tool in tools.values()))
        self.assertNotIn("create_records", tools)
