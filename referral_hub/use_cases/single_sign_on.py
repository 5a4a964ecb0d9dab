"""Signing in at an agency's own provider: begun, and finished with what the provider answers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor, Person
from referral_hub.rules.errors import (
    AccountUnknown,
    Conflict,
    NotFound,
    SignInStateInvalid,
    SingleSignOnRefused,
)
from referral_hub.rules.invitations import NOT_VALID
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.single_sign_on import Answer, ProviderAccount, RelyingParty
from referral_hub.use_cases.steps.browsers import Browser
from referral_hub.use_cases.steps.identity_providers import account_at, open_provider
from referral_hub.use_cases.steps.invitations import valid_invitation
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.steps.people import current_roles
from referral_hub.use_cases.steps.sign_in_tries import Try, address_index, spend_all
from referral_hub.use_cases.steps.signing_in import SIGN_IN, SignedIn, add_refusal
from referral_hub.use_cases.steps.single_sign_on import (
    SSO_ADDRESS,
    Begun,
    add_begun,
    take_begun,
)
from referral_hub.use_cases.steps.single_sign_on_ends import conclude
from referral_hub.use_cases.transaction import transaction

NOT_BEGUN_HERE = (
    "This sign-in was not begun in this browser, took too long, or was finished already. "
    "Start again."
)


def begin_single_sign_on(
    session: Session,
    actor: Actor,
    provider_id: UUID,
    browser: Browser,
    party: RelyingParty,
    next_path: str | None = None,
    invitation_token: str = "",
    *,
    vault: Vault,
    public_url: str,
    now: datetime,
) -> str:
    """Begin to sign in, or to accept an invitation; return the address at the provider.

    Who is signed in already proves anew who they are. Raises SingleSignOnRefused, and NotFound
    for an invitation that is not valid there.
    """
    require(actor, Permission.SIGN_IN)
    _spend(session, actor, browser, vault, now)
    invitation_id = None
    if invitation_token:
        invitation = valid_invitation(session, invitation_token, now)
        if invitation.agency_id != open_provider(session, provider_id).agency_id:
            raise NotFound(NOT_VALID)
        invitation_id = invitation.id
    account = _account(session, provider_id, vault, public_url)
    address, secrets = party.begin(account, anew=isinstance(actor, Person))
    with transaction(session):
        begun = Begun(secrets, None, invitation_id, next_path)
        add_begun(session, vault, provider_id, browser.secret, begun, now=now)
    return address


def begin_link(
    session: Session,
    actor: Actor,
    provider_id: UUID,
    browser: Browser,
    party: RelyingParty,
    *,
    vault: Vault,
    public_url: str,
    now: datetime,
) -> str:
    """Begin to link one's account at one's agency's provider; return the address there.

    Raises NotFound for a provider of an agency in which one has no role, SingleSignOnRefused.
    """
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    _spend(session, actor, browser, vault, now)
    if not current_roles(session, person.person_id, open_provider(session, provider_id).agency_id):
        raise NotFound(NOTHING_HERE)
    account = _account(session, provider_id, vault, public_url)
    address, secrets = party.begin(account, anew=False)
    with transaction(session):
        begun = Begun(secrets, person.person_id, None, None)
        add_begun(session, vault, provider_id, browser.secret, begun, now=now)
    return address


def finish_single_sign_on(
    session: Session,
    actor: Actor,
    provider_id: UUID,
    answer: Answer,
    browser: Browser,
    party: RelyingParty,
    *,
    vault: Vault,
    public_url: str,
    now: datetime,
) -> SignedIn | None:
    """Finish what was begun in this browser; None where an account was linked in a session.

    Raises SignInStateInvalid, SingleSignOnRefused, AccountUnknown, and Conflict where an account
    here or there is somebody else's.
    """
    require(actor, Permission.SIGN_IN)
    _spend(session, actor, browser, vault, now)
    with transaction(session):
        begun = take_begun(session, vault, provider_id, browser.secret, answer.state, now=now)
        if begun is None:
            add_refusal(session, actor, None, "sso state", now=now)
    if begun is None:
        raise SignInStateInvalid(NOT_BEGUN_HERE)
    try:
        account = _account(session, provider_id, vault, public_url)
        proof = party.finish(account, answer, begun.secrets, now=now)
        with transaction(session):
            return conclude(
                session, actor, provider_id, account.issuer, proof, begun, browser,
                vault=vault, now=now,
            )  # fmt: skip
    except (SingleSignOnRefused, AccountUnknown, Conflict, NotFound) as error:
        reason = error.reason if isinstance(error, SingleSignOnRefused) else error.code
        with transaction(session):
            add_refusal(session, actor, None, f"sso {reason}", now=now)
        raise


def _account(session: Session, provider_id: UUID, vault: Vault, public_url: str) -> ProviderAccount:
    account = account_at(vault, open_provider(session, provider_id), public_url)
    # No connection to the database is held while somebody else's server is asked.
    session.rollback()
    return account


def _spend(session: Session, actor: Actor, browser: Browser, vault: Vault, now: datetime) -> None:
    tries = (Try(SSO_ADDRESS, address_index(vault, browser)),)
    spend_all(session, actor, SIGN_IN, tries, now=now)
