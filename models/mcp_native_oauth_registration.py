# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from typing import Any

from odoo import SUPERUSER_ID, api, fields, models

from ..oauth import client_metadata, tokens
from ..oauth.metadata import OFFLINE
from . import settings
from .addresses import network_of
from .mcp_native_oauth_client import DOCUMENT, DYNAMIC, PUBLIC
from .principal import SCOPES

_logger = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
PER_HOUR_AND_ADDRESS = 60
PER_HOUR = 600
PER_HOUR_AND_ADDRESS_WHEN_CROWDED = 5
"""What is left to each address once that many came from all: whoever floods does not shut others out."""
MOST_UNUSED = 5000
"""How many clients without a live grant may have registered themselves. Hosted clients share few addresses."""

NEVER_USED_KEPT = timedelta(days=7)
ENDED_KEPT = timedelta(days=90)

REGISTRATION_SCOPES = (*SCOPES, OFFLINE)


class TooManyRegistrations(Exception):
    """No client can register now.

    :param retry_after: seconds
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many clients have registered. Try again later.")
        self.retry_after = retry_after


class McpNativeOauthClient(models.Model):
    """How clients register themselves, and how those that nobody uses go away again."""

    _inherit = "mcp_native.oauth.client"

    @api.model
    def _register_client(self, data: Any, address: str) -> dict[str, Any]:
        """Register a client that asks for it, and return the answer to it (RFC 7591, section 3.2.1).

        :param data: the JSON of its request
        :param address: where the request came from
        :raise BadMetadata: it cannot be registered
        :raise TooManyRegistrations: not now
        """
        metadata = client_metadata.from_registration(data, settings.oauth_schemes(self.env))
        clients = self.with_user(SUPERUSER_ID).sudo()
        network = network_of(address)
        clients._check_room(network)
        secret = "" if metadata.auth_method == PUBLIC else tokens.new(tokens.SECRET)
        client = clients.create(
            {
                "name": metadata.name,
                "kind": DYNAMIC,
                "auth_method": metadata.auth_method,
                "secret_digest": tokens.digest(secret) if secret else False,
                "redirect_uris": "\n".join(metadata.redirect_uris),
                "client_uri": metadata.client_uri,
                "registered_from": network,
            }
        )
        _logger.info("MCP: client %s has registered from %s", client.id, network)
        answer = {
            **client_metadata.echoed(data),
            "client_id": client.identifier,
            "client_id_issued_at": int(client.create_date.replace(tzinfo=timezone.utc).timestamp()),
            "client_name": metadata.name,
            "redirect_uris": list(metadata.redirect_uris),
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": metadata.auth_method,
            "scope": _registered_scope(data.get("scope")),
        }
        if secret:
            answer |= {"client_secret": secret, "client_secret_expires_at": 0}
        return answer

    def _check_room(self, network: str) -> None:
        """Refuse one more registration where too many came lately, or too many are here for nothing.

        :raise TooManyRegistrations: one is refused
        """
        now = fields.Datetime.now()
        clients = self.with_context(active_test=False)
        lately = [("kind", "=", DYNAMIC), ("create_date", ">", now - HOUR)]
        crowded = clients.search_count(lately) >= PER_HOUR
        most = PER_HOUR_AND_ADDRESS_WHEN_CROWDED if crowded else PER_HOUR_AND_ADDRESS
        own = [*lately, ("registered_from", "=", network)]
        newest = clients.search(own, order="create_date desc", limit=most)
        if len(newest) == most:
            wait = int((newest[-1].create_date + HOUR - now).total_seconds())
            raise TooManyRegistrations(min(max(wait, 1), 3600))
        unused = self._ids_without_live_grant((DYNAMIC,), datetime.max, datetime.max)
        if len(unused) >= MOST_UNUSED:
            # Whoever fills the table does not shut others out: what was left lying for an hour goes first.
            stale = self._ids_without_live_grant((DYNAMIC,), now - HOUR, datetime.min)
            self.browse(stale[: len(unused) - MOST_UNUSED + 1]).unlink()
            if len(unused) - len(stale) >= MOST_UNUSED:
                raise TooManyRegistrations(3600)

    def _ids_without_live_grant(self, kinds: tuple[str, ...], created: datetime, ended: datetime) -> list[int]:
        """Return the ids of active clients without a live grant, the oldest first.

        :param kinds: of them
        :param created: before which they were
        :param ended: before which their last grant ended, if they ever had one
        """
        self.flush_model()
        self.env["mcp_native.oauth.grant"].flush_model()
        self.env.cr.execute(
            f"""
            SELECT client.id
              FROM {self._table} client
             WHERE client.active
               AND client.kind IN %s
               AND client.create_date <= %s
               AND NOT EXISTS (
                   SELECT 1
                     FROM {self.env["mcp_native.oauth.grant"]._table} g
                    WHERE g.client_id = client.id
                      AND (g.ended IS NULL OR g.ended > %s)
                   )
             ORDER BY client.id
            """,
            [kinds, created, ended],
        )
        return [client_id for (client_id,) in self.env.cr.fetchall()]

    @api.autovacuum
    def _gc_unused(self) -> None:
        """Delete clients that nobody added and nobody uses. Archived ones stay, so that they stay refused."""
        now = fields.Datetime.now()
        unused = self._ids_without_live_grant((DYNAMIC, DOCUMENT), now - NEVER_USED_KEPT, now - ENDED_KEPT)
        self.browse(unused).unlink()
        if unused:
            _logger.info("MCP: %s clients that are not used were deleted", len(unused))


def _registered_scope(asked: Any) -> str:
    """Return the scopes of a client: those that it names and that are here, or what there is."""
    named = asked.split() if isinstance(asked, str) else []
    known = [scope for scope in REGISTRATION_SCOPES if scope in named]
    return " ".join(known or SCOPES)
