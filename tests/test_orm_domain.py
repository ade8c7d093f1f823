# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from __future__ import annotations

from typing import Any

from odoo.models import BaseModel
from odoo.tests import tagged

from ..orm.domain import OPERATORS, checked_domain
from ..orm.errors import ToolError
from .orm_domain_case import DomainCase


@tagged("post_install", "-at_install")
class TestDomainForm(DomainCase):
    def test_lists_json_python_and_single_conditions_are_read(self):
        wanted = [("name", "ilike", "azure")]
        for domain in (
            [["name", "ilike", "azure"]],
            (("name", "ilike", "azure"),),
            ["name", "ilike", "azure"],
            '[["name", "ilike", "azure"]]',
            "[('name', 'ilike', 'azure')]",
            '["name", "ILIKE", "azure"]',
        ):
            self.assertEqual(checked_domain(self.partners, domain), wanted)
        self.assertEqual(checked_domain(self.partners, "[('active', '=', true)]"), [("active", "=", True)])
        for nothing in (None, [], "", "[]", False, ()):
            self.assertEqual(checked_domain(self.partners, nothing), [])

    def test_the_result_is_one_term_per_condition_with_every_and_written(self):
        self.assertEqual(
            checked_domain(self.partners, [["id", ">", 1], "|", ["id", "<", 5], ["id", "=", 7]]),
            ["&", ("id", ">", 1), "|", ("id", "<", 5), ("id", "=", 7)],
        )

    def test_text_that_is_no_value_is_refused_and_not_evaluated(self):
        for text in (
            "[('id', '=', uid)]",
            "__import__('os')",
            "[('id', '=', 1 + 1)]",
            "foo",
            "[",
            "(" * 5000,
            "[" * 5000,
        ):
            with self.refused("A domain is a list of conditions"):
                checked_domain(self.partners, text)
        for text in ("{(1, 2): 3}", "{1, 2}", "b'x'", "1j", f"[('id', '=', {hex(16**5000)})]"):
            with self.subTest(text=text[:30]), self.assertRaises(ToolError):
                checked_domain(self.partners, text)
        with self.refused("longer than"):
            checked_domain(self.partners, "[" + " " * 60_000 + "]")

    def test_operators_without_their_terms_are_refused(self):
        for domain in (["|"], ["|", ["id", "=", 1]], ["!"], ["&", "!", ["id", "=", 1]], [["id", "=", 1], "&"]):
            with self.refused("ends too early"):
                checked_domain(self.partners, domain)

    def test_what_is_no_condition_is_refused_with_its_place(self):
        for term in (
            5,
            "name",
            ["name"],
            ["name", "="],
            ["name", "=", 1, 2],
            [1, "=", 2],
            {"name": 1},
            None,
            [None, "=", 1],
        ):
            with self.refused("Term 2 of the domain", "is no condition"):
                checked_domain(self.partners, [["id", "=", 1], term])

    def test_long_and_deep_domains_are_refused(self):
        with self.refused("more than 250 terms"):
            checked_domain(self.partners, ["!"] * 300 + [["id", "=", 1]])
        domain: list[Any] = [["id", "=", 1]]
        for _level in range(10):
            domain = [["child_ids", "any", domain]]
        with self.refused("nested deeper"):
            checked_domain(self.partners, domain)
        with self.refused("nested deeper"):
            checked_domain(self.partners, [["parent_id." * 20 + "id", "=", 1]])
        terms = [["id", "=", 1]] * 150
        with self.refused("more than 250 terms"):
            checked_domain(self.partners, [["child_ids", "any", terms], ["child_ids", "any", terms]])


