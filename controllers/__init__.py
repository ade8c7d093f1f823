# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import dispatcher
from . import files
from . import log_export
from . import mcp
from . import oauth
from . import oauth_authorize
from . import oauth_register
from . import well_known
