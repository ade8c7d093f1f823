# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is measured, and how each is asked for the same."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .client import (
    Request,
    WrongAnswer,
    json_request,
    json_rpc_request,
    json_rpc_result,
    mcp_request,
    mcp_result,
    send,
    xml_rpc_request,
    xml_rpc_result,
)
from .scenario import (
    AGGREGATE,
    CREATE,
    DEFAULTS_LIMIT,
    DOMAIN,
    FIELDS,
    LEADS,
    LIST,
    MODEL,
    NEW_CONTACT,
    ORDER,
    READ,
    REVENUE,
    SEARCH,
    SEARCHED,
    STAGE,
    OrmCall,
    Scenario,
    orm_calls,
)

BY_LOGIN = "mcp_native, by login"
OURS, JSON_2, JSON_RPC, XML_RPC, FLOOR = "mcp_native", "/json/2", "/jsonrpc", "/xmlrpc/2", "bare controller"
MCP_SERVER_ODOO, ODOO_MCP = "mcp-server-odoo 0.9.0", "odoo-mcp 1.3.0"


@dataclass(frozen=True)
class Contestant:
    """One way to ask.

    :param calls: for each call a function that makes it once, checks the answer and returns the seconds it took
    """

    name: str
    calls: dict[str, Callable[[], float]]


@dataclass(frozen=True)
class Sizes:
    """Characters: of the list of tools, of what an assistant reads, and of the whole answer on the wire."""

    name: str
    tools: tuple[int, int] | None
    contacts: tuple[int, int]
    fields: tuple[int, int]


@dataclass(frozen=True)
class McpServer:
    """An MCP server: its address, and how it calls the tools that do what ours do.

    :param tools: for each call its tools and their arguments
    :param defaults: the tool that lists contacts and the one that describes fields, with their arguments
    """

    name: str
    port: int
    key: str | None
    tools: dict[str, tuple[str, dict[str, Any]]]
    defaults: tuple[tuple[str, dict[str, Any]], tuple[str, dict[str, Any]]]

    def request(self, tool: str, arguments: dict[str, Any]) -> Request:
        return mcp_request(self.port, "tools/call", {"name": tool, "arguments": arguments}, self.key)

    def list_request(self) -> Request:
        return mcp_request(self.port, "tools/list", {}, self.key)

    def contestant(self, scenario: Scenario) -> Contestant:
        requests = {call: self.request(*tool) for call, tool in self.tools.items()}
        requests[LIST] = self.list_request()
        return Contestant(self.name, _calls(requests, mcp_result, scenario))

    def sizes(self) -> Sizes:
        """Return how long its answers are where the caller asks for nothing in particular."""
        listed = send(self.list_request()).checked()
        tools = mcp_result(listed)["tools"]
        contacts, fields = (self._size(*tool) for tool in self.defaults)
        return Sizes(self.name, (len(tools), len(compact(tools))), contacts, fields)

    def _size(self, tool: str, arguments: dict[str, Any]) -> tuple[int, int]:
        body = send(self.request(tool, arguments)).checked()
        result = mcp_result(body)
        text = "".join(part.get("text", "") for part in result["content"])
        return len(text), len(body.decode())


