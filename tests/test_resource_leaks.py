# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a profile hides is in no resource, no completion and no prompt."""

from __future__ import annotations

import json
from contextlib import suppress
from urllib.parse import quote

from odoo.tests import tagged

from odoo.addons.mcp_native.protocol import McpError

from .resource_case import ResourceCase
from .test_profile_leaks import FIELD, MARKERS, OUTSIDE, TAG, LeakCase


class ResourceLeakCase(ResourceCase, LeakCase):
    def answered(self, uri: str) -> str:
        """Return what an administrator's assistant is answered, error or not, without the words of its own question."""
        try:
            text = json.dumps(self.contents(uri, self.admin), ensure_ascii=False)
        except McpError as error:
            text = error.message
        for marker in MARKERS:
            if marker in uri:
                text = text.replace(marker, "")
        return text


@tagged("post_install", "-at_install")
class TestNoResource(ResourceLeakCase):
    def test_nothing_hidden_is_in_any_resource(self) -> None:
        for uri in self.uris():
            with self.subTest(uri):
                self.assertNothing(self.answered(uri))

    def uris(self) -> list[str]:
        found = [resource["uri"] for resource in self.service(self.admin).resources()]
        for record in (self.inside, self.outside, self.child, self.tag, self.bank, self.file, self.note, self.tag_file):
            uri = f"odoo://{record._name}/{record.id}"
            found += [uri, f"odoo://{record._name}/{OUTSIDE}-{record.id}"]
            found += [f"{uri}/{field}" for field in record._fields]
        found += [f"odoo://ir.attachment/{record.id}/datas" for record in (self.file, self.tag_file, self.image)]
        for model in ("res.partner", "res.partner.category", "ir.attachment", "mail.message", "res.partner.bank"):
            found += [f"odoo://{model}", f"odoo://{model}/fields", f"odoo://{model}?limit=200"]
        for domain in ([["ref", "=", FIELD]], [["parent_id.name", "=", OUTSIDE]], [["category_id", "ilike", TAG]]):
            found.append(f"odoo://res.partner?fields=name,ref,category_id&domain={quote(json.dumps(domain))}")
        return found

    def test_hidden_pictures_and_files_of_hidden_records_are_no_blobs(self) -> None:
        for uri in (
            f"odoo://res.partner/{self.inside.id}/image_1920",
            f"odoo://res.partner/{self.inside.id}/image_128",
            f"odoo://ir.attachment/{self.image.id}/datas",
            f"odoo://ir.attachment/{self.file.id}/datas",
            f"odoo://ir.attachment/{self.file.id}/raw",
        ):
            with self.subTest(uri):
                self.refusal(uri, self.admin)

    def test_what_is_outside_and_what_was_never_there_are_told_as_the_tools_tell_it(self) -> None:
        uri = f"odoo://res.partner/{self.outside.id}"
        expected = self.error("read_records", self.admin, model="res.partner", ids=self.outside.ids)
        self.assertEqual(self.refusal(uri, self.admin), expected)


@tagged("post_install", "-at_install")
class TestNoCompletion(ResourceLeakCase):
    RECORD = "odoo://{model}/{id}"

    def test_nothing_hidden_is_completed(self) -> None:
        models = self.completions(self.RECORD, "model", "", self.admin)
        self.assertIn("res.partner", models)
        self.assertNotIn("res.partner.category", models)
        found = []
        for model in ("res.partner", "res.partner.category", "res.partner.bank", "ir.attachment", "mail.message"):
            for beginning in ("", *MARKERS, "qz", str(self.outside.id), f"{OUTSIDE}-{self.outside.id}"):
                with suppress(McpError):
                    found += self.completions(self.RECORD, "id", beginning, self.admin, model=model)
        self.assertTrue(found)
        self.assertNothing(" ".join(found))
        found = self.completions(self.RECORD, "id", str(self.outside.id), self.admin, model="res.partner")
        self.assertNotIn(str(self.outside.id), found)

    def test_records_are_not_found_by_hidden_values(self) -> None:
        for beginning in (FIELD, TAG, OUTSIDE):
            self.assertFalse(self.completions(self.RECORD, "id", beginning, self.admin, model="res.partner"))

    def test_hidden_fields_are_not_completed(self) -> None:
        uri = "odoo://{model}/{id}/{field}"
        found = self.completions(uri, "field", "", self.admin, model="res.partner")
        self.assertIn("website", found)
        self.assertFalse({"ref", "image_1920", "signup_token"} & set(found))
        self.assertFalse(self.completions(uri, "field", "", self.admin, model="res.partner.category"))


