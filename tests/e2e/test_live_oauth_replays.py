# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What well-known clients send, with their own addresses, ports and habits: each connects, calls and refreshes."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, NamedTuple

import pytest
import requests
from oauth_wire import (
    BOTH,
    READ,
    WELL_KNOWN,
    Client,
    ask,
    discover,
    error_of,
    form_of,
    new_client,
    new_pkce,
    register,
    tokens_of,
)
from wire import LEGACY, Wire

GRANTS = {"grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"]}
PUBLIC = {**GRANTS, "token_endpoint_auth_method": "none"}
CODEX_ID = base64.urlsafe_b64encode(hashlib.sha256(b"https://odoo.example.com/mcp").digest()[:9]).decode()


class Replay(NamedTuple):
    """One client.

    :param metadata: its registration, or its document
    :param redirect_uri: what it uses then
    :param changes: parameters of its authorization request that differ from the usual ones
    :param path: of its document
    """

    name: str
    metadata: dict[str, Any]
    redirect_uri: str
    changes: dict[str, str | None] = {}
    path: str = ""


REGISTERED = [
    Replay(
        "Claude",
        {
            **PUBLIC,
            "client_name": "Claude",
            "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"],
            "scope": BOTH,
        },
        "https://claude.ai/api/mcp/auth_callback",
    ),
    Replay(
        "Claude Code",
        {**PUBLIC, "client_name": "Claude Code (odoo)", "redirect_uris": ["http://localhost:54212/callback"]},
        "http://localhost:60321/callback",
        {"scope": None},
    ),
    Replay(
        "ChatGPT",
        {**PUBLIC, "client_name": "ChatGPT", "redirect_uris": ["https://chatgpt.com/connector/oauth/aB3_x"]},
        "https://chatgpt.com/connector/oauth/aB3_x",
    ),
    Replay(
        "ChatGPT, older",
        {
            **PUBLIC,
            "client_name": "ChatGPT",
            "redirect_uris": ["https://chatgpt.com/connector_platform_oauth_redirect"],
        },
        "https://chatgpt.com/connector_platform_oauth_redirect",
    ),
    Replay(
        "Codex",
        {**PUBLIC, "client_name": "Codex", "redirect_uris": [f"http://127.0.0.1:41234/callback/{CODEX_ID}"]},
        f"http://127.0.0.1:41234/callback/{CODEX_ID}",
    ),
    Replay(
        "VS Code",
        {
            **PUBLIC,
            "client_name": "Visual Studio Code",
            "client_uri": "https://code.visualstudio.com",
            "application_type": "native",
            "redirect_uris": [
                "https://insiders.vscode.dev/redirect",
                "https://vscode.dev/redirect",
                "http://127.0.0.1/",
                "http://127.0.0.1:33418/",
            ],
        },
        "http://127.0.0.1:52741/",
    ),
    Replay(
        "VS Code in the web",
        {**PUBLIC, "client_name": "Visual Studio Code", "redirect_uris": ["https://vscode.dev/redirect"]},
        "https://vscode.dev/redirect",
    ),
    Replay(
        "Cursor",
        {
            **PUBLIC,
            "client_name": "Cursor",
            "redirect_uris": [
                "http://localhost:8787/callback",
                "https://www.cursor.com/agents/mcp/oauth/callback",
                "cursor://anysphere.cursor-mcp/oauth/callback",
            ],
        },
        "http://localhost:8787/callback",
        {"scope": f"{BOTH} offline_access"},
    ),
    Replay(
        "Cursor, older",
        {**PUBLIC, "client_name": "Cursor", "redirect_uris": ["cursor://anysphere.cursor-mcp/oauth/callback"]},
        "cursor://anysphere.cursor-mcp/oauth/callback",
    ),
    Replay(
        "mcp-remote",
        {
            **PUBLIC,
            "client_name": "MCP CLI Proxy",
            "client_uri": "https://github.com/modelcontextprotocol/mcp-cli",
            "redirect_uris": ["http://localhost:17892/oauth/callback"],
            "software_id": "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d",
            "software_version": "0.15.1",
        },
        "http://localhost:17892/oauth/callback",
    ),
    Replay(
        "Inspector",
        {
            **PUBLIC,
            "client_name": "MCP Inspector",
            "client_uri": "https://github.com/modelcontextprotocol/inspector",
            "redirect_uris": ["http://localhost:6274/oauth/callback", "http://localhost:6274/oauth/callback/debug"],
        },
        "http://localhost:6274/oauth/callback/debug",
    ),
    Replay(
        "Inspector's command line",
        {**PUBLIC, "client_name": "MCP Inspector", "redirect_uris": ["http://127.0.0.1:6276/oauth/callback"]},
        "http://127.0.0.1:6276/oauth/callback",
        {"prompt": "consent", "scope": f"{BOTH} offline_access"},
    ),
    Replay(
        "Gemini CLI",
        {
            **PUBLIC,
            "client_name": "Gemini CLI MCP Client",
            "redirect_uris": ["http://localhost:7777/oauth/callback"],
            "scope": BOTH,
        },
        "http://localhost:7777/oauth/callback",
    ),
    Replay(
        "opencode",
        {
            **PUBLIC,
            "client_name": "OpenCode",
            "client_uri": "https://opencode.ai",
            "redirect_uris": ["http://127.0.0.1:19876/mcp/oauth/callback"],
        },
        "http://127.0.0.1:19876/mcp/oauth/callback",
    ),
    Replay(
        "n8n",
        {
            **GRANTS,
            "client_name": "n8n",
            "redirect_uris": ["https://oauth.n8n.cloud/oauth2/callback"],
            "token_endpoint_auth_method": "client_secret_basic",
        },
        "https://oauth.n8n.cloud/oauth2/callback",
    ),
]

