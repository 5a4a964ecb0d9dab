"""The cards of a page of results, as the directory has them now."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from sqlalchemy.orm import Session

from referral_hub.rules.cost import cost_class
from referral_hub.rules.opening_hours import OpeningState
from referral_hub.rules.visibility import is_findable, is_listed
from referral_hub.use_cases.directory.card_reader import identifier_of, key_of, read_card_rows
from referral_hub.use_cases.directory.card_rows import CardRows, ServiceRow, SiteRow
from referral_hub.use_cases.directory.documents import APPROXIMATE
from referral_hub.use_cases.directory.facts import accepts, main_address, own_hours
from referral_hub.use_cases.directory.wording import (
    address_line,
    cost_label,
    language_name,
    need_labels,
    opening_at,
    summary,
)
from referral_hub.use_cases.directory_views import ServiceCard


class Found(Protocol):
    """What a card says of a hit: which service, at which location, how far, found by what."""

    @property
    def service_id(self) -> str:
        """The service."""

    @property
    def location_id(self) -> str | None:
        """Where it is shown, or None for a service without a place."""

    @property
    def distance_km(self) -> float | None:
        """How far that is from the place of the search."""

    @property
    def matched_by(self) -> str:
        """What made it near: point, coverage or none."""

    @property
    def score(self) -> float:
        """How well it fits."""


def read_cards(session: Session, hits: Sequence[Found], now: datetime) -> tuple[ServiceCard, ...]:
    """A card for each hit. What is gone or may no longer be shown is left out."""
    shown = [(key_of(hit.service_id), hit.location_id and key_of(hit.location_id)) for hit in hits]
    if not shown:
        return ()
    rows = read_card_rows(session, shown)
    cards = []
    for hit, (key, site_key) in zip(hits, shown, strict=True):
        service = rows.services.get(key)
        if service is None or not _is_findable(service):
            continue
        site = rows.sites[key].get(site_key) if site_key else None
        if site is not None or not site_key:
            cards.append(_Card(rows, service, site).view(hit, now))
    return tuple(cards)


def _is_findable(service: ServiceRow) -> bool:
    return is_findable(service.status, service.visibility, service.vanished_at) and is_listed(
        service.organization_visibility, service.organization_vanished_at
    )


class _Card:
    """One service, at one of its sites or at none, on its way to its card."""

    def __init__(self, rows: CardRows, service: ServiceRow, site: SiteRow | None) -> None:
        self._rows = rows
        self._service = service
        self._site = site

    def view(self, hit: Found, now: datetime) -> ServiceCard:
        """The card, open or not `now`."""
        rows, service, site = self._rows, self._service, self._site
        opening = self._opening(now)
        return ServiceCard(
            service_id=hit.service_id,
            organization_id=identifier_of(service.organization_key),
            location_id=hit.location_id,
            name=service.name,
            organization=service.organization,
            organization_incomplete=service.organization_incomplete,
            location_name="" if site is None or site.confidential else site.name or "",
            address=self._address(),
            latitude=site.latitude if site is not None else None,
            longitude=site.longitude if site is not None else None,
            approximate=site is not None and site.point_basis in APPROXIMATE,
            distance_km=hit.distance_km,
            matched_by=str(hit.matched_by),
            place_stated=site is not None and site.latitude is not None,
            more_locations=max(0, len(rows.sites[service.key]) - 1),
            summary=summary((service.description, service.alternate_name)),
            needs=need_labels(rows.needs[service.key]),
            cost=self._cost(),
            languages=self._languages(),
            phone=self._phone(),
            hours=opening.text,
            open_now=opening.open_now,
            accepting=accepts(service.status, service.capacity),
            verified_on=service.verified_on,
            status=service.status,
            score=hit.score,
        )

    def _address(self) -> str:
        """Where the site is, unless that is confidential."""
        if self._site is None or self._site.confidential:
            return ""
        return address_line(main_address(self._rows.addresses[self._site.key]))

    def _cost(self) -> str:
        service, costs = self._service, self._rows.costs[self._service.key]
        return _cost_of(service.fees_description, service.fees, tuple(row.amount for row in costs))

    def _languages(self) -> tuple[str, ...]:
        languages = self._rows.languages_of_service[self._service.key]
        if self._site is not None:
            languages = languages + self._rows.languages_of_place[self._site.key]
        return tuple(dict.fromkeys(language_name(row.name, row.code) for row in languages))

    def _phone(self) -> str:
        """The number closest to the service: its own, its site's, then its organization's."""
        rows, site = self._rows, self._site
        phones = rows.phones_of_service[self._service.key]
        if site is not None:
            phones = phones + (rows.phones_of_link[site.link_key] or rows.phones_of_place[site.key])
        phones = phones + rows.phones_of_organization[self._service.organization_key]
        voice = (phone.number for phone in phones if (phone.type or "voice") == "voice")
        return next(voice, "")

    def _opening(self, now: datetime) -> OpeningState:
        rows, site = self._rows, self._site
        hours = rows.hours_of_service[self._service.key]
        if site is None:
            return opening_at(tuple(hours), now, self._zone())
        hours = own_hours(rows.hours_of_link[site.link_key] or hours, rows.hours_of_place[site.key])
        return opening_at(tuple(hours), now, site.time_zone or self._zone())

    def _zone(self) -> str | None:
        """The time zone of the service where the site has none."""
        sites = self._rows.sites[self._service.key].values()
        zones = (site.time_zone for site in sites if site.time_zone)
        return next(zones, None) or self._rows.zones.get(self._service.organization_key)


@lru_cache(maxsize=4096)
def _cost_of(description: str | None, fees: str | None, amounts: tuple[str | None, ...]) -> str:
    """What it costs in a word; many services say the same about it."""
    numbers = [None if amount is None else float(amount) for amount in amounts]
    return cost_label(cost_class(f"{description or ''} {fees or ''}", numbers))
