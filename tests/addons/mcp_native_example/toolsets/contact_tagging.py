# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Annotated

from odoo import models

from odoo.addons.mcp_native.orm.lookup import existing, field_infos
from odoo.addons.mcp_native.orm.narrowing import unnarrowed
from odoo.addons.mcp_native.orm.render import named
from odoo.addons.mcp_native.toolsets import Schema, tool


class ContactTagging(models.AbstractModel):
    _inherit = "mcp_native_example.toolset.contacts"

    @tool(title="Tag contacts", read_only=False, destructive=False, idempotent=True, open_world=False)
    def tag_contacts(self, ids: Annotated[list[int], Schema(minItems=1, maxItems=100)], tag_id: int) -> str:
        """Add a tag to contacts. Use it to mark contacts for a campaign.

        :param tag_id: of res.partner.category
        """
        tag = existing(self._model("res.partner.category"), [tag_id])
        contacts = existing(self._model("res.partner"), ids)
        field_infos(contacts, ["category_id"])  # an error where user or profile may not see the field
        self._note(ids=ids)
        self._intend("write", contacts)
        with unnarrowed():
            contacts.write({"category_id": [(4, tag.id)]})
        return f"{len(contacts)} contacts have the tag {named(tag)} now."
