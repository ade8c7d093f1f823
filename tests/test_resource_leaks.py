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
