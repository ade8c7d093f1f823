# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ways of mending that more than one check gives: what to do, and the lines to put into a file."""

from __future__ import annotations

from odoo import _

from .finding import Checks, Step

NGINX_HEADERS = """proxy_set_header Host $host;
proxy_set_header X-Forwarded-Host $host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;"""
APACHE_HEADERS = """ProxyPreserveHost On
RequestHeader set X-Forwarded-Proto "https\""""
NGINX_LOCATIONS = """location ~ ^/(mcp|mcp_native|oauth/|\\.well-known/(oauth-|openid-configuration)) {
    proxy_pass http://127.0.0.1:8069;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
}"""
APACHE_LOCATIONS = """ProxyPassMatch "^/((?:mcp|mcp_native|oauth/|\\.well-known/(?:oauth-|openid-configuration)).*)$" \
"http://127.0.0.1:8069/$1\""""
TRAEFIK_LOCATIONS = """Host(`%s`) && (PathPrefix(`/mcp`) || PathPrefix(`/oauth/`) || \
PathPrefix(`/.well-known/oauth-`) || PathPrefix(`/.well-known/openid-configuration`))"""
ALL_PATHS = "/mcp  /mcp_native  /oauth/*  /.well-known/oauth-*  /.well-known/openid-configuration"


class Remedies(Checks):
    """Base of checks that give these steps."""

    def change_base_url(self, right: str) -> tuple[Step, ...]:
        """Return how the public address is changed, and kept."""
        return (
            Step(
                _("Switch on developer mode (at the end of Settings). Open Settings › Technical › System Parameters.")
            ),
            Step(_("Set web.base.url to the address that everybody uses:"), right),
            Step(
                _("Set web.base.url.freeze to True; create it if it is not there. Logins then leave the address alone.")
            ),
        )

    def use_https(self) -> tuple[Step, ...]:
        """Return how Odoo comes to be served over https."""
        return (
            Step(
                _("On Odoo.sh: https is there already. Set web.base.url to the https address of the branch or domain.")
            ),
            Step(
                _(
                    "On your own server: put nginx, Apache or Traefik with a certificate (Let's Encrypt gives them) "
                    "in front of Odoo, and set proxy_mode in Odoo's configuration file:"
                ),
                "proxy_mode = True",
            ),
            *self.change_base_url(f"https://{self.site.public_host}"),
        )

    def forward_headers(self) -> tuple[Step, ...]:
        """Return how a proxy is made to say at which address it was asked."""
        return (
            Step(_("nginx: in the server block, beside proxy_pass:"), NGINX_HEADERS),
            Step(_("Apache: in the virtual host. X-Forwarded-Host and -For are there by themselves:"), APACHE_HEADERS),
            Step(_("Traefik: nothing to do, it sends them all.")),
            Step(_("On Odoo.sh: nothing to do. Ask Odoo's support if you see this there.")),
        )

    def pass_paths(self) -> tuple[Step, ...]:
        """Return how a proxy is made to hand all of our paths to Odoo."""
        return (
            Step(_("All of these paths must reach Odoo unchanged:"), ALL_PATHS),
            Step(_("nginx: above other locations, with the address of your Odoo:"), NGINX_LOCATIONS),
            Step(_("Apache: above other ProxyPass lines, with the address of your Odoo:"), APACHE_LOCATIONS),
            Step(_("Traefik: in the rule of Odoo's router:"), TRAEFIK_LOCATIONS % self.site.public_host),
        )

    def open_firewall(self) -> tuple[Step, ...]:
        """Return how a firewall for web applications is made to let clients through."""
        return (
            Step(
                _("Let these paths pass without a challenge, a login page or a change of what they answer:"), ALL_PATHS
            ),
            Step(_("Cloudflare: a WAF rule “Skip” for these paths, and Bot Fight Mode off for them.")),
            Step(_("nginx or Apache: no auth_basic, no error pages of their own, no ModSecurity for these paths.")),
        )

    def keep_authorization(self) -> tuple[Step, ...]:
        """Return how a proxy is made to hand on the header ``Authorization``."""
        return (
            Step(
                _("nginx: remove auth_basic and every line that empties the header, and add beside proxy_pass:"),
                "proxy_set_header Authorization $http_authorization;",
            ),
            Step(
                _("Apache as a proxy: remove AuthType Basic, and every line that takes the header away:"),
                "RequestHeader unset Authorization",
            ),
            Step(
                _("Apache with mod_wsgi, CGI or FastCGI: add the line that fits:"),
                'WSGIPassAuthorization On\nCGIPassAuth On\nSetEnvIf Authorization "(.+)" HTTP_AUTHORIZATION=$1',
            ),
            Step(
                _(
                    "Traefik: take the middlewares basicAuth and forwardAuth off this router; basicAuth with "
                    "removeHeader takes the header away."
                )
            ),
            Step(_("On Odoo.sh: the header arrives. Look for a service of your own in front, such as Cloudflare.")),
        )
