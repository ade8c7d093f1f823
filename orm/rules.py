# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a profile lets an assistant do, as plain data: decided once for a call, asked everywhere.

Nothing here widens what Odoo's own rights give: a rule only ever takes away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

ALLOW, CONFIRM, APPROVE, DENY = DECISIONS = ("allow", "confirm", "approve", "deny")
"""From the mildest to the strictest."""

READ, CREATE, WRITE, UNLINK, CALL = OPERATIONS = ("read", "create", "write", "unlink", "call")


def strictest(decisions: Iterable[str]) -> str:
    """Return the strictest of decisions, ``allow`` for none."""
    return max(decisions, key=DECISIONS.index, default=ALLOW)


@dataclass(frozen=True)
class ModelRule:
    """What is said about the models that a pattern matches. What is left out is said by a wider pattern.

    :param pattern: a model's name, or a pattern such as ``sale.*``
    :param decisions: operation -> decision; reading is allowed or denied
    :param methods: the only methods that may be called, None where nothing is said
    :param hidden: fields that do not exist for the assistant
    :param readonly: fields that it cannot write
    :param shown: fields that are shown although the names of secrets are hidden by default
    :param domain: Python text of a domain that limits the records, with the names that record rules have
    """

    pattern: str
    decisions: Mapping[str, str] = field(default_factory=dict)
    methods: frozenset[str] | None = None
    hidden: frozenset[str] = frozenset()
    readonly: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    domain: str = ""

    def matches(self, model: str) -> bool:
        return fnmatchcase(model, self.pattern)

    @property
    def is_exact(self) -> bool:
        """Whether it names one model: only such a rule opens what is closed by default."""
        return "*" not in self.pattern and "?" not in self.pattern

    @property
    def weight(self) -> tuple[bool, int]:
        """Sort key: what says more about a model weighs more."""
        return self.is_exact, len(self.pattern.replace("*", ""))


@dataclass(frozen=True, eq=False)
class Rules:
    """All that one profile says. Compared by identity: caches are kept for it, and a changed profile makes a new one.

    :param profile_id: its record, 0 for none
    :param name: what administrators call it, in no particular language
    :param defaults: operation -> decision for models that no rule speaks of
    :param models: the rules, in any order
    :param toolsets_off: names of toolset models (``mcp_native.toolset.write``) whose tools are not there
    :param companies: ids; empty for all of the user's
    :param max_rows: records in one answer, 0 for the tool's own limit
    :param max_characters: of one answer, 0 for the server's own limit
    :param max_records: records that one call may create, change or delete, or run a method on; 0 for any number
    :param lang: the language of answers, where the call asks for none; empty for the user's
    """

    profile_id: int = 0
    name: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)
    models: tuple[ModelRule, ...] = ()
    toolsets_off: frozenset[str] = frozenset()
    companies: frozenset[int] = frozenset()
    max_rows: int = 0
    max_characters: int = 0
    max_records: int = 0
    lang: str = ""
    decided: dict[tuple[str, str], str] = field(default_factory=dict, init=False, repr=False)
    """What was found for (model, operation), the maintained default included: see ``technical.decision``."""

    @property
    def can_change(self) -> bool:
        """Whether anything can be changed at all; where not, there are no tools for it."""
        changes = OPERATIONS[1:]
        return any(self.defaults.get(operation, ALLOW) != DENY for operation in changes) or any(
            rule.decisions.get(operation, DENY) != DENY for rule in self.models for operation in changes
        )

    @property
    def may_ask(self) -> bool:
        """Whether some change waits for a person's yes."""
        said = [self.defaults, *(rule.decisions for rule in self.models)]
        return any(decisions.get(operation) in (CONFIRM, APPROVE) for decisions in said for operation in OPERATIONS)

    def speaking_of(self, model: str) -> list[ModelRule]:
        """Return the rules that match a model, the most specific first."""
        return sorted((rule for rule in self.models if rule.matches(model)), key=lambda rule: rule.weight, reverse=True)

    def decision(self, model: str, operation: str) -> str:
        """Return what the most specific rule that speaks of the operation says, or the profile itself.

        What is denied by default (``technical``) is not known here: see ``technical``.
        """
        found = (rule.decisions[operation] for rule in self.speaking_of(model) if operation in rule.decisions)
        return next(found, self.defaults.get(operation, ALLOW))
