# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Literal

from odoo import models

from ..models.ir_actions_report import Report
from ..models.mcp_native_file_link import MINUTES, safe_name
from ..orm import reports
from ..orm.columns import size
from ..orm.errors import ToolError
from ..orm.lookup import existing
from ..orm.narrowing import unnarrowed
from ..orm.render import named, one_line
from ..protocol import ToolResult
from ..protocol.content import embedded
from ..protocol.content import text as text_block
from .arguments import Id, Language
from .declare import taken_back, tool

MOST = 20
"""Records that are printed at once."""

TOGETHER = 5
"""Records of one PDF file that are printed between two reports of progress: each time takes a second by itself."""

EMBEDDED = 200_000
"""Bytes of a PDF that is put into the answer itself."""

PDF = "application/pdf"


class ToolsetReport(models.AbstractModel):
    _name = "mcp_native.toolset.report"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Reports"
    _toolset = "files"

    @tool(title="Render report", read_only=True, destructive=False, idempotent=True, open_world=False, progress=True)
    @taken_back  # templates of invoices make links to pay while they are printed
    def render_report(
        self,
        report: str,
        ids: list[Id],
        format: Literal["markdown", "pdf", "link"] | None = None,
        lang: Language | None = None,
    ) -> str | ToolResult:
        """Print records as Markdown, as PDF, or as a link to the PDF.

        :param report: name or label; a model's name lists its reports
        """
        if not 0 < len(ids) <= MOST:
            raise ToolError(f"ids: give 1 to {MOST} records.")
        found = self._report(report)
        records = existing(self._model(found.model, lang=lang), ids)
        self._note(ids=records.ids)
        reports.check_shown(records)
        if format in (None, "markdown") or found.kind == "qweb-text":
            return f"{found.label} of {named(records)}:\n\n{self._as_text(found, records)}"
        content = self._as_pdf(found, records)
        name = safe_name(f"{found.label} {named(records, 1) if len(records) == 1 else len(records)}.pdf")
        head = f"{one_line(name, 200)} ({PDF}, {size(len(content))})"
        if format == "pdf" and len(content) <= EMBEDDED:
            uri = f"odoo://report/{found.name}/{','.join(map(str, records.ids))}"
            return ToolResult([text_block(head), embedded(uri, PDF, blob=base64.b64encode(content).decode())])
        links = self.env["mcp_native.file.link"]
        url = links._offer(None, name=name, content=content, mimetype=PDF, about=records)
        return f"{head}. To be fetched within {MINUTES} minutes, once: {url}"

    def _report(self, text: str) -> Report:
        """Return the one report that a text names.

        :raise ToolError: none or several; it lists them
        """
        found = self.env["ir.actions.report"]._mcp_native_named(text)
        by_name = [report for report in found if report.name == text]
        if len(by_name or found) == 1:
            return (by_name or found)[0]
        if found:
            listed = "; ".join(f"{report.name} ({report.label}, {report.model})" for report in found)
            raise ToolError(f"report: {text!r} names several. Give the technical name of one: {listed}.")
        raise ToolError(f"There is no report {text!r} that you may print. A model's name as report lists those of it.")

    def _as_text(self, report: Report, records: models.BaseModel) -> str:
        """Return what a report prints in words.

        :raise Cancelled: the client has gone
        """
        printing = self._printing(records)
        is_text = report.kind == "qweb-text"
        texts = []
        for some in self._parts(report, records, 1):
            with unnarrowed():
                render = printing._render_qweb_text if is_text else printing._render_qweb_html
                texts.append(render(report.name, some.ids)[0].decode())
        return "\n\n".join(texts if is_text else map(reports.markdown, texts))

    def _as_pdf(self, report: Report, records: models.BaseModel) -> bytes:
        """Return the PDF of records.

        :raise ToolError: no PDF can be made here
        :raise Cancelled: the client has gone
        """
        printing = self._printing(records)
        with unnarrowed():
            reports.check_pdf(printing)
        files = []
        for some in self._parts(report, records, TOGETHER):
            with unnarrowed():
                files.append(printing._render_qweb_pdf(report.name, some.ids)[0])
        return files[0] if len(files) == 1 else printing._merge_pdfs(list(map(io.BytesIO, files))).getvalue()

    def _parts(self, report: Report, records: models.BaseModel, size: int) -> Iterator[models.BaseModel]:
        """Yield records that are printed together, reporting progress: all of them where code sums them up."""
        return self._chunks(records, len(records) if f"report.{report.name}" in self.env else size)

    def _printing(self, records: models.BaseModel) -> models.BaseModel:
        """Return what prints. It keeps no copy, even where Odoo's own pages would: to read is not to write."""
        return records.env["ir.actions.report"].with_context(report_pdf_no_attachment=True)
