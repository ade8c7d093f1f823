# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Between the wire and the toolsets: one MCP service for one principal in one environment."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import nullcontext
from functools import cached_property
from typing import Any, TypeVar
from uuid import uuid4

from odoo import api
from odoo.service.model import retrying
from odoo.sql_db import BaseCursor

from ..compat import REPLAYED, module_version
from ..models.limits import Throttle
from ..models.principal import WRITE_SCOPE, Principal
from ..orm.access import explain
from ..orm.changes import unrecorded
from ..orm.errors import ToolError
from ..orm.narrowing import narrowed
from ..orm.render import bounded
from ..orm.rules import Rules
from ..protocol import (
    Call,
    Cancelled,
    InputRequired,
    InternalError,
    InvalidParams,
    McpError,
    ToolResult,
)
from ..protocol.arguments import check
from ..protocol.coercion import coerce
from .arguments import COMPANIES, LANGUAGES, ZONES
from .consent import ConsentNeeded, Interrupted
from .contents import Contents, unknown
from .declare import Declaration, PromptDeclaration, ResourceDeclaration, ToolDeclaration
from .instructions import instructions
from .mcp_native_toolset import Declared, answering
from .running import BUSINESS_ERRORS, AskedBack
from .savepoint import call_savepoint
from .writing import Writing

_logger = logging.getLogger(__name__)
_T = TypeVar("_T")
_Kind = TypeVar("_Kind", bound=Declaration)

KEPT_FOR = 300_000


