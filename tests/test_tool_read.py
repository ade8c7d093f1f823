# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
from unittest.mock import patch

from odoo.tests import tagged

from .tool_case import ToolCase


@tagged("post_install", "-at_install")
class TestSearching(ToolCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.country = cls.env.ref("base.be")
        cls.partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Tool Contact {number:02}",
                    "email": f"contact{number}@example.com",
                    "phone": f"+32 2 290 34 {number:02}",
                    "city": "Brussels",
                    "country_id": cls.country.id,
                    "function": "Buyer",
                }
                for number in range(30)
            ]
        )
        cls.domain = [["name", "like", "Tool Contact"]]

    def test_a_search_answers_a_table_with_ids_and_the_number_of_all(self) -> None:
        text = self.text("search_records", model="res.partner", domain=self.domain, order="id", limit=3)
        lines = text.splitlines()
        self.assertIn("1-3 of 30", lines[0])
        self.assertTrue(lines[1].startswith("id|"))
        self.assertTrue(lines[2].startswith(f"{self.partners[0].id}|"))
        self.assertEqual(self.facts["ids"], self.partners[:3].ids)

    def test_the_cursor_of_an_answer_leads_to_the_next_page_until_the_end(self) -> None:
        seen, cursor = [], None
        for _page in range(3):
            text = self.text(
                "search_records", model="res.partner", domain=self.domain, order="id", limit=12, fields=["name"],
                **({"cursor": cursor} if cursor else {}),
            )
            seen += [int(found) for found in re.findall(r"^(\d+)\|", text, re.MULTILINE)]
            cursor = (re.findall(r'cursor="([^"]+)"', text) or [None])[0]
        self.assertEqual(seen, self.partners.ids)
        self.assertIsNone(cursor)

    def test_a_cursor_of_another_query_is_refused(self) -> None:
        text = self.text("search_records", model="res.partner", domain=self.domain, limit=5)
        cursor = re.findall(r'cursor="([^"]+)"', text)[0]
        self.assertIn("another query", self.error("search_records", model="res.partner", limit=5, cursor=cursor))

    def test_25_contacts_with_default_fields_take_at_most_2500_characters(self) -> None:
        text = self.text("search_records", model="res.partner", domain=self.domain)
        self.assertLessEqual(len(text), 2500)
        self.assertIn("contact1@example.com", text)

    def test_a_read_tool_cannot_write(self) -> None:
        """PostgreSQL itself holds the promise of the read-only hint."""
        partner = self.partners[0]

        def writing_read(model, domain, *args, **kwargs):
            model.env.cr.execute("UPDATE res_partner SET name = 'Written' WHERE id = %s", [partner.id])
            return partner

        with patch.object(type(partner), "search_fetch", writing_read):
            self.assertIn("would write", self.error("search_records", model="res.partner"))
        partner.invalidate_recordset()
        self.assertEqual(partner.name, "Tool Contact 00")

    def test_archived_records_are_left_out_unless_asked_for_and_the_answer_says_so(self) -> None:
        """One rule for archived records everywhere."""
        self.partners.active = False
        text = self.text("search_records", model="res.partner", domain=self.domain)
        self.assertIn("Archived ones are left out", text)
        self.assertIn("archived left out", self.text("count_records", model="res.partner", domain=self.domain))
        self.assertIn("of 30", self.text("search_records", model="res.partner", domain=self.domain, archived=True))
        text = self.text("read_records", model="res.partner", ids=self.partners[:1].ids, fields=["name"])
        self.assertIn("Tool Contact 00", text)

    def test_an_unknown_model_is_an_error_with_the_nearest_name(self) -> None:
        self.assertIn("res.partner", self.error("search_records", model="res.partners"))

    def test_an_unknown_field_is_an_error_with_the_nearest_name(self) -> None:
        for arguments in (
            {"fields": ["nmae"]},
            {"domain": [["nmae", "=", "x"]]},
            {"order": "nmae desc"},
        ):
            with self.subTest(arguments):
                self.assertIn("name", self.error("search_records", model="res.partner", **arguments))

    def test_an_unknown_operator_is_an_error_with_the_nearest_one(self) -> None:
        text = self.error("search_records", model="res.partner", domain=[["name", "ilik", "x"]])
        self.assertIn("ilike", text)

    def test_a_domain_may_come_as_text(self) -> None:
        for domain in ('[["name", "=", "Tool Contact 07"]]', "[('name', '=', 'Tool Contact 07')]"):
            with self.subTest(domain):
                self.assertIn("Tool Contact 07", self.text("search_records", model="res.partner", domain=domain))

    def test_a_field_hidden_by_groups_does_not_exist_for_a_plain_user_by_any_path(self) -> None:
        model, hidden, unknown = "res.partner", "signup_type", "signup_tipe"
        self.assertIn(hidden, self.env[model]._fields)
        self.assertNotIn(hidden, self.env[model].with_user(self.plain).fields_get())
        for name, arguments in (
            ("search_records", {"fields": [hidden]}),
            ("search_records", {"domain": [[hidden, "!=", False]]}),
            ("search_records", {"order": hidden}),
            ("read_records", {"ids": [1], "fields": [hidden]}),
            ("count_records", {"domain": [[hidden, "like", "a"]]}),
            ("aggregate_records", {"group_by": [hidden]}),
            ("describe_model", {"fields": [hidden]}),
        ):
            with self.subTest(name, **arguments):
                told = self.error(name, model=model, **arguments)
                same = self.error(name, model=model, **_renamed(arguments, hidden, unknown))
                self.assertEqual(_sentence(told).replace(hidden, "?"), _sentence(same).replace(unknown, "?"))
                self.assertNotIn(hidden, same)

    def test_no_limit_may_be_larger_than_the_largest(self) -> None:
        self.assertIn("200", self.error("search_records", model="res.partner", limit=100000))
        self.assertIn("500", self.error("aggregate_records", model="res.partner", limit=100000))
        self.assertIn("100", self.error("read_records", model="res.partner", ids=list(range(1, 102))))

    def hidden_server(self):
        """Return a record that only administrators may read, with a file and a message."""
        server = self.env["ir.mail_server"].create({"name": "Hidden", "smtp_host": "hidden.example"})
        place = {"res_model": server._name, "res_id": server.id}
        file = self.env["ir.attachment"].create({"name": "Hidden File", "raw": b"hidden content", **place})
        message = self.env["mail.message"].create(
            {"model": server._name, "res_id": server.id, "body": "Hidden Words", "message_type": "comment"}
        )
        return file, message

    def test_an_attachment_is_as_hidden_as_its_record(self) -> None:
        file, _message = self.hidden_server()
        domain = [["id", "=", file.id]]
        self.assertIn("No ir.attachment", self.text("search_records", model="ir.attachment", domain=domain))
        self.assertTrue(self.text("count_records", model="ir.attachment", domain=domain).startswith("0 "))
        told = self.error("read_records", model="ir.attachment", ids=[file.id], fields=["name", "index_content"])
        self.assertNotIn("Hidden", told)

    def test_a_message_is_as_hidden_as_its_record(self) -> None:
        _file, message = self.hidden_server()
        domain = [["id", "=", message.id]]
        self.assertNotIn("Hidden", self.text("search_records", model="mail.message", domain=domain))
        self.assertNotIn("Hidden", self.error("read_records", model="mail.message", ids=[message.id], fields=["body"]))

    def test_missing_ids_are_named(self) -> None:
        text = self.error("read_records", model="res.partner", ids=[self.partners[0].id, 2147483000])
        self.assertIn("2147483000", text)

    def test_an_id_too_large_for_postgresql_is_refused_before_it_gets_there(self) -> None:
        text = self.error("read_records", model="res.partner", ids=[99999999999])
        self.assertIn("99999999999 is not a record id", text)

    def test_a_company_of_others_is_refused(self) -> None:
        company = self.env["res.company"].create({"name": "Not Yours"})
        text = self.error("count_records", model="res.partner", companies=[company.id])
        self.assertNotIn("Not Yours", text)
        self.assertIn(self.env.company.name, text)

    def test_an_unknown_language_or_zone_is_refused(self) -> None:
        self.assertIn("en_US", self.error("search_records", model="res.partner", lang="xx_XX"))
        self.assertIn("Europe/Brussels", self.error("search_records", model="res.partner", tz="Mars"))


