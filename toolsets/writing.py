# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One call of a tool that may write: done at once, or shown, confirmed or approved first; and never done twice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..models.mcp_native_confirmation import MINUTES
from ..orm import changes
from ..orm.errors import ToolError
from ..orm.narrowing import unnarrowed
from ..orm.rules import ALLOW, APPROVE, strictest
from ..protocol import InputRequired, ToolResult, elicit
from ..protocol.jsonrpc import canonical
from .consent import ConsentNeeded, Grant, Interrupted, granting
from .declare import OPTIONS
from .preview import Outdated, Preview, look
from .running import AskedBack

if TYPE_CHECKING:
    from ..models.mcp_native_confirmation import Claim, Stamps
    from ..protocol import Call
    from .mcp_native_toolset import Declared
    from .service import McpService

QUESTION = "confirm"
"""The key under which a person is asked; no tool should use it for a question of its own."""

UNSURE = "A person must agree to exactly what is done: leave out what would fail."
SAID_NO = "The person said no; nothing was changed."
MAX_KEY = 200
MAX_REASON = 1000

PROBLEMS = {
    "unknown": "That confirmation is none that this connection was given.",
    "other": "That confirmation was given for another call: the arguments must be exactly the same.",
    "expired": f"That confirmation is older than {MINUTES} minutes.",
}


@dataclass(frozen=True)
class Options:
    """What a call says beside the tool's own arguments: see ``declare.OPTIONS``."""

    dry_run: bool = False
    confirmation: str = ""
    idempotency_key: str = ""
    reason: str = ""


class Unconfirmed(Interrupted):
    """The confirmation that came does not hold; the text says why."""


