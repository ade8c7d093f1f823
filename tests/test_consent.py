# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.principal import Principal
from ..orm.changes import stamps
from ..protocol import Call, InputRequired
from ..toolsets.preview import Outdated
from .consent_case import ELICITS, ConsentCase
from .tool_case import SCOPES

YES = {"confirm": {"action": "accept", "content": {"yes": True}}}


@tagged("post_install", "-at_install")
class TestConfirmation(ConsentCase):
    def test_a_change_is_shown_and_not_made_before_it_is_confirmed(self) -> None:
        text, _token = self.asked("update_records", **self.phone())
        self.assertEqual(self.azure.phone, "+32 1")
        self.assertIn("Not done yet", text)
        self.assertIn("Phone: +32 1 → +32 2", text)
        self.assertIn("15 minutes", text)
        self.assertLess(len(text), 500)

    def test_a_confirmed_change_is_made_once(self) -> None:
        _text, token = self.asked("update_records", **self.phone())
        text = self.text_of("update_records", **self.phone(confirmation=token))
        self.assertEqual(self.facts["consent"], "confirmed")
        self.assertEqual(self.azure.phone, "+32 2")
        self.azure.phone = "+32 3"
        again = self.text_of("update_records", **self.phone(confirmation=token))
        self.assertEqual((again, self.facts["consent"]), (text, "replayed"))
        self.assertEqual(self.azure.phone, "+32 3")

    def test_a_record_is_created_once_however_often_it_is_confirmed(self) -> None:
        arguments = {"model": "res.partner", "values": [{"name": "Once only"}]}
        _text, token = self.asked("create_records", **arguments)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Once only")]))
        texts = {self.text_of("create_records", **arguments, confirmation=token) for _time in range(3)}
        self.assertEqual(len(texts), 1)
        self.assertEqual(len(self.env["res.partner"].search([("name", "=", "Once only")])), 1)

    def test_a_used_confirmation_with_another_idempotency_key_does_nothing(self) -> None:
        _text, token = self.asked("update_records", **self.phone())
        self.text_of("update_records", **self.phone(confirmation=token, idempotency_key="a"))
        self.azure.phone = "+32 3"
        self.assertIn("done already", self.refusal_of("update_records", **self.phone(confirmation=token)))
        self.assertEqual(self.azure.phone, "+32 3")

    def test_a_confirmation_of_other_arguments_asks_again_and_says_why(self) -> None:
        _text, token = self.asked("update_records", **self.phone())
        text, other = self.asked("update_records", **self.phone("+32 9", confirmation=token))
        self.assertIn("for another call", text)
        self.assertIn("+32 9", text)
        self.assertNotEqual(token, other)
        self.assertEqual(self.azure.phone, "+32 1")

    def test_the_same_arguments_in_another_order_are_the_same(self) -> None:
        _text, token = self.asked("update_records", **self.phone())
        turned = dict(reversed(self.phone(confirmation=token, reason="other words").items()))
        self.text_of("update_records", **turned)
        self.assertEqual(self.azure.phone, "+32 2")

    def test_records_that_were_changed_in_between_are_shown_anew(self) -> None:
        _text, token = self.asked("update_records", **self.phone())
        self.env.cr.execute(
            "UPDATE res_partner SET phone = '+32 7', write_date = write_date + interval '1 second' WHERE id = %s",
            self.azure.ids,
        )
        self.env.invalidate_all()
        text, other = self.asked("update_records", **self.phone(confirmation=token))
        self.assertIn(f"Somebody changed res.partner #{self.azure.id}", text)
        self.assertIn("+32 7 → +32 2", text)
        self.text_of("update_records", **self.phone(confirmation=other))
        self.assertEqual(self.azure.phone, "+32 2")

    def test_an_expired_confirmation_asks_again(self) -> None:
        _text, token = self.asked("update_records", **self.phone())
        self.env.cr.execute("UPDATE mcp_native_confirmation SET expires = expires - interval '16 minutes'")
        text, _other = self.asked("update_records", **self.phone(confirmation=token))
        self.assertIn("older than 15 minutes", text)

    def test_an_invented_confirmation_asks_again(self) -> None:
        for invented in ("yes", "mcpf_" + "x" * 43):
            text, _token = self.asked("update_records", **self.phone(confirmation=invented))
            self.assertIn("none that this connection was given", text)

    def test_a_confirmation_is_good_for_its_own_user_and_connection_only(self) -> None:
        _text, token = self.asked("update_records", **self.phone())
        groups = "base.group_user,base.group_partner_manager,mcp_native.group_user"
        other = new_test_user(self.env, "mcp_tool_other", groups=groups)
        text = self.ask("update_records", other, **self.phone(confirmation=token)).content[0]["text"]
        self.assertIn("none that this connection was given", text)
        service = self.service()
        service.principal = Principal(self.plain.id, "api_key", 2, "second", SCOPES)
        with patch.object(type(self), "service", lambda *_args: service):
            text, _other = self.asked("update_records", **self.phone(confirmation=token))
        self.assertIn("none that this connection was given", text)
        self.assertEqual(self.azure.phone, "+32 1")

    def test_a_confirmed_call_that_fails_can_be_confirmed_again(self) -> None:
        _text, token = self.asked("update_records", **self.phone())
        with patch.object(type(self.azure), "write", side_effect=AccessError("not today")):
            self.assertIn("not today", self.refusal_of("update_records", **self.phone(confirmation=token)))
        self.text_of("update_records", **self.phone(confirmation=token))
        self.assertEqual(self.azure.phone, "+32 2")

    def test_what_would_fail_is_told_at_once(self) -> None:
        text = self.refusal_of("update_records", **{**self.phone(), "values": {"name": False, "phone": "1"}})
        self.assertNotIn("confirmation", text)
        self.assertNotIn("consent", self.facts)

    def test_bad_arguments_are_told_before_anybody_is_asked(self) -> None:
        text = self.refusal_of("update_records", **{**self.phone(), "values": {"fone": "1"}})
        self.assertIn("phone", text)

    def test_reading_needs_no_confirmation(self) -> None:
        self.assertIn("Azure Interior", self.text_of("read_records", model="res.partner", ids=self.azure.ids))

    def test_a_profile_without_consent_writes_at_once_even_with_a_useless_confirmation(self) -> None:
        self.rules.write_decision = "allow"
        self.text_of("update_records", **self.phone(confirmation="yes"))
        self.assertEqual(self.azure.phone, "+32 2")

    def test_what_became_denied_after_the_question_is_not_done(self) -> None:
        _text, token = self.asked("update_records", **self.phone())
        self.rules.write_decision = "deny"
        text = self.refusal_of("update_records", **self.phone(confirmation=token))
        self.assertIn(self.rules.name, text)
        self.assertIn("res.partner", text)
        self.assertEqual(self.azure.phone, "+32 1")

    def test_lines_of_a_record_count_as_what_they_are(self) -> None:
        self.rules.write_decision = "allow"
        values = {"child_ids": [[0, 0, {"name": "A child"}]]}
        self.asked("update_records", **{**self.phone(), "values": values})
        self.assertFalse(self.azure.child_ids)
        self.rules.rule_ids = [(0, 0, {"pattern": "res.partner", "create_decision": "deny"})]
        self.assertIn("create", self.refusal_of("update_records", **{**self.phone(), "values": values}))

    def test_a_call_may_touch_only_so_many_records(self) -> None:
        self.rules.write({"max_records": 2, "create_decision": "allow"})
        values = [{"name": f"Many {number}"} for number in range(3)]
        text = self.refusal_of("create_records", model="res.partner", values=values)
        self.assertIn("3 records", text)
        self.assertIn("allows 2", text)
        self.text_of("create_records", model="res.partner", values=values[:2])

    def test_methods_are_confirmed_and_say_that_they_cannot_be_undone(self) -> None:
        arguments = {"model": "res.partner", "method": "toggle_active", "ids": self.azure.ids}
        if not hasattr(self.azure, "toggle_active"):
            arguments["method"] = "action_archive"
        text, token = self.asked("call_method", **arguments)
        self.assertIn("cannot be undone", text)
        self.assertTrue(self.azure.active)
        self.text_of("call_method", **arguments, confirmation=token)
        self.assertFalse(self.azure.active)


