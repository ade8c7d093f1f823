# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One page of a list that a tool shows."""

from __future__ import annotations

from dataclasses import dataclass

from ..orm import paging


@dataclass(frozen=True)
class Page:
    """Where a page begins and how long it is.

    :param start: rows before it
    :param limit: the most rows on it
    :param query: the digest of what is listed; a cursor is good for that only
    """

    start: int
    limit: int
    query: str

    @classmethod
    def of(cls, cursor: str | None, limit: int, *query: object) -> Page:
        """Return the page that a cursor names, the first one without a cursor.

        :param query: what makes the list: model, domain, order…
        :raise ToolError: not a cursor of this list
        """
        digest = paging.digest(*query)
        return cls(paging.decode(cursor, digest) if cursor else 0, limit, digest)

    @property
    def end(self) -> int:
        return self.start + self.limit

    def more(self, has_more: bool) -> list[str]:
        """Return the line that tells how to get the next page, if there is one."""
        return self._next(self.end) if has_more else []

    def more_than(self, shown: int, found: int) -> list[str]:
        """Return the same line after a page that has no room for all of its rows.

        :param shown: rows on the page
        :param found: rows that there are from its start on, as far as they were looked for
        """
        return self._next(self.start + shown) if found > shown else []

    def _next(self, start: int) -> list[str]:
        return [f'More: repeat with cursor="{paging.encode(start, self.query)}"']
