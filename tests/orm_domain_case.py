# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Partners that the tests of domains look for."""

from __future__ import annotations

from typing import Any

from odoo.models import BaseModel

from ..orm.domain import checked_domain
from .orm_case import OrmCase

PARTNERS = [
    {"name": "Azure Interior", "ref": "A1", "color": 3, "is_company": True, "type": "contact", "partner_latitude": 2.5},
    {"name": "azure & söhne", "ref": "", "color": 0, "is_company": False, "type": "invoice", "partner_latitude": -2.5},
    {"name": "100% Béton", "color": None, "is_company": None, "type": "other", "partner_latitude": None},
    {"name": "Under_score", "ref": "A1", "color": 5, "is_company": True, "type": "delivery", "active": False},
    {"name": "Back\\slash", "ref": "b2", "color": -1, "type": "contact", "partner_latitude": 0.0},
    {"name": "Zed", "ref": None, "color": 3, "type": "other"},
    {"name": "zed", "ref": "zz", "color": 10, "type": "contact", "active": False},
    {"name": "Child of Azure", "color": 1, "type": "contact", "parent": 0, "tags": [0]},
    {"name": "Second child", "ref": "c", "type": "invoice", "parent": 0, "tags": [0, 1]},
    {"name": "Grandchild", "type": "contact", "parent": 7, "tags": [2]},
]
COUNTRIES = ("base.be", "base.us", None, "base.be", None, "base.fr", "base.us", "base.be", None, "base.us")
MOMENTS = ("2026-03-28 22:59:59.9", "2026-03-28 23:00:00", "2026-03-29 21:59:59", "2026-03-29 22:00:00.5", "2020-01-01")


class DomainCase(OrmCase):
    """Ten partners with unset, zero, archived and related values; searches see only these."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.tags = cls.env["res.partner.category"].create([{"name": name} for name in ("Tag one", "Tag two", "Other")])
        cls.tags[1].parent_id = cls.tags[0]
        cls.ours = cls.partners.browse()
        for values, country in zip(PARTNERS, COUNTRIES, strict=False):
            cls.ours += cls._partner(dict(values), country)
        cls.env.flush_all()
        for record, values, number in zip(cls.ours, PARTNERS, range(len(PARTNERS)), strict=False):
            cls._store(record, values, MOMENTS[number % len(MOMENTS)])
        cls.env.invalidate_all()

    @classmethod
    def _partner(cls, values: dict[str, Any], country: str | None) -> BaseModel:
        parent, tags = values.pop("parent", None), values.pop("tags", [])
        values["parent_id"] = cls.ours[parent].id if parent is not None else False
        values["category_id"] = [(6, 0, [cls.tags[tag].id for tag in tags])]
        values["country_id"] = cls.env.ref(country).id if country else False
        return cls.partners.create({key: value for key, value in values.items() if value is not None})

    @classmethod
    def _store(cls, record: BaseModel, values: dict[str, Any], moment: str) -> None:
        """Write what the ORM would not: real NULLs and fractions of a second."""
        color, ref = values.get("color", 0), values.get("ref")
        cls.env.cr.execute(
            "UPDATE res_partner SET color = %s, ref = %s, is_company = %s, partner_latitude = %s, create_date = %s "
            "WHERE id = %s",
            [color, ref, values.get("is_company"), values.get("partner_latitude"), moment, record.id],
        )

    def found(self, domain: Any) -> BaseModel:
        checked = checked_domain(self.partners, domain)
        return self.partners.with_context(active_test=False).search([("id", "in", self.ours.ids), *checked])

    def names(self, domain: Any) -> list[str]:
        return sorted(self.found(domain).mapped("name"))
