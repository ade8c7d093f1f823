# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.models import BaseModel
from odoo.tests import new_test_user, tagged

from ..orm import load
from ..orm.sheets import XlsxWriter
from ..protocol import InternalError
from ..toolsets import general_transfer
from .common import let_everybody, shared_cursor
from .consent_case import ConsentCase
from .tool_case import ToolCase


class ImportCase(ToolCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.partners = cls.env["res.partner"].with_context(active_test=False)
        cls.tags = cls.env["res.partner.category"].create([{"name": "Red"}, {"name": "Blue"}])

    def load(self, csv: str, user: Any = None, model: str = "res.partner", **more: Any) -> str:
        text = self.text("import_records", user, model=model, csv=csv, **more)
        self.env.invalidate_all()
        return text

    def refused(self, csv: str, user: Any = None, model: str = "res.partner", **more: Any) -> str:
        """Return the error of an import, of which nothing may stay."""
        before = self.partners.search_count([])
        text = self.error("import_records", user, model=model, csv=csv, **more)
        self.env.invalidate_all()
        self.assertEqual(self.partners.search_count([]), before, text)
        return text

    def named(self, name: str) -> BaseModel:
        return self.partners.search([("name", "=", name)])

    def external(self, name: str) -> BaseModel:
        return self.env.ref(f"__import__.{name}")


@tagged("post_install", "-at_install")
class TestImport(ImportCase):
    def test_rows_become_records_with_values_of_every_kind(self) -> None:
        text = self.load(
            "name,email,color,active,category_id,country_id,type,comment,partner_latitude,lang\n"
            'Imported,i@example.com,4,yes,"Red,Blue",Belgium,Contact,**bold**,50.5,en_US\n'
        )
        self.assertRegex(text, r"^Imported 1 res\.partner: 1 created \(Imported #\d+\)$")
        partner = self.named("Imported")
        self.assertEqual((partner.email, partner.color, partner.active), ("i@example.com", 4, True))
        self.assertEqual(partner.category_id, self.tags)
        self.assertEqual((partner.country_id.code, partner.type, partner.lang), ("BE", "contact", "en_US"))
        self.assertEqual(partner.partner_latitude, 50.5)
        self.assertIn("<strong>bold</strong>", partner.comment)
        self.assertEqual(partner.create_uid, self.plain)

    def test_days_and_times_are_those_of_the_user(self) -> None:
        self.env.user.tz = False
        self.admin.tz = "Asia/Tokyo"
        self.load("date,subject\n2026-11-21 09:30,Local\n2026-11-21T00:30:00Z,Zulu\n", self.admin, model="mail.message")
        found = self.env["mail.message"].search([("subject", "in", ["Local", "Zulu"])])
        self.assertEqual(found.mapped("date"), [datetime(2026, 11, 21, 0, 30)] * 2)
        activity = self.env["res.partner"].create({"name": "Day"}).activity_schedule(user_id=self.admin.id)
        csv = f".id,date_deadline\n{activity.id},{{}}\n"
        self.load(csv.format("2026-11-21"), self.admin, model="mail.activity")
        self.assertEqual(activity.date_deadline, date(2026, 11, 21))
        text = self.refused(csv.format("21/11/2026"), self.admin, model="mail.activity")
        self.assertIn("row 2, date_deadline: '21/11/2026' is not a date. Write it as 2026-11-21", text)

    def test_rows_given_as_values_are_the_same(self) -> None:
        self.text(
            "import_records",
            model="res.partner",
            fields=["name", "color", "active", "parent_id"],
            rows=[["Given 1", 3, True, None], ["Given 2", 4.0, False, False]],
        )
        found = self.partners.search([("name", "like", "Given ")], order="name")
        self.assertEqual(found.mapped("color"), [3, 4])
        self.assertEqual(found.mapped("active"), [True, False])

    def test_two_thousand_rows_are_imported_in_parts_that_report_progress(self) -> None:
        self.env.ref("mcp_native.profile_full").max_records = 0
        reports: list[tuple] = []
        with patch("odoo.addons.mcp_native.protocol.Call.progress", lambda _call, *report: reports.append(report)):
            csv = "id,name,color\n" + "".join(f"mass_{number},Mass {number},{number % 9}\n" for number in range(2000))
            text = self.load(csv)
        self.assertIn("Imported 2,000 res.partner: 2,000 created (Mass 0 #", text)
        self.assertLess(len(text), 200)
        self.assertEqual(reports, [(done, 2000) for done in range(200, 2001, 200)])
        found = self.partners.search([("name", "like", "Mass ")], order="id")
        self.assertEqual(found.mapped("name"), [f"Mass {number}" for number in range(2000)])
        self.assertEqual(len(self.facts["ids"]), 2000)
        # Again: nothing is doubled
        text = self.load(csv.replace(",Mass ", ",Again "))
        self.assertEqual(text, "Imported 2,000 res.partner: 2,000 updated")
        self.assertEqual(self.partners.search([("name", "like", "Again ")], order="id"), found)

    def test_bad_rows_in_the_middle_take_everything_with_them_and_all_are_named(self) -> None:
        rows = [[f"Row {number}", "1"] for number in range(600)]
        rows[250][1], rows[410][1], rows[411][1] = "many", "1.5", "many"
        text = self.refused("name,color\n" + "".join(f"{','.join(row)}\n" for row in rows))
        self.assertEqual(
            text.splitlines(),
            [
                "Nothing was imported. Of 600 rows, these are wrong:",
                'rows 252, 413, color: expects a whole number such as 5, not "many".',
                'row 412, color: expects a whole number such as 5, not "1.5".',
            ],
        )

    def test_what_odoo_refuses_is_named_by_its_row_in_every_part(self) -> None:
        rows = [[f"Row {number}", "contact"] for number in range(600)]
        for place in (3, 250, 599):
            rows[place][0] = ""
        text = self.refused("name,type\n" + "".join(f"{','.join(row)}\n" for row in rows))
        self.assertEqual(len(text.splitlines()), 2, text)
        self.assertIn("rows 5, 252, 601: ", text)
        self.assertIn("name", text.lower())

    def test_more_errors_than_anybody_reads_are_cut(self) -> None:
        text = self.refused("name,color\n" + "".join(f"Row,bad {number}\n" for number in range(80)))
        self.assertEqual(len(text.splitlines()), 52)
        self.assertIn("… and more.", text)

    def test_a_dry_run_shows_what_would_be_done_and_what_is_wrong(self) -> None:
        with shared_cursor(self):
            text = self.load("name,color\nDry,3\n", dry_run=True)
            self.assertIn("Only tried", text)
            self.assertIn("Dry", text)
            self.assertFalse(self.named("Dry"))
            text = self.load("name,color\nDry,three\n", dry_run=True)
        self.assertIn("would fail: Nothing was imported. Of 1 rows", text)
        self.assertIn("row 2, color", text)

    def test_no_mail_is_sent_and_the_chatter_gets_only_the_line_of_the_call(self) -> None:
        with patch.object(type(self.env["mail.mail"]), "create", side_effect=AssertionError("a mail")):
            self.load(f"name,user_id/.id\nQuiet,{self.admin.id}\n")
        [message] = self.named("Quiet").message_ids
        self.assertIn("on behalf of", message.body)


@tagged("post_install", "-at_install")
class TestReferences(ImportCase):
    def test_a_repeated_import_updates_by_external_id(self) -> None:
        self.load("id,name,city\nr1,First,Ghent\nr2,Second,\n")
        text = self.load("id,name,city\nr2,Second,Liège\nr3,Third,\n")
        self.assertRegex(text, r"1 created \(Third #\d+\), 1 updated")
        self.assertEqual((self.external("r2").city, self.external("r3").name), ("Liège", "Third"))
        self.assertEqual(len(self.named("Second")), 1)

    def test_records_are_updated_by_their_number_beside_new_ones(self) -> None:
        known = self.partners.create([{"name": "Known 1"}, {"name": "Known 2"}])
        text = self.load(f".id,name\n{known[1].id},Renamed\n,New 1\n{known[0].id},Renamed too\n,New 2\n")
        self.assertIn("2 created (New 1 #", text)
        self.assertEqual(known.mapped("name"), ["Renamed too", "Renamed"])

    def test_what_only_a_new_record_is_given_is_given_to_new_ones_and_never_changed(self) -> None:
        if "account.move" not in self.env:
            self.skipTest("Accounting is not installed")
        field = self.env["account.move"].fields_get(["move_type"])["move_type"]
        self.assertTrue(field["readonly"] and field["required"])
        journal = self.env["account.journal"].create({"name": "Imported", "code": "IMPO", "type": "general"})
        csv = f"id,move_type,ref,journal_id\nmove_1,entry,{{}},{journal.id}\n"
        self.assertIn("1 created", self.load(csv.format("first"), self.admin, model="account.move"))
        self.assertEqual(self.external("move_1").move_type, "entry")
        self.assertIn("1 updated", self.load(csv.format("second"), self.admin, model="account.move"))
        self.assertEqual(self.external("move_1").ref, "second")
        text = self.refused(csv.format("third").replace("entry", "out_invoice"), self.admin, model="account.move")
        self.assertIn('row 2, move_type: it is "entry" in record', text)
        text = self.refused("move_type,state\nentry,posted\n", self.admin, model="account.move")
        self.assertIn("state is read-only", text)

    def test_rows_may_refer_to_rows_above_them(self) -> None:
        self.load("id,name,parent_id/id\ntop,Top,\nbelow,Below,top\ndeep,Deep,__import__.below\n", self.admin)
        self.assertEqual(self.external("deep").parent_id.parent_id, self.external("top"))

    def test_an_external_id_called_no_is_one(self) -> None:
        self.load("id,name,parent_id/id\nno,Norway Ltd,\nother,Other,no\n", self.admin)
        self.assertEqual(self.external("other").parent_id, self.external("no"))

    def test_a_name_must_be_of_one_record(self) -> None:
        self.env["res.partner.category"].create({"name": "Red"})
        text = self.refused('name,category_id\nA,Red\nB,Purple\nC,"Blue,Red"\n')
        self.assertRegex(text, r'rows 2, 4, category_id: several records are called "Red": Red #\d+, Red #\d+')
        self.assertIn('row 3, category_id: no res.partner.category is called "Purple"', text)

    def test_references_that_name_nothing_are_named_by_row(self) -> None:
        rows = "A,nobody,99999999\nB,base.be,x\nC,base.main_partner,-1\n"
        text = self.refused(f"name,parent_id/id,country_id/.id\n{rows}")
        self.assertIn('row 2, parent_id/id: no res.partner has the external id "nobody"', text)
        self.assertIn('row 3, parent_id/id: no res.partner has the external id "base.be"', text)
        self.assertIn("row 2, country_id/.id: res.country has no record with id 99999999", text)
        self.assertIn("row 3, country_id/.id: expects a whole number", text)
        self.assertIn("row 4, country_id/.id: -1 is not a record id", text)
        self.assertNotIn("row 4, parent_id", text)

    def test_one_record_twice_or_archived_is_refused(self) -> None:
        known, gone = self.partners.create([{"name": "Known"}, {"name": "Gone", "active": False}])
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "known", "model": "res.partner", "res_id": known.id}
        )
        text = self.refused("id,name\nx,A\nknown,B\nx,C\n__import__.known,D\n")
        self.assertIn("row 4, id: the record of row 2 again", text)
        self.assertIn("row 5, id: the record of row 3 again", text)
        text = self.refused(f".id,name\n{known.id},A\n{known.id},B\n{gone.id},C\n")
        self.assertIn("row 3, .id: the record of row 2 again", text)
        self.assertIn(f"row 4, .id: {gone.id} is archived", text)

    def test_the_external_ids_of_modules_are_not_taken(self) -> None:
        text = self.refused("id,name\nbase.mine,A\n")
        self.assertIn("row 2: The record base.mine has the module prefix base", text)

    def test_a_record_of_another_model_is_not_reached_by_its_external_id(self) -> None:
        text = self.refused("id,name\nbase.be,A\n")
        self.assertIn("row 2", text)
        self.assertEqual(self.env.ref("base.be").code, "BE")


