# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from ..orm.choice import default_fields, detail_fields, important_fields
from ..orm.lookup import field_infos
from ..orm.render import table
from .orm_sample import SampleCase


@tagged("post_install", "-at_install")
class TestChoice(SampleCase):
    def view(self, *fields):
        """Give the sample model a list view of these fields, each with its attributes."""
        columns = "".join(f"<field {attributes}/>" for attributes in fields)
        kind = "list" if "list" in dict(self.env["ir.ui.view"]._fields["type"].selection) else "tree"
        return self.env["ir.ui.view"].create(
            {"name": "sample", "model": self.sample._name, "type": kind, "arch": f"<{kind}>{columns}</{kind}>"}
        )

    def test_contacts_show_what_a_person_looks_for(self):
        for model in (self.partners, self.as_plain(self.partners)):
            names = default_fields(model)
            self.assertIn(names[0], ("display_name", "complete_name", "name"))
            self.assertLessEqual({"email", "phone", "city", "country_id"}, set(names))
            self.assertEqual(len(names), 6)
            self.assertEqual(len(set(names) & {"display_name", "complete_name", "name"}), 1)

    def test_twenty_five_contacts_stay_within_the_budget(self):
        country = self.env.ref("base.us")
        parent = self.partners.create({"name": "Gemini Furniture", "is_company": True})
        contacts = self.partners.create(
            [
                {
                    "name": "Douglas Fletcher", "parent_id": parent.id, "email": "douglas.fletcher51@example.com",
                    "phone": "(132)-553-7242", "city": "Pleasant Hill", "country_id": country.id,
                }
            ] * 25
        )  # fmt: skip
        names = default_fields(self.partners)
        short = self.partners.create([{"name": "Beth Evans", "email": "beth.evans77@example.com"}] * 9)
        shown = contacts[:15] + parent + short
        text = table(shown, names, field_infos(self.partners, names))
        self.assertLessEqual(len(text), 2500)
        self.assertIn("|Gemini Furniture, Douglas Fletcher|", text)

    def test_columns_of_the_list_view_come_in_its_order(self):
        self.view('name="x_weight"', 'name="x_colour"', 'name="x_name"', 'name="x_count"')
        self.assertEqual(default_fields(self.sample, 4), ["x_name", "x_weight", "x_colour", "x_count"])

    def test_hidden_columns_and_what_is_no_column_do_not_count(self):
        self.view(
            'name="x_name"', 'name="x_weight" optional="hide"', 'name="x_count" column_invisible="1"',
            'name="x_length" invisible="1"', 'name="x_file"', 'name="x_body"', 'name="x_tag_ids"', 'name="x_done"',
        )  # fmt: skip
        self.assertIn("x_done", default_fields(self.sample, 3))
        chosen = default_fields(self.sample, 99)
        self.assertFalse({"x_file", "x_body", "x_tag_ids", "x_note"} & set(chosen))
        self.assertGreater(chosen.index("x_weight"), chosen.index("x_done"))

    def test_a_changed_view_is_noticed(self):
        view = self.view('name="x_name"', 'name="x_weight"', 'name="x_count"')
        self.assertEqual(default_fields(self.sample, 3), ["x_name", "x_weight", "x_count"])
        view.arch = view.arch.replace("x_count", "x_done")
        self.env.registry.cache_sequences["templates"] = self.env.registry.cache_sequences.get("templates", 0) + 1
        self.assertEqual(default_fields(self.sample, 3), ["x_name", "x_weight", "x_done"])

    def test_fields_the_user_may_not_see_are_never_chosen(self):
        before = default_fields(self.as_plain(self.partners))
        self.assertIn("email", before)
        self.hide_field(self.partners, "email")
        self.env.registry.clear_cache()
        after = default_fields(self.as_plain(self.partners))
        self.assertNotIn("email", after)
        self.assertEqual(len(after), 6)
        self.assertNotIn("email", important_fields(self.as_plain(self.partners)))

    def test_a_model_without_name_shows_what_identifies_it(self):
        self.assertNotIn("display_name", default_fields(self.env["ir.model.access"]))
        self.assertIn("name", default_fields(self.env["ir.model.access"]))
        self.assertTrue(default_fields(self.env["ir.attachment"]))

    def test_a_description_begins_with_what_matters_and_holds_every_field(self):
        names = important_fields(self.partners)
        self.assertEqual(set(names), set(self.partners.fields_get(attributes=["type"])))
        self.assertEqual(len(set(names)), len(names))
        self.assertEqual(names[0], "name")
        self.assertLessEqual({"phone", "email", "city", "country_id", "parent_id"}, set(names[:20]))
        self.assertLessEqual({"create_uid", "write_date", "id"}, set(names[-60:]))
        some = important_fields(self.partners, {"email", "write_uid", "name"})
        self.assertEqual(some, ["name", "email", "write_uid"])

    def test_the_details_of_a_record_are_the_fields_of_its_form(self):
        names = detail_fields(self.partners)
        self.assertLessEqual({"name", "email", "street", "function"}, set(names))
        self.assertFalse({"create_uid", "message_ids", "meeting_count", "image_1920"} & set(names))
        self.assertLess(len(names), 80)
