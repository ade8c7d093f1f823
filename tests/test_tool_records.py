# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tools for records answer in each format, and how records are copied and archived."""

from __future__ import annotations

import json
import re
from typing import Any
from unittest.mock import patch

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from ..orm import render
from .common import shared_cursor
from .tool_case import ToolCase


class RecordsCase(ToolCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.parent = cls.env["res.partner"].create({"name": "Format Parent", "is_company": True})
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Format {number:02}", "parent_id": cls.parent.id} for number in range(30)]
        )
        cls.domain = [["parent_id", "=", cls.parent.id]]

    def blocks(self, name: str, **arguments: Any) -> list[str]:
        result = self.result(name, **arguments)
        self.assertFalse(result.is_error, result.content)
        return [block["text"] for block in result.content]


@tagged("post_install", "-at_install")
class TestFormatsOfTools(RecordsCase):
    def search(self, **arguments: Any) -> list[str]:
        return self.blocks("search_records", model="res.partner", domain=self.domain, order="id", **arguments)

    def test_json_is_alone_in_its_block_and_the_rest_is_said_in_another(self) -> None:
        data, said = self.search(fields=["name", "parent_id"], limit=4, format="json")
        found = json.loads(data)
        self.assertEqual([item["id"] for item in found], self.partners[:4].ids)
        self.assertEqual(found[0]["parent_id"], {"id": self.parent.id, "name": "Format Parent"})
        self.assertEqual(said.splitlines()[0], "res.partner: 1-4 of 30")
        self.assertIn('More: repeat with cursor="', said)

    def test_nothing_found_is_an_empty_list_in_json(self) -> None:
        arguments = {"model": "res.partner", "domain": [["name", "=", "Nobody At All"]]}
        data, said = self.blocks("search_records", format="json", **arguments)
        self.assertEqual(json.loads(data), [])
        self.assertIn("No res.partner matches", said)
        data, said = self.blocks("aggregate_records", format="json", group_by=["city"], **arguments)
        self.assertEqual((json.loads(data), said), ([], "No res.partner matches."))

    def test_a_markdown_table_stands_between_empty_lines(self) -> None:
        (text,) = self.search(fields=["name", "city"], limit=2, format="markdown")
        parts = text.split("\n\n")
        self.assertEqual(parts[0], "res.partner: 1-2 of 30")
        self.assertTrue(parts[1].startswith("| id | name |\n| --- | --- |\n"))
        self.assertEqual(parts[2], "(empty: city)")
        self.assertTrue(parts[3].startswith("More: "))

    def test_an_unknown_format_is_refused_with_the_known_ones(self) -> None:
        text = self.error("search_records", model="res.partner", format="xml")
        self.assertIn('"compact", "markdown", "json", "csv"', text)

    def test_what_has_no_room_comes_with_the_next_page_in_every_format(self) -> None:
        with patch.object(render, "LIMIT", 1000):
            for form in ("compact", "markdown", "json", "csv"):
                seen, cursor = [], None
                for _page in range(30):
                    more = {"cursor": cursor} if cursor else {}
                    texts = self.search(fields=["name"], limit=30, format=form, **more)
                    self.assertLessEqual(sum(map(len, texts)), 1000)
                    seen += re.findall(r"Format (\d\d)", "".join(texts))
                    self.assertEqual(len(self.facts["ids"]), len(re.findall(r"Format (\d\d)", "".join(texts))))
                    cursor = (re.findall(r'cursor="([^"]+)"', "".join(texts)) or [None])[0]
                    if not cursor:
                        break
                self.assertEqual(seen, [f"{number:02}" for number in range(30)], form)

    def test_groups_that_have_no_room_come_with_the_next_page(self) -> None:
        seen, cursor = [], None
        with patch.object(render, "LIMIT", 1000):
            for _page in range(30):
                text = "\n".join(
                    self.blocks(
                        "aggregate_records", model="res.partner", domain=self.domain, group_by=["name"], format="json",
                        **({"cursor": cursor} if cursor else {}),
                    )
                )  # fmt: skip
                seen += re.findall(r"Format (\d\d)", text)
                cursor = (re.findall(r'cursor="([^"]+)"', text) or [None])[0]
                if not cursor:
                    break
        self.assertEqual(seen, [f"{number:02}" for number in range(30)])

    def test_records_that_have_no_room_are_named_with_how_to_read_them(self) -> None:
        with patch.object(render, "LIMIT", 1000):
            (text,) = self.blocks("read_records", model="res.partner", ids=self.partners.ids, fields=["name", "email"])
        left = json.loads(re.search(r"had no room; read them with ids=(\[.*\])$", text)[1])
        shown = [int(found) for found in re.findall(r"^id: (\d+)$", text, re.MULTILINE)]
        self.assertEqual(shown + left, self.partners.ids)
        self.assertTrue(shown)

    def test_the_profile_bounds_an_answer_in_json_too(self) -> None:
        self.env.ref("mcp_native.profile_full").max_characters = 800
        data, said = self.search(fields=["name"], limit=30, format="json")
        self.assertLessEqual(len(data) + len(said), 800)
        self.assertIn("cursor", said)
        self.assertTrue(json.loads(data))

    def test_lines_count_as_rows_of_the_profile(self) -> None:
        self.env.ref("mcp_native.profile_full").max_rows = 6
        text = self.text("read_records", model="res.partner", ids=self.parent.ids, fields=[{"child_ids": ["name"]}])
        self.assertIn("child_ids (5 of 30):", text)
        self.assertEqual(self.facts["rows"], 5)  # limits charge them

    def test_nested_fields_come_in_every_form(self) -> None:
        for fields in (
            ["name", {"child_ids": ["name"]}],
            {"name": True, "child_ids": {"name": True}},
            '{"name": true, "child_ids": {"name": true}}',
            ["name", "child_ids.name"],
        ):
            with self.subTest(fields):
                text = self.text("read_records", model="res.partner", ids=self.parent.ids, fields=fields)
                self.assertIn("child_ids (30):\n    id|name\n", text)
        (data,) = self.blocks(
            "read_records", model="res.partner", ids=self.parent.ids, fields={"child_ids": ["name"]}, format="json"
        )
        self.assertEqual([line["id"] for line in json.loads(data)[0]["child_ids"]], self.partners.ids)

    def test_a_table_refuses_lines_and_says_what_to_do(self) -> None:
        fields = [{"child_ids": ["name"]}]
        text = self.error("read_records", model="res.partner", ids=self.parent.ids, fields=fields, format="csv")
        self.assertIn("A table has no place for the lines in child_ids", text)
        text = self.error("search_records", model="res.partner", domain=self.domain, fields=["child_ids.name"])
        self.assertIn("search_records res.partner", text)

    def test_a_table_takes_fields_of_what_a_column_links_to(self) -> None:
        fields = ["name", "parent_id.name", "parent_id.is_company"]
        text = self.search(fields=fields, limit=1)[0].splitlines()
        self.assertEqual(text[1], "id|name|parent_id|parent_id.name|parent_id.is_company")
        parent, child = self.parent, self.partners[0]
        self.assertEqual(text[2], f"{child.id}|Format 00|Format Parent #{parent.id}|Format Parent|yes")
        text = self.search(fields=fields, limit=1, format="csv")[0]
        self.assertIn(f"{child.id},Format 00,Format Parent,{parent.id},Format Parent,True", text)

    def test_metadata_tell_who_when_and_the_external_ids(self) -> None:
        country = self.env.ref("base.be")
        arguments = {"model": "res.country", "ids": country.ids, "fields": ["code"], "metadata": True}
        line = self.text("read_records", **arguments).splitlines()[2]
        self.assertRegex(line, r"^metadata: created 20\d\d-\d\d-\d\d .*changed 20.*, XML id base\.be$")
        (data,) = self.blocks("read_records", format="json", **arguments)
        found = json.loads(data)[0]["metadata"]
        self.assertEqual(found["xml_ids"], ["base.be"])
        self.assertEqual(found["create_uid"]["id"], country.create_uid.id)
        self.assertNotIn("metadata", self.text("read_records", model="res.country", ids=country.ids, fields=["code"]))


