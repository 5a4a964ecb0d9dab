"""Whom an event of a referral concerns: pure, from who is there and what happened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from referral_hub.rules.deadline_reminders import Reminded
from referral_hub.rules.event_sight import Sight, is_of_a_draft, sight_of
from referral_hub.rules.notices import NoticeKind
from referral_hub.rules.referral_lifecycle import Move, Part, Side
from referral_hub.rules.referral_parts import side_of
from referral_hub.rules.referral_state import SENDINGS
from referral_hub.rules.referrals import Fact, Priority

People = frozenset[UUID]
NOBODY: People = frozenset()


@dataclass(frozen=True, slots=True)
class Roster:
    """Who looks after a referral in its two agencies today.

    `senders` and `receivers` are those who wait for news of it: the person who sent it and the
    person to whom it is assigned, else those of the team.
    """

    senders: People = NOBODY
    sender_supervisors: People = NOBODY
    receivers: People = NOBODY
    receiver_supervisors: People = NOBODY
    assignee: UUID | None = None


@dataclass(frozen=True, slots=True)
class News:
    """An event, as far as it says whom it concerns. `priority` is the referral's; `veiled` says
    that it was recorded under the veil (`referral_sight.is_veiled`)."""

    kind: str
    from_status: str
    to_status: str
    priority: str
    actor_part: str
    actor_person_id: UUID | None
    data: Mapping[str, Any]
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class Concern:
    """Somebody whom news concerns: on which side they stand, and what it is to them."""

    person_id: UUID
    side: Side
    kind: NoticeKind


_OF_MOVE: Mapping[Move, NoticeKind] = {
    Move.SEND: NoticeKind.ARRIVED,
    Move.SEND_NEXT: NoticeKind.ARRIVED,
    Move.FORWARD: NoticeKind.ARRIVED,
    Move.RESEND: NoticeKind.ARRIVED,
    Move.ACKNOWLEDGE: NoticeKind.PROGRESS,
    Move.ASK: NoticeKind.QUESTION,
    Move.ANSWER: NoticeKind.QUESTION,
    Move.ANSWERED_OTHERWISE: NoticeKind.QUESTION,
    Move.ACCEPT: NoticeKind.DECISION,
    Move.WAITLIST: NoticeKind.DECISION,
    Move.DECLINE: NoticeKind.DECISION,
    Move.START: NoticeKind.PROGRESS,
    Move.HOLD: NoticeKind.PROGRESS,
    Move.RESUME: NoticeKind.PROGRESS,
    Move.COMPLETE: NoticeKind.ENDED,
    Move.CLOSE_UNMET: NoticeKind.ENDED,
    Move.WITHDRAW: NoticeKind.ENDED,
    Move.REQUEST_WITHDRAWAL: NoticeKind.QUESTION,
    Move.CONFIRM_WITHDRAWAL: NoticeKind.ENDED,
    Move.EXPIRE: NoticeKind.ENDED,
    Move.UNDECLINE: NoticeKind.DECISION,
    Move.UNACCEPT: NoticeKind.DECISION,
    Move.REOPEN: NoticeKind.PROGRESS,
    Move.VOID: NoticeKind.ENDED,
}
_OF_FACT: Mapping[Fact, NoticeKind] = {
    Fact.MESSAGE: NoticeKind.MESSAGE,
    Fact.DISCLOSED: NoticeKind.MESSAGE,
    Fact.CONSENT_REVOKED: NoticeKind.CONSENT,
    Fact.CLIENT_CONFIRMED: NoticeKind.PROGRESS,
}
"""Facts of which the other side hears. The rest is a side's own, or not worth a notice."""
_WAITED_FOR = frozenset(
    {
        NoticeKind.ARRIVED, NoticeKind.QUESTION, NoticeKind.DECISION, NoticeKind.REMINDER,
        NoticeKind.REVIEW,
    }
)  # fmt: skip
_BOTH_SIDES = frozenset({Part.SYSTEM, Part.STEWARD, Part.CLIENT_LINK})
"""In these parts acts who stands on neither side."""
PROPOSER = "proposer_id"
"""Under this name an event tells who proposed to decline."""
OVERRIDE = "override"
"""Under this name an event tells that somebody set a rule aside."""


def concerned(news: News, roster: Roster) -> tuple[Concern, ...]:
    """Everybody whom an event concerns, each once and with what presses most; never who did it."""
    if is_of_a_draft(news.from_status, news.kind, news.to_status):
        return ()
    found: dict[UUID, Concern] = {}
    for each in chain(
        _reviewing(news, roster), _supervising(news, roster), _assigned(news, roster),
        _told(news, roster),
    ):  # fmt: skip
        if each.person_id != news.actor_person_id and _sees(each.side, news):
            found.setdefault(each.person_id, each)
    return tuple(found[person_id] for person_id in sorted(found))


