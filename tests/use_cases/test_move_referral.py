"""Moving referrals: every cell of the table, the guards, one winner, and the row as a fold."""

from contextlib import suppress
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    AuditRow,
    Client,
    Disclosure,
    Referral,
    ReferralClock,
    Service,
    ServiceState,
)
from referral_hub.rules.actor import Actor, Application, System
from referral_hub.rules.client_profile import from_json
from referral_hub.rules.consent import Category
from referral_hub.rules.errors import (
    Conflict,
    ConsentMissing,
    HubError,
    IllegalMove,
    InvalidInput,
    NotFound,
    NotPermitted,
    VersionConflict,
)
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move, Part, Side, Status, next_status
from referral_hub.rules.referral_parts import parts_of
from referral_hub.rules.referral_state import replay
from referral_hub.rules.referrals import Channel, ContactMethod, Priority, Waiting
from referral_hub.use_cases.draft_referral import (
    Preparation,
    change_draft,
    draft_referral,
)
from referral_hub.use_cases.list_referrals import ListQuery, list_referrals
from referral_hub.use_cases.move_referral import move_referral
from referral_hub.use_cases.referral_talk import (
    Attempt,
    check_in,
    record_contact,
    write_message,
)
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.steps.referrals import happening_of, parties_of, state_of
from tests.referral_acts import PATHS, Played, a_draft, a_sent_one, in_status
from tests.referral_world import NOW, VAULT, World
from tests.threads import at_once


def actors(world: World) -> dict[str, Actor]:
    """Everybody who might try."""
    return {
        **{f"sender {name}": getattr(world.sender, name) for name in STAFF},
        **{f"receiver {name}": getattr(world.receiver, name) for name in STAFF},
        **{f"stranger {name}": getattr(world.stranger, name) for name in STAFF},
        "steward": world.steward,
        "system": System(),
    }


STAFF = ("case_manager", "intake_worker", "supervisor", "administrator", "application")


@pytest.mark.parametrize("status", [*sorted(PATHS), "expired"])
def test_everybody_can_do_exactly_what_the_table_says(sqlite_session: Session, status: str) -> None:
    require_what_the_table_says(sqlite_session, status)


def test_the_table_holds_on_both_databases(session: Session) -> None:
    require_what_the_table_says(session, "info_requested")


def require_what_the_table_says(session: Session, status: str) -> None:
    """Each actor tries each move, supplied with all that it needs, and is put back after each."""
    played = in_status(session, status)
    row = played.row
    parties, before = parties_of(row), (row.held_from, row.closed_from)
    for (name, actor), move in product(actors(played.world).items(), Move):
        parts = parts_of(actor, parties)
        if status == "draft":
            parts &= BEFORE_SENDING
        outcome = tried(played, move, actor)
        expected = expected_of(Status(status), move, parts, before)
        if "administrator" in name:
            expected = NotPermitted
        if isinstance(expected, Status):
            assert outcome == expected, (name, move)
        else:
            assert type(outcome) is expected, (name, move, outcome)


def expected_of(
    status: Status, move: Move, parts: frozenset[Part], before: tuple[str | None, str | None]
) -> Status | type[HubError]:
    """Where a move leads for somebody, or how it is refused."""
    if not parts:
        return NotFound
    if (status, move) in NOT_NOW:
        return IllegalMove
    for part in parts:
        if (move, part) == (Move.DECLINE, Part.RECEIVER_SUPERVISOR):
            continue  # nobody here wants declines reviewed: test_decline_proposals
        with suppress(IllegalMove):
            return next_status(status, move, part, *before_of(before))
    return IllegalMove


NOT_NOW = {
    *product((Status.SENT, Status.ACKNOWLEDGED, Status.INFO_REQUESTED), (Move.EXPIRE,)),
    *product((Status.ACCEPTED, Status.IN_PROGRESS, Status.ON_HOLD), (Move.CONFIRM_WITHDRAWAL,)),
}
"""What the table allows and the world does not: time is not over, and nobody asked to withdraw."""
BEFORE_SENDING = {
    Part.SENDER, Part.SENDER_APPLICATION, Part.SENDER_SUPERVISOR, Part.SYSTEM,
}  # fmt: skip


def before_of(before: tuple[str | None, str | None]) -> tuple[Status | None, Status | None]:
    """Where it was held and closed from."""
    held, closed = before
    return (Status(held) if held else None, Status(closed) if closed else None)


