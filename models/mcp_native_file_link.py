# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import BinaryIO, NamedTuple
from urllib.parse import quote

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessDenied
from odoo.modules.registry import Registry

from ..compat import filtered_access, group_ids, has_model_access
from ..oauth import tokens
from ..orm.narrowing import narrowed
from . import settings
from .own_transaction import own_cursor
from .principal import Principal

MINUTES = 60
"""For how long a link is good."""

DOWNLOAD, UPLOAD = "download", "upload"

PATH = "/file/"
"""Comes after the path of the server, before the token and the name."""

UNKNOWN_TYPE = "application/octet-stream"

MAX_NAME = 120
"""Characters of a file's name, its ending included."""

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff/\\:*?"<>|]+')
_TOKEN = re.compile(rf"\b{tokens.LINK}[\w-]+")
_KEPT = re.compile(r"(?<=/file/)link-(\d{1,18})(?=/)")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")


class Link(NamedTuple):
    """A link that is good at this moment.

    :param record_id: of its row
    :param principal: the connection that asked for it, as it is now
    :param attachment_id: the file to send; None for an upload
    :param is_own: the file was made for the link, and is nobody's else
    :param name: of the file, fit for any file system
    :param mimetype: of the file
    :param model: what the file is about, or what it will be attached to; empty for nothing in particular
    :param ids: records of that model
    """

    record_id: int
    principal: Principal
    attachment_id: int | None
    is_own: bool
    name: str
    mimetype: str
    model: str
    ids: tuple[int, ...]


