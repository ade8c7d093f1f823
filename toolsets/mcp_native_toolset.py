# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import pytz

from odoo import api, models, tools

from ..models.mcp_native_tool_wording import AS_IT_COMES, size
from ..orm import narrowing
from ..orm.errors import ToolError
from ..orm.lookup import get_model
from .consent import intend
from .declare import Declaration, PromptDeclaration, ResourceDeclaration, ToolDeclaration, declaration_of

if TYPE_CHECKING:
    from ..protocol import Call

_current: ContextVar[Call] = ContextVar("mcp_native_call")
_Kind = TypeVar("_Kind", bound=Declaration)

RECORDED: Mapping[type[Declaration], str] = {
    ToolDeclaration: "mcp_native.custom.tool",
    PromptDeclaration: "mcp_native.prompt",
}
"""The models whose records are declarations too; ``_declared_here()`` of each returns those of the user."""


@contextmanager
def answering(call: Call) -> Iterator[None]:
    """Make ``call`` the one that ``_call()`` of every toolset returns."""
    token = _current.set(call)
    try:
        yield
    finally:
        _current.reset(token)


def is_answering() -> bool:
    """Whether a tool, prompt or resource is at work, rather than a person in Odoo."""
    return _current.get(None) is not None


@dataclass(frozen=True)
class Declared:
    """A declaration and the model whose method it is."""

    model: str
    method: str
    declaration: Declaration

    def run(self, env: api.Environment, arguments: Mapping[str, Any]) -> Any:
        """Call the method, with arguments that were checked."""
        return getattr(env[self.model], self.method)(**arguments)


