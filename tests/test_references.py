# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..orm.errors import ToolError
from ..orm.references import NAMES, Offer, Reference, referred, resolved

OFFER = Offer("search_records", "res.partner", (7, 8, 9))
PLAIN = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(lambda text: "$" not in text)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN, inner, max_size=4),
    max_leaves=20,
)
REFERENCES = st.one_of(
    st.builds(Reference, st.integers(1, 50), st.sampled_from(NAMES)),
    st.builds(Reference, st.integers(1, 50), st.just("ids"), st.integers(-50, 50)),
)
HOSTILE = st.lists(
    st.sampled_from(["$", "{", "}", "1", ".", "ids", "id", "[0]", "[", "-", " ", "model", "$$"]), max_size=9
)
OPTIONS = {"max_examples": 200, "deadline": None, "derandomize": True, "database": None}


def braced(reference: Reference) -> str:
    return "${" + str(reference)[1:] + "}"


@tagged("post_install", "-at_install")
class TestReferences(BaseCase):
    def value(self, text: Any, offer: Offer = OFFER) -> Any:
        return resolved(text, offer.value)

    def refusal(self, text: Any, offer: Offer = OFFER) -> str:
        with self.assertRaises(ToolError) as caught:
            self.value(text, offer)
        return str(caught.exception)

    def test_a_whole_value_keeps_its_type(self) -> None:
        found = self.value({"ids": "$1.ids", "one": ["$1.ids[0]", "$1.ids[-1]"], "model": "$1.model", "n": 5})
        self.assertEqual(found, {"ids": [7, 8, 9], "one": [7, 9], "model": "res.partner", "n": 5})

    def test_a_text_takes_values_between_its_words(self) -> None:
        self.assertEqual(self.value("See ${1.ids[1]} of ${1.model}: ${1.ids}."), "See 8 of res.partner: 7, 8, 9.")

    def test_the_only_record_has_a_short_name(self) -> None:
        self.assertEqual(self.value("$1.id", Offer("create_records", "res.partner", (7,))), 7)
        self.assertIn("has 3 records, not one", self.refusal("$1.id"))

    def test_money_and_other_dollars_are_texts(self) -> None:
        for text in ("$1.50", "$", "US$ 1.ids", "${name}", "$1", "costs $1.ids or so", "$x.ids", "${}", "$1 .ids"):
            self.assertEqual(self.value(text), text)

    def test_a_second_dollar_makes_it_a_text(self) -> None:
        self.assertEqual(self.value("$$1.ids[0]"), "$1.ids[0]")
        self.assertEqual(self.value("a $${1.id} b"), "a ${1.id} b")

    def test_what_only_looks_like_a_reference_is_an_error_that_teaches(self) -> None:
        for text in (
            "$1.names",
            "$1.ids[x]",
            "$1.ids[0].name",
            "$1.id[0]",
            "$1.ids and more",
            "${1.name}",
            "x ${1.ids[}",
        ):
            with self.subTest(text):
                self.assertRegex(self.refusal(text), r'no reference to a step\. Write "\$1\.ids"')

    def test_an_index_that_is_not_there_is_an_error(self) -> None:
        for text in ("$1.ids[3]", "$1.ids[-4]", "${1.ids[3]}"):
            self.assertIn("step 1 (search_records) has 3 records", self.refusal(text))
        self.assertEqual(self.value("$1.ids", Offer("count_records")), [])
        self.assertIn("names no model", self.refusal("$1.model", Offer("get_context")))

    def test_a_step_that_failed_offers_nothing(self) -> None:
        for text in ("$1.ids", "$1.model", "${1.ids[0]}"):
            self.assertIn("failed", self.refusal(text, Offer("update_records", "res.partner", (7,), failed=True)))

    def test_keys_are_no_references(self) -> None:
        self.assertEqual(self.value({"$1.ids": 1}), {"$1.ids": 1})

    def test_arguments_without_an_end_are_refused(self) -> None:
        nested: Any = "x"
        for _level in range(5000):
            nested = [nested]
        self.assertIn("nested too deeply", self.refusal(nested))

    @given(VALUES)
    @settings(**OPTIONS)
    def test_arguments_without_a_dollar_come_back_as_they_are(self, arguments: Any) -> None:
        self.assertEqual(self.value(arguments), arguments)
        self.assertEqual(referred(arguments), [])

    @given(REFERENCES, PLAIN, PLAIN)
    @settings(**OPTIONS)
    def test_every_reference_is_found_whole_and_in_a_text_and_not_where_it_is_escaped(
        self, reference: Reference, before: str, after: str
    ) -> None:
        inside = before + braced(reference) + after
        self.assertEqual(referred([str(reference), {"x": inside}]), [reference, reference])
        escaped = ["$" + str(reference), before + "$" + braced(reference) + after]
        self.assertEqual(referred(escaped), [])
        self.assertEqual(self.value(escaped), [str(reference), inside])

    @given(HOSTILE)
    @settings(**OPTIONS)
    def test_a_value_is_never_looked_at_again(self, parts: list[str]) -> None:
        offer = Offer("evil", "${1.ids} $1.ids", (7,))
        text = "".join(parts)
        try:
            found = self.value(["$1.model", "<${1.model}>", text], offer)
        except ToolError:
            return
        self.assertEqual(found[:2], ["${1.ids} $1.ids", "<${1.ids} $1.ids>"])
