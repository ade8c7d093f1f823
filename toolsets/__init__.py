# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import mcp_native_toolset  # the others inherit it

# isort: split
from . import (
    general_action,
    general_activity,
    general_approval,
    general_batch,
    general_changes,
    general_context,
    general_file,
    general_custom,
    general_message,
    general_method,
    general_models,
    general_read,
    general_transfer,
    general_report,
    general_write,
)

# isort: split
from . import (
    completion,
    prompts_account,
    prompts_crm,
    prompts_general,
    prompts_project,
    prompts_sale,
    prompts_stock,
    prompts_written,
    resources,
)
from .arguments import Schema
from .declare import prompt, resource, tool

__all__ = ["Schema", "prompt", "resource", "tool"]
