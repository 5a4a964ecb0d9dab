"""What the two of a check-in write: points to talk about, what they agree, and feedback."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import CheckIn, CheckInAction, CheckInPoint, FeedbackNote
from referral_hub.rules.actor import Actor
from referral_hub.rules.check_ins import MOST_TEXT, CheckInStatus, check_action_due
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.profile_check import clean_text
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.check_ins import (
    ACTION,
    FEEDBACK,
    POINT,
    pair_of,
    require_planned,
    tell,
    the_check_in,
)
from referral_hub.use_cases.steps.clients import agency_of, author_of, local_day
from referral_hub.use_cases.transaction import transaction


def add_point(
    session: Session, actor: Actor, vault: Vault, check_in_id: UUID, text: str, *, now: datetime
) -> None:
    """Put something on the agenda of a check-in to come. Raises NotFound, Conflict and
    InvalidInput."""
    require(actor, Permission.CHECK_IN_KEEP)
    text = clean_text(text, MOST_TEXT, "point", "Write what you want to talk about.")
    with transaction(session):
        check_in = the_check_in(session, actor, check_in_id, now, lock=True)
        require_planned(check_in)
        point = CheckInPoint(
            id=uuid4(), check_in_id=check_in.id, author_id=author_of(actor), written_at=now
        )
        point.text_sealed = vault.seal(POINT, point.id, text)
        session.add(point)
        _audit(session, actor, "check-in:point", check_in, now)


def agree_action(
    session: Session,
    actor: Actor,
    vault: Vault,
    check_in_id: UUID,
    text: str,
    person_id: UUID,
    due_on: date | None,
    *,
    now: datetime,
) -> UUID:
    """Write down what one of the two does, and return its id: it stands on that person's list of
    tasks. Raises NotFound, InvalidInput, and Conflict where the check-in was cancelled."""
    require(actor, Permission.CHECK_IN_KEEP)
    text = clean_text(text, MOST_TEXT, "text", "Write what is to be done.")
    with transaction(session):
        check_in = the_check_in(session, actor, check_in_id, now, lock=True)
        if check_in.status == CheckInStatus.CANCELLED:
            raise Conflict("This check-in was cancelled. Agree it in the next one.")
        check_action_due(due_on, local_day(session, check_in.agency_id, now))
        _require_of_pair(check_in, person_id)
        action = CheckInAction(
            id=uuid4(), check_in_id=check_in.id, person_id=person_id, due_on=due_on, agreed_at=now
        )
        action.text_sealed = vault.seal(ACTION, action.id, text)
        session.add(action)
        if person_id != author_of(actor):
            tell(session, check_in, person_id, now)
        _audit(session, actor, "check-in:agree", check_in, now)
        return action.id


def mark_action(
    session: Session, actor: Actor, action_id: UUID, *, done: bool, now: datetime
) -> None:
    """Say that what one agreed to do is done, or that it is not: each their own, always. Said
    twice it stays as it was said first. Raises NotFound."""
    require(actor, Permission.CHECK_IN_KEEP)
    with transaction(session):
        action = session.get(CheckInAction, action_id, with_for_update=True)
        if action is None or action.person_id != author_of(actor):
            raise NotFound(NOTHING_HERE)
        check_in = session.get_one(CheckIn, action.check_in_id)
        if check_in.agency_id != agency_of(actor):
            raise NotFound(NOTHING_HERE)
        if done is (action.done_at is not None):
            return
        action.done_at = now if done else None
        _audit(session, actor, "check-in:done" if done else "check-in:undone", check_in, now)


def write_feedback(
    session: Session, actor: Actor, vault: Vault, check_in_id: UUID, text: str, *, now: datetime
) -> None:
    """Tell the other one of a check-in something that stays between the two, and never changes.
    Raises NotFound, InvalidInput."""
    require(actor, Permission.CHECK_IN_KEEP)
    text = clean_text(text, MOST_TEXT, "feedback", "Write your feedback.")
    with transaction(session):
        check_in = the_check_in(session, actor, check_in_id, now)
        pair, author_id = pair_of(check_in), author_of(actor)
        note = FeedbackNote(
            id=uuid4(), agency_id=pair.agency_id, supervisor_id=pair.supervisor_id,
            worker_id=pair.worker_id, author_id=author_id, written_at=now,
        )  # fmt: skip
        note.text_sealed = vault.seal(FEEDBACK, note.id, text)
        session.add(note)
        tell(session, check_in, pair.other(author_id), now)
        _audit(session, actor, "check-in:feedback", check_in, now)


def _require_of_pair(check_in: CheckIn, person_id: UUID) -> None:
    if person_id not in (check_in.supervisor_id, check_in.worker_id):
        message = "Choose one of you two."
        raise InvalidInput(message, {"person_id": message})


def _audit(session: Session, actor: Actor, action: str, check_in: CheckIn, now: datetime) -> None:
    add_audit(session, actor, action, check_in, agency_id=check_in.agency_id, now=now)
