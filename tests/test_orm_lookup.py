# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from ..orm.lookup import existing, field_infos, get_model, nearest
from ..orm.order import checked_order
from .orm_case import OrmCase


@tagged("post_install", "-at_install")
class TestLookup(OrmCase):
    def test_a_readable_model_is_found(self):
        self.assertEqual(get_model(self.env, "res.partner"), self.partners)
        self.assertEqual(get_model(self.env(user=self.plain), "res.partner").env.user, self.plain)

    def test_an_unknown_model_is_answered_with_the_nearest_names(self):
        with self.refused('no model "res.patner" that you may read', "res.partner"):
            get_model(self.env, "res.patner")
        with self.refused("res.partner"):
            get_model(self.env, "contact")
        with self.refused("res.currency"):
            get_model(self.env, "Currency")

    def test_a_forbidden_model_is_answered_as_an_unknown_one_and_never_suggested(self):
        self.assertEqual(get_model(self.env, "ir.cron")._name, "ir.cron")
        with self.refused('There is no model "ir.cron" that you may read.', without=("ir.cron.trigger",)):
            get_model(self.env(user=self.plain), "ir.cron")
        with self.refused('There is no model "ir.crom" that you may read.', without=("ir.cron",)):
            get_model(self.env(user=self.plain), "ir.crom")

    def test_abstract_models_and_values_that_are_no_names_are_refused(self):
        for name in ("base", "mail.thread", "", "res.partner;", None, 5, ["res.partner"], {}, "x" * 100_000, "\ud800"):
            with self.refused("There is no model"):
                get_model(self.env, name)

    def test_field_infos_come_in_the_order_asked_for(self):
        self.assertEqual(list(field_infos(self.partners, ["name", "id", "name", "email"])), ["name", "id", "email"])
        self.assertEqual(field_infos(self.partners, []), {})
        self.assertIn("email", field_infos(self.partners))

    def test_field_infos_do_not_describe_other_fields_and_query_nothing(self):
        field_infos(self.partners, ["name", "country_id"])
        with self.assertQueryCount(0):
            infos = field_infos(self.partners, ["name", "country_id"])
        self.assertEqual(infos["country_id"]["relation"], "res.country")

    def test_an_unknown_field_is_answered_with_the_nearest_names(self):
        with self.refused('res.partner has no field "emial" that you may see', "email"):
            field_infos(self.partners, ["name", "emial"])
        with self.refused("country_id"):
            field_infos(self.partners, ["country"])
        for name in (None, 5, ["name"], "", "\x00", "__class__"):
            with self.refused("res.partner has no field"):
                field_infos(self.partners, [name])

    def test_a_field_hidden_by_groups_is_answered_as_an_unknown_one_and_never_suggested(self):
        self.hide_field(self.partners, "barcode")
        partners = self.as_plain(self.partners)
        with self.refused('res.partner has no field "barcode" that you may see.', without=("Nearest: barcode",)):
            field_infos(partners, ["barcode"])
        with self.refused('res.partner has no field "barcodes" that you may see.', without=("barcode,", "barcode.")):
            field_infos(partners, ["barcodes"])
        self.assertEqual(list(field_infos(self.partners, ["barcode"])), ["barcode"])

    def test_existing_keeps_the_order_and_drops_repetitions(self):
        first, second = self.partners.create([{"name": "One"}, {"name": "Two"}])
        self.assertEqual(existing(self.partners, [second.id, first.id, second.id]).ids, [second.id, first.id])
        self.assertFalse(existing(self.partners, []))

    def test_archived_records_are_found_by_id(self):
        archived = self.partners.create({"name": "Gone home", "active": False})
        found = existing(self.partners, [archived.id])
        self.assertEqual(found, archived)
        self.assertEqual(found.env, self.partners.env)

    def test_existing_takes_one_query_and_fetches_fields_in_it(self):
        partner = self.partners.create({"name": "Cheap", "email": "cheap@example.com"})
        self.env.flush_all()
        partners = self.as_plain(self.partners)
        existing(partners, [partner.id], ["name"])
        self.env.invalidate_all()
        partners.env.user.has_group("base.group_user")
        self.env.ref("base.user_admin").company_ids.ids  # noqa: B018
        existing(partners, [partner.id])
        partner.invalidate_recordset()
        with self.assertQueryCount(1):
            self.assertEqual(existing(partners, [partner.id], ["name", "email"]).name, "Cheap")

    def test_missing_ids_are_named(self):
        partner = self.partners.create({"name": "There"})
        gone = self.partners.create({"name": "Not there"})
        gone_id = gone.id
        gone.unlink()
        with self.refused(f"res.partner has no record with id {gone_id}", without=(str(partner.id),)):
            existing(self.partners, [partner.id, gone_id])

    def test_ids_that_a_record_rule_hides_are_named_without_the_records_names(self):
        seen, hidden = self.partners.create([{"name": "Seen"}, {"name": "Hidden one"}])
        self.hide_from_plain(self.partners, "[('name', '!=', 'Hidden one')]")
        with self.refused("record rule", f"res.partner {hidden.id}", without=("Hidden one", f"{seen.id},")):
            existing(self.as_plain(self.partners), [seen.id, hidden.id])
        self.assertEqual(existing(self.partners, [hidden.id]), hidden)

    def test_what_is_no_id_is_refused(self):
        for value in ("5", True, 0, -1, 1.5, None, 2**31, [1], {}):
            with self.refused("is not a record id"):
                existing(self.partners, [value])

    def test_nearest_orders_by_likeness_and_is_empty_without_any(self):
        names = ("email", "email_normalized", "name", "phone", "country_id")
        self.assertEqual(nearest("emial", names)[0], "email")
        self.assertEqual(nearest("country", names), ["country_id"])
        self.assertEqual(nearest("zzzzqqq", names), [])
        self.assertEqual(nearest("", names), [])
        self.assertEqual(len(nearest("mail", ("mail_a", "mail_b", "mail_c", "mail_d"), 2)), 2)


@tagged("post_install", "-at_install")
class TestOrder(OrmCase):
    def test_an_order_is_put_into_one_form_and_ends_with_the_id(self):
        for written, wanted in (
            ("name", "name asc, id"),
            ("-create_date, name", "create_date desc, name asc, id"),
            ("name DESC NULLS LAST", "name desc nulls last, id"),
            ("name:desc", "name desc, id"),
            ("id desc", "id desc"),
            (None, None),
            ("  ", None),
        ):
            self.assertEqual(checked_order(self.partners, written), wanted)

    def test_a_checked_order_is_accepted_by_search(self):
        for order in ("name", "-create_date, name", "country_id desc nulls first", "display_name", "id desc"):
            self.partners.search([], order=checked_order(self.partners, order), limit=1)

    def test_names_of_records_sort_by_the_field_that_holds_them(self):
        self.assertTrue(checked_order(self.env["res.currency"], "display_name desc").endswith(" desc, id"))

    def test_what_cannot_be_sorted_by_is_refused(self):
        with self.refused("cannot be sorted by child_ids"):
            checked_order(self.partners, "child_ids")
        with self.refused('no field "nmae"', "name"):
            checked_order(self.partners, "nmae desc")
        for order in ("name; drop table", "name desc asc", "country_id.code", ",", "name,,id", "lower(name)", "1", {}):
            with self.refused("is no order"):
                checked_order(self.partners, order or "{}")

    def test_a_hidden_field_cannot_be_sorted_by(self):
        self.hide_field(self.partners, "ref")
        with self.refused('no field "ref" that you may see'):
            checked_order(self.as_plain(self.partners), "ref")