CHATGPT = {
    **GRANTS,
    "client_name": "ChatGPT",
    "token_endpoint_auth_method": "private_key_jwt",
    "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
    "token_endpoint_auth_signing_alg": "RS256",
    "jwks_uri": "https://chatgpt.com/oauth/jwks.json",
}
DOCUMENTED = [
    Replay(
        "Claude",
        {
            **PUBLIC,
            "client_name": "Claude",
            "client_uri": "https://claude.ai",
            "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"],
        },
        "https://claude.ai/api/mcp/auth_callback",
        path="/oauth/mcp-oauth-client-metadata",
    ),
    Replay(
        "Claude Code",
        {
            **PUBLIC,
            "client_name": "Claude Code",
            "client_uri": "https://claude.ai",
            "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback"],
        },
        "http://localhost:58123/callback",
        {"scope": None},
        path="/oauth/claude-code-client-metadata",
    ),
    Replay(
        "ChatGPT",
        {**CHATGPT, "redirect_uris": ["https://chatgpt.com/connector/oauth/aB3_x"]},
        "https://chatgpt.com/connector/oauth/aB3_x",
        path="/oauth/aB3_x/client.json",
    ),
    Replay(
        "ChatGPT, older",
        {**CHATGPT, "redirect_uris": ["https://chatgpt.com/connector_platform_oauth_redirect"]},
        "https://chatgpt.com/connector_platform_oauth_redirect",
        path="/oauth/client.json",
    ),
]


@pytest.fixture(scope="module")
def found(server):
    server.forget_registrations()
    return discover(server.mcp_url, {"MCP-Protocol-Version": LEGACY[0]})


@pytest.fixture(scope="module")
def clerk(server):
    return server.web("plain")


