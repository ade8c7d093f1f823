# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Imports and exports over the wire: progress while they run, clients that go away, files behind links."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from live import Live, wait_for
from wire import text_of

COUNTER = itertools.count(1)
ROWS = 3000


@pytest.fixture
def name() -> str:
    return f"Transferred {next(COUNTER)}"


@pytest.fixture(autouse=True)
def many_at_once(server: Live) -> Iterator[None]:
    """Let a call change more records than the profile of the tests allows."""
    web = server.web("admin")
    profiles = web.execute("mcp_native.profile", "search_read", [["everybody", "=", True]], ["max_records"])
    ids = [profile["id"] for profile in profiles]
    web.execute("mcp_native.profile", "write", ids, {"max_records": 0})
    yield
    web.execute("mcp_native.profile", "write", ids, {"max_records": profiles[0]["max_records"]})


def table(name: str, rows: int) -> dict[str, Any]:
    """Return the arguments of an import of contacts with one name."""
    prefix = name.replace(" ", "_").lower()
    lines = "".join(f"{prefix}_{number},{name},{number}\n" for number in range(rows))
    return {"model": "res.partner", "csv": f"id,name,ref\n{lines}"}


def external_ids(server: Live, name: str) -> int:
    prefix = name.replace(" ", "_").lower()
    query = "SELECT count(*) FROM ir_model_data WHERE module = '__import__' AND name LIKE %s"
    return server.rows(query, f"{prefix}\\_%")[0][0]


def test_an_import_reports_progress_before_it_is_committed(server, plain, name):
    steps = []
    with plain.stream("import_records", table(name, 600)) as stream:
        for message in stream.events():
            if "params" in message:
                steps.append((message["params"]["progress"], message["params"]["total"]))
                assert len(steps) == 3 or server.partners(name) == 0
            else:
                answer = message
    assert steps == [(200, 600), (400, 600), (600, 600)]
    assert text_of(answer["result"]).startswith("Imported 600 res.partner: 600 created"), answer
    assert (server.partners(name), external_ids(server, name)) == (600, 600)


def test_a_client_that_goes_away_leaves_nothing_imported(server, plain, name):
    with plain.stream("import_records", table(name, ROWS)) as stream:
        assert next(stream.events())["params"] == {"progressToken": "p1", "progress": 200, "total": ROWS}
    running = """
        SELECT count(*) FROM pg_stat_activity
         WHERE datname = %s AND xact_start IS NOT NULL AND pid != pg_backend_pid()
    """
    wait_for(lambda: server.rows(running, server.database) == [(0,)], "the import went on after its client had gone")
    assert (server.partners(name), external_ids(server, name)) == (0, 0)
    assert "600 created" in plain.text("import_records", table(name, 600)), "what is repeated is not there already"


@pytest.fixture
def tags(server) -> Iterator[list]:
    """The domain of twenty thousand tags."""
    insert = """
        INSERT INTO res_partner_category (name, active)
        SELECT jsonb_build_object('en_US', 'Exported ' || number), true FROM generate_series(1, 20000) number
    """
    server.change(insert)
    yield [["name", "=like", "Exported %"]]
    server.change("DELETE FROM res_partner_category WHERE name->>'en_US' LIKE 'Exported %%'")


def test_a_client_that_goes_away_leaves_no_file_of_an_export(server, tags):
    links = "SELECT count(*) FROM mcp_native_file_link"
    before = server.rows(links)
    arguments = {"model": "res.partner.category", "fields": ["name", "display_name"], "domain": tags}
    with server.wire("admin").stream("export_records", arguments) as stream:
        request_id = stream.headers["x-request-id"]
        assert next(stream.events())["params"] == {"progressToken": "p1", "progress": 500, "total": 20000}
    (row,) = server.logged(request_id)
    assert (row["tool"], row["outcome"]) == ("export_records", "error")
    assert server.rows(links) == before


def test_a_large_export_is_fetched_through_its_link_as_often_as_the_link_allows(server, plain, name):
    plain.text("import_records", table(name, 1200))
    admin = server.wire("admin")
    arguments = {"model": "res.partner", "fields": ["name", "ref"], "domain": [["name", "=", name]]}
    text = admin.text("export_records", arguments)
    assert "1,200 records, 1,200 rows, CSV of" in text
    assert len(text) < 400
    url = re.search(r"https?://\S+", text)[0]
    answer = requests.get(server.url + re.sub(r"^https?://[^/]+", "", url), timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["name", "ref"]
    assert sorted(int(row[1]) for row in rows[1:]) == list(range(1200))
    again = requests.get(server.url + re.sub(r"^https?://[^/]+", "", url), timeout=60)
    assert again.status_code == 404


def test_an_export_reports_progress(server, plain, name):
    plain.text("import_records", table(name, 1200))
    arguments = {"model": "res.partner", "fields": ["name"], "domain": [["name", "=", name]], "format": "xlsx"}
    with server.wire("admin").stream("export_records", arguments) as stream:
        *steps, answer = list(stream.events())
    assert [message["params"]["progress"] for message in steps] == [500, 1000, 1200]
    assert "XLSX of" in text_of(answer["result"])


def test_what_goes_wrong_names_its_rows_over_the_wire_too(server, plain, name):
    text = plain.refusal("import_records", {"model": "res.partner", "csv": f"name,color\n{name},1\n{name},red\n"})
    assert 'row 3, color: expects a whole number such as 5, not "red".' in text
    assert server.partners(name) == 0
