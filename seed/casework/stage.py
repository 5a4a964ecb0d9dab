"""Where the stories act: every act goes through a use case, in the name of somebody of the cast."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Consent, Notice, Referral
from referral_hub.rules.actor import Person as Acting
from referral_hub.rules.actor import System
from referral_hub.rules.clients import CaseEnd
from referral_hub.rules.consent import Category, counts
from referral_hub.rules.intake import Answers
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import TERMINAL, UNDER_WAY, Move, Status
from referral_hub.rules.referral_sight import is_status_only
from referral_hub.rules.referrals import (
    AppointmentState,
    Channel,
    ClientAnswer,
    ConflictCheck,
    ContactMethod,
    Priority,
)
from referral_hub.use_cases.appointments import make_appointment, tell_of_appointment
from referral_hub.use_cases.client_answers import record_client_answer
from referral_hub.use_cases.clients import close_case
from referral_hub.use_cases.conflict_checks import record_conflict_check
from referral_hub.use_cases.draft_referral import Preparation, make_referral
from referral_hub.use_cases.expire_referrals import keep_time
from referral_hub.use_cases.hand_on_events import hand_on_events
from referral_hub.use_cases.intake_questions import intake_questions
from referral_hub.use_cases.move_referral import move_referral
from referral_hub.use_cases.notices import read_all_notices
from referral_hub.use_cases.referral_talk import (
    Attempt,
    assign_referral,
    check_in,
    record_contact,
    write_message,
)
from referral_hub.use_cases.weigh_case import weigh_case
from seed.casework.cast import Company
from seed.casework.chance import Chance
from seed.casework.timeline import Hours, Story, Timeline
from seed.demo_network import DemoService, demo_questions

CHICAGO = ZoneInfo("America/Chicago")
WORKER = System("worker")
TAKEN = UNDER_WAY | {Status.COMPLETED}


@dataclass(slots=True)
class Sent:
    """A referral that somebody of the cast made."""

    id: UUID
    row: Referral
    sender: Acting
    receiver: Acting
    company: Company
    service: DemoService

    @property
    def status(self) -> Status:
        """Where it is now."""
        return Status(self.row.status)

    def is_in(self, *statuses: Status) -> bool:
        """Whether it is in one of these now."""
        return self.row.status in statuses

    @property
    def may_talk(self) -> bool:
        """Whether the two agencies write to each other now."""
        return not is_status_only(self.row.veiled_from, self.row.veiled_until)


@dataclass(slots=True)
class Stage:
    """The hub in which everything happens, and the time in which it does."""

    session: Session
    vault: Vault
    companies: dict[str, Company]
    hours: Hours
    timeline: Timeline
    end: datetime
    known_as: dict[tuple[UUID, UUID], UUID] = field(default_factory=dict)
    for_need: dict[UUID, list[Sent]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The moment of the story that goes on."""
        return self.timeline.now

    def later(self, hours: float) -> datetime:
        """So many working hours from now."""
        return self.hours.after(self.now, hours)

    def begin(
        self,
        sender: Acting,
        receiver: Acting,
        company: Company,
        service: DemoService,
        client_id: UUID,
        need_id: UUID,
        priority: Priority,
        reason: str,
        categories: frozenset[Category],
        consent_id: UUID | None,
        *,
        send: bool,
    ) -> Sent:
        """Begin a referral; with `send` it goes at once."""
        preparation = Preparation(
            priority, reason, categories, consent_id, priority is Priority.EMERGENCY,
            self._answers(sender, service),
        )  # fmt: skip
        referral_id = make_referral(
            self.session, sender, self.vault, client_id, need_id, service.service_id, preparation,
            send=send, note="", channel=Channel.PAGE, now=self.now,
        ).referral_id  # fmt: skip
        row = self.session.get_one(Referral, referral_id)
        sent = Sent(referral_id, row, sender, receiver, company, service)
        self.for_need.setdefault(need_id, []).append(sent)
        return sent

    def _answers(self, sender: Acting, service: DemoService) -> Answers:
        """What the sender answers to what the service asks."""
        said = {
            asked.text: asked.answer(len(self.for_need))
            for asked in demo_questions()
            if asked.service_id == service.service_id
        }
        if not said:
            return Answers()
        asks = intake_questions(self.session, sender, service.service_id)
        return Answers({each: said[question.text] for each, question in asks.items()})

    def may_send(self, sent: Sent) -> bool:
        """Whether the client's consent still counts."""
        consent = self.session.get(Consent, sent.row.consent_id)
        return consent is not None and counts(consent, self.now)

    def is_first_choice(self, sent: Sent) -> bool:
        """Whether no other agency has accepted a referral for the same need."""
        others = self.for_need[sent.row.need_id]
        return not any(each.status in TAKEN for each in others if each is not sent)

    def move(self, sent: Sent, actor: Acting, move: Move, **details: Any) -> None:
        """Make a move."""
        move_referral(
            self.session, actor, self.vault, sent.id, move, MoveDetails(**details),
            version=None, channel=Channel.PAGE, now=self.now,
        )  # fmt: skip

    def accept(self, sent: Sent, note: str, contact_within: float) -> None:
        """Accept a referral, into the record that the receiver has of the client already."""
        same = (sent.row.client_id, sent.row.to_agency_id)
        self.move(
            sent, sent.receiver, Move.ACCEPT, note=note, assignee_id=sent.receiver.person_id,
            first_contact_by=self.later(contact_within), receiver_client_id=self.known_as.get(same),
        )  # fmt: skip
        if sent.row.receiver_client_id is not None:
            self.known_as[same] = sent.row.receiver_client_id

    def take_back(self, sent: Sent, note: str) -> None:
        """Take back an acceptance: the record that came with it may go with it."""
        self.known_as.pop((sent.row.client_id, sent.row.to_agency_id), None)
        self.move(sent, sent.receiver, Move.UNACCEPT, note=note)

    def weigh_received(self, sent: Sent) -> None:
        """Most receivers say what a case weighs, once they have met the client."""
        client = self._received(sent)
        chance = Chance(f"received {len(self.known_as)} {sent.row.seq}")
        if client is None or client.closed_at is not None or chance.happens(0.2):
            return
        careful = sent.company.victim_services
        weigh_case(
            self.session, sent.receiver, client.id,
            acuity=chance.one_of({1: 2, 2: 4, 3: 3, 4: 1.5, 5: 0.5}),
            intensity=chance.one_of({1: 5, 2: 3, 3: 1}), travels=chance.happens(0.15),
            trauma=chance.happens(0.6 if careful else 0.1), now=self.now,
        )  # fmt: skip

    def close_received(self, sent: Sent) -> None:
        """Close the receiver's case when nothing of it goes on."""
        client = self._received(sent)
        if client is None or client.closed_at is not None:
            return
        others = self.session.scalars(
            select(Referral.status).where(Referral.receiver_client_id == client.id)
        )
        if set(others) <= TERMINAL:
            met = sent.is_in(Status.COMPLETED)
            reason = CaseEnd.GOALS_REACHED if met else CaseEnd.LOST_CONTACT
            close_case(self.session, sent.receiver, client.id, reason, now=self.now)

    def _received(self, sent: Sent) -> Client | None:
        client_id = sent.row.receiver_client_id
        return self.session.get(Client, client_id) if client_id is not None else None

    def check_conflict(self, sent: Sent, result: ConflictCheck) -> None:
        """Say whether there is a conflict of interest."""
        record_conflict_check(
            self.session, sent.receiver, sent.id, result, sent.row.version, now=self.now
        )

    def contact(self, sent: Sent, method: ContactMethod, *, reached: bool, note: str) -> None:
        """Try to reach the client."""
        attempt = Attempt(method, reached, self.now, note)
        record_contact(
            self.session, sent.receiver, self.vault, sent.id, attempt,
            channel=Channel.PAGE, now=self.now,
        )  # fmt: skip

    def make_appointment(self, sent: Sent, at: datetime, place: str) -> UUID:
        """Make an appointment with the client."""
        return make_appointment(
            self.session, sent.receiver, self.vault, sent.id, at, place,
            channel=Channel.PAGE, now=self.now,
        )  # fmt: skip

    def tell_of(
        self, sent: Sent, appointment_id: UUID, state: AppointmentState, at: datetime | None = None
    ) -> None:
        """Say what came of an appointment, or move it."""
        tell_of_appointment(
            self.session, sent.receiver, self.vault, sent.id, appointment_id, state, at=at,
            channel=Channel.PAGE, now=self.now,
        )  # fmt: skip

    def record_answer(self, sent: Sent, answer: ClientAnswer, note: str) -> None:
        """Ask the client whether they got help."""
        record_client_answer(
            self.session, sent.sender, self.vault, sent.id, answer, note=note,
            channel=Channel.PAGE, now=self.now,
        )  # fmt: skip

    def beside(self, story: Story) -> None:
        """Let another story go on from now, beside the one that goes on."""
        self.timeline.add(self.now, story)

    def write(self, sent: Sent, actor: Acting, text: str) -> None:
        """Write to the other side."""
        write_message(
            self.session, actor, self.vault, sent.id, text, channel=Channel.PAGE, now=self.now
        )

    def check_in(self, sent: Sent, text: str) -> None:
        """Say how it goes."""
        check_in(
            self.session, sent.receiver, self.vault, sent.id, text,
            channel=Channel.PAGE, now=self.now,
        )  # fmt: skip

    def assign(self, sent: Sent, person: Acting) -> None:
        """Give a received referral to somebody."""
        assign_referral(
            self.session, person, self.vault, sent.id, person.person_id, version=None,
            channel=Channel.PAGE, now=self.now,
        )  # fmt: skip

    def let_worker_work(self) -> None:
        """What the worker does all the time, now."""
        while keep_time(self.session, WORKER, now=self.now):
            pass
        while hand_on_events(self.session, WORKER, now=self.now):
            pass

    def read_news(self) -> None:
        """Everybody reads their news."""
        unread = select(Notice.person_id).where(Notice.read_at.is_(None)).distinct()
        have_news = set(self.session.scalars(unread))
        for company in self.companies.values():
            for person in company.everybody:
                if person.person_id in have_news:
                    read_all_notices(self.session, person, now=self.now)

    def day(self, days: int) -> date:
        """A day from today on, where agencies are."""
        return (self.now + timedelta(days=days)).astimezone(CHICAGO).date()
