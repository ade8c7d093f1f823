# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations


class ActionsWalks:
    """Walks for ``test_profile_leaks.TestEveryTool``."""

    def walk_prepare_record(self) -> list[str]:
        partner = {"model": "res.partner"}
        there = {**partner, "id": self.inside.id}
        values = [
            {"name": "New"},
            {"name": "New", "ref": "x"},
            {"name": "New", "parent_id": self.outside.id},
            {"name": "New", "category_id": [self.tag.id]},
            {"name": "New", "child_ids": [{"name": "Line", "ref": "x"}]},
            {"name": "New", "child_ids": [{"name": "Line"}]},
        ]
        texts = [self.answer("prepare_record", **partner, values=one) for one in values]
        texts += [self.answer("prepare_record", **there, values=one) for one in values]
        texts.append(self.answer("prepare_record", **partner, id=self.outside.id, values={"city": "Here"}))
        other = {"name": "Other", "type": "contact"}
        texts.append(self.answer("prepare_record", **partner, id=self.child.id, values=other))
        texts.append(self.answer("prepare_record", model="res.partner.category", values={"name": "x"}))
        copied = {"partner_id": self.child.id, "acc_number": "QZ-2"}
        texts.append(self.answer("prepare_record", model="res.partner.bank", values=copied))
        texts.append(self.answer("prepare_record", model="res.partner.bank", id=self.bank.id, values={"sequence": 5}))
        lines = {"child_ids": [[1, self.child.id, {"name": "Other Child"}]], "name": "New"}
        texts.append(self.answer("prepare_record", **there, values=lines))
        self.assertIn("New", texts[0])
        self.assertNotRegex("".join(texts), rf"[#\[]{self.outside.id}[,\]\s]")
        self.assertNotRegex("".join(texts), r'"(ref|barcode|image_1920|category_id)":')
        return texts

    def walk_list_actions(self) -> list[str]:
        partner = {"model": "res.partner"}
        texts = [self.answer("list_actions", **partner)]
        texts += [self.answer("list_actions", **partner, id=one.id) for one in (self.inside, self.child, self.outside)]
        texts.append(self.answer("list_actions", model="res.partner.category", id=self.tag.id))
        self.assertIn("window:", texts[0])
        return texts

    def walk_run_action(self) -> list[str]:
        partner = {"model": "res.partner", "action": "base.action_partner_merge"}
        texts = [
            self.answer("run_action", **partner, ids=[self.inside.id, self.child.id]),
            self.answer("run_action", **partner, ids=[self.inside.id, self.outside.id]),
            self.answer("run_action", model="res.partner", action="open_commercial_entity", ids=[self.child.id]),
            self.answer("run_action", model="res.partner", action="action_archive", ids=[self.outside.id]),
            self.answer("run_action", model="res.partner", action="ref", ids=[self.inside.id]),
            self.answer("run_action", model="res.partner.category", action="copy", ids=[self.tag.id]),
        ]
        self.assertIn("dst_partner_id", texts[0])
        wizard = "base.partner.merge.automatic.wizard"
        token = texts[0].rpartition('wizard="')[2].rstrip('"')
        outside = "qzoutsideqz"
        for values in (
            {"dst_partner_id": self.outside.id},
            {"dst_partner_id": outside},
            {"partner_ids": [outside]},
            {"partner_ids": [[4, self.outside.id]]},
        ):
            arguments = {"model": wizard, "action": "action_merge", "values": values, "wizard": token}
            texts.append(self.answer("run_action", **arguments))
        self.assertTrue(self.inside.exists() and self.child.exists() and self.outside.active)
        return [text.replace(token, "") for text in texts]
