# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import json
import re
import xmlrpc.client
from types import SimpleNamespace
from unittest.mock import patch

from lxml import etree, html

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from odoo.addons.base.models import res_users

from ..models import settings
from ..models.principal import READ_SCOPE, WRITE_SCOPE
from ..oauth import hosts
from ..wizards.mcp_native_connect import in_the_internet
from .common import McpHttpCase, McpTransactionCase

PUBLIC = "https://odoo.example.com"
HOSTED = {"claude", "claude_desktop", "chatgpt"}


class ConnectCase(McpTransactionCase):
    def setUp(self):
        super().setUp()
        self.set_address(PUBLIC)

    def set_address(self, url):
        self.env["ir.config_parameter"].set_param("web.base.url", url)

    def page(self, user=None, **values):
        """Return the page as a user fills it in."""
        model = self.env["mcp_native.connect"].with_user(user or self.plain)
        page = Form(model)
        for name, value in values.items():
            if name != "way" or page.can_choose:
                setattr(page, name, value)
        return page

    def clients(self):
        return [code for code, _name in self.env["mcp_native.connect"]._selection_client()]

    def make(self, user=None, **values):
        """Make a key, without the check of the identity, and return the action that shows it."""
        wizard = self.page(user, **{"way": "key", **values}).save()
        return wizard.action_make_key.__wrapped__(wizard)

    def shown(self, action):
        """Return what the page with the key is filled with."""
        model = self.env["mcp_native.connect.key"].with_user(self.plain).with_context(**action["context"])
        return model.default_get(["key", "url", "snippet", "steps", "remark"])


class TestGuides(ConnectCase):
    def test_every_assistant_has_steps_with_a_key_and_most_with_a_login(self):
        guides = self.env["mcp_native.connect.guides"]._guides(PUBLIC + "/mcp", "KEY")
        self.assertEqual(list(guides)[:2], ["claude", "claude_desktop"])
        self.assertEqual([code for code, guide in guides.items() if not guide.login], ["n8n"])
        for guide in guides.values():
            self.assertTrue(guide.key.steps, guide.code)
        self.assertEqual({guide.code for guide in guides.values() if guide.hosted}, HOSTED)

    def test_the_page_shows_this_servers_address_in_the_snippet_and_numbered_steps(self):
        for client in self.clients():
            page = self.page(client=client)
            self.assertEqual(page.url, PUBLIC + "/mcp")
            if page.way == "key":
                self.assertFalse(page.steps)
                continue
            steps = html.fromstring(page.steps)
            self.assertEqual(steps.tag, "ol", client)
            self.assertGreater(len(steps.findall("li")), 1, client)
            if page.snippet:
                self.assertIn(PUBLIC + "/mcp", page.snippet, client)
            self.assertNotIn("**", page.steps, client)
            self.assertNotRegex(page.steps, r"<a (?!target=\"_blank\" rel=\"noopener\" )")

    def test_the_snippets_are_what_the_programs_read(self):
        guides = self.env["mcp_native.connect.guides"]._guides(PUBLIC + "/mcp", "KEY")
        for code in ("cursor", "other", "vscode", "claude_desktop"):
            self.assertIn("Bearer KEY", str(json.loads(guides[code].key.snippet)), code)
        header = json.loads(guides["vscode"].key.snippet)["servers"]["odoo"]["headers"]
        self.assertEqual(header, {"Authorization": "Bearer KEY"})
        lines = ["[mcp_servers.odoo]", f'url = "{PUBLIC}/mcp"', 'http_headers = { Authorization = "Bearer KEY" }']
        self.assertEqual(guides["codex"].key.snippet.splitlines(), lines)
        for code in ("claude_code", "gemini"):
            self.assertIn('--header "Authorization: Bearer KEY"', guides[code].key.snippet)
            self.assertNotIn("Bearer", guides[code].login.snippet)

    def test_links_into_programs_carry_the_address(self):
        cursor = html.fromstring(self.page(client="cursor").steps).find(".//a").get("href")
        self.assertTrue(cursor.startswith("cursor://anysphere.cursor-deeplink/mcp/install?name=odoo&config="))
        vscode = html.fromstring(self.page(client="vscode").steps).find(".//a").get("href")
        self.assertRegex(vscode, r"^vscode:mcp/install\?%7B[^ ]*odoo\.example\.com")

    def test_an_address_cannot_bring_markup_into_the_page(self):
        self.set_address("https://odoo.example.com/<script>x</script>")
        for client in self.clients():
            self.assertNotIn("<script", self.page(client=client).steps or "")

    def test_the_steps_are_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        guides = self.env["mcp_native.connect.guides"].with_context(lang="fr_FR")
        self.assertEqual(guides.env.lang, "fr_FR")
        self.assertTrue(guides._guides(PUBLIC, "KEY")["claude"].login.steps)