def tried(played: Played, move: Move, actor: Actor) -> str | HubError:
    """Where a move led, or why it did not; then all is as before."""
    session = played.session
    version = played.row.version
    session.rollback()
    session.info["referral_hub_transaction"] = {}  # joined, so that nothing is committed
    try:
        return move_referral(
            session, actor, VAULT, played.referral_id, move,
            MoveDetails(**played.defaults(move)),
            version=version, channel=Channel.PAGE, now=played.now,
        ).status  # fmt: skip
    except HubError as error:
        return error
    finally:
        del session.info["referral_hub_transaction"]
        session.rollback()


def test_the_whole_way_is_told_by_its_events(session: Session) -> None:
    played = a_draft(session)
    for move in (
        Move.SEND, Move.ACKNOWLEDGE, Move.ASK, Move.ANSWER, Move.WAITLIST, Move.ACCEPT, Move.HOLD,
        Move.RESUME, Move.START, Move.HOLD, Move.RESUME, Move.COMPLETE, Move.REOPEN,
        Move.CLOSE_UNMET,
    ):  # fmt: skip
        played.now += timedelta(minutes=5)
        played.move(move)
        assert replay(map(happening_of, played.events)) == state_of(played.row)
    row = played.row
    assert row.status == "closed_unmet"
    assert (row.closed_from, row.reason_code) == ("in_progress", "client_moved")
    assert row.first_closed_at is not None
    assert row.closed_at is not None
    assert row.first_closed_at < row.closed_at
    assert [event.seq for event in played.events] == list(range(1, row.seq + 1))


def test_completing_what_was_only_accepted_starts_it_first(session: Session) -> None:
    played = in_status(session, "accepted")
    played.move(Move.COMPLETE)
    assert [event.kind for event in played.events][-2:] == ["start", "complete"]
    assert played.row.closed_from == "in_progress"
    assert played.row.started_at is not None


def test_a_supervisor_of_the_receiver_completes_what_was_only_accepted(session: Session) -> None:
    played = in_status(session, "accepted")
    played.move(Move.COMPLETE, actor=played.world.receiver.supervisor)
    assert played.row.status == "completed"
    start, complete = played.events[-2:]
    assert (start.kind, complete.kind) == ("start", "complete")
    assert {start.actor_part, complete.actor_part} == {"receiver_supervisor"}


def test_completing_what_was_held_before_it_began_keeps_when_the_client_was_reached(
    session: Session,
) -> None:
    played = in_status(session, "on_hold")
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.COMPLETE, began_at=None)
    assert "contacted_at" in refused.value.fields
    played.now += timedelta(days=2)
    reached = NOW + timedelta(days=1)
    played.move(Move.COMPLETE, began_at=None, contacted_at=reached)
    row = played.row
    assert [event.kind for event in played.events][-3:] == ["resume", "start", "complete"]
    assert (row.first_contact_at, row.started_at, row.closed_at) == (reached, reached, played.now)
    assert row.closed_from == "in_progress"
    clocks = ReferralClock.referral_id == played.referral_id, ReferralClock.clock == "first_contact"
    ended = session.scalars(select(ReferralClock).where(*clocks)).one()
    assert (ended.ended_at, ended.ended) == (reached, "met")


def test_what_was_completed_some_time_ago_was_started_before(session: Session) -> None:
    played = in_status(session, "accepted")
    played.now += timedelta(days=3)
    ended = NOW + timedelta(days=2)
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.COMPLETE, occurred_at=ended, began_at=ended + timedelta(hours=1))
    assert set(refused.value.fields) == {"began_at"}
    played.move(Move.COMPLETE, occurred_at=ended, began_at=NOW + timedelta(days=1))
    start, complete = played.events[-2:]
    assert start.occurred_at == played.row.started_at == NOW + timedelta(days=1)
    assert complete.occurred_at == ended
    assert start.recorded_at == complete.recorded_at == played.now


@pytest.mark.parametrize("said", ["began_at", "contacted_at"])
def test_work_began_when_somebody_says_that_it_did(session: Session, said: str) -> None:
    played = in_status(session, "accepted")
    played.now += timedelta(days=2)
    at = NOW + timedelta(days=1)
    played.move(Move.START, **{"began_at": None, said: at})
    assert (played.row.started_at, played.events[-1].occurred_at) == (at, played.now)


