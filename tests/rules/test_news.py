"""Whom an event of a referral concerns, and whom it does not."""

from typing import Any
from uuid import UUID

import pytest

from referral_hub.rules.deadline_reminders import Reminded
from referral_hub.rules.news import News, Roster, concerned
from referral_hub.rules.notices import NoticeKind
from referral_hub.rules.referral_lifecycle import RULES, Move, Part, Side, Status
from referral_hub.rules.referral_state import SENDINGS
from referral_hub.rules.referrals import Fact, Priority

SENDER, SENDER_LEAD, INTAKE, RECEIVER_LEAD, ASSIGNEE = (UUID(int=number) for number in range(1, 6))
AT_THE_DOOR = Roster(
    frozenset({SENDER}), frozenset({SENDER_LEAD}), frozenset({INTAKE}), frozenset({RECEIVER_LEAD})
)
ASSIGNED = Roster(
    frozenset({SENDER}), frozenset({SENDER_LEAD}), frozenset({ASSIGNEE}),
    frozenset({RECEIVER_LEAD}), ASSIGNEE,
)  # fmt: skip


def told(
    kind: str,
    part: Part,
    roster: Roster = AT_THE_DOOR,
    person: UUID | None = None,
    priority: Priority = Priority.ROUTINE,
    statuses: tuple[Status, Status] = (Status.SENT, Status.SENT),
    **data: Any,
) -> dict[UUID, NoticeKind]:
    news = News(kind, *statuses, priority, part, person, data)
    return {each.person_id: each.kind for each in concerned(news, roster)}


@pytest.mark.parametrize("move", sorted(SENDINGS))
def test_what_is_sent_concerns_those_at_the_door(move: Move) -> None:
    sending = (Status.DRAFT, Status.SENT)
    assert told(move, Part.SENDER, person=SENDER, statuses=sending) == {INTAKE: NoticeKind.ARRIVED}


@pytest.mark.parametrize(
    "move", [Move.ACKNOWLEDGE, Move.ASK, Move.ACCEPT, Move.WAITLIST, Move.DECLINE, Move.COMPLETE]
)
def test_every_answer_concerns_the_sender_and_not_who_gave_it(move: Move) -> None:
    assert set(told(move, Part.RECEIVER, person=INTAKE)) == {SENDER}
    assert set(told(move, Part.RECEIVER_APPLICATION)) == {SENDER}


def test_once_somebody_is_assigned_news_is_theirs_alone() -> None:
    assert told(Move.ANSWER, Part.SENDER, ASSIGNED) == {ASSIGNEE: NoticeKind.QUESTION}
    assert told(Fact.ASSIGNED, Part.RECEIVER, ASSIGNED, INTAKE) == {ASSIGNEE: NoticeKind.ASSIGNED}
    assert told(Fact.ASSIGNED, Part.RECEIVER, ASSIGNED, ASSIGNEE) == {}
    accepted = told(Move.ACCEPT, Part.RECEIVER, ASSIGNED, INTAKE)
    assert accepted == {SENDER: NoticeKind.DECISION, ASSIGNEE: NoticeKind.ASSIGNED}


def test_an_emergency_concerns_both_supervisors_and_presses() -> None:
    sending = (Status.DRAFT, Status.SENT)
    emergency = {"priority": Priority.EMERGENCY}
    found = told(Move.SEND, Part.SENDER, person=SENDER, statuses=sending, **emergency)
    assert found == dict.fromkeys((INTAKE, SENDER_LEAD, RECEIVER_LEAD), NoticeKind.EMERGENCY)
    assert told(Move.DECLINE, Part.RECEIVER, **emergency) == {SENDER: NoticeKind.EMERGENCY}
    assert told(Move.START, Part.RECEIVER, **emergency) == {SENDER: NoticeKind.PROGRESS}


