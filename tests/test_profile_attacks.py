# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ways round a profile that an assistant, or who misleads it, would try."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mcp_native.models.principal import Principal

from .common import shared_cursor
from .consent_case import ConsentCase
from .test_profile_leaks import FIELD, OUTSIDE, RULES, LeakCase
from .tool_case import SCOPES


class OtherConnection:
    """A second connection of the same users."""

    def connection(self, number: int) -> Any:
        """Let what follows come from the connection with this number."""
        make = type(self).service

        def service(case: Any, user: Any = None, *args: Any) -> Any:
            found = make(case, user, *args)
            found.principal = Principal(found.principal.uid, "api_key", number, f"connection {number}", SCOPES)
            return found

        return patch.object(type(self), "service", service)


@tagged("post_install", "-at_install")
class TestMethodsInPlaceOfTools(LeakCase):
    """A method that only does what a tool does is decided like the tool."""

    def called(self, method: str, ids: list[int] | None = None, *args: Any, model: str = "res.partner") -> str:
        return self.answer("call_method", model=model, method=method, ids=ids, args=list(args))

    def test_a_copy_needs_what_creating_needs(self) -> None:
        self.profile.write({"create_decision": "approve", "approver_ids": [(6, 0, self.plain.ids)]})
        before = self.env["res.partner"].search_count([])
        for method, ids, args in (("copy", self.inside.ids, []), ("name_create", None, ["Sneaky"])):
            arguments = {"model": "res.partner", "method": method, "ids": ids, "args": args}
            with shared_cursor(self):
                text = self.answer("call_method", **arguments)
            self.assertIn("Waits for approval", text)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_archiving_needs_what_changing_needs(self) -> None:
        self.profile.write_decision = "deny"
        for method in ("action_archive", "toggle_active"):
            self.assertIn("does not let you change", self.called(method, self.inside.ids))
        self.assertTrue(self.inside.active)

    def test_what_is_read_only_is_not_archived_either(self) -> None:
        self.profile.rule_ids[0].readonly_fields = "active"
        self.assertIn("read-only", self.called("action_archive", self.inside.ids))
        self.assertTrue(self.inside.active)

    def test_methods_for_mail_servers_are_not_called(self) -> None:
        mail = f"From: a@b.c\nTo: d@e.f\nSubject: {OUTSIDE}\nMessage-Id: <1@b.c>\n\nx"
        self.assertIn("for Odoo's own", self.called("message_process", None, "res.partner", mail))
        self.assertIn("for Odoo's own", self.called("message_new", None, {"subject": "x"}, {"city": "Nowhere"}))

    def test_lookups_of_the_web_client_find_nothing_hidden(self) -> None:
        for method in ("get_mention_suggestions", "im_search", "search_for_channel_invite"):
            self.assertNothing(self.called(method, None, "qzoutside"), str(self.outside.id))
        self.assertNothing(self.called("mail_partner_format", self.child.ids))

    def test_a_hidden_field_far_into_a_text_or_in_a_domain_as_text_is_refused(self) -> None:
        for argument in ("name, " * 60 + "ref", f"[('ref', 'ilike', '{FIELD}')]", '[["ref", "=", 1]]'):
            self.assertIn("may not see", self.called("address_get", self.inside.ids, [argument]), argument)
        self.assertNotIn("may not see", self.called("address_get", self.inside.ids, ["x" * 300 + " the ref of it"]))


@tagged("post_install", "-at_install")
class TestOtherConnections(OtherConnection, LeakCase):
    """What one connection with many rights did tells one with few of the same user nothing."""

    @contextmanager
    def unlimited(self, rules: list[dict[str, Any]]) -> Iterator[None]:
        """Let the profile say nothing about models for a while, then these rules."""
        self.profile.rule_ids.unlink()
        yield
        self.profile.write({"rule_ids": [(0, 0, rule) for rule in rules]})

    def test_deleted_records_are_not_told_from_their_old_values(self) -> None:
        rules = [{key: value for key, value in RULES[0].items() if key != "hidden_fields"}, RULES[1]]
        with self.unlimited(rules), self.connection(7):
            self.answer("delete_records", model="res.partner.category", ids=self.tag.ids)
            self.child.parent_id = False
            self.bank.unlink()
            text = self.answer("delete_records", model="res.partner", ids=self.outside.ids)
            self.assertTrue(text.startswith("Deleted 1"), text)
        with self.connection(8):
            self.assertNothing(self.answer("list_changes"))
            self.assertNothing(self.answer("list_changes", model="res.partner"))
        row = self.env["mcp_native.change"].search([("res_id", "=", self.outside.id), ("model", "=", "res.partner")])
        with self.connection(8):
            text = self.answer("undo_changes", changes=row.ids)
            self.assertNothing(text)
            self.assertFalse(self.env["res.partner"].search_count([("name", "=", OUTSIDE)]))

    def test_rows_that_keep_texts_of_other_calls_are_not_read_as_records(self) -> None:
        for model in ("mcp_native.change", "mcp_native.approval"):
            self.assertIn("There is no model", self.answer("search_records", model=model))
        self.assertIn("has no field", self.answer("search_records", model="mcp_native.access.log", fields=["result"]))
        domain = [["arguments", "ilike", "x"]]
        self.assertIn("has no field", self.answer("count_records", model="mcp_native.access.log", domain=domain))

    def test_the_result_of_an_approval_is_for_the_connection_that_asked(self) -> None:
        approvals = self.env["mcp_native.approval"].sudo()._editor()
        approval = approvals.create(
            {
                "user_id": self.admin.id,
                "credential_kind": "api_key",
                "credential_id": 7,
                "tool": "update_records",
                "arguments": "{}",
                "model": "res.partner",
                "state": "done",
                "result": f"Updated 1 res.partner: {OUTSIDE} #1",
                "expires": "2999-01-01",
            }
        )
        with self.connection(7):
            self.assertIn("Updated 1", self.text("get_approval", self.admin, id=approval.id))
        with self.connection(8):
            text = self.text("get_approval", self.admin, id=approval.id)
            self.assertIn("approved and done", text)
            self.assertNothing(text)


