# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from ipaddress import IPv4Address

from odoo import _

from ..models import settings
from ..oauth import hosts
from .finding import ADVICE, OK, PROBLEM, Finding, Step, port_of
from .remedy import Remedies


class AddressChecks(Remedies):
    """Whether the public address is one that clients can use."""

    def findings(self) -> list[Finding]:
        """Return one finding about its form, one about who can reach it, one about the browser's own address."""
        found = [self.form(), self.reach()]
        return [*found, self.same_as_the_browsers()] if self.site.visit else found

    def form(self) -> Finding:
        """Whether it is written as programs write it: https, host, nothing after it (RFC 8414, section 2)."""
        subject, base = _("Public address"), self.site.base
        normal = _normal(base)
        if not normal or not base.startswith(("https://", "http://")):
            found = _(
                "The system parameter web.base.url is “%s”. It must be https:// and a host name, and no more.", base
            )
            return Finding(PROBLEM, subject, found, self.change_base_url(f"https://{self.site.public_host}"))
        if normal != base:
            found = _("Programs write %(base)s as %(normal)s: to them the two differ.", base=base, normal=normal)
            return Finding(PROBLEM, subject, found, self.change_base_url(normal))
        if base.startswith("https://"):
            return Finding(OK, subject, _("%s is https, as assistants want it.", base))
        if self.site.on_this_computer:
            found = _("%s is without https. That is fine for trying things out on this computer.", base)
            return Finding(ADVICE, subject, found, self.use_https())
        found = _(
            "%s is without https. Assistants refuse to log in there, and passwords could be read on the way.", base
        )
        return Finding(PROBLEM, subject, found, self.use_https())

    def reach(self) -> Finding:
        """Whether assistants that run at their maker's can reach it."""
        subject, host = _("Reach"), self.site.host
        reason = self._out_of_reach(host)
        if not reason:
            return Finding(OK, subject, _("%s is a public name, which assistants on the web can find.", host))
        found = _(
            "%s Programs on your own computers can connect (Claude Code, Cursor, VS Code). Claude on the web and on "
            "the phone, and ChatGPT, cannot.",
            reason,
        )
        steps = (
            Step(_("Nothing to do if only programs on your own computers connect.")),
            Step(_("Otherwise: give Odoo a public host name with a public IPv4 address, over https on port 443.")),
            Step(_("Set web.base.url to that address, and check again.")),
        )
        return Finding(ADVICE, subject, found, steps)

    def _out_of_reach(self, host: str) -> str:
        """Return why assistants on the web cannot connect, nothing if they can."""
        addresses = self.site.outside.addresses
        if self.site.on_this_computer:
            return _("%s is this computer only.", host)
        if hosts.to_address(host):
            return _("%s is a number, not a name; certificates are for names.", host)
        if hosts.is_inside(host):
            return _("“%s” is a name of your own network.", host)
        if not addresses:
            return _("The name %s was not found from this server.", host)
        if not all(map(hosts.is_public, addresses)):
            return _("Seen from this server, %s has an address of your own network.", host)
        if not any(isinstance(address, IPv4Address) for address in addresses):
            return _("%s has no IPv4 address.", host)
        if port_of(self.site.base) != 443:
            return _("The address has port %s; assistants on the web connect to port 443.", port_of(self.site.base))
        return ""

    def same_as_the_browsers(self) -> Finding:
        """Whether people reach Odoo where clients are told to, and whether that stays so."""
        subject, base = _("The address in your browser"), self.site.base
        here = _normal(self.site.visit.origin) or self.site.visit.origin
        if here != (_normal(base) or base):
            found = _("You came by %(here)s, but assistants are told %(base)s.", here=here, base=base)
            steps = (
                Step(
                    _("If the second one is right, and only you came by another way: open Odoo there, and check again.")
                ),
                Step(_("If they differ in http and https only, mend the reverse proxy first: see that line.")),
                *self.change_base_url(here),
            )
            return Finding(PROBLEM, subject, found, steps)
        if settings.base_url_frozen(self.env):
            return Finding(OK, subject, _("You came by %s, as assistants do. Logins do not change it.", base))
        found = _(
            "You came by %s, as assistants do. But when an administrator logs in by another address, Odoo takes that "
            "one, and every connected assistant is lost.",
            base,
        )
        return Finding(ADVICE, subject, found, self.change_base_url(base))


def _normal(url: str) -> str | None:
    """Return an origin as the addresses of the web are written, the host in ASCII; None for anything else."""
    origin = settings.normal_origin(url)
    if not origin or origin.isascii():
        return origin
    scheme, _sep, rest = origin.partition("://")
    try:
        return f"{scheme}://{rest.encode('idna').decode()}"
    except UnicodeError:
        return None
