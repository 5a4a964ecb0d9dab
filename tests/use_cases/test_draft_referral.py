"""Changing a draft: it is another draft afterwards, for everybody who saw the older one."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Phone, ReferralEvent, Service
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict, VersionConflict
from referral_hub.rules.news import News, Roster, concerned
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referral_state import replay
from referral_hub.rules.referrals import Fact, Priority
from referral_hub.rules.webhooks import KINDS
from referral_hub.use_cases.draft_referral import Preparation, change_draft
from referral_hub.use_cases.show_draft import show_draft
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.steps.referrals import happening_of, state_of
from tests.referral_acts import SHARED, Played, a_draft, a_sent_one
from tests.referral_world import NOW, VAULT


def change(played: Played, actor: Actor, priority: Priority, version: int | None = None) -> None:
    preparation = Preparation(priority, "No lease.", SHARED, played.consent.id, called=True)
    change_draft(
        played.session, actor, VAULT, played.referral_id, preparation,
        version=played.row.version if version is None else version, now=NOW,
    )  # fmt: skip


def test_a_changed_draft_has_a_new_version(session: Session) -> None:
    played = a_draft(session)
    before = played.row.version
    change(played, played.world.sender.case_manager, Priority.URGENT)
    row = played.row
    assert (row.version, row.priority) == (before + 1, "urgent")


def test_who_saw_the_draft_before_it_was_changed_does_not_send_it(session: Session) -> None:
    played = a_draft(session)
    seen = played.row.version
    change(played, played.world.sender.application, Priority.URGENT)
    with pytest.raises(VersionConflict):
        played.move(Move.SEND, version=seen)
    with pytest.raises(VersionConflict):
        change(played, played.world.sender.case_manager, Priority.ROUTINE, version=seen)
    assert (played.row.status, played.row.priority) == ("draft", "urgent")
    played.move(Move.SEND)
    assert played.row.status == "sent"


def test_a_changed_draft_is_the_fold_of_its_events(session: Session) -> None:
    played = a_draft(session)
    change(played, played.world.sender.case_manager, Priority.EMERGENCY)
    change(played, played.world.sender.case_manager, Priority.URGENT)
    played.move(Move.SEND)
    assert replay(map(happening_of, played.events)) == state_of(played.row)


def test_what_was_sent_does_not_change(session: Session) -> None:
    played = a_sent_one(session)
    with pytest.raises(Conflict):
        change(played, played.world.sender.case_manager, Priority.URGENT)
    assert played.row.priority == "routine"


def test_the_receiver_learns_nothing_of_changes_of_the_draft(session: Session) -> None:
    played = a_draft(session)
    world = played.world
    change(played, world.sender.case_manager, Priority.URGENT)
    played.move(Move.SEND)
    event = session.scalars(select(ReferralEvent).where(ReferralEvent.kind == Fact.CHANGED)).one()
    everybody = Roster(
        frozenset({world.sender.intake_worker.person_id}),
        frozenset({world.sender.supervisor.person_id}),
        frozenset({world.receiver.intake_worker.person_id}),
        frozenset({world.receiver.supervisor.person_id}),
    )
    news = News(
        event.kind, event.from_status, event.to_status, "emergency", event.actor_part,
        event.actor_person_id, event.data,
    )  # fmt: skip
    assert concerned(news, everybody) == ()
    assert Fact.CHANGED not in KINDS
    session.rollback()
    told = {
        side: [
            entry.label
            for entry in show_referral(session, actor, VAULT, played.referral_id, now=NOW).timeline
        ]
        for side, actor in (
            ("sender", world.sender.case_manager),
            ("receiver", world.receiver.intake_worker),
        )
    }
    assert "Changed the draft" in told["sender"]
    assert "Changed the draft" not in told["receiver"]


def test_whom_to_call_is_the_services_own_number_before_its_organizations(
    session: Session,
) -> None:
    played = a_draft(session)
    service = session.get_one(Service, played.world.receiver.service_id)

    def shown() -> str:
        who = played.world.sender.case_manager
        return show_draft(session, who, VAULT, played.referral_id, now=NOW).phone

    def listed(number: str, kind: str | None = None, **owner: UUID) -> None:
        row = Phone(id=uuid4(), number=number, type=kind, created_at=NOW, updated_at=NOW, **owner)
        session.add(row)
        session.commit()

    assert shown() == ""
    listed("312-555-0100", organization_id=service.organization_id)
    assert shown() == "312-555-0100"
    listed("312-555-0101", "fax", service_id=service.id)
    listed("312-555-0102", "voice", service_id=service.id)
    assert shown() == "312-555-0102"
