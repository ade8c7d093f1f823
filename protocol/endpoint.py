# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The endpoint: one HTTP request in, one HTTP reply out, for all revisions in ``versions``.

The order of checks is that of the specification: verb, ``Accept``, JSON, kind of message, shape; then, under
2026-07-28, repeated headers, ``_meta``, version header, method header, version, ``Mcp-Name``, ``Mcp-Param-*``; last the
method itself. Authentication, origin and size were checked before.

One way out for errors: an ``McpError`` becomes a reply here, and every other exception passes through, so that the
caller rolls back, replays or reports it. Only in a stream, where nobody is left to catch it, it ends here, logged under
a reference number.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import incoming, jsonrpc, sse
from .call import Call, Cancelled
from .errors import InternalError, InvalidRequest, McpError, http_status
from .exchange import Exchange, Outcome
from .headers import VERSION_HEADER, Headers, check_parameters
from .http import HttpReply, HttpRequest
from .incoming import Era
from .methods import Methods, tool_call
from .rounds import Rounds
from .versions import ASSUMED, BATCHING

if TYPE_CHECKING:
    from .service import Service

MAX_BATCH = 50
EVENT_STREAM = "text/event-stream"
ACCEPTABLE = frozenset(("*/*", "application/*", "application/json", "text/*", EVENT_STREAM))

_logger = logging.getLogger(__name__)


Observe = Callable[[Call, Outcome], None]


