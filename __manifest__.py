# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "MCP Server",
    "summary": "Let assistants work in this database, with the rights of the user who connected them",
    "version": "1.2.0",
    "category": "Productivity",
    "author": "mcp_native contributors",
    "license": "LGPL-3",
    "depends": ["base", "web", "mail"],
    "external_dependencies": {"python": ["fastjsonschema", "markdownify", "markdown-it-py", "oauthlib"]},
    "data": [
        "security/mcp_native_groups.xml",
        "security/ir.model.access.csv",
        "security/mcp_native_rules.xml",
        "data/mcp_native_profile_data.xml",
        "data/mcp_native_log_cron.xml",
        "views/mcp_native_log_seal_views.xml",
        "views/mcp_native_access_log_views.xml",
        "views/mcp_native_connect_views.xml",
        "views/mcp_native_connection_views.xml",
        "views/mcp_native_oauth_templates.xml",
        "views/mcp_native_oauth_client_views.xml",
        "views/res_users_views.xml",
        "views/mcp_native_setup_check_views.xml",
        "views/res_config_settings_views.xml",
        "views/mcp_native_menus.xml",
    ],
    "assets": {
        "mcp_native.assets_oauth": ["mcp_native/static/src/css/oauth_pages.css"],
        "web.assets_backend": [
            "mcp_native/static/src/connect.scss",
            "mcp_native/static/src/user_menu.js",
        ],
    },
    "application": True,
}