@tagged("post_install", "-at_install")
class TestLines(ImportCase):
    def test_lines_have_rows_of_their_own(self) -> None:
        text = self.load(
            "name,child_ids/name,child_ids/city,child_ids/type\n"
            "Parent 1,Line 1,Ghent,other\n,Line 2,,other\nParent 2,,,\n\nParent 3,Line 3,,other\n",
            self.admin,
        )
        self.assertIn("Imported 3 res.partner: 3 created (Parent 1 #", text)
        self.assertEqual(self.named("Parent 1").child_ids.mapped("name"), ["Line 1", "Line 2"])
        self.assertEqual(self.named("Parent 1").child_ids[0].city, "Ghent")
        self.assertFalse(self.named("Parent 2").child_ids)
        self.assertEqual(self.named("Parent 3").child_ids.name, "Line 3")

    def test_an_error_in_a_line_is_named_by_its_own_row(self) -> None:
        text = self.refused("name,child_ids/name,child_ids/color\nParent,Line 1,1\n,Line 2,red\n", self.admin)
        self.assertIn("row 3, child_ids/color: expects a whole number", text)

    def test_lines_are_changed_by_number_and_added_without_and_the_answer_says_so(self) -> None:
        parent = self.partners.create({"name": "Parent", "child_ids": [(0, 0, {"name": "Old", "type": "other"})]})
        rows = f"{parent.id},{parent.child_ids.id},Changed,other\n,,Added,other\n"
        text = self.load(f".id,child_ids/.id,child_ids/name,child_ids/type\n{rows}", self.admin)
        self.assertEqual(text, "Imported 1 res.partner: 1 updated, 2 lines written into records that were there")
        self.assertEqual(sorted(parent.child_ids.mapped("name")), ["Added", "Changed"])

    def test_new_lines_get_no_external_id_that_a_repeat_would_not_find(self) -> None:
        text = self.refused("name,child_ids/id,child_ids/name\nParent,line1,Line\n", self.admin)
        self.assertIn("New lines have none", text)

    def test_parts_never_split_a_record(self) -> None:
        self.patch(general_transfer, "MAX_ROWS", 2)
        csv = "name,child_ids/name,child_ids/type\nParent 1,A,other\n,B,other\n,C,other\nParent 2,D,other\nParent 3,,\n"
        text = self.load(csv, self.admin)
        self.assertIn("More: rows from 5 on; repeat the call with start=5.", text)
        self.assertEqual(len(self.named("Parent 1").child_ids), 3)
        text = self.load(csv, self.admin, start=5)
        self.assertIn("Imported 2 res.partner", text)
        self.assertNotIn("More", text)
        self.assertIn("no rows from 7 on", self.refused(csv, self.admin, start=7))


