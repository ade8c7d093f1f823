# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a record in Odoo to the calls of assistants that touched it."""

from __future__ import annotations

from typing import Any

from lxml import etree

from odoo import _, api, models

GROUP = "mcp_native.group_user"
METHOD = "action_mcp_native_calls"


class Base(models.AbstractModel):
    _inherit = "base"

    def action_mcp_native_calls(self) -> dict[str, Any]:
        """Open the access log with the calls that touched this record: one's own, or all for managers."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("mcp_native.access_log_action")
        name = _("Calls about %s", self.display_name)
        domain = [("record_ref", "=", f"{self._name},{self.id}")]
        return {**action, "name": name, "display_name": name, "domain": domain, "context": {}}

    @api.model
    def _get_view(self, view_id: int | None = None, view_type: str = "form", **options: Any) -> tuple[Any, Any]:
        """Add the button to the calls to the forms of stored records. It is left out later for those outside MCP."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and self._mcp_native_shows_calls():
            _add_button(arch, _("Assistants"), _("What assistants did with this record"))
        return arch, view

    @api.model
    def _mcp_native_shows_calls(self) -> bool:
        """Whether calls can be about records of this model, and its form is not being edited by Odoo Studio."""
        stored = self._auto and not self._transient and not self._abstract
        return stored and not self._name.startswith("mcp_native.") and not self.env.context.get("studio")


def _add_button(arch: etree._Element, label: str, title: str) -> None:
    """Add a button to the button box of a form, and a box if it has none; a form without a sheet has no place."""
    sheet = next(iter(arch.xpath("./sheet | ./*[not(self::field)]/sheet")), None)
    if sheet is None or arch.xpath(f".//button[@name='{METHOD}']"):
        return
    box = next(iter(sheet.xpath(".//div[@name='button_box'][not(ancestor::field)]")), None)
    if box is None:
        box = etree.Element("div", {"class": "oe_button_box", "name": "button_box"})
        sheet.insert(0, box)
    attributes = {
        "name": METHOD,
        "type": "object",
        "class": "oe_stat_button",
        "icon": "fa-history",
        "title": title,
        "groups": GROUP,
        "invisible": "not id",
    }
    button = etree.SubElement(box, "button", attributes)
    info = etree.SubElement(button, "div", {"class": "o_stat_info"})
    etree.SubElement(info, "span", {"class": "o_stat_text"}).text = label
