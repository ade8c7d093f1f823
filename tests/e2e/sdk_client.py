# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The protocol's Python SDK as a client: `sdk_client.py URL MODE`, the key in MCP_KEY, the calls as JSON on stdin.

Prints what it saw as JSON.
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


async def main(url: str, mode: str, calls: list[list[Any]]) -> dict[str, Any]:
    """Return the negotiated version, the names of the tools and the results of the calls."""
    progress: list[float] = []

    async def on_progress(done: float, _total: float | None, _message: str | None) -> None:
        progress.append(done)

    headers = {"Authorization": f"Bearer {os.environ['MCP_KEY']}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        tools = [tool.name for tool in (await client.list_tools()).tools]
        results = [await client.call_tool(name, arguments) for name, arguments in calls]
        await client.call_tool("test_tool_with_progress", {}, progress_callback=on_progress)
        return {
            "version": client.protocol_version,
            "tools": tools,
            "results": [result.model_dump(mode="json", by_alias=True) for result in results],
            "progress": progress,
        }


print(json.dumps(asyncio.run(main(*sys.argv[1:], json.load(sys.stdin)))))
