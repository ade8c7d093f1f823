# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hypothesis
from hypothesis import strategies

from odoo.tests import tagged

from ..orm.paging import decode, digest, encode
from .orm_case import OrmCase


@tagged("post_install", "-at_install")
class TestPaging(OrmCase):
    def test_a_cursor_gives_back_its_offset(self):
        @hypothesis.given(strategies.integers(min_value=0, max_value=2**40))
        @hypothesis.settings(deadline=None)
        def check(offset):
            self.assertEqual(decode(encode(offset, digest("m", [])), digest("m", [])), offset)

        check()

    def test_no_text_but_a_cursor_is_accepted_and_none_breaks(self):
        query = digest("m", [])

        @hypothesis.given(strategies.text() | strategies.binary().map(lambda data: data.decode("latin-1")))
        @hypothesis.settings(deadline=None)
        def check(text):
            with self.refused("cursor"):
                decode(text, query)

        check()
        for value in (None, 5, [], {}, encode(-1, query), encode(3, query)[:-2]):
            with self.subTest(value=value), self.refused("cursor"):
                decode(value, query)

    def test_a_cursor_of_another_query_is_refused(self):
        with self.refused("belongs to another query"):
            decode(encode(50, digest("crm.lead", [])), digest("res.partner", []))

    def test_the_digest_tells_queries_apart_and_knows_the_same_query_again(self):
        domain = [["name", "ilike", "é"], ["id", "in", [1, 2]]]
        self.assertEqual(digest("m", domain, {"a": 1, "b": 2}), digest("m", list(domain), {"b": 2, "a": 1}))
        queries = [("m", domain), ("n", domain), ("m", []), ("m", domain, "id"), ("m", None)]
        others = [digest(*query) for query in queries]
        self.assertEqual(len(set(others)), len(others))
        self.assertLess(len(encode(10000, others[0])), 30)
