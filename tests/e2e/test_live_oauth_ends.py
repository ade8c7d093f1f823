# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ends a connection ends it at the next call, on every worker; and what never opens one."""

from __future__ import annotations

import psycopg2
import pytest
import requests
from live import WORKERS
from oauth_wire import LOOPBACK, ask, decide, discover, error_of, form_of, new_client, new_pkce, send_registration
from wire import Wire, raw

MOST_REGISTRATIONS = 500
FORGED = "2026-01-01 00:00:00,000 1 CRITICAL forged"


@pytest.fixture(scope="module")
def found(server):
    server.forget_registrations()
    return discover(server.mcp_url)


class TestEnds:
    """Each worker has answered, and so may remember, what is ended then."""

    @pytest.fixture
    def client(self, found):
        return new_client(found, "Ending assistant")

    @pytest.fixture
    def leaver(self, server):
        return server.web("leaver")

    @pytest.fixture
    def admin_web(self, server):
        return server.web("admin")

    @pytest.fixture
    def tokens(self, client, leaver):
        return client.connect(leaver)

    @pytest.fixture
    def statuses(self, server, tokens):
        """Returns what each worker answers to the access token."""
        wire = Wire(server.mcp_url, tokens.access)

        def statuses() -> set[int]:
            answers = server.on_each_worker(wire.status)
            assert len(answers) == WORKERS
            return set(answers.values())

        assert statuses() == {200}
        return statuses

    def test_a_client_that_logs_out_is_refused(self, client, tokens, statuses):
        assert client.revoke(tokens.refresh).status_code == 200
        assert statuses() == {401}
        assert error_of(client.refresh(tokens.refresh)) == (400, "invalid_grant")

    def test_a_revoked_access_token_is_refused_and_the_connection_goes_on(self, client, tokens, statuses):
        assert client.revoke(tokens.access).status_code == 200
        assert statuses() == {401}
        assert client.refresh(tokens.refresh).status_code == 200

    def test_a_connection_that_its_user_ended_is_refused(self, server, client, leaver, tokens, statuses):
        names = leaver.execute("mcp_native.connection", "search_read", [], ["display_name", "name"])
        ids = [row["id"] for row in names if "Ending assistant" in (row["name"], row["display_name"])]
        assert ids
        leaver.execute("mcp_native.connection", "action_end", ids)
        assert statuses() == {401}
        assert error_of(client.refresh(tokens.refresh)) == (400, "invalid_grant")

    def test_an_archived_user_is_refused_also_when_activated_again(self, server, client, admin_web, tokens, statuses):
        user_id = server.people["leaver"].id
        admin_web.execute("res.users", "write", [user_id], {"active": False})
        try:
            assert statuses() == {401}
            assert error_of(client.refresh(tokens.refresh)) == (400, "invalid_grant")
        finally:
            admin_web.execute("res.users", "write", [user_id], {"active": True})
        assert statuses() == {401}

    def test_a_new_password_ends_connections(self, server, client, leaver, admin_web, tokens, statuses):
        person = server.people["leaver"]
        try:
            leaver.execute("res.users", "change_password", person.password, "another password")
            assert statuses() == {401}
            assert error_of(client.refresh(tokens.refresh)) == (400, "invalid_grant")
        finally:
            admin_web.execute("res.users", "write", [person.id], {"password": person.password})

    def test_what_ends_connections_meets_a_decision_that_it_began_before(self, server, client, leaver):
        """It cannot have seen that decision; Odoo does it again, because both write the user's row."""
        person = server.people["leaver"]
        with server.transaction() as cursor:
            cursor.execute("SELECT active FROM res_users WHERE id = %s", [person.id])
            client.connect(leaver)
            with pytest.raises(psycopg2.errors.SerializationFailure):
                cursor.execute("UPDATE res_users SET password = password WHERE id = %s", [person.id])

    def test_a_new_password_ends_no_connection_once_the_setting_is_off(
        self, server, client, admin_web, tokens, statuses
    ):
        person = server.people["leaver"]
        with admin_web.parameter("mcp_native.oauth_end_on_password", "False"):
            admin_web.execute("res.users", "write", [person.id], {"password": person.password})
        assert statuses() == {200}
        assert client.refresh(tokens.refresh).status_code == 200

    def test_an_archived_client_is_refused(self, client, admin_web, tokens, statuses):
        ids = admin_web.execute("mcp_native.oauth.client", "search", [["identifier", "=", client.client_id]])
        assert len(ids) == 1
        admin_web.execute("mcp_native.oauth.client", "write", ids, {"active": False})
        assert statuses() == {401}
        assert error_of(client.refresh(tokens.refresh)) == (401, "invalid_client")

    def test_a_user_who_left_the_group_is_forbidden(self, server, admin_web, statuses):
        user_id = server.people["leaver"].id
        field = next(iter(admin_web.execute("res.users", "fields_get", ["group_ids", "groups_id"], ["type"])))
        query = "SELECT res_id FROM ir_model_data WHERE module = 'mcp_native' AND name = 'group_user'"
        group_id = server.rows(query)[0][0]
        admin_web.execute("res.users", "write", [user_id], {field: [[3, group_id, 0]]})
        try:
            assert statuses() == {403}
        finally:
            admin_web.execute("res.users", "write", [user_id], {field: [[4, group_id, 0]]})
        assert statuses() == {200}

    def test_nobody_gets_in_once_logins_are_off(self, client, admin_web, tokens, statuses):
        with admin_web.parameter("mcp_native.oauth", "False"):
            assert statuses() == {401}
            assert client.refresh(tokens.refresh).status_code == 404
        assert statuses() == {200}

    def test_an_access_token_ends_by_itself(self, server, client, tokens, statuses):
        assert server.end_access_tokens()
        assert statuses() == {401}
        assert client.refresh(tokens.refresh).status_code == 200


