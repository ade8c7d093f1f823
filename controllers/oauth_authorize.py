# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The page where a person decides about an assistant (RFC 6749, section 4.1.1).

The login is Odoo's own: whoever has no session is sent to ``/web/login`` and comes back to the same address. The form
is posted to that same address too, so that a session that ended in between leads through the login back to the page.
Nothing is decided by the address alone: the decision is read from the form, which carries Odoo's CSRF token.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.exceptions import NotFound

from odoo import _, http
from odoo.http import request
from odoo.tools.misc import get_lang

from ..models import settings
from ..models.mcp_native_oauth_client import DOCUMENT, REGISTERED
from ..models.principal import WRITE_SCOPE
from ..oauth import redirects
from ..oauth.server import AnswerClient, Asked, AuthorizationServer, UnknownClient

PATH = "/oauth/authorize"
LOGOUT = "/web/session/logout"
GROUP = "mcp_native.group_user"

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Of every answer. No ``form-action``: Chromium applies it to the redirect to the client that follows the form."""

READ, WRITE = "read", "write"
CONNECT, CANCEL = "connect", "cancel"

_URI_CHARACTERS = "%!$&'()*+,-./:;=?@[]_~"


class OAuthAuthorizeController(http.Controller):
    """The authorization endpoint."""

    @http.route(PATH, type="http", auth="user", methods=["GET", "POST"], sitemap=False, readonly=False)
    def authorize(self, **_parameters: Any) -> http.Response:
        """Show who asks for what, and send the browser back to the client with the decision."""
        if not settings.oauth(request.env):
            raise NotFound()
        request.update_context(**request.env["res.users"].context_get())
        server = AuthorizationServer(request.env)
        uri = settings.base_url(request.env) + _address()
        try:
            asked = server.asked(uri)
            return self._refused(server, asked) or self._decided(server, asked, uri) or self._consent(server, asked)
        except UnknownClient as exc:
            return _page("mcp_native.oauth_error", {"reason": str(exc), "location": ""}, status=400)
        except AnswerClient as exc:
            return self._told(server, exc)

    def _told(self, server: AuthorizationServer, answer: AnswerClient) -> http.Response:
        """Tell a client of an error: at once if somebody vouches for it, else when the user follows a link.

        Anybody may register a client, and this address must not be a way to send people anywhere (RFC 9700, 4.11.2).
        """
        if answer.client.kind == REGISTERED or server.previous(answer.client):
            return _redirect(answer.location)
        values = {
            "reason": _("What it asks for is not possible here."),
            "go_back": _("Go back to %s", redirects.host(answer.redirect_uri)),
            "location": answer.location,
        }
        return _page("mcp_native.oauth_error", values, status=400)

    def _refused(self, server: AuthorizationServer, asked: Asked) -> http.Response | None:
        """Return the answer to a request that nobody, or not this user, can agree to; None if the user can."""
        if "none" in asked.prompt:
            location = server.deny(asked, "consent_required")
            return self._told(server, AnswerClient(location, asked.client, asked.redirect_uri))
        user = request.env.user
        if (user.has_group(GROUP) and not request.env.su) or _decision() == CANCEL:
            return None
        values = {
            "logged_in": _("You are logged in as %(name)s (%(login)s).", name=user.name, login=user.login),
            "go_back": _("Go back to %s", asked.client.name),
            "superuser": request.env.su,
        }
        return _page("mcp_native.oauth_no_access", values, status=403)

    def _decided(self, server: AuthorizationServer, asked: Asked, uri: str) -> http.Response | None:
        """Return the answer to a decision, None if there is none yet."""
        if _decision() == CANCEL:
            return _redirect(server.deny(asked))
        if _decision() == CONNECT:
            may_write = request.httprequest.form.get("access") == WRITE
            return _redirect(server.approve(uri, may_write=may_write))
        return None

    def _consent(self, server: AuthorizationServer, asked: Asked) -> http.Response:
        """Return the page that asks for the decision.

        Only to read and change again is proposed where that was decided before. Else the user has to choose: a client
        that comes back because reading is not enough must not get the same answer again by mere habit.
        """
        may_write = WRITE_SCOPE in asked.scopes
        previous = server.previous(asked.client)
        before = (WRITE if WRITE_SCOPE in previous.scopes.split() else READ) if previous else ""
        values = {
            "client": _client(asked),
            "company": request.env.company.name,
            "database": request.env.cr.dbname,
            "profile": request.env["mcp_native.profile"]._told(request.env.uid, "oauth_grant", previous.id or 0),
            "may_write": may_write,
            "before": before,
            "proposed": before == WRITE,
            "lasts": self._lasts(settings.oauth_refresh_days(request.env)),
            "ends_on_password": settings.oauth_end_on_password(request.env),
        }
        return _page("mcp_native.oauth_consent", values)

    @staticmethod
    def _lasts(days: int) -> str:
        """Return for how long a connection lasts, for people."""
        if days == 1:
            return _("It ends by itself when it is not used for a day.")
        return _("It ends by itself when it is not used for %s days.", days)


def _decision() -> str:
    """Return what the form says; never what the address says, which the client made."""
    return request.httprequest.form.get("decision", "") if request.httprequest.method == "POST" else ""


def _address() -> str:
    """Return path and query as they were sent, in ASCII."""
    query = quote(request.httprequest.query_string, safe=_URI_CHARACTERS)
    return f"{PATH}?{query}" if query else PATH


def _client(asked: Asked) -> dict[str, Any]:
    """Return what people are told about a client.

    Its name is a claim if it chose that itself, or if any program on the user's computer could use it.
    """
    local = redirects.is_local(asked.redirect_uri)
    document = asked.client.kind == DOCUMENT
    return {
        "described": _("It is described at %s", redirects.host(asked.client.identifier)) if document else "",
        "name": asked.client.name,
        "host": redirects.host(asked.redirect_uri),
        "local": local,
        "claims": local or asked.client.kind != REGISTERED,
    }


def _page(template: str, values: dict[str, Any], status: int = 200) -> http.Response:
    """Return a page in the user's language, outside of the layout of any website."""
    lang = get_lang(request.env)
    code = lang.code.partition("@")[0].replace("_", "-")
    values = {
        **values,
        "action": _address(),
        "other_user": f"{LOGOUT}?{urlencode({'redirect': _address()})}",
        "html_data": {"class": "o_mcp_oauth", "lang": code, "dir": lang.direction},
        "user": request.env.user,
    }
    response = request.render(template, values, status=status)
    response.headers.update(HEADERS)
    return response


def _redirect(location: str) -> http.Response:
    """Send the browser to a client, at exactly that address: Odoo's own redirects may rewrite it."""
    return http.Response(status=303, headers={**HEADERS, "Location": location})
