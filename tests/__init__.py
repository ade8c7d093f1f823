# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_access_log
from . import test_auth
from . import test_controller
from . import test_house
from . import test_install
from . import test_orm_access
from . import test_orm_aggregate
from . import test_orm_choice
from . import test_orm_dates
from . import test_orm_domain
from . import test_orm_domain_random
from . import test_orm_lookup
from . import test_orm_methods
from . import test_orm_paging
from . import test_orm_render
from . import test_orm_richtext
from . import test_orm_transaction
from . import test_orm_values
from . import test_security
from . import test_settings
from . import test_tool_list
from . import test_tool_method
from . import test_tool_models
from . import test_tool_read
from . import test_tool_write
