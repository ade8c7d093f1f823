# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What must stay secret is in no line of the log, at its most talkative, and in no column of the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

import pytest
from live import Live
from oauth_wire import Client, discover, error_of, new_client, new_pkce, tokens_of
from wire import Web, Wire

TABLES = """
    SELECT format('%I', relname) FROM pg_class
     WHERE relkind IN ('r', 'm') AND relnamespace = 'public'::regnamespace ORDER BY relname"""


class Past(NamedTuple):
    """What happened: what must be secret, by what it is; the position of the log before; who it was."""

    secrets: dict[str, str]
    start: int
    client: Client


def rows_with(live: Live, texts: Iterable[str]) -> dict[str, list[str]]:
    """Return which of these texts are in a column of a row of a table, by table."""
    texts = list(texts)
    hits = "SELECT DISTINCT x FROM {0} t, unnest(%s) x WHERE strpos(t::text, x) > 0"
    found = {table: live.rows(hits.format(table), texts) for (table,) in live.rows(TABLES)}
    return {table: [text for (text,) in rows] for table, rows in found.items() if rows}


def make_key(web: Web) -> str:
    """Make a key as a person does: with the page, which asks for the password."""
    wizard = web.execute("mcp_native.connect", "create", [{"client": "other", "way": "key", "name": "Secrets"}])
    identity = web.execute("mcp_native.connect", "action_make_key", wizard)
    check = identity["res_model"], [identity["res_id"]]
    web.execute(check[0], "write", check[1], {"password": web.password})
    shown = web.execute(check[0], "run_check", check[1], context={"password": web.password})
    return shown["context"]["default_key"]


@pytest.fixture(scope="module")
def past(second) -> Past:
    """A whole life: registration, login, calls, refreshes, mistakes, the end; and a key."""
    second.forget_registrations()
    start, secrets = second.log_end(), {}
    clerk = second.web("plain")
    client = new_client(discover(second.mcp_url), "Confidant", token_endpoint_auth_method="client_secret_post")
    secrets["client secret"] = client.secret
    pkce = new_pkce()
    secrets["code verifier"] = pkce.verifier
    secrets["code"] = client.code(clerk, pkce)
    first = tokens_of(client.exchange(secrets["code"], pkce))
    second_pair = tokens_of(client.but(basic=True).refresh(first.refresh))
    secrets |= {"first access token": first.access, "first refresh token": first.refresh}
    secrets |= {"second access token": second_pair.access, "second refresh token": second_pair.refresh}
    wire = Wire(second.mcp_url, second_pair.access)
    assert wire.text("count_records", {"model": "res.users"})
    assert wire.refusal("count_records", {"model": "res.usrs"})
    assert tokens_of(client.refresh(first.refresh)).access == second_pair.access
    assert error_of(client.but(secret=client.secret[:-1]).refresh(first.refresh)) == (401, "invalid_client")
    assert Wire(second.mcp_url, second_pair.refresh).status() == 401
    lasting = client.connect(clerk)
    secrets |= {"lasting access token": lasting.access, "lasting refresh token": lasting.refresh}
    assert client.revoke(second_pair.refresh).status_code == 200
    assert wire.status() == 401
    secrets["key"] = make_key(clerk)
    assert Wire(second.mcp_url, secrets["key"]).status() == 200
    assert Wire(second.mcp_url, lasting.access).status() == 200
    return Past(secrets, start, client)


def test_no_secret_is_in_the_log(second, past):
    log = second.log_since(past.start)
    assert past.client.client_id in log, "the log says nothing of all this: this proves nothing"
    assert " DEBUG " in log
    assert {what for what, secret in past.secrets.items() if secret in log} == set()


def test_no_secret_is_in_the_database(second, past):
    digests = {what: hashlib.sha256(secret.encode()).hexdigest() for what, secret in past.secrets.items()}
    stored = rows_with(second, [*past.secrets.values(), *digests.values()])
    assert digests["client secret"] in stored["mcp_native_oauth_client"]
    assert digests["lasting access token"] in stored["mcp_native_oauth_token"]
    assert digests["lasting refresh token"] in stored["mcp_native_oauth_token"]
    clear = {table: set(texts) & set(past.secrets.values()) for table, texts in stored.items()}
    assert {table: texts for table, texts in clear.items() if texts} == {}


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_secret_in_the_address_of_the_token_endpoint_is_refused(second, past, method):
    """Addresses are logged by every proxy; nobody is to get used to it."""
    client = past.client
    query = (
        f"?grant_type=refresh_token&client_id={client.client_id}&refresh_token={past.secrets['lasting refresh token']}"
    )
    answer = Wire(second.url, None).send(
        b"", verb=method, path="/oauth/token" + query, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code in (400, 401, 405)
    assert "access_token" not in answer.text
