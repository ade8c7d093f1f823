# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from ..cli.mcp_log_check import McpLogCheck
from ..models import log_chain, mcp_native_log_seal, settings
from ..models.mcp_native_access_log import COLUMNS, write_rows
from .common import McpTransactionCase, shared_cursor


class SealCase(McpTransactionCase):
    """Seals rows of its own, in a log that is empty but for them."""

    def setUp(self) -> None:
        super().setUp()
        self.log, self.seals = self.env["mcp_native.access.log"], self.env["mcp_native.log.seal"]
        self.sql("DELETE FROM mcp_native_access_log")
        self.sql("DELETE FROM mcp_native_log_seal")

    def sql(self, query, *params):
        self.env.cr.execute(query, list(params))
        self.env.invalidate_all()

    def write(self, count=3, minutes=20, **values):
        """Write rows of some minutes ago and return their ids."""
        rows = [{**dict.fromkeys(COLUMNS), "uid": self.plain.id, "method": "ping", **values} for _ in range(count)]
        known = self.log.search([]).ids
        with shared_cursor(self):
            write_rows(self.registry, rows)
        ids = self.log.search([("id", "not in", known)], order="id").ids
        since = "date = date - %s * interval '1 minute', request_id = id::text"
        self.sql(f"UPDATE mcp_native_access_log SET {since} WHERE id = ANY(%s)", minutes, ids)
        return ids

    def seal(self):
        with shared_cursor(self):
            return self.seals._seal_rows()

    def check(self, known_hash=""):
        with shared_cursor(self):
            return self.seals._check(known_hash)

    def found(self, known_hash=""):
        report = self.check(known_hash)
        self.assertEqual(report.problems, len(report.findings))
        return [(finding.kind, finding.id) for finding in report.findings]

    def sealed(self, *counts):
        """Write and seal batches of rows and return the ids of their rows."""
        return [self._sealed(count) for count in counts]

    def _sealed(self, count):
        ids = self.write(count)
        self.assertEqual(self.seal(), count)
        return ids