@tagged("post_install", "-at_install")
class TestElicitation(ConsentCase):
    def question(self, **more: object) -> InputRequired:
        asked = self.ask("update_records", capabilities=ELICITS, **self.phone(**more))
        self.assertIsInstance(asked, InputRequired)
        self.assertEqual(self.facts["consent"], "asked")
        return asked

    def answered(self, asked: InputRequired, inputs: dict) -> object:
        return self.ask("update_records", capabilities=ELICITS, inputs=inputs, state=asked.state, **self.phone())

    def test_a_client_that_can_ask_is_given_the_question_with_the_diff(self) -> None:
        params = self.question(reason="the customer moved").requests["confirm"]["params"]
        self.assertIn("Tester", params["message"])
        self.assertIn("+32 1 → +32 2", params["message"])
        self.assertIn("the customer moved", params["message"])
        self.assertEqual(list(params["requestedSchema"]["properties"]), ["yes"])
        self.assertNotIn("mcpf_", str(params))

    def test_a_yes_makes_the_change_and_a_second_yes_nothing_more(self) -> None:
        asked = self.question()
        self.assertIn("Updated 1", self.answered(asked, YES).content[0]["text"])
        self.assertEqual((self.azure.phone, self.facts["consent"]), ("+32 2", "confirmed"))
        self.azure.phone = "+32 3"
        self.answered(asked, YES)
        self.assertEqual((self.azure.phone, self.facts["consent"]), ("+32 3", "replayed"))

    def test_every_kind_of_no_changes_nothing_and_ends_the_confirmation(self) -> None:
        unticked = {"action": "accept", "content": {"yes": False}}
        for answer in ({"action": "decline"}, {"action": "cancel"}, unticked):
            asked = self.question()
            self.assertIn("said no", self.answered(asked, {"confirm": answer}).content[0]["text"])
            self.assertEqual((self.azure.phone, self.facts["consent"]), ("+32 1", "declined"))
            self.assertIsInstance(self.answered(asked, YES), InputRequired)

    def test_a_missing_answer_and_an_answer_to_no_question_are_asked_again(self) -> None:
        self.assertIsInstance(self.answered(self.question(), {}), InputRequired)
        again = self.ask("update_records", capabilities=ELICITS, inputs=YES, **self.phone())
        self.assertIsInstance(again, InputRequired)
        self.assertEqual(self.azure.phone, "+32 1")

    def test_the_question_is_in_the_language_of_the_user(self) -> None:
        self.env["res.lang"]._activate_lang("fr_FR")
        field = self.env["ir.model.fields"]._get("res.partner", "phone")
        field.with_context(lang="fr_FR").field_description = "Numéro"
        self.plain.lang = "fr_FR"
        self.env.flush_all()
        self.assertIn("Numéro", self.question().requests["confirm"]["params"]["message"])

    def test_a_profile_that_wants_an_approval_is_not_satisfied_by_a_yes(self) -> None:
        asked = self.question()
        self.rules.write_decision = "approve"
        self.answered(asked, YES)
        self.assertEqual((self.azure.phone, self.facts["consent"]), ("+32 1", "requested"))


