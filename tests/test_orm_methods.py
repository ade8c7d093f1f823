# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..orm.methods import INSTEAD, call
from .orm_case import OrmCase


@tagged("post_install", "-at_install")
class TestMethods(OrmCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.partner = cls.partners.create({"name": "Callee"})

    def test_a_method_of_records_is_called(self):
        call(self.partner, "action_archive")
        self.assertFalse(self.partner.active)

    def test_a_method_of_the_model_is_called_with_its_arguments(self):
        created = call(self.partners, "name_create", ["Called"])
        self.assertEqual(self.partners.browse(created[0]).name, "Called")
        self.assertEqual(call(self.partners, "name_create", [], {"name": "Named"})[1], "Named")

    def test_a_method_runs_with_the_rights_of_the_user(self):
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            call(self.as_plain(self.partner), "action_archive")
        self.assertTrue(self.partner.active)

    def test_private_and_unknown_methods_are_answered_alike(self):
        for name in (
            "_compute_display_name",
            "__init__",
            "sudo",
            "with_user",
            "browse",
            "env",
            "ids",
            "_name",
            "nope",
            "",
            None,
            5,
        ):
            with self.refused("res.partner has no public method", without=("private",)):
                call(self.partner, name)

    def test_an_unknown_method_is_answered_with_the_nearest_public_names(self):
        with self.refused("action_archive", without=("_action",)):
            call(self.partner, "action_archiv")
        with self.refused("has no public method", without=("Nearest: sudo",)):
            call(self.partner, "sudoo")

    def test_ids_are_wanted_or_not(self):
        with self.refused("res.partner.action_archive works on records: give their ids"):
            call(self.partners, "action_archive")
        with self.refused("res.partner.name_create works on the model as a whole"):
            call(self.partner, "name_create", ["x"])

    def test_arguments_that_do_not_fit_the_signature_are_refused_before_the_call(self):
        with self.refused("res.partner.name_create(name)", "missing a required argument"):
            call(self.partners, "name_create")
        with self.refused("res.partner.name_create(name)", "too many positional arguments"):
            call(self.partners, "name_create", ["a", "b"])
        with self.refused('name_create(name) has no argument "nme". Nearest: name.'):
            call(self.partners, "name_create", [], {"nme": "x"})

    def test_the_context_cannot_be_given(self):
        with self.refused("A context cannot be given"):
            call(self.partners, "name_create", ["x"], {"context": {"active_test": False}})

    def test_what_a_tool_does_is_left_to_the_tool(self):
        for name, tool in INSTEAD.items():
            with self.refused(f"use the tool {tool}"):
                call(self.partner, name)

    def test_copies_do_not_carry_values_of_hidden_fields(self):
        self.hide_field(self.partners, "ref")
        with self.refused('no field "ref" that you may see'):
            call(self.as_plain(self.partner), "copy", [], {"default": {"ref": "x"}})

    def test_several_records_are_copied(self):
        other = self.partners.create({"name": "Second"})
        copies = call(self.partner + other, "copy", [{"city": "Namur"}])
        self.assertEqual(len(copies), 2)
        self.assertEqual(copies.mapped("city"), ["Namur", "Namur"])
