# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Links to files on a server with two workers: made by one, used at the other, and for a time only."""

from __future__ import annotations

import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests
from live import WORKERS, wait_for
from wire import TIMEOUT, raw, text_of

CONTENT = bytes(range(256)) * 12_000
"""3 MB that are neither text nor a document."""
COUNTER = itertools.count(1)
_URL = re.compile(r"http\S+/file/(mcpl_[\w-]{43})/\S+")


@pytest.fixture
def partner_id(plain) -> int:
    text = plain.text("create_records", {"model": "res.partner", "values": [{"name": f"Filed {next(COUNTER)}"}]})
    return int(re.search(r"#(\d+)", text)[1])


def address(server, text: str) -> str:
    """Return the address in an answer, at the port where the server really is."""
    found = _URL.search(text)
    assert found, text
    return server.url + urlsplit(found[0]).path


@pytest.fixture
def upload(server, plain, partner_id):
    """Returns a new address to send a file to."""

    def ask(wire=plain) -> str:
        arguments = {"model": "res.partner", "id": partner_id, "name": "numbers.bin"}
        return address(server, wire.text("attach_file", arguments))

    return ask


@pytest.fixture
def attachment_id(server, upload, partner_id) -> int:
    assert requests.put(upload(), CONTENT, timeout=TIMEOUT).status_code == 201
    query = "SELECT id FROM ir_attachment WHERE res_model = 'res.partner' AND res_id = %s"
    return server.rows(query, partner_id)[0][0]


@pytest.fixture
def download(server, plain, attachment_id):
    """Returns a new address of the file."""

    def ask(wire=plain) -> str:
        return address(server, text_of(wire.tool("read_attachment", {"id": attachment_id})))

    return ask


def fetch(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers=headers, timeout=TIMEOUT, allow_redirects=False)


def test_a_file_that_was_sent_is_fetched_again_byte_by_byte(download):
    answer = fetch(download())
    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''numbers.bin"


def test_a_link_is_used_once_at_every_worker(server, download):
    url = download()
    assert fetch(url).status_code == 200
    statuses = server.on_each_worker(lambda: fetch(url).status_code)
    assert set(statuses.values()) == {404}
    assert len(statuses) == WORKERS


def test_a_file_is_fetched_in_parts_from_both_workers(server, download):
    url, half = download(), len(CONTENT) // 2
    ranges = iter([f"bytes=0-{half - 1}", f"bytes={half}-"])
    parts = server.on_each_worker(lambda: fetch(url, Range=next(ranges)))
    assert [part.status_code for part in parts.values()] == [206, 206]
    assert b"".join(part.content for part in parts.values()) == CONTENT
    assert fetch(url).status_code == 404


def test_a_download_that_broke_off_is_taken_up_where_it_ended(download):
    url = download()
    with requests.get(url, stream=True, timeout=TIMEOUT) as broken:
        beginning = next(broken.iter_content(10_000))
    rest = fetch(url, Range=f"bytes={len(beginning)}-")
    assert rest.status_code == 206
    assert beginning + rest.content == CONTENT


def test_of_two_files_sent_to_one_address_at_once_one_is_taken(server, upload, partner_id):
    url = upload()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda content: requests.put(url, content, timeout=TIMEOUT), (b"one", b"two")))
    assert sorted(answer.status_code for answer in answers) == [201, 404]
    query = "SELECT count(*) FROM ir_attachment WHERE res_model = 'res.partner' AND res_id = %s"
    assert server.rows(query, partner_id) == [(1,)]


def test_a_link_ends_in_time(server, download, upload):
    urls = download(), upload()
    server.change("UPDATE mcp_native_file_link SET expires = expires - interval '61 minutes'")
    assert fetch(urls[0]).status_code == 404
    assert requests.put(urls[1], b"x", timeout=TIMEOUT).status_code == 404


def test_the_link_of_a_key_that_was_deleted_is_dead_at_every_worker(server, download):
    other = server.wire("seller", kind="spare_key")  # nobody else needs it
    url = download(other)
    query = "SELECT id FROM res_users_apikeys WHERE user_id = %s AND name = 'spare'"
    ((key_id,),) = server.rows(query, server.people["seller"].id)
    server.web("seller").revoke(key_id)
    assert set(server.on_each_worker(lambda: fetch(url).status_code).values()) == {404}


def test_no_token_of_a_link_is_in_the_server_s_log_or_the_database(server, download, upload):
    start, urls = server.log_end(), (download(), upload())
    fetch(urls[0])
    requests.put(urls[1], b"x", timeout=TIMEOUT)
    fetch(urls[0])
    wait_for(lambda: "PUT /mcp/file/mcpl_…" in server.log_since(start), "no line about the upload")
    for url in urls:
        token = _URL.search(url)[1]
        assert token not in server.log_since(start)
        for table in ("mcp_native_file_link", "mcp_native_access_log"):
            assert server.rows(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", f"%{token}%") == [(0,)]


def test_uses_of_links_are_in_the_access_log(server, download, upload):
    fetched = fetch(download())
    sent = requests.put(upload(), b"x", timeout=TIMEOUT)
    for answer, method in ((fetched, "files/download"), (sent, "files/upload")):
        (row,) = server.logged(answer.headers["X-Request-Id"])
        assert (row["method"], row["outcome"], row["login"]) == (method, "ok", "live_plain")


def test_a_body_in_pieces_is_taken_up_to_the_limit(server, upload):
    with server.web("admin").parameter("web.max_file_upload_size", "100000"):
        pieces = (bytes(50_000) for _piece in range(4))
        answer = requests.put(upload(), pieces, timeout=TIMEOUT)
        assert answer.status_code == 413
        headers = {"Content-Length": "200000"}
        assert raw(upload(), "PUT", headers, [bytes(1000)]).status == 413
        assert requests.put(upload(), bytes(100_000), timeout=TIMEOUT).status_code == 201