class TestWays(ConnectCase):
    def test_a_login_is_proposed_where_there_is_one(self):
        self.assertEqual(self.page(client="claude").way, "login")
        self.assertEqual(self.page(client="n8n").way, "key")
        self.assertFalse(self.page(client="n8n").can_choose)

    def test_every_assistant_can_have_a_key_instead(self):
        for client in self.clients():
            page = self.page(client=client, way="key")
            self.assertEqual(page.way, "key")
            self.assertFalse(page.steps)
            self.assertTrue(page.name)

    def test_only_keys_are_offered_when_logins_are_switched_off(self):
        self.env["ir.config_parameter"].set_param(settings.OAUTH, "False")
        for client in self.clients():
            page = self.page(client=client)
            self.assertEqual((page.way, page.can_choose), ("key", False))

    def test_an_assistant_in_the_internet_needs_an_address_in_the_internet(self):
        for url in ("http://odoo.example.com", "https://odoo.local", "https://192.168.1.5", "http://localhost:8069"):
            self.set_address(url)
            for client in HOSTED:
                self.assertRegex(self.page(client=client).warning, "works from the internet", (url, client))
        self.set_address(PUBLIC)
        for client in self.clients():
            self.assertFalse(self.page(client=client).warning)

    def test_an_address_without_https_is_warned_of_unless_it_is_this_computer(self):
        self.set_address("http://odoo.example.com")
        self.assertIn("https", self.page(client="cursor").warning)
        self.assertIn("https", self.page(client="claude", way="key").warning)
        self.set_address("http://localhost:8069")
        self.assertFalse(self.page(client="cursor").warning)

    def test_a_server_that_is_switched_off_says_so(self):
        self.env["ir.config_parameter"].set_param(settings.ENABLED, "False")
        self.assertIn("switched the MCP server off", self.page(client="cursor").warning)

    def test_addresses_are_told_apart(self):
        for url in ("https://odoo.example.com/mcp", "https://8.8.8.8/mcp"):
            self.assertTrue(in_the_internet(url), url)
        inside = ("http://odoo.example.com", "https://odoo", "https://odoo.lan", "https://10.0.0.1", "https://[::1]")
        for url in inside:
            self.assertFalse(in_the_internet(url), url)
        for host in ("localhost", "127.0.0.1", "[::1]", "::1", "::ffff:127.0.0.1", "0.0.0.0", "db.localhost"):
            self.assertTrue(hosts.on_this_computer(host), host)
        for host in ("odoo.example.com", "localhost.example.com", "10.0.0.1", "8.8.8.8", ""):
            self.assertFalse(hosts.on_this_computer(host), host)


class TestKeys(ConnectCase):
    def scope(self, user=None):
        return (user or self.plain).sudo().api_key_ids.scope

    def principal(self, action):
        key = action["context"]["default_key"]
        return self.env["mcp_native.principal"]._from_token(key, resource=action["context"]["default_url"])

    def test_a_user_makes_a_key_that_opens_the_server(self):
        action = self.make(name="laptop")
        principal = self.principal(action)
        self.assertEqual((principal.uid, principal.credential_name), (self.plain.id, "laptop"))
        self.assertEqual(principal.scopes, {READ_SCOPE, WRITE_SCOPE})
        self.assertEqual(self.scope(), "mcp_native")

    def test_a_read_only_key_reads_only(self):
        principal = self.principal(self.make(access="read"))
        self.assertEqual(principal.scopes, {READ_SCOPE})
        self.assertEqual(self.scope(), "mcp_native_read")

    def test_the_key_is_named_after_the_assistant_unless_told_otherwise(self):
        self.make(client="n8n")
        self.assertEqual(self.plain.sudo().api_key_ids.name, "n8n")

    def test_the_page_shows_the_key_with_the_steps_and_the_snippet_of_the_assistant(self):
        for client in self.clients():
            action = self.make(client=client)
            shown = self.shown(action)
            self.assertRegex(shown["key"], r"^[0-9a-f]{40}$")
            self.assertEqual(shown["url"], PUBLIC + "/mcp")
            self.assertIn("<ol", shown["steps"])
            if shown["snippet"]:
                self.assertIn(f"Bearer {shown['key']}", shown["snippet"], client)

    def test_the_key_is_stored_nowhere_in_clear(self):
        self.make()
        self.assertFalse(self.env["mcp_native.connect"].sudo().search([("create_uid", "=", self.plain.id)]))
        self.assertTrue(self.env["mcp_native.connect.key"]._abstract)

    def test_the_duration_is_what_odoo_grants(self):
        keys = self.env["res.users.apikeys"]
        wizard = self.env["mcp_native.connect"].with_user(self.plain)
        offered = [int(days) for days, _label in wizard._selection_duration()]
        if not keys._mcp_native_has_expiry():
            self.assertEqual(offered, [0])
            return
        self.assertNotIn(0, offered)
        administrators = dict(wizard.with_user(self.env.ref("base.user_admin"))._selection_duration())
        self.assertIn("0", administrators)
        self.make()
        key = self.plain.sudo().api_key_ids
        lasts = key.expiration_date - key.create_date
        # Odoo cuts the end to the second, but not the beginning.
        self.assertAlmostEqual(lasts.total_seconds(), max(offered) * 86400, delta=60)

    def test_the_identity_is_checked_first(self):
        wizard = self.page(way="key").save()
        with self.assertRaises(UserError):
            wizard.action_make_key()
        request = SimpleNamespace(session={"identity-check-last": 0})
        with patch.object(res_users, "request", request):
            self.assertEqual(wizard.action_make_key()["res_model"], "res.users.identitycheck")
        self.assertFalse(self.plain.sudo().api_key_ids)

    def test_others_make_none(self):
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self.env["mcp_native.connect"].with_user(user).create({"client": "n8n"})
            wizard = self.env["mcp_native.connect"].create({"client": "n8n"}).with_user(user)
            with self.assertRaises(AccessError):
                wizard.action_make_key.__wrapped__(wizard)

    def test_a_page_is_its_makers_own(self):
        wizard = self.page().save()
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).read(["name"])


