# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A batch asks once for all of its steps, and does exactly what a person was shown."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from odoo.tests import tagged

from ..models import approval_run
from ..toolsets.preview import Outdated, look
from .common import make_key
from .consent_case import ConsentCase
from .test_batch import PARTNER, create, search, step, update


def delete(ids: Any, **more: Any) -> dict[str, Any]:
    return step("delete_records", model=PARTNER, ids=ids, **more)


class BatchConsentCase(ConsentCase):
    def steps(self, *steps: dict[str, Any], **options: Any) -> dict[str, Any]:
        return {"steps": list(steps), **options}

    def count(self, name: str) -> int:
        self.env.invalidate_all()
        return self.env[PARTNER].search_count([("name", "=", name)])

    def rule(self, **decisions: str) -> None:
        self.rules.rule_ids = [(0, 0, {"pattern": PARTNER, **decisions})]
        self.env.flush_all()


@tagged("post_install", "-at_install")
class TestOneConsent(BatchConsentCase):
    def test_one_question_shows_all_that_would_change(self) -> None:
        steps = self.steps(create("QZ One"), update(self.azure.ids, phone="+32 2"), update("$1.ids", city="Ghent"))
        text, token = self.asked("batch", **steps)
        self.assertEqual((self.count("QZ One"), self.azure.phone), (0, "+32 1"))
        for words in ("QZ One", "Phone: +32 1 → +32 2", "Ghent"):
            self.assertIn(words, text)
        self.text_of("batch", **steps, confirmation=token)
        self.assertEqual(self.facts["consent"], "confirmed")
        self.assertEqual((self.count("QZ One"), self.azure.phone), (1, "+32 2"))
        self.text_of("batch", **steps, confirmation=token)
        self.assertEqual((self.facts["consent"], self.count("QZ One")), ("replayed", 1))

    def test_other_steps_need_another_yes(self) -> None:
        _text, token = self.asked("batch", **self.steps(update(self.azure.ids, phone="+32 2")))
        text, _other = self.asked("batch", **self.steps(update(self.azure.ids, phone="+32 3")), confirmation=token)
        self.assertIn("for another call", text)

    def test_reading_steps_alone_need_no_consent(self) -> None:
        self.assertIn("All 2 steps", self.text_of("batch", **self.steps(search("Azure Interior"), step("get_context"))))

    def test_the_strictest_step_decides_for_all(self) -> None:
        text = self.text_of(
            "batch", **self.steps(update(self.azure.ids, phone="+32 2"), create("QZ"), delete("$2.ids"))
        )
        self.assertIn("Waits for approval", text)
        self.assertEqual((self.facts["consent"], self.azure.phone, self.count("QZ")), ("requested", "+32 1", 0))
        approval = self.env["mcp_native.approval"].search([], limit=1, order="id desc")
        self.assertEqual(approval.summary, "Batch: update_records, create_records, delete_records")

    def test_what_is_denied_denies_all(self) -> None:
        self.rule(unlink_decision="deny")
        for optional in (False, True):
            text = self.ask(
                "batch", **self.steps(update(self.azure.ids, phone="+32 2"), delete(self.azure.ids, optional=optional))
            )
            self.assertTrue(text.is_error)
            self.assertIn("does not let you delete", text.content[0]["text"])
        self.assertEqual(self.azure.phone, "+32 1")

    def test_a_dry_run_shows_all_and_what_would_be_left_out(self) -> None:
        bad = update(self.azure.ids, fone="1", optional=True)
        text = self.text_of("batch", **self.steps(update(self.azure.ids, phone="+32 2"), bad), dry_run=True)
        self.assertIn("Phone: +32 1 → +32 2", text)
        self.assertIn("Step 2 (update_records) would fail and be left out", text)
        self.assertEqual(self.azure.phone, "+32 1")

    def test_every_method_that_is_run_is_named_as_not_to_be_undone(self) -> None:
        steps = [step("call_method", model=PARTNER, method=name, ids=self.azure.ids)
                 for name in ("action_archive", "action_unarchive")]  # fmt: skip
        text = self.text_of("batch", **self.steps(*steps), dry_run=True)
        self.assertIn("What res.partner.action_archive, res.partner.action_unarchive does cannot be undone", text)

    def test_no_more_records_are_changed_than_by_one_call(self) -> None:
        self.rules.write({"max_records": 3, "create_decision": "allow"})
        self.assertIn("allows 3", self.refusal_of("batch", **self.steps(create("QZ", "QZ"), create("QZ", "QZ"))))
        self.assertEqual(self.count("QZ"), 0)
        text = self.text_of("batch", **self.steps(create("QZ", "QZ"), create("QZ", "QZ", optional=True), create("QZ")))
        self.assertIn("Done: 2 of 3", text)
        self.assertEqual(self.count("QZ"), 3)

    def test_an_idempotency_key_is_for_the_whole(self) -> None:
        self.rules.create_decision = "allow"
        texts = {self.text_of("batch", **self.steps(create("QZ")), idempotency_key="k") for _time in range(2)}
        self.assertEqual((len(texts), self.count("QZ")), (1, 1))


