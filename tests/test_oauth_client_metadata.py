# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..models.settings import DEFAULT_SCHEMES
from ..oauth import client_metadata
from ..oauth.client_metadata import BadMetadata, ClientMetadata, clean_name

CODE_AND_REFRESH = ["authorization_code", "refresh_token"]

CLAUDE_URL = "https://claude.ai/oauth/mcp-oauth-client-metadata"
CLAUDE: dict[str, Any] = {
    "client_id": CLAUDE_URL,
    "client_name": "Claude",
    "client_uri": "https://claude.ai",
    "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"],
    "grant_types": CODE_AND_REFRESH,
    "response_types": ["code"],
    "token_endpoint_auth_method": "none",
}
CLAUDE_CODE_URL = "https://claude.ai/oauth/claude-code-client-metadata"
CLAUDE_CODE: dict[str, Any] = {
    **CLAUDE,
    "client_id": CLAUDE_CODE_URL,
    "client_name": "Claude Code",
    "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback"],
}
CHATGPT_URL = "https://chatgpt.com/oauth/abc123/client.json"
CHATGPT: dict[str, Any] = {
    "client_id": CHATGPT_URL,
    "client_name": "ChatGPT",
    "redirect_uris": ["https://chatgpt.com/connector/oauth/abc123"],
    "grant_types": CODE_AND_REFRESH,
    "response_types": ["code"],
    "token_endpoint_auth_method": "private_key_jwt",
    "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
    "token_endpoint_auth_signing_alg": "RS256",
    "jwks_uri": "https://chatgpt.com/oauth/jwks.json",
}
CHATGPT_OLD_URL = "https://chatgpt.com/oauth/client.json"
CHATGPT_OLD: dict[str, Any] = {
    **CHATGPT,
    "client_id": CHATGPT_OLD_URL,
    "redirect_uris": ["https://chatgpt.com/connector_platform_oauth_redirect"],
}
DOCUMENTS = {CLAUDE_URL: CLAUDE, CLAUDE_CODE_URL: CLAUDE_CODE, CHATGPT_URL: CHATGPT, CHATGPT_OLD_URL: CHATGPT_OLD}

NATIVE = {"grant_types": CODE_AND_REFRESH, "response_types": ["code"], "token_endpoint_auth_method": "none"}
REGISTRATIONS: dict[str, dict[str, Any]] = {
    "Claude": {
        **NATIVE,
        "client_name": "Claude",
        "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"],
        "scope": "mcp:read mcp:write",
    },
    "Visual Studio Code": {
        **NATIVE,
        "client_name": "Visual Studio Code",
        "client_uri": "https://code.visualstudio.com",
        "grant_types": [*CODE_AND_REFRESH, "urn:ietf:params:oauth:grant-type:device_code"],
        "redirect_uris": [
            "https://insiders.vscode.dev/redirect",
            "https://vscode.dev/redirect",
            "http://127.0.0.1/",
            "http://127.0.0.1:33418/",
        ],
        "application_type": "native",
    },
    "Cursor": {
        **NATIVE,
        "client_name": "Cursor",
        "redirect_uris": [
            "http://localhost:8787/callback",
            "https://www.cursor.com/agents/mcp/oauth/callback",
            "cursor://anysphere.cursor-mcp/oauth/callback",
        ],
    },
    "mcp-remote": {
        **NATIVE,
        "client_name": "MCP CLI Proxy",
        "client_uri": "https://github.com/geelen/mcp-remote",
        "redirect_uris": ["http://localhost:14563/oauth/callback"],
        "software_id": "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d",
        "software_version": "0.15.1",
        "scope": "openid email profile",
    },
    "Codex": {
        **NATIVE,
        "client_name": "Codex",
        "redirect_uris": ["http://127.0.0.1:1455/callback/Zm9vYmFyYmF6"],
    },
    "MCP Inspector": {
        **NATIVE,
        "client_name": "MCP Inspector",
        "client_uri": "https://github.com/modelcontextprotocol/inspector",
        "redirect_uris": ["http://localhost:6274/oauth/callback", "http://localhost:6274/oauth/callback/debug"],
        "scope": "",
    },
    "Gemini CLI": {
        **NATIVE,
        "client_name": "Gemini CLI MCP Client",
        "redirect_uris": ["http://localhost:7777/oauth/callback"],
    },
    "opencode": {
        **NATIVE,
        "client_name": "OpenCode",
        "client_uri": "https://opencode.ai",
        "redirect_uris": ["http://127.0.0.1:19876/mcp/oauth/callback"],
    },
    "n8n": {
        **NATIVE,
        "client_name": "n8n",
        "client_uri": "https://n8n.io/",
        "redirect_uris": ["https://oauth.n8n.cloud/oauth2/callback"],
        "token_endpoint_auth_method": "client_secret_basic",
    },
    "the Python SDK": {
        "client_name": "An Agent",
        "redirect_uris": ["http://localhost:3030/callback"],
        "grant_types": CODE_AND_REFRESH,
        "response_types": ["code"],
        "application_type": "native",
        "token_endpoint_auth_method": None,
        "contacts": None,
        "logo_uri": None,
    },
}
"""What these programs register, as far as it is public: their redirect URIs and methods, with likely other members."""

