# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The HTTP edge of the live server: who gets in, from where, by which verb, with how much."""

from __future__ import annotations

import json

import pytest
import requests
from wire import LEGACY, MODERN, TIMEOUT, Refused, Web, Wire, message_of, raw

LIMIT = 4 * 2**20
PATHS = ("/mcp", "/mcp/", "/mcp_native", "/mcp_native/")
METHODS = (
    "initialize",
    "server/discover",
    "ping",
    "tools/list",
    "tools/call",
    "prompts/list",
    "prompts/get",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "completion/complete",
    "logging/setLevel",
    "notifications/initialized",
    "nonsense",
)
UNKNOWN_KEY = "0123456789abcdef0123456789abcdef01234567"
FOREIGN = "https://evil.example.com"


@pytest.fixture
def stranger(server):
    """A client without a key."""
    return server.wire(None)


class TestAuthentication:
    @pytest.mark.parametrize("path", PATHS)
    def test_bug_11_no_method_of_any_version_is_answered_without_a_token(self, server, path):
        stranger = server.wire(None, path)
        for method in METHODS:
            for version in (MODERN, LEGACY[0]):
                answer = stranger.rpc(method, {"name": "x", "uri": "x"}, version=version)
                assert answer.status_code == 401, (method, version)
                assert "result" not in answer.json()

    @pytest.mark.parametrize("path", PATHS)
    def test_bug_12_no_verb_gets_past_authentication(self, server, stranger, path):
        for verb in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            answer = stranger.send(b"", verb=verb, path=path)
            assert answer.status_code == 401, verb
            assert answer.headers["WWW-Authenticate"].startswith("Bearer ")

    def test_bug_13_no_setting_opens_the_server_to_strangers(self, server, stranger):
        web = server.web("admin")
        for key in ("enabled", "global_keys", "log_arguments", "path", "allowed_origins"):
            for value in ("True", "False", "*"):
                with web.parameter(f"mcp_native.{key}", value):
                    assert {stranger.rpc(method).status_code for method in METHODS[:4]} <= {401, 404}, (key, value)
        assert stranger.status() == 401
        assert server.wire("plain").status() == 200

    def test_bug_15_a_key_of_the_mcp_scope_opens_nothing_but_this_server(self, server):
        person = server.people["plain"]
        assert server.wire("plain").status() == 200

        def login(key):
            arguments = [server.database, person.login, key, {}]
            params = {"service": "common", "method": "authenticate", "args": arguments}
            message = {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}
            return requests.post(f"{server.url}/jsonrpc", json=message, timeout=TIMEOUT).json().get("result")

        assert login(person.global_key) == person.id
        assert login(person.key) is False
        with pytest.raises(Refused):
            Web(server.url, server.database, person.login, person.key)
        answer = server.wire("plain").send({"domain": []}, path="/json/2/res.partner/search")
        assert answer.status_code != 200

    def test_bug_20_a_missing_key_is_challenged_with_the_address_of_the_metadata(self, server, stranger):
        answer = stranger.rpc("tools/list")
        metadata = f"{server.url}/.well-known/oauth-protected-resource/mcp"
        assert answer.status_code == 401
        expected = f'Bearer resource_metadata="{metadata}", scope="mcp:read mcp:write"'
        assert answer.headers["WWW-Authenticate"] == expected
        document = requests.get(metadata, timeout=TIMEOUT).json()
        assert document["resource"] == server.mcp_url

    @pytest.mark.parametrize("key", [UNKNOWN_KEY, "nonsense", "x" * 4000], ids=["unknown", "nonsense", "long"])
    def test_bug_20_a_wrong_key_is_no_answer_with_status_200(self, server, key):
        answer = Wire(server.mcp_url, key).rpc("tools/list")
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
        assert answer.json()["error"]["code"] == -32600

    @pytest.mark.parametrize(("person", "status"), [("portal", 403), ("outsider", 403), ("archived", 401)])
    def test_users_outside_the_group_and_archived_users_stay_outside(self, server, person, status):
        for kind in ("key", "global_key"):
            wire = server.wire(person, kind=kind)
            for method in ("initialize", "server/discover", "tools/list"):
                assert wire.rpc(method).status_code == status

    def test_a_global_key_of_a_user_in_the_group_is_accepted(self, server):
        assert server.wire("plain", kind="global_key").status() == 200

    def test_the_session_of_a_browser_opens_nothing(self, server, stranger):
        browser = server.web("plain").session
        assert browser.cookies.get("session_id")
        message, headers = message_of("tools/list", {}, MODERN)
        answer = browser.post(server.mcp_url, json=message, headers={**stranger.usual_headers(), **headers})
        assert answer.status_code == 401

    def test_the_session_of_a_browser_does_not_change_who_calls(self, server, plain):
        browser = server.web("admin").session
        message, headers = message_of("tools/call", {"name": "get_context", "arguments": {}}, MODERN)
        answer = browser.post(server.mcp_url, json=message, headers={**plain.usual_headers(), **headers})
        (row,) = server.logged(answer.headers["X-Request-Id"])
        assert row["login"] == "live_plain"


