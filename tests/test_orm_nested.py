# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.models import BaseModel
from odoo.tests import BaseCase, tagged

from ..orm import nested
from ..orm.errors import ToolError
from ..orm.formats import as_details
from ..orm.sheet import Sheet
from .orm_case import OrmCase

NAMES = st.sampled_from(["name", "order_line", "product_id", "a.b", "", ".", "a..b"])
ANYTHING = st.recursive(
    st.one_of(NAMES, st.booleans(), st.none(), st.integers()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=12,
)
TREES = st.recursive(
    st.just({}),
    lambda inner: st.dictionaries(st.sampled_from(["name", "line_ids", "partner_id"]), inner, min_size=1, max_size=3),
    max_leaves=8,
)


def depth(tree: nested.Tree) -> int:
    return 1 + max(map(depth, tree.values()), default=0) if tree else 0


def as_lists(tree: nested.Tree) -> list[Any]:
    return [{name: as_lists(inner)} if inner else name for name, inner in tree.items()]


@tagged("post_install", "-at_install")
class TestWrittenFields(BaseCase):
    """The forms in which fields are asked for."""

    def test_lists_objects_and_dotted_paths_mean_the_same(self) -> None:
        tree = {"name": {}, "order_line": {"product_id": {}, "price_subtotal": {}}}
        for fields in (
            ["name", {"order_line": ["product_id", "price_subtotal"]}],
            {"name": True, "order_line": {"product_id": True, "price_subtotal": True}},
            ["name", "order_line.product_id", "order_line.price_subtotal"],
            [{"name": {}}, {"order_line": {"product_id": None}}, {"order_line": ["price_subtotal"]}],
            {"name": [], "order_line": ["product_id", {"price_subtotal": True}], "state": False},
        ):
            with self.subTest(fields):
                self.assertEqual(nested.parsed(fields), tree)

    def test_more_levels_than_three_are_refused(self) -> None:
        self.assertEqual(depth(nested.parsed("a.b.c.d")), nested.DEPTH + 1)
        for fields in (["a.b.c.d.e"], {"a": {"b": {"c": {"d": {"e": True}}}}}, {"a.b": {"c.d": ["e"]}}):
            with self.subTest(fields), self.assertRaisesRegex(ToolError, r"a\.b\.c\.d\.e is too deep"):
                nested.parsed(fields)

    @given(ANYTHING)
    @settings(max_examples=300, deadline=None, derandomize=True)
    def test_whatever_comes_is_a_tree_or_a_refusal(self, fields: Any) -> None:
        try:
            tree = nested.parsed(fields)
        except ToolError:
            return
        self.assertLessEqual(depth(tree), nested.DEPTH + 1)

    @given(TREES)
    @settings(max_examples=200, deadline=None, derandomize=True)
    def test_a_tree_comes_back_from_both_of_its_forms(self, tree: nested.Tree) -> None:
        if depth(tree) <= nested.DEPTH + 1:
            self.assertEqual(nested.parsed(tree), tree)
            self.assertEqual(nested.parsed(as_lists(tree)), tree)


@tagged("post_install", "-at_install")
class TestNested(OrmCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.belgium = cls.env.ref("base.be")
        cls.parent = cls.partners.create({"name": "Parent", "is_company": True, "country_id": cls.belgium.id})
        cls.children = cls.partners.create(
            [{"name": f"Child {place:02}", "parent_id": cls.parent.id, "function": f"C{place}"} for place in range(3)]
        )

    def sheet(self, records: BaseModel, fields: Any, lines: int = nested.ALL_LINES) -> Sheet:
        plan = nested.planned(records.browse(), nested.parsed(fields), full=True, full_lines=False)
        return nested.read(records, plan, nested.Budget(lines))

    def text(self, records: BaseModel, fields: Any, **options: Any) -> str:
        return as_details(self.sheet(records, fields, **options), "compact", 60_000).text

    def test_lines_stand_under_their_record_in_the_order_of_their_model(self) -> None:
        first, second, third = self.children.ids
        self.assertEqual(
            self.text(self.parent, ["name", {"child_ids": ["name", "function"]}]),
            f"id: {self.parent.id}\nname: Parent\nchild_ids (3):\n    id|name|function\n"
            f"    {first}|Child 00|C0\n    {second}|Child 01|C1\n    {third}|Child 02|C2",
        )
        self.children[0].name = "Zed"
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.sheet(self.parent, {"child_ids": ["name"]}).objects[0]["child_ids"]
        self.assertEqual([row["name"] for row in rows], ["Child 01", "Child 02", "Zed"])

    def test_fields_of_a_linked_record_stand_beside_the_link(self) -> None:
        self.assertEqual(
            self.text(self.children[0], {"parent_id": {"name": True, "country_id": ["code"]}, "function": True}),
            f"id: {self.children[0].id}\nparent_id: Parent #{self.parent.id}\nparent_id.name: Parent\n"
            f"parent_id.country_id: Belgium #{self.belgium.id}\nparent_id.country_id.code: BE\nfunction: C0",
        )
        found = self.sheet(self.children[0], {"parent_id": {"country_id": ["code"]}}).objects
        country = {"id": self.belgium.id, "name": self.belgium.name, "code": "BE"}
        self.assertEqual(found[0]["parent_id"], {"id": self.parent.id, "name": "Parent", "country_id": country})

    def test_where_nothing_is_linked_nothing_is_told(self) -> None:
        text = self.text(self.parent, [{"parent_id": ["name", {"child_ids": ["name"]}]}, {"user_ids": ["login"]}])
        self.assertEqual(
            text, f"id: {self.parent.id}\n(empty: parent_id, parent_id.name, parent_id.child_ids, user_ids)"
        )
        self.assertEqual(
            self.sheet(self.parent, ["parent_id.name", "user_ids.login"]).objects,
            [{"id": self.parent.id, "parent_id": None, "user_ids": []}],
        )

    def test_lines_of_lines_are_blocks(self) -> None:
        self.partners.create({"name": "Grandchild", "parent_id": self.children[0].id})
        text = self.text(self.parent, {"child_ids": {"name": True, "child_ids": ["name"]}})
        self.assertIn("child_ids (3):\n    id: ", text)
        self.assertRegex(text, r"\n    child_ids \(1\):\n        id\|name\n        \d+\|Grandchild")

    def test_what_is_too_much_says_how_many_and_how_to_get_the_rest(self) -> None:
        with patch.object(nested, "LINES", 2):
            text = self.text(self.parent, {"child_ids": ["name"]})
        self.assertIn("child_ids (2 of 3):", text)
        self.assertIn(f'… 1 more: search_records res.partner domain=[["parent_id","=",{self.parent.id}]]', text)
        self.assertNotIn("Child 02", text)

    def test_all_records_together_have_a_bound_too(self) -> None:
        both = self.parent + self.parent.copy({"name": "Other"})
        self.partners.create([{"name": f"Other {number}", "parent_id": both[1].id} for number in range(4)])
        sheet = self.sheet(both, {"child_ids": ["name"]}, lines=5)
        self.assertEqual(list(sheet.columns[0].missing), [0, 2])
        self.assertEqual(sum(len(row["child_ids"]) for row in sheet.objects), 5)

    def test_the_rest_of_a_many2many_is_named_by_ids(self) -> None:
        tags = self.env["res.partner.category"].create([{"name": f"T{number}"} for number in range(4)])
        self.parent.category_id = tags
        with patch.object(nested, "LINES", 1), patch.object(nested, "NEXT", 2):
            text = self.text(self.parent, {"category_id": ["name"]})
        self.assertIn(f"… 3 more: read_records res.partner.category ids=[{tags[1].id},{tags[2].id},…]", text)

    def test_what_a_rule_hides_is_left_out_and_not_counted(self) -> None:
        hidden = self.children[1]
        self.hide_from_plain(self.partners, f"[('id', '!=', {hidden.id})]")
        self.assertEqual(len(self.parent.sudo().child_ids), 3)  # now in the cache that all users share
        text = self.text(self.as_plain(self.parent), ["name", {"child_ids": ["name", "city"]}])
        self.assertIn("child_ids (2):", text)
        self.assertNotIn("Child 01", text)
        self.assertNotIn(str(hidden.id), text)

    def test_a_hidden_linked_record_is_an_id_without_fields(self) -> None:
        self.hide_from_plain(self.partners, f"[('id', '!=', {self.parent.id})]")
        self.assertEqual(self.parent.sudo().display_name, "Parent")
        sheet = self.sheet(self.as_plain(self.children[0]), ["city", {"parent_id": ["name", "country_id"]}])
        self.assertEqual(sheet.objects[0]["parent_id"], {"id": self.parent.id, "name": None})
        self.assertNotIn("Parent", as_details(sheet, "compact", 60_000).text)
        self.assertNotIn("Belgium", as_details(sheet, "compact", 60_000).text)

    def test_messages_of_what_may_not_be_read_are_in_no_lines(self) -> None:
        """On 17.0, what a message checks of its own is asked for by a search only."""
        server = self.env["ir.mail_server"].sudo().create({"name": "S", "smtp_host": "hidden.example"})
        author = self.env.user.partner_id
        message = self.env["mail.message"].sudo().create(
            {"model": server._name, "res_id": server.id, "body": "Hidden Words", "message_type": "comment"}
        )
        other = author.message_post(body="Open Words", author_id=author.id)
        attachment = self.env["ir.attachment"].sudo().create({"name": "f"})
        (message + other).sudo().attachment_ids = attachment
        model = self.as_plain(attachment.browse())
        self.assertNotIn(message.id, nested.visible_ids(self.as_plain(message.browse()), [message.id, other.id]))
        self.assertFalse(nested.visible_ids(model, attachment.ids))

    def test_a_field_that_is_hidden_does_not_exist_on_any_level(self) -> None:
        self.hide_field(self.partners, "city")
        for fields in ({"child_ids": ["city"]}, {"parent_id": {"child_ids": {"city": True}}}, "parent_id.city"):
            with self.subTest(fields), self.refused('res.partner has no field "city" that you may see'):
                self.sheet(self.as_plain(self.parent), fields)

    def test_what_leads_nowhere_has_no_fields_of_its_own(self) -> None:
        with self.refused("city of res.partner is of type char"):
            self.sheet(self.parent, {"city": ["name"]})

    def test_records_of_a_model_that_may_not_be_read_have_no_fields(self) -> None:
        with self.refused("groups_id" if "groups_id" in self.env["res.users"]._fields else "group_ids", "may not read"):
            name = "groups_id" if "groups_id" in self.env["res.users"]._fields else "group_ids"
            with patch.object(nested, "is_readable", lambda model: model._name != "res.groups"):
                self.sheet(self.env.user, {name: ["name"]})

    def test_the_number_of_queries_does_not_grow_with_the_lines(self) -> None:
        fields = {"child_ids": {"name": True, "country_id": ["code"], "parent_id": ["name"]}}
        counts = []
        for _again in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.sheet(self.parent, fields)
            counts.append(self.env.cr.sql_log_count - before)
            self.partners.create([{"name": f"More {number}", "parent_id": self.parent.id} for number in range(20)])
        self.assertLessEqual(counts[1], counts[0])
