"""Keeping listings fresh: what the worker does each day with what agencies said a while ago.

Questions come up when their time has come, and are asked in at most one mail a day to anybody. A
directory that is new to the hub makes no storm: of all that is due at once each person gets one
mail, with one link for the first of it, and the rest on later days.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    Agency,
    AgencyOrganization,
    ListingAsk,
    ListingLink,
    Membership,
    Organization,
    Person,
    Service,
    ServiceState,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.audit import Outcome
from referral_hub.rules.errors import KeyMissing
from referral_hub.rules.listing_asks import AskKind, AskReason
from referral_hub.rules.listing_freshness import (
    ESCALATED_AFTER,
    MOST_IN_A_MAIL,
    SOONEST_ASK,
    SOONEST_LAPSE,
    Standing,
)
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.notices import last_digest
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.roles import Role
from referral_hub.use_cases.directory.pending import put_on_list
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.capacity import standing_of
from referral_hub.use_cases.steps.listing_asks import raise_ask
from referral_hub.use_cases.steps.listing_links import add_listing_link
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.steps.network import network_settings
from referral_hub.use_cases.steps.people import email_of
from referral_hub.use_cases.steps.reviews import due_listings, is_offered
from referral_hub.use_cases.steps.verification import review_terms
from referral_hub.use_cases.transaction import let_go, transaction

BATCH = 200
ASKED = (Role.INTAKE_WORKER, Role.AGENCY_ADMINISTRATOR)
"""Who is asked about the listings of their agency; where nobody answers, its administrators."""
log = logging.getLogger(__name__)


def let_capacities_lapse(session: Session, actor: Actor, *, now: datetime) -> int:
    """Count no more what agencies said of their room too long ago; returns how many services.

    Searches then say of these that nobody knows.
    """
    require(actor, Permission.EVENTS_HAND_ON)
    rows = session.scalars(
        select(ServiceState).where(
            ServiceState.lapsed_at.is_(None), _said_before(now - SOONEST_LAPSE, now)
        )
    ).all()
    over = [row.service_id for row in rows if standing_of(session, row, now) is Standing.LAPSED]
    if not over:
        let_go(session)
        return 0
    with transaction(session):
        over = over[:BATCH]
        for state in session.scalars(
            select(ServiceState)
            .where(ServiceState.service_id.in_(over), ServiceState.lapsed_at.is_(None))
            .with_for_update()
        ):
            if standing_of(session, state, now) is Standing.LAPSED:
                state.lapsed_at = now
        put_on_list(session, over, now)
    return len(over)


def ask_about_listings(session: Session, actor: Actor, *, now: datetime) -> int:
    """Note what partner agencies are to be asked: reviews that are due, and words on their room
    that grow old. Returns how many questions came up."""
    require(actor, Permission.EVENTS_HAND_ON)
    if not any(look(session, now) for look in (_moot, _reviews_due, _capacities_aged)):
        let_go(session)
        return 0
    with transaction(session):
        for ask in _moot(session, now):
            session.delete(ask)
        session.flush()
        reviews, capacities = _reviews_due(session, now), _capacities_aged(session, now)
        for listing, agency_id in reviews:
            raise_ask(
                session, listing, agency_id, AskKind.REVIEW, AskReason.DUE,
                due_on=now.date(), now=now,
            )  # fmt: skip
        for listing, agency_id in capacities:
            raise_ask(session, listing, agency_id, AskKind.CAPACITY, AskReason.AGED, now=now)
    return len(reviews) + len(capacities)


def tell_of_asks(session: Session, actor: Actor, vault: Vault, *, now: datetime) -> int:
    """Write the daily mail with a link to answer, to everybody who has something to answer;
    returns how many mails. It goes at the hour of the network's daily mail."""
    require(actor, Permission.EVENTS_HAND_ON)
    moment = _moment(session, now)
    waiting = session.execute(
        select(ListingAsk.agency_id)
        .where(_untold(now))
        .group_by(ListingAsk.agency_id)
        .order_by(func.min(ListingAsk.since), ListingAsk.agency_id)
    ).scalars()
    agencies = list(waiting)
    let_go(session)
    count = 0
    for agency_id in agencies:
        try:
            with transaction(session):
                count += _tell_agency(session, actor, vault, agency_id, moment, now)
        except Exception:  # whatever it is, it must be told, and holds up nobody else
            log.exception("The mail on listings of agency %s met a fault", agency_id)
    return count


def _moot(session: Session, now: datetime) -> Sequence[ListingAsk]:
    """What is asked and need not be answered any more: the review is not due, since an import or a
    steward confirmed the listing; nobody finds it; or it is another agency's, or a suspended one's.
    """
    due = due_listings(review_terms(session), now.date())
    offered = _offered(Service.id, Agency.id.label("agency_id")).subquery()
    partner = select(Agency.id).where(Agency.status == AgencyStatus.PARTNER)
    is_review = ListingAsk.kind == AskKind.REVIEW
    return session.scalars(
        select(ListingAsk)
        .outerjoin(due, _is_of(due))
        .outerjoin(offered, _is_of(offered))
        .where(
            or_(
                and_(is_review, due.c.id.is_(None)),
                and_(~is_review, offered.c.id.is_(None)),
                ListingAsk.agency_id.not_in(partner),
            )
        )
    ).all()


def _is_of(listings: Subquery) -> ColumnElement[bool]:
    """Whether a question is about a listing, and put to the agency that answers for it."""
    return and_(
        listings.c.id == ListingAsk.listing_id, listings.c.agency_id == ListingAsk.agency_id
    )


