# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The protocol's Python SDK with resources, prompts, completions and a tool that reports progress:
`sdk_context.py URL MODE`, the key in MCP_KEY, what to ask as JSON on stdin. Prints what it saw as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

import httpx2
from mcp import Client, types
from mcp.client.streamable_http import streamable_http_client


async def main(url: str, mode: str, plan: dict[str, Any]) -> dict[str, Any]:
    """Return the lists, and what was read, got and completed.

    :param plan: ``uris`` to read, ``prompt`` (name and arguments) to get, ``complete`` (template, argument, beginning,
        context), ``tool`` (name and arguments) to call
    """
    progress: list[list[float | None]] = []

    async def on_progress(done: float, total: float | None, _message: str | None) -> None:
        progress.append([done, total])

    headers = {"Authorization": f"Bearer {os.environ['MCP_KEY']}"}
    template, argument, beginning, context = plan["complete"]
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        read = [await client.read_resource(uri) for uri in plan["uris"]]
        completed = await client.complete(
            types.ResourceTemplateReference(type="ref/resource", uri=template),
            {"name": argument, "value": beginning},
            context,
        )
        got = await client.get_prompt(*plan["prompt"])
        done = await client.call_tool(*plan["tool"], progress_callback=on_progress)
        return {
            "resources": [str(resource.uri) for resource in (await client.list_resources()).resources],
            "templates": [one.uri_template for one in (await client.list_resource_templates()).resource_templates],
            "prompts": [prompt.name for prompt in (await client.list_prompts()).prompts],
            "read": [result.model_dump(mode="json", by_alias=True)["contents"][0] for result in read],
            "prompt": got.messages[0].content.text,
            "completed": completed.completion.values,
            "progress": progress,
            "answer": done.content[0].text,
        }


print(json.dumps(asyncio.run(main(*sys.argv[1:], json.load(sys.stdin)))))
