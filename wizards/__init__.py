# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import connect_guides
from . import mcp_native_approval_refusal
from . import mcp_native_connect
from . import mcp_native_connect_key
from . import mcp_native_connection_profile
from . import mcp_native_log_check
from . import mcp_native_log_export
from . import mcp_native_oauth_secret
from . import mcp_native_rights
from . import mcp_native_rights_line
from . import mcp_native_setup_check
from . import mcp_native_tool_test_form  # the next one has it
from . import mcp_native_tool_test
