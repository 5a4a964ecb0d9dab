"""What is shared: exactly the snapshot, sealed, never changed, and listed."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, AuditRow, Consent, Disclosure, ReferralEvent
from referral_hub.models.consent import RecordIsFixed
from referral_hub.rules.actor import System
from referral_hub.rules.client_profile import to_json
from referral_hub.rules.consent import ALWAYS, OVERRIDE_NOTICE, PART_2_NOTICE, Category
from referral_hub.rules.errors import (
    ConsentMissing,
    InvalidInput,
    NotFound,
    NotPermitted,
)
from referral_hub.rules.referral_lifecycle import Move, Status
from referral_hub.rules.referrals import Fact
from referral_hub.use_cases.consent_views import Reading
from referral_hub.use_cases.disclosures import list_disclosures
from referral_hub.use_cases.rotate_keys import rotate_keys
from referral_hub.use_cases.steps.consents import load_terms
from referral_hub.use_cases.steps.disclosures import (
    disclosed_to_receiver,
    may_deliver,
    shared_so_far,
    unshared_fields,
)
from tests.consent_world import (
    HOUR,
    REASON,
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
DANGER = "He fell and does not answer any more."


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def test_the_receiver_sees_the_snapshot_and_no_later_change(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_sent_referral(session, world, a_need(session, client), made)
    before = disclosed_to_receiver(session, VAULT, referral, now=LATER)
    changed = to_json(replace(A_PROFILE, phone="+17735550199", given_name="Rosalind"))
    client.profile_sealed = VAULT.seal("client.profile", client.id, changed)
    session.commit()
    assert disclosed_to_receiver(session, VAULT, referral, now=LATER) == before
    assert unshared_fields(session, VAULT, referral, client) == ("given_name", "phone")
    assert before.values["basic_contact"]["phone"] == "+17735550143"
    assert before.values["need"]["reason"] == REASON
    assert set(before.values) == {"basic_contact", "need"}
    share(session, world, referral, made)
    after = disclosed_to_receiver(session, VAULT, referral, now=LATER)
    assert after.values["basic_contact"]["phone"] == "+17735550199"
    assert shared_so_far(session, VAULT, referral) == after.values
    assert unshared_fields(session, VAULT, referral, client) == ()


def test_notices_go_with_what_is_shared(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    categories = ALWAYS | {Category.SUBSTANCE_USE}
    to = world.receiver.agency_id
    made = a_consent(session, world.sender, client, to, categories=categories)
    referral = a_sent_referral(session, world, a_need(session, client), made, categories)
    assert PART_2_NOTICE in disclosed_to_receiver(session, VAULT, referral, now=LATER).notices


def test_each_disclosure_is_numbered_told_and_audited(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_sent_referral(session, world, a_need(session, client), made)
    again = share(session, world, referral, made, {Category.NEED})
    assert (again.number, again.categories) == (2, ["need"])
    assert again.made_by == f"person:{world.sender.case_manager.person_id}"
    told = session.scalars(select(ReferralEvent.data).where(ReferralEvent.kind == Fact.DISCLOSED))
    assert [data["numbers"] for data in told] == [[1], [2]]
    row = session.scalars(
        select(AuditRow).where(AuditRow.record_id == again.id, AuditRow.table_name == "disclosure")
    ).one()
    assert row.action == "disclosure:make"
    assert row.detail == f"referral {referral.id} number 2: need"
    require_fold(session, referral)


def test_nothing_of_it_is_stored_in_clear(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_sent_referral(session, world, a_need(session, client), made)
    share(session, world, referral, None, override_reason=DANGER, categories={Category.HEALTH})
    for table in ("disclosure", "referral_event", "audit"):
        stored = str(session.execute(text(f"SELECT * FROM {table}")).all())
        for word in ("Rosa", "inhaler", "Monday", "answer any more"):
            assert word not in stored


@pytest.mark.parametrize("case", ["none", "of another client", "another agency", "category"])
def test_without_consent_nothing_is_shared(session: Session, world: World, case: str) -> None:
    client, other = a_client(session, world.sender), a_client(session, world.sender)
    to = world.stranger if case == "another agency" else world.receiver
    whose = other if case == "of another client" else client
    consent = None
    if case != "none":
        consent = a_consent(session, world.sender, whose, world.receiver.agency_id)
    categories = ALWAYS | {Category.VIOLENCE} if case == "category" else ALWAYS
    referral = a_draft(session, world, a_need(session, client), consent, to)
    with pytest.raises(ConsentMissing):
        share(session, world, referral, consent, categories)
    assert session.scalars(select(Disclosure)).all() == []
    assert "disclosure:make" not in acts(session)


def test_terms_that_were_read_before_a_revocation_open_nothing(
    session: Session, world: World
) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_draft(session, world, a_need(session, client), made)
    terms = load_terms(session, VAULT, made)
    assert terms is not None
    assert terms.revoked_at is None
    session.get_one(Consent, made).revoked_at = NOW
    session.commit()
    with pytest.raises(ConsentMissing, match="taken back"):
        share(session, world, referral, made, terms=terms)


def test_who_is_named_for_it_passes_on_within_the_terms(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    named = [world.receiver.agency_id, world.stranger.agency_id]
    plain = a_consent(session, world.sender, client, *named)
    forwarding = a_consent(
        session, world.sender, client, *named, forwarders=frozenset({world.receiver.agency_id})
    )
    received = a_client(session, world.receiver)
    turned = World(world.receiver, world.stranger, world.sender, world.steward)
    referral = a_draft(session, turned, a_need(session, received), forwarding)
    actor = world.receiver.case_manager
    with pytest.raises(ConsentMissing):
        share(session, turned, referral, plain, actor=actor)
    share(session, turned, referral, forwarding, actor=actor)


def test_what_is_shared_must_be_what_the_referral_is_about(session: Session, world: World) -> None:
    client, other = a_client(session, world.sender), a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_draft(session, world, a_need(session, client), made)
    referral.client_id = other.id
    session.commit()
    with pytest.raises(ValueError, match="not what the referral is about"):
        share(session, world, referral, made)


def test_danger_opens_without_consent_and_supervisors_hear_of_it(
    session: Session, world: World
) -> None:
    client = a_client(session, world.sender)
    referral = a_draft(session, world, a_need(session, client), None)
    made = share(session, world, referral, None, override_reason=f" {DANGER} ")
    move(session, world, referral, Move.SEND, Status.SENT)
    assert made.consent_id is None
    assert "disclosure:override" in acts(session)
    event = session.scalars(select(ReferralEvent).where(ReferralEvent.kind == Fact.DISCLOSED)).one()
    assert event.data == {
        "numbers": [1],
        "override": True,
        "consent_id": None,
        "conflict_check": "not_needed",
    }
    session.refresh(referral)
    assert may_deliver(session, referral, LATER)
    shown = disclosed_to_receiver(session, VAULT, referral, now=LATER)
    assert OVERRIDE_NOTICE in shown.notices
    assert DANGER not in str(shown)
    page = list_disclosures(session, world.sender.case_manager, client.id, VAULT, now=LATER)
    assert page.lines[0].override_reason == DANGER
    assert page.lines[0].purpose == ""


@pytest.mark.parametrize("category", [Category.SUBSTANCE_USE, Category.EDUCATION_RECORDS])
def test_no_danger_opens_what_the_law_keeps_shut(
    session: Session, world: World, category: Category
) -> None:
    client = a_client(session, world.sender)
    referral = a_draft(session, world, a_need(session, client), None)
    with pytest.raises(ConsentMissing):
        share(session, world, referral, None, ALWAYS | {category}, override_reason=DANGER)
    assert session.scalars(select(Disclosure)).all() == []


def test_victim_services_share_nothing_without_consent(session: Session, world: World) -> None:
    session.get_one(Agency, world.sender.agency_id).victim_services = True
    client = a_client(session, world.sender)
    referral = a_draft(session, world, a_need(session, client), None)
    with pytest.raises(ConsentMissing, match="34 USC 12291"):
        share(session, world, referral, None, override_reason=DANGER)


def test_only_people_answer_for_an_override_and_only_where_it_is_needed(
    session: Session, world: World
) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_draft(session, world, a_need(session, client), made)
    with_person = replace(world.sender.application, person=world.sender.case_manager)
    for actor in (world.sender.application, with_person, System()):
        with pytest.raises(NotPermitted):
            share(session, world, referral, None, override_reason=DANGER, actor=actor)
    for reason, consent in ((" ", None), (DANGER, made)):
        with pytest.raises(InvalidInput) as raised:
            share(session, world, referral, consent, override_reason=reason)
        assert set(raised.value.fields) == {"override_reason"}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Move.WITHDRAW, Status.WITHDRAWN),
        (Move.EXPIRE, Status.EXPIRED),
        (Move.VOID, Status.VOIDED),
        (Move.DECLINE, Status.DECLINED),
        (Move.CLOSE_UNMET, Status.CLOSED_UNMET),
    ],
)
def test_a_referral_that_is_no_longer_theirs_shows_its_receiver_nothing(
    session: Session, world: World, kind: Move, status: Status
) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_sent_referral(session, world, a_need(session, client), made)
    move(session, world, referral, kind, status)
    session.refresh(referral)
    assert disclosed_to_receiver(session, VAULT, referral, now=LATER).values == {}
    assert not may_deliver(session, referral, LATER)
    page = list_disclosures(session, world.sender.case_manager, client.id, VAULT, now=LATER)
    assert page.lines[0].reading is not Reading.OPEN


def test_a_draft_shows_nothing(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_draft(session, world, a_need(session, client), made)
    share(session, world, referral, made)
    session.refresh(referral)
    assert disclosed_to_receiver(session, VAULT, referral, now=LATER).values == {}
    assert not may_deliver(session, referral, LATER)


@pytest.mark.parametrize(
    "change",
    [
        {"categories": ["health"]}, {"values_sealed": b"x"}, {"to_agency_id": None},
        {"made_at": LATER}, {"override_sealed": b"x"}, {"consent_id": None}, {"number": 7},
    ],
)  # fmt: skip
def test_a_snapshot_never_changes(
    session: Session, world: World, change: dict[str, object]
) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    a_sent_referral(session, world, a_need(session, client), made)
    row = session.scalars(select(Disclosure)).one()
    for name, value in change.items():
        setattr(row, name, value)
    with pytest.raises(RecordIsFixed):
        session.flush()
    session.rollback()


def test_a_snapshot_closes_once_and_stays(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    a_sent_referral(session, world, a_need(session, client), made)
    row = session.scalars(select(Disclosure)).one()
    row.closed_at = NOW
    session.commit()
    for later in (LATER, None):
        row.closed_at = later
        with pytest.raises(RecordIsFixed):
            session.flush()
        session.rollback()
    session.delete(row)
    with pytest.raises(RecordIsFixed):
        session.flush()
    session.rollback()
    consent = session.get_one(Consent, made)
    consent.categories = ["health"]
    with pytest.raises(RecordIsFixed):
        session.flush()


def test_new_keys_leave_what_was_shared_as_it_was(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_sent_referral(session, world, a_need(session, client), made)
    before = disclosed_to_receiver(session, VAULT, referral, now=LATER)
    ring = {"new": bytes(range(32, 64)), "test": bytes(range(32))}
    rotate_keys(session, System(), Vault(ring), now=LATER)
    session.expire_all()
    only_new = Vault({"new": ring["new"]})
    assert disclosed_to_receiver(session, only_new, referral, now=LATER) == before


def test_the_list_tells_who_shared_what_with_whom_and_why(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_sent_referral(session, world, a_need(session, client), made)
    share(session, world, referral, made, {Category.NEED}, now=NOW + timedelta(days=2))
    page = list_disclosures(session, world.sender.supervisor, client.id, VAULT, now=LATER)
    assert page.client_name == "Rosa Quintero-Vega"
    latest, first = page.lines
    assert latest.categories == (Category.NEED,)
    assert first.categories == (Category.BASIC_CONTACT, Category.NEED)
    assert first.agency == "Lawndale Legal Aid"
    assert first.made_by == "Case Manager North Side Housing"
    assert first.purpose == "To find help with the rent"
    assert first.reading is Reading.OPEN
    assert acts(session)[-1] == "disclosure:list"


def test_a_span_has_both_its_ends(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_sent_referral(session, world, a_need(session, client), made)
    for days in (1, 2):
        share(session, world, referral, made, {Category.NEED}, now=NOW + timedelta(days=days))

    def days_of(since: date | None, until: date | None) -> list[int]:
        page = list_disclosures(
            session, world.sender.case_manager, client.id, VAULT,
            since=since, until=until, now=LATER,
        )  # fmt: skip
        return [line.made_on.day for line in page.lines]

    nov_30, dec_1, dec_2 = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)
    assert days_of(None, None) == [2, 1, 30]
    assert days_of(dec_1, None) == [2, 1]
    assert days_of(None, dec_1) == [1, 30]
    assert days_of(nov_30, nov_30) == [30]
    with pytest.raises(InvalidInput) as raised:
        days_of(dec_2, dec_1)
    assert set(raised.value.fields) == {"until"}


def test_the_list_is_for_the_agency_whose_client_it_is(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    a_sent_referral(session, world, a_need(session, client), made)
    other_team = replace(world.sender.supervisor, teams=frozenset({uuid4()}))
    answers = set()
    for actor in (world.receiver.case_manager, world.stranger.supervisor, other_team):
        for client_id in (client.id, uuid4()):
            with pytest.raises(NotFound) as raised:
                list_disclosures(session, actor, client_id, VAULT, now=LATER)
            answers.add(str(raised.value))
    assert len(answers) == 1
    for actor in (world.sender.administrator, world.steward, world.sender.application):
        with pytest.raises(NotPermitted):
            list_disclosures(session, actor, client.id, VAULT, now=LATER)
