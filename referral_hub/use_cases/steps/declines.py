"""Declines inside a transaction: whose they are to review, the proposal that is open, and what was
said."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Referral, ReferralEvent
from referral_hub.rules.actor import Actor, Person
from referral_hub.rules.errors import Conflict
from referral_hub.rules.news import PROPOSER
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move, Side
from referral_hub.rules.referrals import Fact
from referral_hub.use_cases.steps.referral_sight import visible
from referral_hub.use_cases.steps.referrals import NOTE

LOOK_NOTE = "decline_look.note"
LISTING_FIELD = "listing_field"
"""Under this name a proposal tells what is wrong in the listing."""


def of_own_teams(actor: Actor) -> ColumnElement[bool]:
    """The received referrals of the teams that somebody supervises."""
    teams = actor.teams if isinstance(actor, Person) else frozenset()
    return and_(visible(actor, Side.RECEIVER), Referral.to_team_id.in_(teams))


def last_decline(session: Session, referral_id: UUID) -> ReferralEvent | None:
    """The last event that declined a referral."""
    return session.scalars(
        select(ReferralEvent)
        .where(ReferralEvent.referral_id == referral_id, ReferralEvent.kind == Move.DECLINE)
        .order_by(ReferralEvent.seq.desc())
        .limit(1)
    ).first()


def open_proposal(session: Session, referral: Referral) -> ReferralEvent | None:
    """The proposal that waits for a supervisor; None where there is none, or it lapsed."""
    if referral.decline_proposed_at is None:
        return None
    return session.scalars(
        select(ReferralEvent)
        .where(
            ReferralEvent.referral_id == referral.id,
            ReferralEvent.kind == Fact.DECLINE_PROPOSED,
        )
        .order_by(ReferralEvent.seq.desc())
        .limit(1)
    ).one()


def require_proposal(session: Session, referral: Referral) -> ReferralEvent:
    """The proposal that waits for a supervisor. Raises Conflict where there is none any more."""
    proposal = open_proposal(session, referral)
    if proposal is None:
        raise Conflict("No decline of this referral waits any more. See how it stands now.")
    return proposal


def details_of(vault: Vault, proposal: ReferralEvent) -> MoveDetails:
    """What the decline would come with."""
    return MoveDetails(
        note=words_of_event(vault, proposal),
        reason=proposal.reason_code,
        listing_field=proposal.data.get(LISTING_FIELD, ""),
    )


def proposer_of(proposal: ReferralEvent) -> UUID:
    """Who proposed it."""
    return UUID(proposal.data[PROPOSER])


def words_of_event(vault: Vault, event: ReferralEvent) -> str:
    """What was written with an event; empty where nothing was."""
    if event.note_sealed is None:
        return ""
    return vault.open(NOTE, event.id, event.note_sealed)
