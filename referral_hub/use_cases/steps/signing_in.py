"""The end of every sign-in: a new session, in a browser that is known from then on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Person, SignInSession
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.audit import Outcome
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.steps.access import end_sessions
from referral_hub.use_cases.steps.account_mail import tell_of_sign_in
from referral_hub.use_cases.steps.attempts import close_attempts
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.browsers import Browser, with_mark
from referral_hub.use_cases.steps.sessions import Through, add_session

SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the browser gets: the session's token, its marks, and the page to go on with."""

    token: str
    known: str
    next_path: str | None


def add_sign_in(
    session: Session,
    actor: Actor,
    person: Person,
    methods: tuple[Method, ...],
    browser: Browser,
    next_path: str | None,
    *,
    through: Through | None = None,
    vault: Vault,
    now: datetime,
) -> SignedIn:
    """Sign a person in who has proved who they are. The session that was there before ends.

    `through` is where they proved it, if at their agency's provider.
    """
    if isinstance(actor, PersonActing):
        end_sessions(session, SignInSession.id == actor.session_id, now=now)
    close_attempts(session, browser.secret, now=now)
    tell_of_sign_in(session, vault, person, browser, now=now)
    token, held = add_session(session, person, methods, browser.label, through, now=now)
    acting = PersonActing(person.id, held.agency_id, frozenset(), session_id=held.id)
    add_audit(
        session, acting, SIGN_IN, held, agency_id=held.agency_id, detail=" ".join(methods), now=now
    )
    return SignedIn(token, with_mark(vault, person, browser.known), next_path)


def add_refusal(
    session: Session, actor: Actor, person: Person | None, detail: str, *, now: datetime
) -> None:
    """Note that somebody was not let in, with the account where there is one."""
    add_audit(session, actor, SIGN_IN, person, detail=detail, outcome=Outcome.REFUSED, now=now)
