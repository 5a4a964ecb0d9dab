"""The cards of a page of results, as the directory has them now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from referral_hub.use_cases.directory.card_reader import Shown, key_of, read_card_rows
from referral_hub.use_cases.directory.still_cards import StillCard, may_be_found, still_card
from referral_hub.use_cases.directory.stored_cards import read_stored_cards
from referral_hub.use_cases.directory.wording import need_label, opening_at
from referral_hub.use_cases.directory_views import ServiceCard
from referral_hub.vocabulary import needs


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
    still = read_stored_cards(session, shown)
    missing = [pair for pair in shown if pair not in still]
    if missing:
        still |= _made_cards(session, missing)
    minute = now.replace(second=0, microsecond=0)
    return tuple(
        _finished(still[pair], hit, minute)
        for hit, pair in zip(hits, shown, strict=True)
        if pair in still
    )


def _made_cards(session: Session, shown: Sequence[Shown]) -> Mapping[Shown, StillCard]:
    """Cards made of the rows of today, without those that may not be shown."""
    rows = read_card_rows(session, shown)
    cards = {}
    for key, site_key in shown:
        service = rows.services.get(key)
        if service is None or not may_be_found(service):
            continue
        site = rows.sites[key].get(site_key) if site_key else None
        if site is not None or not site_key:
            card = still_card(rows, service, site)
            zone = card.zone or rows.zones.get(service.organization_key)
            cards[key, site_key] = card._replace(zone=zone)
    return cards


def _finished(card: StillCard, hit: Found, minute: datetime) -> ServiceCard:
    """The card of a hit, open or not in this minute."""
    opening = opening_at(card.hours, minute, card.zone)
    known = needs()
    return ServiceCard(
        service_id=hit.service_id,
        organization_id=card.organization_id,
        location_id=hit.location_id,
        name=card.name,
        organization=card.organization,
        organization_incomplete=card.organization_incomplete,
        location_name=card.location_name,
        address=card.address,
        latitude=card.latitude,
        longitude=card.longitude,
        approximate=card.approximate,
        distance_km=hit.distance_km,
        matched_by=str(hit.matched_by),
        place_stated=card.latitude is not None,
        more_locations=card.more_locations,
        summary=card.summary,
        needs=tuple([need_label(*need) for need in card.needs if need[0] in known]),
        cost=card.cost,
        languages=tuple(card.languages),
        phone=card.phone,
        hours=opening.text,
        open_now=opening.open_now,
        accepting=card.accepting,
        verified_on=card.verified_on,
        status=card.status,
        score=hit.score,
    )