@tagged("post_install", "-at_install")
class TestApproval(ConsentCase):
    def deletion(self, **more: object) -> dict:
        return {"model": "res.partner", "ids": self.azure.ids, **more}

    def carry_out(self, stamps: dict, level: str = "approve") -> object:
        call = Call(id=None, method="tools/call", params={"name": "delete_records", "arguments": self.deletion()})
        self.facts = call.facts
        return self.service().carry_out(call, "delete_records", self.deletion(), stamps=stamps, level=level)

    def test_a_deletion_waits_for_an_approval(self) -> None:
        text = self.text_of("delete_records", **self.deletion(reason="a duplicate"))
        self.assertEqual(self.facts["consent"], "requested")
        self.assertTrue(self.azure.exists())
        approval = self.env["mcp_native.approval"].search([], order="id desc", limit=1)
        self.assertIn(f"approval #{approval.id}", text)
        self.assertIn("get_approval", text)
        self.assertIn("a duplicate", approval.reason)

    def test_a_confirmation_does_not_do_what_needs_an_approval(self) -> None:
        self.rules.unlink_decision = "confirm"
        _text, token = self.asked("delete_records", **self.deletion())
        self.rules.unlink_decision = "approve"
        self.text_of("delete_records", **self.deletion(confirmation=token))
        self.assertEqual(self.facts["consent"], "requested")
        self.assertTrue(self.azure.exists())

    def test_what_was_approved_is_carried_out_with_what_the_person_saw(self) -> None:
        with self.assertRaises(Outdated) as raised:
            self.carry_out({"res.partner": {str(self.azure.id): "old"}})
        self.assertEqual(raised.exception.changed, {"res.partner": self.azure.ids})
        self.assertTrue(self.azure.exists())
        with self.assertRaises(Outdated):
            self.carry_out({})  # the person was not shown this record
        self.assertTrue(self.azure.exists())
        result = self.carry_out(stamps(self.env, {"res.partner": self.azure.ids}))
        self.assertFalse(result.is_error, result.content)
        self.assertEqual(self.facts["consent"], "approved")
        self.assertFalse(self.azure.exists())

    def test_what_the_profile_denies_by_then_is_not_carried_out(self) -> None:
        self.rules.unlink_decision = "deny"
        result = self.carry_out({})
        self.assertTrue(result.is_error)
        self.assertIn(self.rules.name, result.content[0]["text"])
        self.assertTrue(self.azure.exists())

    def test_less_than_what_the_profile_asks_for_is_not_carried_out(self) -> None:
        self.assertTrue(self.carry_out({}, level="confirm").is_error)
        self.assertTrue(self.azure.exists())


