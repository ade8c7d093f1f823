# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Profiles begin with 1.2.0. What was connected before goes on as it was; new connections get the one for everybody."""

from __future__ import annotations

from odoo import SUPERUSER_ID, api
from odoo.sql_db import Cursor


def migrate(cr: Cursor, version: str | None) -> None:
    """Let connections of the time before profiles go on as they were."""
    if version:
        api.Environment(cr, SUPERUSER_ID, {})["mcp_native.profile"]._keep_connections_full()
