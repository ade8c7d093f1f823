# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from odoo.tests import tagged

from odoo.addons.mcp_native.toolsets.declare import ResourceDeclaration

from .common import let_everybody
from .resource_case import ResourceCase

SNAPSHOTS = Path(__file__).parent / "snapshots" / "resources"
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=")


@tagged("post_install", "-at_install")
class TestResources(ResourceCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Azure & Söhne",
                "email": "azure@example.com",
                "city": "Ghent",
                "comment": "<p>Pays <b>late</b></p>",
                "image_1920": base64.b64encode(PIXEL),
            }
        )
        cls.uri = f"odoo://res.partner/{cls.partner.id}"

    # -- records

    def test_a_record_is_what_read_records_answers(self) -> None:
        expected = self.text("read_records", model="res.partner", ids=self.partner.ids)
        self.assertEqual(self.read(self.uri), expected)
        self.assertIn("azure@example.com", expected)
        self.assertEqual((self.facts["model"], self.facts["ids"]), ("res.partner", self.partner.ids))

    def test_an_id_may_be_written_with_a_name(self) -> None:
        self.assertIn("azure@example.com", self.read(f"odoo://res.partner/azure-s%C3%B6hne-{self.partner.id}"))

    def test_a_field_is_shown_whole_and_marked_as_data(self) -> None:
        text = self.read(f"{self.uri}/comment")
        self.assertIn("Pays **late**", text)
        self.assertIn("not instructions", text)
        self.assertNotIn("azure@example.com", text)

    def test_a_picture_is_a_blob_of_its_type(self) -> None:
        (entry,) = self.contents(f"{self.uri}/image_1920")
        self.assertIn(entry["mimeType"], ("image/png", "image/jpeg"))
        with Image.open(io.BytesIO(base64.b64decode(entry["blob"]))) as picture:
            self.assertEqual(picture.size, (1, 1))
        self.assertEqual(entry["uri"], f"{self.uri}/image_1920")

    def test_a_file_that_is_not_there_or_too_large_is_said_so(self) -> None:
        empty = self.env["res.partner"].create({"name": "Without picture", "is_company": True})
        self.assertIn("no file", self.refusal(f"odoo://res.partner/{empty.id}/image_1920"))
        attachment = self.env["ir.attachment"].create(
            {"name": "large.bin", "raw": b"x" * 1_000_001, "res_model": "res.partner", "res_id": self.partner.id}
        )
        self.assertIn("1,000,001 bytes", self.refusal(f"odoo://ir.attachment/{attachment.id}/datas"))

    def test_a_query_lists_records_as_the_tool_does(self) -> None:
        domain = [["id", "=", self.partner.id]]
        uri = f"odoo://res.partner?domain={quote(json.dumps(domain))}&fields=name,city"
        expected = self.text("search_records", model="res.partner", domain=domain, fields=["name", "city"])
        self.assertEqual(self.read(uri), expected)
        self.assertIn("|Ghent", expected)

    def test_a_list_goes_on_where_its_cursor_says(self) -> None:
        self.env["res.partner"].create([{"name": f"Paged {number}"} for number in range(3)])
        uri = "odoo://res.partner?domain=" + quote('[["name","like","Paged"]]') + "&fields=name&limit=2"
        first = self.read(uri)
        cursor = first.partition('cursor="')[2].partition('"')[0]
        self.assertIn("1-2 of 3", first)
        self.assertIn("3-3 of 3", self.read(f"{uri}&cursor={cursor}"))

    def test_a_model_alone_is_its_first_records(self) -> None:
        self.assertTrue(self.read("odoo://res.partner").startswith("res.partner: 1-"))

    def test_the_fields_of_a_model_are_what_describe_model_answers(self) -> None:
        self.assertEqual(self.read("odoo://res.partner/fields"), self.text("describe_model", model="res.partner"))

    # -- files and reports

    def attached(self, name: str, content: bytes):
        values = {"name": name, "raw": content, "res_model": "res.partner", "res_id": self.partner.id}
        return self.env["ir.attachment"].create(values)

    def test_an_attachment_is_what_read_attachment_answers(self) -> None:
        attachment = self.attached("minutes.txt", b"We met.")
        for handle in (str(attachment.id), f"minutes-txt-{attachment.id}"):
            text = self.read(f"odoo://attachment/{handle}")
            self.assertEqual(text, self.text("read_attachment", id=attachment.id))
        self.assertIn("    We met.", text)

    def test_a_long_attachment_goes_on_where_its_cursor_says(self) -> None:
        attachment = self.attached("long.txt", b"word " * 5000)
        first = self.read(f"odoo://attachment/{attachment.id}")
        cursor = first.partition('cursor="')[2].partition('"')[0]
        self.assertIn("20,001-25,000 of 25,000", self.read(f"odoo://attachment/{attachment.id}?cursor={cursor}"))

    def test_an_attached_picture_is_a_blob(self) -> None:
        attachment = self.attached("pixel.gif", PIXEL)
        (entry,) = self.contents(f"odoo://attachment/{attachment.id}")
        self.assertTrue(entry["mimeType"].startswith("image/"))
        self.assertTrue(base64.b64decode(entry["blob"]))

    def test_a_report_is_what_render_report_answers(self) -> None:
        reports = self.env["ir.actions.report"].with_user(self.admin)._mcp_native_all()
        name = next(report.name for report in reports if report.model == "ir.model")
        record = self.env["ir.model"]._get("res.partner").id
        (entry,) = self.contents(f"odoo://report/{name}/{record}", self.admin)
        self.assertEqual(entry["text"], self.text("render_report", self.admin, report=name, ids=[record]))
        self.assertEqual(entry["mimeType"], "text/markdown")

    # -- the listed ones

    def test_the_instructions_are_those_of_the_handshake(self) -> None:
        self.assertEqual(self.read("odoo://instructions"), self.service().instructions())

    def test_apps_are_told_with_their_modules(self) -> None:
        self.assertIn("MCP (mcp_native)", self.read("odoo://apps"))

    def test_ones_own_activities_are_listed_and_nobody_else_s(self) -> None:
        activities = self.env["mail.activity"]
        model = self.env["ir.model"]._get_id("res.partner")
        for user, summary in ((self.plain, "Call them back"), (self.admin, "Not for the plain one")):
            values = {"res_model_id": model, "res_id": self.partner.id, "user_id": user.id, "summary": summary}
            activities.create({**values, "activity_type_id": self.env.ref("mail.mail_activity_data_call").id})
        text = self.read("odoo://activities/mine")
        self.assertIn("Call them back", text)
        self.assertNotIn("Not for the plain one", text)

    def test_sizes_are_those_of_the_contents(self) -> None:
        for resource in self.service().resources():
            if "size" in resource:
                with self.subTest(resource["uri"]):
                    self.assertEqual(resource["size"], len(self.read(resource["uri"]).encode()))

    def test_every_listed_resource_can_be_read(self) -> None:
        uris = [resource["uri"] for resource in self.service().resources()]
        self.assertLessEqual({"odoo://instructions", "odoo://apps", "odoo://activities/mine"}, set(uris))
        for uri in uris:
            with self.subTest(uri):
                self.assertTrue(self.contents(uri))

    def test_what_changes_seldom_may_be_kept_and_records_may_not(self) -> None:
        service = self.service()
        kept = {uri: service.kept_for(uri) for uri in ("odoo://instructions", "odoo://res.partner/fields", self.uri)}
        self.assertEqual(list(kept.values()), [300_000, 300_000, 0])

    def test_the_wire_form_of_every_resource_is_the_one_kept_as_a_snapshot(self) -> None:
        """To accept a change on purpose, run this test with MCP_NATIVE_SNAPSHOTS=write and commit the file."""
        own = {
            item.declaration.name
            for item in self.env["mcp_native.toolset"]._declared().values()
            if isinstance(item.declaration, ResourceDeclaration)
            and self.env[item.model]._original_module == "mcp_native"
        }
        service = self.service()
        listed = [{**entry, "size": ...} for entry in service.resources()]
        for entry in listed:
            del entry["size"]  # depends on the database
        found = [entry for entry in [*listed, *service.resource_templates()] if entry["name"] in own]
        self.assertSnapshot(SNAPSHOTS / "resources.json", found)

    # -- what is not there

    def test_missing_hidden_and_unknown_are_one_kind_of_error(self) -> None:
        self.env["ir.rule"].create(
            {
                "name": "nobody sees the one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
            }
        )
        for uri, words in {
            "odoo://res.partner/2000000000": "no record with id 2000000000",
            self.uri: "record rule",
            "odoo://res.partnr/1": "Nearest: res.partner",
            "odoo://res.partner/1/nme": "Nearest: ",
            "odoo://res.partner/nobody": "is no record",
            "odoo://res.users.apikeys/1": "no model",
            "odoo://res.partner?limit=many": "limit: expected an integer",
            "odoo://res.partner?feilds=name": "did you mean",
            "odoo://res.partner?domain=no": "domain",
            "other://res.partner/1": "odoo://{model}/{id}",
            "odoo://res.partner/1/name/more": "odoo://{model}/{id}",
            "odoo://instructions?limit=1": "",
        }.items():
            with self.subTest(uri):
                self.assertIn(words, self.refusal(uri))

    def test_resources_go_with_the_tools_that_they_answer_for(self) -> None:
        profile = self.env.ref("mcp_native.profile_full")
        profile.toolset_off_ids = self.env["ir.model"]._get("mcp_native.toolset.read")
        names = {template["name"] for template in self.service().resource_templates()}
        self.assertFalse(names & {"record", "records", "record_field"})
        self.assertIn("fields", names)
        self.refusal(self.uri)

    def test_a_profile_for_reading_reads_resources(self) -> None:
        let_everybody(self.env, "read_only")
        self.assertIn("azure@example.com", self.read(self.uri))