class Endpoint:
    """The wire for one service, that is for one principal.

    :param state_key: secret that signs ``requestState``, the same in all workers
    :param observe: called once for each request or notification that was answered, for the log; for a stream in the
        stream's thread, at its end; never when an exception passes through
    :param reference: what the client is told to quote when a stream breaks, and the log has; made up when left out
    """

    def __init__(
        self, service: Service, *, state_key: bytes, observe: Observe | None = None, reference: str | None = None
    ) -> None:
        self._reference = reference or uuid.uuid4().hex[:8]
        self._service = service
        self._state_key = state_key
        self._observe = observe

    def answer(self, request: HttpRequest) -> HttpReply:
        """Answer one HTTP request. Exceptions that are not ``McpError`` go through untouched."""
        if request.method != "POST":
            return _refusal(405, InvalidRequest("Send JSON-RPC messages by POST"), {"Allow": "POST"})
        headers = Headers(request.headers)
        accepted = headers.media_types()
        if accepted is not None and ACCEPTABLE.isdisjoint(accepted):
            return _refusal(406, InvalidRequest(f"The answer is application/json or {EVENT_STREAM}"))
        try:
            body = jsonrpc.parse(request.body)
            if isinstance(body, list):
                return self._answer_batch(body, headers)
        except McpError as error:
            return _refusal(http_status(error.code, modern=True), error)
        params = body.get("params") if isinstance(body, dict) else None
        era = incoming.era_of(headers, params)
        return self._answer_message(Exchange(body, era, len(request.body)), headers)

    def _answer_message(self, exchange: Exchange, headers: Headers) -> HttpReply:
        self._prepare(exchange, headers)
        self._admit(exchange)
        if exchange.waits:
            if self._streams(exchange.call, headers):
                return HttpReply(200, dict(sse.HEADERS), stream=sse.stream(lambda emit: self._stream(exchange, emit)))
            self._execute(exchange)
        self._note(exchange)
        return HttpReply(exchange.status, _json_headers(exchange.answer), exchange.answer)

    def _answer_batch(self, body: list[Any], headers: Headers) -> HttpReply:
        """Answer an array of messages in their order (2025-03-26, basic/transports).

        :raise InvalidRequest: this revision has no batches, or there are none or too many messages in it
        """
        version = headers.get(VERSION_HEADER) or ASSUMED
        if version not in BATCHING:
            raise InvalidRequest("This protocol version has no batches")
        if not 0 < len(body) <= MAX_BATCH:
            raise InvalidRequest(f"A batch has from 1 to {MAX_BATCH} messages")
        era = Era(version, strict=False, modern=False)
        exchanges = [self._answer_entry(entry, era, headers) for entry in body]
        for exchange in exchanges:
            self._note(exchange)
        answers = [exchange.answer for exchange in exchanges if exchange.answer]
        if not answers:
            return HttpReply(202)
        content = b"[" + b",".join(answers) + b"]"
        return HttpReply(200, _json_headers(content), content)

    def _answer_entry(self, entry: Any, era: Era, headers: Headers) -> Exchange:
        exchange = Exchange(entry, era, len(jsonrpc.dumps(entry)))
        self._prepare(exchange, headers)
        if exchange.waits and exchange.call.method == "initialize":
            exchange.fail(InvalidRequest("initialize cannot be part of a batch"))
        self._admit(exchange)
        if exchange.waits:
            self._execute(exchange)
        return exchange

    def _prepare(self, exchange: Exchange, headers: Headers) -> None:
        """Note the call of a message; of a message that breaks a rule, note the error as the answer."""
        era = exchange.era
        try:
            message = jsonrpc.classify(exchange.message)
            if isinstance(message, jsonrpc.Request):
                exchange.call = incoming.opened(message, era)
                if era.strict:
                    incoming.check(message, headers)
                incoming.take_options(exchange.call, message)
                if era.strict and message.method == "tools/call":
                    self._check_parameters(exchange.call, headers)
            elif isinstance(message, jsonrpc.Notification):
                exchange.call = Call(None, message.method, version=era.version, modern=era.modern)
            elif era.strict:
                raise InvalidRequest("This server sends no requests, so there is nothing to respond to")
        except McpError as error:
            exchange.fail(error)

    def _check_parameters(self, call: Call, headers: Headers) -> None:
        name, arguments = tool_call(call)
        for tool in self._service.tools():
            if tool["name"] == name:
                check_parameters(headers, tool["inputSchema"], arguments)

    def _admit(self, exchange: Exchange) -> None:
        """Answer a request at once that the service does not let pass."""
        if not exchange.waits:
            return
        try:
            refused = self._methods(self._service).refusal(exchange.call)
            if refused is not None:
                exchange.succeed(refused)
        except McpError as error:
            exchange.fail(error)

    def _execute(self, exchange: Exchange) -> None:
        try:
            exchange.succeed(self._result(self._service, exchange))
        except McpError as error:
            exchange.fail(error)

    def _result(self, service: Service, exchange: Exchange) -> dict[str, Any]:
        return self._methods(service).answer(exchange.call, exchange.era.strict)

    def _methods(self, service: Service) -> Methods:
        return Methods(service, Rounds(self._state_key, service.state_context()))

    def _streams(self, call: Call, headers: Headers) -> bool:
        """Whether the answer is a stream: the tool reports something, and the client asked to hear it."""
        name = call.params.get("name")
        if (
            call.method != "tools/call"
            or not isinstance(name, str)
            or EVENT_STREAM not in (headers.media_types() or ())
        ):
            return False
        reports = self._service.streaming(name)
        wants_log = call.log_level is not None or not call.modern
        return ("progress" in reports and call.progress_token is not None) or ("logging" in reports and wants_log)

    def _stream(self, exchange: Exchange, emit: sse.Emit) -> None:
        """Run a tool in the thread of its stream, in a transaction of its own."""
        exchange.call.reporter = emit
        try:
            # The answer is written before the commit: one that cannot be written must not leave a trace.
            self._service.detached(lambda service: exchange.succeed(self._result(service, exchange)))
        except McpError as error:
            exchange.fail(error)
        except Cancelled:
            exchange.cancel()
        except Exception as exception:
            _logger.exception("Internal error %s in %s", self._reference, exchange.call.method)
            exchange.call.facts["error"] = type(exception).__name__
            exchange.fail(InternalError(f"Internal error (reference {self._reference})"))
        try:
            self._note(exchange)
        finally:
            if exchange.answer:
                emit(exchange.answer)

    def _note(self, exchange: Exchange) -> None:
        if self._observe is not None and exchange.call is not None:
            self._observe(exchange.call, exchange.outcome())


def _refusal(status: int, error: McpError, headers: dict[str, str] | None = None) -> HttpReply:
    """Return the reply to something that is no message at all."""
    content = jsonrpc.dumps(jsonrpc.error_message(None, error, modern=True))
    return HttpReply(status, {**_json_headers(content), **(headers or {})}, content)


def _json_headers(content: bytes) -> dict[str, str]:
    return {"Content-Type": "application/json"} if content else {}
