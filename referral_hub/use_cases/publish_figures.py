"""Publishing what becomes of the network's referrals, quarter by quarter, and reading it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.counting import groups
from referral_hub.gateways.figures.layout import NOTHING, STANDINGS
from referral_hub.models import Agency, Publication, Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.figure_query import SETTLED, Dimension, FigureQuery, Oversight
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.published_figures import (
    Cut,
    Outcome,
    Quarter,
    outcome_of,
    published_cells,
    published_on,
)
from referral_hub.rules.quality import area_label
from referral_hub.rules.suppression import Cell
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.figures import (
    Asked,
    Figures,
    asked_by,
    group_names,
    start_of,
)
from referral_hub.use_cases.steps.network import network_setting
from referral_hub.use_cases.transaction import look, transaction
from referral_hub.vocabulary import need_words

_DIMENSIONS = {
    Cut.AGENCY: Dimension.TO_AGENCY,
    Cut.DOMAIN: Dimension.DOMAIN,
    Cut.COUNTY: Dimension.AREA,
}
_NOT_STATED = ""


def publish_figures(
    session: Session, actor: Actor, vault: Vault, figures: Figures, *, now: datetime
) -> int:
    """Publish the oldest quarter that is ripe and not published yet; returns how many were. As it
    was known at the moment when it became ripe, however late this runs: never before all that was
    recorded by then can be read. Raises FiguresNotReady."""
    require(actor, Permission.FIGURES_COUNT)
    with look(session):
        found = _next(session, vault, figures, now)
    if found is None:
        return 0
    with transaction(session):
        if session.get(Publication, found.quarter) is not None:
            return 0
        session.add(found)
        add_audit(session, actor, "figures:publish", detail=str(found.quarter), now=now)
    return 1


def _next(session: Session, vault: Vault, figures: Figures, now: datetime) -> Publication | None:
    everything = FigureQuery(now.date(), now.date())
    asked = asked_by(session, Oversight(None), figures, everything, now)
    quarter = _first_unpublished(session, asked)
    days = asked.terms.follow_up_days
    if quarter is None:
        return None
    ripe_at = start_of(published_on(quarter, days), asked.zone)
    if min(now, asked.view.until) < ripe_at + SETTLED:
        return None
    query = FigureQuery(quarter.begins, quarter.ends, as_of=ripe_at)
    then = asked_by(session, Oversight(None), figures, query, now)
    cells = [[*cell, count] for cell, count in _cells(session, vault, then).items()]
    return Publication(quarter=quarter.begins, published_at=now, follow_up_days=days, cells=cells)


def _first_unpublished(session: Session, asked: Asked) -> Quarter | None:
    last = session.scalar(select(func.max(Publication.quarter)))
    if last is not None:
        return Quarter.of(last).next
    first = session.scalar(select(func.min(Referral.first_sent_at)))
    return None if first is None else Quarter.of(first.astimezone(asked.zone).date())


def _cells(session: Session, vault: Vault, asked: Asked) -> Mapping[Cell, int | None]:
    """The published cells of a cohort; those of small counts, and of what tells them, are None."""
    rows = asked.cohort()
    columns, names = [], []
    for cut in Cut:
        numbers = groups(asked.view, rows, _DIMENSIONS[cut], None)
        there = sorted({int(number) for number in np.unique(numbers)} - {NOTHING})
        named = group_names(session, vault, asked.view, _DIMENSIONS[cut], there)
        columns.append(numbers)
        names.append({number: named[number][0] for number in there})
    columns.append(_OUTCOMES[asked.view.state("standing")[rows]])
    names.append({number: each.value for number, each in enumerate(Outcome)})
    found, numbers = np.unique(np.stack(columns, axis=1), axis=0, return_counts=True)
    counts: dict[tuple[str, ...], int] = {}
    for key, number in zip(found, numbers, strict=True):
        cell = tuple(of.get(int(each), _NOT_STATED) for of, each in zip(names, key, strict=True))
        counts[cell] = counts.get(cell, 0) + int(number)
    return published_cells(counts)


_OUTCOMES = np.array([[*Outcome].index(outcome_of(each)) for each in STANDINGS], np.int64)


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A row of a published table: what it is called, and the number of each outcome with the total;
    None is hidden."""

    label: str
    total: int | None
    outcomes: Mapping[Outcome, int | None]


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of a quarter: the tables hold `as_of` the moment when it became ripe.
    `quarters` are all that can be looked at, the last first."""

    quarter: Quarter | None
    quarters: Sequence[Quarter]
    published_at: datetime | None
    as_of: datetime | None
    follow_up_days: int
    total: PublishedRow | None
    tables: Mapping[Cut, Sequence[PublishedRow]]


def show_published(
    session: Session, actor: Actor, quarter: Quarter | None, *, now: datetime
) -> Published:
    """What everybody of the network may know of a quarter's referrals; None is the last one."""
    require(actor, Permission.NETWORK_FIGURES_READ)
    with look(session):
        days = session.scalars(select(Publication.quarter).order_by(Publication.quarter.desc()))
        quarters = [Quarter.of(day) for day in days]
        chosen = quarter or (quarters[0] if quarters else None)
        row = None if chosen is None else session.get(Publication, chosen.begins)
        if chosen is None or row is None:
            return Published(chosen, quarters, None, None, 0, None, {})
        cells = {tuple(cell[:-1]): cell[-1] for cell in row.cells}
        names = _names(session, cells)
        tables = {cut: _rows(cells, cut, names) for cut in Cut}
        whole = _row(cells, (None,) * len(Cut), "All")
        zone = ZoneInfo(str(network_setting(session, "time_zone")))
        as_of = start_of(published_on(chosen, row.follow_up_days), zone)
    return Published(
        chosen, quarters, row.published_at, as_of, row.follow_up_days, whole, tables
    )  # fmt: skip


def _names(session: Session, cells: Mapping[Cell, int | None]) -> dict[Cut, dict[str, str]]:
    keys = {cut: {c[n] for c in cells if c[n] is not None} for n, cut in enumerate(Cut)}
    agencies = session.execute(select(Agency.id, Agency.name))
    return {
        Cut.AGENCY: {str(row.id): row.name for row in agencies},
        Cut.DOMAIN: {key: need_words(key) for key in keys[Cut.DOMAIN] if key},
        Cut.COUNTY: {key: area_label(key) for key in keys[Cut.COUNTY] if key},
    }


def _rows(
    cells: Mapping[Cell, int | None], cut: Cut, names: Mapping[Cut, Mapping[str, str]]
) -> list[PublishedRow]:
    """The rows of a table, by what they are called."""
    place = [*Cut].index(cut)
    keys = {cell[:-1] for cell in cells if cell[place] is not None}
    found = [_row(cells, key, names[cut].get(key[place] or "", key[place] or "")) for key in keys]
    return sorted((row for row in found if row.total != 0), key=lambda row: row.label.casefold())


def _row(cells: Mapping[Cell, int | None], key: Cell, label: str) -> PublishedRow:
    return PublishedRow(
        label,
        cells.get((*key, None)),
        {each: cells.get((*key, each.value)) for each in Outcome},
    )
