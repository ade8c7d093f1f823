# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..orm.errors import ToolError
from ..orm.paths import MAX_DEPTH, parsed, written

OPTIONS = {"max_examples": 300, "deadline": None, "derandomize": True, "database": None}
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)


@tagged("post_install", "-at_install")
class TestPaths(BaseCase):
    def test_every_spelling_of_a_path_means_one_thing(self) -> None:
        for text, path in {
            "name": ("name",),
            " name ": ("name",),
            "id": ("id",),
            ".id": (".id",),
            "parent_id/id": ("parent_id", "id"),
            "parent_id:id": ("parent_id", "id"),
            "parent_id/.id": ("parent_id", ".id"),
            "parent_id.id": ("parent_id", ".id"),
            "order_line.product_id": ("order_line", "product_id"),
            "order_line/product_id.id": ("order_line", "product_id", ".id"),
            "order_line.product_id/name": ("order_line", "product_id", "name"),
        }.items():
            with self.subTest(text):
                self.assertEqual(parsed(text), path)

    def test_what_is_no_path_is_refused(self) -> None:
        for text in ("", " ", None, 5, ["name"], "/name", "name/", "a//b", "/".join("abcdefgh")):
            with self.subTest(text), self.assertRaises(ToolError):
                parsed(text)

    @given(
        st.lists(NAMES, min_size=1, max_size=MAX_DEPTH - 1),
        st.sampled_from(["/", "."]),
        st.sampled_from(["", "id", ".id"]),
    )
    @settings(**OPTIONS)
    def test_a_path_is_read_back_as_it_was_written(self, names: list[str], separator: str, last: str) -> None:
        path = (*names, last) if last else tuple(names)
        self.assertEqual(parsed(written(path)), path)
        if not last and names[-1] != "id":
            self.assertEqual(parsed(separator.join(names)), path)

    @given(st.text(max_size=40))
    @settings(**OPTIONS)
    def test_any_text_is_a_path_or_refused(self, text: str) -> None:
        try:
            path = parsed(text)
        except ToolError:
            return
        self.assertTrue(path and all(path))
        self.assertEqual(parsed(written(path)), path)
