# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import base
from . import base_calls
from . import base_narrowing
from . import ir_actions
from . import ir_actions_server
from . import ir_actions_report
from . import ir_http
from . import ir_http_session
from . import ir_mail_server
from . import ir_model
from . import ir_model_access
from . import ir_rule
from . import ir_sequence
from . import ir_ui_view
from . import mail_mail
from . import mail_tracking_value
from . import mcp_native_unforgeable  # the next ones inherit it
from . import mcp_native_profile_mixin  # the next ones inherit it
from . import mcp_native_access_log
from . import mcp_native_approval
from . import mcp_native_breaker
from . import mcp_native_change
from . import mcp_native_tool_wording  # the next one uses it
from . import mcp_native_custom_tool
from . import mcp_native_custom_tool_argument
from . import mcp_native_confirmation
from . import mcp_native_connection
from . import mcp_native_file_link
from . import mcp_native_idempotency
from . import mcp_native_counter
from . import mcp_native_log_seal
from . import mcp_native_oauth_client
from . import mcp_native_oauth_code
from . import mcp_native_oauth_grant
from . import mcp_native_oauth_registration
from . import mcp_native_oauth_token
from . import mcp_native_principal
from . import mcp_native_profile
from . import mcp_native_profile_admission
from . import mcp_native_profile_credential
from . import mcp_native_profile_limit
from . import mcp_native_profile_rule
from . import mcp_native_prompt
from . import mcp_native_prompt_argument
from . import res_config_settings
from . import res_groups
from . import res_users
from . import res_users_apikeys
