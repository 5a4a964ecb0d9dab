"""An import and what somebody here said otherwise: who wins, and what is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Contact,
    Correction,
    Phone,
    Service,
    ServiceAtLocation,
    Source,
    SourceRule,
)
from referral_hub.rules.actor import System
from referral_hub.rules.listings import ListingAct, ListingKey, RowEdit
from referral_hub.rules.source_rules import SourceWins
from referral_hub.use_cases.steps.listing_change import change_listing
from referral_hub.use_cases.transaction import transaction
from tests.factories import a_directory, uid
from tests.use_cases.conftest import Importer

SERVICE = UUID(uid("service"))
PHONE = UUID(uid("phone"))
PHONES = [{"id": uid("phone"), "number": "312-555-0101"}]
Edit = Callable[..., None]


@pytest.fixture
def edit(session: Session, now: datetime) -> Edit:
    """Changes the service by hand."""

    def make(*edits: RowEdit) -> None:
        with transaction(session):
            listing = ListingKey("service", SERVICE)
            change_listing(session, System(), listing, edits, act=ListingAct.EDIT, now=now)

    return make


@pytest.fixture
def rule(session: Session, now: datetime) -> Callable[[str, str, SourceWins], None]:
    """Says who decides a field of the source."""

    def make(table: str, field: str, wins: SourceWins) -> None:
        with transaction(session):
            source = session.scalars(select(Source.id).where(Source.name == "test")).one()
            session.add(
                SourceRule(
                    source_id=source, table_name=table, field=field, wins=wins,
                    decided_by="system:test", decided_at=now,
                )
            )  # fmt: skip

    return make


def of_service(before: Any, after: Any, field: str = "description") -> RowEdit:
    return RowEdit("service", SERVICE, {field: before}, {field: after})


def described(session: Session) -> str | None:
    session.expire_all()
    return session.get_one(Service, SERVICE).description


def proposals(session: Session) -> list[tuple[str, str | None, str | None]]:
    session.expire_all()
    rows = session.scalars(select(Correction).order_by(Correction.proposed_at, Correction.id))
    return [(row.field, row.current_value, row.proposed_value) for row in rows]


def test_what_was_said_here_stays_and_what_the_source_said_before_is_no_news(
    load: Importer, session: Session, edit: Edit
) -> None:
    load(a_directory(description="Theirs"))
    edit(of_service("Theirs", "Ours"))
    assert load(a_directory(description="Theirs")).changes == []
    assert described(session) == "Ours"
    assert proposals(session) == []


def test_when_the_source_says_something_new_it_is_proposed_once(
    load: Importer, session: Session, edit: Edit, now: datetime
) -> None:
    load(a_directory(description="Theirs"))
    edit(of_service("Theirs", "Ours"))
    for day in range(3):
        load(a_directory(description="New"), at=now + timedelta(days=day))
    assert described(session) == "Ours"
    assert proposals(session) == [("description", "Ours", "New")]
    load(a_directory(description="Newer"), at=now + timedelta(days=4))
    assert proposals(session)[1:] == [("description", "Ours", "Newer")]


def test_a_source_that_comes_to_say_the_same_disagrees_no_more(
    load: Importer, session: Session, edit: Edit
) -> None:
    load(a_directory(description="Theirs"))
    edit(of_service("Theirs", "Ours"))
    load(a_directory(description="Ours"))
    assert proposals(session) == []
    load(a_directory(description="Theirs"))
    assert proposals(session) == [("description", "Ours", "Theirs")]


def test_edited_twice_the_sources_word_is_still_that_from_before_both(
    load: Importer, session: Session, edit: Edit
) -> None:
    load(a_directory(description="Theirs"))
    edit(of_service("Theirs", "First"))
    edit(of_service("First", "Second"))
    load(a_directory(description="Theirs"))
    assert (described(session), proposals(session)) == ("Second", [])


def test_the_other_fields_of_an_edited_record_follow_the_source(
    load: Importer, session: Session, edit: Edit
) -> None:
    load(a_directory(description="Theirs"))
    edit(of_service("Theirs", "Ours"))
    load(a_directory(description="Theirs", email="new@fairhomes.example.org"))
    assert session.get_one(Service, SERVICE).email == "new@fairhomes.example.org"


def test_a_source_that_wins_overwrites_what_was_said_here(
    load: Importer, session: Session, edit: Edit, rule: Callable[..., None]
) -> None:
    load(a_directory(description="Theirs"))
    edit(of_service("Theirs", "Ours"))
    rule("service", "description", SourceWins.SOURCE)
    load(a_directory(description="Theirs"))
    assert (described(session), proposals(session)) == ("Theirs", [])


def test_where_ours_wins_the_source_changes_nothing_and_nobody_is_asked(
    load: Importer, session: Session, rule: Callable[..., None]
) -> None:
    load(a_directory(description="Theirs"))
    rule("service", "description", SourceWins.OURS)
    load(a_directory(description="New"))
    assert (described(session), proposals(session)) == ("Theirs", [])


def test_a_field_about_which_somebody_wants_to_be_asked_is_proposed_unedited_too(
    load: Importer, session: Session, rule: Callable[..., None]
) -> None:
    load(a_directory(description="Theirs"))
    rule("service", "description", SourceWins.ASK)
    for _ in range(2):
        load(a_directory(description="New"))
    assert described(session) == "Theirs"
    assert proposals(session) == [("description", "Theirs", "New")]


def test_what_was_removed_here_does_not_come_back(
    load: Importer, session: Session, edit: Edit
) -> None:
    load(a_directory(phones=PHONES))
    row = session.get_one(Phone, PHONE)
    gone = {name: getattr(row, name) for name in ("number", "service_id", "source_id")}
    edit(RowEdit("phone", PHONE, gone, None))
    load(a_directory(phones=PHONES))
    session.expire_all()
    assert session.get(Phone, PHONE) is None


def test_what_belongs_to_what_was_removed_here_does_not_come_either(
    load: Importer, session: Session, edit: Edit
) -> None:
    load(a_directory())
    link = session.scalars(select(ServiceAtLocation)).one()
    gone = {
        name: getattr(link, name) for name in ("service_id", "location_id", "source_id", "position")
    }
    edit(RowEdit("service_at_location", link.id, gone, None))
    schedules = [{"id": uid("hours"), "byday": "MO", "freq": "WEEKLY"}]
    directory = a_directory()
    directory[0]["services"][0]["service_at_locations"][0]["schedules"] = schedules
    load(directory)
    assert session.scalars(select(ServiceAtLocation)).all() == []


def test_a_part_that_was_changed_here_stays_when_the_source_drops_it(
    load: Importer, session: Session, edit: Edit
) -> None:
    load(a_directory(phones=PHONES))
    edit(RowEdit("phone", PHONE, {"number": "312-555-0101"}, {"number": "312-555-0199"}))
    load(a_directory())
    assert session.get_one(Phone, PHONE).number == "312-555-0199"


def test_when_a_listing_changed_is_the_later_of_what_the_source_and_the_hub_say(
    load: Importer, session: Session, edit: Edit, now: datetime
) -> None:
    load(a_directory(last_modified="2025-01-01T00:00:00Z"))
    edit(of_service("Lawyers for tenants who got an eviction notice.", "Ours"))
    stamped = session.get_one(Service, SERVICE).last_modified
    assert load(a_directory(last_modified="2025-01-01T00:00:00Z")).changes == []
    session.expire_all()
    assert session.get_one(Service, SERVICE).last_modified == stamped
    later = (now + timedelta(days=1)).isoformat()
    load(a_directory(last_modified=later))
    session.expire_all()
    assert session.get_one(Service, SERVICE).last_modified == later


def test_a_contact_to_which_something_said_here_belongs_stays_when_its_source_drops_it(
    load: Importer, session: Session, edit: Edit
) -> None:
    contact = {"id": uid("contact"), "name": "Front desk", "phones": PHONES}
    load(a_directory(contacts=[contact]))
    made = UUID(uid("made here"))
    row = {"contact_id": UUID(uid("contact")), "number": "312-555-0177", "position": 7}
    edit(RowEdit("phone", made, None, row))
    load(a_directory(contacts=[]))
    assert session.get(Contact, UUID(uid("contact"))) is not None
    assert session.get(Phone, made) is not None


def test_a_contact_of_which_a_number_was_changed_here_stays_when_its_source_drops_it(
    load: Importer, session: Session, edit: Edit
) -> None:
    contact = {"id": uid("contact"), "name": "Front desk", "phones": PHONES}
    load(a_directory(contacts=[contact]))
    edit(RowEdit("phone", PHONE, {"number": "312-555-0101"}, {"number": "312-555-0177"}))
    load(a_directory(contacts=[]))
    assert session.get_one(Phone, PHONE).contact_id == UUID(uid("contact"))
    load(a_directory(contacts=[]))
    assert session.get(Contact, UUID(uid("contact"))) is not None
