"""Reads the rows of a page of cards in four statements, five where a time zone must be sought.

`facts` reads all there is about a service; a list is asked for far more often than a service.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from json import dumps
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    String,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from referral_hub.models import (
    Address,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ServiceState,
)
from referral_hub.use_cases.directory.card_rows import (
    AddressRow,
    CardRows,
    CostRow,
    HoursRow,
    LanguageRow,
    NeedRow,
    PhoneRow,
    ServiceRow,
    SiteRow,
)

Shown = tuple[str, str | None]
"""The keys of a service and of the location at which it is shown."""


def key_of(identifier: str) -> str:
    """A UUID, as the search index writes it, as a key."""
    return identifier.replace("-", "")


def read_card_rows(session: Session, shown: Sequence[Shown]) -> CardRows:
    """Rows of cards, each by the key of its service and the key of its location or None."""
    return _read(session, [service for service, _ in shown], set(shown))


def read_all_rows(session: Session, services: Sequence[str]) -> CardRows:
    """Rows of services by their keys, with all their locations."""
    return _read(session, services, None)


def _read(session: Session, keys: Sequence[str], shown: Set[Shown] | None) -> CardRows:
    """Rows of services, with what belongs to those of their locations that are shown."""
    connection = session.connection()
    asked = {"services": written_keys(keys)}
    rows = map(ServiceRow._make, connection.execute(_SERVICES, asked).all())
    services = {row.key: row for row in rows}
    sites: defaultdict[str, dict[str, SiteRow]] = defaultdict(dict)
    for site in map(SiteRow._make, connection.execute(_SITES, asked).all()):
        sites[site.service_key].setdefault(site.key, site)
    at = [
        site
        for service, places in sites.items()
        for key, site in places.items()
        if shown is None or (service, key) in shown
    ]
    asked["places"] = written_keys(site.key for site in at)
    asked["links"] = written_keys(site.link_key for site in at)
    asked["organizations"] = written_keys(row.organization_key for row in services.values())
    zones = _zones(connection, services, sites)
    return CardRows(services, sites, zones, **_children(connection, asked))


def written_keys(keys: Iterable[str]) -> str:
    """Keys as the parameter of a statement that asks for rows `listed` in it."""
    return dumps(list(dict.fromkeys(keys)))


def _zones(
    connection: Connection,
    services: Mapping[str, ServiceRow],
    sites: Mapping[str, Mapping[str, SiteRow]],
) -> dict[str, str | None]:
    """The time zones of organizations, read where no site of a service has one."""
    unzoned = [
        service.organization_key
        for service in services.values()
        if not any(site.time_zone for site in sites[service.key].values())
    ]
    if not unzoned:
        return {}
    rows = connection.execute(_ZONES, {"organizations": written_keys(unzoned)})
    return {row[0]: row[1] for row in rows}


def _children(
    connection: Connection, asked: Mapping[str, str]
) -> dict[str, defaultdict[str, list[Any]]]:
    """Lists of children by name in `CardRows`, then by the key of their owner."""
    found: dict[str, defaultdict[str, list[Any]]] = {}
    for parts, statement in _STATEMENTS:
        lists = [found.setdefault(part.name, defaultdict(list)) for part in parts]
        for row in sorted(connection.execute(statement, asked).all(), key=_BY_ORDER):
            kind = parts[row[0]].kind
            lists[row[0]][row[1]].append(kind._make(row[4 : 4 + len(kind._fields)]))
    return found


class _Listed(FunctionElement[str]):
    """The values of a JSON list, one a row: one parameter for any number of keys."""

    inherit_cache = True


@compiles(_Listed, "sqlite")
def _listed_on_sqlite(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Listed, "postgresql")
def _listed_on_postgresql(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    """By way of an array, which is taken for short: then an index is used and no table scanned."""
    keys = compiler.process(element.clauses, **options)
    texts = f"SELECT json_array_elements_text(CAST({keys} AS JSON))"
    return f"(SELECT unnest(ARRAY({texts})) AS value)"


class Key(FunctionElement[str]):
    """A UUID as text, which costs less than an object for each: 32 digits on every database."""

    inherit_cache = True
    type = String()


@compiles(Key, "sqlite")
def _key_on_sqlite(element: Key, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(Key, "postgresql")
def _key_on_postgresql(element: Key, compiler: SQLCompiler, **options: Any) -> str:
    return f"replace(CAST({compiler.process(element.clauses, **options)} AS TEXT), '-', '')"


def _among(column: InstrumentedAttribute[Any], keys: str) -> ColumnElement[bool]:
    """Whether a column of ids is among the keys of a parameter."""
    return listed(column, keys, Uuid)


def listed(
    column: InstrumentedAttribute[Any], keys: str, kind: type[Uuid[Any] | String] = String
) -> ColumnElement[bool]:
    """Whether the column is among the values of a parameter.

    A join would leave SQLite the choice to go through a table, and the keys for each of its rows.
    """
    values = _Listed(bindparam(keys, type_=String)).table_valued("value")
    return column.in_(select(cast(values.c.value, kind)))


_SERVICES = (
    select(
        Key(Service.id),
        Key(Service.organization_id),
        Service.name,
        Service.alternate_name,
        Service.description,
        Service.fees,
        Service.fees_description,
        Service.status,
        Service.visibility,
        Service.vanished_at,
        Service.verified_on,
        Organization.name,
        Organization.incomplete,
        Organization.visibility,
        Organization.vanished_at,
        case((ServiceState.lapsed_at.is_(None), ServiceState.capacity)).label("capacity"),
    )
    .join(Organization, Organization.id == Service.organization_id)
    .outerjoin(ServiceState, ServiceState.service_id == Service.id)
    .where(_among(Service.id, "services"))
)

_SITES = (
    select(
        Key(Location.id),
        Key(ServiceAtLocation.service_id),
        Key(ServiceAtLocation.id),
        Location.name,
        Location.point_latitude,
        Location.point_longitude,
        Location.point_basis,
        Location.time_zone,
        Location.confidential,
    )
    .join(Location, Location.id == ServiceAtLocation.location_id)
    .where(
        _among(ServiceAtLocation.service_id, "services"),
        ServiceAtLocation.vanished_at.is_(None),
        Location.vanished_at.is_(None),
        Location.visibility == "public",
    )
    .order_by(ServiceAtLocation.position, ServiceAtLocation.id)
)

_ZONES = (
    select(Key(Location.organization_id), func.min(Location.time_zone))
    .where(_among(Location.organization_id, "organizations"))
    .group_by(Location.organization_id)
)


class _Part(NamedTuple):
    """Children that are read by their owners, whose keys are a parameter, each as a `kind`."""

    name: str
    owner: InstrumentedAttribute[Any]
    keys: str
    kind: type[Any]


_HOURS = (
    _Part("hours_of_service", Schedule.service_id, "services", HoursRow),
    _Part("hours_of_place", Schedule.location_id, "places", HoursRow),
    _Part("hours_of_link", Schedule.service_at_location_id, "links", HoursRow),
)
_OTHERS = (
    _Part("addresses", Address.location_id, "places", AddressRow),
    _Part("costs", CostOption.service_id, "services", CostRow),
    _Part("languages_of_service", Language.service_id, "services", LanguageRow),
    _Part("languages_of_place", Language.location_id, "places", LanguageRow),
    _Part("needs", ServiceNeed.service_id, "services", NeedRow),
    _Part("phones_of_service", Phone.service_id, "services", PhoneRow),
    _Part("phones_of_place", Phone.location_id, "places", PhoneRow),
    _Part("phones_of_link", Phone.service_at_location_id, "links", PhoneRow),
    _Part("phones_of_organization", Phone.organization_id, "organizations", PhoneRow),
)
_MOST_TEXTS = max(len(part.kind._fields) for part in _OTHERS)
_BY_ORDER = itemgetter(2, 3)


def _together(parts: Sequence[_Part]) -> CompoundSelect[Any]:
    """One statement for all parts. A row is its part, its owner, two to sort by, its values."""
    return union_all(*(_select(number, part) for number, part in enumerate(parts)))


def _select(number: int, part: _Part) -> Select[Any]:
    model = part.owner.class_
    values: list[Any] = [getattr(model, name) for name in part.kind._fields]
    if part.kind is not HoursRow:  # all others are texts, of different numbers
        values += [null()] * (_MOST_TEXTS - len(values))
        values = [cast(value, String) for value in values]
    order: tuple[Any, Any] = (literal_column("0"), ServiceNeed.need_code)
    if model is not ServiceNeed:
        order = (model.position, Key(model.id))
    columns = (literal_column(str(number)), Key(part.owner), *order, *values)
    return select(*columns).where(_among(part.owner, part.keys))


_STATEMENTS = ((_HOURS, _together(_HOURS)), (_OTHERS, _together(_OTHERS)))
