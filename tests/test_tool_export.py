# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo.tests import tagged

from ..orm.export import Export, export_paths
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