@tagged("post_install", "-at_install")
class TestNoPrompt(ResourceLeakCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        for record in (cls.outside, cls.inside):
            values = {"summary": record.name, "user_id": cls.admin.id}
            record.activity_schedule("mail.mail_activity_data_todo", **values)
        # Two of each, so that repetitions of hidden values would be told
        cls.outside.copy({"name": OUTSIDE, "email": f"{OUTSIDE}@example.com", "city": "Nowhere"})
        cls.outside.email = f"{OUTSIDE}@example.com"
        cls.inside.copy({"name": "Inside Twin", "ref": FIELD})
        blanks = [{"name": "customer", "record_model": "res.partner"}]
        cls.env["mcp_native.prompt"].with_user(cls.admin).create(
            {"title": "Visit", "text": "Visit {customer}.", "argument_ids": [(0, 0, blank) for blank in blanks]}
        )

    def got(self, name: str, **arguments: str) -> str:
        """Return what an administrator's assistant gets, error or not, without the words of its own question."""
        try:
            text = self.prompt(name, self.admin, **arguments)
        except McpError as error:
            text = error.message
        for marker in MARKERS:
            if marker in str(arguments):
                text = text.replace(marker, "")
        return text

    def test_nothing_hidden_is_in_any_prompt(self) -> None:
        asked = {"model": "res.partner", "id": "Inside Contact"}
        for prompt in self.service(self.admin).prompts():
            required = [argument["name"] for argument in prompt.get("arguments", ()) if argument["required"]]
            if prompt["name"].startswith("test_") or not set(required) <= set(asked):
                continue
            with self.subTest(prompt["name"]):
                self.assertNothing(self.got(prompt["name"], **{name: asked[name] for name in required}))

    def test_the_briefing_tells_activities_of_records_that_are_left_only(self) -> None:
        text = self.got("daily_briefing")
        self.assertIn("Inside Contact", text)
        self.assertNothing(text)

    def test_quality_is_checked_of_visible_fields_and_records_only(self) -> None:
        text = self.got("data_quality", model="res.partner")
        self.assertNotRegex(text, r"(?m)^(ref|image_1920)\|")
        self.assertNothing(text, "same ref")
        for model in ("res.partner.category", "mail.message", "ir.attachment", "res.partner.bank"):
            self.assertNothing(self.got("data_quality", model=model))

    def test_a_record_outside_is_not_summarised_whatever_it_is_called(self) -> None:
        for text in (OUTSIDE, str(self.outside.id), f"{OUTSIDE}-{self.outside.id}", "Child Contact", TAG, FIELD):
            with self.subTest(text):
                self.assertNothing(self.got("record_summary", model="res.partner", id=text))
        self.assertNothing(self.got("record_summary", model="res.partner.category", id=TAG))

    def test_what_is_filled_in_a_written_prompt_names_nothing_hidden(self) -> None:
        self.assertIn("Inside Contact (res.partner", self.got("visit", customer="inside contact"))
        for text in (OUTSIDE, FIELD, TAG, str(self.outside.id)):
            with self.subTest(text):
                answer = self.got("visit", customer=text)
                self.assertNothing(answer)
                self.assertNotIn("Visit ", answer)
        found = self.completions("visit", "customer", OUTSIDE, self.admin)
        self.assertFalse(found)
