# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The types of arguments that several tools share, with the words that an assistant reads."""

from __future__ import annotations

import json
from typing import Annotated, Any


class Schema(dict):
    """JSON Schema keywords beside a type: ``Annotated[int, Schema(minimum=1)]``.

    Hashable, because before Python 3.13 a union with an annotated type needs that of its metadata.
    """

    def __hash__(self) -> int:
        return hash(json.dumps(self, sort_keys=True))


Id = int
"""Without limits, which the list of tools would repeat many times: ``lookup.checked_ids`` knows them."""
Ids = Annotated[list[Id], Schema(minItems=1, maxItems=1000)]
WHEN = "x-when"
"""A keyword of a property that is shown only where it can matter: see ``ToolDeclaration.shown``."""
COMPANIES, LANGUAGES, ZONES = "companies", "languages", "zones"

Model = str
Domain = list[Any]
Archived = bool
Companies = Annotated[list[Id], Schema({WHEN: COMPANIES})]
Language = Annotated[str, Schema({WHEN: LANGUAGES})]
Zone = Annotated[str, Schema({WHEN: ZONES})]
Cursor = str
Values = dict[str, Any]
