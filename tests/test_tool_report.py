# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from odoo.tests import tagged

from ..models.ir_actions_report import Report
from ..orm import reports
from ..orm.files import reading
from ..protocol import MODERN, Call
from . import files_sample as sample
from .common import offering_links, shared_cursor
from .tool_case import ToolCase

TEMPLATE = """
<t t-name="mcp_native.test_report"><html><body><main><t t-foreach="docs" t-as="doc">
<div class="header">Layout</div><div class="article" t-att-data-oe-model="doc._name" t-att-data-oe-id="doc.id">
<h2>Contact <span t-field="doc.name"/></h2><img src="/web/image/1" alt="Logo"/>
<table><tr><th>Phone</th><th>City</th></tr><tr><td t-out="doc.phone"/><td t-out="doc.city"/></tr></table>
</div></t></main></body></html></t>
"""


class ReportCase(ToolCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": "Azure", "phone": "12 34", "city": "Fremont"}, {"name": "Deco", "city": "Liège"}]
        )
        view = {"type": "qweb", "name": "mcp_native.test_report", "key": "mcp_native.test_report", "arch": TEMPLATE}
        cls.env["ir.ui.view"].create(view)
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Contact Sheet",
                "model": "res.partner",
                "report_name": "mcp_native.test_report",
                "report_type": "qweb-pdf",
                "attachment": "object.name + '.pdf'",
            }
        )

    def rendered(self, report: str = "Contact Sheet", **arguments: Any) -> str:
        return self.text("render_report", report=report, ids=self.partners.ids, **arguments)

    def pdf(self, content: bytes) -> Any:
        """Let reports be PDF files of that content, whatever the machine can do."""
        printing = type(self.env["ir.actions.report"])
        state = patch.object(printing, "get_wkhtmltopdf_state", lambda self: "ok")
        render = patch.object(printing, "_render_qweb_pdf", lambda self, name, ids: (content, "pdf"))
        return state, render


