# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What commonly keeps assistants from connecting, looked at one by one.

``probe`` asks this Odoo over its public address, as a client would; it knows nothing of Odoo. The checks judge what
came and what the server is told to do, and say how to mend it. ``wizards/mcp_native_setup_check.py`` shows it.
"""

from .address import AddressChecks
from .answers import AnswerChecks, questions
from .finding import ADVICE, OK, PROBLEM, Checks, Finding, Site, Step, Visit, host_of
from .outbound import OutboundChecks
from .probe import Outside, look
from .server import ServerChecks
