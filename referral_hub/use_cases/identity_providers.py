"""An agency's own OpenID provider: set up and disabled by its administrators."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import IdentityProvider, SignInSession
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict, InvalidInput, SingleSignOnRefused
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.single_sign_on import RelyingParty, check_provider
from referral_hub.use_cases.steps.access import end_sign_ins
from referral_hub.use_cases.steps.agencies import the_agency
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.identity_providers import (
    SECRET,
    enabled_provider,
    next_id,
    the_enabled_provider,
)
from referral_hub.use_cases.transaction import transaction

THERE_ALREADY = "Your agency has single sign-on already. Disable it before you set up another."


def set_up_provider(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str,
    *,
    party: RelyingParty,
    vault: Vault,
    now: datetime,
) -> UUID:
    """Set up an agency's provider, which is asked at once whether it can be used.

    Raises InvalidInput naming each field, and Conflict where there is one already.
    """
    require(actor, Permission.PROVIDER_CHANGE, agency_id)
    name, issuer, client_id = name.strip(), issuer.strip(), client_id.strip()
    client_secret = client_secret.strip()
    check_provider(name, issuer, client_id, client_secret)
    if enabled_provider(session, agency_id) is not None:
        raise Conflict(THERE_ALREADY)
    session.rollback()  # no connection is held while somebody else's server is asked
    try:
        party.check(issuer)
    except SingleSignOnRefused as error:
        raise InvalidInput(error.message, {"issuer": error.message}) from error
    with transaction(session):
        the_agency(session, agency_id)
        if enabled_provider(session, agency_id) is not None:
            raise Conflict(THERE_ALREADY)
        provider = IdentityProvider(
            id=next_id(session, agency_id),
            agency_id=agency_id,
            name=name,
            issuer=issuer,
            client_id=client_id,
            created_at=now,
        )
        provider.client_secret_sealed = vault.seal(SECRET, provider.id, client_secret)
        session.add(provider)
        add_audit(session, actor, "provider:set-up", provider, agency_id=agency_id, now=now)
        return provider.id


def renew_client_secret(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    client_secret: str,
    *,
    vault: Vault,
    now: datetime,
) -> None:
    """Take a new client secret in place of the one before. Raises NotFound, InvalidInput."""
    require(actor, Permission.PROVIDER_CHANGE, agency_id)
    with transaction(session):
        provider = the_enabled_provider(session, agency_id)
        check_provider(provider.name, provider.issuer, provider.client_id, client_secret.strip())
        provider.client_secret_sealed = vault.seal(SECRET, provider.id, client_secret.strip())
        add_audit(session, actor, "provider:renew-secret", provider, agency_id=agency_id, now=now)


def disable_provider(session: Session, actor: Actor, agency_id: UUID, *, now: datetime) -> None:
    """End an agency's single sign-on, and all sessions and tokens that came through it.

    Who is linked to which account stays known. Raises NotFound where there is no provider.
    """
    require(actor, Permission.PROVIDER_CHANGE, agency_id)
    with transaction(session):
        provider = the_enabled_provider(session, agency_id)
        provider.disabled_at = now
        end_sign_ins(session, SignInSession.provider_id == provider.id, now=now)
        add_audit(session, actor, "provider:disable", provider, agency_id=agency_id, now=now)
