# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import csv
import io
import json
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..controllers import log_export
from ..controllers.log_export import COLUMNS as EXPORTED
from ..models.mcp_native_access_log import COLUMNS, write_rows
from .common import McpHttpCase


@tagged("post_install", "-at_install")
class TestExport(McpHttpCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.manager.password = "mcp-manager-1"
        cls.plain.password = "mcp-plain-1"

    def setUp(self) -> None:
        super().setUp()
        self.log = self.env["mcp_native.access.log"]
        values = {"uid": self.plain.id, "method": "tools/call", "request_id": "exported", "writes": False}
        rows = [{**dict.fromkeys(COLUMNS), **values, "tool": f"tool_{number}"} for number in range(3)]
        rows[1] |= {"client_name": "=HYPERLINK(1)", "error_code": -32601, "arguments": '{"a": "é\\n,"}'}
        write_rows(self.registry, rows)
        self.rows = self.log.search([("request_id", "=", "exported")], order="id")

    def export(self, rows=None, user=None, **context):
        log = self.log.with_user(user or self.manager).with_context(**context)
        action = log.browse(rows.ids if rows else ()).action_export()
        return self.env[action["res_model"]].with_user(user or self.manager).browse(action["res_id"])

    def download(self, export, login="mcp_manager", password="mcp-manager-1"):
        self.authenticate(login, password)
        return self.url_open(export.action_download()["url"])

    def test_the_chosen_rows_are_exported_as_json_lines(self):
        export = self.export(self.rows[:2])
        self.assertEqual(export.row_count, 2)
        export.file_format = "jsonl"
        answer = self.download(export)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("application/jsonl", answer.headers["Content-Type"])
        self.assertIn(".jsonl", answer.headers["Content-Disposition"])
        found = [json.loads(line) for line in answer.text.splitlines()]
        self.assertEqual([row["id"] for row in found], self.rows[:2].ids)
        self.assertEqual(tuple(found[0]), EXPORTED)
        self.assertEqual(found[1]["client_name"], "=HYPERLINK(1)")
        self.assertEqual((found[1]["error_code"], found[1]["model"], found[1]["writes"]), (-32601, None, False))
        self.assertRegex(found[1]["date"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")

    def test_all_rows_of_the_filter_are_exported_when_none_is_chosen(self):
        domain = [("request_id", "=", "exported"), ("tool", "!=", "tool_1")]
        with patch.object(log_export, "PART", 1):
            answer = self.download(self.export(active_domain=domain))
        found = list(csv.DictReader(io.StringIO(answer.content.decode())))
        self.assertEqual([row["tool"] for row in found], ["tool_0", "tool_2"])

    def test_no_text_is_a_formula_to_a_spreadsheet(self):
        answer = self.download(self.export(self.rows))
        (row,) = (row for row in csv.DictReader(io.StringIO(answer.content.decode())) if row["tool"] == "tool_1")
        self.assertEqual((row["client_name"], row["error_code"]), ("'=HYPERLINK(1)", "-32601"))
        self.assertEqual(row["arguments"], '{"a": "é\\n,"}')
        for text in ("=1", "+1", "-1", "@x", "\t=1", "\r=1"):
            self.assertEqual(log_export._cell(text), f"'{text}")

    def test_only_managers_export(self):
        export = self.export(self.rows)
        with self.assertRaises(AccessError):
            self.export(self.rows, self.plain)
        self.assertEqual(self.download(export, "mcp_plain", "mcp-plain-1").status_code, 403)

    def test_an_export_is_for_who_made_it(self):
        export = self.export(self.rows, self.env.ref("base.user_admin"))
        self.assertEqual(self.download(export).status_code, 404)

    def test_an_export_of_nothing_has_its_heading(self):
        answer = self.download(self.export(active_domain=[("id", "=", 0)]))
        self.assertEqual(answer.text, ",".join(EXPORTED) + "\r\n")
