# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Content blocks, results of tools, and requests for input: what a tool returns.

A block type that a revision does not know is sent as text (``for_version``); unknown members are harmless in all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .versions import knows

if TYPE_CHECKING:
    from collections.abc import Iterable

BLOCK_SINCE = {"audio": "2025-03-26", "resource_link": "2025-06-18"}
"""Block type -> first revision that knows it; text, image and resource are in all."""

STRUCTURED_SINCE = "2025-06-18"


def text(value: str) -> dict[str, Any]:
    """Return a text block."""
    return {"type": "text", "text": value}


def image(data: str, mime_type: str) -> dict[str, Any]:
    """Return an image block.

    :param data: base64
    """
    return {"type": "image", "data": data, "mimeType": mime_type}


def audio(data: str, mime_type: str) -> dict[str, Any]:
    """Return an audio block.

    :param data: base64
    """
    return {"type": "audio", "data": data, "mimeType": mime_type}


def embedded(
    uri: str, mime_type: str | None = None, *, text: str | None = None, blob: str | None = None
) -> dict[str, Any]:
    """Return a resource with its content inside: ``text``, or ``blob`` in base64."""
    return {"type": "resource", "resource": contents(uri, mime_type, text=text, blob=blob)}


def contents(
    uri: str, mime_type: str | None = None, *, text: str | None = None, blob: str | None = None
) -> dict[str, Any]:
    """Return one entry of the contents of a resource: ``text``, or ``blob`` in base64.

    :raise ValueError: both or neither of ``text`` and ``blob``
    """
    if (text is None) == (blob is None):
        raise ValueError("a resource has either text or blob")
    entry: dict[str, Any] = {"uri": uri}
    if mime_type is not None:
        entry["mimeType"] = mime_type
    entry.update({"text": text} if blob is None else {"blob": blob})
    return entry


def resource_link(
    uri: str,
    name: str,
    *,
    title: str | None = None,
    description: str | None = None,
    mime_type: str | None = None,
    size: int | None = None,
) -> dict[str, Any]:
    """Return a link to a resource that the client may read."""
    block = {
        "type": "resource_link",
        "uri": uri,
        "name": name,
        "title": title,
        "description": description,
        "mimeType": mime_type,
        "size": size,
    }
    return {key: value for key, value in block.items() if value is not None}


@dataclass
class ToolResult:
    """What a tool answers.

    :param content: blocks for the model
    :param structured: an object that fits the tool's output schema
    :param is_error: the tool failed in a way that the model can act on
    """

    content: list[dict[str, Any]] = field(default_factory=list)
    structured: dict[str, Any] | None = None
    is_error: bool = False

    @classmethod
    def of(cls, value: str, *, structured: dict[str, Any] | None = None, is_error: bool = False) -> ToolResult:
        """Return a result of one text."""
        return cls([text(value)], structured, is_error)

    def to_wire(self, version: str) -> dict[str, Any]:
        """Return the CallToolResult of a revision, without what the endpoint adds to every result."""
        blocks = for_version(self.content, version)
        result: dict[str, Any] = {"content": blocks}
        if self.structured is not None:
            if knows(version, STRUCTURED_SINCE):
                result["structuredContent"] = self.structured
            elif not blocks:
                blocks.append(text(json.dumps(self.structured, ensure_ascii=False, separators=(",", ":"))))
        if self.is_error:
            result["isError"] = True
        return result


@dataclass
class InputRequired:
    """The tool, prompt or resource needs answers first (2026-07-28, multi round-trip requests).

    :param requests: key -> request, made by ``elicit``, ``sample`` or ``list_roots``
    :param state: a JSON value that comes back in ``Call.state``; signed, but readable by the client
    """

    requests: dict[str, dict[str, Any]]
    state: Any = None


def elicit(message: str, properties: dict[str, Any], required: Iterable[str] | None = None) -> dict[str, Any]:
    """Return a request that shows the user a form.

    :param properties: flat JSON Schema properties of primitive types; never for secrets
    :param required: names that must be filled in, all unless given
    """
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
    }
    return {
        "method": "elicitation/create",
        "params": {"mode": "form", "message": message, "requestedSchema": schema},
    }


def sample(prompt: str, max_tokens: int, *, system: str | None = None) -> dict[str, Any]:
    """Return a request for one message of the client's model."""
    params: dict[str, Any] = {"messages": [{"role": "user", "content": text(prompt)}], "maxTokens": max_tokens}
    if system is not None:
        params["systemPrompt"] = system
    return {"method": "sampling/createMessage", "params": params}


def list_roots() -> dict[str, Any]:
    """Return a request for the folders that the client works in."""
    return {"method": "roots/list", "params": {}}


def for_version(blocks: Iterable[dict[str, Any]], version: str) -> list[dict[str, Any]]:
    """Return the blocks with those that ``version`` does not know as text."""
    return [_known(block, version) for block in blocks]


def _known(block: dict[str, Any], version: str) -> dict[str, Any]:
    since = BLOCK_SINCE.get(block.get("type", ""))
    if since is None or knows(version, since):
        return block
    if block["type"] == "audio":
        return text(f"[audio, {block['mimeType']}: this protocol version cannot carry it]")
    label = block.get("title") or block["name"]
    about = f" ({block['description']})" if block.get("description") else ""
    return text(f"{label}{about}: {block['uri']}")