@tagged("post_install", "-at_install")
class TestRenderReport(ReportCase):
    def test_a_report_is_read_as_markdown(self) -> None:
        text = self.rendered()
        one, two = self.partners.ids
        self.assertTrue(text.startswith(f"Contact Sheet of Azure #{one}, Deco #{two}:"), text)
        self.assertIn("## Contact Azure", text)
        self.assertIn("| 12 34 | Fremont |", text)
        self.assertIn("## Contact Deco", text)
        for unwanted in ("Layout", "Logo", "<"):
            self.assertNotIn(unwanted, text.split("\n", 1)[1])
        self.assertEqual(self.facts["ids"], self.partners.ids)

    def test_a_report_is_found_by_any_of_its_names(self) -> None:
        self.env["ir.model.data"].create(
            {"module": "mcp_native", "name": "a_report", "model": "ir.actions.report", "res_id": self.report.id}
        )
        for name in ("contact sheet", "mcp_native.test_report", "mcp_native.a_report"):
            self.assertIn("Azure", self.rendered(name))

    def test_a_name_that_means_nothing_or_several_is_an_error_that_helps(self) -> None:
        self.assertIn("There is no report 'Nonsense'", self.error("render_report", report="Nonsense", ids=[1]))
        self.assertIn("There is no report", self.error("render_report", report="%", ids=[1]))
        self.report.copy({"report_name": "mcp_native.other"})
        self.report.name = "Contact Sheet"
        text = self.error("render_report", report="res.partner", ids=self.partners.ids)
        self.assertIn("mcp_native.test_report (Contact Sheet, res.partner)", text)
        self.assertIn("mcp_native.other", text)

    def test_a_report_of_another_group_is_none(self) -> None:
        field = "group_ids" if "group_ids" in self.report._fields else "groups_id"
        self.report[field] = self.env.ref("base.group_system")
        self.assertIn("There is no report", self.error("render_report", report="Contact Sheet", ids=self.partners.ids))
        self.assertIn("Azure", self.text("render_report", self.admin, report="Contact Sheet", ids=self.partners.ids))

    def test_records_that_may_not_be_read_are_not_printed(self) -> None:
        rule = {"name": "none", "model_id": self.env["ir.model"]._get_id("res.partner")}
        self.env["ir.rule"].create({**rule, "domain_force": f"[('id', '!=', {self.partners[0].id})]"})
        text = self.error("render_report", report="Contact Sheet", ids=self.partners.ids)
        self.assertIn("record rule", text)
        self.assertNotIn("Azure", text)

    def test_a_model_that_may_not_be_read_has_no_reports(self) -> None:
        self.report.model = "ir.config_parameter"
        self.assertIn("There is no report", self.error("render_report", report="Contact Sheet", ids=[1]))

    def test_too_many_or_no_records_are_refused(self) -> None:
        for ids in ([], list(range(1, 22))):
            self.assertIn("give 1 to 20", self.error("render_report", report="Contact Sheet", ids=ids))

    def test_progress_is_reported_record_by_record(self) -> None:
        steps: list[tuple] = []
        with patch("odoo.addons.mcp_native.protocol.Call.progress", lambda _call, *step: steps.append(step)):
            self.rendered()
        self.assertEqual(steps, [(1, 2), (2, 2)])

    def test_what_code_sums_up_is_printed_at_once(self) -> None:
        steps: list[tuple] = []
        toolset = self.env["mcp_native.toolset.report"]
        report = Report("base.report_irmodulereference", "", "res.partner", "qweb-pdf")
        call = SimpleNamespace(progress=lambda *step: steps.append(step))
        with patch.object(type(toolset), "_call", lambda self: call):
            self.assertEqual(list(toolset._parts(report, self.partners, 1)), [self.partners])
        self.assertEqual(steps, [(2, 2)])

    def test_nothing_is_saved_although_the_report_says_so(self) -> None:
        state, render = self.pdf(b"%PDF-")
        with state, render:
            self.rendered(format="pdf")
        self.assertFalse(self.env["ir.attachment"].search([("name", "=", "Azure.pdf")]))

    def writing(self) -> None:
        """Let the template write, as that of invoices does."""
        view = self.env["ir.ui.view"].search([("key", "=", "mcp_native.test_report")])
        view.arch = TEMPLATE.replace("<h2>", "<h2><t t-set=\"x\" t-value=\"doc.write({'city': 'Elsewhere'})\"/>")
        self.env.flush_all()

    def test_what_a_template_writes_is_printed_and_taken_back(self) -> None:
        self.writing()
        self.assertIn("| 12 34 | Elsewhere |", self.rendered())
        self.env.invalidate_all()
        self.assertEqual(self.partners[0].city, "Fremont")
        uri = f"odoo://report/mcp_native.test_report/{self.partners[0].id}"
        (entry,) = self.service().read_resource(Call(1, "resources/read", version=MODERN), uri)
        self.assertIn("Elsewhere", entry["text"])
        self.env.invalidate_all()
        self.assertEqual(self.partners[0].city, "Fremont")

    def steps(self) -> list[dict[str, Any]]:
        """Return a change of a contact, and its report."""
        self.writing()
        ids = self.partners[0].ids
        return [
            {"tool": "update_records", "arguments": {"model": "res.partner", "ids": ids, "values": {"phone": "9"}}},
            {"tool": "render_report", "arguments": {"report": "Contact Sheet", "ids": ids}},
        ]

    def test_in_a_batch_it_takes_back_nothing_of_the_steps_before(self) -> None:
        self.assertIn("| 9 | Elsewhere |", self.text("batch", steps=self.steps()))
        self.env.invalidate_all()
        self.assertEqual((self.partners[0].phone, self.partners[0].city), ("9", "Fremont"))

    def test_in_the_preview_of_a_batch_it_is_no_change(self) -> None:
        with shared_cursor(self):
            text = self.text("batch", steps=self.steps(), dry_run=True)
        self.assertIn("9", text)
        self.assertNotIn("Elsewhere", text)


