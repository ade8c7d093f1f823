# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from odoo import _, api

from ..models import settings
from ..models.refusals import METADATA_PATH
from .failures import Failing, Failures
from .finding import OK, PROBLEM, Finding, Step
from .probe import Answer, Question

SERVER_METADATA_PATH = "/.well-known/oauth-authorization-server"
RESOURCE, LOGIN, NO_TOKEN, BAD_TOKEN = "resource", "login", "no_token", "bad_token"
NO_SUCH_TOKEN = "setup-check-sends-this-token-which-opens-nothing"
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "set-up check", "version": "1"},
    },
}


def questions(env: api.Environment) -> dict[str, Question]:
    """Return what a client asks first; nothing while the server is off."""
    if not settings.enabled(env):
        return {}
    base, url = settings.base_url(env), settings.url(env)
    reading = {"Accept": "application/json", "User-Agent": "mcp_native set-up check"}
    calling = {**reading, "Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    body = json.dumps(HELLO).encode()
    asked = {RESOURCE: Question("GET", base + METADATA_PATH + settings.path(env), reading)}
    if settings.oauth(env):
        asked[LOGIN] = Question("GET", base + SERVER_METADATA_PATH, reading)
    asked[NO_TOKEN] = Question("POST", url, calling, body)
    asked[BAD_TOKEN] = Question("POST", url, {**calling, "Authorization": f"Bearer {NO_SUCH_TOKEN}"}, body)
    return asked


class AnswerChecks(Failures):
    """Whether a client gets over the public address what this server says."""

    def findings(self) -> list[Finding]:
        """Return one finding for each question, those that say the same made one."""
        answers = self.site.outside.answers
        found = [self._judge(name, answer) for name, answer in answers.items()]
        by_text: dict[str, list[Finding]] = {}
        for finding in found:
            by_text.setdefault(finding.found, []).append(finding)
        return [self._united(same) for same in by_text.values()]

    def _united(self, same: list[Finding]) -> Finding:
        first = same[0]
        if len(same) == 1:
            return first
        whole = len(same) == len(self.site.outside.answers)
        subject = _("This server, asked over its public address") if whole else ", ".join(one.subject for one in same)
        return Finding(first.state, subject, first.found, first.steps)

    def _judge(self, name: str, answer: Answer) -> Finding:
        subject = {
            RESOURCE: _("Document about this server"),
            LOGIN: _("Document about the login"),
            NO_TOKEN: _("Call without a token"),
            BAD_TOKEN: _("Call with a token"),
        }[name]
        expected = 200 if name in (RESOURCE, LOGIN) else 401
        found, steps = self.failing(answer, expected)
        if not found:
            found, steps = {
                RESOURCE: self._resource,
                LOGIN: self._login,
                NO_TOKEN: self._challenge,
                BAD_TOKEN: self._refusal,
            }[name](answer)
        if found:
            return Finding(PROBLEM, subject, found, steps)
        return Finding(OK, subject, self._as_expected(name))

    def _as_expected(self, name: str) -> str:
        return {
            RESOURCE: _("What arrives is what this server says."),
            LOGIN: _("What arrives is what this server says."),
            NO_TOKEN: _("It is refused, and told where to log in."),
            BAD_TOKEN: _("The token arrives, and a wrong one is refused."),
        }[name]

    # -- what the answers say

    def _resource(self, answer: Answer) -> Failing:
        expected: dict[str, Any] = {"resource": settings.url(self.env)}
        if settings.oauth(self.env):
            expected["authorization_servers"] = [self.site.base]
        return self._document(answer, expected)

    def _login(self, answer: Answer) -> Failing:
        return self._document(answer, {"issuer": self.site.base})

    def _document(self, answer: Answer, expected: Mapping[str, Any]) -> Failing:
        """Return what is wrong with a document whose members must be these, letter by letter."""
        try:
            document = json.loads(answer.content)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            found = (
                _("A page came instead of the document.") if _is_page(answer) else _("What came is not the document.")
            )
            return found, self.open_firewall()
        for name, value in expected.items():
            if document.get(name) != value:
                return self._stranger(answer, name, _shown(document.get(name)), _shown(value))
        return "", ()

    def _stranger(self, answer: Answer, name: str, value: str, right: str) -> Failing:
        found = _("It says %(name)s: %(value)s, where it must say %(right)s.", name=name, value=value, right=right)
        if "x-request-id" not in answer.headers:
            step = _("Another program seems to answer here. Look where the proxy sends this path.")
            return found, (Step(step), *self.pass_paths())
        step = _("Another database or another Odoo seems to answer here. See the line about the database.")
        return found, (Step(step), Step(_("If web.base.url was changed this minute, check again.")))

    def _challenge(self, answer: Answer) -> Failing:
        challenge = answer.headers.get("www-authenticate", "")
        if f'resource_metadata="{self.document_url()}"' in challenge:
            return "", ()
        if "resource_metadata" in challenge:
            return _("It is refused, but told to log in at another address."), (
                Step(_("Another database or another Odoo seems to answer here. See the line about the database.")),
            )
        if challenge.lower().startswith("basic"):
            return _("The proxy asks for a password of its own."), self.open_firewall()
        return _("It is refused, but not told where to log in: the header WWW-Authenticate is missing."), (
            Step(_("Look for what takes it away. nginx:"), "proxy_hide_header WWW-Authenticate;"),
            Step(_("Apache:"), "Header unset WWW-Authenticate"),
            Step(_("Traefik: a middleware “headers” with customResponseHeaders.")),
            *self.open_firewall(),
        )

    def _refusal(self, answer: Answer) -> Failing:
        challenge = answer.headers.get("www-authenticate", "")
        if 'error="invalid_token"' in challenge:
            return "", ()
        if "resource_metadata" not in challenge:
            return self._challenge(answer)
        found = _("The token does not arrive: something in front of Odoo takes the header Authorization away.")
        return found, self.keep_authorization()


def _is_page(answer: Answer) -> bool:
    return "html" in answer.headers.get("content-type", "").lower() or answer.content.lstrip().startswith(b"<")


def _shown(value: Any) -> str:
    return (value if isinstance(value, str) else json.dumps(value))[:200]