def check_connection(client: Client, web, changes: dict[str, str | None]) -> None:
    """Check that a client connects, lists tools in either era, and refreshes as it says."""
    first = client.connect(web, **changes)
    assert first.scope == BOTH
    wire = Wire(client.found.resource["resource"], first.access)
    assert wire.rpc("tools/list").status_code == 200
    assert wire.rpc("tools/list", version=LEGACY[0], headers={"Accept": "*/*"}).status_code == 200
    second = tokens_of(client.refresh(first.refresh, scope=changes.get("scope")))
    assert second.scope == BOTH
    again = client.connect(web, **{**changes, "scope": None})
    assert again.scope == BOTH
    assert {Wire(wire.url, token.access).status() for token in (second, again)} == {200}


@pytest.mark.parametrize("replay", REGISTERED, ids=lambda replay: replay.name)
def test_a_client_that_registers_connects(found, clerk, replay):
    answer = register(found, replay.metadata)
    secret = answer.get("client_secret")
    assert bool(secret) == (replay.metadata["token_endpoint_auth_method"] != "none")
    client = Client(found, answer["client_id"], replay.redirect_uri, secret, resource=found.resource["resource"])
    check_connection(client, clerk, replay.changes)


@pytest.mark.parametrize("replay", DOCUMENTED, ids=lambda replay: replay.name)
def test_a_client_with_a_document_connects(second, documents, replay):
    found = discover(second.mcp_url)
    url = documents.publish(replay.path, replay.metadata)
    client = Client(found, url, replay.redirect_uri, resource=found.resource["resource"])
    check_connection(client, second.web("plain"), replay.changes)


def test_the_document_of_another_address_is_refused(second, documents):
    clerk, found = second.web("plain"), discover(second.mcp_url)
    metadata = {**DOCUMENTED[0].metadata, "client_id": "https://claude.ai/oauth/mcp-oauth-client-metadata"}
    url = documents.publish("/oauth/copied.json", metadata)
    answer = ask(clerk, Client(found, url, DOCUMENTED[0].redirect_uri).authorize_url(new_pkce()))
    assert answer.status_code == 400
    assert "decision" not in answer.text


def test_a_document_on_a_private_address_is_not_even_fetched(server, documents, clerk, found):
    url = documents.publish("/oauth/private.json", DOCUMENTED[0].metadata)
    answer = ask(clerk, Client(found, url, DOCUMENTED[0].redirect_uri).authorize_url(new_pkce()))
    assert answer.status_code == 400
    assert "/oauth/private.json" not in documents.asked
    assert server.rows("SELECT count(*) FROM mcp_native_oauth_client WHERE identifier = %s", url) == [(0,)]


def test_nobody_makes_the_server_fetch_a_document_without_a_login(second, documents):
    found = discover(second.mcp_url)
    client = Client(
        found, documents.publish("/oauth/stranger.json", DOCUMENTED[0].metadata), DOCUMENTED[0].redirect_uri
    )
    answer = requests.get(client.authorize_url(new_pkce()), timeout=60, allow_redirects=False)
    assert answer.headers["Location"].partition("?")[0].endswith("/web/login")
    assert error_of(client.exchange("mcpc_" + "x" * 43, new_pkce())) == (401, "invalid_client")
    assert error_of(client.refresh("mcpr_" + "x" * 43)) == (401, "invalid_client")
    assert client.revoke("mcpr_" + "x" * 43).status_code == 401
    assert "/oauth/stranger.json" not in documents.asked


def test_a_client_with_a_document_that_was_archived_stays_out(second, documents):
    replay, web, admin = DOCUMENTED[0], second.web("plain"), second.web("admin")
    found = discover(second.mcp_url)
    url = documents.publish("/oauth/archived.json", replay.metadata)
    client = Client(found, url, replay.redirect_uri, resource=found.resource["resource"])
    tokens = client.connect(web)
    ids = admin.execute("mcp_native.oauth.client", "search", [["identifier", "=", url]])
    admin.execute("mcp_native.oauth.client", "write", ids, {"active": False})
    assert Wire(second.mcp_url, tokens.access).status() == 401
    assert ask(web, client.authorize_url(new_pkce())).status_code == 400
    assert error_of(client.refresh(tokens.refresh)) == (401, "invalid_client")
    assert documents.asked.count("/oauth/archived.json") == 1


