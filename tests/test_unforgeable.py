# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
from typing import Any

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import McpHttpCase

MADE_BY_MANAGERS = {
    "mcp_native.custom.tool",
    "mcp_native.custom.tool.argument",
    "mcp_native.oauth.client",
    "mcp_native.profile",
    "mcp_native.profile.credential",
    "mcp_native.profile.limit",
    "mcp_native.profile.rule",
    "mcp_native.prompt",
    "mcp_native.prompt.argument",
    "mcp_native.tool.wording",
}
"""What people write on purpose. Every other stored model of this module holds what happened, or a secret."""


@tagged("post_install", "-at_install")
class TestUnforgeable(McpHttpCase):
    """An administrator, over Odoo's own RPC, the way a forger would go."""

    def setUp(self) -> None:
        super().setUp()
        self.result("tools/list")  # a row of the access log
        self.env.ref("base.user_admin").password = "mcp-admin-1"
        self.authenticate("admin", "mcp-admin-1")

    def models(self) -> list[Any]:
        """Return the stored models of this module that no manager writes."""
        found = (self.env[name] for name in sorted(self.registry.models) if name.startswith("mcp_native."))
        return [
            model
            for model in found
            if model._auto and not model._transient and model._name not in MADE_BY_MANAGERS
        ]

    def unforgeable(self) -> list[Any]:
        return [model for model in self.models() if isinstance(model, self.registry["mcp_native.unforgeable"])]

    def call(self, model: Any, method: str, *args: Any) -> dict[str, Any]:
        params = {"model": model._name, "method": method, "args": args, "kwargs": {"context": {}}}
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/web/dataset/call_kw/{model._name}/{method}",
                data=json.dumps({"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}),
                headers={"Content-Type": "application/json"},
            )
        return answer.json()

    def check_refused(self, model: Any) -> None:
        texts = (name for name, column in model._fields.items() if column.type in ("char", "text") and column.store)
        name = next(texts, "id")
        ids, values = model.sudo().search([], limit=1).ids or [1], {name: "forged"}
        attempts = {
            "create": [values],
            "write": [ids, values],
            "unlink": [ids],
            "copy": [ids[0]],
            "web_save": [ids, values, {}],
        }
        for method, args in attempts.items():
            with self.subTest(model=model._name, method=method):
                answer = self.call(model, method, *args)
                self.assertIn("error", answer)
                refusals = ["odoo.exceptions.AccessError"]
                if method == "copy":  # which reads first what may not be there
                    refusals.append("odoo.exceptions.MissingError")
                self.assertIn(answer["error"]["data"]["name"], refusals, answer)
        with self.subTest(model=model._name, method="load"):
            answer = self.call(model, "load", [name], [["forged"]])
            self.assertFalse((answer.get("result") or {}).get("ids"), answer)
        with self.subTest(model=model._name, method="name_create"):  # gives False where there is no name to write
            self.assertFalse(self.call(model, "name_create", "forged").get("result"))

    def test_an_administrator_writes_no_row_of_what_happened(self):
        models = self.models()
        self.assertIn("mcp_native.access.log", [model._name for model in models])
        for model in models:
            self.check_refused(model)

    def test_no_access_right_lets_an_administrator_forge(self):
        models = self.unforgeable()
        names = {model._name for model in models}
        self.assertGreaterEqual(names, {"mcp_native.access.log", "mcp_native.log.seal"})
        for model in models:
            every = {"perm_read": True, "perm_write": True, "perm_create": True, "perm_unlink": True}
            self.env["ir.model.access"].create(
                {"name": "forger", "model_id": self.env["ir.model"]._get_id(model._name), **every}
            )
        for model in models:
            self.check_refused(model)
