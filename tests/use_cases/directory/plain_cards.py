"""Cards made the plain way, from everything that the directory holds about each service."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.rules.cost import cost_class
from referral_hub.use_cases.directory.documents import APPROXIMATE, findable
from referral_hub.use_cases.directory.facts import (
    ServiceFacts,
    SiteFacts,
    mappings,
    read_services,
)
from referral_hub.use_cases.directory.wording import (
    address_line,
    cost_label,
    language_name,
    need_labels,
    opening_now,
    summary,
)
from referral_hub.use_cases.directory_views import ServiceCard
from search_index import Hit


def plain_cards(session: Session, hits: Sequence[Hit], now: datetime) -> Iterator[ServiceCard]:
    facts = read_services(session, [UUID(hit.service_id) for hit in hits])
    for hit in hits:
        item = facts.get(UUID(hit.service_id))
        if item is None or not findable(item):
            continue
        site = next((s for s in item.sites if str(s.location.id) == hit.location_id), None)
        if hit.location_id is None or site is not None:
            yield plain_card(item, site, hit, now)


def plain_card(item: ServiceFacts, site: SiteFacts | None, hit: Hit, now: datetime) -> ServiceCard:
    service, location = item.service, site.location if site else None
    schedules = mappings(site.schedules if site else item.schedules)
    opening = opening_now(schedules, now, location.time_zone if location else None, item)
    fees = f"{service.fees_description or ''} {service.fees or ''}"
    languages = [*item.languages, *(site.languages if site else [])]
    shown = location is not None and not location.confidential
    return ServiceCard(
        service_id=str(service.id),
        organization_id=str(item.organization.id),
        location_id=str(location.id) if location else None,
        name=service.name,
        organization=item.organization.name,
        organization_incomplete=item.organization.incomplete,
        location_name=(location.name or "") if shown else "",
        address=address_line(site.address) if shown else "",
        latitude=location.point_latitude if location else None,
        longitude=location.point_longitude if location else None,
        approximate=location is not None and location.point_basis in APPROXIMATE,
        distance_km=hit.distance_km,
        matched_by=str(hit.matched_by),
        place_stated=location is not None and location.point_latitude is not None,
        more_locations=max(0, len(item.sites) - 1),
        summary=summary((service.description, service.alternate_name)),
        needs=need_labels(item.needs),
        cost=cost_label(cost_class(fees, [cost.amount for cost in item.costs])),
        languages=tuple(dict.fromkeys(language_name(row.name, row.code) for row in languages)),
        phone=first_phone(item, site),
        hours=opening.text,
        open_now=opening.open_now,
        accepting=item.accepting,
        verified_on=service.verified_on,
        status=service.status,
        score=hit.score,
    )


def first_phone(item: ServiceFacts, site: SiteFacts | None) -> str:
    phones = [*item.phones, *(site.phones if site else []), *item.organization_phones]
    return next((phone.number for phone in phones if (phone.type or "voice") == "voice"), "")