@tagged("post_install", "-at_install")
class TestDomainErrors(DomainCase):
    def test_an_unknown_field_is_named_with_its_condition_and_the_nearest(self):
        with self.refused('In ["emial", "=", "x"]', "res.partner has no field", "Nearest: email"):
            checked_domain(self.partners, [["emial", "=", "x"]])
        with self.refused("res.country has no field", "code"):
            checked_domain(self.partners, [["country_id.codes", "=", "x"]])

    def test_an_unknown_operator_is_answered_with_what_is_meant(self):
        with self.refused('no operator "ilikee"', "Nearest: ilike"):
            checked_domain(self.partners, [["name", "ilikee", "x"]])
        with self.refused('["name", "ilike", "text"]'):
            checked_domain(self.partners, [["name", "contains", "x"]])
        with self.refused("two conditions"):
            checked_domain(self.partners, [["create_date", "between", ["2026-01-01", "2026-02-01"]]])
        for operator in ("", None, 5, "~", "inselect", ["="], "any!", "not =like", "\x00"):
            with self.refused("there is no operator"):
                checked_domain(self.partners, [["name", operator, "x"]])

    def test_values_of_the_wrong_type_say_what_is_expected(self):
        for condition, expected in (
            (["color", "=", "red"], "a whole number such as 5"),
            (["color", "=", 2**31], "too large"),
            (["color", "=", True], "a whole number"),
            (["color", ">", False], "needs a value"),
            (["partner_latitude", ">", "1,250.5"], "1250.5 (no thousands separator"),
            (["partner_latitude", "=", float("nan")], "not a number"),
            (["partner_latitude", "=", 10**400], "not a number"),
            (["is_company", "=", "maybe"], "true or false"),
            (["type", "=", "shipping"], "delivery (Delivery"),
            (["name", "=", {"a": 1}], "a flat list"),
            (["name", "=", "a\x00b"], "cannot be stored"),
            (["name", "ilike", "\ud800"], "cannot be stored"),
            (["name", "ilike", True], "expects text"),
            (["name", ">", ""], "needs a value"),
            (["name", "=like", "a\\"], "backslash"),
            (["create_date", ">", "soon"], "2026-11-21"),
            (["create_date", ">", "-3d"], "2026-11-21"),
            (["country_id", "=", True], "is not a record id"),
            (["country_id", "=", "21"], "without quotes"),
            (["country_id", "=", 1.5], "is not a record id"),
            (["id", "=", 2**31], "too large"),
            (["image_1920", "=", "abc"], "only be compared with unset"),
            (["child_ids", "any", "x"], "A domain is a list"),
            (["child_ids", "any", ["x"]], "is no condition"),
            (["parent_id", "child_of", 2**30], "no record with id"),
            (["country_id", "child_of", 1], "res.country has none"),
        ):
            with self.subTest(condition=str(condition)), self.refused(expected):
                checked_domain(self.partners, [condition])

    def test_operators_that_do_not_fit_the_field_say_which_do(self):
        for condition in (
            ["color", "ilike", "1"],
            ["create_date", "ilike", "2026"],
            ["is_company", ">", False],
            ["country_id", ">", 5],
            ["name", "any", []],
            ["name", "child_of", 1],
            ["id", "ilike", "1"],
            ["image_1920", "in", [False]],
            ["display_name", ">", "a"],
        ):
            with self.subTest(condition=condition), self.refused("does not fit", "Operators: =, !="):
                checked_domain(self.partners, [condition])

    def test_paths_only_follow_relations(self):
        with self.refused("res.partner.name is no relation (char)"):
            checked_domain(self.partners, [["name.length", "=", 3]])
        with self.refused("a date has no parts here"):
            checked_domain(self.partners, [["create_date.month_number", "=", 3]])
        for path in (".name", "country_id..code", ".", ""):
            with self.subTest(path=path), self.refused("has no field"):
                checked_domain(self.partners, [[path, "=", "x"]])
        with self.refused("nothing follows the dot"):
            checked_domain(self.partners, [["country_id.", "=", "x"]])

    def test_computed_fields_without_search_are_refused_wherever_they_stand(self):
        name = "same_vat_partner_id"
        self.assertFalse(self.partners._fields[name]._description_searchable)
        for domain in (
            [[name, "=", 1]],
            ["!", [name, "=", False]],
            [[f"{name}.name", "=", "x"]],
            [[name, "any", [["name", "=", "x"]]]],
            [[f"parent_id.{name}", "=", 1]],
            [["child_ids", "not any", ["|", ["name", "=", "x"], [name, "!=", False]]]],
        ):
            with self.subTest(domain=domain), self.refused("is computed and cannot be searched"):
                checked_domain(self.partners, domain)

    def test_a_search_method_that_refuses_is_answered_in_words(self):
        def refuse(records: BaseModel, operator: str, value: Any) -> None:
            raise NotImplementedError

        field = self.partners._fields["tz_offset"]
        self.patch(field, "search", refuse)
        with self.refused("res.partner.tz_offset is computed, and cannot be searched in this way"):
            checked_domain(self.partners, [["tz_offset", "=", "+0100"]])

    def test_records_without_a_searchable_name_are_not_searched_by_it(self):
        lines = self.env["ir.model.fields"].sudo()
        self.patch(type(lines), "_rec_name", None)
        self.patch(type(lines), "_rec_names_search", None)
        with self.refused("cannot be found by name"):
            checked_domain(lines, [["display_name", "ilike", "x"]])

    def test_a_hidden_field_is_refused_as_an_unknown_one_wherever_it_stands(self):
        self.hide_field(self.partners, "ref")
        partners = self.as_plain(self.partners)
        for domain in (
            [["ref", "=", "A1"]],
            ["!", ["ref", "=", "A1"]],
            [["name", "=", "x"], "|", ["id", "=", 1], ["ref", "like", "A"]],
            [["parent_id.ref", "=", "A1"]],
            [["parent_id.parent_id.ref", "=", "A1"]],
            [["child_ids", "any", [["ref", "=", "A1"]]]],
            [["child_ids", "not any", [["parent_id.ref", "=", "A1"]]]],
            [["country_id", "any", [["id", "=", 1]]], ["ref", "=?", "A1"]],
        ):
            with (
                self.subTest(domain=domain),
                self.refused('no field "ref" that you may see', without=(" ref,", " ref.")),
            ):
                checked_domain(partners, domain)
            checked_domain(self.partners, domain)

    def test_records_of_a_forbidden_model_cannot_be_asked_about(self):
        rights = self.env["ir.model.access"].sudo().search([("model_id.model", "=", "res.country")])
        rights.active = False
        partners = self.as_plain(self.partners)
        for condition in (["country_id.code", "=", "BE"], ["country_id", "ilike", "b"], ["country_id", "any", []]):
            with (
                self.subTest(condition=condition),
                self.refused("you may not read the records", without=("res.country",)),
            ):
                checked_domain(partners, [condition])
        checked_domain(partners, [["country_id", "=", self.env.ref("base.be").id]])