class McpService(Contents):
    """Answers the methods of the protocol with the rights of one principal.

    :param env: the environment of the principal's user; its context holds nothing from the client
    :param principal: user, credential and scopes
    :param reference: what the client is told to quote when something breaks, and the server's log has: the request's id
    :param throttle: counts the requests; nothing is counted without it
    :param toolsets: the groups of declarations that this connection asked for, None for all
    """

    def __init__(
        self,
        env: api.Environment,
        principal: Principal,
        reference: str | None = None,
        throttle: Throttle | None = None,
        toolsets: frozenset[str] | None = None,
    ) -> None:
        self.toolsets = toolsets
        self.throttle = throttle
        self.env = env
        self.principal = principal
        self.reference = reference or uuid4().hex[:16]
        self._registry = env.registry
        self._context = dict(env.context)
        self._toolset = env["mcp_native.toolset"]

    # -- who we are

    def server_info(self) -> dict[str, Any]:
        """Return the ``Implementation`` object of the protocol."""
        return {"name": "mcp_native", "title": "Odoo", "version": module_version("mcp_native")}

    def capabilities(self) -> dict[str, Any]:
        """Return what has a handler and content for this principal; nothing is pushed, so no ``listChanged``."""
        found: dict[str, Any] = {"tools": {}}
        if self._offered(ResourceDeclaration):
            found["resources"] = {}
        if self._offered(PromptDeclaration):
            found["prompts"] = {}
        if self._completions():
            found["completions"] = {}
        return found

    def instructions(self) -> str:
        """Return what an assistant should know before its first call (at most 2,000 characters)."""
        return self.env["mcp_native.tool.wording"]._renamed(instructions(self.narrowed_env, self.rules))

    def kept_for(self, uri: str | None = None) -> int:
        """Return for how many milliseconds a client may keep a resource, or lists.

        Lists not at all while it may only read: once its user allows more, it would go on without the tools for that.
        """
        if uri is not None:
            found = self._resource_at(uri)
            return found[0].declaration.kept_for if found else 0
        return KEPT_FOR if WRITE_SCOPE in self.principal.scopes else 0

    def state_context(self) -> str:
        """Return what a signed ``requestState`` is bound to besides method and arguments."""
        principal = self.principal
        return f"{self._registry.db_name}:{principal.uid}:{principal.kind}:{principal.credential_id}"

    def admit(self, call: Call) -> ToolResult | None:
        """Count a request, and return what a tool that is refused answers, None for all that goes on.

        :raise RateLimited: it is another method, or a client that was told often enough: HTTP 429
        :raise Stopped: the same of a connection that is stopped: HTTP 403
        """
        if self.throttle is None:
            return None
        is_tool, name = call.method == "tools/call", str(call.params.get("name"))
        arguments = call.params.get("arguments")
        arguments = arguments if isinstance(arguments, dict) else {}
        run = self._run_by(name, arguments) if is_tool else []
        writes = 0 if arguments.get("dry_run") is True else sum(not self._toolset._is_read_only(one) for one in run)
        refusal = self.throttle.admit(calls=max(len(run), 1), writes=writes)
        if refusal is None:
            return None
        if not is_tool or refusal.firm:
            raise refusal.error
        self._note_tool(call, name)
        call.facts["error"] = type(refusal.error).__name__
        return ToolResult.of(refusal.text, is_error=True)

    # -- tools

    def tools(self) -> list[dict[str, Any]]:
        """Return the tools of this principal; a credential without the write scope sees no tool that writes."""
        listed = [item.declaration for item in self._tools.values() if item.declaration.is_listed]
        return [declaration.shown(self._matters, self._asked_options) for declaration in listed]

    def streaming(self, tool: str) -> frozenset[str]:
        """Return what a tool may send while it works: a part of ``progress``, ``logging``."""
        item = self._tools.get(self._toolset._name_today(tool))
        if item is None:
            return frozenset()
        return frozenset(name for name in ("progress", "logging") if getattr(item.declaration, name))

    def call_tool(self, call: Call, name: str, arguments: dict[str, Any]) -> ToolResult | InputRequired:
        """Run a tool in a savepoint of its own; a failed call leaves no trace.

        One that may write does so only with the consent that the profile asks for.

        :raise WriteScopeNeeded: it changes data, and the person who logged in may allow the client to, but did not
        :raise InvalidParams: this principal has no such tool
        :raise InternalError: something broke; the text holds only a reference to the server's log
        """
        self._note_tool(call, name)
        item = self._tool(name)
        declaration = item.declaration
        call.facts["tool"] = declaration.name
        try:
            checked = check(declaration.input_schema, arguments)
            if declaration.read_only:
                return self._run(call, item, checked)
            return Writing.of(self, call, item, checked).answer()
        except BUSINESS_ERRORS as exception:
            return ToolResult.of(self.explained(call, exception), is_error=True)

    def carry_out(
        self, call: Call, name: str, arguments: dict[str, Any], *, stamps: dict[str, dict[str, str]], level: str
    ) -> ToolResult:
        """Run a tool that a person agreed to, with what this principal may do now.

        :param arguments: as they were checked when it was asked for
        :param stamps: the versions of the records that the person saw
        :param level: what was agreed to: everything up to ``confirm`` or ``approve``
        :return: the answer; a refusal is one too (``is_error``), and has left no trace
        :raise Outdated: records are no longer what the person saw; nothing was done
        :raise InternalError: something broke; the text holds only a reference to the server's log
        """
        call.facts["tool"] = name
        try:
            item = self._tool(name)
            return Writing(self, call, item, arguments).carry_out(stamps, level)
        except BUSINESS_ERRORS as exception:
            return ToolResult.of(self.explained(call, exception), is_error=True)
        except (InvalidParams, WriteScopeNeeded) as exception:
            return ToolResult.of(str(exception), is_error=True)
        except ConsentNeeded:
            return ToolResult.of("The MCP profile asks for more than a confirmation by now.", is_error=True)

    # -- a transaction of one's own, for streams

    def detached(self, work: Callable[[McpService], _T]) -> _T:
        """Run ``work`` with a service that has a cursor of its own, replayed by Odoo on conflicts, then committed.

        For streams: there the request's cursor is closed and another thread is at work.
        """
        threading.current_thread().dbname = self._registry.db_name
        with self._registry.cursor() as cr:
            env = api.Environment(cr, self.principal.uid, self._context)
            return retrying(lambda: work(self._like(env)), env)

    # -- runs

    def on(self, cr: BaseCursor) -> McpService:
        """Return the same service on another cursor."""
        twin = self._like(api.Environment(cr, self.principal.uid, self._context))
        twin.rules = self.rules
        return twin

    def invoke(self, item: Declared, arguments: dict[str, Any]) -> Any:
        """Call a declared method; a tool's text becomes a result.

        :raise AskedBack: it asks the person first
        """
        with unrecorded() if item.declaration.is_taken_back else nullcontext():
            result = item.run(self._working_env, arguments)
        if isinstance(result, InputRequired):
            raise AskedBack(result)
        if isinstance(item.declaration, ToolDeclaration) and isinstance(result, str):
            return ToolResult.of(self._bounded(result))
        return result

    def guarded(self, call: Call, run: Callable[[], _T], *, reading: bool = False, passes: bool = False) -> _T:
        """Run something as the answer to a call, within its profile; what it wrote stays only if it ends well.

        Parameters as for ``call_savepoint``.

        :raise Interrupted: it ended itself
        :raise InternalError: it broke; the text holds only a reference to the server's log
        """
        call.facts["principal"] = self.principal
        try:
            savepoint = call_savepoint(self.env.cr, reading=reading, passes=passes)
            with answering(call, self), savepoint, narrowed(self.rules):
                return run()
        except (*BUSINESS_ERRORS, *REPLAYED, Interrupted, McpError, Cancelled):
            raise
        except Exception as exception:
            raise self._broken(call, exception) from exception

    def explained(self, call: Call, exception: Exception) -> str:
        """Return what the assistant is told about one of ``BUSINESS_ERRORS``, and note it for the log."""
        call.facts["error"] = type(exception).__name__
        model = call.facts.get("model")
        with narrowed(self.rules):
            return explain(self.env, exception, model if model in self.env else None)

    # -- inner parts

    @cached_property
    def rules(self) -> Rules:
        """What the principal's profile says."""
        return self.env["mcp_native.profile"]._rules_for(self.principal)

    @cached_property
    def _tools(self) -> dict[str, Declared]:
        """The tools of this principal, by name, in the order of their names."""
        offered = self._offered(ToolDeclaration)
        may_write = WRITE_SCOPE in self.principal.scopes and self.rules.can_change
        return {item.declaration.name: item for item in offered if may_write or item.declaration.read_only}

    @property
    def _matters(self) -> frozenset[str]:
        """Which of the arguments that are not always shown can make a difference (``arguments.WHEN``)."""
        found = {
            COMPANIES: len(self.env.user.company_ids) > 1,
            LANGUAGES: len(self.env["res.lang"].get_installed()) > 1,
            ZONES: not self.env.user.tz,
        }
        return frozenset(name for name, matters in found.items() if matters)

    @property
    def _asked_options(self) -> frozenset[str]:
        """The options of writing tools that are shown: those that this profile has a use for.

        Whoever repeats calls by program knows of ``idempotency_key`` from the instructions.
        """
        return frozenset({"dry_run", "confirmation", "reason"} if self.rules.may_ask else {"dry_run"})

    def _offered(self, kind: type[_Kind]) -> list[Declared]:
        """Return what user and profile have of one kind, and the connection asked for."""
        with narrowed(self.rules):
            offered = self._toolset._offered(kind)
        if self.toolsets is None:
            return offered
        groups = self._toolset._groups()
        return [item for item in offered if groups[item.model] in self.toolsets]

    @cached_property
    def narrowed_env(self) -> api.Environment:
        """The environment with the companies and the language of the profile, where it names any."""
        rules, env = self.rules, self.env
        context = {"lang": rules.lang} if rules.lang else {}
        own = env.company | env.user.company_ids if rules.companies else ()
        if companies := [company.id for company in own if company.id in rules.companies]:
            context["allowed_company_ids"] = companies
        return env(context={**self._context, **context}) if context else env

    @property
    def _working_env(self) -> api.Environment:
        """The environment in which what is declared runs.

        :raise ToolError: the profile is for companies that are none of the user's
        """
        if self.rules.companies and not self.rules.companies & set(self.env.user.company_ids.ids):
            raise ToolError(f'The MCP profile "{self.rules.name}" is for companies that you do not work in.')
        return self.narrowed_env

    def _note_tool(self, call: Call, name: str) -> None:
        """Tell the log which tool a call is for: later, in a stream, its request's cursor is closed."""
        call.facts.update(tool=name, writes=not self._toolset._is_read_only(name))

    def _tool(self, name: str) -> Declared:
        name = self._toolset._name_today(name)
        if name in self._tools:
            return self._tools[name]
        if name in {item.declaration.name for item in self._offered(ToolDeclaration)}:
            raise self._write_refused(name)
        raise InvalidParams(unknown("tool", name, self._tools))

    def _like(self, env: api.Environment) -> McpService:
        """Return the same service in another environment, which counts nothing."""
        return McpService(env, self.principal, self.reference, toolsets=self.toolsets)

    def _run_by(self, name: str, arguments: dict[str, Any]) -> list[str]:
        """Return the names of the tools that a call runs, as it came: more than one for a batch."""
        item = self._tools.get(self._toolset._name_today(name))
        if item is None or item.declaration.parts is None:
            return [name]
        schema = item.declaration.input_schema
        return getattr(self.env[item.model], item.declaration.parts)(coerce(schema, arguments, schema)) or [name]

    def _write_refused(self, name: str) -> Exception:
        """Return why a tool that changes data is refused: a client that logged in can ask its user for more."""
        if not self.rules.can_change:
            return InvalidParams(f'{name} changes data; the MCP profile "{self.rules.name}" lets nothing be changed.')
        if self.principal.kind == "oauth_grant":
            return WriteScopeNeeded(f"{name} changes data, but this connection may only read.")
        return InvalidParams(f"{name} changes data, but this key is read only.")

    def _run(self, call: Call, item: Declared, arguments: dict[str, Any]) -> Any:
        """Run a declared method that only reads."""
        try:
            passes = item.declaration.is_taken_back
            return self.guarded(call, lambda: self.invoke(item, arguments), reading=True, passes=passes)
        except AskedBack as asked:
            return asked.required

    def _bounded(self, text: str) -> str:
        return bounded(text, self.rules.max_characters) if self.rules.max_characters else bounded(text)

    def _broken(self, call: Call, exception: Exception) -> InternalError:
        _logger.exception("MCP call %s failed, reference %s", call.facts.get("tool") or call.method, self.reference)
        call.facts["error"] = type(exception).__name__
        return InternalError(f"Internal error, reference {self.reference}. The server's log has the details.")


class WriteScopeNeeded(Exception):
    """A client may only read, and asked for a change: it can log in again and ask for more."""
