"""Acts on referrals in a line, for tests that are about what comes of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Consent, Need, Referral, ReferralClock, ReferralEvent
from referral_hub.rules.actor import Actor, Person, System
from referral_hub.rules.consent import Category, ConsentTerms, Method, RevokedBy
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import Channel, Clock, Priority
from referral_hub.use_cases.draft_referral import Preparation, draft_referral
from referral_hub.use_cases.expire_referrals import keep_time
from referral_hub.use_cases.move_referral import Moved, move_referral
from referral_hub.use_cases.steps.consents import add_consent
from referral_hub.use_cases.steps.revocation import take_back
from referral_hub.use_cases.transaction import transaction
from tests.referral_world import NOW, VAULT, World, a_client, a_need, a_world

CHICAGO = ZoneInfo("America/Chicago")
"""Where agencies work that name no zone."""
SHARED = frozenset({Category.BASIC_CONTACT, Category.NEED, Category.HOUSEHOLD})
CLOSING = {
    Move.ASK: {"question": "Does she have a lease?"},
    Move.ANSWER: {"answer": "Yes, until May."},
    Move.ANSWERED_OTHERWISE: {"note": "She called us."},
    Move.WAITLIST: {"review_on": (NOW + timedelta(days=7)).date()},
    Move.DECLINE: {"reason": "no_capacity"},
    Move.START: {"began_at": NOW},
    Move.HOLD: {"reason": "awaiting_client", "resume_on": (NOW + timedelta(days=5)).date()},
    Move.COMPLETE: {"outcome": "need_met", "service_date": NOW.date(), "began_at": NOW},
    Move.CLOSE_UNMET: {"reason": "client_moved"},
    Move.WITHDRAW: {"reason": "client_request"},
    Move.REQUEST_WITHDRAWAL: {"reason": "client_request"},
    Move.RESEND: {"note": "They were on holiday."},
    Move.UNDECLINE: {"note": "There is a place now."},
    Move.UNACCEPT: {"note": "Taken by mistake."},
    Move.REOPEN: {"note": "She came back."},
    Move.VOID: {"note": "Entered in error."},
}
"""What comes along with each move, where nothing else is said."""


@dataclass
class Played:
    """A referral between two agencies, and who acts on it."""

    session: Session
    world: World
    client: Client
    need: Need
    consent: Consent
    referral_id: UUID
    now: datetime = NOW
    vault: Vault = VAULT

    @property
    def row(self) -> Referral:
        """The referral as it is stored now."""
        self.session.rollback()
        return self.session.get_one(Referral, self.referral_id)

    @property
    def events(self) -> list[ReferralEvent]:
        """All that happened, in order."""
        self.session.rollback()
        return list(
            self.session.scalars(
                select(ReferralEvent)
                .where(ReferralEvent.referral_id == self.referral_id)
                .order_by(ReferralEvent.seq)
            )
        )

    def move(
        self, move: Move, actor: Actor | None = None, version: int | None = None, **details: Any
    ) -> Moved:
        """Make a move, by somebody whose move it is where nobody is named."""
        values = {**self.defaults(move), **details}
        return move_referral(
            self.session,
            actor or self.whose(move),
            self.vault,
            self.referral_id,
            move,
            MoveDetails(**values),
            version=self.row.version if version is None else version,
            channel=Channel.PAGE,
            now=self.now,
        )

    def take_back_consent(self) -> None:
        """The client takes back the consent, a second after what was and before what will be."""
        self.now += timedelta(seconds=1)
        self.session.rollback()
        with transaction(self.session):
            take_back(self.session, self.consent.id, RevokedBy.PHONE, self.now)
        self.now += timedelta(seconds=1)

    def defaults(self, move: Move) -> dict[str, Any]:
        """What comes along with a move."""
        if move is Move.ACCEPT:
            return {
                "assignee_id": self.world.receiver.intake_worker.person_id,
                "first_contact_by": self.now + timedelta(days=1),
            }
        values = dict(CLOSING.get(move, {}))
        ahead = {"review_on": 7, "resume_on": 5, "service_date": 0}
        values |= {
            name: (self.now.astimezone(CHICAGO) + timedelta(days=ahead[name])).date()
            for name in ahead.keys() & values.keys()
        }
        return values | ({"began_at": self.now} if "began_at" in values else {})

    def whose(self, move: Move) -> Person:
        """Who makes a move."""
        sender, receiver = self.world.sender, self.world.receiver
        if move in (Move.REOPEN, Move.UNDECLINE):
            return receiver.supervisor
        own = (
            Move.SEND, Move.ANSWER, Move.WITHDRAW, Move.REQUEST_WITHDRAWAL, Move.RESEND, Move.VOID,
        )  # fmt: skip
        return sender.case_manager if move in own else receiver.intake_worker


def a_consent(
    session: Session,
    client: Client,
    *recipients: UUID,
    categories: frozenset[Category] = SHARED,
    vault: Vault = VAULT,
    now: datetime = NOW,
) -> Consent:
    """A signed consent of a client."""
    terms = ConsentTerms(
        purpose="To get food",
        categories=categories,
        recipients=frozenset(recipients),
        method=Method.SIGNED_ON_PAPER,
        given_at=now - timedelta(hours=1),
        expires_at=now + timedelta(days=365),
    )
    with transaction(session):
        return add_consent(session, vault, client, terms, "", "system:test", now)


def a_draft(
    session: Session,
    world: World | None = None,
    priority: Priority = Priority.ROUTINE,
    vault: Vault = VAULT,
    now: datetime = NOW,
) -> Played:
    """A referral that is ready to be sent."""
    world = world or a_world(session, vault, now)
    client = a_client(session, world.sender, vault=vault, now=now)
    need = a_need(session, client, now=now)
    consent = a_consent(session, client, world.receiver.agency_id, vault=vault, now=now)
    preparation = Preparation(priority, "Lost her job in May.", SHARED, consent.id, called=True)
    referral_id = draft_referral(
        session, world.sender.case_manager, vault, client.id, need.id, world.receiver.service_id,
        preparation, channel=Channel.PAGE, now=now,
    )  # fmt: skip
    return Played(session, world, client, need, consent, referral_id, now, vault)


def a_sent_one(session: Session, **values: Any) -> Played:
    """A referral that was sent."""
    played = a_draft(session, **values)
    played.move(Move.SEND)
    return played


PATHS: dict[str, tuple[Move, ...]] = {
    "draft": (),
    "sent": (Move.SEND,),
    "acknowledged": (Move.SEND, Move.ACKNOWLEDGE),
    "info_requested": (Move.SEND, Move.ASK),
    "waitlisted": (Move.SEND, Move.WAITLIST),
    "accepted": (Move.SEND, Move.ACCEPT),
    "in_progress": (Move.SEND, Move.ACCEPT, Move.START),
    "on_hold": (Move.SEND, Move.ACCEPT, Move.HOLD),
    "completed": (Move.SEND, Move.ACCEPT, Move.COMPLETE),
    "closed_unmet": (Move.SEND, Move.ACCEPT, Move.CLOSE_UNMET),
    "declined": (Move.SEND, Move.DECLINE),
    "withdrawn": (Move.SEND, Move.WITHDRAW),
    "voided": (Move.SEND, Move.VOID),
}
"""How a referral gets into each status that people bring it to."""


def in_status(session: Session, status: str, **values: Any) -> Played:
    """A referral that was brought into a status."""
    if status == "expired":
        return an_expired_one(session, **values)
    played = a_draft(session, **values)
    for move in PATHS[status]:
        played.move(move)
    return played


def an_expired_one(session: Session, **values: Any) -> Played:
    """A referral that nobody answered, on the day after its time was over."""
    played = a_sent_one(session, **values)
    clocks = select(ReferralClock.act_at).where(
        ReferralClock.referral_id == played.referral_id, ReferralClock.clock == Clock.EXPIRE
    )
    played.now = session.scalars(clocks).one() + timedelta(hours=1)
    keep_time(session, System(), now=played.now)
    return played
