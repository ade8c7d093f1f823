# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The methods of the protocol: params checked, the service asked, the result put into the shape of the revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .content import InputRequired, ToolResult, for_version
from .errors import InvalidParams, MethodNotFound, ResourceNotFound
from .paging import page
from .versions import LEGACY, SUPPORTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from .call import Call
    from .rounds import Rounds
    from .service import Service

CACHEABLE = frozenset(
    (
        "server/discover",
        "tools/list",
        "prompts/list",
        "resources/list",
        "resources/templates/list",
        "resources/read",
    )
)
"""The methods whose complete results say how long a client may keep them (2026-07-28)."""

MAX_COMPLETIONS = 100
SERVER_INFO = "io.modelcontextprotocol/serverInfo"
NOT_ASKABLE = "This needs an answer from the user, and this client's version of the protocol has no way to ask."


class Methods:
    """The methods for one service."""

    def __init__(self, service: Service, rounds: Rounds) -> None:
        self._service = service
        self._rounds = rounds
        self._both: dict[str, Callable[[Call], dict[str, Any]]] = {
            "tools/list": self._list("tools", service.tools),
            "tools/call": self._call_tool,
            "prompts/list": self._list("prompts", service.prompts),
            "prompts/get": self._get_prompt,
            "resources/list": self._list("resources", service.resources),
            "resources/templates/list": self._list("resourceTemplates", service.resource_templates),
            "resources/read": self._read_resource,
            "completion/complete": self._complete,
        }
        self._modern = {"server/discover": self._discover}
        self._legacy: dict[str, Callable[[Call], dict[str, Any]]] = {
            "initialize": self._initialize,
            "ping": self._empty,
            "logging/setLevel": self._empty,
            "resources/subscribe": self._empty,
            "resources/unsubscribe": self._empty,
        }

    def answer(self, call: Call, strict: bool) -> dict[str, Any]:
        """Return the result of a call.

        :param strict: the transport is that of 2026-07-28, which has no legacy methods
        :raise McpError: the method does not exist, its params are wrong, or the service says so
        """
        method = self._both.get(call.method)
        if method is None and call.modern:
            method = self._modern.get(call.method)
        if method is None and not strict:
            method = self._legacy.get(call.method)
        if method is None:
            raise MethodNotFound(f"Method not found: {call.method[:100]}")
        result = method(call)
        return self._decorated(call, result) if call.modern else result

    def refusal(self, call: Call) -> dict[str, Any] | None:
        """Return what a call is answered without being run, None if it is to be run.

        :raise McpError: the service says so
        """
        refused = self._service.admit(call)
        if refused is None:
            return None
        result = refused.to_wire(call.version)
        return self._decorated(call, result) if call.modern else result

    def _decorated(self, call: Call, result: dict[str, Any]) -> dict[str, Any]:
        result.setdefault("resultType", "complete")
        if call.method in CACHEABLE and result["resultType"] == "complete":
            is_read = call.method == "resources/read"
            result["ttlMs"] = self._service.kept_for(call.params["uri"] if is_read else None)
            result["cacheScope"] = "private"
        result["_meta"] = {**result.get("_meta", {}), SERVER_INFO: self._service.server_info()}
        return result

    def _discover(self, call: Call) -> dict[str, Any]:
        result = {"supportedVersions": list(SUPPORTED), "capabilities": self._service.capabilities()}
        return self._instructed(result)

    def _initialize(self, call: Call) -> dict[str, Any]:
        requested = _text(call.params, "protocolVersion")
        result = {
            "protocolVersion": requested if requested in LEGACY else LEGACY[0],
            "capabilities": self._service.capabilities(),
            "serverInfo": self._service.server_info(),
        }
        return self._instructed(result)

    def _instructed(self, result: dict[str, Any]) -> dict[str, Any]:
        instructions = self._service.instructions()
        if instructions:
            result["instructions"] = instructions
        return result

    def _empty(self, call: Call) -> dict[str, Any]:
        return {}

    def _list(self, member: str, items: Callable[[], list[dict[str, Any]]]) -> Callable[[Call], dict[str, Any]]:
        def answer(call: Call) -> dict[str, Any]:
            entries, cursor = page(items(), call.params, call.method)
            return {member: entries} if cursor is None else {member: entries, "nextCursor": cursor}

        return answer

    def _call_tool(self, call: Call) -> dict[str, Any]:
        name, arguments = tool_call(call)
        result = self._ask(call, lambda: self._service.call_tool(call, name, arguments))
        if not isinstance(result, InputRequired):
            return result.to_wire(call.version)
        if call.modern:
            return self._rounds.to_wire(call, result)
        return ToolResult.of(NOT_ASKABLE, is_error=True).to_wire(call.version)

    def _get_prompt(self, call: Call) -> dict[str, Any]:
        name, arguments = _text(call.params, "name"), _texts(call.params, "arguments")
        result = self._ask(call, lambda: self._service.get_prompt(call, name, arguments))
        if isinstance(result, InputRequired):
            return self._asked(call, result)
        messages = [
            {**message, "content": for_version([message["content"]], call.version)[0]} for message in result["messages"]
        ]
        return {**result, "messages": messages}

    def _read_resource(self, call: Call) -> dict[str, Any]:
        uri = _text(call.params, "uri")
        result = self._ask(call, lambda: self._service.read_resource(call, uri))
        if isinstance(result, InputRequired):
            return self._asked(call, result)
        if not result:
            raise ResourceNotFound(uri)
        return {"contents": result}

    def _complete(self, call: Call) -> dict[str, Any]:
        ref, argument = _object(call.params, "ref"), _object(call.params, "argument")
        members = {"ref/prompt": "name", "ref/resource": "uri"}
        kind = ref.get("type")
        if not isinstance(kind, str) or kind not in members:
            raise InvalidParams("ref.type must be ref/prompt or ref/resource")
        _text(ref, members[kind])
        pair = {"name": _text(argument, "name"), "value": _text(argument, "value")}
        context = _texts(call.params["context"] if _given(call.params, "context") else {}, "arguments")
        values = self._service.complete(call, ref, pair, context)
        kept = values[:MAX_COMPLETIONS]
        more = len(values) > len(kept)
        total = {} if more else {"total": len(kept)}
        return {"completion": {"values": kept, **total, "hasMore": more}}

    def _ask(self, call: Call, ask: Callable[[], Any]) -> Any:
        return self._rounds.answer(call, ask) if call.modern else ask()

    def _asked(self, call: Call, asked: InputRequired) -> dict[str, Any]:
        if call.modern:
            return self._rounds.to_wire(call, asked)
        raise InvalidParams(NOT_ASKABLE)


def tool_call(call: Call) -> tuple[str, dict[str, Any]]:
    """Return name and arguments of a ``tools/call``.

    :raise InvalidParams: they are of a wrong type
    """
    return _text(call.params, "name"), _object(call.params, "arguments") if _given(call.params, "arguments") else {}


def _given(params: dict[str, Any], name: str) -> bool:
    return params.get(name) is not None


def _text(params: dict[str, Any], name: str) -> str:
    value = params.get(name)
    if not isinstance(value, str):
        raise InvalidParams(f"{name} must be a string")
    return value


def _object(params: dict[str, Any], name: str) -> dict[str, Any]:
    value = params.get(name)
    if not isinstance(value, dict):
        raise InvalidParams(f"{name} must be an object")
    return value


def _texts(params: Any, name: str) -> dict[str, str]:
    if not isinstance(params, dict):
        raise InvalidParams("context must be an object")
    if not _given(params, name):
        return {}
    values = _object(params, name)
    if not all(isinstance(value, str) for value in values.values()):
        raise InvalidParams(f"the values of {name} must be strings")
    return values