class McpNativeToolset(models.AbstractModel):
    """Base of all toolsets: an abstract model whose decorated methods are tools, prompts and resources."""

    _name = "mcp_native.toolset"
    _description = "MCP Toolset"

    @api.model
    @tools.ormcache()
    def _declared(self) -> Mapping[str, Declared]:
        """Return every declaration of the database's toolsets, by kind and wire name (``tool:search_records``)."""
        found: dict[str, Declared] = {}
        for name in sorted(self.env.registry.descendants(["mcp_native.toolset"], "_inherit")):
            model_class = self.env.registry[name]
            for attribute in dir(model_class):
                declaration = declaration_of(model_class, attribute)
                if declaration:
                    key = f"{_prefix(declaration)}:{declaration.name}"
                    found.setdefault(key, Declared(name, attribute, declaration))
        return MappingProxyType(found)

    @api.model
    def _offered(self, kind: type[_Kind]) -> list[Declared]:
        """Return the declarations of one kind that user and profile have, sorted by name."""
        rules = narrowing.current()
        off = rules.toolsets_off if rules else frozenset()
        found = [item for item in self._of_kind(kind) if item.model not in off]
        available = {name: self.env[name]._is_available() for name in {item.model for item in found}}
        offered = [item for item in found if available[item.model] and self._in_groups(item.declaration)]
        if kind is ToolDeclaration:
            offered = [item for item in map(self._worded, offered) if item]
        return sorted(offered, key=lambda item: item.declaration.name)

    @api.model
    def _of_kind(self, kind: type[_Kind]) -> list[Declared]:
        """Return what code declares of one kind, and what records do for this user: of two of one name the former."""
        found = [item for item in self._declared().values() if isinstance(item.declaration, kind)]
        names = {item.declaration.name for item in found}
        return found + [item for item in self._recorded(kind) if item.declaration.name not in names]

    @api.model
    def _recorded(self, kind: type[_Kind]) -> list[Declared]:
        """Return what records of this database declare of one kind, for this user: see ``RECORDED``."""
        model = RECORDED.get(kind)
        if model not in self.env.registry:
            return []
        with narrowing.unnarrowed():  # which ones there are is for administrators to say, not for the profile of a call
            return self.env[model]._declared_here()

    @api.model
    def _is_available(self) -> bool:
        """Whether this toolset is there for the user: its app installed, its models readable. For overriding."""
        return True

    @api.model
    def _in_groups(self, declaration: Declaration) -> bool:
        groups = getattr(declaration, "groups", None)
        return not groups or any(self.env.user.has_group(group.strip()) for group in groups.split(","))

    @api.model
    def _is_read_only(self, tool: str) -> bool:
        """Whether a tool of that name exists and cannot write."""
        item = self._tool_called(tool)
        return bool(item and item.declaration.read_only)

    # -- tools by the names of this database

    @api.model
    def _every_tool(self) -> Mapping[str, Declared]:
        """Return every tool of this database, whoever may use it, by its own name: see ``mcp_native.tool.wording``."""
        items = self._declared().values()
        declared = {item.declaration.name: item for item in items if isinstance(item.declaration, ToolDeclaration)}
        return {**self.env["mcp_native.custom.tool"]._published(self.env.lang), **declared}

    @api.model
    def _tool_called(self, name: str) -> Declared | None:
        """Return the tool that a name stands for, today or since former times, whoever may use it."""
        own_name = self.env["mcp_native.tool.wording"]._meanings().get(name, name)
        return self._every_tool().get(own_name)

    @api.model
    def _name_today(self, name: str) -> str:
        """Return what the tool of a name is called today; an unknown name as it is."""
        wordings = self.env["mcp_native.tool.wording"]
        own_name = wordings._meanings().get(name, name)
        said = wordings._wordings(None).get(own_name)
        return (said and said.name) or own_name

    @api.model
    def _worded(self, item: Declared) -> Declared | None:
        """Return a tool in the words of this database, None where it is hidden."""
        wordings = self.env["mcp_native.tool.wording"]
        said = wordings._wordings(self.env.lang).get(item.declaration.name, AS_IT_COMES)
        if said.hidden:
            return None
        text = wordings._renamed(said.description or item.declaration.description)
        if said == AS_IT_COMES and text == item.declaration.description:
            return item
        return replace(item, declaration=item.declaration.worded(said.name, said.title, text))

    @api.model
    def _list_size(self) -> int:
        """Return how many characters the list of tools has for assistants of this user, whatever their profile."""
        return sum(size(item.declaration.shown(frozenset())) for item in self._offered(ToolDeclaration))

    def _call(self) -> Call:
        """Return the call being answered: progress, log, answers of the person, capabilities of the client."""
        return _current.get()

    def _note(self, model: str | None = None, ids: Iterable[int] = ()) -> None:
        """Tell the access log which model and records the call is about."""
        facts = self._call().facts
        if model:
            facts["model"] = model
        if ids:
            facts["ids"] = [*facts.get("ids", ()), *ids]

    def _intend(
        self,
        operation: str,
        records: models.BaseModel,
        method: str | None = None,
        touched: Iterable[tuple[str, str]] = (),
        count: int | None = None,
    ) -> None:
        """Say what the tool is about to do, after its arguments were checked and before anything is written.

        Parameters and errors as for ``consent.intend``. A tool that never says it is looked at after it ran, and what
        it did is taken back while a person must agree first.
        """
        intend(operation, records, method, touched, count)

    def _model(
        self,
        name: str,
        *,
        archived: bool = False,
        companies: list[int] | None = None,
        lang: str | None = None,
        tz: str | None = None,
    ) -> models.BaseModel:
        """Return the model a call is about, in the environment its arguments ask for, and note it for the log.

        Only these four reach the context; a client's own context is never merged.
        """
        self._note(name)
        return get_model(self.with_context(**self._context_of(archived, companies, lang, tz)).env, name)

    def _rows(self, limit: int) -> int:
        """Return how many rows an answer may have: what was asked for, or what the profile allows."""
        rules = narrowing.current()
        return min(limit, rules.max_rows) if rules and rules.max_rows else limit

    def _context_of(
        self, archived: bool, companies: list[int] | None, lang: str | None, tz: str | None
    ) -> dict[str, Any]:
        context: dict[str, Any] = {}
        if archived:
            context["active_test"] = False
        if companies:
            context["allowed_company_ids"] = self._checked_companies(companies)
        if lang:
            context["lang"] = self._checked_lang(lang)
        if tz:
            context["tz"] = self._checked_zone(tz)
        return context

    def _checked_companies(self, companies: list[int]) -> list[int]:
        allowed = self.env.user.company_ids
        rules = narrowing.current()
        if rules and rules.companies:
            allowed = allowed.filtered(lambda company: company.id in rules.companies)
        refused = [company for company in companies if company not in allowed.ids]
        if refused:
            known = ", ".join(f"{company.id} ({company.name})" for company in allowed)
            raise ToolError(f"companies: {refused} are not among your companies. Yours: {known}.")
        return companies

    def _checked_lang(self, lang: str) -> str:
        installed = dict(self.env["res.lang"].get_installed())
        if lang not in installed:
            raise ToolError(f"lang: {lang!r} is not installed. Installed: {', '.join(sorted(installed))}.")
        return lang

    def _checked_zone(self, tz: str) -> str:
        if tz not in pytz.all_timezones_set:
            raise ToolError(f'tz: {tz!r} is not a time zone. Example: "Europe/Brussels".')
        return tz


def _prefix(declaration: Declaration) -> str:
    kinds = {ToolDeclaration: "tool", PromptDeclaration: "prompt", ResourceDeclaration: "resource"}
    return kinds[type(declaration)]