@tagged("post_install", "-at_install")
class TestManyRecords(ConsentCase):
    profile = "full"

    def test_lines_count_as_records(self) -> None:
        self.rules.max_records = 5
        lines = [[0, 0, {"name": f"Line {number}"}] for number in range(6)]
        for name, more in (
            ("update_records", {"ids": self.azure.ids, "values": {"child_ids": lines}}),
            ("create_records", {"values": [{"name": "Parent", "child_ids": lines}]}),
        ):
            self.assertIn("allows 5", self.refusal_of(name, model="res.partner", **more))
        self.azure.child_ids = [(0, 0, {"name": f"Child {number}"}) for number in range(6)]
        self.env.flush_all()
        gone = [[2, child, 0] for child in self.azure.child_ids.ids]
        for commands in (gone, [[5]], [[6, 0, []]]):
            arguments = {"ids": self.azure.ids, "values": {"child_ids": commands}}
            self.assertIn("allows 5", self.refusal_of("update_records", model="res.partner", **arguments), commands)
        self.assertEqual(len(self.azure.child_ids), 6)
        self.text_of("update_records", model="res.partner", ids=self.azure.ids, values={"child_ids": gone[:4]})
        self.assertEqual(len(self.azure.child_ids), 2)


@tagged("post_install", "-at_install")
class TestDetours(LeakCase):
    """What may not be written is not written by another name either."""

    def test_a_read_only_field_is_not_written_through_a_related_one(self) -> None:
        self.profile.rule_ids.unlink()
        self.profile.rule_ids = [(0, 0, {"pattern": "res.partner", "readonly_fields": "website"})]
        company = self.admin.company_id
        before = company.partner_id.website
        text = self.answer(
            "update_records", model="res.company", ids=company.ids, values={"website": "https://detour.example"}
        )
        self.assertIn("computed by Odoo", text)
        self.assertEqual(company.partner_id.website, before)

    def test_what_stands_in_another_record_is_decided_like_that_record(self) -> None:
        self.profile.rule_ids.unlink()
        self.profile.rule_ids = [(0, 0, {"pattern": "res.partner", "write_decision": "deny"})]
        company = self.admin.company_id
        before = company.partner_id.website
        values = {"website": "https://detour.example"}
        text = self.answer("update_records", model="res.company", ids=company.ids, values=values)
        self.assertIn("does not let you change res.partner", text)
        self.assertEqual(company.partner_id.website, before)

    def test_an_undo_does_not_take_a_record_out_of_what_is_left(self) -> None:
        rule = self.profile.rule_ids.filtered(lambda one: one.domain and one.pattern == "res.partner")
        domain, rule.domain = rule.domain, "[]"
        self.answer("update_records", model="res.partner", ids=self.outside.ids, values={"city": "Elsewhere"})
        rule.domain = domain
        change = self.env["mcp_native.change"].search([], limit=1)
        text = self.answer("undo_changes", changes=change.ids)
        self.assertIn("leaves only some records", text)
        self.env.invalidate_all()
        self.assertEqual(self.outside.city, "Elsewhere")


@tagged("post_install", "-at_install")
class TestNames(LeakCase):
    def test_contacts_keep_their_names_where_email_and_vat_are_hidden(self) -> None:
        self.profile.rule_ids[0].hidden_fields = "email vat"
        self.inside.write({"email": "qzmail@example.com", "vat": "BE0477472701", "parent_id": False})
        company = self.env["res.partner"].create({"name": "Holding", "is_company": True, "city": "Somewhere"})
        child = self.env["res.partner"].create({"name": "Member", "parent_id": company.id, "city": "Somewhere"})
        self.env.flush_all()
        texts = [
            self.answer("search_records", model="res.partner", domain=[["id", "in", [self.inside.id, child.id]]]),
            self.answer("read_records", model="res.partner", ids=self.inside.ids),
            self.answer("find_records", model="res.partner", text="Inside Contact"),
            self.answer("update_records", model="res.partner", ids=self.inside.ids, values={"street": "X"}),
            self.answer("list_changes"),
        ]
        for text in texts:
            self.assertIn("Inside Contact", text)
            self.assertFalse("qzmail" in text or "0477" in text, text)
        one = {"domain": [["id", "=", child.id]], "fields": ["parent_id"]}
        linked = self.answer("search_records", model="res.partner", **one)
        self.assertIn("Holding", linked)
        grouped = self.answer("aggregate_records", model="res.partner", group_by=["parent_id"], limit=500)
        self.assertIn("Holding", grouped)
