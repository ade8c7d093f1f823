# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from . import settings


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # Not config_parameter=: that one deletes a parameter that is off or 0, and the default would hold again.
    mcp_native_enabled = fields.Boolean("MCP Server", help="Answer assistants at all.")
    mcp_native_path = fields.Selection([(path, path) for path in settings.PATHS], "Path of the MCP Server")
    mcp_native_global_keys = fields.Boolean("Global API Keys")
    mcp_native_allowed_origins = fields.Text("Allowed Origins")
    mcp_native_log_days = fields.Integer("Access Log Retention (Days)")
    mcp_native_log_arguments = fields.Boolean("Store Arguments")
    mcp_native_url = fields.Char("Address for Clients", compute="_compute_mcp_native_url")
    mcp_native_rival = fields.Char("Other Owner of the Path", compute="_compute_mcp_native_rival")

    @api.depends("mcp_native_path")
    def _compute_mcp_native_url(self) -> None:
        for record in self:
            record.mcp_native_url = settings.base_url(self.env) + (record.mcp_native_path or settings.PATHS[0])

    @api.depends("mcp_native_path")
    def _compute_mcp_native_rival(self) -> None:
        for record in self:
            path = record.mcp_native_path
            record.mcp_native_rival = self.env["ir.http"]._mcp_native_rival(path) if path else False

    @api.model
    def get_values(self) -> dict[str, Any]:
        return {
            **super().get_values(),
            "mcp_native_enabled": settings.enabled(self.env),
            "mcp_native_path": settings.path(self.env),
            "mcp_native_global_keys": settings.global_keys(self.env),
            "mcp_native_allowed_origins": "\n".join(settings.configured_origins(self.env)),
            "mcp_native_log_days": settings.log_days(self.env),
            "mcp_native_log_arguments": settings.log_arguments(self.env),
        }

    def set_values(self) -> Any:
        result = super().set_values()
        values = {
            settings.ENABLED: str(self.mcp_native_enabled),
            settings.PATH: self.mcp_native_path or settings.PATHS[0],
            settings.GLOBAL_KEYS: str(self.mcp_native_global_keys),
            settings.ORIGINS: "\n".join(self._mcp_native_checked_origins()),
            settings.LOG_DAYS: str(self._mcp_native_checked_days()),
            settings.LOG_ARGUMENTS: str(self.mcp_native_log_arguments),
        }
        parameters = self.env["ir.config_parameter"].sudo()
        for key, value in values.items():
            parameters.set_param(key, value)
        return result

    def _mcp_native_checked_origins(self) -> list[str]:
        """Return the allowed origins in the form in which they are compared.

        :raise ValidationError: a line is no origin
        """
        origins = []
        for line in (self.mcp_native_allowed_origins or "").split():
            origin = settings.normal_origin(line)
            if not origin:
                raise ValidationError(_("%s is not an origin. An example of one: https://assistant.example.com", line))
            origins.append(origin)
        return list(dict.fromkeys(origins))

    def _mcp_native_checked_days(self) -> int:
        if self.mcp_native_log_days < 0:
            raise ValidationError(_("The access log cannot be kept for less than 0 days; 0 keeps it for ever."))
        return self.mcp_native_log_days
