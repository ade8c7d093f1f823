# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is asked of everyone: five calls on the same records, with the same fields."""

from dataclasses import dataclass
from typing import Any

SEARCH, READ, AGGREGATE, CREATE, LIST = (
    "search_records",
    "read_records",
    "aggregate_records",
    "create_records",
    "tools/list",
)
"""The calls, by the names of our tools."""

MODEL = "res.partner"
FIELDS = ["name", "email", "phone", "city", "country_id", "parent_id", "write_date"]
DOMAIN = [["ref", "=like", "bench-%"]]
CONTACTS = 200
SEARCHED = 80
ORDER = "id"
LEADS = "crm.lead"
STAGE = "stage_id"
REVENUE = "expected_revenue:sum"
NEW_NAME = "Created by the benchmark"
NEW_CONTACT = {
    "name": NEW_NAME,
    "email": "created@example.com",
    "phone": "+32 2 290 34 90",
    "street": "1 Example Street",
    "city": "Brussels",
    "zip": "1000",
    "is_company": True,
}
DEFAULTS_LIMIT = 25


@dataclass(frozen=True)
class OrmCall:
    """One call of the ORM, as ``/json/2`` takes it.

    :param positional: the argument that RPC wants by position
    """

    model: str
    method: str
    ids: list[int]
    arguments: dict[str, Any]
    positional: str | None = None

    def stored(self) -> dict[str, Any]:
        """Return what the bare controller needs to know."""
        return {"model": self.model, "method": self.method, "ids": self.ids, "arguments": self.arguments}

    def rpc(self) -> list[Any]:
        """Return model, method, positional and named arguments of ``execute_kw``."""
        named = dict(self.arguments)
        positional = [self.ids] if self.ids else []
        if self.positional:
            positional.append(named.pop(self.positional))
        return [self.model, self.method, positional, named]


@dataclass(frozen=True)
class Scenario:
    """Where Odoo is, who calls, and what the answers must hold.

    :param token: an access token of the same user, for those who logged in
    :param contact: id of the first contact that the search finds
    :param expected: for each call a text that stands in a right answer
    """

    series: int
    port: int
    database: str
    uid: int
    login: str
    key: str
    token: str
    contact: int
    expected: dict[str, str]

    @property
    def has_json_2(self) -> bool:
        return self.series >= 19


def orm_calls(series: int, contact: int) -> dict[str, OrmCall]:
    """Return the ORM call that answers each call; there is none for the list of tools."""
    search = {"domain": DOMAIN, "fields": FIELDS, "limit": SEARCHED, "order": ORDER}
    return {
        SEARCH: OrmCall(MODEL, "search_read", [], search),
        READ: OrmCall(MODEL, "read", [contact], {"fields": FIELDS}),
        AGGREGATE: _grouped(series),
        CREATE: OrmCall(MODEL, "create", [], {"vals_list": [NEW_CONTACT]}, positional="vals_list"),
    }


def _grouped(series: int) -> OrmCall:
    if series >= 19:
        arguments = {"domain": [], "groupby": [STAGE], "aggregates": [REVENUE, "__count"]}
        return OrmCall(LEADS, "formatted_read_group", [], arguments)
    return OrmCall(LEADS, "read_group", [], {"domain": [], "fields": [REVENUE], "groupby": [STAGE], "lazy": False})