@tagged("post_install", "-at_install")
class TestDomainMeaning(DomainCase):
    def test_every_operator_is_understood(self):
        self.assertEqual(len(OPERATORS), len(set(OPERATORS)))
        for operator in OPERATORS:
            field, value = {
                "in": ("name", ["Zed"]),
                "not in": ("name", ["Zed"]),
                "child_of": ("id", self.ours[0].id),
                "parent_of": ("id", self.ours[0].id),
                "any": ("child_ids", [["name", "=", "Second child"]]),
                "not any": ("child_ids", [["name", "=", "Second child"]]),
            }.get(operator, ("name", "Zed"))
            with self.subTest(operator=operator):
                self.assertTrue(0 < len(self.found([[field, operator, value]])) <= len(self.ours))

    def test_unset_is_zero_for_numbers_and_empty_for_texts(self):
        for zero in (0, False, None):
            self.assertIn("100% Béton", self.names([["color", "=", zero]]))
            self.assertIn("azure & söhne", self.names([["color", "=", zero]]))
            self.assertNotIn("100% Béton", self.names([["color", "!=", zero]]))
        self.assertEqual(
            self.names([["color", "<", 1]]),
            ["100% Béton", "Back\\slash", "Grandchild", "Second child", "azure & söhne"],
        )
        self.assertEqual(self.names([["color", "<", 0]]), ["Back\\slash"])
        for empty in ("", False, None):
            self.assertIn("Zed", self.names([["ref", "=", empty]]))
            self.assertIn("azure & söhne", self.names([["ref", "=", empty]]))
        self.assertNotIn("azure & söhne", self.names([["ref", "!=", False]]))

    def test_a_negation_is_the_complement(self):
        for domain in (
            [["color", "<", 3]],
            [["create_date", ">", "2026-03-28"]],
            [["parent_id.name", "=", "Azure Interior"]],
            [["child_ids.type", "=", "invoice"]],
            [["ref", "=like", "A%"]],
            [["country_id", "ilike", "bel"]],
            [["category_id", "child_of", self.tags[0].id]],
            [["parent_id", "child_of", self.ours[0].id]],
            [["display_name", "ilike", "azure"]],
            ["|", ["color", ">=", 3], ["is_company", "=", True]],
        ):
            with self.subTest(domain=domain):
                found = self.found(domain)
                self.assertTrue(found)
                self.assertEqual(set(self.found(["!", *domain])), set(self.ours - found))

    def test_days_are_days_of_the_user_and_seconds_are_whole(self):
        """Brussels goes from +1 to +2 in the night of 2026-03-29."""
        self.assertEqual(len(self.found([["create_date", "=", "2026-03-29"]])), 4)
        self.assertEqual(len(self.found([["create_date", "<", "2026-03-29"]])), 4)
        self.assertEqual(len(self.found([["create_date", ">", "2026-03-29"]])), 2)
        self.assertEqual(len(self.found([["create_date", "<=", "2026-03-29"]])), 8)
        self.assertEqual(len(self.found([["create_date", "=", "2026-03-28T22:59:59Z"]])), 2)
        self.assertEqual(len(self.found([["create_date", ">", "2026-03-29T22:00:00Z"]])), 0)
        self.assertEqual(len(self.found([["create_date", ">=", "2026-03-30 00:00:00"]])), 2)
        self.assertEqual(len(self.found([["create_date", "in", ["2026-03-29", "2020-01-01T00:00:00+00:00"]]])), 6)

    def test_names_find_records_of_relations_one_by_one(self):
        be, us = self.env.ref("base.be"), self.env.ref("base.us")
        belgian, american = (self.ours.filtered(lambda r, c=country: r.country_id == c) for country in (be, us))
        nowhere = self.ours.filtered(lambda record: not record.country_id)
        self.assertTrue(belgian and american and nowhere)
        for condition, wanted in (
            (["country_id", "=", "Belgium"], belgian),
            (["country_id", "!=", "Belgium"], self.ours - belgian),
            (["country_id", "in", ["Belgium", us.id]], belgian + american),
            (["country_id", "in", ["Belgium", False]], belgian + nowhere),
            (["country_id", "not in", ["Belgium", False]], self.ours - belgian - nowhere),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(set(self.found([condition])), set(wanted))
        self.assertEqual(self.names([["category_id", "=", "Tag two"]]), ["Second child"])
        self.assertEqual(self.names([["category_id.display_name", "ilike", "other"]]), ["Grandchild"])

    def test_display_name_is_the_name_search(self):
        named = self.ours.filtered(lambda record: "azure interior" in record.display_name.lower())
        self.assertEqual(set(self.found([["display_name", "ilike", "azure interior"]])), set(named))
        self.assertEqual(
            self.names([["parent_id.display_name", "=", "Azure Interior"]]), ["Child of Azure", "Second child"]
        )
        self.assertEqual(self.names([["display_name", "in", ["Zed", "100% Béton"]]]), ["100% Béton", "Zed"])
        self.assertEqual(self.found([["display_name", "ilike", ""]]), self.found([]))

    def test_labels_of_selections_are_understood(self):
        label = dict(self.partners.fields_get(["type"])["type"]["selection"])["invoice"]
        self.assertEqual(self.found([["type", "=", label]]), self.found([["type", "=", "invoice"]]))

    def test_equals_if_set(self):
        self.assertEqual(self.found([["name", "=?", False]]), self.found([]))
        self.assertEqual(self.names([["name", "=?", "Zed"]]), ["Zed"])
        self.assertEqual(self.names(["!", ["name", "=?", None]]), [])

    def test_archived_records_follow_the_context_of_the_search(self):
        domain = checked_domain(self.partners, [["id", "in", self.ours.ids]])
        self.assertEqual(len(self.partners.search(domain)), 8)
        domain = checked_domain(self.partners, [["id", "in", self.ours.ids], ["active", "=", False]])
        self.assertEqual(len(self.partners.search(domain)), 2)

    def test_a_record_hidden_by_a_rule_is_not_found_by_the_names_of_others(self):
        self.hide_from_plain(self.partners, "[('name', '!=', 'Azure Interior')]")
        partners = self.as_plain(self.partners)
        for domain in ([["parent_id", "=", "Azure Interior"]], [["parent_id.ref", "=", "A1"]]):
            self.assertFalse(partners.search([*checked_domain(partners, domain), ("id", "in", self.ours.ids)]))
            self.assertTrue(self.found(domain))

    def test_a_domain_of_a_plain_user_checks_no_more_than_its_fields(self):
        partners = self.as_plain(self.partners)
        domain = [["is_company", "=", True], ["country_id.code", "=", "BE"], ["name", "ilike", "a"]]
        checked_domain(partners, domain)
        with self.assertQueryCount(0):
            checked_domain(partners, domain)
