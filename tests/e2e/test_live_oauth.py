# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The authorization server on two workers: the way to tokens, and attacks on codes, tokens and clients."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from live import WORKERS
from oauth_wire import (
    BOTH,
    READ,
    Client,
    Tokens,
    ask,
    challenge_of,
    decide,
    discover,
    error_of,
    form_of,
    new_client,
    new_pkce,
    query_of,
    refused,
    tokens_of,
)
from wire import Wire

AT_ONCE = 16
INVALID_GRANT = 400, "invalid_grant"
INVALID_CLIENT = 401, "invalid_client"
WRITE_CALL = {"name": "create_records", "arguments": {"model": "res.partner", "values": [{"name": "Nobody"}]}}


@pytest.fixture(scope="module")
def found(server):
    server.forget_registrations()
    return discover(server.mcp_url)


@pytest.fixture(scope="module")
def clerk(server):
    """The browser of an ordinary user."""
    return server.web("plain")


@pytest.fixture(scope="module")
def client(found) -> Client:
    return new_client(found, "Assistant")


@pytest.fixture(scope="module")
def other(found) -> Client:
    """Another public client, with the same redirect address."""
    return new_client(found, "Another assistant")


@pytest.fixture(scope="module")
def keeper(found) -> Client:
    """A confidential client."""
    return new_client(found, "Keeper", token_endpoint_auth_method="client_secret_basic")


@pytest.fixture
def calling(server):
    """Returns a client of the endpoint with an access token."""

    def calling(tokens: Tokens | str, path: str = "/mcp") -> Wire:
        return Wire(server.url + path, tokens if isinstance(tokens, str) else tokens.access)

    return calling


