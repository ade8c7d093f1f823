# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import base64
from typing import Any

from .common import offering_links


class FilesWalks:
    """Walks for ``test_profile_leaks.TestEveryTool``."""

    def marked_file(self, record: Any, **values: Any) -> Any:
        attachment = {"name": "open.txt", "raw": b"qzoutsideqz", "res_model": record._name, "res_id": record.id}
        return self.env["ir.attachment"].create({**attachment, **values})

    def walk_list_attachments(self) -> list[str]:
        self.marked_file(self.inside, name="Inside File", raw=b"x")
        texts = [
            self.answer("list_attachments", model=record._name, ids=record.ids)
            for record in (self.inside, self.outside, self.child, self.tag)
        ]
        self.assertIn("Inside File", texts[0])
        self.assertNothing("".join(texts), "image_1920", *(f"\n{file.id}|" for file in (self.file, self.tag_file)))
        return texts

    def walk_read_attachment(self) -> list[str]:
        closed = [*self.image, self.file, self.tag_file, self.marked_file(self.tag), self.marked_file(self.outside)]
        link = self.env["mcp_native.file.link"].with_user(self.admin)
        with offering_links(self):
            principal = self.service(self.admin).principal
            link._offer(principal, name="x.txt", content=b"qzoutsideqz", mimetype="text/plain")
            own = self.env["ir.attachment"].sudo().search([("res_model", "=", link._name)])
            self.assertTrue(own)
            texts = []
            for file in [*closed, *own]:
                texts.append(self.answer("read_attachment", id=file.id))
                texts.append(self.answer("read_attachment", id=file.id, link=True))
        self.assertNotIn("mcpl_", "".join(texts))
        return texts

    def walk_attach_file(self) -> list[str]:
        content = base64.b64encode(b"x").decode()
        texts = [
            self.answer("attach_file", model=record._name, id=record.id, name="x.txt", **more)
            for record in (self.outside, self.tag)
            for more in ({"text": "x"}, {"base64": content}, {}, {"text": "x", "dry_run": True})
        ]
        self.assertNotIn("mcpl_", "".join(texts))
        self.assertFalse(self.env["ir.attachment"].search_count([("name", "=", "x.txt")]))
        return [*texts, self.answer("attach_file", model="res.partner", id=self.child.id, name="x.txt", text="x")]

    def walk_render_report(self) -> list[str]:
        arch = '<t t-name="mcp_native.leak"><t t-foreach="docs" t-as="doc"><p t-out="doc.ref"/></t></t>'
        self.env["ir.ui.view"].create({"type": "qweb", "key": "mcp_native.leak", "name": "leak", "arch": arch})
        report = {"report_type": "qweb-pdf", "report_name": "mcp_native.leak"}
        texts = []
        for record in (self.inside, self.tag, self.admin):
            model = record._name
            self.env["ir.actions.report"].create({**report, "name": f"Leak of {model}", "model": model})
            texts.append(self.answer("render_report", report=f"Leak of {model}", ids=record.ids))
            texts.append(self.answer("render_report", report=f"Leak of {model}", ids=record.ids, format="link"))
        self.profile.rule_ids.unlink()
        wide = self.text("render_report", self.admin, report="Leak of res.partner", ids=self.inside.ids)
        self.assertIn("qzfieldqz", wide)
        return texts
