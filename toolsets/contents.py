# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a service offers beside tools: prompts, resources, and completion of their arguments."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from ..orm.lookup import suggestion
from ..protocol import Call, InputRequired, InvalidParams, ResourceNotFound
from ..protocol.arguments import check
from .declare import PromptDeclaration, ResourceDeclaration
from .mcp_native_toolset import Declared
from .running import BUSINESS_ERRORS


def unknown(word: str, name: str, known: Iterable[str]) -> str:
    """Return what is said about a name that nothing has."""
    return f"There is no {word} {name!r} for this user.{suggestion(name, known)}"


class Contents:
    """The part of ``McpService`` that answers ``prompts/*``, ``resources/*`` and ``completion/*``."""

    def prompts(self) -> list[dict[str, Any]]:
        """Return the prompts of this principal."""
        return [item.declaration.wire for item in self._offered(PromptDeclaration)]

    def get_prompt(self, call: Call, name: str, arguments: dict[str, Any]) -> dict[str, Any] | InputRequired:
        """Return a prompt's messages.

        :raise InvalidParams: there is no such prompt, or its arguments do not fit
        """
        item = self._named(PromptDeclaration, name, "prompt")
        try:
            checked = check({**item.declaration.input_schema, "additionalProperties": True}, arguments)
            result = self._run(call, item, checked)
        except BUSINESS_ERRORS as exception:
            raise InvalidParams(self.explained(call, exception)) from exception
        if isinstance(result, InputRequired):
            return result
        messages = result if isinstance(result, list) else [_user_message(result)]
        return {"description": item.declaration.description, "messages": messages}

    def resources(self) -> list[dict[str, Any]]:
        """Return the resources that have a fixed URI, with their sizes where they are measured."""
        return [{**item.declaration.wire, **self._size(item)} for item in self._resources(templates=False)]

    def resource_templates(self) -> list[dict[str, Any]]:
        """Return the resources whose URI holds variables."""
        return [item.declaration.wire for item in self._resources(templates=True)]

    def read_resource(self, call: Call, uri: str) -> list[dict[str, Any]] | InputRequired:
        """Return the contents of a resource.

        :raise ResourceNotFound: nothing that this principal may read has that URI
        """
        found = self._resource_at(uri)
        if not found:
            known = ", ".join(item.declaration.uri for item in self._resources())
            raise ResourceNotFound(uri, f"There is no resource {uri!r} for this user. There are: {known}")
        return self._read(call, found[0], uri, found[1])

    def complete(self, call: Call, ref: dict[str, Any], argument: dict[str, Any], context: dict[str, Any]) -> list[str]:
        """Return completions of an argument's beginning; none where nobody declared any, or what is there is refused.

        :raise InvalidParams: the reference names nothing of this principal
        :raise InternalError: something broke; the text holds only a reference to the server's log
        """
        item = self._referenced(ref)
        name, value = argument.get("name", ""), argument.get("value", "")

        def run() -> list[str]:
            return list(item.complete(self._working_env, name, value, context))

        try:
            return self.guarded(call, run, reading=True)
        except BUSINESS_ERRORS as exception:
            self.explained(call, exception)
            return []

    # -- inner parts

    def _named(self, kind: type, name: str, word: str) -> Declared:
        found = {item.declaration.name: item for item in self._offered(kind)}
        if name not in found:
            raise InvalidParams(unknown(word, name, found))
        return found[name]

    def _resources(self, templates: bool | None = None) -> list[Declared]:
        offered = self._offered(ResourceDeclaration)
        return [item for item in offered if templates is None or item.declaration.is_template == templates]

    def _resource_at(self, uri: str) -> tuple[Declared, dict[str, str]] | None:
        """Return the resource of a URI and the values of its variables: of several, the one that says most itself."""
        for item in sorted(self._resources(), key=lambda item: item.declaration.template.vagueness):
            variables = item.declaration.template.match(uri)
            if variables is not None:
                return item, variables
        return None

    def _size(self, item: Declared) -> dict[str, int]:
        """Return the ``size`` of a resource, in bytes, where it is measured."""
        if not item.declaration.measured:
            return {}
        try:
            call = Call(id=None, method="resources/read", params={"uri": item.declaration.uri})
            return {"size": len(self._run(call, item, {}).encode())}
        except BUSINESS_ERRORS:
            return {}

    def _completions(self) -> bool:
        offered = [*self._offered(PromptDeclaration), *self._offered(ResourceDeclaration)]
        return any(item.declaration.completions for item in offered)

    def _referenced(self, ref: dict[str, Any]) -> Declared:
        if ref.get("type") == "ref/prompt":
            return self._named(PromptDeclaration, ref.get("name", ""), "prompt")
        uri = ref.get("uri", "")
        for item in self._resources():
            if item.declaration.uri == uri:
                return item
        if found := self._resource_at(uri):
            return found[0]
        raise InvalidParams(f"There is no resource {uri!r} for this user.")

    def _read(
        self, call: Call, item: Declared, uri: str, variables: dict[str, str]
    ) -> list[dict[str, Any]] | InputRequired:
        try:
            result = self._run(call, item, check(item.declaration.input_schema, variables))
        except BUSINESS_ERRORS as exception:
            raise ResourceNotFound(uri, self.explained(call, exception)) from exception
        if isinstance(result, (InputRequired, list)):
            return result
        content = {"uri": uri, "mimeType": item.declaration.mime_type or "text/plain"}
        if isinstance(result, bytes):
            return [{**content, "blob": base64.b64encode(result).decode()}]
        return [{**content, "text": self._bounded(result)}]


def _user_message(text: str) -> dict[str, Any]:
    return {"role": "user", "content": {"type": "text", "text": text}}
