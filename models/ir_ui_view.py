# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""17.0 reads this module's views, which are written in the spelling of 18.0 and later."""

from __future__ import annotations

from typing import Any

from lxml import etree

from odoo import api, models

from ..compat import SERIES


def to_17(arch: str) -> str:
    """Return a view's arch in the spelling of 17.0: ``tree``, ``kanban-box``, a chatter of fields."""
    root = etree.fromstring(arch)
    for node in root.iter("list"):
        node.tag = "tree"
    for node in root.iter("xpath"):
        node.set("expr", node.get("expr", "").replace("/list", "/tree"))
    for node in list(root.iter("chatter")):
        node.tag = "div"
        node.attrib.clear()
        node.set("class", "oe_chatter")
        for name in ("message_follower_ids", "activity_ids", "message_ids"):
            etree.SubElement(node, "field", name=name)
    for node in list(root.iter("t")):
        if node.get("t-name") == "card":
            node.set("t-name", "kanban-box")
            opens = next(node.iterancestors("kanban")).get("can_open", "1") == "1"
            box = etree.Element("div", {"class": "oe_kanban_card" + " oe_kanban_global_click" * opens})
            box.extend(list(node))
            node.append(box)
    return etree.tostring(root, encoding="unicode")


if SERIES < 18:

    class IrUiView(models.Model):
        _inherit = "ir.ui.view"

        @api.model_create_multi
        def create(self, vals_list: list[dict[str, Any]]) -> models.BaseModel:
            views = super().create([self._mcp_native_adapt(vals) for vals in vals_list])
            if self._mcp_native_loads():
                views.write({"arch_fs": False})
            return views

        def write(self, vals: dict[str, Any]) -> bool:
            return super().write(self._mcp_native_adapt(vals))

        def _mcp_native_loads(self) -> bool:
            """Whether this module's own files are being loaded."""
            return self.env.context.get("install_module") == "mcp_native"

        def _mcp_native_adapt(self, vals: dict[str, Any]) -> dict[str, Any]:
            if not self._mcp_native_loads() or vals.get("type") == "qweb":
                return vals
            archs = ("arch", "arch_base", "arch_db")
            adapted = {name: to_17(value) if value and name in archs else value for name, value in vals.items()}
            if "arch_fs" in adapted:
                adapted["arch_fs"] = False  # a reset of the view would read the file, which keeps the newer spelling
            return adapted
