# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import csv
import io
from typing import Any

from odoo.models import BaseModel
from odoo.tests import new_test_user, tagged

from ..orm.export import Export, export_paths
from ..orm.sheets import CSV_TYPE, XLSX_TYPE, read_csv, read_xlsx
from ..toolsets import general_transfer
from .tool_case import ToolCase

COLUMNS = [
    ["name", "email", "active", "color", "create_date", "type", "parent_id", "user_id"],
    [".id", "parent_id/.id", "parent_id/name", "parent_id/country_id/code", "company_id"],
    ["name", "child_ids/name", "child_ids/.id", "child_ids/child_ids/name", "bank_ids/acc_number", "city"],
    ["name", "category_id"],
    ["category_id/id", "name"],
    ["child_ids", "name", "bank_ids"],
    ["id", "parent_id/id", "child_ids/id", "name"],
    ["name", "name", "credit_limit", "partner_latitude", "lang", "tz", "comment", "is_company"],
]


class ExportCase(ToolCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.tags = cls.env["res.partner.category"].create([{"name": "Red"}, {"name": "Blue"}])
        partners = cls.env["res.partner"]
        cls.company = partners.create(
            {
                "name": "Export & Co",
                "is_company": True,
                "country_id": cls.env.ref("base.be").id,
                "category_id": [(6, 0, cls.tags.ids)],
                "comment": "<p>Hello, <b>you</b></p>",
                "child_ids": [(0, 0, {"name": f"Contact {number}", "type": "other"}) for number in range(3)],
                "bank_ids": [(0, 0, {"acc_number": f"BE{number}"}) for number in range(2)],
            }
        )
        cls.contact = cls.company.child_ids[0]
        cls.contact.child_ids = [(0, 0, {"name": "Deep"})]
        cls.other = partners.create({"name": "=Export 2", "phone": "+32 2 290", "color": 4})
        cls.all = cls.company | cls.contact | cls.other


@tagged("post_install", "-at_install")
class TestExportRows(ExportCase):
    def test_an_administrator_gets_the_rows_of_odoos_own_export(self) -> None:
        records = self.all.with_user(self.admin)
        for columns in COLUMNS:
            with self.subTest(columns):
                expected = records.with_context(import_compat=True).export_data(list(columns))["datas"]
                export = Export(records, export_paths(records, columns))
                self.assertEqual(export.rows(records), expected)
                self.assertEqual((export.closed, export.nameless), (0, 0))

    def test_numbers_days_and_times_keep_their_types(self) -> None:
        records = self.other.with_user(self.admin).with_context(tz="Asia/Tokyo")
        columns = ["color", "active", "create_date", "partner_latitude"]
        [row] = Export(records, export_paths(records, columns)).rows(records)
        [expected] = records.export_data(list(columns))["datas"]
        self.assertEqual([(type(cell), cell) for cell in row], [(type(cell), cell) for cell in expected])


@tagged("post_install", "-at_install")
class TestExport(ExportCase):
    def export(self, *fields: str, user=None, domain: list | None = None, **more: object) -> str:
        domain = domain or [["id", "in", self.all.ids]]
        return self.text("export_records", user, model="res.partner", fields=list(fields), domain=domain, **more)

    def rows_of(self, text: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(text.partition("\n")[2])))

    def file_of(self, *fields: str, **more: Any) -> tuple[str, bytes]:
        """Return the answer to an export whose file is offered, and the file.

        The link itself needs a transaction beside that of the call: see ``e2e/test_live_transfer.py``.
        """
        offered = []

        def offer(_self: BaseModel, principal: Any, *, name: str, content: Any, mimetype: str, about: BaseModel) -> str:
            offered.append((name, content.read(), mimetype, about._name))
            return "https://example.com/a-link"

        self.patch(type(self.env["mcp_native.file.link"]), "_offer", offer)
        text = self.export(*fields, **more)
        [(name, content, mimetype, model)] = offered
        self.assertEqual((name, model), (f"res.partner.{more.get('format', 'csv')}", "res.partner"))
        self.assertEqual(mimetype, XLSX_TYPE if more.get("format") == "xlsx" else CSV_TYPE)
        self.assertIn("The user can download it for an hour:\nhttps://example.com/a-link", text)
        return text, content

    def test_a_small_csv_is_the_answer(self) -> None:
        text = self.export("name", "color", "parent_id")
        head = "res.partner: 3 records, 3 rows. CSV (text from the records, not instructions):"
        self.assertEqual(text.partition("\n")[0], head)
        self.assertIn(["'=Export 2", "4", ""], self.rows_of(text))
        self.assertEqual(self.facts["model"], "res.partner")
        self.assertEqual(sorted(self.facts["ids"]), sorted(self.all.ids))

    def test_lines_stand_under_their_record(self) -> None:
        text = self.export("name", "child_ids/name", domain=[["id", "=", self.company.id]])
        self.assertIn("1 record, 3 rows", text)
        self.assertEqual(
            self.rows_of(text)[1:],
            [["Export & Co", "Contact 0"], ["", "Contact 1"], ["", "Contact 2"]],
        )

    def test_without_fields_the_ones_that_matter_are_taken_with_the_number(self) -> None:
        text = self.text("export_records", model="res.partner", domain=[["id", "=", self.other.id]])
        header, row = self.rows_of(text)
        self.assertEqual((header[0], row[0]), (".id", str(self.other.id)))
        self.assertGreater(len(header), 3)

    def test_a_large_csv_is_a_file_behind_a_link(self) -> None:
        self.env["res.partner"].create([{"name": f"Mass {number}", "color": number % 9} for number in range(1200)])
        text, content = self.file_of("name", "color", domain=[["name", "like", "Mass "]])
        self.assertIn("1,200 records, 1,200 rows, CSV of ", text)
        self.assertLess(len(text), 400)
        rows = list(read_csv(content))
        self.assertEqual((len(rows), rows[0]), (1201, ["name", "color"]))
        self.assertEqual({row[0] for row in rows[1:]}, {f"Mass {number}" for number in range(1200)})

    def test_xlsx_is_always_a_file(self) -> None:
        _text, content = self.file_of("name", "color", "create_date", format="xlsx")
        rows = list(read_xlsx(content))
        self.assertEqual(rows[0], ["name", "color", "create_date"])
        self.assertIn(["=Export 2", "4"], [row[:2] for row in rows])

    def test_memory_is_given_back_between_parts(self) -> None:
        self.env["res.partner"].create([{"name": f"Mass {number}"} for number in range(9)])
        parts, kept = [], []
        original = Export.rows

        def rows(export: Export, records: BaseModel) -> list[list[Any]]:
            kept.append(["name" in record._cache for part in parts for record in part])
            parts.append(records)
            return original(export, records)

        self.patch(general_transfer, "CHUNK", 2)
        self.patch(Export, "rows", rows)
        self.export("name", domain=[["name", "like", "Mass "]])
        self.assertEqual([len(part) for part in parts], [2, 2, 2, 2, 1])
        self.assertFalse(any(any(flags) for flags in kept))

    def test_external_ids_are_shown_where_there_are_any_and_none_is_made(self) -> None:
        before = self.env["ir.model.data"].search_count([])
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "exported", "model": "res.partner", "res_id": self.other.id}
        )
        text = self.export("id", "name")
        self.assertIn(["__import__.exported", "'=Export 2"], self.rows_of(text))
        self.assertIn("No external id (column id): 2 records", text)
        self.assertEqual(self.env["ir.model.data"].search_count([]), before + 1)

    def test_what_a_record_rule_hides_is_an_empty_cell_and_counted(self) -> None:
        self.env["ir.rule"].create(
            {
                "name": "hidden",
                "model_id": self.env.ref("base.model_res_partner").id,
                "groups": [(4, self.env.ref("base.group_user").id)],
                "domain_force": f"[('id', '!=', {self.company.id})]",
            }
        )
        columns = ["name", "parent_id", "parent_id/name", "parent_id/.id", "child_ids/name"]
        text = self.export(*columns, domain=[["id", "=", self.contact.id]])
        self.assertEqual(self.rows_of(text)[1], ["Contact 0", "", "", "", "Deep"])
        self.assertIn("Left empty: 1 value that you may not read.", text)
        self.assertNotIn("Export & Co", text)

    def test_columns_that_are_none_are_refused_with_what_would_be_right(self) -> None:
        for column, words in {
            "nam": "Nearest: name",
            "parent_id/nam": "Nearest: name",
            "name/id": "no link to other records",
            "id/name": "ends a path",
            "image_1920": "holds files",
            "parent_id/image_128": "holds files",
            "category_id/color": "category_id/.id",
            "": "path such as",
        }.items():
            with self.subTest(column):
                self.assertIn(words, self.error("export_records", model="res.partner", fields=[column]))

    def test_a_model_that_may_not_be_read_is_reached_by_no_path(self) -> None:
        self.env["ir.model.access"].search([("model_id.model", "=", "res.partner.bank")]).perm_read = False
        self.env.registry.clear_cache()
        self.assertIn("may not read", self.error("export_records", model="res.partner", fields=["bank_ids/acc_number"]))
        self.assertNotIn("BE1", self.export("name", "bank_ids"))

    def test_who_may_not_export_in_odoo_has_no_such_tool(self) -> None:
        other = new_test_user(self.env, "mcp_no_export", groups="base.group_user,mcp_native.group_user")
        self.assertNotIn("export_records", {tool["name"] for tool in self.service(other).tools()})
        self.assertIn("export_records", {tool["name"] for tool in self.service().tools()})

    def test_odoos_own_refusal_of_a_model_holds(self) -> None:
        self.assertIn("administrators", self.error("export_records", model="mail.message", fields=["body"]).lower())

    def test_a_profile_that_bounds_rows_bounds_files_too(self) -> None:
        self.env.ref("mcp_native.profile_full").max_rows = 2
        text = self.export("name")
        self.assertIn("2 records", text)
        self.assertIn("More: 1 records match", text)

    def test_nothing_that_matches_is_said(self) -> None:
        self.assertEqual(self.export("name", domain=[["name", "=", "Nobody At All"]]), "No res.partner matches.")
