# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
from ipaddress import ip_address
from typing import Any

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request
from odoo.models import BaseModel

from odoo.addons.mcp_native.compat import read_param

CALLS = "mcp_native_bench.calls"
"""The system parameter with the user and the calls that may be made; without it there is nothing here."""


class BareController(http.Controller):
    """The floor of a benchmark: one ORM call as a fixed user, and nothing else."""

    @http.route(
        "/mcp_native_bench/<string:name>",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
    )
    def call(self, name: str) -> http.Response:
        """Make one of the calls that the benchmark stored, and answer its result as JSON.

        :raise NotFound: somebody else asks, or no such call was stored
        """
        stored = json.loads(read_param(request.env, CALLS, "{}"))
        if not ip_address(request.httprequest.remote_addr).is_loopback or name not in stored.get("calls", {}):
            raise NotFound()
        return request.make_json_response(self._result(stored["uid"], stored["calls"][name]))

    def _result(self, uid: int, call: dict[str, Any] | None) -> Any:
        if call is None:
            return None
        records = request.env(user=uid, context={})[call["model"]].browse(call["ids"])
        result = getattr(records, call["method"])(**call["arguments"])
        return result.ids if isinstance(result, BaseModel) else result