@tagged("post_install", "-at_install")
class TestFinding(ToolCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {"name": "Wilhelmina Zorgvliet Beheer", "email": "zorg@vliet.example", "phone": "+32 475 11 22 33"}
        )

    def found(self, text: str, **arguments) -> str:
        return self.text("find_records", text=text, **arguments)

    def test_a_part_of_the_name_is_enough(self) -> None:
        self.assertIn(f"res.partner|{self.partner.id}|", self.found("Zorgvliet"))

    def test_words_may_come_in_any_order(self) -> None:
        self.assertIn(f"|{self.partner.id}|", self.found("beheer wilhelmina", model="res.partner"))

    def test_a_misspelt_name_finds_what_is_alike(self) -> None:
        text = self.found("Wilhelmnia Zorgvleit", model="res.partner")
        self.assertIn(f"|{self.partner.id}|", text)
        self.assertIn("alike", text)

    def test_a_phone_number_may_be_written_otherwise(self) -> None:
        self.assertIn(f"|{self.partner.id}|", self.found("0475/112233".lstrip("0"), model="res.partner"))

    def test_an_email_is_found(self) -> None:
        self.assertIn(f"|{self.partner.id}|", self.found("zorg@vliet.example", model="res.partner"))

    def test_what_is_found_in_one_model_is_noted_for_the_log_and_for_steps_of_a_batch(self) -> None:
        self.found("Zorgvliet")
        self.assertEqual((self.facts["model"], self.facts["ids"]), ("res.partner", self.partner.ids))

    def test_what_is_found_in_several_models_is_only_counted(self) -> None:
        self.env["res.users"].create({"name": "Wilhelmina Zorgvliet Two", "login": "zorgvliet2"})
        text = self.found("Zorgvliet")
        self.assertIn("res.users|", text)
        self.assertEqual([self.facts.get(name) for name in ("model", "ids", "rows")], [None, None, 3], text)

    def test_nothing_found_says_where_it_looked(self) -> None:
        self.assertIn("res.partner", self.found("qqqqqxxxxx", model="res.partner"))


def _sentence(text: str) -> str:
    return text.partition(" that you may see.")[0]


def _renamed(value, old: str, new: str):
    if isinstance(value, dict):
        return {key: _renamed(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, old, new) for item in value]
    return new if value == old else value
