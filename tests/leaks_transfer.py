# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any
from unittest.mock import patch

from odoo.models import BaseModel


class TransferWalks:
    """Walks for ``test_profile_leaks.TestEveryTool``."""

    def walk_export_records(self) -> list[str]:
        columns = [
            ["name", "ref"],
            ["name", "parent_id/ref", "parent_id/barcode"],
            ["image_1920"],
            ["category_id/name"],
            ["category_id/id"],
            ["category_id/.id"],
            ["parent_id/category_id"],
            ["name", "category_id", "parent_id", "child_ids", "commercial_partner_id", "display_name", "complete_name"],
            ["parent_id/name", "parent_id/id", "parent_id/.id", "parent_id/display_name", "parent_id/child_ids/name"],
            ["child_ids/name", "child_ids/ref", "bank_ids/acc_number"],
            ["child_ids/parent_id/name", "child_ids/complete_name", "commercial_partner_id/name", "name"],
            [],
        ]
        texts = [self.exported("res.partner", fields) for fields in columns]
        self.assertIn("Inside Contact", texts[7])
        self.assertIn("Left empty", texts[7])
        self.assertNotIn(f",{self.outside.id}", "".join(texts))
        texts += [
            self.exported("res.partner.category", ["name"]),
            self.exported("res.partner.bank", ["acc_number", "partner_id", "partner_id/name", "acc_holder_name"]),
            self.exported("ir.attachment", ["name", "res_model", "res_id", "res_name"]),
            self.exported("mail.message", ["body", "model", "res_id"]),
            self.exported("mail.followers", ["partner_id", "res_id", "display_name"]),
            self.exported("res.partner", ["name"], [["ref", "=", "x"]]),
            self.exported("res.partner", ["name"], [["id", "=", self.outside.id]]),
        ]
        return texts

    def exported(self, model: str, fields: list[str], domain: list[Any] | None = None) -> str:
        """Return an export as it would be answered, and what would be in its file."""
        kept: list[str] = []

        def offer(_self: BaseModel, _principal: Any, *, content: Any, **_more: Any) -> str:
            kept.append(content.read().decode())
            return "link"

        with patch.object(type(self.env["mcp_native.file.link"]), "_offer", offer):
            text = self.answer("export_records", model=model, fields=fields, domain=domain or [])
        return "\n".join([text, *kept])

    def walk_import_records(self) -> list[str]:
        number, child = self.outside.id, self.child.id
        outside, tag = self.external(self.outside), self.external(self.tag)
        tables = [
            "name,ref\nA,x",
            "name,child_ids/ref\nA,x",
            "name,category_id\nA,qztagqz",
            f"name,category_id/.id\nA,{self.tag.id}",
            f"name,category_id/id\nA,{tag}",
            "name,parent_id\nA,qzoutsideqz",
            f"name,parent_id/.id\nA,{number}",
            f"name,parent_id/id\nA,{outside}",
            f"id,name\n{outside},A",
            f".id,name\n{number},A",
            f".id,website\n{child},x.example.com",
            f"name,child_ids/.id,child_ids/name\nA,{number},B",
            f"name,child_ids/id,child_ids/name\nA,{outside},B",
            "name,city\nA,Nowhere",
            f".id,city\n{child},Nowhere",
        ]
        texts = [self.answer("import_records", model="res.partner", csv=csv) for csv in tables]
        for csv, text in zip(tables, texts, strict=True):
            self.assertNotRegex(text, r"^Imported", csv)
        self.assertIn("outside: nothing was done", texts[-1])
        texts.append(self.answer("import_records", model="res.partner.category", csv="name\nA"))
        texts.append(self.answer("import_records", model="res.partner", attachment_id=self.file.id))
        self.env.invalidate_all()
        self.assertEqual(self.outside.name, "qzoutsideqz")
        self.assertFalse(self.outside.parent_id)
        return texts

    def external(self, record: BaseModel) -> str:
        """Return an external id of a record."""
        name = f"{record._table}_{record.id}"
        data = {"module": "__import__", "name": name, "model": record._name, "res_id": record.id}
        data_model = self.env["ir.model.data"]
        if not data_model.search([("module", "=", "__import__"), ("name", "=", name)]):
            data_model.create(data)
        return f"__import__.{name}"
