# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..compat import LIST_VIEW
from ..protocol import InvalidParams
from .common import let_everybody
from .resource_case import ResourceCase

SNAPSHOTS = Path(__file__).parent / "snapshots" / "prompts"
BLANKS = [
    {"name": "customer", "description": "Whom", "record_model": "res.partner"},
    {"name": "tone", "description": "How", "required": False},
]


class PromptCase(ResourceCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        groups = "base.group_user,mcp_native.group_user"
        cls.colleague = new_test_user(cls.env, "mcp_colleague", groups=groups)
        cls.manager = new_test_user(cls.env, "mcp_prompt_manager", groups=f"{groups},mcp_native.group_manager")

    def make(self, user: Any, title: str, text: str = "Say hello.", blanks: list | None = None, **values: Any) -> Any:
        asked = [(0, 0, blank) for blank in blanks or ()]
        prompts = self.env["mcp_native.prompt"].with_user(user)
        return prompts.create({"title": title, "text": text, "argument_ids": asked, **values})

    def names(self, user: Any = None) -> list[str]:
        return [prompt["name"] for prompt in self.service(user).prompts()]

    def prompt_of(self, name: str, user: Any = None) -> dict[str, Any]:
        return next(prompt for prompt in self.service(user).prompts() if prompt["name"] == name)


@tagged("post_install", "-at_install")
class TestWrittenPrompts(PromptCase):
    def test_a_prompt_is_what_its_writer_s_assistant_gets(self) -> None:
        self.make(self.plain, "Say hello", "Say hello to everybody.", description="A greeting")
        expected = {"name": "say_hello", "title": "Say hello", "description": "A greeting"}
        self.assertEqual(self.prompt_of("say_hello"), expected)
        self.assertEqual(self.prompt("say_hello"), "Say hello to everybody.")

    def test_the_wire_form_with_arguments_is_the_one_kept_as_a_snapshot(self) -> None:
        self.make(self.plain, "Prepare a visit", "Visit {customer}, {tone}.", BLANKS)
        self.assertSnapshot(SNAPSHOTS / "written.json", self.prompt_of("prepare_a_visit"))

    def test_words_in_braces_are_filled_in_and_nothing_else(self) -> None:
        blanks = [{"name": "one"}, {"name": "two"}]
        self.make(self.plain, "Fill in", 'A {one}, a {two}, {"json": {three}} and {0.__class__}.', blanks)
        text = self.prompt("fill_in", one="{two}", two="{one.__class__}")
        self.assertEqual(text, 'A {two}, a {one.__class__}, {"json": {three}} and {0.__class__}.')

    def test_a_record_is_told_by_name_and_id(self) -> None:
        partner = self.env["res.partner"].create({"name": "Quixotic Goods"})
        self.make(self.plain, "Prepare a visit", "Visit {customer}, {tone}.", BLANKS)
        for value in ("quixotic", str(partner.id), f"quixotic-goods-{partner.id}"):
            with self.subTest(value):
                text = self.prompt("prepare_a_visit", customer=value)
                self.assertEqual(text, f"Visit Quixotic Goods (res.partner {partner.id}), (not given).")

    def test_a_record_that_is_not_one_is_refused_in_words(self) -> None:
        self.env["res.partner"].create([{"name": "Twin Goods East"}, {"name": "Twin Goods West"}])
        self.make(self.plain, "Prepare a visit", "Visit {customer}.", BLANKS)
        for value, words in {
            "Nobody Of That Name": "No res.partner is called",
            "twin goods": "may be several of res.partner: Twin Goods East #",
            "2000000000": "no record with id",
        }.items():
            with self.subTest(value), self.assertRaisesRegex(InvalidParams, words):
                self.prompt("prepare_a_visit", customer=value)
        with self.assertRaisesRegex(InvalidParams, "missing argument: customer"):
            self.prompt("prepare_a_visit")

    def test_a_record_is_completed_by_its_name(self) -> None:
        partner = self.env["res.partner"].create({"name": "Quixotic Goods"})
        self.make(self.plain, "Prepare a visit", "Visit {customer}, {tone}.", BLANKS)
        found = self.completions("prepare_a_visit", "customer", "quix")
        self.assertEqual(found, [f"quixotic-goods-{partner.id}"])
        self.assertEqual(self.completions("prepare_a_visit", "tone", "f"), [])

    def test_texts_are_those_of_the_user_s_language(self) -> None:
        self.env["res.lang"]._activate_lang("fr_FR")
        prompt = self.make(self.plain, "Say hello", "Say hello.", description="A greeting")
        prompt.with_context(lang="fr_FR").write(
            {"title": "Dire bonjour", "text": "Dis bonjour.", "description": "Un salut"}
        )
        self.plain.lang = "fr_FR"
        self.assertEqual(
            self.prompt_of("say_hello"), {"name": "say_hello", "title": "Dire bonjour", "description": "Un salut"}
        )
        self.assertEqual(self.prompt("say_hello"), "Dis bonjour.")

    def test_a_client_that_may_read_only_has_prompts_too(self) -> None:
        self.make(self.plain, "Say hello")
        let_everybody(self.env, "read_only")
        self.assertEqual(self.prompt("say_hello"), "Say hello.")

    def test_an_archived_prompt_is_not_offered(self) -> None:
        self.make(self.plain, "Say hello").active = False
        self.assertNotIn("say_hello", self.names())

    def test_no_assistant_writes_prompts(self) -> None:
        for user in (self.plain, self.admin):
            values = [{"title": "Injected", "text": "Obey."}]
            self.assertIn("no model", self.error("create_records", user, model="mcp_native.prompt", values=values))


@tagged("post_install", "-at_install")
class TestWhoHasPrompts(PromptCase):
    def test_a_personal_prompt_is_for_its_writer_alone(self) -> None:
        prompt = self.make(self.plain, "Mine")
        self.assertIn("mine", self.names())
        for other in (self.colleague, self.manager, self.admin):
            with self.subTest(other.login):
                self.assertNotIn("mine", self.names(other))
                self.assertFalse(self.env["mcp_native.prompt"].with_user(other).search([("title", "=", "Mine")]))
                with self.assertRaises(AccessError):
                    prompt.with_user(other).write({"text": "Stolen."})

    def test_a_shared_prompt_is_for_everybody_or_for_groups(self) -> None:
        self.make(self.manager, "For all", user_id=False)
        group = self.env.ref("base.group_partner_manager")
        self.make(self.manager, "For some", user_id=False, group_ids=[(6, 0, group.ids)])
        self.assertLessEqual({"for_all", "for_some"}, set(self.names(self.plain)))
        self.assertIn("for_all", self.names(self.colleague))
        self.assertNotIn("for_some", self.names(self.colleague))
        self.assertNotIn("for_some", self.names(self.manager))
        found = self.env["mcp_native.prompt"].with_user(self.colleague).search([])
        self.assertNotIn("For some", found.mapped("title"))

    def test_a_shared_prompt_is_changed_by_managers_alone(self) -> None:
        shared = self.make(self.manager, "For all", "With {blank}.", [{"name": "blank"}], user_id=False)
        for change in (
            lambda: shared.with_user(self.plain).write({"text": "Other."}),
            lambda: shared.with_user(self.plain).unlink(),
            lambda: shared.argument_ids.with_user(self.plain).write({"description": "Other"}),
            lambda: self.make(self.plain, "Shared by nobody", user_id=False),
            lambda: self.make(self.plain, "Planted", user_id=self.colleague.id),
            lambda: self.make(self.manager, "Planted", user_id=self.colleague.id),
        ):
            with self.assertRaises(AccessError):
                change()
        shared.with_user(self.admin).text = "Changed by another manager."
        self.assertFalse(shared.with_user(self.admin).is_locked)
        self.assertTrue(shared.with_user(self.plain).is_locked)

    def test_one_s_own_stands_before_a_shared_one_of_the_same_name(self) -> None:
        self.make(self.manager, "Hello", "The shared one.", user_id=False)
        self.make(self.plain, "Hello", "My own.")
        self.assertEqual((self.prompt("hello"), self.prompt("hello", self.colleague)), ("My own.", "The shared one."))
        self.assertEqual(self.names().count("hello"), 1)

    def test_a_copy_is_personal(self) -> None:
        shared = self.make(self.manager, "For all", "With {blank}.", [{"name": "blank"}], user_id=False)
        copy = shared.with_user(self.plain).copy()
        self.assertEqual((copy.title, copy.name, copy.user_id), ("For all (copy)", "for_all_copy", self.plain))
        self.assertEqual(copy.argument_ids.mapped("name"), ["blank"])


@tagged("post_install", "-at_install")
class TestPromptChecks(PromptCase):
    def test_names_are_made_of_titles(self) -> None:
        for title, name in {"Überblick: heute!": "uberblick_heute", "提示": "prompt", "a" * 80: "a" * 64}.items():
            with self.subTest(title):
                self.assertEqual(self.make(self.plain, title).name, name)

    def test_names_that_cannot_be_are_refused_in_words(self) -> None:
        self.make(self.plain, "Taken")
        refusals = {"Not This": "is no name", "taken": "called “taken” already", "_" * 65: "is no name"}
        for name, words in refusals.items():
            with self.subTest(name), self.assertRaisesRegex(ValidationError, words):
                self.make(self.plain, "Another", name=name)
        built_in = sorted(self.env["mcp_native.prompt"]._built_in_names())[0]
        with self.assertRaisesRegex(ValidationError, "comes with Odoo"):
            self.make(self.plain, "Another", name=built_in)

    def test_what_is_asked_for_has_a_name_that_can_stand_in_braces_once(self) -> None:
        for blanks in ([{"name": "The Customer"}], [{"name": "a"}, {"name": "a"}]):
            with self.assertRaises(ValidationError):
                self.make(self.plain, "Broken", "{a}", blanks)


@tagged("post_install", "-at_install")
class TestPromptPages(PromptCase):
    def test_a_user_writes_one_and_is_asked_for_every_word_in_braces(self) -> None:
        with Form(self.env["mcp_native.prompt"].with_user(self.plain)) as form:
            form.title = "Prepare a visit"
            form.text = "Visit {customer} of {city}, then write to {customer}."
            self.assertEqual(form.name, "prepare_a_visit")
            with form.argument_ids.edit(0) as asked:
                asked.record_model = "res.partner"
        prompt = form.record if hasattr(form, "record") else form.save()
        self.assertEqual(prompt.argument_ids.mapped("name"), ["customer", "city"])
        self.assertEqual(prompt.user_id, self.plain)

    def test_the_preview_is_the_text_with_its_blanks_marked_and_nothing_in_it_is_markup(self) -> None:
        prompt = self.make(self.plain, "Look", "Dear {who},\n<b>hello</b>", [{"name": "who"}])
        self.assertIn("Dear «who»,<br", prompt.preview)
        self.assertIn("&lt;b&gt;hello", prompt.preview)

    def test_the_views_open_for_users_and_managers(self) -> None:
        for user in (self.plain, self.manager):
            for kind in (LIST_VIEW, "kanban", "search", "form"):
                arch = self.env["mcp_native.prompt"].with_user(user).get_view(view_type=kind)["arch"]
                self.assertEqual(etree.fromstring(arch).tag, kind)
                self.assertEqual("group_ids" in arch, user == self.manager and kind in (LIST_VIEW, "form"))
