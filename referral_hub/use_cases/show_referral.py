"""One referral with everything that the viewer may know of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    AgencyEvent,
    Client,
    ContactAttempt,
    Message,
    Referral,
    ReferralEvent,
)
from referral_hub.rules.actor import Actor, acting_agency
from referral_hub.rules.disclosures import from_snapshot
from referral_hub.rules.event_sight import Sight, sight_of
from referral_hub.rules.permissions import Permission, is_allowed, require
from referral_hub.rules.reason_codes import REASONS_OF
from referral_hub.rules.referral_choices import choices, progress
from referral_hub.rules.referral_lifecycle import (
    MOVE_DONE,
    MOVE_LABEL,
    OPEN,
    UNDECIDED,
    UNDER_WAY,
    Move,
    Part,
    Side,
    Status,
)
from referral_hub.rules.referral_parts import parts_of
from referral_hub.rules.referral_state import is_taken_on
from referral_hub.rules.referrals import FACT_LABEL, ConflictCheck, Fact
from referral_hub.use_cases.referral_talk import ATTEMPT, MESSAGE
from referral_hub.use_cases.referral_views import (
    AppointmentView,
    AttemptView,
    ClientAnswerView,
    MessageView,
    MoveChoice,
    ProposalView,
    ReferralView,
    Step,
    TimelineEntry,
)
from referral_hub.use_cases.steps.agencies import zone_of
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.client_duplicates import Duplicate, duplicates_of
from referral_hub.use_cases.steps.declines import open_proposal, proposer_of, words_of_event
from referral_hub.use_cases.steps.disclosures import (
    disclosed_to_receiver,
    may_deliver,
    unshared_fields,
)
from referral_hub.use_cases.steps.notices import has_unread
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.steps.referral_effects import CONTACT_NAME
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.steps.referral_situation import reviews_declines
from referral_hub.use_cases.steps.referrals import (
    NOTE,
    parties_of,
    person_of,
    referral_to_see,
    seen_of_event,
    was_veiled,
)
from referral_hub.use_cases.steps.sending import Preview, preview_of
from referral_hub.use_cases.steps.snapshots import check_told_to_sender
from referral_hub.use_cases.steps.told_facts import answer_views, appointment_views, detail_of
from referral_hub.use_cases.transaction import transaction

LATE = timedelta(hours=1)
"""From when on a record counts as made later than what it tells."""


def show_referral(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    *,
    compare: bool = True,
    now: datetime,
) -> ReferralView:
    """A referral, as the actor sees it. Who could accept it is told which own clients may be the
    same person, and the audit that they were; without `compare` nobody looks for any. Raises
    NotFound where it is not theirs to see."""
    require(actor, Permission.REFERRAL_READ)
    with transaction(session):
        referral, sides = referral_to_see(session, actor, referral_id)
        side = Side.RECEIVER if Side.RECEIVER in sides else Side.SENDER
        add_audit(
            session, actor, "referral:read", referral, agency_id=acting_agency(actor), now=now
        )
        return _Shown(session, vault, actor, referral, side, now).view(compare=compare)


class _Shown:
    """A referral on its way to its view."""

    def __init__(
        self, session: Session, vault: Vault, actor: Actor, referral: Referral, side: Side,
        now: datetime,
    ) -> None:  # fmt: skip
        self._session = session
        self._vault = vault
        self._actor = actor
        self._referral = referral
        self._side = side
        self._now = now
        (self._line,) = referral_lines(session, vault, [(referral, side)], now)
        check = check_told_to_sender(session, referral) if side is Side.SENDER else None
        self._disclosed = disclosed_to_receiver(session, vault, referral, check=check, now=now)

    def view(self, *, compare: bool) -> ReferralView:
        """The whole view."""
        referral, line = self._referral, self._line
        status = Status(referral.status)
        sender = self._side is Side.SENDER
        whole = ReferralView(
            line=line,
            client_id=referral.client_id if sender else referral.receiver_client_id,
            reason_code=referral.reason_code,
            reason=reason_words(referral.reason_code),
            review_on=referral.review_on,
            expected_on=referral.expected_on,
            first_contact_by=referral.first_contact_by,
            first_contact_at=referral.first_contact_at,
            started_at=referral.started_at,
            service_date=referral.service_date,
            contact_name=self._contact_name(),
            withdrawal_requested_at=referral.withdrawal_requested_at,
            consent_id=referral.consent_id if sender else None,
            steps=tuple(Step(label, state) for label, state in progress(status, referral.sends)),
            timeline=self._timeline(),
            messages=self._messages(),
            attempts=self._attempts(),
            appointments=self._appointments(),
            client_answers=self._client_answers(),
            disclosed=self._disclosed,
            preview=self._preview(),
            not_shared=self._not_shared(),
            possible_clients=self._possible_clients() if compare else (),
            conflict_check=self._conflict_check(),
            moves=self._moves(),
            proposal=self._proposal(),
            may_propose=self._may_propose(),
            may_write=(
                status is not Status.DRAFT
                and not line.status_only
                and self._may(Permission.MESSAGE_WRITE)
            ),
            may_record_contact=(
                not sender and status in UNDER_WAY and self._may(Permission.CONTACT_RECORD)
            ),
            may_make_appointment=self._may_make_appointment(),
            may_record_answer=(
                sender
                and is_taken_on(status, referral.accepted_at)
                and self._may(Permission.CLIENT_ANSWER_RECORD)
            ),
            may_assign=not sender and status in OPEN,
            may_share=sender and status in OPEN and self._may(Permission.REFERRAL_PREPARE),
            may_check_in=(
                not sender
                and status in OPEN
                and not line.status_only
                and self._may(Permission.REFERRAL_MOVE)
            ),
            has_news=self._has_news(),
        )
        return _status_only(whole) if sender and line.status_only else whole

    def _preview(self) -> Preview | None:
        referral = self._referral
        if referral.status != Status.DRAFT:
            return None
        client = self._session.get_one(Client, referral.client_id)
        return preview_of(self._session, self._vault, referral, client, self._now)

    def _not_shared(self) -> tuple[str, ...]:
        referral = self._referral
        if self._side is Side.RECEIVER or referral.status not in OPEN:
            return ()
        client = self._session.get_one(Client, referral.client_id)
        return unshared_fields(self._session, self._vault, referral, client)

    def _possible_clients(self) -> tuple[Duplicate, ...]:
        """Own clients who may be the one of whom the receiver was told, found by its own index."""
        could_accept = Move.ACCEPT in {choice.move for choice in self._moves()}
        if self._disclosed.identity_only or not (
            could_accept and self._may(Permission.CLIENT_READ)
        ):
            return ()
        found = duplicates_of(
            self._session, self._vault, self._referral.to_agency_id,
            from_snapshot(self._disclosed.values), told_by=self._referral.from_agency_id,
        )  # fmt: skip
        if not found:
            return ()
        detail = f"{len(found)} possible for referral {self._referral.id}"
        add_audit(
            self._session, self._actor, "client:search",
            agency_id=self._referral.to_agency_id, detail=detail,
            shown=(each.client_id for each in found), now=self._now,
        )  # fmt: skip
        return found

    def _has_news(self) -> bool:
        reader = person_of(self._actor)
        return reader is not None and has_unread(self._session, reader, self._referral.id)

    def _conflict_check(self) -> ConflictCheck:
        """Whom a lawyer serves is not for the sender to learn."""
        if self._side is Side.SENDER:
            return ConflictCheck.NOT_NEEDED
        return ConflictCheck(self._referral.conflict_check)

    def _may(self, permission: Permission) -> bool:
        return is_allowed(self._actor, permission, acting_agency(self._actor))

    def _moves(self) -> tuple[MoveChoice, ...]:
        referral = self._referral
        parts = parts_of(self._actor, parties_of(referral))
        found = choices(
            Status(referral.status), parts,
            withdrawal_requested=referral.withdrawal_requested_at is not None,
            declines_reviewed=reviews_declines(self._session, referral),
        )  # fmt: skip
        return tuple(MoveChoice(move, MOVE_LABEL[move], main) for move, main in found)

    def _proposal(self) -> ProposalView | None:
        referral = self._referral
        event = open_proposal(self._session, referral) if self._side is Side.RECEIVER else None
        if event is None:
            return None
        proposer = proposer_of(event)
        names = names_of(self._session, self._vault, [proposer])
        return ProposalView(
            names.get(proposer, ""),
            event.recorded_at,
            reason_words(event.reason_code),
            words_of_event(self._vault, event),
            Part.RECEIVER_SUPERVISOR in parts_of(self._actor, parties_of(referral)),
        )

    def _may_propose(self) -> bool:
        referral = self._referral
        parts = parts_of(self._actor, parties_of(referral))
        return (
            referral.status in UNDECIDED
            and referral.decline_proposed_at is None
            and Part.RECEIVER in parts
            and Part.RECEIVER_SUPERVISOR not in parts
            and reviews_declines(self._session, referral)
        )

    def _is_veiled(self, agency_id: UUID | None, at: datetime) -> bool:
        """Whether what an agency recorded then is the receiver's alone."""
        return (
            self._side is Side.SENDER
            and agency_id == self._referral.to_agency_id
            and was_veiled(self._referral, at)
        )

    def _closed_to_receiver(self, agency_id: UUID | None) -> bool:
        """Whether what the other agency wrote is closed to the receiver, as the snapshots are."""
        return (
            self._side is Side.RECEIVER
            and agency_id != self._referral.to_agency_id
            and (self._disclosed.identity_only or not self._disclosed.values)
        )

    def _timeline(self) -> tuple[TimelineEntry, ...]:
        return tuple(self._entries.values())

    @cached_property
    def _entries(self) -> Mapping[ReferralEvent, TimelineEntry]:
        """What happened, as far as the side sees it, in order."""
        events = self._session.scalars(
            select(ReferralEvent)
            .where(ReferralEvent.referral_id == self._referral.id)
            .order_by(ReferralEvent.seq)
        ).all()
        sights = {event: self._sight(event) for event in events}
        seen = {event: sight for event, sight in sights.items() if sight is not Sight.NOTHING}
        for event in self._untold(seen):
            del seen[event]
        people = names_of(
            self._session, self._vault, (e.actor_person_id for e in seen if e.actor_person_id)
        )
        return {event: self._entry(event, sight, people) for event, sight in seen.items()}

    def _appointments(self) -> tuple[AppointmentView, ...]:
        referral = self._referral
        may_change = self._side is Side.RECEIVER and self._may(Permission.APPOINTMENT_RECORD)
        return appointment_views(
            self._entries, Status(referral.status), referral.accepted_at,
            zone_of(self._session, referral.to_agency_id), self._now, may_change=may_change,
        )  # fmt: skip

    def _may_make_appointment(self) -> bool:
        return (
            self._side is Side.RECEIVER
            and self._referral.status in UNDER_WAY
            and self._may(Permission.APPOINTMENT_RECORD)
        )

    def _client_answers(self) -> tuple[ClientAnswerView, ...]:
        return answer_views(self._entries) if self._side is Side.SENDER else ()

    def _untold(self, events: Iterable[ReferralEvent]) -> list[ReferralEvent]:
        """Of the receiver's events, what was shared and lapsed before it was handed on."""
        shared = [event for event in events if event.kind == Fact.DISCLOSED]
        if self._side is Side.SENDER or not shared:
            return []
        told = self._session.scalars(
            select(AgencyEvent.event_id).where(
                AgencyEvent.agency_id == self._referral.to_agency_id,
                AgencyEvent.event_id.in_(event.id for event in shared),
            )
        ).all()
        return [
            event
            for event in shared
            if event.id not in told
            and (
                event.position is not None
                or not may_deliver(self._session, self._referral, self._now, event)
            )
        ]

    def _sight(self, event: ReferralEvent) -> Sight:
        closed = self._closed_to_receiver(event.actor_agency_id)
        return seen_of_event(self._referral, event, self._side, closed=closed)

    def _entry(self, event: ReferralEvent, sight: Sight, people: dict[UUID, str]) -> TimelineEntry:
        reason_code = None if sight is Sight.STATUS else event.reason_code
        person_id = None if sight is Sight.STATUS else event.actor_person_id
        words = ""
        if event.note_sealed is not None and sight is Sight.WHOLE:
            words = self._vault.open(NOTE, event.id, event.note_sealed)
        return TimelineEntry(
            seq=event.seq,
            kind=event.kind,
            label=kind_words(event.kind),
            detail="" if sight is Sight.STATUS else detail_of(event),
            who=people.get(person_id, "") if person_id else "",
            agency=self._agency(event.actor_agency_id),
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
            from_status=Status(event.from_status),
            to_status=Status(event.to_status),
            reason_code=reason_code,
            reason=reason_words(reason_code),
            words=words,
            late=event.recorded_at - event.occurred_at > LATE,
        )

    def _agency(self, agency_id: UUID | None) -> str:
        if agency_id is None:
            return "The hub"
        sender = agency_id == self._referral.from_agency_id
        return self._line.from_agency if sender else self._line.to_agency

    def _messages(self) -> tuple[MessageView, ...]:
        rows = self._session.scalars(
            select(Message)
            .where(Message.referral_id == self._referral.id)
            .order_by(Message.sent_at, Message.id)
        ).all()
        people = names_of(
            self._session, self._vault, (row.author_id for row in rows if row.author_id)
        )
        own = acting_agency(self._actor)
        return tuple(
            MessageView(
                row.id,
                self._agency(row.agency_id),
                people.get(row.author_id, "") if row.author_id else "",
                row.sent_at,
                self._vault.open(MESSAGE, row.id, row.text_sealed),
                row.agency_id == own,
            )
            for row in rows
            if not self._is_veiled(row.agency_id, row.sent_at)
            and not self._closed_to_receiver(row.agency_id)
        )

    def _attempts(self) -> tuple[AttemptView, ...]:
        rows = self._session.scalars(
            select(ContactAttempt)
            .where(ContactAttempt.referral_id == self._referral.id)
            .order_by(ContactAttempt.occurred_at, ContactAttempt.id)
        ).all()
        people = names_of(
            self._session, self._vault, (row.author_id for row in rows if row.author_id)
        )
        return tuple(
            AttemptView(
                row.id,
                people.get(row.author_id, "") if row.author_id else "",
                row.method,
                row.reached,
                row.occurred_at,
                self._note_of(row),
            )
            for row in rows
            if not self._is_veiled(self._referral.to_agency_id, row.recorded_at)
        )

    def _note_of(self, row: ContactAttempt) -> str:
        status = Status.ACCEPTED
        sight = sight_of(Fact.CONTACTED, status, status, Part.RECEIVER, self._side)
        if row.note_sealed is None or sight is not Sight.WHOLE:
            return ""
        return self._vault.open(ATTEMPT, row.id, row.note_sealed)

    def _contact_name(self) -> str:
        sealed = self._referral.contact_name_sealed
        return "" if sealed is None else self._vault.open(CONTACT_NAME, self._referral.id, sealed)


def _status_only(view: ReferralView) -> ReferralView:
    """A view without what is the receiver's to know."""
    return replace(
        view, reason_code=None, reason="", review_on=None, expected_on=None,
        first_contact_by=None, first_contact_at=None, started_at=None, service_date=None,
        contact_name="",
    )  # fmt: skip


def kind_words(kind: str) -> str:
    """What an event is, in plain words."""
    return FACT_LABEL[Fact(kind)] if kind in set(Fact) else MOVE_DONE[Move(kind)]


def reason_words(code: str | None) -> str:
    """A coded reason in plain words."""
    if code is None:
        return ""
    found = (reasons[code] for reasons in REASONS_OF.values() if code in reasons)
    reason = next(found, None)
    return code if reason is None else reason.label
