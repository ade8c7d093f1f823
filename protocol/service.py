# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the endpoint asks of the application behind it. Only the service knows Odoo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from .call import Call
    from .content import InputRequired, ToolResult

T = TypeVar("T")


class Service(Protocol):
    """The application, as one principal sees it.

    Methods may raise ``McpError``, which becomes a JSON-RPC error. Any other exception passes through the endpoint,
    so that the caller can roll back and replay.
    """

    def server_info(self) -> dict[str, Any]:
        """Return the Implementation object: ``name``, ``version``, ``title`` and so on."""

    def capabilities(self) -> dict[str, Any]:
        """Return the ServerCapabilities object."""

    def instructions(self) -> str:
        """Return what an assistant should know before it starts; empty for nothing."""

    def admit(self, call: Call) -> ToolResult | None:
        """Count a request before anything of it is done; None lets it go on.

        :return: what a ``tools/call`` is answered instead of being run
        """

    def kept_for(self, uri: str | None = None) -> int:
        """Return for how many milliseconds a client may keep lists of this principal, or the resource of a URI."""

    def tools(self) -> list[dict[str, Any]]:
        """Return the Tool objects of this principal, sorted. Asked at each ``tools/call`` of 2026-07-28 too."""

    def streaming(self, tool: str) -> frozenset[str]:
        """Return what the tool reports while it runs: a subset of ``progress`` and ``logging``.

        Empty for a tool that does not exist.
        """

    def call_tool(self, call: Call, name: str, arguments: dict[str, Any]) -> ToolResult | InputRequired:
        """Run a tool.

        A tool that asks is run again from its start when the answers come, and may be run twice for one request: what
        it did before asking must leave no trace.

        :raise InvalidParams: no such tool for this principal
        """

    def prompts(self) -> list[dict[str, Any]]:
        """Return the Prompt objects of this principal, sorted."""

    def get_prompt(self, call: Call, name: str, arguments: dict[str, str]) -> dict[str, Any] | InputRequired:
        """Return ``{"description"?, "messages"}``.

        :raise InvalidParams: no such prompt, or a required argument is missing
        """

    def resources(self) -> list[dict[str, Any]]:
        """Return the Resource objects of this principal, sorted."""

    def resource_templates(self) -> list[dict[str, Any]]:
        """Return the ResourceTemplate objects of this principal, sorted."""

    def read_resource(self, call: Call, uri: str) -> list[dict[str, Any]] | InputRequired:
        """Return the contents of a resource.

        :raise ResourceNotFound: there is none of this address
        """

    def complete(self, call: Call, ref: dict[str, Any], argument: dict[str, str], context: dict[str, str]) -> list[str]:
        """Return the values that may complete an argument of a prompt or of a resource template, more than a hundred
        where there are more.

        :param context: the arguments that are filled in already
        """

    def detached(self, work: Callable[[Service], T]) -> T:
        """Run ``work`` with a service of its own transaction, in the current thread; commit when it succeeds.

        Called from the thread of a stream, after the request that opened it has ended. ``work`` may be replayed.
        """

    def state_context(self) -> str:
        """Return whom a signed state belongs to, such as ``database:uid``."""
