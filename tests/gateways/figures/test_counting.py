"""Figures of many referrals at once are those that the rules give for each of them."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from uuid import UUID

import numpy as np
import pytest

from referral_hub.gateways.figures.choosing import cohort, ever_sent, everything, stock
from referral_hub.gateways.figures.counting import (
    AGES,
    Terms,
    ages,
    count_parts,
    count_parts_by,
    flows,
    groups,
    is_by_standing,
    parts,
    reached,
    reasons,
    standings,
    tally,
    waits,
)
from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.layout import PARTS, RESPONSE_DAYS, WAITS
from referral_hub.gateways.figures.reading import FigureColumns, View
from referral_hub.gateways.figures.writing import FigureWriter
from referral_hub.rules.figure_lists import Since
from referral_hub.rules.figure_query import Dimension, FigureQuery, Oversight
from referral_hub.rules.measured_state import Flow
from referral_hub.rules.measures import (
    ACCEPTED,
    FOLLOWED_UP,
    STILL_OPEN,
    Measure,
    Part,
    Stage,
    part_by_answer,
    part_by_decision,
    part_by_standing,
    standing_of,
)
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referrals import Priority
from tests.random_logs import AGENCIES, AREAS, BEGIN, PEOPLE, Log, counted, random_logs

NUMBER = 250
NOW = BEGIN + timedelta(days=230)
TERMS = Terms(follow_up_days=90, answer_days=2)
NETWORK = Oversight(None)
EVERYTHING = FigureQuery(date(2025, 1, 1), date(2027, 1, 1))
MOMENTS = [BEGIN + timedelta(days=days, minutes=7) for days in (0, 20, 90, 160)]


@pytest.fixture(scope="module", params=[1, 2])
def logs(request: pytest.FixtureRequest) -> list[Log]:
    return random_logs(Random(request.param), NUMBER, NOW)


@pytest.fixture(scope="module")
def folder(logs: list[Log], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("figures")
    write(path, logs)
    return path


@pytest.fixture
def view(folder: Path) -> View:
    return FigureColumns(FigureFolder(folder)).view(None, NOW)


def write(path: Path, logs: Sequence[Log]) -> None:
    """Count referrals in portions, as a worker does."""
    writer = FigureWriter(FigureFolder(path))
    contents, there = writer.begin(), counted(logs)
    for at in range(0, len(there), 90):
        contents = writer.add(contents, there[at : at + 90], at, NOW)
    writer.put(writer.add(contents, (), NUMBER, NOW))


def known(logs: Sequence[Log], at: datetime | None = None) -> dict[UUID, Log]:
    """What was sent by then, as it was known."""
    found = {log.sent.id: log.until(at) for log in logs}
    return {key: log for key, log in found.items() if log.state is not None}


def rows_of(view: View) -> dict[UUID, int]:
    return {UUID(bytes=each.tobytes()): row for row, each in enumerate(view.referrals["id"])}


def the_part(log: Log, measure: Measure, now: datetime) -> Part | None:
    """The part of a referral by the rules alone."""
    state = log.state
    assert state is not None
    standing = standing_of(state.status, state.closed_from, accepted=bool(state.accepted_at))
    if standing is None:
        return None
    if measure in (Measure.RESPONSE, Measure.ON_TIME):
        by = (
            log.sent.answer_by[RESPONSE_DAYS.index(TERMS.answer_days)]
            if measure is Measure.RESPONSE
            else log.states[-1].decide_by
        )
        return part_by_decision(
            _whole(state.decided_at), _whole(state.closed_at), standing, _whole(by), _whole(now)
        )
    if measure is Measure.CLIENT_CONFIRMED:
        return part_by_answer(log.states[-1].answer)
    followed = log.sent.sent_at + timedelta(days=TERMS.follow_up_days)
    ripe_at = followed if measure in FOLLOWED_UP else log.sent.decidable_at
    if _whole(ripe_at) > _whole(now):  # type: ignore[operator]
        return Part.MATURING
    return part_by_standing(measure, standing, state.reason_code or "")


def _whole(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(microsecond=0)


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("at", [None, *MOMENTS])
def test_each_referral_is_in_the_part_that_the_rules_say_at_any_time(
    folder: Path, logs: list[Log], measure: Measure, at: datetime | None
) -> None:
    view = FigureColumns(FigureFolder(folder)).view(at, NOW)
    rows = everything(view, EVERYTHING, NETWORK)
    found = dict(zip(rows.tolist(), parts(view, rows, measure, TERMS).tolist(), strict=True))
    row_of = rows_of(view)
    expected = {
        row_of[key]: PARTS.index(part)
        for key, log in known(logs, at).items()
        if (part := the_part(log, measure, at or NOW)) is not None
    }
    assert found == expected


@pytest.mark.parametrize("dimension", [None, Dimension.TO_AGENCY, Dimension.WORKER])
def test_counting_all_figures_at_once_is_counting_each(
    view: View, dimension: Dimension | None
) -> None:
    rows = everything(view, EVERYTHING, NETWORK)
    of = np.zeros(len(rows), int)
    if dimension is not None:
        of = groups(view, rows, dimension, None)
    number = int(of.max()) + 1
    together = tally(view, rows, TERMS, of, number)
    for measure in filter(is_by_standing, Measure):
        each = count_parts_by(parts(view, rows, measure, TERMS), of, number)
        assert together.parts_of(measure) == each


def test_all_that_was_sent_is_accounted_for(view: View, logs: list[Log]) -> None:
    rows = everything(view, EVERYTHING, NETWORK)
    found = standings(view, rows)
    states = [log.state for log in known(logs).values()]
    assert sum(found.values()) == sum(s is not None and s.status != "voided" for s in states)
    accepted = int(reached(view, rows, Stage.ACCEPTED).sum())
    assert accepted == sum(found.get(each, 0) for each in ACCEPTED)
    for measure in Measure:
        assert sum(count_parts(parts(view, rows, measure, TERMS)).values()) == len(rows)
    assert sum(reasons(view, rows).values()) == len(rows)


def test_each_stage_is_part_of_the_one_before(view: View) -> None:
    rows = everything(view, EVERYTHING, NETWORK)
    before = np.ones(len(rows), bool)
    for stage in Stage:
        here = reached(view, rows, stage)
        assert not (here & ~before).any()
        before = here


@pytest.mark.parametrize("dimension", Dimension)
@pytest.mark.parametrize("side", [None, *Side])
def test_groups_add_up_to_all(view: View, dimension: Dimension, side: Side | None) -> None:
    rows = everything(view, EVERYTHING, NETWORK)
    number_of = groups(view, rows, dimension, side)
    values = parts(view, rows, Measure.COMPLETION, TERMS)
    by_group = count_parts_by(values, number_of, int(number_of.max()) + 1)
    total = sum((Counter(each) for each in by_group), Counter())
    assert total == Counter(count_parts(values[number_of >= 0]))


def test_the_stock_is_what_came_in_less_what_went_out(
    folder: Path, logs: list[Log], view: View
) -> None:
    """Opening + sent + reopened - closed - voided = closing, in each period."""
    edges = [BEGIN - timedelta(days=1), *MOMENTS, NOW]
    columns = FigureColumns(FigureFolder(folder))
    rows = ever_sent(view, EVERYTHING, NETWORK)
    opening = 0
    for moment, flow in zip(edges[1:], flows(view, rows, edges), strict=True):
        change = flow.get(Flow.SENT, 0) + flow.get(Flow.REOPENED, 0)
        change -= flow.get(Flow.CLOSED, 0) + flow.get(Flow.VOIDED, 0)
        closing = len(stock(columns.view(moment - timedelta(microseconds=1), NOW), EVERYTHING, NETWORK))  # fmt: skip # noqa: E501
        assert opening + change == closing
        opening = closing
    assert opening == sum(
        standing_of(s.status, s.closed_from, accepted=bool(s.accepted_at)) in STILL_OPEN
        for s in (log.state for log in known(logs).values())
        if s is not None
    )


def test_ages_count_all_that_is_open_once(view: View) -> None:
    rows = stock(view, EVERYTHING, NETWORK)
    for since in Since:
        assert ages(view, rows, since).sum() == len(rows)
    by_waits = np.bincount(waits(view, rows), minlength=len(WAITS))
    assert (ages(view, rows, Since.SENT).sum(axis=1) == by_waits).all()
    assert AGES[0] == 0


def test_a_supervisor_sees_what_their_team_sent_or_received(view: View, logs: list[Log]) -> None:
    agency, team = AGENCIES[0], UUID(int=400 + AGENCIES[0].int % 3)
    for side in (None, *Side):
        query = FigureQuery(EVERYTHING.since, EVERYTHING.until, side=side)
        found = everything(view, query, Oversight(agency, frozenset({team})))
        expected = sum(
            _is_seen(log, agency, team, side)
            for log in known(logs).values()
            if log.state and log.state.status != "voided"
        )
        assert len(found) == expected
    assert len(everything(view, EVERYTHING, Oversight(agency, frozenset()))) == 0
    assert len(everything(view, EVERYTHING, Oversight(UUID(int=9)))) == 0


def _is_seen(log: Log, agency: UUID, team: UUID, side: Side | None) -> bool:
    sent = log.sent.from_agency_id == agency and log.sent.from_team_id == team
    received = log.sent.to_agency_id == agency and log.sent.to_team_id == team
    return {None: sent or received, Side.SENDER: sent, Side.RECEIVER: received}[side]


@pytest.mark.parametrize(
    "asked",
    [
        {"to_agency_id": AGENCIES[1]}, {"from_agency_id": AGENCIES[2]}, {"need": "housing"},
        {"need": "housing.rent"}, {"area": AREAS[0]}, {"priority": Priority.URGENT},
        {"service_id": UUID(int=302)}, {"worker_id": PEOPLE[3]}, {"side": Side.SENDER,
         "worker_id": PEOPLE[3]}, {"team_id": UUID(int=401)}, {"worker_id": UUID(int=1)},
    ],
)  # fmt: skip
def test_a_filter_chooses_what_it_names(
    view: View, logs: list[Log], asked: dict[str, object]
) -> None:
    query = FigureQuery(EVERYTHING.since, EVERYTHING.until, **asked)  # type: ignore[arg-type]
    found = everything(view, query, NETWORK)
    row_of = rows_of(view)
    expected = {
        row_of[key]
        for key, log in known(logs).items()
        if log.state and log.state.status != "voided" and _fits(log, query)
    }
    assert set(found.tolist()) == expected


def _fits(log: Log, query: FigureQuery) -> bool:
    sent, state = log.sent, log.state
    assert state is not None
    worker = sent.sender_id if query.side is Side.SENDER else state.assignee_id
    return all(
        (
            query.to_agency_id in (None, sent.to_agency_id),
            query.from_agency_id in (None, sent.from_agency_id),
            not query.need or f"{sent.need_code}.".startswith(f"{query.need}."),
            not query.area or sent.area == query.area,
            query.priority is None or state.priority == query.priority.value,
            query.service_id in (None, sent.service_id),
            query.worker_id in (None, worker),
            query.team_id in (None, sent.to_team_id),
        )
    )


def test_a_cohort_is_what_was_first_sent_in_its_period(view: View, logs: list[Log]) -> None:
    begin, end = BEGIN + timedelta(days=30), BEGIN + timedelta(days=60)
    found = cohort(view, EVERYTHING, NETWORK, begin, end)
    expected = sum(
        begin <= _whole(log.sent.sent_at) < end  # type: ignore[operator]
        for log in known(logs).values()
        if log.state and log.state.status != "voided"
    )
    assert len(found) == expected > 0


def test_rates_are_exact_fractions_of_the_logs(view: View, logs: list[Log]) -> None:
    """The headline once more, counted from the logs in a few plain lines."""
    rows = everything(view, EVERYTHING, NETWORK)
    counts = count_parts(parts(view, rows, Measure.COMPLETION, TERMS))
    met = of = 0
    for log in known(logs).values():
        state = log.state
        assert state is not None
        if state.status == "voided" or NOW - log.sent.sent_at < timedelta(days=90):
            continue
        early = state.status == "withdrawn" and state.accepted_at is None
        waited = state.closed_from == "waitlisted"
        superseded = early and state.reason_code == "superseded_by_other_acceptance"
        stopped = early and not waited and state.reason_code in (
            "client_request", "consent_revoked", "client_served_elsewhere",
            "sent_in_error_other_agency",
        )  # fmt: skip
        if not (superseded or stopped):
            of += 1
            met += state.status == "completed"
    counted_of = sum(counts.get(part, 0) for part in (Part.MET, Part.MISSED, Part.OPEN))
    assert met
    assert Fraction(counts[Part.MET], counted_of) == Fraction(met, of)
