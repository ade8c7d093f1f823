# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Declare what an assistant can use: decorators for methods of toolsets.

A tool is data (name, title, hints, schema) beside a method. The declaration is found through the class hierarchy,
so that an override in another addon needs no decorator of its own to stay the same tool.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from odoo import api

from ..protocol.tool_schema import describe, input_schema
from ..protocol.uri_template import UriTemplate
from .arguments import WHEN

ATTRIBUTE = "_mcp_native_declaration"
TAKEN_BACK = "_mcp_taken_back"
NAME = re.compile(r"[a-z0-9_]{1,64}")

OPTIONS: Mapping[str, dict[str, str]] = {
    "dry_run": {"type": "boolean"},
    "confirmation": {"type": "string"},
    "idempotency_key": {"type": "string"},
    "reason": {"type": "string"},
}
"""Arguments of every tool that may write; the service takes them out before the tool runs (``writing``).

The instructions say what they are for, once: descriptions would be repeated in each tool.
"""

BOUNDS = frozenset({"minItems", "maxItems", "minimum", "maximum", "minLength", "maxLength", WHEN})
"""Keywords of arguments that are checked, not shown."""

Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True)
class Declaration:
    """What all declared methods have in common.

    :param function: the decorated function, the source of descriptions and schemas
    :param name: the name on the wire
    :param title: the name for people
    """

    function: Callable[..., Any]
    name: str
    title: str

    @cached_property
    def description(self) -> str:
        return describe(self.function)

    @property
    def is_taken_back(self) -> bool:
        """Whether nothing that it does to the database stays: see ``taken_back``."""
        return getattr(self.function, TAKEN_BACK, False)


@dataclass(frozen=True)
class ToolDeclaration(Declaration):
    """A tool: the hints of the protocol are stated, never left to a client's guess.

    :param is_given: ``schema`` was written by hand, and is shown as it is
    :param is_listed: it is in the list of tools; another one is as good where it is not, and it can be called
    """

    read_only: bool
    destructive: bool
    idempotent: bool
    open_world: bool
    progress: bool = False
    logging: bool = False
    schema: Mapping[str, Any] | None = None
    output_schema: Mapping[str, Any] | None = None
    groups: str | None = None
    parts: str | None = None
    is_given: bool = False
    is_listed: bool = True
    text: str = ""
    """What is said instead of the docstring: of tools whose words stand in the database."""

    @cached_property
    def description(self) -> str:
        return self.text or super().description

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        if not self.options:
            return self.own_schema
        own = self.own_schema.get("properties", {})
        options = {name: spec for name, spec in OPTIONS.items() if name in self.options}
        return {**self.own_schema, "properties": {**own, **options}}

    @cached_property
    def options(self) -> frozenset[str]:
        """The names of ``OPTIONS`` that the tool has; a name that is its own argument stays its own."""
        return frozenset() if self.read_only else frozenset(OPTIONS) - set(self.own_schema.get("properties", {}))

    @cached_property
    def own_schema(self) -> dict[str, Any]:
        """The schema of the tool's own arguments, without ``OPTIONS``."""
        return dict(self.schema) if self.schema else input_schema(self.function)

    def worded(self, name: str, title: str, text: str) -> ToolDeclaration:
        """Return the same tool in the words of a database; what is empty stays."""
        words = {"name": name or self.name, "title": title or self.title, "text": text or self.description}
        return replace(self, **words, schema=self.own_schema)

    def shown(self, matters: frozenset[str], options: frozenset[str] = frozenset(OPTIONS)) -> dict[str, Any]:
        """Return the tool as ``tools/list`` shows it (MCP 2026-07-28, Tool), without what cannot matter to this user.

        What is not shown is accepted all the same, and what is out of bounds is refused with the bounds: said in every
        tool, this would cost more characters than it is worth. A schema that was given as such is shown whole.

        :param matters: the values of ``arguments.WHEN`` that hold: more than one company, more than one language
        :param options: the names of ``OPTIONS`` that the profile may ask for
        """
        tool: dict[str, Any] = {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": self.input_schema if self.is_given else self._lean_schema(matters, options),
        }
        if self.output_schema:
            tool["outputSchema"] = dict(self.output_schema)
        return {**tool, "annotations": self.hints}

    @property
    def hints(self) -> dict[str, bool]:
        """The annotations of the protocol: whether it only reads, and what is not as the protocol takes it to be.

        Without a word a tool destroys, is not idempotent, and reaches beyond; of one that only reads, the first two
        mean nothing (MCP 2025-03-26 on, ToolAnnotations).
        """
        hints = {"readOnlyHint": self.read_only}
        if not self.read_only:
            hints |= {} if self.destructive else {"destructiveHint": False}
            hints |= {"idempotentHint": True} if self.idempotent else {}
        return hints if self.open_world else {**hints, "openWorldHint": False}

    def _lean_schema(self, matters: frozenset[str], options: frozenset[str]) -> dict[str, Any]:
        schema = {key: value for key, value in self.input_schema.items() if key != "additionalProperties"}
        if "properties" in schema:
            hidden = self.options - options
            hidden |= frozenset() if self.destructive else self.options & {"reason"}
            schema["properties"] = {
                name: _lean(spec)
                for name, spec in schema["properties"].items()
                if name not in hidden and (WHEN not in spec or spec[WHEN] in matters)
            }
        return schema