@tagged("post_install", "-at_install")
class TestSeal(SealCase):
    def test_rows_are_sealed_in_a_chain(self):
        first, second = self.sealed(3, 2)
        newest, oldest = self.seals.search([])
        self.assertEqual((oldest.first_id, oldest.last_id, oldest.row_count), (first[0], first[-1], 3))
        self.assertEqual((newest.first_id, newest.last_id, newest.row_count), (second[0], second[-1], 2))
        self.assertEqual((oldest.previous, newest.previous), (log_chain.GENESIS, oldest.hash))
        report = self.check()
        self.assertEqual((report.seals, report.rows, report.unsealed, report.findings), (2, 5, 0, []))
        self.assertEqual(report.head, newest.hash)

    def test_a_young_row_waits_and_so_do_those_after_it(self):
        old = self.write(2)
        self.write(1, minutes=0)
        self.write(1)
        self.assertEqual(self.seal(), 2)
        self.assertEqual(self.seals.search([]).last_id, old[-1])
        self.assertEqual(self.check().unsealed, 2)

    def test_a_row_that_may_still_come_is_waited_for(self):
        ids = self.write(4, minutes=5)
        self.sql("DELETE FROM mcp_native_access_log WHERE id = %s", ids[1])
        self.assertEqual(self.seal(), 1)
        self.sql("UPDATE mcp_native_access_log SET date = date - interval '10 minutes' WHERE id > %s", ids[0])
        self.assertEqual(self.seal(), 2)
        self.assertEqual(self.found(), [])

    def test_a_seal_holds_rows_of_one_day_and_not_too_many(self):
        self.write(5)
        self.write(2, minutes=3 * 24 * 60)
        with patch.object(mcp_native_log_seal, "ROWS", 3):
            self.assertEqual(self.seal(), 7)
        self.assertEqual(self.seals.search([], order="id").mapped("row_count"), [3, 2, 2])
        self.assertEqual(self.found(), [])

    def test_rows_are_sealed_in_the_order_of_their_numbers(self):
        ids = self.write(3)
        for id_, number in zip(ids, (98, 99, 100), strict=True):
            self.sql("UPDATE mcp_native_access_log SET id = %s WHERE id = %s", -number, id_)
        self.sql("UPDATE mcp_native_access_log SET id = -id")
        self.assertEqual(self.seal(), 3)
        seal = self.seals.search([])
        self.assertEqual((seal.first_id, seal.last_id, seal.row_count), (98, 100, 3))
        self.assertEqual(self.found(), [])

    def test_a_seal_covers_every_column_of_the_log(self):
        stored = {name for name, column in self.log._fields.items() if column.store}
        self.assertEqual(set(log_chain.FORMS[log_chain.FORM]), stored)

    def test_an_altered_row_is_named_whichever_column_it_is(self):
        (ids,) = self.sealed(3)
        stored = "SELECT * FROM mcp_native_access_log WHERE id = %s"
        for column in set(log_chain.FORMS[log_chain.FORM]) - {"id"}:
            kind = self.log._fields[column].type
            changed = {"integer": "COALESCE({0}, 0) + 1", "float": "COALESCE({0}, 0) + 1", "boolean": "{0} IS NOT TRUE"}
            value = changed.get(kind, "COALESCE({0}, '') || 'x'").format(column)
            value = f"{column} + interval '1 microsecond'" if kind == "datetime" else value
            with self.subTest(column), self.env.cr.savepoint() as savepoint:
                self.sql(stored, ids[1])
                self.sql(f"UPDATE mcp_native_access_log SET {column} = {value} WHERE id = %s", ids[1])
                self.assertEqual(self.found(), [("altered", ids[1])])
                savepoint.rollback()
        self.env.invalidate_all()
        self.assertEqual(self.found(), [])

    def test_none_is_told_from_an_empty_text(self):
        (ids,) = self.sealed(1)
        self.sql("UPDATE mcp_native_access_log SET tool = ''")
        self.assertEqual(self.found(), [("altered", ids[0])])

    def test_missing_rows_are_named(self):
        first, second = self.sealed(3, 3)
        self.sql("DELETE FROM mcp_native_access_log WHERE id IN %s", (first[2], second[0]))
        self.assertEqual(self.found(), [("missing", first[2]), ("missing", second[0])])

    def test_an_added_row_is_named_between_seals_too(self):
        first, second = self.sealed(3, 3)
        for old, new in ((first[1], first[0] - 5), (second[0], second[1])):
            self.sql("DELETE FROM mcp_native_access_log WHERE id = %s", new)
            self.sql("UPDATE mcp_native_access_log SET id = %s WHERE id = %s", new, old)
        self.assertEqual(
            self.found(),
            [("added", first[0] - 5), ("missing", first[1]), ("missing", second[0]), ("altered", second[1])],
        )

    def test_an_altered_seal_is_named(self):
        self.sealed(2, 2, 2)
        oldest, middle, newest = self.seals.search([], order="last_id")
        for change in ("leaves = leaves || '0'", "digest = repeat('0', 64)", "row_count = 1", "last_date = now()"):
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                self.sql(f"UPDATE mcp_native_log_seal SET {change} WHERE id = %s", middle.id)
                self.assertEqual(self.found(), [("seal_altered", middle.id)])
                savepoint.rollback()
        self.sql("UPDATE mcp_native_log_seal SET hash = repeat('0', 64) WHERE id = %s", middle.id)
        self.assertEqual(self.found(), [("seal_altered", middle.id), ("seal_missing", newest.id)])

    def test_a_missing_seal_is_told_from_missing_rows(self):
        _first, second, _third = self.sealed(2, 2, 2)
        oldest, middle, newest = self.seals.search([], order="last_id")
        self.sql("DELETE FROM mcp_native_log_seal WHERE id = %s", middle.id)
        self.assertEqual(self.found(), [("seal_missing", newest.id), ("unsealed_rows", newest.id)])
        self.sql("DELETE FROM mcp_native_access_log WHERE id = ANY(%s)", second)
        self.assertEqual(self.found(), [("seal_missing", newest.id)])
        self.sql("DELETE FROM mcp_native_log_seal WHERE id = %s", oldest.id)
        self.assertEqual(self.found(), [("seal_missing", newest.id), ("unsealed_rows", newest.id)])

    def test_seals_that_were_made_again_do_not_have_the_hash_that_was_noted(self):
        self.sealed(2, 2)
        noted = self.seals.search([], order="last_id")[0].hash
        self.sealed(1)
        self.assertEqual(self.found(f" {noted.upper()} "), [])
        self.sql("UPDATE mcp_native_access_log SET tool = 'forged'")
        self.sql("DELETE FROM mcp_native_log_seal")
        self.assertEqual(self.seal(), 5)
        self.assertEqual(self.found(), [])
        self.assertEqual(self.found(noted), [("unknown_hash", 0)])

    def test_few_findings_are_kept_and_all_are_counted(self):
        self.sealed(log_chain.MAX_FINDINGS + 10)
        self.sql("UPDATE mcp_native_access_log SET tool = 'x'")
        report = self.check()
        self.assertEqual((report.problems, len(report.findings)), (log_chain.MAX_FINDINGS + 10, log_chain.MAX_FINDINGS))

    def test_a_chain_never_forks(self):
        self.sealed(1)
        columns = "form, previous, first_id, last_id, row_count, digest, hash"
        copied = f"INSERT INTO mcp_native_log_seal ({columns}) SELECT {columns} FROM mcp_native_log_seal"
        refused = self.assertRaisesRegex(psycopg2.IntegrityError, "mcp_native_log_seal_previous_uniq")
        with mute_logger("odoo.sql_db"), refused, self.env.cr.savepoint():
            self.sql(copied)

    def test_the_scheduled_action_runs_for_ever(self):
        cron = self.env.ref("mcp_native.log_seal_cron")
        self.assertEqual((cron.interval_number, cron.interval_type, cron.active), (10, "minutes", True))
        self.assertEqual(getattr(cron, "numbercall", -1), -1)
        self.write(2)
        with shared_cursor(self):
            cron.method_direct_trigger()
        self.assertEqual(self.seals.search([]).row_count, 2)


