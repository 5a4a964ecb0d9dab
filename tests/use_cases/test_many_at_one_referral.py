"""Many acts on one referral, its need and its client at the same moment: nobody waits for each
other, and what is told adds up."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from referral_hub.models import AgencyEvent, Need, Notice, Referral
from referral_hub.rules.actor import System
from referral_hub.rules.clients import NoteKind
from referral_hub.rules.consent import RevokedBy
from referral_hub.rules.errors import HubError, NotFound
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move, Part
from referral_hub.rules.referral_state import replay
from referral_hub.rules.referrals import Channel, ContactMethod
from referral_hub.use_cases.client_context import choose_client
from referral_hub.use_cases.client_notes import add_note
from referral_hub.use_cases.clients import assign_client
from referral_hub.use_cases.consents import record_consent, revoke_consent
from referral_hub.use_cases.draft_referral import Preparation, make_referral
from referral_hub.use_cases.expire_referrals import keep_time
from referral_hub.use_cases.hand_on_events import hand_on_events
from referral_hub.use_cases.household import add_member
from referral_hub.use_cases.move_referral import move_referral
from referral_hub.use_cases.needs import weigh_need
from referral_hub.use_cases.referral_talk import (
    Attempt,
    assign_referral,
    check_in,
    record_contact,
    write_message,
)
from referral_hub.use_cases.steps.received_clients import give_back, receive_client
from referral_hub.use_cases.steps.referrals import Act, happening_of, locked_referral, state_of
from referral_hub.use_cases.tasks import add_task
from tests.consent_world import new_consent
from tests.referral_acts import SHARED, Played, a_sent_one, in_status
from tests.referral_world import A_PROFILE, NOW, VAULT
from tests.threads import at_once
from tests.use_cases.test_client_context import signed_in

THREADS, ROUNDS = 6, 12
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
"""How many wait for a lock of somebody else."""


@pytest.mark.parametrize("after", [timedelta(hours=1), timedelta(days=20)])
def test_whatever_happens_at_once_is_done_or_refused(
    engine: Engine, after: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    """Also when the time of the referral is over, so that it expires in between."""
    with Session(engine) as session:
        played = a_sent_one(session)
        session.expunge_all()
    moments = count()

    def work(number: int) -> None:
        random = Random(number)
        with Session(engine) as own:
            for _ in range(ROUNDS):
                acts = list(
                    acts_on(own, played, number, NOW + after + timedelta(seconds=next(moments)))
                )
                try:
                    random.choice(acts)()
                except HubError:
                    own.rollback()

    assert at_once(THREADS, work) == [None] * THREADS
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []
    with Session(engine) as session:
        for referral_id in session.scalars(select(Referral.id)).all():
            mine = Played(
                session, played.world, played.client, played.need, played.consent, referral_id
            )
            assert replay(map(happening_of, mine.events)) == state_of(mine.row)
        for agency_id in (played.world.sender.agency_id, played.world.receiver.agency_id):
            numbers = session.scalars(
                select(AgencyEvent.number).where(AgencyEvent.agency_id == agency_id)
            ).all()
            assert sorted(numbers) == list(range(1, len(numbers) + 1))


def acts_on(
    session: Session, played: Played, number: int, now: datetime
) -> Iterator[Callable[[], object]]:
    """What people, systems and the hub do, each as likely as the others."""
    world, one = played.world, played.referral_id
    sender, receiver = world.sender.case_manager, world.receiver.intake_worker
    client_id, need_id, consent_id = ids_of(session, one)
    page = Channel.PAGE
    mine = Played(session, world, played.client, played.need, played.consent, one, now)

    def move(chosen: Move) -> Callable[[], object]:
        details = MoveDetails(**mine.defaults(chosen))
        return lambda: move_referral(
            session, mine.whose(chosen), VAULT, one, chosen, details,
            version=None, channel=page, now=now,
        )  # fmt: skip

    for chosen in (
        Move.ASK, Move.ANSWER, Move.ACCEPT, Move.UNACCEPT, Move.DECLINE, Move.UNDECLINE, Move.HOLD,
        Move.RESUME, Move.RESEND,
    ):  # fmt: skip
        yield move(chosen)
    for who in (sender, receiver):
        yield lambda who=who: write_message(
            session, who, VAULT, one, "Hello", channel=page, now=now
        )
        yield lambda who=who: check_in(session, who, VAULT, one, "Well", channel=page, now=now)
    attempt = Attempt(ContactMethod.CALL, reached=True, occurred_at=now)
    yield lambda: record_contact(session, receiver, VAULT, one, attempt, channel=page, now=now)
    yield lambda: assign_referral(
        session, receiver, VAULT, one, receiver.person_id, version=None, channel=page, now=now
    )
    preparation = Preparation(reason="No food.", categories=SHARED, consent_id=consent_id)
    yield lambda: make_referral(
        session, sender, VAULT, client_id, need_id, world.stranger.service_id, preparation,
        send=False, note="", channel=page, now=now,
    )  # fmt: skip
    yield lambda: make_referral(
        session, sender, VAULT, client_id, need_id, world.receiver.service_id, preparation,
        send=True, note="Once more.", channel=page, now=now,
    )  # fmt: skip
    yield lambda: add_task(
        session, sender, client_id, "Call her", VAULT, urgency=2, importance=2, now=now
    )
    yield lambda: weigh_need(
        session, sender, client_id, need_id, VAULT, urgency=3, importance=3, acuity=3, now=now
    )
    yield lambda: assign_client(
        session, sender, client_id, team_id=world.sender.team_id, worker_id=sender.person_id,
        acuity=2, now=now,
    )  # fmt: skip
    for _ in range(3):
        yield lambda: keep_time(session, System("worker"), now=now)
        yield lambda: hand_on_events(session, System("worker"), now=now)
    if number == 0:
        yield lambda: revoke_consent(
            session, sender, client_id, consent_id, RevokedBy.PHONE, now=now
        )


def ids_of(session: Session, referral_id: UUID) -> tuple[UUID, UUID, UUID]:
    """The client, the need and the consent of a referral."""
    row = session.get_one(Referral, referral_id)
    found = row.client_id, row.need_id, row.consent_id
    session.rollback()
    return found  # type: ignore[return-value]


def test_what_points_at_a_referral_waits_for_nobody_who_moves_it(engine: Engine) -> None:
    """News of a referral is written while somebody moves it, so the worker never waits for who
    locked several referrals, and they never for it."""
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with Session(engine) as session:
        played = a_sent_one(session)
        row = played.row
        person_id, agency_id = row.sender_id, row.from_agency_id
        with Session(engine) as moving, Session(engine) as pointing:
            assert locked_referral(moving, played.referral_id) is not None
            pointing.execute(text("SET LOCAL lock_timeout = '2s'"))
            pointing.add(
                Notice(
                    person_id=person_id, agency_id=agency_id, kind="arrived",
                    referral_id=played.referral_id, created_at=NOW, mail="never",
                )
            )  # fmt: skip
            pointing.flush()
            assert locked_referral(pointing, played.referral_id, skip_locked=True) is None


def test_what_points_at_a_record_waits_for_nobody_who_takes_it_up_again(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with Session(engine) as session:
        played = in_status(session, "accepted")
        client_id = played.row.receiver_client_id
        assert client_id is not None
        session.rollback()
        receiver = played.world.receiver.case_manager
        add_note(session, receiver, client_id, NoteKind.INTAKE, "Came at noon.", VAULT, now=NOW)
        played.move(Move.UNACCEPT)
        with Session(engine) as accepting, Session(engine) as pointing:
            referral = locked_referral(accepting, played.referral_id)
            assert referral is not None
            act = Act(receiver, Part.RECEIVER, Channel.PAGE, NOW)
            receive_client(accepting, VAULT, referral, act, MoveDetails())
            pointing.execute(text("SET LOCAL lock_timeout = '2s'"))
            need = Need(
                id=uuid4(), client_id=client_id, need_code="food", urgency=1, importance=1,
                acuity=1, opened_at=NOW,
            )  # fmt: skip
            pointing.add(need)
            pointing.flush()


@pytest.mark.parametrize("write", ["household", "consent", "search"])
def test_who_writes_to_a_record_while_it_is_removed_hears_that_it_is_gone(
    engine: Engine, write: str
) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with Session(engine) as session:
        played = in_status(session, "accepted")
        client_id = played.row.receiver_client_id
        assert client_id is not None
        receiver = played.world.receiver.case_manager
        _, searching = signed_in(session, receiver)
        session.expunge_all()
    new = new_consent(played.world.stranger.agency_id)

    def writing() -> object:
        with Session(engine) as own:
            if write == "household":
                return add_member(own, receiver, client_id, A_PROFILE, VAULT, now=NOW)
            if write == "consent":
                return record_consent(own, receiver, client_id, new, VAULT, now=NOW)
            return choose_client(own, searching, client_id, now=NOW)

    watching = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with watching, ThreadPoolExecutor(1) as pool, Session(engine) as removing:
        referral = locked_referral(removing, played.referral_id)
        assert referral is not None
        give_back(removing, referral, Act(receiver, Part.RECEIVER, Channel.PAGE, NOW))
        written = pool.submit(writing)
        while not watching.scalar(text(WAITING)) and not written.done():
            pass
        removing.commit()
        with pytest.raises(NotFound):
            written.result()


@pytest.mark.parametrize("time", range(4))
def test_a_need_is_given_back_or_referred_on_and_never_half(engine: Engine, time: int) -> None:
    with Session(engine) as session:
        played = in_status(session, "accepted")
        client_id = played.row.receiver_client_id
        need_id = session.scalars(select(Need.id).where(Need.client_id == client_id)).one()
        session.expunge_all()
    world = played.world

    def act(number: int) -> object:
        with Session(engine) as own:
            mine = replace(played, session=own)
            if number == 0:
                return mine.move(Move.UNACCEPT)
            return make_referral(
                own, world.receiver.case_manager, VAULT, client_id, need_id,
                world.stranger.service_id, Preparation(), send=False, note="",
                channel=Channel.PAGE, now=NOW,
            )  # fmt: skip

    taken_back, referred = at_once(2, act)
    assert not isinstance(taken_back, Exception), taken_back
    assert not isinstance(referred, Exception) or isinstance(referred, HubError), referred
    with Session(engine) as session:
        there = session.get(Need, need_id) is not None
        assert there is not isinstance(referred, Exception)
