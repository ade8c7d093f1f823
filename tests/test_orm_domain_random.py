# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Domains by the hundred: their meaning is told by the values that a reader sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odoo.models import BaseModel
from odoo.tests import tagged

from ..orm.domain import OPERATORS, checked_domain
from ..orm.errors import ToolError
from .orm_domain_case import MOMENTS, DomainCase

Test = Callable[[BaseModel], bool]


def _text(value: Any) -> str:
    return value or ""


def _leaves(case: DomainCase) -> st.SearchStrategy[tuple[list[Any], Test]]:
    def leaf(term: list[Any], test: Test) -> tuple[list[Any], Test]:
        return [term], test

    compare: dict[str, Callable[[Any, Any], bool]] = {
        "=": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }

    def number(name: str, operator: str, value: float) -> tuple[list[Any], Test]:
        return leaf([name, operator, value], lambda record: compare[operator](record[name] or 0, value))

    def text(name: str, operator: str, value: str) -> tuple[list[Any], Test]:
        found = {
            "=": lambda have: have == value,
            "!=": lambda have: have != value,
            "like": lambda have: value in have,
            "not like": lambda have: value not in have,
            "ilike": lambda have: value.lower() in have.lower(),
            "not ilike": lambda have: value.lower() not in have.lower(),
        }[operator]
        return leaf([name, operator, value], lambda record: found(_text(record[name])))

    def listed(name: str, negative: bool, values: list[Any], none: Any) -> tuple[list[Any], Test]:
        wanted = {none if value is False else value for value in values}
        return leaf(
            [name, "not in" if negative else "in", values],
            lambda record: ((record[name] or none) in wanted) != negative,
        )

    def linked(name: str, negative: bool, ids: list[int], unset: bool) -> tuple[list[Any], Test]:
        values = ids + [False] * unset

        def test(record: BaseModel) -> bool:
            have = set(record.with_context(active_test=False)[name].ids)
            return (bool(have & set(ids)) or (unset and not have)) != negative

        return leaf([name, "not in" if negative else "in", values], test)

    def second(operator: str, value: datetime) -> tuple[list[Any], Test]:
        written = value.strftime("%Y-%m-%dT%H:%M:%SZ")
        return leaf(
            ["create_date", operator, written],
            lambda record: compare[operator](record.create_date.replace(microsecond=0), value),
        )

    def country(operator: str, value: str) -> tuple[list[Any], Test]:
        return leaf(
            ["country_id.code", operator, value],
            lambda record: bool(record.country_id) and compare[operator](record.country_id.code, value),
        )

    def boolean(name: str, operator: str, value: bool) -> tuple[list[Any], Test]:
        return leaf([name, operator, value], lambda record: compare[operator](record[name], value))

    texts = st.sampled_from(["", "A1", "a", "zed", "Zed", "AZURE", "b2", "_", "%", "ö"])
    patterns = st.sampled_from(["A1", "a", "zed", "Zed", "AZURE", "b2", "child", ""])
    seconds = st.sampled_from([datetime.fromisoformat(text[:19]) for text in MOMENTS])
    ids = st.lists(st.sampled_from(case.ours.ids), max_size=3)
    order = st.sampled_from(list(compare))
    return st.one_of(
        st.builds(number, st.just("color"), order, st.integers(-2, 6)),
        st.builds(number, st.just("partner_latitude"), order, st.sampled_from([-2.5, 0.0, 1.0, 2.5])),
        st.builds(text, st.sampled_from(["name", "ref"]), st.sampled_from(["=", "!="]), texts),
        st.builds(
            text,
            st.sampled_from(["name", "ref"]),
            st.sampled_from(["like", "not like", "ilike", "not ilike"]),
            patterns,
        ),
        st.builds(
            listed, st.just("color"), st.booleans(), st.lists(st.sampled_from([0, 1, 3, False]), max_size=3), st.just(0)
        ),
        st.builds(
            listed,
            st.just("ref"),
            st.booleans(),
            st.lists(st.sampled_from(["A1", "", "c", False]), max_size=3),
            st.just(""),
        ),
        st.builds(
            listed,
            st.just("type"),
            st.booleans(),
            st.lists(st.sampled_from(["contact", "other"]), max_size=2),
            st.just(False),
        ),
        st.builds(linked, st.just("parent_id"), st.booleans(), ids, st.booleans()),
        st.builds(linked, st.just("child_ids"), st.booleans(), ids, st.booleans()),
        st.builds(
            linked,
            st.just("category_id"),
            st.booleans(),
            st.lists(st.sampled_from(case.tags.ids), max_size=2),
            st.booleans(),
        ),
        st.builds(second, order, seconds),
        st.builds(country, st.sampled_from(["=", "!=", "<", ">="]), st.sampled_from(["BE", "US", "AA"])),
        st.builds(boolean, st.sampled_from(["is_company", "active"]), st.sampled_from(["=", "!="]), st.booleans()),
    )


