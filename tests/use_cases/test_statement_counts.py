"""What pages and lists ask the database: a fixed number of questions, however much there is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, inspect
from sqlalchemy.orm import Session

from referral_hub.models import Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.referral_lifecycle import Move, Side, Status
from referral_hub.rules.referrals import Channel, Waiting
from referral_hub.use_cases.clients import show_client
from referral_hub.use_cases.consents import list_consents
from referral_hub.use_cases.find_clients import list_caseload
from referral_hub.use_cases.list_referrals import ListQuery, list_referrals, referrals_of_client
from referral_hub.use_cases.my_day import my_day
from referral_hub.use_cases.referral_talk import write_message
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.tasks import list_tasks
from tests.referral_acts import Played, a_consent, a_draft
from tests.referral_world import a_client, a_need, a_service, a_staffed_agency, a_world

Count = Callable[[], int]


@dataclass
class Ask:
    """Something that somebody opens, and at most how many statements it may take, with those that
    begin a transaction."""

    open: Callable[[Played, Actor], object]
    most: int


def _day(played: Played, actor: Actor) -> None:
    my_day(played.session, actor, played.vault, now=played.now)
    list_tasks(played.session, actor, played.vault, now=played.now)


def _client_page(played: Played, actor: Actor) -> None:
    session, client_id, now = played.session, played.client.id, played.now
    show_client(session, actor, client_id, played.vault, now=now)
    list_consents(session, actor, client_id, played.vault, now=now)
    referrals_of_client(session, actor, played.vault, client_id, now=now)


def _list(side: Side, waiting: Waiting, *, in_order: bool = False) -> Callable[..., object]:
    query = ListQuery(side, waiting, in_order=in_order)
    return lambda played, actor: list_referrals(
        played.session, actor, played.vault, query, now=played.now
    )


def _caseload(played: Played, actor: Actor) -> None:
    list_caseload(played.session, actor, played.vault, now=played.now)


OPENED = {
    "my day of a sender": Ask(_day, 22),
    "my day of a receiver": Ask(_day, 22),
    "inbox": Ask(_list(Side.RECEIVER, Waiting.US), 10),
    "list over the API": Ask(_list(Side.RECEIVER, Waiting.OPEN, in_order=True), 10),
    "sent": Ask(_list(Side.SENDER, Waiting.OPEN), 10),
    "caseload": Ask(_caseload, 12),
    "client page": Ask(_client_page, 32),
}


@pytest.mark.parametrize("what", OPENED)
def test_lists_ask_no_more_where_there_is_more(
    session: Session, count_statements: Count, what: str
) -> None:
    ask = OPENED[what]
    played = _with_some_of_each(session)
    receiving = what in ("my day of a receiver", "inbox", "list over the API")
    staff = played.world.receiver if receiving else played.world.sender
    actor = staff.intake_worker if receiving else staff.case_manager
    asked = []
    for _ in range(2):
        session.rollback()
        session.expire_all()
        count_statements()
        ask.open(played, actor)
        asked.append(count_statements())
        _more_of_each(played)
    assert asked[0] == asked[1]
    assert asked[1] <= ask.most


def test_the_page_of_a_referral_asks_no_more_where_more_was_said(
    session: Session, count_statements: Count
) -> None:
    played = _with_some_of_each(session)
    asked = []
    for _ in range(2):
        for staff in (played.world.sender, played.world.receiver):
            write_message(
                session, staff.case_manager, played.vault, played.referral_id, "Any news?",
                channel=Channel.PAGE, now=played.now,
            )  # fmt: skip
        session.expire_all()
        count_statements()
        show_referral(
            session, played.world.receiver.intake_worker, played.vault, played.referral_id,
            now=played.now,
        )  # fmt: skip
        asked.append(count_statements())
        for move in (Move.ASK, Move.ANSWER):
            played.move(move)
    assert asked[0] == asked[1]
    assert asked[1] < 28


def _with_some_of_each(session: Session) -> Played:
    """A referral that was sent, and beside it one in each status."""
    played = a_draft(session, world=a_world(session))
    played.move(Move.SEND)
    _more_of_each(played)
    return played


def _more_of_each(played: Played) -> None:
    """Referrals in each status to and from an agency that was not there before, each about another
    service and need, half of them of one client, and some with somebody at work."""
    session, world, now = played.session, played.world, played.now
    row = played.row
    base = {each.key: getattr(row, each.key) for each in inspect(Referral).column_attrs}
    other = a_staffed_agency(session, played.vault, f"{uuid4().hex} Center", now)
    one = {world.sender.agency_id: played.client, other.agency_id: a_client(session, other)}
    for turn, status in enumerate(Status):
        worker = other.intake_worker.person_id if turn % 2 else None
        for sender, receiver in ((world.sender, other), (other, world.receiver)):
            client = one[sender.agency_id] if turn % 2 else a_client(session, sender, now=now)
            need = a_need(session, client, "legal", now=now)
            copy = {
                "id": uuid4(), "client_id": client.id, "need_id": need.id,
                "need_code": need.need_code,
                "consent_id": a_consent(session, client, receiver.agency_id, now=now).id,
                "service_id": a_service(session, receiver.agency_id, f"Service {turn}", now),
                "from_agency_id": sender.agency_id, "from_team_id": sender.team_id,
                "sender_id": sender.case_manager.person_id,
                "to_agency_id": receiver.agency_id, "to_team_id": receiver.team_id,
                "status": status, "assignee_id": worker,
                "created_at": base["created_at"] + timedelta(minutes=turn),
            }  # fmt: skip
            session.execute(insert(Referral), [{**base, **copy}])
    session.commit()
