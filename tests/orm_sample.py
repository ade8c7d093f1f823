# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A model with a field of every type that matters, made for the tests and gone with their transaction."""

from __future__ import annotations

from typing import Any

from odoo.models import BaseModel

from .orm_case import OrmCase

SAMPLE = "x_mcp_sample"
COLOURS = (("red", "Bright Red"), ("blue", "Blue"))
FIELDS: tuple[dict[str, Any], ...] = (
    {"name": "x_name", "ttype": "char"},
    {"name": "x_note", "ttype": "text"},
    {"name": "x_body", "ttype": "html"},
    {"name": "x_file", "ttype": "binary"},
    {"name": "x_count", "ttype": "integer"},
    {"name": "x_weight", "ttype": "float"},
    {"name": "x_done", "ttype": "boolean"},
    {"name": "x_day", "ttype": "date"},
    {"name": "x_moment", "ttype": "datetime"},
    {"name": "x_colour", "ttype": "selection"},
    {"name": "x_partner_id", "ttype": "many2one", "relation": "res.partner"},
    {"name": "x_tag_ids", "ttype": "many2many", "relation": "res.partner.category"},
    {"name": "x_rule_ids", "ttype": "many2many", "relation": "ir.rule"},
    {"name": "x_link", "ttype": "reference"},
    {"name": "x_currency_id", "ttype": "many2one", "relation": "res.currency"},
    {"name": "x_amount", "ttype": "monetary", "currency_field": "x_currency_id"},
    {"name": "x_company_id", "ttype": "many2one", "relation": "res.company"},
    {"name": "x_home_id", "ttype": "many2one", "relation": "res.currency", "related": "x_company_id.currency_id"},
    {"name": "x_cost", "ttype": "monetary", "currency_field": "x_home_id"},
    {"name": "x_length", "ttype": "integer", "compute": "for record in self: record['x_length'] = len(record.x_name)"},
    {"name": "x_form", "ttype": "binary", "compute": "for record in self: record['x_form'] = {'a': 'secret'}"},
    {
        "name": "x_broken",
        "ttype": "integer",
        "compute": "for record in self: record['x_broken'] = 1 / record.x_count",
        "depends": "x_count",
    },
)


class SampleCase(OrmCase):
    """Gives ``sample``, an empty model of ``env``, and records of it."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        root = cls.env(su=True)
        model = root["ir.model"].create({"name": "Sample", "model": SAMPLE, "field_id": [(5, 0, 0)]})
        for values in FIELDS:
            extra = {}
            if values["ttype"] in ("selection", "reference"):
                pairs = COLOURS if values["ttype"] == "selection" else (("res.partner", "Contact"),)
                extra["selection_ids"] = [(0, 0, {"value": key, "name": label}) for key, label in pairs]
            stored = not ("compute" in values or "related" in values)
            root["ir.model.fields"].create(
                {"field_description": values["name"], "model_id": model.id, "store": stored, **values, **extra}
            )
        root["ir.model.access"].create(
            {
                "name": "sample",
                "model_id": model.id,
                "group_id": cls.env.ref("base.group_user").id,
                **dict.fromkeys(("perm_read", "perm_write", "perm_create", "perm_unlink"), True),
            }
        )
        cls.sample = cls.env[SAMPLE]
        cls.usd = cls._currency("USD")
        cls.eur = cls._currency("EUR")

    @classmethod
    def _currency(cls, name: str) -> BaseModel:
        currency = cls.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
        currency.active = True
        return currency

    def infos(self, *names: str) -> dict[str, dict[str, Any]]:
        return self.sample.fields_get(list(names))

    def unset(self, records: BaseModel, column: str) -> None:
        """Make a column NULL, as it is for records older than the field."""
        self.env.flush_all()
        self.env.cr.execute(f'UPDATE {SAMPLE} SET "{column}" = NULL WHERE id IN %s', [tuple(records.ids)])
        self.env.invalidate_all()
