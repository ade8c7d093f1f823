# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from unittest.mock import patch

from odoo import models
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..orm import previewing
from .consent_case import ConsentCase


@tagged("post_install", "-at_install")
class TestPreview(ConsentCase):
    profile = "full"

    def tried(self, **arguments: object) -> str:
        text = self.text_of("update_records", **self.phone(dry_run=True, **arguments))
        self.assertEqual(self.facts["consent"], "preview")
        return text

    @contextlib.contextmanager
    def business(self, code: Callable[[models.BaseModel], object]) -> Iterator[None]:
        """Let something happen whenever a contact is written, beside the writing."""
        model = type(self.azure)
        write = model.write

        def wrapped(records: models.BaseModel, values: dict) -> bool:
            done = write(records, values)
            code(records)
            return done

        with patch.object(model, "write", wrapped):
            yield

    def test_a_dry_run_tells_old_and_new_with_labels_and_changes_nothing(self) -> None:
        text = self.tried()
        self.assertIn("nothing was changed", text)
        self.assertIn("Phone: +32 1 → +32 2", text)
        self.assertIn("Azure Interior", text)
        self.assertEqual(self.azure.phone, "+32 1")

    def test_a_dry_run_says_what_consent_the_call_needs(self) -> None:
        self.assertNotIn("confirm", self.tried())
        self.rules.write_decision = "confirm"
        self.assertIn("must confirm", self.tried())
        self.rules.write_decision = "approve"
        self.assertIn("approval", self.tried())

    def test_a_dry_run_of_what_fails_says_so(self) -> None:
        def fail(_records: models.BaseModel) -> None:
            raise UserError("The moon is full.")

        with self.business(fail):
            self.assertEqual(self.tried(), "Nothing was changed. This would fail: The moon is full.")

    def test_a_database_constraint_is_found_too(self) -> None:
        values = {"name": False, "is_company": False, "type": "contact"}
        text = self.text_of("update_records", **{**self.phone(dry_run=True), "values": values})
        self.assertIn("This would fail", text)

    def test_a_dry_run_of_what_is_denied_says_so(self) -> None:
        self.rules.write_decision = "deny"
        self.assertIn("This would fail", self.tried())

    def test_creation_deletion_and_methods_are_tried_too(self) -> None:
        count = self.env["res.partner"].with_context(active_test=False).search_count([])
        values = [{"name": "Not there", "email": "a@b.example"}]
        self.assertIn("a@b.example", self.text_of("create_records", model="res.partner", values=values, dry_run=True))
        text = self.text_of("delete_records", model="res.partner", ids=self.azure.ids, dry_run=True)
        self.assertIn("Azure Interior", text)
        arguments = {"model": "res.partner", "method": "action_archive", "ids": self.azure.ids}
        self.assertIn("cannot be undone", self.text_of("call_method", **arguments, dry_run=True))
        self.assertEqual(self.env["res.partner"].with_context(active_test=False).search_count([]), count)
        self.assertTrue(self.azure.active)

    def test_work_for_after_the_commit_is_not_done(self) -> None:
        done = []
        with self.business(lambda records: records.env.cr.postcommit.add(lambda: done.append(1))):
            self.tried()
        self.env.cr.postcommit.run()
        self.assertFalse(done)

    def test_business_code_that_commits_is_stopped(self) -> None:
        with self.business(lambda records: records.env.cr.commit()):
            text = self.tried()
        self.assertIn("cannot be tried", text)
        self.assertEqual(self.azure.phone, "+32 1")

    def test_business_code_that_reaches_out_is_stopped_even_if_it_copes_with_that(self) -> None:
        def reach_out(_records: models.BaseModel) -> None:
            with contextlib.suppress(Exception):
                socket.create_connection(("127.0.0.1", 9), timeout=1)

        with self.business(reach_out):
            text = self.tried()
        self.assertIn("reaches out to another server", text)
        self.assertIn("+32 1 → +32 2", text)

    def test_what_cannot_be_tried_can_still_be_confirmed(self) -> None:
        self.rules.write_decision = "confirm"
        with self.business(lambda _records: socket.create_connection(("127.0.0.1", 9), timeout=1)):
            text, _token = self.asked("update_records", **self.phone())
        self.assertIn("cannot be tried", text)

    def test_no_mail_is_sent_and_the_preview_says_to_whom_one_would_go(self) -> None:
        sent = []
        reader = self.env["res.partner"].create({"name": "Reader", "email": "reader@mail.example"})
        self.env.flush_all()

        def mail(records: models.BaseModel) -> None:
            values = {"subject": "x", "body_html": "x", "recipient_ids": [(4, reader.id)], "email_from": "a@b.example"}
            records.env["mail.mail"].sudo().create(values).send()

        with self.business(mail), patch("smtplib.SMTP.send_message", lambda *args, **kwargs: sent.append(args)):
            text = self.tried()
        self.assertIn("Would send mail to Reader", text)
        self.assertFalse(sent)
        self.assertFalse(self.env["mail.mail"].search([("subject", "=", "x")]))

    def test_no_number_of_a_sequence_is_used_up(self) -> None:
        values = {"name": "Test", "code": "mcp.test", "padding": 3, "prefix": "T", "implementation": "standard"}
        sequence = self.env["ir.sequence"].create(values)
        by_date = self.env["ir.sequence"].create({**values, "code": "mcp.dated", "use_date_range": True})
        self.env.flush_all()
        by_date.next_by_id()
        drawn = []

        def draw(records: models.BaseModel) -> None:
            numbers = records.env["ir.sequence"].sudo().browse((sequence + by_date).ids)
            drawn.append([one.next_by_id() for one in numbers for _time in range(2)])

        with self.business(draw):
            self.tried()
        self.assertEqual(drawn, [["T001", "T002", "T002", "T003"]])
        self.assertEqual((sequence.next_by_id(), by_date.next_by_id()), ("T001", "T002"))

    def test_what_was_cached_while_trying_is_forgotten(self) -> None:
        params = self.env["ir.config_parameter"].sudo()
        params.set_param("mcp.test", "before")
        self.env.flush_all()

        def configure(records: models.BaseModel) -> None:
            inside = records.env["ir.config_parameter"].sudo()
            inside.set_param("mcp.test", "tried")
            self.assertEqual(inside.get_param("mcp.test"), "tried")

        with self.business(configure):
            self.tried()
        self.assertEqual(params.get_param("mcp.test"), "before")

    def test_nothing_is_tried_any_more_after_a_preview(self) -> None:
        self.tried()
        self.assertIsNone(previewing.current())
        self.rules.write_decision = "allow"
        self.text_of("update_records", **self.phone())
        self.assertEqual(self.azure.phone, "+32 2")

    def test_a_preview_shows_only_what_the_user_may_see(self) -> None:
        self.rules.rule_ids = [(0, 0, {"pattern": "res.partner", "hidden_fields": "ref"})]
        self.env.flush_all()
        with self.business(lambda records: records.ref or setattr(records, "ref", "SECRET")):
            text = self.tried()
        self.assertIn("+32 2", text)
        self.assertNotIn("SECRET", text)
