"""Everything the directory holds about some services, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from referral_hub.models import (
    Accessibility,
    Address,
    Attribute,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceNeed,
    ServiceState,
    TaxonomyTerm,
    columns,
)
from referral_hub.use_cases.batches import in_batches

Record = Row[Any]
Grouped = dict[UUID, list[Record]]


@dataclass(slots=True)
class ServiceFacts:
    """One service with all that is read beside it. Schedules of a site go before the service's."""

    service: Record
    organization: Record
    sites: list["SiteFacts"] = field(default_factory=list)
    schedules: list[Record] = field(default_factory=list)
    languages: list[Record] = field(default_factory=list)
    areas: list[Record] = field(default_factory=list)
    costs: list[Record] = field(default_factory=list)
    phones: list[Record] = field(default_factory=list)
    organization_phones: list[Record] = field(default_factory=list)
    needs: list[Record] = field(default_factory=list)
    term_names: list[str] = field(default_factory=list)
    state: Record | None = None
    organization_zone: str | None = None

    @property
    def capacity(self) -> str | None:
        """What the agency said of its room, until that is too old to count."""
        return self.state.capacity if self.state and self.state.lapsed_at is None else None

    @property
    def accepting(self) -> bool | None:
        """Whether referrals are taken, or None for unknown."""
        return accepts(self.service.status, self.capacity)

    @property
    def zone(self) -> str | None:
        """The time zone of the service where no site of its own says one."""
        zones = [site.location.time_zone for site in self.sites if site.location.time_zone]
        return next(iter(zones), self.organization_zone)


@dataclass(slots=True)
class SiteFacts:
    """One location of a service, with what belongs to the place and to the service there."""

    link: Record
    location: Record
    addresses: list[Record]
    accessibility: list[Record]
    languages: list[Record]
    phones: list[Record]
    schedules: list[Record]
    areas: list[Record]

    @property
    def address(self) -> Record | None:
        """The address to show, if any is stated."""
        address: Record | None = main_address(self.addresses)
        return address


def read_services(
    session: Session, service_ids: Sequence[UUID], *, hidden: bool = False
) -> dict[UUID, ServiceFacts]:
    """Facts by service id; ids that are not there are left out. About fifteen queries, always.

    `hidden` shows places too that only their agency may see.
    """
    reader = _Reader(session, list(service_ids), hidden)
    return reader.read()