def together(call, times: int = AT_ONCE) -> list:
    """Do the same from many threads at once."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda _number: call(), range(times)))


class TestTheWay:
    def test_every_worker_knows_a_new_token_and_its_successor(self, server, clerk, client, calling):
        first = client.connect(clerk)
        assert first.scope == BOTH
        assert set(server.on_each_worker(calling(first).status).values()) == {200}
        second = tokens_of(client.refresh(first.refresh))
        assert second.scope == BOTH
        assert second[:2] != first[:2]
        assert set(server.on_each_worker(calling(second).status).values()) == {200}

    def test_a_confidential_client_connects_with_its_secret(self, clerk, keeper, calling):
        assert calling(keeper.connect(clerk)).status() == 200

    def test_a_client_that_may_read_sees_no_other_tools_and_is_told_what_to_ask_for(
        self, server, clerk, found, calling
    ):
        reader = new_client(found, "Reader")
        wire = calling(tokens := reader.connect(clerk, access="read"))
        assert tokens.scope == READ
        names = {tool["name"] for tool in wire.result("tools/list")["tools"]}
        assert "search_records" in names
        assert not names & {"create_records", "update_records", "delete_records", "call_method"}
        answer = wire.rpc("tools/call", WRITE_CALL)
        assert answer.status_code == 403
        challenge = challenge_of(answer)
        assert challenge["error"] == "insufficient_scope"
        assert challenge["scope"] == BOTH
        assert challenge["resource_metadata"] == f"{server.url}/.well-known/oauth-protected-resource/mcp"
        assert server.partners("Nobody") == 0

    def test_cancel_goes_back_to_the_client_which_gets_nothing(self, clerk, client):
        location = decide(clerk, client.authorize_url(new_pkce()), decision="cancel")
        answer = query_of(location)
        assert location.startswith(client.redirect_uri + "?")
        assert (answer["error"], answer["state"], answer["iss"]) == ("access_denied", "a state", client.found.issuer)
        assert "code" not in answer


class TestDecisions:
    LIVE = """
        SELECT decision.scopes FROM mcp_native_oauth_grant decision
          JOIN mcp_native_oauth_client client ON client.id = decision.client_id
         WHERE client.identifier = %s AND decision.ended IS NULL"""

    def test_a_later_decision_holds_for_earlier_tokens_too_on_every_worker(self, server, found, clerk, calling):
        client = new_client(found, "Narrowed")
        first = client.connect(clerk, access="write")
        second = client.connect(clerk, access="read")
        assert server.rows(self.LIVE, client.client_id) == [(READ,)]

        def statuses(tokens: Tokens) -> set[int]:
            wire = calling(tokens)
            return set(server.on_each_worker(lambda: wire.rpc("tools/call", WRITE_CALL).status_code).values())

        assert statuses(first) == statuses(second) == {403}
        assert calling(tokens_of(client.refresh(first.refresh))).rpc("tools/call", WRITE_CALL).status_code == 403
        assert server.partners("Nobody") == 0

    def test_many_decisions_at_once_are_one_in_the_end(self, server, found, clerk):
        client, pkce = new_client(found, "Hurried"), new_pkce()
        form = form_of(ask(clerk, client.authorize_url(pkce)))
        sent = {**form.fields, "access": "write", "decision": "connect"}
        cookies = clerk.session.cookies.get_dict()

        def press() -> str:
            answer = requests.post(form.url, data=sent, cookies=cookies, timeout=60, allow_redirects=False)
            return query_of(answer.headers["Location"])["code"]

        codes = together(press)
        assert len(set(codes)) == AT_ONCE
        assert server.rows(self.LIVE, client.client_id) == [(BOTH,)]
        assert tokens_of(client.exchange(codes[-1], pkce)).scope == BOTH

    @pytest.mark.parametrize("name", ["client_id", "redirect_uri", "response_type", "scope", "state"])
    def test_a_parameter_that_comes_twice_is_refused_on_a_page(self, clerk, client, name):
        answer = ask(clerk, f"{client.authorize_url(new_pkce())}&{name}=another")
        assert answer.status_code == 400
        assert "Location" not in answer.headers
        assert 'value="connect"' not in answer.text


class TestCodes:
    def test_a_code_used_again_ends_what_came_of_it(self, server, clerk, client, calling):
        pkce = new_pkce()
        code = client.code(clerk, pkce)
        tokens = tokens_of(client.exchange(code, pkce))
        later = tokens_of(client.refresh(tokens.refresh))
        assert {calling(tokens).status(), calling(later).status()} == {200}
        assert error_of(client.exchange(code, pkce)) == INVALID_GRANT
        for ended in (tokens, later):
            assert set(server.on_each_worker(calling(ended).status).values()) == {401}
            assert error_of(client.refresh(ended.refresh)) == INVALID_GRANT

    def test_of_many_exchanges_at_once_one_succeeds_at_most_and_nothing_of_it_lives_on(self, clerk, client, calling):
        pkce = new_pkce()
        code = client.code(clerk, pkce)
        answers = together(lambda: client.exchange(code, pkce))
        good = [answer for answer in answers if answer.status_code == 200]
        assert len(good) <= 1
        assert {error_of(answer) for answer in answers if answer not in good} == {INVALID_GRANT}
        assert [calling(tokens_of(answer)).status() for answer in good] == [401] * len(good)

    def test_a_code_is_good_for_its_own_client_only(self, clerk, client, other, keeper):
        pkce = new_pkce()
        code = client.code(clerk, pkce)
        assert error_of(other.exchange(code, pkce)) == INVALID_GRANT
        assert error_of(keeper.but(redirect_uri=client.redirect_uri).exchange(code, pkce)) == INVALID_GRANT

    def test_a_code_ends_after_a_minute(self, server, clerk, client):
        pkce = new_pkce()
        code = client.code(clerk, pkce)
        left = "SELECT extract(epoch FROM expires - (now() AT TIME ZONE 'UTC')) FROM mcp_native_oauth_code"
        assert max(seconds for (seconds,) in server.rows(left)) <= 60
        assert server.change("UPDATE mcp_native_oauth_code SET expires = expires - interval '61 seconds'")
        assert error_of(client.exchange(code, pkce)) == INVALID_GRANT

    @pytest.mark.parametrize(
        "changes",
        [
            {"redirect_uri": "http://127.0.0.1:33418/other"},
            {"redirect_uri": "http://127.0.0.1:33419/callback"},
            {"redirect_uri": "https://evil.example.com/callback"},
        ],
    )
    def test_a_code_is_good_for_its_own_redirect_address_only(self, clerk, client, changes):
        pkce = new_pkce()
        code = client.code(clerk, pkce)
        assert error_of(client.exchange(code, pkce, **changes))[0] == 400


class TestPkce:
    @pytest.mark.parametrize(
        "changes",
        [
            {"code_challenge": None, "code_challenge_method": None},
            {"code_challenge": None},
            {"code_challenge_method": "plain"},
            {"code_challenge_method": None},
            {"code_challenge": "short"},
        ],
    )
    def test_no_code_without_a_proper_challenge(self, clerk, client, changes):
        answer = refused(clerk, client.authorize_url(new_pkce(), **changes))
        assert answer["error"] == "invalid_request"
        assert (answer["state"], answer["iss"]) == ("a state", client.found.issuer)
        assert "code" not in answer

    @pytest.mark.parametrize("verifier", [None, "", "wrong" * 10, "the challenge itself"])
    def test_no_token_without_the_verifier(self, clerk, client, verifier):
        pkce = new_pkce()
        sent = pkce.challenge if verifier == "the challenge itself" else verifier
        answer = client.exchange(client.code(clerk, pkce), pkce, code_verifier=sent)
        assert error_of(answer) in (INVALID_GRANT, (400, "invalid_request"))


class TestResources:
    @pytest.mark.parametrize(("path", "elsewhere"), [("/mcp", "/mcp_native"), ("/mcp_native", "/mcp")])
    def test_a_token_opens_the_resource_it_is_for_and_no_other(self, server, clerk, client, calling, path, elsewhere):
        tokens = client.but(resource=server.url + path).connect(clerk)
        assert calling(tokens, path).status() == 200
        answer = calling(tokens, elsewhere).rpc("tools/list")
        assert answer.status_code == 401
        assert challenge_of(answer)["error"] == "invalid_token"
        assert challenge_of(answer)["resource_metadata"].endswith(elsewhere)

    def test_no_token_for_what_is_not_here(self, clerk, client):
        answer = refused(clerk, client.authorize_url(new_pkce(), resource="https://elsewhere.example.com/mcp"))
        assert answer["error"] == "invalid_target"

    def test_a_resource_cannot_be_changed_later(self, server, clerk, client):
        pkce = new_pkce()
        code = client.code(clerk, pkce)
        elsewhere = f"{server.url}/mcp_native"
        assert error_of(client.exchange(code, pkce, resource=elsewhere)) == (400, "invalid_target")
        tokens = client.connect(clerk)
        assert error_of(client.refresh(tokens.refresh, resource=elsewhere)) == (400, "invalid_target")


class TestRefresh:
    @pytest.fixture
    def rewind(self, server):
        """Lets time pass since the refresh tokens were used."""

        def rewind(seconds: int) -> None:
            query = "UPDATE mcp_native_oauth_token SET used = used - %s * interval '1 second' WHERE used IS NOT NULL"
            assert server.change(query, seconds)

        return rewind

    def test_many_refreshes_at_once_on_both_workers_have_one_successor(self, server, clerk, client, calling):
        start, pids = server.log_end(), set()
        for _round in range(10):
            tokens = client.connect(clerk)
            found = {tokens_of(answer)[:3] for answer in together(lambda: client.refresh(tokens.refresh))}  # noqa: B023
            assert len(found) == 1
            (successor,) = found
            assert calling(successor[0]).status() == 200
            pids = server.pids_since(start, "/oauth/token")
            if len(pids) == WORKERS:
                break
        assert len(pids) == WORKERS

    def test_a_used_token_is_answered_alike_for_two_minutes(self, clerk, client, rewind):
        tokens = client.connect(clerk)
        first = tokens_of(client.refresh(tokens.refresh))
        rewind(100)
        again = tokens_of(client.refresh(tokens.refresh))
        assert again[:3] == first[:3]
        assert again.expires_in <= first.expires_in - 100

    def test_a_used_token_presented_later_ends_the_family(self, server, clerk, client, calling, rewind):
        tokens = client.connect(clerk)
        successor = tokens_of(client.refresh(tokens.refresh))
        rewind(121)
        assert error_of(client.refresh(tokens.refresh)) == INVALID_GRANT
        assert error_of(client.refresh(successor.refresh)) == INVALID_GRANT
        assert set(server.on_each_worker(calling(successor).status).values()) == {401}

    def test_a_refresh_cannot_widen_what_was_granted(self, server, found, clerk, calling):
        reader = new_client(found, "Widening reader")
        tokens = reader.connect(clerk, access="read")
        assert error_of(reader.refresh(tokens.refresh, scope=BOTH)) == (400, "invalid_scope")
        kept = tokens_of(reader.refresh(tokens.refresh))
        assert kept.scope == READ
        assert calling(kept).rpc("tools/call", WRITE_CALL).status_code == 403

    def test_an_access_token_is_no_refresh_token_nor_the_other_way_round(self, clerk, client, calling):
        tokens = client.connect(clerk)
        assert error_of(client.refresh(tokens.access)) == INVALID_GRANT
        assert calling(tokens.refresh).status() == 401


class TestMixedUpClients:
    def test_a_refresh_token_is_good_for_its_own_client_only(self, clerk, client, other, keeper):
        tokens = client.connect(clerk)
        assert error_of(other.refresh(tokens.refresh)) == INVALID_GRANT
        assert error_of(keeper.refresh(tokens.refresh)) == INVALID_GRANT
        assert tokens_of(client.refresh(tokens.refresh))

    def test_a_client_with_a_secret_is_nobody_without_it(self, clerk, keeper):
        pkce = new_pkce()
        code = keeper.code(clerk, pkce)
        assert error_of(keeper.but(secret=None).exchange(code, pkce)) == INVALID_CLIENT
        assert error_of(keeper.but(secret="mcps_" + "x" * 43).exchange(code, pkce)) == INVALID_CLIENT
        assert error_of(keeper.but(secret="mcps_" + "x" * 43, basic=False).exchange(code, pkce)) == INVALID_CLIENT

    def test_the_secret_of_one_client_is_not_that_of_another(self, clerk, client, keeper):
        pkce = new_pkce()
        code = client.code(clerk, pkce)
        mixed = keeper.exchange(code, pkce, client_id=client.client_id, redirect_uri=client.redirect_uri)
        assert error_of(mixed) == INVALID_CLIENT

    def test_an_unknown_client_is_told_so_in_the_words_that_make_it_register_again(self, client):
        assert error_of(client.but(client_id="nobody").refresh("mcpr_" + "x" * 43)) == INVALID_CLIENT

    def test_another_client_cannot_revoke(self, clerk, client, other, calling):
        tokens = client.connect(clerk)
        assert other.revoke(tokens.refresh).status_code == 200
        assert calling(tokens).status() == 200
