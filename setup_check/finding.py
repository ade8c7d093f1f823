# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a check gets and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from odoo import api

from ..models import settings
from ..oauth import hosts
from .probe import Outside

OK, ADVICE, PROBLEM = "ok", "advice", "problem"


@dataclass(frozen=True)
class Step:
    """One step of mending: a sentence, and what is to be typed or put into a file, if anything."""

    text: str
    code: str = ""


@dataclass(frozen=True)
class Finding:
    """What one check found.

    :param state: ``ok``, ``advice`` or ``problem``
    :param subject: what was looked at, in a few words
    :param found: one or two sentences
    :param steps: how to mend it
    """

    state: str
    subject: str
    found: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Visit:
    """How the administrator's own browser came to Odoo.

    :param origin: scheme, host and port as Odoo sees them
    :param headers: of the request
    """

    origin: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Site:
    """What all checks look at.

    :param visit: None outside of requests
    :param outside: what came back over the public address
    """

    env: api.Environment
    outside: Outside
    visit: Visit | None = None

    @property
    def base(self) -> str:
        """The public address of this Odoo."""
        return settings.base_url(self.env)

    @property
    def path(self) -> str:
        """The path that clients are told to use."""
        return settings.path(self.env)

    @property
    def host(self) -> str:
        """The host name of the public address; empty if it has none."""
        return host_of(self.base)

    @property
    def public_host(self) -> str:
        """The host name to write into examples: its own, if others can know it."""
        return "odoo.example.com" if self.on_this_computer or not self.host else self.host

    @property
    def on_this_computer(self) -> bool:
        """Whether the public address is of this computer only."""
        return hosts.on_this_computer(self.host)


class Checks:
    """Base of the checks."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.env = site.env  # the language of the texts is found by this name

    def findings(self) -> list[Finding]:
        """Return what was found, in the order in which it is best mended."""
        raise NotImplementedError


def host_of(url: str) -> str:
    """Return the host of an address, in lower case; empty if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def port_of(url: str) -> int | None:
    """Return the port that an address is served at, None if it is no address."""
    try:
        parts = urlsplit(url)
        return parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