class _Reader:
    """Reads by batches of keys, so that the number of queries does not grow with the services."""

    def __init__(self, session: Session, service_ids: list[UUID], hidden: bool) -> None:
        self._session = session
        self._ids = service_ids
        self._shown = true() if hidden else Location.visibility == "public"

    def read(self) -> dict[UUID, ServiceFacts]:
        """Facts of all services asked for."""
        services = self._all(Service, Service.id.in_(self._ids))
        organizations = {
            row.id: row
            for row in self._all(
                Organization, Organization.id.in_({s.organization_id for s in services})
            )
        }
        facts = {row.id: ServiceFacts(row, organizations[row.organization_id]) for row in services}
        self._fill(facts)
        self._add_sites(facts)
        return facts

    def _fill(self, facts: dict[UUID, ServiceFacts]) -> None:
        schedules = self._children(Schedule, Schedule.service_id, self._ids)
        languages = self._children(Language, Language.service_id, self._ids)
        areas = self._children(ServiceArea, ServiceArea.service_id, self._ids)
        costs = self._children(CostOption, CostOption.service_id, self._ids)
        phones = self._children(Phone, Phone.service_id, self._ids)
        organization_ids = {item.organization.id for item in facts.values()}
        organization_phones = self._children(Phone, Phone.organization_id, organization_ids)
        needs = _grouped(
            self._all(ServiceNeed, ServiceNeed.service_id.in_(self._ids)), "service_id"
        )
        states = {
            row.service_id: row
            for row in self._all(ServiceState, ServiceState.service_id.in_(self._ids))
        }
        for service_id, item in facts.items():
            item.schedules = schedules[service_id]
            item.languages = languages[service_id]
            item.areas = areas[service_id]
            item.costs = costs[service_id]
            item.phones = phones[service_id]
            item.organization_phones = organization_phones[item.organization.id]
            item.needs = sorted(needs[service_id], key=lambda need: str(need.need_code))
            item.state = states.get(service_id)
        self._add_terms(facts)
        self._add_zones(facts)

    def _add_zones(self, facts: dict[UUID, ServiceFacts]) -> None:
        """Where an organization has one office with a time zone, its lines keep that time."""
        wanted = {item.organization.id for item in facts.values()}
        query = select(Location.organization_id, func.min(Location.time_zone)).where(
            Location.organization_id.in_(wanted)
        )
        rows = self._session.execute(query.group_by(Location.organization_id))
        zones = {row[0]: row[1] for row in rows}
        for item in facts.values():
            item.organization_zone = zones.get(item.organization.id)

    def _add_terms(self, facts: dict[UUID, ServiceFacts]) -> None:
        query = (
            select(Attribute.link_id, TaxonomyTerm.name)
            .join(TaxonomyTerm, TaxonomyTerm.id == Attribute.taxonomy_term_id)
            .where(Attribute.owner_table == "service", Attribute.link_id.in_(self._ids))
            .order_by(Attribute.position)
        )
        for row in self._session.execute(query):
            if row.link_id in facts:
                facts[row.link_id].term_names.append(row.name)

    def _add_sites(self, facts: dict[UUID, ServiceFacts]) -> None:
        links = self._all(
            ServiceAtLocation,
            ServiceAtLocation.service_id.in_(self._ids),
            ServiceAtLocation.vanished_at.is_(None),
            order=(ServiceAtLocation.position, ServiceAtLocation.id),
        )
        places = {link.location_id for link in links}
        link_ids = [link.id for link in links]
        locations = {
            row.id: row
            for batch in in_batches(places)
            for row in self._all(
                Location,
                Location.id.in_(batch),
                Location.vanished_at.is_(None),
                self._shown,
            )
        }
        addresses = self._children(Address, Address.location_id, places)
        accessibility = self._children(Accessibility, Accessibility.location_id, places)
        languages = self._children(Language, Language.location_id, places)
        place_phones = self._children(Phone, Phone.location_id, places)
        link_phones = self._children(Phone, Phone.service_at_location_id, link_ids)
        place_hours = self._children(Schedule, Schedule.location_id, places)
        link_hours = self._children(Schedule, Schedule.service_at_location_id, link_ids)
        areas = self._children(ServiceArea, ServiceArea.service_at_location_id, link_ids)
        for link in links:
            location = locations.get(link.location_id)
            if location is None or link.service_id not in facts:
                continue
            item = facts[link.service_id]
            if any(site.location.id == location.id for site in item.sites):
                continue  # a second link of one service to one place adds no place
            item.sites.append(
                SiteFacts(
                    link=link,
                    location=location,
                    addresses=addresses[location.id],
                    accessibility=accessibility[location.id],
                    languages=languages[location.id],
                    phones=link_phones[link.id] or place_phones[location.id],
                    schedules=own_hours(
                        link_hours[link.id] or item.schedules, place_hours[location.id]
                    ),
                    areas=areas[link.id],
                )
            )

    def _children(
        self, model: type[Any], key: InstrumentedAttribute[Any], owners: Iterable[UUID]
    ) -> Grouped:
        rows: list[Record] = []
        for batch in in_batches(set(owners)):
            rows += self._all(model, key.in_(batch), order=(model.position, model.id))
        return _grouped(rows, key.key)

    def _all(self, model: type[Any], *where: Any, order: tuple[Any, ...] = ()) -> list[Record]:
        query: Select[Any] = select(*columns(model)).where(*where).order_by(*order)
        return list(self._session.execute(query))


def accepts(status: str, capacity: str | None) -> bool | None:
    """Whether referrals are taken: the agency's word, else unknown; a closed door says no."""
    if status == "temporarily closed":
        return False
    return capacity != "closed" if capacity else None


def main_address(addresses: list[Any]) -> Any:
    """The physical address if one is stated, else any, else None."""
    physical = [address for address in addresses if address.address_type == "physical"]
    return next(iter(physical or addresses), None)


def own_hours(own: list[Any], place: list[Any]) -> list[Any]:
    """A service's own hours, or those of its place; the place's holidays close both."""
    if not own:
        return place
    return own + [row for row in place if row.valid_from and row.valid_to and not row.opens_at]


def mappings(rows: Iterable[Record]) -> list[dict[str, Any]]:
    """Rows as the mappings by column name that rules read."""
    return [row._asdict() for row in rows]


def _grouped(rows: Iterable[Record], key: str) -> Grouped:
    found: Grouped = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found
