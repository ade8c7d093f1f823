# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# ruff: noqa: F821  (env is Odoo's)
"""Runs in Odoo's shell (`env` is there): makes the users of the tests, prints their ids, logins and keys as JSON.

Passwords are the logins.
"""

import json
from datetime import timedelta

from odoo import fields

GROUPS = {
    "plain": ("base.group_user", "base.group_partner_manager", "mcp_native.group_user"),
    "leaver": ("base.group_user", "mcp_native.group_user"),
    "outsider": ("base.group_user",),
    "portal": ("base.group_portal",),
    "archived": ("base.group_user", "mcp_native.group_user"),
    "seller": (
        "base.group_user",
        "base.group_partner_manager",
        "base.group_allow_export",
        "sales_team.group_sale_salesman_all_leads",
        "mcp_native.group_user",
    ),
    "accountant": (
        "base.group_user",
        "base.group_partner_manager",
        "account.group_account_manager",
        "mcp_native.group_user",
    ),
    "lead": ("base.group_user", "project.group_project_manager", "mcp_native.group_user"),
}
GROUPS_FIELD = "group_ids" if "group_ids" in env["res.users"]._fields else "groups_id"


def new_user(name, groups):
    """Create a user with exactly these groups."""
    login = f"live_{name}"
    ids = [env.ref(group).id for group in groups]
    values = {"name": login, "login": login, "password": login, GROUPS_FIELD: [(6, 0, ids)]}
    return env["res.users"].with_context(no_reset_password=True).create(values)


def new_key(user, scope, name="live"):
    """Return a key of a user that ends tomorrow, where keys can end."""
    keys = env["res.users.apikeys"].with_user(user).sudo()
    ends = [fields.Datetime.now() + timedelta(days=1)] if "expiration_date" in keys._fields else []
    return keys._generate(scope, name, *ends)


env.ref("mcp_native.profile_assistant").everybody = False
env.flush_all()
env.ref("mcp_native.profile_full").everybody = True
# Tests do in a minute what a person does in a day, and make more errors on purpose than anybody by mistake.
env["mcp_native.profile.limit"].search([]).unlink()
env["mcp_native.profile"].search([]).write({"breaker_writes": 0, "breaker_errors": 0})
admin = env.ref("base.user_admin")
admin.write({GROUPS_FIELD: [(4, env.ref("mcp_native.group_manager").id)]})
users = {"admin": admin, **{name: new_user(name, groups) for name, groups in GROUPS.items()}}
people = {
    name: {
        "id": user.id,
        "login": user.login,
        "password": user.login,
        "key": new_key(user, "mcp_native"),
        "global_key": new_key(user, None),
        "spare_key": new_key(user, "mcp_native", "spare"),
    }
    for name, user in users.items()
}
users["archived"].active = False
env.cr.commit()
print(">>> " + json.dumps(people))
