"""Giving a person another e-mail address, in whatever way it was proved to be theirs."""

from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.sign_in import LinkPurpose
from referral_hub.use_cases.steps.account_mail import tell_of_email
from referral_hub.use_cases.steps.invitations import withdraw_invitations_to
from referral_hub.use_cases.steps.links import use_up_links
from referral_hub.use_cases.steps.people import email_of, name_of, seal_person
from referral_hub.use_cases.steps.unique import only_once

TAKEN = "There is another account with this e-mail address. The address stays as it is."


def move_to_email(
    session: Session,
    actor: Actor,
    vault: Vault,
    person: Person,
    email: str,
    *,
    field: str,
    now: datetime,
) -> None:
    """Give a person, who is locked, another address. What was sent to the one before is void.

    The one before is told. Raises InvalidInput naming the field for another account's address.
    """
    before = email_of(vault, person)
    with only_once(session, field, TAKEN):
        seal_person(vault, person, name_of(vault, person), email)
    use_up_links(session, person.id, *LinkPurpose, now=now)
    withdraw_invitations_to(session, actor, vault, before, now=now)
    tell_of_email(session, vault, before, now=now)
