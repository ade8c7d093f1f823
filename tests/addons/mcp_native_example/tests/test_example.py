# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.mcp_native.protocol import Call
from odoo.addons.mcp_native.tests.common import let_everybody
from odoo.addons.mcp_native.tests.tool_case import ToolCase


@tagged("post_install", "-at_install")
class TestExample(ToolCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Azure Interior"})
        cls.tag = cls.env["res.partner.category"].create({"name": "Spring"})

    def test_a_contact_is_greeted(self) -> None:
        text = self.text("greet_contact", contact_id=self.contact.id)
        self.assertEqual(text, f"Hello, Azure Interior #{self.contact.id}.")
        self.assertIn("AZURE", self.text("greet_contact", contact_id=self.contact.id, loudly=True))

    def test_contacts_are_tagged_when_the_profile_lets_them_be_changed(self) -> None:
        self.text("tag_contacts", ids=self.contact.ids, tag_id=self.tag.id)
        self.assertEqual(self.contact.category_id, self.tag)
        profile = let_everybody(self.env, "full")
        profile.write({"write_decision": "deny"})
        self.assertIn("does not let you", self.error("tag_contacts", ids=self.contact.ids, tag_id=self.tag.id))

    def test_a_hidden_field_is_not_written(self) -> None:
        profile = let_everybody(self.env, "full")
        hidden = {"profile_id": profile.id, "pattern": "res.partner", "hidden_fields": "category_id"}
        self.env["mcp_native.profile.rule"].create(hidden)
        self.assertIn("no field", self.error("tag_contacts", ids=self.contact.ids, tag_id=self.tag.id))
        self.assertFalse(self.contact.category_id)

    def test_the_prompt_counts_the_contacts_of_a_country(self) -> None:
        self.contact.country_id = self.env.ref("base.be")
        call = Call(id=1, method="prompts/get", params={})
        prompt = self.service().get_prompt(call, "plan_campaign", {"country": "Belgium"})
        self.assertRegex(prompt["messages"][0]["content"]["text"], "There are [1-9][0-9]* contacts in Belgium")
        ref = {"type": "ref/prompt", "name": "plan_campaign"}
        self.assertEqual(self.service().complete(call, ref, {"name": "country", "value": "belgi"}, {}), ["Belgium"])

    def test_the_resource_is_the_name(self) -> None:
        call = Call(id=1, method="resources/read", params={})
        contents = self.service().read_resource(call, f"example://contacts/{self.contact.id}/name")
        self.assertIn("Azure Interior", contents[0]["text"])
