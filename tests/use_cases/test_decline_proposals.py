"""Declines that an agency wants a supervisor to decide."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, DeclineLook, Notice
from referral_hub.rules.actor import Actor, Person, System
from referral_hub.rules.errors import (
    Conflict,
    IllegalMove,
    InvalidInput,
    NotFound,
    NotPermitted,
    ReviewNeeded,
    VersionConflict,
)
from referral_hub.rules.notices import NoticeKind
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move, Part
from referral_hub.rules.referral_state import replay
from referral_hub.rules.referrals import Channel, Fact
from referral_hub.rules.roles import Role
from referral_hub.use_cases.decline_looks import look_at_decline
from referral_hub.use_cases.decline_proposals import (
    approve_decline,
    propose_decline,
    return_decline,
)
from referral_hub.use_cases.decline_rule import change_decline_rule, reviews_declines_of
from referral_hub.use_cases.expire_referrals import keep_time
from referral_hub.use_cases.hand_on_events import hand_on_events
from referral_hub.use_cases.show_declines import list_declines, show_decline
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.steps.referrals import happening_of, state_of
from tests.referral_acts import Played, a_sent_one, in_status
from tests.threads import at_once

WHY = "All four places are promised."


def reviewed(session: Session, status: str = "acknowledged", **values: Any) -> Played:
    """A referral to an agency where supervisors decide on declines."""
    played = in_status(session, status, **values)
    staff = played.world.receiver
    change_decline_rule(
        session, staff.administrator, staff.agency_id, reviewed=True, now=played.now
    )
    return played


def proposed(session: Session, status: str = "acknowledged", **values: Any) -> Played:
    """Such a referral, which a worker proposed to decline."""
    played = reviewed(session, status, **values)
    propose(played)
    return played


def propose(played: Played, actor: Actor | None = None, **details: Any) -> None:
    propose_decline(
        played.session, actor or played.world.receiver.intake_worker, played.vault,
        played.referral_id, MoveDetails(**({"reason": "no_capacity", "note": WHY} | details)),
        version=played.row.version, channel=Channel.PAGE, now=played.now,
    )  # fmt: skip


def approve(played: Played, actor: Actor | None = None, version: int | None = None) -> None:
    approve_decline(
        played.session, actor or played.world.receiver.supervisor, played.vault,
        played.referral_id, version=version, channel=Channel.PAGE, now=played.now,
    )  # fmt: skip


def send_back(played: Played, note: str = "Ask the other house first.") -> None:
    return_decline(
        played.session, played.world.receiver.supervisor, played.vault, played.referral_id, note,
        version=played.row.version, channel=Channel.PAGE, now=played.now,
    )  # fmt: skip


def page(played: Played, actor: Person) -> Any:
    return show_referral(played.session, actor, played.vault, played.referral_id, now=played.now)


def news(played: Played) -> set[tuple[Any, NoticeKind]]:
    played.session.rollback()
    while hand_on_events(played.session, System("worker"), now=played.now):
        pass
    return {(row.person_id, NoticeKind(row.kind)) for row in played.session.scalars(select(Notice))}


def test_without_the_setting_a_worker_declines_and_proposes_nothing(session: Session) -> None:
    played = a_sent_one(session)
    with pytest.raises(Conflict):
        propose(played)
    assert not page(played, played.world.receiver.intake_worker).may_propose
    played.move(Move.DECLINE)
    assert played.row.status == "declined"


def test_without_the_setting_a_supervisor_who_works_on_nothing_does_not_decline(
    session: Session,
) -> None:
    played = a_sent_one(session)
    with pytest.raises(IllegalMove):
        played.move(Move.DECLINE, played.world.receiver.supervisor)
    choices = {choice.move for choice in page(played, played.world.receiver.supervisor).moves}
    assert Move.DECLINE not in choices


@pytest.mark.parametrize("status", ["sent", "acknowledged", "info_requested"])
def test_with_the_setting_neither_a_worker_nor_a_system_declines(
    session: Session, status: str
) -> None:
    played = reviewed(session, status)
    receiver = played.world.receiver
    for actor in (receiver.intake_worker, receiver.case_manager, receiver.application):
        with pytest.raises(ReviewNeeded) as refused:
            played.move(Move.DECLINE, actor)
        assert refused.value.code == "review-needed"
    assert played.row.status == status
    choices = page(played, receiver.intake_worker)
    assert choices.may_propose
    assert Move.DECLINE not in {choice.move for choice in choices.moves}


def test_with_the_setting_a_supervisor_of_the_team_declines_also_who_works_on_it(
    session: Session,
) -> None:
    played = reviewed(session)
    lead = played.world.receiver.supervisor
    both = replace(lead, roles=lead.roles | {Role.INTAKE_WORKER})
    assert not page(played, both).may_propose
    played.move(Move.DECLINE, both)
    assert played.events[-1].actor_part == Part.RECEIVER_SUPERVISOR


def test_a_supervisor_of_another_team_who_works_on_it_only_proposes(session: Session) -> None:
    played = reviewed(session)
    lead = played.world.receiver.supervisor
    elsewhere = replace(lead, roles=lead.roles | {Role.INTAKE_WORKER}, teams=frozenset({uuid4()}))
    with pytest.raises(ReviewNeeded):
        played.move(Move.DECLINE, elsewhere)
    propose(played, elsewhere)
    with pytest.raises(NotFound):
        approve(played, elsewhere)


def test_a_proposal_decides_nothing_and_the_clocks_run_on(session: Session) -> None:
    played = reviewed(session)
    before = played.row.due_at
    propose(played)
    assert (played.row.status, played.row.due_at) == ("acknowledged", before)
    assert played.row.decided_at is None
    played.now += timedelta(days=20)
    keep_time(session, System(), now=played.now)
    assert played.row.status == "expired"
    assert played.row.decline_proposed_at is None


def test_approved_it_is_declined_in_the_supervisors_part_as_it_was_proposed(
    session: Session,
) -> None:
    played = proposed(session)
    approve(played)
    event = played.events[-1]
    assert (event.kind, event.actor_part) == (Move.DECLINE, Part.RECEIVER_SUPERVISOR)
    assert (played.row.status, played.row.reason_code) == ("declined", "no_capacity")
    told = page(played, played.world.sender.case_manager)
    assert told.timeline[-1].words == WHY
    assert replay(map(happening_of, played.events)) == state_of(played.row)


def test_the_sender_learns_nothing_of_a_proposal_nor_of_its_return(session: Session) -> None:
    played = proposed(session)
    send_back(played)
    view = page(played, played.world.sender.case_manager)
    assert {entry.kind for entry in view.timeline}.isdisjoint(
        {Fact.DECLINE_PROPOSED, Fact.DECLINE_RETURNED}
    )
    propose(played)
    view = page(played, played.world.sender.case_manager)
    assert view.proposal is None
    assert WHY not in repr(view)
    sender = played.world.sender
    heard = {person_id for person_id, kind in news(played) if kind is NoticeKind.REVIEW}
    assert heard.isdisjoint({sender.case_manager.person_id, sender.supervisor.person_id})


def test_sent_back_the_worker_hears_of_it_and_reads_why(session: Session) -> None:
    played = proposed(session)
    receiver = played.world.receiver
    assert (receiver.supervisor.person_id, NoticeKind.REVIEW) in news(played)
    send_back(played)
    assert (receiver.intake_worker.person_id, NoticeKind.REVIEW) in news(played)
    view = page(played, receiver.intake_worker)
    assert view.proposal is None
    assert view.may_propose
    assert view.timeline[-1].words == "Ask the other house first."
    with pytest.raises(Conflict):
        approve(played)


LAPSES: dict[Move, str] = {
    Move.ASK: "acknowledged",
    Move.ANSWER: "info_requested",
    Move.ANSWERED_OTHERWISE: "info_requested",
    Move.ACCEPT: "acknowledged",
    Move.WAITLIST: "acknowledged",
    Move.WITHDRAW: "acknowledged",
    Move.VOID: "acknowledged",
}


@pytest.mark.parametrize(("move", "status"), LAPSES.items())
def test_a_proposal_lapses_when_the_referral_moves_on(
    session: Session, move: Move, status: str
) -> None:
    played = proposed(session, status)
    played.move(move)
    assert played.row.decline_proposed_at is None
    with pytest.raises(Conflict):
        approve(played)
    assert (
        list_declines(
            session, played.world.receiver.supervisor, played.vault, now=played.now
        ).waiting
        == ()
    )


def test_what_is_proposed_is_declined_by_no_worker_and_no_system(session: Session) -> None:
    played = proposed(session)
    for actor in (played.world.receiver.intake_worker, played.world.receiver.application):
        with pytest.raises(ReviewNeeded):
            played.move(Move.DECLINE, actor, reason="not_eligible", note="Too young.")
    assert played.row.decline_proposed_at is not None


@pytest.mark.parametrize(
    ("who", "reviews"),
    [
        ("worker", False), ("system", False), ("supervisor who works on it", False),
        ("supervisor who works on it", True),
    ],
)  # fmt: skip
def test_a_decline_by_whoever_may_overtakes_the_proposal(
    session: Session, who: str, reviews: bool
) -> None:
    played = proposed(session)
    staff, lead = played.world.receiver, played.world.receiver.supervisor
    change_decline_rule(session, lead, staff.agency_id, reviewed=reviews, now=played.now)
    actors: dict[str, Actor] = {"worker": staff.intake_worker, "system": staff.application}
    actor = actors.get(who, replace(lead, roles=lead.roles | {Role.INTAKE_WORKER}))
    played.move(Move.DECLINE, actor, reason="not_eligible", note="Too young.")
    assert (played.row.status, played.row.reason_code) == ("declined", "not_eligible")
    assert played.row.decline_proposed_at is None
    assert replay(map(happening_of, played.events)) == state_of(played.row)
    assert page(played, staff.intake_worker).proposal is None
    found = list_declines(session, lead, played.vault, now=played.now)
    assert found.waiting == ()
    view = show_decline(session, lead, played.vault, played.referral_id, now=played.now)
    assert (view.waits, view.line.said.words) == (False, "Too young.")
    for answer in (approve, send_back):
        with pytest.raises(Conflict):
            answer(played)
    assert [event.kind for event in played.events].count(Move.DECLINE) == 1


def test_that_somebody_has_seen_it_ends_no_proposal(session: Session) -> None:
    played = proposed(session, "sent")
    played.move(Move.ACKNOWLEDGE)
    assert played.row.decline_proposed_at is not None
    approve(played)
    assert played.row.status == "declined"


@pytest.mark.parametrize("status", ["waitlisted", "accepted", "declined", "completed"])
def test_what_is_decided_is_not_proposed_to_be_declined(session: Session, status: str) -> None:
    played = in_status(session, status)
    staff = played.world.receiver
    change_decline_rule(
        session, staff.administrator, staff.agency_id, reviewed=True, now=played.now
    )
    with pytest.raises(IllegalMove):
        propose(played)


def test_a_proposal_needs_what_the_decline_needs(session: Session) -> None:
    played = reviewed(session)
    for wrong in ({"reason": None}, {"reason": "no_such"}, {"reason": "other", "note": " "}):
        with pytest.raises(InvalidInput):
            propose(played, **wrong)
    propose(played)
    with pytest.raises(Conflict):
        propose(played)
    with pytest.raises(InvalidInput):
        send_back(played, "  ")


def test_only_a_worker_proposes_and_only_a_supervisor_of_the_team_decides(
    session: Session,
) -> None:
    played = reviewed(session)
    world = played.world
    for actor, error in (
        (world.receiver.supervisor, NotPermitted), (world.receiver.administrator, NotPermitted),
        (world.sender.case_manager, NotPermitted), (world.stranger.intake_worker, NotFound),
        (world.receiver.application, NotPermitted),
    ):  # fmt: skip
        with pytest.raises(error):
            propose(played, actor)
    propose(played)
    elsewhere = replace(world.receiver.supervisor, teams=frozenset({uuid4()}))
    for actor in (world.sender.supervisor, world.stranger.supervisor, elsewhere):
        with pytest.raises(NotFound):
            approve(played, actor)
    for actor in (
        world.receiver.intake_worker, world.receiver.administrator, world.steward,
        world.receiver.application, System(),
    ):  # fmt: skip
        with pytest.raises(NotPermitted):
            approve(played, actor)


def test_what_is_proposed_can_be_sent_back_also_when_the_setting_is_switched_off(
    session: Session,
) -> None:
    played = proposed(session)
    staff = played.world.receiver
    change_decline_rule(session, staff.supervisor, staff.agency_id, reviewed=False, now=played.now)
    lead = staff.supervisor
    (waiting,) = list_declines(session, lead, played.vault, now=played.now).waiting
    assert waiting.said.words == WHY
    assert page(played, lead).proposal.may_decide
    send_back(played)
    assert page(played, staff.intake_worker).proposal is None
    assert not page(played, staff.intake_worker).may_propose


def test_what_is_proposed_is_approved_also_when_the_setting_is_switched_off(
    session: Session,
) -> None:
    played = proposed(session)
    staff = played.world.receiver
    change_decline_rule(session, staff.supervisor, staff.agency_id, reviewed=False, now=played.now)
    approve(played)
    assert played.row.status == "declined"


def test_the_setting_is_the_administrators_and_the_supervisors(session: Session) -> None:
    played = reviewed(session)
    staff, other = played.world.receiver, played.world.stranger
    for actor in (staff.administrator, staff.supervisor):
        assert reviews_declines_of(session, actor, staff.agency_id)
    with pytest.raises(NotPermitted):
        reviews_declines_of(session, staff.intake_worker, staff.agency_id)
    with pytest.raises(NotFound):
        change_decline_rule(
            session, other.administrator, staff.agency_id, reviewed=False, now=played.now
        )
    assert session.scalars(
        select(AuditRow.detail).where(AuditRow.action == "decline:rule")
    ).all() == ["reviewed"]


def test_who_decides_on_what_was_changed_meanwhile_is_told(session: Session) -> None:
    played = proposed(session)
    seen = played.row.version
    send_back(played)
    propose(played, note="Still nothing free.")
    with pytest.raises(VersionConflict):
        approve(played, version=seen)
    assert played.row.status == "acknowledged"


def test_of_two_supervisors_who_approve_at_once_one_declines(engine: Engine) -> None:
    with Session(engine) as session:
        played = proposed(session)
        version = played.row.version
        session.expunge_all()

    def work(number: int) -> None:
        with Session(engine) as own:
            mine = Played(
                own, played.world, played.client, played.need, played.consent, played.referral_id
            )
            approve(mine, version=version)

    found = at_once(2, work)
    assert sorted(map(type, found), key=str) == sorted([type(None), VersionConflict], key=str)
    with Session(engine) as session:
        played.session = session
        assert [event.kind for event in played.events].count(Move.DECLINE) == 1


def test_a_supervisor_sees_what_waits_in_their_teams_and_what_was_declined_by_reason(
    session: Session,
) -> None:
    played = proposed(session)
    lead = played.world.receiver.supervisor
    found = list_declines(session, lead, played.vault, now=played.now)
    assert [line.said.words for line in found.waiting] == [WHY]
    assert found.groups == ()
    approve(played)
    found = list_declines(session, lead, played.vault, now=played.now)
    assert found.waiting == ()
    assert [(group.reason, len(group.lines)) for group in found.groups] == [("No place free", 1)]
    assert found.groups[0].lines[0].may_undecline
    elsewhere = replace(lead, teams=frozenset({uuid4()}))
    nothing = list_declines(session, elsewhere, played.vault, now=played.now)
    assert (nothing.waiting, nothing.groups) == ((), ())
    later = played.now + timedelta(days=91)
    assert list_declines(session, lead, played.vault, now=later).groups == ()


def test_looking_back_works_also_where_nobody_reviews_and_is_noted_once(
    session: Session,
) -> None:
    played = in_status(session, "declined")
    lead = played.world.receiver.supervisor

    def look(actor: Actor = lead) -> None:
        look_at_decline(
            session, actor, played.vault, played.referral_id, "Right so.", now=played.now
        )

    with pytest.raises(NotFound):
        look(played.world.sender.supervisor)
    look()
    view = show_decline(session, lead, played.vault, played.referral_id, now=played.now)
    assert not view.waits
    assert view.line.look is not None
    assert view.line.look.note == "Right so."
    with pytest.raises(InvalidInput):
        look()
    session.rollback()
    assert len(session.scalars(select(DeclineLook)).all()) == 1
    assert b"Right" not in (session.scalars(select(DeclineLook.note_sealed)).one() or b"")


def test_a_decline_that_was_taken_back_did_not_last(session: Session) -> None:
    played = in_status(session, "declined")
    played.now += timedelta(hours=1)
    played.move(Move.UNDECLINE)
    lead = played.world.receiver.supervisor
    (group,) = list_declines(session, lead, played.vault, now=played.now).groups
    assert [(line.taken_back, line.may_undecline) for line in group.lines] == [(True, False)]


@pytest.mark.parametrize("status", ["sent", "accepted"])
def test_what_nobody_declined_has_no_page_of_a_decline(session: Session, status: str) -> None:
    played = in_status(session, status)
    with pytest.raises(NotFound):
        show_decline(
            session, played.world.receiver.supervisor, played.vault, played.referral_id,
            now=played.now,
        )  # fmt: skip


def test_the_words_of_a_proposal_are_sealed(session: Session) -> None:
    played = proposed(session)
    event = next(each for each in played.events if each.kind == Fact.DECLINE_PROPOSED)
    assert event.note_sealed is not None
    assert WHY.encode() not in event.note_sealed
    assert WHY not in str(event.data)
