# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The login is Odoo's own, with whatever it asks for, and leads back to the question of the client."""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
import time

import pytest
import requests
from oauth_wire import Client, discover, fill_in, form_of, new_client, new_pkce, query_of, tokens_of
from wire import TIMEOUT, Wire

STATE = "a+b c/ü&=%41"


@pytest.fixture(scope="module")
def client(server) -> Client:
    server.forget_registrations()
    return new_client(discover(server.mcp_url), "Login")


@pytest.fixture
def session():
    """A browser that was never here."""
    with requests.Session() as session:
        yield session


def connect(client: Client, session: requests.Session, page: requests.Response, pkce) -> Wire:
    """Decide on the page, and return a client with the token."""
    form = form_of(page)
    sent = {**form.fields, "access": "read", "decision": "connect"}
    answer = session.post(form.url, data=sent, timeout=TIMEOUT, allow_redirects=False)
    found = query_of(answer.headers["Location"])
    assert found["state"] == STATE
    return Wire(client.resource, tokens_of(client.exchange(found["code"], pkce)).access)


def test_a_login_comes_back_to_the_question_even_after_a_mistake(server, client, session):
    pkce, person = new_pkce(), server.people["plain"]
    url = client.authorize_url(pkce, state=STATE)
    login = session.get(url, timeout=TIMEOUT)
    assert login.url.startswith(f"{server.url}/web/login?")
    again = fill_in(session, login, login=person.login, password="wrong")
    assert again.url.startswith(f"{server.url}/web/login")
    page = fill_in(session, again, login=person.login, password=person.password)
    assert page.url == url
    assert person.login in form_of(page).text
    assert connect(client, session, page, pkce).status() == 200


@pytest.fixture
def second_factor(server):
    """Gives a user a second factor for the time of the test, and returns what makes its codes."""
    seed, user_id = secrets.token_bytes(20), server.people["leaver"].id
    change = "UPDATE res_users SET totp_secret = %s WHERE id = %s"
    assert server.change(change, base64.b32encode(seed).decode(), user_id) == 1

    def code() -> str:
        """RFC 6238 with its defaults."""
        digest = hmac.digest(seed, struct.pack(">Q", int(time.time() // 30)), "sha1")
        (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
        return f"{(number & 0x7FFFFFFF) % 10**6:06}"

    yield code
    server.change(change, None, user_id)


def test_a_login_with_a_second_factor_comes_back_and_nobody_passes_without_it(server, client, session, second_factor):
    pkce, person = new_pkce(), server.people["leaver"]
    url = client.authorize_url(pkce, state=STATE)
    half = fill_in(session, session.get(url, timeout=TIMEOUT), login=person.login, password=person.password)
    assert half.url.startswith(f"{server.url}/web/login/totp")
    assert session.get(url, timeout=TIMEOUT).url.startswith(f"{server.url}/web/login?")
    half = fill_in(session, session.get(url, timeout=TIMEOUT), login=person.login, password=person.password)
    page = fill_in(session, half, totp_token=second_factor())
    assert page.url == url
    assert connect(client, session, page, pkce).status() == 200


def test_the_user_of_another_session_is_not_taken_over(server, client):
    """Who decides is who is logged in; the client's address cannot say who that is to be."""
    web = server.web("leaver")
    url = client.authorize_url(new_pkce(), login_hint="admin", user_id="2", uid="2")
    text = form_of(web.session.get(url, timeout=TIMEOUT)).text
    assert server.people["leaver"].login in text
    assert server.people["admin"].login not in text.split()


def test_a_user_without_the_right_is_told_so_and_the_client_gets_nothing(server, client):
    answer = server.web("outsider").session.get(
        client.authorize_url(new_pkce()), timeout=TIMEOUT, allow_redirects=False
    )
    assert answer.status_code == 403
    assert "Location" not in answer.headers
    assert 'value="connect"' not in answer.text
