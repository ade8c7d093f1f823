# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
from typing import Any

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools.safe_eval import safe_eval

from ..compat import public_method
from ..orm.domain import checked_domain
from ..orm.errors import ToolError
from ..orm.lookup import nearest
from ..orm.rules import ALLOW, DENY, OPERATIONS, ModelRule

NAMED_FIELDS = ("hidden_fields", "readonly_fields", "shown_fields")
_PATTERN = re.compile(r"[A-Za-z0-9_.*?]+")
_SEPARATORS = re.compile(r"[\s,;]+")


class McpNativeProfileRule(models.Model):
    """What a profile says about some models, beside or against what it says of all."""

    _name = "mcp_native.profile.rule"
    _inherit = "mcp_native.profile.mixin"
    _description = "MCP Profile Rule"
    _order = "pattern, id"
    _rec_name = "pattern"

    profile_id = fields.Many2one("mcp_native.profile", required=True, index=True, ondelete="cascade")
    pattern = fields.Char(
        "Name or Pattern",
        required=True,
        help="A technical name (sale.order), or a pattern for several (sale.*, * for all).",
    )
    model_id = fields.Many2one(
        "ir.model",
        "Model",
        compute="_compute_model_id",
        inverse="_inverse_model_id",
        domain=[("transient", "=", False)],
        help="Or write a pattern for several models beside it.",
    )
    found = fields.Char("Which Is", compute="_compute_found")
    is_nothing = fields.Boolean(compute="_compute_found")
    read_decision = fields.Selection([(ALLOW, "Allow"), (DENY, "Deny")], "Read")
    create_decision = fields.Selection("_decisions", "Create")
    write_decision = fields.Selection("_decisions", "Change")
    unlink_decision = fields.Selection("_decisions", "Delete")
    call_decision = fields.Selection("_decisions", "Run Methods")
    methods = fields.Char("Only These Methods", help="Names of methods with blanks between them. Empty: all methods.")
    hidden_fields = fields.Char(help="Technical names with blanks between them: they do not exist for the assistant.")
    readonly_fields = fields.Char("Read-only Fields", help="Technical names with blanks between them.")
    shown_fields = fields.Char(help="Fields to show although their names sound like secrets.")
    domain = fields.Char("Only Records", help="A domain, as in a record rule: user, time and company_ids can be used.")
    summary = fields.Char("Says", compute="_compute_summary")

    @api.model
    def _decisions(self) -> list[tuple[str, str]]:
        return self.env["mcp_native.profile"]._decisions()

    @api.depends("pattern")
    def _compute_model_id(self) -> None:
        for rule in self:
            name = (rule.pattern or "").strip()
            rule.model_id = self.env["ir.model"]._get(name) if name in self.env else False

    def _inverse_model_id(self) -> None:
        for rule in self.filtered("model_id"):
            rule.pattern = rule.model_id.model

    @api.onchange("model_id")
    def _onchange_model_id(self) -> None:
        self._inverse_model_id()

    @api.depends("pattern")
    @api.depends_context("lang")
    def _compute_found(self) -> None:
        for rule in self:
            names = rule._models()
            rule.is_nothing = bool(rule.pattern) and not names
            if len(names) == 1:
                rule.found = self.env["ir.model"]._get(names[0]).name
            elif names:
                rule.found = _("%s models", len(names))
            else:
                rule.found = rule.pattern and _("no model of this database")

    @api.depends(*(f"{operation}_decision" for operation in OPERATIONS), "methods", *NAMED_FIELDS, "domain")
    @api.depends_context("lang")
    def _compute_summary(self) -> None:
        """For cards: what a rule says, in a line."""
        names = [*(f"{operation}_decision" for operation in OPERATIONS), "methods", *NAMED_FIELDS, "domain"]
        described = self.fields_get(names, ["string", "selection"])
        for rule in self:
            said = [
                f"{described[name]['string']}: {dict(described[name].get('selection', ())).get(rule[name], rule[name])}"
                for name in names
                if rule[name]
            ]
            rule.summary = "; ".join(said)

    # -- what is written is checked: a rule that means nothing would protect nothing

    @api.constrains("pattern")
    def _check_pattern(self) -> None:
        for rule in self:
            if not _PATTERN.fullmatch(rule.pattern.strip()):
                raise ValidationError(
                    _("“%s” is no model: write a technical name as sale.order, or sale.* for several.", rule.pattern)
                )

    @api.constrains("pattern", *NAMED_FIELDS)
    def _check_fields(self) -> None:
        for rule in self:
            known = {field for name in rule._models() for field in self.env[name]._fields}
            for field in _names(*(rule[name] for name in NAMED_FIELDS)):
                if known and field not in known:
                    raise ValidationError(
                        _("%(model)s has no field “%(field)s”.", model=rule.pattern, field=field) + _near(field, known)
                    )

    @api.constrains("pattern", "methods")
    def _check_methods(self) -> None:
        made = {item.called_as for item in self.env["mcp_native.custom.tool"]._published(self.env.lang).values()}
        for rule in self:
            models_ = [self.env[name] for name in rule._models()]
            for method in _names(rule.methods):
                if models_ and method not in made and not any(_is_public(model, method) for model in models_):
                    raise ValidationError(
                        _("%(model)s has no public method “%(method)s”.", model=rule.pattern, method=method)
                    )

    @api.constrains("pattern", "domain")
    def _check_domain(self) -> None:
        for rule in self.filtered("domain"):
            try:
                domain = safe_eval(rule.domain.strip(), self.env["ir.rule"]._eval_context())
                if not isinstance(domain, list):
                    raise ValueError(rule.domain)
            except Exception as error:  # whatever Python makes of it
                raise ValidationError(
                    _(
                        "“%(domain)s” is no domain. Write for example [('user_id', '=', user.id)]. (%(error)s)",
                        domain=rule.domain,
                        error=error,
                    )
                ) from error
            rule._check_domain_fits(domain)

    def _check_domain_fits(self, domain: list[Any]) -> None:
        """Refuse a domain that one of the models cannot be searched by: some series would then find every record."""
        for name in self._models():
            try:
                checked_domain(self.env[name].sudo(), domain)
            except ToolError as error:
                raise ValidationError(
                    _("The records of %(model)s cannot be limited so: %(error)s", model=name, error=error)
                ) from error

    def _models(self) -> list[str]:
        """Return the models with records that the pattern matches now."""
        rule = ModelRule(pattern=(self.pattern or "").strip())
        known = self.env.registry
        return sorted(
            name
            for name in ([rule.pattern] if rule.is_exact else known)
            if name in known and rule.matches(name) and not known[name]._abstract and not known[name]._transient
        )

    def _rule(self) -> ModelRule:
        self.ensure_one()
        said = {operation: self[f"{operation}_decision"] for operation in OPERATIONS}
        return ModelRule(
            pattern=self.pattern.strip(),
            decisions={operation: decision for operation, decision in said.items() if decision},
            methods=frozenset(_names(self.methods)) or None,
            hidden=frozenset(_names(self.hidden_fields)),
            readonly=frozenset(_names(self.readonly_fields)),
            shown=frozenset(_names(self.shown_fields)),
            domain=(self.domain or "").strip(),
        )


def _names(*texts: str | bool | None) -> list[str]:
    """Return the names in texts, with blanks or commas between them."""
    return [name for text in texts if text for name in _SEPARATORS.split(text) if name]


def _near(name: str, known: set[str]) -> str:
    near = nearest(name, known)
    return " " + _("Did you mean %s?", ", ".join(near)) if near else ""


def _is_public(model: models.BaseModel, name: str) -> bool:
    """Whether a name is that of a public method, or of a server action: ``action_`` and its number."""
    if name.removeprefix("action_").isdigit():
        return True
    try:
        return callable(public_method(model, name))
    except (AccessError, AttributeError):
        return False