@tagged("post_install", "-at_install")
class TestExactlyWhatWasShown(BatchConsentCase):
    def test_what_a_search_finds_later_is_shown_before_it_is_changed(self) -> None:
        steps = self.steps(search("Azure Interior"), update("$1.ids", phone="+32 2"))
        _text, token = self.asked("batch", **steps)
        second = self.env[PARTNER].create({"name": "Azure Interior", "phone": "+32 5"})
        text, other = self.asked("batch", **steps, confirmation=token)
        self.assertIn("about other records now", text)
        self.assertIn("+32 5 → +32 2", text)
        self.assertEqual((self.azure.phone, second.phone), ("+32 1", "+32 5"))
        self.text_of("batch", **steps, confirmation=other)
        self.assertEqual((self.azure.phone, second.phone), ("+32 2", "+32 2"))

    def test_a_value_that_refers_to_another_record_by_then_is_shown_before(self) -> None:
        first, second = self.env[PARTNER].create([{"name": "QZ parent"}, {"name": "QZ parent"}])
        steps = self.steps(search("QZ parent"), update(self.azure.ids, parent_id="$1.ids[0]"))
        _text, token = self.asked("batch", **steps)
        shown_first = first if self.env[PARTNER].search([("name", "=", "QZ parent")])[0] == first else second
        shown_first.name = "QZ other"
        text, _other = self.asked("batch", **steps, confirmation=token)
        self.assertIn("about other records now", text)
        self.assertFalse(self.azure.parent_id)

    def test_what_the_batch_makes_itself_has_another_id_each_time_and_is_the_same(self) -> None:
        steps = self.steps(
            create("QZ"), update(["$1.id", self.azure.id], city="Ghent"), update(self.azure.ids, ref="${1.id}")
        )
        _text, token = self.asked("batch", **steps)
        self.text_of("batch", **steps, confirmation=token)
        self.assertEqual((self.count("QZ"), self.azure.city), (1, "Ghent"))

    def test_nobody_is_asked_about_steps_that_would_be_left_out(self) -> None:
        bad = update(self.azure.ids, fone="1", optional=True)
        text = self.refusal_of("batch", **self.steps(update(self.azure.ids, phone="+32 2"), bad))
        self.assertIn("leave out what would fail", text)
        self.assertIn("Step 2", text)

    def test_nobody_is_asked_about_what_cannot_be_shown(self) -> None:
        def archiving(records: Any) -> None:
            records.env.cr.commit()

        call = step("call_method", model=PARTNER, method="action_archive", ids=self.azure.ids)
        with patch.object(type(self.azure), "action_archive", archiving):
            for optional in (False, True):
                text = self.refusal_of("batch", **self.steps(create("QZ"), {**call, "optional": optional}))
                self.assertIn("Step 2 (call_method)", text)
                self.assertIn("call it by itself", text)

    def test_an_approved_batch_is_not_done_to_other_records(self) -> None:
        steps = self.steps(search("Azure Interior"), delete("$1.ids"))
        self.assertIn("Waits for approval", self.text_of("batch", **steps))
        service = self.service()
        call = self.call_of(steps)
        preview = look(service, call, service._tool("batch"), steps)
        second = self.env[PARTNER].create({"name": "Azure Interior"})
        with self.assertRaises(Outdated):
            service.carry_out(call, "batch", steps, stamps=preview.stamps, level="approve")
        self.env.invalidate_all()
        self.assertTrue(self.azure.exists() and second.exists())
        second.unlink()
        result = service.carry_out(call, "batch", steps, stamps=preview.stamps, level="approve")
        self.assertFalse(result.is_error, result.content)
        self.assertFalse(self.azure.exists())

    def test_an_approved_batch_is_logged_step_by_step(self) -> None:
        steps = self.steps(create("QZ"), update("$1.ids", city="Ghent"))
        service, call = self.service(), self.call_of(steps)
        stamps = look(service, call, service._tool("batch"), steps).stamps
        service.carry_out(call, "batch", steps, stamps=stamps, level="approve")
        with patch.object(approval_run, "write_rows") as write_rows:
            approval_run._log(service, call, "ok", 0.1)
            self.env.cr.postcommit.run()
        rows = write_rows.call_args[0][1]
        self.assertEqual([row["tool"] for row in rows], ["batch", "create_records", "update_records"])
        self.assertEqual({row["consent"] for row in rows}, {"approved"})
        self.assertEqual(rows[1]["record_ids"], str(self.env[PARTNER].search([("name", "=", "QZ")]).id))

    def call_of(self, arguments: dict[str, Any]) -> Any:
        from ..protocol import Call

        make_key(self.env, self.plain)
        return Call(id=None, method="tools/call", params={"name": "batch", "arguments": arguments})