def _reviews_due(session: Session, now: datetime) -> Sequence[tuple[ListingKey, UUID]]:
    due = due_listings(review_terms(session), now.date())
    asked = exists().where(ListingAsk.listing_id == due.c.id, ListingAsk.kind == AskKind.REVIEW)
    found = (
        select(due.c.table_name, due.c.id, due.c.agency_id)
        .join(Agency, Agency.id == due.c.agency_id)
        .where(~asked, Agency.status == AgencyStatus.PARTNER)
        .limit(BATCH)
    )
    return [(ListingKey(row.table_name, row.id), row.agency_id) for row in session.execute(found)]


def _capacities_aged(session: Session, now: datetime) -> Sequence[tuple[ListingKey, UUID]]:
    asked = exists().where(ListingAsk.listing_id == Service.id, ListingAsk.kind == AskKind.CAPACITY)
    said = (
        _offered(ServiceState, AgencyOrganization.agency_id)
        .join(ServiceState, ServiceState.service_id == Service.id)
        .where(~asked, _said_before(now - SOONEST_ASK, now))
    )
    return [
        (ListingKey("service", state.service_id), agency_id)
        for state, agency_id in session.execute(said)
        if standing_of(session, state, now) is not Standing.CURRENT
    ][:BATCH]


def _offered(*wanted: Any) -> Select[Any]:
    """Of the services that partner agencies offer to everybody."""
    return (
        select(*wanted)
        .select_from(Service)
        .join(Organization, Organization.id == Service.organization_id)
        .join(AgencyOrganization, AgencyOrganization.organization_id == Organization.id)
        .join(Agency, Agency.id == AgencyOrganization.agency_id)
        .where(is_offered(), Agency.status == AgencyStatus.PARTNER)
    )


def _said_before(moment: datetime, now: datetime) -> ColumnElement[bool]:
    """What can be too old by now: said before a moment, or only until a day that may be over."""
    return (ServiceState.stated_at <= moment) | (ServiceState.until <= now.date())


def _untold(now: datetime) -> ColumnElement[bool]:
    """What nobody was told yet, and reviews about which nobody has answered for a while."""
    unanswered = (
        (ListingAsk.kind == AskKind.REVIEW)
        & ListingAsk.escalated_at.is_(None)
        & (ListingAsk.told_at <= now - ESCALATED_AFTER)
    )
    return or_(ListingAsk.told_at.is_(None), unanswered)


def _tell_agency(
    session: Session, actor: Actor, vault: Vault, agency_id: UUID, moment: datetime, now: datetime
) -> int:
    """One mail to each person of an agency who had none since the moment; returns how many."""
    # The agency is locked, so that another worker waits, and then finds that nothing is left.
    session.execute(select(Agency.id).where(Agency.id == agency_id).with_for_update(key_share=True))
    asks = session.scalars(
        select(ListingAsk)
        .where(ListingAsk.agency_id == agency_id, _untold(now), ListingAsk.since < moment)
        .order_by(ListingAsk.reason != AskReason.DECLINED, ListingAsk.since, ListingAsk.listing_id)
    ).all()
    if not asks:
        return 0
    chosen = list(dict.fromkeys(ask.listing_id for ask in asks))[:MOST_IN_A_MAIL]
    asks = [ask for ask in asks if ask.listing_id in chosen]
    new = [ask for ask in asks if ask.told_at is None]
    unanswered = [ask for ask in asks if ask.told_at is not None]
    people = _people(session, agency_id)
    free = [person for person in people if not _had_one(session, person.id, moment)]
    leaders = {person for person, roles in people.items() if Role.AGENCY_ADMINISTRATOR in roles}
    count = 0
    for person in free:
        late = unanswered if person in leaders else []
        if new or late:
            asked = [*new, *late]
            count += _write(session, actor, vault, person, agency_id, asked, bool(late), now)
    # Who had a mail today, perhaps of another agency, is told tomorrow.
    if free or not people:
        for ask in new:
            ask.told_at = now
    if not leaders or leaders & set(free):
        for ask in unanswered:
            ask.escalated_at = now
    return count


def _write(
    session: Session, actor: Actor, vault: Vault, person: Person, agency_id: UUID,
    asks: Iterable[ListingAsk], escalated: bool, now: datetime,
) -> int:  # fmt: skip
    listings = list(dict.fromkeys(ListingKey(ask.listing_table, ask.listing_id) for ask in asks))
    try:
        address = email_of(vault, person)
    except KeyMissing as error:
        log.error("Person %s cannot be asked about listings: %s", person.id, error)
        add_audit(
            session, actor, "notice:give-up", person, detail="the address cannot be read",
            outcome=Outcome.REFUSED, now=now,
        )  # fmt: skip
        return 0
    token = add_listing_link(session, person.id, agency_id, listings, now=now)
    send_mail(
        session, vault, address, "confirm_listings", link=f"/v/#{token}",
        listings=str(len(listings)), unanswered="yes" if escalated else "", now=now,
    )  # fmt: skip
    return 1


def _people(session: Session, agency_id: UUID) -> dict[Person, set[str]]:
    """Who is asked about the listings of an agency, with their roles in it."""
    found: dict[Person, set[str]] = {}
    for person, role in session.execute(
        select(Person, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.agency_id == agency_id,
            Membership.role.in_(ASKED),
            Membership.until.is_(None),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.id)
    ):
        found.setdefault(person, set()).add(role)
    return found


def _had_one(session: Session, person_id: UUID, moment: datetime) -> bool:
    """Whether somebody got their mail on listings already, whichever of their agencies it was."""
    since = select(ListingLink.id).where(
        ListingLink.person_id == person_id, ListingLink.created_at >= moment
    )
    return session.scalars(since.limit(1)).first() is not None


def _moment(session: Session, now: datetime) -> datetime:
    settings = network_settings(session)
    zone = ZoneInfo(str(settings["time_zone"]))
    return last_digest(now, int(str(settings["digest_hour"])), zone)
