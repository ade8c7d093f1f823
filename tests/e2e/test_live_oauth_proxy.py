# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Behind a reverse proxy that ends TLS: every address that the server says is the proxy's."""

from __future__ import annotations

import pytest
import requests
from live import Live
from oauth_wire import BOTH, WELL_KNOWN, ask, challenge_of, discover, fill_in, form_of, new_client, new_pkce, tokens_of
from tls import reverse_proxy
from wire import Web, Wire


@pytest.fixture(scope="module", params=[True, False], ids=["with X-Forwarded-Host", "without X-Forwarded-Host"])
def proxy(request, second: Live, certificate):
    """The origin of a proxy, which the server knows as its own address."""
    second.forget_registrations()
    admin = second.web("admin")
    with (
        pytest.MonkeyPatch.context() as patch,
        reverse_proxy(certificate, second.url, forwarded_host=request.param) as origin,
    ):
        for name, value in certificate.trusted.items():
            patch.setenv(name, value)
        admin.execute("ir.config_parameter", "set_param", "web.base.url", origin)
        try:
            yield origin
        finally:
            admin.execute("ir.config_parameter", "set_param", "web.base.url", second.url)


def test_documents_and_challenge_carry_the_origin_of_the_proxy(proxy):
    found = discover(f"{proxy}/mcp")
    addresses = [value for value in found.server.values() if isinstance(value, str)]
    assert len(addresses) >= 5
    assert {address for address in addresses if not address.startswith((proxy + "/", proxy))} == set()
    refused = Wire(f"{proxy}/mcp", None).rpc("tools/list")
    assert challenge_of(refused)["resource_metadata"] == f"{proxy}{WELL_KNOWN}oauth-protected-resource/mcp"


def test_a_client_connects_through_the_proxy(second, proxy):
    person = second.people["plain"]
    found = discover(f"{proxy}/mcp")
    client = new_client(found, "Behind a proxy")
    web = Web(proxy, second.database, person.login, person.password)
    tokens = client.connect(web)
    wire = Wire(f"{proxy}/mcp", tokens.access)
    assert wire.text("count_records", {"model": "res.users"})
    assert tokens_of(client.refresh(tokens.refresh)).scope == BOTH
    assert client.revoke(tokens.refresh).status_code == 200
    assert wire.status() == 401


def test_the_login_comes_back_to_the_same_request(second, proxy):
    person = second.people["plain"]
    client = new_client(discover(f"{proxy}/mcp"), "Logging in behind a proxy")
    session = requests.Session()
    url = client.authorize_url(new_pkce())
    login = session.get(url, timeout=60)
    assert login.url.startswith(f"{proxy}/web/login?")
    page = fill_in(session, login, login=person.login, password=person.password)
    assert page.url == url
    form = form_of(page)
    assert form.url.startswith(f"{proxy}/oauth/authorize?")
    assert "Logging in behind a proxy" in form.text


def test_a_session_of_the_proxy_is_asked_without_a_detour(second, proxy):
    person = second.people["plain"]
    web = Web(proxy, second.database, person.login, person.password)
    answer = ask(web, new_client(discover(f"{proxy}/mcp"), "No detour").authorize_url(new_pkce()))
    assert form_of(answer).url.startswith(proxy)