@dataclass(frozen=True)
class PromptDeclaration(Declaration):
    """A prompt: its arguments are the function's parameters, all of them text."""

    completions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        return input_schema(self.function)

    @cached_property
    def wire(self) -> dict[str, Any]:
        required = self.input_schema.get("required", [])
        arguments = []
        for name, spec in self.input_schema.get("properties", {}).items():
            argument = {"name": name, "required": name in required}
            if spec.get("description"):
                argument["description"] = spec["description"]
            arguments.append(argument)
        prompt = {"name": self.name, "title": self.title, "description": self.description}
        return {**prompt, "arguments": arguments} if arguments else prompt


@dataclass(frozen=True)
class ResourceDeclaration(Declaration):
    """A resource, or, when its URI holds ``{variables}``, a resource template: see ``protocol.uri_template``."""

    uri: str
    mime_type: str | None
    completions: Mapping[str, str] = field(default_factory=dict)
    audience: tuple[str, ...] = ()
    priority: float | None = None
    kept_for: int = 0
    measured: bool = False

    @cached_property
    def template(self) -> UriTemplate:
        return UriTemplate(self.uri)

    @property
    def is_template(self) -> bool:
        return bool(self.template.variables)

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        return input_schema(self.function)

    @cached_property
    def wire(self) -> dict[str, Any]:
        key = "uriTemplate" if self.is_template else "uri"
        wire = {
            key: self.uri,
            "name": self.name,
            "title": self.title,
            "description": self.description,
        }
        if self.mime_type:
            wire["mimeType"] = self.mime_type
        annotations = {"audience": list(self.audience), "priority": self.priority}
        told = {name: value for name, value in annotations.items() if value not in ([], None)}
        return {**wire, "annotations": told} if told else wire


def tool(
    *,
    title: str,
    read_only: bool,
    destructive: bool,
    idempotent: bool,
    open_world: bool,
    name: str | None = None,
    progress: bool = False,
    logging: bool = False,
    schema: Mapping[str, Any] | None = None,
    output_schema: Mapping[str, Any] | None = None,
    groups: str | None = None,
    parts: str | None = None,
    listed: bool = True,
) -> Callable[[Method], Method]:
    """Make a method of a toolset a tool.

    The JSON Schema comes from the signature, the description from the docstring's first part, those of the arguments
    from its ``:param name:`` lines. The method returns text, or a ``ToolResult``, or an ``InputRequired``.

    :param title: the tool's name for people
    :param read_only: it cannot write; it runs in a transaction that PostgreSQL holds to that
    :param destructive: it may change or remove what is there, rather than only add
    :param idempotent: repeating the call with the same arguments changes nothing more
    :param open_world: it reaches beyond this database (mails, payment, web services)
    :param name: the name on the wire, when it is not the method's
    :param progress: it calls ``self._call().progress()``; it is streamed to clients that ask for progress
    :param logging: it calls ``self._call().log()``; it is streamed to clients that ask for log messages
    :param schema: an input schema to show as it is, instead of the signature's
    :param output_schema: the JSON Schema of ``ToolResult.structured``
    :param groups: XML ids of groups, separated by commas; the tool is there for users in one of them
    :param parts: the method that takes the tool's arguments, unchecked, and returns the names of the tools that it
        runs: limits count each of them
    :param listed: whether the list of tools shows it; False where another tool took its place
    """

    def decorate(function: Method) -> Method:
        declaration = ToolDeclaration(
            function,
            _checked_name(name or function.__name__),
            title,
            read_only,
            destructive,
            idempotent,
            open_world,
            progress,
            logging,
            schema,
            output_schema,
            groups,
            parts,
            is_given=schema is not None,
            is_listed=listed,
        )
        return _mark(function, declaration)

    return decorate