@tagged("post_install", "-at_install")
class TestRetention(SealCase):
    def setUp(self) -> None:
        super().setUp()
        self.env["ir.config_parameter"].set_param(settings.LOG_DAYS, "30")
        self.old = self.write(2, minutes=40 * 24 * 60) + self.write(1, minutes=39 * 24 * 60)
        self.new = self.write(2)

    def retain(self):
        with shared_cursor(self):
            self.log._gc_old_rows()

    def test_old_rows_go_and_the_rest_can_still_be_verified(self):
        self.retain()
        self.assertEqual(self.log.search([], order="id").ids, self.new)
        self.assertEqual(self.seals.search([("pruned_on", "!=", False)]).mapped("row_count"), [1, 2])
        self.assertFalse(any(self.seals.search([("pruned_on", "!=", False)]).mapped("leaves")))
        report = self.check()
        self.assertEqual((report.findings, report.deleted, report.rows), ([], 3, 2))
        self.sql("UPDATE mcp_native_access_log SET tool = 'x' WHERE id = %s", self.new[0])
        self.assertEqual(self.found(), [("altered", self.new[0])])

    def test_a_row_that_comes_back_is_seen(self):
        self.retain()
        self.sql("UPDATE mcp_native_access_log SET id = %s WHERE id = %s", self.old[1], self.new[0])
        oldest = self.seals.search([], order="last_id", limit=1)
        self.assertEqual(self.found(), [("not_deleted", oldest.id), ("missing", self.new[0])])

    def test_rows_in_the_middle_are_not_the_retentions_to_delete(self):
        self.seal()
        oldest, middle, _newest = self.seals.search([], order="last_id")
        self.sql("DELETE FROM mcp_native_access_log WHERE id = %s", self.old[2])
        self.sql("UPDATE mcp_native_log_seal SET pruned_on = now(), leaves = NULL WHERE id = %s", middle.id)
        self.assertEqual(self.found(), [("missing", middle.first_id)])
        self.assertTrue(oldest)

    def test_nothing_new_is_deleted_twice(self):
        self.retain()
        self.retain()
        self.assertEqual(self.log.search_count([]), 2)
        self.assertEqual(self.found(), [])

    def test_all_rows_may_go(self):
        self.env["ir.config_parameter"].set_param(settings.LOG_DAYS, "1")
        self.sql("UPDATE mcp_native_access_log SET date = date - interval '10 days'")
        self.retain()
        self.assertFalse(self.log.search([]))
        self.sealed(2)
        self.assertEqual(self.found(), [])


