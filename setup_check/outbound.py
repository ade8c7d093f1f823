# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import _

from ..models import settings
from ..oauth.client_documents import DocumentRefused, fetch
from .finding import OK, PROBLEM, Finding, Step, host_of
from .remedy import Remedies

KNOWN_DOCUMENT = "https://claude.ai/oauth/mcp-oauth-client-metadata"
"""The document of Claude on the web: what this server must fetch when Claude connects."""


class OutboundChecks(Remedies):
    """Whether this server reaches the internet. Asks a foreign host, so only on a button of its own."""

    url = KNOWN_DOCUMENT

    def findings(self) -> list[Finding]:
        """Return one finding: whether a client's document can be fetched, in the very way it is fetched for a login."""
        subject, host = _("The internet"), host_of(self.url)
        if not settings.oauth_documents(self.env):
            return [Finding(OK, subject, _("Not needed: no assistant is known by its web address."))]
        try:
            fetch(self.url, self.env["mcp_native.oauth.client"]._document_rules())
        except DocumentRefused as refused:
            reason = str(refused)
            found = _(
                "Odoo cannot read who Claude is, at %(host)s. Assistants that are known so cannot connect. %(reason)s",
                host=host,
                reason=reason,
            )
            return [Finding(PROBLEM, subject, found, self._steps(host))]
        return [Finding(OK, subject, _("Odoo can read who Claude is, at %s.", host))]

    def _steps(self, host: str) -> tuple[Step, ...]:
        return (
            Step(
                _("Let the server connect to the internet: names (port 53), and https (port 443). Try it there:"),
                f"curl -sS https://{host}/ -o /dev/null",
            ),
            Step(_("Odoo connects to it directly, never through an HTTP proxy of your network.")),
            Step(_("Or switch off “Assistants Known by Their Web Address” in MCP › Settings. They then register.")),
        )
