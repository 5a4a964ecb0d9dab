"""Sharing more for a referral that was sent: under consent or in danger, never otherwise."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from referral_hub.models import Agency, AuditRow, Client, Disclosure, Notice
from referral_hub.rules.actor import Actor
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.client_profile import to_json
from referral_hub.rules.consent import OVERRIDE_NOTICE, Category, RevokedBy
from referral_hub.rules.errors import (
    Conflict,
    ConsentMissing,
    InvalidInput,
    NotFound,
    NotPermitted,
    PreviewChanged,
)
from referral_hub.rules.notices import NoticeKind
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import ConflictCheck
from referral_hub.use_cases.conflict_checks import record_conflict_check
from referral_hub.use_cases.consents import revoke_consent
from referral_hub.use_cases.referral_feed import referral_feed
from referral_hub.use_cases.share_more import Sharing, SharingView, share_more, show_sharing
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.steps.disclosures import disclosed_to_receiver
from tests.delivery_world import hand_on
from tests.referral_acts import Played, a_consent, a_draft, a_sent_one, in_status
from tests.referral_world import A_PROFILE, NOW, VAULT, a_client

LATER = NOW + timedelta(minutes=30)
HEALTH = frozenset({Category.HEALTH})
CONTACT = frozenset({Category.BASIC_CONTACT})
DANGER = "He fell and does not answer any more."


def share(played: Played, sharing: Sharing, actor: Actor | None = None) -> UUID:
    actor = actor or played.world.sender.case_manager
    played.session.rollback()
    return share_more(played.session, actor, VAULT, played.referral_id, sharing, now=LATER)


def looked_at(played: Played, sharing: Sharing | None = None) -> SharingView:
    sender = played.world.sender.case_manager
    played.session.rollback()
    return show_sharing(played.session, sender, VAULT, played.referral_id, sharing, now=LATER)


def moved_house(played: Played) -> None:
    client = played.session.get_one(Client, played.client.id)
    profile = to_json(replace(A_PROFILE, street="5 S Wabash Ave", phone="+17735550199"))
    client.profile_sealed = VAULT.seal("client.profile", client.id, profile)
    played.session.commit()


def consent_to(played: Played, categories: frozenset[Category]) -> UUID:
    receiver = played.world.receiver.agency_id
    return a_consent(played.session, played.client, receiver, categories=categories).id


@pytest.mark.parametrize("status", ["sent", "info_requested", "waitlisted", "in_progress"])
def test_the_receiver_sees_what_was_added(session: Session, status: str) -> None:
    played = in_status(session, status)
    consent_id = consent_to(played, HEALTH)
    made = share(played, Sharing(HEALTH, consent_id))
    receiver = played.world.receiver.intake_worker
    view = show_referral(session, receiver, VAULT, played.referral_id, now=LATER)
    assert view.disclosed.values["health"]["health"] == "Asthma, uses an inhaler."
    assert view.timeline[-1].kind == "disclosed"
    assert session.get_one(Disclosure, made).consent_id == consent_id


def test_the_sender_sees_what_is_shared_already(session: Session) -> None:
    played = a_sent_one(session)
    before = looked_at(played).already
    assert Category.BASIC_CONTACT in before
    assert Category.HEALTH not in before
    share(played, Sharing(HEALTH, consent_to(played, HEALTH)))
    assert looked_at(played).already == before | HEALTH


def test_a_referral_rests_on_the_consent_under_which_more_was_shared(session: Session) -> None:
    played = a_sent_one(session)
    consent_id = consent_to(played, HEALTH)
    share(played, Sharing(HEALTH, override_reason=DANGER))
    assert played.row.consent_id == played.consent.id
    share(played, Sharing(HEALTH, consent_id))
    assert played.row.consent_id == consent_id


def test_what_was_changed_is_not_shared_until_it_is_shared_again(session: Session) -> None:
    played = a_sent_one(session)
    sender, receiver = played.world.sender.case_manager, played.world.receiver.intake_worker

    def seen(actor: Actor) -> tuple[tuple[str, ...], str]:
        played.session.rollback()
        view = show_referral(session, actor, VAULT, played.referral_id, now=LATER)
        return view.not_shared, view.disclosed.values["basic_contact"]["street"]

    assert seen(sender)[0] == ()
    moved_house(played)
    assert seen(sender) == (("phone", "street"), "1842 W Cermak Rd")
    assert seen(receiver) == ((), "1842 W Cermak Rd")
    view = looked_at(played)
    assert [each.category for each in view.categories if each.chosen] == [Category.BASIC_CONTACT]
    assert "Street" in "".join(view.not_shared)
    share(played, Sharing(CONTACT, preview_digest=view.digest))
    assert seen(receiver) == ((), "5 S Wabash Ave")
    assert seen(sender)[0] == ()


def test_people_of_the_receiver_hear_that_there_is_something_new(session: Session) -> None:
    played = a_sent_one(session)
    hand_on(session)
    before = set(session.scalars(select(Notice.id)))
    share(played, Sharing(CONTACT))
    hand_on(session)
    new = [row for row in session.scalars(select(Notice)) if row.id not in before]
    told = {(row.person_id, row.kind) for row in new}
    assert told == {(played.world.receiver.intake_worker.person_id, NoticeKind.MESSAGE)}


def test_of_what_lapsed_before_it_was_handed_on_the_receiver_sees_nothing_not_even_that_it_was(
    session: Session,
) -> None:
    played = in_status(session, "accepted")
    hand_on(session)
    share(played, Sharing(CONTACT))
    hand_on(session)
    consent_id = consent_to(played, HEALTH)
    share(played, Sharing(HEALTH, consent_id))
    world = played.world

    def told(actor: Actor) -> list[str]:
        played.session.rollback()
        view = show_referral(session, actor, VAULT, played.referral_id, now=LATER)
        return [entry.kind for entry in view.timeline if entry.kind == "disclosed"]

    assert len(told(world.receiver.intake_worker)) == 2
    revoke_consent(
        session, world.sender.case_manager, played.client.id, consent_id, RevokedBy.PHONE, now=LATER
    )
    for _ in range(2):
        assert len(told(world.receiver.intake_worker)) == 1
        assert len(told(world.sender.case_manager)) == 3, "the first is of the sending"
        hand_on(session)
    feed = referral_feed(session, world.receiver.application, 0, 100, now=LATER)
    assert [event.kind for event in feed.events].count("disclosed") == 1


def test_what_the_client_did_not_agree_to_is_not_shared(session: Session) -> None:
    played = a_sent_one(session)
    assert "did not agree" in looked_at(played, Sharing(HEALTH)).problem
    with pytest.raises(ConsentMissing, match="did not agree"):
        share(played, Sharing(HEALTH))
    stranger = a_consent(session, played.client, played.world.stranger.agency_id, categories=HEALTH)
    with pytest.raises(ConsentMissing, match="does not name"):
        share(played, Sharing(HEALTH, stranger.id))


def test_in_danger_it_is_shared_without_consent_and_the_supervisor_hears(
    session: Session,
) -> None:
    played = a_sent_one(session)
    hand_on(session)
    made = share(played, Sharing(HEALTH, override_reason=f" {DANGER} "))
    hand_on(session)
    row = session.get_one(Disclosure, made)
    assert row.consent_id is None
    assert row.override_sealed is not None
    assert VAULT.open("disclosure.override", row.id, row.override_sealed) == DANGER
    told = {(each.person_id, each.kind) for each in session.scalars(select(Notice))}
    assert (played.world.sender.supervisor.person_id, NoticeKind.OVERSIGHT) in told
    audited = session.scalars(select(AuditRow.action).where(AuditRow.record_id == made)).all()
    assert audited == ["disclosure:override"]
    receiver = played.world.receiver.intake_worker
    view = show_referral(session, receiver, VAULT, played.referral_id, now=LATER)
    assert OVERRIDE_NOTICE in view.disclosed.notices
    assert DANGER not in str(view)
    for table in ("disclosure", "referral_event", "audit"):
        assert DANGER not in str(session.execute(text(f"SELECT * FROM {table}")).all())


def test_danger_opens_no_more_than_it_must_and_nothing_for_systems_or_victim_services(
    session: Session,
) -> None:
    played = a_sent_one(session)
    with pytest.raises(ConsentMissing, match="never shared without consent"):
        share(played, Sharing(frozenset({Category.IMMIGRATION}), override_reason=DANGER))
    with pytest.raises(NotPermitted):
        share(played, Sharing(HEALTH, override_reason=DANGER), played.world.sender.application)
    assert Category.HEALTH in looked_at(played).overridable
    session.get_one(Agency, played.world.sender.agency_id).victim_services = True
    session.commit()
    assert looked_at(played).overridable == ()
    with pytest.raises(ConsentMissing, match="34 USC 12291"):
        share(played, Sharing(HEALTH, override_reason=DANGER))


@pytest.mark.parametrize("status", ["draft", "declined", "withdrawn", "completed", "voided"])
def test_nothing_more_is_shared_for_what_is_not_open(session: Session, status: str) -> None:
    played = in_status(session, status)
    with pytest.raises(Conflict, match="not open"):
        share(played, Sharing(CONTACT))
    with pytest.raises(Conflict, match="not open"):
        looked_at(played)


@pytest.mark.parametrize("which", ["sender", "receiver"])
def test_nothing_more_is_shared_by_or_with_an_agency_that_takes_no_part(
    session: Session, which: str
) -> None:
    played = a_sent_one(session)
    world = played.world
    staff, told = {
        "sender": (world.sender, "no network agreement"),
        "receiver": (world.receiver, "takes no referrals"),
    }[which]
    session.get_one(Agency, staff.agency_id).status = AgencyStatus.SUSPENDED
    session.commit()
    for sharing in (Sharing(CONTACT), Sharing(HEALTH, override_reason=DANGER)):
        with pytest.raises(Conflict, match=told):
            share(played, sharing)
    with pytest.raises(Conflict, match=told):
        looked_at(played)


def test_the_consent_is_one_of_this_client(session: Session) -> None:
    played = a_sent_one(session)
    receiver = played.world.receiver.agency_id
    another = a_client(session, played.world.sender)
    for consent_id in (a_consent(session, another, receiver, categories=HEALTH).id, uuid4()):
        with pytest.raises(InvalidInput, match="Choose a consent of this client"):
            share(played, Sharing(HEALTH, consent_id))
        with pytest.raises(InvalidInput, match="Choose a consent of this client"):
            looked_at(played, Sharing(HEALTH, consent_id))


def test_nobody_but_the_sender_shares(session: Session) -> None:
    played = a_sent_one(session)
    for actor in (played.world.receiver.case_manager, played.world.stranger.case_manager):
        with pytest.raises((NotFound, NotPermitted)):
            share(played, Sharing(CONTACT), actor)
    share(played, Sharing(CONTACT), played.world.sender.application)


def test_what_changed_since_one_looked_is_not_shared(session: Session) -> None:
    played = a_sent_one(session)
    view = looked_at(played, Sharing(CONTACT))
    moved_house(played)
    with pytest.raises(PreviewChanged):
        share(played, Sharing(CONTACT, preview_digest=view.digest))
    with pytest.raises(InvalidInput, match="at least one"):
        share(played, Sharing())


@pytest.mark.parametrize(
    ("status", "check"),
    [("sent", ConflictCheck.PENDING), ("accepted", ConflictCheck.NOT_NEEDED)],
)
def test_who_accepted_before_the_agency_looked_for_conflicts_goes_on_reading(
    session: Session, status: str, check: ConflictCheck
) -> None:
    played = in_status(session, status)
    receiver = played.world.receiver
    session.get_one(Agency, receiver.agency_id).conflict_check = True
    session.commit()
    pending = check is ConflictCheck.PENDING
    assert bool(looked_at(played, Sharing(CONTACT)).identity_first) is pending
    share(played, Sharing(CONTACT))
    assert played.row.conflict_check == check
    view = show_referral(session, receiver.intake_worker, VAULT, played.referral_id, now=LATER)
    assert view.disclosed.identity_only is pending
    assert ("street" in view.disclosed.values["basic_contact"]) is not pending


def test_after_a_conflict_of_interest_the_receiver_reads_nothing_of_it(session: Session) -> None:
    played = a_draft(session)
    receiver = played.world.receiver
    session.get_one(Agency, receiver.agency_id).conflict_check = True
    session.commit()
    played.move(Move.SEND)
    assert looked_at(played, Sharing(CONTACT)).identity_first
    record_conflict_check(
        session, receiver.intake_worker, played.referral_id, ConflictCheck.CONFLICT,
        played.row.version, now=LATER,
    )  # fmt: skip
    share(played, Sharing(CONTACT))
    assert disclosed_to_receiver(session, VAULT, played.row, now=LATER).values == {}
