# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a report prints, for an assistant."""

from __future__ import annotations

import re

from lxml import html

from odoo.models import BaseModel

from . import narrowing, richtext
from .errors import ToolError
from .rules import DENY, READ, Rules

NO_PDF = (
    "This Odoo cannot make PDF files: wkhtmltopdf is {problem} on its server (an administrator can install it). "
    'Use format="markdown".'
)
_PROBLEMS = {"install": "missing", "upgrade": "too old", "workers": "short of workers", "broken": "broken"}
_EMPTY_IMAGES = re.compile(r"!\[[^\]]*\]\((?:/web/|data:)[^)]*\)|\(embedded [^)]*\)")


def check_shown(model: BaseModel) -> None:
    """Refuse where a report could print what the profile hides: its template is not narrowed.

    It prints what it likes of a record, of what that links to, and of what its lines link to.

    :raise ToolError: the profile hides something of these models; it names them
    """
    rules = narrowing.current()
    hidden = sorted(name for name in _in_reach(model) if _is_narrowed(name, rules)) if rules else []
    if hidden:
        raise ToolError(
            f'The MCP profile "{rules.name}" hides a part of {", ".join(_named(hidden))}, and a report prints whatever '
            "its template asks for. Read the records instead."
        )


def _named(models: list[str]) -> list[str]:
    """Return the names of those models that may be read, or what stands for the others."""
    known = [name for name in models if narrowing.decision(name, READ) != DENY]
    return known or ["what it is about"]


def _in_reach(model: BaseModel) -> set[str]:
    links = [field for field in model._fields.values() if field.comodel_name]
    lines = [field.comodel_name for field in links if field.type == "one2many"]
    of_lines = (field.comodel_name for name in lines for field in model.env[name]._fields.values())
    return {model._name, *(field.comodel_name for field in links), *filter(None, of_lines)}


def _is_narrowed(model: str, rules: Rules) -> bool:
    """Whether the profile's own rules hide something of a model; what is closed to all assistants is not in reports."""
    said = rules.speaking_of(model)
    return any(rule.hidden or rule.domain for rule in said) or rules.decision(model, READ) == DENY


def markdown(page: str) -> str:
    """Return a printed page as Markdown: its articles, without layout and pictures."""
    root = html.fromstring(page)
    articles = root.xpath("//div[contains(concat(' ', normalize-space(@class), ' '), ' article ')]") or [root]
    return "\n\n".join(filter(None, map(_article, articles)))


def _article(node: html.HtmlElement) -> str:
    text = richtext.to_markdown(html.tostring(node, encoding="unicode", with_tail=False))
    return _EMPTY_IMAGES.sub("", text).strip()


def check_pdf(reports: BaseModel) -> None:
    """Refuse where no PDF can be made.

    :raise ToolError: with the way that works
    """
    state = reports.get_wkhtmltopdf_state()
    if state in _PROBLEMS and state != "workers":
        raise ToolError(NO_PDF.format(problem=_PROBLEMS[state]))
