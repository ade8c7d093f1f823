# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Check the hash chain of the MCP access log.

Odoo 19.0 loads this file alone, as a part of ``odoo.cli`` and under the command's own name; 17.0 and 18.0 load the
whole addon. So it imports nothing of the addon.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config

WHOLE, BROKEN, UNKNOWN = 0, 1, 2


class McpLogCheck(Command):
    """Check that the access log of the MCP server is as it was sealed"""

    name = "mcp_log_check"

    def run(self, args: list[str]) -> None:
        """Print what the check found, and end with 0: whole, 1: not whole, 2: could not be checked."""
        parser = argparse.ArgumentParser(prog=f"{Path(sys.argv[0]).name} {self.name}", description=self.__doc__)
        parser.add_argument("-c", "--config", help="Odoo's configuration file")
        parser.add_argument("-d", "--database", required=True, help="the database")
        parser.add_argument("--hash", default="", help="the hash of a seal that was noted earlier")
        options, others = parser.parse_known_args(args)  # such as --db_host
        named = ["-c", options.config] if options.config else []
        config.parse_config([*named, "-d", options.database, "--no-http", *others])
        with Registry(options.database).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if "mcp_native.log.check" not in env:
                sys.stderr.write(f"The module mcp_native is not installed in {options.database}.\n")
                sys.exit(UNKNOWN)
            whole, text = env["mcp_native.log.check"]._answer(options.hash)
        sys.stdout.write(text + "\n")
        sys.exit(WHOLE if whole else BROKEN)
