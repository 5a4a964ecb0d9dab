"""The quality of the directory as its stewards see it: by need, by area, on a map."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from referral_hub.models import (
    Correction,
    DuplicateCandidate,
    Organization,
    SearchCount,
    Service,
    ServiceNeed,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.completeness import FACTS, Part
from referral_hub.rules.duplicates import PairState
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.quality import COMPLETE, SEARCH_DAYS, Age, area_label
from referral_hub.use_cases.steps.area_points import Gazetteer, Places, place_of_area
from referral_hub.use_cases.steps.quality_facts import (
    areas,
    domain_of,
    domains,
    findable,
    has_open_correction,
    has_open_pair,
    is_of_age,
    of_domain,
    score,
    states,
)
from referral_hub.use_cases.steps.unfound_searches import NONE_SUCH, Unfound, unfound_searches

PAGE = 50
BY_AREA, BY_NEED = "area", "need"
CORRECTION_AGES = ((7, "Up to a week"), (30, "Up to a month"), (None, "Older"))


@dataclass(frozen=True, slots=True)
class QualityQuery:
    """What to look at: services of a domain of need, in an area; empty is all, NONE_SUCH those
    of which neither is known."""

    need: str = ""
    area: str = ""


@dataclass(slots=True)
class Group:
    """Services of one need or area, counted. `points` are the sum of their completeness."""

    key: str
    label: str
    services: int = 0
    ages: dict[Age, int] = field(default_factory=dict)
    points: int = 0
    incomplete: int = 0
    duplicates: int = 0
    corrections: int = 0
    unfound: int = 0
    searches: int = 0
    latitude: float | None = None
    longitude: float | None = None

    @property
    def score(self) -> int:
        """Their mean completeness; 0 for none."""
        return round(self.points / self.services) if self.services else 0

    @property
    def stale(self) -> int:
        """Services that nobody verified within a year."""
        return self.ages[Age.STALE] + self.ages[Age.NEVER]


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact that services lack, and how many do."""

    part: Part
    label: str
    services: int


@dataclass(frozen=True, slots=True)
class QualityView:
    """The whole page."""

    total: Group
    by_need: tuple[Group, ...]
    by_area: tuple[Group, ...]
    gaps: tuple[Gap, ...]
    pairs: Mapping[str, int]
    corrections: tuple[tuple[str, int], ...]
    unfound: tuple[Unfound, ...]
    need_options: tuple[tuple[str, str], ...]
    area_options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service behind a number."""

    id: UUID
    name: str
    organization: str
    verified_on: date | None
    score: int


@dataclass(frozen=True, slots=True)
class ServicePage:
    """A page of the services behind a number."""

    services: tuple[ServiceLine, ...]
    total: int
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction that waits for an answer, and the listing that it is about."""

    table: str
    record_id: UUID
    field: str
    proposed_at: datetime
    listing: ListingKey


def show_quality(
    session: Session,
    actor: Actor,
    query: QualityQuery,
    gazetteer: Gazetteer,
    places: Places,
    *,
    now: datetime,
) -> QualityView:
    """The quality of the services that may be found: a fixed number of statements."""
    require(actor, Permission.QUALITY_READ)
    place = areas()
    found = session.execute(_grouped(query, place, now.date())).all()
    rows = [row for row in found if row.kind == BY_AREA]
    by_area = {group.key: group for group in map(_area_group, rows)}
    by_need = {
        row.key: _group(row, domains().get(row.key, "No need named"))
        for row in found
        if row.kind == BY_NEED
    }
    since = now.date() - timedelta(days=SEARCH_DAYS)
    unfound = tuple(unfound_searches(session, query.need, query.area, since))
    _add_searches(unfound, by_area, by_need)
    for group in by_area.values():
        if group.latitude is None:
            _place(group, gazetteer, places)
    return QualityView(
        total=_sum(by_area.values()),
        by_need=tuple(sorted(by_need.values(), key=lambda each: -each.services)),
        by_area=tuple(sorted(by_area.values(), key=lambda each: (-each.services, each.key))),
        gaps=_gaps(rows),
        pairs=_pairs(session),
        corrections=_corrections(session, now),
        unfound=unfound,
        need_options=tuple(domains().items()),
        area_options=tuple(_area_options(session)),
    )


