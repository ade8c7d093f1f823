# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any


class MessagesWalks:
    """Walks for ``test_profile_leaks.TestEveryTool``."""

    def chatter(self) -> None:
        """Let the visible contact have a chatter in which everything hidden shows."""
        outside = self.outside.id
        self.inside.message_subscribe(partner_ids=[outside])
        self.inside.message_post(
            body="from outside", author_id=outside, partner_ids=[outside], attachment_ids=self.file.ids
        )
        self.inside.message_post(body="by mail", author_id=outside, email_from="x@example.com", message_type="email")
        message = self.inside.message_post(body="changed")
        fields = self.env["ir.model.fields"]
        tracked = [
            ("ref", {"new_value_char": self.inside.ref}),
            ("parent_id", {"new_value_integer": outside, "new_value_char": self.outside.name}),
            ("category_id", {"new_value_char": self.tag.name}),
            ("complete_name", {"new_value_char": self.outside.name}),
        ]
        for name, values in tracked:
            field = fields._get("res.partner", name)
            self.env["mail.tracking.value"].create({"field_id": field.id, "mail_message_id": message.id, **values})

    def planned(self, record: Any) -> Any:
        """Return an activity of the administrator on a record, that says what it is on."""
        return self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "summary": record.display_name,
                "note": record.display_name,
                "user_id": self.admin.id,
            }
        )

    def walk_read_messages(self) -> list[str]:
        self.chatter()
        texts = [
            self.answer("read_messages", model="res.partner", id=self.inside.id),
            self.answer("read_messages", model="res.partner", id=self.outside.id),
            self.answer("read_messages", model="res.partner", id=self.child.id),
            self.answer("read_messages", model="res.partner.category", id=self.tag.id),
        ]
        self.assertIn("from outside", texts[0])
        self.assertIn("changed", texts[0])
        self.assertNothing(texts[0], f"#{self.outside.id} ", f"#{self.file.id} ", f"#{self.outside.id}\n")
        return texts

    def walk_post_message(self) -> list[str]:
        outside = self.outside.id
        self.inside.message_subscribe(partner_ids=[outside])
        about = {"model": "res.partner", "id": self.inside.id, "body": "hello"}
        refused = [
            self.answer("post_message", **{**about, "id": outside}),
            self.answer("post_message", **about, note=False, to=[outside]),
            self.answer("post_message", **about, note=False, to=[self.outside.name]),
            self.answer("post_message", **{**about, "body": f"[@x](odoo://res.partner/{outside})"}, note=False),
            self.answer("post_message", **about, attachment_ids=self.file.ids),
        ]
        self.assertFalse(self.inside.message_ids.filtered(lambda message: "hello" in message.body))
        return [*refused, self.answer("post_message", **about, note=False)]

    def walk_follow_record(self) -> list[str]:
        self.inside.message_subscribe(partner_ids=self.outside.ids)
        texts = [
            self.answer("follow_record", model="res.partner", id=self.inside.id),
            self.answer("follow_record", model="res.partner", id=self.inside.id, partners=[self.outside.name]),
            self.answer("follow_record", model="res.partner", id=self.outside.id),
        ]
        self.assertNotIn(f"#{self.outside.id}", texts[0])
        self.assertFalse(self.outside.message_partner_ids & self.admin.partner_id)
        return texts

    def walk_list_activities(self) -> list[str]:
        hidden, visible = self.planned(self.outside), self.planned(self.inside)
        tag = self.planned(self.tag)
        self.planned(self.child).write({"summary": "child", "note": False})
        texts = [
            self.answer("list_activities"),
            self.answer("list_activities", model="res.partner"),
            self.answer("list_activities", scope="record", model="res.partner", id=self.inside.id),
            self.answer("list_activities", scope="record", model="res.partner", id=self.outside.id),
            self.answer("list_activities", model="res.partner.category"),
        ]
        self.assertIn(f"\n{visible.id}|", texts[0])
        for one in (*hidden, *tag):
            self.assertNotIn(f"\n{one.id}|", "".join(texts))
        return texts

    def walk_schedule_activity(self) -> list[str]:
        due = {"summary": "call", "due": "2030-05-01"}
        return [
            self.answer("schedule_activity", model="res.partner", ids=self.outside.ids, **due),
            self.answer("schedule_activity", model="res.partner.category", ids=self.tag.ids, **due),
            self.answer("schedule_activity", model="res.partner", ids=[self.inside.id, self.child.id], **due),
        ]

    def walk_complete_activity(self) -> list[str]:
        hidden, visible = self.planned(self.outside), self.planned(self.child)
        visible.write({"summary": "child", "note": False})
        texts = [
            self.answer("complete_activity", ids=hidden.ids),
            self.answer("complete_activity", ids=hidden.ids, cancel=True),
            self.answer("complete_activity", ids=visible.ids),
        ]
        self.assertTrue(hidden.exists())
        return texts
