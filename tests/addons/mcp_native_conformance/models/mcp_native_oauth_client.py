# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from dataclasses import replace

from odoo import api, models

from odoo.addons.mcp_native.compat import read_param
from odoo.addons.mcp_native.oauth.client_documents import Rules

DOCUMENT_PORTS = "mcp_native_conformance.document_ports"


class McpNativeOauthClient(models.Model):
    """Lets clients keep their documents on this computer, while a parameter names the ports: for tests only."""

    _inherit = "mcp_native.oauth.client"

    @api.model
    def _document_rules(self) -> Rules:
        rules = super()._document_rules()
        ports = frozenset(map(int, read_param(self.env, DOCUMENT_PORTS).split()))
        if not ports:
            return rules
        return replace(
            rules,
            is_allowed=lambda address: address.is_loopback or rules.is_allowed(address),
            ports=rules.ports | ports,
        )
