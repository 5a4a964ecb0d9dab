"""Telling people by mail what happened to their account: so that a thief is noticed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Person, SignInSession
from referral_hub.use_cases.steps.browsers import Browser, is_known
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.steps.people import email_of


def tell_of_password(session: Session, vault: Vault, person: Person, *, now: datetime) -> None:
    """Write to a person that their password was changed."""
    send_mail(
        session, vault, email_of(vault, person), "password_changed",
        link="/forgot-password", now=now,
    )  # fmt: skip


def tell_of_second_factor(
    session: Session, vault: Vault, person_id: UUID, *, now: datetime
) -> None:
    """Write to a person that their app, a passkey or their recovery codes were changed."""
    person = session.get_one(Person, person_id)
    send_mail(
        session, vault, email_of(vault, person), "second_factor_changed",
        link="/account/security", now=now,
    )  # fmt: skip


def tell_of_reset(session: Session, vault: Vault, person: Person, *, now: datetime) -> None:
    """Write to a person that somebody else reset their second factor, and how to go on."""
    send_mail(
        session, vault, email_of(vault, person), "second_factor_reset",
        link="/account/security", now=now,
    )  # fmt: skip


def tell_of_linked_account(
    session: Session, vault: Vault, person_id: UUID, *, now: datetime
) -> None:
    """Write to a person that their agency's sign-in was linked to their account, or unlinked."""
    person = session.get_one(Person, person_id)
    send_mail(
        session, vault, email_of(vault, person), "linked_account_changed",
        link="/account/security", now=now,
    )  # fmt: skip


def send_email_confirmation(
    session: Session, vault: Vault, email: str, token: str, *, now: datetime
) -> None:
    """Write to a new address of a person, with the link that confirms it."""
    send_mail(
        session, vault, email, "confirm_email", link=f"/account/profile/confirm#{token}", now=now
    )


def tell_of_email_wish(session: Session, vault: Vault, person: Person, *, now: datetime) -> None:
    """Write to a person's address that another one is wished for, while that can be stopped."""
    send_mail(
        session, vault, email_of(vault, person), "email_change_asked",
        link="/forgot-password", now=now,
    )  # fmt: skip


def tell_of_email(session: Session, vault: Vault, before: str, *, now: datetime) -> None:
    """Write to the address that a person had before that it is theirs no longer."""
    send_mail(session, vault, before, "email_changed", link="/account/profile", now=now)


def tell_of_sign_in(
    session: Session, vault: Vault, person: Person, browser: Browser, *, now: datetime
) -> None:
    """Write to a person that a browser signed in that had not before; not of their very first."""
    earlier = select(SignInSession.id).where(SignInSession.person_id == person.id)
    if is_known(vault, person, browser.known) or session.scalars(earlier).first() is None:
        return
    send_mail(
        session, vault, email_of(vault, person), "new_sign_in",
        browser=browser.label, link="/account/sessions", now=now,
    )  # fmt: skip
