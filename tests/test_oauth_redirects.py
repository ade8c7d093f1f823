# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..models.settings import DEFAULT_SCHEMES
from ..oauth import redirects
from ..oauth.redirects import BadRedirect

OF_CLIENTS = """
    https://claude.ai/api/mcp/auth_callback
    https://claude.com/api/mcp/auth_callback
    http://localhost/callback
    http://127.0.0.1/callback
    http://localhost:54212/callback
    https://chatgpt.com/connector/oauth/abcDEF123
    https://chatgpt.com/connector_platform_oauth_redirect
    http://127.0.0.1:1455/callback/Zm9vYmFyYmF6
    http://127.0.0.1:33418/
    http://127.0.0.1/
    https://vscode.dev/redirect
    https://insiders.vscode.dev/redirect
    http://localhost:8787/callback
    https://www.cursor.com/agents/mcp/oauth/callback
    cursor://anysphere.cursor-mcp/oauth/callback
    http://localhost:3335/oauth/callback
    http://localhost:49150/oauth/callback
    http://localhost:6274/oauth/callback
    http://localhost:6274/oauth/callback/debug
    http://127.0.0.1:6276/oauth/callback
    http://localhost:7777/oauth/callback
    http://127.0.0.1:19876/mcp/oauth/callback
    https://oauth.n8n.cloud/oauth2/callback
""".split()

REFUSED = [
    "",
    "callback",
    "/callback",
    "//claude.ai/callback",
    "https:",
    "https:///callback",
    "https:/callback",
    "http://claude.ai/callback",
    "http://192.168.1.5/callback",
    "http://0.0.0.0/callback",
    "http://0.0.0.0:8080/callback",
    "http://127.0.0.2/callback",
    "http://127.1/callback",
    "http://2130706433/callback",
    "https://2130706433/callback",
    "https://0x7f000001/callback",
    "https://0177.0.0.1/callback",
    "https://evil.0x7f/callback",
    "https://256.1.1.1/callback",
    "http://[::2]/callback",
    "http://[::ffff:127.0.0.1]/callback",
    "https://[::1/callback",
    "https://[::1%25eth0]/callback",
    "https://[claude.ai]/callback",
    "http://localhost.evil.com/callback",
    "http://127.0.0.1.evil/callback",
    "http://127.0.0.1.nip.io/callback",
    "http://evil-localhost/callback",
    "http://localhost./callback",
    "https://claude.ai@evil.com/callback",
    "https://claude.ai:secret@evil.com/callback",
    "http://localhost@evil.com/callback",
    "http://localhost:80@evil.com/callback",
    "cursor://user@host/callback",
    "https://claude.ai%40evil.com/callback",
    "https://claude.ai%2f@evil.com/callback",
    "https://claude%2eai/callback",
    "https://claude.ai\\@evil.com/callback",
    "https:\\\\claude.ai/callback",
    "https://claude.ai/callback\\",
    "https://claude.ai/callback#",
    "https://claude.ai/callback#fragment",
    "https://claude.ai/call back",
    " https://claude.ai/callback",
    "https://claude.ai/callback ",
    "https://claude.ai/callback\n",
    "https://claude.ai/\r\nLocation: https://evil.com",
    "https://claude.ai/\x00",
    "https://claude.ai/\t",
    "https://claude.ai/\x7f",
    "https://claude.ai/%",
    "https://claude.ai/%zz",
    "https://claude.ai/<script>",
    'https://claude.ai/"',
    "https://clаude.ai/callback",  # a Cyrillic letter
    "https://claude。ai/callback",
    "https://claude.ai:/callback",
    "https://claude.ai:0/callback",
    "https://claude.ai:65536/callback",
    "https://claude.ai:443x/callback",
    "https://.claude.ai/callback",
    "https://claude..ai/callback",
    "https://claude.ai,evil.com/callback",
    "https://*.claude.ai/callback",
    "javascript:alert(1)",
    "javascript://claude.ai/%0aalert(1)",
    "JavaScript:/alert(1)",
    "data:text/html,x",
    "data:/text/html,x",
    "vbscript:/x",
    "file:///etc/passwd",
    "blob:https://claude.ai/x",
    "view-source:/x",
    "intent://x/#Intent;end",
    "unknown://host/callback",
    "cursor:callback",
    "cursor:",
    "cursor://",
    "cursor:?x",
]

