"""Applications of partner systems: registered by their agency, approved by a steward."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.tokens import new_token, token_hash
from referral_hub.models import Agency, Application
from referral_hub.rules.actor import Actor, Person, System, actor_label
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.applications import ApplicationStatus, ClientAuthentication
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, is_allowed, require
from referral_hub.rules.registration import Registration, check_registration
from referral_hub.use_cases.steps.access import end_tokens
from referral_hub.use_cases.steps.application_view import ApplicationView, view_of
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.steps.memberships import administrators_of
from referral_hub.use_cases.transaction import transaction

DECIDED = "application_decided"


@dataclass(frozen=True, slots=True)
class Registered:
    """A new application; its secret is known only here and now."""

    application: ApplicationView
    secret: str | None = field(repr=False)


def register_application(
    session: Session, actor: Actor, agency_id: UUID, wanted: Registration, *, now: datetime
) -> Registered:
    """Register an application of an agency. It waits for approval, unless the operator does it.

    Raises InvalidInput naming each fault.
    """
    require(actor, Permission.APPLICATION_REGISTER, agency_id)
    check_registration(wanted)
    _check_keys_open(wanted)
    secret = (
        new_token() if wanted.authentication == ClientAuthentication.CLIENT_SECRET_BASIC else None
    )
    is_operator = isinstance(actor, System)
    with transaction(session):
        agency = session.get(Agency, agency_id)
        if agency is None:
            raise NotFound(NOTHING_HERE)
        made = Application(
            id=uuid4(),
            client_id=new_token()[:22],
            agency_id=agency_id,
            name=wanted.name.strip(),
            purpose=wanted.purpose.strip(),
            status=ApplicationStatus.APPROVED if is_operator else ApplicationStatus.WAITING,
            authentication=wanted.authentication,
            secret_hash=token_hash(secret) if secret else None,
            jwks=dict(wanted.jwks) if wanted.jwks else None,
            jwks_uri=wanted.jwks_uri,
            redirect_uris=list(wanted.redirect_uris),
            logout_uris=list(wanted.logout_uris),
            grants=sorted(wanted.grants),
            scopes=sorted(wanted.scopes),
            id_token_algorithm=wanted.id_token_algorithm,
            registered_by=actor_label(actor),
            registered_at=now,
            decided_by=actor_label(actor) if is_operator else None,
            decided_at=now if is_operator else None,
        )
        session.add(made)
        add_audit(session, actor, "application:register", made, agency_id=agency_id, now=now)
        view = view_of(made, agency.name)
    return Registered(view, secret)


def approve_application(
    session: Session, actor: Actor, application_id: UUID, vault: Vault, *, now: datetime
) -> None:
    """Let an application that waits get tokens. Raises Conflict when it does not wait.

    The administrators of its agency are told by mail.
    """
    require(actor, Permission.APPLICATION_DECIDE)
    _decide(session, actor, application_id, ApplicationStatus.APPROVED, vault, now)


def refuse_application(
    session: Session, actor: Actor, application_id: UUID, vault: Vault, *, now: datetime
) -> None:
    """Say no to an application that waits. Raises Conflict when it does not wait.

    The administrators of its agency are told by mail.
    """
    require(actor, Permission.APPLICATION_DECIDE)
    _decide(session, actor, application_id, ApplicationStatus.REFUSED, vault, now)


def revoke_application(
    session: Session, actor: Actor, application_id: UUID, *, now: datetime
) -> None:
    """End an application: all of its tokens count no more. Raises Conflict when it has ended."""
    require(actor, Permission.APPLICATION_REVOKE)
    with transaction(session):
        found = _locked(session, actor, Permission.APPLICATION_REVOKE, application_id)
        if found.status in (ApplicationStatus.REFUSED, ApplicationStatus.REVOKED):
            raise Conflict("This application has ended already.")
        found.status = ApplicationStatus.REVOKED
        found.decided_by, found.decided_at = actor_label(actor), now
        end_tokens(session, lambda given: given.application_id == application_id, now=now)
        add_audit(session, actor, "application:revoke", found, agency_id=found.agency_id, now=now)


def list_applications(
    session: Session, actor: Actor, agency_id: UUID | None = None
) -> tuple[ApplicationView, ...]:
    """The applications that one may see, of one agency or of all; newest first.

    A steward and the operator see all, everybody else those of their agency.
    """
    require(actor, Permission.APPLICATION_READ)
    of_agency = true() if agency_id is None else Application.agency_id == agency_id
    rows = session.execute(
        select(Application, Agency.name)
        .join(Agency, Agency.id == Application.agency_id)
        .where(_visible_to(actor), of_agency)
        .order_by(Application.registered_at.desc(), Application.id)
    )
    return tuple(view_of(row, agency) for row, agency in rows)


def show_application(session: Session, actor: Actor, application_id: UUID) -> ApplicationView:
    """One application. Raises NotFound."""
    require(actor, Permission.APPLICATION_READ)
    row = session.execute(
        select(Application, Agency.name)
        .join(Agency, Agency.id == Application.agency_id)
        .where(Application.id == application_id, _visible_to(actor))
    ).one_or_none()
    if row is None:
        raise NotFound(NOTHING_HERE)
    return view_of(*row)


def application_with_client_id(session: Session, actor: Actor, client_id: str) -> UUID:
    """The application that calls itself by a client id. Raises NotFound."""
    require(actor, Permission.APPLICATION_READ)
    found = session.scalar(
        select(Application.id).where(Application.client_id == client_id, _visible_to(actor))
    )
    if found is None:
        raise NotFound("There is no application with this client id.")
    return found


def agency_for_applications(session: Session, actor: Actor, name: str) -> UUID:
    """The partner agency with a name, for which applications can be registered.

    Raises NotFound, and Conflict for an agency that does not take part.
    """
    require(actor, Permission.APPLICATION_REGISTER)
    found = session.execute(
        select(Agency.id, Agency.status).where(Agency.name == name)
    ).one_or_none()
    if found is None or not is_allowed(actor, Permission.APPLICATION_REGISTER, found.id):
        raise NotFound(f"There is no agency with the name {name!r}.")
    if found.status != AgencyStatus.PARTNER:
        raise Conflict(f"{name} does not take part in the network, so it has no applications.")
    agency_id: UUID = found.id
    return agency_id


def _decide(
    session: Session,
    actor: Actor,
    application_id: UUID,
    status: ApplicationStatus,
    vault: Vault,
    now: datetime,
) -> None:
    with transaction(session):
        found = _locked(session, actor, Permission.APPLICATION_DECIDE, application_id)
        if found.status != ApplicationStatus.WAITING:
            raise Conflict("This application has been decided already.")
        found.status = status
        found.decided_by, found.decided_at = actor_label(actor), now
        agency = session.get_one(Agency, found.agency_id).name
        link = f"/agency/applications/{found.id}"
        for email in administrators_of(session, vault, found.agency_id):
            send_mail(session, vault, email, DECIDED, now=now, agency=agency, link=link)
        add_audit(
            session, actor, f"application:{status}", found, agency_id=found.agency_id, now=now
        )


def _locked(
    session: Session, actor: Actor, permission: Permission, application_id: UUID
) -> Application:
    found = session.get(Application, application_id, with_for_update={"key_share": True})
    if found is None or not is_allowed(actor, permission, found.agency_id):
        raise NotFound(NOTHING_HERE)
    return found


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    if is_allowed(actor, Permission.APPLICATION_DECIDE):
        return true()
    return Application.agency_id == (actor.agency_id if isinstance(actor, Person) else None)


def _check_keys_open(wanted: Registration) -> None:
    """What looks like a key must be one: a point that is not on the curve is none."""
    if wanted.jwks is None:
        return
    try:
        KeySet.import_key_set({"keys": list(wanted.jwks["keys"])})
    except (JoseError, ValueError) as error:
        fault = {"jwks": "A key cannot be read."}
        raise InvalidInput("The application cannot be registered like this.", fault) from error
