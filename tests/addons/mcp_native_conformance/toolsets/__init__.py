# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import conformance_content
from . import conformance_input
from . import conformance_live
from . import conformance_prompts
from . import conformance_resources
