# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What tests of the addon share: users, keys, and MCP calls over HTTP. Other addons' tests may use it too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import requests

from odoo import api, fields, models
from odoo.tests import HttpCase, TransactionCase, new_test_user

from ..protocol.versions import MODERN
from ..toolsets import savepoint

CLIENT = {"name": "mcp_native tests", "version": "1.0"}
META = "io.modelcontextprotocol/"
NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
"""The member of ``params`` that the header ``Mcp-Name`` repeats, by method."""


def make_key(
    env: api.Environment, user: models.BaseModel, scope: str | None = "mcp_native", *, days: float | None = 1
) -> str:
    """Return a new API key of ``user``; ``days`` may be negative (expired) or None (never), and is ignored on 17.0."""
    keys = env["res.users.apikeys"].with_user(user).sudo()
    if "expiration_date" not in keys._fields:
        return keys._generate(scope, "test")
    expires = None if days is None else fields.Datetime.now() + timedelta(days=days)
    return keys._generate(scope, "test", expires)


def let_everybody(env: api.Environment, profile: str = "full") -> models.BaseModel:
    """Make one of the ready-made profiles (``read_only``, ``assistant``, ``full``) the one for everybody."""
    profiles = env["mcp_native.profile"]
    profiles.search([("everybody", "=", True)]).everybody = False
    env.flush_all()
    chosen = env.ref(f"mcp_native.profile_{profile}")
    chosen.everybody = True
    env.flush_all()
    return chosen


@contextmanager
def shared_cursor(case: TransactionCase) -> Iterator[None]:
    """Let ``registry.cursor()`` of the code under test join the transaction of a ``TransactionCase``."""
    if hasattr(case, "enter_registry_test_mode"):  # 19.0
        with case.enter_registry_test_mode():
            yield
        return
    case.registry.enter_test_mode(case.cr)
    try:
        yield
    finally:
        case.registry.leave_test_mode()


@contextmanager
def offering_links(case: TransactionCase) -> Iterator[None]:
    """Let read-only tools offer links to files: in a test, the cursor of a link is the call's, held to reading."""
    kept = {"read_only": lambda cr: cr.savepoint(), "passing": lambda cr: cr.savepoint()}
    with patch.multiple(savepoint, **kept), shared_cursor(case):
        yield


def make_users(env: api.Environment) -> dict[str, models.BaseModel]:
    """Return the users of the tests: ``plain`` and ``manager`` may use MCP, ``outsider``, ``portal`` may not."""
    groups = {
        "plain": "base.group_user,mcp_native.group_user",
        "manager": "base.group_user,mcp_native.group_manager",
        "outsider": "base.group_user",
        "portal": "base.group_portal",
    }
    context = {"no_reset_password": True}
    return {name: new_test_user(env, f"mcp_{name}", groups=found, context=context) for name, found in groups.items()}


class McpTransactionCase(TransactionCase):
    """Tests that need the users, but no HTTP."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        let_everybody(cls.env)
        cls.users = make_users(cls.env)
        cls.plain, cls.manager = cls.users["plain"], cls.users["manager"]
        cls.outsider, cls.portal = cls.users["outsider"], cls.users["portal"]


class McpHttpCase(HttpCase):
    """Tests that talk MCP to ``/mcp`` with the key of ``mcp_plain`` unless told otherwise."""

    # A row of the access log needs a cursor of its own, which a request on a read-only test cursor cannot open.
    readonly_enabled = False  # 18.0
    _registry_readonly_enabled = False  # 19.0

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        let_everybody(cls.env)
        cls.users = make_users(cls.env)
        cls.plain, cls.manager = cls.users["plain"], cls.users["manager"]
        cls.outsider, cls.portal = cls.users["outsider"], cls.users["portal"]
        cls.key = make_key(cls.env, cls.plain)
        cls.env["ir.config_parameter"].set_param("web.base.url", cls.base_url())

    def setUp(self) -> None:
        super().setUp()
        self.env.registry.clear_cache()

    def send(
        self, body: Any, *, key: str | None = "", path: str = "/mcp", verb: str = "POST", **headers: str
    ) -> requests.Response:
        """Send a body (bytes, or anything JSON can hold) and return the answer.

        :param key: bearer token; the key of ``mcp_plain`` if empty, no ``Authorization`` header if None
        :param headers: further headers, ``_`` for ``-``
        """
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        if key is not None:
            sent["Authorization"] = f"Bearer {key or self.key}"
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        return self.opener.request(
            verb, self.base_url() + path, data=data, headers=sent, timeout=60, allow_redirects=False
        )

    def rpc(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        *,
        key: str | None = "",
        version: str = MODERN,
        path: str = "/mcp",
        request_id: int | str = 1,
        **headers: str,
    ) -> requests.Response:
        """Send one JSON-RPC request the way a client of ``version`` sends it, and return the HTTP answer."""
        params = dict(params or {})
        version_headers = {"MCP_Protocol_Version": version}
        if version == MODERN:
            meta = {META + "protocolVersion": version, META + "clientInfo": CLIENT, META + "clientCapabilities": {}}
            params["_meta"] = {**meta, **params.get("_meta", {})}
            version_headers["Mcp_Method"] = method
            if method in NAMED_BY:
                version_headers["Mcp_Name"] = str(params.get(NAMED_BY[method], ""))
        body = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params}
        return self.send(body, key=key, path=path, **{**version_headers, **headers})

    def result(self, method: str, params: dict[str, Any] | None = None, **kwargs: Any) -> dict[str, Any]:
        """Return the result of a request that must succeed."""
        answer = self.rpc(method, params, **kwargs)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertIn("result", answer.json(), answer.text)
        return answer.json()["result"]

    def tool(self, name: str, arguments: dict[str, Any] | None = None, **kwargs: Any) -> dict[str, Any]:
        """Call a tool and return its result, which may be an error of the tool (``isError``)."""
        return self.result("tools/call", {"name": name, "arguments": arguments or {}}, **kwargs)

    def tool_text(self, name: str, arguments: dict[str, Any] | None = None, **kwargs: Any) -> str:
        """Return the text of a tool call that must not be an error."""
        result = self.tool(name, arguments, **kwargs)
        text = "\n".join(block.get("text", "") for block in result["content"])
        self.assertFalse(result.get("isError"), text)
        return text

    def tool_error(self, name: str, arguments: dict[str, Any] | None = None, **kwargs: Any) -> str:
        """Return the text of a tool call that must be an error of the tool."""
        result = self.tool(name, arguments, **kwargs)
        text = "\n".join(block.get("text", "") for block in result["content"])
        self.assertTrue(result.get("isError"), text)
        return text