class TestOrigin:
    def test_no_origin_the_own_one_and_a_configured_one_are_served(self, server, plain):
        configured = "https://assistant.example.com"
        assert plain.rpc("tools/list", headers={"Origin": configured}).status_code == 403
        with server.web("admin").parameter("mcp_native.allowed_origins", configured):
            for origin in (server.url, configured):
                answer = plain.rpc("tools/list", headers={"Origin": origin})
                assert answer.status_code == 200
                assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert "Access-Control-Allow-Origin" not in plain.rpc("tools/list").headers

    @pytest.mark.parametrize(
        "origin", [FOREIGN, "null", "", "http://localhost", "file://", "http://localhost.evil.example"]
    )
    def test_bug_21_a_foreign_origin_is_refused_and_may_not_read_the_answer(self, server, plain, origin):
        for key in (plain.key, None):
            answer = Wire(plain.url, key).rpc("tools/list", headers={"Origin": origin})
            assert answer.status_code == 403
            assert "Access-Control-Allow-Origin" not in answer.headers

    def test_a_rebound_name_is_refused_although_origin_and_host_agree(self, plain):
        answer = plain.rpc("tools/list", headers={"Origin": "http://evil.example.com", "Host": "evil.example.com"})
        assert answer.status_code == 403

    @pytest.mark.parametrize("path", PATHS)
    def test_a_preflight_of_an_allowed_page_is_answered_without_a_token(self, server, stranger, path):
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,mcp-method"}
        answer = stranger.send(b"", verb="OPTIONS", path=path, headers={"Origin": server.url, **asked})
        assert answer.status_code == 204
        assert answer.headers["Access-Control-Allow-Origin"] == server.url
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]
        allowed = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
        needed = {"authorization", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name"}
        assert needed <= allowed

    def test_bug_21_a_preflight_of_a_foreign_page_is_refused(self, stranger):
        answer = stranger.send(
            b"", verb="OPTIONS", headers={"Origin": FOREIGN, "Access-Control-Request-Method": "POST"}
        )
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.lower().startswith("access-control-allow")]


class TestVerbsAndPaths:
    @pytest.mark.parametrize("verb", ["GET", "DELETE", "PUT", "PATCH", "HEAD"])
    def test_other_verbs_are_not_allowed_and_post_is_named(self, plain, verb):
        answer = plain.send(b"", verb=verb)
        assert answer.status_code == 405
        assert "POST" in answer.headers["Allow"]

    @pytest.mark.parametrize("path", PATHS)
    def test_bug_30_every_path_answers_itself_and_redirects_nobody(self, server, path):
        for person in ("plain", None):
            for version in (MODERN, LEGACY[0]):
                answer = server.wire(person, path).rpc("tools/list", version=version)
                assert answer.status_code == (200 if person else 401)
                assert "Location" not in answer.headers

    def test_no_answer_sets_a_cookie_or_a_session(self, server, plain, stranger):
        answers = [
            plain.rpc(method, {"name": "x", "uri": "x"}, version=version)
            for method in METHODS
            for version in (MODERN, LEGACY[0])
        ]
        answers += [stranger.rpc("tools/list"), plain.send(b"", verb="GET"), plain.send(b"{")]
        answers += [plain.send(b"", verb="OPTIONS", headers={"Origin": server.url})]
        for answer in answers:
            assert "Set-Cookie" not in answer.headers
            assert "Mcp-Session-Id" not in answer.headers

    def test_a_streamed_answer_sets_no_cookie(self, plain):
        with plain.stream("test_tool_with_progress", {}) as stream:
            assert "set-cookie" not in stream.headers
            assert "mcp-session-id" not in stream.headers


