# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import models

from ..orm.dates import to_user
from ..orm.errors import ToolError
from ..orm.narrowing import unnarrowed
from ..orm.render import indented
from .arguments import Id
from .declare import tool

_SHOWN = 20
_LATER = {
    "pending": "waits for a person's decision in Odoo; until then nothing is changed. Ask again later.",
    "done": "approved and done.",
    "failed": "approved, but it failed; nothing was changed.",
    "refused": "refused; nothing was changed.",
    "expired": "expired: nobody decided in time; nothing was changed.",
    "cancelled": "taken back by the user; nothing was changed.",
}


class ToolsetApproval(models.AbstractModel):
    _name = "mcp_native.toolset.approval"
    _inherit = "mcp_native.toolset"
    _description = "MCP Toolset: Approvals"
    _toolset = "control"

    @tool(title="Get approval", read_only=True, destructive=False, idempotent=True, open_world=False)
    def get_approval(self, id: Id | None = None) -> str:
        """Tell what became of a change that waits for approval, and its result.

        :param id: all open ones if left out
        """
        with unnarrowed():  # no tool reads approvals as records: they hold what other connections may see
            own = self.env["mcp_native.approval"].search(
                [("user_id", "=", self.env.uid), ("id", "=", id) if id else ("state", "=", "pending")],
                limit=_SHOWN,
            )
            self._note("mcp_native.approval", own.ids)
            if not id:
                return "\n".join(self._line(approval) for approval in own) or "No approval is open."
            if not own:
                raise ToolError(f"You asked for no approval #{id}. Leave the id out to see the open ones.")
            return self._whole(own)

    def _line(self, approval: models.BaseModel) -> str:
        expires = to_user(approval.expires.replace(microsecond=0), self.env)
        return f"{approval.display_name}: {_LATER[approval._state_now()]} Expires {expires}."

    def _whole(self, approval: models.BaseModel) -> str:
        state = approval._state_now()
        lines = [f"{approval.display_name}: {_LATER[state]}"]
        if approval.decider:
            when = to_user(approval.decided_at.replace(microsecond=0), self.env)
            lines.append(f"decided by: {approval.decider}, {when}")
        if approval.refusal:
            lines.append(f"why not (words of the person):\n{indented(approval.refusal, 2000)}")
        if approval.result and not self._is_own(approval):
            lines.append("The answer is for the connection that asked.")
        elif approval.result:
            links = self.env["mcp_native.file.link"]
            answer = links._with_tokens(approval.result, self._call().facts["principal"])
            lines.append(f"answer of {approval.tool}:\n{indented(answer, 20000)}")
        if state == "pending":
            lines.append(f"expires: {to_user(approval.expires.replace(microsecond=0), self.env)}")
        return "\n".join(lines)

    def _is_own(self, approval: models.BaseModel) -> bool:
        """Whether the connection at hand asked: another one of the user may see less."""
        principal = self._call().facts.get("principal")
        asked = (approval.credential_kind, approval.credential_id)
        return bool(principal) and asked == (principal.kind, principal.credential_id)
