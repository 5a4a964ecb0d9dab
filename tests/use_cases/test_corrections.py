"""Corrections: proposed by anybody, by a declined referral and by imports, and decided field by
field."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    AgencyOrganization,
    Correction,
    ListingAsk,
    ListingChange,
    Location,
    Phone,
    Service,
    ServiceAtLocation,
)
from referral_hub.rules.actor import Actor, Anonymous
from referral_hub.rules.capacity import CapacityState, CapacityWord
from referral_hub.rules.corrections import ListingField, Origin, Refusal
from referral_hub.rules.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    TooManyTries,
)
from referral_hub.rules.listing_asks import AskReason
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.use_cases.corrections import (
    accept_correction,
    list_corrections,
    list_unanswered_corrections,
    propose_correction,
    refuse_correction,
    show_correction_form,
)
from referral_hub.use_cases.protect_location import protect_location
from referral_hub.use_cases.record_capacity import record_capacity
from referral_hub.use_cases.steps.corrections import propose
from referral_hub.use_cases.transaction import transaction
from tests.fakes import FakeGazetteer
from tests.referral_acts import Played, a_sent_one
from tests.referral_world import NOW, VAULT, World, a_world

NOBODY = Anonymous()
NAME = "Lawndale Legal Aid help"


@pytest.fixture
def there(session: Session) -> World:
    """Three agencies, each with a service."""
    return a_world(session)


def proposed(
    session: Session,
    there: World,
    field: ListingField = ListingField.NAME,
    text: str = "Lawndale Help",
    *,
    actor: Actor = NOBODY,
    caller: str = "203.0.113.5",
) -> Correction:
    propose_correction(
        session, actor, there.receiver.service_id, field, text, "", caller=caller, now=NOW
    )
    return session.scalars(
        select(Correction).order_by(Correction.proposed_at.desc(), Correction.id)
    ).all()[-1]


def accept(session: Session, there: World, correction: Correction, **more: Any) -> None:
    values: dict[str, Any] = {"actor": there.receiver.intake_worker, "seen": NAME} | more
    actor: Actor = values.pop("actor")
    accept_correction(session, actor, correction.id, VAULT, now=NOW, **values)


def name_of(session: Session, there: World) -> str:
    session.expire_all()
    return session.get_one(Service, there.receiver.service_id).name


def test_what_is_accepted_changes_the_listing_and_stands_in_its_history(
    session: Session, there: World
) -> None:
    accept(session, there, proposed(session, there))
    assert name_of(session, there) == "Lawndale Help"
    change = session.scalars(select(ListingChange)).one()
    assert (change.act, change.agency_id) == ("correction", there.receiver.agency_id)
    assert (
        list_corrections(
            session, there.receiver.intake_worker, there.receiver.agency_id
        ).corrections
        == ()
    )


def test_what_is_refused_changes_nothing_and_says_why(session: Session, there: World) -> None:
    correction = proposed(session, there)
    refuse_correction(session, there.receiver.administrator, correction.id, Refusal.NOT_SO, now=NOW)
    assert name_of(session, there) == NAME
    session.refresh(correction)
    assert (correction.state, correction.refusal) == ("refused", "not_so")


def test_a_listing_that_says_something_else_by_now_is_shown_again(
    session: Session, there: World
) -> None:
    correction = proposed(session, there)
    with transaction(session):
        session.get_one(Service, there.receiver.service_id).name = "Renamed meanwhile"
    with pytest.raises(Conflict):
        accept(session, there, correction)
    found = list_corrections(session, there.receiver.intake_worker, there.receiver.agency_id)
    assert [each.current for each in found.corrections] == ["Renamed meanwhile"]
    accept(session, there, correction, seen="Renamed meanwhile")
    assert name_of(session, there) == "Lawndale Help"


def test_nobody_decides_twice(session: Session, there: World) -> None:
    correction = proposed(session, there)
    accept(session, there, correction)
    with pytest.raises(Conflict):
        accept(session, there, correction, seen="Lawndale Help")
    with pytest.raises(Conflict):
        refuse_correction(
            session, there.receiver.administrator, correction.id, Refusal.SPAM, now=NOW
        )


def what_is_wrong(session: Session, there: World, field: str, current: str) -> Correction:
    """Somebody knows that it is wrong, and not what would be right."""
    with transaction(session):
        return propose(
            session, table="service", record_id=there.receiver.service_id, field=field,
            current=current, proposed=None, origin=Origin.REFERRAL, proposed_by="test", note=None,
            now=NOW,
        )  # fmt: skip


def test_what_the_listing_cannot_say_is_refused_and_nothing_is_lost(
    session: Session, there: World
) -> None:
    correction = what_is_wrong(session, there, "status", "active")
    with pytest.raises(InvalidInput):
        accept(session, there, correction, seen="active", value="on the moon")
    accept(session, there, correction, seen="active", value="inactive")


def test_words_that_somebody_proposed_are_taken_as_they_stand(
    session: Session, there: World
) -> None:
    accept(session, there, proposed(session, there), value="Something else")
    assert name_of(session, there) == "Lawndale Help"


def test_a_listing_is_never_left_without_a_name(session: Session, there: World) -> None:
    with pytest.raises(InvalidInput):
        accept(session, there, what_is_wrong(session, there, "name", NAME), value=" ")
    assert name_of(session, there) == NAME


@pytest.mark.parametrize(
    ("side", "role", "refused"),
    [
        ("receiver", "case_manager", NotPermitted),
        ("sender", "administrator", NotFound),
        ("stranger", "intake_worker", NotFound),
    ],
)
def test_only_who_answers_for_a_listing_decides(
    session: Session, there: World, side: str, role: str, refused: type[Exception]
) -> None:
    correction, actor = proposed(session, there), getattr(getattr(there, side), role)
    with pytest.raises(refused):
        accept(session, there, correction, actor=actor)
    with pytest.raises(refused):
        refuse_correction(session, actor, correction.id, Refusal.SPAM, now=NOW)
    assert name_of(session, there) == NAME


def test_the_steward_decides_where_no_agency_answers(session: Session, there: World) -> None:
    correction = proposed(session, there)
    assert list_unanswered_corrections(session, there.steward, now=NOW).total == 0
    with transaction(session):
        session.query(AgencyOrganization).filter_by(agency_id=there.receiver.agency_id).delete()
    assert list_unanswered_corrections(session, there.steward, now=NOW).total == 1
    with pytest.raises(NotFound):
        accept(session, there, correction)
    accept(session, there, correction, actor=there.steward)
    assert name_of(session, there) == "Lawndale Help"


def test_a_phone_number_is_corrected_where_it_stands(session: Session, there: World) -> None:
    phone = uuid4()
    with transaction(session):
        session.add(
            Phone(
                id=phone, service_id=there.receiver.service_id, number="312 555 0100",
                created_at=NOW, updated_at=NOW,
            )
        )  # fmt: skip
    correction = proposed(session, there, ListingField.PHONE, "312 555 0199")
    accept(session, there, correction, seen="312 555 0100")
    assert session.get_one(Phone, phone).number == "312 555 0199"


def test_hours_are_changed_by_hand_and_taken_off_the_list(session: Session, there: World) -> None:
    correction = proposed(session, there, ListingField.HOURS, "Mondays too")
    found = list_corrections(session, there.receiver.intake_worker, there.receiver.agency_id)
    assert found.corrections[0].by_hand
    accept(session, there, correction, seen="")
    assert session.scalars(select(ListingChange)).all() == []


def test_that_it_is_no_longer_offered_takes_it_out_of_searches(
    session: Session, there: World
) -> None:
    correction = proposed(session, there, ListingField.STATUS, "")
    accept(session, there, correction, seen="active")
    assert session.get_one(Service, there.receiver.service_id).status == "inactive"


def test_the_same_proposal_waits_once(session: Session, there: World) -> None:
    proposed(session, there)
    proposed(session, there)
    assert len(session.scalars(select(Correction)).all()) == 1


def test_one_caller_proposes_only_so_much_in_an_hour(session: Session, there: World) -> None:
    for number in range(6):
        proposed(session, there, text=f"Name {number}")
    with pytest.raises(TooManyTries):
        proposed(session, there, text="One more")
    proposed(session, there, text="Of somebody else", caller="198.51.100.7")


def test_a_listing_takes_only_so_many_proposals_of_strangers(
    session: Session, there: World
) -> None:
    for number in range(20):
        proposed(session, there, text=f"Name {number}", caller=str(number))
    with pytest.raises(Conflict):
        proposed(session, there, text="One more", caller="21")
    proposed(session, there, text="Known", actor=there.sender.case_manager, caller="22")


def test_a_hidden_service_takes_none(session: Session, there: World) -> None:
    with transaction(session):
        session.get_one(Service, there.receiver.service_id).visibility = "hidden"
    with pytest.raises(NotFound):
        proposed(session, there)
    with pytest.raises(NotFound):
        show_correction_form(session, NOBODY, there.receiver.service_id)


def test_who_proposed_signed_in_sees_what_became_of_it(session: Session, there: World) -> None:
    actor = there.sender.case_manager
    correction = proposed(session, there, actor=actor)
    accept(session, there, correction)
    form = show_correction_form(session, actor, there.receiver.service_id)
    assert form.own == (("Name", "accepted"),)
    other = show_correction_form(session, there.stranger.supervisor, there.receiver.service_id)
    assert other.own == ()


def test_an_import_that_disagrees_proposes_each_field(session: Session, there: World) -> None:
    service_id = there.receiver.service_id
    said: dict[str, Any] = {"table": "service", "record_id": service_id, "note": None}
    said |= {"origin": Origin.IMPORT, "proposed_by": "import:feed", "now": NOW}
    with transaction(session):
        propose(session, field="minimum_age", current=None, proposed=18.0, **said)
        propose(session, field="verified_on", current=None, proposed=NOW.date(), **said)
        propose(session, field="minimum_age", current=None, proposed=18.0, **said)
    actor = there.receiver.supervisor
    for each in list_corrections(session, actor, there.receiver.agency_id).corrections:
        accept_correction(session, actor, each.id, VAULT, seen="", now=NOW)
    service = session.get_one(Service, service_id)
    assert (service.minimum_age, service.verified_on) == (18.0, NOW.date())


def test_a_record_that_belongs_to_no_listing_is_not_there(session: Session, there: World) -> None:
    with pytest.raises(NotFound), transaction(session):
        propose(
            session, table="phone", record_id=uuid4(), field="number", current=None,
            proposed="1", origin=Origin.IMPORT, proposed_by="import:feed", note=None, now=NOW,
        )  # fmt: skip


def decline(session: Session, played: Played, **details: Any) -> UUID:
    played.move(Move.DECLINE, **details)
    return played.world.receiver.service_id


def test_a_wrong_listing_opens_a_correction_without_a_word_of_the_note(session: Session) -> None:
    played = a_sent_one(session)
    note = "Rosa says that her brother answers our old number."
    decline(session, played, reason="listing_wrong", note=note, listing_field="fees_description")
    made = session.scalars(select(Correction)).one()
    assert (made.field, made.origin, made.proposed_value) == ("fees_description", "referral", None)
    kept = " ".join(str(value) for value in vars(made).values())
    assert "Rosa" not in kept
    assert str(played.referral_id) not in kept
    receiver = played.world.receiver
    accept_correction(
        session,
        receiver.administrator,
        made.id,
        VAULT,
        seen="",
        value="Free for everybody",
        now=NOW,
    )
    service = session.get_one(Service, receiver.service_id)
    assert service.fees_description == "Free for everybody"


def test_what_is_wrong_must_be_something_of_a_listing(session: Session) -> None:
    with pytest.raises(InvalidInput) as error:
        decline(
            session, a_sent_one(session), reason="listing_wrong", note="-", listing_field="Rosa"
        )
    assert "listing_field" in error.value.fields


def test_the_second_decline_for_want_of_room_asks_the_agency(session: Session) -> None:
    first = a_sent_one(session)
    decline(session, first)
    assert session.scalars(select(ListingAsk)).all() == []
    decline(session, a_sent_one(session, world=first.world))
    ask = session.scalars(select(ListingAsk)).one()
    assert (ask.listing_id, ask.reason) == (first.world.receiver.service_id, AskReason.DECLINED)


@pytest.mark.parametrize(("state", "asked"), [("open", 1), ("closed", 0), ("waiting_list", 0)])
def test_a_listing_that_says_that_it_is_full_is_not_asked_about(
    session: Session, state: str, asked: int
) -> None:
    first, second = a_sent_one(session), None
    second = a_sent_one(session, world=first.world)
    record_capacity(
        session, first.world.receiver.intake_worker, first.world.receiver.service_id,
        CapacityWord(CapacityState(state)), now=NOW - timedelta(hours=1),
    )  # fmt: skip
    decline(session, first)
    decline(session, second)
    assert len(session.scalars(select(ListingAsk)).all()) == asked


def test_a_text_of_many_lines_is_compared_as_browsers_send_it_back(
    session: Session, there: World
) -> None:
    service_id = there.receiver.service_id
    with transaction(session):
        session.get_one(Service, service_id).description = "Legal help.\nAsk for Ana."
    correction = proposed(session, there, ListingField.DESCRIPTION, "Legal help.\r\nAsk for Ben.")
    accept(session, there, correction, seen="Legal help.\r\nAsk for Ana.")
    assert session.get_one(Service, service_id).description == "Legal help.\nAsk for Ben."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "javascript:alert(1)"),
        ("url", "https://a.example https://b.example"),
        ("email", "help@x.example?bcc=all@y.example"),
        ("email", "help@x.example\nbcc: all@y.example"),
        ("name", "x" * 301),
        ("description", "x" * 8001),
    ],
)
def test_what_no_form_of_the_listing_would_take_no_correction_brings_in(
    session: Session, there: World, field: str, value: str
) -> None:
    correction = what_is_wrong(session, there, field, "")
    seen = NAME if field == "name" else ""
    with pytest.raises(InvalidInput):
        accept(session, there, correction, seen=seen, value=value)
    session.rollback()
    assert getattr(session.get_one(Service, there.receiver.service_id), field) != value


def test_a_name_is_one_line(session: Session, there: World) -> None:
    accept(session, there, proposed(session, there, text="Lawndale\r\nHelp"))
    assert name_of(session, there) == "Lawndale Help"


def a_phone(session: Session, there: World, number: str, **more: Any) -> UUID:
    service = session.get_one(Service, there.receiver.service_id)
    made = Phone(
        id=uuid4(), number=number, created_at=NOW, updated_at=NOW,
        **{"service_id": service.id} | more,
    )  # fmt: skip
    with transaction(session):
        session.add(made)
    return made.id


def test_the_number_that_people_call_is_corrected_and_not_the_fax(
    session: Session, there: World
) -> None:
    fax = a_phone(session, there, "312 555 0001", type="fax", position=0)
    voice = a_phone(session, there, "312 555 0002", type="voice", position=1)
    accept(session, there, proposed(session, there, ListingField.PHONE, "312 555 0003"),
           seen="312 555 0002")  # fmt: skip
    assert session.get_one(Phone, voice).number == "312 555 0003"
    assert session.get_one(Phone, fax).number == "312 555 0001"


def test_the_number_of_an_organization_takes_only_so_many_proposals_too(
    session: Session, there: World
) -> None:
    service = session.get_one(Service, there.receiver.service_id)
    a_phone(
        session, there, "312 555 0001", service_id=None, organization_id=service.organization_id
    )
    for number in range(20):
        text = f"312 555 01{number:02}"
        proposed(session, there, ListingField.PHONE, text, caller=str(number))
    with pytest.raises(Conflict):
        proposed(session, there, ListingField.PHONE, "312 555 0199", caller="21")


def test_what_imports_and_people_who_are_known_propose_keeps_no_stranger_out(
    session: Session, there: World
) -> None:
    with transaction(session):
        for number in range(20):
            propose(
                session, table="service", record_id=there.receiver.service_id, field="url",
                current=None, proposed=f"https://{number}.example", origin=Origin.IMPORT,
                proposed_by="source:x", note=None, now=NOW,
            )  # fmt: skip
    proposed(session, there)


def test_what_was_merged_into_another_is_changed_no_more(session: Session, there: World) -> None:
    correction = proposed(session, there)
    with transaction(session):
        service = session.get_one(Service, there.receiver.service_id)
        service.vanished_at, service.merged_into = NOW, there.sender.service_id
    found = list_corrections(session, there.receiver.intake_worker, there.receiver.agency_id)
    assert [each.gone for each in found.corrections] == [True]
    with pytest.raises(Conflict):
        accept(session, there, correction)


def test_what_an_agency_leaves_for_two_weeks_the_steward_decides_too(
    session: Session, there: World
) -> None:
    proposed(session, there)
    soon, later = NOW + timedelta(days=13), NOW + timedelta(days=14)
    assert list_unanswered_corrections(session, there.steward, now=soon).total == 0
    assert list_unanswered_corrections(session, there.steward, now=later).total == 1


def a_confidential_place(session: Session, there: World) -> UUID:
    service = session.get_one(Service, there.receiver.service_id)
    place = Location(
        id=uuid4(), organization_id=service.organization_id, location_type="physical",
        name="House on Elm Street", created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    with transaction(session):
        session.add(place)
        session.flush()
        session.add(
            ServiceAtLocation(
                id=uuid4(), service_id=service.id, location_id=place.id,
                created_at=NOW, updated_at=NOW,
            )
        )  # fmt: skip
    return place.id


def test_a_place_that_becomes_confidential_leaves_no_proposal_that_tells_it(
    session: Session, there: World
) -> None:
    place = a_confidential_place(session, there)
    with transaction(session):
        propose(
            session, table="location", record_id=place, field="name",
            current="House on Elm Street", proposed="House at 12 Elm Street",
            origin=Origin.IMPORT, proposed_by="source:x", note=None, now=NOW,
        )  # fmt: skip
    actor = there.receiver.administrator
    protect_location(session, actor, place, FakeGazetteer(), VAULT, now=NOW)
    (left,) = session.scalars(select(Correction))
    assert (left.current_value, left.proposed_value, left.note) == (None, None, None)


def test_nobody_writes_down_the_address_of_a_confidential_place(
    session: Session, there: World
) -> None:
    place = a_confidential_place(session, there)
    proposed(session, there, ListingField.ADDRESS, "12 Elm Street")
    actor = there.receiver.administrator
    protect_location(session, actor, place, FakeGazetteer(), VAULT, now=NOW)
    (left,) = session.scalars(select(Correction))
    assert (left.current_value, left.proposed_value, left.note) == (None, None, None)
    with pytest.raises(InvalidInput) as error:
        proposed(session, there, ListingField.ADDRESS, "14 Elm Street")
    assert "proposed" in error.value.fields
