# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import api, models


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def _mcp_native_loaded(self, reference: int | str) -> dict[str, Any]:
        """Return what the web client is told of an action, whatever its type; empty where there is none.

        Beyond the user's own rights, as Odoo's ``/web/action/load`` does it: only settings may read actions, and every
        user needs them. What the client may not know (code, conditions) is left out by Odoo. Of a server action,
        ``kind`` is what sort of thing it does, in the user's language.

        :param reference: an id or an XML id
        """
        if isinstance(reference, str) and not reference.isdigit():
            found = self.env.ref(reference, raise_if_not_found=False)
            if not found or not found._name.startswith("ir.actions."):
                return {}
            reference = found.id
        base = self.sudo().browse(int(reference)).exists()
        if not base:
            return {}
        action = self.env[base.type].browse(base.id)
        loaded = action._get_action_dict()
        if base.type == "ir.actions.server":
            kind = action.sudo().state
            loaded["kind"] = dict(action._fields["state"]._description_selection(self.env)).get(kind, kind)
        return loaded
