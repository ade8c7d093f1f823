# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

FORMATS = ("compact", "markdown", "json", "csv")
NAMES = ["display_name", "complete_name", "parent_id", "category_id", "child_ids", "commercial_partner_id"]


class RecordsWalks:
    """Walks for ``test_profile_leaks.TestEveryTool``."""

    def searched_in_formats(self, fields: list[str]) -> list[str]:
        texts = []
        for form in FORMATS:
            for model in ("res.partner.bank", "res.users", "mail.followers", "ir.attachment"):
                texts.append(self.answer("search_records", model=model, limit=200, archived=True, format=form))
            found = self.answer("search_records", model="res.partner", fields=fields, limit=200, format=form)
            self.assertIn("Child Contact", found)
            self.assertNotIn(f'"id":{self.outside.id},', found)
            self.assertNotRegex(found, rf"(?m)^{self.outside.id},")
            texts.append(found)
            for fields_ in (["name", "parent_id.name"], ["parent_id.ref"], ["category_id.name"], ["child_ids.name"]):
                texts.append(self.answer("search_records", model="res.partner", fields=fields_, format=form, limit=200))
        return texts

    def totals_in_formats(self) -> list[str]:
        return [
            self.answer("aggregate_records", model="res.partner", group_by=group_by, format=form)
            for form in FORMATS
            for group_by in (["parent_id"], ["city"], ["ref"], ["category_id"], ["commercial_partner_id", "city"])
        ]

    def read_in_formats(self) -> list[str]:
        texts = []
        for form in FORMATS:
            for model, ids, fields in self.paths():
                texts.append(
                    self.answer("read_records", model=model, ids=ids, fields=fields, format=form, metadata=True)
                )
        self.assertNotIn(f"#{self.outside.id}", "".join(texts))
        self.assertNotIn(f'"id":{self.outside.id},', "".join(texts))
        self.assertIn("Child Contact", "".join(texts))
        return texts

    def paths(self) -> list[tuple[str, list[int], list]]:
        """Return what leads from records that are open to what is hidden."""
        both = [self.inside.id, self.child.id]
        user = self.admin
        return [
            ("res.partner", both, NAMES),
            ("res.partner", both, ["name", {"parent_id": NAMES}]),
            ("res.partner", both, ["name", {"parent_id": {"child_ids": ["name"]}}]),
            ("res.partner", both, ["name", {"commercial_partner_id": ["name", "city"]}]),
            ("res.partner", both, ["name", {"category_id": ["name"]}]),
            ("res.partner", both, ["name", {"category_id": {"partner_ids": True}}]),
            ("res.partner", both, ["name", {"parent_id": ["ref"]}]),
            ("res.partner", both, ["name", "parent_id.name", "parent_id.ref", "parent_id.category_id.name"]),
            ("res.partner", both, ["name", {"message_ids": ["body", "author_id"]}]),
            ("res.partner", both, ["name", {"user_ids": [{"partner_id": ["name", "ref"]}]}]),
            ("res.partner.bank", [self.bank.id], ["acc_number", {"partner_id": ["name", "city"]}]),
            ("res.partner.bank", [self.bank.id], ["acc_number", {"partner_id": {"bank_ids": ["acc_number"]}}]),
            ("res.users", [user.id], ["login", {"partner_id": {"child_ids": NAMES}}]),
            ("res.users", [user.id], [{"company_id": [{"partner_id": ["name", "ref"]}]}]),
        ]

    def walk_copy_records(self) -> list[str]:
        ids, count = [self.inside.id], self.env["res.partner"].search_count([])
        refused = [
            self.answer("copy_records", model="res.partner", ids=ids, values={"ref": "x"}),
            self.answer("copy_records", model="res.partner", ids=ids, values={"city": "Nowhere"}),
            self.answer("copy_records", model="res.partner", ids=ids, values={"parent_id": self.outside.id}),
            self.answer("copy_records", model="res.partner", ids=ids, values={"website": "https://example.com"}),
            self.answer("copy_records", model="res.partner", ids=[self.outside.id]),
            self.answer("copy_records", model="res.partner.category", ids=[self.tag.id]),
        ]
        self.assertEqual(self.env["res.partner"].search_count([]), count)
        done = self.answer("copy_records", model="res.partner", ids=ids, values={"name": "Inside Copy"})
        self.assertIn("Inside Copy", done)
        return [*refused, done]

    def walk_archive_records(self) -> list[str]:
        refused = [
            self.answer("archive_records", model="res.partner", ids=[self.outside.id]),
            self.answer("archive_records", model="res.partner.category", ids=[self.tag.id]),
            self.answer("archive_records", model="res.partner.bank", ids=[self.bank.id]),
        ]
        self.env.invalidate_all()
        self.assertTrue(self.outside.active and self.tag.active)
        return [*refused, self.answer("archive_records", model="res.partner", ids=[self.child.id])]
