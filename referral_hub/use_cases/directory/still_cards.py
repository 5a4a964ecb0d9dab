"""What a card says whatever the time and the search: made of rows, kept as text."""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from orjson import dumps, loads

from referral_hub.rules.cost import cost_class
from referral_hub.rules.visibility import is_findable, is_listed
from referral_hub.use_cases.directory.card_rows import CardRows, HoursRow, ServiceRow, SiteRow
from referral_hub.use_cases.directory.documents import APPROXIMATE
from referral_hub.use_cases.directory.facts import accepts, main_address, own_hours
from referral_hub.use_cases.directory.wording import (
    address_line,
    cost_label,
    language_name,
    summary,
)

FORM = 1
"""Goes up whenever a card made of the same rows would say something else."""


class StillCard(NamedTuple):
    """A card but for its distance, its score and whether it is open now.

    `needs` are codes, each with whether it was only suggested; `hours` are schedules as
    `wording.opening_at` reads them, local to `zone`.
    """

    organization_id: str
    name: str
    organization: str
    organization_incomplete: bool
    location_name: str
    address: str
    latitude: float | None
    longitude: float | None
    approximate: bool
    more_locations: int
    summary: str
    needs: list[tuple[str, bool]]
    cost: str
    languages: list[str]
    phone: str
    accepting: bool | None
    verified_on: date | None
    status: str
    hours: str
    zone: str | None


def written(card: StillCard) -> str:
    """The card as text, without its zone."""
    return dumps([FORM, *card[:-1]]).decode()


def read_written(content: str, zone: str | None) -> StillCard | None:
    """The card of a text; None for the text of another form."""
    form, *values = loads(content)
    if form != FORM:
        return None
    verified_on = values[_VERIFIED_ON]
    if verified_on is not None:
        values[_VERIFIED_ON] = date.fromisoformat(verified_on)
    return StillCard._make([*values, zone])


_VERIFIED_ON = StillCard._fields.index("verified_on")


def may_be_found(service: ServiceRow) -> bool:
    """Whether the service may be in a list at all."""
    return is_findable(service.status, service.visibility, service.vanished_at) and is_listed(
        service.organization_visibility, service.organization_vanished_at
    )


def identifier_of(key: str) -> str:
    """A key as a UUID is written everywhere else."""
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def still_card(rows: CardRows, service: ServiceRow, site: SiteRow | None) -> StillCard:
    """The card of a service at one of its sites, or at none."""
    return _Card(rows, service, site).made()


class _Card:
    """One service, at one of its sites or at none, on its way to its card."""

    def __init__(self, rows: CardRows, service: ServiceRow, site: SiteRow | None) -> None:
        self._rows = rows
        self._service = service
        self._site = site

    def made(self) -> StillCard:
        """The card."""
        rows, service, site = self._rows, self._service, self._site
        return StillCard(
            organization_id=identifier_of(service.organization_key),
            name=service.name,
            organization=service.organization,
            organization_incomplete=service.organization_incomplete,
            location_name="" if site is None or site.confidential else site.name or "",
            address=self._address(),
            latitude=site.latitude if site is not None else None,
            longitude=site.longitude if site is not None else None,
            approximate=site is not None and site.point_basis in APPROXIMATE,
            more_locations=max(0, len(rows.sites[service.key]) - 1),
            summary=summary((service.description, service.alternate_name)),
            needs=[(row.need_code, row.basis == "suggested") for row in rows.needs[service.key]],
            cost=self._cost(),
            languages=self._languages(),
            phone=self._phone(),
            accepting=accepts(service.status, service.capacity),
            verified_on=service.verified_on,
            status=service.status,
            hours=self._hours(),
            zone=self._zone(),
        )

    def _address(self) -> str:
        """Where the site is, unless that is confidential."""
        if self._site is None or self._site.confidential:
            return ""
        return address_line(main_address(self._rows.addresses[self._site.key]))

    def _cost(self) -> str:
        service, costs = self._service, self._rows.costs[self._service.key]
        return _cost_of(service.fees_description, service.fees, tuple(row.amount for row in costs))

    def _languages(self) -> list[str]:
        languages = self._rows.languages_of_service[self._service.key]
        if self._site is not None:
            languages = languages + self._rows.languages_of_place[self._site.key]
        return list(dict.fromkeys(language_name(row.name, row.code) for row in languages))

    def _phone(self) -> str:
        """The number closest to the service: its own, its site's, then its organization's."""
        rows, site = self._rows, self._site
        phones = rows.phones_of_service[self._service.key]
        if site is not None:
            phones = phones + (rows.phones_of_link[site.link_key] or rows.phones_of_place[site.key])
        phones = phones + rows.phones_of_organization[self._service.organization_key]
        voice = (phone.number for phone in phones if (phone.type or "voice") == "voice")
        return next(voice, "")

    def _hours(self) -> str:
        rows, site = self._rows, self._site
        hours = rows.hours_of_service[self._service.key]
        if site is not None:
            own = rows.hours_of_link[site.link_key] or hours
            hours = own_hours(own, rows.hours_of_place[site.key])
        return _hours_text(tuple(hours))

    def _zone(self) -> str | None:
        """The time zone of the site, else of another site of the service."""
        sites: Any = self._rows.sites[self._service.key].values()
        zones = (site.time_zone for site in (self._site, *sites) if site and site.time_zone)
        return next(zones, None)


@lru_cache(maxsize=4096)
def _cost_of(description: str | None, fees: str | None, amounts: tuple[str | None, ...]) -> str:
    """What it costs in a word; many services say the same about it."""
    numbers = [None if amount is None else float(amount) for amount in amounts]
    return cost_label(cost_class(f"{description or ''} {fees or ''}", numbers))


@lru_cache(maxsize=4096)
def _hours_text(rows: tuple[HoursRow, ...]) -> str:
    return dumps([tuple(row) for row in rows]).decode() if rows else ""
