"""A person agrees that an application acts in their name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Application, ApplicationGrant, Membership, Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.applications import NETWORK, ApplicationStatus, may_be_allowed
from referral_hub.rules.errors import NotFound, NotPermitted
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.scopes import Scope
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.steps.people import name_of
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class AgencyChoice:
    """An agency for which a person can act; without an id it is the network."""

    id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class ConsentView:
    """What a person reads before they let an application act in their name.

    `others` are agencies for which they could act instead. `may_allow` says whether the agency for
    which they act now can give what is asked.
    """

    application: str
    purpose: str
    owner: str
    person: str
    acts_for: AgencyChoice
    others: tuple[AgencyChoice, ...]
    scopes: tuple[Scope, ...]
    may_allow: bool


def show_consent(
    session: Session, actor: Actor, vault: Vault, application_id: UUID, scopes: frozenset[Scope]
) -> ConsentView:
    """What an application asks of the person who is there. Raises NotFound."""
    require(actor, Permission.APPLICATION_ALLOW)
    acting = person_of(actor)
    asking, owner = _approved(session, application_id)
    person = session.get_one(Person, acting.person_id)
    agencies = _agencies_of(session, acting.person_id)
    here = next((one for one in agencies if one.id == acting.agency_id), None)
    return ConsentView(
        application=asking.name,
        purpose=asking.purpose,
        owner=owner,
        person=name_of(vault, person),
        acts_for=here or AgencyChoice(None, "no agency"),
        others=tuple(one for one in agencies if one != here),
        scopes=tuple(scope for scope in Scope if scope in scopes),
        may_allow=bool(acting.roles) and may_be_allowed(scopes, asking.agency_id, acting.agency_id),
    )


def allowed_before(
    session: Session, actor: Actor, application_id: UUID, scopes: frozenset[Scope]
) -> UUID | None:
    """What the person let the application do before, if that covers these scopes."""
    require(actor, Permission.APPLICATION_ALLOW)
    acting = person_of(actor)
    found = _open_grant(session, acting, application_id)
    if found is None or not acting.roles or not scopes <= set(map(Scope, found.scopes)):
        return None
    return found.id


def allow_application(
    session: Session,
    actor: Actor,
    application_id: UUID,
    scopes: frozenset[Scope],
    *,
    now: datetime,
) -> UUID:
    """Let an application act in one's name, for the agency for which one acts now.

    Raises NotPermitted where that agency cannot give it, NotFound for no approved application.
    """
    require(actor, Permission.APPLICATION_ALLOW)
    acting = person_of(actor)
    with transaction(session):
        session.get(Person, acting.person_id, with_for_update={"key_share": True})
        asking, _ = _approved(session, application_id)
        if not acting.roles or not may_be_allowed(scopes, asking.agency_id, acting.agency_id):
            raise NotPermitted("Only people of its own agency can let this application in.")
        grant = _open_grant(session, acting, application_id)
        if grant is None:
            grant = ApplicationGrant(
                id=uuid4(),
                application_id=application_id,
                person_id=acting.person_id,
                agency_id=acting.agency_id,
                scopes=[],
                granted_at=now,
            )
            session.add(grant)
        grant.scopes = sorted({*grant.scopes, *scopes})
        grant_id = grant.id
        add_audit(session, actor, "grant:allow", grant, agency_id=asking.agency_id,
            detail=" ".join(sorted(scopes)), now=now)  # fmt: skip
    return grant_id


def _open_grant(
    session: Session, acting: PersonActing, application_id: UUID
) -> ApplicationGrant | None:
    return session.scalars(
        select(ApplicationGrant)
        .where(
            ApplicationGrant.application_id == application_id,
            ApplicationGrant.person_id == acting.person_id,
            ApplicationGrant.agency_id == acting.agency_id
            if acting.agency_id is not None
            else ApplicationGrant.agency_id.is_(None),
            ApplicationGrant.withdrawn_at.is_(None),
        )
        .order_by(ApplicationGrant.granted_at)
    ).first()


def _approved(session: Session, application_id: UUID) -> tuple[Application, str]:
    row = session.execute(
        select(Application, Agency.name)
        .join(Agency, Agency.id == Application.agency_id)
        .where(
            Application.id == application_id,
            Application.status == ApplicationStatus.APPROVED,
            Agency.status == AgencyStatus.PARTNER,
        )
    ).one_or_none()
    if row is None:
        raise NotFound(NOTHING_HERE)
    application, owner = row
    return application, owner


def _agencies_of(session: Session, person_id: UUID) -> tuple[AgencyChoice, ...]:
    """The agencies in which a person has a role that counts, the first joined first."""
    rows = session.execute(
        select(Membership.agency_id, Agency.name)
        .outerjoin(Agency, Agency.id == Membership.agency_id)
        .where(
            Membership.person_id == person_id,
            Membership.until.is_(None),
            Membership.agency_id.is_(None) | (Agency.status == AgencyStatus.PARTNER),
        )
        .order_by(Membership.since, Membership.id)
    )
    found = {row.agency_id: AgencyChoice(row.agency_id, row.name or NETWORK) for row in rows}
    return tuple(found.values())