def test_the_service_begins_after_the_contact_with_which_it_is_told(session: Session) -> None:
    played = in_status(session, "accepted")
    played.now += timedelta(days=2)
    reached, began = NOW + timedelta(hours=1), NOW + timedelta(days=1)
    played.move(Move.START, contacted_at=reached, began_at=began)
    assert (played.row.first_contact_at, played.row.started_at) == (reached, began)


def test_what_began_before_it_was_held_keeps_when_it_began(session: Session) -> None:
    played = in_status(session, "accepted")
    held = NOW + timedelta(days=2)
    played.now = held
    played.move(Move.HOLD)
    played.now += timedelta(days=1)
    began = NOW + timedelta(days=1)
    played.move(Move.COMPLETE, began_at=began)
    assert played.row.started_at == began
    assert [event.occurred_at for event in played.events][-3:] == [held, held, played.now]
    assert replay(map(happening_of, played.events)) == state_of(played.row)


def test_what_was_held_and_never_started_began_with_the_contact(session: Session) -> None:
    played = in_status(session, "on_hold")
    reached = NOW + timedelta(hours=1)
    played.now += timedelta(hours=2)
    attempt = Attempt(ContactMethod.CALL, reached=True, occurred_at=reached)
    record_contact(
        session, played.world.receiver.intake_worker, VAULT, played.referral_id, attempt,
        channel=Channel.PAGE, now=played.now,
    )  # fmt: skip
    for move in (Move.RESUME, Move.COMPLETE):
        played.now += timedelta(days=1)
        played.move(move, **({"began_at": None} if move is Move.COMPLETE else {}))
    assert played.row.started_at == reached


@pytest.mark.parametrize("days", [-1, 1])
def test_a_service_was_received_after_the_sending_and_by_today(session: Session, days: int) -> None:
    played = in_status(session, "accepted")
    day = NOW.date() + timedelta(days=days)
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.COMPLETE, service_date=day)
    assert set(refused.value.fields) == {"service_date"}
    assert played.row.status == "accepted"


def test_today_is_where_the_receiver_is(session: Session) -> None:
    played = in_status(session, "accepted")
    played.now = NOW + timedelta(hours=9)  # the day after in UTC, evening in Chicago
    today = NOW.date()
    assert played.now.date() > today
    for move, wrong in (
        (Move.COMPLETE, {"service_date": today + timedelta(days=1)}),
        (Move.HOLD, {"resume_on": today - timedelta(days=1)}),
    ):
        with pytest.raises(InvalidInput) as refused:
            played.move(move, **wrong)
        assert refused.value.fields.keys() == wrong.keys()
    played.move(Move.COMPLETE, service_date=today)


def test_completing_needs_contact_or_a_start(session: Session) -> None:
    played = in_status(session, "accepted")
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.COMPLETE, began_at=None)
    assert "contacted_at" in refused.value.fields
    assert played.row.status == "accepted"


def test_fifty_at_once_accept_and_one_wins(engine: Engine) -> None:
    with Session(engine) as session:
        played = a_sent_one(session)
        version, world, referral_id = played.row.version, played.world, played.referral_id

    def accept(number: int) -> str:
        worker = world.receiver.intake_worker if number % 2 else world.receiver.case_manager
        with Session(engine) as session:
            mine = Played(session, world, played.client, played.need, played.consent, referral_id)
            details = MoveDetails(**mine.defaults(Move.ACCEPT))
            return move_referral(
                session, worker, VAULT, referral_id, Move.ACCEPT, details,
                version=version, channel=Channel.PAGE, now=NOW,
            ).status  # fmt: skip

    outcomes = at_once(50, accept)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Exception)] == ["accepted"]
    losers = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert {type(loser) for loser in losers} == {VersionConflict}
    assert {loser.version for loser in losers if isinstance(loser, VersionConflict)} == {
        version + 1
    }
    with Session(engine) as session:
        assert session.get_one(Referral, referral_id).version == version + 1
        made = select(Client).where(Client.received_from == referral_id)
        assert len(session.scalars(made).all()) == 1


def test_who_saw_an_older_state_changes_nothing(session: Session) -> None:
    played = a_sent_one(session)
    version = played.row.version
    played.move(Move.ACKNOWLEDGE)
    with pytest.raises(VersionConflict) as refused:
        played.move(Move.DECLINE, version=version)
    assert "seen" in refused.value.message
    assert played.row.status == "acknowledged"


