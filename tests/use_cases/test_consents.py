"""Recording consent, and taking it back with all that rests on it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from referral_hub.models import Agency, AuditRow, Consent, Disclosure, Membership, ReferralEvent
from referral_hub.rules.actor import Actor, Application, Person, System
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.consent import ALWAYS, Category, ConsentState, Method, RevokedBy, Signer
from referral_hub.rules.errors import (
    Conflict,
    ConsentMissing,
    HubError,
    InvalidInput,
    NotFound,
    NotPermitted,
)
from referral_hub.rules.referral_lifecycle import Move, Part, Status
from referral_hub.use_cases.consents import (
    choices_for_consent,
    list_consents,
    record_consent,
    revoke_consent,
    show_consent,
)
from referral_hub.use_cases.steps.consents import load_terms
from referral_hub.use_cases.steps.disclosures import (
    close_undelivered,
    disclosed_to_receiver,
    may_deliver,
)
from referral_hub.use_cases.transaction import transaction
from tests.accounts import in_parallel
from tests.consent_world import (
    HOUR,
    a_consent,
    a_draft,
    a_sent_referral,
    acts,
    hand_on,
    move,
    new_consent,
    require_fold,
    share,
)
from tests.referral_world import NOW, VAULT, World, a_client, a_need, a_world

LATER = NOW + 2 * HOUR


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def refused(session: Session, world: World, **changes: Any) -> dict[str, str]:
    """By field, why a consent cannot be recorded."""
    client = a_client(session, world.sender)
    actor = changes.pop("actor", world.sender.case_manager)
    recipients = changes.pop("recipients", [world.receiver.agency_id])
    with pytest.raises(InvalidInput) as raised:
        record_consent(
            session, actor, client.id, new_consent(*recipients, **changes), VAULT, now=NOW
        )
    assert session.scalars(select(Consent)).all() == []
    return raised.value.fields


def test_a_consent_is_kept_as_it_was_given(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(
        session, world.sender, client, world.receiver.agency_id, world.stranger.agency_id,
        categories=ALWAYS | {Category.SUBSTANCE_USE, Category.HEALTH},
        forwarders=frozenset({world.receiver.agency_id}), signer=Signer.GUARDIAN,
        signer_basis="Mother, custody papers seen", language="es", document="Cabinet 3, folder Q",
    )  # fmt: skip
    page = show_consent(session, world.sender.supervisor, client.id, made, VAULT, now=NOW)
    (view,) = page.consents
    assert page.client_name == "Rosa Quintero-Vega"
    assert view.purpose == "To find help with the rent"
    assert view.categories == (
        Category.BASIC_CONTACT, Category.NEED, Category.HEALTH, Category.SUBSTANCE_USE,
    )  # fmt: skip
    assert [(each.name, each.may_forward) for each in view.recipients] == [
        ("Lawndale Legal Aid", True), ("Pilsen Clinic", False),
    ]  # fmt: skip
    assert (view.signer, view.signer_basis) == (Signer.GUARDIAN, "Mother, custody papers seen")
    assert (view.language, view.document) == ("es", "Cabinet 3, folder Q")
    assert (view.given_on, view.last_on) == (date(2026, 11, 30), date(2027, 11, 30))
    assert view.recorded_by == "Case Manager North Side Housing"
    assert view.state is ConsentState.IN_FORCE
    terms = load_terms(session, VAULT, made)
    assert terms is not None
    assert terms.recipients == {world.receiver.agency_id, world.stranger.agency_id}
    assert terms.forwarders == {world.receiver.agency_id}
    assert terms.expires_at == datetime(2027, 12, 1, 6, 0, tzinfo=UTC)


def test_days_are_those_where_the_agency_is(session: Session, world: World) -> None:
    session.get_one(Agency, world.sender.agency_id).time_zone = "America/Chicago"
    session.commit()
    client = a_client(session, world.sender)
    evening = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    to = world.receiver.agency_id
    made = a_consent(session, world.sender, client, to, now=evening, last_on=date(2026, 12, 1))
    terms = load_terms(session, VAULT, made)
    assert terms is not None
    assert terms.given_at == evening
    assert terms.expires_at == datetime(2026, 12, 2, 6, 0, tzinfo=UTC)


def test_nothing_that_was_written_is_stored_in_clear(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    words = {"purpose": "ZebraPurpose", "signer_basis": "ZebraBasis", "document": "ZebraPaper"}
    to = world.receiver.agency_id
    a_consent(session, world.sender, client, to, signer=Signer.GUARDIAN, **words)
    for table in ("consent", "consent_recipient", "audit"):
        assert "Zebra" not in str(session.execute(text(f"SELECT * FROM {table}")).all())


def test_recording_and_reading_are_in_the_audit(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    choices_for_consent(session, world.sender.case_manager, client.id, VAULT, now=NOW)
    list_consents(session, world.sender.case_manager, client.id, VAULT, now=NOW)
    show_consent(session, world.sender.case_manager, client.id, made, VAULT, now=NOW)
    revoke_consent(session, world.sender.case_manager, client.id, made, RevokedBy.PHONE, now=LATER)
    assert acts(session)[-5:] == [
        "consent:record", "consent:prepare", "consent:list", "consent:read", "consent:revoke",
    ]  # fmt: skip


def test_rules_of_the_law_are_shown_beside_their_fields(session: Session, world: World) -> None:
    witness = world.sender.supervisor.person_id
    found = refused(
        session, world, categories=ALWAYS | {Category.SUBSTANCE_USE}, last_on=None,
        method=Method.VERBAL_WITH_WITNESS, witness_id=witness,
    )  # fmt: skip
    assert set(found) == {"method", "last_on"}
    assert "42 CFR 2.31" in found["method"]


def test_victim_services_need_a_signature_an_end_and_names(session: Session, world: World) -> None:
    session.get_one(Agency, world.sender.agency_id).victim_services = True
    session.commit()
    witness = world.sender.supervisor.person_id
    found = refused(
        session, world, recipients=[], any_partner=True, last_on=None,
        method=Method.VERBAL_WITH_WITNESS, witness_id=witness,
    )  # fmt: skip
    assert set(found) == {"method", "last_on", "recipients"}


@pytest.mark.parametrize("status", sorted(set(AgencyStatus) - {AgencyStatus.PARTNER}))
def test_only_partners_can_be_named(session: Session, world: World, status: AgencyStatus) -> None:
    session.get_one(Agency, world.receiver.agency_id).status = status
    session.commit()
    assert set(refused(session, world)) == {"recipients"}


def test_the_own_agency_and_unknown_ones_cannot_be_named(session: Session, world: World) -> None:
    for strange in (world.sender.agency_id, uuid4()):
        recipients = [world.receiver.agency_id, strange]
        assert set(refused(session, world, recipients=recipients)) == {"recipients"}


def test_the_witness_is_somebody_else_of_the_agency(session: Session, world: World) -> None:
    recorder = world.sender.case_manager.person_id
    for nobody in (recorder, world.receiver.case_manager.person_id, uuid4()):
        found = refused(session, world, method=Method.VERBAL_WITH_WITNESS, witness_id=nobody)
        assert set(found) == {"witness_id"}
    left = world.sender.intake_worker.person_id
    held = session.scalars(select(Membership).where(Membership.person_id == left)).one()
    held.until = NOW - HOUR
    session.commit()
    found = refused(session, world, method=Method.VERBAL_WITH_WITNESS, witness_id=left)
    assert set(found) == {"witness_id"}
    client = a_client(session, world.sender)
    witness = world.sender.supervisor.person_id
    a_consent(
        session, world.sender, client, world.receiver.agency_id,
        method=Method.VERBAL_WITH_WITNESS, witness_id=witness,
    )  # fmt: skip
    page = list_consents(session, world.sender.case_manager, client.id, VAULT, now=NOW)
    assert page.consents[0].witness == "Supervisor North Side Housing"


def test_a_partner_system_never_gives_a_witness_s_word(session: Session, world: World) -> None:
    alone = world.sender.application
    for application in (alone, replace(alone, person=world.sender.case_manager)):
        found = refused(
            session, world, actor=application, method=Method.VERBAL_WITH_WITNESS,
            witness_id=world.sender.supervisor.person_id,
        )  # fmt: skip
        assert set(found) == {"method"}
    client = a_client(session, world.sender)
    new = new_consent(world.receiver.agency_id)
    made = record_consent(session, alone, client.id, new, VAULT, now=NOW)
    page = show_consent(session, world.sender.case_manager, client.id, made, VAULT, now=NOW)
    assert page.consents[0].recorded_by == "a partner system"


def test_choices_are_partners_and_colleagues(session: Session, world: World) -> None:
    session.get_one(Agency, world.stranger.agency_id).status = AgencyStatus.SUSPENDED
    session.commit()
    client = a_client(session, world.sender)
    found = choices_for_consent(session, world.sender.case_manager, client.id, VAULT, now=NOW)
    assert [name for _, name in found.agencies] == ["Lawndale Legal Aid"]
    witnesses = {person_id for person_id, _ in found.witnesses}
    assert world.sender.supervisor.person_id in witnesses
    assert world.sender.case_manager.person_id not in witnesses
    assert world.receiver.case_manager.person_id not in witnesses


def _outsiders(world: World) -> dict[str, Actor]:
    own_other_team = replace(world.sender.supervisor, teams=frozenset({uuid4()}))
    return {
        "another agency": world.receiver.case_manager,
        "its system": world.receiver.application,
        "a supervisor of another team": own_other_team,
    }


def test_whose_the_client_is_not_learns_nothing(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    for outsider in _outsiders(world).values():
        answers = []
        for client_id, consent_id in ((client.id, made), (uuid4(), uuid4())):
            with pytest.raises(NotFound) as raised:
                list_consents(session, outsider, client_id, VAULT, now=NOW)
            with pytest.raises(NotFound) as shown:
                show_consent(session, outsider, client_id, consent_id, VAULT, now=NOW)
            answers.append((str(raised.value), str(shown.value)))
        assert answers[0] == answers[1]


def test_who_has_no_part_in_it_may_not(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    new = new_consent(world.receiver.agency_id)
    for actor in (world.sender.administrator, world.steward, System()):
        with pytest.raises(NotPermitted):
            list_consents(session, actor, client.id, VAULT, now=NOW)
        with pytest.raises(NotPermitted):
            show_consent(session, actor, client.id, made, VAULT, now=NOW)
    for actor in (world.sender.administrator, world.steward, world.sender.supervisor):
        with pytest.raises(NotPermitted):
            record_consent(session, actor, client.id, new, VAULT, now=NOW)
        with pytest.raises(NotPermitted):
            revoke_consent(session, actor, client.id, made, RevokedBy.PHONE, now=NOW)
    reads = replace(world.sender.application, scopes=frozenset({"consents.read"}))
    list_consents(session, reads, client.id, VAULT, now=NOW)
    with pytest.raises(NotPermitted):
        record_consent(session, reads, client.id, new, VAULT, now=NOW)


def test_a_consent_of_another_client_is_not_there(session: Session, world: World) -> None:
    client, other = a_client(session, world.sender), a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    with pytest.raises(NotFound):
        show_consent(session, world.sender.case_manager, other.id, made, VAULT, now=NOW)
    with pytest.raises(NotFound):
        revoke_consent(session, world.sender.case_manager, other.id, made, RevokedBy.PHONE, now=NOW)


def revoke(session: Session, world: World, client_id: UUID, consent_id: UUID) -> Any:
    return revoke_consent(
        session, world.sender.case_manager, client_id, consent_id, RevokedBy.PHONE, now=LATER
    )


UNDECIDED = [
    (Move.ACKNOWLEDGE, Status.ACKNOWLEDGED),
    (Move.ASK, Status.INFO_REQUESTED),
    (Move.WAITLIST, Status.WAITLISTED),
]


@pytest.mark.parametrize(("kind", "status"), [(None, Status.SENT), *UNDECIDED])
def test_taking_back_withdraws_what_was_not_accepted(
    session: Session, world: World, kind: Move | None, status: Status
) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_sent_referral(session, world, a_need(session, client), made)
    if kind is not None:
        move(session, world, referral, kind, status)
    session.refresh(referral)
    assert disclosed_to_receiver(session, VAULT, referral, now=LATER).values
    effects = revoke(session, world, client.id, made)
    assert effects.withdrawn == (referral.id,)
    assert effects.kept == ()
    session.refresh(referral)
    assert referral.status == Status.WITHDRAWN
    assert referral.reason_code == "consent_revoked"
    event = session.scalars(select(ReferralEvent).where(ReferralEvent.kind == Move.WITHDRAW)).one()
    assert (event.from_status, event.actor, event.actor_part) == (
        status, "system:system", Part.SYSTEM,
    )  # fmt: skip
    assert event.position is None
    require_fold(session, referral)
    shown = disclosed_to_receiver(session, VAULT, referral, now=LATER)
    assert (shown.values, shown.sections, shown.notices) == ({}, (), ())
    assert {row.closed_at for row in session.scalars(select(Disclosure))} == {LATER}
    assert not may_deliver(session, referral, LATER)


def test_between_sending_and_delivery_nothing_more_leaves(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    referral = a_sent_referral(session, world, a_need(session, client), made)
    assert may_deliver(session, referral, NOW)
    revoke(session, world, client.id, made)
    session.refresh(referral)
    assert not may_deliver(session, referral, LATER)
    hand_on(session)
    assert not may_deliver(session, referral, LATER)
    assert disclosed_to_receiver(session, VAULT, referral, now=LATER).values == {}


def test_consent_that_is_over_at_delivery_is_as_if_taken_back(
    session: Session, world: World
) -> None:
    client = a_client(session, world.sender)
    to = world.receiver.agency_id
    made = a_consent(session, world.sender, client, to, last_on=NOW.date())
    referral = a_sent_referral(session, world, a_need(session, client), made)
    tomorrow = NOW + timedelta(days=1)
    assert may_deliver(session, referral, NOW)
    assert not may_deliver(session, referral, tomorrow)
    assert disclosed_to_receiver(session, VAULT, referral, now=tomorrow).values == {}


def test_who_accepted_keeps_what_they_got_and_gets_nothing_new(
    session: Session, world: World
) -> None:
    client = a_client(session, world.sender)
    categories = ALWAYS | {Category.HEALTH, Category.HOUSEHOLD}
    to = world.receiver.agency_id
    made = a_consent(session, world.sender, client, to, categories=categories)
    referral = a_sent_referral(session, world, a_need(session, client), made)
    move(session, world, referral, Move.ACCEPT, Status.ACCEPTED)
    share(session, world, referral, made, {Category.HOUSEHOLD})
    hand_on(session)
    share(session, world, referral, made, {Category.HEALTH}, now=NOW + HOUR * 1.5)
    session.refresh(referral)
    assert "health" in disclosed_to_receiver(session, VAULT, referral, now=LATER).values
    effects = revoke(session, world, client.id, made)
    assert (effects.withdrawn, effects.kept) == ((), (referral.id,))
    session.refresh(referral)
    assert referral.status == Status.ACCEPTED
    shown = disclosed_to_receiver(session, VAULT, referral, now=LATER)
    assert list(shown.values) == ["basic_contact", "need", "household"]
    hand_on(session)
    assert disclosed_to_receiver(session, VAULT, referral, now=LATER) == shown
    with pytest.raises(ConsentMissing):
        share(session, world, referral, made, {Category.HOUSEHOLD}, now=LATER)
    require_fold(session, referral)


def test_what_had_not_reached_who_accepted_when_consent_ended_is_closed_at_delivery(
    session: Session, world: World
) -> None:
    client = a_client(session, world.sender)
    to = world.receiver.agency_id
    categories = ALWAYS | {Category.HEALTH}
    made = a_consent(session, world.sender, client, to, last_on=NOW.date(), categories=categories)
    referral = a_sent_referral(session, world, a_need(session, client), made)
    move(session, world, referral, Move.ACCEPT, Status.ACCEPTED)
    hand_on(session)
    share(session, world, referral, made, {Category.HEALTH})
    session.refresh(referral)
    tomorrow = NOW + timedelta(days=1)
    assert may_deliver(session, referral, LATER)
    assert not may_deliver(session, referral, tomorrow)
    with transaction(session):
        assert close_undelivered(session, referral, tomorrow) == 1
    assert may_deliver(session, referral, tomorrow)
    assert "health" not in disclosed_to_receiver(session, VAULT, referral, now=tomorrow).values


def test_only_what_rests_on_the_consent_ends(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    need = a_need(session, client)
    to = world.receiver.agency_id
    first = a_consent(session, world.sender, client, to)
    more = a_consent(session, world.sender, client, to, categories=frozenset({Category.HEALTH}))
    referral = a_sent_referral(session, world, need, first)
    draft = a_draft(session, world, need, more)
    share(session, world, referral, more, {Category.HEALTH})
    effects = revoke(session, world, client.id, more)
    assert (effects.withdrawn, effects.kept) == ((), ())
    session.refresh(referral)
    session.refresh(draft)
    assert (referral.status, draft.status) == (Status.SENT, Status.DRAFT)
    shown = disclosed_to_receiver(session, VAULT, referral, now=LATER)
    assert list(shown.values) == ["basic_contact", "need"]
    assert may_deliver(session, referral, LATER)


def test_a_consent_is_taken_back_once(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    revoke(session, world, client.id, made)
    with pytest.raises(Conflict):
        revoke(session, world, client.id, made)
    page = list_consents(session, world.sender.case_manager, client.id, VAULT, now=LATER)
    assert page.consents[0].state is ConsentState.TAKEN_BACK
    assert page.consents[0].revoked_by is RevokedBy.PHONE


def test_nobody_of_the_agency_speaks_for_the_client_s_own_link(
    session: Session, world: World
) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    with pytest.raises(InvalidInput) as raised:
        revoke_consent(
            session, world.sender.case_manager, client.id, made, RevokedBy.CLIENT_LINK, now=NOW
        )
    assert set(raised.value.fields) == {"revoked_by"}


def test_of_many_who_take_it_back_at_once_one_does(engine: Engine, session: Session) -> None:
    world = a_world(session)
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    need = a_need(session, client)
    referrals = [a_sent_referral(session, world, need, made) for _ in range(3)]
    client_id = client.id
    session.commit()
    done = in_parallel(engine, lambda own, _: revoke(own, world, client_id, made), times=6)
    assert done == 1
    for referral in referrals:
        session.refresh(referral)
        assert referral.status == Status.WITHDRAWN
        require_fold(session, referral)


def test_while_consent_is_taken_back_nothing_is_shared_that_stays_open(
    engine: Engine, session: Session
) -> None:
    world = a_world(session)
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    need = a_need(session, client)
    drafts = [a_draft(session, world, need, made) for _ in range(6)]
    client_id, ids = client.id, [each.id for each in drafts]
    for each in drafts:
        session.refresh(each)
    session.expunge_all()
    session.rollback()

    def act(own: Session, number: int) -> None:
        if number == 3:
            revoke(own, world, client_id, made)
            return
        try:
            share(own, world, drafts[number], made)
        except ConsentMissing as error:
            raise Conflict(error.message) from error

    in_parallel(engine, act, times=6)
    open_ones = session.scalars(
        select(Disclosure).where(Disclosure.referral_id.in_(ids), Disclosure.closed_at.is_(None))
    ).all()
    consent = session.get_one(Consent, made)
    assert consent.revoked_at == LATER
    assert all(each.made_at < LATER for each in open_ones)


def test_the_audit_counts_effects_and_names_nobody(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    made = a_consent(session, world.sender, client, world.receiver.agency_id)
    a_sent_referral(session, world, a_need(session, client), made)
    revoke(session, world, client.id, made)
    row = session.scalars(select(AuditRow).where(AuditRow.action == "consent:revoke")).one()
    assert row.detail == "phone: 1 withdrawn, 0 accepted before"
    assert (row.record_id, row.agency_id) == (made, world.sender.agency_id)


def test_a_person_without_an_agency_sees_no_client(session: Session, world: World) -> None:
    client = a_client(session, world.sender)
    nobody = Person(uuid4(), None, frozenset({"case_manager"}))
    with pytest.raises(HubError):
        list_consents(session, nobody, client.id, VAULT, now=NOW)
    system = Application("x", world.sender.agency_id, frozenset({"consents.read"}), nobody)
    with pytest.raises(HubError):
        list_consents(session, system, client.id, VAULT, now=NOW)
