# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
from typing import Any

from odoo.addons.mcp_native.compat import LIST_VIEW

from .tool_case import ToolCase

_WIZARD = re.compile(r'wizard="([^"]+)"')

FORM = """
<form>
    <header>
        <button name="action_archive" type="object" string="Put Away" invisible="not active" confirm="Really?"/>
        <button name="action_unarchive" type="object" string="Bring Back" invisible="active"/>
        <button name="open_commercial_entity" type="object" string="Secretly" invisible="ref"/>
        <button special="cancel" string="Close"/>
    </header>
    <sheet>
        <div class="oe_button_box" name="button_box"/>
        <field name="active" invisible="1"/>
        <field name="name" required="not is_company"/>
        <field name="is_company" invisible="1"/>
        <field name="ref"/>
        <field name="state_id"/>
        <field name="country_id"/>
        <field name="email" invisible="not name"/>
        <field name="phone" readonly="is_company"/>
        <field name="category_id"/>
        <field name="parent_id"/>
        <field name="child_ids">
            <list><field name="name"/><field name="lang"/></list>
        </field>
    </sheet>
</form>
"""


class ActionCase(ToolCase):
    """Contacts with a small form of their own, so that all series and apps show the same."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        arch = FORM.replace("<list>", f"<{LIST_VIEW}>").replace("</list>", f"</{LIST_VIEW}>")
        cls.env["ir.ui.view"].create(
            {"name": "small form", "model": "res.partner", "type": "form", "priority": 0, "arch": arch}
        )
        cls.partner = cls.env["res.partner"].create({"name": "Actual", "city": "Ghent"})
        cls.texas = cls.env.ref("base.state_us_44")
        cls.env.flush_all()

    def bound(self, code: str = "", **values: Any) -> Any:
        """Return a server action in the menu of contacts."""
        model = self.env["ir.model"]._get("res.partner").id
        return self.env["ir.actions.server"].create(
            {
                "name": "Bound Action",
                "model_id": model,
                "binding_model_id": model,
                "state": "code",
                "code": code or "records.write({'city': 'Acted'})",
                **values,
            }
        )

    def press(self, action: str, user: Any = None, /, **arguments: Any) -> str:
        arguments = {"model": "res.partner", "ids": self.partner.ids, **arguments}
        return self.text("run_action", user, action=action, **arguments)

    def not_pressed(self, action: str, user: Any = None, /, **arguments: Any) -> str:
        arguments = {"model": "res.partner", "ids": self.partner.ids, **arguments}
        return self.error("run_action", user, action=action, **arguments)

    def wizard(self, text: str) -> str:
        """Return what an answer that opened a wizard gave for the second call."""
        found = _WIZARD.search(text)
        self.assertTrue(found, text)
        return found[1]
