"""A new password by a one-time link, for people who forgot theirs."""

from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.passwords import Passwords
from referral_hub.rules.actor import Actor, Link
from referral_hub.rules.audit import Outcome
from referral_hub.rules.email_addresses import folded
from referral_hub.rules.errors import InvalidInput, TooManyTries
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.sign_in import RESET_LENGTH, LinkPurpose
from referral_hub.use_cases.steps.access import forget_proofs
from referral_hub.use_cases.steps.account_mail import tell_of_change
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.browsers import Browser, with_mark
from referral_hub.use_cases.steps.links import add_link, open_link, take_link
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.steps.new_password import hash_of_new
from referral_hub.use_cases.steps.people import EMAIL, email_of, person_with_email
from referral_hub.use_cases.steps.rates import spend
from referral_hub.use_cases.steps.sign_in_tries import (
    LINK_ADDRESS,
    RESET_ACCOUNT,
    RESET_ADDRESS,
    Try,
    address_index,
    spend_all,
)
from referral_hub.use_cases.transaction import transaction

ASKING, SETTING = "password:ask-reset", "password:reset"
BAD_LINK = "This link was used already, or is too old. Ask for a new one."


def ask_for_reset(
    session: Session,
    actor: Actor,
    email: str,
    browser: Browser,
    *,
    vault: Vault,
    now: datetime,
) -> None:
    """Mail a one-time link for a new password, if there is an account: nobody is told.

    After some mails no more are sent for a while; the links in them are good for as long.
    """
    require(actor, Permission.SIGN_IN)
    spend_all(session, actor, ASKING, (Try(RESET_ADDRESS, address_index(vault, browser)),), now=now)
    try:
        spend(session, RESET_ACCOUNT, vault.index(EMAIL, folded(email)).hex(), now=now)
    except TooManyTries:
        return
    with transaction(session):
        person = person_with_email(session, vault, email)
        is_open = person is not None and person.disabled_at is None
        outcome = Outcome.DONE if is_open else Outcome.REFUSED
        add_audit(session, actor, ASKING, person, outcome=outcome, now=now)
        if person is None or not is_open:
            return
        _, token = add_link(session, LinkPurpose.RESET_PASSWORD, person.id, RESET_LENGTH, now=now)
        send_mail(
            session, vault, email_of(vault, person), "reset_password",
            link=f"/set-password#{token}", now=now,
        )  # fmt: skip


def reset_password(
    session: Session,
    actor: Actor,
    token: str,
    password: str,
    browser: Browser,
    *,
    vault: Vault,
    passwords: Passwords,
    now: datetime,
) -> str:
    """Set a new password by a link, once; end all that rested on the old one.

    Returns the browser's marks: whoever reads the person's mail is let try from here. Raises
    InvalidInput naming `token` or `password`.
    """
    require(actor, Permission.SIGN_IN)
    spend_all(session, actor, SETTING, (Try(LINK_ADDRESS, address_index(vault, browser)),), now=now)
    link = open_link(session, LinkPurpose.RESET_PASSWORD, token, now=now)
    if link is None:
        with transaction(session):
            add_audit(session, actor, SETTING, outcome=Outcome.REFUSED, now=now)
        raise InvalidInput(BAD_LINK, {"token": BAD_LINK})
    holder = Link(link.id, link.purpose)
    hashed = hash_of_new(session, vault, passwords, link.person_id, password)
    with transaction(session):
        person = take_link(session, holder.link_id, now=now)
        if person is None:
            add_audit(session, holder, SETTING, outcome=Outcome.REFUSED, now=now)
        else:
            person.password_hash, person.password_changed_at = hashed, now
            forget_proofs(session, person.id, now=now)
            tell_of_change(session, vault, person.id, "password_changed", now=now)
            add_audit(session, holder, SETTING, person, now=now)
            return with_mark(vault, person, browser.known)
    raise InvalidInput(BAD_LINK, {"token": BAD_LINK})