MINIMAL = {"redirect_uris": ["https://assistant.example.com/callback"]}


def from_registration(**changed: Any) -> ClientMetadata:
    return client_metadata.from_registration({**MINIMAL, **changed}, DEFAULT_SCHEMES)


def from_document(url: str = CLAUDE_URL, **changed: Any) -> ClientMetadata:
    document = {**DOCUMENTS[url], **changed}
    return client_metadata.from_document(document, url, DEFAULT_SCHEMES)


@tagged("post_install", "-at_install")
class TestOauthClientMetadata(BaseCase):
    def assert_refused(self, error: str, function: Any, **changed: Any) -> str:
        with self.assertRaises(BadMetadata) as caught:
            function(**changed)
        self.assertEqual(caught.exception.error, error)
        description = str(caught.exception)
        self.assertTrue(description.isascii() and description.isprintable(), description)
        return description

    def test_known_clients_can_register(self):
        for who, data in REGISTRATIONS.items():
            with self.subTest(who):
                metadata = client_metadata.from_registration(data, DEFAULT_SCHEMES)
                self.assertEqual(metadata.name, data["client_name"])
                self.assertEqual(metadata.redirect_uris, tuple(data["redirect_uris"]))
                self.assertEqual(metadata.auth_method, data["token_endpoint_auth_method"] or "none")

    def test_the_documents_of_known_clients_are_those_of_public_clients(self):
        for url, document in DOCUMENTS.items():
            with self.subTest(url):
                metadata = client_metadata.from_document(document, url, DEFAULT_SCHEMES)
                self.assertEqual(metadata.name, document["client_name"])
                self.assertEqual(metadata.redirect_uris, tuple(document["redirect_uris"]))
                self.assertEqual(metadata.auth_method, "none")

    def test_a_client_that_names_no_method_is_a_public_one(self):
        for changed in ({}, {"token_endpoint_auth_method": None}, {"token_endpoint_auth_method": ""}):
            self.assertEqual(from_registration(**changed).auth_method, "none")

    def test_a_client_gets_the_method_it_asks_for(self):
        for method in client_metadata.AUTH_METHODS:
            self.assertEqual(from_registration(token_endpoint_auth_method=method).auth_method, method)

    def test_a_method_that_is_not_here_is_refused_unless_the_client_can_do_without(self):
        for method in ("private_key_jwt", "client_secret_jwt", "tls_client_auth", "nonsense", 1, [], {}):
            self.assert_refused("invalid_client_metadata", from_registration, token_endpoint_auth_method=method)
        either = {"token_endpoint_auth_methods_supported": ["none", "private_key_jwt"]}
        self.assertEqual(from_registration(token_endpoint_auth_method="private_key_jwt", **either).auth_method, "none")

    def test_members_that_are_null_unknown_or_empty_do_not_matter(self):
        members = "client_name client_uri grant_types response_types scope jwks contacts software_id".split()
        for value in (None, ""):
            self.assertEqual(from_registration(**dict.fromkeys(members, value)), from_registration())
        self.assertEqual(from_registration(surprise={"a": [1]}, contacts=[1], scope=7), from_registration())

    def test_the_addresses_are_required_and_limited(self):
        good = MINIMAL["redirect_uris"][0]
        for uris in (
            None,
            [],
            "",
            good,
            {good: good},
            [good, 1],
            [None],
            [[good]],
            [f"{good}/{number}" for number in range(21)],
            [f"{good}?{'x' * 2000}"],
            [""],
        ):
            with self.subTest(str(uris)[:60]):
                self.assert_refused("invalid_redirect_uri", from_registration, redirect_uris=uris)
                self.assert_refused("invalid_redirect_uri", from_document, redirect_uris=uris)
        self.assertEqual(len(from_registration(redirect_uris=[f"{good}/{n}" for n in range(20)]).redirect_uris), 20)
        self.assertEqual(from_registration(redirect_uris=[good, good]).redirect_uris, (good,))

    def test_one_bad_address_among_good_ones_is_refused_by_its_number(self):
        for uri in (
            "http://evil.com/x",
            "javascript:alert(1)",
            "https://a@evil.com/x",
            "https://é.com/x",
            "other://h/x",
        ):
            uris = [*MINIMAL["redirect_uris"], uri]
            for function in (from_registration, from_document):
                reason = self.assert_refused("invalid_redirect_uri", function, redirect_uris=uris)
                self.assertIn("Redirect URI 2 ", reason)
                self.assertNotIn("evil", reason)

    def test_a_client_that_cannot_do_the_one_flow_is_refused(self):
        for function in (from_registration, from_document):
            for types in ([], ["implicit"], ["client_credentials"], "authorization_code", {}, [1], True):
                self.assert_refused("invalid_client_metadata", function, grant_types=types)
            for types in ([], ["token"], ["code id_token"], "code", [["code"]]):
                self.assert_refused("invalid_client_metadata", function, response_types=types)

    def test_what_is_no_object_is_refused(self):
        for data in (None, [], "x", 1, True, [MINIMAL]):
            with self.assertRaises(BadMetadata) as caught:
                client_metadata.from_registration(data, ())
            self.assertEqual(caught.exception.error, "invalid_client_metadata")

    def test_a_document_is_good_for_its_own_address_only(self):
        others = (f"{CLAUDE_URL}/", f"{CLAUDE_URL}?", CLAUDE_URL.upper(), "https://evil.com/x", 1, [CLAUDE_URL])
        for client_id in (None, "", *others):
            self.assert_refused("invalid_client", from_document, client_id=client_id)

    def test_a_document_needs_a_name(self):
        for name in (None, "", "\u202e\u200b", " \n "):
            self.assert_refused("invalid_client_metadata", from_document, client_name=name)

    def test_a_document_cannot_be_that_of_a_client_with_a_secret(self):
        for method in ("client_secret_post", "client_secret_basic", "client_secret_jwt"):
            for more in ({}, {"token_endpoint_auth_methods_supported": ["none", method]}):
                self.assert_refused("invalid_client_metadata", from_document, token_endpoint_auth_method=method, **more)
        self.assert_refused("invalid_client_metadata", from_document, client_secret="x")

    def test_a_document_of_a_client_that_signs_is_good_only_if_it_need_not(self):
        for methods in (None, [], ["private_key_jwt"], "none", {"none": 1}, [None]):
            self.assert_refused(
                "invalid_client_metadata",
                from_document,
                url=CHATGPT_URL,
                token_endpoint_auth_methods_supported=methods,
            )

    def test_a_nameless_registration_is_called_by_its_host(self):
        for name in (None, "", " ", "\u202e"):
            self.assertEqual(from_registration(client_name=name).name, "assistant.example.com")
        self.assert_refused("invalid_client_metadata", from_registration, client_name=["Claude"])

    def test_a_home_page_is_kept_if_it_is_one(self):
        self.assertEqual(from_registration(client_uri="https://claude.ai").client_uri, "https://claude.ai")
        for uri in ("http://claude.ai", "javascript:alert(1)", "https://a@b/", "x", 1, "https://a/" + "x" * 2000):
            self.assertEqual(from_registration(client_uri=uri).client_uri, "")

    def test_known_members_are_answered_as_they_came_and_no_others(self):
        sent = {
            **REGISTRATIONS["mcp-remote"],
            "contacts": ["a@example.com"],
            "logo_uri": None,
            "tos_uri": 7,
            "policy_uri": {"a": 1},
            "surprise": "x",
            "client_id": "mine",
            "client_secret": "mine",
        }
        names = {"client_uri", "software_id", "software_version", "contacts"}
        self.assertEqual(client_metadata.echoed(sent), {name: sent[name] for name in names})

    def test_a_name_is_one_visible_line(self):
        for name, clean in (
            ("Claude", "Claude"),
            ("  My\r\n agent\t2 ", "My agent 2"),
            ("Claude\x00\x1b[31m", "Claude [31m"),
            ("\u202eedualC\u202c", "edualC"),
            ("\u2066Clau\u200bde\u2069\ufeff", "Claude"),
            ("Cla\u2028ude", "Cla ude"),
            ("\ud800Claude", "Claude"),
            ("\u3164\u2800", ""),
            ("Büro-Assistent 助手", "Büro-Assistent 助手"),
            ("x" * 300, "x" * 100),
        ):
            self.assertEqual(clean_name(name), clean)

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=200))
    def test_every_name_comes_out_printable_and_stays_as_it_is_then(self, name):
        clean = clean_name(name)
        self.assertTrue(clean.isprintable() and len(clean) <= 100 and clean == clean.strip())
        self.assertEqual(clean_name(clean), clean)

    @settings(max_examples=300, deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from([*CHATGPT, "client_uri", "scope", "client_secret"]),
            st.recursive(
                st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=10), st.just(CHATGPT_URL)),
                lambda inner: st.one_of(
                    st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=2)
                ),
                max_leaves=5,
            ),
        )
    )
    def test_no_metadata_does_anything_but_pass_or_be_refused(self, changed):
        for document in (changed, {**CHATGPT, **changed}):
            for function in (
                lambda data: client_metadata.from_registration(data, DEFAULT_SCHEMES),
                lambda data: client_metadata.from_document(data, CHATGPT_URL, DEFAULT_SCHEMES),
            ):
                try:
                    metadata = function(document)
                except BadMetadata as refusal:
                    self.assertTrue(str(refusal).isascii())
                else:
                    self.assertTrue(metadata.redirect_uris and metadata.name)
