# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg2

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.models import BaseModel
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..orm.access import EXPLAINED, AccessRefused, check, explain
from ..orm.errors import ToolError
from .orm_case import OrmCase

QUIET = ("odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule", "odoo.models")


@tagged("post_install", "-at_install")
class TestExplain(OrmCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.seen, cls.hidden = cls.partners.create([{"name": "Seen"}, {"name": "Top secret"}])

    def explained(self, work: Callable[[], Any], user: BaseModel | None = None, *given: Any) -> str:
        """Return the words for what ``work`` raises in a savepoint, as a tool would get them."""
        with mute_logger(*QUIET):
            try:
                with self.cr.savepoint():
                    work()
                    self.env.flush_all()
            except EXPLAINED as error:
                return explain(self.env(user=user or self.env.user), error, *given)
        raise AssertionError("nothing was raised")

    def test_a_missing_right_names_model_operation_and_groups(self):
        seen = self.as_plain(self.seen)
        for work, verb in (
            (lambda: seen.write({"name": "x"}), "change"),
            (lambda: self.as_plain(self.partners).create({"name": "x"}), "create"),
            (lambda: seen.unlink(), "delete"),
        ):
            for given in ((), (seen, {"change": "write", "create": "create", "delete": "unlink"}[verb])):
                message = self.explained(work, self.plain, *given)
                self.assertIn(f"You may not {verb} res.partner: your access rights do not include it.", message)
                self.assertRegex(message, r"Groups that may: .*Contact.Creation")
                self.assertNotIn("record rule", message)

    def test_a_record_rule_names_the_ids_and_never_the_records(self):
        self.hide_from_plain(self.partners, "[('name', '!=', 'Top secret')]")
        both = self.as_plain(self.seen + self.hidden)
        for user_sees_technical_features in (False, True):
            if user_sees_technical_features:
                self.env.ref("base.group_user").sudo().implied_ids += self.env.ref("base.group_no_one")
            message = self.explained(lambda: both.read(["name"]), self.plain)
            self.assertIn(f"You may not read res.partner {self.hidden.id}: a record rule", message)
            self.assertNotIn("Top secret", message)
            self.assertNotIn(str(self.seen.id) + ",", message)

    def test_a_rule_on_creation_says_so_without_ids(self):
        self.env["ir.model.access"].sudo().create(
            {"name": "t", "model_id": self.env["ir.model"].sudo()._get_id("res.partner.category"),
             "group_id": self.env.ref("base.group_user").id, "perm_read": True, "perm_create": True}
        )  # fmt: skip
        categories = self.env["res.partner.category"]
        self.hide_from_plain(categories, "[('name', '!=', 'Top secret')]")
        message = self.explained(lambda: self.as_plain(categories).create({"name": "Top secret"}), self.plain)
        self.assertEqual(
            message,
            "You may not create this res.partner.category record with these values: a record rule closes it to you, "
            "though not the model.",
        )

    def test_a_model_the_user_may_not_read_is_not_named(self):
        crons = self.env["ir.cron"].with_user(self.plain)
        message = self.explained(lambda: crons.search([]), self.plain)
        self.assertEqual(message, "Refused: this works on records or fields of a kind that you may not read.")

    def test_a_hidden_field_is_not_named(self):
        self.hide_field(self.partners, "ref")
        message = self.explained(lambda: self.as_plain(self.seen).read(["ref"]), self.plain)
        self.assertNotIn("ref,", message.replace("Refused", ""))
        self.assertNotIn("group_system", message)
        self.assertIn("a field or a record of it is closed to you", message)

    def test_what_business_code_says_is_passed_on(self):
        def own_words(error: Exception) -> Callable[[], None]:
            def work() -> None:
                raise error

            return work

        for error in (
            AccessError("Not your turn."),
            UserError("Too late."),
            ValidationError("Too long."),
            ToolError("Try x."),
        ):
            self.assertEqual(self.explained(own_words(error)), error.args[0])
        self.assertIn("recursive", self.explained(lambda: self.seen.write({"parent_id": self.seen.id})).lower())

    def test_an_access_error_without_a_traceback_is_not_trusted_to_hold_no_names(self):
        self.assertNotIn("Top secret", explain(self.env, AccessError("- Contact, Top secret (res.partner: 5)")))

    def test_missing_records_are_named_by_id(self):
        gone = self.partners.create({"name": "Gone"})
        gone.unlink()
        wanted = f"res.partner has no record with id {gone.id}: deleted, or never there."
        self.assertEqual(self.explained(lambda: gone.write({"name": "x"})), wanted)
        self.assertEqual(self.explained(lambda: gone.write({"name": "x"}), None, self.seen + gone, "write"), wanted)
        self.assertIn("was deleted", explain(self.env, MissingError("?")))

    def test_a_declared_constraint_speaks_for_itself(self):
        message = self.explained(lambda: self.env["res.country"].create({"name": "Second", "code": "BE"}))
        self.assertIn("code of the country must be unique", message)

    def test_a_required_value_is_named_by_label_and_name(self):
        message = self.explained(lambda: self.env["res.country"].create({"code": "QQ"}))
        self.assertEqual(message, "res.country: Country Name (name) is required and has no value.")

    def test_a_record_in_use_says_so(self):
        group = self.env["res.country.state"].search([], limit=1).country_id
        self.cr.execute("SELECT 1")
        message = self.explained(lambda: self.cr.execute("DELETE FROM res_country WHERE id = %s", [group.id]))
        self.assertIn("still used", message)
        self.assertIn("Archive instead", message)

    def test_a_link_to_nothing_says_so(self):
        message = self.explained(lambda: self.partners.create({"name": "x", "country_id": 2**30}))
        self.assertIn("res.partner", message)
        self.assertIn("does not exist", message)

    def test_a_value_that_the_database_refuses_says_why(self):
        message = self.explained(lambda: self.seen.write({"color": 2**40}))
        self.assertIn("out of range", message)

    def test_what_must_reach_odoo_is_not_explained(self):
        for error in (
            psycopg2.OperationalError,
            psycopg2.errors.ReadOnlySqlTransaction,
            psycopg2.errors.SerializationFailure,
        ):
            self.assertFalse(issubclass(error, EXPLAINED))


@tagged("post_install", "-at_install")
class TestCheck(OrmCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.seen, cls.hidden = cls.partners.create([{"name": "Seen"}, {"name": "Top secret"}])

    def test_what_is_allowed_passes(self):
        check(self.partners, "create")
        check(self.seen, "write")
        check(self.as_plain(self.seen), "read")
        check(self.as_plain(self.partners), "read")

    @mute_logger(*QUIET)
    def test_rights_and_rules_are_told_apart(self):
        self.hide_from_plain(self.partners, "[('name', '!=', 'Top secret')]")
        with self.refused("You may not change res.partner: your access rights do not include it"):
            check(self.as_plain(self.seen), "write")
        with self.refused(f"You may not read res.partner {self.hidden.id}: a record rule", without=("Top secret",)):
            check(self.as_plain(self.seen + self.hidden), "read")

    @mute_logger(*QUIET)
    def test_a_refusal_is_still_an_access_error(self):
        with self.assertRaises(AccessError) as caught:
            check(self.as_plain(self.seen), "unlink")
        self.assertIsInstance(caught.exception, AccessRefused)