class TestHabits:
    @pytest.fixture(scope="class")
    def client(self, found):
        return new_client(found, "Habits")

    @pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
    @pytest.mark.parametrize("basic", [True, False], ids=["in the header", "in the body"])
    def test_a_secret_is_taken_either_way_whatever_was_registered(self, found, clerk, method, basic):
        client = new_client(found, f"Secret {method}", token_endpoint_auth_method=method).but(basic=basic)
        tokens = client.connect(clerk)
        assert tokens_of(client.refresh(tokens.refresh))

    def test_a_resource_may_end_with_a_slash(self, found, clerk, client):
        tokens = client.but(resource=found.resource["resource"] + "/").connect(clerk)
        for url in (found.resource["resource"], found.resource["resource"] + "/"):
            assert Wire(url, tokens.access).status() == 200

    def test_a_resource_may_be_left_out_and_is_then_the_one_that_clients_are_told(self, server, clerk, client):
        tokens = client.but(resource=None).connect(clerk)
        assert Wire(server.mcp_url, tokens.access).status() == 200

    @pytest.mark.parametrize("scope", [READ, f"{READ} offline_access"])
    def test_a_client_that_asks_for_reading_only_gets_no_more(self, clerk, client, scope):
        form = form_of(ask(clerk, client.authorize_url(new_pkce(), scope=scope)))
        assert form.fields["access"] == "read"
        assert client.connect(clerk, access="write", scope=scope).scope == READ

    def test_a_state_may_be_left_out(self, clerk, client):
        assert client.code(clerk, new_pkce(), state=None)

    def test_unknown_parameters_do_no_harm(self, clerk, client):
        assert client.code(
            clerk, new_pkce(), nonce="n", audience="a", access_type="offline", login_hint="x@example.com"
        )

    @pytest.mark.parametrize("accept", ["*/*", None, "application/json"])
    def test_accept_may_be_anything(self, server, clerk, client, accept):
        wire = Wire(server.mcp_url, client.connect(clerk).access)
        for version in LEGACY:
            assert wire.rpc("tools/list", version=version, headers={"Accept": accept}).status_code == 200


class TestDocuments:
    PATHS = [
        f"{WELL_KNOWN}{name}{path}"
        for name in ("oauth-protected-resource", "oauth-authorization-server", "openid-configuration")
        for path in ("", "/mcp", "/mcp_native")
    ]

    @pytest.mark.parametrize("path", PATHS)
    def test_they_are_read_with_the_header_that_clients_add(self, server, path):
        answer = requests.get(server.url + path, headers={"MCP-Protocol-Version": LEGACY[0]}, timeout=60)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        document = answer.json()
        assert None not in document.values()
        assert server.url in (document.get("issuer"), *document.get("authorization_servers", []))

    @pytest.mark.parametrize("path", [*PATHS, "/oauth/token", "/oauth/register", "/oauth/revoke"])
    def test_web_pages_are_allowed_to_send_that_header(self, server, path):
        headers = {
            "Origin": "http://localhost:6274",
            "Access-Control-Request-Method": "POST" if path.startswith("/oauth/") else "GET",
            "Access-Control-Request-Headers": "mcp-protocol-version, content-type, authorization",
        }
        answer = requests.options(server.url + path, headers=headers, timeout=60)
        assert answer.ok
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        allowed = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
        assert {"mcp-protocol-version", "content-type", "authorization"} <= allowed
        assert headers["Access-Control-Request-Method"] in answer.headers["Access-Control-Allow-Methods"]

    def test_authorization_servers_are_the_same_at_every_path(self, server):
        texts = {requests.get(server.url + path, timeout=60).text for path in self.PATHS if "resource" not in path}
        assert len(texts) == 1