@tagged("post_install", "-at_install")
class TestSources(ImportCase):
    def attached(self, name: str, raw: bytes, **more: Any) -> int:
        return self.env["ir.attachment"].with_user(self.plain).create({"name": name, "raw": raw, **more}).id

    def test_an_attached_csv_is_imported_and_its_header_may_be_replaced(self) -> None:
        file = self.attached("contacts.csv", "Nom;Ville;Note\nZoë;Liège;x\n".encode("cp1252"))
        text = self.error("import_records", model="res.partner", attachment_id=file)
        self.assertIn('column 1: res.partner has no field "Nom"', text)
        self.assertIn('column 3: res.partner has no field "Note"', text)
        self.text("import_records", model="res.partner", attachment_id=file, fields=["name", "city", ""])
        self.assertEqual(self.named("Zoë").city, "Liège")
        text = self.error("import_records", model="res.partner", attachment_id=file, fields=["name"])
        self.assertIn('fields names 1 columns; the file has 3: ["Nom", "Ville", "Note"]', text)

    def test_an_attached_workbook_is_imported_with_its_types(self) -> None:
        made = io.BytesIO()
        writer = XlsxWriter(made)
        writer.add(["name", "color", "active", "ref"])
        writer.add(["Book", 3, True, "=1+1"])
        writer.add(["", "", "", ""])
        writer.add(["Page", 4.0, False, ""])
        writer.close()
        file = self.attached("contacts.xlsx", made.getvalue())
        self.text("import_records", model="res.partner", attachment_id=file)
        self.assertEqual((self.named("Book").color, self.named("Book").ref), (3, "=1+1"))
        self.assertFalse(self.named("Page").active)

    def test_an_attachment_that_may_not_be_read_is_not_imported(self) -> None:
        secret = self.env["ir.attachment"].create({"name": "secret.csv", "raw": b"name\nSecret\n"})
        text = self.error("import_records", model="res.partner", attachment_id=secret.id)
        self.assertNotIn("Secret", text)
        self.assertFalse(self.named("Secret"))

    def test_exactly_one_source_is_needed(self) -> None:
        for arguments in ({}, {"csv": "name\nA", "rows": [["A"]], "fields": ["name"]}, {"fields": ["name"]}):
            with self.subTest(arguments):
                self.assertIn("Give one of", self.error("import_records", model="res.partner", **arguments))
        self.assertIn("rows needs fields", self.error("import_records", model="res.partner", rows=[["A"]]))

    def test_tables_that_are_none_are_refused(self) -> None:
        for csv, words in {
            "": "empty",
            "\n\n": "empty",
            "name": "no rows",
            "name\n\n,": "no rows",
            "name\nA,B": "row 2 has 2 cells, the header 1",
            'name\n"A': "cannot be read at line",
            "name,name\nA,B": "name is there twice",
            "parent_id,parent_id/id\nA,b": "parent_id, parent_id/id name the same record",
            "id,.id\na,1": "keep one of them",
        }.items():
            with self.subTest(csv):
                self.assertIn(words, self.refused(csv))
        text = self.error("import_records", model="res.partner", fields=["name"], rows=["A"])
        self.assertIn("row 1 is no list", text)
        text = self.error("import_records", model="res.partner", fields=["", ""], rows=[["A", "B"]])
        self.assertIn("1 to 200 columns", text)
        text = self.error("import_records", model="res.partner", fields=["name"], rows=[[["A"]]])
        self.assertIn("row 1: a cell is", text)


