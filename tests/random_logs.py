"""Referrals that may go any way that the table of moves allows, with times that come late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from referral_hub.gateways.figures.writing import Counted, SentReferral
from referral_hub.rules.measured_state import STARTS_DECISION, KeptTime, Measured, measured
from referral_hub.rules.reason_codes import REASONS_OF
from referral_hub.rules.referral_lifecycle import RULES, Move, Rule, Status, next_status
from referral_hub.rules.referral_state import Happening, ReferralState, replay
from referral_hub.rules.referrals import AppointmentState, ClientAnswer, Clock, Fact, Priority

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
AGENCIES = [UUID(int=100 + number) for number in range(4)]
PEOPLE = [UUID(int=200 + number) for number in range(6)]
CODES = ("housing.shelter.emergency", "housing.rent", "food.pantry", "legal.eviction")
FACTS = (
    Fact.CONTACTED, Fact.MESSAGE, Fact.ASSIGNED, Fact.REMINDED, Fact.CLIENT_CONFIRMED,
    Fact.APPOINTMENT,
)  # fmt: skip
AREAS = ("IL:cook county", "IL:kane county", "")


@dataclass(frozen=True)
class Log:
    """A referral with all that happened to it."""

    sent: SentReferral
    events: tuple[Happening, ...]
    times: tuple[KeptTime, ...]

    def until(self, at: datetime | None) -> "Log":
        """As much of it as was recorded by then."""
        known = [e for e in self.events if at is None or e.recorded_at <= at]
        return Log(self.sent, tuple(known), _times(known))

    @property
    def states(self) -> list[Measured]:
        """How it looked from when on."""
        return list(measured(self.events, self.times)) if self.events else []

    @property
    def state(self) -> ReferralState | None:
        """Where it stands; None where it was not sent."""
        found = replay(self.events) if self.events else None
        return found if found and found.first_sent_at else None


def random_logs(luck: Random, number: int, now: datetime) -> list[Log]:
    """So many referrals, as they were known by then; some share a need or a client."""
    return [_log(luck, each).until(now) for each in range(number)]


def counted(logs: Sequence[Log]) -> list[Counted]:
    """What is written of them, in the order in which they were sent."""
    there = [Counted(log.sent, log.states) for log in logs if log.states]
    return sorted(there, key=lambda each: (each.sent.sent_at, each.sent.id))


def _log(luck: Random, number: int) -> Log:
    events = tuple(_events(luck, BEGIN + luck.randrange(24 * 200) * HOUR))
    sent_at = next((e.occurred_at for e in events if e.kind == Move.SEND), events[0].occurred_at)
    sender, receiver = luck.choice(AGENCIES), luck.choice(AGENCIES)
    need = number if luck.random() < 0.6 else luck.randrange(number + 1)
    sent = SentReferral(
        id=UUID(int=1 << 64 | number),
        need_id=UUID(int=2 << 64 | need),
        client_id=UUID(int=3 << 64 | need // 3),
        need_code=CODES[need % len(CODES)],
        area=luck.choice(AREAS),
        service_id=UUID(int=300 + luck.randrange(5)),
        from_agency_id=sender,
        to_agency_id=receiver,
        from_team_id=UUID(int=400 + sender.int % 3),
        to_team_id=UUID(int=400 + receiver.int % 3),
        sender_id=luck.choice([*PEOPLE, None]),
        is_choice=luck.random() < 0.9,
        sent_at=sent_at,
        decidable_at=sent_at + 20 * 24 * HOUR,
        answer_by=tuple(sent_at + days * 30 * HOUR for days in (1, 2, 5, 10)),
    )
    return Log(sent, events, _times(events))


def _events(luck: Random, begun: datetime) -> Iterator[Happening]:
    """A walk through the table of moves. What is recorded late is not recorded out of order."""
    recorded = begun
    yield Happening(
        1, Fact.DRAFTED, Status.DRAFT, Status.DRAFT, begun, begun, None,
        {"priority": luck.choice([*Priority]).value},
    )  # fmt: skip
    status, held, closed, since = Status.DRAFT, None, None, begun
    for seq in range(2, luck.randrange(3, 16)):
        recorded += luck.choice((1, 3, 20, 90, 400)) * HOUR * luck.random()
        occurred = luck.choice((recorded, since + (recorded - since) * luck.random()))
        if luck.random() < 0.25 and status not in (Status.DRAFT, Status.VOIDED):
            kind = luck.choice(FACTS)
            data = {
                "reached": luck.random() < 0.5, "assignee_id": str(luck.choice(PEOPLE)),
                "answer": luck.choice([*ClientAnswer]).value, "at": occurred.isoformat(),
                "state": luck.choice([*AppointmentState]).value,
                "appointment_id": str(UUID(int=luck.randrange(3))),
            }  # fmt: skip
            yield Happening(seq, kind, status, status, occurred, recorded, None, data)
            continue
        move = _move(luck, status)
        if move is None:
            return
        part = sorted(luck.choice(_rules(status, move)).parts)[0]
        to = next_status(status, move, part, held, closed)
        reasons = [*REASONS_OF.get(move, ())]
        yield Happening(
            seq, move, status, to, occurred, recorded,
            luck.choice(reasons) if reasons else None, _data(luck, move, occurred),
        )  # fmt: skip
        held = status if move is Move.HOLD else held
        closed = status if to != status else closed
        status, since = to, occurred


def _move(luck: Random, status: Status) -> Move | None:
    if status is Status.DRAFT:
        return luck.choices([Move.SEND, Move.WITHDRAW, Move.VOID], [50, 1, 1])[0]
    found = {rule.move for rule in RULES if status in rule.sources}
    unstarted = {Move.COMPLETE} if status is Status.ACCEPTED else set()
    likely = sorted(found - {Move.VOID} - unstarted)
    if not likely or luck.random() < 0.02:
        return Move.VOID if Move.VOID in found else None
    wanted = (Move.ACCEPT, Move.COMPLETE)
    return luck.choices(likely, [4 if move in wanted else 1 for move in likely])[0]


def _rules(status: Status, move: Move) -> list[Rule]:
    return [rule for rule in RULES if rule.move is move and status in rule.sources]


def _data(luck: Random, move: Move, at: datetime) -> dict[str, object]:
    if move is Move.ACCEPT:
        return {"assignee_id": str(luck.choice(PEOPLE)), "first_contact_by": at.isoformat()}
    if move is Move.START:
        return {"contacted_at": at.isoformat()} if luck.random() < 0.7 else {}
    return {}


def _times(events: Sequence[Happening]) -> tuple[KeptTime, ...]:
    starts = [e for e in events if e.kind in STARTS_DECISION]
    return tuple(KeptTime(Clock.DECIDE, e.occurred_at, e.occurred_at + 72 * HOUR) for e in starts)