def test_what_ran_out_of_time_concerns_everybody() -> None:
    found = told(Move.EXPIRE, Part.SYSTEM)
    assert found == {
        SENDER: NoticeKind.ENDED,
        INTAKE: NoticeKind.ENDED,
        SENDER_LEAD: NoticeKind.OVERSIGHT,
        RECEIVER_LEAD: NoticeKind.OVERSIGHT,
    }


def test_a_rule_set_aside_concerns_the_supervisor_of_whoever_did_it() -> None:
    sent = told(Move.SEND, Part.SENDER, statuses=(Status.DRAFT, Status.SENT), override=True)
    assert sent[SENDER_LEAD] is NoticeKind.OVERSIGHT
    assert RECEIVER_LEAD not in sent
    accepted = told(Move.ACCEPT, Part.RECEIVER, override=True)
    assert accepted[RECEIVER_LEAD] is NoticeKind.OVERSIGHT
    assert SENDER_LEAD not in accepted


def test_who_is_told_hears_it_once_with_what_presses_most() -> None:
    both = Roster(frozenset({SENDER}), frozenset({SENDER}), frozenset({INTAKE}))
    found = told(Move.EXPIRE, Part.SYSTEM, both)
    assert found[SENDER] is NoticeKind.OVERSIGHT


@pytest.mark.parametrize(
    ("named", "whom"),
    [
        ([Reminded.RECEIVER_TEAM], {INTAKE}),
        ([Reminded.ASSIGNEE], {INTAKE}),
        ([Reminded.RECEIVER_SUPERVISOR, Reminded.SENDER], {RECEIVER_LEAD, SENDER}),
        ([Reminded.SENDER], {SENDER}),
        ([Reminded.SENDER_SUPERVISOR], {SENDER_LEAD}),
    ],
)
def test_a_reminder_goes_to_exactly_those_whom_it_names(
    named: list[Reminded], whom: set[UUID]
) -> None:
    found = told(Fact.REMINDED, Part.SYSTEM, whom=[each.value for each in named])
    assert found == dict.fromkeys(whom, NoticeKind.REMINDER)


def test_every_reminder_of_the_clocks_is_heard_by_somebody() -> None:
    for each in Reminded:
        assert told(Fact.REMINDED, Part.SYSTEM, whom=[each.value])


def test_nobody_hears_of_drafts() -> None:
    drafts = (
        (Status.DRAFT, Status.DRAFT),
        (Status.DRAFT, Status.WITHDRAWN),
        (Status.DRAFT, Status.VOIDED),
    )
    for kind, statuses in zip((Fact.DRAFTED, Move.WITHDRAW, Move.VOID), drafts, strict=True):
        assert told(kind, Part.SENDER, statuses=statuses) == {}


def test_messages_reach_the_other_side() -> None:
    assert told(Fact.MESSAGE, Part.SENDER) == {INTAKE: NoticeKind.MESSAGE}
    assert told(Fact.MESSAGE, Part.RECEIVER) == {SENDER: NoticeKind.MESSAGE}


def test_what_the_client_says_is_news_to_the_sender_alone() -> None:
    assert told(Fact.CLIENT_CONFIRMED, Part.SENDER) == {}
    assert told(Fact.CLIENT_CONFIRMED, Part.CLIENT_LINK) == {SENDER: NoticeKind.PROGRESS}


def test_every_move_of_the_table_has_words_for_somebody_and_never_for_who_made_it() -> None:
    for rule in RULES:
        for part in rule.parts:
            news = News(rule.move, Status.SENT, Status.SENT, Priority.ROUTINE, part, SENDER, {})
            found = concerned(news, AT_THE_DOOR)
            assert all(each.person_id != SENDER for each in found)
            sides = {each.side for each in found}
            assert sides <= set(Side)
            other = News(rule.move, Status.SENT, Status.SENT, Priority.ROUTINE, part, None, {})
            assert concerned(other, AT_THE_DOOR), (rule.move, part)