def test_accepting_makes_a_record_that_the_receiver_owns(session: Session) -> None:
    played = in_status(session, "accepted")
    record = session.get_one(Client, played.row.receiver_client_id)
    assert record.agency_id == played.world.receiver.agency_id
    profile = from_json(VAULT.open("client.profile", record.id, record.profile_sealed))
    assert (profile.given_name, profile.household_size) == ("Rosa", 4)
    assert (profile.income, profile.health, profile.violence) == (None, "", "")


def test_a_record_of_another_agency_cannot_be_taken_for_ones_own(session: Session) -> None:
    played = a_sent_one(session)
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.ACCEPT, receiver_client_id=played.client.id)
    assert "receiver_client_id" in refused.value.fields


def test_only_somebody_of_the_receiver_takes_it_on(session: Session) -> None:
    played = a_sent_one(session)
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.ACCEPT, assignee_id=played.world.sender.case_manager.person_id)
    assert "assignee_id" in refused.value.fields


def test_nothing_is_sent_without_consent(session: Session) -> None:
    played = a_draft(session)
    played.row.consent_id = None
    session.commit()
    with pytest.raises(ConsentMissing):
        played.move(Move.SEND)
    assert played.row.status == "draft"
    assert session.scalars(select(Disclosure)).all() == []


def test_an_emergency_is_not_sent_before_somebody_called(session: Session) -> None:
    played = a_draft(session, priority=Priority.EMERGENCY)
    played.row.called = False
    session.commit()
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.SEND)
    assert "called" in refused.value.fields


def test_a_second_open_referral_to_the_same_service_needs_a_reason(session: Session) -> None:
    first = a_sent_one(session)
    second = a_draft(session, world=first.world)
    row = second.row
    row.client_id, row.need_id = first.client.id, first.need.id
    row.consent_id = first.consent.id
    session.commit()
    with pytest.raises(InvalidInput) as refused:
        second.move(Move.SEND)
    assert "note" in refused.value.fields
    second.move(Move.SEND, note="The first one was about the winter.")
    assert second.row.status == "sent"


def test_nothing_is_sent_to_a_service_that_takes_none(session: Session) -> None:
    played = a_draft(session)
    session.add(
        ServiceState(
            service_id=played.world.receiver.service_id, capacity="closed", stated_by="test",
            stated_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    with pytest.raises(HubError) as refused:
        played.move(Move.SEND)
    assert "takes no referrals" in refused.value.message
    assert played.row.status == "draft"


def listed_as(played: Played, capacity: str) -> None:
    played.session.add(
        ServiceState(
            service_id=played.world.receiver.service_id, capacity=capacity, stated_by="test",
            stated_at=NOW,
        )
    )  # fmt: skip
    played.session.commit()


def test_there_is_no_waiting_list_where_the_service_takes_none(session: Session) -> None:
    played = a_sent_one(session)
    listed_as(played, "closed")
    with pytest.raises(IllegalMove) as refused:
        played.move(Move.WAITLIST, note="Perhaps later.")
    assert "keeps no waiting list" in refused.value.message
    assert played.row.status == "sent"


def test_nobody_waits_without_a_word_where_the_listing_says_that_places_are_free(
    session: Session,
) -> None:
    played = a_sent_one(session)
    listed_as(played, "open")
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.WAITLIST)
    assert set(refused.value.fields) == {"note"}
    played.move(Move.WAITLIST, note="The last place went this morning.")
    assert played.row.status == "waitlisted"


def test_a_place_on_the_waiting_list_may_say_when_it_is_expected(session: Session) -> None:
    played = a_sent_one(session)
    listed_as(played, "waiting_list")
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.WAITLIST, expected_on=NOW.date() - timedelta(days=2))
    assert set(refused.value.fields) == {"expected_on"}
    spring = NOW.date() + timedelta(days=120)
    played.move(Move.WAITLIST, expected_on=spring)
    sender = played.world.sender.case_manager
    assert show_referral(
        session, sender, VAULT, played.referral_id, now=NOW
    ).expected_on == spring  # fmt: skip
    played.move(Move.ACCEPT)
    assert played.row.expected_on is None


def test_giving_up_on_contact_needs_three_tries_on_two_days(session: Session) -> None:
    played = in_status(session, "accepted")
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.CLOSE_UNMET, reason="unable_to_contact")
    assert "3 times on 2 different days" in refused.value.fields["reason"]


