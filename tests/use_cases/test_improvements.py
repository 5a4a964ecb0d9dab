"""An improvement is begun, changed, marked and closed by who oversees the work, and its series
counts what they oversee."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy.orm import Session

from referral_hub.gateways.figures.choosing import is_seen_as_sender
from referral_hub.gateways.figures.counting import is_overdue, overdue_at
from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.reading import FigureColumns, View
from referral_hub.models import AuditRow, ImprovementCycle
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import (
    Conflict,
    FiguresNotReady,
    InvalidInput,
    NotFound,
    NotPermitted,
    VersionConflict,
)
from referral_hub.rules.figure_query import FigureQuery, Oversight
from referral_hub.rules.improvement_series import Series
from referral_hub.rules.improvements import Drawn, Every, Plan, Quantity, Stage
from referral_hub.rules.measures import Measure
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import Channel, ClientAnswer
from referral_hub.use_cases.client_answers import record_client_answer
from referral_hub.use_cases.improvements import (
    begin_cycle,
    change_cycle,
    close_cycle,
    mark_change,
    withdraw_mark,
    write_log,
)
from referral_hub.use_cases.show_improvements import (
    BEING_COUNTED,
    export_series,
    filter_choices,
    filter_words,
    list_cycles,
    show_cycle,
)
from referral_hub.use_cases.steps.figures import asked_by
from tests.delivery_world import rows
from tests.figures_world import counted
from tests.referral_acts import Played, a_sent_one, in_status
from tests.referral_world import NOW, VAULT, World, a_world
from tests.use_cases.test_event_sight import agree_again

PLAN = Plan(
    "Call the receiver first", "6 of 10 are completed.", "We call before we send.",
    Measure.ACCEPTANCE, Every.WEEK, Drawn.CONTROL, date(2026, 11, 30), None,
)  # fmt: skip
LATER = NOW + timedelta(days=60)
"""A Friday in January: all that was sent in December is old enough to tell."""


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture
def empty(tmp_path: Path) -> FigureColumns:
    return FigureColumns(FigureFolder(tmp_path / "none"))


def begun(session: Session, actor: Actor, plan: Plan = PLAN, **of: str) -> UUID:
    return begin_cycle(session, actor, VAULT, plan, of, now=NOW)


def december(session: Session, world: World) -> None:
    """In the first week one is accepted of two, in the second one of one, in the third none."""
    for days, status in ((0, "completed"), (1, "declined"), (8, "accepted"), (15, "declined")):
        in_status(session, status, world=world, now=NOW + timedelta(days=days))


def told(session: Session) -> list[str]:
    return [row.action for row in rows(session, AuditRow) if row.action.startswith("improvement:")]


def test_what_is_written_is_sealed_and_comes_back(
    session: Session, world: World, empty: FigureColumns
) -> None:
    supervisor = world.sender.supervisor
    cycle = begun(session, supervisor, need="food")
    row = session.get_one(ImprovementCycle, cycle)
    assert b"Call" not in row.title_sealed
    write_log(session, supervisor, VAULT, cycle, "We begin.", now=NOW)
    view = show_cycle(session, supervisor, VAULT, empty, cycle, now=LATER)
    assert (view.plan, view.conditions, view.stage) == (PLAN, {"need": "food"}, Stage.PLAN)
    assert view.author == "Supervisor North Side Housing"
    assert [(each.stage, each.text) for each in view.log] == [(Stage.PLAN, "We begin.")]
    assert view.series is None
    (line,) = list_cycles(session, supervisor, VAULT, empty, now=LATER)
    assert (line.title, line.stands) == (PLAN.title, BEING_COUNTED)
    assert told(session) == ["improvement:begin", "improvement:write"]


def test_those_of_one_agency_see_it_and_nobody_else(
    session: Session, world: World, empty: FigureColumns
) -> None:
    own = begun(session, world.sender.supervisor)
    networks = begun(session, world.steward)
    assert [each.id for each in _listed(session, world.sender.supervisor, empty)] == [own]
    assert [each.id for each in _listed(session, world.steward, empty)] == [networks]
    assert _listed(session, world.receiver.supervisor, empty) == ()
    for actor, cycle in (
        (world.receiver.supervisor, own), (world.steward, own),
        (world.sender.supervisor, networks),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            show_cycle(session, actor, VAULT, empty, cycle, now=NOW)
        with pytest.raises(NotFound):
            write_log(session, actor, VAULT, cycle, "Mine", now=NOW)
        with pytest.raises(NotFound):
            close_cycle(session, actor, VAULT, cycle, "Mine", 1, now=NOW)


def _listed(session: Session, actor: Actor, figures: FigureColumns) -> tuple[object, ...]:
    return list_cycles(session, actor, VAULT, figures, now=NOW)  # type: ignore[return-value]


@pytest.mark.parametrize("who", ["case_manager", "intake_worker", "administrator", "application"])
def test_only_supervisors_and_stewards_may_do_this(
    session: Session, world: World, who: str
) -> None:
    with pytest.raises(NotPermitted):
        begun(session, getattr(world.sender, who))


def test_a_steward_may_not_ask_for_what_only_agencies_see(session: Session, world: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        begun(session, world.steward, need="food")
    assert set(refused.value.fields) == {"need"}
    assert begun(session, world.steward, to_agency_id=str(world.receiver.agency_id))


def test_a_change_made_on_an_old_version_changes_nothing(
    session: Session, world: World, empty: FigureColumns
) -> None:
    supervisor = world.sender.supervisor
    cycle = begun(session, supervisor)
    later = replace(PLAN, aim="7 of 10 are completed.")

    def change(plan: Plan, version: int) -> None:
        change_cycle(session, supervisor, VAULT, cycle, plan, {}, Stage.DO, version, now=NOW)

    change(later, 1)
    with pytest.raises(VersionConflict):
        change(PLAN, 1)
    with pytest.raises(VersionConflict):
        close_cycle(session, supervisor, VAULT, cycle, "Nothing.", 1, now=NOW)
    view = show_cycle(session, supervisor, VAULT, empty, cycle, now=NOW)
    assert (view.plan, view.stage, view.version) == (later, Stage.DO, 2)


def test_what_is_closed_keeps_what_was_learned_and_only_its_log_goes_on(
    session: Session, world: World, empty: FigureColumns
) -> None:
    supervisor = world.sender.supervisor
    cycle = begun(session, supervisor)
    mark = mark_change(session, supervisor, VAULT, cycle, PLAN.baseline_on, "Begun", now=NOW)
    with pytest.raises(InvalidInput):
        close_cycle(session, supervisor, VAULT, cycle, "  ", 1, now=NOW)
    close_cycle(session, supervisor, VAULT, cycle, "Calls help.", 1, now=NOW)
    with pytest.raises(Conflict):
        change_cycle(session, supervisor, VAULT, cycle, PLAN, {}, Stage.DO, 2, now=NOW)
    with pytest.raises(Conflict):
        mark_change(session, supervisor, VAULT, cycle, PLAN.baseline_on, "Again", now=NOW)
    with pytest.raises(Conflict):
        withdraw_mark(session, supervisor, cycle, mark, now=NOW)
    write_log(session, supervisor, VAULT, cycle, "A year later it holds.", now=LATER)
    view = show_cycle(session, supervisor, VAULT, empty, cycle, now=LATER)
    assert (view.learned, view.closed_at) == ("Calls help.", NOW)
    assert view.log[0].stage is Stage.CLOSED


def test_the_list_tells_of_a_closed_one_what_was_learned_and_counts_nothing(
    session: Session, world: World
) -> None:
    supervisor = world.sender.supervisor
    cycle = begun(session, supervisor)
    mark_change(session, supervisor, VAULT, cycle, PLAN.baseline_on, "Begun", now=NOW)
    close_cycle(session, supervisor, VAULT, cycle, "Calls help.", 1, now=NOW)
    (line,) = list_cycles(session, supervisor, VAULT, Uncounted(), now=LATER)
    assert (line.stage, line.stands) == (Stage.CLOSED, "Calls help.")


class Uncounted:
    """Figures that nobody may ask for."""

    def view(self, as_of: datetime | None, now: datetime) -> View:
        """Nothing."""
        raise AssertionError(f"Figures are asked for: {as_of}, {now}.")


def test_a_mark_that_was_wrong_is_taken_back_once(
    session: Session, world: World, empty: FigureColumns
) -> None:
    supervisor = world.sender.supervisor
    cycle, other = begun(session, supervisor), begun(session, supervisor)
    mark = mark_change(session, supervisor, VAULT, cycle, PLAN.baseline_on, "Begun", now=NOW)
    with pytest.raises(NotFound):
        withdraw_mark(session, supervisor, other, mark, now=NOW)
    withdraw_mark(session, supervisor, cycle, mark, now=NOW)
    with pytest.raises(NotFound):
        withdraw_mark(session, supervisor, cycle, mark, now=NOW)
    assert show_cycle(session, supervisor, VAULT, empty, cycle, now=NOW).marks == ()


def test_the_series_counts_whole_weeks_that_are_old_enough_and_tells_of_the_change(
    session: Session, world: World, tmp_path: Path
) -> None:
    december(session, world)
    a_sent_one(session, world=world, now=LATER - timedelta(days=20))
    figures = counted(session, tmp_path, LATER)
    supervisor = world.sender.supervisor
    cycle = begun(session, supervisor, side="sender")
    mark_change(session, supervisor, VAULT, cycle, date(2026, 12, 8), "Calls", now=LATER)
    view = show_cycle(session, supervisor, VAULT, figures, cycle, now=LATER)
    found = view.series
    assert found is not None
    shares = [(each.share.met, each.share.of) for each in found.series.points if each.share]
    assert shares[:3] == [(1, 2), (1, 1), (0, 1)]
    assert found.series.points[0].begins == date(2026, 11, 30)
    assert found.marks == {2: "Calls"}
    assert found.comparison.startswith("Before the first change 2 of 3 (66.7%), after it 0 of")
    assert found.series.left_out > 0
    assert view.of == ("Side: Sent by us",)


def test_what_clients_say_is_told_of_weeks_that_were_followed_up_to_their_end(
    session: Session, world: World, tmp_path: Path
) -> None:
    """In the second week nobody was asked; in the third one they were asked early."""
    for week in range(3):
        sent_at = NOW + timedelta(weeks=week)
        played = in_status(session, "completed", world=world, now=sent_at)
        if week != 1:
            record_client_answer(
                session, world.sender.case_manager, VAULT, played.referral_id, ClientAnswer.YES,
                asked_at=None, note="", channel=Channel.PAGE, now=played.now,
            )  # fmt: skip
    supervisor = world.sender.supervisor
    cycle = begun(session, supervisor, replace(PLAN, measured=Measure.CLIENT_CONFIRMED))
    followed_up = datetime(2026, 12, 21, 6, tzinfo=UTC) + timedelta(days=90)

    def found(now: datetime) -> Series:
        figures = counted(session, tmp_path, now)
        return export_series(session, supervisor, VAULT, figures, cycle, now=now).view.series

    early = found(followed_up - timedelta(minutes=1))
    assert [each.value for each in early.points] == [1]
    assert early.left_out - early.too_young == 1
    assert [each.value for each in found(followed_up).points] == [1, None, 1]


def test_what_clients_say_is_followed_by_the_agency_that_sent_them_alone(
    session: Session, world: World
) -> None:
    plan = replace(PLAN, measured=Measure.CLIENT_CONFIRMED)
    supervisor = world.sender.supervisor
    cycle = begun(session, supervisor, plan, side="sender")
    with pytest.raises(InvalidInput) as refused:
        change_cycle(
            session, supervisor, VAULT, cycle, plan, {"side": "receiver"}, Stage.DO, 1, now=NOW
        )
    assert set(refused.value.fields) == {"measured"}
    for actor, of in ((supervisor, {"side": "receiver"}), (world.steward, {})):
        with pytest.raises(InvalidInput) as refused:
            begun(session, actor, plan, **of)
        assert set(refused.value.fields) == {"measured"}


def test_a_series_is_of_what_its_viewer_oversees(
    session: Session, world: World, tmp_path: Path
) -> None:
    december(session, world)
    figures = counted(session, tmp_path, LATER)
    plan = replace(PLAN, measured=Quantity.SENT)

    def sent(actor: Actor, **of: str) -> float:
        cycle = begun(session, actor, plan, **of)
        found = export_series(session, actor, VAULT, figures, cycle, now=LATER)
        return sum(each.value or 0 for each in found.view.series.points)

    assert sent(world.sender.supervisor) == sent(world.receiver.supervisor) == 4
    assert sent(world.sender.supervisor, side="receiver") == 0
    assert sent(world.stranger.supervisor) == 0
    assert sent(replace(world.sender.supervisor, teams=frozenset())) == 0
    assert sent(world.steward) == 4
    assert told(session).count("improvement:export") == 6


def test_the_days_to_a_decision_are_those_of_referrals_sent_in_the_week(
    session: Session, world: World, tmp_path: Path
) -> None:
    played = a_sent_one(session, world=world)
    played.now += timedelta(days=2)
    played.move(Move.DECLINE)
    a_sent_one(session, world=world, now=LATER - timedelta(days=8))
    figures = counted(session, tmp_path, LATER)
    supervisor = world.sender.supervisor
    plan = replace(PLAN, measured=Quantity.DAYS_TO_DECISION)
    cycle = begun(session, supervisor, plan)
    found = export_series(session, supervisor, VAULT, figures, cycle, now=LATER).view.series
    assert [(each.begins, each.value) for each in found.points] == [(date(2026, 11, 30), 2)]


def test_what_was_overdue_at_the_end_of_each_week_is_what_was_known_then(
    session: Session, world: World, tmp_path: Path
) -> None:
    december(session, world)
    late: list[Played] = [
        a_sent_one(session, world=world, now=NOW + timedelta(days=day)) for day in (2, 9)
    ]
    late[0].now = NOW + timedelta(days=11)
    late[0].move(Move.ACCEPT)
    figures = counted(session, tmp_path, LATER)
    query = FigureQuery(date(2026, 11, 1), date(2027, 2, 1))
    everyone = Oversight(None)
    asked = asked_by(session, everyone, figures, query, LATER)
    moments = [NOW + timedelta(days=day, hours=hour) for day in range(50) for hour in (0, 11)]
    expected = []
    for moment in moments:
        then = asked_by(session, everyone, figures, replace(query, as_of=moment), LATER)
        expected.append(int(is_overdue(then.view, then.stock()).sum()))
    nobody = np.zeros(len(asked.view.last), bool)
    for first in range(0, len(moments), 5):
        found = overdue_at(asked.view, asked.ever_sent(), moments[first:], nobody)
        assert found == expected[first:]
    assert len(set(expected)) > 2
    supervisor = world.sender.supervisor
    cycle = begun(session, supervisor, replace(PLAN, measured=Quantity.OVERDUE))
    series = export_series(session, supervisor, VAULT, figures, cycle, now=LATER).view.series
    assert len(series.points) == 8
    assert series.points[1].value == expected[moments.index(_monday(2))]


@pytest.mark.parametrize("is_given_anew", [False, True])
def test_who_may_not_know_what_is_due_learns_it_from_no_series(
    session: Session, world: World, tmp_path: Path, *, is_given_anew: bool
) -> None:
    """The client took back consent: the sender learns where the referral stands, and no more, and
    nothing of that time when there is consent again."""
    played = in_status(session, "accepted", world=world)
    played.now = NOW + timedelta(days=20)
    played.take_back_consent()
    if is_given_anew:
        played.now = NOW + timedelta(days=30)
        agree_again(played)
    figures = counted(session, tmp_path, LATER)
    query = FigureQuery(date(2026, 11, 1), date(2027, 2, 1))
    moments = [NOW + timedelta(days=day) for day in range(1, 50)]
    seen = {}
    for staff in (world.sender, world.receiver):
        oversight = Oversight(staff.agency_id)
        asked = asked_by(session, oversight, figures, query, LATER)
        as_sender = is_seen_as_sender(asked.view, oversight, None)
        seen[staff.agency_id] = overdue_at(asked.view, asked.ever_sent(), moments, as_sender)
        for moment, number in zip(moments, seen[staff.agency_id], strict=True):
            then = asked_by(session, oversight, figures, replace(query, as_of=moment), LATER)
            assert number == int(is_overdue(then.view, then.stock()).sum())
    ours, theirs = seen[world.sender.agency_id], seen[world.receiver.agency_id]
    assert ours[:18] == theirs[:18]
    assert (max(ours[:18]), max(ours[21:28]), min(theirs[21:])) == (1, 0, 1)
    assert max(ours[31:]) == (1 if is_given_anew else 0)


def _monday(week: int) -> datetime:
    """Nearly the begin of a week in Chicago: nothing happens in that night."""
    return NOW + timedelta(days=7 * week - 1, hours=11)


def test_a_series_ends_with_its_cycle(session: Session, world: World, tmp_path: Path) -> None:
    december(session, world)
    figures = counted(session, tmp_path, LATER)
    supervisor = world.sender.supervisor
    plan = replace(PLAN, measured=Quantity.SENT, ends_on=date(2026, 12, 13))
    cycle = begun(session, supervisor, plan)
    found = export_series(session, supervisor, VAULT, figures, cycle, now=LATER).view.series
    assert [each.value for each in found.points] == [2, 1]


def test_what_can_be_chosen_has_words_and_nothing_is_offered_before_figures_are_counted(
    session: Session, world: World, tmp_path: Path, empty: FigureColumns
) -> None:
    supervisor = world.sender.supervisor
    assert filter_choices(session, supervisor, VAULT, empty, now=NOW) == {}
    plain = {"side": "sender", "need": "food", "priority": "urgent"}
    assert filter_words(session, supervisor, VAULT, empty, plain, now=NOW) == (
        "Side: Sent by us",
        "Priority: Urgent",
        "Need: Food",
    )
    cycle = begun(session, supervisor)
    with pytest.raises(FiguresNotReady):
        export_series(session, supervisor, VAULT, empty, cycle, now=LATER)
    december(session, world)
    figures = counted(session, tmp_path, LATER)
    offered = filter_choices(session, supervisor, VAULT, figures, now=LATER)
    assert ("receiver", "Sent to us") in offered["side"]
    assert (str(world.receiver.agency_id), "Lawndale Legal Aid") in offered["to_agency_id"]
    of = {
        "to_agency_id": str(world.receiver.agency_id),
        "service_id": str(world.receiver.service_id),
    }
    assert filter_words(session, supervisor, VAULT, figures, of, now=LATER) == (
        "Receiving agency: Lawndale Legal Aid",
        "Service: Lawndale Legal Aid help",
    )
    stranger = world.stranger.supervisor
    assert set(filter_words(session, stranger, VAULT, figures, of, now=LATER)) == {
        "Receiving agency: one without referrals",
        "Service: one without referrals",
    }
    assert "side" not in filter_choices(session, world.steward, VAULT, figures, now=LATER)
