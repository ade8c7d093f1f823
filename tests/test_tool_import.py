# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo.tests import tagged

from .tool_case import ToolCase


@tagged("post_install", "-at_install")
class TestImport(ToolCase):
    def test_look(self) -> None:
        red, blue = self.env["res.partner.category"].create([{"name": "Red"}, {"name": "Blue"}])
        print(self.text("create_records", model="res.partner", values=[{"name": "X", "parent_id": self.env.company.partner_id.id}]))
        print(self.text("import_records", self.admin, model="res.partner", csv="id,name,parent_id/id,category_id,active,color\nc1,Alpha,,\"Red,Blue\",yes,5\nc2,Beta,c1,,,\n"))
        print(self.text("import_records", self.admin, model="res.partner", csv="id,name,parent_id/id,city\nc1,Alpha,,Liege\nc3,Gamma,c1,X\n"))
        print(self.error("import_records", self.admin, model="res.partner", csv="id,name,parent_id/id,category_id,active,color\nc1,Alpha,,Red,yes,five\nc2,,nope,Green,maybe,\n"))
        print(self.error("import_records", self.admin, model="res.partner", csv="nam,parent_id/ref,create_date,child_ids,image_1920\n1,2,3,4,5"))
        print(self.error("import_records", self.admin, model="res.partner", csv="name,type\n,contact\nA,\nB,other"))
        print(self.error("import_records", self.admin, model="res.partner", csv="id,name\nbase.mine,X"))
        print(self.text("import_records", self.admin, model="res.partner", csv="name,child_ids/name,child_ids/city\nP,a,A\n,b,B\nQ,,\nR,c,C"))
        print(self.text("export_records", model="res.partner", fields=["id", "name", "child_ids.name", "category_id", "color"], domain=[["name", "in", ["P", "Q", "Alpha"]]]))
        import json
        for tool in self.service().tools():
            if tool["name"] in ("export_records", "import_records"):
                wire = json.dumps(tool, ensure_ascii=False, separators=(",", ":")); print(len(wire), wire)
