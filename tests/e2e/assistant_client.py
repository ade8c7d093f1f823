# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The protocol's Python SDK as an assistant at work: `assistant_client.py URL MODE`, the key in MCP_KEY.

Reads one request a line from stdin, `[method, params]` in JSON, and prints one answer a line, over one connection.
Progress that came while an answer was made is in it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import PromptReference, ResourceTemplateReference


class Assistant:
    """What an assistant does with a client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._progress: list[list[Any]] = []

    async def answer(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Return a result as it came over the wire, or the error."""
        self._progress = []
        try:
            result = await getattr(self, f"_{method}")(**params)
        except Exception as error:  # noqa: BLE001  (told to whoever asked)
            return {"error": str(error), "progress": self._progress}
        return {"result": result.model_dump(mode="json", by_alias=True), "progress": self._progress}

    async def _tool(self, name: str, arguments: dict[str, Any]) -> Any:
        return await self._client.call_tool(name, arguments, progress_callback=self._on_progress)

    async def _tools(self) -> Any:
        return await self._client.list_tools()

    async def _prompts(self) -> Any:
        return await self._client.list_prompts()

    async def _prompt(self, name: str, arguments: dict[str, str]) -> Any:
        return await self._client.get_prompt(name, arguments)

    async def _resources(self) -> Any:
        return await self._client.list_resources()

    async def _templates(self) -> Any:
        return await self._client.list_resource_templates()

    async def _resource(self, uri: str) -> Any:
        return await self._client.read_resource(uri)

    async def _complete(self, ref: dict[str, str], name: str, value: str) -> Any:
        kind = PromptReference if ref["type"] == "ref/prompt" else ResourceTemplateReference
        return await self._client.complete(kind(**ref), {"name": name, "value": value})

    async def _on_progress(self, done: float, total: float | None, message: str | None) -> None:
        self._progress.append([done, total, message])


async def main(url: str, mode: str) -> None:
    headers = {"Authorization": f"Bearer {os.environ['MCP_KEY']}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=120) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        assistant = Assistant(client)
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            print(json.dumps(await assistant.answer(*json.loads(line))), flush=True)


asyncio.run(main(*sys.argv[1:]))
