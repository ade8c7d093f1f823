# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from ..orm.aggregate import aggregate
from .orm_sample import SampleCase


@tagged("post_install", "-at_install")
class TestAggregate(SampleCase):
    """The same expected texts on 17.0, 18.0 and 19.0, in the time zone of Brussels."""

    def make(self, **values):
        return self.sample.create({"x_name": "a", **values})

    def found(self, group_by=(), measures=(), *args, model=None, **options):
        answer = aggregate(self.sample if model is None else model, [], group_by, measures, *args, **options)
        return ["|".join(answer.columns), *("|".join(row) for row in answer.rows)]

    def test_a_late_evening_belongs_to_the_next_month_of_the_users_zone(self):
        self.make(x_moment="2026-10-31 22:30:00")
        self.make(x_moment="2026-10-31 23:30:00")
        self.make(x_moment=False)
        self.assertEqual(
            self.found(["x_moment:month"]), ["x_moment:month|__count", "2026-10|1", "2026-11|1", "(none)|1"]
        )
        utc = self.sample.with_context(tz="UTC")
        self.assertEqual(self.found(["x_moment:month"], model=utc)[1:], ["2026-10|2", "(none)|1"])
        self.assertEqual(aggregate(utc, [], ["x_moment"], []).notes, ["(times in UTC)"])

    def test_the_users_own_zone_counts_when_the_context_has_none(self):
        self.make(x_moment="2026-12-31 23:30:00")
        model = self.as_plain(self.sample).with_context(tz=False)
        self.assertEqual(self.found(["x_moment:year"], model=model)[1], "2027|1")

    def test_every_granularity_has_an_unambiguous_name(self):
        self.make(x_moment="2026-11-21 13:45:10", x_day="2026-11-21")
        for granularity, name in {
            "hour": "2026-11-21 14:00", "day": "2026-11-21", "month": "2026-11", "quarter": "2026-Q4", "year": "2026",
        }.items():  # fmt: skip
            self.assertEqual(self.found([f"x_moment:{granularity}"])[1], f"{name}|1")
        self.assertEqual(self.found(["x_day"]), ["x_day:month|__count", "2026-11|1"])

    def test_weeks_begin_as_the_users_language_says(self):
        self.make(x_day="2026-11-22")  # a Sunday
        language = self.env.ref("base.lang_en")
        language.week_start = "7"
        self.assertEqual(self.found(["x_day:week"])[1], "week from 2026-11-22|1")
        language.week_start = "1"
        self.assertEqual(self.found(["x_day:week"])[1], "2026-W47|1")

    def test_groups_are_named_by_label_and_id_and_nothing_comes_last(self):
        partner = self.partners.create({"name": "Deco | Co"})
        self.make(x_partner_id=partner.id, x_colour="red", x_done=True)
        self.make(x_colour="blue")
        self.make()
        self.assertEqual(self.found(["x_partner_id"])[1:], [f"Deco \\| Co #{partner.id}|1", "(none)|2"])
        self.assertEqual(self.found(["x_colour"], order="x_colour desc")[1:], ["Bright Red|1", "Blue|1", "(none)|1"])
        self.assertEqual(self.found(["x_done"])[1:], ["no|2", "yes|1"])

    def test_many2one_groups_sort_as_their_model_does(self):
        last, first = (self.partners.create({"name": name}) for name in ("Zoe", "Abe"))
        for partner in (last, first):
            self.make(x_partner_id=partner.id)
        self.assertEqual(self.found(["x_partner_id"])[1:], [f"Abe #{first.id}|1", f"Zoe #{last.id}|1"])

    def test_a_record_is_counted_in_each_of_its_tags(self):
        tags = self.env["res.partner.category"].create([{"name": "one"}, {"name": "two"}])
        self.make(x_tag_ids=[(6, 0, tags.ids)])
        self.make()
        expected = {f"one #{tags[0].id}|1", f"two #{tags[1].id}|1", "(none)|1"}
        self.assertEqual(set(self.found(["x_tag_ids"])[1:]), expected)
        self.assertIn("counted in each", aggregate(self.sample, [], ["x_tag_ids"], []).notes[0])

    def test_measures(self):
        for count, colour in ((1, "red"), (2, "red"), (2, "red"), (7, "blue")):
            self.make(x_count=count, x_colour=colour, x_day=f"2026-11-0{count}", x_moment="2026-11-21 13:45:00")
        measures = ["x_count", "x_count:avg", "x_count:min", "x_count:max", "x_count:count", "x_count:count_distinct"]
        self.assertEqual(
            self.found(["x_colour"], measures),
            [
                "x_colour|x_count:sum|x_count:avg|x_count:min|x_count:max|x_count:count|x_count:count_distinct|__count",
                "Blue|7|7|7|7|1|1|1",
                "Bright Red|5|1.666667|1|2|3|2|3",
            ],
        )
        self.assertEqual(self.found([], ["x_day:max", "x_moment:min"])[1], "2026-11-07|2026-11-21 14:45|4")

    def test_numbers_that_were_never_set_count_as_zero(self):
        records = self.make(x_weight=-4.0, x_amount=-8.0) + self.make(x_weight=-2.0, x_amount=-4.0) + self.make()
        measures = [f"x_weight:{function}" for function in ("sum", "avg", "min", "max", "count")]
        self.unset(records[2], "x_weight")
        self.assertEqual(self.found([], measures)[1], "-6|-2|-4|0|3|3")
        self.unset(records[2], "x_amount")
        self.assertEqual(self.found([], ["x_amount:avg", "x_amount:max"])[1], "-4.00|0.00|3")
        self.unset(records, "x_weight")
        self.assertEqual(self.found([], measures)[1], "0|0|0|0|3|3")

    def test_an_empty_selection_gives_zero_and_no_groups(self):
        self.assertEqual(self.found([], ["x_count:sum", "x_count:avg", "x_day:max"])[1:], ["0|0|(none)|0"])
        self.assertEqual(self.found(["x_colour"], ["x_count:sum"])[1:], [])

    def test_amounts_carry_their_currency(self):
        self.make(x_amount=10.5, x_currency_id=self.usd.id, x_colour="red")
        self.make(x_amount=2, x_currency_id=self.usd.id, x_colour="red")
        self.assertEqual(self.found(["x_colour"], ["x_amount:sum"])[1], "Bright Red|12.50 USD|2")

    def test_several_currencies_are_never_added_up(self):
        self.make(x_amount=10, x_currency_id=self.usd.id)
        self.make(x_amount=10, x_currency_id=self.eur.id)
        answer = aggregate(self.sample, [], [], ["x_amount:sum"])
        self.assertEqual(answer.rows, [["(several currencies)", "2"]])
        self.assertEqual(answer.notes, ["(x_amount:sum: add x_currency_id to group_by to total each currency)"])
        rows = self.found(["x_currency_id"], ["x_amount:sum"])[1:]
        self.assertEqual({row.split("|")[1] for row in rows}, {"10.00 USD", "10.00 EUR"})

    def test_amounts_in_the_companys_currency_are_named_by_the_company(self):
        company = self.env.company
        self.make(x_cost=10, x_company_id=company.id)
        self.assertEqual(self.found([], ["x_cost:sum"])[1], f"10.00 {company.currency_id.name}|1")
        other_currency = self.usd + self.eur - company.currency_id
        other = self.env["res.company"].create({"name": "Other", "currency_id": other_currency[0].id})
        both = self.sample.with_context(allowed_company_ids=[company.id, other.id])
        both.create({"x_name": "b", "x_cost": 5, "x_company_id": other.id})
        self.assertEqual(self.found([], ["x_cost:sum"], model=both)[1], "(several currencies)|2")
        rows = self.found(["x_company_id"], ["x_cost:sum"], model=both)[1:]
        self.assertIn(f"Other #{other.id}|5.00 {other_currency[0].name}|1", rows)

    def test_having_order_limit_and_offset(self):
        for colour, count in (("red", 5), ("blue", 1), ("blue", 3)):
            self.make(x_colour=colour, x_count=count)
        by_sum = self.found(["x_colour"], ["x_count:sum"], order="x_count:sum desc")
        self.assertEqual(by_sum[1:], ["Bright Red|5|1", "Blue|4|2"])
        self.assertEqual(self.found(["x_colour"], ["x_count:sum"], order="x_count")[1:], ["Blue|4|2", "Bright Red|5|1"])
        self.assertEqual(self.found(["x_colour"], [], [["__count", ">", 1]])[1:], ["Blue|2"])
        self.assertEqual(self.found(["x_colour"], [], ["x_count:sum", ">=", "5"])[1:], ["Bright Red|1"])
        either = '["|", ["__count", ">", 1], ["x_count:max", "in", [5]]]'
        self.assertEqual(self.found(["x_colour"], [], either)[1:], ["Blue|2", "Bright Red|1"])
        self.assertEqual(self.found(["x_colour"], [], limit=1, offset=1)[1:], ["Bright Red|1"])

    def test_pages_over_equal_totals_neither_repeat_nor_skip(self):
        partners = self.partners.create([{"name": f"P{number}"} for number in range(6)])
        for partner in partners:
            self.make(x_partner_id=partner.id, x_count=1)
        pages = [
            self.found(["x_partner_id"], ["x_count:sum"], order="x_count:sum desc", limit=2, offset=start)[1:]
            for start in (0, 2, 4)
        ]
        self.assertEqual(len({row for page in pages for row in page}), 6)

    def test_a_hidden_field_is_refused_as_an_unknown_one(self):
        self.hide_field(self.partners, "ref")
        plain = self.as_plain(self.partners)
        for entries in ((["ref"], []), ([], ["ref:count"]), ([], [], [["ref:count", ">", 1]])):
            with self.refused('res.partner has no field "ref" that you may see.'):
                aggregate(plain, [], *entries)
        with self.refused('res.partner has no field "reff" that you may see.', without=(" ref,", " ref.")):
            aggregate(plain, [], ["reff"], [])

    def test_record_rules_narrow_the_totals_and_hide_names(self):
        shown, hidden = self.partners.create([{"name": "Shown"}, {"name": "Hidden"}])
        self.make(x_partner_id=shown.id, x_name="keep")
        self.make(x_partner_id=hidden.id, x_name="keep")
        self.make(x_partner_id=shown.id, x_name="drop")
        self.hide_from_plain(self.sample, "[('x_name', '=', 'keep')]")
        self.hide_from_plain(self.partners, f"[('id', '!=', {hidden.id})]")
        rows = self.found(["x_partner_id"], model=self.as_plain(self.sample))[1:]
        self.assertEqual(sorted(rows), sorted([f"Shown #{shown.id}|1", f"#{hidden.id}|1"]))

    def test_what_cannot_be_grouped_or_measured_is_refused_with_a_way_out(self):
        cases = (
            ((["x_partner_id.country_id"], []), ("cannot follow a relation", "Use x_partner_id")),
            ((["nope"], []), ('no field "nope"',)),
            ((["x_length"], []), ("x_length of x_mcp_sample is computed",)),
            ((["x_body"], []), ("of type html",)),
            ((["x_colour:month"], []), ("only dates take :month",)),
            ((["x_day:fortnight"], []), ("hour, day, week, month, quarter, year",)),
            (([7], []), ("not an entry of group_by",)),
            (([], ["x_name:sum"]), ("needs numbers", "x_amount", "x_count", "x_name:count_distinct")),
            (([], ["x_name"]), ("say which function",)),
            (([], ["x_count:summ"]), ("Nearest: x_count:sum",)),
            (([], ["x_file:count"]), ("cannot be counted",)),
            (([], ["x_partner_id:max"]), ("needs numbers or dates", "x_day")),
            ((["x_colour"], [], None, "x_name desc"), ("Order by x_colour, __count",)),
            ((["x_colour"], [], None, "x_colour; drop table"), ("Order by",)),
            ((["x_colour"], [], [["__count", "like", 1]]), ("Operator 'like'",)),
            ((["x_colour"], [], [["__count", ">", "many"]]), ("compare __count with a number",)),
            ((["x_colour"], [], ["|", ["__count", ">", 1]]), ("before the 2 condition(s)",)),
            ((["x_colour"], [], [["x_name:sum", ">", 1]]), ("needs numbers",)),
            ((["x_colour"], [], "many"), ("not a list",)),
        )
        for arguments, parts in cases:
            with self.subTest(arguments=arguments), self.refused(*parts):
                aggregate(self.sample, [], *arguments)
