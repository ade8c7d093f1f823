# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.base.models.res_users import check_identity

from ..compat import check_access
from ..oauth import client_documents, client_metadata, redirects, tokens
from ..oauth.client_documents import DocumentRefused, Rules
from ..oauth.client_metadata import BadMetadata, ClientMetadata
from . import settings

_logger = logging.getLogger(__name__)

REGISTERED, DYNAMIC, DOCUMENT = "registered", "dynamic", "document"
PUBLIC = "none"

STALE_KEPT = timedelta(days=7)
"""How long a document that cannot be fetched any more is good for those who are connected already."""
FETCH_LOCK = 0x6D6370
"""The first of the two numbers of our advisory locks, so that they are nobody else's."""
RETRY_AFTER = timedelta(minutes=5)
"""How long a server that did not give a document is left alone by those who are connected already."""


class McpNativeOauthClient(models.Model):
    """A program that people let into this database: Claude, Cursor, an agent of one's own."""

    _name = "mcp_native.oauth.client"
    _description = "MCP Client"
    _order = "name, id"

    name = fields.Char(required=True, help="What people are shown when they connect it.")
    identifier = fields.Char(
        "Client ID", required=True, readonly=True, copy=False, default=lambda self: secrets.token_hex(16)
    )
    kind = fields.Selection(
        [
            (REGISTERED, "Manager"),
            (DYNAMIC, "Own registration"),
            (DOCUMENT, "Web address"),
        ],
        "Origin",
        required=True,
        readonly=True,
        copy=False,
        default=REGISTERED,
        help="Manager: added here. Own registration: it introduced itself when somebody connected it. "
        "Web address: it is known by an address of its maker, where it is described.",
    )
    active = fields.Boolean(default=True, copy=False)
    auth_method = fields.Selection(
        [
            (PUBLIC, "No secret"),
            ("client_secret_post", "Secret in the request"),
            ("client_secret_basic", "Secret in the header"),
        ],
        "Authentication",
        required=True,
        default=PUBLIC,
        help="Programs on people's computers have no secret: they could not keep it. Hosted ones may have one. "
        "Both ways of sending it are accepted.",
    )
    secret_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    has_secret = fields.Boolean(compute="_compute_has_secret", compute_sudo=True)
    redirect_uris = fields.Text(
        "Return Addresses",
        required=True,
        help="Where the browser goes back to after the login, one address a line, exactly as the client sends it. "
        "For localhost and 127.0.0.1 any port is accepted.",
    )
    hosts = fields.Char("Returns To", compute="_compute_hosts")
    client_uri = fields.Char("Home Page", readonly=True, copy=False)
    document_expires = fields.Datetime("Description Good Until", readonly=True, copy=False)
    document_fetched = fields.Datetime("Description Read", readonly=True, copy=False)
    document_retry = fields.Datetime(readonly=True, copy=False)
    registered_from = fields.Char(readonly=True, copy=False)
    grant_ids = fields.One2many("mcp_native.oauth.grant", "client_id", readonly=True)
    live_grant_count = fields.Integer("Users", compute="_compute_live_grant_count", compute_sudo=True)

    if hasattr(models, "Constraint"):
        _identifier_uniq = models.Constraint("UNIQUE(identifier)", "There is a client with this ID already.")
    else:
        _sql_constraints = [("identifier_uniq", "UNIQUE(identifier)", "There is a client with this ID already.")]

    @api.depends("secret_digest")
    def _compute_has_secret(self) -> None:
        for client in self:
            client.has_secret = bool(client.secret_digest)

    @api.depends("redirect_uris")
    def _compute_hosts(self) -> None:
        for client in self:
            client.hosts = ", ".join(dict.fromkeys(_hosts(client._redirect_list())))

    @api.depends("grant_ids.ended")
    def _compute_live_grant_count(self) -> None:
        grants = self.env["mcp_native.oauth.grant"]
        counted = grants._read_group([("client_id", "in", self.ids), ("ended", "=", False)], ["client_id"], ["__count"])
        counts = {client.id: count for client, count in counted}
        for client in self:
            client.live_grant_count = counts.get(client.id, 0)

    @api.constrains("name")
    def _check_name(self) -> None:
        if not all(client.name for client in self):
            raise ValidationError(_("Give the client a name that people can read."))

    @api.constrains("redirect_uris", "kind")
    def _check_redirect_uris(self) -> None:
        schemes = settings.oauth_schemes(self.env)
        for client in self.filtered(lambda client: client.kind == REGISTERED):
            uris = client._redirect_list()
            if not 1 <= len(uris) <= client_metadata.REDIRECT_COUNT:
                raise ValidationError(
                    _("Give at least one return address, and at most %s.", client_metadata.REDIRECT_COUNT)
                )
            for number, uri in enumerate(uris, 1):
                try:
                    redirects.check(uri, schemes)
                except redirects.BadRedirect as refusal:
                    raise ValidationError(
                        _("Line %(number)s: %(reason)s\n%(line)s", number=number, reason=str(refusal), line=uri)
                    ) from refusal

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> models.BaseModel:
        if self.env.su:
            return super().create([_tidy(vals) for vals in vals_list])
        check_access(self, "create")
        for vals in vals_list:
            self._check_may_set(vals, {"name", "active", "auth_method", "redirect_uris", "kind"})
            if vals.get("kind", REGISTERED) != REGISTERED:
                raise AccessError(_("Only clients themselves can register in this way."))
        # Named one by one, so that no default of the context or of the user's own can stand in for them.
        vals_list = [_tidy({**vals, **self._facts_of_registered()}) for vals in vals_list]
        return super(McpNativeOauthClient, self.sudo()).create(vals_list).sudo(False)

    @api.model
    def _facts_of_registered(self) -> dict[str, Any]:
        """Return what holds for every client that a manager adds, whatever the manager says."""
        unset = ("secret_digest", "client_uri", "document_expires", "document_fetched", "document_retry")
        return {
            **dict.fromkeys((*unset, "registered_from"), False),
            "kind": REGISTERED,
            "identifier": secrets.token_hex(16),
        }

    def write(self, vals: dict[str, Any]) -> bool:
        own = all(client.kind == REGISTERED for client in self)
        self._check_may_set(vals, {"name", "active", "redirect_uris"} if own else {"active"})
        result = super().write(_tidy(vals))
        if "active" in vals and not vals["active"]:
            self.sudo().grant_ids._end("client")
        return result

    def _check_may_set(self, vals: dict[str, Any], names: set[str]) -> None:
        """Let nobody but this module's own code set more than these fields: the others are facts about the client.

        :raise AccessError: the user tries to
        """
        refused = set() if self.env.su else set(vals) - names
        if refused:
            labels = [self._fields[name].string if name in self._fields else name for name in sorted(refused)]
            raise AccessError(_("This cannot be changed here: %s.", ", ".join(labels)))

    # -- what the authorization server asks

    @api.model
    def _resolve(self, identifier: str, *, fresh: bool = True) -> models.BaseModel:
        """Return the active client with an identifier, with rights to read it, or nothing.

        An identifier that is an address stands for the document there. It is fetched when it is not known yet or its
        time is over. A client that an administrator archived stays unknown, whatever its document says.

        :param fresh: false where nobody can be newly let in (the token endpoint): there an unknown document is not
            fetched, because its client can hold nothing, and a known one serves a while longer if its server is away
        :raise BadMetadata: the fresh document is not that of a client that can be let in
        :raise DocumentRefused: the fresh document cannot be had
        """
        clients = self.sudo()
        if not _is_identifier(identifier):
            return clients.browse()
        found = clients.with_context(active_test=False).search([("identifier", "=", identifier)])
        known = clients.browse(found.ids)
        if known and (not known.active or known.kind != DOCUMENT):
            return known.filtered("active")._still_wanted()
        if not settings.oauth_documents(self.env) or not client_documents.is_document_url(identifier):
            return clients.browse()
        if known and known.document_expires > fields.Datetime.now():
            return known
        if fresh:
            return clients._fetch_document(identifier)
        return known and known._refreshed()

    def _still_wanted(self) -> models.BaseModel:
        """Return the client, unless it registered itself, nobody agreed to it, and that way is closed by now."""
        if self.kind == DYNAMIC and not settings.oauth_registration(self.env):
            return self.filtered(lambda client: client.grant_ids.filtered(lambda grant: not grant.ended))
        return self

    def _redirect_allowed(self, uri: str) -> bool:
        """Whether an answer may go to an address: the client registered it, and its kind is still allowed."""
        try:
            redirects.check(uri, settings.oauth_schemes(self.env))
        except redirects.BadRedirect:
            return False
        return redirects.matches(self._redirect_list(), uri)

    def _secret_matches(self, secret: str) -> bool:
        """Whether a secret is the client's, in a time that tells nothing."""
        return tokens.same(self.sudo().secret_digest, secret)

    def _redirect_list(self) -> list[str]:
        return (self.redirect_uris or "").splitlines()

    # -- documents

    @api.model
    def _document_rules(self) -> Rules:
        """Return what a fetch of a document may do. For overriding, where documents are not on the public internet."""
        return Rules()

    @api.model
    def _fetch_document(self, url: str) -> models.BaseModel:
        """Fetch a document, store what it says, and return its client."""
        fetched = client_documents.fetch(url, self._document_rules())
        metadata = client_metadata.from_document(fetched.document, url, settings.oauth_schemes(self.env))
        return self._store_document(url, metadata, fetched.max_age)

    def _refreshed(self) -> models.BaseModel:
        """Return the client with its document as it is now, or as it was while its server is away, or nothing.

        Strangers can ask for this: one request fetches at a time, and after a failure none for a while.
        """
        now = fields.Datetime.now()
        waits = self.document_retry and self.document_retry > now
        if not waits and self._may_fetch():
            try:
                return self._fetch_document(self.identifier)
            except DocumentRefused as refusal:
                _logger.info("MCP: the document of client %s is out of date: %s", self.id, refusal)
                self.document_retry = now + RETRY_AFTER
            except BadMetadata as refusal:
                _logger.info("MCP: the document of client %s is wrong: %s", self.id, refusal)
                self.write({"document_retry": now + RETRY_AFTER, "document_expires": now - STALE_KEPT})
        return self.filtered(lambda client: client.document_expires + STALE_KEPT > now)

    def _may_fetch(self) -> bool:
        """Whether no other request is fetching the document right now."""
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [FETCH_LOCK, self.id])
        return self.env.cr.fetchone()[0]

    @api.model
    def _store_document(self, url: str, metadata: ClientMetadata, max_age: int) -> models.BaseModel:
        """Store what a document says. Of two requests at the same time the second one is replayed by Odoo."""
        now = fields.Datetime.now()
        values = {
            "name": metadata.name,
            "redirect_uris": "\n".join(metadata.redirect_uris),
            "client_uri": metadata.client_uri or None,
            "document_expires": now + timedelta(seconds=max_age),
            "document_fetched": now,
            "document_retry": None,
        }
        first = {
            "identifier": url,
            "kind": DOCUMENT,
            "auth_method": PUBLIC,
            "active": True,
            "create_uid": SUPERUSER_ID,
            "create_date": now,
        }
        row = {**values, **first, "write_uid": SUPERUSER_ID, "write_date": now}
        columns, places = ", ".join(row), ", ".join(f"%({name})s" for name in row)
        updates = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*values, "write_uid", "write_date"))
        self.flush_model()
        self.env.cr.execute(
            f"INSERT INTO {self._table} ({columns}) VALUES ({places}) "
            f"ON CONFLICT (identifier) DO UPDATE SET {updates} RETURNING id",
            row,
        )
        client = self.browse(self.env.cr.fetchone())
        client.invalidate_recordset()
        return client

    # -- what managers do

    @check_identity
    def action_new_secret(self) -> dict[str, Any]:
        """Give the client a new secret in place of the one it had, and show it, once.

        :raise AccessError: the user is no manager
        :raise UserError: the client has no secret, or one of its own
        """
        self.ensure_one()
        if not self.env.user.has_group("mcp_native.group_manager"):
            raise AccessError(_("Only managers of the MCP server can do this."))
        if self.kind != REGISTERED or self.auth_method == PUBLIC:
            raise UserError(_("This client does not use a secret from here."))
        secret = tokens.new(tokens.SECRET)
        self.sudo().secret_digest = tokens.digest(secret)
        _logger.info("MCP: user %s made a new secret for client %s", self.env.uid, self.id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "mcp_native.oauth.secret",
            "name": _("New Secret"),
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_identifier": self.identifier, "default_secret": secret},
        }


def _is_identifier(text: Any) -> bool:
    """Whether a text can be a client's identifier at all: visible ASCII (RFC 6749, appendix A.1), not too long."""
    return isinstance(text, str) and 0 < len(text) <= client_documents.URL_LENGTH and all("!" <= c <= "~" for c in text)


def _tidy(vals: dict[str, Any]) -> dict[str, Any]:
    """Return values with the name as one clean line, and the addresses without blanks and empty lines."""
    tidy = dict(vals)
    if vals.get("name"):
        tidy["name"] = client_metadata.clean_name(vals["name"])
    if vals.get("redirect_uris"):
        lines = (line.strip() for line in vals["redirect_uris"].splitlines())
        tidy["redirect_uris"] = "\n".join(filter(None, lines))
    return tidy


def _hosts(uris: Iterable[str]) -> Iterable[str]:
    """Yield the hosts of addresses, without those that are still being typed."""
    for uri in uris:
        try:
            yield redirects.host(uri.strip())
        except redirects.BadRedirect:
            continue
