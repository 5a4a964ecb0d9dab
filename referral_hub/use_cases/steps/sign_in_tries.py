"""How often somebody may try to sign in, counted so that it cannot be used against others.

Wrong tries from elsewhere never lock a browser in which the person has signed in before, and a
link for a new password makes any browser such a one. They count against the password that was
guessed at: a new one starts anew, in every browser.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.audit import Outcome
from referral_hub.rules.email_addresses import folded
from referral_hub.rules.errors import TooManyTries
from referral_hub.rules.network_addresses import customer_network
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.browsers import Browser, browser_name, is_known
from referral_hub.use_cases.steps.people import EMAIL
from referral_hub.use_cases.steps.rates import Rate, give_back, spend
from referral_hub.use_cases.transaction import transaction

QUARTER = timedelta(minutes=15)
PASSWORD_HERE = Rate("password, account and address", 5, QUARTER)
PASSWORD_ADDRESS = Rate("password, address", 50, QUARTER)
PASSWORD_ACCOUNT = Rate("password, account", 20, timedelta(hours=1))
PASSWORD_KNOWN = Rate("password, known browser", 10, QUARTER)
CODE_ACCOUNT = Rate("code, account", 5, QUARTER)
CODE_DAY = Rate("code, account, day", 30, timedelta(days=1))
CODE_KNOWN = Rate("code, known browser", 5, QUARTER)
PASSKEY_ADDRESS = Rate("passkey, address", 300, QUARTER)
RESET_ADDRESS = Rate("reset, address", 10, QUARTER)
RESET_ACCOUNT = Rate("reset, account", 3, timedelta(hours=1))
LINK_ADDRESS = Rate("link, address", 20, QUARTER)
CONFIRM = Rate("confirm, session", 5, QUARTER)


@dataclass(frozen=True, slots=True)
class Try:
    """One count of a try: it is given back when the try was a right one."""

    rate: Rate
    who: str


def password_tries(
    vault: Vault, email: str, person: Person | None, browser: Browser
) -> tuple[Try, ...]:
    """What a try of a password counts against. An unknown account counts like any other."""
    account = vault.index(EMAIL, folded(email)).hex()
    if person is not None and person.password_changed_at is not None:
        account = f"{account} {person.password_changed_at.timestamp()}"
    if person is not None and is_known(vault, person, browser.known):
        return (Try(PASSWORD_KNOWN, f"{account} {browser_name(browser.known)}"),)
    address = address_index(vault, browser)
    return (
        Try(PASSWORD_HERE, f"{account} {address}"),
        Try(PASSWORD_ADDRESS, address),
        Try(PASSWORD_ACCOUNT, account),
    )


def code_tries(vault: Vault, person: Person, browser: Browser) -> tuple[Try, ...]:
    """What a try of a code counts against, after a right password."""
    if is_known(vault, person, browser.known):
        return (Try(CODE_KNOWN, f"{person.id} {browser_name(browser.known)}"),)
    return Try(CODE_ACCOUNT, str(person.id)), Try(CODE_DAY, str(person.id))


def spend_all(
    session: Session, actor: Actor, action: str, tries: tuple[Try, ...], *, now: datetime
) -> None:
    """Count a try. Raises TooManyTries; the first one in a row goes into the audit."""
    try:
        for each in tries:
            spend(session, each.rate, each.who, now=now)
    except TooManyTries as error:
        if error.is_first:
            with transaction(session):
                add_audit(
                    session, actor, action, detail="too many tries", outcome=Outcome.REFUSED,
                    now=now,
                )  # fmt: skip
        raise


def give_all_back(session: Session, tries: tuple[Try, ...], *, now: datetime) -> None:
    """A try was a right one: it does not count. Inside a transaction."""
    for each in tries:
        give_back(session, each.rate, each.who, now=now)


def address_index(vault: Vault, browser: Browser) -> str:
    """What stands for the network of a browser's address where tries are counted."""
    return vault.index("browser.address", customer_network(browser.address)).hex()
