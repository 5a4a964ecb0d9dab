"""One referral with everything that the viewer may know of it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Consent, ContactAttempt, Message, Referral, ReferralEvent
from referral_hub.rules.actor import Actor, acting_agency
from referral_hub.rules.permissions import Permission, is_allowed, require
from referral_hub.rules.reason_codes import REASONS_OF
from referral_hub.rules.referral_choices import choices, progress
from referral_hub.rules.referral_lifecycle import (
    MOVE_DONE,
    MOVE_LABEL,
    OPEN,
    UNDER_WAY,
    Move,
    Side,
    Status,
)
from referral_hub.rules.referral_parts import parts_of
from referral_hub.rules.referrals import FACT_LABEL, ConflictCheck, Fact
from referral_hub.use_cases.referral_talk import ATTEMPT, MESSAGE
from referral_hub.use_cases.referral_views import (
    AttemptView,
    MessageView,
    MoveChoice,
    ReferralView,
    Step,
    TimelineEntry,
)
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.disclosures import disclosed_to_receiver
from referral_hub.use_cases.steps.notices import has_unread
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.steps.referral_effects import CONTACT_NAME
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.steps.referrals import NOTE, parties_of, person_of, referral_to_see
from referral_hub.use_cases.transaction import transaction

UNSEEN = frozenset({Fact.DRAFTED, Fact.CHANGED, Fact.DISCLOSED})
"""What happens to a draft, and the receiver does not see."""
LATE = timedelta(hours=1)
"""From when on a record counts as made later than what it tells."""


def show_referral(
    session: Session, actor: Actor, vault: Vault, referral_id: UUID, *, now: datetime
) -> ReferralView:
    """A referral, as the actor sees it. Raises NotFound where it is not theirs to see."""
    require(actor, Permission.REFERRAL_READ)
    with transaction(session):
        referral, sides = referral_to_see(session, actor, referral_id)
        side = Side.RECEIVER if Side.RECEIVER in sides else Side.SENDER
        add_audit(
            session, actor, "referral:read", referral, agency_id=acting_agency(actor), now=now
        )
        return _Shown(session, vault, actor, referral, side, now).view()


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
        (self._line,) = referral_lines(session, vault, [(referral, side)], now)
        self._disclosed = disclosed_to_receiver(session, vault, referral, now=now)
        self._hidden_from = self._when_hidden()

    def view(self) -> ReferralView:
        """The whole view."""
        referral, line = self._referral, self._line
        status = Status(referral.status)
        sender = self._side is Side.SENDER
        return ReferralView(
            line=line,
            client_id=referral.client_id if sender else referral.receiver_client_id,
            reason_code=referral.reason_code,
            reason=reason_words(referral.reason_code),
            review_on=referral.review_on,
            first_contact_by=referral.first_contact_by,
            first_contact_at=referral.first_contact_at,
            service_date=referral.service_date,
            contact_name=self._contact_name(),
            withdrawal_requested_at=referral.withdrawal_requested_at,
            consent_id=referral.consent_id if sender else None,
            steps=tuple(Step(label, state) for label, state in progress(status, referral.sends)),
            timeline=self._timeline(),
            messages=self._messages(),
            attempts=self._attempts(),
            disclosed=self._disclosed,
            conflict_check=self._conflict_check(),
            moves=self._moves(),
            may_write=status is not Status.DRAFT and self._may(Permission.MESSAGE_WRITE),
            may_record_contact=(
                not sender and status in UNDER_WAY and self._may(Permission.CONTACT_RECORD)
            ),
            may_assign=not sender and status in OPEN,
            may_check_in=not sender and status in OPEN and self._may(Permission.REFERRAL_MOVE),
            has_news=self._has_news(),
        )

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
        )  # fmt: skip
        return tuple(MoveChoice(move, MOVE_LABEL[move], main) for move, main in found)

    def _when_hidden(self) -> datetime | None:
        """From when on the sender sees what happens, but not what is written: consent was taken
        back, and work goes on at the receiver."""
        referral = self._referral
        if self._side is Side.RECEIVER or referral.consent_id is None:
            return None
        return self._session.get_one(Consent, referral.consent_id).revoked_at

    def _is_hidden(self, at: datetime, agency_id: UUID | None) -> bool:
        return (
            self._hidden_from is not None
            and at >= self._hidden_from
            and agency_id != self._referral.from_agency_id
        )

    def _closed_to_receiver(self, agency_id: UUID | None) -> bool:
        """Whether what the other agency wrote is closed to the receiver, as the snapshots are."""
        return (
            self._side is Side.RECEIVER
            and agency_id != self._referral.to_agency_id
            and (self._disclosed.identity_only or not self._disclosed.values)
        )

    def _timeline(self) -> tuple[TimelineEntry, ...]:
        events = self._session.scalars(
            select(ReferralEvent)
            .where(ReferralEvent.referral_id == self._referral.id)
            .order_by(ReferralEvent.seq)
        ).all()
        if self._side is Side.SENDER:
            events = [event for event in events if event.kind != Fact.CONFLICT_CHECKED]
        else:
            events = [
                event
                for event in events
                if event.from_status != Status.DRAFT or event.kind not in UNSEEN
            ]
        people = names_of(
            self._session, self._vault, (e.actor_person_id for e in events if e.actor_person_id)
        )
        return tuple(self._entry(event, people) for event in events)

    def _entry(self, event: ReferralEvent, people: dict[UUID, str]) -> TimelineEntry:
        words = ""
        if event.note_sealed is not None and not (
            self._is_hidden(event.recorded_at, event.actor_agency_id)
            or self._closed_to_receiver(event.actor_agency_id)
        ):
            words = self._vault.open(NOTE, event.id, event.note_sealed)
        return TimelineEntry(
            seq=event.seq,
            kind=event.kind,
            label=kind_words(event.kind),
            who=people.get(event.actor_person_id, "") if event.actor_person_id else "",
            agency=self._agency(event.actor_agency_id),
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
            from_status=Status(event.from_status),
            to_status=Status(event.to_status),
            reason_code=event.reason_code,
            reason=reason_words(event.reason_code),
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
            if not self._is_hidden(row.sent_at, row.agency_id)
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
            if not self._is_hidden(row.recorded_at, self._referral.to_agency_id)
        )

    def _note_of(self, row: ContactAttempt) -> str:
        if row.note_sealed is None or self._side is Side.SENDER:
            return ""
        return self._vault.open(ATTEMPT, row.id, row.note_sealed)

    def _contact_name(self) -> str:
        sealed = self._referral.contact_name_sealed
        return "" if sealed is None else self._vault.open(CONTACT_NAME, self._referral.id, sealed)


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
