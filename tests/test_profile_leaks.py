# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a profile hides is found on no path: a field, a model, records outside a domain, and all that speaks of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.mcp_native.orm import narrowing
from odoo.addons.mcp_native.toolsets.declare import ToolDeclaration

from .common import shared_cursor
from .leaks_actions import ActionsWalks
from .leaks_batch import BatchWalks
from .leaks_files import FilesWalks
from .leaks_messages import MessagesWalks
from .leaks_records import RecordsWalks
from .leaks_transfer import TransferWalks
from .tool_case import ToolCase

FIELD, TAG, OUTSIDE = "qzfieldqz", "qztagqz", "qzoutsideqz"
MARKERS = (FIELD, TAG, OUTSIDE)
PIXEL = base64.b64encode(
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)

RULES = [
    {
        "pattern": "res.partner",
        "hidden_fields": "ref image_1920 barcode",
        "domain": "[('city', '!=', 'Nowhere')]",
        "readonly_fields": "website",
    },
    {"pattern": "res.partner.category", "read_decision": "deny"},
]


class Rollback(Exception):
    """Ends a savepoint."""


class LeakCase(ToolCase):
    """A profile that hides a field of contacts, the model of their tags, and the contacts of one city."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.profile = cls.env.ref("mcp_native.profile_full")
        cls.profile.write({"rule_ids": [(0, 0, rule) for rule in RULES]})
        partners = cls.env["res.partner"]
        cls.tag = cls.env["res.partner.category"].create({"name": TAG})
        cls.outside = partners.create({"name": OUTSIDE, "city": "Nowhere", "is_company": True})
        cls.inside = partners.create(
            {
                "name": "Inside Contact",
                "ref": FIELD,
                "city": "Somewhere",
                "category_id": [(6, 0, cls.tag.ids)],
                "image_1920": PIXEL,
            }
        )
        # of this type, it has an address of its own
        child = {"name": "Child Contact", "type": "other", "city": "Somewhere", "parent_id": cls.outside.id}
        cls.child = partners.create(child)
        cls.bank = cls.env["res.partner.bank"].create({"acc_number": "QZ-1", "partner_id": cls.outside.id})
        attachment = {"name": f"{OUTSIDE}.txt", "datas": base64.b64encode(OUTSIDE.encode())}
        cls.file = cls.env["ir.attachment"].create({**attachment, "res_model": "res.partner", "res_id": cls.outside.id})
        cls.note = cls.outside.message_post(body=OUTSIDE, author_id=cls.admin.partner_id.id)
        cls.tag_file = cls.env["ir.attachment"].create(
            {"name": TAG, "res_model": "res.partner.category", "res_id": cls.tag.id}
        )
        cls.image = cls.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_field", "=", "image_1920"), ("res_id", "=", cls.inside.id)]
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def answer(self, name: str, /, **arguments: Any) -> str:
        """Return what an administrator's assistant is answered, error or not, without the words of its own question."""
        text = "\n".join(block.get("text", "") for block in self.result(name, self.admin, **arguments).content)
        for marker in MARKERS:
            if marker in str(arguments):
                text = text.replace(marker, "")
        return text

    def assertNothing(self, text: str, *words: str) -> None:
        for word in (*MARKERS, *words):
            self.assertFalse(word in text, f"{word}: {text[:2000]}")


