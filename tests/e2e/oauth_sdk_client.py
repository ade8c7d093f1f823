# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The protocol's Python SDK as an OAuth client, a line of JSON on stdin for each thing to do.

The first line is the plan, of the window too: where the server is, who logs in, the client's document if it has one.
A step is ``{"do": "list" | "call" | "expire", …}``. Each gets a line of JSON as its answer.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import oauth_browser
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata, OAuthToken

LONG_AGO = 1.0


class Memory:
    """Keeps what the provider would lose at its end."""

    tokens: OAuthToken | None = None
    client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class Callback:
    """The address at which the client waits for the answer."""

    def __init__(self) -> None:
        answers: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/callback?"):
                    answers.append(dict(parse_qsl(urlsplit(self.path).query)))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"Done. You can close this page.")

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        self.answers = answers
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/callback"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Session:
    """One client with one person's browser."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.memory = Memory()
        self.callback = Callback()
        self.visits: list[dict[str, Any]] = []
        self.asked: list[dict[str, str]] = []
        self.provider = OAuthClientProvider(
            plan["mcp"],
            OAuthClientMetadata(client_name=plan["name"], redirect_uris=[self.callback.url]),
            self.memory,
            self.open_browser,
            self.await_answer,
            client_metadata_url=plan["document"],
        )

    async def open_browser(self, url: str) -> None:
        """Let the person decide; Playwright's synchronous interface wants a thread without an event loop."""
        self.asked.append(dict(parse_qsl(urlsplit(url).query)))
        self.visits.append(await asyncio.to_thread(oauth_browser.decide, {**self.plan, "authorize": url}))

    async def await_answer(self) -> AuthorizationCodeResult:
        """Return what came to the callback, which the browser has loaded by now."""
        return AuthorizationCodeResult(**self.callback.answers.pop())

    async def run(self) -> None:
        """Do every step, on one connection as far as the SDK keeps one."""
        async with (
            httpx2.AsyncClient(auth=self.provider, timeout=60) as http,
            Client(streamable_http_client(self.plan["mcp"], http_client=http)) as client,
        ):
            while line := await asyncio.to_thread(sys.stdin.readline):
                print(json.dumps({**await self.step(client, **json.loads(line)), **self.state()}), flush=True)

    async def step(self, client: Client, do: str, **options: Any) -> dict[str, Any]:
        """Do one thing; ``access`` is what the person would choose if asked for it meanwhile."""
        self.plan["access"] = options.pop("access", self.plan["access"])
        if do == "list":
            return {"tools": [tool.name for tool in (await client.list_tools()).tools]}
        if do == "call":
            return {"result": (await client.call_tool(**options)).model_dump(mode="json", by_alias=True)}
        assert do == "expire", do
        self.provider.context.token_expiry_time = LONG_AGO
        return {}

    def state(self) -> dict[str, Any]:
        """Return what the client holds, what it asked for and what the person saw."""
        return {
            "tokens": self.memory.tokens.model_dump(mode="json"),
            "client": self.memory.client.model_dump(mode="json", exclude_none=True),
            "asked": self.asked,
            "visits": self.visits,
        }


if __name__ == "__main__":
    asyncio.run(Session(json.loads(sys.stdin.readline())).run())
