# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.mcp_native.toolsets import prompt, resource


class ContactGuides(models.AbstractModel):
    _inherit = "mcp_native_example.toolset.contacts"

    @prompt(title="Plan a campaign", completions={"country": "_complete_country"})
    def plan_campaign(self, country: str) -> str:
        """Choose contacts of a country for a campaign and tag them.

        :param country: its name
        """
        found = self._model("res.partner").search_count([("country_id.name", "=", country)])
        return f"There are {found} contacts in {country}. Ask what the campaign is about, then tag them."

    def _complete_country(self, beginning: str, context: dict) -> list[str]:
        countries = self._model("res.country").search([("name", "=ilike", f"{beginning}%")], limit=20)
        return countries.mapped("name")

    @resource("example://contacts/{id}/name", title="Name of a contact")
    def contact_name(self, id: str) -> str:
        """The name of one contact."""
        return self.greet_contact(int(id))
