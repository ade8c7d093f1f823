# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A service for the tests: every kind of tool, prompt and resource, and a note of what was called."""

from __future__ import annotations

import json
from types import MappingProxyType

from protocol import (
    InputRequired,
    InvalidParams,
    MissingCapability,
    ResourceNotFound,
    ToolResult,
    audio,
    contents,
    elicit,
    embedded,
    image,
    list_roots,
    resource_link,
    sample,
    text,
)

NO_ARGUMENTS = {"type": "object", "additionalProperties": False}
REGION = {
    "type": "object",
    "properties": {
        "region": {"type": "string", "x-mcp-header": "Region"},
        "count": {"type": "integer", "x-mcp-header": "Count"},
        "dry": {"type": "boolean", "x-mcp-header": "Dry"},
        "place": {"type": "object", "properties": {"city": {"type": "string", "x-mcp-header": "City"}}},
        "price": {"type": "number", "x-mcp-header": "Price"},
    },
}
ASK_NAME = elicit("What is your name?", {"name": {"type": "string"}})


class Broken(Exception):
    """What a service raises when it is broken: no answer for a client."""


class FakeService:
    """Answers from methods called ``tool_…``."""

    page: tuple | list = ()
    info = MappingProxyType({"name": "fake", "title": "Fake", "version": "1.0"})
    context = "db:7"

    def __init__(self):
        self.calls = []
        self.detached_runs = 0
        self.committed = 0

    def admit(self, call):
        return None

    def server_info(self):
        return dict(self.info)

    def capabilities(self):
        return {"tools": {}, "resources": {}, "prompts": {}, "completions": {}}

    def kept_for(self, uri=None):
        return 5_000 if uri else 300_000

    def instructions(self):
        return "Search before you write."

    def tools(self):
        if self.page:
            return list(self.page)
        names = sorted(name[5:] for name in dir(self) if name.startswith("tool_"))
        return [{"name": name, "description": name, "inputSchema": self.schema(name)} for name in names]

    def schema(self, name):
        return REGION if name == "region" else NO_ARGUMENTS

    def streaming(self, tool):
        return {
            "report": frozenset(["progress"]),
            "chatty": frozenset(["logging"]),
            "crash": frozenset(["progress"]),
            "refuse": frozenset(["progress"]),
            "unwritable": frozenset(["progress"]),
        }.get(tool, frozenset())

    def call_tool(self, call, name, arguments):
        method = getattr(self, f"tool_{name}", None)
        if method is None:
            raise InvalidParams(f"Unknown tool: {name}")
        self.calls.append((name, arguments))
        call.facts["tool"] = name
        return method(call, arguments)

    def tool_echo(self, call, arguments):
        return ToolResult.of(json.dumps(arguments, ensure_ascii=False))

    def tool_region(self, call, arguments):
        return ToolResult.of("served")

    def tool_fail(self, call, arguments):
        return ToolResult.of("There is no such record.", is_error=True)

    def tool_everything(self, call, arguments):
        blocks = [
            text("here"),
            image("AAAA", "image/png"),
            audio("AAAA", "audio/wav"),
            resource_link("odoo://res.partner/7", "partner", title="Azure Interior", description="a company"),
            embedded("odoo://note", "text/plain", text="a note"),
        ]
        return ToolResult(blocks, structured={"count": 5})

    def tool_structured(self, call, arguments):
        return ToolResult(structured={"count": 5})

    def tool_crash(self, call, arguments):
        raise Broken("the password is hunter2")

    def tool_refuse(self, call, arguments):
        raise InvalidParams("no")

    def tool_unwritable(self, call, arguments):
        return ToolResult.of("x", structured={"value": float("nan")})

    def tool_report(self, call, arguments):
        for done in (0, 50, 50, 20, 100):
            call.progress(done, 100, "working" if done else None)
        return ToolResult.of("reported")

    def tool_chatty(self, call, arguments):
        call.log("debug", "details", logger="fake")
        call.log("error", {"disk": "full"})
        return ToolResult.of("told")

    def tool_needs_sampling(self, call, arguments):
        if not call.can("sampling"):
            raise MissingCapability({"sampling": {}})
        return ToolResult.of("sampled")

    def tool_ask_name(self, call, arguments):
        if "user" not in call.inputs:
            return InputRequired({"user": ASK_NAME})
        answer = call.inputs["user"]
        return ToolResult.of(f"Hello, {answer['content']['name']}!" if answer["action"] == "accept" else "Bye.")

    def tool_ask_all(self, call, arguments):
        questions = {"user": ASK_NAME, "greeting": sample("Greet", 50), "roots": list_roots()}
        if set(questions) - set(call.inputs):
            return InputRequired(questions)
        return ToolResult.of("all there")

    def tool_ask_link(self, call, arguments):
        link = {"method": "elicitation/create", "params": {"mode": "url", "message": "Log in", "url": "https://a.b/c"}}
        return ToolResult.of("in") if "login" in call.inputs else InputRequired({"login": link})

    def tool_two_rounds(self, call, arguments):
        state = call.state or {}
        if "name" not in state:
            if "user" not in call.inputs:
                return InputRequired({"user": ASK_NAME})
            state = {"name": call.inputs["user"]["content"]["name"]}
        if "color" not in call.inputs:
            return InputRequired({"color": elicit("Color?", {"color": {"type": "string"}})}, state=state)
        return ToolResult.of(f"{state['name']}: {call.inputs['color']['content']['color']}")

    def tool_ask_nonsense(self, call, arguments):
        return InputRequired({"x": {"method": "tools/call", "params": {}}})

    def prompts(self):
        return [{"name": "greet", "description": "Greets", "arguments": [{"name": "who", "required": True}]}]

    def get_prompt(self, call, name, arguments):
        self.calls.append((name, arguments))
        if name == "ask":
            return InputRequired({"user": ASK_NAME}) if "user" not in call.inputs else self._prompt("asked")
        if name != "greet":
            raise InvalidParams(f"Unknown prompt: {name}")
        return self._prompt(f"Hello {arguments.get('who', 'you')}")

    def _prompt(self, words):
        messages = [text(words), resource_link("odoo://res.partner/7", "partner")]
        return {"description": "Greets", "messages": [{"role": "user", "content": block} for block in messages]}

    def resources(self):
        return [{"uri": "odoo://note", "name": "note", "description": "A note"}]

    def resource_templates(self):
        return [{"uriTemplate": "odoo://{model}/{id}", "name": "record", "description": "A record"}]

    def read_resource(self, call, uri):
        if uri == "odoo://ask":
            return InputRequired({"user": ASK_NAME})
        if uri == "odoo://empty":
            return []
        if uri != "odoo://note":
            raise ResourceNotFound(uri)
        return [contents(uri, "text/plain", text="a note")]

    def complete(self, call, ref, argument, context):
        self.calls.append((ref, argument, context))
        return [f"{argument['value']}{number}" for number in range(120)]

    def detached(self, work):
        self.detached_runs += 1
        result = work(self)
        self.committed += 1
        return result

    def state_context(self):
        return self.context