LOOPBACK_URIS = st.builds(
    "http://{}{}{}{}".format,
    st.sampled_from(["localhost", "127.0.0.1", "[::1]"]),
    st.one_of(st.just(""), st.integers(1, 65535).map(":{}".format)),
    st.sampled_from(["", "/", "/callback", "/a/b%20c"]),
    st.sampled_from(["", "?", "?a=1"]),
)
OTHER_URIS = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["https", "http", "cursor", "HTTP", "javascript"]),
    st.sampled_from(["claude.ai", "evil.com", "localhost", "127.0.0.1", "a@localhost", "LOCALHOST", "localhost.evil"]),
    st.sampled_from(["", ":80", ":8080", ":"]),
    st.sampled_from(["", "/", "/callback", "/callback/", "/Callback", "/a/../callback", "//callback"]),
    st.sampled_from(["", "?", "#", "?a=1", "?a=1#x", "\\", "%00", "@evil.com"]),
)
URIS = st.one_of(LOOPBACK_URIS, OTHER_URIS, st.text(max_size=30))


@tagged("post_install", "-at_install")
class TestOauthRedirects(BaseCase):
    def test_the_addresses_of_all_known_clients_may_be_registered(self):
        for uri in OF_CLIENTS:
            with self.subTest(uri):
                self.assertEqual(redirects.check(uri, DEFAULT_SCHEMES), uri)
                self.assertTrue(redirects.matches([uri], uri))

    def test_addresses_that_are_not_what_they_seem_may_not(self):
        for uri in REFUSED:
            with self.subTest(uri), self.assertRaises(BadRedirect):
                redirects.check(uri, DEFAULT_SCHEMES)

    def test_the_reason_of_a_refusal_repeats_nothing_but_the_scheme(self):
        for uri in REFUSED:
            with self.subTest(uri):
                try:
                    redirects.check(uri, DEFAULT_SCHEMES)
                except BadRedirect as refusal:
                    reason = str(refusal)
                self.assertTrue(reason.isascii() and reason.isprintable() and reason.endswith("."), reason)
                self.assertNotIn("evil", reason)

    def test_schemes_that_run_or_stay_in_a_page_are_refused_even_when_they_are_listed(self):
        for scheme in ("javascript", "JavaScript", "data", "vbscript", "file", "blob", "about", "http", "ws", "intent"):
            for uri in (f"{scheme}:/x", f"{scheme}://host/x", f"{scheme}:///x"):
                with self.subTest(uri), self.assertRaises(BadRedirect):
                    redirects.check(uri, {scheme, scheme.lower()})

    def test_a_scheme_of_its_own_is_good_while_it_is_listed(self):
        for uri in ("com.example.app:/oauth", "com.example.app://host/oauth?x=1", "com.example.app:///oauth"):
            self.assertEqual(redirects.check(uri, {"COM.example.app"}), uri)
            with self.assertRaises(BadRedirect):
                redirects.check(uri, ())

    def test_a_private_host_is_good_over_https(self):
        for uri in (
            "https://n8n.lan:5678/rest/oauth2-credential/callback",
            "https://192.168.1.5/x",
            "https://[fd00::1]/x",
        ):
            self.assertEqual(redirects.check(uri, ()), uri)

    def test_a_program_on_the_users_computer_may_take_any_port(self):
        for registered, presented in (
            ("http://localhost/callback", "http://localhost:54212/callback"),
            ("http://127.0.0.1/callback", "http://127.0.0.1:1/callback"),
            ("http://127.0.0.1:33418/", "http://127.0.0.1:65535/"),
            ("http://127.0.0.1:33418/", "http://127.0.0.1/"),
            ("http://[::1]:3000/cb?x=1", "http://[::1]:4000/cb?x=1"),
        ):
            self.assertTrue(redirects.matches(["https://claude.ai/x", registered], presented), presented)

    def test_nothing_but_the_port_may_differ(self):
        registered = ["http://localhost:8787/callback", "https://claude.ai/api/mcp/auth_callback"]
        for presented in (
            "http://localhost:8787/callback/",
            "http://localhost:8787/other",
            "http://localhost:8787/Callback",
            "http://localhost:8787/callback?x=1",
            "http://localhost:8787/callback?",
            "http://localhost:8787/callback#x",
            "http://localhost:8787/x/../callback",
            "http://localhost:8787//callback",
            "http://localhost:8787/%63allback",
            "http://localhost:8787",
            "http://localhost:0/callback",
            "http://localhost:65536/callback",
            "http://localhost:/callback",
            "http://localhost:87 87/callback",
            "http://127.0.0.1:8787/callback",
            "http://[::1]:8787/callback",
            "http://LOCALHOST:8787/callback",
            "HTTP://localhost:8787/callback",
            "https://localhost:8787/callback",
            "http://localhost.evil.com:8787/callback",
            "http://localhost:8787@evil.com/callback",
            "http://evil.com@localhost:8787/callback",
            "http://evil.com\\@localhost:8787/callback",
            "https://claude.ai:443/api/mcp/auth_callback",
            "https://claude.ai:8443/api/mcp/auth_callback",
            "https://claude.ai/api/mcp/auth_callback/",
            "https://claude.ai/api/mcp/auth_callback?x=1",
            "https://claude.ai/api/mcp/auth_callback#",
            "https://claude.ai/api/mcp/../mcp/auth_callback",
            "https://CLAUDE.ai/api/mcp/auth_callback",
            "https://claude.ai./api/mcp/auth_callback",
            "https://www.claude.ai/api/mcp/auth_callback",
            "https://evil.com/api/mcp/auth_callback",
            "https://claude.ai@evil.com/api/mcp/auth_callback",
            "http://claude.ai/api/mcp/auth_callback",
            " https://claude.ai/api/mcp/auth_callback",
            "https://claude.ai/api/mcp/auth_callback\n",
            "",
        ):
            self.assertFalse(redirects.matches(registered, presented), presented)

    def test_a_host_that_is_not_the_users_computer_keeps_its_port(self):
        for registered, presented in (
            ("https://localhost:8443/cb", "https://localhost:8444/cb"),
            ("https://example.com/cb", "https://example.com:8443/cb"),
            ("cursor://localhost:1/cb", "cursor://localhost:2/cb"),
            ("http://127.0.0.2:1/cb", "http://127.0.0.2:2/cb"),
        ):
            self.assertFalse(redirects.matches([registered], presented), presented)

    @settings(max_examples=400, deadline=None)
    @given(st.lists(URIS, max_size=3), URIS)
    def test_whatever_matches_differs_from_a_registered_one_in_the_port_of_loopback_at_most(
        self, registered, presented
    ):
        if not redirects.matches(registered, presented) or presented in registered:
            return
        found = urlsplit(presented)
        self.assertIn((found.scheme, found.hostname), [("http", name) for name in ("localhost", "127.0.0.1", "::1")])
        self.assertNotIn("@", found.netloc)
        self.assertIn(_without_port(presented), [_without_port(uri) for uri in registered if uri.startswith("http:")])

    @settings(max_examples=400, deadline=None)
    @given(URIS)
    def test_whatever_may_be_registered_is_read_by_others_as_it_is_here(self, uri):
        try:
            redirects.check(uri, {"cursor"})
        except BadRedirect:
            return
        found = urlsplit(uri)
        ours = redirects.parts(uri)
        self.assertEqual((found.scheme, found.hostname or ""), (ours.scheme, ours.host.strip("[]")))
        self.assertEqual((found.username, found.password, found.fragment), (None, None, ""))
        self.assertTrue(uri.isascii() and uri.isprintable())

    @settings(max_examples=200, deadline=None)
    @given(LOOPBACK_URIS, st.integers(1, 65535))
    def test_every_port_of_a_loopback_address_matches(self, uri, port):
        found = urlsplit(uri)
        host = f"[{found.hostname}]" if ":" in found.hostname else found.hostname
        rest = uri.partition("://")[2][len(found.netloc) :]
        self.assertTrue(redirects.matches([uri], f"http://{host}:{port}{rest}"))

    def test_people_are_told_where_an_answer_goes(self):
        for uri, shown in (
            ("https://claude.ai/api/mcp/auth_callback", "claude.ai"),
            ("https://CLAUDE.ai:8443/x?y", "claude.ai:8443"),
            ("https://xn--bcher-kva.example/x", "xn--bcher-kva.example"),
            ("http://localhost:54212/callback", "localhost:54212"),
            ("http://[::1]:1/callback", "[::1]:1"),
            ("cursor://anysphere.cursor-mcp/oauth/callback", "cursor://anysphere.cursor-mcp"),
            ("com.example.app:/oauth", "com.example.app:"),
        ):
            self.assertEqual(redirects.host(uri), shown)

    def test_an_answer_that_stays_on_the_users_computer_is_known_as_such(self):
        for uri in (
            "http://localhost:1/x",
            "https://localhost/x",
            "https://app.localhost/x",
            "http://127.0.0.1/x",
            "https://127.8.9.1/x",
            "https://0.0.0.0/x",
            "http://[::1]/x",
            "https://[::ffff:127.0.0.1]/x",
            "cursor://anysphere.cursor-mcp/oauth/callback",
        ):
            self.assertTrue(redirects.is_local(uri), uri)
        for uri in (
            "https://claude.ai/x",
            "https://localhost.evil.com/x",
            "https://128.0.0.1/x",
            "https://[2001:db8::1]/x",
        ):
            self.assertFalse(redirects.is_local(uri), uri)


def _without_port(uri: str) -> tuple[str, str | None, str]:
    found = urlsplit(uri)
    return found.scheme, found.hostname, uri.partition("://")[2][len(found.netloc) :]