@tagged("post_install", "-at_install")
class TestSilentSteps(BatchConsentCase):
    """A tool that says nothing is looked at by itself, although the steps around it speak."""

    def setUp(self) -> None:
        super().setUp()
        if "mcp_native.toolset.conformance.live" not in self.env:
            self.skipTest("the addon with the fixtures is not installed")

    def silent(self, **more: Any) -> dict[str, Any]:
        return step("test_steps", name="QZ silent", steps=2, pause=0, **more)

    def around(self, *steps: dict[str, Any]) -> dict[str, Any]:
        return self.steps(update(self.azure.ids, phone="+32 2"), *steps, update(self.azure.ids, city="Ghent"))

    def test_what_it_needs_the_whole_needs(self) -> None:
        self.rule(write_decision="allow", create_decision="confirm")
        steps = self.around(self.silent())
        text, token = self.asked("batch", **steps)
        self.assertIn("QZ silent", text)
        self.assertEqual((self.count("QZ silent"), self.azure.phone), (0, "+32 1"))
        self.text_of("batch", **steps, confirmation=token)
        self.assertEqual((self.count("QZ silent"), self.azure.phone), (2, "+32 2"))

    def test_what_it_may_not_do_is_refused_with_its_step(self) -> None:
        self.rule(write_decision="allow", create_decision="deny")
        text = self.refusal_of("batch", **self.around(self.silent()))
        self.assertIn("Step 2 (test_steps) failed", text)
        self.assertEqual((self.count("QZ silent"), self.azure.phone), (0, "+32 1"))

    def test_an_optional_one_that_may_not_is_left_out(self) -> None:
        self.rule(write_decision="allow", create_decision="deny")
        text = self.text_of("batch", **self.around(self.silent(optional=True)))
        self.assertIn("2 test_steps: left out", text)
        self.assertEqual((self.count("QZ silent"), self.azure.phone), (0, "+32 2"))

    def test_its_records_count(self) -> None:
        self.rule(write_decision="allow", create_decision="allow")
        self.rules.max_records = 3
        self.assertIn("4 records in one call", self.refusal_of("batch", **self.steps(self.silent(), self.silent())))
        self.assertIn("All 2", self.text_of("batch", **self.steps(self.silent(), update(self.azure.ids, phone="1"))))
