"""Telling the audit that somebody was refused something."""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from referral_hub.rules.actor import Actor, Application, Person, actor_label
from referral_hub.rules.audit import Outcome
from referral_hub.rules.errors import TooManyTries
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.rates import Rate, spend
from referral_hub.use_cases.transaction import transaction

NOTED = Rate("refusal", 30, timedelta(minutes=10))
"""So many refusals of one actor are noted; the rest of a flood says nothing new."""


def note_refusal(session: Session, actor: Actor, what: str, *, now: datetime) -> None:
    """Note that an actor was refused; `what` is the name of a route or of a permission."""
    require(actor, Permission.REFUSAL_NOTE)
    agency_id = actor.agency_id if isinstance(actor, Person | Application) else None
    with suppress(TooManyTries):
        spend(session, NOTED, actor_label(actor), now=now)
        with transaction(session):
            add_audit(
                session, actor, "refused",
                agency_id=agency_id, detail=what, outcome=Outcome.REFUSED, now=now,
            )  # fmt: skip