class TestNoWayIn:
    @pytest.fixture(scope="class")
    def clerk(self, server):
        return server.web("plain")

    @pytest.fixture(scope="class")
    def client(self, found):
        return new_client(found, "Outside assistant")

    def test_a_session_of_the_browser_does_not_open_the_endpoint(self, server, clerk):
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        answer = clerk.session.post(server.mcp_url, json=message, timeout=60)
        assert answer.status_code == 401
        assert "error" not in answer.headers["WWW-Authenticate"]

    @pytest.mark.parametrize("name", ["access_token", "token", "authorization"])
    def test_a_token_in_the_address_does_not_open_the_endpoint(self, server, clerk, client, name):
        tokens = client.connect(clerk)
        assert Wire(f"{server.mcp_url}?{name}={tokens.access}", None).status() == 401
        assert Wire(server.mcp_url, tokens.access).status() == 200

    def test_a_token_in_the_body_does_not_open_the_endpoint(self, server, clerk, client):
        body = f"access_token={client.connect(clerk).access}".encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        assert Wire(server.mcp_url, None).send(body, headers=headers).status_code == 401

    @pytest.mark.parametrize("csrf_token", ["", "0" * 40 + "o9999999999"])
    def test_a_decision_that_another_site_sends_counts_for_nothing(self, server, clerk, client, csrf_token):
        form = form_of(ask(clerk, client.authorize_url(new_pkce())))
        sent = {**form.fields, "access": "write", "decision": "connect", "csrf_token": csrf_token}
        before = server.rows("SELECT count(*) FROM mcp_native_oauth_code")
        answer = clerk.session.post(form.url, data=sent, timeout=60, allow_redirects=False)
        assert answer.status_code == 400
        assert "Location" not in answer.headers
        assert server.rows("SELECT count(*) FROM mcp_native_oauth_code") == before

    def test_a_decision_cannot_be_made_by_a_link(self, clerk, client):
        url = client.authorize_url(new_pkce(), decision="connect", access="write")
        assert form_of(ask(clerk, url)).fields

    @pytest.mark.parametrize(
        "redirect_uri",
        [
            "https://evil.example.com/callback",
            LOOPBACK + "/../evil",
            LOOPBACK + "?to=evil",
            LOOPBACK + "#evil",
            LOOPBACK.replace("127.0.0.1", "localhost"),
            LOOPBACK.replace("127.0.0.1", "127.0.0.1@evil.example.com"),
            LOOPBACK.replace("127.0.0.1:33418", "evil.example.com"),
            "//evil.example.com/callback",
            "javascript:alert(1)",
        ],
    )
    def test_nobody_is_redirected_to_an_address_that_was_not_registered(self, clerk, client, redirect_uri):
        answer = ask(clerk, client.authorize_url(new_pkce(), redirect_uri=redirect_uri))
        assert answer.status_code == 400
        assert "Location" not in answer.headers
        assert "decision" not in answer.text

    def test_a_page_that_decides_cannot_be_framed(self, clerk, client):
        answer = ask(clerk, client.authorize_url(new_pkce()))
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