class TestBodies:
    @pytest.mark.parametrize(
        "body", [b"{", b"", b"\xff\xfe", b"[" * 100_000], ids=["open", "empty", "not UTF-8", "too deep"]
    )
    def test_bug_20_bad_json_is_a_parse_error_with_status_400(self, plain, body):
        answer = plain.send(body, headers={"MCP-Protocol-Version": MODERN})
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] == -32700

    def test_a_body_that_says_it_is_too_large_is_not_even_read(self, plain):
        headers = {**plain.usual_headers(), "Content-Length": str(LIMIT + 1)}
        answer = raw(plain.url, "POST", headers)
        assert answer.status == 413
        assert json.loads(answer.body)["error"]["code"] == -32600

    def test_a_body_that_grows_too_large_in_chunks_is_refused(self, plain):
        block = b" " * 2**16
        chunk = b"%x\r\n%s\r\n" % (len(block), block)
        headers = {**plain.usual_headers(), "Transfer-Encoding": "chunked"}
        answer = raw(plain.url, "POST", headers, [*[chunk] * (LIMIT // len(block)), chunk, b"0\r\n\r\n"])
        assert answer.status == 413

    def test_a_body_in_chunks_is_read(self, plain):
        message, headers = message_of("tools/list", {}, MODERN)
        body = json.dumps(message).encode()
        answer = plain.send(iter([body[:10], body[10:]]), headers=headers)
        assert answer.status_code == 200
        assert answer.json()["result"]["tools"]

    def test_a_body_just_below_the_limit_is_read(self, plain):
        message, headers = message_of("tools/list", {}, MODERN)
        answer = plain.send(json.dumps(message).encode().ljust(LIMIT), headers=headers)
        assert answer.status_code == 200

    def test_a_large_body_without_a_token_is_not_read(self, server):
        answer = raw(server.mcp_url, "POST", {"Content-Type": "application/json", "Content-Length": str(10 * LIMIT)})
        assert answer.status == 401


class TestPublicDocument:
    @pytest.mark.parametrize("path", ["/mcp", "/mcp_native"])
    def test_anybody_may_read_which_resource_this_is(self, server, stranger, path):
        address = f"/.well-known/oauth-protected-resource{path}"
        answer = stranger.send(b"", verb="GET", path=address, headers={"Origin": FOREIGN, "Content-Type": None})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers
        assert answer.json()["resource"] == server.url + path
        assert stranger.send(b"", verb="HEAD", path=address).status_code == 200
        assert stranger.send(b"", verb="OPTIONS", path=address).status_code == 204
        refused = stranger.send(b"", verb="POST", path=address)
        assert refused.status_code == 405
        assert "GET" in refused.headers["Allow"]

    def test_bug_37_strangers_learn_no_version(self, server, stranger):
        documents = ("oauth-protected-resource", "oauth-authorization-server")
        known = [stranger.send(b"", verb="GET", path=f"/.well-known/{name}") for name in documents]
        assert {answer.status_code for answer in known} == {200}
        query = "SELECT latest_version FROM ir_module_module WHERE name = 'mcp_native'"
        version = server.rows(query)[0][0]
        for answer in (*known, stranger.rpc("initialize"), stranger.send(b"", verb="GET")):
            assert version not in answer.text
            assert server.database not in answer.text
        for path in ("/mcp/health", "/mcp/metrics", "/mcp/status", "/mcp/version", "/mcp_native/health"):
            assert stranger.send(b"", verb="GET", path=path).status_code == 404


class TestSessions:
    def test_bug_28_an_anonymous_handshake_writes_no_row(self, server, stranger):
        tables = [name for (name,) in server.rows("SELECT tablename FROM pg_tables WHERE tablename LIKE 'mcp_native%'")]
        assert "mcp_native_access_log" in tables

        def counts():
            return [server.rows(f'SELECT count(*) FROM "{table}"') for table in tables]

        before = counts()
        opening = {"protocolVersion": LEGACY[0], "capabilities": {"x": "y" * 1000}, "clientInfo": {"name": "x"}}
        for version in (MODERN, *LEGACY):
            assert stranger.rpc("initialize", opening, version=version).status_code == 401
        assert counts() == before

    def test_bug_28_a_handshake_makes_no_session_and_a_made_up_one_is_ignored(self, server, plain):
        opening = {"protocolVersion": LEGACY[0], "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
        assert "Mcp-Session-Id" not in plain.rpc("initialize", opening, version=LEGACY[0]).headers
        headers = {"Mcp-Session-Id": "made-up", "Last-Event-ID": "7"}
        for version in (MODERN, LEGACY[0]):
            found = server.on_each_worker(lambda v=version: plain.rpc("tools/list", version=v, headers=headers))
            assert {answer.status_code for answer in found.values()} == {200}

    def test_bug_31_a_call_needs_no_handshake_and_ends_with_its_answer(self, server, plain):
        message, headers = message_of("tools/list", {}, LEGACY[0])
        body = json.dumps(message).encode()
        sent = {**plain.usual_headers(), **headers, "Content-Length": str(len(body)), "Connection": "keep-alive"}
        found = server.on_each_worker(lambda: raw(plain.url, "POST", sent, [body]))
        for answer in found.values():
            assert answer.status == 200
            assert json.loads(answer.body)["result"]["tools"]
            assert answer.closed, "a connection was left open"
