"""The directory for other systems: who sees what, how filters are read, what a page costs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from referral_hub.models import Location, Organization, Service, ServiceState
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.errors import NotFound
from referral_hub.use_cases.directory.around import EVERYWHERE, Around
from referral_hub.use_cases.directory.listed import Asked
from referral_hub.use_cases.protect_location import protect_location
from referral_hub.use_cases.read_directory import (
    Page,
    Shape,
    list_gone,
    list_records,
    show_record,
    stream_gone,
    stream_records,
)
from tests.factories import (
    Json,
    a_directory,
    a_location,
    a_service,
    an_address,
    an_organization,
    uid,
)
from tests.fakes import CHICAGO, FakeGazetteer
from tests.network import VAULT
from tests.use_cases.conftest import Importer

ROOTS = ("organization", "service", "service_at_location", "taxonomy", "taxonomy_term")
LATER = timedelta(days=1)


def page_of(
    session: Session,
    root: str,
    place: Around = EVERYWHERE,
    shape: Shape = Shape.DIRECT,
    limit: int = 100,
    **asked: Any,
) -> Page:
    return list_records(
        session, Anonymous(), root, Asked(**asked), place, shape, FakeGazetteer(), offset=0,
        limit=limit,
    )  # fmt: skip


def ids(session: Session, root: str, place: Around = EVERYWHERE, **asked: Any) -> list[str]:
    return [record["id"] for record in page_of(session, root, place, **asked).contents]


def names(session: Session, root: str, **asked: Any) -> set[str]:
    return {record["name"] for record in page_of(session, root, **asked).contents}


def many(count: int) -> list[Json]:
    """Organizations, each with a service that has some of everything, at a location."""
    return [
        an_organization(
            f"o{n}",
            phones=[{"id": uid(f"op{n}"), "number": "312-555-0101"}],
            services=[
                a_service(
                    f"s{n}",
                    location=a_location(f"l{n}"),
                    phones=[
                        {"id": uid(f"p{n}"), "number": "312-555-0102",
                         "languages": [{"id": uid(f"pl{n}"), "code": "es"}]}
                    ],
                    contacts=[{"id": uid(f"c{n}"), "name": "Robin"}],
                    service_areas=[{"id": uid(f"a{n}"), "name": "Cook County"}],
                    attributes=[{"id": uid(f"t{n}"), "taxonomy_term": a_term()}],
                )
            ],
        )
        for n in range(count)
    ]  # fmt: skip


def a_term(slug: str = "term", /, **fields: Any) -> Json:
    return {
        "id": uid(slug),
        "name": "Housing",
        "description": "A roof.",
        "taxonomy_detail": {"id": uid("taxonomy"), "name": "Needs", "description": "All needs."},
    } | fields


STATEMENTS = {
    Shape.DIRECT: {"organization": 4, "service": 5, "service_at_location": 7},
    Shape.NESTED: {"organization": 17, "service": 62, "service_at_location": 62},
    Shape.WHOLE: {"organization": 62, "service": 62, "service_at_location": 62},
}
"""What a page of `many` costs, of any length, wherever it is in the list; where filters are asked,
one less, since then one statement both counts and finds."""


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("shape", [Shape.DIRECT, Shape.WHOLE])
def test_a_page_costs_as_many_statements_however_many_records_it_has(
    load: Importer,
    session: Session,
    count_statements: Callable[[], int],
    root: str,
    shape: Shape,
) -> None:
    load(many(30))
    around = Around(CHICAGO, ((CHICAGO.latitude, CHICAGO.longitude, 5000.0),))
    for place in [EVERYWHERE, around] if root == "service_at_location" else [EVERYWHERE]:
        costs = set()
        for limit in (1, 7, 30):
            count_statements()
            found = page_of(session, root, place, shape, limit=limit)
            assert found.contents
            costs.add(count_statements())
        assert len(costs) == 1
        assert costs.pop() <= (7 if shape is Shape.DIRECT else 90)


@pytest.mark.parametrize("root", ["organization", "service", "service_at_location"])
@pytest.mark.parametrize("shape", [Shape.DIRECT, Shape.NESTED, Shape.WHOLE])
def test_a_page_far_back_or_of_what_was_asked_for_costs_as_many_statements_as_the_first(
    load: Importer,
    session: Session,
    count_statements: Callable[[], int],
    root: str,
    shape: Shape,
) -> None:
    load(many(30))
    filters: list[dict[str, Any]] = [
        {}, {"words": "e"}, {"taxonomy_term_id": UUID(uid("term"))},
        {"taxonomy_id": UUID(uid("taxonomy")), "words": "e"},
    ]  # fmt: skip
    for asked in filters:
        for offset in (0, 25):
            count_statements()
            found = list_records(
                session, Anonymous(), root, Asked(**asked), EVERYWHERE, shape, FakeGazetteer(),
                offset=offset, limit=5,
            )  # fmt: skip
            assert count_statements() == STATEMENTS[shape][root] - bool(asked)
            assert (len(found.contents), found.total) == (5, 30)


def test_a_page_costs_no_more_where_records_have_hundreds_of_parts(
    load: Importer, session: Session, count_statements: Callable[[], int]
) -> None:
    costs = []
    for count in (1, 600):
        phones = [
            {"id": uid(f"p{n}"), "number": "312-555-0102",
             "languages": [{"id": uid(f"l{n}"), "code": "es"}]}
            for n in range(count)
        ]  # fmt: skip
        load(a_directory(phones=phones))
        count_statements()
        (service,) = page_of(session, "service", shape=Shape.WHOLE).contents
        costs.append(count_statements())
        assert len(service["phones"]) == count
    assert costs[0] == costs[1]


def test_all_services_in_short_cost_two_statements(
    load: Importer, session: Session, count_statements: Callable[[], int]
) -> None:
    load(many(30))
    count_statements()
    assert len(page_of(session, "service", shape=Shape.MINIMAL).contents) == 30
    assert count_statements() == 2


@pytest.mark.parametrize("model", [Organization, Service, Location])
@pytest.mark.parametrize("root", ["organization", "service", "service_at_location"])
def test_what_is_hidden_is_in_no_answer(
    load: Importer, session: Session, model: type[Any], root: str
) -> None:
    load(a_directory())
    session.execute(update(model).values(visibility="hidden", name="Hidden Name"))
    session.commit()
    records = [page_of(session, root, shape=shape).contents for shape in (Shape.WHOLE, "direct")]
    assert "Hidden Name" not in str(records)
    if model is Organization:
        assert records == [[], []]
        with pytest.raises(NotFound):
            show_record(session, Anonymous(), root, UUID(uid(root)), Shape.WHOLE)


def test_what_the_hub_knows_beside_the_standard_is_in_no_answer(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    service_id = UUID(uid("service"))
    session.add(
        ServiceState(
            service_id=service_id, capacity="limited", note="canary note",
            stated_by="person:canary", stated_at=now,
        )
    )  # fmt: skip
    session.execute(update(Service).values(source_record_id="canary key", verified_on=now.date()))
    session.execute(update(Location).values(point_basis="canary basis", time_zone="canary/zone"))
    session.commit()
    for root in ROOTS:
        assert "canary" not in str(page_of(session, root, shape=Shape.WHOLE).contents)


def test_a_confidential_location_is_told_and_measured_by_its_zip_code(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    protect_location(session, System(), UUID(uid("location")), FakeGazetteer(), VAULT, now=now)
    for root in ("organization", "service", "service_at_location"):
        told = str(page_of(session, root, shape=Shape.WHOLE).contents)
        for secret in ("W 18th", "41.857", "-87.657", "Pilsen"):
            assert secret not in told
    assert ids(session, "service_at_location", words="Pilsen") == []
    stated = Around(circles=((41.857, -87.657, 100.0),))
    middle = Around(circles=((CHICAGO.latitude, CHICAGO.longitude, 100.0),))
    assert ids(session, "service_at_location", stated) == []
    assert len(ids(session, "service_at_location", middle)) == 1


def test_every_word_must_stand_in_the_record_or_in_its_organizations_name(
    load: Importer, session: Session
) -> None:
    load(
        [
            an_organization(
                services=[a_service("a", name="Eviction Defense"), a_service("b", name="Rent 50%")]
            )
        ]
    )
    assert names(session, "service", words="EVICTION fair") == {"Eviction Defense", "Rent 50%"}
    assert names(session, "service", words="defense") == {"Eviction Defense"}
    assert names(session, "service", words="50%") == {"Rent 50%"}
    assert names(session, "service", words="eviction xylophone") == set()
    assert names(session, "organization", words="lawyers FREE") == {"Fair Homes Legal Aid"}


def test_a_term_is_carried_by_a_service_where_it_is_given_and_by_whose_it_is(
    load: Importer, session: Session
) -> None:
    other = an_organization("other", name="Other", services=[a_service("plain", a_location("x"))])
    load([*many(1), other])
    for asked in ({"taxonomy_term_id": UUID(uid("term"))}, {"taxonomy_id": UUID(uid("taxonomy"))}):
        assert ids(session, "service", **asked) == [uid("s0")]
        assert ids(session, "service_at_location", **asked) == [uid("s0 at location")]
        assert ids(session, "organization", **asked) == [uid("o0")]
    assert ids(session, "taxonomy_term", taxonomy_id=UUID(uid("other"))) == []


def test_top_terms_are_those_that_stand_under_no_other(load: Importer, session: Session) -> None:
    terms = [a_term("top"), a_term("below", parent_id=uid("top"))]
    attributes = [{"id": uid(each["id"]), "taxonomy_term": each} for each in terms]
    load([an_organization(services=[a_service(attributes=attributes)])])
    assert ids(session, "taxonomy_term", top_only=True) == [uid("top")]
    assert ids(session, "taxonomy_term", parent_id=UUID(uid("top"))) == [uid("below")]
    assert ids(session, "taxonomy_term", parent_id=UUID(uid("top")), top_only=True) == []


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Another"},
        {"phones": []},
        {"contacts": [{"id": uid("c0"), "name": "Robin", "phones": []}]},
        {"location": a_location("l0", addresses=[an_address("l0 address", city="Cicero")])},
    ],
)
def test_a_service_is_modified_when_anything_that_belongs_to_it_is(
    load: Importer, session: Session, now: datetime, change: Json
) -> None:
    def directory(**changed: Any) -> list[Json]:
        contact = {"id": uid("c0"), "name": "Robin",
                   "phones": [{"id": uid("cp"), "number": "312-555-0109"}]}  # fmt: skip
        parts = {"location": a_location("l0"), "contacts": [contact],
                 "phones": [{"id": uid("p0"), "number": "312-555-0102"}]}  # fmt: skip
        service = a_service("s0", **{**parts, **changed})
        still = a_service("still", a_location("l1"))
        return [an_organization(services=[service, still])]

    load(directory())
    load(directory(**change), at=now + LATER)
    since = now + timedelta(minutes=1)
    assert ids(session, "service", modified_after=since) == [uid("s0")]
    assert ids(session, "service_at_location", modified_after=since) == [uid("s0 at location")]
    assert len(ids(session, "service", modified_after=now)) == 2


def test_a_service_is_modified_when_its_location_becomes_confidential(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    gazetteer = FakeGazetteer()
    protect_location(session, System(), UUID(uid("location")), gazetteer, VAULT, now=now + LATER)
    assert ids(session, "service", modified_after=now + LATER) == [uid("service")]


def test_what_a_source_no_longer_sends_leaves_a_tombstone(
    load: Importer, session: Session, now: datetime
) -> None:
    load(many(3))
    load(many(1), at=now + LATER)
    gone = list_gone(session, Anonymous(), None, offset=0, limit=100)
    assert {(each["type"], each["id"]) for each in gone.contents} == {
        (kind, uid(f"{slug}{n}{ending}"))
        for n in (1, 2)
        for kind, slug, ending in (
            ("organization", "o", ""), ("service", "s", ""), ("location", "l", ""),
            ("service_at_location", "s", " at location"),
        )
    }  # fmt: skip
    assert gone.total == 8
    assert list(stream_gone(session, Anonymous(), now + LATER)) == gone.contents
    assert list(stream_gone(session, Anonymous(), now + 2 * LATER)) == []
    listed = page_of(session, "service").contents
    assert sorted(each["status"] for each in listed) == ["active", "inactive", "inactive"]


def test_of_what_is_hidden_no_tombstone_is_left(
    load: Importer, session: Session, now: datetime
) -> None:
    load(many(2))
    session.execute(update(Organization).values(visibility="hidden"))
    session.execute(update(Location).values(visibility="hidden"))
    session.commit()
    load(many(1), at=now + LATER)
    assert list(stream_gone(session, Anonymous(), None)) == []


def test_a_postcode_leaves_out_who_states_to_serve_others(load: Importer, session: Session) -> None:
    def served(slug: str, *areas: str) -> Json:
        stated = [{"id": uid(f"{slug} {area}"), "name": area} for area in areas]
        return a_service(slug, a_location(f"{slug} l"), service_areas=stated)

    services = [served("here", "Cook County"), served("there", "60625"), served("both", "60625"),
                served("vague", "The North Side"), served("unsaid")]  # fmt: skip
    link = services[2]["service_at_locations"][0]
    link["service_areas"] = [{"id": uid("own"), "name": "60608"}]
    load([an_organization(services=services)])
    found = set(ids(session, "service_at_location", Around(CHICAGO)))
    assert found == {uid(f"{slug} at location") for slug in ("here", "both", "unsaid")}


def test_what_is_around_a_place_comes_nearest_first(load: Importer, session: Session) -> None:
    spots = {"far": 41.95, "near": 41.851, "off": 42.4}
    load(
        [
            an_organization(
                services=[
                    a_service(slug, a_location(f"{slug} l", latitude=latitude, longitude=-87.67))
                    for slug, latitude in spots.items()
                ]
            )
        ]
    )
    circle = (CHICAGO.latitude, CHICAGO.longitude, 20_000.0)
    expected = [uid("near at location"), uid("far at location")]
    assert ids(session, "service_at_location", Around(circles=(circle,))) == expected
    both = Around(circles=(circle, (41.95, -87.67, 100.0)))
    assert ids(session, "service_at_location", both) == expected[1:]
    page = page_of(session, "service_at_location", Around(circles=(circle,)), limit=1)
    assert (page.total, len(page.contents)) == (2, 1)


@pytest.mark.parametrize("shape", list(Shape))
def test_a_stream_holds_what_the_pages_hold(load: Importer, session: Session, shape: Shape) -> None:
    load(many(5))
    streamed = stream_records(
        session, Anonymous(), "service", Asked(), EVERYWHERE, shape, FakeGazetteer()
    )
    assert list(streamed) == page_of(session, "service", shape=shape).contents
