# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
from typing import Any

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from . import settings

SWITCHES = {
    "mcp_native_enabled": settings.ENABLED,
    "mcp_native_global_keys": settings.GLOBAL_KEYS,
    "mcp_native_log_arguments": settings.LOG_ARGUMENTS,
    "mcp_native_log_results": settings.LOG_RESULTS,
    "mcp_native_oauth": settings.OAUTH,
    "mcp_native_oauth_registration": settings.OAUTH_REGISTRATION,
    "mcp_native_oauth_documents": settings.OAUTH_DOCUMENTS,
    "mcp_native_oauth_end_on_password": settings.OAUTH_END_ON_PASSWORD,
}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # Not config_parameter=: that one deletes a parameter that is off or 0, and the default would hold again.
    mcp_native_enabled = fields.Boolean("MCP Server", help="Answer assistants at all.")
    mcp_native_path = fields.Selection([(path, path) for path in settings.PATHS], "Path of the MCP Server")
    mcp_native_global_keys = fields.Boolean("Global API Keys")
    mcp_native_allowed_origins = fields.Text("Allowed Origins")
    mcp_native_auth_failures = fields.Integer("Failed Attempts")
    mcp_native_log_days = fields.Integer("Access Log Retention (Days)")
    mcp_native_log_arguments = fields.Boolean("Store Arguments")
    mcp_native_log_results = fields.Boolean("Store Answers")
    mcp_native_oauth = fields.Boolean("Log In in the Browser")
    mcp_native_oauth_registration = fields.Boolean("Assistants Register Themselves")
    mcp_native_oauth_documents = fields.Boolean("Assistants Known by Their Web Address")
    mcp_native_oauth_schemes = fields.Text("Programs on the User's Computer")
    mcp_native_oauth_access_hours = fields.Integer("Hours Between Renewals")
    mcp_native_oauth_refresh_days = fields.Integer("Days Without Use")
    mcp_native_oauth_end_on_password = fields.Boolean("New Password Ends Connections")
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
            **{name: settings.switched_on(self.env, key) for name, key in SWITCHES.items()},
            "mcp_native_path": settings.path(self.env),
            "mcp_native_allowed_origins": "\n".join(settings.configured_origins(self.env)),
            "mcp_native_auth_failures": settings.auth_failures(self.env),
            "mcp_native_log_days": settings.log_days(self.env),
            "mcp_native_oauth_schemes": " ".join(sorted(settings.oauth_schemes(self.env))),
            "mcp_native_oauth_access_hours": settings.oauth_access_hours(self.env),
            "mcp_native_oauth_refresh_days": settings.oauth_refresh_days(self.env),
        }

    def set_values(self) -> Any:
        result = super().set_values()
        values = {
            **{key: str(self[name]) for name, key in SWITCHES.items()},
            settings.PATH: self.mcp_native_path or settings.PATHS[0],
            settings.ORIGINS: "\n".join(self._mcp_native_checked_origins()),
            settings.AUTH_FAILURES: self._mcp_native_checked("auth_failures", settings.FAILURES),
            settings.LOG_DAYS: str(self._mcp_native_checked_days()),
            settings.OAUTH_SCHEMES: " ".join(self._mcp_native_checked_schemes()) or "none",
            settings.OAUTH_ACCESS_HOURS: self._mcp_native_checked("oauth_access_hours", settings.ACCESS_HOURS),
            settings.OAUTH_REFRESH_DAYS: self._mcp_native_checked("oauth_refresh_days", settings.REFRESH_DAYS),
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

    def _mcp_native_checked_schemes(self) -> list[str]:
        """Return the schemes that programs may be answered at, ``cursor://`` being ``cursor``.

        :raise ValidationError: a word is no scheme, or one of those that are never allowed
        """
        schemes = []
        for word in re.split(r"[\s,;]+", self.mcp_native_oauth_schemes or ""):
            scheme = settings.normal_scheme(word)
            if word and not scheme:
                text = _(
                    "%(label)s: “%(word)s” cannot be allowed. Examples of what can: cursor, vscode, com.example.app",
                    label=self._mcp_native_label("oauth_schemes"),
                    word=word,
                )
                raise ValidationError(text)
            schemes.append(scheme)
        return [scheme for scheme in dict.fromkeys(schemes) if scheme and scheme != "none"]

    def _mcp_native_checked(self, name: str, allowed: range) -> str:
        """Return a number as the parameter holds it.

        :raise ValidationError: it is not one of those allowed
        """
        value = self[f"mcp_native_{name}"]
        if value not in allowed:
            numbers = {"label": self._mcp_native_label(name), "low": allowed[0], "high": allowed[-1], "value": value}
            raise ValidationError(_("%(label)s: from %(low)s to %(high)s, not %(value)s.", **numbers))
        return str(value)

    def _mcp_native_label(self, name: str) -> str:
        return self.fields_get([f"mcp_native_{name}"], ["string"])[f"mcp_native_{name}"]["string"]
