"""The referrals behind a number: which they are, and as whom the viewer sees them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.counting import (
    Terms,
    ages_of,
    flowed,
    is_overdue,
    reached,
    waits,
)
from referral_hub.gateways.figures.layout import NOTHING, PARTS, REASONS, STANDINGS, WAITS
from referral_hub.gateways.figures.needs import (
    NeedRows,
    again,
    first_choice,
    is_out_of_capacity,
    met,
    tried,
)
from referral_hub.gateways.figures.reading import Numbers
from referral_hub.gateways.figures.times import Times
from referral_hub.models import Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.figure_lists import IN_PARTS, Behind, OfNeeds, Told
from referral_hub.rules.figure_query import Dimension
from referral_hub.rules.measures import Standing
from referral_hub.rules.reason_codes import DECLINE
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.use_cases.referral_views import ReferralLine
from referral_hub.use_cases.steps.figures import Asked, start_of
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.steps.referral_sight import few_visible


def rows_behind(asked: Asked, behind: Behind) -> Numbers:
    """The rows that a number counts, as often as it counts them."""
    rows = _of_end(asked, behind, _begin(asked, behind))
    rows = _of_stock(asked, behind, rows)
    if behind.stage is not None:
        rows = rows[reached(asked.view, rows, behind.stage)]
    if behind.wait is not None and behind.by_day is not None:
        waited = Times(asked.view, rows).waited(behind.wait)
        asked_for = waited.is_older(behind.by_day)
        if behind.is_reached:
            asked_for &= waited.has_reached(behind.by_day)
        rows = waited.rows[asked_for]
    if behind.told is not None:
        rows = np.repeat(rows, asked.view.state(_COUNTS[behind.told])[rows])
    return rows


def _of_end(asked: Asked, behind: Behind, rows: Numbers) -> Numbers:
    """Those of the rows that stand so, for such a reason."""
    view = asked.view
    if behind.measure is not None:
        wanted = [PARTS.index(part) for part in behind.parts]
        rows = rows[np.isin(asked.parts(rows, behind.measure), wanted)]
    if behind.standing is not None:
        rows = rows[view.state("standing")[rows] == STANDINGS.index(behind.standing)]
    if behind.reason:
        number = REASONS.index(behind.reason) if behind.reason in REASONS else NOTHING
        rows = rows[view.state("reason")[rows] == number]
    if behind.due_to is not None:
        codes = [code for code, each in DECLINE.items() if each.attribution is behind.due_to]
        is_declined = view.state("standing")[rows] == STANDINGS.index(Standing.DECLINED)
        numbers = [REASONS.index(code) for code in codes]
        rows = rows[is_declined & np.isin(view.state("reason")[rows], numbers)]
    return rows


def _of_stock(asked: Asked, behind: Behind, rows: Numbers) -> Numbers:
    """Those of the rows that wait so."""
    view = asked.view
    if behind.is_unassigned:
        rows = rows[asked.groups(rows, Dimension.WORKER) == NOTHING]
    if behind.is_overdue:
        rows = rows[is_overdue(view, rows)]
    if behind.waits is not None:
        rows = rows[waits(view, rows) == WAITS.index(behind.waits)]
    if behind.age is not None:
        rows = rows[ages_of(view, rows, behind.since) == behind.age]
    return rows


_COUNTS = {Told.REVERSED: "reversals", Told.ATTENDED: "attended", Told.MISSED: "missed"}
_WEEK = timedelta(weeks=1)


def _begin(asked: Asked, behind: Behind) -> Numbers:
    """The rows from which those are chosen that a number counts."""
    if behind.is_of_needs:
        return _rows_of_needs(asked, behind)
    if behind.flow is not None and behind.week is not None:
        begin, end = (start_of(day, asked.zone) for day in (behind.week, behind.week + _WEEK))
        return flowed(asked.view, asked.ever_sent(), behind.flow, begin, end)
    return asked.stock() if behind.is_stock else asked.cohort()


def _rows_of_needs(asked: Asked, behind: Behind) -> Numbers:
    """The first referrals of the needs that a number counts."""
    needs = NeedRows.of(asked.view, asked.cohort())
    chosen = np.ones(len(needs.first), bool)
    if behind.of_needs in IN_PARTS and behind.of_needs is not None:
        wanted = [PARTS.index(part) for part in behind.parts]
        chosen &= np.isin(_PARTS_OF_NEEDS[behind.of_needs](needs, asked.terms), wanted)
    if behind.of_needs is OfNeeds.NO_PLACE:
        chosen &= is_out_of_capacity(needs)
    if behind.tried is not None:
        chosen &= tried(needs) == behind.tried
    return np.asarray(needs.first[chosen])


_PARTS_OF_NEEDS: Mapping[OfNeeds, Callable[[NeedRows, Terms], Numbers]] = {
    OfNeeds.MET: lambda needs, terms: met(needs, terms, or_partly=False),
    OfNeeds.MET_OR_PARTLY: lambda needs, terms: met(needs, terms, or_partly=True),
    OfNeeds.FIRST_CHOICE: lambda needs, _: first_choice(needs),
    OfNeeds.AGAIN: lambda needs, _: again(needs),
}


def page_of(asked: Asked, rows: Numbers, page: int, size: int) -> list[UUID]:
    """The ids of a page of rows, the last sent on top."""
    sent = asked.view.referrals["sent"][rows]
    wanted = min(page * size, len(rows))
    last = np.argpartition(sent, len(sent) - wanted)[-wanted:] if wanted else np.zeros(0, int)
    ordered = rows[last[np.argsort(sent[last], kind="stable")[::-1]]]
    ids = asked.view.referrals["id"]
    return [UUID(bytes=ids[row].tobytes()) for row in ordered[(page - 1) * size :]]


def seen_lines(
    session: Session, actor: Actor, vault: Vault, asked: Asked, ids: Sequence[UUID], now: datetime
) -> tuple[ReferralLine, ...]:
    """These referrals as their agency sees them, in the same order."""
    sides = (asked.query.side,) if asked.query.side else (Side.RECEIVER, Side.SENDER)
    found: dict[UUID, tuple[Referral, Side]] = {}
    for side in sides:
        for row in session.scalars(few_visible(ids, actor, side)):
            found.setdefault(row.id, (row, side))
    seen = [found[each] for each in ids if each in found]
    return referral_lines(session, vault, seen, now)
