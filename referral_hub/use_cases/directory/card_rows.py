"""The rows from which the cards of a page are made: only the columns that a card shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class ServiceRow(NamedTuple):
    """A service with its organization, and whether it takes referrals."""

    key: str
    organization_key: str
    name: str
    alternate_name: str | None
    description: str | None
    fees: str | None
    fees_description: str | None
    status: str
    visibility: str
    vanished_at: datetime | None
    verified_on: date | None
    organization: str
    organization_incomplete: bool
    organization_visibility: str
    organization_vanished_at: datetime | None
    capacity: str | None


class SiteRow(NamedTuple):
    """A public location of a service, and the link between the two."""

    key: str
    service_key: str
    link_key: str
    name: str | None
    latitude: float | None
    longitude: float | None
    point_basis: str | None
    time_zone: str | None
    confidential: bool


class HoursRow(NamedTuple):
    """What a row of `schedule` says about when: all that the rules of opening hours read."""

    valid_from: date | None
    valid_to: date | None
    dtstart: date | None
    until: date | None
    count: float | None  # type: ignore[assignment]  # tuple.count is not needed
    wkst: str | None
    freq: str | None
    interval: float | None
    byday: str | None
    byweekno: str | None
    bymonthday: str | None
    byyearday: str | None
    description: str | None
    opens_at: str | None
    closes_at: str | None
    notes: str | None


class AddressRow(NamedTuple):
    """An address, as far as it is shown in a list."""

    attention: str | None
    address_1: str
    address_2: str | None
    city: str
    state_province: str
    postal_code: str
    country: str
    address_type: str


class PhoneRow(NamedTuple):
    """A number to call."""

    number: str
    type: str | None


class LanguageRow(NamedTuple):
    """A language that is spoken."""

    name: str | None
    code: str | None


class NeedRow(NamedTuple):
    """A need that is answered."""

    need_code: str
    basis: str


class CostRow(NamedTuple):
    """A price; the amount is a number in text."""

    amount: str | None


@dataclass(frozen=True, slots=True)
class CardRows:
    """What was read, by keys: UUIDs in 32 digits.

    `sites` are the public locations of a service by key, in their order. What belongs to a
    service, place, link of the two or organization is a list in the order of its source, empty
    for a key without any; needs are in the order of their codes.
    """

    services: Mapping[str, ServiceRow]
    sites: Mapping[str, Mapping[str, SiteRow]]
    zones: Mapping[str, str | None]
    hours_of_service: Mapping[str, list[HoursRow]]
    hours_of_place: Mapping[str, list[HoursRow]]
    hours_of_link: Mapping[str, list[HoursRow]]
    addresses: Mapping[str, list[AddressRow]]
    costs: Mapping[str, list[CostRow]]
    languages_of_service: Mapping[str, list[LanguageRow]]
    languages_of_place: Mapping[str, list[LanguageRow]]
    needs: Mapping[str, list[NeedRow]]
    phones_of_service: Mapping[str, list[PhoneRow]]
    phones_of_place: Mapping[str, list[PhoneRow]]
    phones_of_link: Mapping[str, list[PhoneRow]]
    phones_of_organization: Mapping[str, list[PhoneRow]]