@tagged("post_install", "-at_install")
class TestCopying(RecordsCase):
    def test_copies_are_named_in_the_order_of_the_ids(self) -> None:
        first, second = self.partners[:2]
        text = self.text("copy_records", model="res.partner", ids=[second.id, first.id])
        copies = self.env["res.partner"].search([("id", ">", self.partners[-1].id)], order="id")
        self.assertEqual([copy.name for copy in copies], ["Format 01 (copy)", "Format 00 (copy)"])
        self.assertIn(", in the order of ids: ", text)
        self.assertEqual(re.findall(r"#(\d+)", text), [str(record.id) for record in copies])
        self.assertEqual(self.facts["ids"], copies.ids)

    def test_values_differ_and_are_checked_like_those_of_new_records(self) -> None:
        ids = self.partners[:2].ids
        self.text("copy_records", model="res.partner", ids=ids, values={"name": "Twin", "comment": "**b**"})
        twins = self.env["res.partner"].search([("name", "=", "Twin")])
        self.assertEqual(len(twins), 2)
        self.assertIn("<strong>b</strong>", twins[0].comment)
        self.assertIn("nmae", self.error("copy_records", model="res.partner", ids=ids, values={"nmae": "x"}))
        refused = self.error("copy_records", model="res.partner", ids=ids, values={"create_date": "2020-01-01"})
        self.assertIn("cannot be written", refused)

    def test_who_may_not_create_may_not_copy(self) -> None:
        text = self.error("copy_records", model="res.currency", ids=self.env.company.currency_id.ids)
        self.assertIn("You may not create res.currency", text)

    def test_a_preview_shows_the_copies_and_makes_none(self) -> None:
        tag = self.env["res.partner.category"].create({"name": "Copied Tag"})
        with shared_cursor(self):
            text = self.text("copy_records", model=tag._name, ids=tag.ids, dry_run=True)
        self.assertIn("Only tried", text)
        self.assertRegex(text, r'New Partner Tags "Copied Tag')
        self.assertEqual(self.env["res.partner.category"].search_count([("name", "like", "Copied Tag")]), 1)

    def test_the_profile_is_asked_for_what_is_copied_along(self) -> None:
        field = self.env["res.partner"]._fields["child_ids"]
        self.patch(field, "copy", True)
        profile = self.env.ref("mcp_native.profile_full")
        profile.max_records = 20
        text = self.error("copy_records", model="res.partner", ids=self.parent.ids)
        self.assertIn("31 records in one call", text)
        profile.write({"max_records": 0, "rule_ids": [(0, 0, {"pattern": "res.partner", "create_decision": "deny"})]})
        self.assertIn("does not let you create", self.error("copy_records", model="res.partner", ids=self.parent.ids))