@tagged("post_install", "-at_install")
class TestRights(ImportCase):
    def test_fields_that_may_not_be_written_are_refused_before_anything_is_done(self) -> None:
        for column, words in {
            "create_date": "computed by Odoo",
            "display_name": "computed by Odoo",
            "parent_path" if "parent_path" in self.partners._fields else "write_uid": "cannot be written",
            "image_1920": "attach_file",
            "child_ids": "child_ids/name",
            "child_ids/create_uid": "cannot be written",
            "parent_id/ref": "parent_id/.id",
            "category_id/name": "category_id/id",
            "name/id": "no link",
            "nam": "Nearest: name",
        }.items():
            with self.subTest(column):
                self.assertIn(words, self.refused(f"{column}\nx\n"))

    def test_a_field_of_other_groups_is_unknown(self) -> None:
        field = self.env["res.partner"]._fields["barcode"]
        self.patch(field, "groups", "base.group_system")
        self.assertIn('no field "barcode"', self.refused("name,barcode\nA,123\n"))
        self.assertIn('no field "barcode"', self.refused("name,child_ids/name,child_ids/barcode\nA,B,123\n"))
        self.load("name,barcode\nA,123\n", self.admin)
        self.assertEqual(self.named("A").barcode, "123")

    def test_who_may_not_create_or_write_is_told_which_groups_may(self) -> None:
        reader = new_test_user(self.env, "mcp_reader", groups="base.group_user,mcp_native.group_user")
        self.assertRegex(self.refused("name\nA\n", reader), "You may not create res.partner.*Groups that may")
        text = self.refused(f".id,name\n{self.env.company.partner_id.id},A\n", reader)
        self.assertRegex(text, "You may not change res.partner.*Groups that may")

    def test_a_record_that_a_rule_hides_is_not_updated_by_any_name_of_it(self) -> None:
        hidden = self.partners.create({"name": "Hidden"})
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "hidden", "model": "res.partner", "res_id": hidden.id}
        )
        self.close(hidden, "perm_read")
        for csv in (
            f".id,name\n{hidden.id},Taken\n",
            "id,name\nhidden,Taken\n",
            "name,parent_id/id\nTaken,hidden\n",
            f"name,parent_id/.id\nTaken,{hidden.id}\n",
            "name,parent_id\nTaken,Hidden\n",
            f"name,child_ids/.id,child_ids/name\nTaken,{hidden.id},Taken\n",
            "name,child_ids/id,child_ids/name\nTaken,hidden,Taken\n",
        ):
            with self.subTest(csv):
                self.refused(csv)
        self.assertEqual((hidden.name, hidden.parent_id.id), ("Hidden", False))

    def test_a_record_that_a_rule_closes_to_changes_is_not_updated(self) -> None:
        fixed = self.partners.create({"name": "Fixed"})
        self.close(fixed, "perm_write")
        text = self.refused(f".id,name\n{fixed.id},Taken\n")
        self.assertIn("a record rule closes it", text)
        self.assertIn(str(fixed.id), text)

    def close(self, record: BaseModel, *operations: str) -> None:
        rule = {f"perm_{name}": f"perm_{name}" in operations for name in ("read", "write", "create", "unlink")}
        self.env["ir.rule"].create(
            {
                "name": "closed",
                "model_id": self.env["ir.model"]._get(record._name).id,
                "groups": [(4, self.env.ref("base.group_user").id)],
                "domain_force": f"[('id', '!=', {record.id})]",
                **rule,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestFaults(ImportCase):
    """``load`` turns whatever is raised into a message about a row."""

    def breaking(self, error: Callable[[], Exception], name: str = "Broken") -> Any:
        original = type(self.partners)._load_records_create

        def create(records: BaseModel, values: list[dict[str, Any]]) -> BaseModel:
            if any(item["name"] == name for item in values):
                raise error()
            return original(records, values)

        return patch.object(type(self.partners), "_load_records_create", create)

    def test_what_odoo_replays_is_replayed(self) -> None:
        failure = psycopg2.errors.SerializationFailure
        with self.breaking(failure), self.assertRaises(failure):
            self.text("import_records", model="res.partner", csv="name\nFine\nBroken\n")
        self.assertFalse(self.named("Fine"))

    def test_a_fault_is_an_internal_error_with_a_reference(self) -> None:
        with (
            self.breaking(lambda: KeyError("qzsecret")),
            self.assertLogs("odoo.addons.mcp_native", "ERROR"),
            self.assertRaisesRegex(InternalError, "reference") as caught,
        ):
            self.text("import_records", model="res.partner", csv="name\nFine\nBroken\n")
        self.assertNotIn("qzsecret", str(caught.exception))
        self.assertFalse(self.named("Fine"))

    def test_a_refusal_is_only_that_of_its_row(self) -> None:
        with self.breaking(lambda: UserError("Not this one")):
            text = self.refused("name\nFine\nBroken\nFine too\n")
        self.assertEqual(text.splitlines()[1:], ["row 3: Not this one"])

    def test_a_constraint_of_the_database_is_worded(self) -> None:
        self.env.cr.execute("ALTER TABLE res_partner ADD CONSTRAINT qz_colors CHECK (color < 100)")
        text = self.refused("name,color\nA,5\nB,500\n")
        self.assertIn("row 3: res.partner: the values break a rule of the database (qz_colors).", text)

    def test_nothing_watches_other_imports(self) -> None:
        result = self.partners.load(["name", "color"], [["A", "x"], ["B", "1"]])
        self.assertEqual(len(result["messages"]), 1)
        self.assertIsNone(load._watch.get())


@tagged("post_install", "-at_install")
class TestConsentToImports(ConsentCase):
    CSV = "id,name,phone\nnew,New,+32 9\nazure,Azure Interior,+32 8\n"

    def setUp(self) -> None:
        super().setUp()
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "azure", "model": "res.partner", "res_id": self.azure.id}
        )

    def test_an_import_is_shown_and_confirmed_like_any_change(self) -> None:
        arguments = {"model": "res.partner", "csv": self.CSV}
        text, token = self.asked("import_records", **arguments)
        self.assertIn("Phone: +32 1 → +32 8", text)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "New")]))
        text = self.text_of("import_records", **arguments, confirmation=token)
        self.assertIn("1 created (New #", text)
        self.assertEqual(self.azure.phone, "+32 8")
        changes = self.env["mcp_native.change"].search([("direct", "=", True), ("tool", "=", "import_records")])
        self.assertEqual(sorted(changes.mapped("operation")), ["create", "write"])

    def test_what_the_profile_denies_is_not_imported(self) -> None:
        for decision, words in {
            "create_decision": "does not let you create res.partner",
            "write_decision": "does not let you change res.partner",
        }.items():
            rule = self.rules.rule_ids.create({"profile_id": self.rules.id, "pattern": "res.partner", decision: "deny"})
            with self.subTest(decision):
                self.assertIn(words, self.refusal_of("import_records", model="res.partner", csv=self.CSV))
            rule.unlink()

    def test_lines_need_what_the_profile_says_about_lines(self) -> None:
        self.rules.rule_ids.create(
            {"profile_id": self.rules.id, "pattern": "res.partner.bank", "create_decision": "deny"}
        )
        text = self.refusal_of("import_records", model="res.partner", csv="name,bank_ids/acc_number\nA,BE1\n")
        self.assertIn("does not let you create res.partner.bank", text)

    def test_the_number_of_records_that_the_profile_allows_counts_lines_too(self) -> None:
        self.rules.max_records = 3
        csv = "name,bank_ids/acc_number\nA,BE1\n,BE2\n,BE3\n"
        self.assertIn("4 records in one call", self.refusal_of("import_records", model="res.partner", csv=csv))

    def test_of_a_file_with_more_rows_than_the_profile_allows_parts_are_imported(self) -> None:
        rules = let_everybody(self.env, "full")
        rules.max_records = 3
        csv = "name\n" + "".join(f"Part {number}\n" for number in range(5))
        text = self.text_of("import_records", model="res.partner", csv=csv)
        self.assertIn("3 created", text)
        self.assertIn("More: rows from 5 on; repeat the call with start=5.", text)
        self.assertIn("2 created", self.text_of("import_records", model="res.partner", csv=csv, start=5))
        self.assertEqual(self.env["res.partner"].search_count([("name", "like", "Part ")]), 5)

    def test_readonly_fields_of_the_profile_are_not_written(self) -> None:
        self.rules.rule_ids.create({"profile_id": self.rules.id, "pattern": "res.partner", "readonly_fields": "phone"})
        text = self.refusal_of("import_records", model="res.partner", csv=self.CSV)
        self.assertIn("column 3: res.partner.phone", text)
        self.assertIn("cannot be written", text)
