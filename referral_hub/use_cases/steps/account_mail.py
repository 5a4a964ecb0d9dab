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

PAGES = {
    "password_changed": "/forgot-password",
    "second_factor_changed": "/account/security",
    "second_factor_reset": "/account/security",
    "linked_account_changed": "/account/security",
}
"""Where to go for who did not do it, by the mail that says so."""


def tell_of_change(
    session: Session, vault: Vault, person_id: UUID, mail: str, *, now: datetime
) -> None:
    """Write to a person that a way in which they sign in was changed."""
    to = email_of(vault, session.get_one(Person, person_id))
    send_mail(session, vault, to, mail, link=PAGES[mail], now=now)


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


def tell_of_email(session: Session, vault: Vault, to: str, *, now: datetime) -> None:
    """Write to the address that a person had before, or to their new one, that it has changed."""
    send_mail(session, vault, to, "email_changed", link="/account/profile", now=now)


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