class TestInjection:
    def test_a_state_with_line_breaks_comes_back_as_it_was_and_adds_no_header(self, server, found):
        client, clerk = new_client(found, "Breaking state"), server.web("plain")
        state = "x\r\nSet-Cookie: forged=1\r\n\r\n<script>"
        form = form_of(ask(clerk, client.authorize_url(new_pkce(), state=state)))
        sent = {**form.fields, "access": "read", "decision": "connect"}
        answer = clerk.session.post(form.url, data=sent, timeout=60, allow_redirects=False)
        assert "forged" not in answer.headers.get("Set-Cookie", "")
        assert client.code(clerk, new_pkce(), state=state)

    def test_a_name_with_line_breaks_forges_no_line_of_the_log_and_none_of_the_page(self, server, found):
        start, clerk = server.log_end(), server.web("plain")
        metadata = {"client_name": f"Nice\r\n{FORGED}\u2028\u202eX", "redirect_uris": [LOOPBACK]}
        answer = send_registration(found, {**metadata, "token_endpoint_auth_method": "none"})
        assert answer.status_code == 201, answer.text
        name = answer.json()["client_name"]
        assert not set(name) & set("\r\n\u2028\u202e")
        client = new_client(found, "Any").but(client_id=answer.json()["client_id"])
        assert name in form_of(ask(clerk, client.authorize_url(new_pkce()))).text
        tokens = client.connect(clerk)
        assert Wire(server.mcp_url, tokens.access).status() == 200
        assert not [line for line in server.log_since(start).splitlines() if line.startswith(FORGED)]

    def test_a_folded_header_forges_no_line_of_the_log(self, server, found):
        start, client = server.log_end(), new_client(found, "Folding")
        agent = f"Nice\r\n {FORGED}\r\n\t{FORGED}"
        tokens = client.connect(server.web("plain"))
        body = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
        length = {"Content-Length": str(len(body)), "Content-Type": "application/json"}
        headers = {"User-Agent": agent, **length, "Authorization": f"Bearer {tokens.access}"}
        assert raw(server.mcp_url, "POST", headers, [body]).status == 200
        wrong = {"User-Agent": agent, "Content-Length": "0", "Content-Type": "application/x-www-form-urlencoded"}
        assert raw(f"{server.url}/oauth/token", "POST", wrong).status in (400, 401)
        assert not [line for line in server.log_since(start).splitlines() if line.strip().startswith(FORGED)]

    def test_a_forged_grant_type_or_client_forges_no_line_of_the_log(self, server, found):
        start, client = server.log_end(), new_client(found, "Forging")
        for form in ({"grant_type": f"x\n{FORGED}"}, {"grant_type": "refresh_token", "client_id": f"x\n{FORGED}"}):
            assert client.token(**form).status_code in (400, 401)
        basic = client.but(client_id=f"x\n{FORGED}", secret=f"y\n{FORGED}", basic=True)
        assert basic.refresh("mcpr_" + "x" * 43).status_code in (400, 401)
        assert not [line for line in server.log_since(start).splitlines() if line.startswith(FORGED)]


class TestFlood:
    """Told apart by address: the second server believes what a reverse proxy says of it."""

    @pytest.fixture
    def asking(self, second):
        """Registers a client from an address."""
        second.forget_registrations()
        found = discover(second.mcp_url)
        host = second.url.partition("://")[2]

        def asking(address: str) -> requests.Response:
            headers = {"X-Forwarded-Host": host, "X-Forwarded-For": address, "X-Forwarded-Proto": "http"}
            return send_registration(found, {"client_name": "Flood", "redirect_uris": [LOOPBACK]}, headers)

        return asking

    def test_a_flood_of_registrations_is_stopped_for_its_address_and_others_go_on(self, second, asking):
        count = 0
        while (answer := asking("203.0.113.7")).status_code == 201:
            count += 1
            assert count < MOST_REGISTRATIONS
        assert error_of(answer)[0] == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 86400
        assert count >= 20
        assert asking("203.0.113.7").status_code == 429
        assert asking("203.0.113.8").status_code == 201
        client = new_client(discover(second.mcp_url), "After the flood")
        tokens = client.connect(second.web("plain"))
        assert Wire(second.mcp_url, tokens.access).status() == 200
        stored = "SELECT count(*) FROM mcp_native_oauth_client WHERE registered_from = '203.0.113.7'"
        assert second.rows(stored) == [(count,)]


def test_a_decision_of_a_page_that_was_left_open_counts_once_logged_in_again(server, found):
    """The form is posted by a browser whose session has ended: no code comes of it."""
    client, clerk = new_client(found, "Left open"), server.web("plain")
    url = client.authorize_url(new_pkce())
    form = form_of(ask(clerk, url))
    clerk.session.cookies.clear()
    answer = clerk.session.post(
        form.url, data={**form.fields, "access": "write", "decision": "connect"}, timeout=60, allow_redirects=False
    )
    assert answer.status_code in (302, 303, 400)
    assert "code=" not in answer.headers.get("Location", "").partition("redirect=")[0]
    assert not answer.headers.get("Location", "").startswith(client.redirect_uri)
    assert decide(server.web("plain"), url).startswith(client.redirect_uri)
