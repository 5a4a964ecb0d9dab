from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import OpeningException, SearchRequest

MONDAY_NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
OPEN_MONDAY = {"open_minutes": ((540, 1020),), "time_zone": "UTC"}

LISTS = ("categories", "languages", "accessibility", "delivery")
FILTERS = (*LISTS, "cost", "accepting", "partner", "open")

some = st.lists(st.sampled_from("abc"), max_size=2, unique=True).map(tuple)
facts = st.fixed_dictionaries(
    {
        **dict.fromkeys(LISTS, some),
        "cost": st.sampled_from(["", "a", "b"]),
        "accepting": st.sampled_from([True, False, None]),
        "partner": st.booleans(),
        "open_minutes": st.sampled_from([None, (), ((540, 1020),)]),
        "minimum_age": st.sampled_from([None, 18.0, 60.0]),
        "maximum_age": st.sampled_from([None, 17.0, 59.5]),
        "name": st.sampled_from(["food", "rent"]),
    }
)
# Few filters at once, so that something is left to count.
seldom = st.sampled_from([False, False, False, True])
requests = st.builds(
    SearchRequest,
    words=st.sampled_from(["", "food"]),
    **dict.fromkeys((*LISTS, "cost"), st.sampled_from([(), (), (), ("a",), ("a", "b")])),
    accepting=seldom,
    partner=seldom,
    age=st.sampled_from([None, None, 17.5, 18.0, 59.5]),
    open_at=st.sampled_from([None, None, MONDAY_NOON]),
    now=st.sampled_from([None, MONDAY_NOON]),
)


def values(document, name):
    """The facet values of a document, straight from its fields."""
    if name == "open":
        return ["now"] if document.open_minutes else []
    if name in ("accepting", "partner"):
        return ["yes"] if getattr(document, name) else []
    value = getattr(document, name)
    return [value] if isinstance(value, str) and value else list(value)


def asked(request, name):
    if name == "open":
        return ["now"] if request.open_at else []
    wanted = getattr(request, name)
    return ["yes"] if wanted is True else list(wanted or ())


def passes(document, request, besides=None):
    if request.words and document.name != request.words:
        return False
    youngest, oldest = document.minimum_age or 0, document.maximum_age or 999
    if request.age is not None and not youngest <= request.age <= oldest:
        return False
    return all(
        set(asked(request, name)) & set(values(document, name))
        for name in FILTERS
        if name != besides and asked(request, name)
    )


def counted(documents, request, name):
    found = {
        (value, document.service_id)
        for document in documents
        if passes(document, request, besides=name)
        for value in values(document, name)
    }
    counts = {value: sum(1 for other, _ in found if other == value) for value, _ in found}
    single = {"accepting": "yes", "partner": "yes", "open": "now"}.get(name)
    return {single: counts.get(single, 0)} if single else counts


@settings(max_examples=50)
@given(st.lists(facts, max_size=12), requests)
def test_hits_and_counts_are_those_of_plain_counting(document, index_of, listings, request):
    documents = [
        # Two locations a service: what is counted are services.
        document(f"s{number // 2}", f"l{number}", time_zone="UTC", **listing)
        for number, listing in enumerate(listings)
    ]
    results = index_of(documents).search(replace(request, limit=99))
    services = {one.service_id for one in documents if passes(one, request)}
    assert {hit.service_id for hit in results.hits} == services
    assert results.total == len(services)
    names = [name for name in FILTERS if name != "open" or request.open_at or request.now]
    assert results.facets == {name: counted(documents, request, name) for name in names}


@pytest.mark.parametrize("name", [*LISTS, "cost"])
def test_values_of_one_filter_are_alternatives(document, found, name):
    def has(value):
        return value if name == "cost" else (value,)

    documents = [document(value, **{name: has(value)}) for value in ("a", "b", "c")]
    assert found([*documents, document("none")], **{name: ("a", "c")}) == ["a", "c"]


def test_different_filters_narrow(document, found):
    documents = [
        document("both", languages=("es",), cost="free"),
        document("one", languages=("es",)),
    ]
    assert found(documents, languages=("es",), cost=("free",)) == ["both"]


def test_only_who_says_it_accepts_referrals_is_accepting(document, found):
    documents = [document(str(state), accepting=state) for state in (True, False, None)]
    assert found(documents, accepting=True) == ["True"]


def test_only_one_organization(document, found):
    documents = [document("a", organization_id="o1"), document("b", organization_id="o2")]
    assert found(documents, organization_id="o2") == ["b"]
    assert found(documents, organization_id="") == []


def test_ages_have_open_ends_and_belong_to_the_range(document, found):
    documents = [
        document("adults", minimum_age=18),
        document("children", maximum_age=17),
        document("seniors", minimum_age=60, maximum_age=99),
        document("all"),
    ]
    assert found(documents, age=18) == ["adults", "all"]
    assert found(documents, age=17) == ["all", "children"]
    assert found(documents, age=0) == ["all", "children"]
    assert found(documents, age=60) == ["adults", "all", "seniors"]


def test_open_at_a_moment_leaves_out_who_is_closed_or_unknown(document, found):
    documents = [
        document("open", **OPEN_MONDAY),
        document("closed", open_minutes=((0, 540),), time_zone="UTC"),
        document("unknown", time_zone="UTC"),
        document("no zone", open_minutes=((540, 1020),)),
    ]
    assert found(documents, open_at=MONDAY_NOON) == ["open"]


def test_open_now_is_counted_only_when_a_moment_is_given(document, index_of):
    index = index_of([document("open", **OPEN_MONDAY), document("unknown")])
    assert "open" not in index.search(SearchRequest()).facets
    results = index.search(SearchRequest(now=MONDAY_NOON))
    assert (results.total, results.facets["open"]) == (2, {"now": 1})


def test_a_holiday_reaches_the_index(document, found):
    from_feed = document("s", **OPEN_MONDAY)
    assert found([from_feed], open_at=MONDAY_NOON) == ["s"]
    holiday = replace(from_feed, exceptions=(OpeningException(date(2026, 1, 5)),))
    assert found([holiday], open_at=MONDAY_NOON) == []


def test_services_are_counted_not_locations(document, index_of):
    index = index_of([document("a", "l1", cost="free"), document("a", "l2", cost="free")])
    assert index.search(SearchRequest()).facets["cost"] == {"free": 1}


def test_counts_heed_words_and_place(document, index_of):
    here = {"latitude": 40.0, "longitude": -75.0}
    index = index_of(
        [
            document("a", "l", name="food", cost="free", **here),
            document("b", "l", name="rent", cost="free", **here),
            document("c", name="food", cost="free"),
        ]
    )
    results = index.search(SearchRequest(words="food", radius_km=5.0, **here))
    assert results.facets["cost"] == {"free": 1}
