# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import threading
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase

from ..models import settings
from .common import McpTransactionCase


class TestSettings(McpTransactionCase):
    def save(self, **values):
        form = self.env["res.config.settings"].create({f"mcp_native_{name}": value for name, value in values.items()})
        form.execute()
        return self.env["res.config.settings"].create({})

    def test_a_new_database_serves_and_keeps_90_days(self):
        self.env["ir.config_parameter"].search([("key", "=like", "mcp_native.%")]).unlink()
        self.assertTrue(settings.enabled(self.env))
        self.assertTrue(settings.global_keys(self.env))
        self.assertFalse(settings.log_arguments(self.env))
        self.assertEqual(settings.log_days(self.env), 90)
        self.assertEqual(settings.path(self.env), "/mcp")

    def test_what_is_switched_off_stays_off(self):
        form = self.save(enabled=False, global_keys=False, log_days=0)
        self.assertFalse(settings.enabled(self.env))
        self.assertFalse(settings.global_keys(self.env))
        self.assertEqual(settings.log_days(self.env), 0)
        self.assertEqual(
            (form.mcp_native_enabled, form.mcp_native_global_keys, form.mcp_native_log_days), (False, False, 0)
        )
        self.save(enabled=True, global_keys=True, log_days=30)
        self.assertTrue(settings.enabled(self.env))
        self.assertEqual(settings.log_days(self.env), 30)

    def test_arguments_are_stored_when_chosen(self):
        self.save(log_arguments=True)
        self.assertTrue(settings.log_arguments(self.env))

    def test_the_form_shows_the_address_of_the_chosen_path(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.example.com/")
        form = self.save(path="/mcp_native")
        self.assertEqual(form.mcp_native_url, "https://odoo.example.com/mcp_native")
        self.assertEqual(settings.url(self.env), form.mcp_native_url)

    def test_the_own_path_is_served_whatever_is_chosen(self):
        self.assertTrue(settings.served(self.env, "/mcp/"))
        self.assertTrue(settings.served(self.env, "/mcp_native"))
        self.save(path="/mcp_native")
        self.assertFalse(settings.served(self.env, "/mcp"))
        self.assertTrue(settings.served(self.env, "/mcp_native/"))
        self.save(enabled=False)
        self.assertFalse(settings.served(self.env, "/mcp_native"))

    def test_origins_are_stored_in_the_form_in_which_they_are_compared(self):
        form = self.save(
            allowed_origins="HTTPS://App.Example.com:443/\n\n  http://localhost:6274\nhttp://localhost:6274"
        )
        self.assertEqual(form.mcp_native_allowed_origins, "https://app.example.com\nhttp://localhost:6274")

    def test_a_line_that_is_no_origin_is_named(self):
        for line in ("example.com", "null", "*", "https://", "https://a.example/path", "https://a:b:c", "https://u@h"):
            with self.subTest(line), self.assertRaisesRegex(ValidationError, "is not an origin"):
                self.save(allowed_origins=f"https://fine.example\n{line}")

    def test_a_negative_retention_is_refused(self):
        with self.assertRaises(ValidationError):
            self.save(log_days=-1)

    def test_everything_of_a_browser_login_is_on_in_a_new_database(self):
        self.env["ir.config_parameter"].search([("key", "=like", "mcp_native.%")]).unlink()
        form = self.save()
        self.assertTrue(form.mcp_native_oauth)
        self.assertTrue(form.mcp_native_oauth_registration)
        self.assertTrue(form.mcp_native_oauth_documents)
        self.assertTrue(form.mcp_native_oauth_end_on_password)
        self.assertEqual(set(form.mcp_native_oauth_schemes.split()), set(settings.DEFAULT_SCHEMES))
        self.assertEqual((form.mcp_native_oauth_access_hours, form.mcp_native_oauth_refresh_days), (8, 60))

    def test_each_switch_of_the_browser_login_is_stored_and_shown(self):
        for name in ("oauth", "oauth_registration", "oauth_documents", "oauth_end_on_password"):
            reader = getattr(settings, name)
            with self.subTest(name):
                self.assertFalse(self.save(**{name: False})[f"mcp_native_{name}"])
                self.assertFalse(reader(self.env))
                self.assertTrue(self.save(**{name: True})[f"mcp_native_{name}"])
                self.assertTrue(reader(self.env))

    def test_what_depends_on_a_switch_is_as_before_when_that_is_on_again(self):
        self.save(oauth_registration=False, oauth_documents=True)
        for switch in ("oauth", "enabled"):
            with self.subTest(switch):
                form = self.save(**{switch: False})
                self.assertFalse(settings.oauth_documents(self.env))
                self.assertTrue(form.mcp_native_oauth_documents)
                self.save(**{switch: True})
                self.assertTrue(settings.oauth_documents(self.env))
                self.assertFalse(settings.oauth_registration(self.env))

    def test_lengths_of_connections_are_stored_and_shown(self):
        for hours, days in ((1, 1), (168, 365)):
            form = self.save(oauth_access_hours=hours, oauth_refresh_days=days)
            self.assertEqual((form.mcp_native_oauth_access_hours, form.mcp_native_oauth_refresh_days), (hours, days))
            self.assertEqual(settings.oauth_access_hours(self.env), hours)
            self.assertEqual(settings.oauth_refresh_days(self.env), days)

    def test_lengths_out_of_range_are_refused_by_the_name_of_the_field(self):
        wrong = {"oauth_access_hours": (0, -1, 169), "oauth_refresh_days": (0, -5, 366)}
        labels = {"oauth_access_hours": "Hours Between Renewals", "oauth_refresh_days": "Days Without Use"}
        for name, values in wrong.items():
            for value in values:
                with self.subTest(name, value=value), self.assertRaisesRegex(ValidationError, labels[name]):
                    self.save(**{name: value})
        self.assertEqual(settings.oauth_access_hours(self.env), 8)
        self.assertEqual(settings.oauth_refresh_days(self.env), 60)

    def test_schemes_are_stored_in_the_form_in_which_they_are_compared(self):
        form = self.save(oauth_schemes="Cursor://, vscode:\n cursor; com.example.my-app  a+b.c-1")
        expected = {"cursor", "vscode", "com.example.my-app", "a+b.c-1"}
        self.assertEqual(settings.oauth_schemes(self.env), expected)
        self.assertEqual(set(form.mcp_native_oauth_schemes.split()), expected)

    def test_an_empty_list_of_schemes_means_none(self):
        for nothing in ("", " \n", "none", False):
            with self.subTest(nothing=nothing):
                self.save(oauth_schemes="cursor")
                self.assertFalse(self.save(oauth_schemes=nothing).mcp_native_oauth_schemes)
                self.assertFalse(settings.oauth_schemes(self.env))
                self.assertEqual(self.env["ir.config_parameter"].get_param(settings.OAUTH_SCHEMES), "none")

    def test_a_word_that_is_no_scheme_or_a_browsers_own_is_named(self):
        browsers = ("http", "https", "javascript", "data", "file", "vbscript", "blob", "about", "JavaScript:", "HTTPS://")
        for word in (*browsers, "1password", "my_app", "cursor://host", "a/b", "ä", "-x"):
            expected = f"Programs on the User's Computer.*{word}"
            with self.subTest(word), self.assertRaisesRegex(ValidationError, expected):
                self.save(oauth_schemes=f"cursor {word}")

    def test_only_administrators_change_settings(self):
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(self.manager).create({"mcp_native_enabled": False}).execute()

    def test_another_owner_of_the_path_is_named(self):
        serving = patch.object(threading.current_thread(), "dbname", self.env.cr.dbname, create=True)
        self.startPatcher(serving)
        form = self.save(path="/mcp")
        self.assertFalse(form.mcp_native_rival)
        endpoint = self.env["ir.http"].routing_map().bind("localhost").match("/web/health", method="GET")[0]
        with patch.object(type(self.env["ir.http"]), "routing_map", autospec=True) as routing_map:
            match = routing_map.return_value.bind.return_value.match
            match.return_value = (type("Rule", (), {"endpoint": endpoint}), {})
            form.invalidate_recordset(["mcp_native_rival"])
            self.assertEqual(form.mcp_native_rival, "web")


class TestOrigins(TransactionCase):
    def setUp(self) -> None:
        super().setUp()
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.example.com")
        self.env["ir.config_parameter"].set_param(settings.ORIGINS, "http://localhost:6274")

    def test_the_own_and_the_configured_origins_are_allowed(self):
        for origin in ("https://odoo.example.com", "https://ODOO.example.com:443", "http://localhost:6274"):
            self.assertTrue(settings.origin_allowed(self.env, origin), origin)

    def test_everything_else_is_not(self):
        origins = ("null", "", "http://odoo.example.com", "https://odoo.example.com:8443", "http://localhost")
        for origin in (*origins, "https://odoo.example.com.evil.example", "https://evil.example/odoo.example.com"):
            self.assertFalse(settings.origin_allowed(self.env, origin), origin)

    def test_no_base_url_allows_nobody(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "not a url")
        self.assertFalse(settings.origin_allowed(self.env, "not a url"))
        self.assertFalse(settings.origin_allowed(self.env, "null"))

    def test_the_key_of_signed_states_is_the_databases_own(self):
        first = settings.state_key(self.env)
        self.assertEqual(len(first), 32)
        self.env["ir.config_parameter"].set_param("database.secret", "another")
        self.assertNotEqual(settings.state_key(self.env), first)