def test_the_sender_asks_to_withdraw_once_work_goes_on(session: Session) -> None:
    played = in_status(session, "accepted")
    with pytest.raises(IllegalMove):
        played.move(Move.WITHDRAW)
    with pytest.raises(IllegalMove):
        played.move(Move.CONFIRM_WITHDRAWAL)
    played.move(Move.REQUEST_WITHDRAWAL)
    assert played.row.status == "accepted"
    played.move(Move.CONFIRM_WITHDRAWAL)
    assert (played.row.status, played.row.reason_code) == ("withdrawn", "client_request")


def test_a_withdrawal_is_confirmed_with_the_reason_of_who_asked_for_it(session: Session) -> None:
    played = in_status(session, "on_hold")
    played.move(Move.REQUEST_WITHDRAWAL, reason="risk_changed")
    assert played.row.reason_code == "awaiting_client", "it is still held for that"
    played.move(Move.RESUME)
    played.move(Move.HOLD, reason="service_paused")
    played.move(Move.CONFIRM_WITHDRAWAL, reason="client_request")
    assert (played.row.status, played.row.reason_code) == ("withdrawn", "risk_changed")
    assert played.events[-1].reason_code == "risk_changed"


def test_what_is_missing_is_named_and_nothing_changes(session: Session) -> None:
    played = a_sent_one(session)
    version = played.row.version
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.ACCEPT, assignee_id=None, first_contact_by=None)
    assert set(refused.value.fields) == {"assignee_id", "first_contact_by"}
    assert played.row.version == version


def test_an_unknown_reason_is_refused(session: Session) -> None:
    played = a_sent_one(session)
    with pytest.raises(InvalidInput):
        played.move(Move.DECLINE, reason="because")
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.DECLINE, reason="other")
    assert "note" in refused.value.fields


def test_nothing_happens_before_it_was_sent_or_after_now(session: Session) -> None:
    played = in_status(session, "accepted")
    for wrong in (NOW - timedelta(days=1), NOW + timedelta(minutes=1)):
        with pytest.raises(InvalidInput) as refused:
            played.move(Move.START, began_at=wrong)
        assert "began_at" in refused.value.fields


def test_each_move_is_in_the_audit_without_a_word_of_what_was_written(session: Session) -> None:
    played = a_sent_one(session)
    played.move(Move.ASK)
    rows = session.scalars(select(AuditRow).where(AuditRow.action == "referral:ask")).all()
    assert [row.record_id for row in rows] == [played.referral_id]
    assert all("lease" not in (row.detail or "") for row in rows)


def test_an_application_without_the_scope_finds_nothing(session: Session) -> None:
    played = a_sent_one(session)
    receiver = played.world.receiver
    reader = Application("reader", receiver.agency_id, frozenset({"referrals.read"}))
    with pytest.raises(NotPermitted):
        played.move(Move.ACKNOWLEDGE, actor=reader)
    sender_only = Application("sender", receiver.agency_id, frozenset({"referrals.send"}))
    with pytest.raises(NotFound):
        played.move(Move.ACKNOWLEDGE, actor=sender_only)


def test_a_withdrawn_referral_is_closed_to_its_receiver(session: Session) -> None:
    played = in_status(session, "withdrawn")
    rows = session.scalars(
        select(Disclosure).where(Disclosure.referral_id == played.referral_id)
    ).all()
    assert rows
    assert all(row.closed_at is not None for row in rows)


@pytest.mark.parametrize("move", [Move.ACCEPT, Move.WAITLIST])
def test_nothing_is_taken_on_whose_consent_has_ended(session: Session, move: Move) -> None:
    played = a_sent_one(session)
    played.now = NOW + timedelta(days=366)
    with pytest.raises(ConsentMissing):
        played.move(move)
    assert played.row.status == "sent"


def test_no_answer_tells_more_than_the_client_agrees_to(session: Session) -> None:
    played = in_status(session, "info_requested")
    played.now = NOW + timedelta(days=366)
    with pytest.raises(ConsentMissing):
        played.move(Move.ANSWER)
    assert played.row.status == "info_requested"


