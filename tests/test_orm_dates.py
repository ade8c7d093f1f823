# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from ..orm.dates import from_user, to_user, today, zone
from .orm_case import OrmCase


@tagged("post_install", "-at_install")
class TestDates(OrmCase):
    def moment(self, text, **options):
        return from_user(text, self.env, "datetime", **options)

    def test_the_zone_is_the_contexts_then_the_users_then_utc(self):
        self.assertEqual(zone(self.env), "Europe/Brussels")
        self.assertEqual(zone(self.env(user=self.plain, context={})), "Europe/Brussels")
        self.assertEqual(zone(self.env(user=self.plain, context={"tz": "Mars/Olympus"})), "Europe/Brussels")
        self.plain.tz = False
        self.assertEqual(zone(self.env(user=self.plain, context={})), "UTC")
        self.assertEqual(zone(self.env(user=self.plain, context={"tz": "Asia/Tokyo"})), "Asia/Tokyo")

    def test_times_are_shown_in_the_users_zone_with_seconds_only_when_there_are_any(self):
        self.assertEqual(to_user(datetime(2026, 11, 21, 13, 30), self.env), "2026-11-21 14:30")
        self.assertEqual(to_user(datetime(2026, 7, 1, 23, 30, 5), self.env), "2026-07-02 01:30:05")
        self.assertEqual(to_user(date(2026, 7, 1), self.env), "2026-07-01")

    def test_the_ends_of_the_calendar_are_shown(self):
        self.assertEqual(to_user(datetime(9999, 12, 31, 23, 59, 59), self.env), "9999-12-31 23:59:59")
        new_york = self.env.user.with_context(tz="America/New_York").env
        self.assertEqual(to_user(datetime(1, 1, 1), new_york), "0001-01-01 00:00")

    def test_every_iso_form_becomes_utc(self):
        for text in (
            "2026-11-21T14:30:00Z", "2026-11-21 14:30:00+00:00", "2026-11-21T15:30:00+01:00", "2026-11-21T09:30-0500",
            "2026-11-21 15:30", "2026-11-21T15:30:00.123456", " 2026-11-21 15:30:00 ", "2026-11-21 14:30 UTC",
            "2026-11-21 15:30 (Europe/Brussels)", "2026-11-21T23:30:00 Asia/Tokyo", "2026-11-21t15:30:00",
        ):  # fmt: skip
            self.assertEqual(self.moment(text), "2026-11-21 14:30:00", text)
        self.assertEqual(self.moment(datetime(2026, 11, 21, 15, 30)), "2026-11-21 14:30:00")

    def test_summer_time_is_respected_and_doubtful_hours_are_standard_time(self):
        self.assertEqual(self.moment("2026-07-01 12:00"), "2026-07-01 10:00:00")
        self.assertEqual(self.moment("2026-10-25 02:30"), "2026-10-25 01:30:00")
        self.assertEqual(self.moment("2026-03-29 02:30"), "2026-03-29 01:30:00")

    def test_a_day_is_its_first_or_last_second(self):
        self.assertEqual(self.moment("2026-11-21"), "2026-11-20 23:00:00")
        self.assertEqual(self.moment("2026-11-21", end_of_day=True), "2026-11-21 22:59:59")
        self.assertEqual(self.moment("2026-11-21 10:00", end_of_day=True), "2026-11-21 09:00:00")

    def test_the_day_of_a_time_is_the_users_day(self):
        self.assertEqual(from_user("2026-10-31T23:30:00Z", self.env, "date"), "2026-11-01")
        self.assertEqual(from_user("2026-10-31 23:30", self.env, "date"), "2026-10-31")
        self.assertEqual(from_user(date(2026, 10, 31), self.env, "date"), "2026-10-31")

    def test_what_is_shown_can_be_written_back(self):
        for stored in ("2026-10-25 00:30:00", "2026-07-01 23:59:59", "2026-01-01 00:00:00"):
            shown = to_user(datetime.fromisoformat(stored), self.env)
            if not shown.startswith("2026-10-25"):  # that hour exists twice
                self.assertEqual(self.moment(shown), stored)

    @freeze_time("2026-10-31 23:30:00")
    def test_today_is_the_users_day(self):
        self.assertEqual(today(self.env), date(2026, 11, 1))

    def test_anything_else_is_refused_with_the_form_that_is_accepted(self):
        for text in (
            "", "today", "-3d", "21/11/2026", "2026-02-30", "2026-13-01", "2026-11-21 25:00", "2026-11-21T10:00+99:00",
            "2026-11-21 10:00 Nowhere/City", "0001-01-01 00:00:00+10:00", None, 5, True, ["2026-11-21"],
        ):  # fmt: skip
            with self.subTest(text=text), self.refused("is not a datetime", "2026-11-21T14:30:00Z", "Europe/Brussels"):
                self.moment(text)
        with self.refused("is not a date", "Write it as 2026-11-21;"):
            from_user("next week", self.env, "date")
