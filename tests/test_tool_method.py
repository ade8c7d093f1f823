# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json

from odoo.tests import tagged

from .tool_case import ToolCase


@tagged("post_install", "-at_install")
class TestCallMethod(ToolCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Methodical"})

    def call(self, method: str, **arguments) -> str:
        return self.text("call_method", model="res.partner", method=method, **arguments)

    def refused(self, method: str, **arguments) -> str:
        return self.error("call_method", model="res.partner", method=method, **arguments)

    def test_a_button_of_the_form_can_be_pressed(self) -> None:
        self.call("action_archive", ids=[self.partner.id])
        self.assertFalse(self.partner.active)

    def test_an_action_is_answered_as_one_line_that_says_what_would_open(self) -> None:
        text = self.call("open_commercial_entity", ids=[self.partner.id])
        self.assertIn("res.partner", text)
        self.assertEqual(len(text.splitlines()), 1)

    def test_a_private_method_is_refused(self) -> None:
        for method in ("_compute_display_name", "sudo", "with_user", "__class__", "init", "browse"):
            with self.subTest(method):
                self.refused(method, ids=[self.partner.id])

    def test_an_unknown_method_is_an_error_with_the_nearest_name(self) -> None:
        self.assertIn("open_commercial_entity", self.refused("open_comercial_entity", ids=[self.partner.id]))

    def test_arguments_that_do_not_fit_are_named(self) -> None:
        text = self.refused("open_commercial_entity", ids=[self.partner.id], kwargs={"colour": 1})
        self.assertIn("colour", text)

    def test_a_context_of_the_client_is_refused(self) -> None:
        self.assertIn("context", self.refused("action_archive", ids=[self.partner.id], kwargs={"context": {"a": 1}}))
        text = self.error("search_records", model="res.partner", context={"active_test": False})
        self.assertIn("context", text)
        self.assertTrue(self.partner.active)

    def test_a_method_s_values_are_answered_as_json(self) -> None:
        text = self.call("address_get", ids=[self.partner.id], args=[["contact"]])
        self.assertEqual(json.loads(text.partition(": ")[2]), {"contact": self.partner.id})

    def test_writing_goes_through_the_tools_that_check_fields(self) -> None:
        self.assertIn("create_records", self.refused("create", args=[{"name": "Around"}]))
        self.refused("web_save", ids=[self.partner.id], args=[{"name": "Around"}, {}])
        self.refused("load", args=[["name"], [["Around"]]])
        self.refused("copy", ids=[self.partner.id], args=[{"name": "Around", "signup_type": "reset"}])
        self.assertFalse(self.env["res.partner"].search_count([("name", "=", "Around")]))
