# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import contact_reading
from . import contact_tagging
from . import contact_guides
