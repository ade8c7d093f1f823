# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is hidden of a record is not told by the records that are about it: its messages, activities, files."""

from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from odoo.addons.mcp_native.protocol import MODERN, Call

from .test_profile_leaks import OUTSIDE, LeakCase

ABOUT = {"mail.message": "record_name", "mail.activity": "res_name", "ir.attachment": "res_name"}
FORMATS = ("compact", "markdown", "json", "csv")


class NameCase(LeakCase):
    """A message, an activity and a file of two contacts: one may be named, the other one not."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        kind = cls.env["mail.activity.type"].create({"name": "Ask"})
        model = cls.env["ir.model"]._get_id("res.partner")
        cls.about: dict[str, list[Any]] = {name: [] for name in ABOUT}
        for record in (cls.child, cls.inside):
            message = record.message_post(body="About", author_id=cls.admin.partner_id.id)
            if not cls.env["mail.message"]._fields["record_name"].compute:
                message.record_name = record.display_name  # what incoming mails store
            values = {"res_model_id": model, "res_id": record.id, "activity_type_id": kind.id}
            activity = cls.env["mail.activity"].create({**values, "user_id": cls.admin.id, "summary": "Call"})
            file = {"name": "file.txt", "raw": b"x", "res_model": "res.partner", "res_id": record.id}
            cls.about["mail.message"].append(message)
            cls.about["mail.activity"].append(activity)
            cls.about["ir.attachment"].append(cls.env["ir.attachment"].create(file))
        cls.env.flush_all()
        cls.env.invalidate_all()

    def everything(self, model: str, field: str) -> list[str]:
        """Return what tools answer about the records of a model, by the field that names what they are about."""
        ids = [record.id for record in self.about[model]]
        mine = [["id", "in", ids]]
        asked = {"model": model, "domain": mine, "fields": [field, "display_name"]}
        texts = [self.answer("search_records", **asked, format=format) for format in FORMATS]
        texts.append(self.answer("read_records", model=model, ids=ids))
        texts += [
            self.answer("read_records", model=model, ids=ids, fields=[field], format=format) for format in FORMATS
        ]
        texts.append(self.answer("aggregate_records", model=model, domain=mine, group_by=[field]))
        texts.append(self.answer("aggregate_records", model=model, domain=mine, measures=[f"{field}:count_distinct"]))
        texts.append(self.answer("search_records", model=model, domain=mine, fields=["id"], order=field))
        texts.append(self.answer("export_records", model=model, domain=mine, fields=[".id", field]))
        return texts

    def found(self, model: str, field: str, text: str) -> str:
        ids = [record.id for record in self.about[model]]
        return self.answer("count_records", model=model, domain=[["id", "in", ids], [field, "ilike", text]])


@tagged("post_install", "-at_install")
class TestNames(NameCase):
    def test_a_guarded_name_is_in_nothing_that_is_about_its_record(self) -> None:
        for model, field in ABOUT.items():
            with self.subTest(model):
                texts = self.everything(model, field)
                self.assertNothing("\n".join(texts))
                self.assertIn("Inside Contact", texts[0])

    def test_no_condition_finds_by_a_guarded_name(self) -> None:
        for model, field in ABOUT.items():
            with self.subTest(model):
                other = self.found(model, field, "qzelseqz").replace("qzelseqz", "")
                self.assertEqual(self.found(model, field, OUTSIDE), other)

    def test_order_and_groups_by_names_are_refused_where_some_are_guarded(self) -> None:
        for order in ("res_name", "res_name desc"):
            self.assertIn("may not sort", self.answer("search_records", model="mail.activity", order=order))
        grouped = self.answer("aggregate_records", model="mail.activity", group_by=["res_name"])
        self.assertIn("not all for you", grouped)

    def test_a_name_that_is_hidden_everywhere_is_hidden_here(self) -> None:
        self.profile.rule_ids.unlink()
        self.profile.write({"rule_ids": [(0, 0, {"pattern": "res.partner", "hidden_fields": "name"})]})
        for model, field in ABOUT.items():
            with self.subTest(model):
                self.assertNothing("\n".join(self.everything(model, field)), "Inside Contact", "Child Contact")

    def test_where_nothing_is_hidden_names_are_told_found_and_sorted_by(self) -> None:
        self.profile.rule_ids.unlink()
        for model, field in ABOUT.items():
            with self.subTest(model):
                texts = "\n".join(self.everything(model, field))
                self.assertIn("Inside Contact", texts)
                self.assertIn(OUTSIDE, texts)
        self.assertIn("1", self.found("mail.activity", "res_name", "Inside Contact"))
        self.assertNotIn("may not", self.answer("search_records", model="mail.activity", order="res_name"))

    def test_the_daily_briefing_names_no_guarded_record(self) -> None:
        call = Call(id=1, method="prompts/get", params={}, version=MODERN, modern=True)
        text = str(self.service(self.admin).get_prompt(call, "daily_briefing", {}))
        self.assertIn("Inside Contact", text)
        self.assertNothing(text)


@tagged("post_install", "-at_install")
class TestClosedFiles(NameCase):
    def test_no_search_finds_a_file_of_a_field_that_is_for_other_groups(self) -> None:
        self.profile.rule_ids.unlink()
        partners = self.env["res.partner"]
        self.patch(partners._fields["image_1920"], "groups", "base.group_erp_manager")
        self.env.registry.clear_cache()
        domain = [["id", "in", self.image.ids], ["res_field", "=", "image_1920"]]
        for user, count in ((self.admin, 1), (self.plain, 0)):
            found = self.text("search_records", user, model="ir.attachment", domain=domain, fields=["file_size"])
            self.assertEqual(f"\n{self.image.id}|" in found, bool(count), found)
            counted = self.text("count_records", user, model="ir.attachment", domain=domain)
            self.assertTrue(counted.startswith(f"{count} "), counted)
        self.assertIn("ir.attachment", self.error("read_records", model="ir.attachment", ids=self.image.ids))
        total = self.text("aggregate_records", model="ir.attachment", domain=domain, measures=["file_size:sum"])
        self.assertNotIn(str(self.image.file_size), total)