def prompt(
    *, title: str, name: str | None = None, completions: Mapping[str, str] | None = None
) -> Callable[[Method], Method]:
    """Make a method of a toolset a prompt; it returns text, or a list of messages, or an ``InputRequired``.

    :param title: the prompt's name for people
    :param name: the name on the wire, when it is not the method's
    :param completions: for an argument's name, the method that lists completions of a beginning
    """

    def decorate(function: Method) -> Method:
        wire_name = _checked_name(name or function.__name__)
        return _mark(function, PromptDeclaration(function, wire_name, title, completions or {}))

    return decorate


def resource(
    uri: str,
    *,
    title: str,
    name: str | None = None,
    mime_type: str | None = "text/plain",
    completions: Mapping[str, str] | None = None,
    audience: tuple[str, ...] = (),
    priority: float | None = None,
    kept_for: int = 0,
    measured: bool = False,
) -> Callable[[Method], Method]:
    """Make a method of a toolset a resource, or a template when ``uri`` holds ``{variables}``.

    The method takes the variables, as its type hints want them, and returns text, bytes, or a list of contents.

    :param uri: the URI or URI template; variables of a query (``{?domain,limit}``) need defaults
    :param title: the resource's name for people
    :param name: the name on the wire, when it is not the method's
    :param mime_type: the MIME type of text and bytes that the method returns; None where it differs
    :param completions: for a variable's name, the method that lists completions of a beginning
    :param audience: whom it is for: ``user``, ``assistant``
    :param priority: from 0 (may be left out) to 1 (is needed)
    :param kept_for: for how many milliseconds a client may keep its content
    :param measured: its text is made quickly, and listed with its size
    """

    def decorate(function: Method) -> Method:
        declaration = ResourceDeclaration(
            function,
            name or function.__name__,
            title,
            uri,
            mime_type,
            completions or {},
            audience,
            priority,
            kept_for,
            measured,
        )
        return _mark(function, declaration)

    return decorate


def taken_back(function: Method) -> Method:
    """Let a method that reads write while it works, and take back what it wrote: below ``tool`` or ``resource``.

    For what runs code of others that cannot do otherwise, such as the templates of reports. Files and links of the
    answer are made by cursors of their own, and stay.
    """
    setattr(function, TAKEN_BACK, True)
    return function


def _lean(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an argument without ``BOUNDS``, in its parts too."""
    lean = {key: value for key, value in spec.items() if key not in BOUNDS}
    if isinstance(spec.get("items"), Mapping):
        lean["items"] = _lean(spec["items"])
    return lean


def declaration_of(model_class: type, attribute: str) -> Declaration | None:
    """Return the nearest declaration of a method in the class hierarchy, if it has one."""
    for cls in model_class.mro():
        found = getattr(cls.__dict__.get(attribute), ATTRIBUTE, None)
        if found is not None:
            return found
    return None


def _mark(function: Method, declaration: Declaration) -> Method:
    setattr(function, ATTRIBUTE, declaration)
    # Not for RPC: there it would run beside the log and the savepoint. The marker exists from 18.0 on.
    return getattr(api, "private", lambda method: method)(function)


def _checked_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r}: the names of tools and prompts are 1 to 64 of a-z, 0-9 and _")
    return name