class McpNativeFileLink(models.Model):
    """Addresses at which a file can be fetched or left, without a token: for what is too large for an answer.

    A link has the rights of the connection that asked for it, for one file, for an hour. They are looked at again when
    it is used: user, connection and record must still be there for it, and nobody may have changed the profile or the
    user's groups.

    Nobody has access to it; rows are written and read by SQL only. A file that was made for a link is an attachment of
    its row, and thus as closed as that.
    """

    _name = "mcp_native.file.link"
    _inherit = "mcp_native.unforgeable"
    _description = "MCP Link to a File"
    _log_access = False

    digest = fields.Char(required=True, readonly=True)
    uid = fields.Integer(required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True)
    credential_id = fields.Integer(required=True, readonly=True)
    rights = fields.Char("Digest of the Rights", required=True, readonly=True)
    direction = fields.Selection([(DOWNLOAD, "Download"), (UPLOAD, "Upload")], required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    mimetype = fields.Char(required=True, readonly=True)
    model = fields.Char(readonly=True)
    res_ids = fields.Text("Records", readonly=True)
    attachment_id = fields.Integer(readonly=True)
    is_own = fields.Boolean("Made for the Link", readonly=True)
    size = fields.Integer("Bytes", readonly=True)
    sent = fields.Integer("Bytes Sent", readonly=True)
    expires = fields.Datetime(required=True, readonly=True, index=True)
    used = fields.Datetime(readonly=True)

    def init(self) -> None:
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS mcp_native_file_link_digest_uniq ON mcp_native_file_link (digest)"
        )

    # -- making them

    @api.model
    def _offer(
        self,
        principal: Principal | None,
        *,
        name: str,
        content: bytes | BinaryIO,
        mimetype: str,
        about: models.BaseModel | None = None,
    ) -> str:
        """Return an address at which a file can be fetched that exists nowhere else. Works in read-only calls, too.

        :param principal: who may; None for that of the call being answered
        :param content: the file, or one that is open for reading
        :param about: the records that the file tells about; it can be fetched as long as they may be read
        """
        raw = content if isinstance(content, bytes) else content.read()
        with own_cursor(self.env.registry) as cr:
            link_id, url = self._insert(cr, principal, DOWNLOAD, name, mimetype, len(raw), about)
            self._keep_content(cr, link_id, raw)
        return url

    @api.model
    def _offer_attachment(self, attachment: models.BaseModel) -> str:
        """Return an address at which an attachment can be fetched as long as the user may read it.

        :param attachment: one that the call at hand may read, with its content in this database
        """
        with own_cursor(self.env.registry) as cr:
            file = attachment.name or "", attachment.mimetype or ""
            link_id, url = self._insert(cr, None, DOWNLOAD, *file, attachment.file_size or 0, None)
            cr.execute(
                "UPDATE mcp_native_file_link SET attachment_id = %s, is_own = false WHERE id = %s",
                [attachment.id, link_id],
            )
        return url

    @api.model
    def _ask_upload(self, model: str, res_id: int, name: str = "file") -> str:
        """Return an address at which one file can be left, which becomes an attachment of a record.

        It is part of the call that asks: of one that is only tried or fails nothing is left.
        """
        _link_id, url = self._insert(self.env.cr, None, UPLOAD, name, "", 0, self.env[model].browse(res_id))
        return url

    @api.model
    def _insert(
        self,
        cr: object,
        principal: Principal | None,
        direction: str,
        name: str,
        mimetype: str,
        size: int,
        about: models.BaseModel | None,
    ) -> tuple[int, str]:
        """Write a row, and return its id and the address."""
        principal = principal or self.env["mcp_native.toolset"]._call().facts["principal"]
        token, name = tokens.new(tokens.LINK), safe_name(name)
        values = {
            "digest": tokens.digest(token),
            "uid": principal.uid,
            "kind": principal.kind,
            "credential_id": principal.credential_id,
            "rights": self._rights(principal),
            "direction": direction,
            "name": name,
            "mimetype": safe_type(mimetype),
            "model": about._name if about is not None else None,
            "res_ids": json.dumps(about.ids) if about is not None else None,
            "is_own": True,
            "size": size,
        }
        cr.execute(
            f"""
            INSERT INTO mcp_native_file_link ({", ".join(values)}, sent, expires)
                 VALUES ({", ".join(["%s"] * len(values))},
                         0, clock_timestamp() AT TIME ZONE 'UTC' + {MINUTES} * interval '1 minute')
              RETURNING id
            """,
            [*values.values()],
        )
        return cr.fetchone()[0], f"{settings.url(self.env)}{PATH}{token}/{quote(name)}"

    @api.model
    def _keep_content(self, cr: object, link_id: int, content: bytes) -> None:
        """Keep a file for a link, as an attachment that nobody but the server reads."""
        attachments = api.Environment(cr, SUPERUSER_ID, {"image_no_postprocess": True})["ir.attachment"]
        values = {"name": f"link {link_id}", "raw": content, "mimetype": UNKNOWN_TYPE}
        kept = attachments.create({**values, "res_model": self._name, "res_id": link_id})
        attachments.flush_model()
        cr.execute("UPDATE mcp_native_file_link SET attachment_id = %s WHERE id = %s", [kept.id, link_id])

    # -- using them

    @api.model
    def _opened(self, token: str, direction: str) -> Link | None:
        """Return what a token is good for now, None for one that is unknown, used, over, or has lost its rights.

        Whether the records may still be read is asked by ``_is_readable``: that needs the user's environment.
        """
        if not tokens.is_token(token, tokens.LINK):
            return None
        self.env.cr.execute(
            """
            SELECT id, uid, kind, credential_id, rights, attachment_id, is_own, name, mimetype, model, res_ids
              FROM mcp_native_file_link
             WHERE digest = %s AND direction = %s AND used IS NULL AND expires > clock_timestamp() AT TIME ZONE 'UTC'
            """,
            [tokens.digest(token), direction],
        )
        row = self.env.cr.dictfetchone()
        principal = self._principal_of(row) if row else None
        if principal is None:
            return None
        about = row["model"] or "", tuple(json.loads(row["res_ids"] or "[]"))
        return Link(row["id"], principal, row["attachment_id"], row["is_own"], row["name"], row["mimetype"], *about)

    @api.model
    def _principal_of(self, row: dict[str, object]) -> Principal | None:
        """Return whose link a row is, None where they have not the rights any more with which it was made."""
        user = self.env["res.users"].sudo().browse(row["uid"]).exists()
        if not user.active or not user.with_user(user)._mcp_native_may_connect():
            return None
        try:
            principal = self.env["mcp_native.principal"]._of_credential(row["uid"], row["kind"], row["credential_id"])
        except AccessDenied:
            return None
        return principal if self._rights(principal) == row["rights"] else None

    @api.model
    def _rights(self, principal: Principal) -> str:
        """Return a digest of what a connection may do: its scopes, its profile, the user's groups and companies."""
        rules = asdict(self.env["mcp_native.profile"]._rules_for(principal))
        del rules["decided"]  # what was asked so far
        user = self.env["res.users"].sudo().browse(principal.uid)
        facts = [principal.scopes, rules, group_ids(user), user.company_ids.ids]
        return hashlib.sha256(json.dumps(facts, default=sorted, sort_keys=True).encode()).hexdigest()

    @api.model
    def _readable(self, link: Link) -> models.BaseModel:
        """Return the attachment of a link, with the superuser's rights; none where the user may not read it (now).

        In the environment of the user of the link.
        """
        attachment = self.env["ir.attachment"].browse(link.attachment_id)
        about = (link.model, link.ids) if link.is_own else (attachment._name, attachment.ids)
        with narrowed(self.env["mcp_native.profile"]._rules_for(link.principal)):
            is_open = self._all_readable(*about)
        return attachment.sudo().exists() if is_open else attachment.browse()

    @api.model
    def _all_readable(self, model: str, ids: Iterable[int]) -> bool:
        """Whether the user may read those of the records that are still there; nothing in particular may be read."""
        if not model or model not in self.env:
            return not model
        there = self.env[model].browse(ids).exists()
        return has_model_access(there, "read") and filtered_access(there, "read") == there

    @api.model
    def _use_up(self, link: Link) -> None:
        """Let nobody use a link again, within the transaction: who tries at the same time is replayed by Odoo."""
        self.env.cr.execute(
            "UPDATE mcp_native_file_link SET used = clock_timestamp() AT TIME ZONE 'UTC' WHERE id = %s",
            [link.record_id],
        )

    # -- answers that are kept

    @api.model
    def _without_tokens(self, text: str) -> str:
        """Return an answer as it may be kept: addresses with the number of their link in the place of its token."""
        found = {tokens.digest(token): token for token in _TOKEN.findall(text)}
        numbers = self._numbers(self.env.cr, found)
        if found.keys() - numbers.keys():  # those that were offered beside the call's transaction
            with own_cursor(self.env.registry) as cr:
                numbers |= self._numbers(cr, found)
        return _TOKEN.sub(lambda match: f"link-{numbers.get(tokens.digest(match[0]), 0)}", text)

    @api.model
    def _numbers(self, cr: object, digests: Iterable[str]) -> dict[str, int]:
        if not digests:
            return {}
        cr.execute("SELECT digest, id FROM mcp_native_file_link WHERE digest IN %s", [tuple(digests)])
        return dict(cr.fetchall())

    @api.model
    def _with_tokens(self, text: str, principal: Principal) -> str:
        """Return an answer that was kept with new tokens for those links of a connection that are still good."""
        return _KEPT.sub(lambda match: self._renewed(int(match[1]), principal) or match[0], text)

    @api.model
    def _renewed(self, link_id: int, principal: Principal) -> str | None:
        token = tokens.new(tokens.LINK)
        with own_cursor(self.env.registry) as cr:
            cr.execute(
                """
                UPDATE mcp_native_file_link SET digest = %s
                 WHERE id = %s AND uid = %s AND kind = %s AND credential_id = %s
                   AND used IS NULL AND expires > clock_timestamp() AT TIME ZONE 'UTC'
                """,
                [tokens.digest(token), link_id, principal.uid, principal.kind, principal.credential_id],
            )
            return token if cr.rowcount else None

    # -- forgetting them

    @api.autovacuum
    def _gc_ended(self) -> None:
        """Delete links that are used or over, and the files that were made for them."""
        self.env.cr.execute(
            """
            SELECT id FROM mcp_native_file_link
             WHERE used IS NOT NULL OR expires < clock_timestamp() AT TIME ZONE 'UTC'
            """
        )
        self._forget([link_id for (link_id,) in self.env.cr.fetchall()])

    @api.model
    def _forget(self, ids: Iterable[int]) -> None:
        ids = list(ids)
        if not ids:
            return
        domain = [("res_model", "=", self._name), ("res_id", "in", ids)]
        self.env["ir.attachment"].sudo().search(domain).unlink()
        self.env.cr.execute("DELETE FROM mcp_native_file_link WHERE id IN %s", [tuple(ids)])
        self.invalidate_model()


