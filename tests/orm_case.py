# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of ``orm/`` share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from odoo.models import BaseModel
from odoo.tests import TransactionCase, new_test_user

from ..orm.errors import ToolError


class OrmCase(TransactionCase):
    """An administrator (``env``), an ordinary user (``plain``), and helpers for refusals."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.env = cls.env(user=cls.env.ref("base.user_admin"), context={"lang": "en_US", "tz": "Europe/Brussels"})
        cls.plain = new_test_user(cls.env, "orm_plain", groups="base.group_user", tz="Europe/Brussels")
        cls.partners = cls.env["res.partner"]

    def as_plain(self, records: BaseModel) -> BaseModel:
        return records.with_user(self.plain)

    def hide_from_plain(self, records: BaseModel, domain: str) -> None:
        """Add a record rule: of these records, ``plain`` sees only what ``domain`` lets through."""
        self.env["ir.rule"].sudo().create(
            {
                "name": "test: hidden",
                "model_id": self.env["ir.model"].sudo()._get(records._name).id,
                "domain_force": f"{domain} if user.id == {self.plain.id} else []",
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def hide_field(self, model: BaseModel, name: str) -> None:
        """Reserve a field for administrators, as ``groups=`` in its declaration would."""
        self.patch(model._fields[name], "groups", "base.group_system")
        self.env.invalidate_all()

    @contextmanager
    def refused(self, *parts: str, without: tuple[str, ...] = ()) -> Iterator[None]:
        """Expect a ``ToolError`` whose text holds ``parts`` and nothing of ``without``."""
        with self.assertRaises(ToolError) as caught:
            yield
        message = str(caught.exception)
        for part in parts:
            self.assertIn(part, message)
        for part in without:
            self.assertNotIn(part, message)
