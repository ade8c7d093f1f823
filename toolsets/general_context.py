# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import fields, models

from ..compat import SERIES_NAME, has_model_access
from ..orm import narrowing
from ..orm.dates import to_user, zone
from .declare import tool
from .instructions import root_menus

OPERATIONS = ("read", "create", "write", "unlink")
ROLES = {
    "base.group_system": "administrator (settings)",
    "base.group_erp_manager": "manages access rights",
    "base.group_multi_company": "several companies",
    "base.group_allow_export": "may export",
    "base.group_user": "internal user",
}


class ToolsetContext(models.AbstractModel):
    _name = "mcp_native.toolset.context"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Context"
    _toolset = "control"

    @tool(title="Get context", read_only=True, destructive=False, idempotent=True, open_world=False)
    def get_context(self) -> str:
        """Tell who you work as: user, companies, rights in short, apps, language, the time now."""
        user = self.env.user
        lines = [
            f"user: {self._user_name()} (res.users {user.id}, res.partner {user.partner_id.id}, login {user.login})",
            f"now: {self._now()} ({zone(self.env)}); language: {self.env.lang or 'en_US'}",
            *self._company_lines(),
            *self._profile_lines(),
            "roles: " + ", ".join(text for group, text in ROLES.items() if user.has_group(group)),
            "models you may " + ", ".join(self._rights()),
            "apps: " + ", ".join(self._app_names()),
            f"Odoo {SERIES_NAME}, database {self.env.cr.dbname}",
        ]
        return "\n".join(lines)

    def _now(self) -> str:
        return to_user(fields.Datetime.now().replace(second=0), self.env)

    def _user_name(self) -> str:
        user = self.env["res.users"]
        return "(no access)" if "name" in narrowing.hidden_fields(user) else self.env.user.name

    def _company_lines(self) -> list[str]:
        """Return the companies that one may work in: one's own, whatever the profile says of the model of companies."""
        rules, current = narrowing.current(), self.env.company
        companies = current | self.env.user.company_ids
        if rules and rules.companies:
            companies = companies.filtered(lambda company: company.id in rules.companies)
        with narrowing.unnarrowed():
            return [
                f"company{' (current)' if company == current else ''}: {company.name} (id {company.id}, "
                f"{company.currency_id.name})"
                for company in companies
            ]

    def _profile_lines(self) -> list[str]:
        rules = narrowing.current()
        if rules is None or not rules.name:
            return []
        held = [("rows", rules.max_rows), ("characters", rules.max_characters)]
        limits = [f"at most {count} {what} in one answer" for what, count in held if count]
        changed = [f"at most {rules.max_records} records changed by one call"] if rules.max_records else []
        return ["; ".join([f"profile: {rules.name}", *limits, *changed])]

    def _rights(self) -> list[str]:
        stored = [model for model in map(self.env.get, self.env.registry) if not (model._abstract or model._transient)]
        words = {"write": "update", "unlink": "delete"}
        return [
            f"{words.get(operation, operation)}: {sum(has_model_access(model, operation) for model in stored)}"
            for operation in OPERATIONS
        ]

    def _app_names(self) -> list[str]:
        """Return the apps that the user sees, with the module's name where the icon of the menu tells it."""
        names = []
        for menu in root_menus(self.env):
            module = (menu.web_icon or "").partition(",")[0]
            names.append(f"{menu.name} ({module})" if module else menu.name)
        return names