class TestPages(ConnectCase):
    def test_the_preferences_lead_to_the_page_and_to_the_list_of_connections(self):
        view = self.env.ref("base.view_users_form_simple_modif")
        for user, expected in ((self.plain, 2), (self.outsider, 0)):
            arch = self.env["res.users"].with_user(user).get_view(view.id, "form")["arch"]
            group = etree.fromstring(arch).findall(".//group[@name='mcp_native']")
            buttons = [button for found in group for button in found.iter("button")]
            self.assertEqual(len(buttons), expected)
        names = {self.env.ref(f"mcp_native.{name}").id for name in ("connect_action", "connection_action")}
        arch = self.env["res.users"].with_user(self.plain).get_view(view.id, "form")["arch"]
        buttons = etree.fromstring(arch).iterfind(".//group[@name='mcp_native']//button")
        self.assertEqual({int(button.get("name")) for button in buttons}, names)

    def test_the_pages_open(self):
        for model in ("mcp_native.connect", "mcp_native.connect.key"):
            self.env[model].with_user(self.plain).get_view(view_type="form")


class TestOverHttp(McpHttpCase):
    def key_of(self, read_only):
        days = None if not self.env["res.users.apikeys"]._mcp_native_has_expiry() else 1
        return self.env["res.users.apikeys"].with_user(self.plain)._mcp_native_generate("x", days, read_only=read_only)

    def names(self, key):
        return {tool["name"] for tool in self.result("tools/list", key=key)["tools"]}

    def test_a_read_only_key_sees_no_tool_that_writes(self):
        reads, all_tools = self.names(self.key_of(True)), self.names(self.key_of(False))
        self.assertIn("search_records", reads)
        self.assertIn("create_records", all_tools)
        self.assertNotIn("create_records", reads)
        self.assertLess(reads, all_tools)

    def test_neither_key_opens_odoos_own_rpc(self):
        for read_only in (True, False):
            key = self.key_of(read_only)
            self.assertTrue(self.names(key))
            self.assertRaisesRegex(xmlrpc.client.Fault, "Access ?Denied", self._xmlrpc, key)
            self.assertIn("AccessDenied", self._jsonrpc(key))

    def _xmlrpc(self, key):
        call = (self.env.cr.dbname, self.plain.id, key, "res.users", "read", [[self.plain.id], ["login"]])
        return self.xmlrpc_object.execute_kw(*call)

    def _jsonrpc(self, key):
        arguments = [self.env.cr.dbname, self.plain.id, key, "res.users", "read", [[self.plain.id], ["login"]]]
        params = {"service": "object", "method": "execute_kw", "args": arguments}
        answer = self.url_open(
            "/jsonrpc",
            data=json.dumps({"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()["error"]["data"]["name"]

    def test_the_web_client_is_told_who_may_connect(self):
        for user, expected in ((self.plain, "true"), (self.outsider, "false")):
            self.authenticate(user.login, user.login)
            page = self.url_open("/web").text
            self.assertEqual(re.search(r'"mcp_native_user": (\w+)', page)[1], expected)