@tagged("post_install", "-at_install")
class TestSilentTools(ConsentCase):
    """Tools of other addons that never say what they are about to do: here the fixtures' ``test_steps``."""

    def steps(self, **more: object) -> dict:
        return {"name": "A silent step", "steps": 2, "pause": 0, **more}

    def count(self) -> int:
        return self.env["res.partner"].search_count([("name", "=", "A silent step")])

    def setUp(self) -> None:
        super().setUp()
        if "mcp_native.toolset.conformance.live" not in self.env:
            self.skipTest("the addon with the fixtures is not installed")

    def test_what_they_did_is_taken_back_and_shown(self) -> None:
        text, token = self.asked("test_steps", **self.steps())
        self.assertIn("A silent step", text)
        self.assertEqual(self.count(), 0)
        self.text_of("test_steps", **self.steps(confirmation=token))
        self.assertEqual(self.count(), 2)

    def test_what_is_denied_is_taken_back_and_refused(self) -> None:
        self.rules.rule_ids = [(0, 0, {"pattern": "res.partner", "create_decision": "deny"})]
        self.assertIn("Assistant", self.refusal_of("test_steps", **self.steps()))
        self.assertEqual(self.count(), 0)

    def test_they_touch_no_more_records_than_allowed(self) -> None:
        self.rules.write({"max_records": 1, "create_decision": "allow"})
        self.assertIn("2 records", self.refusal_of("test_steps", **self.steps()))
        self.assertEqual(self.count(), 0)
