# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Does what was approved: as the user whose assistant asked, with their rights and connection of this moment."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from odoo import _
from odoo.exceptions import AccessDenied

from . import settings
from .log_steps import with_steps
from .mcp_native_access_log import COLUMNS, write_rows
from .principal import WRITE_SCOPE

if TYPE_CHECKING:
    from odoo.models import BaseModel

    from ..protocol import Call, ToolResult
    from ..toolsets.preview import Preview
    from ..toolsets.service import McpService


MAX_IDS = 100
"""Records that a row of the access log names."""


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    :param done: it was done
    :param text: what the tool answered, or why it was not done
    :param outdated: nothing was done because the records changed
    :param preview: what it would change now, where that could be looked at
    """

    done: bool
    text: str = ""
    request_id: str = ""
    outdated: bool = False
    preview: Preview | None = None


class Ended(Exception):
    """Whoever asked may not do so any more; the text says why."""


def run(approval: BaseModel, *, look_again: bool) -> Outcome:
    """Do what an approval is about. What fails leaves no trace but the answer.

    :param approval: one, with the rights of the superuser
    :param look_again: find out what it would change now, if the records changed since
    """
    # Toolsets are loaded after models.
    from ..protocol import Call, McpError
    from ..toolsets.preview import Outdated, look

    reference = uuid4().hex[:16]
    try:
        service = _service(approval, reference)
    except Ended as ended:
        return Outcome(done=False, text=str(ended), request_id=reference)
    arguments = json.loads(approval.arguments)
    params = {"name": approval.tool, "arguments": arguments}
    call = Call(id=None, method="tools/call", params=params, client_name=approval.client_name or "")
    stamps = json.loads(approval.stamps or "{}")
    started = time.monotonic()
    try:
        result = service.carry_out(call, approval.tool, arguments, stamps=stamps, level=approval.level)
    except Outdated:
        preview = look(service, call, service._tool(approval.tool), arguments) if look_again else None
        return Outcome(done=False, outdated=True, preview=preview)
    except McpError as error:
        outcome, kind = Outcome(done=False, text=str(error), request_id=reference), "error"
    else:
        outcome = Outcome(done=not result.is_error, text=answer_text(result), request_id=reference)
        kind = "tool_error" if result.is_error else "ok"
    _log(service, call, kind, time.monotonic() - started)
    return outcome


def _service(approval: BaseModel, reference: str) -> McpService:
    """Return the service for who asked, as they are now.

    :raise Ended: user or connection
    """
    from ..toolsets.service import McpService

    user = approval.user_id
    if not settings.enabled(approval.env):
        raise Ended(_("The MCP server is switched off."))
    if not user or not user.active:
        raise Ended(_("The user whose assistant asked is gone."))
    if not user._mcp_native_may_connect():
        raise Ended(_("The user whose assistant asked may not use the MCP server any more."))
    try:
        principal = approval.env["mcp_native.principal"]._of_credential(
            user.id, approval.credential_kind, approval.credential_id
        )
    except AccessDenied:
        raise Ended(_("The connection that asked has ended.")) from None
    stopped = [("kind", "=", principal.kind), ("credential_id", "=", principal.credential_id), ("ended", "=", False)]
    if approval.env["mcp_native.breaker"].search_count(stopped):
        raise Ended(_("The connection that asked is stopped: it made too many changes or errors."))
    if WRITE_SCOPE not in principal.scopes:
        raise Ended(_("The connection that asked may only read now."))
    env = approval.env(user=user.id, su=False, context={})
    env = env(context=dict(env["res.users"].context_get()))
    return McpService(env, principal, reference)


def _log(service: McpService, call: Call, kind: str, seconds: float) -> None:
    """Write a row of the access log about the run, once it is committed."""
    principal, facts = service.principal, call.facts
    known = {
        **dict.fromkeys(COLUMNS),
        **_about(facts),
        "uid": principal.uid,
        "credential_kind": principal.kind,
        "credential_id": principal.credential_id,
        "credential_name": principal.credential_name,
        "client_name": call.client_name,
        "method": call.method,
        "writes": True,
        "outcome": kind,
        "duration": seconds * 1000,
        "request_id": service.reference,
        "consent": "approved",
    }
    registry, rows = service.env.registry, with_steps(known, facts, _about)
    service.env.cr.postcommit.add(lambda: write_rows(registry, rows))


def _about(facts: Mapping[str, Any]) -> dict[str, Any]:
    ids = list(facts.get("ids") or ())
    return {
        "tool": facts.get("tool"),
        "model": facts.get("model"),
        "record_ids": ", ".join(map(str, ids[:MAX_IDS])),
        "record_count": len(ids),
        "error_class": facts.get("error"),
    }


def answer_text(result: ToolResult) -> str:
    return "\n".join(block.get("text") or f"({block['type']})" for block in result.content)