def _trees(case: DomainCase) -> st.SearchStrategy[tuple[list[Any], Test]]:
    def negated(child: tuple[list[Any], Test]) -> tuple[list[Any], Test]:
        return ["!", *child[0]], lambda record: not child[1](record)

    def along(child: tuple[list[Any], Test], name: str, negative: bool) -> tuple[list[Any], Test]:
        def test(record: BaseModel) -> bool:
            return any(child[1](other) for other in record.with_context(active_test=False)[name]) != negative

        return [[name, "not any" if negative else "any", child[0]]], test

    def joined(operator: str, left: tuple[list[Any], Test], right: tuple[list[Any], Test]) -> tuple[list[Any], Test]:
        either = operator == "|"

        def test(record: BaseModel) -> bool:
            return left[1](record) or right[1](record) if either else left[1](record) and right[1](record)

        return [operator, *left[0], *right[0]], test

    def grown(children: st.SearchStrategy[tuple[list[Any], Test]]) -> st.SearchStrategy[tuple[list[Any], Test]]:
        return st.one_of(
            st.builds(negated, children),
            st.builds(along, children, st.just("parent_id"), st.booleans()),
            st.builds(joined, st.sampled_from("&|"), children, children),
        )

    return st.recursive(_leaves(case), grown, max_leaves=6)


def _terms(names: list[str], operators: list[str], values: st.SearchStrategy) -> st.SearchStrategy[list[Any]]:
    """Return domains of one condition."""
    return st.tuples(st.sampled_from(names), st.sampled_from(operators), values).map(lambda term: [term])


def _in_pairs(domains: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[list[Any]]:
    """Return domains of two domains."""
    return st.builds(lambda operator, left, right: [operator, *left, *right], st.sampled_from("&|"), domains, domains)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["=", "in", "name", "|", "!"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=12,
)
EXAMPLES = settings(
    max_examples=150, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@tagged("post_install", "-at_install")
class TestDomainProperties(DomainCase):
    def test_random_domains_find_what_a_reader_of_the_values_would_find(self):
        @EXAMPLES
        @given(_trees(self))
        def holds(tree: tuple[list[Any], Test]) -> None:
            domain, test = tree
            wanted = self.ours.filtered(test)
            self.assertEqual(sorted(self.found(domain).ids), sorted(wanted.ids), domain)

        holds()

    def test_random_plain_domains_find_what_odoo_finds_itself(self):
        """Without what is put into one form (see the module): no negation, no zero, no empty text, whole days."""
        patterns = ["=", "!=", "like", "ilike", "not ilike", "=like", "=ilike"]
        paths = ["parent_id.name", "child_ids.name", "category_id.name"]
        hierarchy = ["child_of", "parent_of"]
        leaf = st.one_of(
            _terms(["color"], ["=", "!=", ">", ">="], st.integers(1, 6)),
            _terms(["name"], patterns, st.sampled_from(["Zed", "a%", "%e", "z", "A_u%"])),
            _terms(["ref"], ["in", "not in"], st.lists(st.sampled_from(["A1", "b2"]), min_size=1)),
            _terms(["type"], ["=", "!="], st.sampled_from(["contact", "other"])),
            _terms(["category_id"], hierarchy, st.just(self.tags[0].id)),
            _terms(["id", "parent_id"], ["=", *hierarchy], st.sampled_from(self.ours.ids)),
            _terms(paths, ["ilike", "="], st.sampled_from(["Azure Interior", "child", "Tag"])),
            _terms(["country_id"], ["=", "ilike", "not ilike"], st.sampled_from(["Belgium", "france"])),
            _terms(["active"], ["=", "!="], st.booleans()),
        )

        @EXAMPLES
        @given(st.recursive(leaf, _in_pairs, max_leaves=5))
        def holds(domain: list[Any]) -> None:
            everyone = self.partners.with_context(active_test=False)
            odoo = everyone.search([("id", "in", self.ours.ids), *domain])
            self.assertEqual(self.found(domain), odoo, domain)

        holds()

    def test_random_junk_is_refused_in_words_or_searches_without_an_error(self):
        fields = st.sampled_from(sorted(self.partners.fields_get()))
        path = st.one_of(fields, st.tuples(fields, fields).map(".".join), st.text(max_size=5))
        condition = st.tuples(path, st.sampled_from(OPERATORS) | st.text(max_size=4), JSON).map(list)
        stored = st.sampled_from([name for name, info in self.partners.fields_get().items() if info["store"]])
        typed = st.tuples(stored, st.sampled_from(OPERATORS), JSON).map(list)

        @EXAMPLES
        @given(
            JSON | st.lists(st.one_of(condition, typed, st.sampled_from("&|!"), JSON), max_size=5) | typed | st.text()
        )
        @example([["name", "in", [[]]]])
        @example([["name", "any", [["name", "=", 1]]]])
        @example([["create_date", "=", "0001-01-01"]])
        @example([["create_date", "<=", "9999-12-31"]])
        @example([["create_date", ">", "9999-12-31T23:59:59Z"]])
        def holds(domain: Any) -> None:
            try:
                checked = checked_domain(self.partners, domain)
            except ToolError:
                return
            self.partners.search(checked, limit=1)

        holds()
