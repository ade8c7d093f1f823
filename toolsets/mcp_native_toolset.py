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
from ..orm.lookup import get_model, suggestion
from ..orm.scalars import shown
from .consent import intend
from .declare import Declaration, PromptDeclaration, ResourceDeclaration, ToolDeclaration, declaration_of

if TYPE_CHECKING:
    from ..protocol import Call
    from .service import McpService

_current: ContextVar[Call] = ContextVar("mcp_native_call")
_answerer: ContextVar[McpService] = ContextVar("mcp_native_service")
_Kind = TypeVar("_Kind", bound=Declaration)
_Items = TypeVar("_Items")

CHUNK = 50
"""Records that are written between two reports of progress."""

CONTROL = "control"
"""The group that every connection has: who it is, what waits for a person, what it changed."""

RECORDED: Mapping[type[Declaration], str] = {
    ToolDeclaration: "mcp_native.toolset.custom",
    PromptDeclaration: "mcp_native.prompt",
}
"""The models that offer records as declarations; ``_declared_here()`` of each returns those of the user."""


@contextmanager
def answering(call: Call, service: McpService) -> Iterator[None]:
    """Make ``call`` the one that ``_call()`` of every toolset returns, and ``service`` what answers it."""
    tokens = _current.set(call), _answerer.set(service)
    try:
        yield
    finally:
        _current.reset(tokens[0])
        _answerer.reset(tokens[1])


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

    def complete(
        self, env: api.Environment, argument: str, beginning: str, context: Mapping[str, str]
    ) -> Iterable[str]:
        """Return what an argument may go on as; nothing where no method was declared for it.

        :param context: the arguments that are filled in already
        """
        method = self.declaration.completions.get(argument)
        return getattr(env[self.model], method)(beginning, context) if method else ()


class McpNativeToolset(models.AbstractModel):
    """Base of all toolsets: an abstract model whose decorated methods are tools, prompts and resources."""

    _name = "mcp_native.toolset"
    _description = "MCP Toolset"
    _toolset: str | None = None
    """The group that ``/mcp?toolsets=…`` names; where nothing is said, the last part of the model's name."""

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
    @tools.ormcache()
    def _groups(self) -> Mapping[str, str]:
        """Return the group of every model that declares something, by the model's name."""
        registry = self.env.registry
        names = {item.model for item in self._declared().values()}
        names.update(name for name in RECORDED.values() if name in registry)
        return MappingProxyType({name: _group(registry[name]) for name in sorted(names)})

    @api.model
    def _chosen_groups(self, asked: Iterable[str]) -> frozenset[str] | None:
        """Return the groups to which ``?toolsets=`` narrows a connection, None where it says nothing.

        :param asked: the values of that parameter, each of them names with commas between them
        :raise ToolError: one of them is no group of this database, or there are none
        """
        asked = list(asked)
        names = [name.strip().lower() for value in asked for name in value.split(",") if name.strip()]
        known = sorted(set(self._groups().values()) | {CONTROL})
        hint = f"Known: {', '.join(known)}."
        for name in names:
            if name not in known:
                raise ToolError(f"toolsets: there is no toolset {shown(name)}.{suggestion(name, known)} {hint}")
        if asked and not names:
            raise ToolError(f"toolsets: name at least one, or leave it out. {hint}")
        return frozenset([*names, CONTROL]) if names else None

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

    def _service(self) -> McpService:
        """Return what answers the call at hand: which tools there are, and how they are run."""
        return _answerer.get()

    def _call(self) -> Call:
        """Return the call being answered: progress, log, answers of the person, capabilities of the client."""
        return _current.get()

    def _note(self, model: str | None = None, ids: Iterable[int] | None = None) -> None:
        """Tell the access log which model and records the call is about."""
        facts = self._call().facts
        if model:
            facts["model"] = model
        if ids is not None:
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
        """Return how many rows an answer may have: what was asked for, or what the profile allows.

        :raise ToolError: the steps before in the same batch have as many already
        """
        rules = narrowing.current()
        if not rules or not rules.max_rows:
            return limit
        facts = self._call().facts
        left = rules.max_rows - facts.get("rows_before", 0)
        if left <= 0:
            raise ToolError(f"Your profile allows {rules.max_rows} records in one answer: the steps before have them.")
        facts["rows_allowed"] = min(limit, left)
        return facts["rows_allowed"]

    def _chunks(self, items: _Items, size: int = CHUNK) -> Iterator[_Items]:
        """Yield slices of ``items``, reporting progress before each but the first, and at the end."""
        for start in range(0, len(items), size):
            if start:
                self._call().progress(start, len(items))
            yield items[start : start + size]
        self._call().progress(len(items), len(items))

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


def _group(model_class: type[models.BaseModel]) -> str:
    return getattr(model_class, "_toolset", None) or model_class._name.rpartition(".")[2]


def _prefix(declaration: Declaration) -> str:
    kinds = {ToolDeclaration: "tool", PromptDeclaration: "prompt", ResourceDeclaration: "resource"}
    return kinds[type(declaration)]
