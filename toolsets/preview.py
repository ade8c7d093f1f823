# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a call would do: done for real in a transaction of its own, looked at, and taken back."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psycopg2.errors import LockNotAvailable

from odoo import api
from odoo.exceptions import MissingError

from ..orm import changes
from ..orm.changes import Change
from ..orm.diff import diff
from ..orm.errors import ToolError
from ..orm.names import readable_names
from ..orm.narrowing import narrowed
from ..orm.previewing import NotPreviewable, Trial, previewing
from ..orm.published import is_published
from ..orm.render import one_line
from ..orm.rules import ALLOW, APPROVE
from .consent import Grant, Interrupted, granting
from .running import BUSINESS_ERRORS, AskedBack

if TYPE_CHECKING:
    from ..protocol import Call
    from .mcp_native_toolset import Declared
    from .service import McpService

SENT = {"sms.sms": "text messages", "snailmail.letter": "letters"}
"""Models whose new rows are sent to people, and what these get."""


@dataclass
class Preview:
    """What a call would do.

    :param text: the changes, old → new with labels, in the language of the call; bounded
    :param changes: the same as data
    :param stamps: the versions that this holds for, as ``changes.stamps`` gives them
    :param level: the strictest decision that it met: ``allow``, ``confirm`` or ``approve``
    :param warnings: what cannot be undone, what would be sent, what a preview cannot show; a sentence each
    :param failure: why it would fail, None where it would not
    :param skipped: what it would leave out because that fails; a sentence each, which are among the warnings too
    """

    text: str = ""
    changes: list[Change] = field(default_factory=list)
    stamps: dict[str, dict[str, str]] = field(default_factory=dict)
    level: str = ALLOW
    warnings: list[str] = field(default_factory=list)
    failure: str | None = None
    skipped: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return what a person is shown: the changes, and the warnings under them."""
        return [*filter(None, [self.text]), *self.warnings]


class Outdated(Interrupted):
    """Records are no longer what they were when a person agreed to a change.

    :param changed: ids by model
    :param named: nobody changed them, but the call is about them now, and was not when the person agreed
    """

    def __init__(self, changed: dict[str, list[int]], *, named: bool = False) -> None:
        super().__init__(changed)
        self.changed = changed
        self.named = named


@dataclass
class Recorded:
    """What is known of a trial, however it ended.

    :param touched: ids by model of all that was written in any way
    """

    grant: Grant = field(default_factory=Grant)
    touched: Mapping[str, Collection[int]] = field(default_factory=dict)


def look(service: McpService, call: Call, item: Declared, arguments: dict[str, Any]) -> Preview:
    """Return what a call would do, whoever must agree.

    :raise InternalError: something broke; the text holds only a reference to the server's log
    """
    preview, recorded = Preview(), Recorded()
    trying = dataclasses.replace(call, facts=dict(call.facts), reporter=None)
    with previewing(service.env.registry) as (cr, trial):
        twin = service.on(cr)
        try:
            twin.guarded(trying, lambda: _try(twin, service, item, arguments, preview, recorded))
        except NotPreviewable as stopped:
            preview.text = str(stopped)
        except BUSINESS_ERRORS as exception:
            preview.failure = twin.explained(trying, exception)
            call.facts["error"] = trying.facts["error"]
        with narrowed(service.rules):
            preview.warnings = _warnings(twin.narrowed_env, preview, recorded, trial)
    grant = recorded.grant
    preview.level = grant.needed
    preview.skipped = grant.skipped
    preview.stamps = changes.stamps(service.env, _existing(preview.changes, grant.targets))
    return preview


def _try(
    twin: McpService,
    service: McpService,
    item: Declared,
    arguments: dict[str, Any],
    preview: Preview,
    recorded: Recorded,
) -> None:
    """Run a method with every consent, and note what it changed before that is taken back."""
    try:
        with granting(APPROVE) as recorded.grant, changes.recording(twin.env) as recorder:
            twin.invoke(item, arguments)
            twin.env.cr.flush()
            preview.changes = recorder.changes()
            recorded.grant.check(preview.changes)
            recorded.touched = recorder.touched
            shown = [*preview.changes, *recorder.derived()]
    except AskedBack:
        raise NotPreviewable("This asks a question first, so that what it would change is not known yet.") from None
    except LockNotAvailable as error:
        raise ToolError("Somebody else is changing this at the moment. Try again in a few seconds.") from error
    preview.text = _told(twin.env, shown, service.env) or "No change of a record is to be seen."


def _told(env: api.Environment, made: list[Change], before_env: api.Environment) -> str:
    try:
        return diff(env, made, before_env=before_env)
    except MissingError:  # a record that is younger than the call's own transaction
        return diff(env, made)


def _warnings(env: api.Environment, preview: Preview, recorded: Recorded, trial: Trial) -> list[str]:
    calls = dict.fromkeys(call for call in recorded.grant.calls if not is_published(call))
    found = changes.irreversible(env, preview.changes, ", ".join(calls))
    found += recorded.grant.skipped
    found += [f"It {what}: what comes of that is not known before." for what in trial.stopped]
    found += [f"Would send {what}." for model, what in SENT.items() if recorded.touched.get(model)]
    return [*found, f"Would send mail{_recipients(env, trial)}."] if trial.mails else found


def _recipients(env: api.Environment, trial: Trial) -> str:
    """Return to whom mails would go, as far as the user may read their names."""
    names = readable_names(env["res.partner"], trial.recipients)
    shown = [one_line(name, 60) for name in list(names.values())[:5]]
    others = len(trial.recipients) - len(shown)
    if not shown:
        return ""
    return f" to {', '.join(shown)}" + (f" and {others} more" if others else "")


def _existing(made: list[Change], targets: dict[str, set[int]]) -> dict[str, set[int]]:
    """Return ids by model of the records whose versions count: named by the tool, changed or deleted."""
    found = {model: set(ids) for model, ids in targets.items()}
    for change in made:
        if change.kind != "create":
            found.setdefault(change.model, set()).add(change.res_id)
    return {model: ids for model, ids in found.items() if ids}