def quality_rows(view: QualityView) -> list[tuple[str | int, ...]]:
    """The numbers by need and by area as rows of a table."""
    named = (("need", view.by_need), ("area", view.by_area), ("all", (view.total,)))
    return [
        (
            kind, each.key, each.label, each.services, *(each.ages[age] for age in Age), each.score,
            each.incomplete, each.duplicates, each.corrections, each.unfound,
        )
        for kind, groups in named
        for each in groups
    ]  # fmt: skip


def list_quality_services(
    session: Session,
    actor: Actor,
    query: QualityQuery,
    *,
    age: Age | None = None,
    missing: Part | None = None,
    incomplete: bool = False,
    duplicate: bool = False,
    correction: bool = False,
    page: int = 1,
    now: datetime,
) -> ServicePage:
    """The services behind a number: what was never or longest not verified on top.

    Raises InvalidInput for a page that there cannot be.
    """
    require(actor, Permission.QUALITY_READ)
    if page < 1:
        raise InvalidInput("There is no such page.", {"page": "Use 1 or more."})
    place = areas()
    conditions = [*findable(), *_narrowed(query, place)]
    conditions += [is_of_age(age, now.date())] if age is not None else []
    conditions += [~states(missing)] if missing is not None else []
    conditions += [score() < COMPLETE] if incomplete else []
    conditions += [has_open_pair()] if duplicate else []
    conditions += [has_open_correction()] if correction else []
    found = (
        select(Service.id, Service.name, Organization.name.label("organization"),
               Service.verified_on, score().label("score"))
        .join(Organization, Organization.id == Service.organization_id)
        .outerjoin(place, place.c.service_id == Service.id)
        .where(*conditions)
    )  # fmt: skip
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ordered = found.order_by(
        Service.verified_on.is_not(None), Service.verified_on, Service.name, Service.id
    )
    rows = session.execute(ordered.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    lines = tuple(ServiceLine(*row) for row in rows[:PAGE])
    return ServicePage(lines, total, page, len(rows) > PAGE)


def list_open_corrections(session: Session, actor: Actor) -> tuple[CorrectionLine, ...]:
    """Corrections that wait for an answer, the oldest first; at most 200."""
    require(actor, Permission.QUALITY_READ)
    rows = session.execute(
        select(Correction.table_name, Correction.record_id, Correction.field,
               Correction.proposed_at, Correction.listing_table, Correction.listing_id)
        .where(Correction.state == "proposed").order_by(Correction.proposed_at).limit(200)
    )  # fmt: skip
    return tuple(CorrectionLine(*row[:4], ListingKey(row[4], row[5])) for row in rows)


def _narrowed(query: QualityQuery, place: Any) -> list[Any]:
    found: list[Any] = []
    if query.need == NONE_SUCH:
        found.append(Service.id.not_in(select(ServiceNeed.service_id)))
    elif query.need:
        found.append(of_domain(query.need))
    if query.area == NONE_SUCH:
        found.append(place.c.area.is_(None))
    elif query.area:
        found.append(place.c.area == query.area)
    return found


def _facts(query: QualityQuery, place: Any, today: date) -> Any:
    """One row for each service with everything that is counted."""
    columns = [
        Service.id, place.c.area, place.c.latitude, place.c.longitude, score().label("score"),
        _one(has_open_pair()).label("duplicate"), _one(has_open_correction()).label("correction"),
        *(_one(is_of_age(age, today)).label(f"age_{age}") for age in Age),
        *(_one(~states(fact.part)).label(f"no_{fact.part}") for fact in FACTS),
    ]  # fmt: skip
    return (
        select(*columns)
        .outerjoin(place, place.c.service_id == Service.id)
        .where(*findable(), *_narrowed(query, place))
        .cte("facts")
        .prefix_with("MATERIALIZED")  # or each sum asks every question again
    )


def _counts(facts: Any) -> list[Any]:
    return [
        func.count().label("services"), func.sum(facts.c.score).label("score"),
        func.sum(_one(facts.c.score < COMPLETE)).label("incomplete"),
        func.sum(facts.c.duplicate).label("duplicates"),
        func.sum(facts.c.correction).label("corrections"),
        *(func.sum(facts.c[f"age_{age}"]).label(f"age_{age}") for age in Age),
    ]  # fmt: skip


def _grouped(query: QualityQuery, place: Any, today: date) -> Any:
    """The counts by area and by need: of each service everything is asked once."""
    facts = _facts(query, place, today)
    named = (
        select(ServiceNeed.service_id, domain_of(ServiceNeed.need_code).label("domain"))
        .distinct()
        .subquery("named")
    )
    by_area = _counted(BY_AREA, facts, facts.c.area)
    by_need = _counted(BY_NEED, facts, named.c.domain).outerjoin(
        named, named.c.service_id == facts.c.id
    )
    return union_all(by_area, by_need)


def _counted(kind: str, facts: Any, group: Any) -> Select[Any]:
    key = func.coalesce(group, "").label("key")
    middle = [func.avg(facts.c[name]).label(name) for name in ("latitude", "longitude")]
    missing = [func.sum(facts.c[f"no_{fact.part}"]).label(f"no_{fact.part}") for fact in FACTS]
    columns = (literal(kind).label("kind"), key, *_counts(facts), *middle, *missing)
    return select(*columns).select_from(facts).group_by("key")


def _one(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _area_group(row: Any) -> Group:
    group = _group(row, area_label(row.key))
    group.latitude, group.longitude = row.latitude, row.longitude
    return group


def _group(row: Any, label: str) -> Group:
    return Group(
        key=row.key,
        label=label,
        services=row.services,
        ages={age: row._mapping[f"age_{age}"] for age in Age},
        points=row.score,
        incomplete=row.incomplete,
        duplicates=row.duplicates,
        corrections=row.corrections,
    )


def _sum(groups: Iterable[Group]) -> Group:
    total = Group("", "All", ages=dict.fromkeys(Age, 0))
    for group in groups:
        for name in (
            "services",
            "points",
            "incomplete",
            "duplicates",
            "corrections",
            "unfound",
            "searches",
        ):
            setattr(total, name, getattr(total, name) + getattr(group, name))
        for age, number in group.ages.items():
            total.ages[age] += number
    return total


def _gaps(rows: Iterable[Any]) -> tuple[Gap, ...]:
    rows = list(rows)
    return tuple(
        Gap(fact.part, fact.add, sum(row._mapping[f"no_{fact.part}"] for row in rows))
        for fact in FACTS
    )


def _pairs(session: Session) -> dict[str, int]:
    rows = session.execute(
        select(DuplicateCandidate.table_name, func.count())
        .where(DuplicateCandidate.state == PairState.OPEN)
        .group_by(DuplicateCandidate.table_name)
    )
    return {row[0]: row[1] for row in rows}


def _corrections(session: Session, now: datetime) -> tuple[tuple[str, int], ...]:
    """How many corrections wait, by how long."""
    asked, newest = [], now + timedelta(days=1)
    for days, label in CORRECTION_AGES:
        oldest = None if days is None else now - timedelta(days=days)
        within = Correction.proposed_at < newest
        if oldest is not None:
            within &= Correction.proposed_at >= oldest
            newest = oldest
        asked.append(func.sum(_one(within)).label(label))
    row = session.execute(select(*asked).where(Correction.state == "proposed")).one()
    return tuple((label, row[at] or 0) for at, (_, label) in enumerate(CORRECTION_AGES))


def _area_options(session: Session) -> list[tuple[str, str]]:
    """Every area in which a service is, or for which somebody searched in vain."""
    place = areas()
    found = set(session.scalars(select(place.c.area).distinct()))
    found |= set(
        session.scalars(select(SearchCount.area).where(SearchCount.band == "0").distinct())
    )
    named = [(area, area_label(area)) for area in sorted(filter(None, found))]
    return [*named, (NONE_SUCH, area_label(""))]


def _add_searches(
    unfound: Iterable[Unfound], by_area: dict[str, Group], by_need: dict[str, Group]
) -> None:
    """Count searches without results into their groups, of which some have no service at all."""
    for each in unfound:
        area = by_area.setdefault(
            each.area, Group(each.area, each.area_label, ages=dict.fromkeys(Age, 0))
        )
        domain = each.term.partition(".")[0]
        groups = [area]
        if domain in domains():
            empty = Group(domain, domains()[domain], ages=dict.fromkeys(Age, 0))
            groups.append(by_need.setdefault(domain, empty))
        for group in groups:
            group.unfound += each.unfound
            group.searches += each.searches


def _place(group: Group, gazetteer: Gazetteer, places: Places) -> None:
    """Where an area without services is, as far as known."""
    place = place_of_area(group.key, gazetteer, places)
    if place is not None:
        group.latitude, group.longitude = place.latitude, place.longitude
