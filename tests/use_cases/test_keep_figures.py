"""Figures follow events: each once, in portions or all anew, and as of any past time."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from referral_hub.models import ReferralEvent
from referral_hub.rules.actor import Person, System
from referral_hub.rules.errors import FiguresNotReady, NotPermitted
from referral_hub.rules.figure_lists import Behind
from referral_hub.rules.measured_times import End, Wait
from referral_hub.rules.measures import Measure, Stage, Standing
from referral_hub.rules.proportions import Share
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.use_cases.keep_figures import count_figures, recount_figures
from referral_hub.use_cases.list_behind_figures import list_behind_figure
from referral_hub.use_cases.show_figures import show_figures, show_reasons, show_times
from referral_hub.use_cases.show_needs import show_needs
from tests.figure_world import WIDE, WORKER, Counted, OneCounty
from tests.referral_acts import Played, a_draft, a_sent_one, in_status
from tests.referral_world import NOW, VAULT, a_world

DAY = timedelta(days=1)


@pytest.fixture
def figures(session: Session, tmp_path: Path) -> Counted:
    return Counted(session, tmp_path / "figures")


def standings(played: Played, figures: Counted) -> dict[Standing, int]:
    found = show_figures(
        played.session, played.world.receiver.supervisor, VAULT, figures.columns, WIDE,
        now=played.now,
    )  # fmt: skip
    return dict(found.standings)


def test_what_happens_is_counted_once(session: Session, figures: Counted) -> None:
    played = a_sent_one(session)
    assert figures.count(played.now) == 1
    assert standings(played, figures) == {Standing.UNDECIDED: 1}
    assert figures.count(played.now) == 0
    played.move(Move.ACCEPT)
    assert standings(played, figures) == {Standing.UNDECIDED: 1}  # not counted yet
    assert figures.count(played.now) == 1
    assert standings(played, figures) == {Standing.UNDER_WAY: 1}


def test_drafts_and_errors_are_in_no_figure(session: Session, figures: Counted) -> None:
    world = a_world(session)
    played = in_status(session, "voided", world=world)
    a_draft(session, world=world)
    figures.count(played.now)
    assert standings(played, figures) == {}


@pytest.mark.parametrize(
    ("status", "standing"),
    [("sent", Standing.UNDECIDED), ("waitlisted", Standing.WAITLISTED),
     ("on_hold", Standing.UNDER_WAY), ("completed", Standing.COMPLETED),
     ("closed_unmet", Standing.UNMET), ("declined", Standing.DECLINED),
     ("withdrawn", Standing.WITHDRAWN), ("expired", Standing.EXPIRED)],
)  # fmt: skip
def test_each_status_stands_where_the_rules_say(
    sqlite_session: Session, tmp_path: Path, status: str, standing: Standing
) -> None:
    played = in_status(sqlite_session, status)
    figures = Counted(sqlite_session, tmp_path)
    figures.count(played.now)
    assert standings(played, figures) == {standing: 1}


def test_counted_anew_it_is_the_same_and_goes_on_from_there(
    session: Session, figures: Counted, tmp_path: Path
) -> None:
    world = a_world(session)
    played = in_status(session, "accepted", world=world)
    in_status(session, "declined", world=world)
    figures.count(played.now)
    before = standings(played, figures)
    again = Counted(session, tmp_path / "again")
    told: list[int] = []
    recount_figures(
        session, WORKER, again.writer, OneCounty(), now=played.now, progress=told.append
    )
    assert standings(played, again) == before
    assert told == [2]
    played.move(Move.COMPLETE)
    figures.count(played.now)
    again.count(played.now)
    assert standings(played, again) == standings(played, figures) == {
        Standing.COMPLETED: 1, Standing.DECLINED: 1,
    }  # fmt: skip


def test_a_past_time_is_told_as_it_was_known_then(session: Session, figures: Counted) -> None:
    played = a_sent_one(session)
    sent = played.now
    played.now += DAY
    played.move(Move.DECLINE)
    played.now += DAY
    figures.count(played.now)
    found = show_figures(
        session, played.world.receiver.supervisor, VAULT, figures.columns,
        WIDE.as_it_was(sent + DAY / 2), now=played.now,
    )  # fmt: skip
    assert found.standings == {Standing.UNDECIDED: 1}
    assert found.frame.is_past
    assert standings(played, figures) == {Standing.DECLINED: 1}


def test_figures_are_as_of_the_last_event_that_is_in_them(
    session: Session, figures: Counted
) -> None:
    played = a_sent_one(session)
    figures.count(played.now)
    played.now += DAY
    played.move(Move.ACCEPT)
    count_figures(session, WORKER, figures.writer, OneCounty(), now=played.now + DAY)
    assert figures.view(None, played.now + DAY).until == played.now  # the event waits
    figures.count(played.now + DAY)
    assert figures.view(None, played.now + DAY).until == played.now + DAY


def test_a_decision_that_is_taken_back_does_not_count_and_is_told(
    session: Session, figures: Counted
) -> None:
    played = in_status(session, "declined")
    played.move(Move.UNDECLINE)
    figures.count(played.now)
    found = show_figures(
        session, played.world.receiver.supervisor, VAULT, figures.columns, WIDE, now=played.now
    )
    assert found.standings == {Standing.UNDECIDED: 1}
    assert found.reversals == 1
    assert found.stages[Stage.SEEN] == 1
    assert found.stages[Stage.DECIDED] == 0


def test_decided_in_time_goes_by_the_stored_time_and_counts_when_it_is_over(
    session: Session, figures: Counted
) -> None:
    played = in_status(session, "accepted")
    figures.count(played.now)

    def on_time(after: timedelta) -> tuple[int, int, int]:
        figures.count(played.now + after)
        rate = show_figures(
            session, played.world.receiver.supervisor, VAULT, figures.columns, WIDE,
            now=played.now + after,
        ).rates[Measure.ON_TIME]  # fmt: skip
        return rate.share.met, rate.share.of, rate.maturing

    assert on_time(DAY) == (0, 0, 1)
    assert on_time(10 * DAY) == (1, 1, 0)


def test_the_sender_is_not_told_why_where_consent_was_taken_back(
    session: Session, figures: Counted
) -> None:
    played = in_status(session, "accepted")
    played.take_back_consent()
    played.move(Move.CLOSE_UNMET)
    figures.count(played.now)

    def told(actor: object) -> list[str]:
        found = show_reasons(
            session,
            actor,
            VAULT,
            figures.columns,
            WIDE,
            now=played.now,  # type: ignore[arg-type]
        )
        return [each.code for counts in found.by_standing.values() for each in counts]

    assert told(played.world.receiver.supervisor) == ["client_moved"]
    assert told(played.world.sender.supervisor) == [""]


@pytest.mark.parametrize("wait", [Wait.CONTACT_FROM_SENDING, Wait.CONTACT])
def test_the_sender_is_not_told_of_contacts_where_consent_was_taken_back(
    session: Session, figures: Counted, wait: Wait
) -> None:
    played = in_status(session, "accepted")
    played.move(Move.START, contacted_at=played.now, began_at=None)
    played.take_back_consent()
    later = played.now + 3 * DAY
    figures.count(later)

    def contacted(actor: Person) -> tuple[float | None, Share, int, int]:
        found = show_times(session, actor, VAULT, figures.columns, WIDE, now=later)
        (curve,) = (each for each in found.curves if each.wait is wait)
        at_first = curve.by_day[End.CONTACTED][0].value
        return at_first, curve.followed[0].share, curve.begun, curve.not_told

    assert contacted(played.world.receiver.supervisor) == (1, Share(1, 1), 1, 0)
    assert contacted(played.world.sender.supervisor) == (None, Share(0, 0), 0, 1)


def test_whether_a_need_was_met_is_left_out_where_consent_was_taken_back(
    session: Session, figures: Counted
) -> None:
    played = in_status(session, "in_progress")
    played.take_back_consent()
    played.move(Move.COMPLETE)
    later = played.now + 120 * DAY
    figures.count(later)
    sender = played.world.sender.supervisor
    found = show_needs(session, sender, VAULT, figures.columns, WIDE, now=later)
    assert (found.met.share, found.met.left_out) == (Share(0, 0), {"not_told": 1})
    whole = show_figures(session, sender, VAULT, figures.columns, WIDE, now=later)
    assert whole.rates[Measure.COMPLETION].share == Share(1, 1)


def test_nobody_else_sees_any_of_it(session: Session, figures: Counted) -> None:
    played = in_status(session, "completed")
    figures.count(played.now)
    world = played.world
    found = show_figures(
        session, world.stranger.supervisor, VAULT, figures.columns, WIDE, now=played.now
    )
    assert found.sent == 0
    assert not any(found.frame.choices.values())
    for actor in (world.sender.case_manager, world.receiver.administrator):
        with pytest.raises(NotPermitted):
            show_figures(session, actor, VAULT, figures.columns, WIDE, now=played.now)
    with pytest.raises(NotPermitted):
        count_figures(session, world.steward, figures.writer, OneCounty(), now=NOW)


def test_before_anything_was_counted_it_says_so(sqlite_session: Session, tmp_path: Path) -> None:
    world = a_world(sqlite_session)
    with pytest.raises(FiguresNotReady):
        show_figures(
            sqlite_session, world.steward, VAULT, Counted(sqlite_session, tmp_path).columns, WIDE,
            now=NOW,
        )  # fmt: skip
    assert count_figures(
        sqlite_session, System(), Counted(sqlite_session, tmp_path).writer, OneCounty(), now=NOW
    ) == 0  # fmt: skip


def test_whoever_oversees_the_network_learns_where_referrals_stand_and_not_why(
    session: Session, figures: Counted
) -> None:
    played = in_status(session, "withdrawn")
    ripe = played.now + 100 * DAY
    figures.count(ripe)
    world = played.world

    def left_out(actor: Person) -> dict[str, int]:
        found = show_figures(session, actor, VAULT, figures.columns, WIDE, now=ripe)
        return dict(found.rates[Measure.COMPLETION].left_out)

    assert left_out(world.sender.supervisor) == {"stopped": 1}
    assert left_out(world.steward) == {"withdrawn": 1}
    for show in (show_reasons, show_needs):
        with pytest.raises(NotPermitted):
            show(session, world.steward, VAULT, figures.columns, WIDE, now=ripe)


def test_who_learns_the_status_only_finds_nothing_else_by_asking_for_it(
    session: Session, figures: Counted
) -> None:
    played = in_status(session, "accepted")
    played.move(Move.START, contacted_at=played.now, began_at=None)
    played.take_back_consent()
    late = played.now + 60 * DAY
    figures.count(late)
    sender, receiver = played.world.sender.supervisor, played.world.receiver.supervisor

    def number(actor: Person, behind: Behind) -> int:
        return list_behind_figure(
            session, actor, VAULT, figures.columns, WIDE, behind, now=late
        ).total

    contacted = Behind(wait=Wait.CONTACT_FROM_SENDING, by_day=30, is_reached=True)
    for behind in (Behind(is_overdue=True), Behind(stage=Stage.CONTACTED), contacted):
        assert number(receiver, behind) == 1
        assert number(sender, behind) == 0
    worker = replace(WIDE, worker_id=played.world.receiver.intake_worker.person_id)
    for actor, there in ((receiver, 1), (sender, 0)):
        found = show_figures(session, actor, VAULT, figures.columns, worker, now=late)
        assert found.sent == there


def test_figures_of_a_database_that_was_put_back_are_counted_anew(
    sqlite_session: Session, tmp_path: Path
) -> None:
    world = a_world(sqlite_session)
    played = in_status(sqlite_session, "accepted", world=world)
    figures = Counted(sqlite_session, tmp_path)
    figures.count(played.now)
    sqlite_session.execute(
        update(ReferralEvent)
        .where(ReferralEvent.kind == Move.ACCEPT)
        .values(position=None, faults=1, retry_at=played.now + 99 * DAY)
    )
    sqlite_session.commit()
    count_figures(sqlite_session, WORKER, figures.writer, OneCounty(), now=played.now)
    assert standings(played, figures) == {Standing.UNDECIDED: 1}