@tagged("post_install", "-at_install")
class TestArchiving(RecordsCase):
    def test_records_are_archived_and_restored(self) -> None:
        first, second = self.partners[:2]
        second.active = False
        ids = [first.id, second.id]
        text = self.text("archive_records", model="res.partner", ids=ids)
        self.assertFalse(first.active or second.active)
        self.assertEqual(text, f"Archived 1 res.partner: {first.display_name} #{first.id}; 1 were archived already")
        text = self.text("archive_records", model="res.partner", ids=ids, restore=True)
        self.assertTrue(first.active and second.active)
        self.assertTrue(text.startswith("Restored 2 res.partner: "), text)
        again = self.text("archive_records", model="res.partner", ids=ids, restore=True)
        self.assertEqual(again, "Restored 0 res.partner; 2 were not archived")

    def test_a_model_without_an_active_field_is_said_to_have_none(self) -> None:
        country = self.env.ref("base.be")
        text = self.error("archive_records", self.admin, model="res.country", ids=country.ids)
        self.assertIn("has no field active", text)

    def test_what_odoo_asks_first_is_told(self) -> None:
        action = {"type": "ir.actions.act_window", "name": "Why?", "res_model": "res.partner", "target": "new"}
        with patch.object(type(self.parent), "action_archive", lambda records: action):
            text = self.text("archive_records", model="res.partner", ids=self.partners[:1].ids)
        self.assertIn("Archived 0 res.partner; not yet: ", text)
        self.assertIn('Would open a dialog "Why?"', text)

    def test_a_warning_that_leads_elsewhere_is_a_refusal_in_its_own_words(self) -> None:
        def warn(records: Any) -> None:
            raise RedirectWarning("Archive the user first.", 1, "Go to users")

        with patch.object(type(self.parent), "action_archive", warn):
            text = self.error("archive_records", model="res.partner", ids=self.partners[:1].ids)
        self.assertEqual(text, "Archive the user first.")

    def test_a_field_that_the_profile_makes_read_only_is_not_changed(self) -> None:
        profile = self.env.ref("mcp_native.profile_full")
        profile.write({"rule_ids": [(0, 0, {"pattern": "res.partner", "readonly_fields": "active"})]})
        text = self.error("archive_records", model="res.partner", ids=self.partners[:1].ids)
        self.assertIn("read-only", text)
        self.assertTrue(self.partners[0].active)