def compact(content: Any) -> str:
    """Return JSON without spaces: servers differ in these, and they say nothing."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def ours(scenario: Scenario) -> McpServer:
    search = {"model": MODEL, "domain": DOMAIN, "fields": FIELDS, "limit": SEARCHED, "order": ORDER}
    tools = {
        SEARCH: ("search_records", search),
        READ: ("read_records", {"model": MODEL, "ids": [scenario.contact], "fields": FIELDS}),
        AGGREGATE: ("aggregate_records", {"model": LEADS, "group_by": [STAGE], "measures": [REVENUE]}),
        CREATE: ("create_records", {"model": MODEL, "values": [NEW_CONTACT]}),
    }
    contacts = ("search_records", {"model": MODEL, "limit": DEFAULTS_LIMIT})
    return McpServer(OURS, scenario.port, scenario.key, tools, (contacts, ("describe_model", {"model": MODEL})))


def ours_by_login(scenario: Scenario) -> McpServer:
    """Return our server as a client sees it that logged in: its token is looked up at each call."""
    return replace(ours(scenario), name=BY_LOGIN, key=scenario.token)


def mcp_server_odoo(scenario: Scenario, port: int) -> McpServer:
    search = {"model": MODEL, "domain": DOMAIN, "fields": FIELDS, "limit": SEARCHED, "order": ORDER}
    grouped = {"model": LEADS, "groupby": [STAGE], "aggregates": [REVENUE, "__count"]}
    tools = {
        SEARCH: ("search_records", search),
        READ: ("get_record", {"model": MODEL, "record_id": scenario.contact, "fields": FIELDS}),
        AGGREGATE: ("aggregate_records", grouped),
        CREATE: ("create_record", {"model": MODEL, "values": NEW_CONTACT}),
    }
    contacts = ("search_records", {"model": MODEL, "limit": DEFAULTS_LIMIT})
    return McpServer(MCP_SERVER_ODOO, port, None, tools, (contacts, ("get_fields", {"model": MODEL})))


def odoo_mcp(scenario: Scenario, port: int) -> McpServer:
    search = {"model": MODEL, "domain": DOMAIN, "fields": FIELDS, "limit": SEARCHED, "order": ORDER}
    tools = {
        SEARCH: ("search_records", search),
        READ: ("read_record", {"model": MODEL, "record_id": scenario.contact, "fields": FIELDS}),
        AGGREGATE: ("aggregate_records", {"model": LEADS, "group_by": [STAGE], "measures": [REVENUE]}),
    }
    contacts = ("search_records", {"model": MODEL, "limit": DEFAULTS_LIMIT})
    return McpServer(ODOO_MCP, port, None, tools, (contacts, ("get_model_fields", {"model": MODEL})))


def odoo_mcp_contestant(server: McpServer, scenario: Scenario) -> Contestant:
    """Return odoo-mcp, which creates in two steps: a validation, and the write that it approved."""
    validate = server.request("validate_write", {"model": MODEL, "operation": "create", "values": NEW_CONTACT})

    def create() -> float:
        first = send(validate)
        approval = json.loads(mcp_result(first.checked())["content"][0]["text"])["approval"]
        second = send(server.request("execute_approved_write", {"approval": approval, "confirm": True}))
        _check(compact(mcp_result(second.checked())), '"success":true')
        return first.seconds + second.seconds

    found = server.contestant(scenario)
    return Contestant(found.name, {**found.calls, CREATE: create})


def odoo_interfaces(scenario: Scenario) -> list[Contestant]:
    """Return Odoo's own interfaces and the bare controller."""
    calls = orm_calls(scenario.series, scenario.contact)
    account = [scenario.database, scenario.uid, scenario.key]
    rpc = {name: [*account, *call.rpc()] for name, call in calls.items()}
    json_rpc = {name: json_rpc_request(scenario.port, call) for name, call in rpc.items()}
    xml_rpc = {name: xml_rpc_request(scenario.port, call) for name, call in rpc.items()}
    bare = {name: json_request(scenario.port, f"/mcp_native_bench/{path_of(name)}", {}) for name in [*calls, LIST]}
    found = [
        Contestant(JSON_RPC, _calls(json_rpc, json_rpc_result, scenario)),
        Contestant(XML_RPC, _calls(xml_rpc, xml_rpc_result, scenario)),
        Contestant(FLOOR, _calls(bare, json.loads, scenario)),
    ]
    if scenario.has_json_2:
        json_2 = {name: json_2_request(scenario, call) for name, call in calls.items()}
        found.insert(0, Contestant(JSON_2, _calls(json_2, json.loads, scenario)))
    return found


def json_2_request(scenario: Scenario, call: OrmCall) -> Request:
    content = {**call.arguments, **({"ids": call.ids} if call.ids else {})}
    headers = {"Authorization": f"Bearer {scenario.key}"}
    return json_request(scenario.port, f"/json/2/{call.model}/{call.method}", content, headers)


def odoo_sizes(scenario: Scenario) -> Sizes:
    """Return how long Odoo's own answers are when no fields are named, by ``/json/2`` or ``/jsonrpc``."""
    contacts = OrmCall(MODEL, "search_read", [], {"limit": DEFAULTS_LIMIT})
    fields = OrmCall(MODEL, "fields_get", [], {})
    sizes = [_odoo_size(scenario, call) for call in (contacts, fields)]
    return Sizes(JSON_2 if scenario.has_json_2 else JSON_RPC, None, *sizes)


def _odoo_size(scenario: Scenario, call: OrmCall) -> tuple[int, int]:
    if scenario.has_json_2:
        body = send(json_2_request(scenario, call)).checked()
        return len(compact(json.loads(body))), len(body.decode())
    account: Sequence[Any] = [scenario.database, scenario.uid, scenario.key]
    body = send(json_rpc_request(scenario.port, [*account, *call.rpc()])).checked()
    return len(compact(json_rpc_result(body))), len(body.decode())


def path_of(call: str) -> str:
    """Return the name of a call as a segment of a path."""
    return call.replace("/", "_")


def _calls(
    requests: dict[str, Request], parse: Callable[[bytes], Any], scenario: Scenario
) -> dict[str, Callable[[], float]]:
    return {name: _call(request, parse, scenario.expected[name]) for name, request in requests.items()}


def _call(request: Request, parse: Callable[[bytes], Any], expected: str) -> Callable[[], float]:
    def make() -> float:
        answer = send(request)
        _check(compact(parse(answer.checked())), expected)
        return answer.seconds

    return make


def _check(text: str, expected: str) -> None:
    if expected not in text:
        raise WrongAnswer(f"{expected!r} is not in the answer: {text[:500]}")
