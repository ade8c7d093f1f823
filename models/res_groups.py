# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import api, models


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model
    def _mcp_native_file_groups(self) -> None:
        """Show our groups under a heading of their own in the user form.

        Up to 18.0 a category is the heading, from 19.0 on a privilege within the category.
        """
        groups = self.env.ref("mcp_native.group_user") + self.env.ref("mcp_native.group_manager")
        category = self.env.ref("mcp_native.category")
        if "category_id" in self._fields:
            groups.category_id = category
            return
        privilege = {"name": "MCP", "category_id": category.id}
        groups.privilege_id = self.env["res.groups.privilege"]._load_records(
            [{"xml_id": "mcp_native.privilege", "noupdate": True, "values": privilege}]
        )
