"""The pages as a browser without JavaScript gets them."""

import re
from html import unescape
from uuid import uuid4

import pytest
from flask.testing import FlaskClient


def page(client: FlaskClient, path: str, status: int = 200, **parameters: object) -> str:
    response = client.get(path, query_string=parameters or None)
    assert response.status_code == status
    return response.get_data(as_text=True)


def a_service_id(client: FlaskClient, **parameters: object) -> str:
    answer = client.get("/api/v1/search", query_string={"limit": 1, **parameters}).get_json()
    return answer["results"][0]["service_id"]


def test_the_front_page_has_a_search_box(demo: FlaskClient) -> None:
    html = page(demo, "/")
    assert 'action="/find"' in html
    assert 'name="q"' in html


def test_a_search_lists_services_with_their_distance(demo: FlaskClient) -> None:
    html = page(demo, "/find", q="eviction", near="60608", radius=10)
    assert "/services/" in html
    assert " mi" in html


def test_the_address_bar_is_the_search(demo: FlaskClient) -> None:
    html = page(demo, "/find", q="eviction", near="60608", radius=25, language="Spanish")
    for kept in ('value="eviction"', 'value="60608"', 'value="Spanish"'):
        assert kept in html


def test_a_place_that_is_not_found_says_so_and_keeps_the_words(demo: FlaskClient) -> None:
    html = page(demo, "/find", q="food pantry", near="Zzyzxville")
    assert "No place found" in html
    assert 'value="food pantry"' in html
    assert 'value="Zzyzxville"' in html


def test_an_ambiguous_place_offers_the_choices(demo: FlaskClient) -> None:
    html = page(demo, "/find", q="food", near="Springfield")
    assert "Springfield, IL" in html


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("lat", "91"), ("radius", "-1"), ("age", "old"), ("page", "0"), ("q", "x " * 10_000)],
)
def test_bad_input_is_shown_beside_its_field(demo: FlaskClient, parameter: str, value: str) -> None:
    html = page(demo, "/find", 422, **({"lat": 41.8, "lon": -87.6} | {parameter: value}))
    assert "Use " in html or "not a" in html


def test_a_shared_link_with_strange_parameters_opens(demo: FlaskClient) -> None:
    assert "eviction" in page(demo, "/find", q="eviction", utm_source="mail", fbclid="x")


def test_what_was_typed_is_never_markup(demo: FlaskClient) -> None:
    html = page(demo, "/find", q='"><script>alert(1)</script>', near='"><img src=x>')
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_nothing_found_says_so(demo: FlaskClient) -> None:
    assert "No services" in page(demo, "/find", q="xylophone")


def link(html: str, text: str) -> str:
    """Where the link with this text leads."""
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>(?:<span[^>]*>[^<]*</span>)?{text}', html)
    assert found, text
    return "/find" + unescape(found[1])


def heading(html: str) -> str:
    found = re.search(r'<h2 id="results-heading"[^>]*>([^<]*)</h2>', html)
    assert found
    return found[1].strip()


def test_a_place_in_the_words_is_a_chip_that_comes_off(demo: FlaskClient) -> None:
    html = page(demo, "/find", q="food pantry in Cicero, IL")
    assert heading(html).endswith("within 25 miles of Cicero, IL")
    without = page(demo, link(html, "Near Cicero, IL"))
    assert "within" not in heading(without)
    back = page(demo, link(without, "No place from your words"))
    assert heading(back) == heading(html)


def test_corrected_words_are_told_and_can_be_searched_as_typed(demo: FlaskClient) -> None:
    html = page(demo, "/find", q="pantrey")
    assert "Showing results for <strong>“pantry”</strong>" in html
    as_typed = page(demo, link(html, "Search instead for “pantrey”"))
    assert heading(as_typed) == "No services found"
    assert heading(page(demo, link(as_typed, "Spelled as you typed"))) == heading(html)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"q": "xylophone"}, r"(\d+) services? without your words"),
        ({"q": "food", "radius": 1, "language": "Vietnamese"}, r"(\d+) .* languages than Viet"),
        ({"q": "soup kitchen", "near": "61101"}, r"(\d+) services within 100 miles"),
        ({"q": "soup kitchen", "near": "90001"}, r"(\d+) services at any distance"),
        ({"q": "soup kitchen", "delivery": "virtual"}, r"(\d+) services without “Online”"),
        ({"q": "soup kitchen", "category": "legal"}, r"(\d+) .* kinds of help than"),
        ({"category": "work", "age": 3, "radius": 1}, r"(\d+) services for other ages"),
    ],
)
def test_nothing_found_says_what_would_help_and_does_it(
    demo: FlaskClient, query: dict[str, object], sentence: str
) -> None:
    html = page(demo, "/find", **({"near": "60608"} | query))
    assert heading(html).startswith("No services found")
    found = re.search(sentence, html)
    assert found, html[html.index('class="nothing"') :][:1500]
    assert heading(page(demo, link(html, found[0]))).split()[0] == found[1]


def test_a_score_is_explained_where_the_address_asks_for_it(demo: FlaskClient) -> None:
    html = page(demo, "/find", q="food pantry", near="60608", explain=1)
    assert "Why number 1?" in html
    assert "How far away it is" in html
    assert "Why number" not in page(demo, "/find", q="food pantry", near="60608")


def test_without_words_there_is_no_score_to_explain(demo: FlaskClient) -> None:
    assert "No words were searched" in page(demo, "/find", near="60608", explain=1)


def test_how_words_are_read_is_kept_by_the_form(demo: FlaskClient) -> None:
    html = page(demo, "/find", q="food in Cicero, IL", words_only=1, as_typed=1, explain=1)
    for name in ("words_only", "as_typed", "explain"):
        assert f'<input type="hidden" name="{name}" value="1"' in html
    assert 'name="words_only"' not in page(demo, "/find", q="food in Cicero, IL")


@pytest.mark.parametrize("path", ["/", "/find"])
def test_without_scripts_the_search_box_is_a_plain_one(demo: FlaskClient, path: str) -> None:
    html = page(demo, path)
    assert 'data-complete="/api/v1/complete"' in html
    assert "combobox" not in html


def test_without_an_index_the_page_says_to_come_back(client: FlaskClient) -> None:
    html = page(client, "/find", 503, q="food")
    assert "Not available just now" in html
    assert "Please try again in a few minutes" in html


def test_a_service_page_shows_what_a_client_needs(demo: FlaskClient) -> None:
    html = page(demo, f"/services/{a_service_id(demo, q='eviction', near='60608')}")
    for heading in ("Hours", "Cost", "Who can", "Language"):
        assert heading in html


def test_a_service_that_is_not_there_is_a_plain_404(demo: FlaskClient) -> None:
    assert "no such service" in page(demo, f"/services/{uuid4()}", 404)


@pytest.mark.parametrize("path", ["/services/1", "/nothing", "/find/x", "/services/"])
def test_an_unknown_address_is_a_plain_404(demo: FlaskClient, path: str) -> None:
    html = page(demo, path, 404)
    assert "Traceback" not in html


@pytest.mark.parametrize("path", ["/", "/find", "/nothing", "/api/v1/search?x=1", "/healthz"])
def test_every_answer_carries_the_security_headers(demo: FlaskClient, path: str) -> None:
    headers = demo.get(path).headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_names_another_host_to_load_from(demo: FlaskClient) -> None:
    for path in ("/", "/find?q=food", f"/services/{a_service_id(demo)}"):
        html = page(demo, path)
        for attribute in ('src="http', 'src="//', '<link rel="stylesheet" href="http'):
            assert attribute not in html