class Writing:
    """One call of one tool.

    :param arguments: of the tool itself, checked
    """

    def __init__(
        self, service: McpService, call: Call, item: Declared, arguments: dict[str, Any], options: Options | None = None
    ) -> None:
        self._service = service
        self._env = service.env
        self._principal = service.principal
        self._call = call
        self._item = item
        self._tool = item.declaration.name
        self._arguments = arguments
        self._options = options or Options()
        self._digest = hashlib.sha256(canonical([self._tool, arguments])).hexdigest()
        self._why = ""

    @classmethod
    def of(cls, service: McpService, call: Call, item: Declared, checked: dict[str, Any]) -> Writing:
        """Take the options out of the arguments.

        :raise ToolError: one of them is too long
        """
        taken = {name: checked[name] for name in OPTIONS if name in item.declaration.options and checked.get(name)}
        if len(taken.get("idempotency_key", "")) > MAX_KEY:
            raise ToolError(f"idempotency_key: at most {MAX_KEY} characters.")
        own = {name: value for name, value in checked.items() if name not in item.declaration.options}
        return cls(service, call, item, own, Options(**taken))

    # -- the two ways in

    def answer(self) -> ToolResult | InputRequired:
        """Do it, or say what must come first.

        :raise InternalError: something broke
        """
        if self._options.dry_run:
            return self._shown()
        token, refused = self._said()
        if refused:
            return self._declined(token)
        kept = self._kept(token)
        if kept:
            return kept
        try:
            return self._attempt(token)
        except Unconfirmed as unconfirmed:
            self._why = str(unconfirmed)
            return self._attempt("")

    def carry_out(self, stamps: Stamps | None, level: str) -> ToolResult:
        """Do what a person agreed to. Arguments and errors as for ``McpService.carry_out``.

        :param stamps: None where the person who agrees is at work, and was shown nothing before
        """
        self._call.facts["consent"] = "approved"
        try:
            return self._service.guarded(self._call, lambda: self._run(level, stamps))
        except AskedBack:
            raise ToolError("This asks a question while it runs, which nobody can answer after an approval.") from None

    # -- doing it

    def _attempt(self, token: str) -> ToolResult | InputRequired:
        try:
            return self._service.guarded(self._call, lambda: self._once(token))
        except ConsentNeeded as needed:
            return self._asked(needed.level)
        except AskedBack as asked:
            return asked.required

    def _once(self, token: str) -> ToolResult:
        """Use the confirmation and the key up, and do it: all in one transaction, so that all of it stays or none."""
        claim = self._claimed(token) if token else None
        key = self._key(token)
        if key:
            self._env["mcp_native.idempotency"]._begin(self._principal, key, self._digest)
        try:
            result = self._run(claim.level, claim.stamps) if claim else self._run(ALLOW, None)
        except Outdated as outdated:
            raise Unconfirmed(_outdated(outdated)) from outdated
        if key:
            self._env["mcp_native.idempotency"]._finish(self._principal, key, _stored(result))
        if claim:
            self._call.facts["consent"] = "confirmed"
        return result

    def _run(self, level: str, stamps: Stamps | None) -> ToolResult:
        """Run the tool with consent up to a level, and keep what it changed.

        :param stamps: the versions that the consent is for, None where nobody was asked
        """
        self._check_versions(stamps or {})
        with granting(level) as grant, changes.recording(self._env) as recorder:
            result = self._service.invoke(self._item, self._arguments)
            made = recorder.changes()
            grant.check(made)
            if stamps is not None:
                self._check_named(grant, stamps, recorder.created)
        with unnarrowed():
            self._env["mcp_native.change"]._keep(made, self._principal, self._call, self._service.reference)
        return result

    def _check_versions(self, stamps: Stamps) -> None:
        now = changes.stamps(self._env, {model: [*map(int, seen)] for model, seen in stamps.items()})
        changed = {
            model: [int(one) for one, stamp in seen.items() if now[model][one] != stamp]
            for model, seen in stamps.items()
        }
        if any(changed.values()):
            raise Outdated({model: ids for model, ids in changed.items() if ids})

    def _check_named(self, grant: Grant, stamps: Stamps, created: set[tuple[str, int]]) -> None:
        """Refuse what is about other records than a person was shown, those apart that it made itself."""
        unseen = {
            model: sorted(one for one in ids if str(one) not in stamps.get(model, {}) and (model, one) not in created)
            for model, ids in grant.targets.items()
            if not self._env[model]._transient
        }
        if any(unseen.values()):
            raise Outdated({model: ids for model, ids in unseen.items() if ids}, named=True)

    def _claimed(self, token: str) -> Claim:
        claim = self._env["mcp_native.confirmation"]._claim(self._principal, token, self._tool, self._digest)
        if claim.problem == "used":
            raise ToolError(
                f"That confirmation was used at {claim.used:%H:%M} UTC: it is done already, and was not done again. "
                "To do it once more, repeat the call without it."
            )
        if claim.problem:
            raise Unconfirmed(PROBLEMS[claim.problem])
        return claim

    # -- never twice

    def _key(self, token: str) -> str:
        """Return what identifies this call when it is repeated, empty for nothing.

        A confirmation does, too: whoever lost the answer and confirms again gets it.
        """
        return f"key {self._options.idempotency_key}" if self._options.idempotency_key else token

    def _kept(self, token: str) -> ToolResult | None:
        """Return the answer that this call got the first time, if there was a first time."""
        key = self._key(token)
        kept = self._env["mcp_native.idempotency"]._kept(self._principal, key) if key else None
        if kept is None or (kept.digest != self._digest and not self._options.idempotency_key):
            return None
        if kept.digest != self._digest:
            raise ToolError(
                "idempotency_key: this key was used for another call; nothing was done. A new call needs a new key."
            )
        self._call.facts["consent"] = "replayed"
        return ToolResult(kept.answer["content"], kept.answer["structured"])

    # -- showing it, asking for it

    def _shown(self) -> ToolResult:
        """Answer a dry run."""
        self._call.facts["consent"] = "preview"
        preview = look(self._service, self._call, self._item, self._arguments)
        if preview.failure is not None:
            return ToolResult.of(f"Nothing was changed. This would fail: {preview.failure}")
        lines = ["Only tried, nothing was changed. This would change:", *preview.lines()]
        if preview.level == APPROVE:
            lines.append("It needs an approval in Odoo: call without dry_run to ask for it, with a reason.")
        elif preview.level != ALLOW:
            lines.append("A person must confirm it: call without dry_run.")
        return ToolResult.of("\n".join(lines))

    def _asked(self, level: str) -> ToolResult | InputRequired:
        """Answer a call that somebody must agree to first."""
        preview = look(self._service, self._call, self._item, self._arguments)
        if preview.failure is not None:
            return ToolResult.of(preview.failure, is_error=True)
        if preview.skipped:
            return ToolResult.of(f"{UNSURE} {' '.join(preview.skipped)}", is_error=True)
        if strictest([level, preview.level]) == APPROVE:
            return self._service.guarded(self._call, lambda: self._requested(preview))
        return self._to_confirm(preview, level)

    def _to_confirm(self, preview: Preview, level: str) -> ToolResult | InputRequired:
        confirmations = self._service.narrowed_env["mcp_native.confirmation"]
        token = confirmations._issue(self._principal, self._tool, self._digest, level, preview.stamps)
        self._call.facts["consent"] = "asked"
        if self._call.modern and self._call.can("elicitation"):
            message = confirmations._question(preview.lines(), self._call.client_name, self._reason(), self._why)
            form = {"yes": {"type": "boolean", "title": confirmations._yes()}}
            state = {"confirmation": token, "inputs": self._call.inputs, "state": self._call.state}
            return InputRequired({QUESTION: elicit(message, form)}, state)
        lines = [*filter(None, [self._why]), "Not done yet. This would change:", *preview.lines()]
        lines.append(
            f'Show this to the person. If they agree, repeat the call with confirmation="{token}" '
            f"within {MINUTES} minutes."
        )
        return ToolResult.of("\n".join(lines))

    def _requested(self, preview: Preview) -> ToolResult:
        """Ask for an approval in Odoo."""
        key = self._key("")
        if key:
            self._env["mcp_native.idempotency"]._begin(self._principal, key, self._digest)
        with unnarrowed():
            approval = self._env["mcp_native.approval"]._request(
                self._service,
                self._call,
                tool=self._tool,
                arguments=self._arguments,
                preview=preview,
                reason=self._reason(),
            )
        lines = [
            f"Waits for approval #{approval.id} in Odoo; nothing is changed yet. It would change:",
            *preview.lines(),
            f"Tell the person. get_approval with id={approval.id} tells what was decided; do not call this again.",
        ]
        result = ToolResult.of("\n".join(lines))
        if key:
            self._env["mcp_native.idempotency"]._finish(self._principal, key, _stored(result))
        self._call.facts["consent"] = "requested"
        return result

    # -- what the person answered

    def _said(self) -> tuple[str, bool]:
        """Return the confirmation that came with the call, and whether the person refused.

        What the tool itself asked before is put back in its place.
        """
        state = self._call.state
        if not isinstance(state, dict) or "confirmation" not in state:
            return self._options.confirmation, False
        answer = self._call.inputs.get(QUESTION)
        self._call.inputs, self._call.state = state["inputs"], state["state"]
        if answer is None:
            return "", False  # asked again
        agreed = answer["action"] == "accept" and answer["content"]["yes"]
        return state["confirmation"], not agreed

    def _declined(self, token: str) -> ToolResult:
        self._env["mcp_native.confirmation"]._cancel(self._principal, token)
        self._call.facts["consent"] = "declined"
        return ToolResult.of(SAID_NO)

    def _reason(self) -> str:
        return self._options.reason[:MAX_REASON].strip()


def _outdated(outdated: Outdated) -> str:
    if outdated.named:
        return "This is about other records now than the person was shown. Nothing was done."
    records = "; ".join(f"{model} {', '.join(f'#{one}' for one in ids[:5])}" for model, ids in outdated.changed.items())
    return f"Somebody changed {records} after the person was asked. Nothing was done."


def _stored(result: ToolResult) -> dict[str, Any]:
    return {"content": result.content, "structured": result.structured}