@tagged("post_install", "-at_install")
class TestPdf(ReportCase):
    def test_a_small_pdf_is_in_the_answer(self) -> None:
        content = sample.pdf("x")
        state, render = self.pdf(content)
        with state, render:
            result = self.result("render_report", report="Contact Sheet", ids=self.partners[0].ids, format="pdf")
        self.assertEqual([block["type"] for block in result.content], ["text", "resource"])
        self.assertIn(f"Contact Sheet Azure #{self.partners[0].id}.pdf (application/pdf, ", result.content[0]["text"])
        resource = result.content[1]["resource"]
        self.assertEqual(base64.b64decode(resource["blob"]), content)
        self.assertEqual(resource["uri"], f"odoo://report/mcp_native.test_report/{self.partners[0].id}")

    def test_a_large_one_or_one_for_the_person_comes_as_a_link(self) -> None:
        for content, form in ((bytes(300_000), "pdf"), (b"%PDF-", "link")):
            state, render = self.pdf(content)
            with state, render, offering_links(self):
                text = self.rendered(format=form)
            self.assertRegex(text, r"once: http\S+/mcp/file/mcpl_\S+/Contact%20Sheet%202.pdf")
            link = self.env["mcp_native.file.link"].sudo().search([], order="id desc", limit=1)
            self.assertEqual((link.model, link.size, link.is_own), ("res.partner", len(content), True))

    def test_a_long_pdf_is_made_in_parts_and_put_together(self) -> None:
        partners = self.env["res.partner"].create([{"name": f"Printed {number}"} for number in range(12)])
        printed: list[list[int]] = []

        def render(_self: Any, _name: str, ids: list[int]) -> tuple[bytes, str]:
            printed.append(ids)
            return sample.pdf(f"Part {len(printed)}"), "pdf"

        printing = type(self.env["ir.actions.report"])
        state, _render = self.pdf(b"")
        with state, patch.object(printing, "_render_qweb_pdf", render):
            result = self.result("render_report", report="Contact Sheet", ids=partners.ids, format="pdf")
        self.assertEqual(printed, [partners.ids[:5], partners.ids[5:10], partners.ids[10:]])
        text = reading.read(base64.b64decode(result.content[1]["resource"]["blob"]), "pdf").text
        self.assertEqual([part in text for part in ("Part 1", "Part 2", "Part 3")], [True] * 3)

    def test_without_wkhtmltopdf_the_error_says_what_works(self) -> None:
        with patch.object(type(self.env["ir.actions.report"]), "get_wkhtmltopdf_state", lambda self: "install"):
            text = self.error("render_report", report="Contact Sheet", ids=self.partners.ids, format="pdf")
            self.assertIn("wkhtmltopdf is missing", text)
            self.assertIn('format="markdown"', text)
            self.assertIn("Azure", self.rendered())

    def test_a_real_pdf_holds_what_the_template_says(self) -> None:
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() not in ("ok", "workers"):
            self.skipTest("no wkhtmltopdf on this machine")
        toolset = self.registry["mcp_native.toolset.report"]
        printing = toolset._printing

        def forced(self: Any, records: Any) -> Any:
            return printing(self, records).with_context(force_report_rendering=True)

        with patch.object(toolset, "_printing", forced):
            result = self.result("render_report", report="Contact Sheet", ids=self.partners[0].ids, format="pdf")
        self.assertFalse(result.is_error, result.content)
        content = base64.b64decode(result.content[1]["resource"]["blob"])
        self.assertIn("Contact Azure Phone City", " ".join(reading.read(content, "pdf").text.split()))


@tagged("post_install", "-at_install")
class TestNarrowedReports(ReportCase):
    def narrow(self, **rule: Any) -> None:
        profile = self.env.ref("mcp_native.profile_full")
        profile.write({"rule_ids": [(0, 0, rule)]})

    def refused(self) -> str:
        text = self.error("render_report", report="Contact Sheet", ids=self.partners.ids)
        self.assertIn("a report prints whatever its template asks for", text)
        return text

    def test_no_report_of_a_model_with_hidden_fields(self) -> None:
        self.narrow(pattern="res.partner", hidden_fields="phone")
        self.assertIn("hides a part of res.partner", self.refused())

    def test_no_report_where_records_are_left_out(self) -> None:
        self.narrow(pattern="res.partner", domain="[('city', '!=', 'Nowhere')]")
        self.refused()

    def test_no_report_that_links_to_a_model_which_is_not_there(self) -> None:
        self.narrow(pattern="res.country", read_decision="deny")
        self.assertNotIn("res.country", self.refused())

    def test_a_profile_that_hides_other_things_lets_reports_be_printed(self) -> None:
        self.narrow(pattern="ir.sequence.date_range", hidden_fields="number_next")
        self.assertIn("Azure", self.rendered())


@tagged("post_install", "-at_install")
class TestPrintedPages(ToolCase):
    def test_a_page_without_articles_is_read_whole(self) -> None:
        self.assertEqual(reports.markdown("<html><body><p>All of it</p></body></html>"), "All of it")

    def test_a_report_is_plain_data(self) -> None:
        found = self.env["ir.actions.report"].with_user(self.plain)._mcp_native_of_model("ir.module.module")
        self.assertTrue(all(isinstance(report, Report) for report in found))
