# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What `make` calls: getting Odoo and PostgreSQL, databases, servers, tests, the release archive.

Standard library only, started with the machine's own Python; everything it fetches stays below `.dev/`.
"""
