# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Addresses of resources: RFC 6570, as far as resource templates of MCP need it."""

from __future__ import annotations

import re
from functools import cached_property
from urllib.parse import parse_qsl, unquote

_VARIABLE = re.compile(r"\{([a-z_]+)\}")
_QUERY = re.compile(r"\{\?([a-z_]+(?:,[a-z_]+)*)\}\Z")


class UriTemplate:
    """A URI, or a template with ``{variables}`` (level 1) and a form-style query at its end (``{?a,b}``, level 3).

    :param text: as it stands on the wire
    :raise ValueError: a variable stands in it twice, or a brace belongs to no variable
    """

    def __init__(self, text: str) -> None:
        self.text = text
        query = _QUERY.search(text)
        self._path = text[: query.start()] if query else text
        self._query = tuple(query[1].split(",")) if query else ()
        self.variables: tuple[str, ...] = (*_VARIABLE.findall(self._path), *self._query)
        if len(set(self.variables)) < len(self.variables) or re.search(r"[{}]", _VARIABLE.sub("", self._path)):
            raise ValueError(f"{text!r} is no URI template: variables are [a-z_]+, each of them once")

    @property
    def vagueness(self) -> int:
        """Sorts templates that match the same URI: the one that says most of it itself comes first."""
        return -len(_VARIABLE.sub("", self._path)) if self.variables else -len(self.text) - 1_000_000

    def match(self, uri: str) -> dict[str, str] | None:
        """Return the decoded values of the variables in a URI, None if it is not of this template.

        A variable of the path is one segment, or a part of one. Of the query all may be left out, in any order; what
        is given twice is joined by commas, as lists are; empty values count as left out. Names of the query that the
        template does not have are returned too: it is for the caller to refuse them.
        """
        path, mark, query = uri.partition("?")
        found = self._pattern.fullmatch(path)
        if not found or "#" in query or (mark and not self._query):
            return None
        try:
            values = {name: unquote(value, errors="strict") for name, value in found.groupdict().items()}
            asked = _members(query)
        except ValueError:  # no UTF-8
            return None
        return None if values.keys() & asked.keys() else values | asked

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = _VARIABLE.split(self._path)
        source = re.escape(parts[0])
        for name, literal in zip(parts[1::2], parts[2::2], strict=True):
            source += f"(?P<{name}>[^/?#]+){re.escape(literal)}"
        return re.compile(source)


def _members(query: str) -> dict[str, str]:
    members: dict[str, str] = {}
    for name, value in parse_qsl(query, errors="strict"):
        members[name] = f"{members[name]},{value}" if name in members else value
    return members
