"""What stands at the beginning of every question for figures: who asks, of which referrals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.choosing import (
    as_seen,
    cohort,
    ever_sent,
    everything,
    is_overseen,
    stock,
)
from referral_hub.gateways.figures.counting import (
    Terms,
    count_parts,
    count_parts_by,
    domains,
    groups,
    is_by_standing,
    parts,
    tally,
)
from referral_hub.gateways.figures.layout import NOTHING, PARTS, PRIORITIES
from referral_hub.gateways.figures.reading import Numbers, View, distinct
from referral_hub.models import Agency, Service, Team
from referral_hub.rules.actor import Actor
from referral_hub.rules.figure_query import (
    OF_NETWORK,
    Dimension,
    FigureQuery,
    Oversight,
    check_query,
    hears_clients,
    oversight_of,
)
from referral_hub.rules.figure_whose import Whose
from referral_hub.rules.measures import Measure, Part, Rate, rate_of
from referral_hub.rules.quality import area_label
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referrals import PRIORITY_LABEL
from referral_hub.use_cases.figure_views import Choice, Frame
from referral_hub.use_cases.steps.network import network_setting
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.vocabulary import need_words

_NOT_ASKED = PARTS.index(Part.NOT_ASKED)
ANSWER_DAYS = 2
"""Within so many business days of the receiver an answer is expected."""
_ID_KINDS = {
    Dimension.TO_AGENCY: "agency",
    Dimension.FROM_AGENCY: "agency",
    Dimension.SERVICE: "service",
    Dimension.TEAM: "team",
    Dimension.WORKER: "person",
}
_TABLES: Mapping[str, type[Agency] | type[Service] | type[Team]] = {
    "agency": Agency,
    "service": Service,
    "team": Team,
}
NOT_STATED = "Not stated"


class Figures(Protocol):
    """Where figures are read."""

    def view(self, as_of: datetime | None, now: datetime) -> View:
        """All referrals as of a time. Raises FiguresNotReady."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that may be asked, with the referrals as of its time."""

    query: FigureQuery
    oversight: Oversight
    view: View
    zone: ZoneInfo
    terms: Terms

    def cohort(self) -> Numbers:
        """The rows of what was sent in the period."""
        return cohort(
            self.view, self.query, self.oversight,
            start_of(self.query.since, self.zone), start_of(self.query.until, self.zone),
        )  # fmt: skip

    def stock(self) -> Numbers:
        """The rows of what is open."""
        return stock(self.view, self.query, self.oversight)

    def everything(self) -> Numbers:
        """The rows of all that counts."""
        return everything(self.view, self.query, self.oversight)

    def ever_sent(self) -> Numbers:
        """The rows of all that was sent, also what was entered in error."""
        return ever_sent(self.view, self.query, self.oversight)

    def groups(self, rows: Numbers, dimension: Dimension) -> Numbers:
        """For each row the number of its group; NOTHING where it has none."""
        return groups(self.view, rows, dimension, self.query.side, self.oversight)

    def rate(self, rows: Numbers, measure: Measure) -> Rate:
        """A figure of these rows."""
        return rate_of(count_parts(self.parts(rows, measure)))

    def rates(
        self, rows: Numbers, measures: Iterable[Measure], groups: Numbers, number: int
    ) -> dict[Measure, list[Rate]]:
        """Figures of each of so many groups; rows whose group is below 0 are in none."""
        counted = self.counts(rows, measures, groups, number)
        return {measure: [rate_of(parts) for parts in of] for measure, of in counted.items()}

    def counts(
        self, rows: Numbers, measures: Iterable[Measure], groups: Numbers, number: int
    ) -> dict[Measure, list[dict[Part, int]]]:
        """The counts that the figures of each group are."""
        counted = tally(self.view, rows, self.terms, groups, number)
        return {
            each: counted.parts_of(each)
            if is_by_standing(each)
            else count_parts_by(self.parts(rows, each), groups, number)
            for each in measures
        }

    def is_told(self, measure: Measure) -> bool:
        """Whether a figure is the viewer's to know. What clients say is told to the sender."""
        is_of_clients = measure is Measure.CLIENT_CONFIRMED
        return not is_of_clients or hears_clients(self.oversight, self.query.side)

    def parts(self, rows: Numbers, measure: Measure) -> Numbers:
        """In which part of a figure each row is: a place in PARTS. Where what clients say is not
        told, nobody was asked."""
        found = parts(self.view, rows, measure, self.terms)
        if measure is not Measure.CLIENT_CONFIRMED:
            return found
        if not self.is_told(measure):
            return np.full(len(rows), _NOT_ASKED)
        told = is_overseen(self.view, self.oversight, Side.SENDER)[rows]
        return np.where(told, found, _NOT_ASKED)


def ask(
    session: Session, actor: Actor, figures: Figures, query: FigureQuery, now: datetime
) -> Asked:
    """The question of somebody who may read figures. Raises InvalidInput for what cannot be asked,
    or not by them, and FiguresNotReady."""
    oversight = oversight_of(actor)
    check_query(query, oversight, now)
    return asked_by(session, oversight, figures, query, now)