@tagged("post_install", "-at_install")
class TestEveryTool(RecordsWalks, ActionsWalks, BatchWalks, MessagesWalks, FilesWalks, TransferWalks, LeakCase):
    """Each tool has its walk here; a new tool without one fails."""

    def walks(self) -> dict[str, Callable[[], list[str]]]:
        names = [name for name in dir(self) if name.startswith("walk_")]
        return {name.removeprefix("walk_"): getattr(self, name) for name in names}

    def test_every_tool_is_walked(self) -> None:
        found = self.env["mcp_native.toolset"]._declared().values()
        declared = {
            item.declaration.name
            for item in found
            if isinstance(item.declaration, ToolDeclaration) and self.env[item.model]._original_module == "mcp_native"
        }
        self.assertFalse(declared - set(self.walks()), "write a walk for these tools")

    def test_nothing_hidden_is_in_any_answer(self) -> None:
        there = {tool["name"] for tool in self.service(self.admin).tools()}
        for name, walk in self.walks().items():
            if name not in there:
                continue
            with self.subTest(name), self.taken_back():
                for text in walk():
                    self.assertNothing(text)

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Let a walk leave nothing to the next one."""
        with suppress(Rollback), self.env.cr.savepoint():
            yield
            raise Rollback
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def walk_get_context(self) -> list[str]:
        return [self.answer("get_context")]

    def walk_list_models(self) -> list[str]:
        texts = [self.answer("list_models", limit=500), self.answer("list_models", search="partner")]
        self.assertNothing("".join(texts), "res.partner.category")
        return texts

    def walk_describe_model(self) -> list[str]:
        everything = self.answer("describe_model", model="res.partner", all_fields=True)
        names = {line.partition("|")[0] for line in everything.splitlines()}
        self.assertIn("category_id", names)
        self.assertFalse(names & {"ref", "image_1920", "image_128", "signup_token"})
        self.assertIn("website|", everything)
        self.assertRegex(everything, r"website\|.*read-only")
        self.assertNothing(everything, "res.partner.category")
        refused = [
            self.answer("describe_model", model="res.partner.category"),
            self.answer("describe_model", model="res.partner", fields=["ref"]),
            self.answer("describe_model", model="res.partner", fields=["reff"]),
        ]
        self.assertNotRegex("".join(refused), r"Nearest: ref\b(?!_)")
        return [everything, *refused]

    def walk_find_records(self) -> list[str]:
        texts = [self.answer("find_records", text=word) for word in MARKERS]
        texts += [self.answer("find_records", text=word, model="res.partner") for word in MARKERS]
        self.assertNothing("".join(texts), f"|{self.inside.id}|", f"|{self.outside.id}|", f"|{self.child.id}|")
        return [*texts, self.answer("find_records", text="Child", model="res.partner")]

    def walk_search_records(self) -> list[str]:
        texts = []
        for field, value in [("ref", FIELD), ("category_id.name", TAG), ("parent_id.name", OUTSIDE), ("name", OUTSIDE)]:
            for operator in ("ilike", "=", "!=", ">="):
                texts.append(self.answer("search_records", model="res.partner", domain=[[field, operator, value]]))
        for domain in (
            [["category_id", "ilike", TAG]],
            [["category_id", "=", self.tag.id]],
            [["category_id", "child_of", self.tag.id]],
            [["parent_id", "child_of", OUTSIDE]],
            [["parent_id", "=", self.outside.id]],
            [["parent_id", "any", [["ref", "=", FIELD]]]],
            [["display_name", "ilike", OUTSIDE]],
            [["complete_name", "ilike", OUTSIDE]],
            [["id", "in", [self.outside.id, self.child.id, self.inside.id]]],
        ):
            texts.append(self.answer("search_records", model="res.partner", domain=domain))
        for order in ("ref", "ref desc", "parent_id", "name, ref"):
            texts.append(self.answer("search_records", model="res.partner", order=order, limit=200))
        fields = [
            "name",
            "display_name",
            "complete_name",
            "parent_id",
            "category_id",
            "child_ids",
            "commercial_partner_id",
        ]
        texts.append(self.answer("search_records", model="res.partner", fields=fields, limit=200))
        for model in ("ir.attachment", "mail.message", "res.partner.bank", "mail.followers", "ir.model", "res.users"):
            texts.append(self.answer("search_records", model=model, limit=200, archived=True))
        files = self.answer("search_records", model="ir.attachment", domain=[["res_field", "!=", False]], limit=200)
        files += self.answer("search_records", model="ir.attachment", limit=200)
        for file in (*self.image, self.file, self.tag_file):
            self.assertFalse(f"\n{file.id}|" in files, file)
        self.assertNotIn(f"\n{self.outside.id}|", "".join(texts[:20]))
        return [*texts, files, *self.searched_in_formats(fields)]

    def walk_read_records(self) -> list[str]:
        ids = [self.inside.id, self.child.id]
        texts = [
            self.answer("read_records", model="res.partner", ids=ids),
            self.answer("read_records", model="res.partner", ids=ids, fields=["name", "ref"]),
            self.answer(
                "read_records", model="res.partner", ids=ids, fields=["display_name", "complete_name", "parent_id"]
            ),
            self.answer("read_records", model="res.partner", ids=[self.outside.id]),
            self.answer("read_records", model="res.partner.category", ids=[self.tag.id]),
            self.answer("read_records", model="res.partner.bank", ids=[self.bank.id]),
            self.answer("read_records", model="ir.attachment", ids=[self.file.id]),
            self.answer("read_records", model="mail.message", ids=[self.note.id]),
        ]
        self.assertIn("Inside Contact", texts[0])
        self.assertNotIn(f"#{self.outside.id}", texts[5])
        self.assertIn("QZ-1", texts[5])
        return [*texts, *self.read_in_formats()]

    def walk_count_records(self) -> list[str]:
        every = self.answer("count_records", model="res.partner", domain=[["id", "in", [self.outside.id]]])
        self.assertTrue(every.startswith("0 "), every)
        by_parent = self.answer("count_records", model="res.partner", domain=[["parent_id.name", "=", OUTSIDE]])
        self.assertTrue(by_parent.startswith("0 "), by_parent)
        refused = self.answer("count_records", model="res.partner", domain=[["ref", "=", FIELD]])
        self.assertIn("has no field", refused)
        return [every, by_parent, refused]

    def walk_aggregate_records(self) -> list[str]:
        texts = []
        for group in ("ref", "category_id", "parent_id", "name", "city", "complete_name", "commercial_partner_id"):
            texts.append(self.answer("aggregate_records", model="res.partner", group_by=[group], limit=500))
        for measure in ("ref:count_distinct", "ref:count", "ref"):
            texts.append(self.answer("aggregate_records", model="res.partner", measures=[measure], group_by=["city"]))
        texts.append(
            self.answer("aggregate_records", model="res.partner", group_by=["city"], having=[["ref:count", ">", 0]])
        )
        texts.append(self.answer("aggregate_records", model="res.partner", group_by=["parent_id"], order="parent_id"))
        self.assertNotIn(f"#{self.outside.id}|", "".join(texts))
        self.assertNotIn("Nowhere", "".join(texts))
        return [*texts, *self.totals_in_formats()]

    def walk_create_records(self) -> list[str]:
        texts = [
            self.answer("create_records", model="res.partner", values=[{"name": "New", "ref": "x"}]),
            self.answer("create_records", model="res.partner", values=[{"name": "New", "category_id": [TAG]}]),
            self.answer(
                "create_records", model="res.partner", values=[{"name": "New", "category_id": [[4, self.tag.id]]}]
            ),
            self.answer("create_records", model="res.partner", values=[{"name": "New", "parent_id": OUTSIDE}]),
            self.answer("create_records", model="res.partner", values=[{"name": "New", "parent_id": self.outside.id}]),
            self.answer("create_records", model="res.partner", values=[{"name": "New", "city": "Nowhere"}]),
        ]
        self.assertFalse(self.env["res.partner"].search_count([("name", "=", "New")]))
        return [*texts, self.answer("create_records", model="res.partner", values=[{"name": "Newer", "city": "Here"}])]

    def walk_update_records(self) -> list[str]:
        ids = [self.inside.id]
        texts = [
            self.answer("update_records", model="res.partner", ids=ids, values={"ref": "x"}),
            self.answer("update_records", model="res.partner", ids=ids, values={"website": "https://example.com"}),
            self.answer("update_records", model="res.partner", ids=ids, values={"city": "Nowhere"}),
            self.answer("update_records", model="res.partner", ids=[self.outside.id], values={"city": "Here"}),
            self.answer("update_records", model="res.partner", ids=ids, values={"parent_id": self.outside.id}),
        ]
        self.env.invalidate_all()
        self.assertEqual((self.inside.ref, self.inside.city, self.inside.website), (FIELD, "Somewhere", False))
        self.assertEqual(self.outside.city, "Nowhere")
        return [*texts, self.answer("update_records", model="res.partner", ids=ids, values={"street": "New Street"})]

    def walk_delete_records(self) -> list[str]:
        texts = [
            self.answer("delete_records", model="res.partner", ids=[self.outside.id]),
            self.answer("delete_records", model="res.partner.category", ids=[self.tag.id]),
        ]
        self.assertTrue(self.outside.exists() and self.tag.exists())
        return texts

    def walk_call_method(self) -> list[str]:
        called = [
            ("res.partner", "get_field_translations", [self.inside.id], ["ref"]),
            ("res.partner", "onchange", [self.inside.id], [{}, ["ref"], {"ref": {}}]),
            ("res.partner", "search_panel_select_range", [], ["category_id"]),
            ("res.partner", "read", [self.inside.id], [["ref"]]),
            ("res.partner", "export_data", [self.inside.id], [["ref"]]),
            ("res.partner", "message_post", [self.outside.id], []),
            ("res.partner", "default_get", [], [["ref"]]),
            ("res.partner", "get_metadata", [self.outside.id], []),
            ("mail.activity", "get_activity_data", [], ["res.partner", [["ref", "ilike", FIELD]]]),
            ("mail.activity", "get_activity_data", [], ["res.partner.category", []]),
            ("res.partner", "copy", [self.inside.id], [{"ref": "x"}]),
            ("res.partner.category", "copy", [self.tag.id], []),
        ]
        return [
            self.answer("call_method", model=model, method=method, ids=ids or None, args=args)
            for model, method, ids, args in called
        ]

    def walk_get_approval(self) -> list[str]:
        """Read what another connection of the same user, which may see everything, asked for."""
        texts = []
        for state in ("pending", "done", "failed"):
            approval = self.env["mcp_native.approval"].sudo()._editor().create(
                {
                    "user_id": self.admin.id,
                    "credential_kind": "api_key",
                    "credential_id": 7,
                    "tool": "update_records",
                    "arguments": json.dumps({"values": {"ref": FIELD}}),
                    "model": "res.partner",
                    "res_ids": str(self.outside.id),
                    "diff": f'Contact "{OUTSIDE}": Reference: {FIELD}',
                    "warnings": OUTSIDE,
                    "state": state,
                    "result": f"{OUTSIDE} {FIELD}",
                    "expires": "2999-01-01",
                }
            )
            texts.append(self.answer("get_approval", id=approval.id))
            self.assertIn(f"#{approval.id}", texts[-1])
        return [*texts, self.answer("get_approval")]

    def kept(self) -> Any:
        """Return changes that another connection of the same user, which may see everything, made."""
        self.profile.rule_ids.unlink()
        gone = self.env["res.partner"].create({"name": OUTSIDE, "ref": FIELD, "city": "Nowhere"})
        other = self.env["res.partner.category"].create({"name": TAG})
        self.tag.color = 1  # Odoo's default is a random one
        self.answer("update_records", model="res.partner", ids=self.inside.ids, values={"ref": "free", "street": "S 1"})
        self.answer("update_records", model="res.partner", ids=self.inside.ids, values={"ref": FIELD})
        self.answer("update_records", model="res.partner", ids=self.outside.ids, values={"street": OUTSIDE})
        self.answer("update_records", model="res.partner", ids=self.child.ids, values={"parent_id": False})
        self.answer("update_records", model="res.partner.category", ids=self.tag.ids, values={"color": 3})
        self.answer("create_records", model="res.partner", values=[{"name": OUTSIDE, "city": "Nowhere"}])
        self.answer("delete_records", model="res.partner", ids=gone.ids)
        self.answer("delete_records", model="res.partner.category", ids=other.ids)
        self.profile.write({"rule_ids": [(0, 0, rule) for rule in RULES]})
        rows = self.env["mcp_native.change"].search([("direct", "=", True)])
        self.assertEqual(len(rows), 8, rows.mapped(lambda row: (row.tool, row.model, row.res_id, row.operation)))
        rows._editable().write({"credential_id": 7})
        self.env.flush_all()
        return rows

    def walk_list_changes(self) -> list[str]:
        rows = self.kept()
        texts = [
            self.answer("list_changes"),
            self.answer("list_changes", model="res.partner"),
            self.answer("list_changes", ids=self.outside.ids),
            self.answer("list_changes", model="res.partner.category"),
        ]
        self.assertIn("S 1", texts[0])
        self.assertNotIn(f"\n{rows[0].id}|", texts[0])
        return texts

    def walk_undo_changes(self) -> list[str]:
        texts = []
        with shared_cursor(self):
            for row in self.kept():
                texts.append(self.answer("undo_changes", changes=row.ids, dry_run=True))
                texts.append(self.answer("undo_changes", changes=row.ids))
                texts.append(self.answer("undo_changes", call=row.request_id))
        texts.append(self.answer("undo_changes", since="2020-01-01"))
        self.env.invalidate_all()
        self.assertEqual((self.inside.ref, self.outside.street), (FIELD, OUTSIDE))
        self.assertFalse(self.env["res.partner"].search_count([("name", "=", OUTSIDE), ("ref", "=", FIELD)]))
        return texts


@tagged("post_install", "-at_install")
class TestNoCondition(LeakCase):
    """A domain that is accepted says nothing about hidden values."""

    PATHS = st.lists(
        st.sampled_from(["parent_id", "child_ids", "commercial_partner_id", "user_id", "partner_id", "bank_ids"]),
        max_size=2,
    )
    LAST = st.sampled_from(
        [
            "ref",
            "name",
            "display_name",
            "complete_name",
            "parent_id",
            "category_id",
            "email",
            "image_1920",
            "id",
            "city",
        ]
    )
    OPERATORS = st.sampled_from(
        ["=", "!=", "ilike", "not ilike", "in", "not in", ">", "<=", "child_of", "any", "=like"]
    )
    VALUES = st.sampled_from([FIELD, "other", "%qz%", False, OUTSIDE, "Inside Contact"])
    LEAVES = st.tuples(PATHS, LAST, OPERATORS, VALUES).map(
        lambda leaf: [".".join([*leaf[0], leaf[1]]), leaf[2], leaf[3]]
    )

    DOMAINS = st.lists(st.one_of(LEAVES, LEAVES, st.sampled_from(["!", "|", "&"])), min_size=1, max_size=4)
    OPTIONS = {
        "max_examples": 120,
        "deadline": None,
        "derandomize": True,
        "suppress_health_check": list(HealthCheck),
        "report_multiple_bugs": False,
    }

    @given(DOMAINS)
    @settings(**OPTIONS)
    def test_no_condition_tells_hidden_values_apart(self, domain: list[Any]) -> None:
        self.check(domain)

    def test_the_same_conditions_tell_them_apart_where_nothing_is_hidden(self) -> None:
        self.profile.rule_ids.unlink()

        @given(self.DOMAINS)
        @settings(**self.OPTIONS, phases=[Phase.generate], database=None)
        def run(domain: list[Any]) -> None:
            self.check(domain)

        with self.assertRaises(AssertionError):
            run()

    def check(self, domain: list[Any]) -> None:
        self.set_hidden(FIELD, OUTSIDE)
        before = self.answer("count_records", model="res.partner", domain=domain)
        self.set_hidden("other", "entirely different")
        self.assertEqual(before, self.answer("count_records", model="res.partner", domain=domain))

    def set_hidden(self, ref: str, name: str) -> None:
        self.inside.ref = ref
        self.outside.write({"name": name, "ref": ref})
        self.env.flush_all()


@tagged("post_install", "-at_install")
class TestNothingElseIsNarrowed(LeakCase):
    def tools(self) -> None:
        for call in (
            ("get_context", {}),
            ("list_models", {"limit": 500}),
            ("describe_model", {"model": "res.partner"}),
            ("search_records", {"model": "res.partner"}),
            ("search_records", {"model": "ir.attachment"}),
            ("search_records", {"model": "mail.message"}),
            ("read_records", {"model": "res.partner", "ids": [self.inside.id]}),
            ("update_records", {"model": "res.partner", "ids": [self.inside.id], "values": {"street": "Cached"}}),
        ):
            self.result(call[0], self.admin, **call[1])
        self.service(self.admin).instructions()

    def seen(self) -> dict[str, Any]:
        """Return what an ordinary request of the same user gets out of Odoo's caches."""
        env = self.env(user=self.admin)
        partners = env["res.partner"]
        return {
            "menus": env["ir.ui.menu"].get_user_roots().ids,
            "list": partners.get_view(view_type="form")["arch"],
            "fields": sorted(partners.fields_get()),
            "domain": list(env["ir.rule"]._compute_domain("res.partner", "read")),
            "users": list(env["ir.rule"]._compute_domain("res.users", "read")),
            "models": sorted(env["ir.model.access"]._get_allowed_models("read")),
            "rights": {
                name: env["ir.model.access"].check(name, "read", False) for name in ("res.partner.category", "ir.cron")
            },
            "subtypes": [ids.ids for ids in env["mail.message.subtype"].default_subtypes("res.partner")],
            "found": partners.search_count([("ref", "=", FIELD)]),
        }

    def test_caches_that_users_share_hold_nothing_of_a_profile(self) -> None:
        self.env.registry.clear_all_caches()
        expected = self.seen()
        self.env.registry.clear_all_caches()
        self.env.invalidate_all()
        self.tools()
        self.assertEqual(self.seen(), expected)

    def test_the_web_client_is_not_narrowed(self) -> None:
        self.assertIsNone(narrowing.current())
        self.assertIn("ref", self.env(user=self.admin)["res.partner"].fields_get())
        self.assertTrue(self.env(user=self.admin)["res.partner.category"].search_count([("name", "=", TAG)]))
        self.assertEqual(self.outside.with_user(self.admin).read(["name"])[0]["name"], OUTSIDE)
