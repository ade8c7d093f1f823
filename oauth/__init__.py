# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The authorization server: OAuth 2.1 around oauthlib, with its state in PostgreSQL."""
