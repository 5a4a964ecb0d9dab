"""What an agency says about taking referrals, by page, API and command alike."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    AgencyOrganization,
    ListingAsk,
    Organization,
    Service,
    ServiceState,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.capacity import CapacityState, CapacityWord
from referral_hub.rules.listing_asks import AskKind, AskReason
from referral_hub.rules.listing_freshness import Standing
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.visibility import FINDABLE_STATUSES
from referral_hub.use_cases.steps.capacity import (
    NOTHING_SAID,
    population_labels,
    say_capacity,
    standing_of,
    tap_capacity,
    words_of,
)
from referral_hub.use_cases.steps.listing_rights import answering_agency
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class CapacityView:
    """A service, and what its agency last said of its room; no word where it never did.

    `asked` is why the agency is asked about it now, if it is. `version` counts its words.
    """

    service_id: UUID
    name: str
    organization: str
    word: CapacityWord | None
    standing: Standing
    stated_at: datetime | None
    version: int
    asked: AskReason | None = None


def record_capacity(
    session: Session,
    actor: Actor,
    service_id: UUID,
    word: CapacityWord,
    *,
    version: int | None = None,
    now: datetime,
) -> int:
    """Say how much room a service has, and return the version of that word.

    `version` is the one that the caller saw; None does not ask. Raises NotFound,
    InvalidInput, VersionConflict.
    """
    require(actor, Permission.CAPACITY_RECORD)
    with transaction(session):
        whose = answering_agency(session, ListingKey("service", service_id))
        require(actor, Permission.CAPACITY_RECORD, whose)
        said = say_capacity(session, actor, service_id, word, version=version, now=now)
        return said.version


def tap(
    session: Session, actor: Actor, service_id: UUID, state: CapacityState, *, now: datetime
) -> None:
    """Say the state alone, as one tap does. Raises NotFound."""
    require(actor, Permission.CAPACITY_RECORD)
    with transaction(session):
        whose = answering_agency(session, ListingKey("service", service_id))
        require(actor, Permission.CAPACITY_RECORD, whose)
        tap_capacity(session, actor, service_id, state, now=now)


def show_capacity(
    session: Session, actor: Actor, service_id: UUID, *, now: datetime
) -> CapacityView:
    """What is said of a service of one's agency. Raises NotFound."""
    require(actor, Permission.CAPACITY_RECORD)
    whose = answering_agency(session, ListingKey("service", service_id))
    require(actor, Permission.CAPACITY_RECORD, whose)
    return _views(session, Service.id == service_id, now)[0]


def population_choices(actor: Actor) -> tuple[tuple[str, str], ...]:
    """The kinds of people of which an agency may speak, with their codes, by name."""
    require(actor, Permission.CAPACITY_RECORD)
    return tuple(sorted(population_labels().items(), key=lambda each: each[1].casefold()))


def list_capacities(
    session: Session, actor: Actor, agency_id: UUID, *, now: datetime
) -> tuple[CapacityView, ...]:
    """The services that an agency offers now: first those that it is asked about, then by name."""
    require(actor, Permission.CAPACITY_RECORD, agency_id)
    own = select(AgencyOrganization.organization_id).where(
        AgencyOrganization.agency_id == agency_id
    )
    offered = (
        Service.organization_id.in_(own)
        & Service.status.in_(sorted(FINDABLE_STATUSES))
        & Service.vanished_at.is_(None)
    )
    found = _views(session, offered, now)
    return tuple(sorted(found, key=lambda view: (view.asked is None, view.name.casefold())))


def _views(session: Session, which: object, now: datetime) -> list[CapacityView]:
    rows = session.execute(
        select(Service.id, Service.name, Organization.name, ServiceState, ListingAsk.reason)
        .join(Organization, Organization.id == Service.organization_id)
        .outerjoin(ServiceState, ServiceState.service_id == Service.id)
        .outerjoin(
            ListingAsk,
            (ListingAsk.listing_id == Service.id) & (ListingAsk.kind == AskKind.CAPACITY),
        )
        .where(which)  # type: ignore[arg-type]
        .order_by(Service.name, Service.id)
    ).all()
    words = words_of(session, [state for *_, state, _ in rows if state is not None])
    return [
        CapacityView(
            service_id, name, organization,
            words.get(service_id),
            standing_of(session, state, now) if state is not None else Standing.LAPSED,
            state.stated_at if state is not None else None,
            state.version if state is not None else NOTHING_SAID,
            AskReason(reason) if reason is not None else None,
        )
        for service_id, name, organization, state, reason in rows
    ]  # fmt: skip
