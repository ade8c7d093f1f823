# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from datetime import timedelta
from typing import Any

from odoo import api, fields, models

from .mcp_native_principal import READ_ONLY_SCOPE, SCOPE


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def write(self, vals: dict[str, Any]) -> bool:
        result = super().write(vals)
        self._mcp_native_forget()
        return result

    def unlink(self) -> bool:
        ended = self.ids
        result = super().unlink()
        self._mcp_native_forget()
        self.env["mcp_native.profile.credential"].sudo()._credentials_ended("api_key", ended)
        return result

    def _mcp_native_forget(self) -> None:
        """Make every worker forget the keys it has verified.

        Twice: at once, for the rest of this transaction, and after its end, for calls in this process that verified
        the key meanwhile. Odoo tells the other processes, because the registry is marked as changed.
        """
        registry = self.env.registry
        registry.clear_cache()
        self.env.cr.postcommit.add(registry.clear_cache)

    @api.model
    def _mcp_native_has_expiry(self) -> bool:
        """Whether this series' keys can end by themselves (18.0 on)."""
        return "expiration_date" in self._fields

    @api.model
    def _mcp_native_generate(self, name: str, days: float | None = None, *, read_only: bool = False) -> str:
        """Return a new key of the current user that opens the MCP server and nothing else.

        :param name: what its owner calls it
        :param days: when it ends; None for never, which Odoo grants to administrators and sudo only. 17.0 knows no end
        :param read_only: whether the key may change nothing, whatever its owner may
        :raise ValidationError: Odoo does not let this user have a key for so long
        """
        scope = READ_ONLY_SCOPE if read_only else SCOPE
        if not self._mcp_native_has_expiry():
            return self._generate(scope, name)
        expires = None if days is None else fields.Datetime.now() + timedelta(days=days)
        return self._generate(scope, name, expires)
