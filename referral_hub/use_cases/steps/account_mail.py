"""Telling people by mail what changed about how they sign in: so that a thief is noticed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Person
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.steps.people import email_of


def tell_change(
    session: Session, vault: Vault, person_id: UUID, change: str, *, now: datetime
) -> None:
    """Write to a person that something changed ("new password"), to the address on file."""
    person = session.get(Person, person_id)
    if person is not None:
        send_mail(
            session, vault, email_of(vault, person), "account_changed", change=change, now=now
        )