def asked_by(
    session: Session, oversight: Oversight, figures: Figures, query: FigureQuery, now: datetime
) -> Asked:
    """The question for whoever oversees so much."""
    follow_up = network_setting(session, "completion_follow_up_days")
    zone = ZoneInfo(str(network_setting(session, "time_zone")))
    terms = Terms(int(str(follow_up)), ANSWER_DAYS)
    view = as_seen(figures.view(query.as_of, now), oversight, query.side)
    return Asked(query, oversight, view, zone, terms)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins where the network is."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def frame_of(session: Session, vault: Vault, asked: Asked) -> Frame:
    """What stands around the figures of a question."""
    view, query = asked.view, asked.query
    return Frame(
        query=query,
        as_of=min(query.as_of or view.until, view.until),
        is_past=query.as_of is not None,
        is_network=asked.oversight.is_network,
        sides=0 if asked.oversight.is_network else 2,
        follow_up_days=asked.terms.follow_up_days,
        answer_days=asked.terms.answer_days,
        choices=_choices(session, vault, asked),
        whose=whose(session, asked.oversight),
    )


def whose(session: Session, oversight: Oversight) -> Whose:
    """The names of what somebody oversees."""
    agency = session.get(Agency, oversight.agency_id) if oversight.agency_id else None
    if agency is None:
        return Whose(None if oversight.is_network else NOT_STATED)
    if oversight.teams is None:
        return Whose(agency.name)
    names = session.scalars(
        select(Team.name).where(Team.id.in_(oversight.teams), Team.agency_id == agency.id)
    )
    return Whose(agency.name, tuple(sorted(names, key=str.casefold)))


def _choices(session: Session, vault: Vault, asked: Asked) -> Mapping[str, Sequence[Choice]]:
    """What filters offer: what there is among all referrals that the viewer oversees; of services,
    which are too many for a list, the one that is asked for."""
    service, offered = asked.query.service_id, {}
    for dimension, numbers in _there(asked).items():
        if dimension is Dimension.SERVICE:
            if service is None:
                continue
            asked_for = asked.view.number_of("service", service)
            numbers = [number for number in numbers if number == asked_for]
        named = group_names(session, vault, asked.view, dimension, numbers)
        listed = [choice for choice in named.values() if choice[1] != NOT_STATED]
        offered[dimension.value] = sorted(listed, key=lambda choice: choice[1].casefold())
    return offered


def _there(asked: Asked) -> Mapping[Dimension, Sequence[int]]:
    """The groups among all referrals that the viewer oversees, by what tells them apart."""
    oversight, side = asked.oversight, asked.query.side
    offered = OF_NETWORK if oversight.is_network else {*Dimension}

    def find() -> Mapping[Dimension, Sequence[int]]:
        wide = FigureQuery(date.min, date.max, side=side)
        rows = everything(asked.view, wide, oversight)
        return {each: distinct(asked.groups(rows, each)) for each in Dimension if each in offered}

    return asked.view.remember(("groups", oversight, side), find)


def group_names(
    session: Session, vault: Vault, view: View, dimension: Dimension, numbers: Iterable[int]
) -> dict[int, Choice]:
    """For the number of each group the value of the filter that it is, and how it reads."""
    asked = [number for number in numbers if number != NOTHING]
    if dimension is Dimension.PRIORITY:
        return {n: (PRIORITIES[n].value, PRIORITY_LABEL[PRIORITIES[n]]) for n in asked}
    if dimension in (Dimension.NEED, Dimension.DOMAIN):
        codes = view.texts("need_code") if dimension is Dimension.NEED else domains(view)
        return {number: (codes[number], need_words(codes[number])) for number in asked}
    if dimension is Dimension.AREA:
        places = view.texts("area")
        return {number: (places[number], _area_words(places[number])) for number in asked}
    ids = {number: view.id_of(_ID_KINDS[dimension], number) for number in asked}
    names = _names(session, vault, dimension, set(ids.values()))
    return {number: (str(each), names.get(each, NOT_STATED)) for number, each in ids.items()}


def _area_words(place: str) -> str:
    return area_label(place) if place else NOT_STATED


def _names(
    session: Session, vault: Vault, dimension: Dimension, ids: set[UUID]
) -> Mapping[UUID, str]:
    if dimension is Dimension.WORKER:
        return names_of(session, vault, ids)
    table = _TABLES[_ID_KINDS[dimension]]
    found: dict[UUID, str] = {}
    listed = sorted(ids)
    for at in range(0, len(listed), 500):
        rows = session.execute(
            select(table.id, table.name).where(table.id.in_(listed[at : at + 500]))
        )
        found |= {row.id: row.name for row in rows}
    return found


def month_starts(query: FigureQuery) -> list[date]:
    """The first day of the period and of each month in it."""
    found = [query.since]
    day = _next_month(query.since)
    while day < query.until:
        found.append(day)
        day = _next_month(day)
    return found


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def week_starts(until: date, weeks: int) -> list[date]:
    """The Mondays of so many weeks, the last one the week of the day before `until`, and the
    Monday after them."""
    last = until - timedelta(days=1)
    monday = last - timedelta(days=last.weekday())
    return [monday + timedelta(weeks=number) for number in range(1 - weeks, 2)]