def _sees(side: Side, news: News) -> bool:
    sight = sight_of(
        news.kind, news.from_status, news.to_status, news.actor_part, side, veiled=news.veiled
    )
    return sight is not Sight.NOTHING


def _told(news: News, roster: Roster) -> Iterator[Concern]:
    """Those who wait for news on the other side, or on both."""
    if news.kind == Fact.REMINDED:
        yield from _reminded(news, roster)
        return
    kind = _kind_of(news)
    if kind is None:
        return
    acting = Part(news.actor_part)
    if news.kind in SENDINGS:
        sides = {Side.RECEIVER}
    elif acting in _BOTH_SIDES:
        sides = {Side.SENDER, Side.RECEIVER}
    else:
        sides = {Side.SENDER, Side.RECEIVER} - {side_of(acting) or Side.RECEIVER}
    if Side.RECEIVER in sides:
        yield from _all(roster.receivers, Side.RECEIVER, kind)
    if Side.SENDER in sides:
        yield from _all(roster.senders, Side.SENDER, kind)


def _kind_of(news: News) -> NoticeKind | None:
    if news.kind in set(Fact):
        return _OF_FACT.get(Fact(news.kind))
    return _pressing(news, _OF_MOVE[Move(news.kind)])


def _pressing(news: News, kind: NoticeKind) -> NoticeKind:
    """What waits for an answer, or got one, presses where the referral is an emergency."""
    presses = kind in _WAITED_FOR or news.kind == Move.EXPIRE
    return NoticeKind.EMERGENCY if presses and news.priority == Priority.EMERGENCY else kind


def _assigned(news: News, roster: Roster) -> Iterator[Concern]:
    if news.kind in (Fact.ASSIGNED, Move.ACCEPT) and roster.assignee is not None:
        yield Concern(roster.assignee, Side.RECEIVER, NoticeKind.ASSIGNED)


def _reviewing(news: News, roster: Roster) -> Iterator[Concern]:
    """A proposed decline waits for the receiver's supervisors; one that came back, for whoever
    proposed it."""
    kind = _pressing(news, NoticeKind.REVIEW)
    if news.kind == Fact.DECLINE_PROPOSED:
        yield from _all(roster.receiver_supervisors, Side.RECEIVER, kind)
    elif news.kind == Fact.DECLINE_RETURNED:
        yield Concern(UUID(news.data[PROPOSER]), Side.RECEIVER, kind)


def _supervising(news: News, roster: Roster) -> Iterator[Concern]:
    """Supervisors hear of emergencies, of referrals that ran out of time, of rules set aside."""
    if news.kind in SENDINGS and news.priority == Priority.EMERGENCY:
        yield from _all(roster.receiver_supervisors, Side.RECEIVER, NoticeKind.EMERGENCY)
        yield from _all(roster.sender_supervisors, Side.SENDER, NoticeKind.EMERGENCY)
    elif news.kind == Move.EXPIRE:
        kind = _pressing(news, NoticeKind.OVERSIGHT)
        yield from _all(roster.receiver_supervisors, Side.RECEIVER, kind)
        yield from _all(roster.sender_supervisors, Side.SENDER, kind)
    if news.data.get(OVERRIDE):
        of_receiver = side_of(Part(news.actor_part)) is Side.RECEIVER
        people = roster.receiver_supervisors if of_receiver else roster.sender_supervisors
        side = Side.RECEIVER if of_receiver else Side.SENDER
        yield from _all(people, side, NoticeKind.OVERSIGHT)


def _reminded(news: News, roster: Roster) -> Iterator[Concern]:
    """Whom a wait that is over concerns: those that `whom` names."""
    kind = _pressing(news, NoticeKind.REMINDER)
    people = {
        Reminded.RECEIVER_TEAM: (roster.receivers, Side.RECEIVER),
        Reminded.ASSIGNEE: (roster.receivers, Side.RECEIVER),
        Reminded.RECEIVER_SUPERVISOR: (roster.receiver_supervisors, Side.RECEIVER),
        Reminded.SENDER: (roster.senders, Side.SENDER),
        Reminded.SENDER_SUPERVISOR: (roster.sender_supervisors, Side.SENDER),
    }
    for named in news.data.get("whom", ()):
        found, side = people[Reminded(named)]
        yield from _all(found, side, kind)


def _all(people: People, side: Side, kind: NoticeKind) -> Iterator[Concern]:
    for person_id in sorted(people):
        yield Concern(person_id, side, kind)
