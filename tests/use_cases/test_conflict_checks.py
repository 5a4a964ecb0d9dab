"""A receiver that must look for conflicts first sees names, then all or nothing."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Agency,
    Disclosure,
    HouseholdMember,
    Referral,
    ReferralEvent,
)
from referral_hub.rules.actor import Actor, System
from referral_hub.rules.client_profile import Profile, to_json
from referral_hub.rules.consent import ALWAYS, Category
from referral_hub.rules.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    VersionConflict,
)
from referral_hub.rules.referral_lifecycle import Move, Part, Status
from referral_hub.rules.referrals import ConflictCheck, Fact
from referral_hub.use_cases.conflict_checks import record_conflict_check
from referral_hub.use_cases.consent_views import DisclosedView, Reading
from referral_hub.use_cases.disclosures import list_disclosures
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.steps.disclosures import disclosed_to_receiver, shared_so_far
from tests.consent_world import (
    HOUR,
    a_consent,
    a_draft,
    a_sent_referral,
    acts,
    move,
    require_fold,
    share,
)
from tests.referral_world import A_PROFILE, NOW, VAULT, World, a_client, a_need, a_world

LATER = NOW + 2 * HOUR
CLEAR, CONFLICT, PENDING = ConflictCheck.CLEAR, ConflictCheck.CONFLICT, ConflictCheck.PENDING
ALL = ALWAYS | {Category.HOUSEHOLD, Category.LEGAL}


@pytest.fixture
def world(session: Session) -> World:
    made = a_world(session)
    session.get_one(Agency, made.receiver.agency_id).conflict_check = True
    session.commit()
    return made


def sent(session: Session, world: World) -> Referral:
    """A referral to legal aid with the whole story."""
    profile = replace(A_PROFILE, legal="Eviction, hearing soon.", adverse_party="Kedzie Holdings")
    client = a_client(session, world.sender, profile)
    for name, until in (("Iris", None), ("Gone", NOW)):
        member = HouseholdMember(id=uuid4(), client_id=client.id, since=NOW, until=until)
        sealed = to_json(Profile(given_name=name, family_name="Vega"))
        member.profile_sealed = VAULT.seal("household_member.profile", member.id, sealed)
        session.add(member)
    session.commit()
    to = world.receiver.agency_id
    consent = a_consent(session, world.sender, client, to, categories=ALL)
    return a_sent_referral(session, world, a_need(session, client), consent, ALL)


def record(
    session: Session, world: World, referral: Referral, result: ConflictCheck,
    actor: Actor | None = None, version: int | None = None,
) -> None:  # fmt: skip
    session.refresh(referral)
    record_conflict_check(
        session, actor or world.receiver.intake_worker, referral.id, result,
        referral.version if version is None else version, now=LATER,
    )  # fmt: skip
    session.refresh(referral)


def test_before_the_check_there_are_names_and_no_story(session: Session, world: World) -> None:
    referral = sent(session, world)
    session.refresh(referral)
    assert referral.conflict_check == PENDING
    shown = disclosed_to_receiver(session, VAULT, referral, now=LATER)
    assert shown.identity_only
    assert shown.values == {
        "basic_contact": {
            "given_name": "Rosa", "family_name": "Quintero-Vega", "preferred_name": "",
            "city": "Chicago", "state": "IL", "zip3": "606",
        },
        "need": {"code": "food", "label": "Food"},
        "household": {"household_names": ["Iris Vega"]},
        "legal": {"adverse_party": "Kedzie Holdings"},
    }  # fmt: skip
    assert "hearing" not in str(shown.sections)
    assert "+1773" not in str(shown)


def as_the_sender_sees(
    session: Session, world: World, referral: Referral
) -> tuple[DisclosedView, list[tuple[Reading, datetime | None]]]:
    sender, client_id = world.sender.case_manager, referral.client_id
    session.rollback()
    shown = show_referral(session, sender, VAULT, referral.id, now=LATER)
    lines = list_disclosures(session, sender, client_id, VAULT, now=LATER).lines
    return shown.disclosed, [(line.reading, line.closed_at) for line in lines]


def test_without_a_conflict_the_story_opens(session: Session, world: World) -> None:
    referral = sent(session, world)
    record(session, world, referral, CLEAR)
    shown = disclosed_to_receiver(session, VAULT, referral, now=LATER)
    assert not shown.identity_only
    assert shown.values["legal"]["legal"] == "Eviction, hearing soon."
    assert shown.values == shared_so_far(session, VAULT, referral)
    assert "zip3" not in shown.values["basic_contact"]
    event = session.scalars(
        select(ReferralEvent).where(ReferralEvent.kind == Fact.CONFLICT_CHECKED)
    ).one()
    assert event.data == {"result": "clear"}
    assert event.actor_part == Part.RECEIVER
    assert acts(session)[-1] == "referral:check-conflict"
    require_fold(session, referral)


def test_after_a_conflict_the_names_are_closed_and_it_can_be_declined(
    session: Session, world: World
) -> None:
    referral = sent(session, world)
    record(session, world, referral, CONFLICT)
    assert disclosed_to_receiver(session, VAULT, referral, now=LATER).values == {}
    with pytest.raises(Conflict):
        record(session, world, referral, CLEAR)
    move(session, world, referral, Move.DECLINE, Status.DECLINED, now=LATER)
    require_fold(session, referral)


def test_a_conflict_can_be_found_late_but_not_undone(session: Session, world: World) -> None:
    referral = sent(session, world)
    record(session, world, referral, CLEAR)
    with pytest.raises(Conflict):
        record(session, world, referral, CLEAR)
    record(session, world, referral, CONFLICT)
    assert disclosed_to_receiver(session, VAULT, referral, now=LATER).values == {}
    with pytest.raises(Conflict):
        record(session, world, referral, CONFLICT)


@pytest.mark.parametrize("results", [[CONFLICT], [CLEAR, CONFLICT]])
def test_the_sender_sees_nothing_of_a_conflict(
    session: Session, world: World, results: list[ConflictCheck]
) -> None:
    referral = sent(session, world)
    for result in results[:-1]:
        record(session, world, referral, result)
    before = as_the_sender_sees(session, world, referral)
    record(session, world, referral, results[-1])
    assert as_the_sender_sees(session, world, referral) == before
    assert before[0].values


def test_what_is_added_while_the_check_waits_stays_closed(session: Session, world: World) -> None:
    referral = sent(session, world)
    consent_id = referral.consent_id
    share(session, world, referral, consent_id, {Category.LEGAL})
    session.refresh(referral)
    shown = disclosed_to_receiver(session, VAULT, referral, now=LATER)
    assert set(shown.values["legal"]) == {"adverse_party"}
    numbers = [
        (row.number, row.identity_only)
        for row in session.scalars(select(Disclosure).order_by(Disclosure.number))
    ]
    assert numbers == [(1, True), (2, False), (3, True), (4, False)]


def test_the_list_says_what_waits_and_nothing_of_a_conflict(session: Session, world: World) -> None:
    referral = sent(session, world)

    def readings() -> list[Reading]:
        page = list_disclosures(
            session, world.sender.case_manager, referral.client_id, VAULT, now=LATER
        )
        return [line.reading for line in page.lines]

    assert readings() == [Reading.WAITING, Reading.OPEN]
    record(session, world, referral, CONFLICT)
    assert readings() == [Reading.WAITING, Reading.OPEN]
    move(session, world, referral, Move.DECLINE, Status.DECLINED, now=LATER)
    assert readings() == [Reading.ENDED, Reading.ENDED]


def test_only_workers_of_the_receiving_agency_can_say_it(session: Session, world: World) -> None:
    referral = sent(session, world)
    insiders = (
        world.receiver.supervisor, world.sender.case_manager, world.sender.supervisor,
        world.receiver.application,
        replace(world.receiver.application, person=world.receiver.case_manager),
    )  # fmt: skip
    for actor in insiders:
        with pytest.raises(NotPermitted):
            record(session, world, referral, CLEAR, actor)
    for actor in (world.receiver.administrator,):
        with pytest.raises(NotPermitted):
            record(session, world, referral, CLEAR, actor)
    answers = set()
    for actor in (world.stranger.case_manager, world.stranger.application, world.steward, System()):
        for referral_id in (referral.id, uuid4()):
            with pytest.raises(NotFound) as raised:
                record_conflict_check(session, actor, referral_id, CLEAR, 99, now=LATER)
            answers.add(str(raised.value))
    assert len(answers) == 1
    session.refresh(referral)
    assert referral.conflict_check == PENDING


def test_a_draft_is_not_there_for_its_receiver(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    referral = a_draft(session, world, a_need(session, client), None)
    with pytest.raises(NotFound):
        record(session, world, referral, CLEAR)


def test_who_saw_an_older_version_must_look_again(session: Session, world: World) -> None:
    referral = sent(session, world)
    session.refresh(referral)
    with pytest.raises(VersionConflict) as raised:
        record(session, world, referral, CLEAR, version=referral.version - 1)
    assert raised.value.version == referral.version


@pytest.mark.parametrize("result", [ConflictCheck.PENDING, ConflictCheck.NOT_NEEDED])
def test_the_result_is_clear_or_conflict(
    session: Session, world: World, result: ConflictCheck
) -> None:
    with pytest.raises(InvalidInput) as raised:
        record(session, world, sent(session, world), result)
    assert set(raised.value.fields) == {"result"}


def test_a_referral_that_is_decided_or_needs_no_check_has_none(
    session: Session, world: World
) -> None:
    referral = sent(session, world)
    move(session, world, referral, Move.DECLINE, Status.DECLINED)
    with pytest.raises(Conflict):
        record(session, world, referral, CLEAR)
    session.get_one(Agency, world.receiver.agency_id).conflict_check = False
    session.commit()
    with pytest.raises(Conflict, match="needs no check"):
        record(session, world, sent(session, world), CLEAR)
