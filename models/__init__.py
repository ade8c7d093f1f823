# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import ir_http
from . import ir_ui_view
from . import mcp_native_access_log
from . import mcp_native_principal
from . import res_config_settings
from . import res_groups
from . import res_users_apikeys