@pytest.mark.parametrize("move", [Move.WITHDRAW, Move.VOID])
def test_what_was_never_sent_is_never_there_for_the_receiver(session: Session, move: Move) -> None:
    played = a_draft(session)
    played.move(move)
    receiver = played.world.receiver
    for side, total in ((Side.RECEIVER, 0), (Side.SENDER, 1)):
        who = receiver.intake_worker if side is Side.RECEIVER else played.world.sender.case_manager
        query = ListQuery(side, Waiting.ENDED)
        found = list_referrals(session, who, VAULT, query, now=NOW)
        assert len(found.lines) == total
    with pytest.raises(NotFound):
        show_referral(session, receiver.intake_worker, VAULT, played.referral_id, now=NOW)
    with pytest.raises(NotFound):
        write_message(
            session, receiver.intake_worker, VAULT, played.referral_id, "Hello",
            channel=Channel.PAGE, now=NOW,
        )  # fmt: skip


def test_a_referral_is_sent_when_it_is_sent(session: Session) -> None:
    played = a_draft(session)
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.SEND, occurred_at=NOW - timedelta(days=400))
    assert "occurred_at" in refused.value.fields


def test_nothing_happens_before_what_happened_last(session: Session) -> None:
    played = a_sent_one(session)
    played.now += timedelta(hours=2)
    played.move(Move.ASK)
    played.now += timedelta(hours=2)
    played.move(Move.ANSWER)
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.ACCEPT, occurred_at=NOW + timedelta(minutes=1))
    assert "occurred_at" in refused.value.fields


def test_the_sender_writes_nothing_more_once_consent_is_over(session: Session) -> None:
    played = in_status(session, "accepted")
    later = NOW + timedelta(days=366)
    sender, receiver = played.world.sender.case_manager, played.world.receiver.intake_worker
    with pytest.raises(ConsentMissing):
        write_message(
            session, sender, VAULT, played.referral_id, "She has", channel=Channel.PAGE, now=later
        )
    write_message(
        session, receiver, VAULT, played.referral_id, "Done", channel=Channel.PAGE, now=later
    )


def test_ones_own_service_needs_no_referral(session: Session) -> None:
    played = a_draft(session)
    own = played.world.sender
    with pytest.raises(Conflict):
        draft_referral(
            session, own.case_manager, VAULT, played.client.id, played.need.id, own.service_id,
            Preparation(), channel=Channel.PAGE, now=NOW,
        )  # fmt: skip


def test_a_service_that_is_not_public_is_not_there(session: Session) -> None:
    played = a_draft(session)
    service = session.get_one(Service, played.world.stranger.service_id)
    service.visibility = "hidden"
    session.commit()
    with pytest.raises(InvalidInput) as refused:
        draft_referral(
            session, played.world.sender.case_manager, VAULT, played.client.id, played.need.id,
            service.id, Preparation(), channel=Channel.PAGE, now=NOW,
        )  # fmt: skip
    assert "service_id" in refused.value.fields


def test_what_people_write_on_a_referral_is_nowhere_in_clear(
    sqlite_session: Session, sqlite_url: str
) -> None:
    played = a_draft(sqlite_session)
    words = [f"kestrel{number}plover" for number in range(8)]
    preparation = Preparation(
        Priority.ROUTINE, words[0], frozenset({Category.HOUSEHOLD}), played.consent.id
    )
    sender, intake = played.world.sender.case_manager, played.world.receiver.intake_worker
    change_draft(
        sqlite_session, sender, VAULT, played.referral_id, preparation,
        version=played.row.version, now=NOW,
    )  # fmt: skip
    played.move(Move.SEND)
    played.move(Move.ASK, question=words[1])
    played.move(Move.ANSWER, answer=words[2])
    played.move(Move.ACCEPT, note=words[3])
    for who, text in ((sender, words[4]), (intake, words[5])):
        write_message(
            sqlite_session, who, VAULT, played.referral_id, text, channel=Channel.PAGE, now=NOW
        )
    attempt = Attempt(ContactMethod.CALL, reached=False, occurred_at=NOW, note=words[6])
    record_contact(
        sqlite_session, intake, VAULT, played.referral_id, attempt, channel=Channel.PAGE, now=NOW
    )
    check_in(
        sqlite_session, intake, VAULT, played.referral_id, words[7], channel=Channel.PAGE, now=NOW
    )
    sqlite_session.rollback()
    sqlite_session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    stored = b"".join(path.read_bytes() for path in folder.glob("hub.sqlite3*"))
    assert b"referral_event" in stored
    for each in words:
        assert each.encode() not in stored
