# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The access log as a file, for managers: as long as it may be, a part at a time."""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from werkzeug.exceptions import Forbidden, NotFound

from odoo import api, fields, http
from odoo.http import request
from odoo.modules.registry import Registry

from ..models.log_chain import FORM, FORMS

_logger = logging.getLogger(__name__)

COLUMNS = FORMS[FORM]
PART = 1000
"""Rows that are read at once."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula."""
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}


class LogExportController(http.Controller):
    """Sends what the export wizard prepared."""

    @http.route("/mcp_native/access_log/<int:export_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def access_log(self, export_id: int) -> http.Response:
        """Answer with the rows that the manager has chosen, in the order in which they were written."""
        env = request.env
        if not env.user.has_group("mcp_native.group_manager"):
            raise Forbidden()
        export = env["mcp_native.log.export"].search([("id", "=", export_id), ("create_uid", "=", env.uid)])
        if not export:
            raise NotFound()
        _logger.info("MCP access log: user %s exports %s rows: %s", env.uid, export.row_count, export.domain)
        parts = _parts(env.registry, env.uid, dict(env.context), export.domain or [])
        name = f"mcp_access_log_{fields.Date.today():%Y%m%d}.{export.file_format}"
        headers = [
            ("Content-Type", TYPES[export.file_format]),
            ("Content-Disposition", f'attachment; filename="{name}"'),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return http.Response(_file(parts, WRITERS[export.file_format]), 200, headers, direct_passthrough=True)


def _parts(registry: Registry, uid: int, context: dict[str, Any], domain: list[Any]) -> Iterator[list[dict[str, Any]]]:
    """Yield rows with the user's own rights. The request's cursor is closed by then: it takes one of its own."""
    with registry.cursor() as cr:
        log = api.Environment(cr, uid, context)["mcp_native.access.log"]
        last = 0
        while True:
            rows = log.search([("id", ">", last), *domain], order="id", limit=PART)
            if not rows:
                return
            yield rows.read(list(COLUMNS), load="")
            last = rows[-1].id
            log.env.invalidate_all()


def _file(parts: Iterator[list[dict[str, Any]]], write: Callable[[list[dict[str, Any]]], str]) -> Iterator[bytes]:
    if write is csv_lines:
        yield (",".join(COLUMNS) + "\r\n").encode()
    for part in parts:
        yield write(part).encode()


def csv_lines(rows: list[dict[str, Any]]) -> str:
    """Return rows as lines of a CSV file; no text in them is a formula to a spreadsheet."""
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([_cell(_value(row, column)) for column in COLUMNS] for row in rows)
    return lines.getvalue()


def json_lines(rows: list[dict[str, Any]]) -> str:
    """Return rows as JSON objects, one a line."""
    return "".join(
        json.dumps({column: _value(row, column) for column in COLUMNS}, ensure_ascii=False) + "\n" for row in rows
    )


WRITERS = {"csv": csv_lines, "jsonl": json_lines}


def _value(row: dict[str, Any], column: str) -> Any:
    value = row[column]
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    return None if value is False and column != "writes" else value


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
