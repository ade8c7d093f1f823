# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..orm.domain import checked_domain
from ..orm.errors import ToolError
from ..orm.values import checked_values
from .orm_case import OrmCase

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


class ValuesCase(OrmCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.belgium = cls.env.ref("base.be")
        cls.partner = cls.partners.create({"name": "Valued", "city": "Gent"})
        cls.tag = cls.env["res.partner.category"].create({"name": "Tag for values"})

    def create(self, **values: Any) -> dict[str, Any]:
        return checked_values(self.partners, values, creating=True)

    def write(self, **values: Any) -> dict[str, Any]:
        return checked_values(self.partner, values, creating=False)


@tagged("post_install", "-at_install")
class TestValues(ValuesCase):
    def test_values_are_typed(self):
        label = dict(self.partners.fields_get(["type"])["type"]["selection"])["invoice"]
        values = self.create(
            name=5,
            color="3",
            is_company="true",
            partner_latitude="2.5",
            type=label,
            city=None,
            vat=False,
            ref="",
        )
        self.assertEqual(
            values,
            {
                "name": "5",
                "color": 3,
                "is_company": True,
                "partner_latitude": 2.5,
                "type": "invoice",
                "city": False,
                "vat": False,
                "ref": "",
            },
        )
        self.assertEqual(self.partners.create(values).color, 3)

    def test_wrong_types_say_what_is_expected_and_where(self):
        for name, value, expected in (
            ("name", ["x"], "expects text"),
            ("name", True, "expects text"),
            ("name", "a\x00", "cannot be stored"),
            ("color", "red", "expects a whole number such as 5"),
            ("color", 2**31, "too large"),
            ("partner_latitude", "1,250.5", "no thousands separator"),
            ("is_company", "maybe", "expects true or false"),
            ("type", "shipping", "delivery (Delivery"),
            ("country_id", True, "is not a record id"),
            ("country_id", {"name": "x"}, "is not a record id"),
            ("category_id", "Tag", "expects a list"),
            ("image_1920", "no base64!", "base64"),
            ("image_1920", 5, "base64"),
        ):
            with self.subTest(name=name, value=value), self.refused(f"res.partner.{name}: ", expected):
                self.create(**{name: value})
        with self.refused("Values are an object"):
            checked_values(self.partners, [["name", "x"]], creating=True)

    def test_unknown_and_hidden_names_are_refused_alike(self):
        with self.refused('res.partner has no field "nmae" that you may see', "name"):
            self.create(nmae="x")
        self.hide_field(self.partners, "ref")
        partners = self.as_plain(self.partners)
        for values in (
            {"ref": "x"},
            {"child_ids": [{"name": "x", "ref": "x"}]},
            {"child_ids": [[0, 0, {"ref": "x"}]]},
            {"child_ids": [[1, self.partner.id, {"ref": "x"}]]},
            {"child_ids": [[0, 0, {"child_ids": [[0, 0, {"ref": "x"}]]}]]},
        ):
            with (
                self.subTest(values=values),
                self.refused('no field "ref" that you may see', without=(" ref,", " ref.")),
            ):
                checked_values(partners, values, creating=True)
            checked_values(self.partners, values, creating=True)

    def test_what_odoo_computes_is_refused(self):
        for name in ("display_name", "id", "create_date", "write_uid", "commercial_partner_id"):
            with self.subTest(name=name), self.refused(f"res.partner.{name} is computed by Odoo and cannot be written"):
                self.write(**{name: 1})
        with self.refused("parent_path"):
            checked_values(self.env["res.partner.category"], {"parent_path": "1/"}, creating=True)

    def test_what_kind_of_record_a_new_one_is_can_be_said_and_is_not_changed_later(self):
        """Odoo shows the type of an invoice as read-only: it is chosen once, and without it there are no invoices."""
        if "account.move" not in self.env:
            self.skipTest("needs the app Invoicing")
        moves = self.env["account.move"]
        self.assertEqual(
            checked_values(moves, {"move_type": "out_invoice"}, creating=True), {"move_type": "out_invoice"}
        )
        with self.assertRaisesRegex(ToolError, "move_type is read-only"):
            checked_values(moves, {"move_type": "out_invoice"}, creating=False)
        with self.assertRaisesRegex(ToolError, "state is read-only"):
            checked_values(moves, {"state": "posted"}, creating=True)

    def test_dates_of_the_user_become_dates_of_odoo(self):
        rates = self.env["res.currency.rate"]
        self.assertEqual(checked_values(rates, {"name": "2026-11-21"}, creating=True), {"name": "2026-11-21"})
        with self.refused("res.currency.rate.name: ", "2026-11-21"):
            checked_values(rates, {"name": "21/11/2026"}, creating=True)
        crons = self.env["ir.cron"].sudo()
        for written, stored in (
            ("2026-07-01 12:00:00", "2026-07-01 10:00:00"),
            ("2026-07-01T12:00:00Z", "2026-07-01 12:00:00"),
            ("2026-07-01T12:00:00+05:00", "2026-07-01 07:00:00"),
        ):
            self.assertEqual(checked_values(crons, {"nextcall": written}, creating=False), {"nextcall": stored})

    def test_markdown_becomes_html_and_html_stays(self):
        self.assertIn("<strong>now</strong>", self.create(comment="Call **now**")["comment"])
        self.assertEqual(self.create(comment="<p>Call <b>now</b></p>")["comment"], "<p>Call <b>now</b></p>")

    def test_files_are_checked_and_cleaned(self):
        broken = f"data:image/png;base64,{PIXEL[:40]}\n{PIXEL[40:]}"
        self.assertEqual(self.create(image_1920=broken), {"image_1920": PIXEL})
        self.partner.write(self.write(image_1920=PIXEL))

    def test_a_text_longer_than_its_field_is_refused(self):
        with self.refused("res.country.code: takes at most 2 characters, not 3"):
            checked_values(self.env["res.country"], {"code": "BEL"}, creating=True)

    def test_references_name_an_existing_readable_record(self):
        model = self.env["ir.ui.menu"].sudo()
        action = self.env["ir.actions.act_window"].sudo().search([], limit=1)
        value = f"ir.actions.act_window,{action.id}"
        self.assertEqual(checked_values(model, {"action": value}, creating=True), {"action": value})
        for wrong in (
            "ir.actions.act_window",
            "no.model,1",
            "ir.actions.act_window,x",
            "ir.actions.act_window,2000000000",
            5,
        ):
            with self.subTest(wrong=wrong), self.refused("ir.ui.menu.action: "):
                checked_values(model, {"action": wrong}, creating=True)


@tagged("post_install", "-at_install")
class TestLinks(ValuesCase):
    def test_a_record_is_given_by_id_by_pair_or_by_its_exact_name(self):
        for value in (self.belgium.id, str(self.belgium.id), [self.belgium.id, "Belgium"], "Belgium", "belgium"):
            self.assertEqual(self.create(country_id=value), {"country_id": self.belgium.id})
        self.assertEqual(self.create(country_id=None), {"country_id": False})

    def test_an_unknown_name_is_answered_with_records_alike(self):
        with self.refused('no res.country is called "Belg"', f"Belgium #{self.belgium.id}"):
            self.create(country_id="Belg")
        with self.refused("Find it with find_records"):
            self.create(country_id="Atlantis")

    def test_an_ambiguous_name_is_answered_with_the_candidates(self):
        twins = self.partners.create([{"name": "Twin for values"}, {"name": "Twin for values"}])
        with self.refused("several records", f"#{twins[0].id}", f"#{twins[1].id}", "Give the id"):
            self.create(parent_id="Twin for values")

    def test_an_id_that_does_not_exist_is_refused(self):
        with self.refused("res.partner.country_id: res.country has no record with id 1073741824"):
            self.create(country_id=2**30)
        for commands in ([2**30], [[4, 2**30]], [[6, 0, [2**30]]], [[1, 2**30, {}]], [[2, 2**30]]):
            with self.subTest(commands=commands), self.refused("no record with id 1073741824"):
                self.create(category_id=commands)

    def test_a_record_hidden_by_a_rule_cannot_be_linked_and_its_name_finds_nothing(self):
        hidden = self.partners.create({"name": "Top secret"})
        self.hide_from_plain(self.partners, "[('name', '!=', 'Top secret')]")
        partners = self.as_plain(self.partners)
        with self.refused("record rule", str(hidden.id), without=("Top secret",)):
            checked_values(partners, {"parent_id": hidden.id}, creating=True)
        with self.refused('is called "Top secr"', without=("Top secret", f"#{hidden.id}")):
            checked_values(partners, {"parent_id": "Top secr"}, creating=True)

    def test_a_record_of_a_forbidden_model_is_linked_by_id_only(self):
        self.env["ir.model.access"].sudo().search([("model_id.model", "=", "res.country")]).active = False
        partners = self.as_plain(self.partners)
        self.assertEqual(
            checked_values(partners, {"country_id": self.belgium.id}, creating=True), {"country_id": self.belgium.id}
        )
        with self.refused("expects an id", without=("res.country",)):
            checked_values(partners, {"country_id": "Belgium"}, creating=True)

    def test_lists_of_ids_or_names_set_a_many2many(self):
        wanted = {"category_id": [(6, 0, [self.tag.id])]}
        for value in ([self.tag.id], ["Tag for values"], [[6, 0, [self.tag.id]]]):
            self.assertEqual(self.create(category_id=value), wanted)
        self.assertEqual(self.create(category_id=[]), {"category_id": [(6, 0, [])]})
        self.assertEqual(self.create(category_id=None), {"category_id": [(6, 0, [])]})

    def test_commands_are_checked_and_completed(self):
        child = self.partners.create({"name": "Child", "parent_id": self.partner.id})
        values = self.write(
            child_ids=[[0, 0, {"name": 7}], [1, child.id, {"color": "4"}], [2, child.id], [4, child.id, 0]]
        )
        self.assertEqual(
            values["child_ids"],
            [(0, 0, {"name": "7"}), (1, child.id, {"color": 4}), (2, child.id, 0), (4, child.id, 0)],
        )
        self.assertEqual(
            self.write(category_id=[[5], [3, self.tag.id]])["category_id"], [(5, 0, 0), (3, self.tag.id, 0)]
        )

    def test_lines_may_be_written_as_objects(self):
        created = self.partners.create(
            self.create(name="Head", child_ids=[{"name": "Hand", "type": "contact"}, {"name": "Foot"}])
        )
        self.assertEqual(sorted(created.child_ids.mapped("name")), ["Foot", "Hand"])

    def test_lines_are_not_replaced_by_a_list_of_ids(self):
        with self.refused("it would delete the others", "[6, 0, [ids]]"):
            self.write(child_ids=[self.partner.id])

    def test_lines_in_lines_without_end_are_refused(self):
        values: dict[str, Any] = {"name": "x"}
        for _level in range(400):
            values = {"child_ids": [[0, 0, values]]}
        with self.refused("nested deeper"):
            self.create(**values)

    def test_what_is_no_command_is_refused_with_all_forms(self):
        for item in ([7], [], [0, 0, "x"], [True, 1], [1.0, 1, {}], ["0", 0, {}], [6, 0, 5], [4], [1, None, {}], [0]):
            with self.subTest(item=item), self.refused("res.partner.child_ids: "):
                self.write(child_ids=[item, [5]])


@tagged("post_install", "-at_install")
class TestProperties(ValuesCase):
    """Tasks have properties that their project defines."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        definitions = [
            {"name": "size", "string": "Size", "type": "selection", "selection": [["s", "Small"], ["l", "Large"]]},
            {"name": "who", "string": "Who", "type": "many2one", "comodel": "res.partner"},
            {"name": "count", "string": "Count", "type": "integer"},
            {"name": "marks", "string": "Marks", "type": "tags", "tags": [["x", "Extra", 1], ["y", "Yellow", 2]]},
        ]
        cls.project = cls.env["project.project"].create({"name": "P", "task_properties_definition": definitions})
        cls.tasks = cls.env["project.task"]
        cls.task = cls.tasks.create({"name": "T", "project_id": cls.project.id})
        cls.task.task_properties = {"size": "s", "who": cls.partner.id, "marks": ["x"]}
        cls.env.flush_all()

    def stored(self) -> dict[str, Any]:
        self.env.flush_all()
        self.env.invalidate_all()
        read = self.task.read(["task_properties"])[0]["task_properties"]
        return {item["name"]: item.get("value") for item in read}

    def test_a_change_keeps_the_other_properties(self):
        values = checked_values(self.task, {"task_properties": {"Count": "7", "size": "Large"}}, creating=False)
        self.assertEqual(values["task_properties"], {"size": "l", "who": self.partner.id, "count": 7, "marks": ["x"]})
        self.task.write(values)
        stored = self.stored()
        self.assertEqual((stored["size"], stored["count"], stored["marks"]), ("l", 7, ["x"]))
        self.assertEqual(stored["who"][0], self.partner.id)

    def test_new_records_take_the_definitions_of_their_container(self):
        values = checked_values(
            self.tasks,
            {"name": "N", "project_id": self.project.id, "task_properties": {"Marks": ["Yellow"]}},
            creating=True,
        )
        self.assertEqual(values["task_properties"], {"marks": ["y"]})
        with self.refused("give project_id as an id"):
            checked_values(self.tasks, {"task_properties": {"size": "s"}}, creating=True)

    def test_unknown_properties_and_wrong_values_are_refused(self):
        for properties, expected in (
            ({"colour": "red"}, "size (Size), who (Who), count (Count), marks (Marks)"),
            ({"size": "huge"}, "s (Small), l (Large)"),
            ({"count": "many"}, "a whole number"),
            ({"who": 2**30}, "no record with id"),
            ({"marks": ["z"]}, "x (Extra)"),
            ("size", "an object of properties"),
        ):
            with self.subTest(properties=properties), self.refused("project.task.task_properties: ", expected):
                checked_values(self.task, {"task_properties": properties}, creating=False)

    def test_records_with_other_properties_are_written_one_at_a_time(self):
        both = self.task + self.tasks.create({"name": "Other", "project_id": self.project.id})
        with self.refused("one record at a time"):
            checked_values(both, {"task_properties": {"count": 1}}, creating=False)

    def test_properties_are_searched_by_their_technical_name(self):
        for condition, found in (
            (["task_properties.size", "=", "s"], True),
            (["task_properties.size", "!=", "s"], False),
            (["task_properties.size", "in", ["s", "l"]], True),
            (["task_properties.marks", "in", "x"], True),
            (["task_properties.who", "=", self.partner.id], True),
            (["task_properties.count", "=", False], True),
        ):
            for domain, wanted in (([condition], found), (["!", condition], not found)):
                with self.subTest(domain=domain):
                    checked = checked_domain(self.tasks, [["id", "=", self.task.id], *domain])
                    self.assertEqual(bool(self.tasks.search(checked)), wanted)
        with self.refused('after "task_properties."', "size"):
            checked_domain(self.tasks, [["task_properties.sizes", "=", "s"]])
        with self.refused("Properties: "):
            checked_domain(self.tasks, [["task_properties", "=", "s"]])


@tagged("post_install", "-at_install")
class TestRandomValues(ValuesCase):
    def test_random_junk_is_refused_in_words(self):
        names = sorted(name for name, info in self.partners.fields_get().items() if not info["readonly"])
        junk = st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
            lambda inner: (
                st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(names) | st.text(), inner, max_size=2)
            ),
            max_leaves=10,
        )

        @settings(
            max_examples=300, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        @given(st.dictionaries(st.sampled_from(names), junk, min_size=1, max_size=2) | junk, st.booleans())
        def holds(values: Any, creating: bool) -> None:
            try:
                checked = checked_values(self.partner, values, creating=creating)
            except ToolError:
                return
            self.assertEqual(list(checked), list(values))

        holds()
