# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

import pytz
from werkzeug.exceptions import Forbidden

from odoo import _, api, fields, models, tools
from odoo.exceptions import ValidationError

from .principal import Principal

SATURDAY = 5


class Gate(NamedTuple):
    """Where and when a profile lets calls in. Hours are those of the user's clock, as in 8.5 for half past eight."""

    name: str
    networks: tuple[IPv4Network | IPv6Network, ...]
    weekdays_only: bool
    hour_from: float
    hour_to: float

    @property
    def is_timed(self) -> bool:
        return self.weekdays_only or self.hour_from > 0 or self.hour_to < 24

    def knows(self, remote_address: str) -> bool:
        """Whether an address may come in. An IPv4 address may be written as an IPv6 one (RFC 4291, section 2.5.5.2)."""
        if not self.networks:
            return True
        try:
            address = ip_address(remote_address or "")
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self.networks)

    def is_open(self, clock: datetime) -> bool:
        """Whether calls may come in at that time of the user's clock."""
        hour = clock.hour + clock.minute / 60 + clock.second / 3600
        return self.hour_from <= hour < self.hour_to and not (self.weekdays_only and clock.weekday() >= SATURDAY)

    def told(self) -> str:
        """Return when calls may come in, for assistants."""
        days = "Monday to Friday" if self.weekdays_only else "every day"
        return f"{days}, {clock_text(self.hour_from)} to {clock_text(self.hour_to)}"


def clock_text(hour: float) -> str:
    """Return ``08:30`` for 8.5."""
    minutes = round(hour * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def parsed_networks(text: str | None) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the networks of a text, one a line or with blanks or commas between them.

    :raise ValueError: one is none; the error's text is that one
    """
    found = []
    for word in (text or "").replace(",", " ").split():
        try:
            found.append(ip_network(word, strict=False))
        except ValueError:
            raise ValueError(word) from None
    return tuple(found)


class McpNativeProfile(models.Model):
    """From where and when the assistants of a profile are let in."""

    _inherit = "mcp_native.profile"

    networks = fields.Text(
        "Only from Networks", help="IP addresses or networks (192.0.2.0/24), one a line. Empty: from anywhere."
    )
    days = fields.Selection([("all", "Every day"), ("week", "Monday to Friday")], required=True, default="all")
    hour_from = fields.Float("From", default=0.0, help="In the user's time zone.")
    hour_to = fields.Float("To", default=24.0, help="In the user's time zone.")

    @api.constrains("networks")
    def _check_networks(self) -> None:
        for profile in self:
            try:
                parsed_networks(profile.networks)
            except ValueError as error:
                raise ValidationError(
                    _("“%s” is no IP address or network. Write for example 192.0.2.7 or 192.0.2.0/24.", error)
                ) from error

    @api.constrains("hour_from", "hour_to")
    def _check_hours(self) -> None:
        if any(not 0 <= profile.hour_from < profile.hour_to <= 24 for profile in self):
            raise ValidationError(_("The hours must be between 0 and 24, the first before the last."))

    @api.model
    def _admission(self, principal: Principal, remote_address: str) -> None:
        """Refuse a call from elsewhere or at another time than the principal's profile says.

        :param remote_address: where the call came from, as Odoo knows it (behind a proxy: with ``proxy_mode``)
        :raise Forbidden: with a sentence for the person at the client
        """
        profile_id = self._profile_id(principal.uid, principal.kind, principal.credential_id)
        if not profile_id:
            return
        gate = self.sudo()._gate(profile_id)
        if not gate.knows(remote_address):
            raise Forbidden(f'The MCP profile "{gate.name}" lets nobody in from the address {remote_address}.')
        if not gate.is_timed:
            return
        zone = pytz.timezone(self.env["res.users"].sudo().browse(principal.uid).tz or "UTC")
        if not gate.is_open(pytz.utc.localize(fields.Datetime.now()).astimezone(zone)):
            raise Forbidden(f'The MCP profile "{gate.name}" lets nobody in now, only {gate.told()} ({zone}).')

    @api.model
    @tools.ormcache("profile_id")
    def _gate(self, profile_id: int) -> Gate:
        profile = self.with_context(lang=None).browse(profile_id)
        networks = parsed_networks(profile.networks)
        return Gate(profile.name, networks, profile.days == "week", profile.hour_from, profile.hour_to)
