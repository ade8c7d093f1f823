# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.mcp_native.models.principal import Principal

from .consent_case import ConsentCase
from .tool_case import SCOPES

PARTNER = {"model": "res.partner", "values": [{"name": "Only one"}]}


@tagged("post_install", "-at_install")
class TestIdempotency(ConsentCase):
    profile = "full"

    def count(self, name: str = "Only one") -> int:
        return self.env["res.partner"].search_count([("name", "=", name)])

    def test_a_repeated_call_gets_the_first_answer_and_is_not_made_again(self) -> None:
        first = self.text_of("create_records", **PARTNER, idempotency_key="k1")
        self.assertNotIn("consent", self.facts)
        again = self.text_of("create_records", **PARTNER, idempotency_key="k1")
        self.assertEqual((again, self.facts["consent"]), (first, "replayed"))
        self.assertEqual(self.count(), 1)

    def test_calls_without_a_key_or_with_another_one_are_calls_of_their_own(self) -> None:
        self.text_of("create_records", **PARTNER)
        self.text_of("create_records", **PARTNER)
        self.text_of("create_records", **PARTNER, idempotency_key="k1")
        self.text_of("create_records", **PARTNER, idempotency_key="k2")
        self.assertEqual(self.count(), 4)

    def test_a_key_with_other_arguments_is_an_error(self) -> None:
        self.text_of("create_records", **PARTNER, idempotency_key="k1")
        other = {**PARTNER, "values": [{"name": "Another"}]}
        self.assertIn("another call", self.refusal_of("create_records", **other, idempotency_key="k1"))
        self.assertEqual(self.count("Another"), 0)

    def test_a_key_with_another_tool_is_an_error(self) -> None:
        self.text_of("create_records", **PARTNER, idempotency_key="k1")
        self.assertIn("another call", self.refusal_of("update_records", **self.phone(idempotency_key="k1")))

    def test_a_failed_call_leaves_its_key_free(self) -> None:
        with patch.object(type(self.azure), "create", side_effect=UserError("not today")):
            self.assertIn("not today", self.refusal_of("create_records", **PARTNER, idempotency_key="k1"))
        self.text_of("create_records", **PARTNER, idempotency_key="k1")
        self.assertEqual(self.count(), 1)

    def test_a_key_belongs_to_its_user(self) -> None:
        groups = "base.group_user,base.group_partner_manager,mcp_native.group_user"
        other = new_test_user(self.env, "mcp_tool_other", groups=groups)
        self.text_of("create_records", **PARTNER, idempotency_key="k1")
        self.text_of("create_records", other, **PARTNER, idempotency_key="k1")
        self.assertEqual(self.count(), 2)

    def test_a_dry_run_uses_no_key_up(self) -> None:
        self.text_of("create_records", **PARTNER, idempotency_key="k1", dry_run=True)
        self.text_of("create_records", **PARTNER, idempotency_key="k1")
        self.assertEqual(self.count(), 1)

    def test_a_question_uses_no_key_up_but_the_confirmed_call_does(self) -> None:
        self.rules.create_decision = "confirm"
        _text, token = self.asked("create_records", **PARTNER, idempotency_key="k1")
        first = self.text_of("create_records", **PARTNER, idempotency_key="k1", confirmation=token)
        self.assertEqual(self.text_of("create_records", **PARTNER, idempotency_key="k1"), first)
        self.assertEqual((self.count(), self.facts["consent"]), (1, "replayed"))

    def test_a_request_for_an_approval_is_made_once(self) -> None:
        self.rules.create_decision = "approve"
        first = self.text_of("create_records", **PARTNER, idempotency_key="k1")
        self.assertEqual(self.text_of("create_records", **PARTNER, idempotency_key="k1"), first)
        self.assertEqual(self.facts["consent"], "replayed")

    def test_keys_are_forgotten_after_a_week_and_are_stored_as_digests(self) -> None:
        self.text_of("create_records", **PARTNER, idempotency_key="my secret key")
        kept = self.env["mcp_native.idempotency"]
        self.env.cr.execute("SELECT row::text FROM mcp_native_idempotency row")
        self.assertNotIn("my secret key", str(self.env.cr.fetchall()))
        kept._gc_old()
        self.assertEqual(kept.search_count([]), 1)
        self.env.cr.execute("UPDATE mcp_native_idempotency SET date = date - interval '8 days'")
        kept._gc_old()
        self.assertEqual(kept.search_count([]), 0)

    def test_a_kept_answer_holds_no_link_and_a_repeated_call_gets_one_that_is_good(self) -> None:
        asked = {"model": "res.partner", "id": self.azure.id, "name": "x.txt", "idempotency_key": "k1"}
        links = self.env["mcp_native.file.link"]
        principal = Principal(self.plain.id, "api_key", 1, "test", SCOPES)
        with patch.object(type(links), "_principal_of", lambda _self, _row: principal):
            first, again = self.text_of("attach_file", **asked), self.text_of("attach_file", **asked)
            self.assertEqual(self.facts["consent"], "replayed")
            self.env.cr.execute("SELECT answer FROM mcp_native_idempotency")
            kept = str(self.env.cr.fetchall())
            self.assertIn("/file/link-", kept)
            self.assertNotIn("mcpl_", kept)
            old, new = (re.search(r"mcpl_[\w-]+", text)[0] for text in (first, again))
            self.assertIsNone(links._opened(old, "upload"))
            self.assertEqual(links._opened(new, "upload").ids, (self.azure.id,))

    def test_a_key_that_is_too_long_is_refused(self) -> None:
        self.assertIn("200", self.refusal_of("create_records", **PARTNER, idempotency_key="k" * 201))
