# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.uri_template import UriTemplate

TEMPLATES = [
    UriTemplate(text)
    for text in (
        "odoo://{model}{?domain,fields,limit,cursor}",
        "odoo://{model}/{id}",
        "odoo://{model}/{id}/{field}",
        "odoo://{model}/fields",
        "odoo://attachment/{id}",
        "odoo://report/{name}/{id}",
        "odoo://instructions",
    )
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def best(uri):
    """Return the template that a server takes for a URI."""
    found = [template for template in TEMPLATES if template.match(uri) is not None]
    return min(found, key=lambda template: template.vagueness).text if found else None


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        ("odoo://res.partner", "odoo://{model}{?domain,fields,limit,cursor}"),
        ("odoo://res.partner/7", "odoo://{model}/{id}"),
        ("odoo://res.partner/fields", "odoo://{model}/fields"),
        ("odoo://attachment/7", "odoo://attachment/{id}"),
        ("odoo://report/sale.report_saleorder/7", "odoo://report/{name}/{id}"),
        ("odoo://res.partner/7/name", "odoo://{model}/{id}/{field}"),
        ("odoo://instructions", "odoo://instructions"),
        ("odoo://res.partner/7/name/more", None),
        ("odoo://", None),
        ("odoo://res.partner/", None),
        ("odoo://res.partner/7#top", None),
        ("odoo://res.partner/7?limit=1", None),
        ("http://res.partner/7", None),
    ],
)
def test_of_several_templates_the_one_that_says_most_itself_is_taken(uri, text):
    assert best(uri) == text


@given(st.lists(TEXTS, min_size=3, max_size=3))
def test_what_stands_in_a_path_comes_back_whatever_it_is(values):
    model, record, field = values
    uri = f"odoo://{quote(model, safe='')}/{quote(record, safe='')}/{quote(field, safe='')}"
    assert TEMPLATES[2].match(uri) == {"model": model, "id": record, "field": field}


@given(st.dictionaries(st.sampled_from(["domain", "fields", "limit", "cursor"]), TEXTS), st.booleans())
def test_what_stands_in_a_query_comes_back_in_either_encoding(values, form):
    query = urlencode(values) if form else "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
    assert TEMPLATES[0].match(f"odoo://res.partner?{query}") == {"model": "res.partner", **values}


@given(st.text(max_size=60))
def test_no_uri_breaks_a_template(rest):
    for template in TEMPLATES:
        found = template.match(f"odoo://{rest}")
        assert found is None or set(template.variables) & set(found) or not template.variables


def test_a_member_that_is_given_twice_is_a_list():
    found = TEMPLATES[0].match("odoo://res.partner?fields=name&fields=city&limit=")
    assert found == {"model": "res.partner", "fields": "name,city"}


def test_a_query_does_not_change_what_the_path_says():
    assert TEMPLATES[0].match("odoo://res.partner?model=res.users") is None


def test_names_that_a_template_does_not_have_are_for_the_caller_to_refuse():
    assert TEMPLATES[0].match("odoo://res.partner?feilds=name") == {"model": "res.partner", "feilds": "name"}


def test_bytes_that_are_no_utf_8_are_no_address():
    assert TEMPLATES[1].match("odoo://res.partner/%ff") is None
    assert TEMPLATES[0].match("odoo://res.partner?fields=%ff") is None


@pytest.mark.parametrize("text", ["odoo://{a}/{a}", "odoo://{a}{?a}", "odoo://{A}", "odoo://{a", "odoo://{?a}/b"])
def test_what_is_no_template_is_refused(text):
    with pytest.raises(ValueError, match="no URI template"):
        UriTemplate(text)