@tagged("post_install", "-at_install")
class TestCheckPage(SealCase):
    def page(self, user=None, button="action_check", **values):
        wizard = self.env["mcp_native.log.check"].with_user(user or self.manager).create(values)
        with shared_cursor(self):
            action = getattr(wizard, button)()
        self.assertEqual((action["res_id"], action["target"]), (wizard.id, "new"))
        return wizard

    def test_a_manager_reads_that_the_log_is_whole(self):
        self.sealed(3)
        page = self.page()
        self.assertEqual((page.state, page.findings or ""), ("whole", ""))
        self.assertEqual(page.summary, "Rows compared: 3. Seals compared: 1.")
        self.assertEqual(page.head, self.seals.search([]).hash)

    def test_a_manager_reads_what_is_wrong(self):
        ids = self.sealed(4)[0]
        self.sql("UPDATE mcp_native_access_log SET outcome = 'ok' WHERE id = %s", ids[1])
        self.sql("DELETE FROM mcp_native_access_log WHERE id = %s", ids[2])
        page = self.page(known_hash="0a" * 32)
        self.assertEqual(page.state, "broken")
        lines = [f"Row {ids[1]} was altered.", f"Row {ids[2]} is missing."]
        lines.append("The hash noted earlier is in no seal: the seals were made again.")
        self.assertEqual(page.findings.split("\n"), lines)

    def test_every_finding_has_a_sentence(self):
        page = self.env["mcp_native.log.check"]
        kinds = "altered missing added seal_altered seal_missing unsealed_rows not_deleted unknown_hash".split()
        for kind in kinds:
            self.assertTrue(page._sentence(log_chain.Finding(kind, 7, 2)).endswith("."))

    def test_a_manager_seals_at_once(self):
        self.write(2)
        page = self.page()
        self.assertEqual(page.state, "empty")
        self.assertIn("Rows not sealed yet: 2, from", page.summary)
        page = self.page(button="action_seal")
        self.assertEqual(page.summary, "Rows compared: 2. Seals compared: 1.")

    def test_others_can_neither_check_nor_see_seals(self):
        self.sealed(1)
        for button in ("action_check", "action_seal"):
            with self.assertRaises(AccessError):
                self.page(self.plain, button)
            with self.assertRaises(AccessError):
                getattr(self.env["mcp_native.log.check"].with_user(self.plain), button)()
        with self.assertRaises(AccessError):
            self.log.with_user(self.plain).action_check()
        with self.assertRaises(AccessError):
            self.seals.with_user(self.plain).search([])
        self.assertEqual(len(self.seals.with_user(self.manager).search([])), 1)


@tagged("post_install", "-at_install")
class TestCommand(SealCase):
    def run_command(self, *options):
        printed = StringIO()
        # The server's own configuration is at work here.
        with patch.object(type(config), "parse_config"), shared_cursor(self), redirect_stdout(printed):
            with self.assertRaises(SystemExit) as ended:
                McpLogCheck().run(["-d", self.env.cr.dbname, *options])
        return ended.exception.code, printed.getvalue()

    def test_the_exit_code_says_whether_the_log_is_whole(self):
        (ids,) = self.sealed(3)
        code, printed = self.run_command()
        self.assertEqual(code, 0)
        self.assertIn("The log is whole.\nRows compared: 3. Seals compared: 1.", printed)
        self.assertIn(self.seals.search([]).hash, printed)
        self.sql("UPDATE mcp_native_access_log SET tool = 'x' WHERE id = %s", ids[1])
        code, printed = self.run_command()
        self.assertEqual(code, 1)
        self.assertIn(f"The log is not whole.\nRow {ids[1]} was altered.", printed)

    def test_a_noted_hash_is_looked_for(self):
        self.sealed(1)
        self.assertEqual(self.run_command("--hash", self.seals.search([]).hash)[0], 0)
        self.assertEqual(self.run_command("--hash", "f" * 64)[0], 1)