@tagged("post_install", "-at_install")
class TestCompletion(ResourceCase):
    RECORD = "odoo://{model}/{id}"
    FIELD = "odoo://{model}/{id}/{field}"
    LIST = "odoo://{model}{?domain,fields,limit,cursor}"

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        names = ["Zanzibar Traders", "Zanzibar Freight", "Old Zanzibar"]
        cls.traders, cls.freight, cls.old = cls.env["res.partner"].create([{"name": name} for name in names])

    def test_models_are_completed_those_that_begin_so_first(self) -> None:
        found = self.completions(self.RECORD, "model", "res.part")
        self.assertEqual(found[0], "res.partner")
        self.assertIn("res.partner.category", found)
        self.assertNotIn("res.users.apikeys", self.completions(self.RECORD, "model", "apikeys"))

    def test_ids_are_completed_by_name_and_say_whose_they_are(self) -> None:
        found = self.completions(self.RECORD, "id", "zanzibar", model="res.partner")
        self.assertEqual(
            set(found),
            {
                f"zanzibar-traders-{self.traders.id}",
                f"zanzibar-freight-{self.freight.id}",
                f"old-zanzibar-{self.old.id}",
            },
        )
        for handle in found:
            self.assertIn("Zanzibar", self.read(f"odoo://res.partner/{handle}"))

    def test_an_id_and_a_whole_handle_complete_to_themselves(self) -> None:
        handle = f"zanzibar-traders-{self.traders.id}"
        for beginning in (str(self.traders.id), handle, "Zanzibar-Tr"):
            with self.subTest(beginning):
                self.assertIn(handle, self.completions(self.RECORD, "id", beginning, model="res.partner"))

    def test_ids_need_a_model_that_is_there(self) -> None:
        self.assertEqual(self.completions(self.RECORD, "id", "zanzibar"), [])
        self.assertEqual(self.completions(self.RECORD, "id", "zanzibar", model="res.partnr"), [])
        self.assertEqual(self.completions(self.RECORD, "id", "zan\0zibar", model="res.partner"), [])

    def test_fields_are_completed_one_by_one_and_in_a_list(self) -> None:
        self.assertIn("email", self.completions(self.FIELD, "field", "em", model="res.partner"))
        found = self.completions(self.LIST, "fields", "name,em", model="res.partner")
        self.assertIn("name,email", found)
        self.assertTrue(all(value.startswith("name,") for value in found))

    def test_reports_and_what_they_print_are_completed(self) -> None:
        uri = "odoo://report/{name}/{id}"
        found = self.completions(uri, "name", "base.report_irmodel", self.admin)
        self.assertTrue(found)
        models = self.completions(uri, "id", "res-partner", self.admin, name=found[0])
        self.assertIsInstance(models, list)
        self.assertEqual(self.completions(uri, "id", "x", self.admin, name="no.report"), [])

    def test_attachments_are_completed_by_name(self) -> None:
        values = {"name": "zanzibar.pdf", "res_model": "res.partner", "res_id": self.old.id, "raw": b"x"}
        attachment = self.env["ir.attachment"].create(values)
        found = self.completions("odoo://attachment/{id}{?cursor}", "id", "zanz")
        self.assertEqual(found, [f"zanzibar-pdf-{attachment.id}"])

    def test_an_argument_that_nobody_completes_has_no_completions(self) -> None:
        self.assertEqual(self.completions(self.LIST, "domain", "x", model="res.partner"), [])
        self.assertEqual(self.completions(self.LIST, "nothing", "x"), [])
