# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import _

from ..models import settings
from ..models.refusals import METADATA_PATH
from . import probe
from .finding import Step
from .probe import Answer
from .remedy import Remedies

Failing = tuple[str, tuple[Step, ...]]
"""What failed, in a sentence, and how to mend it; an empty sentence if nothing did."""


class Failures(Remedies):
    """Words for requests that brought no answer, or one of somebody in between."""

    def failing(self, answer: Answer, expected: int) -> Failing:
        """Return what is wrong with how an answer came, whatever it says.

        :param expected: the HTTP status of the right answer
        """
        if answer.failure:
            return {
                probe.NO_NAME: self._no_name,
                probe.REFUSED: self._refused,
                probe.CERTIFICATE: self._certificate,
                probe.NO_TLS: self._no_tls,
                probe.TIMEOUT: self._timeout,
                probe.NO_HTTP: self._no_http,
                probe.UNREACHABLE: self._unreachable,
            }[answer.failure](answer)
        if answer.status == expected:
            return "", ()
        if 300 <= answer.status < 400:
            return self._redirect(answer)
        if answer.status == 404:
            return self._missing()
        if answer.status >= 500:
            return self._broken(answer)
        found = _("Something in front of Odoo answers itself, with status %s.", answer.status)
        return found, self.open_firewall()

    def document_url(self) -> str:
        """Return the address of the first document that clients read."""
        return self.site.base + METADATA_PATH + self.site.path

    # -- no answer

    def _no_name(self, _answer: Answer) -> Failing:
        return _("The name %s was not found.", self.site.host), (
            Step(_("Where your domain is kept, add an A record for this name with the public address of the server.")),
            Step(_("In Docker, or with a name server of your own: make the name known to this server, too.")),
        )

    def _refused(self, _answer: Answer) -> Failing:
        return _("Nothing accepts connections at %s.", self.site.base), (
            *self._from_outside(),
            Step(_("If not: start the reverse proxy, open the port in the firewall, see what listens:"), "ss -ltnp"),
        )

    def _certificate(self, answer: Answer) -> Failing:
        host = self.site.host
        return _("The certificate of %(host)s is not accepted: %(why)s.", host=host, why=answer.detail), (
            Step(_("See what the server shows:"), f"openssl s_client -connect {host}:443 -servername {host}"),
            Step(_("Renew it, with the whole chain. nginx: ssl_certificate must be fullchain.pem, not cert.pem.")),
            Step(_("Assistants on the web accept certificates of public issuers only, no self-signed ones.")),
        )

    def _no_tls(self, answer: Answer) -> Failing:
        base, why = self.site.base, answer.detail or "TLS"
        return _("%(base)s does not speak https as it should (%(why)s).", base=base, why=why), (
            Step(_("Look whether https is served at this port, with TLS 1.2 or newer.")),
            Step(_("Look whether web.base.url has the port of http by mistake.")),
        )

    def _timeout(self, _answer: Answer) -> Failing:
        return _("No answer from %s in time.", self.site.base), (
            Step(_("Odoo with one worker was busy with this very check. Have two at least, or 0:"), "workers = 2"),
            *self._from_outside(),
            Step(_("If not: open the port in the firewall, and look at the time limits of the proxy.")),
        )

    def _no_http(self, _answer: Answer) -> Failing:
        return _("What answers at %s does not speak HTTP.", self.site.base), (
            Step(_("Look at the port in web.base.url, and whether http and https are mixed up.")),
        )

    def _unreachable(self, answer: Answer) -> Failing:
        found = _("%(base)s cannot be reached: %(why)s.", base=self.site.base, why=answer.detail or "?")
        return found, (*self._from_outside(), Step(_("If not: look at the network and the firewall of the server.")))

    def _from_outside(self) -> tuple[Step, ...]:
        return (
            Step(_("Open this in a browser outside of your network, such as a phone's:"), self.document_url()),
            Step(_("If text comes there, clients can connect: the server only cannot reach itself (“NAT loopback”).")),
        )

    # -- an answer of somebody in between

    def _redirect(self, answer: Answer) -> Failing:
        target = answer.headers.get("location", "")[:200]
        right = settings.normal_origin(target.partition("/.well-known")[0]) or "https://odoo.example.com"
        return _("It is sent on to %s. Assistants do not follow.", target), (
            Step(_("Either take the redirect of these paths out of the proxy.")),
            Step(_("Or, if the other address is the right one, make it the public address:")),
            *self.change_base_url(right),
        )

    def _missing(self) -> Failing:
        return _("It is not found (404)."), (
            Step(
                _("Often a proxy keeps all of /.well-known/ for certificates, which need /.well-known/acme-challenge/.")
            ),
            *self.pass_paths(),
            Step(_("With several databases on the server: see the line about the database.")),
        )

    def _broken(self, answer: Answer) -> Failing:
        if answer.status not in (502, 503, 504):
            return _("Odoo failed (%s).", answer.status), (Step(_("Look for the error in Odoo's log.")),)
        return _("The proxy does not reach Odoo (%s).", answer.status), (
            Step(_("Look whether Odoo runs at the address after proxy_pass (nginx) or ProxyPass (Apache).")),
            Step(_("Traefik: look at the port in the service's loadbalancer.")),
            Step(_("Look whether Odoo has a free worker. Have two at least:"), "workers = 2"),
        )
