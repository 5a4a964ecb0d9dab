"""Which rows a question is about."""

from datetime import datetime
from functools import reduce
from uuid import UUID

import numpy as np

from referral_hub.gateways.figures.layout import NOTHING, PRIORITIES, WAITS, is_one_of, seconds
from referral_hub.gateways.figures.reading import Numbers, View
from referral_hub.rules.figure_query import FigureQuery, Oversight
from referral_hub.rules.measures import STILL_OPEN
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referral_waiting import Waits

_OPEN = is_one_of(STILL_OPEN)


def cohort(
    view: View, query: FigureQuery, oversight: Oversight, begin: datetime, end: datetime
) -> Numbers:
    """The rows of what was first sent from `begin` until before `end`, and counts."""
    sent = view.referrals["sent"]
    chosen = _asked(view, query, oversight) & (sent >= seconds(begin)) & (sent < seconds(end))
    return np.flatnonzero(chosen)


def stock(view: View, query: FigureQuery, oversight: Oversight) -> Numbers:
    """The rows of what is open, whenever it was sent."""
    return np.flatnonzero(_asked(view, query, oversight) & _OPEN[view.state("standing")])


def everything(view: View, query: FigureQuery, oversight: Oversight) -> Numbers:
    """The rows of all that counts, whenever it was sent."""
    return np.flatnonzero(_asked(view, query, oversight))


def ever_sent(view: View, query: FigureQuery, oversight: Oversight) -> Numbers:
    """The rows of all that was sent, also what was entered in error."""
    return np.flatnonzero(_chosen(view, query, oversight))


def is_overseen(view: View, oversight: Oversight, side: Side | None) -> Numbers:
    """For each row, whether it is seen from a side, or from any."""
    if oversight.agency_id is None:
        return np.ones(len(view.last), bool)
    sides = tuple(Side) if side is None else (side,)
    seen: Numbers = reduce(np.logical_or, [_seen_from(view, oversight, side) for side in sides])
    return seen


def as_seen(view: View, oversight: Oversight, side: Side | None) -> View:
    """The referrals as far as they are the viewer's to know. Whoever oversees the network learns
    where they stand, and not why. Where the client took back consent, whoever sees a referral from
    its sender alone learns the status and nothing more."""
    if oversight.agency_id is None:
        return view.without(_REASONS, np.ones(len(view.last), bool))
    veiled: Numbers = view.state("is_veiled") > 0
    if veiled.any():
        veiled = veiled & is_seen_as_sender(view, oversight, side)
    return view.without(_ALL_BUT_STATUS, veiled)


def is_seen_as_sender(view: View, oversight: Oversight, side: Side | None) -> Numbers:
    """For each row whether it is seen as its sender sees it, and not as its receiver."""
    if oversight.agency_id is None:
        return np.zeros(len(view.last), bool)
    if side is Side.SENDER:
        return np.ones(len(view.last), bool)
    return ~is_overseen(view, oversight, Side.RECEIVER)


_REASONS = {"reason": 0, "answer": NOTHING, "attended": 0, "missed": 0}
_ALL_BUT_STATUS = {  # but for what clients told the sender
    "reason": 0,
    "attended": 0,
    "missed": 0,
    "contacted": 0,
    "due": 0,
    "waits": WAITS.index(Waits.RECEIVER),
}


def _seen_from(view: View, oversight: Oversight, side: Side) -> Numbers:
    prefix = "from" if side is Side.SENDER else "to"
    agency = oversight.agency_id or UUID(int=0)
    seen: Numbers = view.referrals[f"{prefix}_agency"] == view.number_of("agency", agency)
    if oversight.teams is not None:
        teams = [view.number_of("team", team) for team in oversight.teams]
        seen &= np.isin(view.referrals[f"{prefix}_team"], [t for t in teams if t != NOTHING])
    return seen


def _asked(view: View, query: FigureQuery, oversight: Oversight) -> Numbers:
    counts: Numbers = view.state("standing") != NOTHING
    return counts & _chosen(view, query, oversight)


def _chosen(view: View, query: FigureQuery, oversight: Oversight) -> Numbers:
    chosen: Numbers = is_overseen(view, oversight, query.side) & (view.last != NOTHING)
    for column, name, value in (
        ("from_agency", "agency", query.from_agency_id),
        ("to_agency", "agency", query.to_agency_id),
        ("service", "service", query.service_id),
    ):
        if value is not None:
            chosen &= view.referrals[column] == _number(view, name, value)
    if query.priority is not None:
        chosen &= view.state("priority") == PRIORITIES.index(query.priority)
    if query.need:
        chosen &= np.isin(view.referrals["need_code"], _needs_below(view, query.need))
    if query.area:
        chosen &= np.isin(view.referrals["area"], _places_of(view.texts("area"), query.area))
    if query.worker_id is not None:
        chosen &= worked_by(view, oversight, query.side) == _number(view, "person", query.worker_id)
    if query.team_id is not None:
        chosen &= team_of(view, oversight, query.side) == _number(view, "team", query.team_id)
    return chosen


def worked_by(view: View, oversight: Oversight, side: Side | None) -> Numbers:
    """For each row the number of who has to do with it on the viewer's own side: who works on what
    was received, and who sent the rest."""
    return _own(view, oversight, side, view.state("worker"), view.referrals["sender"])


def team_of(view: View, oversight: Oversight, side: Side | None) -> Numbers:
    """For each row the number of the team on the viewer's own side."""
    columns = view.referrals
    return _own(view, oversight, side, columns["to_team"], columns["from_team"])


def _own(
    view: View, oversight: Oversight, side: Side | None, received: Numbers, sent: Numbers
) -> Numbers:
    if side is not None:
        return received if side is Side.RECEIVER else sent
    return np.where(is_overseen(view, oversight, Side.RECEIVER), received, sent)


def _number(view: View, name: str, value: UUID) -> int:
    """The number of an id; one that no row has where it is unknown."""
    number = view.number_of(name, value)
    return -2 if number == NOTHING else number


def _needs_below(view: View, code: str) -> list[int]:
    return [
        number
        for number, each in enumerate(view.texts("need_code"))
        if each == code or each.startswith(f"{code}.")
    ]


def _places_of(texts: list[str], text: str) -> list[int]:
    return [number for number, each in enumerate(texts) if each == text]