def note_sent(registry: Registry, link_id: int, count: int, size: int) -> None:
    """Count bytes that a link has sent, in a transaction of their own. It is used up when they are the whole file.

    Parts may be sent again and in any order: what counts is that as many bytes went out as the file has.

    :param size: bytes of the file
    """
    with own_cursor(registry) as cr:
        cr.execute(
            """
            UPDATE mcp_native_file_link
               SET sent = least(sent::bigint + %(count)s, %(size)s),
                   used = CASE WHEN sent::bigint + %(count)s >= %(size)s
                           THEN clock_timestamp() AT TIME ZONE 'UTC' ELSE used END
             WHERE id = %(link)s
            """,
            {"count": count, "size": size, "link": link_id},
        )


def safe_name(name: str) -> str:
    """Return the name of a file as any file system and header takes it: no folders, no controls, not too long."""
    plain = " ".join(_NOT_IN_NAMES.sub(" ", name).split()).strip(". ") or "file"
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= MAX_NAME or not dot or len(ending) > 10:
        return plain[:MAX_NAME].rstrip(". ")
    return f"{stem[: MAX_NAME - len(ending) - 1].rstrip('. ')}.{ending}"


def safe_type(mimetype: str) -> str:
    """Return a MIME type without parameters (RFC 6838, section 4.2), the unknown one for anything else."""
    plain = (mimetype or "").partition(";")[0].strip().lower()
    return plain if _TYPE.fullmatch(plain) else UNKNOWN_TYPE
