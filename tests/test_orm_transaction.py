# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..orm.transaction import read_only
from .orm_case import OrmCase


@tagged("post_install", "-at_install")
class TestReadOnly(OrmCase):
    def test_reading_works_inside(self):
        partner = self.partners.create({"name": "Read me"})
        with read_only(self.cr):
            self.assertEqual(self.partners.search([("id", "=", partner.id)]).name, "Read me")

    def test_a_write_inside_is_refused_by_the_database_and_leaves_no_trace(self):
        partner = self.partners.create({"name": "Before"})
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.ReadOnlySqlTransaction):
            with read_only(self.cr):
                partner.name = "After"
        self.assertEqual(partner.name, "Before")

    def test_raw_sql_inside_is_refused_too(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.ReadOnlySqlTransaction):
            with read_only(self.cr):
                self.cr.execute("UPDATE res_partner SET name = name")

    def test_writing_works_again_after_success(self):
        with read_only(self.cr):
            self.partners.search([], limit=1)
        self.assertTrue(self.partners.create({"name": "After success"}).id)
        self.env.flush_all()

    def test_writing_works_again_after_a_failure(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.ReadOnlySqlTransaction):
            with read_only(self.cr):
                self.partners.create({"name": "Refused"})
        self.partners.create({"name": "After failure"})
        self.env.flush_all()

    def test_what_was_pending_before_is_stored(self):
        partner = self.partners.create({"name": "Pending"})
        partner.name = "Stored"
        with read_only(self.cr):
            self.cr.execute("SELECT name FROM res_partner WHERE id = %s", [partner.id])
            self.assertEqual(self.cr.fetchone()[0], "Stored")
