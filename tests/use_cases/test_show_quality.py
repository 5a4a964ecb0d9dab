"""The quality of the directory, counted in the database."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from referral_hub.models import SearchCount, Service
from referral_hub.rules.completeness import FACTS, Part
from referral_hub.rules.errors import NotPermitted
from referral_hub.rules.places import Place, PlaceNotFound
from referral_hub.rules.quality import Age, area_label, verified_between
from referral_hub.use_cases.show_quality import (
    QualityQuery,
    list_quality_services,
    show_quality,
)
from tests.duplicate_world import OPERATOR, first_source, key, look, second_source
from tests.factories import a_directory, a_location, a_service, an_address, an_organization
from tests.fakes import FakeGazetteer
from tests.network import ADMINISTRATOR, Network
from tests.use_cases.conftest import Importer


class NoPlaces:
    """Finds no place."""

    def find_place(self, text: str) -> Place:
        raise PlaceNotFound(text)


@pytest.fixture(autouse=True)
def both(session: Session, now: datetime, load: Importer) -> None:
    load(first_source(), source="first")
    load(second_source(), source="second")
    look(session, now)
    session.execute(
        update(Service).where(Service.id == key("first service")).values(verified_on=now.date())
    )
    session.add(
        SearchCount(day=now.date(), term="food", area="IL:cook county", band="0", searches=4)
    )
    session.commit()


def test_services_are_counted_by_age_need_and_area(
    session: Session, now: datetime, count_statements: Callable[[], int]
) -> None:
    count_statements()
    view = show_quality(session, OPERATOR, QualityQuery(), FakeGazetteer(), NoPlaces(), now=now)
    assert count_statements() <= 8
    assert (view.total.services, view.total.duplicates, view.total.stale) == (2, 2, 1)
    assert view.total.ages[Age.FRESH] == view.total.ages[Age.NEVER] == 1
    assert [(each.key, each.services, each.unfound) for each in view.by_area] == [
        ("606", 2, 0), ("IL:cook county", 0, 4),
    ]  # fmt: skip
    assert [(each.key, each.services, each.unfound) for each in view.by_need] == [
        ("legal", 2, 0), ("food", 0, 4),
    ]  # fmt: skip
    assert view.pairs == {"organization": 1, "location": 1, "service": 1}
    (search,) = view.unfound
    assert (search.label, search.area_label, search.unfound) == ("Food", "Cook County, IL", 4)


def test_completeness_is_what_the_rules_say(session: Session, now: datetime) -> None:
    page = list_quality_services(session, OPERATOR, QualityQuery(), now=now)
    scores = {line.id: line.score for line in page.services}
    stated = {Part.DESCRIPTION, Part.NEEDS, Part.REACH, Part.PLACE, Part.LANGUAGES, Part.CHECKED}
    weight = {fact.part: fact.weight for fact in FACTS}
    assert scores[key("first service")] == sum(weight[part] for part in stated)
    assert scores[key("second service")] == sum(
        weight[part] for part in (stated | {Part.HOURS}) - {Part.CHECKED}
    )
    lacking = list_quality_services(session, OPERATOR, QualityQuery(), missing=Part.HOURS, now=now)
    assert [line.id for line in lacking.services] == [key("first service")]


def test_the_mean_of_all_is_that_of_all_services_and_not_of_rounded_means(
    session: Session, now: datetime, load: Importer
) -> None:
    place = a_location("far", addresses=[an_address("far address", postal_code="75001")])
    services = [a_service("far service", location=place), a_service("bare", description="")]
    load([an_organization("third", services=services)], source="third")
    view = show_quality(session, OPERATOR, QualityQuery(), FakeGazetteer(), NoPlaces(), now=now)
    lines = list_quality_services(session, OPERATOR, QualityQuery(), now=now).services
    assert len(lines) == view.total.services == 4
    assert view.total.points == sum(line.score for line in lines)
    assert view.total.score == round(sum(line.score for line in lines) / 4)


def test_an_area_narrows_what_is_counted_and_listed(
    session: Session, now: datetime, load: Importer
) -> None:
    load(a_directory(name="Elsewhere"), source="third")
    query = QualityQuery(area="606", need="legal")
    view = show_quality(session, OPERATOR, query, FakeGazetteer(), NoPlaces(), now=now)
    assert view.total.services == 3
    assert view.unfound == ()
    nowhere = QualityQuery(area="-")
    assert list_quality_services(session, OPERATOR, nowhere, now=now).total == 0


@pytest.mark.parametrize(
    ("age", "first", "last"),
    [
        (Age.FRESH, date(2026, 8, 20), None),
        (Age.AGING, date(2026, 5, 22), date(2026, 8, 19)),
        (Age.STALE, None, date(2025, 11, 17)),
    ],
)
def test_ages_follow_each_other_without_a_gap(
    age: Age, first: date | None, last: date | None
) -> None:
    assert verified_between(age, date(2026, 11, 18)) == (first, last)


def test_areas_are_told_as_people_read_them() -> None:
    assert area_label("606") == "ZIP 606xx"
    assert area_label("IL:cook county") == "Cook County, IL"
    assert area_label("") == "No area"


def test_only_stewards_see_it(session: Session, now: datetime) -> None:
    boss = Network(session, now=now).person("Bo", Network(session).agency(), ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        show_quality(session, boss, QualityQuery(), FakeGazetteer(), NoPlaces(), now=now)
