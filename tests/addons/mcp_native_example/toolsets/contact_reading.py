# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.mcp_native.orm.lookup import existing
from odoo.addons.mcp_native.orm.render import named
from odoo.addons.mcp_native.toolsets import tool


class ContactReading(models.AbstractModel):
    _name = "mcp_native_example.toolset.contacts"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Example Contacts"

    @tool(title="Greet a contact", read_only=True, destructive=False, idempotent=True, open_world=False)
    def greet_contact(self, contact_id: int, loudly: bool = False) -> str:
        """Greet a contact by name. Use it when somebody asks to say hello.

        :param loudly: in capitals
        """
        contact = existing(self._model("res.partner"), [contact_id])
        greeting = f"Hello, {named(contact)}."
        return greeting.upper() if loudly else greeting
