# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sends and takes files at the addresses of ``mcp_native.file.link``."""

from __future__ import annotations

import io
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound, UnprocessableEntity
from werkzeug.utils import send_file

from odoo import http
from odoo.http import request
from odoo.models import BaseModel

from ..models import settings
from ..models.mcp_native_file_link import DOWNLOAD, PATH, UPLOAD, Link, note_sent
from ..orm.rules import APPROVE
from ..protocol import Call
from ..protocol.exchange import Outcome
from ..toolsets.service import McpService
from . import request_line  # noqa: F401  keeps tokens out of the server's log
from .call_log import CallLog
from .dispatcher import Asked, PublicDispatcher, read_body, request_id
from .mcp import request_throttle

_logger = logging.getLogger(__name__)

GONE = "This link is unknown, was used, is over, or the right to the file is gone. Ask for another one."

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""Of every answer: nothing keeps it, runs it, guesses its type, or tells the address to others."""

SENDING, TAKING = ("GET", "HEAD"), ("PUT", "POST")
ROUTES = [path + PATH + end for path in settings.PATHS for end in ("<string:token>", "<string:token>/<path:name>")]


class FileDispatcher(PublicDispatcher):
    """For links to files: every failure is one line of text, the same for all that is wrong with a link."""

    routing_type = "mcp_native_file"

    def handle_error(self, exc: Exception) -> http.Response:
        status, error = self._failure(exc)
        response = http.Response(f"{error.message}\n", status, content_type="text/plain; charset=utf-8")
        if isinstance(exc, HTTPException):
            self._copy_own(exc, response.headers)
        response.headers.update(HEADERS)
        self._set_headers(response.headers)
        taking = self.request.httprequest.method in TAKING
        self._log_death(Asked(method="files/upload" if taking else "files/download"), exc)
        return response

    def _origin(self) -> str | None:
        return None


class FileController(http.Controller):
    """One address for each link, which needs no token beside it."""

    @http.route(ROUTES, type="mcp_native_file", auth="none", csrf=False, save_session=False, readonly=False)
    def file(self, token: str, name: str = "") -> http.Response:
        """Send the file of a link, the whole or a part of it (RFC 9110, section 14), or take one."""
        started = time.perf_counter()
        verb = request.httprequest.method
        if verb not in SENDING + TAKING:
            raise MethodNotAllowed(SENDING + TAKING)
        link = _opened(token, DOWNLOAD if verb in SENDING else UPLOAD)
        response = _sent(link, started) if verb in SENDING else _taken(link, started)
        response.headers.update(HEADERS)
        return response


def _opened(token: str, direction: str) -> Link:
    """Return the link of a token, and go on as its user.

    :raise NotFound: there is none, whatever is wrong with it
    :raise Forbidden: the profile lets nobody in from there, or now; or the connection is stopped
    :raise RateLimited: too many calls
    """
    if not request.db or not settings.served(request.env, request.httprequest.path.partition(PATH)[0]):
        raise NotFound(GONE)
    link = request.env["mcp_native.file.link"]._opened(token, direction)
    if link is None:
        _logger.info("MCP link to a file refused to %s", request.httprequest.remote_addr)
        raise NotFound(GONE)
    principal = request.mcp_principal = link.principal
    request.env["mcp_native.profile"]._admission(principal, request.httprequest.remote_addr)
    if refusal := request_throttle().admit(writes=direction == UPLOAD):
        raise refusal.error
    user = request.env["res.users"].with_user(principal.uid).browse(principal.uid)
    request.update_env(user=principal.uid, context=dict(user.context_get()))
    return link


def _sent(link: Link, started: float) -> http.Response:
    """Return the answer with a file, as a download whatever it is.

    :raise NotFound: the user may not read any more what it is about
    """
    attachment = request.env["mcp_native.file.link"]._readable(link)
    if not attachment:
        raise NotFound(GONE)
    source, size = _source(attachment)
    response = send_file(
        source,
        request.httprequest.environ,
        mimetype=link.mimetype,
        etag=attachment.checksum or False,
        response_class=http.Response,
    )
    response.headers["Content-Disposition"] = http.content_disposition(link.name)  # Werkzeug 2 quotes names wrongly
    if request.httprequest.method == "GET" and response.status_code in (200, 206):
        note = partial(note_sent, request.env.registry, link.record_id, size=size)
        response.response = _counted(response.response, response.content_length, note)
    # What a file was made of was counted when it was made.
    facts = {"model": link.model} if link.is_own else {"model": attachment._name, "ids": attachment.ids}
    call = Call(request_id(), "files/download", facts=facts)
    _log(call, started, response_size=response.content_length or 0)
    return response


def _source(attachment: BaseModel) -> tuple[str | io.BytesIO, int]:
    """Return where the content of an attachment is, and its size in bytes."""
    path = attachment._full_path(attachment.store_fname) if attachment.store_fname else ""
    if path and os.path.isfile(path):
        return path, os.path.getsize(path)
    content = attachment.raw or b""
    return io.BytesIO(content), len(content)


def _counted(parts: Iterable[bytes], length: int, note: Callable[[int], None]) -> Iterator[bytes]:
    """Yield the parts of an answer, and note how many bytes were sent. The request is over by then.

    Of a whole answer it is noted before the last part: who has all of it cannot be faster than the note.
    """
    sent = 0
    try:
        for part in parts:
            sent += len(part)
            if sent >= length:
                note(sent)
            yield part
        if not length:
            note(0)
    finally:
        if 0 < sent < length:
            note(sent)
        if hasattr(parts, "close"):
            parts.close()


def _taken(link: Link, started: float) -> http.Response:
    """Attach what came, as the tool does that asked for it, and return its answer.

    :raise UnprocessableEntity: the tool refused; the link is still good
    """
    content = _content(settings.upload_limit(request.env))
    request.env["mcp_native.file.link"]._use_up(link)
    call = Call(request_id(), "files/upload", facts={"upload": content})
    service = McpService(request.env, link.principal, request_id())
    arguments = {"model": link.model, "id": link.ids[0], "name": link.name}
    result = service.carry_out(call, "attach_file", arguments, stamps={}, level=APPROVE)
    text = result.content[0]["text"]
    if result.is_error:
        raise UnprocessableEntity(text)
    del call.facts["consent"]  # that was given before the link was
    _log(call, started, request_size=len(content))
    return http.Response(f"{text}\n", 201, content_type="text/plain; charset=utf-8")


def _content(limit: int) -> bytes:
    """Return the file that came: the body, or the first file of a form.

    :raise RequestEntityTooLarge: it is longer than ``limit``
    :raise BadRequest: a form without a file
    """
    httprequest = request.httprequest
    if httprequest.mimetype != "multipart/form-data":
        return read_body(httprequest, limit)
    httprequest.max_content_length = limit
    file = next(filter(None, httprequest.files.values()), None)  # one without a name is none
    if file is None:
        raise BadRequest("The form holds no file.")
    file.seek(0)  # Odoo may replay the request
    return file.read()


def _log(call: Call, started: float, *, request_size: int = 0, response_size: int = 0) -> None:
    """Write a row of the access log about what a link was used for."""
    httprequest, throttle = request.httprequest, request.mcp_throttle
    user_agent = httprequest.headers.get("User-Agent", "")
    log = CallLog(request.env, request.mcp_principal, httprequest.remote_addr, request_id(), user_agent, throttle)
    log.observe(call, Outcome("ok", None, request_size, response_size, time.perf_counter() - started))
    log.hand_over()
