# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

from odoo import _, http
from odoo.tools import config

from ..compat import all_users
from ..models import settings
from .finding import ADVICE, OK, PROBLEM, Finding, Step
from .remedy import Remedies

FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "Forwarded")
DATABASE_SECONDS = 5
PROXY_SECONDS = 30
"""By how much a clock may be wrong; the Date header has whole seconds, and the answer took its time."""


class ServerChecks(Remedies):
    """What this Odoo is told to do, and whether that fits together."""

    def findings(self) -> list[Finding]:
        """Return a finding of each check that can be made here."""
        found = [self.switches(), self.proxy(), self.path(), self.databases(), self.clocks(), self.users()]
        return [finding for finding in found if finding]

    def switches(self) -> Finding:
        """Whether the server answers, and lets people log in."""
        subject = _("The MCP server")
        if not settings.enabled(self.env):
            step = Step(_("Switch on “MCP Server” in MCP › Settings, save, and check again."))
            return Finding(PROBLEM, subject, _("It is off. No assistant can connect."), (step,))
        if not settings.oauth(self.env):
            found = _("It is on, but only with keys. Claude on the web and ChatGPT want to log in in the browser.")
            step = Step(_("Switch on “Log In in the Browser” in MCP › Settings, save, and check again."))
            return Finding(ADVICE, subject, found, (step,))
        return Finding(OK, subject, _("It is on. Clients connect to %s", settings.url(self.env)))

    def proxy(self) -> Finding:
        """Whether Odoo believes what a reverse proxy says, and only if there is one."""
        subject, trusted = _("Reverse proxy"), bool(config["proxy_mode"])
        headers = self.site.visit.headers if self.site.visit else {}
        arrived = [name for name in FORWARDED if name in headers]
        if arrived and not trusted:
            found = _(
                "A proxy is in front of Odoo (it sends %s), but proxy_mode is off, so Odoo does not believe it.",
                arrived[0],
            )
            steps = (
                Step(_("On your own server: in Odoo's configuration file, then restart Odoo:"), "proxy_mode = True"),
                Step(_("In Docker: the same line in the mounted odoo.conf, or the option --proxy-mode.")),
                *self.forward_headers(),
            )
            return Finding(PROBLEM, subject, found, steps)
        if arrived and "X-Forwarded-Host" not in headers:
            found = _("The proxy does not send X-Forwarded-Host. Without it Odoo ignores everything else that it says.")
            return Finding(PROBLEM, subject, found, self.forward_headers())
        if trusted and self.site.base.startswith("http://"):
            found = _("proxy_mode is on, so a proxy should give https, but the public address is http.")
            return Finding(ADVICE, subject, found, self.use_https())
        if trusted:
            return Finding(OK, subject, _("proxy_mode is on, and what arrives fits."))
        return Finding(OK, subject, _("No proxy is in front of Odoo, and proxy_mode is off."))

    def path(self) -> Finding:
        """Whether another module has taken the path: Odoo serves one of them, and tells nobody."""
        subject, path = _("Path"), self.site.path
        rival = self.env["ir.http"]._mcp_native_rival(path)
        if not rival:
            return Finding(OK, subject, _("No other module answers at %s", path))
        found = _("The module %(rival)s answers at %(path)s instead of this server.", rival=rival, path=path)
        steps = (
            Step(_("In MCP › Settings choose the path %s, and save.", settings.PATHS[-1])),
            Step(_("Give the new address to the clients that have the old one. Or uninstall the other module.")),
        )
        return Finding(PROBLEM, subject, found, steps)

    def databases(self) -> Finding:
        """Whether the host name alone selects this database; clients send no cookie that would."""
        subject = _("Database")
        selected = http.db_list(force=True, host=self.site.host)
        if selected == [self.env.cr.dbname]:
            return Finding(OK, subject, _("The host name leads to this database and to no other."))
        if self.env.cr.dbname in selected:
            found = _(
                "This server has %s databases at this host name. Clients cannot choose one, and find none.",
                len(selected),
            )
        else:
            found = _("The host name %s does not lead to this database.", self.site.host)
        steps = (
            Step(
                _("With one database: name it in Odoo's configuration file, then restart Odoo:"),
                f"db_name = {self.env.cr.dbname}\ndbfilter = ^{self.env.cr.dbname}$",
            ),
            Step(
                _("With one host name for each database, whose first part is the name of the database:"),
                "dbfilter = ^%d$",
            ),
            Step(_("On Odoo.sh: each branch has one database; nothing to do.")),
        )
        return Finding(PROBLEM, subject, found, steps)

    def clocks(self) -> Finding:
        """Whether Odoo, PostgreSQL and the proxy agree about the time; what ends, ends by the clock."""
        subject = _("Clock")
        self.env.cr.execute("SELECT extract(epoch FROM clock_timestamp())")
        database = abs(float(self.env.cr.fetchone()[0]) - time.time())
        if database > DATABASE_SECONDS:
            found = _(
                "The clocks of Odoo and of PostgreSQL are %s seconds apart. Logins then end at the wrong time.",
                round(database),
            )
        elif (proxy := self._proxy_seconds()) > PROXY_SECONDS:
            found = _("The clocks of Odoo and of the public address are %s seconds apart.", round(proxy))
        else:
            return Finding(OK, subject, _("The clocks agree."))
        steps = (
            Step(
                _("On each of your machines switch on time synchronisation, and look whether it works:"),
                "timedatectl set-ntp true\ntimedatectl",
            ),
            Step(_("In Docker the clock is the host's: set that one.")),
            Step(_("On Odoo.sh: tell Odoo's support.")),
        )
        return Finding(PROBLEM, subject, found, steps)

    def _proxy_seconds(self) -> float:
        """Return by how much the clock of the public address differs, 0 if it tells no time."""
        differences = [0.0]
        for answer in self.site.outside.answers.values():
            try:
                told = parsedate_to_datetime(answer.headers.get("date", ""))
            except (TypeError, ValueError):
                continue
            differences.append(abs(told.timestamp() - answer.received))
        return max(differences)

    def users(self) -> Finding:
        """Whether anybody may connect an assistant."""
        subject = _("Users")
        users = all_users(self.env.ref("mcp_native.group_user"))
        others = users - all_users(self.env.ref("base.group_system"))
        if others:
            return Finding(
                OK,
                subject,
                _(
                    "%(all)s users may connect assistants; %(others)s of them are not administrators.",
                    all=len(users),
                    others=len(others),
                ),
            )
        steps = (
            Step(_("Open Settings › Users & Companies › Users, and a user.")),
            Step(_("Under Access Rights, at MCP, choose “User”. The assistant then has the rights of that user.")),
        )
        return Finding(ADVICE, subject, _("Only administrators may connect assistants."), steps)
