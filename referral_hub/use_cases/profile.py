"""A person's own name, languages and e-mail address, changed by themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.audit import Outcome
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.languages import LANGUAGES
from referral_hub.rules.people import check_email, check_name
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.sign_in import EMAIL_LINK_LENGTH, LinkPurpose
from referral_hub.use_cases.steps.account_mail import (
    send_email_confirmation,
    tell_of_email_wish,
)
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.links import add_link, open_link, take_link, use_up_links
from referral_hub.use_cases.steps.new_email import move_to_email
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.steps.people import (
    email_of,
    is_known_as,
    person_with_email,
    seal_person,
)
from referral_hub.use_cases.steps.rates import Rate, spend
from referral_hub.use_cases.transaction import transaction

NEW_EMAIL = "one_time_link.email"
CONFIRMING = "profile:email"
MOST_LANGUAGES = 6
YOURS_ALREADY = "This is your e-mail address already."
BAD_LINK = (
    "This link was used already, is too old, or is for another account. Ask for a new one on the "
    "page of your profile."
)
_ASKING = Rate("new e-mail address", 5, timedelta(hours=1))


def change_name(session: Session, actor: Actor, name: str, *, vault: Vault, now: datetime) -> None:
    """Give oneself another name. Raises InvalidInput."""
    require(actor, Permission.ACCOUNT_USE)
    acting, name = person_of(actor), check_name(name)
    with transaction(session):
        person = session.get_one(Person, acting.person_id, with_for_update=True)
        seal_person(vault, person, name, email_of(vault, person))
        add_audit(session, actor, "profile:name", person, agency_id=acting.agency_id, now=now)


def change_languages(
    session: Session, actor: Actor, languages: Sequence[str], *, now: datetime
) -> None:
    """Say which languages one speaks with clients. Raises InvalidInput."""
    require(actor, Permission.ACCOUNT_USE)
    acting, spoken = person_of(actor), list(dict.fromkeys(languages))
    if not set(spoken) <= LANGUAGES.keys() or len(spoken) > MOST_LANGUAGES:
        message = f"Choose at most {MOST_LANGUAGES} languages from the list."
        raise InvalidInput(message, {"languages": message})
    with transaction(session):
        person = session.get_one(Person, acting.person_id, with_for_update={"key_share": True})
        person.languages = spoken
        add_audit(session, actor, "profile:languages", person, agency_id=acting.agency_id, now=now)


def ask_for_email(
    session: Session, actor: Actor, email: str, *, vault: Vault, now: datetime
) -> None:
    """Ask for another e-mail address: nothing changes until the link that is mailed to it is used.

    The address before is told. Where the new one belongs to another account no link is sent, and
    nobody is told, not even who reads the audit: who has an account here is nobody else's business.
    Raises InvalidInput.
    """
    require(actor, Permission.ACCOUNT_USE)
    acting, email = person_of(actor), check_email(email)
    spend(session, _ASKING, str(acting.person_id), now=now)
    with transaction(session):
        person = session.get_one(Person, acting.person_id, with_for_update=True)
        if is_known_as(person, vault, email):
            raise InvalidInput(YOURS_ALREADY, {"email": YOURS_ALREADY})
        use_up_links(session, person.id, LinkPurpose.CHANGE_EMAIL, now=now)
        if person_with_email(session, vault, email) is None:
            link, token = add_link(
                session, LinkPurpose.CHANGE_EMAIL, person.id, EMAIL_LINK_LENGTH, now=now
            )
            link.email_sealed = vault.seal(NEW_EMAIL, link.id, email)
            send_email_confirmation(session, vault, email, token, now=now)
        tell_of_email_wish(session, vault, person, now=now)
        add_audit(session, actor, "profile:ask-email", person, agency_id=acting.agency_id, now=now)


def confirm_email(
    session: Session, actor: Actor, token: str, *, vault: Vault, now: datetime
) -> None:
    """Take the new e-mail address whose link this is, once; mail to the one before counts no more.

    Only the person who asked can use the link: sent to a wrong address, it gives nobody else the
    account. Raises InvalidInput naming `token`.
    """
    require(actor, Permission.ACCOUNT_USE)
    acting = person_of(actor)
    found = open_link(session, LinkPurpose.CHANGE_EMAIL, token, now=now)
    link_id = found.id if found is not None and found.person_id == acting.person_id else None
    with transaction(session):
        person = take_link(session, link_id, now=now) if link_id is not None else None
        if person is None or found is None or found.email_sealed is None:
            add_audit(
                session, actor, CONFIRMING, agency_id=acting.agency_id, outcome=Outcome.REFUSED,
                now=now,
            )  # fmt: skip
        else:
            email = vault.open(NEW_EMAIL, found.id, found.email_sealed)
            found.email_sealed = None
            move_to_email(session, actor, vault, person, email, field="token", now=now)
            add_audit(session, actor, CONFIRMING, person, agency_id=acting.agency_id, now=now)
            return
    raise InvalidInput(BAD_LINK, {"token": BAD_LINK})
